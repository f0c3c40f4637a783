#include <string.h>

#include "view/view_run.h"

#include "base/stamp.h"
#include "base/text.h"
#include "run/legs.h"
#include "run/progress.h"
#include "run/revised.h"
#include "run/second.h"
#include "run/timely.h"
#include "view/steptext.h"

/* What the marked step is, what it would do or did, and why it may not be acted upon. */

/* ---- legs ------------------------------------------------------------------------------ */

static void
leg_rows(const struct leg_run *lr, struct page *p)
{
	for (size_t i = 0; i < lr->rows.list.len; i++) {
		const struct judged_row *row = &lr->rows.list.at[i];

		page_line(p, SCROLL_NOTHING);
		page_addf(p, scene_verdict_style(row->verdict), "  %s",
			view_run_box(row->verdict));
		page_addf(p, STYLE_TEXT, " %s", row->field);
		page_column(p, 22);
		page_addf(p, STYLE_DIM, "want ");
		page_addf(p, STYLE_TEXT, "%s", row->want ? row->want : "-");
		page_column(p, 46);
		page_addf(p, STYLE_DIM, "got ");
		page_addf(p, STYLE_STRONG, "%s", row->got ? row->got : "-");
	}
}

static enum style
leg_style(enum leg_state s)
{
	switch (s) {
	case LEG_OK:
		return STYLE_OK;
	case LEG_FAILED:
		return STYLE_FAIL;
	case LEG_WARN:
	case LEG_UNKNOWN:
		return STYLE_WARN;
	case LEG_INTENDED:
	case LEG_RUNNING:
	case LEG_CANCELLING:
	case LEG_RETRY:
		return STYLE_RUN;
	case LEG_TODO:
	case LEG_SKIPPED:
		break;
	}
	return STYLE_DIM;
}

/* What ran and was taken back is not "to do". */
static const char *
leg_word(const struct leg_run *lr)
{
	if (lr->look && lr->state == LEG_INTENDED)
		return "looking"; /* of a look nobody says that it has begun */
	return lr->judged && lr->state == LEG_TODO ? "taken back since"
						   : run_leg_state_name(lr->state);
}

static void
leg_line(const struct leg *l, enum way way, const struct run_follow *follow,
	struct wall now, struct page *p)
{
	const struct leg_run *lr = &l->way[way];
	char took[STAMP_BYTES];
	struct wall from = lr->started.ms ? lr->started : lr->intended;

	page_line(p, SCROLL_NOTHING);
	page_addf(p, STYLE_STRONG, "  %s%s%s", l->host, l->each ? " " : "",
		l->each ? l->each : "");
	page_column(p, 16);
	page_addf(p, leg_style(lr->state), "%s%s", way == WAY_BACK ? "way back: " : "",
		leg_word(lr));
	if (follow && follow->offline)
		page_add(p, STYLE_WARN, " when last heard");
	if (lr->exit >= 0)
		page_addf(p, STYLE_TEXT, ", exit %d", lr->exit);
	if (lr->ended.ms)
		page_addf(p, STYLE_DIM, ", took %s", stamp_duration(lr->took_ms, took));
	else if (legs_active(lr) && now.ms > from.ms)
		page_addf(p, STYLE_DIM, ", since %s",
			stamp_duration((now.ms - from.ms) / 1000 * 1000, took));
	if (lr->attempt > 1)
		page_addf(p, STYLE_DIM, ", attempt %d", lr->attempt);
	if (lr->late)
		page_add(p, STYLE_FAIL, " LATE");
	if (lr->why)
		page_text(p, 4, STYLE_TEXT, lr->why);
	if (lr->state == LEG_UNKNOWN && lr->lost)
		page_text(p, 4, STYLE_TEXT, jobstate_look(jobstate_by_name(lr->lost)));
	if (lr->resolved) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_TEXT, "    settled as %s by %s: %s", lr->resolved_as,
			lr->resolved_by ? lr->resolved_by : "?", lr->evidence);
	}
	if (lr->warning)
		page_text(p, 4, STYLE_WARN, lr->warning);
	leg_rows(lr, p);
}

