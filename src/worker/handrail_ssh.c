/*
 * handrail-ssh: the parent of the workers. Started by handrail with a socket as
 * descriptor 3; each message on it carries one end of a socketpair, for which it forks a
 * worker. The parent has no threads and has done what OpenSSL and libssh2 do once per
 * process, so that a worker starts with it done. It ends when the console does. With
 * --version it tells its library's version and ends.
 */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libssh2.h>

#include "worker/confine.h"
#include "worker/warm.h"
#include "worker/worker.h"

enum { FD_CONTROL = 3, EXIT_USAGE = 2, EXIT_BROKEN = 70 };

static int
receive_socket(void)
{
	char byte;
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	ssize_t n;
	int fd = -1;

	do {
		n = recvmsg(FD_CONTROL, &m, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		_exit(0); /* the console is gone */
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
			memcpy(&fd, CMSG_DATA(c), sizeof fd);
	}
	return fd;
}

static void
start_worker(int fd, pid_t self)
{
	pid_t pid = fork();

	if (pid != 0) {
		close(fd);
		return;
	}
	confine_to_parent(self);
	confine_descriptors(fd);
	confine_limits();
	prctl(PR_SET_NAME, "handrail-worker");
	worker_main(FD_CONTROL);
}

int
main(int argc, char **argv)
{
	int type;
	pid_t self = getpid();

	if (argc == 2 && strcmp(argv[1], "--version") == 0)
		return printf("libssh2 %s\n", libssh2_version(0)) < 0;
	if (argc != 1 ||
		getsockopt(FD_CONTROL, SOL_SOCKET, SO_TYPE, &type,
			&(socklen_t){sizeof type}) != 0) {
		fputs("handrail-ssh is started by handrail\n", stderr);
		return EXIT_USAGE;
	}
	confine_to_parent(0);
	confine_descriptors(FD_CONTROL);
	confine_environment();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGCHLD,
		SIG_IGN); /* nobody waits for a worker: its socket tells its end */
	if (libssh2_init(0) != 0)
		return EXIT_BROKEN;
	warm_crypto();
	prctl(PR_SET_DUMPABLE, 0);
	for (;;) {
		int fd = receive_socket();

		if (fd >= 0)
			start_worker(fd, self);
	}
}
