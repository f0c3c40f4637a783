#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/text.h"
#include "probe/netlook.h"
#include "probe/words.h"
#include "remote/redisline.h"
#include "remote/sock.h"
#include "remote/url.h"

/*
 * A reading command to a Redis server: logs in as the user of the URL, chooses its database,
 * asks. reply is the answer as text, field its members (INFO, CONFIG GET, HGETALL).
 */

enum asked { ASKED_AUTH, ASKED_SELECT, ASKED_COMMAND };

struct probe_kind_state {
	struct netlook net;
	struct sock *sock;
	struct redisline *line;
	struct url url;
	struct strings words;
	enum asked asked;
};

/* Commands that read and say something about a server or a key. Two words where the second
 * decides. What is not here may change something, or may answer without end. */
static const char *const reading[] = {"ping", "info", "dbsize", "lastsave", "time",
	"role", "echo", "get", "mget", "strlen", "getrange", "exists", "type", "ttl",
	"pttl", "llen", "lindex", "lrange", "scard", "sismember", "hlen", "hget", "hmget",
	"hgetall", "hexists", "zcard", "zcount", "zscore", "zrange", "xlen",
	"xinfo stream", "xinfo groups", "xpending", "pfcount", "bitcount", "config get",
	"memory usage", "memory stats", "memory doctor", "client list", "client id",
	"slowlog len", "slowlog get", "latency latest", "latency doctor", "acl whoami",
	"acl list", "acl users", "object encoding", "object idletime", "cluster info",
	"cluster nodes", "pubsub numsub", "pubsub channels", "command count", NULL};

static bool
only_reads(const struct strings *w)
{
	char both[64];

	if (w->list.len == 0)
		return false;
	snprintf(both, sizeof both, "%s %s", w->list.at[0],
		w->list.len > 1 ? w->list.at[1] : "");
	for (int i = 0; reading[i]; i++) {
		bool two = strchr(reading[i], ' ') != NULL;

		if (strcasecmp(reading[i], two ? both : w->list.at[0]) == 0)
			return true;
	}
	return false;
}

/* ---- the answer ---- */

/* "name:value" lines, as INFO gives them. */
static void
add_lines(struct facts *f, const char *text)
{
	for (const char *at = text; *at;) {
		size_t len = strcspn(at, "\r\n");
		const char *colon = memchr(at, ':', len);

		if (colon && *at != '#') {
			char *key = mem_strndup(at, (size_t)(colon - at));

			facts_add_text(f, EXPECT_FIELD, key, colon + 1,
				len - (size_t)(colon + 1 - at));
			mem_free(key);
		}
		at += len;
		at += strspn(at, "\r\n");
	}
}

/* Of a reply, without what is to stay hidden. */
static void
add_clean(const struct probe_look *p, const struct redisline_reply *r, struct str *out)
{
	struct str raw = STR_INIT;

	redisline_text(r, &raw);
	if (p->env.redact)
		redact_text(p->env.redact, raw.buf, raw.len, out);
	else
		str_add(out, raw.buf, raw.len);
	str_release(&raw);
}

static void
add_reply(const struct probe_look *p, struct facts *f, const struct redisline_reply *r,
	struct str *text)
{
	add_clean(p, r, text);
	facts_add_answer(f, EXPECT_REPLY, text->buf, text->len, FACTS_WHOLE);
	if (redisline_count(r) > 0) {
		for (size_t i = 0; i + 1 < redisline_count(r); i += 2) {
			struct str key = STR_INIT, value = STR_INIT;

			redisline_text(redisline_at(r, i), &key);
			add_clean(p, redisline_at(r, i + 1), &value);
			if (strlen(key.buf) == key.len)
				facts_add_text(
					f, EXPECT_FIELD, key.buf, value.buf, value.len);
			str_release(&key);
			str_release(&value);
		}
	} else {
		add_lines(f, text->buf);
	}
	/* That there is no such member is known. */
	if (!facts_has_field(f, EXPECT_FIELD))
		facts_add_text(f, EXPECT_FIELD, NULL, "", 0);
}

static void
answered(struct probe_look *p, const struct redisline_reply *r)
{
	struct facts facts = {0};
	struct str text = STR_INIT;
	struct probe_found f = {
		.facts = &facts, .took_ms = netlook_took_ms(&p->state->net)};

	add_reply(p, &facts, r, &text);
	facts_add_number(&facts, EXPECT_TIME, (double)f.took_ms);
	probe_found(p, &f); /* may free p */
	facts_release(&facts);
	str_release(&text);
}

/* The server's own words, which are an answer and no good one. */
static void
refused(struct probe_look *p, const struct redisline_reply *r)
{
	struct str words = STR_INIT, safe = STR_INIT;
	char why[320];

	redisline_text(r, &words);
	text_harmless(&safe, words.buf, words.len, TEXT_ONE_LINE);
	snprintf(why, sizeof why, "%.100s:%d says: %s", p->state->net.host,
		p->state->net.port, safe.buf);
	str_release(&words);
	str_release(&safe);
	netlook_fails(&p->state->net, VERDICT_FAIL, why);
}

/* ---- the talk ---- */

