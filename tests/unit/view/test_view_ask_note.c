/* Which record a note corrects. */

#include "unit.h"

#include "view/view_ask.h"

static void
say(struct run *r, int64_t seq, const char *text)
{
	vec_push(&r->notes.list,
		(struct noted){.seq = seq,
			.who = (char *)"anna",
			.text = (char *)text,
			.step = NONE,
			.of = -1});
}

static void
the_row_that_was_shown_is_meant(void **state)
{
	struct run r = {0};
	struct form f;

	(void)state;
	say(&r, 3, "all quiet");
	say(&r, 5, "it burns");
	view_ask_note(&f, &r, NONE, (struct now){0});
	assert_int_equal(view_ask_note_of(&f), -1);
	form_item(&f, ASK_LIST)->scroll.id = 1;
	assert_int_equal(view_ask_note_of(&f), 5);
	/* somebody says more while it is open */
	say(&r, 8, "it burns well");
	assert_int_equal(view_ask_note_of(&f), 5);
	form_item(&f, ASK_LIST)->scroll.id = 2;
	assert_int_equal(view_ask_note_of(&f), 3);
	form_release(&f);
	vec_free(&r.notes.list);
}

static void
without_anything_said_it_is_new(void **state)
{
	struct run r = {0};
	struct form f;

	(void)state;
	view_ask_note(&f, &r, NONE, (struct now){0});
	say(&r, 8, "it burns");
	assert_int_equal(view_ask_note_of(&f), -1);
	form_release(&f);
	vec_free(&r.notes.list);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_row_that_was_shown_is_meant),
		cmocka_unit_test(without_anything_said_it_is_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
