#include "run/second.h"

#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "run/legs.h"

bool
second_needed(const struct run *r, int step, enum way way)
{
	return way == WAY_FORWARD && r->steps.list.at[step].step->two_person;
}

int
second_leg(const struct run *r, int step)
{
	return legs_first(r, step, WAY_FORWARD);
}

int64_t
second_there(const struct run *r, int step, int leg, struct wall now)
{
	const struct run_second *s = &r->steps.list.at[step].second;

	if (s->leg == NONE || s->leg != leg || s->seq < r->input_seq ||
		now.ms < s->at.ms || now.ms - s->at.ms > SECOND_FOR_MS)
		return -1;
	return s->seq;
}

bool
second_allows(const struct run *r, int step, int leg, enum way way, struct wall now,
	struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (!second_needed(r, step, way) || second_there(r, step, leg, now) >= 0)
		return true;
	return err_set(e, ERR_REFUSED,
		"step %s needs two people: somebody else confirms it first (handrail sign %s "
		"%s)%s",
		rs->step->number, r->id, rs->step->id,
		rs->second.leg == leg
			? "; what was confirmed is too old or about other inputs"
			: "");
}

/* The same name before an @ counts as the same person: on one side it may be an account. */
bool
second_is_person(const char *a, const char *b)
{
	size_t n = strcspn(a, "@");

	return n == strcspn(b, "@") && strncasecmp(a, b, n) == 0;
}

bool
second_may(const struct run *r, const char *who, struct err *e)
{
	bool runs = !who || !*who || (r->driver && second_is_person(r->driver, who));

	for (size_t i = 0; !runs && i < r->runners.list.len; i++)
		runs = second_is_person(r->runners.list.at[i], who);
	return !runs ||
		err_set(e, ERR_REFUSED, "%s runs this: somebody else confirms it",
			who && *who ? who : "nobody");
}

char *
second_says(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];
	int leg = second_leg(r, step);
	char sha256[DIGEST_HEX + 1];
	const char *text;

	if (leg == NONE) {
		err_set(e, ERR_STATE, "nothing of it is left to start");
		return NULL;
	}
	text = run_leg_text(r, step, leg, WAY_FORWARD);
	digest_hex(text, strlen(text), sha256);
	return mem_printf("second person for step %s on %s%s%s: command sha256:%s",
		rs->step->id, rs->legs.list.at[leg].host,
		rs->legs.list.at[leg].each ? " with " : "",
		rs->legs.list.at[leg].each ? rs->legs.list.at[leg].each : "", sha256);
}

const char *
second_role(const struct step *s)
{
	return s->kind == STEP_SIGNOFF ? s->role : s->two_person ? SECOND_ROLE : NULL;
}
