/*
 * The audit screen: what verification says of each run, a record line by line, a record that
 * was tampered with, and that nothing there changes anything.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "lib/pty.h"

enum { LONG_MS = 30000 };

struct desk {
	char dir[64];
	struct pty *p;
};

static void
put(const struct desk *d, const char *name, const char *text)
{
	char *path = file_join(d->dir, name);
	struct err e = ERR_INIT;

	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(path);
}

static int
shell(const struct desk *d, const char *script)
{
	char *line = mem_printf("cd %s && export HANDRAIL_STATE_DIR=%s/state HOME=%s "
				"HANDRAIL_OPERATOR=anna@example.com && "
				"unset HANDRAIL_RUNBOOKS XDG_STATE_HOME XDG_CONFIG_HOME "
				"XDG_RUNTIME_DIR && { %s; } >>out 2>&1 </dev/null",
		d->dir, d->dir, d->dir, script);
	int rc = system(line);

	mem_free(line);
	return rc;
}

static int
set_up(void **state)
{
	static struct desk d;

	d = (struct desk){0};
	snprintf(d.dir, sizeof d.dir, "/tmp/audit-XXXXXX");
	if (!mkdtemp(d.dir))
		return -1;
	put(&d, "good.yaml",
		"handrail: 1\ntitle: The good one\nsteps:\n"
		"  - {id: look, risk: none, title: Look, run: echo fine, expect: {exit: 0}}\n");
	put(&d, "bad.yaml",
		"handrail: 1\ntitle: The bad one\nsteps:\n"
		"  - {id: look, risk: none, title: Look, run: exit 3, expect: {exit: 0}}\n");
	(void)shell(&d, "\"$HANDRAIL\" run --plain good.yaml");
	(void)shell(&d, "\"$HANDRAIL\" run --plain bad.yaml");
	(void)shell(&d, "\"$HANDRAIL\" run --plain good.yaml");
	*state = &d;
	return 0;
}

static int
tear_down(void **state)
{
	struct desk *d = *state;
	char remove[128];

	pty_close(d->p);
	snprintf(remove, sizeof remove, "rm -rf %s", d->dir);
	return system(remove);
}

static void
see(struct desk *d, const char *text)
{
	if (!pty_wait_text(d->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
see_no_more(struct desk *d, const char *text)
{
	if (!pty_wait_gone(d->p, text, LONG_MS))
		fail_msg("still seen: %s", text);
}

static void
open_audit(struct desk *d, int rows, int cols)
{
	const char *const argv[] = {getenv("HANDRAIL"), NULL};
	char state[128], home[128];
	const char *const env[] = {state, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", d->dir);
	snprintf(home, sizeof home, "HOME=%s", d->dir);
	d->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = d->dir, .rows = rows, .cols = cols});
	see(d, "q quit");
	pty_send(d->p, "<F7>");
	see(d, "VERIFIED RUN");
}

/* Each run in sight is verified without being asked; one byte of a record is another. */
static void
a_changed_record_is_found_and_its_line_shown(void **state)
{
	struct desk *d = *state;

	assert_int_equal(shell(d,
				 "sed -i '3s/\"exit\":3/\"exit\":0/' "
				 "$(grep -l 'bad one' state/runs/*/journal.jsonl)"),
		0);
	open_audit(d, 36, 120);
	see(d, "> OK ");
	see(d, "  BAD ");
	see(d, "nobody signed");
	pty_send(d->p, "/");
	see(d, "Find");
	pty_send(d->p, "bad<Enter>");
	see(d, "> BAD ");
	see(d, "Copy the folder");
	pty_send(d->p, "<Enter>");
	see(d, "CHAIN BAD");
	see(d, "VOUCHED not known");
	pty_send(d->p, "q");
	see(d, "[ Runs 3 ]");
	/* mended: it is verified anew when asked */
	assert_int_equal(shell(d,
				 "sed -i '3s/\"exit\":0/\"exit\":3/' "
				 "$(grep -l 'bad one' state/runs/*/journal.jsonl)"),
		0);
	pty_send(d->p, "V");
	see(d, "> OK ");
	see_no_more(d, "BAD");
	/* changed while it is looked at: nobody has to ask */
	pty_send(d->p, "<Enter>");
	see(d, "CHAIN OK");
	assert_int_equal(shell(d,
				 "sed -i '3s/\"exit\":3/\"exit\":0/' "
				 "$(grep -l 'bad one' state/runs/*/journal.jsonl)"),
		0);
	see(d, "CHAIN BAD");
	see(d, "exit 0: fail");
}

