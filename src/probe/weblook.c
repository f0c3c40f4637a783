#include "probe/weblook.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

enum { HTTP_OK = 200 };

static void
release_headers(struct pairs *headers)
{
	for (size_t i = 0; i < headers->list.len; i++)
		mem_wipe_free(
			headers->list.at[i].value, strlen(headers->list.at[i].value));
	vec_free(&headers->list);
}

static bool
add_header(const struct probe_look *p, const char *key, const char *text,
	struct pairs *out, struct err *e)
{
	struct str value = STR_INIT;
	struct pair h = {.key = (char *)key};
	bool ok = probe_expand(p, text, SUBST_TEXT, &value, e);

	h.value = str_take(&value);
	vec_push(&out->list, h);
	return ok;
}

/* Those of `http` stand apart, those of its presets among the arguments. */
static bool
add_headers(const struct probe_look *p, const struct weblook_spec *s, struct pairs *out,
	struct err *e)
{
	static const char mark[] = "headers.";
	const struct pairs *own = &p->probe->http.headers, *args = &p->probe->args;
	bool ok = true;

	for (size_t i = 0; i < own->list.len && ok; i++)
		ok = add_header(p, own->list.at[i].key, own->list.at[i].value, out, e);
	for (size_t i = 0; i < args->list.len && ok; i++)
		if (str_starts(args->list.at[i].key, mark))
			ok = add_header(p, args->list.at[i].key + strlen(mark),
				args->list.at[i].value, out, e);
	if (s->origin)
		ok = ok && add_header(p, "Origin", s->origin, out, e);
	if (s->asks)
		ok = ok &&
			add_header(p, "Access-Control-Request-Method", s->asks, out, e);
	return ok;
}

struct http_call *
weblook_start(struct probe_look *p, const struct weblook_spec *s, http_fn *fn, void *ctx,
	struct err *e)
{
	struct str url = STR_INIT, body = STR_INIT;
	struct pairs headers = {0};
	struct http_call *call = NULL;
	struct http_opts o = {
		.method = s->method,
		.headers = &headers,
		.ca = probe_arg(p, "ca"),
		.cert = probe_arg(p, "cert"),
		.key = probe_arg(p, "key"),
		.proxy = probe_arg(p, "proxy"),
		.timeout_ms = p->probe->timeout_ms,
		.limit = s->limit,
	};
	bool ok = probe_expand(p, s->url, SUBST_URL, &url, e) &&
		add_headers(p, s, &headers, e) && netlook_through(p, &o.through, e);

	if (ok && s->body) {
		ok = probe_expand(p, s->body, SUBST_TEXT, &body, e);
		o.body = body.buf;
	}
	o.url = url.buf;
	if (ok)
		call = http_start(p->env.http, &o, fn, ctx, e);
	if (!call)
		err_ctx(e, "%s", p->probe->name);
	release_headers(&headers);
	str_release(&url);
	mem_wipe(body.buf, body.len);
	str_release(&body);
	return call;
}

void
weblook_body(const struct probe_look *p, const struct http_end *end, struct str *out)
{
	if (p->env.redact)
		redact_text(p->env.redact, end->body.buf, end->body.len, out);
	else
		str_add(out, end->body.buf, end->body.len);
}

bool
weblook_failed(struct probe_look *p, const struct http_end *end)
{
	struct facts none = {0};
	char why[320];
	struct probe_found f = {.facts = &none,
		.took_ms = end->took_ms,
		.silent = end->unsure ? VERDICT_UNKNOWN : VERDICT_FAIL,
		.why = why};

	if (end->answered && end->status == HTTP_OK && !end->cut)
		return false;
	if (!end->answered)
		f.why = end->why;
	else if (end->status != HTTP_OK)
		snprintf(why, sizeof why, "the server answers with status %d, not 200",
			end->status);
	else
		snprintf(why, sizeof why, "the answer was cut short");
	if (end->answered && end->status == HTTP_OK)
		f.silent = VERDICT_UNKNOWN;
	probe_found(p, &f); /* may free p */
	return true;
}

const char *
weblook_header(const struct http_end *end, const char *name)
{
	return pairs_get(&end->headers, name);
}
