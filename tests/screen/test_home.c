/*
 * The small things that a first user stumbles over: an environment is chosen on the home
 * screen, what was said stays on its screen, a key that cannot do it says so before it asks
 * for anything, and long lines can be read to their end.
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

enum { LONG_MS = 12000 };

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
set_up(void **state)
{
	static struct desk d;

	d = (struct desk){0};
	snprintf(d.dir, sizeof d.dir, "/tmp/home-XXXXXX");
	if (!mkdtemp(d.dir))
		return -1;
	put(&d, "way.yaml",
		"handrail: 1\ntitle: The way\nkind: deploy\nsteps:\n"
		"  - {id: say, host: box, title: Say it, risk: none, expect: {exit: 0},"
		" run: 'printf \"%0300d THE-%s\\n\" 0 END'}\n"
		"  - {id: tell, do: Tell them}\n");
	put(&d, "handrail.yaml",
		"handrail_project: 1\nname: desk\nrunbooks: [.]\nenvironments:\n"
		"  production: {badge: PROD, hosts: {box: {local: true}}}\n"
		"  test: {badge: TEST, hosts: {box: {local: true}}}\n"
		"probes:\n"
		"  depth: {command: cat depth, every: 1s, expect: {value: \"< 100\"}}\n");
	put(&d, "depth", "22\n");
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

static bool
seen(struct desk *d, const char *text)
{
	return pty_find(d->p, text, &(int){0}, &(int){0});
}

static void
at_home(struct desk *d)
{
	const char *const argv[] = {getenv("HANDRAIL"), NULL};
	char state[128], home[128];
	const char *const env[] = {state, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", d->dir);
	snprintf(home, sizeof home, "HOME=%s", d->dir);
	d->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = d->dir, .rows = 36, .cols = 120});
	see(d, "Runbooks 1");
}

static void
choose_test(struct desk *d)
{
	pty_send(d->p, "e");
	see(d, "Choose");
	assert_true(seen(d, "production  PROD"));
	pty_send(d->p, "<Down><Enter><Enter>");
	see_no_more(d, "production  PROD");
	see(d, " TEST ");
}

static void
start(struct desk *d)
{
	choose_test(d);
	pty_send(d->p, "<Enter>");
	see(d, "trust and start");
	pty_send(d->p, "<Enter>");
	see(d, " synced");
}

static void
an_environment_is_chosen_at_home(void **state)
{
	struct desk *d = *state;

	at_home(d);
	assert_false(seen(d, " TEST "));
	pty_send(d->p, "<Enter>");
	see(d, "choose an environment");
	pty_send(d->p, "<Esc>");
	see(d, "Runbooks 1");
	start(d);
	assert_true(seen(d, " TEST "));
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1");
}

static void
what_was_said_stays_on_its_screen(void **state)
{
	struct desk *d = *state;

	at_home(d);
	choose_test(d);
	pty_send(d->p, "x");
	see(d, "x does nothing here");
	pty_send(d->p, "<Enter>");
	see(d, "trust and start");
	see_no_more(d, "x does nothing here");
}

static void
a_command_is_not_marked_failed_by_hand(void **state)
{
	struct desk *d = *state;

	at_home(d);
	start(d);
	pty_send(d->p, "F");
	see(d, "1 is not ticked by hand; s has the ways round it");
	assert_false(seen(d, "Mark the step failed"));
	pty_send(d->p, "jF");
	see(d, "Mark the step failed");
}

static void
long_lines_can_be_read_to_their_end(void **state)
{
	struct desk *d = *state;

	at_home(d);
	start(d);
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1");
	see(d, "| 0000");
	assert_false(seen(d, "THE-END"));
	pty_send(d->p, "w");
	see(d, "THE-END");
	assert_true(seen(d, "wrapped"));
	pty_send(d->p, "w");
	see_no_more(d, "THE-END");
}

static void
search(struct desk *d, const char *word)
{
	pty_send(d->p, "/");
	see(d, "Find [");
	pty_send(d->p, word);
	pty_send(d->p, "<Enter>");
	see_no_more(d, "Find [");
}

/* Who opened the wrong runbook goes to the right one, and ends what was begun. */
static void
a_run_begun_by_mistake_is_no_trap(void **state)
{
	struct desk *d = *state;

	at_home(d);
	put(d, "other.yaml",
		"handrail: 1\ntitle: Other way\nsteps:\n  - {do: Look, id: look}\n");
	pty_send(d->p, "e");
	see(d, "Choose");
	pty_send(d->p, "<Down><Enter>");
	see_no_more(d, "production  PROD");
	see(d, " TEST ");
	pty_send(d->p, "<Enter>");
	see(d, "trust and start");
	pty_send(d->p, "<Enter>");
	see(d, " synced");
	see(d, "The run begins");
	pty_send(d->p, "q");
	see(d, "open here");
	pty_send(d->p, "<Tab>");
	see(d, "[ Open runs 1 ]");
	search(d, "other");
	see(d, "[ Runbooks 2 ]");
	pty_send(d->p, "<Enter>");
	see(d, "Plan > Other way");
	pty_send(d->p, "<Enter>");
	see(d, "stays open, Home has it");
	see(d, "> Other way");
	pty_send(d->p, "q");
	see(d, "Open runs 2");
	search(d, "the way");
	pty_send(d->p, "<Tab>");
	see(d, "[ Open runs 2 ]");
	pty_send(d->p, "<Down>r");
	see(d, "Taken up again");
	pty_send(d->p, "X");
	see(d, "End the run here, unfinished?");
	see(d, "Nothing has run that would have to be taken back");
	pty_send(d->p, "the wrong one<Enter>");
	see(d, "is closed: stopped");
	see(d, "journal #");
	pty_send(d->p, "<Enter>");
	see(d, "STOP");
}

/* Without a runbook: asked once, then health and containers of what handrail.yaml lists. */
static void
what_the_project_lists_is_seen_from_home(void **state)
{
	struct desk *d = *state;

	at_home(d);
	pty_send(d->p, "e");
	see(d, "Choose");
	pty_send(d->p, "<Down><Enter>");
	see_no_more(d, "production  PROD");
	pty_send(d->p, "<F4>");
	see(d, "Look at what handrail.yaml lists");
	see(d, "command cat depth");
	pty_send(d->p, "<Esc>");
	see_no_more(d, "Look at what handrail.yaml lists");
	assert_false(seen(d, "depth OK"));
	pty_send(d->p, "<F4>");
	see(d, "Trust it and look");
	pty_send(d->p, "<Enter>");
	see(d, "Health > Health");
	see(d, "depth OK");
	put(d, "depth", "222\n");
	see(d, "depth FAIL");
	pty_send(d->p, "q");
	see(d, "Runbooks 1");
	see(d, "depth DOWN");   /* the strip is there too */
	pty_send(d->p, "<F6>"); /* it is trusted now */
	see(d, "Containers > Health");
	pty_send(d->p, "x");
	see(d, "not now: ");
	pty_send(d->p, "q");
	see(d, "Runbooks 1");
	pty_send(d->p, "<F5>");
	see(d, "names no logs");
	pty_send(d->p, "<F4>");
	see(d, "Health > Health");
}

int
main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(an_environment_is_chosen_at_home),
		CASE(what_was_said_stays_on_its_screen),
		CASE(a_command_is_not_marked_failed_by_hand),
		CASE(what_the_project_lists_is_seen_from_home),
		CASE(long_lines_can_be_read_to_their_end),
		CASE(a_run_begun_by_mistake_is_no_trap),
	};
#undef CASE

	return cmocka_run_group_tests(tests, NULL, NULL);
}
