#ifndef REMOTE_REACH_H
#define REMOTE_REACH_H

/*
 * One TCP connection: resolves, connects within a deadline, hands over the descriptor. Direct,
 * by libcurl's own resolver, so that no name blocks the loop; or through the connection of a
 * host, where the name is resolved over there (tunnel.h). For the tcp, tls, redis and sql
 * probes, and under http for those that go through a host.
 */

#include "base/err.h"
#include "remote/http.h"
#include "remote/link.h"

#define REACH_STATES(X) \
	X(OPEN, "open") \
	X(REFUSED, "refused") \
	X(TIMEOUT, "timeout") \
	X(UNREACHABLE, "unreachable") \
	X(NO_HOST, "no such host") \
	X(UNKNOWN, "unknown")

enum reach_state {
#define X(id, name) REACH_##id,
	REACH_STATES(X)
#undef X
		REACH_STATE_COUNT
};

const char *reach_state_name(enum reach_state s);

struct reach_spec {
	struct http *http;
	struct link *through; /* NULL: from here */
	const char *host;     /* name or address, without brackets */
	int port;
	int64_t timeout_ms;
};

struct reach_end {
	enum reach_state state;
	int fd;           /* REACH_OPEN: yours to close, non-blocking; else -1 */
	char address[64]; /* numeric, "" through a host */
	int64_t took_ms;
	char why[320]; /* when not open */
};
typedef void reach_fn(void *ctx, const struct reach_end *end);

struct reach;
struct reach *reach_start(
	const struct reach_spec *s, reach_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
/* No call after. A descriptor handed over stays, but through a host nothing moves on it any
 * more: keep the reach as long as the connection. */
void reach_free(struct reach *r);

/* HOST:PORT or [ADDRESS]:PORT; `host` is the caller's to free. */
bool reach_split(const char *text, char **host, int *port, struct err *e) WARN_UNUSED;
/* 127.0.0.0/8, ::1 or localhost. */
bool reach_is_loopback(const char *host);

#endif
