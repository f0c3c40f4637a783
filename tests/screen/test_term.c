/* The terminal layer in a real pseudo-terminal: every way out leaves it as it was. */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lib/pty.h"

enum { SOON_MS = 10000 };

static struct pty *
open_drawer(const char *color, const char *const *env)
{
	const char *build = getenv("BUILDDIR");
	char *path = mem_printf("%s/tests/screen/drawer", build ? build : ".");
	const char *const argv[] = {path, color, NULL};
	struct pty *p = pty_open(&(struct pty_opts){.argv = argv, .env = env});

	mem_free(path);
	assert_true(pty_wait_text(p, "row 4", SOON_MS));
	return p;
}

static int
end_of(struct pty *p)
{
	int status = 0;

	assert_true(pty_wait_exit(p, &status, SOON_MS));
	assert_true(pty_restored(p));
	assert_false(pty_altscreen(p));
	assert_true(pty_cursor(p).visible);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void
the_normal_end_restores(void **state)
{
	struct pty *p = open_drawer(NULL, NULL);

	(void)state;
	assert_true(pty_altscreen(p));
	pty_send(p, "q");
	assert_int_equal(end_of(p), 7);
	pty_close(p);
}

static void
exit_restores(void **state)
{
	struct pty *p = open_drawer(NULL, NULL);

	(void)state;
	pty_send(p, "e");
	end_of(p);
	pty_close(p);
}

static void
a_broken_invariant_restores(void **state)
{
	struct pty *p = open_drawer(NULL, NULL);

	(void)state;
	pty_send(p, "b");
	end_of(p);
	assert_true(pty_find(p, "a broken promise", &(int){0}, &(int){0}));
	pty_close(p);
}

static void
signals_restore(void **state)
{
	static const int signals[] = {
		SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGSEGV, SIGABRT, SIGBUS};

	(void)state;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		struct pty *p = open_drawer(NULL, NULL);

		pty_kill(p, signals[i]);
		end_of(p);
		pty_close(p);
	}
}

static void
the_cursor_stands_on_the_focused_row(void **state)
{
	struct pty *p = open_drawer(NULL, NULL);

	(void)state;
	assert_true(pty_cursor(p).visible);
	assert_int_equal(pty_cursor(p).row, 1);
	pty_send(p, "jj");
	assert_true(pty_wait_text(p, "key j", SOON_MS));
	pty_send(p, "x");
	assert_true(pty_wait_text(p, "key x", SOON_MS));
	assert_int_equal(pty_cursor(p).row, 3);
	assert_int_equal(pty_cursor(p).col, 1);
	assert_true(pty_cell_at(p, 3, 1).reverse);
	pty_send(p, "q");
	end_of(p);
	pty_close(p);
}

static void
a_paste_is_no_keys(void **state)
{
	struct pty *p = open_drawer(NULL, NULL);

	(void)state;
	pty_paste(p, "qqq");
	assert_true(pty_wait_text(p, "paste qqq", SOON_MS));
	pty_send(p, "q");
	assert_int_equal(end_of(p), 7);
	pty_close(p);
}

static void
a_resize_is_drawn(void **state)
{
	struct pty *p = open_drawer(NULL, NULL);

	(void)state;
	pty_resize(p, 40, 132);
	assert_true(pty_wait_text(p, "of 132x40", SOON_MS));
	pty_resize(p, 10, 30);
	assert_true(pty_wait_text(p, "of 30x10", SOON_MS));
	pty_send(p, "q");
	end_of(p);
	pty_close(p);
}

static void
suspending_gives_the_terminal_back_and_takes_it_again(void **state)
{
	struct pty *p = open_drawer(NULL, NULL);

	(void)state;
	pty_send(p, "<C-z>");
	assert_true(pty_wait_stop(p, SOON_MS));
	assert_true(pty_restored(p));
	pty_resume(p);
	assert_true(pty_wait_text(p, "key C-z", SOON_MS));
	assert_true(pty_altscreen(p));
	pty_send(p, "q");
	assert_int_equal(end_of(p), 7);
	pty_close(p);
}

