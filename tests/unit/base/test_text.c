#include "base/text.h"

#include "unit.h"

#include <locale.h>
#include <string.h>

#include "base/mem.h"

/* ---- UTF-8 ----------------------------------------------------------------------- */

static void
every_code_point_goes_both_ways(void **state)
{
	struct str s = STR_INIT;
	uint32_t back;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		if (cp >= 0xd800 && cp <= 0xdfff)
			continue;
		str_reset(&s);
		text_encode(&s, cp);
		if (text_decode(s.buf, s.len, &back) != s.len || back != cp)
			fail_msg("U+%04X came back as U+%04X", (unsigned)cp,
				(unsigned)back);
		/* Cut short it is invalid, one byte at a time. */
		for (size_t len = 1; len < s.len; len++) {
			assert_int_equal(text_decode(s.buf, len, &back), 1);
			assert_int_equal(back, 0xfffd);
		}
	}
	str_reset(&s);
	text_encode(&s, 0xd800);
	text_encode(&s, 0x110000);
	assert_string_equal(s.buf, "\uFFFD\uFFFD");
	str_release(&s);
}

static void
malformed_bytes_are_replaced_one_by_one(void **state)
{
	static const struct {
		const char *bytes, *clean;
	} rows[] = {
		{"\x80", "?"},                /* stray continuation */
		{"a\xc3", "a?"},              /* cut off */
		{"\xc0\xaf", "??"},           /* overlong slash */
		{"\xe0\x80\xaf", "???"},      /* longer still */
		{"\xf0\x80\x80\xaf", "????"}, /* and longer */
		{"\xed\xa0\x80", "???"},      /* surrogate */
		{"\xf4\x90\x80\x80", "????"}, /* beyond U+10FFFF */
		{"\xf8\x88\x80\x80\x80", "?????"},
		{"\xfe\xff", "??"},
		{"\xe2\x82z", "??z"},
		{"\xc3\xc3\xa9", "?é"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str got = STR_INIT, want = STR_INIT;
		for (const char *c = rows[i].clean; *c != '\0'; c++) {
			if (*c == '?')
				str_adds(&want, "\uFFFD");
			else
				str_addc(&want, *c);
		}
		assert_false(text_valid_utf8(rows[i].bytes, strlen(rows[i].bytes)));
		assert_false(text_scrub_utf8(&got, rows[i].bytes, strlen(rows[i].bytes)));
		assert_string_equal(got.buf, want.buf);
		str_release(&got);
		str_release(&want);
	}
}

static void
valid_text_is_copied_as_it_is(void **state)
{
	static const char text[] =
		"plain, \n control \x01, \0 inside, ünï €, \xf0\x9f\x9a\x80";
	struct str got = STR_INIT;

	(void)state;
	assert_true(text_valid_utf8(text, sizeof text - 1));
	assert_true(text_scrub_utf8(&got, text, sizeof text - 1));
	assert_int_equal(got.len, sizeof text - 1);
	assert_memory_equal(got.buf, text, sizeof text);
	assert_true(text_valid_utf8("", 0));
	str_release(&got);
}

/* ---- harmless -------------------------------------------------------------------- */

static void
each_danger_becomes_visible(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"plain text ~", "plain text ~"},
		{"\x1b[31mred\x1b[0m", "^[[31mred^[[0m"},
		{"\x1b]0;title\a", "^[]0;title^G"},
		{"\x1b]52;c;cm0=\x1b\\", "^[]52;c;cm0=^[\\"},
		{"\x1bP1$r\x1b\\", "^[P1$r^[\\"},
		{"good\rEVIL", "good^MEVIL"},
		{"dos\r\n", "dos^J"},
		{"\r\r\n", "^M^J"},
		{"a\bb", "a^Hb"},
		{"\x7f\x01\x1f", "^?^A^_"},
		{"\xc2\x9b[2J", "<U+009B>[2J"},
		{"\x9b[2J", "\uFFFD[2J"},
		{"a\u202Eb", "a<U+202E>b"},
		{"\u200Bx\uFEFFy\u2066z", "<U+200B>x<U+FEFF>y<U+2066>z"},
		{"\U000E0041", "<U+E0041>"},
		{"\u2028", "<U+2028>"},
		{"\u3164", "<U+3164>"},
		{"\U0010FFFF", "<U+10FFFF>"},
		{"so\u00ADft", "soft"},
		{"\u26A0\uFE0F ok", "\u26A0 ok"},
		{"\U0001F469\u200D\U0001F4BB", "\U0001F469\U0001F4BB"},
		{"e\u0301", "e\u0301"},
		{"\u0301e", "\u25CC\u0301e"},
		{"gr\xfc\xdf", "gr\uFFFD\uFFFD"},
		{"über 日本", "über 日本"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *got = text_harmless_dup(rows[i].in);
		assert_string_equal(got, rows[i].out);
		mem_free(got);
	}
}

