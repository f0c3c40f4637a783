/*
 * A TCP relay that harms what passes through it, for tests of whatever must survive that.
 *
 *   faultproxy SEED FAULTS LOW HIGH AFTER LOG ADDRESS:PORT=ADDRESS:PORT...
 *
 * Listens on the first address of each pair and relays to the second. Each connection is
 * given a number of bytes, LOW to HIGH by chance, both directions counted together; then
 * one fault befalls it. Until a connection has passed AFTER bytes (a login) they get AFTER
 * more. After FAULTS faults (a slow one is none) it harms nobody any more. Everything by chance comes from SEED.
 * Says "ready" on standard output once it listens, writes a line per fault to LOG ("stall
 * after 20417 bytes") and ends when its standard input does.
 */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	ROUTES_MAX = 8,
	FLOWS_MAX = 64,
	PIECE_BYTES = 16 * 1024,
	REFUSE_MIN_MS = 50,
	REFUSE_MAX_MS = 700,
	SLOW_MS = 400, /* so long one byte at a time, every SLOW_STEP_MS */
	SLOW_STEP_MS = 10,
};

/* What can befall a connection, and how often beside the others. */
#define FAULTS(X) \
	X(RESET, "reset", 4)   /* both ends get an RST */ \
	X(HALF, "half", 2)     /* one direction ends, the other goes on */ \
	X(REFUSE, "refuse", 2) /* reset, and for a while nothing listens */ \
	X(STALL, "stall", 1)   /* open, but not a byte passes any more */ \
	X(SLOW, "slow", 1)     /* a byte now and then for a while, then as before */

enum fault {
#define X(id, name, weight) FAULT_##id,
	FAULTS(X)
#undef X
		FAULT_COUNT
};

static const struct {
	const char *name;
	unsigned weight;
} faults[FAULT_COUNT] = {
#define X(id, name, weight) [FAULT_##id] = {name, weight},
	FAULTS(X)
#undef X
};

struct route {
	struct sockaddr_in from, to;
	int fd; /* -1: not listening now */
	int64_t again_ms;
};

struct flow {
	int end[2];   /* client, server; -1: no flow */
	bool over[2]; /* nothing more is taken from this end */
	bool stalled;
	int64_t slow_until_ms, next_ms; /* slow: until when, and its next byte */
	uint64_t passed, budget;
	struct route *route;
};

struct proxy {
	uint64_t seed;
	unsigned faults_left;
	uint64_t low, high, after;
	bool logged_in;
	FILE *log;
	struct route routes[ROUTES_MAX];
	size_t route_count;
	struct flow flows[FLOWS_MAX];
};

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "faultproxy: %s: %s\n", what, strerror(errno));
	exit(99);
}

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* splitmix64: small, and the same on every machine. */
static uint64_t
chance(struct proxy *p, uint64_t below)
{
	uint64_t z = p->seed += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return below ? (z ^ (z >> 31)) % below : 0;
}

/* ---- listening ---- */

static void
listen_on(struct route *r)
{
	int one = 1;

	r->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (r->fd < 0)
		die("socket");
	setsockopt(r->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(r->fd, (struct sockaddr *)&r->from, sizeof r->from) != 0 ||
		listen(r->fd, 16) != 0)
		die("listen");
	r->again_ms = 0;
}

/* "127.0.0.2:22"; the text is cut at the colon. */
static void
read_address(char *text, struct sockaddr_in *out)
{
	char *colon = strrchr(text, ':');

	*out = (struct sockaddr_in){.sin_family = AF_INET};
	errno = EINVAL;
	if (!colon)
		die(text);
	*colon = 0;
	out->sin_port = htons((uint16_t)strtoul(colon + 1, NULL, 10));
	if (inet_pton(AF_INET, text, &out->sin_addr) != 1)
		die(text);
}

static void
add_route(struct proxy *p, char *text)
{
	struct route *r = &p->routes[p->route_count];
	char *equals = strchr(text, '=');

	errno = EINVAL;
	if (!equals || p->route_count == ROUTES_MAX)
		die(text);
	p->route_count++;
	*equals = 0;
	read_address(text, &r->from);
	read_address(equals + 1, &r->to);
	listen_on(r);
}

/* ---- connections ---- */

static void
hang_up(struct flow *f, bool reset)
{
	struct linger at_once = {.l_onoff = 1};

	for (int i = 0; i < 2; i++) {
		if (reset)
			setsockopt(f->end[i], SOL_SOCKET, SO_LINGER, &at_once,
				sizeof at_once);
		close(f->end[i]);
		f->end[i] = -1;
	}
}

static void
accept_one(struct proxy *p, struct route *r)
{
	struct flow *f = p->flows;
	int client = accept4(r->fd, NULL, NULL, SOCK_CLOEXEC);

	if (client < 0)
		return;
	while (f < p->flows + FLOWS_MAX && f->end[0] >= 0)
		f++;
	if (f == p->flows + FLOWS_MAX) {
		close(client);
		return;
	}
	*f = (struct flow){.end = {client, -1}, .route = r};
	f->budget = p->low + chance(p, p->high - p->low + 1);
	if (!p->logged_in)
		f->budget += p->after;
	f->end[1] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (f->end[1] < 0)
		die("socket");
	if (connect(f->end[1], (struct sockaddr *)&r->to, sizeof r->to) != 0)
		hang_up(f, true);
}

