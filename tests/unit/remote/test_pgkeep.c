#include "remote/pgkeep.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

enum { GIVE_UP_S = 20 };

/* A server that lets everybody in, tells something unasked and answers with one row; what is
 * asked next it answers with a copy to us. */
static const char hello[] = "R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I",
		  row[] = "A\0\0\0\x0c\0\0\0\x01n\0x\0001\0\0\0\x04"
			  "2\0\0\0\x04T\0\0\0\x1a\0\x01"
			  "a\0\0\0\0\0\0\0\0\0\0\x19\xff\xff\xff\xff\xff\xff\0\0"
			  "D\0\0\0\x0b\0\x01\0\0\0\x01tC\0\0\0\x0dSELECT 1\0Z\0\0\0\x05I",
		  copy[] = "1\0\0\0\x04"
			   "2\0\0\0\x04H\0\0\0\x07\0\0\0";

static void
say_in_turn(int fd)
{
	static const struct {
		const char *at;
		size_t len;
	} says[] = {{hello, sizeof hello - 1}, {row, sizeof row - 1},
		{copy, sizeof copy - 1}};
	char heard[4096];

	for (size_t i = 0; i < sizeof says / sizeof *says; i++)
		if (read(fd, heard, sizeof heard) <= 0 ||
			write(fd, says[i].at, says[i].len) < 0)
			_exit(1);
	while (read(fd, heard, sizeof heard) > 0)
		;
	_exit(0);
}

static pid_t
serve(int *port)
{
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	pid_t pid;

	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*port = ntohs(a.sin_port);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(GIVE_UP_S);
		say_in_turn(accept(fd, NULL, NULL));
	}
	close(fd);
	return pid;
}

struct seen {
	struct pgkeep *k;
	bool answered, down;
	char why[120];
};

static void
answered(void *ctx, const struct pgkeep_answer *a)
{
	(void)a;
	((struct seen *)ctx)->answered = true;
}

static void
up(void *ctx)
{
	struct seen *s = ctx;

	pgkeep_ask(s->k, "select 1", NULL, 0, answered, s);
}

static void
down(void *ctx, const char *why)
{
	struct seen *s = ctx;

	s->down = true;
	snprintf(s->why, sizeof s->why, "%s", why);
}

static void
a_copy_that_nobody_asked_for_ends_it(void **state)
{
	char path[] = "/tmp/handrail-service-XXXXXX";
	struct loop *l = loop_new();
	struct err e = ERR_INIT;
	struct seen s = {0};
	int fd = mkstemp(path), port;
	pid_t pid = serve(&port);

	(void)state;
	assert_true(fd >= 0);
	dprintf(fd,
		"[odd]\nhost=127.0.0.1\nhostaddr=127.0.0.1\nport=%d\nuser=a\ndbname=a\n"
		"sslmode=disable\n",
		port);
	close(fd);
	setenv("PGSERVICEFILE", path, 1);
	alarm(GIVE_UP_S); /* it went round for ever */
	s.k = pgkeep_start(
		&(struct pgkeep_opts){.loop = l, .service = "odd", .timeout_ms = 10000},
		&(struct pgkeep_calls){up, down, &s}, &e);
	assert_non_null(s.k);
	while (!s.down)
		loop_turn(l, 200);
	alarm(0);
	assert_string_equal(s.why, "the server wants to copy, which nobody asked for");
	assert_false(s.answered);
	pgkeep_free(s.k);
	loop_free(l);
	(void)unlink(path);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void
a_number_is_one(void **state)
{
	static const struct {
		const char *cell;
		int64_t n; /* -1: none */
	} rows[] = {{"0", 0}, {"17", 17}, {"999999999999999999", 999999999999999999},
		{NULL, -1}, {"", -1}, {"-1", -1}, {" 1", -1}, {"1 ", -1}, {"x", -1},
		{"1e3", -1}, {"9999999999999999999", -1}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int64_t n;

		assert_int_equal(pgkeep_number(rows[i].cell, &n), rows[i].n >= 0);
		assert_int_equal(n, rows[i].n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_that_nobody_asked_for_ends_it),
		cmocka_unit_test(a_number_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
