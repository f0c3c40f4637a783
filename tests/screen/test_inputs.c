/*
 * What a person gives a run: versions from the tags of the repository, several of some
 * choices, what the last run had, and another value in the middle of it.
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

static const char runbook[] =
	"handrail: 1\ntitle: Ship it\nkind: deploy\n"
	"inputs:\n"
	"  tag: {ask: Which version?, type: version}\n"
	"  parts: {ask: Which parts?, type: multi, choices: [api, web, worker]}\n"
	"  change: {ask: Which change?}\n"
	"steps:\n"
	"  - {id: ship, title: Ship, run: 'echo \"$tag $parts $change\" >>\"$HOME/ran\"',"
	" undo: 'true', expect: {exit: 0}}\n"
	"  - {id: more, title: Only of the second, do: Look at it, when: {input.tag: v2*}}\n"
	"  - {id: end, title: The end, do: Tell them}\n";

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
	char command[512];

	d = (struct desk){0};
	snprintf(d.dir, sizeof d.dir, "/tmp/inputs-XXXXXX");
	if (!mkdtemp(d.dir))
		return -1;
	put(&d, "it.yaml", runbook);
	snprintf(command, sizeof command,
		"cd %s && export HOME=$PWD && git init -q . && "
		"git -c user.name=a -c user.email=a@b commit -q --allow-empty -m x && "
		"git tag v1.9.0 && git tag v1.10.0 && git tag v1.2.0",
		d.dir);
	*state = &d;
	return system(command);
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
ran(const struct desk *d, const char *want)
{
	char *path = file_join(d->dir, "ran");
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	assert_true(file_read(path, 4096, &text, &e));
	assert_string_equal(text.buf, want);
	str_release(&text);
	mem_free(path);
}

static void
begin_of(struct desk *d, const char *file)
{
	const char *const argv[] = {getenv("HANDRAIL"), "run", file, NULL};
	char state[128], home[128];
	const char *const env[] = {state, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", d->dir);
	snprintf(home, sizeof home, "HOME=%s", d->dir);
	d->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = d->dir, .rows = ROWS, .cols = COLS});
	see(d, "Every step that would run");
}

static void
begin(struct desk *d)
{
	begin_of(d, "it.yaml");
	see(d, "for-each-ref"); /* the plan shows every look */
	pty_send(d->p, "<Enter>");
}

/* The three of them: newest tag, two of the parts, a text. */
static void
give_all(struct desk *d)
{
	see(d, "Input tag");
	see(d, ">v1.10.0");
	pty_send(d->p, "<Enter>");
	see(d, "Input parts");
	pty_send(d->p, "<Space><Tab><Tab><Space>");
	see(d, "[x] worker");
	pty_send(d->p, "<Tab><Enter>");
	see(d, "Input change");
}

static void
ship(struct desk *d)
{
	see(d, "Enter act");
	pty_send(d->p, "<Enter>");
	see(d, "Run step 1 on this machine?");
	see_no_more(d, "ready in");
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1 ");
}

static void
versions_parts_and_what_the_last_run_had(void **state)
{
	struct desk *d = *state;

	begin(d);
	give_all(d);
	pty_send(d->p, "CHG-1<Enter>");
	ship(d);
	ran(d, "v1.10.0 api,worker CHG-1\n");
	pty_close(d->p);
	d->p = NULL;
	begin(d);
	see(d, "Last time v1.10.0  in run ");
	see(d, ">v1.10.0");
	pty_send(d->p, "<Enter>");
	see(d, "Last time api,worker  in run ");
	see(d, "[x] api"); /* as it was */
	pty_send(d->p, "<Tab><Tab><Tab><Enter>");
	see(d, "Last time CHG-1  in run ");
	pty_send(d->p, "<Enter>");
	ship(d);
	ran(d, "v1.10.0 api,worker CHG-1\nv1.10.0 api,worker CHG-1\n");
}

static void
another_value_within_the_run(void **state)
{
	struct desk *d = *state;

	begin(d);
	give_all(d);
	pty_send(d->p, "CHG-1<Enter>");
	ship(d);
	pty_send(d->p, "i");
	see(d, "Inputs of this run");
	see(d, "tag = v1.10.0   (anna@example.com)");
	see(d, "parts = api,worker");
	pty_send(d->p, "<Tab><Enter>");
	see(d, "Input tag");
	see(d, "Now       v1.10.0");
	see(d, "Used by   1: that stays, and is listed at sign-off");
	see(d, "Decides   whether 2 is needed");
	pty_send(d->p, "v2.0.0<Enter>");
	see(d, "tag is v2.0.0 now; step 1 ran with what it was, and stays as it is.");
	see(d, "[ ] 2 "); /* it was not needed */
	pty_send(d->p, "<Space>");
	see(d, "[x] 2 ");
}

/* The second Enter comes while the value is on its way to the record: nothing is asked for
 * again, and what it was for goes on. */
static void
enter_right_after(void **state)
{
	static const char asks[] =
		"handrail: 1\ntitle: Ask twice\nkind: deploy\n"
		"inputs:\n  word: {secret: true, from: ask}\n  name: {ask: Which name?}\n"
		"steps:\n  - {id: word, title: The word, ask: word}\n"
		"  - {id: name, title: The name, ask: name}\n"
		"  - {id: end, title: The end, do: Tell them}\n";
	struct desk *d = *state;

	put(d, "asks.yaml", asks);
	begin_of(d, "asks.yaml");
	pty_send(d->p, "<Enter>");
	see(d, "Enter answer");
	see(d, "journal #0 synced");
	pty_send(d->p, "<Enter>");
	see(d, "Input word");
	pty_send(d->p, "pass-phrase<Enter><Enter>");
	see(d, "[x] 1 ");
	see(d, "Step 2  The name");
	see_no_more(d, "Input word");
	pty_send(d->p, "<Enter>");
	see(d, "Input name");
	pty_send(d->p, "anna<Enter><Enter>");
	see(d, "[x] 2 ");
	see_no_more(d, "Input name");
	see(d, "Step 3  The end");
	pty_send(d->p, "<Enter>");
	see(d, "[x] 3 ");
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			versions_parts_and_what_the_last_run_had, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			another_value_within_the_run, set_up, tear_down),
		cmocka_unit_test_setup_teardown(enter_right_after, set_up, tear_down),
	};

	if (system("git --version >/dev/null 2>&1") != 0) {
		puts("1..0 # SKIP git is not installed");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
