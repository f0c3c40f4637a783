#include "live/journalrec.h"

#include "livekit.h"

static bool
read_it(const char *line, struct journalrec *out)
{
	return journalrec_read(line, strlen(line), out);
}

static void
a_record_says_when_how_bad_and_what(void **state)
{
	struct journalrec r;
	char at[STAMP_BYTES];

	(void)state;
	assert_true(read_it(
		"{\"__CURSOR\":\"s=1;i=2\",\"__REALTIME_TIMESTAMP\":"
		"\"1795181333311987\",\"PRIORITY\":\"4\",\"MESSAGE\":\"one\\ntwo\"}",
		&r));
	assert_string_equal(stamp_wall(r.at, at), "2026-11-20T13:28:53.311Z");
	assert_int_equal(r.level, LOGLEVEL_WARN);
	assert_string_equal(r.message.buf, "one\ntwo");
	assert_string_equal(r.cursor.buf, "s=1;i=2");
	journalrec_release(&r);
}

static void
bytes_that_are_no_text_come_as_a_list(void **state)
{
	struct journalrec r;

	(void)state;
	assert_true(read_it(
		"{\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":[27,91,255,0,65]}", &r));
	assert_int_equal(r.message.len, 5);
	assert_memory_equal(r.message.buf, "\x1b[\xff\0A", 5);
	assert_int_equal(r.level, LOGLEVEL_NONE);
	journalrec_release(&r);
	assert_true(read_it("{\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":null}", &r));
	assert_string_equal(r.message.buf, "(no message)");
	journalrec_release(&r);
}

static void
anything_else_is_no_record(void **state)
{
	static const char *const lines[] = {"", "{", "[]", "7", "{\"MESSAGE\":\"x\"}",
		"-- No entries --", "{\"__REALTIME_TIMESTAMP\":1}"};
	struct journalrec r;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		if (read_it(lines[i], &r))
			fail_msg("taken for a record: %s", lines[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_says_when_how_bad_and_what),
		cmocka_unit_test(bytes_that_are_no_text_come_as_a_list),
		cmocka_unit_test(anything_else_is_no_record),
	};

	return cmocka_run_group_tests_name("live/journalrec", tests, NULL, NULL);
}
