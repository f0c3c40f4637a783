#include "view/ring.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static const struct ring_key key = {3, 0, WAY_FORWARD};

static void
feed(struct ring *r, const char *text)
{
	ring_feed(r, key, text, strlen(text), (struct wall){0});
}

static void
lines_come_whole_from_pieces(void **state)
{
	struct ring r = {0};
	struct str tail = STR_INIT;

	(void)state;
	feed(&r, "one\ntw");
	feed(&r, "o\nthr");
	assert_int_equal(ring_find(&r, key)->count, 2);
	assert_string_equal(ring_line(ring_find(&r, key), 1)->text, "two");
	assert_true(ring_partial(ring_find(&r, key), &tail));
	assert_string_equal(tail.buf, "thr");
	str_release(&tail);
	ring_release(&r);
}

static void
a_progress_bar_is_one_line(void **state)
{
	struct ring r = {0};

	(void)state;
	feed(&r, "10%\r20%\r100%\nlast\r\n");
	assert_int_equal(ring_find(&r, key)->count, 2);
	assert_string_equal(ring_line(ring_find(&r, key), 0)->text, "100%");
	assert_string_equal(ring_line(ring_find(&r, key), 1)->text, "last");
	ring_release(&r);
}

static void
control_bytes_are_pictures(void **state)
{
	struct ring r = {0};

	(void)state;
	feed(&r, "a\033[2Jb\n");
	assert_string_equal(ring_line(ring_find(&r, key), 0)->text, "a^[[2Jb");
	ring_release(&r);
}

static void
memory_is_bounded(void **state)
{
	struct ring r = {0};
	char line[32];

	(void)state;
	for (int i = 0; i < RING_LINES + 5; i++) {
		snprintf(line, sizeof line, "%d\n", i);
		feed(&r, line);
	}
	assert_int_equal(ring_find(&r, key)->count, RING_LINES);
	assert_int_equal(ring_find(&r, key)->dropped, 5);
	assert_string_equal(ring_line(ring_find(&r, key), 0)->text, "5");
	for (int i = 0; i < 2 * RING_LINE_BYTES; i++)
		feed(&r, "x");
	assert_int_equal(ring_find(&r, key)->partial.len, RING_LINE_BYTES);
	ring_release(&r);
}

static void
each_leg_has_its_own(void **state)
{
	struct ring r = {0};

	(void)state;
	feed(&r, "one\n");
	ring_feed(&r, (struct ring_key){3, 1, WAY_FORWARD}, "two\n", 4, (struct wall){0});
	ring_note(&r, (struct ring_key){3, 0, WAY_BACK}, "three", (struct wall){0});
	assert_string_equal(ring_line(ring_find(&r, key), 0)->text, "one");
	assert_null(ring_find(&r, (struct ring_key){4, 0, WAY_FORWARD}));
	assert_int_equal(r.legs.len, 3);
	ring_release(&r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_whole_from_pieces),
		cmocka_unit_test(a_progress_bar_is_one_line),
		cmocka_unit_test(control_bytes_are_pictures),
		cmocka_unit_test(memory_is_bounded),
		cmocka_unit_test(each_leg_has_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
