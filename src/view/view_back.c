#include "view/view_back.h"

#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "run/gate.h"
#include "run/legs.h"
#include "view/steptext.h"

enum {
	WIDE = 120,
	NUMBER_CELLS = 4,
	TITLE_CELLS = 20, /* the command behind it is why one looks at this list */
	HOST_CELLS = 10,
	USUAL_CELLS = 8,
	BEGIN_GUARD_MS = 1000,
};

static const char *const marks[UNDO_KIND_COUNT] = {
	[UNDO_REVERSIBLE] = "[ ]",
	[UNDO_FAILED] = "[!]",
	[UNDO_IRREVERSIBLE] = "[-]",
	[UNDO_RESTORE] = "[-]",
	[UNDO_UNDONE] = "[x]",
	[UNDO_LEFT] = "[-]",
	[UNDO_RUNNING] = "[>]",
	[UNDO_UNKNOWN] = "[?]",
};

/* Cut to its column and filled up to it, with a blank behind. */
static void
cell(struct str *out, const char *text, size_t cells)
{
	struct str cut = STR_INIT;

	text_add_cut(&cut, text, cells, "…");
	str_adds(out, cut.buf);
	for (size_t n = text_cells(cut.buf); n <= cells; n++)
		str_addc(out, ' ');
	str_release(&cut);
}

static void
row_text(const struct run *r, const struct undo_row *u, struct str *out)
{
	const struct step *s = &r->runbook->steps.list.at[u->step];
	const struct leg *l = &r->steps.list.at[u->step].legs.list.at[u->leg];
	const char *left = l->way[WAY_BACK].why;
	char took[STAMP_BYTES] = "";
	struct str host = STR_INIT;

	str_addf(out, "%s ", marks[u->kind]);
	cell(out, s->number, NUMBER_CELLS);
	cell(out, s->title, TITLE_CELLS);
	str_addf(&host, "%s%s%s", u->host, l->each ? " " : "", l->each ? l->each : "");
	if (strcmp(u->on, u->host) != 0)
		str_addf(&host, " by %s", u->on);
	cell(out, host.buf, HOST_CELLS);
	str_release(&host);
	if (u->kind == UNDO_REVERSIBLE) {
		cell(out, u->usual_ms ? stamp_duration(u->usual_ms, took) : "-",
			USUAL_CELLS);
		str_addf(out, "%s%s%s$ ", risk_mark(u->risk),
			u->risk == RISK_NONE ? "" : " ", u->broken ? "(it failed) " : "");
	} else {
		str_addf(out, "%s: ", undo_kind_name(u->kind));
	}
	str_add_flat(out,
		u->kind == UNDO_LEFT && left ? left
			: u->text            ? u->text
					     : "the runbook has no undo for it");
}

void
view_back_sum(const struct undo_plan *plan, struct str *out)
{
	struct undo_counts n = undo_count(plan);
	int64_t all = 0;
	int unheard = 0;
	char took[STAMP_BYTES];

	for (size_t i = 0; i < plan->rows.len; i++) {
		const struct undo_row *u = &plan->rows.at[i];

		if (u->kind != UNDO_REVERSIBLE && u->kind != UNDO_FAILED)
			continue;
		all += u->usual_ms;
		unheard += !u->usual_ms;
	}
	str_addf(out, "%d to undo", n.undo);
	if (n.undo && unheard == n.undo)
		str_adds(out, " (no former run says how long that takes)");
	else if (n.undo)
		str_addf(out, ", about %s by former runs%s", stamp_duration(all, took),
			unheard ? " as far as they know" : "");
	if (n.stays)
		str_addf(out, ", %d cannot be undone and stay%s", n.stays,
			n.stays == 1 ? "s" : "");
	if (n.unknown)
		str_addf(out, ", %d unknown", n.unknown);
	if (n.undone)
		str_addf(out, ", %d undone", n.undone);
	if (n.left)
		str_addf(out, ", %d left as %s", n.left,
			n.left == 1 ? "it is" : "they are");
	if (n.running)
		str_addf(out, ", %d running", n.running);
}

