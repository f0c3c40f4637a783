#include <string.h>

#include "base/mem.h"
#include "probe/webfacts.h"
#include "probe/weblook.h"

/* A request, and its answer as facts: status, headers, cookies, body, url, time. */

struct probe_kind_state {
	struct http_call *call;
};

static void
answered(struct probe_look *p, const struct http_end *end)
{
	struct facts facts = {0};
	struct str body = STR_INIT;
	struct probe_found f = {.facts = &facts, .took_ms = end->took_ms};

	weblook_body(p, end, &body);
	facts_add_number(&facts, EXPECT_TIME, (double)end->took_ms);
	webfacts_add(&facts, end, p->env.redact, &body);
	probe_found(p, &f); /* may free p */
	facts_release(&facts);
	str_release(&body);
}

static void
http_ended(void *ctx, const struct http_end *end)
{
	struct probe_look *p = ctx;
	struct facts none = {0};
	/* It was asked and did not answer: that is known, and it is not well. */
	struct probe_found f = {
		.facts = &none,
		.took_ms = end->took_ms,
		.silent = end->unsure ? VERDICT_UNKNOWN : VERDICT_FAIL,
		.why = end->why,
	};

	if (end->answered)
		answered(p, end);
	else
		probe_found(p, &f);
}

static bool
http_begin(struct probe_look *p, struct err *e)
{
	const struct http_spec *spec = &p->probe->http;
	struct weblook_spec s = {.method = spec->method,
		.url = spec->url ? spec->url : p->probe->subject,
		.body = spec->body};

	p->state = mem_alloc(sizeof *p->state);
	p->state->call = weblook_start(p, &s, http_ended, p, e);
	return p->state->call != NULL;
}

static void
http_drop(struct probe_look *p)
{
	if (!p->state)
		return;
	http_call_free(p->state->call);
	mem_free(p->state);
}

const struct probe_way probe_way_http = {
	.start = http_begin,
	.free = http_drop,
};