/* The last words of what failed, so that nobody has to look for them. */
static void
last_words(const struct run_scene *rs, struct ring_key key, struct page *p)
{
	enum { LAST = 3 };
	const struct ring_leg *l = ring_find(rs->output, key);

	for (size_t i = l && l->count > LAST ? l->count - LAST : 0; l && i < l->count;
		i++) {
		page_line(p, SCROLL_NOTHING);
		page_add(p, STYLE_DIM, "  | ");
		page_add(p, STYLE_TEXT, ring_line(l, i)->text);
	}
}

static void
heard(const struct run_scene *rs, const struct leg *l, struct ring_key key, int indent,
	struct page *p)
{
	const struct run_follow *f = view_run_followed(rs, key.step, key.leg, key.way);
	struct str text = STR_INIT;

	if (view_run_heard(f, l->host, &text))
		page_text(p, indent, f->offline ? STYLE_WARN : STYLE_DIM, text.buf);
	str_release(&text);
}

static void
legs_block(const struct run_scene *rs, int step, enum run_hosts hosts, struct wall now,
	struct page *p)
{
	const struct run_step *st = &rs->run->steps.list.at[step];
	bool columns = hosts == RUN_HOSTS_COLUMNS &&
		view_run_hosts(rs->run, step, now, p);
	int held = legs_held(rs->run, step);
	bool any = false;

	if (held != NONE) {
		struct str text = STR_INIT;

		str_addf(&text,
			"HELD: %s is DOWN. Leave it out with a reason, stop the step, or wait: it "
			"goes on when the host is back.",
			st->legs.list.at[held].host);
		page_text(p, 0, STYLE_WARN, text.buf);
		str_release(&text);
		any = true;
	}
	for (size_t i = 0; i < st->legs.list.len; i++) {
		const struct leg *l = &st->legs.list.at[i];
		const char *link = l->target == NONE || !rs->links ? NULL
								   : rs->links[l->target];

		for (int w = 0; w < 2; w++) {
			if (!l->way[w].attempt && l->way[w].state != LEG_SKIPPED)
				continue;
			/* what went well stands in its column already */
			if (columns &&
				(legs_ok(&l->way[w]) || l->way[w].state == LEG_TODO))
				continue;
			leg_line(l, w, view_run_followed(rs, step, (int)i, w), now, p);
			if (l->way[w].state == LEG_FAILED && rs->output)
				last_words(rs, (struct ring_key){step, (int)i, w}, p);
			if (!link) /* whose words say the same, and more */
				heard(rs, l, (struct ring_key){step, (int)i, w}, 4, p);
			any = true;
		}
		if (link)
			page_text(p, 4, STYLE_WARN, link);
	}
	if (any)
		page_blank(p);
}

/* ---- kinds ----------------------------------------------------------------------------- */

static void
acting(const struct run_scene *rs, int step, struct page *p)
{
	const struct run *r = rs->run;
	const struct step *s = &r->runbook->steps.list.at[step];
	struct str text = STR_INIT;
	const char *command = run_leg_text(r, step, LEG_ALL, WAY_FORWARD);

	steptext_where(r->runbook, s->host, &text);
	if (s->as)
		str_addf(&text, ", as %s", s->as);
	page_label(p, "Where", text.buf);
	page_block(p,
		&(struct page_block){.label = steptext_act_label(s->kind),
			.label_style = STYLE_DIM,
			.indent = 9,
			.first = steptext_is_shell(s->kind) ? "$ " : "",
			.style = STYLE_CODE,
			.id = SCROLL_NOTHING},
		command ? command : s->text);
	str_reset(&text);
	steptext_values(r, s, command ? command : s->text, &text);
	page_label(p, "With", text.buf);
	str_reset(&text);
	if (s->expect) {
		expect_text(s->expect, &text);
		page_label(p, "Expect", text.buf);
	}
	str_reset(&text);
	if (steptext_undo(r->runbook, s, &text))
		page_label(p, "Way back", text.buf);
	if (second_needed(r, step, WAY_FORWARD) &&
		!run_settled(&r->steps.list.at[step])) {
		const struct run_second *second = &r->steps.list.at[step].second;

		str_reset(&text);
		if (second->leg != NONE && second->leg == second_leg(r, step))
			str_addf(&text, "%s, #%lld", second->who, (long long)second->seq);
		else
			str_adds(&text, "two people: somebody else confirms it first");
		page_label(p, "Second", text.buf);
	}
	if (s->confirm) {
		char *phrase = run_phrase(r, step, LEG_ALL, WAY_FORWARD);

		page_label(p, "You type", phrase ? phrase : s->confirm);
		mem_free(phrase);
	}
	str_release(&text);
}

