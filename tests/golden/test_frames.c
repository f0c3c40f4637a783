/*
 * Frames of the pure views against the text in this folder, at four sizes. A change of a
 * screen shows as a diff of these files: read it, then renew them with GOLDEN_UPDATE=1.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "stage.h"

static const struct {
	int rows, cols;
} sizes[] = {{24, 80}, {36, 120}, {60, 200}, {16, 60}};

static bool
read_file(const char *path, struct str *out)
{
	FILE *f = fopen(path, "r");
	char buf[4096];
	size_t n;

	if (!f)
		return false;
	while ((n = fread(buf, 1, sizeof buf, f)) > 0)
		str_add(out, buf, n);
	fclose(f);
	return true;
}

static void
write_file(const char *path, const struct str *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(text->buf, 1, text->len, f), text->len);
	assert_int_equal(fclose(f), 0);
}

static void
compare(const char *name, struct frame *f)
{
	const char *src = getenv("SRCDIR");
	char *path = mem_printf(
		"%s/tests/golden/%s-%dx%d.txt", src ? src : ".", name, f->cols, f->rows);
	struct str got = STR_INIT, want = STR_INIT;

	frame_text(f, &got);
	if (getenv("GOLDEN_UPDATE"))
		write_file(path, &got);
	else if (!read_file(path, &want))
		fail_msg("%s is not there; GOLDEN_UPDATE=1 writes it", path);
	else if (strcmp(want.buf, got.buf) != 0)
		fail_msg("%s differs; the frame is now:\n%s", path, got.buf);
	str_release(&got);
	str_release(&want);
	mem_free(path);
}

static void
frames_of(const struct stage_act *act)
{
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct frame f;

		frame_init(&f, sizes[i].rows, sizes[i].cols);
		act->draw(&f);
		assert_true(f.cursor_shown);
		compare(act->name, &f);
		frame_release(&f);
	}
}

static void
frames_are_as_written(void **state)
{
	size_t n;
	const struct stage_act *acts = stage_acts(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		frames_of(&acts[i]);
}

/* Nothing a view draws may reach outside of any window, however odd. */
static void
every_window_is_survived(void **state)
{
	size_t n;
	const struct stage_act *acts = stage_acts(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		for (int rows = 1; rows < 60; rows += 7)
			for (int cols = 1; cols < 200; cols += 23) {
				struct frame f;

				frame_init(&f, rows, cols);
				acts[i].draw(&f);
				frame_release(&f);
			}
}

static void
ascii_frames_hold_ascii_alone(void **state)
{
	size_t n;
	const struct stage_act *acts = stage_acts(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct str text = STR_INIT;
		struct frame f;

		frame_init(&f, 36, 120);
		f.ascii = true;
		acts[i].draw(&f);
		frame_text(&f, &text);
		for (size_t k = 0; k < text.len; k++)
			if ((unsigned char)text.buf[k] > 0x7e)
				fail_msg("%s draws more than ASCII:\n%s", acts[i].name,
					text.buf);
		str_release(&text);
		frame_release(&f);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_are_as_written),
		cmocka_unit_test(every_window_is_survived),
		cmocka_unit_test(ascii_frames_hold_ascii_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
