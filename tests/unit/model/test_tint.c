#include "model/tint.h"

#include "unit.h"

static void
contrast_is_that_of_the_published_examples(void **state)
{
	(void)state;
	assert_int_equal(tint_contrast_pct(0x000000, 0xffffff), 2100);
	assert_int_equal(tint_contrast_pct(0xffffff, 0x000000), 2100);
	assert_int_equal(tint_contrast_pct(0x777777, 0xffffff), 448);
	assert_int_equal(tint_contrast_pct(0x336699, 0x336699), 100);
}

/* Red and green of a classic traffic light: far apart, but not for everybody. */
static void
eyes_without_red_see_the_traffic_light_as_one_colour(void **state)
{
	int normal = tint_distance_tenths(0xcd0000, 0x00cd00, TINT_NORMAL);
	int protan = tint_distance_tenths(0x808000, 0xa08000, TINT_PROTAN);

	(void)state;
	assert_true(normal > 1300);
	assert_true(protan < 120);
	assert_int_equal(tint_distance_tenths(0x123456, 0x123456, TINT_TRITAN), 0);
}

static void
the_nearest_of_a_colour_that_is_there_is_itself(void **state)
{
	(void)state;
	/* 16 and 231 are black and white; the greys of the ramp stand in the cube as well */
	for (int i = 16; i < 232; i++)
		assert_int_equal(
			tint_rgb_of(tint_nearest(tint_rgb_of(i))), tint_rgb_of(i));
	assert_int_equal(tint_nearest(0xfef40c), 226);
	assert_int_equal(tint_nearest(0x101418), 233);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contrast_is_that_of_the_published_examples),
		cmocka_unit_test(eyes_without_red_see_the_traffic_light_as_one_colour),
		cmocka_unit_test(the_nearest_of_a_colour_that_is_there_is_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
