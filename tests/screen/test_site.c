/*
 * A release on the site of the stack taken back on the screen, by the real binary in a
 * pseudo-terminal at 80x24: the version before is offered, each act is armed and confirmed,
 * and what is left is asked of the stack itself.
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

enum { SOON_MS = 15000, LONG_MS = 60000, TEXT_MAX = 1024 };

struct walk {
	struct pty *p;
	char dir[256];
};

/* Something bash knows, after site-scene.sh; must succeed. */
static void __attribute__((format(printf, 1, 2))) shell(const char *fmt, ...)
{
	char command[TEXT_MAX] = ". \"$SRCDIR/tests/flow/site-scene.sh\"; ";
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
		execlp("bash", "bash", "-c", command, (char *)NULL);
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

static void
see_no_more(struct walk *w, const char *text)
{
	if (!pty_wait_gone(w->p, text, LONG_MS))
		fail_msg("still seen: %s", text);
}

static void
open_console(struct walk *w)
{
	const char *const argv[] = {
		getenv("HANDRAIL"), "--env", "test", "rollback", NULL};
	char state[TEXT_MAX];
	const char *const env[] = {
		state, "HANDRAIL_OPERATOR=anna@example.com", "HANDRAIL_RUNBOOKS", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", w->dir);
	w->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = w->dir, .rows = 24, .cols = 80});
}

/* A look runs at once, with its own key. */
static void
look(struct walk *w, const char *done)
{
	pty_send(w->p, "<Enter>");
	see(w, done);
}

static void
the_release_is_taken_back(void **state)
{
	struct walk w = {0};
	int status;

	(void)state;
	snprintf(w.dir, sizeof w.dir, "%s/screen-site", getenv("TMPDIR"));
	shell("site_project '%s' && sed -i 's/for: 10s/for: 1s/' ./*.yaml && release 1.1.0 &&"
	      " walk 0 deploy && well 1.1.0 && rm -r state",
		w.dir);
	open_console(&w);
	see(&w, "Every host still has the previous image");
	see(&w, "trust and start");
	pty_send(w.p, "<Enter>");
	see(&w, "Input previous");
	see(&w, ">1.0.0"); /* and not the one that runs */
	pty_send(w.p, "1.0.0<Enter>");
	see_no_more(&w, "Input previous");
	shell("until_ok 20 grep -q '\"input.set\".*previous' '%s'/state/runs/*/journal.jsonl",
		w.dir);
	look(&w, "[x] 1.1");
	pty_send(w.p, "<Enter>");
	see(&w, "Run step 1.2 on web1");
	see_no_more(&w, "ready in");
	pty_send(w.p, "<Enter>");
	see(&w, "[x] 1.2");
	look(&w, "[x] 1.3");
	look(&w, "[x] 1.4");
	pty_send(w.p, "<Enter>");
	see(&w, "They took something away");
	see(&w, "first, and what was written"); /* no word of it is lost */
	pty_send(w.p, "<Enter>");
	see_no_more(&w, "[ Decide ]");
	pty_send(w.p, "<Enter>");
	see(&w, "go back to 1.0.0");
	pty_send(w.p, "go back to 1.0.0");
	see_no_more(&w, "off until");
	see_no_more(&w, "ready in");
	pty_send(w.p, "<Enter>");
	see(&w, "[x] 2.1");
	shell("well 1.0.0 && images_are 1.0.0 && is 0003 schema");
	look(&w, "[x] 3.1");
	look(&w, "[x] 3.2");
	look(&w, "[x] 3.3");
	see(&w, "Enter closes the run");
	pty_send(w.p, "<Enter>");
	see(&w, "is closed: ok");
	pty_send(w.p, "<F10>");
	assert_true(pty_wait_exit(w.p, &status, SOON_MS));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_true(pty_restored(w.p));
	pty_close(w.p);
	shell("dir='%s'; export HANDRAIL_STATE_DIR=$dir/state; accepted && nothing_twice &&"
	      " has '\"result\":\"ok\"'",
		w.dir);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(the_release_is_taken_back)};
	char stack[TEXT_MAX];

	(void)argc;
	if (!getenv("HR_STACK_DIR")) {
		setenv("HR_SITE_LIGHT", "1", 1);
		snprintf(stack, sizeof stack, "%s/tests/lib/stack", getenv("SRCDIR"));
		execl(stack, stack, "run", "--tap", "--with", "site", "--", argv[0],
			(char *)NULL);
		perror(stack);
		return 1;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