static void
heads(struct form *f, const struct run *r, const struct undo_plan *plan)
{
	struct str text = STR_INIT;

	if (plan->rows.len)
		view_back_sum(plan, &text);
	else
		str_adds(&text, "Nothing has run that could be taken back.");
	form_body_text(f, STYLE_STRONG, text.buf);
	str_reset(&text);
	if (r->back.state == BACK_ON) {
		str_addf(&text, "Begun by %s: ", r->back.who ? r->back.who : "?");
		back_words(r, &text);
		form_body_text(f, STYLE_WARN, text.buf);
	} else if (r->back.state == BACK_OVER) {
		form_body_text(f, STYLE_TEXT, "The way back is over: close the run.");
	}
	str_reset(&text);
	if (r->runbook->rollback)
		str_addf(&text, "The runbook for going back: %s", r->runbook->rollback);
	else if (back_has_steps(r) && r->back.state == BACK_NEVER)
		str_addf(&text, "The runbook has steps of its own for it, too: %s  %s",
			r->runbook->steps.list.at[r->runbook->rollback_first].number,
			r->runbook->steps.list.at[r->runbook->rollback_first].title);
	if (text.len)
		form_body_text(f, STYLE_DIM, text.buf);
	str_release(&text);
}

void
view_back_list(
	struct form *f, const struct run *r, const struct undo_plan *plan, struct now now)
{
	struct form_item *list;

	form_init(f, "The way back, as it stands now", now);
	f->wide = WIDE;
	form_body_text(f, STYLE_TEXT,
		"What really ran, newest first. Enter on a row shows the command that takes it "
		"back and asks; nothing runs before that.");
	heads(f, r, plan);
	list = form_add_list(f, BACK_LIST, "");
	for (size_t i = 0; i < plan->rows.len; i++) {
		struct str text = STR_INIT;

		row_text(r, &plan->rows.at[i], &text);
		form_list_add(list, text.buf);
		str_release(&text);
	}
	form_add_button(f, BACK_ONE, "Take this back");
	form_add_button(
		f, BACK_ALL, r->back.state == BACK_ON ? "Go on" : "Lead all back");
	form_add_button(f, BACK_LEAVE, "Leave this");
	if (r->back.state == BACK_ON)
		form_add_button(f, BACK_END, "End");
	form_add_button(f, BACK_CLOSE, "Close");
	view_back_list_update(f, r, plan);
}

/* The rows are cut; the marked one is not. */
static void
mark_caption(struct form *f, const struct undo_row *u)
{
	struct str text = STR_INIT;

	if (u) {
		str_adds(&text,
			u->kind == UNDO_REVERSIBLE || u->kind == UNDO_FAILED ? "$ " : "");
		str_add_flat(&text, u->text ? u->text : undo_kind_means(u->kind));
	}
	form_caption(f, u ? text.buf : NULL);
	str_release(&text);
}

void
view_back_list_update(struct form *f, const struct run *r, const struct undo_plan *plan)
{
	int row = form_chosen(f, BACK_LIST);
	const struct undo_row *u = row == FORM_NO_ID || (size_t)row >= plan->rows.len
		? NULL
		: &plan->rows.at[row];
	struct err e = ERR_INIT;
	const char *why = !u ? "no row is marked"
		: u->kind == UNDO_REVERSIBLE || u->kind == UNDO_FAILED
		? NULL
		: "not for this one";

	mark_caption(f, u);
	if (!why && !gate_allows(r, ACT_BACK, u->step, &e))
		why = e.msg;
	form_button_off(f, BACK_ONE, why);
	form_button_off(f, BACK_LEAVE, why);
	form_button_off(
		f, BACK_ALL, gate_allows(r, ACT_BACK_ALL, NONE, &e) ? NULL : e.msg);
	if (form_item(f, BACK_END))
		form_button_off(f, BACK_END,
			gate_allows(r, ACT_BACK_END, NONE, &e) ? NULL : e.msg);
}

