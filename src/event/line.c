#include "event/line.h"

#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "event/canon.h"

static bool
wrong_at(struct canon *c, const char *at, const char *why)
{
	c->at = at;
	c->wrong = why;
	return false;
}

/* A backslash before \u0000 makes six plain letters of it, so this looks twice. */
static bool
names_nul(const char *s, size_t len)
{
	char *text;
	bool nul;

	if (!memchr(s, '\\', len) || !memmem(s, len, "\\u0000", 6))
		return false;
	text = canon_unescape(s, len);
	nul = !text;
	mem_free(text);
	return nul;
}

static bool
take_text(struct canon *c, const char *key, struct line_text *out)
{
	const char *at;

	if (!canon_literal(c, key))
		return false;
	at = c->at;
	if (!canon_string(c, &out->at, &out->len))
		return false;
	return !names_nul(out->at, out->len) || wrong_at(c, at, "a NUL in a name");
}

/* A string of an exact length without escapes. */
static bool
take_word(struct canon *c, const char *key, const char **out, size_t want)
{
	const char *at;
	size_t len;

	if (!canon_literal(c, key))
		return false;
	at = c->at;
	if (!canon_string(c, out, &len))
		return false;
	if (len != want || memchr(*out, '\\', len))
		return wrong_at(c, at, "a word of the wrong length");
	return true;
}

static bool
take_count(struct canon *c, const char *key, int64_t *out)
{
	const char *at;

	if (!canon_literal(c, key))
		return false;
	at = c->at;
	if (!canon_int(c, out))
		return false;
	return *out >= 0 || wrong_at(c, at, "a negative count");
}

static bool
take_time(struct canon *c, struct wall *out)
{
	enum { LEN = sizeof "2026-11-20T15:00:01.234Z" - 1 };
	char stamp[LEN + 1];
	const char *at = c->at, *text;

	if (!take_word(c, ",\"t\":", &text, LEN))
		return false;
	memcpy(stamp, text, LEN);
	stamp[LEN] = '\0';
	/* Of this length there is one spelling of each time. */
	return stamp_parse(stamp, out) ||
		wrong_at(c, at, "not a time in UTC with milliseconds");
}

static bool
take_run(struct canon *c, const char **run)
{
	char id[ULID_LEN + 1];
	const char *at = c->at;

	if (!take_word(c, ",\"run\":", run, ULID_LEN))
		return false;
	memcpy(id, *run, ULID_LEN);
	id[ULID_LEN] = '\0';
	return ulid_valid(id) || wrong_at(c, at, "not the id of a run");
}

static bool
take_origin(struct canon *c, struct line *l)
{
	const char *at = c->at;

	if (c->end - at > 6 && memcmp(at, "{\"v\":", 5) == 0 &&
		memcmp(at + 5, "1,", 2) != 0)
		return wrong_at(c, at + 5, "a record of another version");
	/* mono may step back below zero after a resume on another boot */
	return canon_literal(c, "{\"v\":1") && take_run(c, &l->run) &&
		take_count(c, ",\"seq\":", &l->seq) &&
		take_count(c, ",\"epoch\":", &l->epoch) && take_time(c, &l->t) &&
		canon_literal(c, ",\"mono\":") && canon_int(c, &l->mono) &&
		take_text(c, ",\"con\":", &l->con) && take_text(c, ",\"who\":", &l->who);
}

bool
line_type_word(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool dot = s[i] == '.';

		if (dot && (i == 0 || i + 1 == len || s[i - 1] == '.'))
			return false;
		if (!dot && !(s[i] >= 'a' && s[i] <= 'z') && s[i] != '_')
			return false;
	}
	return len > 0;
}

static bool
next_is(const struct canon *c, const char *text, size_t len)
{
	return (size_t)(c->end - c->at) >= len && memcmp(c->at, text, len) == 0;
}

static bool
take_what(struct canon *c, struct line *l)
{
	static const char null[] = ",\"step\":null", more[] = ",\"more\":";
	const char *at = c->at;

	if (!take_text(c, ",\"type\":", &l->type))
		return false;
	if (!line_type_word(l->type.at, l->type.len))
		return wrong_at(c, at, "not the name of a type");
	if (next_is(c, null, sizeof null - 1))
		c->at += sizeof null - 1;
	else if (!take_text(c, ",\"step\":", &l->step))
		return false;
	if (next_is(c, more, sizeof more - 1)) {
		c->at += sizeof more - 1;
		if (!canon_literal(c, "true"))
			return false;
		l->more = true;
	}
	return true;
}

static bool
take_rest(struct canon *c, struct line *l)
{
	const char *at;

	if (!canon_literal(c, ",\"data\":"))
		return false;
	l->data.at = c->at;
	if (!canon_object(c))
		return false;
	l->data.len = (size_t)(c->at - l->data.at);
	at = c->at;
	if (!take_word(c, ",\"prev\":", &l->prev, DIGEST_HEX))
		return false;
	if (strspn(l->prev, "0123456789abcdef") < DIGEST_HEX)
		return wrong_at(c, at, "not a hash in lower-case hex");
	if (!canon_literal(c, "}"))
		return false;
	return c->at == c->end || wrong_at(c, c->at, "bytes after the record");
}

bool
line_scan(const char *bytes, size_t len, struct line *out, struct err *e)
{
	struct canon c = {.at = bytes, .end = bytes + len};

	if (len >= EVENT_LINE_MAX)
		return err_set(
			e, ERR_RECORD, "a record longer than %d bytes", EVENT_LINE_MAX);
	memset(out, 0, sizeof *out);
	if (!take_origin(&c, out) || !take_what(&c, out) || !take_rest(&c, out))
		return err_set(
			e, ERR_RECORD, "byte %zu: %s", (size_t)(c.at - bytes), c.wrong);
	if (c.high && !text_valid_utf8(bytes, len))
		return err_set(e, ERR_RECORD, "a record that is not valid UTF-8");
	return true;
}

struct event *
line_event(const struct line *l)
{
	struct event *ev = mem_alloc(sizeof *ev);

	memcpy(ev->run, l->run, ULID_LEN);
	ev->seq = l->seq;
	ev->epoch = l->epoch;
	ev->t = l->t;
	ev->mono = l->mono;
	ev->con = canon_unescape(l->con.at, l->con.len);
	ev->who = canon_unescape(l->who.at, l->who.len);
	ev->type_name = mem_strndup(l->type.at, l->type.len);
	ev->type = event_find(ev->type_name);
	ev->step = l->step.at ? canon_unescape(l->step.at, l->step.len) : NULL;
	ev->more = l->more;
	ev->data = mem_strndup(l->data.at, l->data.len);
	memcpy(ev->prev, l->prev, DIGEST_HEX);
	return ev;
}

bool
line_is(const struct line *l, enum event_type type)
{
	const char *name = event_name(type);

	return strlen(name) == l->type.len && memcmp(name, l->type.at, l->type.len) == 0;
}
