/*
 * A file that is copied and a log that is looked at, with the keys of a person: what stands at
 * both ends is read before the second act, seen ends what is watched, and leaving says what
 * becomes of it.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/pty.h"

enum { LONG_MS = 30000, ROWS = 36, COLS = 120 };

struct desk {
	char dir[64];
	struct pty *p;
};

static void
see(struct desk *d, const char *text)
{
	if (!pty_wait_text(d->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
put(const struct desk *d, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", d->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static bool
holds(const struct desk *d, const char *name, const char *text)
{
	char path[128], buf[64] = {0};
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", d->dir, name);
	f = fopen(path, "r");
	if (!f)
		return false;
	buf[fread(buf, 1, sizeof buf - 1, f)] = '\0';
	fclose(f);
	return strcmp(buf, text) == 0;
}

static int
set_up(void **state)
{
	static struct desk d;
	const char *const argv[] = {getenv("HANDRAIL"), "run", "it.yaml", NULL};
	char home[128], states[128], operator[] = "HANDRAIL_OPERATOR=anna@example.com";
	const char *const env[] = {home, states, operator, "XDG_STATE_HOME", NULL};

	snprintf(d.dir, sizeof d.dir, "/tmp/copywatch-XXXXXX");
	if (!mkdtemp(d.dir))
		return -1;
	snprintf(home, sizeof home, "HOME=%s", d.dir);
	snprintf(states, sizeof states, "HANDRAIL_STATE_DIR=%s/state", d.dir);
	put(&d, "new", "new\n");
	put(&d, "old", "old\n");
	put(&d, "it.yaml",
		"handrail: 1\ntitle: Ship and watch\nkind: maintenance\nsteps:\n"
		"- {id: ship, copy: {from: new, to: old}, undo: \"true\"}\n"
		"- {id: look, watch: 'echo it begins; while :; do sleep 1; done', title: Look}\n"
		"- {id: more, watch: 'echo and again; while :; do sleep 1; done', title: More}\n");
	d.p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = d.dir, .rows = ROWS, .cols = COLS});
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
ship(struct desk *d)
{
	see(d, "Enter trust and start");
	pty_send(d->p, "<Enter>");
	see(d, "journal #0 synced");
	pty_send(d->p, "<Enter>");
	see(d, "Run step 1 on this machine?");
	see(d, "REPLACES a file with other content: 4 B");
	see(d, "Source    4 B, sha256 ");
	assert_true(holds(d, "old", "old\n"));
	assert_true(pty_wait_gone(d->p, "ready in", LONG_MS));
	pty_send(d->p, "<Enter>");
	see(d, "[x] 1 ");
	assert_true(holds(d, "old", "new\n"));
}

static void
seen_ends_what_is_watched(void **state)
{
	struct desk *d = *state;

	ship(d);
	see(d, "Enter watch");
	pty_send(d->p, "<Space>");
	see(d, "nobody has looked at it yet");
	pty_send(d->p, "<Enter>");
	see(d, "| it begins");
	see(d, "Space seen");
	pty_send(d->p, "<Space>");
	see(d, "[x] 2 ");
	see(d, "seen");
}

static void
leaving_says_what_becomes_of_it(void **state)
{
	struct desk *d = *state;

	ship(d);
	see(d, "Enter watch");
	pty_send(d->p, "<Enter>");
	see(d, "| it begins");
	pty_send(d->p, "q");
	see(d, "The run stays open here");
	pty_send(d->p, "q");
	see(d, "What is watched ends, and begins again with resume.");
	pty_send(d->p, "<Esc>");
	assert_true(pty_wait_gone(d->p, "begins again with resume", LONG_MS));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			seen_ends_what_is_watched, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			leaving_says_what_becomes_of_it, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
