/*
 * The tour on the screen, as somebody sees it for the first time: led by its guide from Home
 * through the board, the log and the way back to the report, and an end by a signal or a
 * closed window that leaves nothing behind. Nothing may connect to anything meanwhile.
 */

#include <dirent.h>
#include <setjmp.h>
#include <signal.h>
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

enum { LONG_MS = 60000, STOPPED = 7, TERMINATED = 143 };

struct tour {
	char dir[64];
	struct pty *p;
};

static void
see(struct tour *t, const char *text)
{
	if (!pty_wait_text(t->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static size_t
left_behind(const struct tour *t)
{
	DIR *d = opendir(t->dir);
	char doors[128];
	size_t n = 0;

	/* where consoles meet: it stays, with nothing in it once they have gone */
	snprintf(doors, sizeof doors, "%s/handrail", t->dir);
	n += access(doors, F_OK) == 0 && rmdir(doors) != 0;
	assert_non_null(d);
	for (struct dirent *e = readdir(d); e; e = readdir(d))
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0 &&
			strcmp(e->d_name, "handrail") != 0;
	closedir(d);
	return n;
}

static int
set_up(void **state)
{
	static struct tour t;
	const char *const argv[] = {getenv("HANDRAIL"), "demo", NULL};
	char runtime[128], home[128], preload[4200];
	const char *const env[] = {runtime, home, preload, "HANDRAIL_STATE_DIR",
		"XDG_STATE_HOME", "HANDRAIL_RUNBOOKS", NULL};

	snprintf(t.dir, sizeof t.dir, "/tmp/tour-XXXXXX");
	if (!mkdtemp(t.dir))
		return -1;
	snprintf(runtime, sizeof runtime, "XDG_RUNTIME_DIR=%s", t.dir);
	snprintf(home, sizeof home, "HOME=%s", t.dir);
	snprintf(preload, sizeof preload, "LD_PRELOAD=%s/tests/lib/noconnect.so",
		getenv("BUILDDIR"));
	t.p = pty_open(&(struct pty_opts){.argv = argv, .env = env});
	*state = &t;
	return 0;
}

static int
tear_down(void **state)
{
	struct tour *t = *state;
	char remove[128];

	pty_close(t->p);
	snprintf(remove, sizeof remove, "rm -rf %s", t->dir);
	return system(remove);
}

static int
end_of(struct tour *t)
{
	int status = 0;

	assert_true(pty_wait_exit(t->p, &status, LONG_MS));
	assert_int_equal(left_behind(t), 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* A dialog takes keys when it says so no longer. */
static void
ready(struct tour *t)
{
	if (!pty_wait_gone(t->p, "ready in", LONG_MS))
		fail_msg("the dialog takes no keys");
}

static void
begin(struct tour *t)
{
	see(t, "Guide 1/");
	see(t, "Tour: release version 2");
	assert_int_equal(left_behind(t), 1);
	pty_send(t->p, "<Enter>");
	see(t, "Guide 2/");
	pty_send(t->p, "<Enter>");
	see(t, "Guide 3/");
	see(t, " synced");
}

/* Up to the fault, which comes by itself. */
static void
release_it(struct tour *t)
{
	pty_send(t->p, "x");
	see(t, "x does nothing here; ? shows the keys");
	pty_send(t->p, "<Enter>");
	see(t, "Guide 4/");
	pty_send(t->p, "<Enter>");
	see(t, "Guide 5/");
	pty_send(t->p, "<Enter>");
	see(t, "Guide 6/");
	ready(t);
	pty_send(t->p, "<Enter>");
	see(t, "Guide 8/");
	pty_send(t->p, "<Enter>");
	see(t, "Guide 9/");
	pty_send(t->p, "<Enter>");
	see(t, "There it is. F4 (or 4)");
}

/* The words of the way back, as the screen says them. */
static void
type_words(struct tour *t)
{
	char words[64] = "";
	const char *at;

	see(t, "To begin, type  roll back");
	at = strstr(pty_screen(t->p), "roll back ");
	assert_int_equal(sscanf(at, "%63[^\n]", words), 1);
	words[strcspn(words, "\n")] = '\0';
	words[strlen("roll back XXXX in practice")] = '\0';
	pty_send(t->p, words);
	if (!pty_wait_gone(t->p, "off until the words", LONG_MS))
		fail_msg("the words do not fit");
}

static void
it_leads_from_home_to_the_report(void **state)
{
	struct tour *t = *state;

	begin(t);
	release_it(t);
	pty_send(t->p, "4");
	see(t, "Guide 12/");
	see(t, "Health > Tour");
	pty_send(t->p, "5");
	see(t, "Version 2 never empties");
	see(t, "ERROR out of memory");
	pty_send(t->p, "q");
	see(t, "Guide 15/");
	pty_send(t->p, "q");
	see(t, "Guide 16/");
	pty_send(t->p, "b");
	see(t, "2 to undo");
	ready(t);
	pty_send(t->p, "<Tab><Tab><Enter>");
	see(t, "nothing has run yet");
	type_words(t);
	ready(t);
	pty_send(t->p, "<Enter>");
	see(t, "The run was led back: Enter closes it");
	pty_send(t->p, "<Enter>");
	see(t, "Well led.");
	pty_send(t->p, "q");
	see(t, "Home");
	pty_send(t->p, "q");
	assert_int_equal(end_of(t), 0);
	assert_true(pty_restored(t->p));
	see(t, "Way back: done");
	see(t, "web1 (way back): ok");
	see(t, "The tour: solved in");
}

static void
leaving_is_asked_for(void **state)
{
	struct tour *t = *state;

	begin(t);
	pty_send(t->p, "<F10>");
	see(t, "The tour and its record are thrown away.");
	ready(t);
	pty_send(t->p, "<Left><Enter>");
	assert_int_equal(end_of(t), STOPPED);
	assert_true(pty_restored(t->p));
}

static void
a_signal_ends_it_in_order(void **state)
{
	struct tour *t = *state;

	begin(t);
	pty_kill(t->p, SIGTERM);
	assert_int_equal(end_of(t), TERMINATED);
	assert_true(pty_restored(t->p));
}

/* The terminal goes and the hangup comes: both tell, and neither may cut the end short. */
static void
a_closed_window_leaves_nothing_behind(void **state)
{
	struct tour *t = *state;

	begin(t);
	pty_hangup(t->p);
	assert_int_equal(end_of(t), TERMINATED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			it_leads_from_home_to_the_report, set_up, tear_down),
		cmocka_unit_test_setup_teardown(leaving_is_asked_for, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_signal_ends_it_in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_closed_window_leaves_nothing_behind, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
