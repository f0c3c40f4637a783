#include "run/voided.h"

#include <stdlib.h>
#include <string.h>

#include "run/legs.h"
#include "run/revised.h"

static const struct run_step *
step_of(const struct run *r, const struct event *ev)
{
	int step = ev->step ? run_find_step(r, ev->step) : NONE;

	return step == NONE ? NULL : &r->steps.list.at[step];
}

static int64_t
say(struct str *why, int64_t of, const struct run_step *rs, const char *what)
{
	if (why && of >= 0)
		str_addf(why, "step %s %s", rs->step->id, what);
	return of;
}

/* An undo takes back what its step did; a start changes what was seen of it, be that over or
 * failed. What is tried again by itself is still the same start. */
static int64_t
begun(const struct run *r, const struct event *ev, const struct json_node *d,
	struct str *why)
{
	const struct run_step *rs = step_of(r, ev);
	int leg = rs
		? legs_find(rs, json_str(d, "host", "local"), json_str(d, "each", NULL))
		: NONE;
	const struct leg_run *lr = leg == NONE ? NULL
					       : &rs->legs.list.at[leg].way[WAY_FORWARD];

	if (!lr || lr->attempt == 0)
		return -1;
	if (str_eq(json_str(d, "way", NULL), "back"))
		return say(why, lr->begun, rs, "was taken back");
	return lr->state == LEG_RETRY
		? -1
		: say(why, run_settled(rs) ? rs->seq : lr->begun, rs, "was begun again");
}

/* Another mark than the one there was; a host that is left out is no mark. */
static int64_t
marked(const struct run_step *rs, const struct json_node *d, struct str *why)
{
	return rs && (rs->ticked || rs->skipped) && !json_get(d, "host")
		? say(why, rs->marked_seq, rs, "got another mark")
		: -1;
}

/* The oldest of what ran: whoever signed before that has signed nothing that goes. */
static int64_t
led_back(const struct run *r, struct str *why)
{
	int64_t of = -1;

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < rs->legs.list.len; k++) {
			const struct leg_run *lr = &rs->legs.list.at[k].way[WAY_FORWARD];

			if (lr->attempt > 0 && !lr->look && (of < 0 || lr->seq < of))
				of = lr->seq;
		}
	}
	if (why && of >= 0)
		str_adds(why, "the run was led back");
	return of;
}

/* Of a secret it is said that it is another one, and at its step that it was given; since when
 * it was the old one the record need not say. */
static int64_t
value_set(const struct run *r, const struct event *ev, const struct json_node *d,
	struct str *why)
{
	const char *name = json_str(d, "name", NULL), *value = json_str(d, "value", NULL),
		   *old = name ? map_get(&r->values, name) : NULL;
	int64_t of = name ? (int64_t)(intptr_t)map_get(&r->set_at, name) - 1 : -1;

	if (!name || (value ? !old || strcmp(old, value) == 0 : ev->step != NULL))
		return -1;
	if (of < 0)
		of = 0;
	if (why)
		str_addf(why, "input %s was changed", name);
	return of;
}

static int64_t
corrected(const struct json_node *d, struct str *why)
{
	int64_t of = json_int(d, "of", -1);

	if (why && of >= 0)
		str_addf(why, "record %lld was corrected", (long long)of);
	return of;
}

int64_t
voided_by(const struct run *r, const struct event *ev, const struct json_node *d,
	struct str *why)
{
	const struct run_step *rs = step_of(r, ev);
	bool over = rs && run_settled(rs) && rs->seq >= 0;

	switch (ev->type) {
	case EVENT_STEP_INTENT:
		return begun(r, ev, d, why);
	case EVENT_PROBE_RESULT:
		return rs && revised_differs(rs, d)
			? say(why, rs->revised.seq, rs, "is about other changes")
			: -1;
	case EVENT_STEP_ENTER:
		return over ? say(why, rs->seq, rs, "was looked at again") : -1;
	case EVENT_REDLINE:
		return rs && json_str(d, "new", NULL)
			? say(why, rs->text_seq, rs, "was edited")
			: -1;
	case EVENT_TICK_SET:
	case EVENT_STEP_SKIP:
		return marked(rs, d, why);
	case EVENT_TICK_UNDO:
		return rs ? say(why, json_int(d, "of", -1), rs, "lost its mark") : -1;
	case EVENT_ROLLBACK_OPEN:
		return led_back(r, why);
	case EVENT_INPUT_SET:
		return value_set(r, ev, d, why);
	case EVENT_NOTE:
		return corrected(d, why);
	default:
		return -1;
	}
}

bool
voided_covered(const struct run *r, int64_t seq)
{
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < rs->signatures.list.len; k++)
			if (rs->signatures.list.at[k].voided < 0 &&
				rs->signatures.list.at[k].covers >= seq)
				return true;
	}
	return false;
}

const char *
voided_since(const struct run *r, int64_t covers)
{
	for (size_t i = 0; i < r->changes.list.len; i++) {
		const struct run_change *c = &r->changes.list.at[i];

		if (c->of <= covers && c->at > covers)
			return c->why;
	}
	return NULL;
}

void
voided_signers(const struct run *r, int64_t of, struct str *out)
{
	const char *between = "";

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < rs->signatures.list.len; k++) {
			const struct run_signature *g = &rs->signatures.list.at[k];

			if (g->voided >= 0 || g->covers < of)
				continue;
			str_addf(out, "%s%s as %s", between, g->who, rs->step->role);
			between = ", ";
		}
	}
}

int64_t
voided_covers(const char *stmt)
{
	const char *line = strstr(stmt, "\nseq: ");
	char *end;
	int64_t seq;

	if (!line || line[6] < '0' || line[6] > '9')
		return -1;
	seq = strtoll(line + 6, &end, 10);
	return *end == '\n' ? seq : -1;
}
