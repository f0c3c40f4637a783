#include "run/decide_person.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "run/correct.h"
#include "run/decide_watch.h"
#include "run/gate.h"
#include "run/inputs.h"

static const struct step *
step_of(const struct decide_ctx *c)
{
	return &c->r->runbook->steps.list.at[c->q->step];
}

/* Only what somebody said: what was measured is not corrected by words. */
static bool
corrected(const struct decide_ctx *c, int64_t *of, struct err *e)
{
	struct str words = STR_INIT;
	char *end;
	bool ok;

	*of = strtoll(c->q->name, &end, 10);
	ok = end != c->q->name && !*end && correct_words(c->r, *of, &words);
	str_release(&words);
	return ok ||
		err_set(e, ERR_INPUT,
			"record %.20s is no note, mark or evidence of this run that could be "
			"corrected",
			c->q->name);
}

bool
decide_person_note(struct decide_ctx *c, struct err *e)
{
	int step = c->q->step;
	int64_t of = -1;
	struct decide_data d;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e) ||
		!decide_emit_words(c->q->text, "the text of a note", e))
		return false;
	if (step < 0 || (size_t)step >= c->r->steps.list.len)
		step = NONE;
	if (c->q->name && !corrected(c, &of, e))
		return false;
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "text", c->q->text);
	decide_emit_maybe(&d, "account", c->q->account);
	if (c->q->name)
		jsonout_kint(&d.j, "of", of);
	decide_emit_maybe(&d, "drill", c->q->drill);
	return decide_emit_event(c, EVENT_NOTE, step, &d, e);
}

bool
decide_person_attach(struct decide_ctx *c, struct err *e)
{
	static const char *const all[] = {NULL};
	int step = c->q->step;
	struct decide_data d;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e))
		return false;
	if (!c->q->data)
		return err_set(e, ERR_STATE, "evidence could not be kept: %s",
			c->q->reason ? c->q->reason : "no bytes");
	if (step < 0 || (size_t)step >= c->r->steps.list.len)
		step = NONE;
	decide_emit_begin(&d);
	if (!decide_emit_members(&d, c->q->data, all, e)) {
		decide_emit_drop(&d);
		return false;
	}
	return decide_emit_event(c, EVENT_ATTACH, step, &d, e);
}

/* ---- marks ---------------------------------------------------------------------------- */

static const struct {
	const char *name, *what;
} evidence_kinds[] = {
	[EVIDENCE_NOTHING] = {"text", "evidence"},
	[EVIDENCE_TEXT] = {"text", "evidence"},
	[EVIDENCE_LINK] = {"link", "a link as evidence"},
	[EVIDENCE_VALUE] = {"value", "a value as evidence"},
	[EVIDENCE_FILE] = {"file", "a file as evidence"},
};

static bool
looks_like_url(const char *s)
{
	const char *rest = str_starts(s, "https://") ? s + 8
		: str_starts(s, "http://")           ? s + 7
						     : "";

	return *rest && *rest != '/' && !s[strcspn(s, " \t\r\n\"<>")];
}

static bool
evidence_fits(const struct decide_ctx *c, struct err *e)
{
	enum evidence_kind kind = step_of(c)->evidence;

	if (kind == EVIDENCE_NOTHING)
		return !decide_emit_said(c->q->evidence) ||
			decide_emit_words(c->q->evidence, "evidence", e);
	if (!decide_emit_words(c->q->evidence, evidence_kinds[kind].what, e))
		return false;
	if (kind == EVIDENCE_LINK && !looks_like_url(c->q->evidence))
		return err_set(e, ERR_INPUT, "the evidence must be a link (https://...)");
	return true;
}

/* It is a person who does it, and says so. */
static bool
done_by_person(const struct decide_ctx *c)
{
	enum step_kind k = step_of(c)->kind;

	return k == STEP_DO || (k == STEP_NOTIFY && !c->r->runbook->notifies);
}

/* Which mark a kind of step takes. A command or a probe proves itself: nobody ticks it
 * done, a person can only say that it was done by hand. */
