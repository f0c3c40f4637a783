#include "view/view_ask.h"

#include <string.h>

#include "base/mem.h"
#include "model/acttext.h"
#include "run/redline.h"
#include "run/voided.h"
#include "view/steptext.h"

/* The dialogs that edit a command for this run: which line, and what it becomes. */

static const char *
command_of(const struct run *r, int step)
{
	return run_leg_text(r, step, LEG_ALL, WAY_FORWARD);
}

static enum step_kind
kind_of(const struct run *r, int step)
{
	return r->runbook->steps.list.at[step].kind;
}

/* A line stands for itself; what has a name is told by it. */
static void
part_words(const struct acttext_part *p, const char *text, struct str *out)
{
	if (p->more)
		str_addf(out, "+ %s", p->label);
	else if (strcmp(p->label, "Line") == 0)
		str_add(out, text + p->at, p->len);
	else
		str_addf(out, "%-8s%.*s", p->label, (int)p->len, text + p->at);
}

void
view_ask_redline_lines(struct form *f, const struct run *r, int step, struct now now)
{
	const char *command = command_of(r, step);
	char *title = steptext_title(r, step);
	struct str words = STR_INIT;
	struct acttext_part part;
	struct form_item *list;

	form_init(f,
		kind_of(r, step) == STEP_RUN
			? "Edit the command for this run: which line?"
			: "Edit the step for this run: which part?",
		now);
	form_body_text(f, STYLE_STRONG, title);
	list = form_add_list(f, ASK_LIST, "");
	for (size_t i = 0; acttext_part(kind_of(r, step), command, i, &part); i++) {
		part_words(&part, command, &words);
		form_list_add(list, words.buf);
		str_reset(&words);
	}
	form_add_button(f, ASK_YES, "Edit this");
	form_add_button(f, ASK_NO, "Cancel");
	str_release(&words);
	mem_free(title);
}

void
view_ask_redline(
	struct form *f, const struct run *r, int step, size_t part, struct now now)
{
	const char *command = command_of(r, step);
	struct acttext_part p = {.label = "Line"};
	struct str text = STR_INIT;

	(void)acttext_part(kind_of(r, step), command, part, &p);
	str_add(&text, command + p.at, p.more ? 0 : p.len);
	form_init(f,
		kind_of(r, step) == STEP_RUN ? "Edit the command for this run only"
					     : "Edit the step for this run only",
		now);
	form_add_field(f, ASK_TEXT, p.label);
	field_set(&form_item(f, ASK_TEXT)->field, text.buf);
	form_add_field(f, ASK_MORE, "Reason");
	form_add_button(f, ASK_YES, "Edit it");
	form_add_button(f, ASK_NO, "Cancel");
	view_ask_redline_update(f, r, step, part);
	str_release(&text);
}

char *
view_ask_redline_text(const struct form *f, const struct run *r, int step, size_t part)
{
	return acttext_with(kind_of(r, step), command_of(r, step), part,
		form_field_text(f, ASK_TEXT));
}

void
view_ask_redline_update(struct form *f, const struct run *r, int step, size_t part)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	char *new = view_ask_redline_text(f, r, step, part),
	     *title = steptext_title(r, step);
	const char *reason = form_field_text(f, ASK_MORE), *off = NULL;
	struct str diff = STR_INIT, why = STR_INIT, risk = STR_INIT, voids = STR_INIT;
	bool same = strcmp(new, command_of(r, step)) == 0;
	enum risk judged = strcmp(new, s->text) == 0 ? s->risk
						     : redline_risk(s, new, &why);
	struct err e = ERR_INIT;

	redline_diff(command_of(r, step), new, &diff);
	form_body_clear(f);
	form_body_text(f, STYLE_STRONG, title);
	form_body_text(f, STYLE_CODE, same ? "nothing is changed yet" : diff.buf);
	str_addf(&risk, "%s %s", risk_mark(judged), risk_name(judged));
	if (judged != run_leg_risk(r, step, WAY_FORWARD))
		str_addf(
			&risk, ", was %s", risk_name(run_leg_risk(r, step, WAY_FORWARD)));
	if (why.len)
		str_addf(&risk, ": %s", why.buf);
	form_body_label(f, "Risk", risk.buf);
	form_body_label(f, "Way back",
		s->undo.text ? s->undo.text : "none, as the runbook has it");
	voided_signers(r, r->steps.list.at[step].text_seq, &voids);
	if (voids.len)
		form_body_label(f, "Voids", voids.buf);
	form_body_text(f, STYLE_DIM,
		"The runbook stays as it is; what was edited is in the record, listed at every "
		"sign-off, and named at the next start until the file has it.");
	if (same)
		off = "off until something is changed";
	else if (!redline_fits(r, step, new, &e))
		off = e.msg;
	else if (!reason[strspn(reason, " ")])
		off = "off until there is a reason";
	form_button_off(f, ASK_YES, off);
	str_release(&voids);
	str_release(&risk);
	str_release(&why);
	str_release(&diff);
	mem_free(title);
	mem_free(new);
}
