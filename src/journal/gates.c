#include "journal/gates.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"

static struct gates_step *
find(struct gates *g, const char *id)
{
	for (size_t i = 0; id && i < g->list.len; i++)
		if (strcmp(g->list.at[i].id, id) == 0)
			return &g->list.at[i];
	return NULL;
}

static void
opened(struct gates *g, const struct json_node *d)
{
	const struct json_node *list = json_get(d, "changed");

	for (size_t i = 0; i < json_len(list); i++)
		if (json_text(json_at(list, i)))
			vec_push(&g->list,
				(struct gates_step){
					.id = mem_strdup(json_text(json_at(list, i)))});
}

/* The last look counts; where git did not tell, or nothing changed, nobody signs. */
static void
looked(struct gates_step *s, const struct event *ev, const struct json_node *d)
{
	const struct json_node *c = json_get(d, "change");

	mem_free(s->line);
	s->line = NULL;
	s->told = json_int(c, "count", -1) >= 0 && json_text(json_get(c, "from")) &&
		json_text(json_get(c, "to")) && json_text(json_get(c, "sha256"));
	if (c && json_int(c, "count", 0) > 0)
		s->line = mem_printf("\nchanged: %lld %s..%s sha256:%s\n",
			(long long)ev->seq, json_str(c, "from", ""),
			json_str(c, "to", ""), json_str(c, "sha256", ""));
}

static bool
fits(const struct gates_step *s, const struct json_node *d, struct err *e)
{
	const char *stmt = json_str(d, "stmt", ""), *at = strstr(stmt, "\nchanged: ");

	if (!s)
		return !at ||
			err_set(e, ERR_RECORD,
				"the statement says what changed, and its step does not ask");
	if (!s->line)
		return err_set(e, ERR_RECORD,
			"it is signed though no look before it found a change");
	return (at && str_starts(at, s->line)) ||
		err_set(e, ERR_RECORD,
			"the statement is not about what changed by the last look");
}

/* Of a line or a statement: what it is about, whichever look told it. */
static const char *
about(const char *line)
{
	const char *at = strstr(line, "\nchanged: ");

	at = at ? strchr(at + strlen("\nchanged: "), ' ') : NULL;
	return at ? at + 1 : "";
}

static void
signed_by(struct gates_step *s, const struct event *ev, const struct json_node *d)
{
	const char *stmt = json_str(d, "stmt", "");

	if (s && !strstr(stmt, "\ndecision: reject\n"))
		vec_push(&s->signatures.list,
			(struct gates_signature){ev->seq, mem_strdup(about(stmt))});
}

static void
voided(struct gates_step *s, const struct json_node *d)
{
	int64_t of = json_int(d, "of", -1);

	for (size_t i = s->signatures.list.len; i-- > 0;)
		if (s->signatures.list.at[i].seq == of) {
			mem_free(s->signatures.list.at[i].about);
			vec_remove(&s->signatures.list, i);
		}
}

static bool
is_named(const struct json_node *list, const char *id)
{
	for (size_t i = 0; i < json_len(list); i++)
		if (str_eq(json_text(json_at(list, i)), id))
			return true;
	return false;
}

static bool
is_signed(const struct gates_step *s)
{
	const char *want = about(s->line);

	for (size_t i = 0; i < s->signatures.list.len; i++)
		if (str_starts(s->signatures.list.at[i].about, want))
			return true;
	return false;
}

static bool
closed(const struct gates *g, const struct json_node *d, struct err *e)
{
	if (!str_eq(json_str(d, "result", NULL), "ok"))
		return true;
	for (size_t i = 0; i < g->list.len; i++) {
		const struct gates_step *s = &g->list.at[i];

		if (is_named(json_get(d, "unsigned"), s->id))
			continue;
		if (!s->told)
			return err_set(e, ERR_RECORD,
				"the run closes as ok, and no look says what changed for step %s",
				s->id);
		if (s->line && !is_signed(s))
			return err_set(e, ERR_RECORD,
				"the run closes as ok, and no signature stands over what changed for step %s",
				s->id);
	}
	return true;
}

static bool
names(const struct line *l, const char *key)
{
	return memmem(l->data.at, l->data.len, key, strlen(key)) != NULL;
}

bool
gates_take(struct gates *g, const struct line *l, struct err *e)
{
	bool open = line_is(l, EVENT_RUN_OPEN) && names(l, "\"changed\":");
	bool look = line_is(l, EVENT_PROBE_RESULT) && g->list.len;
	bool sign = line_is(l, EVENT_SIGNOFF) &&
		(g->list.len || names(l, "\\nchanged: "));
	bool gone = line_is(l, EVENT_SIGNOFF_VOID) && g->list.len;
	bool over = line_is(l, EVENT_RUN_CLOSE) && g->list.len;
	struct gates_step *s;
	struct json *doc;
	struct event *ev;
	bool ok = true;

	if (!open && !look && !sign && !gone && !over)
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	ev = line_event(l);
	s = find(g, ev->step);
	if (open)
		opened(g, json_root(doc));
	else if (over)
		ok = closed(g, json_root(doc), e);
	else if (sign && (ok = fits(s, json_root(doc), e)))
		signed_by(s, ev, json_root(doc));
	else if (s && gone)
		voided(s, json_root(doc));
	else if (s && look)
		looked(s, ev, json_root(doc));
	event_free(ev);
	json_free(doc);
	return ok;
}

void
gates_release(struct gates *g)
{
	for (size_t i = 0; i < g->list.len; i++) {
		mem_free(g->list.at[i].id);
		mem_free(g->list.at[i].line);
		for (size_t k = 0; k < g->list.at[i].signatures.list.len; k++)
			mem_free(g->list.at[i].signatures.list.at[k].about);
		vec_free(&g->list.at[i].signatures.list);
	}
	vec_free(&g->list);
}