static bool
mark_fits(const struct decide_ctx *c, struct err *e)
{
	enum step_kind k = step_of(c)->kind;
	enum tick t = c->q->tick;

	if (done_by_person(c))
		return true;
	switch (k) {
	case STEP_NOTIFY:
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
	case STEP_CHECK:
	case STEP_SOAK:
		return t == TICK_NA || t == TICK_BY_HAND ||
			err_set(e, ERR_REFUSED,
				"%s is proven by its expectation: it can be "
				"marked by-hand or na, with a reason",
				step_of(c)->id);
	case STEP_WATCH:
		return decide_watch_mark_fits(c, e);
	case STEP_WAIT:
		return t == TICK_NA || t == TICK_DONE ||
			err_set(e, ERR_INPUT,
				"a wait can be ended or marked na, with a reason");
	default:
		return t == TICK_NA ||
			err_set(e, ERR_INPUT, "%s can only be marked na, with a reason",
				step_of(c)->id);
	}
}

static void
add_evidence(const struct decide_ctx *c, struct decide_data *d)
{
	if (!decide_emit_said(c->q->evidence))
		return;
	jsonout_key(&d->j, "evidence");
	jsonout_open(&d->j);
	jsonout_kstr(&d->j, "kind", evidence_kinds[step_of(c)->evidence].name);
	jsonout_kstr(&d->j, "value", c->q->evidence);
	jsonout_close(&d->j);
}

bool
decide_person_tick(struct decide_ctx *c, struct err *e)
{
	static const char *const names[] = {
		[TICK_DONE] = "done",
		[TICK_NA] = "na",
		[TICK_BY_HAND] = "by-hand",
		[TICK_FAILED] = "failed",
	};
	bool done = c->q->tick == TICK_DONE;
	struct decide_data d;

	if (!gate_allows(c->r, ACT_TICK, c->q->step, e) || !mark_fits(c, e))
		return false;
	if (c->q->tick != TICK_NA && !gate_order(c->r, c->q->step, e))
		return false;
	if (done && !evidence_fits(c, e))
		return false;
	if (!(done && (done_by_person(c) || step_of(c)->kind == STEP_WATCH)) &&
		!decide_emit_words(c->q->reason, "a reason", e))
		return false;
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "state", names[c->q->tick]);
	add_evidence(c, &d);
	if (decide_emit_said(c->q->reason))
		jsonout_kstr(&d.j, "reason", c->q->reason);
	if (decide_emit_said(c->q->text))
		jsonout_kstr(&d.j, "note", c->q->text);
	return decide_emit_event(c, EVENT_TICK_SET, c->q->step, &d, e) &&
		decide_watch_end(c, done ? "seen" : names[c->q->tick], e);
}

bool
decide_person_untick(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_UNTICK, c->q->step, e))
		return false;
	if ((int)(intptr_t)map_get(&c->r->last_mark, decide_emit_who(c)) !=
			c->q->step + 1 ||
		!str_eq(c->r->steps.list.at[c->q->step].who, decide_emit_who(c)))
		return err_set(
			e, ERR_REFUSED, "only your own last mark can be taken back");
	decide_emit_begin(&d);
	jsonout_kint(&d.j, "of", c->r->steps.list.at[c->q->step].marked_seq);
	return decide_emit_event(c, EVENT_TICK_UNDO, c->q->step, &d, e);
}

bool
decide_person_skip(struct decide_ctx *c, struct err *e)
{
	struct decide_data d;

	if (!gate_allows(c->r, ACT_SKIP, c->q->step, e) ||
		!decide_emit_words(c->q->reason, "a reason", e))
		return false;
	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "reason", c->q->reason);
	return decide_emit_event(c, EVENT_STEP_SKIP, c->q->step, &d, e) &&
		decide_watch_end(c, "skipped", e);
}

