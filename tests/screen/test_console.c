/*
 * The console as a whole, by the real program in a pseudo-terminal: every size of window and
 * hundreds of changes of it, the cursor on the marked row, the list of commands, copying,
 * keys of one's own, terminals without colour or UTF-8, and a screen that is silent while
 * nothing happens.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "lib/pty.h"

enum { SOON_MS = 20000, RESIZES = 300, SEED = 20261128, IDLE_QUICK = 2, IDLE_LONG = 10 };

struct stand {
	char dir[64];
	struct pty *p;
};

static void
put(const struct stand *st, const char *name, const char *text)
{
	char *path = file_join(st->dir, name), *dir = file_dir(path);
	struct err e = ERR_INIT;

	assert_true(file_mkdirs(dir, 0700, &e));
	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(dir);
	mem_free(path);
}

static int
set_up(void **state)
{
	struct stand *st = calloc(1, sizeof *st);

	if (!st)
		return -1;
	snprintf(st->dir, sizeof st->dir, "/tmp/console-XXXXXX");
	if (!mkdtemp(st->dir))
		return -1;
	put(st, "way.yaml",
		"handrail: 1\ntitle: The way\nkind: deploy\nwhy: To see it.\nsteps:\n"
		"  - {id: tell, do: Tell them}\n"
		"  - {id: look, run: echo seen, title: Look, risk: none, expect: {exit: 0}}\n"
		"  - {id: act, run: touch acted, title: Act, expect: {exit: 0}, undo: rm acted}\n"
		"  - {id: last, do: Tell them again}\n");
	put(st, "other.yaml",
		"handrail: 1\ntitle: Another\nsteps: [{do: Nothing much}]\n");
	put(st, "handrail.yaml", "handrail_project: 1\nname: stand\nrunbooks: [.]\n");
	*state = st;
	return 0;
}

static int
tear_down(void **state)
{
	struct stand *st = *state;
	char remove[128];

	pty_close(st->p);
	snprintf(remove, sizeof remove, "rm -rf %s", st->dir);
	free(st);
	return system(remove);
}

struct how {
	const char *file, *set; /* one more variable, or NULL */
	const char *option, *value;
	int rows, cols;
};

static void
begin(struct stand *st, const struct how *h)
{
	const char *argv[8] = {getenv("HANDRAIL")};
	char state[128], config[128], runtime[128];
	const char *const env[] = {state, config, runtime, "HANDRAIL_OPERATOR=anna",
		"HANDRAIL_RUNBOOKS", "ACCESSIBLE", h->set, NULL};
	int n = 1;

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", st->dir);
	snprintf(config, sizeof config, "XDG_CONFIG_HOME=%s/config", st->dir);
	snprintf(runtime, sizeof runtime, "XDG_RUNTIME_DIR=%s", st->dir);
	if (h->option)
		argv[n++] = h->option;
	if (h->value)
		argv[n++] = h->value;
	if (h->file)
		argv[n++] = h->file;
	pty_close(st->p);
	st->p = pty_open(&(struct pty_opts){.argv = argv,
		.env = env,
		.dir = st->dir,
		.rows = h->rows,
		.cols = h->cols});
}

static void
see(struct stand *st, const char *text)
{
	if (!pty_wait_text(st->p, text, SOON_MS))
		fail_msg("not seen: %s", text);
}

static void
see_no_more(struct stand *st, const char *text)
{
	if (!pty_wait_gone(st->p, text, SOON_MS))
		fail_msg("still seen: %s", text);
}

static void
begin_run(struct stand *st, const struct how *h)
{
	begin(st, h);
	see(st, "Plan > The");
	pty_send(st->p, "<Enter>");
	see(st, "Steps 0/4");
	if (!h->cols || h->cols >= 80) /* else the message needs the place */
		see(st, "journal #0 synced");
}

/* ---- sizes ------------------------------------------------------------------------------- */

/* The real cursor stands on the row with the mark: screen readers and magnifiers follow it. */
static bool
cursor_is_on_mark(struct pty *p, void *arg)
{
	struct pty_cursor c = pty_cursor(p);
	const char *row = pty_row(p, c.row);
	const char *mark = strchr(row, '>');

	(void)arg;
	return c.visible && mark && mark - row < 8;
}

