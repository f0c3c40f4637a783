#include "run/drive.h"

#include <stdio.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "base/ulid.h"
#include "run/back.h"
#include "run/legs.h"

enum {
	SHORT_ID = 4,
	WORD_ID = 6,
	NAMED_MAX = 12,
	TITLE_CELLS = 60,
	NOTES_TOLD = 5,
	NOTE_CELLS = 200
};

bool
drive_may_go(const struct run *r, const char *who, struct err *e)
{
	if (!r->held)
		return err_set(e, ERR_STATE, "the run is not on hold");
	return str_eq(r->held_by, who) ||
		err_set(e, ERR_REFUSED,
			"%s holds the run: who drives it may go on, or %s",
			r->held_by ? r->held_by : "somebody else",
			r->held_by ? r->held_by : "that one");
}

bool
drive_may_accept(const struct run *r, const char *who, struct err *e)
{
	if (!r->offer.stands)
		return err_set(e, ERR_STATE, "%s does not offer the run to anybody",
			r->driver ? r->driver : "its driver");
	return !r->offer.to || str_eq(r->offer.to, who) ||
		err_set(e, ERR_REFUSED, "the run is offered to %s, not to %s",
			r->offer.to, who ? who : "?");
}

bool
drive_may_take(const struct run *r, const char *who, const char *typed, struct err *e)
{
	char *phrase = drive_phrase(r);
	bool ok = !r->released || !r->released_to || str_eq(r->released_to, who) ||
		(typed && str_eq(typed, phrase));

	if (!ok)
		err_set(e, ERR_REFUSED,
			"the run was handed to %s, who has not taken it; who takes it all "
			"the same: handrail take-over --confirm \"%s\" %s",
			r->released_to, phrase, r->id + ULID_LEN - WORD_ID);
	mem_free(phrase);
	return ok;
}

char *
drive_phrase(const struct run *r)
{
	return mem_printf("take over %s", r->id + ULID_LEN - SHORT_ID);
}

/* ---- the summary ------------------------------------------------------------------------- */

static bool
is_heading(const struct run_step *rs)
{
	return rs->step->kind == STEP_SECTION || rs->step->kind == STEP_CALL;
}

static void
add_name(const struct run_step *rs, struct str *out)
{
	size_t n = text_fit(rs->step->title, TITLE_CELLS);

	str_addf(out, "%s %.*s%s", rs->step->number, (int)n, rs->step->title,
		rs->step->title[n] ? "…" : "");
}

/* One line, whatever a person wrote: another would be taken for one of ours. */
static void
add_line(struct str *out, const char *word, const char *text)
{
	str_addf(out, "%s%s: ", out->len ? "\n" : "", word);
	text_harmless(out, text, strlen(text), TEXT_ONE_LINE);
}

/* A leg that is under way. */
static void
add_running(const struct run_step *rs, struct wall now, struct str *out)
{
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg *l = &rs->legs.list.at[i];

		for (int w = 0; w < 2; w++) {
			const struct leg_run *lr = &l->way[w];
			struct wall from = lr->started.ms ? lr->started : lr->intended;
			char took[STAMP_BYTES];

			if (!legs_active(lr))
				continue;
			str_addf(out, ", %son %s for %s", w ? "its undo " : "", l->host,
				stamp_duration(
					now.ms > from.ms ? now.ms - from.ms : 0, took));
		}
	}
}

static void
add_unknown(const struct run_step *rs, struct str *out)
{
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg *l = &rs->legs.list.at[i];

		for (int w = 0; w < 2; w++)
			if (l->way[w].state == LEG_UNKNOWN)
				str_addf(out, ", on %s %s%s%s", l->host,
					l->way[w].lost ? l->way[w].lost : "",
					l->way[w].why ? ": " : "",
					l->way[w].why ? l->way[w].why : "");
	}
}

static void
add_reason(const struct run_step *rs, struct str *out)
{
	if (rs->reason)
		str_addf(out, ": %s", rs->reason);
}

