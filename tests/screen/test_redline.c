/*
 * A command that is edited for one run: its risk is seen, it runs, the run that is closed has a
 * patch for the file, and the next start says so until the file has it.
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

enum { LONG_MS = 20000, ROWS = 36, COLS = 120 };

struct desk {
	char dir[64];
	struct pty *p;
};

static const char runbook[] = "handrail: 1\ntitle: Tidy up\nkind: maintenance\nsteps:\n"
			      "  - id: tidy\n    title: Tidy\n    run: |\n"
			      "      echo first\n      echo old >>\"$HOME/ran\"\n"
			      "    undo: \"true\"\n    expect: {exit: 0}\n";

static void
put(const struct desk *d, const char *name, const char *text)
{
	char *path = file_join(d->dir, name);
	struct err e = ERR_INIT;

	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(path);
}

static int
set_up(void **state)
{
	static struct desk d;

	d = (struct desk){0};
	snprintf(d.dir, sizeof d.dir, "/tmp/redline-XXXXXX");
	if (!mkdtemp(d.dir))
		return -1;
	put(&d, "it.yaml", runbook);
	*state = &d;
	return 0;
}

static int
tear_down(void **state)
{
	struct desk *d = *state;
	char remove[256];

	pty_close(d->p);
	d->p = NULL;
	/* a job may still write its last words */
	snprintf(remove, sizeof remove,
		"bash -c 'n=0; until rm -rf %s 2>/dev/null; do n=$((n + 1)); "
		"[ $n -lt 100 ] || exit 1; read -rt 0.05 <> <(:) || :; done'",
		d->dir);
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
shell(const struct desk *d, const char *what)
{
	char command[512];

	snprintf(command, sizeof command, "cd %s && { %s; } >/dev/null", d->dir, what);
	if (system(command) != 0)
		fail_msg("%s", what);
}

static void
begin(struct desk *d)
{
	const char *const argv[] = {getenv("HANDRAIL"), "run", "it.yaml", NULL};
	char state[128], home[128];
	const char *const env[] = {state, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", d->dir);
	snprintf(home, sizeof home, "HOME=%s", d->dir);
	d->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = d->dir, .rows = ROWS, .cols = COLS});
	see(d, "Every step that would run");
	pty_send(d->p, "<Enter>");
	see(d, "Steps 0/1");
}

static void
edited_run_and_patched(void **state)
{
	struct desk *d = *state;

	begin(d);
	pty_send(d->p, "e");
	see(d, "Edit the command for this run: which line?");
	pty_send(d->p, "<Down><Enter>");
	see(d, "Edit the command for this run only");
	see(d, "nothing is changed yet");
	see(d, "off until something is changed");
	pty_send(d->p, "<C-a><C-k>docker compose down -v"); /* what nobody wants */
	see(d, "!!! severe, was moderate: removes volumes");
	pty_send(d->p, "<C-a><C-k>echo new >>\"$HOME/ran\"");
	see(d, "- echo old >>\"$HOME/ran\"");
	see(d, "+ echo new >>\"$HOME/ran\"");
	see(d, "off until there is a reason");
	pty_send(d->p, "<Enter>the old one is wrong<Enter>");
	see(d, "EDITED RISK ! moderate");
	see(d, "echo new >>\"$HOME/ran\"");
	pty_send(d->p, "<Enter>");
	see(d, "Run step 1 on this machine?");
	see(d, "Edited for this run: not what the runbook says");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1 ");
	shell(d, "grep -qx new ran");
	see(d, "Enter close the run");
	pty_send(d->p, "<Enter>");
	see(d, "is closed: ok. What was edited in it is a patch: ");
	pty_close(d->p);
	d->p = NULL;

	begin(d);
	see(d, "1 command was edited for run ");
	see(d, "and is not in the file yet");
	pty_close(d->p);
	d->p = NULL;
	shell(d,
		"cat state/runs/*/redlines.patch | patch -p0 && grep -qx '      echo new "
		">>\"$HOME/ran\"' it.yaml");
	begin(d);
	see(d, "The run begins.");
}

/* A command and something to do, in the middle of a run. */
static void
added_run_and_patched(void **state)
{
	struct desk *d = *state;

	begin(d);
	see(d, "journal #0 synced");
	pty_send(d->p, "E");
	see(d, "Add a step to this run only");
	see(d, "a title is missing");
	pty_send(d->p, "Flush<Tab>docker compose down -v");
	see(d, "!!! severe: removes volumes");
	see(d, "its undo is missing, or why there is no way back");
	pty_send(d->p, "<C-a><C-k>echo flushed >>\"$HOME/ran\"");
	see(d, "! moderate");
	pty_send(d->p, "<Tab><Tab><Tab>it is only a line");
	see(d, "off until there is a reason");
	pty_send(d->p, "<Tab>stale<Enter>");
	see(d, "Added to this run; nothing has run.");
	see(d, "[ ] +1 ");
	pty_send(d->p, ".");
	see(d, "added for this run by anna@example.com: stale");
	pty_send(d->p, "<Enter>");
	see(d, "Run step +1 on this machine?");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "[x] +1 ");
	shell(d, "grep -qx flushed ran");
	pty_send(d->p, ".");
	see(d, "Step 1  Tidy");
	pty_send(d->p, "<Enter>");
	see(d, "Run step 1 on this machine?");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "Enter close the run");
	pty_send(d->p, "<Enter>");
	see(d, "is closed: ok. What was edited in it is a patch: ");
	pty_close(d->p);
	d->p = NULL;

	shell(d, "$HANDRAIL verify --help && HANDRAIL_STATE_DIR=state $HANDRAIL verify");
	shell(d,
		"HANDRAIL_STATE_DIR=state $HANDRAIL report $(ls state/runs) | "
		"grep -q 'not in the runbook: added for this run by anna@example.com: stale'");
	begin(d);
	see(d, "1 step was added for run ");
	see(d, "and is not in the file yet");
	pty_close(d->p);
	d->p = NULL;
	shell(d,
		"cat state/runs/*/redlines.patch | patch -p0 && $HANDRAIL lint it.yaml && "
		"grep -q 'title: Flush' it.yaml");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(added_run_and_patched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			edited_run_and_patched, set_up, tear_down),
	};

	if (system("patch --version >/dev/null 2>&1") != 0) {
		puts("1..0 # SKIP patch is not installed");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
