#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "probe/netlook.h"
#include "remote/dns.h"
#include "remote/dnswire.h"
#include "remote/sock.h"

/*
 * What a name server says of a name: names are the records, one a line; count how many; value
 * the first. Through a host the question goes over TCP to the named server.
 */

enum { RCODE_OK = 0, RCODE_NO_NAME = 3, DNS_PORT = 53 };

struct probe_kind_state {
	struct netlook net;
	struct dns *dns;
	struct sock *sock;
	struct str name, in;
	int type;
};

static void
release_strings(struct strings *s)
{
	for (size_t i = 0; i < s->list.len; i++)
		mem_free(s->list.at[i]);
	vec_free(&s->list);
}

static void
found(struct probe_look *p, const struct strings *records)
{
	struct facts facts = {0};
	struct str all = STR_INIT;
	char nothing[160];
	struct probe_found f = {
		.facts = &facts, .took_ms = netlook_took_ms(&p->state->net)};

	for (size_t i = 0; i < records->list.len; i++)
		str_addf(&all, "%s%s", i ? "\n" : "", records->list.at[i]);
	facts_add_number(&facts, EXPECT_COUNT, (double)records->list.len);
	facts_add_text(&facts, EXPECT_NAMES, NULL, all.buf, all.len);
	facts_add_text(&facts, EXPECT_VALUE, NULL, all.buf, strcspn(all.buf, "\n"));
	facts_add_number(&facts, EXPECT_TIME, (double)f.took_ms);
	if (records->list.len == 0) {
		snprintf(nothing, sizeof nothing, "there is no such record of %.100s",
			p->state->name.buf);
		f.nothing = nothing;
	}
	probe_found(p, &f); /* may free p */
	facts_release(&facts);
	str_release(&all);
}

static void
read_answer(struct probe_look *p, const unsigned char *answer, size_t len)
{
	struct probe_kind_state *s = p->state;
	struct strings records = {0};
	struct err e = ERR_INIT;
	char why[200];
	int rcode = -1;

	if (!dnswire_read(answer, len, s->type, &records, &rcode, &e)) {
		netlook_fails(&s->net, VERDICT_UNKNOWN, e.msg);
	} else if (rcode != RCODE_OK && rcode != RCODE_NO_NAME) {
		snprintf(why, sizeof why, "%.100s: the name server refuses (code %d)",
			s->name.buf, rcode);
		netlook_fails(&s->net, VERDICT_FAIL, why);
	} else {
		found(p, &records);
	}
	release_strings(&records);
}

static void
answered(void *ctx, const unsigned char *answer, size_t len, const char *words)
{
	struct probe_look *p = ctx;
	char why[300];

	if (answer) {
		read_answer(p, answer, len);
		return;
	}
	snprintf(why, sizeof why, "%.150s: %.100s", p->state->name.buf, words);
	netlook_fails(&p->state->net, VERDICT_FAIL, why);
}

/* ---- through a host ---- */

static void
ready(void *ctx, const struct sock_cert *cert)
{
	struct probe_look *p = ctx;
	struct str out = STR_INIT;
	struct err e = ERR_INIT;

	(void)cert;
	if (dns_question(p->state->name.buf, p->state->type, &out, &e))
		sock_write(p->state->sock, out.buf, out.len);
	else
		netlook_fails(&p->state->net, VERDICT_UNKNOWN, e.msg);
	str_release(&out);
}

static void
came(void *ctx, const char *bytes, size_t len)
{
	struct probe_look *p = ctx;
	struct str *in = &p->state->in;
	const unsigned char *b;
	size_t want;

	str_add(in, bytes, len);
	b = (const unsigned char *)in->buf;
	if (in->len < 2)
		return;
	want = (size_t)b[0] << 8 | b[1];
	if (in->len >= want + 2)
		read_answer(p, b + 2, want);
}

static void
ended(void *ctx, const char *why)
{
	struct probe_look *p = ctx;

	netlook_fails(&p->state->net, VERDICT_FAIL,
		*why ? why : "the name server hung up without an answer");
}

static void
reached(void *ctx, const struct reach_end *end)
{
	struct probe_look *p = ctx;
	struct sock_opts o = {.loop = p->env.loop, .fd = end->fd, .mode = SOCK_PLAIN};
	struct sock_calls calls = {
		.on_ready = ready, .on_data = came, .on_end = ended, .ctx = p};
	struct err e = ERR_INIT;

	if (end->state != REACH_OPEN) {
		netlook_fails(&p->state->net,
			end->state == REACH_UNKNOWN ? VERDICT_UNKNOWN : VERDICT_FAIL,
			end->why);
		return;
	}
	p->state->sock = sock_new(&o, &calls, &e);
	if (!p->state->sock)
		netlook_fails(&p->state->net, VERDICT_UNKNOWN, e.msg);
}

static bool
begin_through(struct probe_look *p, const char *server, struct err *e)
{
	struct netlook *n = &p->state->net;
	struct err ignored = ERR_INIT;

	if (!server)
		return err_set(e, ERR_INPUT, "through: wants the name server (server:)");
	if (!reach_split(server, &n->host, &n->port, &ignored)) {
		n->host = mem_strdup(server);
		n->port = DNS_PORT;
	}
	return netlook_reach(n, reached, p, e);
}

static bool
dns_begin(struct probe_look *p, struct err *e)
{
	const char *record = probe_arg(p, "record");
	const char *server = probe_arg(p, "server");
	struct probe_kind_state *s = p->state = mem_alloc(sizeof *s);

	netlook_init(&s->net, p);
	s->name = s->in = STR_INIT;
	s->type = dnswire_type(record ? record : "A");
	if (!probe_expand(p, p->probe->subject, SUBST_TEXT, &s->name, e))
		return false;
	if (p->probe->through != NONE)
		return begin_through(p, server, e);
	s->net.host = mem_strdup(server ? server : "the name server");
	s->dns = dns_start(p->env.loop, s->name.buf, s->type, server, answered, p, e);
	return s->dns != NULL;
}

static void
dns_drop(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;

	if (!s)
		return;
	dns_free(s->dns);
	sock_free(s->sock);
	netlook_release(&s->net);
	str_release(&s->name);
	str_release(&s->in);
	mem_free(s);
}

const struct probe_way probe_way_dns = {
	.start = dns_begin,
	.free = dns_drop,
};
