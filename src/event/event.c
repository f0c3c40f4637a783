#include "event/event.h"

#include <string.h>

#include "base/bug.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "event/canon.h"

static const struct {
	const char *name, *keys, *help;
	bool acting;
} table[EVENT_TYPE_COUNT] = {
#define X(id, type_name, is_acting, data_keys, words) \
	[EVENT_##id] = {.name = type_name, \
		.keys = data_keys, \
		.help = words, \
		.acting = is_acting},
	EVENT_TABLE(X)
#undef X
		/* What a later version means by it is not known: as careful as can be. */
		[EVENT_UNKNOWN] = {.name = "unknown",
			.keys = "",
			.help = "of a later version",
			.acting = true},
};

const char *
event_name(enum event_type type)
{
	return table[type].name;
}

enum event_type
event_find(const char *name)
{
	for (int i = 0; i < EVENT_UNKNOWN; i++)
		if (strcmp(table[i].name, name) == 0)
			return (enum event_type)i;
	return EVENT_UNKNOWN;
}

bool
event_acting(enum event_type type)
{
	return table[type].acting;
}

const char *
event_keys(enum event_type type)
{
	return table[type].keys;
}

const char *
event_help(enum event_type type)
{
	return table[type].help;
}

struct event *
event_new(enum event_type type, const char *step, const char *data)
{
	struct event *ev = mem_alloc(sizeof *ev);

	ev->type = type;
	ev->type_name = mem_strdup(table[type].name);
	ev->step = mem_strdup(step);
	ev->data = mem_strdup(data ? data : "{}");
	return ev;
}

void
event_free(struct event *ev)
{
	if (!ev)
		return;
	mem_free(ev->con);
	mem_free(ev->who);
	mem_free(ev->type_name);
	mem_free(ev->step);
	mem_free(ev->data);
	mem_free(ev);
}

void
events_release(struct events *evs)
{
	for (size_t i = 0; i < evs->list.len; i++)
		event_free(evs->list.at[i]);
	vec_free(&evs->list);
}

void
events_add(struct events *evs, struct event *ev_take)
{
	vec_push(&evs->list, ev_take);
}

static bool
type_spelling(const char *s, size_t len)
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
data_canonical(const char *data, struct err *e)
{
	size_t len = strlen(data);
	struct canon c = {.at = data, .end = data + len};

	if (!text_valid_utf8(data, len))
		return err_set(e, ERR_RECORD, "the data is not valid UTF-8");
	if (!canon_object(&c) || c.at != c.end)
		return err_set(e, ERR_RECORD, "the data is not canonical at byte %zu: %s",
			(size_t)(c.at - data),
			c.wrong ? c.wrong : "more than one object");
	return true;
}

static bool
hex64(const char *s)
{
	size_t n = strspn(s, "0123456789abcdef");

	return n == DIGEST_HEX && s[n] == '\0';
}

bool
event_line(const struct event *ev, struct str *out, struct err *e)
{
	char stamp[STAMP_BYTES];
	struct jsonout j;
	size_t start = out->len;

	BUG_ON(!ev->con || !ev->who || !ev->type_name || !ev->data);
	BUG_ON(!ulid_valid(ev->run) || !hex64(ev->prev) || ev->seq < 0 || ev->epoch < 0);
	if (!type_spelling(ev->type_name, strlen(ev->type_name)))
		return err_set(e, ERR_RECORD, "the type %s is not a word", ev->type_name);
	if (!data_canonical(ev->data, e))
		return err_ctx(e, "%s", ev->type_name);
	jsonout_init(&j, out);
	jsonout_open(&j);
	jsonout_kint(&j, "v", EVENT_V);
	jsonout_kstr(&j, "run", ev->run);
	jsonout_kint(&j, "seq", ev->seq);
	jsonout_kint(&j, "epoch", ev->epoch);
	jsonout_kstr(&j, "t", stamp_wall(ev->t, stamp));
	jsonout_kint(&j, "mono", ev->mono);
	jsonout_kstr(&j, "con", ev->con);
	jsonout_kstr(&j, "who", ev->who);
	jsonout_kstr(&j, "type", ev->type_name);
	jsonout_kstr(&j, "step", ev->step);
	if (ev->more)
		jsonout_kbool(&j, "more", true);
	jsonout_key(&j, "data");
	jsonout_raw(&j, ev->data);
	jsonout_kstr(&j, "prev", ev->prev);
	jsonout_close(&j);
	if (out->len - start < EVENT_LINE_MAX) /* one byte is for the newline */
		return true;
	str_cut(out, start);
	return err_set(e, ERR_LIMIT, "%s is longer than %d bytes", ev->type_name,
		EVENT_LINE_MAX);
}

/* ---- reading ------------------------------------------------------------------------- */

