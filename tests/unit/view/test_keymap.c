#include "view/keymap.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "view/scene.h"

static const enum keymap_place places[] = {ON_HOME, ON_PLAN, ON_RUN, ON_FORM, ON_TEXT,
	ON_HELP, ON_PROBLEMS, ON_COMMANDS, ON_SMALL, ON_LOGS, ON_HEALTH};

/* Calls back for every key of a row. */
static void
each_key(enum action a, void (*fn)(enum action a, const char *key))
{
	char keys[64];
	char *save = NULL;

	snprintf(keys, sizeof keys, "%s", keymap_row(a)->keys);
	for (char *k = strtok_r(keys, " ", &save); k; k = strtok_r(NULL, " ", &save))
		fn(a, k);
}

static void
key_is_no_bare_letter(enum action a, const char *key)
{
	if (strlen(key) < 2 || strcmp(key, "Space") == 0)
		fail_msg(
			"%s runs something on the bare key %s", keymap_row(a)->name, key);
}

static void
no_bare_letter_runs_anything(void **state)
{
	(void)state;
	for (int a = 0; a < ACTION_COUNT; a++)
		if (keymap_row(a)->effect == KEYMAP_EXECUTES)
			each_key(a, key_is_no_bare_letter);
}

static void
only_enter_runs_anything(void **state)
{
	(void)state;
	for (int a = 0; a < ACTION_COUNT; a++)
		if (keymap_row(a)->effect == KEYMAP_EXECUTES)
			assert_string_equal(keymap_row(a)->keys, "Enter");
}

static void
key_finds_its_row(enum action a, const char *key)
{
	for (size_t p = 0; p < COUNT(places); p++) {
		enum action found;

		if (!(keymap_row(a)->places & (int)places[p]))
			continue;
		found = keymap_find(NULL, places[p], key);
		if (found != a)
			fail_msg("%s: %s and %s in one place", key, keymap_row(a)->name,
				keymap_row(found)->name);
	}
}

static void
no_key_means_two_things_in_one_place(void **state)
{
	(void)state;
	for (int a = 0; a < ACTION_COUNT; a++)
		each_key(a, key_finds_its_row);
}

static void
every_action_has_a_name_a_key_and_help(void **state)
{
	(void)state;
	for (int a = 0; a < ACTION_COUNT; a++) {
		const struct keymap_row *row = keymap_row(a);

		assert_true(strlen(row->name) > 3 && strchr(row->name, '.'));
		assert_true(strlen(row->keys) > 0);
		assert_true(strlen(row->help) > 5);
		assert_true(row->places != 0);
		for (int b = 0; b < a; b++)
			assert_string_not_equal(row->name, keymap_row(b)->name);
	}
}

static void
text_fields_keep_every_letter(void **state)
{
	char key[2] = {0};

	(void)state;
	for (key[0] = '!'; key[0] <= '~'; key[0]++)
		assert_int_equal(keymap_find(NULL, ON_TEXT, key), ACTION_NONE);
	assert_int_equal(keymap_find(NULL, ON_TEXT, "Space"), ACTION_NONE);
}

static void
keys_of_tmux_and_flow_control_stay_free(void **state)
{
	static const char *const keys[] = {
		"C-b", "C-s", "C-q", "C-j", "C-h", "C-i", "C-m"};

	(void)state;
	for (size_t p = 0; p < COUNT(places); p++)
		for (size_t k = 0; k < COUNT(keys); k++)
			assert_int_equal(
				keymap_find(NULL, places[p], keys[k]), ACTION_NONE);
	for (size_t p = 0; p < COUNT(places); p++)
		if (!(places[p] & ON_TYPING)) {
			assert_int_equal(
				keymap_find(NULL, places[p], "C-a"), ACTION_NONE);
			assert_int_equal(
				keymap_find(NULL, places[p], "C-w"), ACTION_NONE);
			assert_int_equal(
				keymap_find(NULL, places[p], "C-k"), ACTION_NONE);
		}
}

static void
footer_of(
	enum keymap_place place, const struct keymap_can *can, int cols, struct str *out)
{
	struct frame f;

	frame_init(&f, 1, cols);
	keymap_footer(&f, (struct area){0, 0, 1, cols}, place, can, NULL);
	frame_text(&f, out);
	frame_release(&f);
}

static void
footer_says_what_the_table_says(void **state)
{
	static const enum keymap_place shown[] = {
		ON_HOME, ON_PLAN, ON_RUN, ON_FORM, ON_TEXT};
	struct keymap_can can = {0};

	(void)state;
	for (size_t p = 0; p < COUNT(shown); p++) {
		struct str text = STR_INIT;

		footer_of(shown[p], &can, 400, &text);
		for (int a = 0; a < ACTION_COUNT; a++) {
			const struct keymap_row *row = keymap_row(a);
			char first[16], want[96];
			struct str key = STR_INIT;

			if (!(row->places & (int)shown[p]) || !row->footer)
				continue;
			snprintf(first, sizeof first, "%.*s",
				(int)strcspn(row->keys, " "), row->keys);
			keymap_key_text(first, false, &key);
			snprintf(want, sizeof want, "%s %s", key.buf, row->footer);
			if (!strstr(text.buf, want))
				fail_msg("footer lacks \"%s\": %s", want, text.buf);
			str_release(&key);
		}
		str_release(&text);
	}
}

static void
footer_leaves_out_what_cannot_be_done_now(void **state)
{
	struct keymap_can can = {0};
	struct str text = STR_INIT;

	(void)state;
	keymap_deny(&can, ACTION_RUN_TICK, "done already");
	can.word[ACTION_RUN_ACT] = "arm";
	footer_of(ON_RUN, &can, 200, &text);
	assert_null(strstr(text.buf, "tick"));
	assert_non_null(strstr(text.buf, "Enter arm"));
	str_release(&text);
}

static void
footer_is_cut_from_the_right_but_never_loses_help(void **state)
{
	struct keymap_can can = {0};

	(void)state;
	for (int cols = 12; cols < 140; cols++) {
		struct str text = STR_INIT;

		footer_of(ON_RUN, &can, cols, &text);
		if (!strstr(text.buf, "? help"))
			fail_msg("%d columns: %s", cols, text.buf);
		str_release(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_bare_letter_runs_anything),
		cmocka_unit_test(only_enter_runs_anything),
		cmocka_unit_test(no_key_means_two_things_in_one_place),
		cmocka_unit_test(every_action_has_a_name_a_key_and_help),
		cmocka_unit_test(text_fields_keep_every_letter),
		cmocka_unit_test(keys_of_tmux_and_flow_control_stay_free),
		cmocka_unit_test(footer_says_what_the_table_says),
		cmocka_unit_test(footer_leaves_out_what_cannot_be_done_now),
		cmocka_unit_test(footer_is_cut_from_the_right_but_never_loses_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