static void
a_record_is_read_line_by_line(void **state)
{
	struct desk *d = *state;
	int before, after;

	before = shell(d, "cat state/runs/*/* 2>/dev/null | sha256sum > sum");
	open_audit(d, 24, 80);
	pty_send(d->p, "<Down>");
	see(d, "> OK ");
	pty_send(d->p, "<Enter>");
	see(d, "Audit > run");
	see(d, "CHAIN OK");
	see(d, "look ended on local, exit 3: fail");
	pty_send(d->p, "g");
	pty_send(d->p, "<Enter>");
	see(d, "run.open");
	see(d, "The bad one");
	pty_send(d->p, "<Esc>");
	see(d, "[ Timeline ");
	pty_send(d->p, ".");
	pty_send(d->p, "<Enter>");
	see(d, "step.done");
	see(d, "took_ms");
	pty_send(d->p, "<Esc>");
	see(d, "[ Timeline ");
	pty_send(d->p, "&");
	see(d, "Show only what has this text");
	pty_send(d->p, "opened<Enter>");
	see(d, "filter \"opened\": 1");
	see_no_more(d, "look ended");
	pty_send(d->p, "<Esc>");
	see(d, "look ended");
	pty_send(d->p, "<Esc>");
	see(d, "[ Runs 3 ]");
	pty_send(d->p, "<Esc>");
	see(d, "q quit");
	after = shell(d, "cat state/runs/*/* 2>/dev/null | sha256sum | cmp - sum");
	assert_int_equal(before, 0);
	assert_int_equal(after, 0);
}

/* A filter by verdict looks at all runs, those out of sight too, and marks what it shows. */
static void
a_filter_finds_a_bad_run_out_of_sight(void **state)
{
	struct desk *d = *state;

	assert_int_equal(shell(d,
				 "sed -i '3s/\"exit\":3/\"exit\":0/' "
				 "$(grep -l 'bad one' state/runs/*/journal.jsonl) && "
				 "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do "
				 "\"$HANDRAIL\" run --plain good.yaml || exit 1; done"),
		0);
	open_audit(d, 16, 80);
	pty_send(d->p, "&");
	see(d, "Show only what has this text");
	pty_send(d->p, "BAD<Enter>");
	see(d, "> BAD ");
	see(d, "filter \"BAD\": 1");
	see_no_more(d, "not verified");
	/* mended, it is no longer one of them */
	assert_int_equal(shell(d,
				 "sed -i '3s/\"exit\":0/\"exit\":3/' "
				 "$(grep -l 'bad one' state/runs/*/journal.jsonl)"),
		0);
	see(d, "nothing matches");
}