static void
asking(const struct run_scene *rs, int step, struct wall now, struct page *p)
{
	const struct run *r = rs->run;
	const struct step *s = &r->runbook->steps.list.at[step];
	const struct run_step *st = &r->steps.list.at[step];

	if (s->kind == STEP_ASK && s->input != NONE) {
		const struct input *in = &r->runbook->inputs.list.at[s->input];

		page_label(p, "Asks", in->ask ? in->ask : in->name);
		page_label(p, "Answer", run_value(r, in->scope, in->name));
	}
	for (size_t i = 0; s->kind == STEP_CHOOSE && i < s->options.list.len; i++) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_TEXT, "  %s %s", st->option == (int)i ? "[x]" : "[ ]",
			s->options.list.at[i].label);
		page_text(p, 6, STYLE_DIM, s->options.list.at[i].says);
	}
	if (s->kind == STEP_WAIT) {
		struct str until = STR_INIT;

		if (steptext_until(r, step, now, &until))
			page_label(p, "Until", until.buf);
		str_release(&until);
	}
	if (s->kind == STEP_DO && s->text && strcmp(s->text, s->title) != 0) {
		char *text = steptext_filled(r, step, s->text);

		page_text(p, 0, STYLE_TEXT, text);
		mem_free(text);
	}
	if (s->kind == STEP_DO && s->evidence != EVIDENCE_NOTHING) {
		static const char *const kinds[] = {
			"", "a text", "a link", "a value", "a file"};

		page_label(p, "Wants", kinds[s->evidence]);
	}
}

static void
signing(const struct run_scene *rs, int step, struct page *p)
{
	const struct run *r = rs->run;
	const struct step *s = &r->runbook->steps.list.at[step];
	const struct run_step *st = &r->steps.list.at[step];
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	char *says = s->says ? run_expand(r, s, s->says, NULL, &e) : NULL;

	page_label(p, "Role", s->role);
	page_prose(p, "Says", says ? says : s->says);
	mem_free(says);
	for (size_t i = 0; i < r->runbook->roles.list.len; i++) {
		const struct role *role = &r->runbook->roles.list.at[i];

		for (size_t k = 0;
			strcmp(role->name, s->role) == 0 && k < role->principals.list.len;
			k++)
			str_addf(&text, "%s%s", k ? ", " : "",
				role->principals.list.at[k]);
	}
	page_label(p, "May", text.buf);
	if (s->not_runner)
		page_label(p, "Not", "who ran the steps");
	str_reset(&text);
	revised_words(st, &text);
	if (revised_state(st) == REVISED_UNKNOWN)
		str_addf(&text, "%s", revised_allows(r, step, &e) ? "" : e.msg);
	page_label(p, "Changed", text.buf);
	str_reset(&text);
	for (size_t i = 0; i < st->signers.list.len; i++)
		str_addf(&text, "%s%s", i ? ", " : "", st->signers.list.at[i]);
	page_label(p, "Signed", text.buf);
	for (size_t i = 0; i < st->signatures.list.len; i++) {
		const struct run_signature *g = &st->signatures.list.at[i];

		if (g->voided < 0)
			continue;
		str_reset(&text);
		str_addf(&text, "%s's signature, since record %lld: %s", g->who,
			(long long)g->voided, g->why);
		page_label(p, "VOID", text.buf);
	}
	if (rs->signing)
		page_text(p, 0, STYLE_RUN, "signing now: the key may ask for a touch");
	str_release(&text);
}