static void
the_cursor_is_on_the_marked_row_at_every_size(void **state)
{
	static const struct {
		int rows, cols;
	} sizes[] = {{16, 60}, {24, 80}, {36, 120}, {60, 200}};
	struct stand *st = *state;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		begin_run(st,
			&(struct how){.file = "way.yaml",
				.rows = sizes[i].rows,
				.cols = sizes[i].cols});
		assert_true(pty_wait(st->p, cursor_is_on_mark, NULL, SOON_MS));
		pty_send(st->p, "j");
		see(st, ">[ ] 2");
		assert_true(pty_wait(st->p, cursor_is_on_mark, NULL, SOON_MS));
		pty_send(st->p, "<F2>");
		see(st, "Open runs");
		assert_true(pty_wait(st->p, cursor_is_on_mark, NULL, SOON_MS));
	}
}

/* Ctrl-L is the last key sent: the screen was cleared after it. */
static bool
was_cleared(struct pty *p, void *arg)
{
	static const char clear[] = "\033[H\033[2J";
	size_t n, from = *(size_t *)arg;
	const char *raw = pty_raw(p, &n);

	return n > from && memmem(raw + from, n - from, clear, sizeof clear - 1);
}

static void
below_the_smallest_size_keys_do_nothing(void **state)
{
	struct stand *st = *state;
	size_t before;

	begin_run(st, &(struct how){.file = "way.yaml"});
	pty_resize(st->p, 15, 60);
	see(st, "Window is 60x15, handrail needs 60x16.");
	pty_raw(st->p, &before);
	pty_send(st->p, "<Space>sqV<Enter><F10><F2><C-l>");
	assert_true(pty_wait(st->p, was_cleared, &before, SOON_MS));
	pty_resize(st->p, 24, 80);
	see(st, ">[ ] 1");
	see(st, "Steps 0/4");
	pty_resize(st->p, 24, 59);
	see(st, "Window is 59x24");
	pty_resize(st->p, 16, 60);
	see(st, ">[ ] 1");
}

static unsigned
any(uint64_t *rng, unsigned below)
{
	*rng ^= *rng << 13;
	*rng ^= *rng >> 7;
	*rng ^= *rng << 17;
	return (unsigned)(*rng % below);
}

/* Also to one cell, also with dialogs open, and in between keys that change the screen. */
static void
hundreds_of_sizes_are_survived(void **state)
{
	static const char *const keys[] = {"j", "<Tab>", "?", "<Esc>", "f", "a", ":",
		"<F2>", "<F3>", "d", "<PageDown>"};
	struct stand *st = *state;
	uint64_t rng = SEED;

	begin_run(st, &(struct how){.file = "way.yaml"});
	for (int i = 0; i < RESIZES; i++) {
		int rows = i % 50 == 0 ? 1 : 1 + (int)any(&rng, 70);
		int cols = i % 50 == 0 ? 1 : 1 + (int)any(&rng, 220);

		pty_resize(st->p, rows, cols);
		pty_send(st->p, keys[any(&rng, sizeof keys / sizeof *keys)]);
		pty_poll(st->p);
	}
	pty_resize(st->p, 30, 100);
	/* out of everything the keys have opened; a dialog may have thrown some away */
	pty_send(st->p, "<Esc>");
	see(st, "anna │");
	pty_kill(st->p, 15);
	int status = 0;
	assert_true(pty_wait_exit(st->p, &status, SOON_MS));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 143);
	assert_true(pty_restored(st->p));
}

/* ---- commands, copying, own keys ----------------------------------------------------------- */

static void
commands_are_found_by_typing_and_say_why_not(void **state)
{
	struct stand *st = *state;

	begin_run(st, &(struct how){.file = "way.yaml"});
	pty_send(st->p, ":way back");
	see(st, "Not now, and why");
	see(st, "nothing has run yet that could be led back");
	pty_send(st->p, "<Enter>");
	see(st, "not now: nothing has run yet");
	pty_send(st->p, "<C-u>act on");
	see(st, "It may run something");
	pty_send(st->p, "<Enter>");
	see(st, "Press Enter here to do it.");
	see_no_more(st, "Commands");
	pty_send(st->p, "<C-p>note<Enter>");
	see(st, "[ Note ]");
	pty_send(st->p, "<Esc>");
	see_no_more(st, "[ Note ]");
}

static void
copying_goes_to_the_terminal_and_a_file(void **state)
{
	static const char osc[] = "\033]52;c;dG91Y2ggYWN0ZWQ=\a"; /* touch acted */
	struct stand *st = *state;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	char *yank = mem_printf("%s/handrail/yank", st->dir);

	begin_run(st, &(struct how){.file = "way.yaml"});
	pty_send(st->p, "jj");
	see(st, ">[ ] 3");
	pty_send(st->p, "y");
	assert_true(pty_wait_raw(st->p, osc, sizeof osc - 1, SOON_MS));
	see(st, "11 bytes sent to the terminal's clipboard");
	assert_true(file_read(yank, 4096, &text, &e));
	assert_string_equal(text.buf, "touch acted");
	str_release(&text);
	mem_free(yank);
	begin(st, &(struct how){.file = "way.yaml", .set = "HANDRAIL_COPY=off"});
	see(st, "q back");
	pty_send(st->p, "y");
	see(st, "nothing is sent to the terminal");
	assert_false(pty_raw_has(st->p, "\033]52", 4));
}

