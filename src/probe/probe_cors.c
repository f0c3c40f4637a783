#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "probe/weblook.h"

/*
 * Two preflight requests: one of the origin that is meant to be let in, one of a foreign one.
 * status and header are those of the first; state says what the pair shows: allowed (the one
 * and not the other), open (both), refused (not even the one). Whoever lets everybody in
 * together with credentials has failed, whatever is expected.
 */

static const char foreign[] = "https://foreign.invalid";

struct probe_kind_state {
	struct http_call *call;
	struct facts facts;
	bool second, allowed;
	int64_t took_ms;
};

static bool
lets_in(const struct http_end *end, const char *origin, bool *with_credentials)
{
	const char *who = weblook_header(end, "access-control-allow-origin");
	const char *cred = weblook_header(end, "access-control-allow-credentials");

	*with_credentials = cred && strcasecmp(cred, "true") == 0;
	return who && (strcmp(who, "*") == 0 || strcasecmp(who, origin) == 0);
}

static void
tell(struct probe_look *p, bool foreign_in, bool unsafe)
{
	struct probe_kind_state *s = p->state;
	const char *state = foreign_in ? "open" : s->allowed ? "allowed" : "refused";
	struct probe_found f = {.facts = &s->facts,
		.took_ms = s->took_ms,
		.silent = VERDICT_FAIL,
		.why = unsafe ? "any origin is let in with credentials" : NULL};

	facts_add_text(&s->facts, EXPECT_STATE, NULL, state, strlen(state));
	facts_add_number(&s->facts, EXPECT_TIME, (double)s->took_ms);
	probe_found(p, &f); /* may free p */
}

static bool ask(struct probe_look *p, struct err *e);

static void
answered(void *ctx, const struct http_end *end)
{
	struct probe_look *p = ctx;
	struct probe_kind_state *s = p->state;
	const char *origin = probe_arg(p, "origin");
	struct err e = ERR_INIT;
	struct str own = STR_INIT;
	bool cred, in;

	if (!end->answered) {
		weblook_failed(p, end);
		return;
	}
	s->took_ms += end->took_ms;
	if (s->second) {
		in = lets_in(end, foreign, &cred);
		tell(p, in, in && cred);
		return;
	}
	if (origin && !probe_expand(p, origin, SUBST_TEXT, &own, &e))
		str_reset(&own);
	s->allowed = lets_in(end, own.buf, &cred);
	str_release(&own);
	facts_add_number(&s->facts, EXPECT_STATUS, end->status);
	for (size_t i = 0; i < end->headers.list.len; i++) {
		const struct pair *h = &end->headers.list.at[i];

		facts_add_text(
			&s->facts, EXPECT_HEADER, h->key, h->value, strlen(h->value));
	}
	if (end->headers.list.len == 0)
		facts_add_text(&s->facts, EXPECT_HEADER, NULL, "", 0);
	s->second = true;
	if (!ask(p, &e)) {
		struct facts none = {0};
		struct probe_found f = {
			.facts = &none, .silent = VERDICT_UNKNOWN, .why = e.msg};

		probe_found(p, &f);
	}
}

static bool
ask(struct probe_look *p, struct err *e)
{
	struct probe_kind_state *s = p->state;
	const char *method = probe_arg(p, "method");
	struct weblook_spec spec = {.method = "OPTIONS",
		.url = p->probe->subject,
		.origin = s->second ? foreign : probe_arg(p, "origin"),
		.asks = method ? method : "GET"};

	http_call_free(s->call);
	s->call = weblook_start(p, &spec, answered, p, e);
	return s->call != NULL;
}

static bool
cors_begin(struct probe_look *p, struct err *e)
{
	p->state = mem_alloc(sizeof *p->state);
	if (!probe_arg(p, "origin"))
		return err_set(e, ERR_INPUT,
			"%s: name the origin that may come in (origin:)", p->probe->name);
	return ask(p, e);
}

static void
cors_drop(struct probe_look *p)
{
	if (!p->state)
		return;
	http_call_free(p->state->call);
	facts_release(&p->state->facts);
	mem_free(p->state);
}

const struct probe_way probe_way_cors = {
	.start = cors_begin,
	.free = cors_drop,
};
