#include "live/logstore.h"

#include "livekit.h"

#include <stdlib.h>

#include "base/mem.h"

static void
put(struct logstore *s, uint64_t seq, int64_t at_ms, const char *text)
{
	struct logline line = {.at_ms = at_ms, .offset = at_ms * 10};
	struct logstore_bytes t = {text, strlen(text)};

	logstore_insert(s, seq, &line, &t, NULL);
}

static const char *
text_at(const struct logstore *s, uint64_t seq)
{
	return logstore_text(s, logstore_at(s, seq));
}

static void
the_ring_is_bounded_in_lines(void **state)
{
	struct logstore *s = logstore_new(3, 1 << 20);
	char text[16];

	(void)state;
	for (int i = 0; i < 10; i++) {
		snprintf(text, sizeof text, "line %d", i);
		put(s, logstore_end(s), i, text);
	}
	assert_int_equal(logstore_first(s), 7);
	assert_int_equal(logstore_end(s), 10);
	assert_int_equal(logstore_dropped(s), 7);
	assert_string_equal(text_at(s, 7), "line 7");
	assert_string_equal(text_at(s, 9), "line 9");
	logstore_free(s);
}

static void
the_ring_is_bounded_in_bytes(void **state)
{
	enum { BYTES = 2 << 20, EACH = 10000, COUNT_OF_LINES = 2000 };
	struct logstore *s = logstore_new(100000, BYTES);
	char *text = mem_alloc(EACH + 1);

	(void)state;
	memset(text, 'x', EACH);
	for (int i = 0; i < COUNT_OF_LINES; i++)
		put(s, logstore_end(s), i, text);
	assert_true(logstore_bytes(s) <= BYTES);
	assert_int_equal(logstore_end(s), COUNT_OF_LINES);
	/* Nearly all of the room is used, and what is kept is the newest. */
	assert_in_range(
		logstore_end(s) - logstore_first(s), BYTES / EACH * 8 / 10, BYTES / EACH);
	for (uint64_t i = logstore_first(s); i < logstore_end(s); i++) {
		assert_int_equal(logstore_at(s, i)->at_ms, i);
		assert_int_equal(strlen(text_at(s, i)), EACH);
	}
	mem_free(text);
	logstore_free(s);
}

static void
the_bytes_that_came_are_kept_where_they_differ(void **state)
{
	struct logstore *s = logstore_new(10, 1 << 20);
	struct logstore_bytes text = {"^[x", 3}, raw = {"\x1bx\0y", 4}, got;

	(void)state;
	logstore_insert(s, 0, &(struct logline){.at_ms = 1}, &text, &raw);
	put(s, 1, 2, "same");
	assert_true(logstore_at(s, 0)->flags & LOGLINE_RAW);
	got = logstore_raw(s, logstore_at(s, 0));
	assert_int_equal(got.len, 4);
	assert_memory_equal(got.p, "\x1bx\0y", 4);
	got = logstore_raw(s, logstore_at(s, 1));
	assert_int_equal(got.len, 4);
	assert_memory_equal(got.p, "same", 4);
	logstore_mark(s, 1);
	assert_true(logstore_at(s, 1)->flags & LOGLINE_MARKED);
	logstore_mark(s, 1);
	assert_false(logstore_at(s, 1)->flags & LOGLINE_MARKED);
	logstore_free(s);
}

static void
a_line_goes_behind_those_that_are_not_later(void **state)
{
	struct logstore *s = logstore_new(100, 1 << 20);
	struct logline line = {.at_ms = 20};

	(void)state;
	assert_int_equal(logstore_place(s, &line, 100), 0);
	put(s, 0, 10, "a");
	put(s, 1, 20, "b");
	put(s, 2, 30, "c");
	assert_int_equal(logstore_place(s, &line, 100), 2);
	line.at_ms = 5;
	assert_int_equal(logstore_place(s, &line, 100), 0);
	assert_int_equal(logstore_place(s, &line, 2), 1);
	line.at_ms = 31;
	assert_int_equal(logstore_place(s, &line, 100), 3);
	put(s, 2, 25, "between");
	assert_string_equal(text_at(s, 1), "b");
	assert_string_equal(text_at(s, 2), "between");
	assert_string_equal(text_at(s, 3), "c");
	logstore_free(s);
}

/* Against a plain model: any order of inserts, lengths and drops. */
static void
it_holds_what_a_plain_list_would_hold(void **state)
{
	enum { ROUNDS = 20000, LINES = 300, MODEL = ROUNDS + 1 };
	struct logstore *s = logstore_new(LINES, 8 << 20);
	int *model = mem_array(MODEL, sizeof *model);
	size_t count = 0;
	struct dice d = DICE(11);
	char text[4096];

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		size_t back = dice_roll(&d, 8);
		size_t at = back < count && count - back > count - LINES / 2
			? count - back
			: count;
		size_t len = dice_roll(&d, 2000);

		memset(text, '.', len);
		snprintf(text, sizeof text, "%d", i);
		text[strlen(text)] = '.';
		text[len < 8 ? 8 : len] = '\0';
		put(s, at, i, text);
		memmove(model + at + 1, model + at, (count - at) * sizeof *model);
		model[at] = i;
		count++;
	}
	assert_int_equal(logstore_end(s), ROUNDS);
	assert_int_equal(logstore_end(s) - logstore_first(s), LINES);
	for (uint64_t i = logstore_first(s); i < logstore_end(s); i++) {
		assert_int_equal(logstore_at(s, i)->at_ms, model[i]);
		assert_int_equal(strtol(text_at(s, i), NULL, 10), model[i]);
	}
	mem_free(model);
	logstore_free(s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ring_is_bounded_in_lines),
		cmocka_unit_test(the_ring_is_bounded_in_bytes),
		cmocka_unit_test(the_bytes_that_came_are_kept_where_they_differ),
		cmocka_unit_test(a_line_goes_behind_those_that_are_not_later),
		cmocka_unit_test(it_holds_what_a_plain_list_would_hold),
	};

	return cmocka_run_group_tests_name("live/logstore", tests, NULL, NULL);
}
