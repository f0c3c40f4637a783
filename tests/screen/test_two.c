/*
 * Two consoles at one run: who looks on sees what the driver does, holds the run, takes it
 * when it is offered and by force; the driver sees that at once and looks on from then on.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/pty.h"

enum { LONG_MS = 60000 };

struct stage {
	char dir[200], state[300], runtime[300], run[8];
	int rows, cols;
};

static void
see(struct pty *p, const char *text)
{
	if (!pty_wait_text(p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static const char runbook[] =
	"handrail: 1\n"
	"title: Roll out\n"
	"kind: deploy\n"
	"steps:\n"
	"  - do: Tell people\n"
	"  - run: echo begun; while [ ! -e go ]; do sleep 0.1; done; echo "
	"once >> did\n"
	"    title: New tag\n"
	"    dir: %s\n"
	"    expect: {exit: 0}\n"
	"    undo: echo back\n";

static struct pty *
console(struct stage *s, const char *who, const char *const *argv)
{
	char operator[64];
	const char *const env[] = {
		s->state, s->runtime, operator, "HANDRAIL_RUNBOOKS", NULL};

	snprintf(operator, sizeof operator, "HANDRAIL_OPERATOR=%s", who);
	return pty_open(&(struct pty_opts){.argv = argv,
		.env = env,
		.dir = s->dir,
		.rows = s->rows,
		.cols = s->cols});
}

static void
stage_open(struct stage *s, const char *name, int rows, int cols)
{
	char path[300];
	FILE *f;

	memset(s, 0, sizeof *s);
	s->rows = rows;
	s->cols = cols;
	snprintf(s->dir, sizeof s->dir, "%s/two-%s-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", name);
	assert_non_null(mkdtemp(s->dir));
	snprintf(path, sizeof path, "%s/roll.yaml", s->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, runbook, s->dir);
	fclose(f);
	snprintf(path, sizeof path, "%s/run", s->dir);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(s->state, sizeof s->state, "HANDRAIL_STATE_DIR=%s/state", s->dir);
	snprintf(s->runtime, sizeof s->runtime, "XDG_RUNTIME_DIR=%s/run", s->dir);
}

static void
stage_close(struct stage *s)
{
	char command[300];

	snprintf(command, sizeof command, "rm -r '%s'", s->dir);
	assert_int_equal(system(command), 0);
}

/* anna drives: her run is open, its first step ticked. */
static struct pty *
drive(struct stage *s)
{
	const char *const argv[] = {getenv("HANDRAIL"), "run", "roll.yaml", NULL};
	struct pty *p = console(s, "anna", argv);
	const char *at;

	see(p, "trust and start");
	pty_send(p, "<Enter>");
	see(p, " synced");
	pty_send(p, "<Space>");
	see(p, "journal #1 synced");
	at = strstr(pty_screen(p), "Run ");
	assert_non_null(at);
	snprintf(s->run, sizeof s->run, "%.4s", at + 4);
	return p;
}

static struct pty *
look_on(struct stage *s)
{
	const char *const argv[] = {getenv("HANDRAIL"), "watch", s->run, NULL};
	struct pty *p = console(s, "bob", argv);

	see(p, "LOOKING ON, anna drives since");
	see(p, "[x] 1");
	return p;
}

static void
leave(struct pty *p)
{
	int status;

	pty_send(p, "<F10>");
	assert_true(pty_wait_exit(p, &status, LONG_MS));
	pty_close(p);
}

static void
mend(const struct stage *s)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/roll.yaml", s->dir);
	f = fopen(path, "a");
	assert_non_null(f);
	fputs("# mended\n", f);
	fclose(f);
}

static void
touch(const struct stage *s)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof path, "%s/go", s->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fclose(f);
}