/* Forwards and backwards through the record of a run, from the audit and alone. */
static void
a_run_is_replayed_from_its_record(void **state)
{
	struct desk *d = *state;
	int status;

	assert_int_equal(shell(d, "cat state/runs/*/* 2>/dev/null | sha256sum > sum"), 0);
	open_audit(d, 24, 80);
	pty_send(d->p, "<Down>");
	see(d, "> OK ");
	pty_send(d->p, "R");
	see(d, " REPLAY ");
	see(d, "REPLAY 1 of 3");
	see(d, "+ run opened: The bad");
	see(d, "[ ] 1");
	pty_send(d->p, ",");
	see(d, "this is the first record");
	pty_send(d->p, ".");
	see(d, "REPLAY 2 of 3");
	see(d, "[>] 1");
	pty_send(d->p, "e");
	see(d, "REPLAY 3 of 3");
	see(d, "[!] 1");
	see(d, "want 0");
	pty_send(d->p, ".");
	see(d, "that was the last record");
	pty_send(d->p, ",");
	see(d, "REPLAY 2 of 3");
	see(d, "[>] 1");
	/* nothing that acts has a key here */
	pty_send(d->p, "s");
	see(d, "s does nothing here");
	pty_send(d->p, "X");
	see(d, "X does nothing here");
	pty_send(d->p, "(");
	see(d, "REPLAY 1 of 3");
	pty_send(d->p, "<Enter>");
	see(d, "REPLAY 2 of 3");
	pty_send(d->p, ")");
	see(d, "REPLAY 3 of 3");
	pty_send(d->p, "q");
	see(d, "[ Runs 3 ]");
	pty_send(d->p, "<F10>");
	assert_true(pty_wait_exit(d->p, &status, LONG_MS));
	pty_close(d->p);
	d->p = NULL;
	assert_int_equal(
		shell(d, "cat state/runs/*/* 2>/dev/null | sha256sum | cmp - sum"), 0);
	/* as lines, where nobody looks at a screen */
	assert_int_equal(
		shell(d,
			"\"$HANDRAIL\" replay $(basename $(dirname $(grep -l 'bad one' "
			"state/runs/*/journal.jsonl))) >lines && grep -q '^REPLAY' lines && "
			"grep -q 'look ended on local, exit 3: fail' lines"),
		0);
}

static void
a_replay_alone_leads_nowhere(void **state)
{
	struct desk *d = *state;
	const char *argv[] = {getenv("HANDRAIL"), "replay", NULL, NULL};
	char place[128], home[128], run[64] = "";
	const char *const env[] = {place, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR", NULL};
	char *path = file_join(d->dir, "id");
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	assert_int_equal(shell(d,
				 "basename $(dirname $(grep -l 'bad one' "
				 "state/runs/*/journal.jsonl)) >id"),
		0);
	assert_true(file_read(path, sizeof run, &text, &e));
	snprintf(run, sizeof run, "%.26s", text.buf);
	argv[2] = run;
	snprintf(place, sizeof place, "HANDRAIL_STATE_DIR=%s/state", d->dir);
	snprintf(home, sizeof home, "HOME=%s", d->dir);
	d->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = d->dir, .rows = 36, .cols = 120});
	see(d, "REPLAY 1 of 3");
	pty_send(d->p, "<F2>");
	see(d, "not here: a replay reaches nothing and runs nothing");
	pty_send(d->p, "<F7>");
	see(d, "REPLAY 1 of 3");
	pty_send(d->p, "q");
	assert_true(pty_wait_exit(d->p, NULL, LONG_MS));
	str_release(&text);
	mem_free(path);
}

/* Nobody knows whether that is good or bad. */
static void
what_cannot_be_read_is_unknown(void **state)
{
	struct desk *d = *state;
	int rc;

	assert_int_equal(shell(d,
				 "j=$(grep -l 'bad one' state/runs/*/journal.jsonl) && "
				 "rm $j && ln -s journal.jsonl $j && dirname $j >dir"),
		0);
	rc = shell(d, "\"$HANDRAIL\" verify --plain $(cat dir)");
	assert_int_equal(WEXITSTATUS(rc), 3);
	open_audit(d, 36, 120);
	see(d, "  UNKNOWN ");
	assert_int_equal(shell(d, "grep -q 'NOT READ.*Too many levels' out"), 0);
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(a_changed_record_is_found_and_its_line_shown),
		CASE(a_record_is_read_line_by_line),
		CASE(a_filter_finds_a_bad_run_out_of_sight),
		CASE(a_run_is_replayed_from_its_record),
		CASE(a_replay_alone_leads_nowhere),
		CASE(what_cannot_be_read_is_unknown),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
