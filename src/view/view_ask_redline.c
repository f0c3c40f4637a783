#include "view/view_ask.h"

#include <string.h>

#include "base/mem.h"
#include "run/redline.h"
#include "view/steptext.h"

/* The dialogs that edit a command for this run: which line, and what it becomes. */

static const char *
command_of(const struct run *r, int step)
{
	return run_leg_text(r, step, LEG_ALL, WAY_FORWARD);
}

void
view_ask_redline_lines(struct form *f, const struct run *r, int step, struct now now)
{
	char *title = steptext_title(r, step);
	struct str line = STR_INIT;
	struct form_item *list;

	form_init(f, "Edit the command for this run: which line?", now);
	form_body_text(f, STYLE_STRONG, title);
	list = form_add_list(f, ASK_LIST, "");
	for (size_t i = 0; redline_line(command_of(r, step), i, &line); i++) {
		form_list_add(list, line.buf);
		str_reset(&line);
	}
	form_add_button(f, ASK_YES, "Edit this line");
	form_add_button(f, ASK_NO, "Cancel");
	str_release(&line);
	mem_free(title);
}

void
view_ask_redline(
	struct form *f, const struct run *r, int step, size_t line, struct now now)
{
	struct str text = STR_INIT;

	(void)redline_line(command_of(r, step), line, &text);
	form_init(f, "Edit the command for this run only", now);
	form_add_field(f, ASK_TEXT, "Line");
	field_set(&form_item(f, ASK_TEXT)->field, text.buf);
	form_add_field(f, ASK_MORE, "Reason");
	form_add_button(f, ASK_YES, "Edit it");
	form_add_button(f, ASK_NO, "Cancel");
	view_ask_redline_update(f, r, step, line);
	str_release(&text);
}

char *
view_ask_redline_text(const struct form *f, const struct run *r, int step, size_t line)
{
	return redline_with(command_of(r, step), line, form_field_text(f, ASK_TEXT));
}

void
view_ask_redline_update(struct form *f, const struct run *r, int step, size_t line)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	char *new = view_ask_redline_text(f, r, step, line),
	     *title = steptext_title(r, step);
	const char *reason = form_field_text(f, ASK_MORE), *off = NULL;
	struct str diff = STR_INIT, why = STR_INIT, risk = STR_INIT;
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
	form_body_text(f, STYLE_DIM,
		"The runbook stays as it is; what was edited is in the record, listed at every "
		"sign-off, and named at the next start until the file has it.");
	if (same)
		off = "off until something is changed";
	else if (!redline_fits(new, &e))
		off = e.msg;
	else if (!reason[strspn(reason, " ")])
		off = "off until there is a reason";
	form_button_off(f, ASK_YES, off);
	str_release(&risk);
	str_release(&why);
	str_release(&diff);
	mem_free(title);
	mem_free(new);
}
