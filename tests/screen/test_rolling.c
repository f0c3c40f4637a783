/*
 * A step over several places on the screen: columns where there is room, rows where there is
 * none; one fails, is left out with a reason, and the rest goes on.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/pty.h"

enum { LONG_MS = 60000 };

struct walk {
	struct pty *p;
	char dir[200];
};

static void
see(const struct walk *w, const char *text)
{
	if (!pty_wait_text(w->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static const char runbook[] = "handrail: 1\n"
			      "title: Roll out\n"
			      "kind: deploy\n"
			      "steps:\n"
			      "  - run: echo \"$each\" >> did; test \"$each\" != beta\n"
			      "    title: New tag\n"
			      "    dir: %s\n"
			      "    each: [alpha, beta, gamma, delta]\n"
			      "    expect: {exit: 0}\n"
			      "    undo: echo back >> did\n";

static void
open_console(struct walk *w, const char *name, int rows, int cols)
{
	const char *const argv[] = {getenv("HANDRAIL"), "run", "roll.yaml", NULL};
	char state[300], path[256];
	const char *const env[] = {
		state, "HANDRAIL_OPERATOR=anna", "HANDRAIL_RUNBOOKS", NULL};
	FILE *f;

	snprintf(w->dir, sizeof w->dir, "%s/roll-%s-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", name);
	assert_non_null(mkdtemp(w->dir));
	snprintf(path, sizeof path, "%s/roll.yaml", w->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, runbook, w->dir);
	fclose(f);
	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", w->dir);
	w->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = w->dir, .rows = rows, .cols = cols});
}

/* What ran, in order. */
static void
did(const struct walk *w, const char *want)
{
	char path[256], got[128] = "";
	FILE *f;

	snprintf(path, sizeof path, "%s/did", w->dir);
	f = fopen(path, "r");
	assert_non_null(f);
	got[fread(got, 1, sizeof got - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(got, want);
}

static void
run_it(const struct walk *w)
{
	pty_send(w->p, "<Enter>");
	see(w, "[ Run it ]");
	if (!pty_wait_gone(w->p, "ready in", LONG_MS))
		fail_msg("the guard never ends");
	pty_send(w->p, "<Enter>");
}

static void
walk_at(const char *name, int rows, int cols, const char *done)
{
	struct walk w;
	char command[300];
	int status;

	open_console(&w, name, rows, cols);
	see(&w, "trust and start");
	pty_send(w.p, "<Enter>");
	see(&w, " synced");
	run_it(&w);
	see(&w, "FAILED");
	see(&w, done);
	did(&w, "alpha\nbeta\n");
	pty_send(w.p, "s");
	see(&w, "Only on local beta: leave it out there");
	pty_send(w.p, "<Down><Down><Down>in repair<Enter>");
	see(&w, "left out");
	run_it(&w);
	see(&w, "[x] 1");
	did(&w, "alpha\nbeta\ngamma\ndelta\n");
	pty_send(w.p, "<Enter>");
	see(&w, "is closed: ok");
	pty_send(w.p, "<F10>");
	assert_true(pty_wait_exit(w.p, &status, LONG_MS));
	pty_close(w.p);
	snprintf(command, sizeof command, "rm -r '%s'", w.dir);
	assert_int_equal(system(command), 0);
}

static void
columns_at_120(void **state)
{
	(void)state;
	walk_at("normal", 36, 120, "local alpha local beta");
}

static void
rows_at_80(void **state)
{
	(void)state;
	walk_at("narrow", 24, 80, "local beta");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_at_120),
		cmocka_unit_test(rows_at_80),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