static void
tabs_reach_the_next_multiple_of_eight(void **state)
{
	static const char in[] = "\ta\tbcdefgh\ti\n日\tx\x1b\ty";
	struct str got = STR_INIT;

	(void)state;
	str_adds(&got, "in front|");
	text_harmless(&got, in, strlen(in), TEXT_KEEP_LF);
	assert_string_equal(
		got.buf, "in front|        a       bcdefgh i\n日      x^[     y");
	str_release(&got);
}

static void
newlines_stay_only_when_asked_for(void **state)
{
	struct str got = STR_INIT;

	(void)state;
	text_harmless(&got, "a\r\nb\n", 5, TEXT_KEEP_LF);
	assert_string_equal(got.buf, "a\nb\n");
	str_reset(&got);
	text_harmless(&got, "a\r\nb\n", 5, TEXT_ONE_LINE);
	assert_string_equal(got.buf, "a^Jb^J");
	str_reset(&got);
	text_harmless(&got, "a\0b", 3, TEXT_ONE_LINE);
	assert_string_equal(got.buf, "a^@b");
	str_release(&got);
}

static void
a_tower_of_marks_is_cut_at_eight(void **state)
{
	struct str in = STR_INIT, got = STR_INIT;

	(void)state;
	str_adds(&in, "e");
	for (int i = 0; i < 100; i++)
		str_adds(&in, "\u0301");
	str_adds(&in, "x");
	text_harmless(&got, in.buf, in.len, TEXT_ONE_LINE);
	assert_int_equal(got.len, 1 + 8 * 2 + 1);
	assert_int_equal(text_cells(got.buf), 2);
	str_release(&in);
	str_release(&got);
}

/* What may never reach a terminal, written down apart from the code's own table. */
static bool
is_dangerous(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp <= 0x9f) || cp == 0xad || cp == 0x61c ||
		(cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
		(cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff ||
		(cp >= 0xfe00 && cp <= 0xfe0f) || (cp >= 0xe0000 && cp <= 0xe0fff) ||
		cp > 0x10ffff || (cp & 0xfffe) == 0xfffe;
}

static void
check_harmless(const char *in, size_t len, enum text_keep keep)
{
	struct str once = STR_INIT, twice = STR_INIT;
	uint32_t cp;
	unsigned marks = 0;

	text_harmless(&once, in, len, keep);
	assert_true(text_valid_utf8(once.buf, once.len));
	for (size_t i = 0; i < once.len;) {
		i += text_decode(once.buf + i, once.len - i, &cp);
		if (cp == '\n' && keep == TEXT_KEEP_LF)
			continue;
		if (is_dangerous(cp) || text_cell_width(cp) < 0)
			fail_msg("U+%04X got through", (unsigned)cp);
		marks = text_cell_width(cp) == 0 ? marks + 1 : 0;
		assert_true(marks <= 8);
	}
	text_harmless(&twice, once.buf, once.len, keep);
	assert_string_equal(twice.buf, once.buf);
	if (text_is_plain(in, len) && (once.len != len || memcmp(once.buf, in, len) != 0))
		fail_msg("not plain: %s", once.buf);
	str_release(&once);
	str_release(&twice);
}

static void
no_single_code_point_gets_through(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		if (cp == 0x30000)
			cp = 0xdff00; /* nothing is assigned between */
		str_reset(&s);
		str_addc(&s, 'a');
		text_encode(&s, cp);
		check_harmless(s.buf, s.len, TEXT_ONE_LINE);
	}
	str_release(&s);
}

static void
a_bad_byte_is_found_wherever_it_stands(void **state)
{
	enum { BYTES = 100 };
	static const char good_text[] = "größe €12, … 日本";
	char line[BYTES];

	(void)state;
	for (size_t len = 0; len <= BYTES; len++) {
		memset(line, 'x', BYTES);
		assert_true(text_is_plain(line, len));
		for (size_t at = 0; at < BYTES; at++) {
			for (int c = 0; c < 256; c++) {
				bool good = (c >= ' ' && c <= '~') || at >= len;

				line[at] = (char)c;
				if (text_is_plain(line, len) != good)
					fail_msg("byte %d at %zu of %zu", c, at, len);
			}
			line[at] = 'x';
		}
	}
	assert_true(text_is_plain(good_text, sizeof good_text - 1));
}

