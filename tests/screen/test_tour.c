/*
 * The tour on the screen, as somebody sees it for the first time: words that stay in their
 * dialog with the reason, keys that say they do nothing, and an end by a signal or a closed
 * window that leaves nothing behind.
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

enum { LONG_MS = 20000, STOPPED = 7, TERMINATED = 143 };

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

/* The inputs are on disk; a probe that goes down meanwhile adds to the record. */
static bool
is_synced(struct pty *p, void *arg)
{
	const char *at = strstr(pty_screen(p), "journal #");

	(void)arg;
	return at && strtol(at + strlen("journal #"), NULL, 10) >= 3 &&
		strstr(at, " synced");
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
	char runtime[128], home[128];
	const char *const env[] = {runtime, home, "HANDRAIL_STATE_DIR", "XDG_STATE_HOME",
		"HANDRAIL_RUNBOOKS", NULL};

	snprintf(t.dir, sizeof t.dir, "/tmp/tour-XXXXXX");
	if (!mkdtemp(t.dir))
		return -1;
	snprintf(runtime, sizeof runtime, "XDG_RUNTIME_DIR=%s", t.dir);
	snprintf(home, sizeof home, "HOME=%s", t.dir);
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

static void
begin(struct tour *t)
{
	see(t, "Enter trust and start");
	assert_int_equal(left_behind(t), 1);
	pty_send(t->p, "<Enter>");
	see(t, "Which version do you release?");
	see(t, ">2 ");
	pty_send(t->p, "<Enter>");
	assert_true(pty_wait(t->p, is_synced, NULL, LONG_MS));
	see(t, "Step 1.1");
}

static void
wrong_evidence_stays_with_its_reason(void **state)
{
	struct tour *t = *state;

	begin(t);
	pty_send(t->p, "<Enter>");
	see(t, "Tick with evidence");
	pty_send(t->p, "nolink<Enter>");
	see(t, "the evidence must be a link (https://...)");
	see(t, ">Evidence [ nolink");
	pty_send(t->p, "<C-u>https://example.com/1<Enter>");
	see(t, "[x] 1.1 done");
	pty_send(t->p, "x");
	see(t, "x does nothing here; ? shows the keys");
	pty_send(t->p, "k.");
	see(t, "The list follows the run again.");
	pty_send(t->p, "<F10>");
	see(t, "The tour and its record are thrown away.");
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
	pty_send(t->p, "<Enter>");
	see(t, "Tick with evidence");
	pty_hangup(t->p);
	assert_int_equal(end_of(t), TERMINATED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			wrong_evidence_stays_with_its_reason, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_signal_ends_it_in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_closed_window_leaves_nothing_behind, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