static bool
wrong_at(struct canon *c, const char *at, const char *why)
{
	c->at = at;
	c->wrong = why;
	return false;
}

static bool
take_text(struct canon *c, const char *key, char **out)
{
	const char *at, *s;
	size_t len;

	if (!canon_literal(c, key))
		return false;
	at = c->at;
	if (!canon_string(c, &s, &len))
		return false;
	*out = canon_unescape(s, len);
	return *out || wrong_at(c, at, "a NUL in a name");
}

/* A string of an exact length without escapes. */
static bool
take_word(struct canon *c, const char *key, char *out, size_t want)
{
	const char *at, *s;
	size_t len;

	if (!canon_literal(c, key))
		return false;
	at = c->at;
	if (!canon_string(c, &s, &len))
		return false;
	if (len != want || memchr(s, '\\', len))
		return wrong_at(c, at, "a word of the wrong length");
	memcpy(out, s, len);
	out[len] = '\0';
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
	char stamp[STAMP_BYTES], again[STAMP_BYTES];
	const char *at = c->at;

	if (!take_word(c, ",\"t\":", stamp, strlen("2026-11-20T15:00:01.234Z")))
		return false;
	if (!stamp_parse(stamp, out) || strcmp(stamp_wall(*out, again), stamp) != 0)
		return wrong_at(c, at, "not a time in UTC with milliseconds");
	return true;
}

static bool
take_origin(struct canon *c, struct event *ev)
{
	const char *at = c->at;

	if (c->end - at > 6 && memcmp(at, "{\"v\":", 5) == 0 &&
		memcmp(at + 5, "1,", 2) != 0)
		return wrong_at(c, at + 5, "a record of another version");
	if (!canon_literal(c, "{\"v\":1"))
		return false;
	at = c->at;
	if (!take_word(c, ",\"run\":", ev->run, ULID_LEN))
		return false;
	if (!ulid_valid(ev->run))
		return wrong_at(c, at, "not the id of a run");
	/* mono may step back below zero after a resume on another boot */
	return take_count(c, ",\"seq\":", &ev->seq) &&
		take_count(c, ",\"epoch\":", &ev->epoch) && take_time(c, &ev->t) &&
		canon_literal(c, ",\"mono\":") && canon_int(c, &ev->mono) &&
		take_text(c, ",\"con\":", &ev->con) &&
		take_text(c, ",\"who\":", &ev->who);
}

static bool
take_what(struct canon *c, struct event *ev)
{
	static const char null[] = ",\"step\":null", more[] = ",\"more\":";
	const char *at = c->at;

	if (!take_text(c, ",\"type\":", &ev->type_name))
		return false;
	if (!type_spelling(ev->type_name, strlen(ev->type_name)))
		return wrong_at(c, at, "not the name of a type");
	ev->type = event_find(ev->type_name);
	if ((size_t)(c->end - c->at) >= sizeof null - 1 &&
		memcmp(c->at, null, sizeof null - 1) == 0)
		c->at += sizeof null - 1;
	else if (!take_text(c, ",\"step\":", &ev->step))
		return false;
	if ((size_t)(c->end - c->at) >= sizeof more - 1 &&
		memcmp(c->at, more, sizeof more - 1) == 0) {
		c->at += sizeof more - 1;
		if (!canon_literal(c, "true"))
			return false;
		ev->more = true;
	}
	return true;
}

static bool
take_rest(struct canon *c, struct event *ev)
{
	const char *start;

	if (!canon_literal(c, ",\"data\":"))
		return false;
	start = c->at;
	if (!canon_object(c))
		return false;
	ev->data = mem_strndup(start, (size_t)(c->at - start));
	start = c->at;
	if (!take_word(c, ",\"prev\":", ev->prev, DIGEST_HEX))
		return false;
	if (!hex64(ev->prev))
		return wrong_at(c, start, "not a hash in lower-case hex");
	if (!canon_literal(c, "}"))
		return false;
	return c->at == c->end || wrong_at(c, c->at, "bytes after the record");
}

struct event *
event_parse(const char *line, size_t len, struct err *e)
{
	struct canon c = {.at = line, .end = line + len};
	struct event *ev;

	if (len >= EVENT_LINE_MAX) {
		err_set(e, ERR_RECORD, "a record longer than %d bytes", EVENT_LINE_MAX);
		return NULL;
	}
	if (!text_valid_utf8(line, len)) {
		err_set(e, ERR_RECORD, "a record that is not valid UTF-8");
		return NULL;
	}
	ev = mem_alloc(sizeof *ev);
	if (take_origin(&c, ev) && take_what(&c, ev) && take_rest(&c, ev))
		return ev;
	event_free(ev);
	err_set(e, ERR_RECORD, "byte %zu: %s", (size_t)(c.at - line), c.wrong);
	return NULL;
}
