#include "view/leavewords.h"

#include "run/legs.h"

enum sort { A_JOB, A_LOOK, A_TRANSACTION, A_REQUEST, A_COPY, A_WATCH, SORTS };

static enum sort
sort_of(const struct step *s, enum way way, const struct leg_run *lr)
{
	if (way == WAY_BACK)
		return A_JOB;
	switch (s->kind) {
	case STEP_SQL:
		return lr->look ? A_LOOK : A_TRANSACTION;
	case STEP_HTTP:
		return lr->look ? A_LOOK : A_REQUEST;
	case STEP_COPY:
		return A_COPY;
	case STEP_WATCH:
		return A_WATCH;
	default:
		return lr->look ? A_LOOK : A_JOB;
	}
}

bool
leavewords_of(const struct run *r, struct str *out)
{
	static const char *const words[SORTS] = {
		[A_JOB] = "What runs on the hosts goes on; resume follows it again.",
		[A_LOOK] = "A look that is under way ends, and may be repeated.",
		[A_TRANSACTION] =
			"A transaction that is not committed yet is given up; resume "
			"asks the server what became of it.",
		[A_REQUEST] =
			"A request that is under way is given up, and what became of it "
			"will not be known.",
		[A_COPY] =
			"A copy that is under way ends, with nothing half done in place; "
			"resume asks its target.",
		[A_WATCH] = "What is watched ends, and begins again with resume.",
	};
	bool found[SORTS] = {false};
	size_t before = out->len;

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		for (size_t k = 0; k < 2 * rs->legs.list.len; k++) {
			enum way way = k % 2 ? WAY_BACK : WAY_FORWARD;
			const struct leg_run *lr = &rs->legs.list.at[k / 2].way[way];

			if (legs_active(lr))
				found[sort_of(rs->step, way, lr)] = true;
		}
	}
	for (size_t i = 0; i < SORTS; i++)
		if (found[i])
			str_addf(out, "%s%s", out->len > before ? " " : "", words[i]);
	return out->len > before;
}

const char *
leavewords_stop(const struct step *s)
{
	switch (s->kind) {
	case STEP_SQL:
		return "The server is asked to break off, and what was not committed is rolled "
		       "back.";
	case STEP_HTTP:
		return "It is given up. Whether the server has done it is not known then, "
		       "unless it only asks.";
	case STEP_COPY:
		return "It ends, and nothing half done stays in place or beside it.";
	case STEP_WATCH:
		return "It is ended on its host. Somebody still has to say whether it was seen.";
	case STEP_CHECK:
	case STEP_SOAK:
	case STEP_WAIT:
		return "It only looks or waits; the step counts as not done.";
	default:
		return "Its processes get TERM, then KILL. What they did until then stays done; "
		       "the step counts as not done.";
	}
}
