/*
 * Every peer swallows what it is sent and answers nothing: hosts, probes, the step that is
 * run. The screen answers each key within 100 ms all the same.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"
#include "lib/pty.h"
#include "unit/loop/jail.h"

enum { LONG_MS = 20000, KEYS = 100, WITHIN_MS = 100, HOSTS = 6, TRIES = 5, FILLERS = 4 };

struct hole {
	char dir[64];
	struct pty *p;
};

/* A port where a SYN is dropped: its queue is full, and nobody ever takes from it. */
static int
hole(void)
{
	struct sockaddr_in at = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 0), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	for (int i = 0; i < FILLERS; i++) {
		int filler = socket(
			AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

		assert_true(filler >= 0);
		if (connect(filler, (struct sockaddr *)&at, sizeof at) != 0)
			assert_int_equal(errno, EINPROGRESS);
	}
	return ntohs(at.sin_port);
}

static void
put(const struct hole *h, const char *name, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", h->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int
set_up(void **state)
{
	static struct hole h;
	struct str text = STR_INIT;

	h = (struct hole){0};
	snprintf(h.dir, sizeof h.dir, "/tmp/hole-XXXXXX");
	if (!mkdtemp(h.dir))
		return -1;
	for (int i = 0; i < HOSTS; i++)
		str_addf(&text, "Host h%d\n\tHostName 127.0.0.1\n\tPort %d\n\tUser x\n",
			i, hole());
	put(&h, "ssh_config", text.buf);
	str_reset(&text);
	str_adds(&text,
		"handrail: 1\ntitle: Nobody there\nkind: maintenance\nowner: platform\n"
		"hosts:\n");
	for (int i = 0; i < HOSTS; i++)
		str_addf(&text, "  h%d: {ssh: h%d}\n", i, i);
	str_adds(&text, "probes:\n");
	for (int i = 0; i < HOSTS; i++)
		str_addf(&text,
			"  web%d: {http: \"http://127.0.0.1:%d/\", every: 1s,"
			" expect: {status: 200}}\n"
			"  up%d: {command: uptime, host: h%d, every: 1s,"
			" expect: {exit: 0}}\n",
			i, hole(), i, i);
	str_adds(&text, "steps:\n");
	for (int i = 0; i < 30; i++)
		str_addf(&text,
			"  - {run: \"true\", title: Step for nobody, host: h%d,"
			" expect: {exit: 0}, undo: \"true\"}\n",
			i % HOSTS);
	put(&h, "r.yaml", text.buf);
	str_release(&text);
	*state = &h;
	return 0;
}

static int
tear_down(void **state)
{
	struct hole *h = *state;
	char command[128];

	pty_close(h->p);
	snprintf(command, sizeof command, "rm -rf %s", h->dir);
	return system(command);
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

/* How many of the keys were late, and by how much the latest. */
static int
late_keys(struct pty *p, double *worst)
{
	int late = 0;

	*worst = 0;
	for (int i = 0; i < KEYS; i++) {
		int row = pty_cursor(p).row;
		double from = now_ms(), took;

		pty_send(p, i % 2 ? "k" : "j");
		assert_true(pty_wait(p, has_moved, &row, LONG_MS));
		took = now_ms() - from;
		late += took > WITHIN_MS;
		if (took > *worst)
			*worst = took;
	}
	return late;
}

/* A machine that is busy with something else makes keys late now and then; peers that hang
 * would make them late each time. */
static void
answer_in_time(struct pty *p, const char *when)
{
	double worst;
	int late = KEYS;

	for (int i = 0; i < TRIES && late; i++) {
		late = late_keys(p, &worst);
		print_message("# %s: %d of %d keys late, the latest after %.1f ms\n",
			when, late, KEYS, worst);
	}
	assert_int_equal(late, 0);
}

static void
keys_are_answered_while_every_peer_hangs(void **state)
{
	struct hole *h = *state;
	const char *const argv[] = {getenv("HANDRAIL"), "console", "r.yaml", NULL};
	char dir[128], home[128], config[128];
	const char *const env[] = {dir, home, config,
		"HANDRAIL_OPERATOR=anna@example.com", "XDG_RUNTIME_DIR", NULL};

	snprintf(dir, sizeof dir, "HANDRAIL_STATE_DIR=%s/state", h->dir);
	snprintf(home, sizeof home, "HOME=%s", h->dir);
	snprintf(config, sizeof config, "HANDRAIL_SSH_CONFIG=%s/ssh_config", h->dir);
	h->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = h->dir, .rows = 40, .cols = 120});
	assert_true(pty_wait_text(h->p, "trust and start", LONG_MS));
	pty_send(h->p, "<Enter>");
	assert_true(pty_wait_text(h->p, "journal #", LONG_MS));
	/* the line of readings moves the list down: not to be taken for an answer */
	assert_true(pty_wait_text(h->p, "connecting", LONG_MS));
	answer_in_time(h->p, "probes hang");
	pty_send(h->p, "g<Enter>");
	assert_true(pty_wait_text(h->p, "Run step 1 on", LONG_MS));
	assert_true(pty_wait_gone(h->p, "ready in", LONG_MS));
	pty_send(h->p, "<Enter>");
	assert_true(pty_wait_text(h->p, "[>] 1", LONG_MS));
	answer_in_time(h->p, "a step hangs too");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			keys_are_answered_while_every_peer_hangs, set_up, tear_down),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
