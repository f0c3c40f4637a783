#include "run/decide_emit.h"

#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"

/* What envelope and newline take of a line; names in it are bounded by their owners. */
enum { ENVELOPE_ROOM = 4096, WORDS_BYTES = 8192 };

void
decide_emit_begin(struct decide_data *d)
{
	str_init(&d->s);
	jsonout_init(&d->j, &d->s);
	jsonout_open(&d->j);
}

void
decide_emit_leg(struct decide_data *d, const struct leg *leg, enum way way, int attempt)
{
	jsonout_kstr(&d->j, "host", leg->host);
	decide_emit_maybe(d, "each", leg->each);
	if (attempt)
		jsonout_kint(&d->j, "attempt", attempt);
	if (way == WAY_BACK)
		jsonout_kstr(&d->j, "way", "back");
}

void
decide_emit_time(struct decide_data *d, const char *key, struct wall t)
{
	char stamp[STAMP_BYTES];

	jsonout_kstr(&d->j, key, stamp_wall(t, stamp));
}

void
decide_emit_maybe(struct decide_data *d, const char *key, const char *text)
{
	if (text)
		jsonout_kstr(&d->j, key, text);
}

static bool
among(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

bool
decide_emit_members(struct decide_data *d, const char *json, const char *const *without,
	struct err *e)
{
	struct json *doc = json_parse(json, strlen(json), e);
	const struct json_node *root;
	struct str value = STR_INIT;

	if (!doc)
		return err_ctx(e, "data of a request");
	root = json_root(doc);
	if (json_type_of(root) != JSON_OBJECT) {
		json_free(doc);
		return err_set(e, ERR_INPUT, "data of a request is not an object");
	}
	for (size_t i = 0; i < json_len(root); i++) {
		const char *key = json_key_at(root, i);

		if (among(without, key))
			continue;
		str_reset(&value);
		json_write(json_value_at(root, i), &value);
		jsonout_key(&d->j, key);
		jsonout_raw(&d->j, value.buf);
	}
	str_release(&value);
	json_free(doc);
	return true;
}

bool
decide_emit_fits(const struct decide_data *d)
{
	return d->s.len < EVENT_LINE_MAX - ENVELOPE_ROOM;
}

bool
decide_emit_event(struct decide_ctx *c, enum event_type type, int step,
	struct decide_data *d, struct err *e)
{
	const char *id = step == NONE ? NULL : c->r->runbook->steps.list.at[step].id;
	struct event *ev;

	if (c->q->via) {
		jsonout_key(&d->j, "via");
		jsonout_raw(&d->j, c->q->via);
	}
	jsonout_close(&d->j);
	if (d->s.len > EVENT_LINE_MAX - ENVELOPE_ROOM) {
		decide_emit_drop(d);
		return err_set(e, ERR_LIMIT, "%s%s%s is too long for one record",
			event_name(type), id ? " of " : "", id ? id : "");
	}
	ev = event_new(type, id, d->s.buf);
	ev->who = mem_strdup(c->q->who);
	events_add(c->out, ev);
	decide_emit_drop(d);
	return true;
}

void
decide_emit_drop(struct decide_data *d)
{
	str_release(&d->s);
}

void
decide_emit_effect(struct decide_ctx *c, const struct effect *fx)
{
	vec_push(&c->fx->list, *fx);
}

const char *
decide_emit_who(const struct decide_ctx *c)
{
	if (c->q->who)
		return c->q->who;
	return c->r->driver ? c->r->driver : "";
}

bool
decide_emit_said(const char *text)
{
	return text && text[strspn(text, " \t\r\n")] != '\0';
}

/* Words of a person: there, valid, and short enough for one line of the record. */
bool
decide_emit_words(const char *text, const char *what, struct err *e)
{
	if (!decide_emit_said(text))
		return err_set(e, ERR_INPUT, "%s is needed", what);
	if (strlen(text) > WORDS_BYTES || !text_valid_utf8(text, strlen(text)))
		return err_set(e, ERR_INPUT, "%s is too long or not valid text", what);
	return true;
}
