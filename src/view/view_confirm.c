#include "view/view_confirm.h"

#include <string.h>

#include "base/stamp.h"
#include "base/text.h"
#include "run/before.h"
#include "run/gate.h"
#include "run/legs.h"
#include "run/second.h"
#include "run/voided.h"
#include "view/steptext.h"

static const struct step *
step_of(const struct confirm_scene *c)
{
	return &c->run->runbook->steps.list.at[c->step];
}

/* The leg that would begin. */
static int
first_leg(const struct confirm_scene *c)
{
	return c->leg != LEG_ALL ? c->leg : legs_first(c->run, c->step, c->way);
}

/* "web1, then web2": the hosts this one act would reach. */
static void
targets(const struct confirm_scene *c, struct str *out)
{
	const struct run_step *rs = &c->run->steps.list.at[c->step];
	int first = first_leg(c);
	bool one = c->leg != LEG_ALL || c->way == WAY_BACK ||
		legs_one_by_one(c->run, c->step, c->way);

	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg *l = &rs->legs.list.at[i];

		if (one ? (int)i != first : legs_ok(&l->way[c->way]))
			continue;
		str_addf(out, "%s%s%s%s", out->len ? ", then " : "",
			l->target == NONE ? "this machine" : l->host, l->each ? " " : "",
			l->each ? l->each : "");
	}
}

static void
title_for(const struct confirm_scene *c, enum risk risk, struct str *out)
{
	const struct step *s = step_of(c);
	const char *verb = risk == RISK_NONE ? "Look again at"
		: c->way == WAY_BACK         ? "Take back"
					     : "Run";
	struct str at = STR_INIT;

	targets(c, &at);
	if (risk == RISK_SEVERE)
		str_addf(out, "SEVERE  this step destroys data: %s step %s%s%s?",
			c->way == WAY_BACK ? "take back" : "run", s->number,
			at.len ? " on " : "", at.buf);
	else
		str_addf(out, "%s step %s%s%s?", verb, s->number, at.len ? " on " : "",
			at.buf);
	str_release(&at);
}

void
view_confirm_open(struct form *f, const struct confirm_scene *c, struct now now)
{
	static const int64_t guards[] = {
		[RISK_NONE] = 0,
		[RISK_MODERATE] = CONFIRM_MODERATE_MS,
		[RISK_HARD] = CONFIRM_HARD_MS,
		[RISK_SEVERE] = CONFIRM_SEVERE_MS,
	};
	enum risk risk = run_leg_risk(c->run, c->step, c->way);
	struct str text = STR_INIT;
	struct form_item *it;

	title_for(c, risk, &text);
	form_init(f, text.buf, now);
	str_reset(&text);
	str_addf(&text, "RISK %s %s", risk_mark(risk), risk_name(risk));
	form_right(f, steptext_risk_style(risk), text.buf);
	f->guard_ms = guards[risk];
	if (risk >= RISK_HARD) {
		it = form_add_field(f, CONFIRM_PHRASE, "Type");
		it->field.paste = FIELD_PASTE_REFUSED;
	}
	it = form_add_button(f, CONFIRM_RUN, risk == RISK_NONE ? "Look" : "Run it");
	it->guarded = true;
	if (second_needed(c->run, c->step, c->way))
		form_add_button(f, CONFIRM_SECOND, "Second person");
	form_add_button(f, CONFIRM_CANCEL, "Cancel");
	view_confirm_update(f, c, now);
	str_release(&text);
}

