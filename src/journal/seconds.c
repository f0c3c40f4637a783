#include "journal/seconds.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"

enum { SECOND_FOR_MS = 30 * 60 * 1000 }; /* as in run/second.h */

/* The text that was approved, of a statement; NULL: none was. Caller frees. */
static char *
approved(const char *stmt)
{
	const char *at = strstr(stmt, "\nsays: "), *end;
	struct err e = ERR_INIT;
	struct json *doc;
	char *says = NULL;

	if (!at || !strstr(stmt, "\ndecision: approve\n"))
		return NULL;
	at += strlen("\nsays: ");
	end = strchr(at, '\n');
	doc = end ? json_parse(at, (size_t)(end - at), &e) : NULL;
	if (doc && json_text(json_root(doc)))
		says = mem_strdup(json_text(json_root(doc)));
	json_free(doc);
	return says;
}

/* What the second person of an intent must have signed (run/second.c writes it). */
static bool
is_about(const struct seconds_mark *m, const struct event *ev, const struct json_node *d)
{
	const char *each = json_str(d, "each", NULL),
		   *values = json_str(d, "values", NULL);
	char *want = mem_printf(
		"second person for step %s on %s%s%s: command sha256:%s%s%s",
		ev->step ? ev->step : "", json_str(d, "host", ""), each ? " with " : "",
		each ? each : "", json_str(d, "sha256", ""),
		values ? " values sha256:" : "", values ? values : "");
	bool same = str_eq(m->says, want);

	mem_free(want);
	return same;
}

static void
keep(struct seconds *s, const struct event *ev, const struct json_node *d,
	const char *host, bool forced)
{
	struct seconds_mark *m = vec_add(&s->list);

	m->says = forced ? NULL : approved(json_str(d, "stmt", ""));

	m->seq = ev->seq;
	m->at_ms = ev->t.ms - s->jumped_ms;
	m->step = mem_strdup(ev->step ? ev->step : "");
	m->who = forced ? NULL : mem_strdup(ev->who);
	m->host = mem_strdup(host);
}

static struct seconds_mark *
mark_at(const struct seconds *s, int64_t seq)
{
	for (size_t i = s->list.len; i-- > 0;)
		if (s->list.at[i].seq == seq)
			return &s->list.at[i];
	return NULL;
}

/* It is for one start, and for half an hour. */
static bool
still_good(struct seconds *s, struct seconds_mark *m, const struct event *ev,
	const struct json_node *d, struct err *e)
{
	int64_t age_ms = ev->t.ms - s->jumped_ms - m->at_ms;
	int64_t attempt = json_int(d, "attempt", 0);
	char *on = mem_printf("%s\n%s", json_str(d, "host", ""), json_str(d, "each", ""));
	bool again = m->used_on && !m->spent && str_eq(m->used_on, on) &&
		attempt == m->attempt + 1;
	bool ok = true;

	if (m->used_on && !again)
		ok = err_set(e, ERR_RECORD,
			"record %lld has been the second person of another start",
			(long long)m->seq);
	else if (!m->used_on && (age_ms < 0 || age_ms > SECOND_FOR_MS))
		ok = err_set(e, ERR_RECORD,
			"record %lld is too old to be its second person",
			(long long)m->seq);
	mem_free(m->used_on);
	m->used_on = on;
	m->attempt = attempt;
	return ok;
}

/* Somebody starts it there again by hand: what was confirmed for the start before is spent. */
static void
began_by_hand(struct seconds *s, const struct event *ev, const struct json_node *d)
{
	char *on = mem_printf("%s\n%s", json_str(d, "host", ""), json_str(d, "each", ""));

	for (size_t i = 0; i < s->list.len; i++) {
		struct seconds_mark *m = &s->list.at[i];

		if (m->used_on && str_eq(m->used_on, on) &&
			strcmp(m->step, ev->step ? ev->step : "") == 0)
			m->spent = true;
	}
	mem_free(on);
}

static bool
confirmed(struct seconds *s, const struct event *ev, const struct json_node *d,
	struct err *e)
{
	int64_t seq = json_int(d, "second", -1);
	struct seconds_mark *m = mark_at(s, seq);

