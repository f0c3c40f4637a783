#include "view/form.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

enum { WORDS, ROWS, LOOKED, GO, LEAVE };

static const struct now start = {.mono = {1000}};

static struct now
after(int64_t ms)
{
	return (struct now){.mono = {1000 + ms}};
}

static void
danger(struct form *f)
{
	form_init(f, "Load the dump", start);
	f->guard_ms = 3000;
	form_add_field(f, WORDS, "Type it:")->field.paste = FIELD_PASTE_REFUSED;
	form_add_button(f, GO, "Run it")->guarded = true;
	form_add_button(f, LEAVE, "Cancel");
}

static enum form_result
press_enter(struct form *f, struct now now, int *button)
{
	*button = FORM_NO_ID;
	return form_do(f, ACTION_FORM_ACCEPT, now, button);
}

static void
a_guarded_button_waits_for_its_time(void **state)
{
	struct form f;
	int button;

	(void)state;
	danger(&f);
	assert_int_equal(press_enter(&f, after(2999), &button), FORM_TOO_EARLY);
	assert_int_equal(press_enter(&f, after(3000), &button), FORM_PRESSED);
	assert_int_equal(button, GO);
	form_release(&f);
}

static void
a_button_that_is_off_is_not_pressed(void **state)
{
	struct form f;
	int button;

	(void)state;
	danger(&f);
	form_button_off(&f, GO, "off until the words match");
	assert_int_equal(press_enter(&f, after(5000), &button), FORM_IS_OFF);
	form_button_off(&f, GO, NULL);
	assert_int_equal(press_enter(&f, after(5000), &button), FORM_PRESSED);
	form_release(&f);
}

static void
cancel_needs_no_guard(void **state)
{
	struct form f;
	int button;

	(void)state;
	danger(&f);
	f.focus = 2;
	assert_int_equal(press_enter(&f, after(0), &button), FORM_PRESSED);
	assert_int_equal(button, LEAVE);
	assert_int_equal(form_do(&f, ACTION_ESCAPE, start, &button), FORM_CANCELLED);
	assert_int_equal(form_do(&f, ACTION_STOP, start, &button), FORM_CANCELLED);
	form_release(&f);
}

static void
a_paste_into_the_phrase_is_refused(void **state)
{
	struct form f;

	(void)state;
	danger(&f);
	assert_int_equal(form_paste(&f, "restore", 7), FORM_NO_PASTE);
	assert_string_equal(form_field_text(&f, WORDS), "");
	assert_int_equal(form_type(&f, "r"), FORM_CHANGED);
	f.focus = 1;
	assert_int_equal(form_type(&f, "r"), FORM_NOTHING);
	form_release(&f);
}

static void
choices(struct form *f)
{
	form_init(f, "Input dump", start);
	form_add_field(f, WORDS, "Value");
	form_add_list(f, ROWS, "")->filter = WORDS;
	form_list_add(form_item(f, ROWS), "/backups/Monday.gz");
	form_list_add(form_item(f, ROWS), "/backups/tuesday.gz");
	form_add_button(f, GO, "Set it");
	form_add_button(f, LEAVE, "Later");
}

static void
typing_narrows_the_list(void **state)
{
	struct form f;

	(void)state;
	choices(&f);
	assert_int_equal(form_chosen(&f, ROWS), 0);
	form_type(&f, "t");
	form_type(&f, "u");
	assert_int_equal(form_chosen(&f, ROWS), 1);
	form_type(&f, "x");
	assert_int_equal(form_chosen(&f, ROWS), FORM_NO_ID);
	form_release(&f);
}

static void
small_letters_match_both_and_large_ones_themselves(void **state)
{
	(void)state;
	assert_true(form_row_matches("/backups/Monday.gz", "monday"));
	assert_true(form_row_matches("/backups/Monday.gz", "Mon"));
	assert_false(form_row_matches("/backups/monday.gz", "Mon"));
	assert_true(form_row_matches("anything", ""));
}

static void
enter_in_the_last_field_goes_on(void **state)
{
	struct form f;
	int button;

	(void)state;
	choices(&f);
	assert_int_equal(press_enter(&f, start, &button), FORM_PRESSED);
	assert_int_equal(button, GO);
	form_release(&f);
}

static void
arrows_move_the_list_while_the_field_has_the_focus(void **state)
{
	struct form f;
	struct frame fr;
	int button;

	(void)state;
	choices(&f);
	frame_init(&fr, 24, 80);
	form_draw(&f, &fr, (struct area){0, 0, 24, 80}, start);
	form_do(&f, ACTION_DOWN, start, &button);
	assert_int_equal(form_chosen(&f, ROWS), 1);
	frame_release(&fr);
	form_release(&f);
}

