#include "view/view_ask.h"

#include <string.h>

#include "run/armed.h"
#include "view/view_confirm.h"

/* The dialog that arms a run. */

void
view_ask_arm(struct form *f, const struct ask_arm *a, struct now now)
{
	struct str title = STR_INIT;
	struct form_item *it;

	str_addf(&title, "Arm this run: it may act in %s", armed_phrase(a->run));
	form_init(f, title.buf, now);
	form_right(f, STYLE_ENV_PROD, a->badge ? a->badge : "");
	f->wide = 76;
	f->guard_ms = CONFIRM_MODERATE_MS;
	it = form_add_field(f, ASK_TEXT, "Type");
	it->field.paste = FIELD_PASTE_REFUSED;
	form_add_button(f, ASK_YES, "Arm")->guarded = true;
	form_add_button(f, ASK_NO, "Go on observing");
	view_ask_arm_update(f, a);
	str_release(&title);
}

/* Every machine that a step of the run could reach. */
static void
machines(const struct runbook *rb, struct str *out)
{
	for (size_t i = 0; i < rb->targets.list.len; i++)
		str_addf(out, "%s%s", i ? ", " : "",
			strcmp(rb->targets.list.at[i].id, "local") == 0
				? "this machine"
				: rb->targets.list.at[i].id);
	if (!rb->targets.list.len)
		str_adds(out, "this machine");
}

static void
roles(const struct run *r, struct str *out)
{
	const struct strings *roles = &r->runbook->may_arm;

	for (size_t i = 0; i < roles->list.len; i++)
		str_addf(out, "%s%s", i ? " or " : "", roles->list.at[i]);
	str_adds(out, " (advisory: the rights on the hosts decide)");
}

void
view_ask_arm_update(struct form *f, const struct ask_arm *a)
{
	const struct run *r = a->run;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	bool may = armed_may(r, a->who, &e);

	form_body_clear(f);
	form_body_text(f, STYLE_STRONG, r->runbook->title);
	machines(r->runbook, &text);
	form_body_label(f, "Hosts", text.buf);
	form_body_label(f, "Now",
		"it observes: checks and looks run, nothing that changes something does");
	str_reset(&text);
	str_addf(&text,
		"each step still asks for its own confirmation; %d minutes after the last act, "
		"or when another console takes it up, the run observes again",
		ARMED_FOR_MS / 60000);
	form_body_label(f, "Then", text.buf);
	if (r->runbook->may_arm.list.len) {
		str_reset(&text);
		roles(r, &text);
		form_body_label(f, "Role", text.buf);
	}
	if (!may)
		form_body_text(f, STYLE_WARN, e.msg);
	str_reset(&text);
	str_addf(&text, "To arm it, type  %s", armed_phrase(r));
	form_caption(f, text.buf);
	form_button_off(f, ASK_YES,
		!may ? "off: see above"
			: strcmp(form_field_text(f, ASK_TEXT), armed_phrase(r)) == 0
			? NULL
			: "off until the words match");
	str_release(&text);
}
