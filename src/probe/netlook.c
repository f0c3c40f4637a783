#include "probe/netlook.h"

#include <stdio.h>

#include "base/mem.h"

enum { DEFAULT_MS = 10 * 1000 };

int64_t
netlook_took_ms(const struct netlook *n)
{
	return clock_mono().ms - n->began.ms;
}

void
netlook_fails(struct netlook *n, enum verdict verdict, const char *why)
{
	struct facts none = {0};
	struct probe_found f = {.facts = &none,
		.took_ms = netlook_took_ms(n),
		.silent = verdict,
		.why = why};

	probe_found(n->probe, &f); /* may free it */
}

/* It was asked and did not answer: that is known, and it is not well. */
static void
deadline_passed(void *ctx)
{
	struct netlook *n = ctx;
	char why[200], port[16] = "";
	struct link *through = NULL;
	struct link_status s;
	struct err ignored = ERR_INIT;

	/* Of a host that is not there nothing is known that lies behind it. */
	if (netlook_through(n->probe, &through, &ignored) && through &&
		!link_is_local(through)) {
		link_status(through, &s);
		if (s.state != LINK_READY) {
			netlook_fails(n, VERDICT_UNKNOWN, s.words);
			return;
		}
	}
	if (n->port)
		snprintf(port, sizeof port, ":%d", n->port);
	snprintf(why, sizeof why, "%.120s%s: no answer in %lld ms",
		n->host ? n->host : n->probe->probe->name, port,
		(long long)n->probe->probe->timeout_ms);
	netlook_fails(n, VERDICT_FAIL, why);
}

void
netlook_init(struct netlook *n, struct probe_look *p)
{
	int64_t ms = p->probe->timeout_ms > 0 ? p->probe->timeout_ms : DEFAULT_MS;

	n->probe = p;
	n->began = clock_mono();
	n->deadline = loop_timer_new(p->env.loop, deadline_passed, n);
	loop_timer_start(n->deadline, ms, 0);
}

void
netlook_release(struct netlook *n)
{
	reach_free(n->reach);
	if (n->deadline)
		loop_timer_free(n->deadline);
	mem_free(n->host);
}

bool
netlook_through(const struct probe_look *p, struct link **out, struct err *e)
{
	const struct host *host;

	*out = NULL;
	if (p->probe->through == NONE)
		return true;
	host = &p->env.runbook->hosts.list.at[p->probe->through];
	if (host->target_count == 0)
		return err_set(e, ERR_STATE, "%s: host %s has no machine", p->probe->name,
			host->name);
	*out = fleet_link(p->env.fleet, host->first_target);
	return true;
}

bool
netlook_reach(struct netlook *n, reach_fn *fn, void *ctx, struct err *e)
{
	struct reach_spec s = {.http = n->probe->env.http,
		.host = n->host,
		.port = n->port,
		.timeout_ms = n->probe->probe->timeout_ms};

	if (!netlook_through(n->probe, &s.through, e))
		return false;
	reach_free(n->reach);
	n->reach = reach_start(&s, fn, ctx, e);
	return n->reach != NULL;
}