/* What each undo runs, exactly; what stays, and why. */
static void
whole_plan(struct form *f, const struct run *r, const struct undo_plan *plan)
{
	for (size_t i = 0; i < plan->rows.len; i++) {
		const struct undo_row *u = &plan->rows.at[i];
		struct str head = STR_INIT;
		char *title = steptext_title(r, u->step);
		char took[STAMP_BYTES];

		str_addf(&head, "%s %s  %s on %s", marks[u->kind],
			r->runbook->steps.list.at[u->step].number, title, u->on);
		if (u->kind != UNDO_REVERSIBLE)
			str_addf(&head, ": %s", undo_kind_name(u->kind));
		if (u->usual_ms)
			str_addf(
				&head, ", usually %s", stamp_duration(u->usual_ms, took));
		if (u->risk >= RISK_HARD &&
			(u->kind == UNDO_REVERSIBLE || u->kind == UNDO_FAILED))
			str_addf(&head, ", asks for words of its own (%s %s)",
				risk_mark(u->risk), risk_name(u->risk));
		form_body_text(f, STYLE_STRONG, head.buf);
		if (u->kind == UNDO_REVERSIBLE || u->kind == UNDO_FAILED)
			form_body_code(f, u->text);
		else if (u->kind == UNDO_IRREVERSIBLE || u->kind == UNDO_RESTORE)
			form_body_text(f, STYLE_RISK_2,
				u->text ? u->text : undo_kind_means(u->kind));
		else
			form_body_text(f, STYLE_DIM, undo_kind_means(u->kind));
		mem_free(title);
		str_release(&head);
	}
}

void
view_back_words(
	struct form *f, const struct run *r, const struct undo_plan *plan, struct now now)
{
	struct str sum = STR_INIT, title = STR_INIT;
	const char *env = r->environment ? r->environment : r->runbook->environment;
	struct form_item *it;

	str_addf(&title, "%s run %s back%s%s?",
		r->back.state == BACK_ON ? "Go on leading" : "Lead", r->id + ULID_LEN - 4,
		env ? " in " : "", env ? env : "");
	form_init(f, title.buf, now);
	form_right(f, STYLE_RISK_2, "nothing has run yet");
	f->wide = WIDE;
	f->guard_ms = BEGIN_GUARD_MS;
	view_back_sum(plan, &sum);
	form_body_text(f, STYLE_STRONG, sum.buf);
	form_body_text(f, STYLE_DIM,
		"One after the other in this order. It stops at the first that fails or whose "
		"outcome is unknown; Ctrl-C and hold stop it, too.");
	whole_plan(f, r, plan);
	it = form_add_field(f, BACK_WORDS, "Type");
	it->field.paste = FIELD_PASTE_REFUSED;
	it = form_add_button(f, BACK_BEGIN, "Begin");
	it->guarded = true;
	form_add_button(f, BACK_CANCEL, "Cancel");
	view_back_words_update(f, r);
	str_release(&sum);
	str_release(&title);
}

void
view_back_words_update(struct form *f, const struct run *r)
{
	char *undo = back_phrase(r, BACK_UNDO), *steps = back_phrase(r, BACK_STEPS);
	bool both = back_has_steps(r) && r->back.state != BACK_ON;
	char *caption = mem_printf(
		"To begin, type  %s%s%s", undo, both ? "  or  " : "", both ? steps : "");
	enum back_how how;
	struct err e = ERR_INIT;

	form_caption(f, caption);
	form_button_off(f, BACK_BEGIN,
		!gate_allows(r, ACT_BACK_ALL, NONE, &e) ? e.msg
			: back_typed(r, form_field_text(f, BACK_WORDS), &how)
			? NULL
			: "off until the words match");
	mem_free(caption);
	mem_free(steps);
	mem_free(undo);
}
