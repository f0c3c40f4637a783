#include "audit/stated.h"

#include "../journal/records.h"
#include "base/mem.h"

#define HASH "8c1283c11a75c8093b7e5f299bfe045892c9292b72317992817ed78b110d9a05"

static const char *const whole[] = {
	"handrail sign-off v1",
	"run: 01KAG3W5Z0B4T7M2Q8XK6N9RDE",
	"runbook: restore postgres sha256:" HASH,
	"step: signoff sha256:" HASH,
	"decision: approve",
	"role: Technical lead",
	"says: \"I have reviewed it.\\n\"",
	"exceptions: 2",
	"exception: 3 \"docker-scan skipped\"",
	"exception: 7 \"a \\\"quoted\\\" word\"",
	"evidence: 0..9",
	"seq: 9",
	"head: " HASH,
	"signer: lea@example.com",
	"key: SHA256:FKswRfS6DRw5mqPrDltb502P9y4JJ1zTatHbPLGqt48",
	"time: 2026-11-20T13:02:40Z",
	"comment: \"\"",
};
enum { LINES = sizeof whole / sizeof *whole };

/* The statement with line i (from 0) replaced; NULL leaves it out. */
static char *
with(int i, const char *line)
{
	struct str s = STR_INIT;

	for (int n = 0; n < LINES; n++)
		if (n != i)
			str_addf(&s, "%s\n", whole[n]);
		else if (line)
			str_addf(&s, "%s\n", line);
	return str_take(&s);
}

static bool
parses(const char *text, struct stated *out)
{
	struct err e = ERR_INIT;
	bool ok = stated_parse(text, out, &e);

	assert_int_equal(e.kind, ok ? ERR_NONE : ERR_RECORD);
	return ok;
}

#define COMMIT "1111111111111111111111111111111111111111"

/* The line of what changed stands behind `says`, or nowhere. */
static void
what_changed_has_its_place_and_shape(void **state)
{
	static const struct {
		const char *line;
		bool good;
	} rows[] = {
		{"changed: 7 " COMMIT ".." COMMIT " sha256:" HASH, true},
		{"changed: 7 " HASH ".." HASH " sha256:" HASH, true},
		{"changed: 10 " COMMIT ".." COMMIT " sha256:" HASH, false},
		{"changed: 07 " COMMIT ".." COMMIT " sha256:" HASH, false},
		{"changed: 7 " COMMIT ".." HASH " sha256:" HASH, false},
		{"changed: 7 " COMMIT "..main sha256:" HASH, false},
		{"changed: 7 " COMMIT "..." COMMIT " sha256:" HASH, false},
		{"changed: 7 " COMMIT ".." COMMIT " sha256:" COMMIT, false},
		{"changed: 7 " COMMIT ".." COMMIT " sha256:" HASH " ", false},
		{"changed: 7 " COMMIT ".." COMMIT, false},
		{"changed: 7", false},
		{"changed: ", false},
	};
	enum { SAYS = 6, EXCEPTIONS = 7 };

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int at = SAYS; at <= EXCEPTIONS; at++) {
			char *lines = mem_printf("%s\n%s", whole[at], rows[i].line);
			char *text = with(at, lines);
			bool good = rows[i].good && at == SAYS;
			struct stated s;

			if (parses(text, &s) != good)
				fail_msg("%s: %s", good ? "refused" : "taken", text);
			stated_release(&s);
			mem_free(text);
			mem_free(lines);
		}
	}
}

static void
an_authority_is_read_as_strictly(void **state)
{
	static const char *const lines[] = {"handrail authority v1",
		"run: 01KAG3W5Z0B4T7M2Q8XK6N9RDE", "runbook: restore sha256:" HASH,
		"act: open", "record: 3", "seq: 9", "head: " HASH,
		"signer: lea@example.com",
		"key: SHA256:FKswRfS6DRw5mqPrDltb502P9y4JJ1zTatHbPLGqt48",
		"time: 2026-11-20T13:02:40Z"};
	enum { COUNT = sizeof lines / sizeof *lines };

	(void)state;
	for (int left_out = -1; left_out <= COUNT; left_out++) {
		struct str text = STR_INIT;
		struct err e = ERR_INIT;
		struct stated s;

		for (int i = 0; i < COUNT; i++)
			if (i != left_out)
				str_addf(&text, "%s\n", lines[i]);
		str_adds(&text, left_out == COUNT ? "comment: \"\"\n" : "");
		if (stated_parse_authority(text.buf, &s, &e) != (left_out == -1))
			fail_msg("left out %d: %s", left_out, e.msg);
		if (left_out == -1) {
			assert_int_equal(s.record, 3);
			assert_int_equal(s.seq, 9);
			assert_string_equal(s.role, "open");
		}
		stated_release(&s);
		/* neither is taken for the other */
		assert_false(parses(text.buf, &s));
		stated_release(&s);
		str_release(&text);
	}
}

