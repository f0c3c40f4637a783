/*
 * What an operator sees when the connection under a running step is cut, stays away and
 * comes back, and when nobody knows what became of a step: the real console in a
 * pseudo-terminal, a real sshd behind a relay that the test ends and starts again.
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

enum { LONG_MS = 60000, TEXT_MAX = 1024 };

#define ADDRESS "127.0.0.61:22"

struct lost {
	struct pty *p;
	char dir[300];
	pid_t relay;
	int relay_stdin;
};

/* ---- around the console ---- */

static void __attribute__((format(printf, 1, 2))) shell(const char *fmt, ...)
{
	char command[4 * TEXT_MAX];
	int status;
	va_list ap;
	pid_t pid;

	va_start(ap, fmt);
	vsnprintf(command, sizeof command, fmt, ap);
	va_end(ap);
	pid = fork();
	if (pid == 0) {
		dup2(2, 1);
		execlp("bash", "bash", "-c", command, (char *)NULL);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("%s: status %d", command, status);
}

/* A relay that harms nothing by itself. */
static void
start_relay(struct lost *t)
{
	char program[TEXT_MAX], said[8] = "";
	int in[2], out[2];

	snprintf(program, sizeof program, "%s/tests/lib/faultproxy", getenv("BUILDDIR"));
	assert_int_equal(pipe(in), 0);
	assert_int_equal(pipe(out), 0);
	t->relay = fork();
	if (t->relay == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		execl(program, program, "1", "0", "0", "0", "0", "/dev/null",
			ADDRESS "=127.0.0.2:22", (char *)NULL);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	t->relay_stdin = in[1];
	assert_int_equal(read(out[0], said, sizeof said - 1), 6);
	close(out[0]);
}

/* Its sockets go with it: what was connected is cut, what comes is refused. */
static void
end_relay(struct lost *t)
{
	if (t->relay <= 0)
		return;
	kill(t->relay, SIGKILL);
	waitpid(t->relay, NULL, 0);
	close(t->relay_stdin);
	t->relay = 0;
}

static void
see(struct lost *t, const char *text)
{
	if (!pty_wait_text(t->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
see_no_more(struct lost *t, const char *text)
{
	if (!pty_wait_gone(t->p, text, LONG_MS))
		fail_msg("still seen: %s", text);
}

static int
set_up(void **state)
{
	struct lost *t = calloc(1, sizeof *t);

	*state = t;
	if (!t)
		return -1;
	snprintf(t->dir, sizeof t->dir, "%s/lost", getenv("HR_STACK_DIR"));
	shell("rm -rf '%s' $HR_STACK_DIR/hosts/ni-db1/home/.local && mkdir -p '%s'",
		t->dir, t->dir);
	shell("grep -q '^Host cut$' ~/.ssh/config ||"
	      " { { printf 'Host cut\\n\\tHostName 127.0.0.61\\n\\tHostKeyAlias 127.0.0.2\\n';"
	      " cat ~/.ssh/config; } >~/.ssh/new && mv ~/.ssh/new ~/.ssh/config; }");
	shell("home=$HR_STACK_DIR/hosts/ni-db1/home; rm -f $home/go $home/pipe &&"
	      " mkfifo -m 666 $home/pipe");
	shell("printf 'handrail: 1\\ntitle: Long work\\nkind: maintenance\\n"
	      "hosts: {db: {ssh: cut}}\\nsteps:\\n- {id: work, title: Work, host: db,"
	      " irreversible: it works, expect: {exit: 3}, run: \"echo first word;"
	      " until [ -e ~/go ]; do read -t 0.05 -r _ <> ~/pipe || :; done;"
	      " echo last word; exit 3\"}\\n' >'%s/work.yaml'",
		t->dir);
	start_relay(t);
	return 0;
}

static int
tear_down(void **state)
{
	struct lost *t = *state;

	pty_close(t->p);
	end_relay(t);
	free(t);
	return 0;
}

/* Up to the first word of the running step. */
static void
start_work(struct lost *t)
{
	const char *const argv[] = {getenv("HANDRAIL"), "run", "work.yaml", NULL};
	char state[TEXT_MAX];
	const char *const env[] = {
		state, "HANDRAIL_OPERATOR=anna@example.com", "HANDRAIL_TEST_PACE", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", t->dir);
	t->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = t->dir, .rows = 36, .cols = 120});
	see(t, "trust and start");
	pty_send(t->p, "<Enter>");
	see(t, "Enter act");
	pty_send(t->p, "<Enter>");
	see(t, "Run step 1 on cut");
	see_no_more(t, "ready in");
	pty_send(t->p, "<Enter>");
	see(t, "| first word");
	see(t, "cut live");
}

static void
leave(struct lost *t)
{
	int status;

	pty_send(t->p, "<F10>");
	assert_true(pty_wait_exit(t->p, &status, LONG_MS));
	assert_true(pty_restored(t->p));
	shell("HANDRAIL_STATE_DIR='%s/state' \"$HANDRAIL\" verify", t->dir);
}

/* ---- scenes ---- */

static void
a_cut_is_counted_explained_and_mended(void **state)
{
	struct lost *t = *state;

	start_work(t);
	end_relay(t);
	see(t, "cut reconnecting ");
	see(t, "NOT HEARD NOW");
	see(t, "running when last heard");
	see(t, "cut: connection lost (connection refused");
	see(t, "attempt 2");
	see(t, "last heard");
	see(t, "it goes on there");
	see(t, "was running when last heard,");
	see(t, "V reconnect");
	shell("touch $HR_STACK_DIR/hosts/ni-db1/home/go"); /* it ends while nobody hears */
	start_relay(t);
	pty_send(t->p, "V");
	see(t, "cut live");
	see(t, "| last word");
	see_no_more(t, "NOT HEARD NOW");
	see(t, "[x] 1");
	see(t, "exit 3");
	pty_send(t->p, "<Enter>");
	see(t, "is closed: ok");
	leave(t);
}

static void
a_killed_job_is_settled_with_evidence(void **state)
{
	struct lost *t = *state;

	start_work(t);
	shell("job=$(echo $HR_STACK_DIR/hosts/ni-db1/home/.local/state/handrail/jobs/*/work.*);"
	      " kill -9 $(sed -n 's/^sup=\\([0-9]*\\) .*/\\1/p' \"$job/meta\")"
	      " -$(cut -d' ' -f1 \"$job/pid\")");
	see(t, "[?] 1 unknown: cut is lost-killed; Enter on it settles it");
	see(t, "it is gone without an exit status");
	see(t, "Enter settle the outcome");
	pty_send(t->p, "<Enter>");
	see(t, "Nobody knows what became of this");
	see(t, "State     lost-killed");
	see(t, "come to its end");
	see(t, "off until there is a text");
	pty_send(t->p, "<Tab>https://wiki.example.com/42");
	see_no_more(t, "off until there is a text");
	see_no_more(t, "ready in");
	pty_send(t->p, "<Tab><Enter>");
	see(t, "[x] 1");
	see(t, "settled as done by anna");
	pty_send(t->p, "<Enter>");
	see(t, "is closed: ok");
	leave(t);
	shell("HANDRAIL_STATE_DIR='%s/state' \"$HANDRAIL\" report"
	      " $(ls '%s/state/runs') >'%s/report' &&"
	      " grep -q 'settled as done by anna@example.com: https://wiki.example.com/42'"
	      " '%s/report'",
		t->dir, t->dir, t->dir, t->dir);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_cut_is_counted_explained_and_mended, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_killed_job_is_settled_with_evidence, set_up, tear_down),
	};
	char path[TEXT_MAX];

	(void)argc;
	if (!getenv("HR_STACK_DIR")) {
		snprintf(path, sizeof path, "%s/tests/lib/stack",
			getenv("SRCDIR") ? getenv("SRCDIR") : ".");
		execl(path, "stack", "run", "--tap", "--with", "sshd", "--", argv[0],
			(char *)NULL);
		perror(path);
		return 99;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
