#include "worker/dial.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/vec.h"
#include "worker/confine.h"

enum {
	USER_TIMEOUT_MS = 30 * 1000,
	KEEP_IDLE_S = 30,
	KEEP_EVERY_S = 10,
	KEEP_COUNT = 3,
	ADDRESSES_MAX = 16,
	FD_UP = 3,
};

/* What the resolving child writes: an error of getaddrinfo, or addresses. */
struct answer {
	int error, sys;
	int count;
	struct {
		socklen_t len;
		struct sockaddr_storage at;
	} list[ADDRESSES_MAX];
};

const char *
dial_fault(int sys)
{
	switch (sys) {
	case ECONNREFUSED:
		return "REFUSED";
	case ETIMEDOUT:
		return "TIMEOUT";
	default:
		return "UNREACHABLE";
	}
}

static int
fail(struct dial *d, const char *kind, const char *text)
{
	d->kind = kind;
	snprintf(d->text, sizeof d->text, "%s", text);
	return -1;
}

/* ---- names ---- */

static int
family_of(const char *name)
{
	if (strcmp(name, "inet") == 0)
		return AF_INET;
	return strcmp(name, "inet6") == 0 ? AF_INET6 : AF_UNSPEC;
}

static void
look_up(const struct wirefacts *f, int flags, struct answer *a)
{
	struct addrinfo hints = {
		.ai_family = family_of(f->family),
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV | flags,
	};
	struct addrinfo *found = NULL;
	char port[12];

	memset(a, 0, sizeof *a);
	snprintf(port, sizeof port, "%u", (unsigned)f->port);
	a->error = getaddrinfo(f->host, port, &hints, &found);
	a->sys = errno;
	if (a->error != 0)
		return;
	for (struct addrinfo *i = found; i && a->count < ADDRESSES_MAX; i = i->ai_next) {
		a->list[a->count].len = i->ai_addrlen;
		memcpy(&a->list[a->count].at, i->ai_addr, i->ai_addrlen);
		a->count++;
	}
	freeaddrinfo(found);
}

static _Noreturn void
be_resolver(const struct wirefacts *f, int out, pid_t parent)
{
	struct answer a;
	ssize_t n;

	close(FD_UP); /* our end must not keep the console waiting for its EOF */
	confine_to_parent(parent);
	look_up(f, 0, &a);
	n = write(out, &a, sizeof a);
	_exit(n == (ssize_t)sizeof a ? 0 : 1);
}

/* False: no answer. A write of this size into an empty pipe is one piece or a few. */
static bool
read_answer(struct dial *d, int fd, struct answer *a)
{
	size_t got = 0;

	while (got < sizeof *a) {
		ssize_t n;

		if (!d->wait(d->ctx, fd, POLLIN, 0))
			return false;
		n = read(fd, (char *)a + got, sizeof *a - got);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return true;
}

static bool
resolve_aside(struct dial *d, struct answer *a)
{
	int ends[2];
	pid_t self = getpid(), child;
	bool ok;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	child = fork();
	if (child == 0)
		be_resolver(d->facts, ends[1], self);
	close(ends[1]);
	ok = child > 0 && read_answer(d, ends[0], a);
	close(ends[0]);
	if (child > 0) {
		if (!ok)
			kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	return ok;
}

static bool
resolve(struct dial *d, struct answer *a)
{
	char text[300];

	look_up(d->facts, AI_NUMERICHOST, a);
	if (a->error == EAI_NONAME && !resolve_aside(d, a)) {
		fail(d, "TIMEOUT", "no answer from the name service");
		return false;
	}
	if (a->error == 0)
		return true;
	snprintf(text, sizeof text, "%s: %s", d->facts->host,
		a->error == EAI_SYSTEM ? strerror(a->sys) : gai_strerror(a->error));
	fail(d, "NO_SUCH_HOST", text);
	return false;
}

/* ---- connections ---- */

static void
set_options(int fd)
{
	const struct {
		int level, option, value;
	} options[] = {
		{IPPROTO_TCP, TCP_NODELAY, 1},
		{IPPROTO_TCP, TCP_QUICKACK, 1},
		{IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS},
		{SOL_SOCKET, SO_KEEPALIVE, 1},
		{IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE_S},
		{IPPROTO_TCP, TCP_KEEPINTVL, KEEP_EVERY_S},
		{IPPROTO_TCP, TCP_KEEPCNT, KEEP_COUNT},
	};

	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		setsockopt(fd, options[i].level, options[i].option, &options[i].value,
			sizeof options[i].value);
}

static bool
bind_to(int fd, const char *address, int family)
{
	struct addrinfo hints = {
		.ai_family = family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_PASSIVE,
	};
	struct addrinfo *found = NULL;
	bool ok;

	if (!*address)
		return true;
	if (getaddrinfo(address, NULL, &hints, &found) != 0)
		return false;
	ok = bind(fd, found->ai_addr, found->ai_addrlen) == 0;
	freeaddrinfo(found);
	return ok;
}

static int
try_address(struct dial *d, const struct sockaddr *at, socklen_t len, int64_t ms)
{
	int fd = socket(at->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int sys = 0;
	char text[300];

	if (fd < 0)
		return fail(d, "UNREACHABLE", strerror(errno));
	set_options(fd);
	if (!bind_to(fd, d->facts->bind, at->sa_family)) {
		snprintf(text, sizeof text, "cannot use BindAddress %s", d->facts->bind);
		close(fd);
		return fail(d, "UNREACHABLE", text);
	}
	if (connect(fd, at, len) != 0)
		sys = errno;
	if (sys == EINPROGRESS) {
		sys = ETIMEDOUT;
		if (d->wait(d->ctx, fd, POLLOUT, ms))
			getsockopt(
				fd, SOL_SOCKET, SO_ERROR, &sys, &(socklen_t){sizeof sys});
	}
	if (sys == 0)
		return fd;
	close(fd);
	return fail(d, dial_fault(sys), strerror(sys));
}

int
dial_connect(struct dial *d)
{
	struct answer a;
	int fd = -1;

	if (!resolve(d, &a))
		return -1;
	/* One that is silent must not eat the time of those behind it; the last may. */
	for (int i = 0; i < a.count && fd < 0; i++)
		fd = try_address(d, (const struct sockaddr *)&a.list[i].at, a.list[i].len,
			i + 1 < a.count ? d->facts->connect_ms / a.count : 0);
	return fd;
}