static void
a_whole_statement_is_read(void **state)
{
	char *text = with(-1, NULL);
	struct stated s;

	(void)state;
	assert_true(parses(text, &s));
	assert_string_equal(s.run, "01KAG3W5Z0B4T7M2Q8XK6N9RDE");
	assert_string_equal(s.runbook, "restore postgres sha256:" HASH);
	assert_string_equal(s.step, "signoff");
	assert_string_equal(s.decision, "approve");
	assert_string_equal(s.role, "Technical lead");
	assert_string_equal(s.signer, "lea@example.com");
	assert_string_equal(s.key, "SHA256:FKswRfS6DRw5mqPrDltb502P9y4JJ1zTatHbPLGqt48");
	assert_int_equal(s.seq, 9);
	assert_string_equal(s.head, HASH);
	stated_release(&s);
	mem_free(text);
}

static void
only_what_is_not_real_has_a_mode(void **state)
{
	struct stated s;

	(void)state;
	for (int i = 0; i < 3; i++) {
		static const char *const modes[] = {"practice", "live", ""};
		char *line = mem_printf("%s\nmode: %s", whole[1], modes[i]),
		     *text = with(1, line);

		assert_int_equal(parses(text, &s), i == 0);
		if (i == 0)
			assert_string_equal(s.mode, "practice");
		stated_release(&s);
		mem_free(text);
		mem_free(line);
	}
}

static void
no_line_may_be_missing_doubled_moved_or_added(void **state)
{
	struct stated s;

	(void)state;
	for (int i = 0; i < LINES; i++) {
		char *text = with(i, NULL);
		assert_false(parses(text, &s));
		stated_release(&s);
		mem_free(text);

		char *twice = mem_printf("%s\n%s", whole[i], whole[i]);
		text = with(i, twice);
		if (parses(text, &s))
			fail_msg("%s twice", whole[i]);
		stated_release(&s);
		mem_free(text);
		mem_free(twice);

		char *more = mem_printf("%s\nmore: x", whole[i]);
		text = with(i, more);
		assert_false(parses(text, &s));
		stated_release(&s);
		mem_free(text);
		mem_free(more);

		if (i + 1 < LINES && !(i == 8)) { /* two exceptions may change places */
			char *swapped = mem_printf("%s\n%s", whole[i + 1], whole[i]);
			text = with(i, swapped);
			char *second = mem_printf("%s\n%s\n", swapped, whole[i + 1]);
			char *at = strstr(text, second);
			assert_non_null(at);
			size_t cut = strlen(whole[i + 1]) + 1, keep = strlen(swapped) + 1;
			memmove(at + keep, at + keep + cut, strlen(at + keep + cut) + 1);
			if (parses(text, &s))
				fail_msg("%s before its place", whole[i + 1]);
			stated_release(&s);
			mem_free(second);
			mem_free(swapped);
			mem_free(text);
		}
	}
}

static void
no_prefix_of_it_is_a_statement(void **state)
{
	char *text = with(-1, NULL);
	struct stated s;

	(void)state;
	for (size_t len = strlen(text); len-- > 0;) {
		text[len] = '\0';
		assert_false(parses(text, &s));
		stated_release(&s);
	}
	mem_free(text);
}

static const struct {
	int line;
	const char *text;
} wrong[] = {
	{0, "handrail sign-off v2"},
	{0, " handrail sign-off v1"},
	{3, "step: signoff"},
	{3, "step: signoff sha256:8c12"},
	{3, "step: signoff sha255:" HASH},
	{3,
		"step: signoff sha256:8C1283c11a75c8093b7e5f299bfe045892c9292b72317992817ed78b1"
		"10d9a05"},
	{4, "decision: maybe"},
	{4, "decision: approve "},
	{6, "says: I have"},
	{6, "says: \"a\" \"b\""},
	{6, "says: \"\\u0041\""},
	{6, "says: \"a"},
	{7, "exceptions: 1"},
	{7, "exceptions: 3"},
	{7, "exceptions: 02"},
	{7, "exceptions: -2"},
	{7, "exceptions: 20000"},
	{8, "exception: 3"},
	{8, "exception: x \"a\""},
	{8, "exception: 10 \"beyond what is covered\""},
	{10, "evidence: 0..10"},
	{10, "evidence: 0-9"},
	{10, "evidence: 0..3..9"},
	{10, "evidence: ..9"},
	{11, "seq: 09"},
	{11, "seq: 8"}, /* less than the evidence */
	{11, "seq: 9999999999"},
	{12, "head: 8c12"},
	{15, "time: today"},
	{15, "time: 2026-11-20T13:02:40.1Z"},
	{16, "comment: \"\"x"},
	{16, "comment:"},
};

static void
a_value_of_another_shape_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char *text = with(wrong[i].line, wrong[i].text);
		struct stated s;
		if (parses(text, &s))
			fail_msg("%s", wrong[i].text);
		stated_release(&s);
		mem_free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changed_has_its_place_and_shape),
		cmocka_unit_test(an_authority_is_read_as_strictly),
		cmocka_unit_test(a_whole_statement_is_read),
		cmocka_unit_test(only_what_is_not_real_has_a_mode),
		cmocka_unit_test(no_line_may_be_missing_doubled_moved_or_added),
		cmocka_unit_test(no_prefix_of_it_is_a_statement),
		cmocka_unit_test(a_value_of_another_shape_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
