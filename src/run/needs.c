#include "run/needs.h"

/* The first step whose own state is this; NONE. */
static int
step_in(const struct run *r, enum step_state state)
{
	for (size_t i = 0; i < r->steps.list.len; i++) {
		enum step_kind k = r->steps.list.at[i].step->kind;

		if (k != STEP_SECTION && k != STEP_CALL &&
			r->steps.list.at[i].state == state)
			return (int)i;
	}
	return NONE;
}

/* What its kind asks of a person, when nothing of it is under way. */
static void
wanted(const struct step *s, struct str *out)
{
	switch (s->kind) {
	case STEP_SIGNOFF:
		str_addf(out, "sign-off: %s", s->role ? s->role : "?");
		return;
	case STEP_CHOOSE:
		str_addf(out, "a choice: %s", s->title);
		return;
	case STEP_ASK:
		str_addf(out, "an answer: %s", s->title);
		return;
	case STEP_DO:
		str_addf(out, "to do: %s", s->title);
		return;
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
	case STEP_CHECK:
	case STEP_SOAK:
	case STEP_WATCH:
	case STEP_WAIT:
	case STEP_NOTIFY:
	case STEP_SCHEDULE:
	case STEP_SECTION:
	case STEP_CALL:
	case STEP_KIND_COUNT:
		break;
	}
	str_addf(out, "to start: %s", s->title);
}

enum needs
needs_of(const struct run *r, struct str *out)
{
	int step;

	if (!r->open || r->closed)
		return NEEDS_NOBODY;
	if (r->held) {
		str_addf(out, "on hold: %s", r->hold_reason ? r->hold_reason : "");
		return NEEDS_HOLDER;
	}
	if (r->offer.stands)
		str_addf(out, "offered to %s", r->offer.to ? r->offer.to : "anybody");
	else if ((step = step_in(r, STEP_IS_UNKNOWN)) != NONE)
		str_addf(out, "outcome unknown: %s", r->steps.list.at[step].step->title);
	else if (run_busy(r))
		return NEEDS_NOBODY;
	else if ((step = step_in(r, STEP_IS_FAILED)) != NONE)
		str_addf(out, "failed: %s", r->steps.list.at[step].step->title);
	else if (step_in(r, STEP_IS_RUNNING) != NONE)
		return NEEDS_NOBODY;
	else if ((step = run_next_open(r, 0)) != NONE)
		wanted(r->steps.list.at[step].step, out);
	else
		str_adds(out, "to be closed");
	return NEEDS_PERSON;
}