/* ---- the whole ------------------------------------------------------------------------- */

static void
state_line(const struct run_scene *rs, int step, struct wall now, struct page *p)
{
	const struct run *r = rs->run;
	const struct run_step *st = &r->steps.list.at[step];
	enum step_state state = run_step_state(r, step);
	struct str timer = STR_INIT;
	char at[STAMP_BYTES];

	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, "State    ");
	page_addf(p, steptext_state_style(state), "%s %s", run_step_state_box(state),
		run_step_word(r, step));
	if (view_run_timer(r, step, now, &timer))
		page_addf(p, STYLE_TEXT, "  %s", timer.buf);
	for (size_t i = 0; i < rs->follows_len; i++)
		if (rs->follows[i].step == step && rs->follows[i].offline) {
			page_add(p, STYLE_WARN, ", NOT HEARD NOW");
			break;
		}
	if (run_settled(st) && st->who)
		page_addf(p, STYLE_TEXT, ", %s",
			strcmp(st->who, "auto") == 0 ? "proven by what was measured"
						     : st->who);
	if (st->settled_at.ms && run_settled(st))
		page_addf(p, STYLE_DIM, " at %s, event #%lld",
			stamp_clock(st->settled_at, at), (long long)st->seq);
	str_release(&timer);
}

static void
marks(const struct run *r, int step, struct page *p)
{
	const struct run_step *st = &r->steps.list.at[step];
	struct str text = STR_INIT;

	page_label(p, "Evidence", st->evidence);
	page_label(p, "Reason", st->reason);
	page_label(p, "Note", st->note);
	for (size_t i = 0; i < r->attached.list.len; i++) {
		const struct attached *a = &r->attached.list.at[i];

		if (a->step != step)
			continue;
		str_reset(&text);
		str_addf(&text, "%lld line%s of %s%s%s, event #%lld: %s",
			(long long)a->lines, a->lines == 1 ? "" : "s", a->name,
			a->host ? " on " : "", a->host ? a->host : "", (long long)a->seq,
			a->text);
		page_label(p, "Attached", text.buf);
	}
	str_release(&text);
}

/* Why Enter does nothing here now. */
static void
blocked(const struct run_scene *rs, int step, struct wall now, struct page *p)
{
	const struct run *r = rs->run;
	const struct step *s = &r->runbook->steps.list.at[step];
	struct err e = ERR_INIT;
	enum act act = s->kind == STEP_DO ? ACT_TICK
		: s->kind == STEP_CHOOSE  ? ACT_CHOOSE
		: s->kind == STEP_ASK     ? ACT_ANSWER
		: s->kind == STEP_SIGNOFF ? ACT_SIGN
					  : ACT_START;

	if (!run_settled(&r->steps.list.at[step]) &&
		!timely_allows(r, step, WAY_FORWARD, now, &e)) {
		page_label(p, "Not now", e.msg);
		return;
	}
	if (progress_is_heading(s) || run_settled(&r->steps.list.at[step]) ||
		run_step_state(r, step) == STEP_IS_RUNNING || view_run_act_word(r, step))
		return;
	if (!gate_allows(r, act, step, &e))
		page_label(p, "Not now", e.msg);
}

void
view_run_detail(const struct run_scene *rs, int step, enum run_hosts hosts,
	struct wall now, struct page *p)
{
	const struct run *r = rs->run;
	const struct step *s = &r->runbook->steps.list.at[step];

	if (!progress_is_heading(s))
		state_line(rs, step, now, p);
	blocked(rs, step, now, p);
	marks(r, step, p);
	legs_block(
		rs, step, hosts, now, p); /* what happened comes before what was meant */
	page_prose(p, "Why", s->why);
	switch (s->kind) {
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
		acting(rs, step, p);
		break;
	case STEP_WATCH:
		acting(rs, step, p);
		page_label(p, "Ends", steptext_watch_ends(s));
		break;
	case STEP_CHECK:
	case STEP_SOAK:
		view_run_checking(rs, step, now, p);
		break;
	case STEP_SIGNOFF:
		signing(rs, step, p);
		break;
	case STEP_SCHEDULE:
		page_label(p, "Leaves", s->text);
		break;
	default:
		asking(rs, step, now, p);
		break;
	}
	page_prose(p, "Explain", s->explain);
	for (size_t i = 0; i < s->links.list.len; i++)
		page_label(p, s->links.list.at[i].key, s->links.list.at[i].value);
}

