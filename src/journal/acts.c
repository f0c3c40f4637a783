#include "journal/acts.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"

/* As in run/authority.c. */
static const char *
act_of(const struct line *l)
{
	return line_is(l, EVENT_RUN_OPEN)       ? "open"
		: line_is(l, EVENT_DRIVER_TAKE) ? "take"
		: line_is(l, EVENT_BREAKGLASS)  ? "breakglass"
						: NULL;
}

static bool
answers(struct acts *a, const struct event *ev, const struct json_node *d, struct err *e)
{
	int64_t of = json_int(d, "of", -1);
	struct acts_one *one = NULL;

	for (size_t i = 0; i < a->list.len; i++)
		if (a->list.at[i].seq == of)
			one = &a->list.at[i];
	if (!one || !str_eq(json_str(d, "act", NULL), one->act))
		return err_set(e, ERR_RECORD,
			"it answers for record %lld, which is no such act",
			(long long)of);
	if (strcmp(one->who, ev->who) != 0)
		return err_set(e, ERR_RECORD,
			"it answers for record %lld, which somebody else wrote",
			(long long)of);
	if (one->answered)
		return err_set(e, ERR_RECORD, "record %lld is answered for already",
			(long long)of);
	one->answered = true;
	return (json_str(d, "sig", NULL) != NULL) != (json_str(d, "why", NULL) != NULL) ||
		err_set(e, ERR_RECORD,
			"it has a signature or says why not, and not both");
}

bool
acts_take(struct acts *a, const struct line *l, struct err *e)
{
	const char *act = act_of(l);
	struct json *doc;
	struct event *ev;
	bool ok;

	if (act) {
		ev = line_event(l);
		vec_push(&a->list,
			(struct acts_one){ev->seq, act, mem_strdup(ev->who), false});
		event_free(ev);
		return true;
	}
	if (!line_is(l, EVENT_AUTHORITY))
		return true;
	doc = json_parse(l->data.at, l->data.len, e);
	if (!doc)
		return false;
	ev = line_event(l);
	ok = answers(a, ev, json_root(doc), e);
	event_free(ev);
	json_free(doc);
	return ok;
}

void
acts_release(struct acts *a)
{
	for (size_t i = 0; i < a->list.len; i++)
		mem_free(a->list.at[i].who);
	vec_free(&a->list);
}