static void
own_keys_are_what_footer_and_help_say(void **state)
{
	struct stand *st = *state;

	put(st, "config/handrail/keys.yaml",
		"handrail_keys: 1\nkeys:\n  run.note: [F9]\n  screen.leave: [Z]\n"
		"  screen.run: [F8]\n");
	begin_run(st, &(struct how){.file = "way.yaml", .rows = 30, .cols = 120});
	see(st, "F9 note");
	see(st, "Z back");
	pty_send(st->p, "a");
	see(st, "a does nothing here; ? shows the keys");
	pty_send(st->p, "Z");
	see(st, "The run stays open here: F8 goes back to it.");
	pty_send(st->p, "<F8><F9>");
	see(st, "[ Note ]");
}

static void
own_keys_with_a_fault_are_not_used(void **state)
{
	struct stand *st = *state;

	put(st, "config/handrail/keys.yaml", "handrail_keys: 1\nkeys:\n  run.act: [x]\n");
	begin(st, &(struct how){.rows = 30, .cols = 140});
	see(st, "Your keys are not used: line 3: `run.act`: cannot be on the bare key `x`");
}

static bool
found_is_marked(struct pty *p, void *arg)
{
	struct pty_cell cell = {0};
	int row, col;

	if (pty_find(p, arg, &row, &col))
		cell = pty_cell_at(p, row, col);
	return cell.reverse;
}

/* From the first match on, round the end, backwards too. */
static void
the_output_can_be_searched(void **state)
{
	struct stand *st = *state;

	put(st, "way.yaml",
		"handrail: 1\ntitle: The way\nkind: deploy\nsteps:\n"
		"  - {id: look, run: seq 1000 1200, title: Look, risk: none, expect: {exit: 0}}\n"
		"  - {id: b, do: Two}\n  - {id: c, do: Three}\n  - {id: d, do: Four}\n");
	begin_run(st, &(struct how){.file = "way.yaml", .rows = 36, .cols = 120});
	pty_send(st->p, "<Enter>");
	see(st, "[x] 1");
	see(st, "| 1200");
	pty_send(st->p, "k<S-Tab>/");
	see(st, "[ Find ]");
	pty_send(st->p, "105<Enter>");
	assert_true(
		pty_wait(st->p, found_is_marked, (void *)(uintptr_t) "| 1050", SOON_MS));
	pty_send(st->p, "n");
	assert_true(
		pty_wait(st->p, found_is_marked, (void *)(uintptr_t) "| 1051", SOON_MS));
	pty_send(st->p, "NN");
	assert_true(
		pty_wait(st->p, found_is_marked, (void *)(uintptr_t) "| 1105", SOON_MS));
}

/* ---- terminals ------------------------------------------------------------------------------ */

static bool
holds_ascii_alone(struct pty *p)
{
	for (const char *c = pty_screen(p); *c; c++)
		if ((unsigned char)*c > 0x7e)
			return false;
	return true;
}

static void
without_utf_8_the_screen_is_ascii(void **state)
{
	static const char *const sets[] = {"LC_ALL=C", "LC_ALL=POSIX"};
	struct stand *st = *state;

	for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
		begin_run(st, &(struct how){.file = "way.yaml", .set = sets[i]});
		assert_true(pty_wait(st->p, cursor_is_on_mark, NULL, SOON_MS));
		assert_true(holds_ascii_alone(st->p));
		pty_send(st->p, "?");
		see(st, "Keys of this screen");
		assert_true(holds_ascii_alone(st->p));
	}
	begin(st, &(struct how){.option = "--ascii"});
	see(st, "Runbooks 2");
	assert_true(holds_ascii_alone(st->p));
}

static void
a_theme_paints_the_whole_page(void **state)
{
	struct stand *st = *state;
	struct pty_cell cell;

	begin(st,
		&(struct how){.option = "--theme",
			.value = "night",
			.set = "COLORTERM=truecolor"});
	see(st, "? help");
	cell = pty_cell_at(st->p, 12, 30);
	assert_int_equal(cell.bg, PTY_COLOUR_RGB | 0x101418);
	cell = pty_cell_of(st->p, "? help");
	assert_int_equal(cell.fg, PTY_COLOUR_RGB | 0x7cc4ff);
	begin(st, &(struct how){.option = "--theme", .value = "night"});
	see(st, "? help");
	assert_int_equal(pty_cell_at(st->p, 12, 30).bg, 233);
}

