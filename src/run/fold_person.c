#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "run/added.h"
#include "run/fold.h"
#include "run/inputs.h"
#include "run/redline.h"
#include "run/run.h"
#include "run/second.h"
#include "run/voided.h"

enum { DIFF_CELLS = 200 };

/* ---- about steps: people -------------------------------------------------------------- */

static void
mark(struct fold *f)
{
	f->rs->marked_seq = f->ev->seq;
	fold_set(&f->rs->who, f->ev->who);
	fold_set(&f->rs->reason, json_str(f->d, "reason", NULL));
	map_put(&f->r->last_mark, f->ev->who, (void *)(intptr_t)(f->step + 1));
	fold_runner(f);
}

void
fold_ticked(struct fold *f)
{
	static const char *const words[] = {
		[TICK_DONE] = "done",
		[TICK_NA] = "na",
		[TICK_BY_HAND] = "by-hand",
		[TICK_FAILED] = "failed",
	};
	static const char *const said[] = {
		[TICK_DONE] = "done",
		[TICK_NA] = "not applicable",
		[TICK_BY_HAND] = "done by hand",
		[TICK_FAILED] = "failed",
	};
	const char *state = json_str(f->d, "state", "");
	int t;

	for (t = TICK_DONE; t <= TICK_FAILED; t++)
		if (strcmp(words[t], state) == 0)
			break;
	if (!f->rs || t > TICK_FAILED)
		return;
	f->rs->ticked = f->rs->by_person = true;
	f->rs->skipped = false;
	f->rs->entered = false;
	f->rs->tick = (enum tick)t;
	fold_set(&f->rs->evidence, json_str(json_get(f->d, "evidence"), "value", NULL));
	fold_set(&f->rs->note, json_str(f->d, "note", NULL));
	mark(f);
	if (t != TICK_DONE || json_str(f->d, "reason", NULL))
		fold_exception(f, "%s %s: %s", f->rs->step->id, said[t],
			json_str(f->d, "reason", ""));
}

void
fold_skipped(struct fold *f)
{
	if (!f->rs || fold_back_left(f))
		return;
	f->rs->skipped = f->rs->by_person = true;
	f->rs->ticked = false;
	f->rs->entered = false;
	mark(f);
	fold_exception(
		f, "%s skipped: %s", f->rs->step->id, json_str(f->d, "reason", ""));
}

/* The mark goes, and with it the exception it made; that it was there stays said. */
void
fold_unticked(struct fold *f)
{
	struct run *r = f->r;
	int64_t of = json_int(f->d, "of", -1);

	if (!f->rs || f->rs->marked_seq != of)
		return;
	for (size_t i = 0; i < r->exceptions.list.len; i++)
		if (r->exceptions.list.at[i].seq == of) {
			mem_free(r->exceptions.list.at[i].text);
			vec_remove(&r->exceptions.list, i);
			break;
		}
	f->rs->ticked = f->rs->skipped = f->rs->by_person = false;
	f->rs->marked_seq = -1;
	fold_set(&f->rs->who, NULL);
	fold_set(&f->rs->evidence, NULL);
	fold_set(&f->rs->reason, NULL);
	fold_set(&f->rs->note, NULL);
	map_remove(&r->last_mark, f->ev->who);
	fold_exception(f, "%s: the mark of record %lld was taken back", f->rs->step->id,
		(long long)of);
}

void
fold_unconfirm(struct run *r)
{
	for (size_t i = 0; i < r->steps.list.len; i++)
		if (second_needed(r, (int)i, WAY_FORWARD))
			fold_stand(&r->steps.list.at[i],
				"a value changed after it was confirmed");
}

static void
ran_with(const struct fold *f, const char *name, struct str *ran)
{
	const struct runbook *rb = f->r->runbook;

	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		char *full = runbook_full_name(
			rb, rb->inputs.list.at[i].scope, rb->inputs.list.at[i].name);

		if (strcmp(full, name) == 0)
			inputs_ran_with(f->r, (int)i, ran);
		mem_free(full);
	}
}

/* Another value than steps have run with: whoever signs must know. */
static void
changed(struct fold *f, const char *name, const char *value)
{
	const char *old = map_get(&f->r->values, name);
	struct str ran = STR_INIT;

	if (old && strcmp(old, value) != 0)
		ran_with(f, name, &ran);
	if (ran.len)
		fold_exception(f, "input %s is %s now; ran with %s: %s", name, value, old,
			ran.buf);
	str_release(&ran);
}

/* Which one it was is nowhere: that it is another one is said where it is not given at its
 * step. */
static void
secret_set(struct fold *f, const char *name)
{
	struct str ran = STR_INIT;

	if (!f->rs) {
		ran_with(f, name, &ran);
		if (ran.len)
			fold_exception(f,
				"the secret %s is another one now; ran with what it was: %s",
				name, ran.buf);
		fold_unconfirm(f->r);
	}
	map_put(&f->r->set_at, name, (void *)(intptr_t)(f->ev->seq + 1));
	str_release(&ran);
}

void
fold_input_set(struct fold *f)
{
	const char *name = json_str(f->d, "name", NULL),
		   *value = json_str(f->d, "value", NULL);

	f->r->input_seq = f->ev->seq;
	if (name && value) {
		changed(f, name, value);
		fold_value(f->r, name, value, f->ev->who);
	} else if (name && json_bool(f->d, "secret", false)) {
		secret_set(f, name);
	}
	if (!f->rs || f->rs->step->kind != STEP_ASK)
		return;
	f->rs->answered = true;
	fold_set(&f->rs->who, f->ev->who);
}

