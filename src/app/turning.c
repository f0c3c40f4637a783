#include <stdio.h>

#include "app/spine.h"
#include "base/jsonout.h"
#include "base/str.h"

/* What of the board is a fact of the run: its probes as they were at the start, one that
 * goes down or comes back, one that is muted. All else is readings, and not recorded. */

static void
put_shown(struct jsonout *j, const struct board_shown *b)
{
	jsonout_kstr(j, "verdict", verdict_name(vital_state_verdict(b->state)));
	jsonout_kstr(j, "field", b->field);
	jsonout_kstr(j, "value", b->value);
	jsonout_kstr(j, "unit", b->unit);
	jsonout_kstr(j, "want", b->want);
	jsonout_kstr(j, "message", b->message);
	jsonout_kstr(j, "state", vital_state_name(b->state));
}

static bool
is_up(enum vital_state s)
{
	return s == VITAL_OK || s == VITAL_WARN;
}

/* One bad look is no fact yet: the guard against flapping stands before the record. */
void
turning_tell(struct session *s, int item)
{
	enum vital_state judged = vital_judged(board_vital(session_board(s), item));
	struct board_shown b;
	struct str data = STR_INIT;
	struct jsonout j;

	if (s->quiet || !s->run->open || s->run->closed)
		return;
	if (judged != VITAL_DOWN && !(s->went_down[item] && is_up(judged)))
		return;
	board_show(session_board(s), item, clock_now(), &b);
	if (judged == VITAL_DOWN && !b.alarm)
		return; /* muted, or it is its parent that is dead */
	s->went_down[item] = judged == VITAL_DOWN;
	jsonout_init(&j, &data);
	jsonout_open(&j);
	put_shown(&j, &b);
	jsonout_close(&j);
	session_request(s,
		&(struct request){.kind = REQ_TURNED,
			.step = NONE,
			.name = b.name,
			.data = data.buf,
			.verdict = vital_state_verdict(judged)});
	str_release(&data);
}

/* Every probe that can be looked at has answered, or cannot while its host is dead. */
static bool
all_answered(const struct session *s)
{
	const struct board *b = session_board(s);

	for (size_t i = 0; i < board_probes(b); i++) {
		struct board_shown shown;

		board_show(b, (int)i, clock_now(), &shown);
		if (shown.state != VITAL_OFF && shown.skipped == NONE &&
			!s->before[i].message)
			return false;
	}
	return true;
}

void
turning_snapshot(struct session *s)
{
	const struct board *b = session_board(s);
	struct str data = STR_INIT;
	struct jsonout j;

	if (!s->snapshot_due || s->quiet || !s->run->open || s->run->closed ||
		!all_answered(s))
		return;
	s->snapshot_due = false;
	jsonout_init(&j, &data);
	jsonout_open_array(&j);
	for (size_t i = 0; i < board_probes(b); i++) {
		struct board_shown shown;

		board_show(b, (int)i, clock_now(), &shown);
		jsonout_open(&j);
		jsonout_kstr(&j, "probe", shown.name);
		put_shown(&j, &shown);
		jsonout_close(&j);
	}
	jsonout_close_array(&j);
	session_request(s,
		&(struct request){.kind = REQ_SNAPSHOT, .step = NONE, .data = data.buf});
	str_release(&data);
}

void
session_mute(struct session *s, int item, struct wall until, const char *reason)
{
	struct vital_mute m = {.until = until};
	struct board_shown b;

	if (until.ms && (!reason || !*reason))
		reason = NULL; /* refused, and told why */
	snprintf(m.who, sizeof m.who, "%s", s->who);
	snprintf(m.reason, sizeof m.reason, "%s", reason ? reason : "");
	if (!s->run->open || s->run->closed) {
		if (!until.ms || reason)
			watching_mute(s->watching, item, &m);
		return;
	}
	board_show(session_board(s), item, clock_now(), &b);
	s->muting.item = item;
	s->muting.mute = m;
	session_request(s,
		&(struct request){.kind = REQ_MUTE,
			.step = NONE,
			.name = b.name,
			.until_ms = until.ms,
			.reason = reason});
}

void
turning_muted(struct session *s)
{
	if (s->muting.item != NONE)
		watching_mute(s->watching, s->muting.item, &s->muting.mute);
	s->muting.item = NONE;
}
