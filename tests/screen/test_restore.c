/*
 * The restore walked on the screen, by the real binary in a pseudo-terminal, against real
 * hosts: picked on Home, planned, started, confirmed step by step, signed and closed; and
 * what an operator sees when a dump does not load or the console is killed.
 */

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

enum { SOON_MS = 15000, LONG_MS = 60000, TEXT_MAX = 1024, STOPPED = 7 };

struct walk {
	struct pty *p;
	char dir[256];
};

struct size {
	int rows, cols;
};
static const struct size normal = {36, 120}, narrow = {24, 80};

static const char phrase[] = "restore ni_site on ni-db1";

/* ---- the world around the console -------------------------------------------------------- */

/* One function of restore-scene.sh, or anything bash knows; must succeed. */
static void __attribute__((format(printf, 1, 2))) shell(const char *fmt, ...)
{
	char command[TEXT_MAX] = ". \"$SRCDIR/tests/flow/restore-scene.sh\"; ";
	const char *const argv[] = {"bash", "-c", command, NULL};
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
		execvp("bash", (char *const *)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("%s: status %d", command + n, status);
}

static void
see(struct walk *w, const char *text)
{
	if (!pty_wait_text(w->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

/* Down a statement whose length depends on what went DOWN meanwhile. */
static void
page_to(struct walk *w, const char *text)
{
	for (int page = 0; page < 8 && !pty_wait_text(w->p, text, 500); page++)
		pty_send(w->p, "<PageDown>");
	see(w, text);
}

static void
see_no_more(struct walk *w, const char *text)
{
	if (!pty_wait_gone(w->p, text, LONG_MS))
		fail_msg("still seen: %s", text);
}

/* A dialog that begins with the text, past its guard's time. */
static void
see_dialog(struct walk *w, const char *title)
{
	see(w, title);
	see_no_more(w, "ready in");
}

static void
open_console(struct walk *w, struct size size, const char *command)
{
	const char *const argv[] = {getenv("HANDRAIL"), command, "--env", "test", NULL};
	char state[TEXT_MAX];
	const char *const env[] = {
		state, "HANDRAIL_OPERATOR=anna@example.com", "HANDRAIL_RUNBOOKS", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", w->dir);
	w->p = pty_open(&(struct pty_opts){.argv = argv,
		.env = env,
		.dir = w->dir,
		.rows = size.rows,
		.cols = size.cols});
}

static void
begin(struct walk *w, const char *name)
{
	snprintf(w->dir, sizeof w->dir, "%s/screen-%s", getenv("TMPDIR"), name);
	shell("scene_make '%s' && docker start ni_site-api-1 ni_site-worker-1 >/dev/null &&"
	      " \"$SRCDIR/tests/lib/stack-damage\" truncate",
		w->dir);
}

enum run_left { RUN_CLOSED, RUN_STAYS_OPEN };

static void
leave(struct walk *w, enum run_left run)
{
	int status;

	pty_send(w->p, "<F10>");
	if (run == RUN_STAYS_OPEN) {
		see(w, "Leave the run?");
		pty_send(w->p, "<Left><Enter>");
	}
	assert_true(pty_wait_exit(w->p, &status, SOON_MS));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), run == RUN_CLOSED ? 0 : STOPPED);
	assert_true(pty_restored(w->p));
	pty_close(w->p);
	w->p = NULL;
}

/* A console that a failed claim left behind is ended with its test. */
static int
set_up(void **state)
{
	*state = calloc(1, sizeof(struct walk));
	return *state ? 0 : -1;
}

static int
tear_down(void **state)
{
	struct walk *w = *state;

	pty_close(w->p);
	free(w);
	return 0;
}

/* ---- parts of the walk ------------------------------------------------------------------- */

/* From Home to the run: nothing is contacted before Enter on the plan. */
static void
start_run(struct walk *w)
{
	shell("cat \"$HR_STACK_DIR\"/log/sshd-*.log | grep -c 'Connection from' >'%s/seen'",
		w->dir);
	see(w, "Restore the ni_site database");
	pty_send(w->p, "<Enter>");
	see(w, "Stop the writers");
	see(w, "trust and start");
	shell("[ $(cat \"$HR_STACK_DIR\"/log/sshd-*.log | grep -c 'Connection from') ="
	      " $(cat '%s/seen') ]",
		w->dir);
	pty_send(w->p, "<Enter>");
}

static void
choose_dump(struct walk *w, const char *dump)
{
	see(w, "Input dump");
	see(w, dump);
	pty_send(w->p, dump);
	pty_send(w->p, "<Enter>");
	see_no_more(w, "Input dump");
}

static void
tick_with_link(struct walk *w)
{
	see(w, "[ ] 1.1");
	pty_send(w->p, "<Space>");
	see(w, "Evidence");
	pty_send(w->p, "https://chat.example.com/ops/4711<Enter>");
	see(w, "[x] 1.1");
}

static void
confirm(struct walk *w, const char *dialog)
{
	pty_send(w->p, "<Enter>");
	see_dialog(w, dialog);
	pty_send(w->p, "<Enter>");
}

static void
make_it_safe(struct walk *w, const char *dump)
{
	start_run(w);
	choose_dump(w, dump);
	tick_with_link(w);
	confirm(w, "Run step 1.2 on web1");
	see(w, "[x] 1.2");
	confirm(w, "Run step 1.3 on ni-db1");
	see(w, "[x] 1.3");
}

static void
type_phrase(struct walk *w)
{
	pty_send(w->p, "<Enter>");
	see(w, "SEVERE");
	see(w, phrase);
	see(w, "off until the words match");
	pty_send(w->p, phrase);
	see_no_more(w, "off until");
	see_no_more(w, "ready in");
	pty_send(w->p, "<Enter>");
	see_no_more(w, "SEVERE");
}

/* Loads, counts, opens again, checks: up to the sign-off. */
static void
load_and_open(struct walk *w)
{
	see(w, "[x] 2.1");
	pty_send(w->p, "<Enter>");
	see(w, "[x] 2.2 done: exit 0, value 18204");
	confirm(w, "Run step 3.1 on web1");
	see(w, "[x] 3.1");
	pty_send(w->p, "<Enter>");
	/* what it found stands in the order in which it came to be good */
	see(w, "[x] 3.2 done: ");
	/* the strip wants it good three times in a row before it says so again */
	pty_send(w->p, "<Up>");
	see(w, "Step 3.2  It answers again");
	see(w, "[x] api         status 200");
	see(w, "before fail status 503");
	see(w, "[x] postgres    value ");
	pty_send(w->p, ".");
	see(w, "Step 3.3");
}

/* Signs as lea, whose key wants a passphrase; what is signed stands there in full. */
static void
sign_off(struct walk *w)
{
	pty_send(w->p, "<Enter>");
	see(w, "You sign exactly these words");
	pty_send(w->p, "<Esc>"); /* not yet: the second time it is signed */
	see_no_more(w, "You sign exactly these words");
	pty_send(w->p, "<Enter>");
	see(w, "You sign exactly these words");
	see(w, "handrail sign-off v1");
	see(w, "says: \"I have reviewed the restore (18204 users) and accept its exceptions.\"");
	pty_send(w->p, "<Down><Tab>watched it<PageDown>");
	see(w, "signer: lea@example.com");
	see(w, "comment: \"watched it\"");
	pty_send(w->p, "<Tab><Space>");
	see_no_more(w, "tick the box first");
	see_no_more(w, "ready in");
	pty_send(w->p, "<Tab><Enter>");
	/* it opens by itself: who pressed Sign types the passphrase next */
	see(w, "sign-off asks, for the key");
	see(w, "Answer");
	pty_send(w->p, getenv("HR_PASSPHRASE"));
	pty_send(w->p, "<Enter>");
	see(w, "[x] 3.3");
}

/* ---- the scenes -------------------------------------------------------------------------- */

static void
walks_the_restore_to_a_record_that_verifies(void **state)
{
	struct walk *w = *state;

	begin(w, "whole");
	open_console(w, normal, "console");
	make_it_safe(w, "/var/backups/ni_site/ni_site-2");
	see(w, "api DOWN");
	pty_send(w->p, "<Enter>");
	see(w, "SEVERE");
	pty_paste(w->p, phrase);
	see(w, "a paste is refused here: type it");
	pty_send(w->p, "restore ni_site on ni-db2<Enter>");
	see(w, "the words do not match; nothing has run");
	shell("scene_events '%s' 0 step.intent load-the-dump && scene_users 0", w->dir);
	pty_send(w->p, "<Esc>");
	see_no_more(w, "SEVERE");
	type_phrase(w);
	see(w, "loading /var/backups/ni_site");
	load_and_open(w);
	sign_off(w);
	see(w, "Enter closes the run");
	pty_send(w->p, "<Enter>");
	see(w, "is closed: ok");
	shell("scene_restored && scene_accepted '%s'", w->dir);
	leave(w, RUN_CLOSED);
}

static void
walks_at_80_columns_up_to_the_signature(void **state)
{
	struct walk *w = *state;

	begin(w, "narrow");
	open_console(w, narrow, "console");
	make_it_safe(w, "/var/backups/ni_site/ni_site-2");
	type_phrase(w);
	load_and_open(w);
	pty_send(w->p, "<Enter>");
	see(w, "SHA256:");
	pty_send(w->p, "<Tab>");
	page_to(w, "(18204 users)");
	page_to(w, "signer: sam@example.com");
	pty_send(w->p, "<Esc>");
	see(w, "Not signed");
	leave(w, RUN_STAYS_OPEN);
	shell("scene_restored && scene_events '%s' 0 signoff && scene_accepted '%s'",
		w->dir, w->dir);
}

/* The console dies while the dump loads; another one takes the run up again. */
static void
resumes_a_load_whose_console_was_killed(void **state)
{
	struct walk *w = *state;
	int status;

	begin(w, "killed");
	open_console(w, normal, "console");
	make_it_safe(w, "/var/backups/ni_site/ni_site-2");
	shell("scene_hold '%s/hold'", w->dir);
	type_phrase(w);
	see(w, "loading /var/backups/ni_site");
	shell("until_ok 60 scene_waits");
	pty_kill(w->p, SIGKILL);
	assert_true(pty_wait_exit(w->p, &status, SOON_MS));
	assert_true(WIFSIGNALED(status));
	pty_close(w->p);
	shell("scene_waits");
	open_console(w, normal, "resume");
	see(w, "[>] 2.1");
	see(w, "loading /var/backups/ni_site");
	shell("scene_waits && scene_release '%s/hold'", w->dir);
	load_and_open(w);
	leave(w, RUN_STAYS_OPEN);
	shell("scene_restored && scene_accepted '%s' && scene_events '%s' 1 step.intent "
	      "load-the-dump && scene_events '%s' 1 step.started load-the-dump",
		w->dir, w->dir, w->dir);
}

/* A dump with an error in it: the database stays as it was, and there is a way back. */
static void
offers_the_way_back_when_the_load_fails(void **state)
{
	struct walk *w = *state;

	begin(w, "broken");
	shell("scene_state >'%s/before' && scene_bad_dump broken "
	      "\"$scene_dumps/ni_site-broken.sql.gz\"",
		w->dir);
	open_console(w, normal, "console");
	make_it_safe(w, "/var/backups/ni_site/ni_site-broken.sql.gz");
	type_phrase(w);
	see(w, "FAILED");
	see(w, "[!] 2.1");
	see(w, "failed, exit 3");
	see(w, "function no_such_thing() does not exist");
	shell("[ \"$(scene_state)\" = \"$(cat '%s/before')\" ]", w->dir);
	pty_send(w->p, "b");
	see(w, "The way back, as it stands now");
	see(w, "needs restore: ");
	see(w, "[ ] 1.2  Stop the writers     web1");
	pty_send(w->p, "<End><Enter>");
	see_dialog(w, "Take back step 1.2 on web1");
	see(w, "docker start ni_site-api-1");
	pty_send(w->p, "<Enter>");
	see(w, "[x] 1.2  Stop the writers     web1");
	shell("[ \"$(docker inspect -f '{{.State.Running}}' ni_site-api-1)\" = true ]");
	pty_send(w->p, "<Esc>");
	see_no_more(w, "as it stands now");
	leave(w, RUN_STAYS_OPEN);
	shell("scene_accepted '%s'; rm \"$scene_dumps/ni_site-broken.sql.gz\"", w->dir);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			walks_the_restore_to_a_record_that_verifies, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			walks_at_80_columns_up_to_the_signature, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			resumes_a_load_whose_console_was_killed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			offers_the_way_back_when_the_load_fails, set_up, tear_down),
	};
	char stack[TEXT_MAX];

	(void)argc;
	if (!getenv("HR_STACK_DIR")) {
		snprintf(stack, sizeof stack, "%s/tests/lib/stack", getenv("SRCDIR"));
		execl(stack, stack, "run", "--tap", "--with", "sshd,docker", "--",
			argv[0], (char *)NULL);
		perror(stack);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
