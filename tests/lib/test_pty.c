#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "pty.h"

enum { SOON_MS = 10000, NEVER_MS = 50 };

static struct pty *
open_sh(const char *script)
{
	const char *const argv[] = {"sh", "-c", script, NULL};

	return pty_open(&(struct pty_opts){.argv = argv});
}

static int
exit_code(struct pty *p)
{
	int status;

	assert_true(pty_wait_exit(p, &status, SOON_MS));
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* The waits below fail on purpose; what they print must not frighten readers of the log. */
static int
hush(void)
{
	int saved = dup(2);
	int null = open("/dev/null", O_WRONLY);

	fflush(stderr);
	dup2(null, 2);
	close(null);
	return saved;
}

static void
unhush(int saved)
{
	fflush(stderr);
	dup2(saved, 2);
	close(saved);
}

static void
shows_output_and_takes_keys(void **state)
{
	struct pty *p = open_sh("printf 'name? '; read -r n; echo \"hello $n\"; exit 7");

	(void)state;
	assert_true(pty_wait_text(p, "name?", SOON_MS));
	assert_int_equal(pty_cursor(p).row, 0);
	assert_int_equal(pty_cursor(p).col, 6);
	pty_send(p, "a<lt>b<Enter>");
	assert_true(pty_wait_row(p, 1, "hello a<b", SOON_MS));
	assert_int_equal(exit_code(p), 7);
	assert_string_equal(pty_row(p, 0), "name? a<b");
	pty_close(p);
}

static void
has_all_output_after_the_end(void **state)
{
	struct pty *p = open_sh(
		"i=0; while [ $i -lt 5000 ]; do i=$((i+1)); echo line $i; done");

	(void)state;
	assert_int_equal(exit_code(p), 0);
	assert_true(pty_raw_has(p, "line 1\r\n", 8));
	assert_string_equal(pty_row(p, 22), "line 5000");
	assert_false(pty_raw_has(p, "pty-end", 7));
	pty_close(p);
}

static void
reports_death_by_signal(void **state)
{
	struct pty *p = open_sh("echo up; read -r n");
	int status;

	(void)state;
	assert_true(pty_wait_text(p, "up", SOON_MS));
	pty_kill(p, SIGKILL);
	assert_true(pty_wait_exit(p, &status, SOON_MS));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGKILL);
	pty_close(p);
}

static void
reports_a_program_that_is_not_there(void **state)
{
	const char *const argv[] = {"/no/such/program", NULL};
	struct pty *p = pty_open(&(struct pty_opts){.argv = argv});

	(void)state;
	assert_int_equal(exit_code(p), 127);
	assert_true(pty_wait_text(p, "/no/such/program: No such file", SOON_MS));
	pty_close(p);
}

static void
sets_and_removes_environment(void **state)
{
	const char *const argv[] = {
		"sh", "-c", "echo \"[$TERM][$A][${B-none}][$LC_ALL]$PWD.\"", NULL};
	const char *const env[] = {"A=one", "A=two", "B", "TERM=vt100", NULL};
	struct pty *p;

	(void)state;
	setenv("B", "inherited", 1);
	p = pty_open(&(struct pty_opts){.argv = argv, .env = env, .dir = "/usr"});
	assert_true(pty_wait_text(p, "[vt100][two][none][C.UTF-8]/usr.", SOON_MS));
	pty_close(p);
}

static void
reads_attributes_colours_and_wide_characters(void **state)
{
	struct pty *p = open_sh(
		"printf '\\033[1mB\\033[0;7mR\\033[0;4;31mu\\033[0m "
		"\\033[38;2;1;2;3mrgb\\033[0m\\n\\344\\275\\240\\345\\245\\275x'; read -r n");
	int row, col;

	(void)state;
	assert_true(pty_wait_text(p, "\xe4\xbd\xa0\xe5\xa5\xbdx", SOON_MS));
	assert_true(pty_cell_at(p, 0, 0).bold);
	assert_false(pty_cell_at(p, 0, 0).reverse);
	assert_true(pty_cell_at(p, 0, 1).reverse);
	assert_true(pty_cell_at(p, 0, 2).underline);
	assert_int_equal(pty_cell_at(p, 0, 2).fg, 1);
	assert_int_equal(pty_cell_of(p, "rgb").fg, PTY_COLOUR_RGB | 0x010203);
	assert_int_equal(pty_cell_of(p, "rgb").bg, PTY_COLOUR_DEFAULT);
	assert_int_equal(pty_cell_at(p, 1, 0).width, 2);
	assert_true(pty_find(p, "x", &row, &col));
	assert_int_equal(row, 1);
	assert_int_equal(col, 4);
	pty_close(p);
}