/* ---- output ---------------------------------------------------------------------------- */

/* A line of the host; a long one may go on below itself. */
static void
one_line(const char *head, const char *text, enum run_lines lines, struct page *p)
{
	if (lines == RUN_LINES_WRAPPED) {
		page_block(p,
			&(struct page_block){
				.first = head, .style = STYLE_TEXT, .id = SCROLL_NOTHING},
			text);
		return;
	}
	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, head);
	page_add(p, STYLE_TEXT, text);
}

static void
live_lines(
	const struct ring_leg *l, const char *host, enum run_lines lines, struct page *p)
{
	struct str head = STR_INIT;
	struct str tail = STR_INIT;
	char at[STAMP_BYTES];

	if (l->dropped) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_DIM, "%llu earlier lines are in the record only",
			(unsigned long long)l->dropped);
	}
	for (size_t i = 0; i < l->count; i++) {
		const struct ring_line *line = ring_line(l, i);

		str_reset(&head);
		str_addf(&head, "%s %s | ", stamp_clock(line->at, at), host);
		one_line(head.buf, line->text, lines, p);
	}
	if (ring_partial(l, &tail)) {
		str_reset(&head);
		str_addf(&head, "%9s %s | ", "", host);
		one_line(head.buf, tail.buf, lines, p);
	}
	str_release(&head);
	str_release(&tail);
}

static void
kept_lines(const struct leg_run *lr, struct page *p)
{
	page_block(p, &(struct page_block){.style = STYLE_TEXT, .id = SCROLL_NOTHING},
		lr->output);
}

static void
way_output(const struct run_scene *rs, const struct leg *l, struct ring_key key,
	enum run_lines lines, struct page *p)
{
	const struct leg_run *lr = &l->way[key.way];
	const struct ring_leg *live = ring_find(rs->output, key);
	char at[STAMP_BYTES], took[STAMP_BYTES];

	if (!lr->attempt)
		return;
	if (lr->text) {
		struct str first = STR_INIT;

		str_addf(&first, "%s %s %s ", stamp_clock(lr->intended, at), l->host,
			key.way == WAY_BACK ? "undo $" : "$");
		page_block(p,
			&(struct page_block){.first = first.buf,
				.style = STYLE_CODE,
				.id = SCROLL_NOTHING},
			lr->text);
		str_release(&first);
	}
	if (live)
		live_lines(live, l->host, lines, p);
	else if (lr->output)
		kept_lines(lr, p);
	heard(rs, l, key, 0, p);
	if (lr->judged) {
		page_line(p, SCROLL_NOTHING);
		page_addf(p, STYLE_DIM, "%s %s = ", stamp_clock(lr->ended, at), l->host);
		page_addf(p, leg_style(lr->state), "%s", leg_word(lr));
		if (lr->exit >= 0)
			page_addf(p, STYLE_TEXT, ", exit %d", lr->exit);
		page_addf(p, STYLE_DIM, " after %s", stamp_duration(lr->took_ms, took));
	}
}

void
view_run_output(
	const struct run_scene *rs, int step, enum run_lines lines, struct page *p)
{
	const struct run_step *st = step >= 0 ? &rs->run->steps.list.at[step] : NULL;

	for (size_t i = 0; st && i < st->legs.list.len; i++)
		for (int w = 0; w < 2; w++)
			way_output(rs, &st->legs.list.at[i],
				(struct ring_key){step, (int)i, (enum way)w}, lines, p);
	if (!p->lines.len)
		page_text(p, 0, STYLE_DIM, "Nothing has run here yet.");
}
