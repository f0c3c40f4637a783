#include "view/frame.h"

#include "unit.h"

#include <string.h>

#include "base/text.h"

static void
assert_frame(const struct frame *f, const char *want)
{
	struct str text = STR_INIT;

	frame_text(f, &text);
	assert_string_equal(text.buf, want);
	str_release(&text);
}

static void
text_is_cut_with_an_ellipsis(void **state)
{
	struct frame f;

	(void)state;
	frame_init(&f, 2, 8);
	assert_int_equal(
		frame_put(&f, (struct area){0, 1, 1, 5}, STYLE_TEXT, "abcdefgh"), 5);
	frame_put(&f, (struct area){1, 1, 1, 5}, STYLE_TEXT, "abcde");
	assert_frame(&f, " abcd…\n abcde\n");
	frame_release(&f);
}

static void
ascii_frames_hold_ascii_alone(void **state)
{
	struct frame f;

	(void)state;
	frame_init(&f, 3, 24);
	f.ascii = true;
	frame_box(&f, (struct area){0, 0, 3, 24},
		&(struct frame_box){
			.title = "Steps", .right = "2/3", .focus = FRAME_FOCUS});
	frame_put(&f, (struct area){1, 1, 1, 4}, STYLE_TEXT, "abcdefgh");
	assert_frame(&f,
		"+-[ Steps ]------ 2/3 -+\n|abc~                  |\n"
		"+----------------------+\n");
	frame_release(&f);
}

static void
focus_shows_without_colour(void **state)
{
	struct frame f;

	(void)state;
	frame_init(&f, 2, 16);
	frame_box(&f, (struct area){0, 0, 2, 16},
		&(struct frame_box){.title = "Steps", .focus = FRAME_FOCUS});
	assert_frame(&f, "┌─[ Steps ]────┐\n└──────────────┘\n");
	frame_box(&f, (struct area){0, 0, 2, 16}, &(struct frame_box){.title = "Steps"});
	assert_frame(&f, "┌─ Steps ──────┐\n└──────────────┘\n");
	frame_release(&f);
}

static void
wide_characters_take_two_cells(void **state)
{
	struct frame f;

	(void)state;
	frame_init(&f, 1, 6);
	assert_int_equal(
		frame_put(&f, (struct area){0, 0, 1, 6}, STYLE_TEXT, "漢字x"), 5);
	assert_int_equal(frame_cell(&f, 0, 0)->width, 2);
	assert_string_equal(frame_cell(&f, 0, 1)->text, "");
	assert_frame(&f, "漢字x\n");
	frame_release(&f);
}

static void
half_a_wide_character_becomes_a_blank(void **state)
{
	struct frame f;

	(void)state;
	frame_init(&f, 1, 6);
	frame_put(&f, (struct area){0, 0, 1, 6}, STYLE_TEXT, "漢字");
	frame_put(&f, (struct area){0, 1, 1, 1}, STYLE_TEXT, "a");
	assert_frame(&f, " a字\n");
	frame_put(&f, (struct area){0, 2, 1, 1}, STYLE_TEXT, "b");
	assert_frame(&f, " ab\n");
	frame_release(&f);
}

static void
nothing_is_drawn_outside(void **state)
{
	struct frame f;

	(void)state;
	frame_init(&f, 2, 4);
	frame_put(&f, (struct area){-1, 0, 1, 4}, STYLE_TEXT, "x");
	frame_put(&f, (struct area){5, 0, 1, 4}, STYLE_TEXT, "x");
	frame_put(&f, (struct area){0, 3, 1, 40}, STYLE_TEXT, "漢");
	frame_fill(&f, (struct area){-3, -3, 20, 20}, STYLE_TEXT);
	frame_restyle(&f, (struct area){-3, -3, 20, 20}, STYLE_SELECT);
	frame_box(&f, (struct area){-2, -2, 9, 9}, &(struct frame_box){.title = "t"});
	frame_cursor(&f, 99, 99);
	assert_int_equal(f.cursor_row, 1);
	assert_int_equal(f.cursor_col, 3);
	frame_release(&f);
}

static void
no_control_byte_reaches_a_cell(void **state)
{
	static const char evil[] = "a\033[2Jb\r\n\tc\x07\xc2\x9b"
				   "d\xff\xe2\x80\xaeX";
	struct frame f;

	(void)state;
	frame_init(&f, 1, 60);
	frame_put(&f, (struct area){0, 0, 1, 60}, STYLE_TEXT, evil);
	for (int c = 0; c < 60; c++) {
		const char *text = frame_cell(&f, 0, c)->text;
		uint32_t cp;

		for (size_t i = 0; text[i];
			i += text_decode(text + i, strlen(text + i), &cp)) {
			text_decode(text + i, strlen(text + i), &cp);
			assert_false(cp < 0x20 || cp == 0x7f ||
				(cp >= 0x80 && cp < 0xa0) || cp == 0x202e);
		}
	}
	frame_release(&f);
}

static void
right_texts_end_at_the_edge(void **state)
{
	struct frame f;

	(void)state;
	frame_init(&f, 1, 8);
	assert_int_equal(
		frame_put_right(&f, (struct area){0, 0, 1, 8}, STYLE_TEXT, "abc"), 3);
	assert_frame(&f, "     abc\n");
	frame_clear(&f);
	frame_put_right(&f, (struct area){0, 2, 1, 4}, STYLE_TEXT, "abcdefgh");
	assert_frame(&f, "  abc…\n");
	frame_release(&f);
}

static void
the_cursor_is_part_of_the_text(void **state)
{
	struct frame f;

	(void)state;
	frame_init(&f, 1, 3);
	frame_cursor(&f, 0, 2);
	assert_frame(&f, "\ncursor 0,2\n");
	frame_release(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_cut_with_an_ellipsis),
		cmocka_unit_test(ascii_frames_hold_ascii_alone),
		cmocka_unit_test(focus_shows_without_colour),
		cmocka_unit_test(wide_characters_take_two_cells),
		cmocka_unit_test(half_a_wide_character_becomes_a_blank),
		cmocka_unit_test(nothing_is_drawn_outside),
		cmocka_unit_test(no_control_byte_reaches_a_cell),
		cmocka_unit_test(right_texts_end_at_the_edge),
		cmocka_unit_test(the_cursor_is_part_of_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