void
fold_chosen(struct fold *f)
{
	int64_t option = json_int(f->d, "option", NONE);

	if (!f->rs || f->rs->step->kind != STEP_CHOOSE || option < 0 ||
		(size_t)option >= f->rs->step->options.list.len)
		return;
	f->rs->option = (int)option;
	fold_set(&f->rs->who, f->ev->who);
	fold_runner(f);
}

void
fold_entered(struct fold *f)
{
	struct wall until;

	if (!f->rs)
		return;
	f->rs->entered = true;
	f->rs->stopped = false;
	f->rs->entered_at = f->ev->t;
	f->rs->entered_seq = f->ev->seq;
	f->rs->until = (struct wall){
		f->ev->t.ms + json_int(f->d, "within_ms", json_int(f->d, "for_ms", 0))};
	fold_set(&f->rs->again, json_str(f->d, "why", NULL));
	if (stamp_parse(json_str(f->d, "until", ""), &until))
		f->rs->until = until;
	/* Only what was seen since now decides. */
	for (size_t i = 0; i < f->rs->readings.list.len; i++)
		f->rs->readings.list.at[i].seq = -1;
	fold_runner(f);
}

static bool
says_reject(const char *stmt)
{
	return strstr(stmt, "\ndecision: reject\n") != NULL;
}

void
fold_signed_off(struct fold *f)
{
	if (!f->rs)
		return;
	f->r->signed_seq = f->ev->seq;
	if (second_needed(f->r, f->step, WAY_FORWARD) &&
		!says_reject(json_str(f->d, "stmt", ""))) {
		fold_second(f, false);
		return;
	}
	f->rs->second.leg = NONE;
	fold_set(&f->rs->who, f->ev->who);
	if (says_reject(json_str(f->d, "stmt", ""))) {
		f->rs->declined = true;
		fold_exception(f, "%s rejected by %s", f->rs->step->id, f->ev->who);
		return;
	}
	f->rs->declined = false;
	vec_push(&f->rs->signers.list, mem_strdup(f->ev->who));
	vec_push(&f->rs->keys.list, mem_strdup(json_str(f->d, "key", "")));
	vec_push(&f->rs->signatures.list,
		(struct run_signature){.seq = f->ev->seq,
			.covers = voided_covers(json_str(f->d, "stmt", "")),
			.at = f->ev->t,
			.who = mem_strdup(f->ev->who),
			.key = mem_strdup(json_str(f->d, "key", "")),
			.voided = -1});
}

static void
strings_drop(struct strings *s, size_t i)
{
	if (i >= s->list.len)
		return;
	mem_free(s->list.at[i]);
	vec_remove(&s->list, i);
}

/* The signers that are left are those whose signatures stand, in the same order. */
void
fold_sign_void(struct fold *f)
{
	int64_t of = json_int(f->d, "of", -1);
	size_t standing = 0;

	for (size_t i = 0; f->rs && i < f->rs->signatures.list.len; i++) {
		struct run_signature *g = &f->rs->signatures.list.at[i];

		if (g->voided >= 0)
			continue;
		if (g->seq != of) {
			standing++;
			continue;
		}
		g->voided = f->ev->seq;
		fold_set(&g->why, json_str(f->d, "reason", "?"));
		strings_drop(&f->rs->signers, standing);
		strings_drop(&f->rs->keys, standing);
		if (str_eq(f->rs->who, g->who))
			fold_set(&f->rs->who, NULL);
		fold_exception(f, "%s: the signature of %s (record %lld) is void: %s",
			f->rs->step->id, g->who, (long long)of, g->why);
		return;
	}
}

void
fold_change(struct fold *f)
{
	struct str why = STR_INIT;
	int64_t of = voided_by(f->r, f->ev, f->d, &why);

	if (of >= 0)
		vec_push(&f->r->changes.list,
			(struct run_change){of, f->ev->seq, str_take(&why)});
	str_release(&why);
}

void
fold_declined(struct fold *f)
{
	if (!f->rs)
		return;
	f->rs->declined = true;
	f->rs->second.leg = NONE; /* whoever confirmed takes it back */
	fold_set(&f->rs->who, f->ev->who);
	fold_set(&f->rs->reason, json_str(f->d, "reason", NULL));
	fold_exception(
		f, "%s declined: %s", f->rs->step->id, json_str(f->d, "reason", ""));
}

/* Edited back to what the file says, it is no longer edited; that it was stays said. */
void
fold_redline(struct fold *f)
{
	const char *new = json_str(f->d, "new", NULL), *old = json_str(f->d, "old", "");
	const char *risk = json_str(f->d, "risk", "");
	struct str diff = STR_INIT;

	if (added_fold(f) || !f->rs || !new)
		return;
	redline_diff(old, new, &diff);
	for (size_t i = 0; i < diff.len; i++)
		if (diff.buf[i] == '\n')
			diff.buf[i] = ' ';
	fold_exception(f, "%s: its command was edited: %s: %.*s", f->rs->step->id,
		json_str(f->d, "reason", ""), (int)text_fit(diff.buf, DIFF_CELLS),
		diff.buf);
	str_release(&diff);
	f->rs->redline_risk = RISK_SEVERE; /* of a later version: the worst */
	for (int k = RISK_NONE; k <= RISK_SEVERE; k++)
		if (strcmp(risk_name((enum risk)k), risk) == 0)
			f->rs->redline_risk = (enum risk)k;
	fold_set(&f->rs->redline, str_eq(new, f->rs->step->text) ? NULL : new);
	f->rs->text_seq = f->ev->seq;
	f->rs->second.leg = NONE; /* that was about another command */
}
