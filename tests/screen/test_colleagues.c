/*
 * Home with the runs of colleagues: consoles of this machine whose records are not here say
 * what they drive, since when, and what needs a person; one of them is opened to look on.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "lib/pty.h"

enum { LONG_MS = 60000 };

static void
see(struct pty *p, const char *text)
{
	if (!pty_wait_text(p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
see_no_more(struct pty *p, const char *text)
{
	if (!pty_wait_gone(p, text, LONG_MS))
		fail_msg("still seen: %s", text);
}

static void
put(const char *dir, const char *name, const char *text)
{
	char *path = file_join(dir, name);
	struct err e = ERR_INIT;

	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(path);
}

/* A console of somebody with a state folder of his own. */
static struct pty *
console(const char *dir, const char *who, int rows, int cols)
{
	const char *const argv[] = {getenv("HANDRAIL"), "--runbooks", ".", NULL};
	char operator[64], state[128], runtime[128], home[128];
	const char *const env[] = {operator, state, runtime, home, "HANDRAIL_RUNBOOKS",
		"XDG_STATE_HOME", "XDG_CONFIG_HOME", "HANDRAIL_SHARED_DIR", NULL};
	struct pty *p;

	snprintf(operator, sizeof operator, "HANDRAIL_OPERATOR=%s@example.com", who);
	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/%s", dir, who);
	snprintf(runtime, sizeof runtime, "XDG_RUNTIME_DIR=%s/run", dir);
	snprintf(home, sizeof home, "HOME=%s", dir);
	p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = dir, .rows = rows, .cols = cols});
	see(p, "Runbooks 2");
	return p;
}

static void
the_runs_of_colleagues_are_at_home(void **state)
{
	char dir[] = "/tmp/colleagues-XXXXXX", remove[64];
	char *run;
	struct pty *anna, *lea;

	(void)state;
	assert_non_null(mkdtemp(dir));
	run = mem_printf("%s/run", dir);
	assert_int_equal(mkdir(run, 0700), 0);
	put(dir, "roll.yaml",
		"handrail: 1\ntitle: Roll out\nsteps:\n"
		"  - {id: tell, do: Tell people}\n  - {id: ask, do: Ask them}\n");
	put(dir, "other.yaml", "handrail: 1\ntitle: Clean up\nsteps:\n  - {do: Sweep}\n");
	anna = console(dir, "anna", 24, 80);
	lea = console(dir, "lea", 36, 120);
	assert_false(pty_find(lea, "Open runs", &(int){0}, &(int){0}));
	pty_send(anna, "<Down><Enter>");
	see(anna, "trust and start");
	pty_send(anna, "<Enter>");
	see(anna, " synced");
	/* without a key on her side */
	see(lea, "Open runs 1, 1 of colleagues");
	see(lea, "WAIT");
	see(lea, "to do: Tell people");
	see(lea, "anna       to do: Tell people  account ");
	pty_send(anna, "p");
	see(anna, "Hold the run");
	pty_send(anna, "lunch<Enter>");
	see(lea, "HELD");
	see(lea, "on hold: lunch");
	/* the filter is over all lists, and says so */
	pty_send(lea, "&");
	see(lea, "Show only what has this text");
	pty_send(lea, "clean<Enter>");
	see(lea, "filter \"clean\"");
	see_no_more(lea, "Roll out");
	see_no_more(lea, "of colleagues");
	pty_send(lea, "<Esc>");
	see(lea, "on hold: lunch");
	see_no_more(lea, "filter \"clean\"");
	pty_send(lea, "<Tab>");
	see(lea, "[ Open runs 1, 1 of colleagues ]");
	see(lea, "look on");
	pty_send(lea, "<Enter>");
	see(lea, "LOOKING ON, anna@example.com drives since");
	see(lea, "Tell people");
	pty_send(lea, "q");
	see(lea, "Runbooks 2");
	pty_close(anna); /* killed: nobody listens there any more */
	see_no_more(lea, "of colleagues");
	pty_close(lea);
	snprintf(remove, sizeof remove, "rm -rf %s", dir);
	assert_int_equal(system(remove), 0);
	mem_free(run);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_runs_of_colleagues_are_at_home),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