static void
space_ticks_the_box(void **state)
{
	struct form f;
	int button;

	(void)state;
	form_init(&f, "Sign", start);
	form_add_check(&f, LOOKED, "looked");
	form_add_button(&f, GO, "Sign");
	assert_false(form_checked(&f, LOOKED));
	form_do(&f, ACTION_FORM_TOGGLE, start, &button);
	assert_true(form_checked(&f, LOOKED));
	form_release(&f);
}

static void
tab_goes_round(void **state)
{
	struct form f;
	int button;

	(void)state;
	danger(&f);
	for (int i = 0; i < 3; i++)
		form_do(&f, ACTION_FORM_NEXT, start, &button);
	assert_int_equal(f.focus, 0);
	form_do(&f, ACTION_FORM_PREV, start, &button);
	assert_int_equal(f.focus, 2);
	form_release(&f);
}

/* No word of a text is lost behind a long label. */
static void
a_long_label_takes_nothing_from_its_text(void **state)
{
	static const char *const labels[] = {"it-fits", "restore-first",
		"restore-everything-from-the-dump-of-the-night-before-that"};
	static const char says[] = "They took something away: the database must be "
				   "restored first, and what was written is lost.";

	(void)state;
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		struct str all = STR_INIT;
		struct frame fr = {0};
		struct form f;
		char word[32];

		danger(&f);
		form_body_label(&f, labels[i], says);
		frame_init(&fr, 24, 78);
		form_draw(&f, &fr, (struct area){0, 0, 24, 78}, start);
		frame_text(&fr, &all);
		for (const char *s = says; sscanf(s, "%31s", word) == 1;) {
			if (!strstr(all.buf, word))
				fail_msg("%s: %s is not there", labels[i], word);
			s = strchr(s, ' ');
			if (!s)
				break;
			s++;
		}
		str_release(&all);
		frame_release(&fr);
		form_release(&f);
	}
}

/* A reason is typed at once, and the arrows still choose what it is the reason of. */
static void
a_field_below_a_list_moves_it(void **state)
{
	struct form f;
	struct frame fr;
	struct form_item *list;
	int button;

	(void)state;
	form_init(&f, "Leave out a step", start);
	list = form_add_list(&f, 1, "");
	form_list_add(list, "Skip it");
	form_list_add(list, "It is not applicable here");
	form_add_field(&f, 2, "Reason");
	form_add_button(&f, 3, "Record it");
	form_focus(&f, 2);
	frame_init(&fr, 24, 80);
	form_draw(&f, &fr, (struct area){0, 0, 24, 80}, start);
	frame_release(&fr);
	assert_int_equal(form_type(&f, "h"), FORM_CHANGED);
	form_do(&f, ACTION_DOWN, start, &button);
	assert_int_equal(form_type(&f, "j"), FORM_CHANGED);
	assert_int_equal(form_chosen(&f, 1), 1);
	assert_string_equal(form_field_text(&f, 2), "hj");
	assert_int_equal(form_do(&f, ACTION_FORM_ACCEPT, start, &button), FORM_PRESSED);
	assert_int_equal(button, 3);
	form_release(&f);
}

static void
every_size_is_drawn(void **state)
{
	(void)state;
	for (int rows = 1; rows < 50; rows += 3)
		for (int cols = 1; cols < 170; cols += 13) {
			struct form f;
			struct frame fr;

			danger(&f);
			for (int i = 0; i < 30; i++)
				form_body_label(&f, "Why",
					"some longer text that must be wrapped");
			frame_init(&fr, rows, cols);
			form_draw(&f, &fr, (struct area){0, 0, rows, cols}, start);
			frame_release(&fr);
			form_release(&f);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_guarded_button_waits_for_its_time),
		cmocka_unit_test(a_button_that_is_off_is_not_pressed),
		cmocka_unit_test(cancel_needs_no_guard),
		cmocka_unit_test(a_paste_into_the_phrase_is_refused),
		cmocka_unit_test(typing_narrows_the_list),
		cmocka_unit_test(small_letters_match_both_and_large_ones_themselves),
		cmocka_unit_test(enter_in_the_last_field_goes_on),
		cmocka_unit_test(arrows_move_the_list_while_the_field_has_the_focus),
		cmocka_unit_test(a_field_below_a_list_moves_it),
		cmocka_unit_test(space_ticks_the_box),
		cmocka_unit_test(tab_goes_round),
		cmocka_unit_test(a_long_label_takes_nothing_from_its_text),
		cmocka_unit_test(every_size_is_drawn),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