static void
no_escape_sequence_gets_through(void **state)
{
	(void)state;
	for (int c = 0; c < 256; c++) {
		char one[1] = {(char)c}, two[2] = {'\x1b', (char)c},
		     three[3] = {'a', (char)c, 'b'};
		check_harmless(one, 1, TEXT_ONE_LINE);
		check_harmless(two, 2, TEXT_KEEP_LF);
		check_harmless(three, 3, TEXT_ONE_LINE);
	}
}

static void
no_random_bytes_get_through(void **state)
{
	static const char *const pieces[] = {"\x1b", "[", "\u0301", "\u200d", "\uFE0F",
		"\r", "\n", "\t", "\xf0\x9f", "\xe2\x80", "\u202e", "日", "\U0001F1E9",
		"abcdefgh", "ijklmnopqrstuvw", "\x7f"};
	struct dice d = DICE(6);
	struct str s = STR_INIT;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		str_reset(&s);
		for (size_t n = dice_roll(&d, 30); n > 0; n--) {
			if (dice_roll(&d, 3) == 0)
				str_addc(&s, (char)dice_roll(&d, 256));
			else
				str_adds(&s, pieces[dice_roll(&d, COUNT(pieces))]);
		}
		check_harmless(s.buf, s.len, round % 2 ? TEXT_ONE_LINE : TEXT_KEEP_LF);
	}
	str_release(&s);
}

static void
runbooks_may_not_hold_what_hides(void **state)
{
	(void)state;
	for (uint32_t cp = 0; cp <= 0x10ffff; cp++) {
		bool selector = cp >= 0xfe00 && cp <= 0xfe0f;
		bool noncharacter = (cp & 0xfffe) == 0xfffe;
		if (selector || noncharacter || cp == '\t' || cp == '\n')
			assert_false(text_forbidden(cp));
		else if (is_dangerous(cp))
			assert_true(text_forbidden(cp));
	}
	assert_false(text_forbidden('a'));
	assert_false(text_forbidden(0xe9));
	assert_false(text_forbidden(0x65e5));
	assert_false(text_forbidden(0x1f680));
}

/* ---- cells ----------------------------------------------------------------------- */

static void
cells_are_counted_in_any_locale(void **state)
{
	(void)state;
	for (int utf8 = 0; utf8 < 2; utf8++) {
		assert_non_null(setlocale(LC_ALL, utf8 ? "C.UTF-8" : "C"));
		assert_int_equal(text_cell_width('a'), 1);
		assert_int_equal(text_cell_width(0xe9), 1);
		assert_int_equal(text_cell_width(0x65e5), 2);
		assert_int_equal(text_cell_width(0x1f680), 2);
		assert_int_equal(text_cell_width(0x301), 0);
		assert_int_equal(text_cell_width('\n'), -1);
		assert_int_equal(text_cell_width(0x7f), -1);
		assert_int_equal(text_cell_width(0x9b), -1);
		assert_int_equal(text_cells(""), 0);
		assert_int_equal(text_cells("plain ascii text"), 16);
		assert_int_equal(text_cells("日本 e\u0301 é"), 8);
	}
}

static void
fitting_never_splits_a_grapheme(void **state)
{
	static const struct {
		const char *text;
		size_t cells, bytes;
	} rows[] = {
		{"", 5, 0},
		{"abc", 0, 0},
		{"abc", 2, 2},
		{"abc", 3, 3},
		{"abc", 9, 3},
		{"日本", 1, 0},
		{"日本", 2, 3},
		{"日本", 3, 3},
		{"日本", 4, 6},
		{"e\u0301x", 1, 3},
		{"e\u0301\u0302", 1, 5},
		{"ae\u0301", 1, 1},
		{"한글", 2, 3},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t got = text_fit(rows[i].text, rows[i].cells);
		if (got != rows[i].bytes)
			fail_msg("%s in %zu cells: %zu bytes, not %zu", rows[i].text,
				rows[i].cells, got, rows[i].bytes);
	}
}

