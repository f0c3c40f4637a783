#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "probe/netlook.h"

/* Whether HOST:PORT accepts connections: state is open, refused, timeout, unreachable or "no
 * such host"; each of these is known. */

struct probe_kind_state {
	struct netlook net;
};

static void
reached(void *ctx, const struct reach_end *end)
{
	struct probe_look *p = ctx;
	struct facts facts = {0};
	const char *state = reach_state_name(end->state);
	struct probe_found f = {.facts = &facts,
		.took_ms = end->took_ms,
		.silent = VERDICT_UNKNOWN,
		.because = end->state == REACH_OPEN ? NULL : end->why};

	if (end->fd >= 0)
		close(end->fd);
	if (end->state == REACH_UNKNOWN) {
		f.why = end->why;
	} else {
		facts_add_text(&facts, EXPECT_STATE, NULL, state, strlen(state));
		if (end->state == REACH_OPEN)
			facts_add_number(&facts, EXPECT_TIME, (double)end->took_ms);
	}
	probe_found(p, &f); /* may free p */
	facts_release(&facts);
}

static bool
tcp_begin(struct probe_look *p, struct err *e)
{
	struct str where = STR_INIT;
	bool ok = probe_expand(p, p->probe->subject, SUBST_TEXT, &where, e);

	p->state = mem_alloc(sizeof *p->state);
	/* The connection has the same deadline, and tells it as a state. */
	p->state->net = (struct netlook){.probe = p, .began = clock_mono()};
	ok = ok && reach_split(where.buf, &p->state->net.host, &p->state->net.port, e) &&
		netlook_reach(&p->state->net, reached, p, e);
	str_release(&where);
	return ok;
}

static void
tcp_drop(struct probe_look *p)
{
	if (p->state)
		netlook_release(&p->state->net);
	mem_free(p->state);
}

const struct probe_way probe_way_tcp = {
	.start = tcp_begin,
	.free = tcp_drop,
};
