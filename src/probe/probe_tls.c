#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "probe/netlook.h"
#include "remote/sock.h"
#include "remote/url.h"

/*
 * The certificate served at HOST:PORT. Given a URL, that of every hop its redirects lead over:
 * a chain is as good as its worst certificate, and the reading is that one's.
 */

enum { HOPS_MAX = 10, MS_PER_DAY = 24 * 60 * 60 * 1000 };

struct probe_kind_state {
	struct netlook net;
	struct sock *sock;
	struct http_call *call;
	struct url url; /* of this hop; scheme NULL: no URL was given */
	int hops;
	bool shown; /* the certificate of this hop */
	/* The worst so far. */
	struct facts worst;
	enum verdict verdict;
	char *where;
};

static int
badness(enum verdict v)
{
	static const int order[] = {[VERDICT_OK] = 0,
		[VERDICT_WARN] = 1,
		[VERDICT_UNKNOWN] = 2,
		[VERDICT_FAIL] = 3};

	return order[v];
}

static void
tell(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;
	struct probe_found f = {.facts = &s->worst,
		.took_ms = netlook_took_ms(&s->net),
		.silent = VERDICT_UNKNOWN,
		.where = s->hops > 1 ? s->where : NULL,
		.why = s->where ? NULL : "no hop is served over TLS"};

	probe_found(p, &f); /* may free p */
}

static void
keep_worst(struct probe_look *p, struct facts *facts)
{
	struct probe_kind_state *s = p->state;
	struct judgement j = {0};

	expect_judge(p->probe->expect, facts, &j);
	if (!s->where || badness(j.verdict) > badness(s->verdict)) {
		facts_release(&s->worst);
		s->worst = *facts;
		s->verdict = j.verdict;
		mem_free(s->where);
		s->where = mem_strdup(s->net.host);
	} else {
		facts_release(facts);
	}
	judgement_release(&j);
}

static bool next_hop(struct probe_look *p, struct err *e);

static void
redirected(void *ctx, const struct http_end *end)
{
	struct probe_look *p = ctx;
	struct probe_kind_state *s = p->state;
	const char *location = pairs_get(&end->headers, "location");
	struct err e = ERR_INIT;
	/* No answer behind a certificate that was seen: the reading is the certificate's. */
	bool leads = end->answered && end->status >= 300 && end->status < 400 && location;

	if (!leads) {
		tell(p);
		return;
	}
	if (s->hops >= HOPS_MAX) {
		netlook_fails(&s->net, VERDICT_FAIL, "more than 10 redirects");
		return;
	}
	if (!url_follow(&s->url, location, &e) || !next_hop(p, &e))
		netlook_fails(&s->net, VERDICT_UNKNOWN, e.msg);
}

static bool
ask_where_it_leads(struct probe_look *p, struct err *e)
{
	struct probe_kind_state *s = p->state;
	struct http_opts o = {.method = "GET",
		.url = s->url.text,
		.ca = probe_arg(p, "ca"),
		.cert = probe_arg(p, "cert"),
		.key = probe_arg(p, "key"),
		.timeout_ms = p->probe->timeout_ms,
		.limit = 64 * 1024};

	http_call_free(s->call);
	s->call = NULL;
	if (!netlook_through(p, &o.through, e))
		return false;
	s->call = http_start(p->env.http, &o, redirected, p, e);
	return s->call != NULL;
}

static void
shown(void *ctx, const struct sock_cert *c)
{
	struct probe_look *p = ctx;
	struct facts f = {0};
	struct err e = ERR_INIT;

	p->state->shown = true;
	if (!c) {
		netlook_fails(&p->state->net, VERDICT_FAIL, "no certificate was shown");
		return;
	}
	facts_add_number(&f, EXPECT_DAYS_LEFT, c->days_left * MS_PER_DAY);
	facts_add_text(&f, EXPECT_ISSUER, NULL, c->issuer.buf, c->issuer.len);
	facts_add_text(&f, EXPECT_NAMES, NULL, c->names.buf, c->names.len);
	facts_add_text(&f, EXPECT_PROTOCOL, NULL, c->protocol, strlen(c->protocol));
	facts_add_text(&f, EXPECT_CHAIN, NULL, c->chain, strlen(c->chain));
	keep_worst(p, &f);
	if (!p->state->url.scheme)
		tell(p);
	else if (!ask_where_it_leads(p, &e))
		netlook_fails(&p->state->net, VERDICT_UNKNOWN, e.msg);
}

static void
no_data(void *ctx, const char *bytes, size_t len)
{
	(void)ctx, (void)bytes, (void)len;
}

static void
ended(void *ctx, const char *why)
{
	struct probe_look *p = ctx;
	char text[320];

	if (p->state->shown)
		return;
	snprintf(text, sizeof text, "%.120s:%d: %s", p->state->net.host,
		p->state->net.port, *why ? why : "closed before a certificate was shown");
	netlook_fails(&p->state->net, VERDICT_FAIL, text);
}

static void
reached(void *ctx, const struct reach_end *end)
{
	struct probe_look *p = ctx;
	struct probe_kind_state *s = p->state;
	const char *name = probe_arg(p, "name");
	struct sock_opts o = {.loop = p->env.loop,
		.fd = end->fd,
		.mode = SOCK_TLS_LOOK,
		.name = name && s->hops <= 1 ? name : s->net.host,
		.ca = probe_arg(p, "ca"),
		.cert = probe_arg(p, "cert"),
		.key = probe_arg(p, "key")};
	struct sock_calls calls = {
		.on_ready = shown, .on_data = no_data, .on_end = ended, .ctx = p};
	struct err e = ERR_INIT;

	if (end->state != REACH_OPEN) {
		netlook_fails(&s->net,
			end->state == REACH_UNKNOWN ? VERDICT_UNKNOWN : VERDICT_FAIL,
			end->why);
		return;
	}
	sock_free(s->sock);
	s->sock = sock_new(&o, &calls, &e);
	if (!s->sock)
		netlook_fails(&s->net, VERDICT_UNKNOWN, e.msg);
}

/* Of the URL: its certificate, or for a plain one only where it leads. */
static bool
next_hop(struct probe_look *p, struct err *e)
{
	struct probe_kind_state *s = p->state;

	s->hops++;
	s->shown = false;
	if (strcmp(s->url.scheme, "https") != 0)
		return ask_where_it_leads(p, e);
	mem_free(s->net.host);
	s->net.host = mem_strdup(s->url.host);
	s->net.port = s->url.port;
	return netlook_reach(&s->net, reached, p, e);
}

static bool
tls_begin(struct probe_look *p, struct err *e)
{
	struct str where = STR_INIT;
	struct probe_kind_state *s = p->state = mem_alloc(sizeof *s);
	bool ok = probe_expand(p, p->probe->subject, SUBST_TEXT, &where, e);

	netlook_init(&s->net, p);
	if (ok &&
		(str_starts(where.buf, "https://") || str_starts(where.buf, "http://"))) {
		ok = url_read(&s->url, where.buf, e) && next_hop(p, e);
	} else {
		ok = ok && reach_split(where.buf, &s->net.host, &s->net.port, e) &&
			netlook_reach(&s->net, reached, p, e);
	}
	str_release(&where);
	return ok;
}

static void
tls_drop(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;

	if (!s)
		return;
	sock_free(s->sock);
	http_call_free(s->call);
	netlook_release(&s->net);
	url_release(&s->url);
	facts_release(&s->worst);
	mem_free(s->where);
	mem_free(s);
}

const struct probe_way probe_way_tls = {
	.start = tls_begin,
	.free = tls_drop,
};