bool
decide_person_choose(struct decide_ctx *c, struct err *e)
{
	const struct step *s = step_of(c);
	const struct option *o;
	struct decide_data d;

	if (!gate_allows(c->r, ACT_CHOOSE, c->q->step, e))
		return false;
	if (c->q->option < 0 || (size_t)c->q->option >= s->options.list.len)
		return err_set(e, ERR_INPUT, "%s has no such option", s->id);
	o = &s->options.list.at[c->q->option];
	if (o->go != NONE && o->go <= c->q->step)
		return err_set(e, ERR_REFUSED, "\"%s\" leads back: a run only goes on",
			o->label);
	decide_emit_begin(&d);
	jsonout_kint(&d.j, "option", c->q->option);
	jsonout_kstr(&d.j, "label", o->label);
	jsonout_kstr(&d.j, "goto",
		o->go == NONE ? NULL : c->r->runbook->steps.list.at[o->go].id);
	return decide_emit_event(c, EVENT_CHOICE_SET, c->q->step, &d, e);
}

/* ---- inputs --------------------------------------------------------------------------- */

static bool
set_input(struct decide_ctx *c, const struct input *in, int step, struct err *e)
{
	char *full = runbook_full_name(c->r->runbook, in->scope, in->name);
	struct decide_data d;

	decide_emit_begin(&d);
	jsonout_kstr(&d.j, "name", full);
	mem_free(full);
	if (in->from == SECRET_NOT) {
		jsonout_kstr(&d.j, "value", c->q->text);
	} else { /* that it was given is a fact; what it is stays in memory */
		jsonout_kstr(&d.j, "value", NULL);
		jsonout_kbool(&d.j, "secret", true);
	}
	return decide_emit_event(c, EVENT_INPUT_SET, step, &d, e);
}

static const struct input *
input_named(const struct runbook *rb, const char *full)
{
	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		const struct input *in = &rb->inputs.list.at[i];
		char *name = runbook_full_name(rb, in->scope, in->name);
		bool same = strcmp(name, full) == 0;

		mem_free(name);
		if (same)
			return in;
	}
	return NULL;
}

/* The ask step whose turn it is and that asks for this input; NONE. */
static int
ask_step_of(const struct run *r, const struct input *in)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct step *s = r->steps.list.at[i].step;

		if (s->kind == STEP_ASK && &r->runbook->inputs.list.at[s->input] == in &&
			gate_allows(r, ACT_ANSWER, (int)i, &e))
			return (int)i;
	}
	return NONE;
}

static bool
input_by_name(struct decide_ctx *c, struct err *e)
{
	const struct input *in = input_named(c->r->runbook, c->q->name);
	const char *old = map_get(&c->r->values, c->q->name);
	int ask;

	if (!gate_allows(c->r, ACT_NOTE, NONE, e))
		return false;
	if (!in)
		return err_set(e, ERR_INPUT, "there is no input %s", c->q->name);
	if (in->from != SECRET_NOT && c->q->text)
		return err_set(e, ERR_REFUSED,
			"%s is secret: it never goes to the record", in->name);
	if (in->from != SECRET_NOT) /* that it is another one is a fact */
		return set_input(c, in, NONE, e);
	if (!c->q->text)
		return err_set(e, ERR_INPUT, "%s: a value is missing", in->name);
	if (!inputs_fit(in, c->q->text, e))
		return false;
	ask = ask_step_of(c->r, in);
	if (ask == NONE && str_eq(old, c->q->text))
		return true;
	if (old && !inputs_may_change(c->r, (int)(in - c->r->runbook->inputs.list.at), e))
		return false;
	return set_input(c, in, ask, e);
}

bool
decide_person_input(struct decide_ctx *c, struct err *e)
{
	const struct input *in;

	if (c->q->name)
		return input_by_name(c, e);
	if (!gate_allows(c->r, ACT_ANSWER, c->q->step, e))
		return false;
	in = &c->r->runbook->inputs.list.at[step_of(c)->input];
	if (in->from == SECRET_NOT && !inputs_fit(in, c->q->text, e))
		return false;
	return set_input(c, in, c->q->step, e);
}