static void
consequences(struct form *f, const struct confirm_scene *c)
{
	const struct step *s = step_of(c);
	struct str text = STR_INIT;
	char limit[STAMP_BYTES];

	if (c->way == WAY_FORWARD && s->irreversible) {
		form_body_text(f, STYLE_RISK_2, "This cannot be undone:");
		form_body_text(f, STYLE_TEXT, s->irreversible);
	} else if (c->way == WAY_FORWARD && steptext_undo(c->run->runbook, s, &text)) {
		form_body_label(f, "Way back", text.buf);
	}
	str_reset(&text);
	if (c->way == WAY_FORWARD && s->kind == STEP_COPY)
		form_body_label(f, "Proof", "the sha256 is the same at both ends");
	if (c->way == WAY_FORWARD && s->expect) {
		expect_text(s->expect, &text);
		form_body_label(f, "Expect", text.buf);
	} else if (c->way == WAY_BACK) {
		if (s->undo.expect)
			expect_text(s->undo.expect, &text);
		form_body_label(f, "Expect", text.len ? text.buf : "exit 0");
	}
	if (c->way == WAY_BACK) {
		str_reset(&text);
		voided_signers(c->run,
			c->run->steps.list.at[c->step]
				.legs.list.at[c->leg == LEG_ALL ? 0 : c->leg]
				.way[WAY_FORWARD]
				.seq,
			&text);
		if (text.len)
			form_body_label(f, "Voids", text.buf);
	}
	if (s->timeout_ms) {
		str_reset(&text);
		str_addf(&text, "late after %s; it goes on until you decide",
			stamp_duration(s->timeout_ms, limit));
		form_body_label(f, "Time", text.buf);
	}
	str_release(&text);
}

/* Probes that must be well before it may run: looked at while this is read. */
static void
before_rows(struct form *f, const struct confirm_scene *c, struct now now)
{
	const struct run_step *rs = &c->run->steps.list.at[c->step];
	char at[STAMP_BYTES];

	for (size_t i = 0; c->way == WAY_FORWARD && i < rs->step->before.list.len; i++) {
		int probe = rs->step->before.list.at[i];
		const struct reading *rd = before_reading(rs, probe);
		bool old = rd && now.wall.ms - rd->at.ms > BEFORE_FRESH_MS;
		struct str text = STR_INIT;

		str_addf(&text, "%s %s  ",
			!rd || old                          ? "[ ]"
				: rd->verdict == VERDICT_OK ? "[x]"
							    : "[!]",
			c->run->runbook->probes.list.at[probe].name);
		if (rd && !old)
			str_addf(&text, "%s   %s", rd->message ? rd->message : "",
				stamp_clock(rd->at, at));
		else
			str_adds(&text, "is looked at now");
		form_body_label(f, i ? "" : "Before", text.buf);
		str_release(&text);
	}
}

static bool
second_missing(const struct confirm_scene *c, struct now now)
{
	return second_needed(c->run, c->step, c->way) &&
		second_there(c->run, c->step, first_leg(c), now.wall) < 0;
}

static void
people(struct form *f, const struct confirm_scene *c, struct now now)
{
	const struct run_second *second = &c->run->steps.list.at[c->step].second;
	struct str text = STR_INIT;
	char at[STAMP_BYTES];

	if (!second_needed(c->run, c->step, c->way))
		return;
	if (second_missing(c, now))
		str_addf(&text,
			"this step needs two people, and nobody else has confirmed it: they sign "
			"here, or, when this console has left the run, in a shell with  handrail "
			"sign %s %s",
			c->run->id, step_of(c)->number);
	else
		str_addf(&text, "%s %s at %s (#%lld)", second->who,
			second->forced ? "broke the glass for one person"
				       : "has confirmed",
			stamp_clock(second->at, at), (long long)second->seq);
	form_body_label(f, "Second", text.buf);
	str_release(&text);
}

