#include "app/spine.h"

/* The room on disk that a run keeps for the ending of what runs. */

static bool
starts_something(const struct events *evs)
{
	for (size_t i = 0; i < evs->list.len; i++)
		if (evs->list.at[i]->type == EVENT_STEP_INTENT)
			return true;
	return false;
}

static size_t
legs_busy(const struct run *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->steps.list.len; i++)
		for (size_t k = 0; k < r->steps.list.at[i].legs.list.len; k++)
			for (int w = 0; w < 2; w++) {
				enum leg_state st =
					r->steps.list.at[i].legs.list.at[k].way[w].state;
				n += st == LEG_INTENDED || st == LEG_RUNNING ||
					st == LEG_CANCELLING;
			}
	return n;
}

/* Words and progress may not take the room that is kept for the ending of what runs. */
static bool
can_do_without(enum request_kind k)
{
	return k == REQ_OUTPUT || k == REQ_NOTE || k == REQ_ATTACH || k == REQ_INPUT ||
		k == REQ_TICK || k == REQ_UNTICK;
}

bool
spine_room(struct session *s, const struct events *evs, struct err *e)
{
	size_t busy = legs_busy(s->run);

	if (starts_something(evs))
		return journal_reserve(s->journal, JOURNAL_RESERVE * (busy + 2), e);
	if (!busy || !evs->list.len || !can_do_without(s->current->q.kind))
		return true;
	return journal_reserve(s->journal, JOURNAL_RESERVE * (busy + 1), e);
}
