/*
 * The screen of containers with a real engine, here and over ssh: what is seen in both sizes,
 * names of variables and never a value, and an act that becomes a run of its own, with its plan,
 * its phrase and its record, and comes back to where it was asked for.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/pty.h"

enum { LONG_MS = 40000, TEXT_MAX = 512 };

#define SECRET "4711-never-seen"

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

static void
see(struct scene *t, const char *text)
{
	if (!pty_wait_text(t->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
gone(struct scene *t, const char *text)
{
	if (!pty_wait_gone(t->p, text, LONG_MS))
		fail_msg("still there: %s", text);
}

static void
press(struct scene *t, const char *keys, const char *then)
{
	pty_send(t->p, keys);
	see(t, then);
}

static int
set_up(void **state)
{
	static struct scene t;

	t = (struct scene){0};
	snprintf(t.dir, sizeof t.dir, "%s/boxes", getenv("HR_STACK_DIR"));
	*state = &t;
	return shell(
		"mkdir -p '%s' && cd '%s' && { docker rm -f box; } >/dev/null 2>&1;"
		" docker run -d --name box --network none --stop-signal KILL"
		" --memory 64m -e JWT_SECRET=" SECRET " -e MODE=" SECRET
		" ni_site-db /bin/busybox sh -c 'echo a line of box; exec sleep 1000'"
		" >/dev/null && cat >'%s/boxes.yaml' <<END\n"
		"handrail: 1\ntitle: Watch the boxes\nkind: checklist\n"
		"hosts: {box: {local: true}, web: {ssh: web1}}\n"
		"containers:\n  - {host: box, project: ni_site}\n  - {host: web}\n"
		"steps: [{do: Look around, id: look}]\nEND\n",
		t.dir, t.dir, t.dir);
}

static int
tear_down(void **state)
{
	struct scene *t = *state;

	pty_close(t->p);
	return shell("docker rm -f box >/dev/null 2>&1; rm -rf '%s'", t->dir);
}

static void
start(struct scene *t, int rows, int cols)
{
	const char *const argv[] = {getenv("HANDRAIL"), "boxes.yaml", NULL};
	char state[TEXT_MAX];
	const char *const env[] = {
		state, "HANDRAIL_OPERATOR=anna@example.com", "HANDRAIL_RUNBOOKS", NULL};

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", t->dir);
	t->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = t->dir, .rows = rows, .cols = cols});
	see(t, "trust and start");
	press(t, "<Enter>", "journal #");
	press(t, "<F6>", "Containers > Watch the boxes");
	see(t, "Containers 7");
	see(t, "ni_site-worker-1");
}

/* Wherever it would have come from: the terminal, the record, a file of ours. */
static void
no_value_was_told(struct scene *t)
{
	size_t len;
	const char *raw = pty_raw(t->p, &len);

	assert_null(memmem(raw, len, SECRET, strlen(SECRET)));
	assert_int_equal(shell("! grep -rqs '" SECRET "' '%s/state'", t->dir), 0);
}

/* Everything that only looks. */
static void
look_around(struct scene *t)
{
	press(t, "/", "[ Find ]");
	pty_send(t->p, "box<Enter>");
	gone(t, "[ Find ]");
	see(t, ">   box ");
	press(t, "<Enter>", "Restarts 0 so far");
	see(t, "64M");
	pty_send(t->p, "<Tab>G"); /* the end, where there is no room for all of it */
	see(t, "4 names, values stay on the host: JWT_SECRET LANG MODE PATH");
	press(t, "<Esc>", "Watch out");
	see(t, "web1: image without a fixed tag: box");
	press(t, "&", "[ Filter ]");
	press(t, "worker<Enter>", "Containers 2");
	pty_send(t->p, "<Esc>");
	see(t, "Containers 7");
	press(t, "<Space>", "PAUSED");
	assert_int_equal(shell("docker pause box >/dev/null"), 0);
	pty_send(t->p, "<Space>");
	gone(t, "PAUSED");
	see(t, " paused ");
	assert_int_equal(shell("docker unpause box >/dev/null"), 0);
	gone(t, " paused ");
	press(t, "n", ">   box ");
	press(t, "t", "a line of box");
	press(t, "q", "Containers > Watch the boxes");
}

static void
wide_looks_and_acts(void **state)
{
	struct scene *t = *state;

	start(t, 36, 120);
	see(t, "answered ");
	see(t, "sorted by state, worst first");
	press(t, "O", "sorted by name");
	look_around(t);
	press(t, "x", "What is to be done to it?");
	see(t, "box on web1");
	press(t, "<Down><Tab><Enter>", "Plan > stop box on web1");
	see(t, "$ docker stop box");
	see(t, "way back docker start box");
	assert_int_equal(
		shell("docker inspect -f '{{.State.Status}}' box | grep -q running"), 0);
	press(t, "<Enter>", "The run begins. Nothing runs before you say so.");
	see(t, "Enter act");
	see(t, "container DOWN"); /* it is not stopped yet: no alarm */
	assert_int_equal(pty_bells(t->p), 0);
	press(t, "<Enter>", "To run it, type  stop box on web1");
	pty_send(t->p, "stop box on web2<Tab>");
	see(t, "off until the words match");
	assert_int_equal(
		shell("docker inspect -f '{{.State.Status}}' box | grep -q running"), 0);
	pty_send(t->p, "<S-Tab><BS>1<Tab>");
	gone(t, "off until");
	gone(t, "ready in");
	press(t, "<Enter>", "[x] 1 done: exit 0");
	press(t, "<Enter>", "All steps settled");
	press(t, "<Enter>", "is closed: ok");
	press(t, "<Enter>", "Containers > Watch the boxes");
	see(t, ">   box ");
	see(t, "exited 137");
	see(t, "! web1 box: ended with 137");
	assert_int_equal(
		shell("cd '%s/state/runs' && grep -l '\"type\":\"step.confirm\"' */journal.jsonl |"
		      " xargs grep -q 'docker stop box'",
			t->dir),
		0);
	assert_int_equal(
		shell("HANDRAIL_STATE_DIR='%s/state' \"$HANDRAIL\" verify >/dev/null",
			t->dir),
		0);
	no_value_was_told(t);
}

static void
narrow_looks(void **state)
{
	struct scene *t = *state;

	start(t, 24, 80);
	look_around(t);
	press(t, "x", "What is to be done to it?");
	press(t, "<Esc>", "Containers 7");
	no_value_was_told(t);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(wide_looks_and_acts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(narrow_looks, set_up, tear_down),
	};
	char path[TEXT_MAX];

	(void)argc;
	if (!getenv("HR_STACK_DIR")) {
		snprintf(path, sizeof path, "%s/tests/lib/stack",
			getenv("SRCDIR") ? getenv("SRCDIR") : ".");
		execl(path, "stack", "run", "--tap", "--with", "sshd,docker", "--",
			argv[0], (char *)NULL);
		perror(path);
		return 99;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