static void
command(struct form *f, const struct confirm_scene *c)
{
	const struct step *s = step_of(c);
	const char *text = run_leg_text(c->run, c->step, first_leg(c), c->way);
	struct str values = STR_INIT;
	char *title = steptext_title(c->run, c->step);
	struct str head = STR_INIT, where = STR_INIT;

	str_addf(&head, "%s  %s", s->number, title);
	form_body_text(f, STYLE_STRONG, head.buf);
	form_body_prose(f, "Why", s->why);
	targets(c, &where);
	if (s->as)
		str_addf(&where, ", as %s", s->as);
	if (c->badge)
		str_addf(&where, "   (%s)", c->badge);
	form_body_label(f, "Target", where.len ? where.buf : "this machine");
	if (c->link)
		form_body_text(f, STYLE_WARN, c->link);
	if (s->kind == STEP_COPY && c->way == WAY_FORWARD) {
		form_body_label(f, "File", text);
	} else {
		form_body_heading(f, "Exactly this");
		form_body_code(f, text ? text : "");
	}
	if (c->way == WAY_FORWARD && c->run->steps.list.at[c->step].redline)
		form_body_text(
			f, STYLE_WARN, "Edited for this run: not what the runbook says");
	steptext_values(c->run, s, text, &values);
	form_body_label(f, "With", values.buf);
	if (c->source)
		form_body_label(f, "Source", c->source);
	if (c->target)
		form_body_label(f, "There now", c->target);
	str_release(&values);
	str_release(&where);
	str_release(&head);
	mem_free(title);
}

static void
check_text(struct form *f, const struct confirm_scene *c)
{
	const struct step *s = step_of(c);

	form_body_text(f, STYLE_STRONG, s->title);
	for (size_t i = 0; i < s->probes.list.len; i++) {
		const struct probe *pr = &c->run->runbook->probes.list
						  .at[s->probes.list.at[i]];

		form_body_label(f, pr->name, pr->subject);
	}
	form_body_text(f, STYLE_DIM, "This only looks.");
}

/* As the engine sees it: a host of the file that is one machine may be called by its name
 * there, too. */
static bool
words_match(const struct form *f, const struct confirm_scene *c, const char *phrase)
{
	const struct runbook *rb = c->run->runbook;
	const char *typed = form_field_text(f, CONFIRM_PHRASE);
	int target = run_leg_target(c->run, c->step, first_leg(c), c->way);
	const struct host *h;
	struct err e = ERR_INIT;
	char *other;
	bool same;

	if (strcmp(typed, phrase) == 0)
		return true;
	if (target == NONE)
		return false;
	h = &rb->hosts.list.at[rb->targets.list.at[target].host];
	if (h->target_count != 1)
		return false;
	other = run_phrase_for(c->run, c->step, c->way, h->name, &e);
	same = str_eq(typed, other);
	mem_free(other);
	return same;
}

/* Not the words of the phrase: those stand in the body for the operator to read. */
static const char *
why_off(const struct form *f, const struct confirm_scene *c, const char *phrase,
	struct now now)
{
	struct err e = ERR_INIT;

	if (!gate_allows(c->run, c->way == WAY_BACK ? ACT_BACK : ACT_START, c->step, &e))
		return "not possible now";
	if (second_missing(c, now))
		return "off: no second person";
	if (c->way == WAY_FORWARD && !before_good(c->run, c->step, now.wall))
		return "off: not all is checked good";
	if (phrase && !words_match(f, c, phrase))
		return "off until the words match";
	return NULL;
}

void
view_confirm_update(struct form *f, const struct confirm_scene *c, struct now now)
{
	char *phrase = form_item(f, CONFIRM_PHRASE)
		? run_phrase(c->run, c->step, c->leg, c->way)
		: NULL;
	struct err e = ERR_INIT;

	form_body_clear(f);
	if (step_kind_looks(step_of(c)->kind)) {
		check_text(f, c);
	} else {
		command(f, c);
		consequences(f, c);
		before_rows(f, c, now);
		people(f, c, now);
	}
	if (!gate_allows(c->run, c->way == WAY_BACK ? ACT_BACK : ACT_START, c->step, &e))
		form_body_label(f, "Not now", e.msg);
	if (phrase) {
		char *caption = mem_printf("To run it, type  %s", phrase);

		form_caption(f, caption);
		mem_free(caption);
	}
	form_button_off(f, CONFIRM_RUN, why_off(f, c, phrase, now));
	if (form_item(f, CONFIRM_SECOND))
		form_button_off(f, CONFIRM_SECOND,
			second_missing(c, now) ? NULL : "somebody has confirmed it");
	mem_free(phrase);
}
