#include "view/field.h"

#include "unit.h"

#include <string.h>

static void
type(struct field *f, const char *ascii)
{
	for (; *ascii; ascii++)
		assert_true(field_type(f, (const char[]){*ascii, '\0'}));
}

static void
letters_go_where_the_cursor_is(void **state)
{
	struct field f;

	(void)state;
	field_init(&f);
	type(&f, "restore db");
	for (int i = 0; i < 2; i++)
		field_edit(&f, FIELD_LEFT);
	type(&f, "ni-");
	assert_string_equal(f.text.buf, "restore ni-db");
	field_edit(&f, FIELD_START);
	field_edit(&f, FIELD_DELETE);
	field_edit(&f, FIELD_END);
	field_edit(&f, FIELD_BACKSPACE);
	assert_string_equal(f.text.buf, "estore ni-d");
	field_release(&f);
}

static void
steps_are_whole_graphemes(void **state)
{
	struct field f;

	(void)state;
	field_init(&f);
	field_set(&f, "ae\xcc\x81\xc3\xbc"); /* a, e with a combining accent, ü */
	field_edit(&f, FIELD_LEFT);
	field_edit(&f, FIELD_BACKSPACE);
	assert_string_equal(f.text.buf, "a\xc3\xbc");
	field_release(&f);
}

static void
the_kill_keys_do_what_the_shell_does(void **state)
{
	struct field f;

	(void)state;
	field_init(&f);
	field_set(&f, "one two  ");
	field_edit(&f, FIELD_KILL_WORD);
	assert_string_equal(f.text.buf, "one ");
	field_set(&f, "one two");
	for (int i = 0; i < 3; i++)
		field_edit(&f, FIELD_LEFT);
	field_edit(&f, FIELD_KILL_END);
	assert_string_equal(f.text.buf, "one ");
	type(&f, "x");
	field_edit(&f, FIELD_LEFT);
	field_edit(&f, FIELD_KILL_BACK);
	assert_string_equal(f.text.buf, "x");
	field_release(&f);
}

static void
nothing_happens_at_the_ends(void **state)
{
	struct field f;

	(void)state;
	field_init(&f);
	for (int e = FIELD_LEFT; e <= FIELD_KILL_END; e++)
		field_edit(&f, (enum field_edit)e);
	assert_string_equal(f.text.buf, "");
	field_release(&f);
}

static void
a_paste_is_harmless_and_one_line(void **state)
{
	static const char text[] = "a\tb\nc\033[31m\n";
	struct field f;

	(void)state;
	field_init(&f);
	assert_true(field_paste(&f, text, strlen(text)));
	assert_string_equal(f.text.buf, "a b c^[[31m");
	field_release(&f);
}

static void
a_refused_paste_changes_nothing(void **state)
{
	struct field f;

	(void)state;
	field_init(&f);
	f.paste = FIELD_PASTE_REFUSED;
	assert_false(field_paste(&f, "restore", 7));
	assert_string_equal(f.text.buf, "");
	field_release(&f);
}

static void
hidden_letters_are_stars_alone(void **state)
{
	struct field f;
	struct frame fr;
	struct str text = STR_INIT;

	(void)state;
	field_init(&f);
	f.echo = FIELD_HIDDEN;
	type(&f, "geheim");
	frame_init(&fr, 1, 20);
	field_draw(&f, &fr, (struct area){0, 0, 1, 20}, FRAME_FOCUS);
	frame_text(&fr, &text);
	assert_string_equal(text.buf, "******\ncursor 0,6\n");
	str_release(&text);
	frame_release(&fr);
	field_release(&f);
}

static void
a_long_text_shows_its_cursor(void **state)
{
	struct field f;
	struct frame fr;
	struct str text = STR_INIT;

	(void)state;
	field_init(&f);
	type(&f, "abcdefghij");
	frame_init(&fr, 1, 6);
	field_draw(&f, &fr, (struct area){0, 0, 1, 6}, FRAME_FOCUS);
	frame_text(&fr, &text);
	assert_string_equal(text.buf, "fghij\ncursor 0,5\n");
	str_release(&text);
	frame_release(&fr);
	field_release(&f);
}

static void
there_is_a_limit(void **state)
{
	struct field f;

	(void)state;
	field_init(&f);
	f.max_bytes = 3;
	type(&f, "abc");
	assert_false(field_type(&f, "d"));
	assert_false(field_paste(&f, "d", 1));
	assert_false(field_type(&f, "\n"));
	field_release(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_go_where_the_cursor_is),
		cmocka_unit_test(steps_are_whole_graphemes),
		cmocka_unit_test(the_kill_keys_do_what_the_shell_does),
		cmocka_unit_test(nothing_happens_at_the_ends),
		cmocka_unit_test(a_paste_is_harmless_and_one_line),
		cmocka_unit_test(a_refused_paste_changes_nothing),
		cmocka_unit_test(hidden_letters_are_stars_alone),
		cmocka_unit_test(a_long_text_shows_its_cursor),
		cmocka_unit_test(there_is_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
