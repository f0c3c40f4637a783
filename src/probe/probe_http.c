#include <string.h>

#include "base/mem.h"
#include "probe/weblook.h"

/* A request, and its answer as facts: status, headers, cookies, body, url, time. */

struct probe_kind_state {
	struct http_call *call;
};

static void
add_header_facts(struct facts *facts, const struct pairs *headers)
{
	size_t cookies = 0;

	for (size_t i = 0; i < headers->list.len; i++) {
		const struct pair *h = &headers->list.at[i];
		const char *eq;
		char *name;

		facts_add_text(facts, EXPECT_HEADER, h->key, h->value, strlen(h->value));
		if (strcmp(h->key, "set-cookie") != 0)
			continue;
		eq = strchr(h->value, '=');
		if (!eq)
			continue;
		name = mem_strndup(h->value, (size_t)(eq - h->value));
		facts_add_text(facts, EXPECT_COOKIE, name, eq + 1, strlen(eq + 1));
		mem_free(name);
		cookies++;
	}
	/* An empty map is a fact too: what is not in it is known to be absent. */
	if (headers->list.len == 0)
		facts_add_text(facts, EXPECT_HEADER, NULL, "", 0);
	if (cookies == 0)
		facts_add_text(facts, EXPECT_COOKIE, NULL, "", 0);
}

static void
answered(struct probe_look *p, const struct http_end *end)
{
	struct facts facts = {0};
	struct str body = STR_INIT;
	struct probe_found f = {.facts = &facts, .took_ms = end->took_ms};

	weblook_body(p, end, &body);
	facts_add_number(&facts, EXPECT_STATUS, end->status);
	facts_add_number(&facts, EXPECT_TIME, (double)end->took_ms);
	facts_add_text(&facts, EXPECT_URL, NULL, end->url, strlen(end->url));
	add_header_facts(&facts, &end->headers);
	facts_add_answer(&facts, EXPECT_BODY, body.buf, body.len,
		end->cut ? FACTS_CUT : FACTS_WHOLE);
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
