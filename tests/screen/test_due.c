/*
 * What is owed, on Home: postponed with a reason and released without being done, by the real
 * console; what stands in the record is asked of the command line.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/pty.h"

enum { LONG_MS = 20000 };

struct desk {
	char dir[64];
	struct pty *p;
};

static void
shell(const struct desk *d, const char *what)
{
	char command[1024];

	snprintf(command, sizeof command,
		"cd %s && export HANDRAIL_STATE_DIR=$PWD/state HOME=$PWD "
		"HANDRAIL_OPERATOR=anna@example.com && { %s; } >&2 </dev/null",
		d->dir, what);
	if (system(command) != 0)
		fail_msg("%s", what);
}

static int
set_up(void **state)
{
	static struct desk d;

	d = (struct desk){0};
	snprintf(d.dir, sizeof d.dir, "/tmp/due-XXXXXX");
	if (!mkdtemp(d.dir))
		return -1;
	shell(&d,
		"mkdir runbooks && printf '%s\\n' 'handrail: 1' 'title: Deploy it' 'kind: "
		"deploy' 'steps:' '  - do: Deploy' '  - id: after' '    schedule:' '      - "
		"{title: Review the logs, due: 1d, every: 1w}' '      - {title: Ask the users, "
		"due: 7d}' >runbooks/deploy.yaml && printf '%s\\n' 'answers: 1' 'steps: {deploy: "
		"{tick: done}}' >a.yaml && $HANDRAIL run --plain --answers a.yaml "
		"runbooks/deploy.yaml");
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
begin(struct desk *d, int rows, int cols)
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
	see(d, "Due 0 of 2");
	pty_send(d->p, "p");
	see(d, "mark what is owed first: Tab");
	pty_send(d->p, cols < 100 ? "<Tab><Tab>" : "<Tab>");
	see(d, "[ Due 0 of 2 ]");
	see(d, "p postpone · x release");
}

static void
postponed_and_released(void **state)
{
	struct desk *d = *state;

	begin(d, 24, 80);
	pty_send(d->p, "p");
	see(d, "Owed later");
	see(d, "off until there is a time");
	pty_send(d->p, "soon<Tab>");
	see(d, "\"soon\" is no time: write 2d, or");
	pty_send(d->p, "<S-Tab><C-a><C-k>2020-01-01T00:00:00Z<Tab>");
	see(d, "that is over");
	pty_send(d->p, "<S-Tab><C-a><C-k>9d<Tab>");
	see(d, "off until there is a reason");
	pty_send(d->p, "they are away<Enter>");
	see(d, "Owed later, at ");
	see_no_more(d, "[ Postpone it ]");
	see(d, "in 8d23h      Review the logs");
	pty_send(d->p, "<Home>x");
	see(d, "No longer owed");
	see(d, "It is not done");
	pty_send(d->p, "nobody uses it<Enter>");
	see(d, "No longer owed: Ask the users");
	see(d, "[ Due 0 of 1 ]");
	pty_close(d->p);
	d->p = NULL;
	shell(d,
		"$HANDRAIL due | grep 'Review the logs, every 1w' && "
		"! $HANDRAIL due | grep 'Ask the users' && $HANDRAIL verify && "
		"grep -q '\"as\":\"postponed\".*they are away' state/runs/*/journal.jsonl && "
		"grep -q '\"as\":\"released\".*nobody uses it' state/runs/*/journal.jsonl");
}

static void
thought_better_of(void **state)
{
	struct desk *d = *state;

	begin(d, 36, 120);
	pty_send(d->p, "x");
	see(d, "It is not done");
	pty_send(d->p, "<Esc>");
	see_no_more(d, "It is not done");
	shell(d, "[ $(ls state/runs | wc -l) = 1 ]"); /* nothing is made of a thought */
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			postponed_and_released, set_up, tear_down),
		cmocka_unit_test_setup_teardown(thought_better_of, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
