#include "base/str.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
an_empty_one_is_a_text_already(void **state)
{
	struct str s = STR_INIT, t;

	(void)state;
	str_init(&t);
	assert_string_equal(s.buf, "");
	assert_string_equal(t.buf, "");
	str_reset(&s);
	str_cut(&s, 0);
	str_drop(&s, 0);
	str_add(&s, NULL, 0);
	assert_string_equal(s.buf, "");
	char *taken = str_take(&s);
	assert_string_equal(taken, "");
	mem_free(taken);
	str_release(&s);
	str_release(&s);
}

static void
everything_added_is_there_and_terminated(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	str_adds(&s, "one ");
	str_addc(&s, '2');
	str_add(&s, " three", 4);
	str_addf(&s, "|%05d|%s", 42, "x");
	assert_string_equal(s.buf, "one 2 thr|00042|x");
	assert_int_equal(s.len, strlen(s.buf));
	str_add(&s, "\0z", 2);
	assert_int_equal(s.len, 19);
	assert_memory_equal(s.buf + 16, "x\0z", 4);
	str_release(&s);
	assert_string_equal(s.buf, "");
}

static void
formats_of_every_length_fit(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	for (int width = 0; width < 200; width++) {
		size_t before = s.len;
		str_addf(&s, "%*s", width, "");
		assert_int_equal(s.len - before, width);
		assert_int_equal(strlen(s.buf), s.len);
	}
	str_release(&s);
}

/* A queue that is never empty: what comes out is what went in, and it does not grow. */
static void
a_queue_keeps_its_bytes_and_its_size(void **state)
{
	enum { WAITS_MOST = 3000 };
	struct dice d = DICE(5);
	struct str s = STR_INIT;
	size_t used = 0, in = 0, out = 0, most = 0;

	(void)state;
	while (in < 2000 * 1000) {
		for (size_t n = 1 + dice_roll(&d, 200); n > 0 && in - out < WAITS_MOST;
			n--)
			str_addc(&s, (char)(in++ % 251));
		for (size_t n = dice_roll(&d, 200); n > 0 && in - out > 1; n--) {
			assert_int_equal((unsigned char)s.buf[used++], out++ % 251);
			str_taken(&s, &used);
		}
		assert_int_equal(s.len - used, in - out);
		most = s.cap > most ? s.cap : most;
	}
	assert_in_range(most, WAITS_MOST, 4 * WAITS_MOST);
	str_release(&s);
	/* A large one is given back once it is empty, a small one is kept. */
	used = 0;
	for (size_t i = 0; i <= STR_QUEUE_KEEP; i++)
		str_addc(&s, 'x');
	used = s.len;
	str_taken(&s, &used);
	assert_int_equal(s.cap + s.len + used, 0);
	str_adds(&s, "abc");
	used = 3;
	str_taken(&s, &used);
	assert_int_equal(s.len + used, 0);
	assert_true(s.cap > 0);
	str_release(&s);
}

static void
cut_drop_take_and_ends(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	str_adds(&s, "abcdef");
	str_drop(&s, 2);
	str_cut(&s, 3);
	assert_string_equal(s.buf, "cde");
	assert_true(str_ends(&s, "de"));
	assert_true(str_ends(&s, ""));
	assert_false(str_ends(&s, "bcde"));
	char *taken = str_take(&s);
	assert_string_equal(taken, "cde");
	assert_int_equal(s.len + s.cap, 0);
	mem_free(taken);
}

static void
comparing_plain_texts(void **state)
{
	(void)state;
	assert_true(str_eq("a", "a"));
	assert_false(str_eq("a", "b"));
	assert_true(str_eq(NULL, NULL));
	assert_false(str_eq(NULL, ""));
	assert_false(str_eq("", NULL));
	assert_true(str_starts("abc", "ab"));
	assert_true(str_starts("abc", ""));
	assert_false(str_starts("ab", "abc"));
}

static void
distance_counts_single_slips(void **state)
{
	static const struct {
		const char *a, *b;
		size_t want;
	} rows[] = {
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"host", "host", 0},
		{"hots", "host", 1},
		{"hst", "host", 1},
		{"hoost", "host", 1},
		{"hast", "host", 1},
		{"kitten", "sitting", 3},
		{"timeuot", "timeout", 1},
		{"ab", "ba", 1},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(str_distance(rows[i].a, rows[i].b), rows[i].want);
		assert_int_equal(str_distance(rows[i].b, rows[i].a), rows[i].want);
	}
}

static void
did_you_mean_is_near_or_nothing(void **state)
{
	static const char *const names[] = {
		"title", "timeout", "retries", "host", "undo", NULL};

	(void)state;
	assert_string_equal(str_nearest("tittle", names), "title");
	assert_string_equal(str_nearest("timout", names), "timeout");
	assert_string_equal(str_nearest("hst", names), "host");
	assert_string_equal(str_nearest("host", names), "host");
	assert_null(str_nearest("kubernetes", names));
	assert_null(str_nearest("x", names));
	assert_null(str_nearest("", names));
	assert_null(str_nearest("abc", (const char *const[]){NULL}));
}

/* The words as a real shell reads them back. */
static void
quoted_words_survive_a_shell(void **state)
{
	static const char *const words[] = {"", "plain", "it's", "''",
		"$HOME `id` \\ \" !", "two\nlines", "-n", "a'b'c", "*?[x]", "€ ü"};
	struct str command = STR_INIT, want = STR_INIT, got = STR_INIT;
	char buf[256];

	(void)state;
	str_adds(&command, "printf '<%s>'");
	for (size_t i = 0; i < COUNT(words); i++) {
		str_addc(&command, ' ');
		str_add_shell_quoted(&command, words[i]);
		str_addf(&want, "<%s>", words[i]);
	}
	FILE *shell = popen(command.buf, "r");
	assert_non_null(shell);
	for (size_t n; (n = fread(buf, 1, sizeof buf, shell)) > 0;)
		str_add(&got, buf, n);
	assert_int_equal(pclose(shell), 0);
	assert_string_equal(got.buf, want.buf);
	str_release(&command);
	str_release(&want);
	str_release(&got);
}

static void
lines_become_one(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {{"one", "one"}, {"cd x\n  make \n", "cd x; make"},
		{"a\r\nb\n\n\nc", "a; b; c"}, {"\n\nx", "x"}, {"", ""}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str out = STR_INIT;

		str_add_flat(&out, rows[i].in);
		assert_string_equal(out.buf, rows[i].out);
		str_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_one_is_a_text_already),
		cmocka_unit_test(everything_added_is_there_and_terminated),
		cmocka_unit_test(formats_of_every_length_fit),
		cmocka_unit_test(a_queue_keeps_its_bytes_and_its_size),
		cmocka_unit_test(cut_drop_take_and_ends),
		cmocka_unit_test(comparing_plain_texts),
		cmocka_unit_test(distance_counts_single_slips),
		cmocka_unit_test(did_you_mean_is_near_or_nothing),
		cmocka_unit_test(quoted_words_survive_a_shell),
		cmocka_unit_test(lines_become_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
