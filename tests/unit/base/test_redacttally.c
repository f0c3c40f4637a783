#include "base/redacttally.h"

#include "unit.h"

#include <string.h>

#include "base/str.h"

static void
counted(const char *text, size_t piece, const char *want)
{
	struct redacttally t = {0};
	struct str out = STR_INIT;
	struct jsonout j;
	size_t len = strlen(text);

	for (size_t at = 0; at < len; at += piece)
		redacttally_feed(&t, text + at, len - at < piece ? len - at : piece);
	jsonout_init(&j, &out);
	jsonout_open(&j);
	redacttally_write(&t, &j);
	jsonout_close(&j);
	if (strcmp(out.buf, want) != 0)
		fail_msg("%s by %zu: %s, not %s", text, piece, out.buf, want);
	str_release(&out);
	redacttally_release(&t);
}

static void
marks_are_counted_by_name(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"", "{}"},
		{"nothing", "{}"},
		{"[redacted:pw]", "{\"redacted\":{\"pw\":1}}"},
		{"a=[redacted:pw] b=[redacted:db.pw][redacted:pw]x",
			"{\"redacted\":{\"pw\":2,\"db.pw\":1}}"},
		{"[[redacted:a]", "{\"redacted\":{\"a\":1}}"},
		{"[redac[redacted:a]", "{\"redacted\":{\"a\":1}}"},
		{"[redacted:]", "{}"},
		{"[redacted:a\nb]", "{}"},
		{"[redacted:cut", "{}"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t piece = 1; piece < 15; piece++)
			counted(rows[i].in, piece, rows[i].out);
}

static void
names_without_end_are_bounded(void **state)
{
	struct redacttally t = {0};
	struct str text = STR_INIT;
	int64_t all = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		str_addf(&text, "[redacted:n%d]", i);
	redacttally_feed(&t, text.buf, text.len);
	assert_int_equal(t.list.len, REDACTTALLY_NAMES + 1);
	assert_string_equal(t.list.at[REDACTTALLY_NAMES].name, "others");
	for (size_t i = 0; i < t.list.len; i++)
		all += t.list.at[i].count;
	assert_int_equal(all, 1000);
	redacttally_release(&t);
	str_reset(&text);
	str_adds(&text, "[redacted:");
	for (int i = 0; i < 500; i++)
		str_addc(&text, 'x');
	str_adds(&text, "] [redacted:a]");
	redacttally_feed(&t, text.buf, text.len);
	assert_int_equal(t.list.len, 1);
	assert_string_equal(t.list.at[0].name, "a");
	redacttally_release(&t);
	str_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(marks_are_counted_by_name),
		cmocka_unit_test(names_without_end_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
