/*
 * The way back on the screen, at both sizes: its list, the words that begin it and nothing
 * else, an undo that fails, one that is left with a reason, the end of it, the record.
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

enum { LONG_MS = 60000, TEXT_MAX = 1024 };

struct walk {
	struct pty *p;
	char dir[200];
	char words[64];
};

static void __attribute__((format(printf, 2, 3)))
shell(const struct walk *w, const char *fmt, ...)
{
	char command[TEXT_MAX] =
		"set -e; cd \"$1\"; export HANDRAIL_STATE_DIR=$PWD/state "
		"HOME=$PWD HANDRAIL_OPERATOR=anna; ";
	size_t n = strlen(command);
	int status;
	va_list ap;
	pid_t pid;

	va_start(ap, fmt);
	vsnprintf(command + n, sizeof command - n, fmt, ap);
	va_end(ap);
	pid = fork();
	if (pid == 0) {
		dup2(2, 1);
		execlp("bash", "bash", "-c", command, "-", w->dir, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("%s: status %d", command + n, status);
}

static void
see(const struct walk *w, const char *text)
{
	if (!pty_wait_text(w->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
see_no_more(const struct walk *w, const char *text)
{
	if (!pty_wait_gone(w->p, text, LONG_MS))
		fail_msg("still seen: %s", text);
}

static const char runbook[] = "handrail: 1\n"
			      "title: Deploy\n"
			      "kind: deploy\n"
			      "steps:\n"
			      "  - run: echo tag >> did\n"
			      "    title: New tag\n"
			      "    dir: %s\n"
			      "    expect: {exit: 0}\n"
			      "    undo: echo untag >> did\n"
			      "  - run: echo migrate >> did\n"
			      "    title: Migrate\n"
			      "    dir: %s\n"
			      "    expect: {exit: 0}\n"
			      "    irreversible: columns are dropped\n"
			      "  - run: echo flag >> did\n"
			      "    title: Flag\n"
			      "    dir: %s\n"
			      "    expect: {exit: 0}\n"
			      "    undo: test ! -e fail; echo unflag >> did\n"
			      "  - run: echo half >> did; exit 3\n"
			      "    title: Breaks half way\n"
			      "    dir: %s\n"
			      "    expect: {exit: 0}\n"
			      "    undo: echo unhalf >> did\n";

/* A deploy that has failed at its last step, walked without a screen. */
static void
failed_deploy(struct walk *w, const char *name)
{
	char path[256], id[8] = "";
	FILE *f;

	snprintf(w->dir, sizeof w->dir, "%s/back-%s-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", name);
	assert_non_null(mkdtemp(w->dir));
	snprintf(path, sizeof path, "%s/deploy.yaml", w->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, runbook, w->dir, w->dir, w->dir, w->dir);
	fclose(f);
	shell(w,
		"\"$HANDRAIL\" run --plain deploy.yaml >out </dev/null && exit 9; "
		"ls state/runs | tail -c 5 >id");
	snprintf(path, sizeof path, "%s/id", w->dir);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fread(id, 1, 4, f), 4);
	fclose(f);
	snprintf(w->words, sizeof w->words, "roll back %s", id);
}

static void
open_console(struct walk *w, int rows, int cols)
{
	const char *const argv[] = {getenv("HANDRAIL"), "resume", NULL};
	char state[TEXT_MAX];
	const char *const env[] = {
		state, "HANDRAIL_OPERATOR=anna", "HANDRAIL_RUNBOOKS", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", w->dir);
	w->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = w->dir, .rows = rows, .cols = cols});
	see(w, "[!] 4");
}

static void
leave(struct walk *w)
{
	int status;

	pty_send(w->p, "<F10>");
	assert_true(pty_wait_exit(w->p, &status, LONG_MS));
	assert_true(WIFEXITED(status));
	pty_close(w->p);
}

/* To the dialog of the words. */
static void
to_the_words(struct walk *w)
{
	pty_send(w->p, "b");
	see(w, "as it stands now");
	pty_send(w->p, "<Tab><Tab><Enter>");
	see(w, "To begin, type");
}

/* The button takes them, and its time has come. */
static void
type_the_words(struct walk *w)
{
	pty_send(w->p, w->words);
	see_no_more(w, "off until the words");
	see_no_more(w, "ready in");
	pty_send(w->p, "<Enter>");
}

static void
walk_at(const char *name, int rows, int cols)
{
	struct walk w = {0};

	failed_deploy(&w, name);
	shell(&w, "touch fail");
	open_console(&w, rows, cols);
	pty_send(w.p, "b");
	see(&w, "3 to undo");
	see(&w, "1 cannot be undone and");
	see(&w, "no way back: columns are dropped");
	see(&w, "[ Lead all back ]");
	pty_send(w.p, "<Esc>");
	see_no_more(&w, "as it stands now");

	/* nothing but the words */
	to_the_words(&w);
	pty_send(w.p, "yes<Enter>");
	see(&w, "off until the words match");
	pty_send(w.p, "<Esc>");
	see(&w, "Cancelled: nothing is taken back.");
	pty_send(w.p, "<Esc>");
	see_no_more(&w, "as it stands now");
	shell(&w,
		"! grep -q 'rollback.open\\|\"way\":\"back\"' state/runs/*/journal.jsonl");

	/* it stands where an undo fails */
	to_the_words(&w);
	type_the_words(&w);
	see(&w, "The way back: 1 of 3, stands still");
	see(&w, "GOING BACK");
	see(&w, "its undo exit 1, wanted 0");
	shell(&w, "test \"$(tail -n 1 did)\" = unhalf");
	pty_send(w.p, "<Enter>"); /* and nothing leads on */
	see(&w, "Not now");

	/* left as it is, with a reason; the rest goes on */
	pty_send(w.p, "b");
	see(&w, "undo failed");
	pty_send(w.p, "<Down><Tab><Tab><Tab><Enter>");
	see(&w, "Leave it as it is");
	pty_send(w.p, "flag is off by hand<Enter>");
	see(&w, "left as it is: flag is off by hand");
	pty_send(w.p, "<Esc>");
	see_no_more(&w, "as it stands now");
	to_the_words(&w);
	type_the_words(&w);
	see(&w, "LED BACK");
	see(&w, "not all of it could be taken back");
	pty_send(w.p, "<Enter>");
	see(&w, "is closed: failed");
	leave(&w);
	shell(&w,
		"test \"$(tr '\\n' ' ' <did)\" = 'tag migrate flag half unhalf untag '; "
		"\"$HANDRAIL\" verify >/dev/null; \"$HANDRAIL\" report $(ls state/runs) >r; "
		"grep -q 'Way back: partly' r; grep -q 'flag is off by hand' r; "
		"rm -r \"$1\"");
}

static void
leads_back_at_80_columns(void **state)
{
	(void)state;
	walk_at("narrow", 24, 80);
}

static void
leads_back_at_120_columns(void **state)
{
	(void)state;
	walk_at("normal", 36, 120);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(leads_back_at_80_columns),
		cmocka_unit_test(leads_back_at_120_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
