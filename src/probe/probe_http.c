#include <string.h>

#include "base/mem.h"
#include "probe/netlook.h"

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

	if (p->env.redact)
		redact_text(p->env.redact, end->body.buf, end->body.len, &body);
	else
		str_add(&body, end->body.buf, end->body.len);
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
		.silent = VERDICT_FAIL,
		.why = end->why,
	};

	if (end->answered)
		answered(p, end);
	else
		probe_found(p, &f);
}

static void
release_headers(struct pairs *headers)
{
	for (size_t i = 0; i < headers->list.len; i++)
		mem_wipe_free(
			headers->list.at[i].value, strlen(headers->list.at[i].value));
	vec_free(&headers->list);
}

static bool
expand_headers(const struct probe_look *p, struct pairs *out, struct err *e)
{
	const struct pairs *in = &p->probe->http.headers;

	for (size_t i = 0; i < in->list.len; i++) {
		struct str value = STR_INIT;
		struct pair h = {.key = in->list.at[i].key};
		bool ok = probe_expand(p, in->list.at[i].value, SUBST_TEXT, &value, e);

		h.value = str_take(&value);
		vec_push(&out->list, h);
		if (!ok)
			return false;
	}
	return true;
}

static bool
http_begin(struct probe_look *p, struct err *e)
{
	const struct http_spec *spec = &p->probe->http;
	const char *text = spec->url ? spec->url : p->probe->subject;
	struct str url = STR_INIT, body = STR_INIT;
	struct pairs headers = {0};
	struct http_opts o = {
		.method = spec->method,
		.headers = &headers,
		.ca = probe_arg(p, "ca"),
		.cert = probe_arg(p, "cert"),
		.key = probe_arg(p, "key"),
		.proxy = probe_arg(p, "proxy"),
		.timeout_ms = p->probe->timeout_ms,
	};
	bool ok = probe_expand(p, text, SUBST_URL, &url, e) &&
		expand_headers(p, &headers, e) && netlook_through(p, &o.through, e);

	if (ok && spec->body) {
		ok = probe_expand(p, spec->body, SUBST_TEXT, &body, e);
		o.body = body.buf;
	}
	p->state = mem_alloc(sizeof *p->state);
	o.url = url.buf;
	if (ok)
		p->state->call = http_start(p->env.http, &o, http_ended, p, e);
	ok = ok && p->state->call;
	if (!ok)
		err_ctx(e, "%s", p->probe->name);
	release_headers(&headers);
	str_release(&url);
	mem_wipe(body.buf, body.len);
	str_release(&body);
	return ok;
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
