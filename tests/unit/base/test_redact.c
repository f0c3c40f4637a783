#include "base/redact.h"

#include "unit.h"

#include <string.h>

struct secret {
	const char *name, *value;
};

static struct redact *
set_of(const struct secret *secrets, size_t count)
{
	struct redact *r = redact_new();
	struct err e = ERR_INIT;

	for (size_t i = 0; i < count; i++)
		assert_true(redact_add(r, secrets[i].name, secrets[i].value,
			strlen(secrets[i].value), &e));
	return r;
}

static const struct secret two[] = {{"pw", "hunter2!"}, {"token", "abcdef"}};

static void
values_are_replaced_by_their_names(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"", ""},
		{"nothing here", "nothing here"},
		{"hunter2!", "[redacted:pw]"},
		{"a=hunter2! b=abcdef.", "a=[redacted:pw] b=[redacted:token]."},
		{"abcdefabcdef", "[redacted:token][redacted:token]"},
		{"hunter2", "hunter2"},
		{"abcde", "abcde"},
		{"ababcdef", "ab[redacted:token]"},
		{"huntehunter2!", "hunte[redacted:pw]"},
		{"abcdehunter2!", "abcde[redacted:pw]"},
	};
	struct redact *r = set_of(two, COUNT(two));

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str out = STR_INIT;
		redact_text(r, rows[i].in, strlen(rows[i].in), &out);
		assert_string_equal(out.buf, rows[i].out);
		str_release(&out);
	}
	redact_free(r);
	redact_free(NULL);
}

static void
overlapping_values_leave_no_rest(void **state)
{
	static const struct secret set[] = {{"a", "abcdef"}, {"b", "defghi"},
		{"long", "abcdefXY"}, {"rep", "zzzzzz"}};
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"-abcdefghi-", "-[redacted:a][redacted:b]-"},
		{"-abcdefXY-", "-[redacted:long]-"},
		{"-abcdefX-", "-[redacted:a]X-"},
		{"zzzzzzzzz.", "[redacted:rep]."},
		{"zzzzz", "zzzzz"},
	};
	struct redact *r = set_of(set, COUNT(set));

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str out = STR_INIT;
		redact_text(r, rows[i].in, strlen(rows[i].in), &out);
		assert_string_equal(out.buf, rows[i].out);
		str_release(&out);
	}
	redact_free(r);
}

static void
short_values_are_refused_by_name(void **state)
{
	struct redact *r = redact_new();
	struct err e = ERR_INIT;

	(void)state;
	assert_false(redact_add(r, "pin", "12345", 5, &e));
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_non_null(strstr(e.msg, "pin"));
	assert_null(strstr(e.msg, "12345"));
	assert_false(redact_add(r, "none", "", 0, &e));
	assert_true(redact_add(r, "pin6", "123456", 6, &e));
	assert_true(redact_add(r, "same", "123456", 6, &e));
	assert_int_equal(redact_count(r), 1);
	assert_string_equal(redact_name(r, 0), "pin6");
	assert_string_equal(redact_name(r, 1), "private-key"); /* the shapes */
	assert_string_equal(redact_name(r, redact_kinds(r) - 1), "bearer");
	assert_null(redact_name(r, redact_kinds(r)));
	redact_free(r);
}

static void
values_may_hold_any_bytes(void **state)
{
	static const char value[] = "\0\xff\n\0x\x80", text[] = "<\0\xff\n\0x\x80>";
	struct redact *r = redact_new();
	struct err e = ERR_INIT;
	struct str out = STR_INIT;

	(void)state;
	assert_true(redact_add(r, "bin", value, 6, &e));
	redact_text(r, text, 8, &out);
	assert_string_equal(out.buf, "<[redacted:bin]>");
	str_release(&out);
	redact_free(r);
}

static void
bytes_that_cannot_be_a_value_are_not_held_back(void **state)
{
	struct redact *r = set_of(two, COUNT(two));
	struct redact_stream *s = redact_stream_new(r);
	struct str out = STR_INIT;

	(void)state;
	redact_feed(s, "Passage : ", 10, &out);
	assert_string_equal(out.buf, "Passage : ");
	redact_feed(s, "hunt", 4, &out);
	assert_string_equal(out.buf, "Passage : ");
	redact_feed(s, "ing", 3, &out);
	assert_string_equal(out.buf, "Passage : hunting");
	redact_feed(s, "abc", 3, &out);
	redact_end(s, &out);
	assert_string_equal(out.buf, "Passage : huntingabc");
	str_release(&out);
	redact_stream_free(s);
	redact_stream_free(NULL);
	redact_free(r);
}

static void
replacements_are_counted_by_stream(void **state)
{
	struct redact *r = set_of(two, COUNT(two));
	struct redact_stream *s = redact_stream_new(r);
	struct str out = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	redact_feed(s, "abcdef hunter2! abc", 19, &out);
	redact_feed(s, "def lateone", 11, &out);
	assert_true(redact_add(r, "late", "lateone", 7, &e));
	redact_feed(s, " lateone", 8, &out);
	redact_end(s, &out);
	assert_string_equal(out.buf,
		"[redacted:token] [redacted:pw] [redacted:token] lateone [redacted:late]");
	assert_int_equal(redact_hits(s, 0), 1);
	assert_int_equal(redact_hits(s, 1), 2);
	assert_int_equal(redact_hits(s, 2), 1);
	assert_int_equal(redact_hits(s, 3), 0);
	str_release(&out);
	redact_stream_free(s);
	redact_free(r);
}

