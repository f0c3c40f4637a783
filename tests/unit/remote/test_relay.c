#include "remote/relay.h"

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

static int
connect_to(int port, int *own)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
	*own = ntohs(a.sin_port);
	return fd;
}

static void
only_the_expected_one_comes_in(void **state)
{
	struct loop *loop = loop_new();
	struct err e = ERR_INIT;
	int fds[2], port = 0, stranger, ours, own;
	char buf[8] = "";
	struct relay *r;

	(void)state;
	assert_int_equal(
		socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds),
		0);
	r = relay_new(loop, fds[1], &port, &e);
	assert_non_null(r);
	stranger = connect_to(port, &own);
	ours = connect_to(port, &own);
	relay_expect(r, own);
	assert_int_equal(write(ours, "hello", 5), 5);
	while (recv(fds[0], buf, 5, MSG_PEEK) < 5)
		loop_turn(loop, 100);
	assert_int_equal(read(fds[0], buf, sizeof buf - 1), 5);
	assert_string_equal(buf, "hello");
	assert_int_equal(write(fds[0], "world", 5), 5);
	while (recv(ours, buf, 5, MSG_PEEK | MSG_DONTWAIT) < 5)
		loop_turn(loop, 100);
	assert_int_equal(read(ours, buf, 5), 5);
	assert_string_equal(buf, "world");
	/* The other one was turned away before: nothing but its end is to be read. */
	assert_int_equal(read(stranger, buf, sizeof buf), 0);
	close(ours);
	while (recv(fds[0], buf, 1, MSG_DONTWAIT) != 0)
		loop_turn(loop, 100);
	relay_free(r);
	close(stranger);
	close(fds[0]);
	loop_free(loop);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_expected_one_comes_in),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