static void
sends_cursor_keys_in_the_mode_asked_for(void **state)
{
	struct pty *p = open_sh(
		"stty -icanon -echo; printf 'one\\n'; dd bs=3 count=1 2>/dev/null | "
		"cat -v; printf '\\033[?1htwo\\n'; dd bs=3 count=1 2>/dev/null | cat -v; "
		"printf 'three\\n'; dd bs=2 count=1 2>/dev/null | cat -v; "
		"printf 'four\\n'; dd bs=6 count=1 2>/dev/null | cat -v");

	(void)state;
	assert_true(pty_wait_text(p, "one", SOON_MS));
	pty_send(p, "<Up>");
	assert_true(pty_wait_text(p, "^[[A", SOON_MS));
	assert_true(pty_wait_text(p, "two", SOON_MS));
	pty_send(p, "<Up>");
	assert_true(pty_wait_text(p, "^[OA", SOON_MS));
	assert_true(pty_wait_text(p, "three", SOON_MS));
	pty_send(p, "<M-x>");
	assert_true(pty_wait_text(p, "^[x", SOON_MS));
	assert_true(pty_wait_text(p, "four", SOON_MS));
	pty_send(p, "<F1><S-Tab>");
	assert_true(pty_wait_text(p, "^[OP^[[Z", SOON_MS));
	assert_int_equal(exit_code(p), 0);
	pty_close(p);
}

static void
brackets_a_paste_only_when_asked(void **state)
{
	struct pty *p = open_sh(
		"stty -icanon -echo; printf 'plain\\n'; dd bs=2 count=1 2>/dev/null | "
		"cat -v; printf '\\033[?2004hon\\n'; dd bs=14 count=1 2>/dev/null | cat -v");

	(void)state;
	assert_true(pty_wait_text(p, "plain", SOON_MS));
	pty_paste(p, "hi");
	assert_true(pty_wait_text(p, "on", SOON_MS));
	assert_string_equal(pty_row(p, 1),
		"hi"
		"on");
	pty_paste(p, "ab");
	assert_true(pty_wait_text(p, "^[[200~ab^[[201~", SOON_MS));
	pty_close(p);
}

static void
interrupts_stops_and_resumes_like_a_shell(void **state)
{
	struct pty *p = open_sh("trap 'echo interrupted' INT; echo ready; read -r a; "
				"printf 'got %s\\n' \"$a\"");

	(void)state;
	assert_true(pty_wait_text(p, "ready", SOON_MS));
	pty_send(p, "<C-z>");
	assert_true(pty_wait_stop(p, SOON_MS));
	pty_resume(p);
	pty_send(p, "again<Enter>");
	assert_true(pty_wait_text(p, "got again", SOON_MS));
	assert_int_equal(exit_code(p), 0);
	pty_close(p);
	p = open_sh("trap 'echo interrupted; exit 5' INT; echo ready; read -r a");
	assert_true(pty_wait_text(p, "ready", SOON_MS));
	pty_send(p, "<C-c>");
	assert_int_equal(exit_code(p), 5);
	assert_true(pty_wait_text(p, "interrupted", SOON_MS));
	pty_close(p);
}

static void
tells_the_program_of_a_resize(void **state)
{
	struct pty *p = open_sh(
		"trap 'stty size' WINCH; stty size; while :; do read -r n || :; done");

	(void)state;
	assert_true(pty_wait_text(p, "24 80", SOON_MS));
	pty_resize(p, 36, 120);
	pty_send(p, "<Enter>"); /* some shells run a trap only after the read */
	assert_true(pty_wait_text(p, "36 120", SOON_MS));
	assert_int_equal(pty_rows(p), 36);
	assert_int_equal(pty_cols(p), 120);
	pty_close(p);
}

static void
hangs_up_like_a_closed_window(void **state)
{
	struct pty *p = open_sh(
		"trap 'exit 9' HUP; echo ready; while :; do read -r n || :; done");

	(void)state;
	assert_true(pty_wait_text(p, "ready", SOON_MS));
	pty_hangup(p);
	assert_int_equal(exit_code(p), 9);
	pty_close(p);
}