/* One line for each step in that state; of very many, how many more. */
static void
add_state(const struct run *r, enum step_state want, struct wall now, struct str *out)
{
	int named = 0, more = 0;

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];
		struct str one = STR_INIT;

		if (is_heading(rs) || run_step_state(r, (int)i) != want)
			continue;
		if (++named > NAMED_MAX) {
			more++;
			continue;
		}
		add_name(rs, &one);
		if (want == STEP_IS_RUNNING)
			add_running(rs, now, &one);
		else if (want == STEP_IS_UNKNOWN)
			add_unknown(rs, &one);
		else
			add_reason(rs, &one);
		add_line(out, run_step_state_name(want), one.buf);
		str_release(&one);
	}
	if (more) {
		char *text = mem_printf("%d more", more);

		add_line(out, run_step_state_name(want), text);
		mem_free(text);
	}
}

static void
add_done(const struct run *r, struct str *out)
{
	struct run_counts n = run_count(r);
	struct str text = STR_INIT;
	int last = NONE;

	for (size_t i = 0; i < r->steps.list.len; i++)
		if (!is_heading(&r->steps.list.at[i]) &&
			run_step_state(r, (int)i) == STEP_IS_DONE &&
			(last == NONE ||
				r->steps.list.at[i].seq > r->steps.list.at[last].seq))
			last = (int)i;
	str_addf(&text, "%d of %d steps", n.done, n.total);
	if (last != NONE) {
		str_adds(&text, ", last ");
		add_name(&r->steps.list.at[last], &text);
	}
	add_line(out, "done", text.buf);
	str_release(&text);
}

/* What this run is there to close, and what it will leave. */
static void
add_owed(const struct run *r, struct str *out)
{
	char at[STAMP_BYTES];

	if (r->owing.run) {
		char *text = mem_printf("this run closes \"%s\" of run %s, due %s",
			r->owing.duty ? r->owing.duty : "?",
			r->owing.run + ULID_LEN - SHORT_ID, stamp_wall(r->owing.due, at));

		add_line(out, "owed", text);
		mem_free(text);
	}
	if (r->forced_at.ms)
		add_line(out, "owed",
			"a review: the change window was passed by break-glass");
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];
		struct str one = STR_INIT;

		if (rs->step->kind != STEP_SIGNOFF || run_settled(rs))
			continue;
		str_addf(&one, "a signature as %s, ", rs->step->role);
		add_name(rs, &one);
		add_line(out, "owed", one.buf);
		str_release(&one);
	}
}

static void
add_notes(const struct run *r, struct str *out)
{
	size_t n = r->notes.list.len, from = n > NOTES_TOLD ? n - NOTES_TOLD : 0;

	for (size_t i = from; i < n; i++) {
		const struct noted *one = &r->notes.list.at[i];
		size_t fit = text_fit(one->text, NOTE_CELLS);
		char *text = mem_printf("%s: %.*s", one->who, (int)fit, one->text);

		add_line(out, "note", text);
		mem_free(text);
	}
}

static void
add_next(const struct run *r, struct str *out)
{
	struct str text = STR_INIT;
	int next = run_next_open(r, 0);

	if (r->back.state == BACK_ON) {
		str_adds(&text, "the way back goes on: ");
		back_words(r, &text);
	} else if (next != NONE) {
		add_name(&r->steps.list.at[next], &text);
	} else {
		str_adds(&text, "close the run");
	}
	add_line(out, "next", text.buf);
	str_release(&text);
}

void
drive_summary(const struct run *r, struct wall now, struct str *out)
{
	add_done(r, out);
	add_state(r, STEP_IS_RUNNING, now, out);
	add_state(r, STEP_IS_UNKNOWN, now, out);
	add_state(r, STEP_IS_FAILED, now, out);
	add_state(r, STEP_IS_SKIPPED, now, out);
	add_owed(r, out);
	if (r->held) {
		char *text = mem_printf("by %s%s%s", r->held_by ? r->held_by : "?",
			r->hold_reason ? ": " : "", r->hold_reason ? r->hold_reason : "");

		add_line(out, "held", text);
		mem_free(text);
	}
	add_notes(r, out);
	add_next(r, out);
}