static void
begin_fault(struct proxy *p, struct flow *f)
{
	unsigned sum = 0, at;
	enum fault kind = FAULT_RESET;

	for (int i = 0; i < FAULT_COUNT; i++)
		sum += faults[i].weight;
	at = (unsigned)chance(p, sum);
	while (at >= faults[kind].weight)
		at -= faults[kind++].weight;
	p->faults_left -= kind != FAULT_SLOW;
	fprintf(p->log, "%s after %llu bytes\n", faults[kind].name,
		(unsigned long long)f->passed);
	switch (kind) {
	case FAULT_REFUSE:
		if (f->route->fd >= 0)
			close(f->route->fd);
		f->route->fd = -1;
		f->route->again_ms = now_ms() + REFUSE_MIN_MS +
			(int64_t)chance(p, REFUSE_MAX_MS - REFUSE_MIN_MS);
		hang_up(f, true);
		break;
	case FAULT_HALF:
		at = (unsigned)chance(p, 2);
		f->over[!at] = true;
		shutdown(f->end[at], SHUT_WR);
		break;
	case FAULT_STALL:
		f->stalled = true;
		break;
	case FAULT_SLOW:
		f->slow_until_ms = now_ms() + SLOW_MS;
		break;
	case FAULT_RESET:
	case FAULT_COUNT:
		hang_up(f, true);
		break;
	}
	f->budget = f->passed + p->low + chance(p, p->high - p->low + 1);
}

static bool
write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static void
move(struct proxy *p, struct flow *f, int from)
{
	char buf[PIECE_BYTES];
	size_t room = sizeof buf;
	ssize_t n;

	f->next_ms = now_ms() + SLOW_STEP_MS;
	if (f->slow_until_ms > now_ms())
		room = 1;
	else if (p->faults_left > 0 && f->budget - f->passed < room)
		room = (size_t)(f->budget - f->passed) + 1;
	n = read(f->end[from], buf, room);
	if (n < 0 || (n > 0 && !write_all(f->end[!from], buf, (size_t)n))) {
		hang_up(f, true);
		return;
	}
	if (n == 0) {
		f->over[from] = true;
		shutdown(f->end[!from], SHUT_WR);
		if (f->over[!from])
			hang_up(f, false);
		return;
	}
	f->passed += (uint64_t)n;
	p->logged_in |= f->passed >= p->after;
	if (p->faults_left > 0 && f->passed > f->budget && !f->stalled)
		begin_fault(p, f);
}

/* A stalled one passes nothing, but who gives it up is free. */
static void
hear(struct proxy *p, struct flow *f, int from, short got)
{
	if (f->end[0] < 0)
		return;
	if (f->stalled && got & (POLLHUP | POLLERR | POLLRDHUP))
		hang_up(f, true);
	else if (!f->stalled && got & (POLLIN | POLLHUP | POLLERR) && !f->over[from])
		move(p, f, from);
	else if (got & POLLERR || (got & POLLHUP && f->over[from]))
		hang_up(f, true);
}

/* ---- one turn ---- */

static short
wants(const struct flow *f, int from)
{
	int64_t now = now_ms();

	if (f->stalled)
		return POLLRDHUP;
	if (f->over[from] || (f->slow_until_ms > now && f->next_ms > now))
		return 0;
	return POLLIN;
}

static void
turn(struct proxy *p)
{
	struct pollfd ask[1 + ROUTES_MAX + 2 * FLOWS_MAX];
	int wait_ms = -1;
	size_t n = 0;

	ask[n++] = (struct pollfd){.fd = STDIN_FILENO, .events = POLLIN};
	for (size_t i = 0; i < ROUTES_MAX; i++) {
		struct route *r = &p->routes[i];

		if (r->again_ms && r->again_ms <= now_ms())
			listen_on(r);
		else if (r->again_ms)
			wait_ms = SLOW_STEP_MS;
		ask[n++] = (struct pollfd){
			.fd = i < p->route_count ? r->fd : -1, .events = POLLIN};
	}
	for (size_t i = 0; i < FLOWS_MAX; i++)
		for (int k = 0; k < 2; k++) {
			struct flow *f = &p->flows[i];

			if (f->end[0] >= 0 && f->slow_until_ms > now_ms())
				wait_ms = SLOW_STEP_MS;
			ask[n++] = (struct pollfd){
				.fd = f->end[k], .events = wants(f, k)};
		}
	if (poll(ask, n, wait_ms) < 0 && errno != EINTR)
		die("poll");
	if (ask[0].revents)
		exit(0);
	for (size_t i = 0; i < p->route_count; i++)
		if (ask[1 + i].revents)
			accept_one(p, &p->routes[i]);
	for (size_t i = 0; i < FLOWS_MAX; i++)
		for (int k = 0; k < 2; k++)
			if (ask[1 + ROUTES_MAX + 2 * i + (size_t)k].revents)
				hear(p, &p->flows[i], k,
					ask[1 + ROUTES_MAX + 2 * i + (size_t)k].revents);
}

int
main(int argc, char **argv)
{
	static struct proxy p;

	errno = EINVAL;
	if (argc < 8)
		die("SEED FAULTS LOW HIGH AFTER LOG ROUTE...");
	signal(SIGPIPE, SIG_IGN);
	p.seed = strtoull(argv[1], NULL, 10);
	p.faults_left = (unsigned)strtoul(argv[2], NULL, 10);
	p.low = strtoull(argv[3], NULL, 10);
	p.high = strtoull(argv[4], NULL, 10);
	p.after = strtoull(argv[5], NULL, 10);
	p.log = fopen(argv[6], "we");
	if (!p.log)
		die(argv[6]);
	setlinebuf(p.log);
	for (size_t i = 0; i < FLOWS_MAX; i++)
		p.flows[i].end[0] = p.flows[i].end[1] = -1;
	for (int i = 7; i < argc; i++)
		add_route(&p, argv[i]);
	puts("ready");
	fflush(stdout);
	for (;;)
		turn(&p);
}