static void
no_color_means_no_colour(void **state)
{
	static const char *const env[] = {"NO_COLOR=1", NULL};
	struct pty *p = open_drawer(NULL, env);
	struct pty_cell cell = pty_cell_of(p, "failed");

	(void)state;
	assert_int_equal(cell.fg, PTY_COLOUR_DEFAULT);
	assert_int_equal(cell.bg, PTY_COLOUR_DEFAULT);
	assert_true(cell.bold && cell.reverse);
	pty_send(p, "q");
	end_of(p);
	pty_close(p);
}

static void
colours_set_both_sides(void **state)
{
	static const char *const levels[] = {"16", "256"};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct pty *p = open_drawer(levels[i], NULL);
		struct pty_cell cell = pty_cell_of(p, "failed");

		assert_int_not_equal(cell.fg, PTY_COLOUR_DEFAULT);
		assert_int_not_equal(cell.bg, PTY_COLOUR_DEFAULT);
		pty_send(p, "q");
		end_of(p);
		pty_close(p);
	}
}

/* By descriptions of our own; the first eight colours are no names of the palette there. */
static void
true_colour_is_what_was_asked_for(void **state)
{
	static const char *const types[] = {
		"xterm-256color", "screen-256color", "tmux-256color"};
	char *dir = mem_printf("DRAWER_TERMINFO=%s/terminfo", getenv("BUILDDIR"));

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		char *type = mem_printf("TERM=%s", types[i]);
		const char *const env[] = {type, dir, "COLORTERM=truecolor", NULL};
		struct pty *p = open_drawer(NULL, env);
		struct pty_cell cell = pty_cell_of(p, "failed");

		assert_int_equal(cell.fg, PTY_COLOUR_RGB | 0x000003);
		assert_int_equal(cell.bg, PTY_COLOUR_RGB | 0xff9ecf);
		assert_true(cell.bold);
		assert_true(pty_wait_text(p, "of 80x24", SOON_MS));
		cell = pty_cell_at(p, 12, 40);
		assert_int_equal(cell.bg, PTY_COLOUR_RGB | 0x000000);
		pty_send(p, "q");
		assert_int_equal(end_of(p), 7);
		pty_close(p);
		mem_free(type);
	}
	mem_free(dir);
}

/* Without our descriptions, and on a terminal that announces nothing: the next best. */
static void
true_colour_that_cannot_be_had_is_not_promised(void **state)
{
	static const char *const there[] = {
		"DRAWER_TERMINFO=/nowhere", "COLORTERM=24bit", NULL};
	struct pty *p = open_drawer("true", there);
	struct pty_cell cell = pty_cell_of(p, "failed");

	(void)state;
	assert_int_equal(cell.bg, 160);
	pty_send(p, "q");
	end_of(p);
	pty_close(p);
}

static void
a_dumb_terminal_is_refused_with_a_sentence(void **state)
{
	const char *build = getenv("BUILDDIR");
	char *path = mem_printf("%s/tests/screen/drawer", build ? build : ".");
	const char *const argv[] = {path, NULL}, *const env[] = {"TERM=dumb", NULL};
	struct pty *p = pty_open(&(struct pty_opts){.argv = argv, .env = env});

	(void)state;
	assert_true(pty_wait_text(p, "handrail run --plain", SOON_MS));
	assert_int_equal(end_of(p), 2);
	pty_close(p);
	mem_free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_normal_end_restores),
		cmocka_unit_test(exit_restores),
		cmocka_unit_test(a_broken_invariant_restores),
		cmocka_unit_test(signals_restore),
		cmocka_unit_test(the_cursor_stands_on_the_focused_row),
		cmocka_unit_test(a_paste_is_no_keys),
		cmocka_unit_test(a_resize_is_drawn),
		cmocka_unit_test(suspending_gives_the_terminal_back_and_takes_it_again),
		cmocka_unit_test(no_color_means_no_colour),
		cmocka_unit_test(colours_set_both_sides),
		cmocka_unit_test(true_colour_is_what_was_asked_for),
		cmocka_unit_test(true_colour_that_cannot_be_had_is_not_promised),
		cmocka_unit_test(a_dumb_terminal_is_refused_with_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
