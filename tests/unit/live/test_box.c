#include "livekit.h"

#include "live/box.h"

static void
images(void **state)
{
	static const struct {
		const char *image, *tag;
		size_t repository;
	} all[] = {{"nginx", "latest", 5}, {"nginx:1.27", "1.27", 5},
		{"host:5000/acme/api", "latest", 18}, {"host:5000/acme/api:v1", "v1", 18},
		{"acme/api@sha256:5b1e", "sha256:5b1e", 8}};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		assert_string_equal(box_tag(all[i].image), all[i].tag);
		assert_int_equal(box_repository(all[i].image), all[i].repository);
	}
}

static void
words(void **state)
{
	char out[24];
	struct box b = {.state = BOX_EXITED, .exit = 137};

	(void)state;
	assert_string_equal(box_bytes_text(-1, out), "-");
	assert_string_equal(box_bytes_text(0, out), "0B");
	assert_string_equal(box_bytes_text(1023, out), "1023B");
	assert_string_equal(box_bytes_text(212 << 20, out), "212M");
	assert_string_equal(box_bytes_text(INT64_C(4) << 30, out), "4.0G");
	assert_string_equal(box_cpu_text(BOX_NOT_KNOWN, out), "-");
	assert_string_equal(box_cpu_text(141, out), "14.1");
	assert_string_equal(box_state_text(&b, out), "exited 137");
	assert_int_equal(box_state_parse("stopped"), BOX_EXITED);
	assert_int_equal(box_state_parse("anything"), BOX_UNKNOWN);
	assert_int_equal(box_state_parse(NULL), BOX_UNKNOWN);
	assert_int_equal(box_health_parse("anything"), BOX_HEALTH_UNKNOWN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(images),
		cmocka_unit_test(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