static void
cutting_says_that_it_cut(void **state)
{
	static const struct {
		const char *text;
		size_t cells;
		const char *mark, *want;
	} rows[] = {
		{"abcdef", 6, "…", "abcdef"},
		{"abcdef", 5, "…", "abcd…"},
		{"abcdef", 1, "…", "…"},
		{"abcdef", 0, "…", ""},
		{"abcdef", 4, "~", "abc~"},
		{"日本語", 5, "…", "日本…"},
		{"日本語", 4, "…", "日…"},
		{"abcdef", 2, "...", "ab"},
		{"abcdef", 4, NULL, "abcd"},
		{"", 0, "…", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str got = STR_INIT;
		text_add_cut(&got, rows[i].text, rows[i].cells, rows[i].mark);
		assert_string_equal(got.buf, rows[i].want);
		assert_true(text_cells(got.buf) <= rows[i].cells);
		str_release(&got);
	}
}

/* The lines with | between them. */
static void
wrap_all(const char *text, size_t cells, struct str *out)
{
	size_t skip;

	while (*text != '\0') {
		size_t n = text_wrap(text, cells, &skip);
		assert_true(skip > 0 && skip >= n);
		str_add(out, text, n);
		str_addc(out, '|');
		text += skip;
	}
}

static void
wrapping_breaks_at_blanks(void **state)
{
	static const struct {
		const char *text;
		size_t cells;
		const char *want;
	} rows[] = {
		{"", 5, ""},
		{"one two three", 20, "one two three|"},
		{"one two three", 7, "one two|three|"},
		{"one two three", 8, "one two|three|"},
		{"one two three", 6, "one|two|three|"},
		{"abcdefgh", 3, "abc|def|gh|"},
		{"ab cdefgh", 4, "ab|cdef|gh|"},
		{"  indented text", 10, "  indented|text|"},
		{"  abcdefgh", 6, "  abcd|efgh|"},
		{"a\n\nb", 5, "a||b|"},
		{"ab  cd", 3, "ab |cd|"},
		{"line\n", 4, "line|"},
		{"日本語", 4, "日本|語|"},
		{"日本", 1, "日|本|"},
		{"abc", 0, "a|b|c|"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str got = STR_INIT;
		wrap_all(rows[i].text, rows[i].cells, &got);
		assert_string_equal(got.buf, rows[i].want);
		str_release(&got);
	}
}

static void
steps_forward_and_back_meet(void **state)
{
	static const char *const texts[] = {"", "abc", "日本 x", "e\u0301\u0302a\u0301",
		"한글 \u1100\u1161\u11A8x", "\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7",
		"a\u0301b\xff\xfe", "\u0600a1"};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		const char *s = texts[i];
		size_t stops[64], n = 0, at = 0;
		while (s[at] != '\0') {
			stops[n++] = at;
			size_t next = text_next(s, at);
			assert_true(next > at);
			at = next;
		}
		assert_int_equal(at, strlen(s));
		assert_int_equal(text_next(s, at), at);
		while (n-- > 0) {
			assert_int_equal(text_prev(s, at), stops[n]);
			at = stops[n];
		}
		assert_int_equal(text_prev(s, 0), 0);
	}
	assert_int_equal(text_next("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", 0), 8);
}

static void
a_huge_line_costs_its_length(void **state)
{
	enum { BYTES = 4 * 1024 * 1024 };
	char *line = mem_alloc(BYTES + 1);
	struct str got = STR_INIT;

	(void)state;
	/* Quadratic behaviour anywhere would not end within the test's patience. */
	memset(line, 'x', BYTES);
	text_harmless(&got, line, BYTES, TEXT_ONE_LINE);
	assert_int_equal(got.len, BYTES);
	assert_int_equal(text_fit(got.buf, BYTES / 2), BYTES / 2);
	assert_int_equal(text_cells(got.buf), BYTES);
	memset(line, 0xcc, BYTES);
	str_reset(&got);
	text_harmless(&got, line, BYTES, TEXT_ONE_LINE);
	assert_int_equal(text_fit(got.buf, BYTES / 2), BYTES / 2 * 3);
	str_release(&got);
	mem_free(line);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_goes_both_ways),
		cmocka_unit_test(malformed_bytes_are_replaced_one_by_one),
		cmocka_unit_test(valid_text_is_copied_as_it_is),
		cmocka_unit_test(each_danger_becomes_visible),
		cmocka_unit_test(tabs_reach_the_next_multiple_of_eight),
		cmocka_unit_test(newlines_stay_only_when_asked_for),
		cmocka_unit_test(a_tower_of_marks_is_cut_at_eight),
		cmocka_unit_test(no_single_code_point_gets_through),
		cmocka_unit_test(a_bad_byte_is_found_wherever_it_stands),
		cmocka_unit_test(no_escape_sequence_gets_through),
		cmocka_unit_test(no_random_bytes_get_through),
		cmocka_unit_test(runbooks_may_not_hold_what_hides),
		cmocka_unit_test(cells_are_counted_in_any_locale),
		cmocka_unit_test(fitting_never_splits_a_grapheme),
		cmocka_unit_test(cutting_says_that_it_cut),
		cmocka_unit_test(wrapping_breaks_at_blanks),
		cmocka_unit_test(steps_forward_and_back_meet),
		cmocka_unit_test(a_huge_line_costs_its_length),
		/* Again in a UTF-8 locale, the one most people have. */
		cmocka_unit_test(each_danger_becomes_visible),
		cmocka_unit_test(no_single_code_point_gets_through),
		cmocka_unit_test(no_random_bytes_get_through),
		cmocka_unit_test(steps_forward_and_back_meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