	if (!m)
		return err_set(e, ERR_RECORD,
			"record %lld, which it names as its second person, is none",
			(long long)seq);
	if (strcmp(m->step, ev->step ? ev->step : "") != 0 ||
		(m->who && !str_eq(m->host, json_str(d, "host", NULL))))
		return err_set(e, ERR_RECORD, "record %lld confirms another step or host",
			(long long)seq);
	if (m->who && !is_about(m, ev, d))
		return err_set(e, ERR_RECORD, "record %lld confirms another command",
			(long long)seq);
	if (m->who && strcmp(m->who, ev->who) == 0)
		return err_set(e, ERR_RECORD,
			"record %lld is no second person: it is who ran it",
			(long long)seq);
	return still_good(s, m, ev, d, e);
}

/* Do two people do it? Its way back is one person's. */
static bool
is_for_two(const struct seconds *s, const struct event *ev, const struct json_node *d)
{
	for (size_t i = 0; ev->step && i < s->steps.list.len; i++)
		if (strcmp(s->steps.list.at[i].id, ev->step) == 0)
			return !str_eq(json_str(d, "way", NULL), "back");
	return false;
}

static void
opened(struct seconds *s, const struct json_node *d)
{
	const struct json_node *list = json_get(d, "two_person");

	for (size_t i = 0; i < json_len(list); i++)
		if (json_text(json_at(list, i)))
			vec_push(&s->steps.list,
				(struct seconds_step){
					mem_strdup(json_text(json_at(list, i))), false});
}

/* A command that was edited or added: by its new words it is one for two people, or not. */
static void
edited(struct seconds *s, const struct event *ev, const struct json_node *d)
{
	const struct json_node *added = json_get(d, "added");
	const char *id = added ? json_str(added, "id", "") : ev->step ? ev->step : "";

	for (size_t i = s->steps.list.len; i-- > 0;) {
		struct seconds_step *at = &s->steps.list.at[i];

		if (at->edited && strcmp(at->id, id) == 0) {
			mem_free(at->id);
			vec_remove(&s->steps.list, i);
		}
	}
	if (json_bool(d, "two_person", false))
		vec_push(&s->steps.list, (struct seconds_step){mem_strdup(id), true});
}

static bool
names(const struct line *l, const char *key)
{
	return memmem(l->data.at, l->data.len, key, strlen(key)) != NULL;
}

bool
seconds_take(struct seconds *s, const struct line *l, struct err *e)
{
	bool sign = line_is(l, EVENT_SIGNOFF) && names(l, "\"host\":");
	bool force = line_is(l, EVENT_BREAKGLASS) && names(l, "\"gate\":\"second\"");
	bool open = line_is(l, EVENT_RUN_OPEN) && names(l, "\"two_person\":");
	bool jump = line_is(l, EVENT_CLOCK_JUMP);
	bool begin = line_is(l, EVENT_STEP_CONFIRM) && s->list.len;
	bool edit = line_is(l, EVENT_REDLINE);
	bool intent = line_is(l, EVENT_STEP_INTENT) &&
		(s->steps.list.len || names(l, "\"second\":"));
	const struct json_node *d;
	struct json *doc;
	struct event *ev;
	bool ok = true;

	if (!sign && !force && !intent && !open && !jump && !begin && !edit)
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	d = json_root(doc);
	ev = line_event(l);
	if (intent && json_get(d, "second"))
		ok = confirmed(s, ev, d, e);
	else if (intent)
		ok = !is_for_two(s, ev, d) ||
			err_set(e, ERR_RECORD,
				"two people do this step, and it names no second person");
	else if (open)
		opened(s, d);
	else if (edit)
		edited(s, ev, d);
	else if (begin)
		began_by_hand(s, ev, d);
	else if (jump)
		s->jumped_ms += json_int(d, "wall_ms", 0);
	else if (force && str_eq(json_str(d, "gate", NULL), "second"))
		keep(s, ev, d, NULL, true);
	else if (sign && json_str(d, "host", NULL))
		keep(s, ev, d, json_str(d, "host", NULL), false);
	event_free(ev);
	json_free(doc);
	return ok;
}

void
seconds_release(struct seconds *s)
{
	for (size_t i = 0; i < s->list.len; i++) {
		mem_free(s->list.at[i].step);
		mem_free(s->list.at[i].who);
		mem_free(s->list.at[i].host);
		mem_free(s->list.at[i].says);
		mem_free(s->list.at[i].used_on);
	}
	for (size_t i = 0; i < s->steps.list.len; i++)
		mem_free(s->steps.list.at[i].id);
	vec_free(&s->steps.list);
	vec_free(&s->list);
}