/* ---- silence -------------------------------------------------------------------------------- */

struct idle {
	char clock[16];
	int ticks, wanted;
};

static bool
clock_ticked(struct pty *p, void *arg)
{
	struct idle *idle = arg;
	const char *row = pty_row(p, 0);
	size_t len = strlen(row);
	const char *clock = len > 9 ? row + len - 9 : row;

	if (strcmp(clock, idle->clock) != 0) {
		snprintf(idle->clock, sizeof idle->clock, "%s", clock);
		idle->ticks++;
	}
	return idle->ticks > idle->wanted;
}

/* Only digits of the clock may be drawn; the rest moves the cursor or wraps a frame. */
static void
assert_only_the_clock(const char *raw, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = 1;

		if (raw[i] == '\033' && i + 1 < n && raw[i + 1] == '[') {
			for (len = 2; i + len < n && (unsigned char)raw[i + len] < 0x40;
				len++)
				;
			if (!strchr("HGdCDABhlm", raw[i + len]))
				fail_msg("a sequence that ends in %c", raw[i + len]);
			i += len;
		} else if (raw[i] == '\033' && i + 2 < n && raw[i + 1] == '(') {
			i += 2;
		} else if (!strchr("0123456789:Z\b\r", raw[i])) {
			fail_msg("byte %zu of %zu: %.40s", i, n, raw + i);
		}
	}
}

static void
nothing_is_written_but_the_clock(void **state)
{
	struct stand *st = *state;
	struct idle idle = {.wanted = 1};
	size_t before, after;
	const char *raw;

	begin_run(st, &(struct how){.file = "way.yaml"});
	assert_true(pty_wait(st->p, clock_ticked, &idle, SOON_MS));
	pty_raw(st->p, &before);
	idle.ticks = 0;
	idle.wanted = getenv("HANDRAIL_LONG") ? IDLE_LONG : IDLE_QUICK;
	assert_true(pty_wait(st->p, clock_ticked, &idle, SOON_MS));
	raw = pty_raw(st->p, &after);
	assert_true(after > before);
	assert_false(pty_mouse(st->p)); /* it stays with the terminal */
	assert_only_the_clock(raw + before, after - before);
	/* one small frame a second */
	if ((after - before) / (size_t)idle.wanted > 100)
		fail_msg("%zu bytes in %d s", after - before, idle.wanted);
}

/* Nothing need happen before the first frame: no key, no tick. */
static void
the_first_frame_does_not_wait(void **state)
{
	struct stand *st = *state;
	int64_t from = clock_mono().ms, best = INT64_MAX;

	for (int i = 0; i < 5; i++) {
		from = clock_mono().ms;
		begin(st, &(struct how){0});
		see(st, "Runbooks 2");
		if (clock_mono().ms - from < best)
			best = clock_mono().ms - from;
	}
	/* the clock's tick comes after a second */
	if (best >= 900)
		fail_msg("the best of five starts took %lld ms", (long long)best);
}

static void
line_mode_writes_no_escape(void **state)
{
	static const char *const files[] = {NULL, "way.yaml"};
	struct stand *st = *state;
	int status;

	for (size_t i = 0; i < 4; i++) {
		begin(st,
			&(struct how){.file = files[i % 2],
				.option = i < 2 ? "--plain" : NULL,
				.set = i < 2 ? NULL : "ACCESSIBLE=1"});
		assert_true(pty_wait_exit(st->p, &status, SOON_MS));
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
		assert_false(pty_raw_has(st->p, "\033", 1));
		assert_true(pty_raw_has(st->p, "The way", 7));
	}
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(the_cursor_is_on_the_marked_row_at_every_size),
		CASE(below_the_smallest_size_keys_do_nothing),
		CASE(hundreds_of_sizes_are_survived),
		CASE(commands_are_found_by_typing_and_say_why_not),
		CASE(copying_goes_to_the_terminal_and_a_file),
		CASE(the_output_can_be_searched),
		CASE(own_keys_are_what_footer_and_help_say),
		CASE(own_keys_with_a_fault_are_not_used),
		CASE(without_utf_8_the_screen_is_ascii),
		CASE(a_theme_paints_the_whole_page),
		CASE(nothing_is_written_but_the_clock),
		CASE(the_first_frame_does_not_wait),
		CASE(line_mode_writes_no_escape),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