/* Few letters and many near misses: what is hard for a scanner that holds bytes back. */
static void
random_text(struct dice *d, struct str *text, const struct secret *set, size_t count)
{
	str_reset(text);
	for (size_t n = dice_roll(d, 20); n > 0; n--) {
		const char *value = set[dice_roll(d, count)].value;
		if (dice_roll(d, 3) == 0)
			str_addc(text, (char)('a' + dice_roll(d, 3)));
		else
			str_add(text, value, 1 + dice_roll(d, strlen(value)));
	}
}

static void
feed_in_pieces(
	struct redact_stream *s, struct dice *d, const struct str *text, struct str *out)
{
	size_t most = 1 + dice_roll(d, 9);

	for (size_t at = 0; at < text->len;) {
		size_t n = dice_roll(d, most + 1);
		if (n > text->len - at)
			n = text->len - at;
		redact_feed(s, text->buf + at, n, out);
		at += n;
	}
	redact_end(s, out);
}

static void
any_chunking_of_any_text_gives_the_same(void **state)
{
	static const struct secret set[] = {{"A", "abcabc"}, {"B", "cabcabb"},
		{"C", "aaaaaa"}, {"D", "abcabcabc"}, {"E", "bbabbabb"}};
	struct dice d = DICE(7);
	struct redact *r = set_of(set, COUNT(set));
	struct str text = STR_INIT, whole = STR_INIT, pieces = STR_INIT;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		random_text(&d, &text, set, COUNT(set));
		str_reset(&whole);
		str_reset(&pieces);
		redact_text(r, text.buf, text.len, &whole);
		struct redact_stream *s = redact_stream_new(r);
		feed_in_pieces(s, &d, &text, &pieces);
		redact_stream_free(s);
		if (strcmp(pieces.buf, whole.buf) != 0)
			fail_msg("%s: %s in pieces, %s whole", text.buf, pieces.buf,
				whole.buf);
		for (size_t i = 0; i < COUNT(set); i++) {
			if (strstr(whole.buf, set[i].value) != NULL)
				fail_msg("%s still holds %s", whole.buf, set[i].value);
		}
	}
	str_release(&text);
	str_release(&whole);
	str_release(&pieces);
	redact_free(r);
}

/* Every byte that stands in an occurrence is gone, every other byte is there, in order. */
static void
exactly_the_bytes_of_values_are_gone(void **state)
{
	static const struct secret set[] = {
		{"1", "abcabc"}, {"2", "cabcabb"}, {"3", "bbabbabb"}};
	struct dice d = DICE(8);
	struct redact *r = set_of(set, COUNT(set));
	struct str text = STR_INIT, got = STR_INIT, want = STR_INIT;

	(void)state;
	for (int round = 0; round < 5000; round++) {
		bool covered[400] = {0};
		random_text(&d, &text, set, COUNT(set));
		for (size_t i = 0; i < COUNT(set); i++) {
			const char *at = text.buf;
			for (; (at = strstr(at, set[i].value)) != NULL; at++)
				memset(covered + (at - text.buf), 1,
					strlen(set[i].value));
		}
		str_reset(&want);
		for (size_t i = 0; i < text.len; i++) {
			if (!covered[i])
				str_addc(&want, text.buf[i]);
		}
		struct str out = STR_INIT;
		redact_text(r, text.buf, text.len, &out);
		str_reset(&got);
		for (const char *p = out.buf; *p != '\0'; p++) {
			if (*p == '[')
				p += strlen("[redacted:1]") - 1;
			else
				str_addc(&got, *p);
		}
		assert_string_equal(got.buf, want.buf);
		str_release(&out);
	}
	str_release(&text);
	str_release(&got);
	str_release(&want);
	redact_free(r);
}

static void
without_secrets_everything_passes(void **state)
{
	struct redact *r = redact_new();
	struct redact_stream *s = redact_stream_new(r);
	struct str out = STR_INIT;

	(void)state;
	redact_feed(s, "any\0thing", 9, &out);
	redact_end(s, &out);
	assert_int_equal(out.len, 9);
	assert_memory_equal(out.buf, "any\0thing", 9);
	str_release(&out);
	redact_stream_free(s);
	redact_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_replaced_by_their_names),
		cmocka_unit_test(overlapping_values_leave_no_rest),
		cmocka_unit_test(short_values_are_refused_by_name),
		cmocka_unit_test(values_may_hold_any_bytes),
		cmocka_unit_test(bytes_that_cannot_be_a_value_are_not_held_back),
		cmocka_unit_test(replacements_are_counted_by_stream),
		cmocka_unit_test(any_chunking_of_any_text_gives_the_same),
		cmocka_unit_test(exactly_the_bytes_of_values_are_gone),
		cmocka_unit_test(without_secrets_everything_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
