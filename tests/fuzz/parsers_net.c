#include "fuzz/parsers.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/talk.h"
#include "base/text.h"
#include "base/wire.h"
#include "live/boxread.h"
#include "remote/hr1.h"
#include "remote/httpwire.h"
#include "remote/knownhost.h"
#include "remote/sshconf.h"

/* What comes over a connection. */

void
parsers_read_wire(const char *p, size_t len, struct str *out)
{
	struct wire_reader r;
	struct wire_frame f;
	struct err e = ERR_INIT;
	int got, frames = 0;

	wire_reader_init(&r);
	wire_feed(&r, p, len);
	while ((got = wire_next(&r, &f, &e)) == 1) {
		struct wire_cursor c = {f.payload, f.len, false};

		str_addf(out, "%s%s/%u:%zu", frames++ ? " " : "", wire_name(f.type),
			(unsigned)f.channel, f.len);
		wire_get_u32(&c);
		mem_free(wire_get_text(&c));
		wire_get_bytes(&c, &(size_t){0});
	}
	if (got < 0)
		str_addf(out, "%sbroken", frames ? " " : "");
	else if (!frames)
		str_adds(out, "nothing yet");
	wire_reader_release(&r);
}

/* Whatever the bytes are, every payload is read as each of the things it may be. */
static void
read_payload(const struct talk_frame *f, enum talk_side side)
{
	struct talk_hello hello;
	struct talk_file file = {0};
	struct talk_output output;
	struct talk_sign sign;
	struct talk_card card;
	char *step, *text;

	if (talk_read_hello(f, side, &hello))
		talk_hello_release(&hello);
	mem_free(talk_read_text(f));
	if (talk_read_note(f, &step, &text)) {
		mem_free(step);
		mem_free(text);
	}
	if (talk_read_sign(f, &sign))
		talk_sign_release(&sign);
	if (talk_read_file(f, &file))
		talk_file_release(&file);
	if (talk_read_card(f, &card))
		talk_card_release(&card);
	if (talk_read_output(f, &output) && output.len > f->len)
		abort();
}

static void
read_talk_as(const char *p, size_t len, enum talk_side side, struct str *out)
{
	struct talk_reader r;
	struct talk_frame f;
	struct err e = ERR_INIT;
	int got, frames = 0;

	talk_reader_init(&r, side);
	talk_feed(&r, p, len);
	while ((got = talk_next(&r, &f, &e)) == 1) {
		str_addf(out, "%s%s:%zu", frames++ ? " " : "", talk_name(f.type), f.len);
		read_payload(&f, side);
	}
	if (got < 0)
		str_addf(out, "%sbroken", frames ? " " : "");
	else if (!frames)
		str_adds(out, "nothing yet");
	talk_reader_release(&r);
}

void
parsers_read_talk(const char *p, size_t len, struct str *out)
{
	str_adds(out, "driver ");
	read_talk_as(p, len, TALK_DRIVER, out);
	str_adds(out, ", onlooker ");
	read_talk_as(p, len, TALK_ONLOOKER, out);
}

void
parsers_read_hr1(const char *p, size_t len, struct str *out)
{
	struct hr1_request q;
	struct hr1_reply r;
	struct hr1_trailer t;
	const char *data;
	size_t n, bytes = 0;

	hr1_init(&q);
	memset(q.token, 'a', HR1_TOKEN_LEN);
	hr1_reply_init(&r, &q);
	for (size_t at = 0, piece = 1; at < len;
		at += piece, piece = piece * 5 % 97 + 1) {
		if (piece > len - at)
			piece = len - at;
		hr1_reply_feed(&r, p + at, piece, &data, &n);
		bytes += n;
	}
	if (r.seen)
		str_addf(out, "%s [%s] size=%lld pid=%lld data=%zu", r.state, r.arg,
			(long long)r.size, (long long)r.pid, bytes);
	else if (hr1_trailer_find(q.token, p, len, &t))
		str_addf(out, "trailer body=%zu exit=%d", t.body, t.exited ? t.exit : -1);
	else
		str_adds(out, "nothing");
	hr1_reply_release(&r);
	hr1_release(&q);
}

void
parsers_read_ssh(const char *p, size_t len, struct str *out)
{
	struct sshconf c;
	struct err e = ERR_INIT;
	char *address;

	if (sshconf_parse(&c, "alias", p, len, &e)) {
		address = sshconf_address(&c);
		text_harmless(out, address, strlen(address), TEXT_ONE_LINE);
		str_addf(out, " keys=%zu known=%zu jump=%d", c.identityfiles.list.len,
			c.known_files.list.len, c.proxyjump || c.proxycommand);
		mem_free(address);
		sshconf_release(&c);
	} else {
		str_addf(out, "refused: %s", e.msg);
	}
}

