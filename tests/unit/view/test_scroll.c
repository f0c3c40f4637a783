#include "view/scroll.h"

#include "unit.h"

static void
fill(struct scroll *s, int height, const int *ids, size_t n)
{
	scroll_begin(s, height);
	for (size_t i = 0; i < n; i++)
		scroll_line(s, ids[i]);
	scroll_end(s);
}

static void
the_selection_stays_with_its_object(void **state)
{
	struct scroll s = {.id = SCROLL_NOTHING};

	(void)state;
	fill(&s, 5, (const int[]){10, 11, 12}, 3);
	scroll_select(&s, 11);
	fill(&s, 5, (const int[]){7, 8, 9, 11, 10}, 5);
	assert_int_equal(s.id, 11);
	assert_int_equal(scroll_find(&s, s.id), 3);
	scroll_release(&s);
}

static void
a_vanished_object_leaves_nothing_selected(void **state)
{
	struct scroll s = {.id = SCROLL_NOTHING};

	(void)state;
	fill(&s, 5, (const int[]){10, 11, 12}, 3);
	scroll_select(&s, 11);
	fill(&s, 5, (const int[]){10, 12}, 2);
	assert_int_equal(s.id, SCROLL_NOTHING);
	scroll_move(&s, SCROLL_DOWN);
	assert_int_equal(s.id, 10);
	scroll_release(&s);
}

static void
headings_are_stepped_over(void **state)
{
	static const int ids[] = {-1, 0, 1, -1, -1, 2};
	struct scroll s = {.id = SCROLL_NOTHING};

	(void)state;
	fill(&s, 6, ids, COUNT(ids));
	scroll_select(&s, 1);
	scroll_move(&s, SCROLL_DOWN);
	assert_int_equal(s.id, 2);
	scroll_move(&s, SCROLL_DOWN);
	assert_int_equal(s.id, 2);
	scroll_move(&s, SCROLL_FIRST);
	assert_int_equal(s.id, 0);
	scroll_move(&s, SCROLL_UP);
	assert_int_equal(s.id, 0);
	scroll_release(&s);
}

static void
objects_of_several_lines_are_one_step(void **state)
{
	static const int ids[] = {0, 0, 0, 1, 1, 2};
	struct scroll s = {.id = SCROLL_NOTHING};

	(void)state;
	fill(&s, 6, ids, COUNT(ids));
	scroll_select(&s, 0);
	scroll_move(&s, SCROLL_DOWN);
	assert_int_equal(s.id, 1);
	scroll_move(&s, SCROLL_DOWN);
	assert_int_equal(s.id, 2);
	scroll_move(&s, SCROLL_UP);
	assert_int_equal(s.id, 1);
	scroll_release(&s);
}

static void
the_selection_is_brought_into_sight(void **state)
{
	int ids[100];
	struct scroll s = {.id = SCROLL_NOTHING};

	(void)state;
	for (int i = 0; i < 100; i++)
		ids[i] = i;
	fill(&s, 10, ids, 100);
	scroll_select(&s, 57);
	assert_in_range(57, s.top, s.top + 9);
	scroll_move(&s, SCROLL_PAGE_DOWN);
	assert_int_equal(s.id, 66);
	assert_in_range(66, s.top, s.top + 9);
	scroll_move(&s, SCROLL_LAST);
	assert_int_equal(s.id, 99);
	assert_int_equal(s.top, 90);
	fill(&s, 30, ids, 100); /* the window grew */
	assert_int_equal(s.top, 70);
	scroll_release(&s);
}

static void
text_without_objects_scrolls(void **state)
{
	static const int ids[] = {-1, -1, -1, -1, -1, -1};
	struct scroll s = {.id = SCROLL_NOTHING};

	(void)state;
	fill(&s, 2, ids, COUNT(ids));
	scroll_move(&s, SCROLL_DOWN);
	assert_int_equal(s.top, 1);
	scroll_move(&s, SCROLL_LAST);
	assert_int_equal(s.top, 4);
	scroll_move(&s, SCROLL_UP);
	assert_int_equal(s.top, 3);
	scroll_release(&s);
}

static void
a_tail_stays_at_the_end_until_the_person_moves(void **state)
{
	static const int ids[] = {-1, -1, -1, -1, -1, -1, -1, -1};
	struct scroll s = {.id = SCROLL_NOTHING, .tail = true};

	(void)state;
	fill(&s, 2, ids, 4);
	assert_int_equal(s.top, 2);
	fill(&s, 2, ids, 6);
	assert_int_equal(s.top, 4);
	scroll_text(&s, SCROLL_UP);
	fill(&s, 2, ids, 8);
	assert_int_equal(s.top, 3);
	scroll_text(&s, SCROLL_LAST);
	assert_true(s.tail);
	scroll_release(&s);
}

static bool
is_even(const void *ctx, int id)
{
	(void)ctx;
	return id % 2 == 0;
}

static void
search_goes_round(void **state)
{
	static const int ids[] = {-1, 1, 2, 3, 4};
	struct scroll s = {.id = SCROLL_NOTHING};

	(void)state;
	fill(&s, 5, ids, COUNT(ids));
	scroll_select(&s, 3);
	assert_true(scroll_search(&s, true, is_even, NULL));
	assert_int_equal(s.id, 4);
	assert_true(scroll_search(&s, true, is_even, NULL));
	assert_int_equal(s.id, 2);
	assert_true(scroll_search(&s, false, is_even, NULL));
	assert_int_equal(s.id, 4);
	scroll_release(&s);
}

static void
an_empty_list_takes_every_key(void **state)
{
	struct scroll s = {.id = SCROLL_NOTHING};

	(void)state;
	fill(&s, 3, NULL, 0);
	for (int step = SCROLL_UP; step <= SCROLL_LAST; step++)
		scroll_move(&s, (enum scroll_step)step);
	assert_false(scroll_search(&s, true, is_even, NULL));
	assert_int_equal(s.id, SCROLL_NOTHING);
	assert_int_equal(s.top, 0);
	scroll_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_selection_stays_with_its_object),
		cmocka_unit_test(a_vanished_object_leaves_nothing_selected),
		cmocka_unit_test(headings_are_stepped_over),
		cmocka_unit_test(objects_of_several_lines_are_one_step),
		cmocka_unit_test(the_selection_is_brought_into_sight),
		cmocka_unit_test(text_without_objects_scrolls),
		cmocka_unit_test(a_tail_stays_at_the_end_until_the_person_moves),
		cmocka_unit_test(search_goes_round),
		cmocka_unit_test(an_empty_list_takes_every_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
