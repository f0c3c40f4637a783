#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "probe/weblook.h"
#include "remote/url.h"

/*
 * Several requests quickly, as a rate limit sees them: count is how many were answered with
 * the status that counts (429 unless `counts` names another), value which one was the first
 * of them (0: none), status that of the last, header those of the first that counted, time
 * the slowest. Only on servers that the environment names (bursts:): a burst is load.
 */

enum { TIMES = 20, TIMES_MAX = 1000, AT_ONCE_MAX = 8, TOO_MANY_REQUESTS = 429 };

struct shot {
	struct probe_look *probe;
	struct http_call *call;
	int number; /* of the request, from 1 */
};

struct probe_kind_state {
	struct netlook net; /* the deadline over all */
	struct shot shots[AT_ONCE_MAX];
	struct facts facts; /* header of the first that counted */
	int times, at_once, counts, started, ended;
	int hits, first_hit, last, last_status;
	int64_t slowest_ms;
	bool told;
};

static bool
same_server(const char *allowed, const struct url *u)
{
	struct url a = {0};
	struct err ignored = ERR_INIT;
	bool same = url_read(&a, allowed, &ignored) && strcmp(a.scheme, u->scheme) == 0 &&
		strcasecmp(a.host, u->host) == 0 && a.port == u->port;

	url_release(&a);
	return same;
}

static bool
is_allowed(const struct probe_look *p, struct err *e)
{
	const struct strings *list = &p->env.runbook->bursts;
	struct str text = STR_INIT;
	struct url u = {0};
	bool ok = probe_expand(p, p->probe->subject, SUBST_URL, &text, e) &&
		url_read(&u, text.buf, e);
	bool allowed = false;

	for (size_t i = 0; ok && i < list->list.len; i++)
		allowed = allowed || same_server(list->list.at[i], &u);
	if (ok && !allowed)
		ok = err_set(e, ERR_REFUSED,
			"%s: a burst is load, and no environment allows it on %.100s (bursts: in handrail.yaml)",
			p->probe->name, u.host);
	url_release(&u);
	str_release(&text);
	return ok;
}

static void
tell(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;
	struct probe_found f = {.facts = &s->facts, .took_ms = netlook_took_ms(&s->net)};
	const char *within = probe_arg(p, "within");
	int64_t limit_ms;

	s->told = true;
	if (within && stamp_parse_duration(within, &limit_ms) && f.took_ms > limit_ms) {
		netlook_fails(&s->net, VERDICT_UNKNOWN,
			"the burst took longer than `within`: a limit counts less then");
		return;
	}
	if (s->hits == 0)
		facts_add_text(&s->facts, EXPECT_HEADER, NULL, "", 0);
	facts_add_number(&s->facts, EXPECT_COUNT, s->hits);
	facts_add_number(&s->facts, EXPECT_VALUE, s->first_hit);
	facts_add_number(&s->facts, EXPECT_STATUS, s->last_status);
	facts_add_number(&s->facts, EXPECT_TIME, (double)s->slowest_ms);
	probe_found(p, &f); /* may free p */
}

static void
count_hit(struct probe_kind_state *s, int number, const struct http_end *end)
{
	s->hits++;
	if (s->first_hit && number > s->first_hit)
		return;
	s->first_hit = number;
	facts_release(&s->facts);
	for (size_t i = 0; i < end->headers.list.len; i++) {
		const struct pair *h = &end->headers.list.at[i];

		facts_add_text(
			&s->facts, EXPECT_HEADER, h->key, h->value, strlen(h->value));
	}
}

static bool shoot(struct shot *shot, struct err *e);

static void
answered(void *ctx, const struct http_end *end)
{
	struct shot *shot = ctx;
	struct probe_look *p = shot->probe;
	struct probe_kind_state *s = p->state;
	struct err e = ERR_INIT;

	if (s->told)
		return;
	if (!end->answered) {
		s->told = true;
		netlook_fails(
			&s->net, end->unsure ? VERDICT_UNKNOWN : VERDICT_FAIL, end->why);
		return;
	}
	s->ended++;
	if (end->took_ms > s->slowest_ms)
		s->slowest_ms = end->took_ms;
	if (end->status == s->counts)
		count_hit(s, shot->number, end);
	if (shot->number > s->last) {
		s->last = shot->number;
		s->last_status = end->status;
	}
	if (s->ended == s->times)
		tell(p);
	else if (s->started < s->times && !shoot(shot, &e)) {
		s->told = true;
		netlook_fails(&s->net, VERDICT_UNKNOWN, e.msg);
	}
}

static bool
shoot(struct shot *shot, struct err *e)
{
	struct probe_look *p = shot->probe;
	struct weblook_spec spec = {.method = probe_arg(p, "method"),
		.url = p->probe->subject,
		.body = probe_arg(p, "body")};

	http_call_free(shot->call);
	shot->number = ++p->state->started;
	shot->call = weblook_start(p, &spec, answered, shot, e);
	return shot->call != NULL;
}

static int
number_arg(const struct probe_look *p, const char *name, int otherwise)
{
	const char *text = probe_arg(p, name);

	return text ? (int)strtol(text, NULL, 10) : otherwise;
}

static bool
burst_begin(struct probe_look *p, struct err *e)
{
	struct probe_kind_state *s = p->state = mem_alloc(sizeof *s);
	bool ok = true;

	netlook_init(&s->net, p);
	s->times = number_arg(p, "times", TIMES);
	s->at_once = number_arg(p, "at_once", 1);
	s->counts = number_arg(p, "counts", TOO_MANY_REQUESTS);
	if (!is_allowed(p, e))
		return false;
	if (s->times > TIMES_MAX || s->at_once > AT_ONCE_MAX)
		return err_set(e, ERR_INPUT, "%s: at most %d requests, %d at once",
			p->probe->name, (int)TIMES_MAX, (int)AT_ONCE_MAX);
	for (int i = 0; i < s->at_once && i < s->times && ok; i++) {
		s->shots[i].probe = p;
		ok = shoot(&s->shots[i], e);
	}
	return ok;
}

static void
burst_drop(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;

	if (!s)
		return;
	for (int i = 0; i < AT_ONCE_MAX; i++)
		http_call_free(s->shots[i].call);
	netlook_release(&s->net);
	facts_release(&s->facts);
	mem_free(s);
}

const struct probe_way probe_way_burst = {
	.start = burst_begin,
	.free = burst_drop,
};