void
parsers_read_known_hosts(const char *p, size_t len, struct str *out)
{
	struct knownhosts k = {.name = mem_strdup("host")};
	int revoked = 0, ca = 0;
	struct str types = STR_INIT;

	knownhost_parse(&k, "known_hosts", p, len);
	for (size_t i = 0; i < k.list.len; i++) {
		const struct knownhost *h = &k.list.at[i];

		revoked += h->marker == KNOWNHOST_REVOKED;
		ca += h->marker == KNOWNHOST_CA;
		/* what was revoked is revoked, whatever else is said of it */
		if (h->marker == KNOWNHOST_REVOKED &&
			knownhost_check(&k, h->blob.buf, h->blob.len) !=
				KNOWNHOST_IS_REVOKED)
			abort();
	}
	knownhost_types(&k, &types);
	str_addf(out, "%zu keys, %d revoked, %d authorities, types %s", k.list.len,
		revoked, ca, types.len ? types.buf : "none");
	str_release(&types);
	knownhost_release(&k);
}

/* ---- containers ---- */

static void
add_bytes(void *ctx, const char *p, size_t len)
{
	str_add(ctx, p, len);
}

/* All answers on one connection, in pieces of at most this many bytes. */
static void
hear_http(const char *p, size_t len, size_t piece, struct str *out)
{
	struct httpwire w;
	struct str body = STR_INIT;
	struct err e = ERR_INIT;

	httpwire_init(&w);
	for (size_t at = 0; at < len && w.state != HTTPWIRE_BAD;) {
		size_t n = len - at < piece ? len - at : piece;
		size_t used = httpwire_feed(&w, p + at, n, add_bytes, &body, &e);

		if (used > n || (used == 0 && w.state != HTTPWIRE_BAD))
			abort(); /* it would never come to an end */
		at += used;
		if (w.state == HTTPWIRE_DONE) {
			str_addf(out, "%d:%zu ", w.status, body.len);
			str_reset(&body);
			httpwire_next(&w);
		}
	}
	if (w.state == HTTPWIRE_BAD)
		str_adds(out, e.msg);
	else if (httpwire_end(&w))
		str_addf(out, "%d:%zu to the end", w.status, body.len);
	else if (w.state != HTTPWIRE_HEAD || w.line.len)
		str_addf(out, "cut after %d:%zu", w.status, body.len);
	else
		str_adds(out, "end");
	str_release(&body);
	httpwire_release(&w);
}

/* However the bytes come, they are the same answers. */
void
parsers_read_httpwire(const char *p, size_t len, struct str *out)
{
	struct str whole = STR_INIT;

	hear_http(p, len, len, &whole);
	for (size_t piece = 1; piece < 20; piece = piece * 2 + 1) {
		struct str parts = STR_INIT;

		hear_http(p, len, piece, &parts);
		if (strcmp(whole.buf, parts.buf) != 0)
			abort();
		str_release(&parts);
	}
	text_harmless(out, whole.buf, whole.len < 160 ? whole.len : 160, TEXT_ONE_LINE);
	str_release(&whole);
}

static void
must_show(const char *text)
{
	struct str s = STR_INIT;

	str_adds(&s, text ? text : "");
	parsers_harmless(&s);
	if (strchr(s.buf, '\n'))
		abort();
	str_release(&s);
}

static void
must_be_box(const struct box *b)
{
	const char *const texts[] = {b->name, b->image, b->digest, b->project, b->service,
		b->policy, b->log_driver, b->log_size, b->error, b->check};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		must_show(texts[i]);
	for (size_t i = 0; i < b->env.list.len; i++) {
		must_show(b->env.list.at[i]);
		if (strchr(b->env.list.at[i], '=')) /* a value never comes */
			abort();
	}
	for (size_t i = 0; i < b->ports.list.len; i++)
		must_show(b->ports.list.at[i].at);
	for (size_t i = 0; i < b->mounts.list.len; i++)
		must_show(b->mounts.list.at[i].from);
	if (b->started.ms < 0 || b->restarts < 0 || b->memory_limit_bytes < 0)
		abort();
}

static void
say_boxes(struct boxread_look *l, const char *what, struct str *out)
{
	for (size_t i = 0; i < l->boxes.list.len; i++)
		must_be_box(&l->boxes.list.at[i]);
	must_show(l->cannot);
	must_show(l->engine);
	must_show(l->version);
	str_addf(out, "%s %zu boxes %zu uses %zu services", what, l->boxes.list.len,
		l->uses.list.len, l->services.list.len);
	if (*l->cannot)
		str_addf(out, ", cannot: %s", l->cannot);
	boxread_release(l);
}

/* The answer of the script, the engine's list, or lines of its events: whichever it is. */
void
parsers_read_boxread(const char *p, size_t len, struct str *out)
{
	struct boxread_look l;
	struct boxread_event ev;
	struct err e = ERR_INIT;
	int events = 0, count = 0;

	if (boxread_answer(p, len, &l, &e)) {
		say_boxes(&l, "answer:", out);
		return;
	}
	text_harmless(out, e.msg, strlen(e.msg), TEXT_ONE_LINE);
	str_adds(out, "; ");
	if (boxread_list(p, len, &l, &e)) {
		say_boxes(&l, "list:", out);
		return;
	}
	for (const char *at = p, *end = p + len, *lf; at < end; at = lf + 1) {
		lf = memchr(at, '\n', (size_t)(end - at));
		lf = lf ? lf : end;
		if (!boxread_event(at, (size_t)(lf - at), &ev, &e))
			continue;
		must_show(ev.name);
		must_show(ev.what);
		events++;
		count += ev.counts;
	}
	str_addf(out, "%d events, %d of containers", events, count);
}
