/*
 * A host whose packets are dropped on the way, both ways and without a word, while its
 * connection is up: the real console, a real sshd, and a firewall in the namespace of the test.
 * The host reads DOWN once, with one bell; the screens say what is true of it meanwhile, keys
 * are answered, and when the packets flow again all of it comes back and no line is lost.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/pty.h"

enum { LONG_MS = 60000, KEYS = 40, WITHIN_MS = 100, TRIES = 5, TEXT_MAX = 512 };

#define WEB1 "127.0.0.3"

struct scene {
	char dir[300];
	struct pty *p;
};

static int __attribute__((format(printf, 1, 2))) shell(const char *fmt, ...)
{
	char command[TEXT_MAX * 4];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof command, fmt, ap);
	va_end(ap);
	return system(command);
}

static int
packets(const char *how)
{
	return shell("iptables -w %s INPUT -s " WEB1
		     " -j DROP 2>/dev/null && iptables -w %s INPUT -d " WEB1
		     " -j DROP 1>&2",
		how, how);
}

static void
see(struct scene *t, const char *text)
{
	if (!pty_wait_text(t->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
see_strip(struct scene *t, const char *text)
{
	if (!pty_wait_row(t->p, 1, text, LONG_MS))
		fail_msg("not in the strip: %s", text);
}

static int
set_up(void **state)
{
	static struct scene t;

	t = (struct scene){0};
	snprintf(t.dir, sizeof t.dir, "%s/dropped", getenv("HR_STACK_DIR"));
	*state = &t;
	/* the first value that ssh finds is the one it takes */
	assert_int_equal(
		shell("printf 'Host web1\\n\\tConnectTimeout 3\\n' >~/.ssh/new &&"
		      " cat ~/.ssh/config >>~/.ssh/new && mv ~/.ssh/new ~/.ssh/config"),
		0);
	return shell(
		"mkdir -p '%s' && chmod 755 '%s' && cd '%s' && echo first line >app.log &&"
		" chmod 644 app.log && cat >watch.yaml <<END\n"
		"handrail: 1\ntitle: Watch web1\nkind: checklist\n"
		"hosts: {web: {ssh: web1}, db: {ssh: ni-db1}}\n"
		"logs: {app: {host: web, path: %s/app.log}}\n"
		"probes:\n"
		"  up: {command: uptime, host: web, every: 1s, expect: {exit: 0}}\n"
		"  root: {file: /etc/passwd, host: web, every: 1s, expect: {count: 1}}\n"
		"  other: {command: uptime, host: db, every: 1s, expect: {exit: 0}}\n"
		"steps: [{do: Look around, id: look}]\nEND\n",
		t.dir, t.dir, t.dir, t.dir);
}

static int
tear_down(void **state)
{
	struct scene *t = *state;

	pty_close(t->p);
	return shell("iptables -w -F INPUT 2>/dev/null; rm -rf '%s'", t->dir);
}

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static bool
has_moved(struct pty *p, void *arg)
{
	return pty_cursor(p).row != *(int *)arg;
}

/* A busy machine makes a key late now and then; waiting for a host would make each late. */
static void
keys_are_answered(struct scene *t)
{
	int late = KEYS;

	for (int i = 0; i < TRIES && late; i++) {
		late = 0;
		for (int k = 0; k < KEYS; k++) {
			int row = pty_cursor(t->p).row;
			double from = now_ms();

			pty_send(t->p, k % 2 ? "k" : "j");
			assert_true(pty_wait(t->p, has_moved, &row, LONG_MS));
			late += now_ms() - from > WITHIN_MS;
		}
	}
	assert_int_equal(late, 0);
}

static void
start(struct scene *t)
{
	const char *const argv[] = {getenv("HANDRAIL"), "watch.yaml", NULL};
	char state[TEXT_MAX];
	const char *const env[] = {state, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_TEST_PACE=20", "HANDRAIL_RUNBOOKS", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", t->dir);
	t->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = t->dir, .rows = 36, .cols = 120});
	see(t, "trust and start");
	pty_send(t->p, "<Enter>");
	see(t, "journal #");
	pty_send(t->p, "<F5>");
	see(t, "first line");
	pty_send(t->p, "<F4>v");
	see(t, "3 probes, 2 hosts, all OK");
}

static void
a_host_that_is_cut_off_is_down_once(void **state)
{
	struct scene *t = *state;

	if (packets("-C") != 0 && (packets("-A") != 0 || packets("-D") != 0)) {
		print_message("# no firewall can be set up here\n");
		skip();
	}
	start(t);
	assert_int_equal(packets("-A"), 0);
	see_strip(t, "web1 silent ");
	see_strip(t, "up STALE");
	see_strip(t, "other OK");
	keys_are_answered(t);
	see(t, "web1 is DOWN: ");
	see(t, "did not answer in time");
	see(t, "1 DOWN, 2 UNKNOWN");
	see_strip(t, "web1 reconnecting");
	see_strip(t, "other OK");
	assert_int_equal(pty_bells(t->p), 1);
	keys_are_answered(t);
	pty_send(t->p, "<F5>");
	see(t, "[!] web1 app");
	assert_int_equal(shell("cd '%s' && echo second line >>app.log", t->dir), 0);
	assert_int_equal(packets("-D"), 0);
	see(t, "web1 is OK again");
	see(t, "second line");
	assert_int_equal(shell("cd '%s' && echo third line >>app.log", t->dir), 0);
	see(t, "third line");
	see(t, "5 lines · dropped 0"); /* the two others tell of the gap */
	pty_send(t->p, "<F4>");
	see(t, "3 probes, 2 hosts, all OK");
	see_strip(t, "web1 live");
	assert_int_equal(pty_bells(t->p), 1);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_host_that_is_cut_off_is_down_once, set_up, tear_down),
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