static void
sees_a_terminal_left_unrestored(void **state)
{
	static const char *const scripts[] = {
		"stty raw -echo",
		"printf '\\033[?1049hhere'",
		"printf '\\033[?25l'",
		"printf '\\033[?1000h'",
	};
	struct pty *p;
	int saved;

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		bool restored;

		p = open_sh(scripts[i]);
		assert_int_equal(exit_code(p), 0);
		saved = hush();
		restored = pty_restored(p);
		unhush(saved);
		assert_false(restored);
		pty_close(p);
	}
	p = open_sh(
		"m=$(stty -g); stty raw -echo; printf '\\033[?1049hx\\033[?25l'; stty \"$m\"; "
		"printf '\\033[?25h\\033[?1049l'");
	assert_int_equal(exit_code(p), 0);
	assert_true(pty_restored(p));
	assert_true(pty_raw_has(p, "\033[?1049l", 8));
	pty_close(p);
}

static void
gives_up_at_the_deadline_and_at_the_end(void **state)
{
	struct pty *p = open_sh("echo ready; read -r n");
	int saved;
	bool found, gone, stopped, ended, raw;

	(void)state;
	assert_true(pty_wait_text(p, "ready", SOON_MS));
	saved = hush();
	found = pty_wait_text(p, "never", NEVER_MS);
	gone = pty_wait_gone(p, "ready", NEVER_MS);
	stopped = pty_wait_stop(p, NEVER_MS);
	ended = pty_wait_exit(p, NULL, NEVER_MS);
	raw = pty_wait_raw(p, "never", 5, NEVER_MS);
	unhush(saved);
	assert_false(found || gone || stopped || ended || raw);
	pty_kill(p, SIGTERM);
	assert_true(pty_wait_exit(p, NULL, SOON_MS));
	saved = hush();
	found = pty_wait_text(
		p, "never", SOON_MS * SOON_MS); /* at once, nothing can come */
	unhush(saved);
	assert_false(found);
	pty_close(p);
}

static void
records_title_and_bells(void **state)
{
	struct pty *p = open_sh("printf '\\033]2;a title\\007\\007\\007'");

	(void)state;
	assert_int_equal(exit_code(p), 0);
	assert_string_equal(pty_title(p), "a title");
	assert_int_equal(pty_bells(p), 2);
	pty_close(p);
}

static void
drives_a_full_screen_program(void **state)
{
	const char *const argv[] = {"less", "-MS", "/etc/services", NULL};
	const char *const env[] = {"LESS", "LESSOPEN", "LESSHISTFILE=-", NULL};
	struct pty *p;

	(void)state;
	if (access("/usr/bin/less", X_OK) || access("/etc/services", R_OK))
		skip();
	p = pty_open(
		&(struct pty_opts){.argv = argv, .env = env, .rows = 10, .cols = 60});
	assert_true(pty_wait_row(p, 9, "/etc/services lines 1-9", SOON_MS));
	assert_true(pty_altscreen(p));
	assert_true(pty_cell_at(p, 9, 0).reverse);
	pty_send(p, "<Down><PageDown>");
	assert_true(pty_wait_row(p, 9, "lines 11-19", SOON_MS));
	pty_send(p, "/domain<Enter>");
	assert_true(pty_wait_row(p, 0, "domain", SOON_MS));
	assert_true(pty_cell_of(p, "domain").reverse);
	pty_resize(p, 20, 60);
	pty_send(p, "r"); /* less may miss a signal that comes just before it reads */
	assert_true(pty_wait_row(p, 19, "/etc/services lines", SOON_MS));
	pty_send(p, "q");
	assert_int_equal(exit_code(p), 0);
	assert_true(pty_restored(p));
	pty_close(p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_output_and_takes_keys),
		cmocka_unit_test(has_all_output_after_the_end),
		cmocka_unit_test(reports_death_by_signal),
		cmocka_unit_test(reports_a_program_that_is_not_there),
		cmocka_unit_test(sets_and_removes_environment),
		cmocka_unit_test(reads_attributes_colours_and_wide_characters),
		cmocka_unit_test(sends_cursor_keys_in_the_mode_asked_for),
		cmocka_unit_test(brackets_a_paste_only_when_asked),
		cmocka_unit_test(interrupts_stops_and_resumes_like_a_shell),
		cmocka_unit_test(tells_the_program_of_a_resize),
		cmocka_unit_test(hangs_up_like_a_closed_window),
		cmocka_unit_test(sees_a_terminal_left_unrestored),
		cmocka_unit_test(gives_up_at_the_deadline_and_at_the_end),
		cmocka_unit_test(records_title_and_bells),
		cmocka_unit_test(drives_a_full_screen_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