static void
ask(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;
	const char *db = s->url.path && *s->url.path == '/' ? s->url.path + 1 : "";
	const char *auth[] = {"AUTH", s->url.user, s->url.password, NULL};
	const char *plain[] = {"AUTH", s->url.password, NULL};
	const char *select[] = {"SELECT", db, NULL};
	struct str out = STR_INIT;

	str_reserve(&out, 4096);
	if (s->asked == ASKED_AUTH && !s->url.password)
		s->asked = ASKED_SELECT;
	if (s->asked == ASKED_SELECT && !*db)
		s->asked = ASKED_COMMAND;
	switch (s->asked) {
	case ASKED_AUTH:
		if (s->url.user && *s->url.user)
			redisline_command(auth, 3, &out);
		else
			redisline_command(plain, 2, &out);
		break;
	case ASKED_SELECT:
		redisline_command(select, 2, &out);
		break;
	case ASKED_COMMAND:
		redisline_command(
			(const char *const *)s->words.list.at, s->words.list.len, &out);
		break;
	}
	sock_write(s->sock, out.buf, out.len);
	mem_wipe(out.buf, out.len);
	str_release(&out);
}

static void
came(void *ctx, const char *bytes, size_t len)
{
	struct probe_look *p = ctx;
	struct probe_kind_state *s = p->state;
	struct redisline_reply *r = NULL;
	struct err e = ERR_INIT;
	char why[320];

	if (!redisline_feed(s->line, bytes, len, &r, &e)) {
		snprintf(why, sizeof why,
			"%.100s:%d does not speak as Redis does: %.150s", s->net.host,
			s->net.port, e.msg);
		netlook_fails(&s->net, VERDICT_UNKNOWN, why);
		return;
	}
	if (!r)
		return;
	if (redisline_is_error(r)) {
		refused(p, r);
	} else if (s->asked == ASKED_COMMAND) {
		answered(p, r);
	} else {
		s->asked = s->asked == ASKED_AUTH ? ASKED_SELECT : ASKED_COMMAND;
		ask(p);
	}
	redisline_reply_free(r);
}

static void
ready(void *ctx, const struct sock_cert *cert)
{
	(void)cert;
	ask(ctx);
}

static void
ended(void *ctx, const char *why)
{
	struct probe_look *p = ctx;
	char text[320];

	snprintf(text, sizeof text, "%.100s:%d: %.180s", p->state->net.host,
		p->state->net.port, *why ? why : "the server hung up");
	netlook_fails(&p->state->net, VERDICT_FAIL, text);
}

static void
reached(void *ctx, const struct reach_end *end)
{
	struct probe_look *p = ctx;
	struct probe_kind_state *s = p->state;
	struct sock_opts o = {.loop = p->env.loop,
		.fd = end->fd,
		.mode = strcmp(s->url.scheme, "rediss") == 0 ? SOCK_TLS : SOCK_PLAIN,
		.name = s->net.host,
		.ca = probe_arg(p, "ca"),
		.cert = probe_arg(p, "cert"),
		.key = probe_arg(p, "key")};
	struct sock_calls calls = {
		.on_ready = ready, .on_data = came, .on_end = ended, .ctx = p};
	struct err e = ERR_INIT;

	if (end->state != REACH_OPEN) {
		netlook_fails(&s->net,
			end->state == REACH_UNKNOWN ? VERDICT_UNKNOWN : VERDICT_FAIL,
			end->why);
		return;
	}
	s->sock = sock_new(&o, &calls, &e);
	if (!s->sock)
		netlook_fails(&s->net, VERDICT_UNKNOWN, e.msg);
}

/* ---- life ---- */

static bool
check(const struct probe_look *p, struct err *e)
{
	const struct probe_kind_state *s = p->state;
	const struct url *u = &s->url;

	if (strncmp(u->scheme, "redis", 5) != 0)
		return err_set(e, ERR_INPUT, "the url is neither redis:// nor rediss://");
	if (!only_reads(&s->words))
		return err_set(e, ERR_INPUT,
			"`%.40s` is not among the reading commands of handrail-runbook(5)",
			p->probe->subject);
	if (u->password && strcmp(u->scheme, "redis") == 0 && p->probe->through == NONE &&
		!reach_is_loopback(u->host))
		return err_set(e, ERR_INPUT,
			"a password would cross the network in the clear: use rediss:// or through:");
	return true;
}

static bool
redis_begin(struct probe_look *p, struct err *e)
{
	struct probe_kind_state *s = p->state = mem_alloc(sizeof *s);
	const char *url = probe_arg(p, "url");
	struct str text = STR_INIT, command = STR_INIT;
	bool ok;

	netlook_init(&s->net, p);
	s->line = redisline_new();
	ok = probe_expand(p, url ? url : "redis://127.0.0.1:6379", SUBST_URL, &text, e) &&
		url_read(&s->url, text.buf, e) &&
		probe_expand(p, p->probe->subject, SUBST_TEXT, &command, e) &&
		words_split(command.buf, &s->words, e) && check(p, e);
	mem_wipe(text.buf, text.len);
	str_release(&text);
	str_release(&command);
	if (!ok)
		return err_ctx(e, "%s", p->probe->name);
	s->net.host = mem_strdup(s->url.host);
	s->net.port = s->url.port;
	return netlook_reach(&s->net, reached, p, e);
}

static void
redis_drop(struct probe_look *p)
{
	struct probe_kind_state *s = p->state;

	if (!s)
		return;
	sock_free(s->sock);
	netlook_release(&s->net);
	redisline_free(s->line);
	url_release(&s->url);
	words_release(&s->words);
	mem_free(s);
}

const struct probe_way probe_way_redis = {
	.start = redis_begin,
	.free = redis_drop,
};
