#include "view/spark.h"

#include <string.h>

#include "unit.h"

static const struct spark looks[] = {
	{SPARK_NUMBER, 0},
	{SPARK_NUMBER, 50},
	{SPARK_SILENT, 0},
	{SPARK_PAUSED, 0},
	{SPARK_NUMBER, 100},
	{SPARK_NUMBER, 400},
};

static void
text_is(const struct spark *at, size_t len, struct spark_scale scale, const char *want)
{
	struct str out = STR_INIT;

	spark_text(at, len, &scale, &out);
	assert_string_equal(out.buf, want);
	str_release(&out);
}

static void
silence_and_a_pause_are_no_low_bars(void **state)
{
	(void)state;
	text_is(looks, COUNT(looks), (struct spark_scale){6, 100, false}, "▁▅× ██");
	text_is(looks, COUNT(looks), (struct spark_scale){6, 100, true}, "_=x ##");
}

static void
the_newest_stand_at_the_right(void **state)
{
	(void)state;
	text_is(looks, COUNT(looks), (struct spark_scale){2, 100, true}, "##");
	text_is(looks, 2, (struct spark_scale){4, 100, true}, "  _=");
	text_is(looks, 0, (struct spark_scale){3, 100, true}, "   ");
	text_is(looks, 2, (struct spark_scale){0, 100, true}, "");
}

/* Eight levels, each one a bar of its own; nothing to scale to is a low bar. */
static void
levels_rise(void **state)
{
	struct spark at[8];

	(void)state;
	for (int i = 0; i < 8; i++)
		at[i] = (struct spark){SPARK_NUMBER, i * 12.5 + 1};
	text_is(at, 8, (struct spark_scale){8, 100, false}, "▁▂▃▄▅▆▇█");
	text_is(at, 8, (struct spark_scale){8, 0, true}, "________");
	at[0].number = -5;
	text_is(at, 1, (struct spark_scale){1, 100, true}, "_");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(silence_and_a_pause_are_no_low_bars),
		cmocka_unit_test(the_newest_stand_at_the_right),
		cmocka_unit_test(levels_rise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