static void
did_once(const struct stage *s)
{
	char path[300], got[64] = "";
	FILE *f;

	snprintf(path, sizeof path, "%s/did", s->dir);
	f = fopen(path, "r");
	assert_non_null(f);
	got[fread(got, 1, sizeof got - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(got, "once\n");
}

static void
run_it(struct pty *p)
{
	pty_send(p, "<Enter>");
	see(p, "[ Run it ]");
	if (!pty_wait_gone(p, "ready in", LONG_MS))
		fail_msg("the guard never ends");
	pty_send(p, "<Enter>");
	see(p, "[>] 2");
}

static void
walk_at(const char *name, int rows, int cols)
{
	struct stage s;
	struct pty *anna, *bob;
	char words[64];

	stage_open(&s, name, rows, cols);
	anna = drive(&s);
	if (cols > 100) { /* its file is mended while it runs */
		mend(&s);
		see(anna, "roll.yaml is another text by now");
	}
	bob = look_on(&s);
	see(anna, "others look on");

	/* nothing is done from here, and it says whose that is */
	pty_send(bob, "<Enter>");
	see(bob, "anna drives the run, nothing is done here");
	/* a hold, at once; only a hold of one's own is ended from here */
	pty_send(bob, "p");
	see(bob, "Hold the run");
	pty_send(bob, "wait for the disk<Enter>");
	see(anna, "bob HOLDS the run: wait for the disk");
	see(anna, "HELD");
	see(bob, "HELD");
	pty_send(bob, "p");
	see(anna, "bob lets the run go on");
	/* a note */
	pty_send(bob, "a");
	see(bob, "[ Note ]");
	pty_send(bob, "web2 is slow<Enter>");
	see(anna, "Note by bob: web2 is slow");
	/* offered, with what stands; taken */
	pty_send(anna, "H");
	see(anna, "bob looks on now");
	see(anna, "1 of 2 steps");
	pty_send(anna, "bob<Enter>");
	see(bob, "anna offers you the run");
	pty_send(bob, "H");
	see(bob, "Take the run?");
	see(bob, "bob: web2 is slow");
	pty_send(bob, "<Left><Enter>");
	see(bob, "You drive the run now");
	see(anna, "LOOKING ON, bob drives since");
	/* what he starts is seen over there, as it is printed */
	run_it(bob);
	see(anna, "[>] 2");
	if (cols > 100)
		see(anna, "local | begun");
	/* taken back by force: words, typed; his console ends */
	pty_send(anna, "H");
	see(anna, "off until the words match");
	snprintf(words, sizeof words, "take over %s", s.run);
	pty_send(anna, words);
	if (!pty_wait_gone(anna, "off until", LONG_MS) ||
		!pty_wait_gone(anna, "ready in", LONG_MS))
		fail_msg("the guard never ends");
	pty_send(anna, "<Enter>");
	assert_true(pty_wait_exit(bob, NULL, LONG_MS));
	see(bob, "is anna's");
	pty_close(bob);
	see(anna, "You drive the run now");
	touch(&s);
	see(anna, "[x] 2");
	did_once(&s);
	pty_send(anna, "<Enter>");
	see(anna, "is closed: ok");
	leave(anna);
	stage_close(&s);
}

static void
at_80(void **state)
{
	(void)state;
	walk_at("narrow", 24, 80);
}

static void
at_120(void **state)
{
	(void)state;
	walk_at("normal", 36, 120);
}

/* The driver stops dead: that is seen, and the run is taken though it answers nothing. */
static void
a_stopped_driver(void **state)
{
	struct stage s;
	struct pty *anna, *bob;
	char words[64];

	(void)state;
	stage_open(&s, "stopped", 36, 120);
	anna = drive(&s);
	pty_kill(anna, SIGSTOP);
	assert_true(pty_wait_stop(anna, LONG_MS));
	bob = look_on(&s);
	see(bob, "anna drives it and does not answer");
	see(bob, "stopped");
	pty_send(bob, "p");
	see(bob, "Hold the run");
	pty_send(bob, "wait<Enter>");
	see(bob, "nobody can be asked");
	pty_send(bob, "H");
	see(bob, "off until the words match");
	snprintf(words, sizeof words, "take over %s", s.run);
	pty_send(bob, words);
	if (!pty_wait_gone(bob, "off until", LONG_MS) ||
		!pty_wait_gone(bob, "ready in", LONG_MS))
		fail_msg("the guard never ends");
	pty_send(bob, "<Enter>");
	see(bob, "You drive the run now");
	assert_true(pty_wait_exit(anna, NULL, LONG_MS));
	pty_close(anna);
	touch(&s);
	run_it(bob);
	see(bob, "[x] 2");
	did_once(&s);
	pty_send(bob, "<Enter>");
	see(bob, "is closed: ok");
	leave(bob);
	stage_close(&s);
}

/* An open run that somebody else drives is looked at from home. */
static void
from_home(void **state)
{
	const char *const argv[] = {getenv("HANDRAIL"), NULL};
	struct stage s;
	struct pty *anna, *bob;

	(void)state;
	stage_open(&s, "home", 36, 120);
	anna = drive(&s);
	bob = console(&s, "bob", argv);
	see(bob, "Roll out");
	see(bob, s.run);
	pty_send(bob, "r");
	if (!pty_wait_text(bob, "LOOKING ON", 3000))
		pty_send(bob, "r");
	see(bob, "LOOKING ON, anna drives since");
	leave(bob);
	pty_close(anna);
	stage_close(&s);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_80),
		cmocka_unit_test(at_120),
		cmocka_unit_test(a_stopped_driver),
		cmocka_unit_test(from_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
