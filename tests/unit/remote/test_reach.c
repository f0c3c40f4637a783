#include "remote/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../loop/jail.h"
#include "base/mem.h"

struct seen {
	int n, fd;
	enum reach_state state;
	char why[320], address[64];
};

static void
came(void *ctx, const struct reach_end *end)
{
	struct seen *s = ctx;

	s->n++;
	s->fd = end->fd;
	s->state = end->state;
	snprintf(s->why, sizeof s->why, "%s", end->why);
	snprintf(s->address, sizeof s->address, "%s", end->address);
}

static int
listener(int *port)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*port = ntohs(a.sin_port);
	return fd;
}

static void
open_and_refused_are_told_apart(void **state)
{
	struct loop *loop = loop_new();
	struct http *http = http_new(loop);
	struct err e = ERR_INIT;
	struct reach_spec spec = {.http = http, .host = "127.0.0.1"};
	struct seen s = {.fd = -1};
	struct reach *r;
	int fd = listener(&spec.port);

	(void)state;
	r = reach_start(&spec, came, &s, &e);
	assert_non_null(r);
	assert_int_equal(s.n, 0);
	while (!s.n)
		loop_turn(loop, 1000);
	assert_int_equal(s.state, REACH_OPEN);
	assert_string_equal(s.address, "127.0.0.1");
	assert_true(s.fd >= 0);
	reach_free(r);
	assert_int_equal(write(s.fd, "x", 1), 1); /* it outlives the reach */
	close(s.fd);
	close(fd);
	s = (struct seen){.fd = -1};
	r = reach_start(&spec, came, &s, &e);
	while (!s.n)
		loop_turn(loop, 1000);
	assert_int_equal(s.state, REACH_REFUSED);
	assert_string_not_equal(s.why, "");
	reach_free(r);
	r = reach_start(&spec, came, &s, &e); /* freed before it has ended */
	reach_free(r);
	s.n = 0;
	loop_turn(loop, 10);
	assert_int_equal(s.n, 0);
	http_free(http);
	loop_free(loop);
}

static void
places_are_split(void **state)
{
	static const char *const bad[] = {"", "host", "host:", ":80", "host:0",
		"host:65536", "host:8x", "a b:80", "::1:80", "a/b:80", "u@h:80", "[]:80"};
	struct err e = ERR_INIT;
	char *host;
	int port;

	(void)state;
	assert_true(reach_split("db.test:5432", &host, &port, &e));
	assert_string_equal(host, "db.test");
	assert_int_equal(port, 5432);
	mem_free(host);
	assert_true(reach_split("[::1]:80", &host, &port, &e));
	assert_string_equal(host, "::1");
	mem_free(host);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (reach_split(bad[i], &host, &port, &e))
			fail_msg("taken: %s", bad[i]);
		assert_null(host);
	}
	assert_true(reach_is_loopback("127.0.0.2"));
	assert_true(reach_is_loopback("localhost"));
	assert_false(reach_is_loopback("127.0.0.1.example.com"));
	assert_false(reach_is_loopback("10.0.0.1"));
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_and_refused_are_told_apart),
		cmocka_unit_test(places_are_split),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
