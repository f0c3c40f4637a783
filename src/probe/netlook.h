#ifndef PROBE_NETLOOK_H
#define PROBE_NETLOOK_H

/*
 * What the kinds that make a connection of their own share: where to, through which host, one
 * deadline over everything, and an end that is told once. For tcp, tls, redis and sql.
 */

#include "probe/probeway.h"
#include "remote/reach.h"

struct netlook {
	struct probe_look *probe;
	struct reach *reach;
	struct loop_timer *deadline;
	struct mono began;
	char *host;
	int port;
};

/* What took too long, in words, before the deadline: "no answer". */
void netlook_init(struct netlook *n, struct probe_look *p);
void netlook_release(struct netlook *n);
/* Reaches n->host and n->port. */
bool netlook_reach(struct netlook *n, reach_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
int64_t netlook_took_ms(const struct netlook *n);
/* The end without a measurement: what it means is `verdict`. May free the probe. */
void netlook_fails(struct netlook *n, enum verdict verdict, const char *why);
/* The host that carries the probe, or NULL; false with an err when it has no machine. */
bool netlook_through(
	const struct probe_look *p, struct link **out, struct err *e) WARN_UNUSED;

#endif
