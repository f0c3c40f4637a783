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
					mem_strdup(json_text(json_at(list, i))), NULL});
}

/* The last look counts; where git did not tell, or nothing changed, nobody signs. */
static void
looked(struct gates_step *s, const struct event *ev, const struct json_node *d)
{
	const struct json_node *c = json_get(d, "change");

	mem_free(s->line);
	s->line = NULL;
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
	struct gates_step *s;
	struct json *doc;
	struct event *ev;
	bool ok = true;

	if (!open && !look && !sign)
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	ev = line_event(l);
	s = find(g, ev->step);
	if (open)
		opened(g, json_root(doc));
	else if (sign)
		ok = fits(s, json_root(doc), e);
	else if (s)
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
	}
	vec_free(&g->list);
}
