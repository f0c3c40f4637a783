#include "view/view_ask.h"

#include <string.h>

#include "run/added.h"
#include "view/steptext.h"

/* The dialog that adds a step to this run. */

enum { WIDE = 110 };

void
view_ask_added(struct form *f, const struct run *r, int after, struct now now)
{
	int host = after >= 0 ? r->runbook->steps.list.at[after].host : NONE;

	form_init(f, "Add a step to this run only", now);
	f->wide = WIDE;
	form_add_field(f, ASK_TEXT, "Title");
	form_add_field(f, ASK_COMMAND, "Command");
	form_add_field(f, ASK_HOST, "Host");
	form_add_field(f, ASK_UNDO, "Undo");
	form_add_field(f, ASK_WHY_NOT, "Or why there is none");
	form_add_field(f, ASK_MORE, "Reason");
	form_add_button(f, ASK_YES, "Add it");
	form_add_button(f, ASK_NO, "Cancel");
	if (host != NONE)
		field_set(&form_item(f, ASK_HOST)->field,
			r->runbook->hosts.list.at[host].name);
	view_ask_added_update(f, r);
}

void
view_ask_added_words(const struct form *f, struct added_words *out)
{
	*out = (struct added_words){
		.title = form_field_text(f, ASK_TEXT),
		.text = form_field_text(f, ASK_COMMAND),
		.host = form_field_text(f, ASK_HOST),
		.undo = form_field_text(f, ASK_UNDO),
		.irreversible = form_field_text(f, ASK_WHY_NOT),
	};
}

/* The hosts that may be typed. */
static void
add_hosts(struct form *f, const struct run *r)
{
	struct str names = STR_INIT;

	for (size_t i = 0; i < r->runbook->hosts.list.len; i++)
		str_addf(
			&names, "%s%s", i ? ", " : "", r->runbook->hosts.list.at[i].name);
	if (names.len)
		form_body_label(f, "Hosts", names.buf);
	str_release(&names);
}

static void
add_risk(struct form *f, const char *label, const struct added_words *w,
	enum risk (*judge)(const struct added_words *w, struct str *why),
	const char *none)
{
	struct str why = STR_INIT, risk = STR_INIT;
	enum risk judged = judge(w, &why);

	if (judged == RISK_NONE)
		str_adds(&risk, none);
	else
		str_addf(&risk, "%s %s%s%s", risk_mark(judged), risk_name(judged),
			why.len ? ": " : "", why.len ? why.buf : "");
	if (risk.len)
		form_body_label(f, label, risk.buf);
	str_release(&risk);
	str_release(&why);
}

void
view_ask_added_update(struct form *f, const struct run *r)
{
	struct added_words w;
	struct err e = ERR_INIT;
	const char *off = NULL;

	view_ask_added_words(f, &w);
	form_body_clear(f);
	add_risk(f, "Risk", &w, added_risk, "none: somebody does it and ticks it");
	add_risk(f, "Undo", &w, added_undo_risk, "");
	add_hosts(f, r);
	form_body_text(f, STYLE_DIM,
		"No command: a person does it. No host: this machine. Nothing runs yet: it stands behind the other steps, is the next one, and is "
		"begun like any step. It is in the record, listed at every sign-off, and a "
		"patch for the runbook when the run is closed.");
	if (!added_fits(r, &w, &e))
		off = e.msg;
	else if (!form_field_text(f, ASK_MORE)[strspn(form_field_text(f, ASK_MORE), " ")])
		off = "off until there is a reason";
	form_button_off(f, ASK_YES, off);
}
