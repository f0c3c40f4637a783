#include "view/view_sign.h"

#include <string.h>

#include "base/text.h"
#include "run/revised.h"
#include "run/second.h"
#include "run/statement.h"
#include "view/steptext.h"

void
view_sign_open(struct form *f, const struct sign_scene *s, struct now now)
{
	const struct step *st = &s->run->runbook->steps.list.at[s->step];
	struct str text = STR_INIT;

	if (st->kind == STEP_SIGNOFF)
		str_addf(&text, "Sign-off: %s", st->role);
	else
		str_adds(&text, "Second person: confirm what somebody else runs");
	form_init(f, text.buf, now);
	str_reset(&text);
	str_addf(&text, "step %s", st->number);
	form_right(f, STYLE_DIM, text.buf);
	f->guard_ms = 600;
	form_add_list(f, SIGN_KEY, "Key");
	form_add_field(f, SIGN_COMMENT, "Comment");
	form_add_check(f, SIGN_LOOKED, "");
	form_add_button(f, SIGN_SIGN, "Sign")->guarded = true;
	form_add_button(f, SIGN_DECLINE, "Decline with reason");
	form_add_button(f, SIGN_BACK, "Back");
	f->press = SIGN_SIGN;
	view_sign_keys(f, s);
	view_sign_update(f, s);
	str_release(&text);
}

void
view_sign_keys(struct form *f, const struct sign_scene *s)
{
	struct form_item *list = form_item(f, SIGN_KEY);

	form_list_clear(list);
	mem_free(list->label);
	list->label = mem_strdup(s->listing ? "Key (looking for keys ...)" : "Key");
	for (size_t i = 0; i < s->keys_len; i++) {
		const struct sign_scene_key *k = &s->keys[i];
		struct str text = STR_INIT;

		str_addf(&text, "%s  %s %s%s",
			k->principal ? k->principal : "(not allowed to sign)",
			k->fingerprint, k->name, k->from_agent ? ", from the agent" : "");
		form_list_add(list, text.buf);
		str_release(&text);
	}
}

static void
exceptions(struct form *f, const struct sign_scene *s)
{
	struct exceptions x = {0};
	struct form_item *looked;
	struct str text = STR_INIT;

	statement_exceptions(s->run, &x);
	for (size_t i = 0; i < x.list.len; i++) {
		str_reset(&text);
		str_addf(&text, "[!] %s   #%lld", x.list.at[i].text,
			(long long)x.list.at[i].seq);
		form_body_text(f, STYLE_WARN, text.buf);
	}
	if (!x.list.len)
		form_body_text(f, STYLE_TEXT,
			"[x] no exceptions: nothing was skipped or forced");
	looked = form_item(f, SIGN_LOOKED);
	mem_free(looked->label);
	looked->label = mem_strdup(x.list.len
			? "I have looked at every line marked [-] [!] [?] above"
			: "I have read the words above; there are no exceptions");
	statement_exceptions_release(&x);
	str_release(&text);
}

static void
evidence(struct form *f, const struct run *r)
{
	struct run_counts n = run_count(r);
	struct str text = STR_INIT;
	size_t proven = 0, by_person = 0;

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];

		if (rs->state == STEP_IS_DONE && rs->step->kind != STEP_SECTION &&
			rs->step->kind != STEP_CALL) {
			proven += rs->who && strcmp(rs->who, "auto") == 0;
			by_person += !rs->who || strcmp(rs->who, "auto") != 0;
		}
	}
	str_addf(&text, "%d of %d steps done: %zu proven by a check, %zu by a person",
		n.done, n.total, proven, by_person);
	form_body_label(f, "Evidence", text.buf);
	str_release(&text);
}

/* Of a step that two people do: what would run, exactly, and who may not confirm it. */
static void
what_would_run(struct form *f, const struct sign_scene *s)
{
	const struct run *r = s->run;
	const struct run_step *rs = &r->steps.list.at[s->step];
	int leg = second_leg(r, s->step);
	const char *text = run_leg_text(r, s->step, leg, WAY_FORWARD);
	struct str who = STR_INIT, values = STR_INIT;

	if (leg == NONE)
		return;
	form_body_label(f, "Target",
		rs->legs.list.at[leg].target == NONE ? "this machine"
						     : rs->legs.list.at[leg].host);
	form_body_heading(f, "Exactly this");
	form_body_code(f, text ? text : "");
	steptext_values(r, rs->step, text, &values);
	form_body_label(f, "With", values.buf);
	if (rs->step->irreversible)
		form_body_label(f, "For ever", rs->step->irreversible);
	for (size_t i = 0; i < r->runners.list.len; i++)
		str_addf(&who, "%s%s",
			i ? ", " : "not who runs it: ", r->runners.list.at[i]);
	form_body_label(f, "Rules", who.buf);
	str_release(&who);
	str_release(&values);
}

static void
rules(struct form *f, const struct sign_scene *s)
{
	const struct step *st = &s->run->runbook->steps.list.at[s->step];
	const struct run_step *rs = &s->run->steps.list.at[s->step];
	struct str text = STR_INIT;

	str_addf(&text, "role %s", st->role);
	for (size_t i = 0; i < s->run->runbook->roles.list.len; i++) {
		const struct role *role = &s->run->runbook->roles.list.at[i];

		for (size_t k = 0; strcmp(role->name, st->role) == 0 &&
			k < role->principals.list.len;
			k++)
			str_addf(&text, "%s%s", k ? ", " : ": ",
				role->principals.list.at[k]);
	}
	if (st->not_runner) {
		str_adds(&text, "; not who ran the steps");
		for (size_t i = 0; i < s->run->runners.list.len; i++)
			str_addf(&text, "%s%s", i ? ", " : " (",
				s->run->runners.list.at[i]);
		str_adds(&text, s->run->runners.list.len ? ")" : "");
	}
	if (st->count > 1)
		str_addf(&text, "; needs %d signatures, %zu there", st->count,
			rs->signers.list.len);
	form_body_label(f, "Rules", text.buf);
	str_reset(&text);
	revised_words(rs, &text);
	if (text.len)
		form_body_label(f, "Changed", text.buf);
	str_release(&text);
}

static const char *
why_off(const struct form *f, const struct sign_scene *s)
{
	if (s->signing)
		return "signing now";
	if (!s->statement)
		return s->listing ? "looking for keys" : "see above";
	return form_checked(f, SIGN_LOOKED) ? NULL : "tick the box first";
}

void
view_sign_update(struct form *f, const struct sign_scene *s)
{
	const struct step *st = &s->run->runbook->steps.list.at[s->step];
	struct err e = ERR_INIT;
	char *says = st->says ? run_expand(s->run, st, st->says, NULL, &e) : NULL;
	struct str text = STR_INIT;

	form_body_clear(f);
	form_body_text(f, STYLE_STRONG, says ? says : st->says ? st->says : st->title);
	if (st->kind != STEP_SIGNOFF)
		what_would_run(f, s);
	evidence(f, s->run);
	exceptions(f, s);
	if (st->kind == STEP_SIGNOFF)
		rules(f, s);
	if (s->statement) {
		form_body_blank(f);
		form_body_heading(f, "You sign exactly these words");
		form_body_text(f, STYLE_CODE, s->statement);
	}
	form_body_blank(f);
	str_addf(&text, "handrail sign %s %s  (when this console has left the run)",
		s->run->id, st->number);
	form_body_label(f, "Or shell", text.buf);
	if (s->signing)
		form_body_text(f, STYLE_RUN,
			"Signing: a key in hardware may want a touch, one with a passphrase asks.");
	/* a reason must not lie below the fold */
	form_caption(f, s->why);
	form_button_off(f, SIGN_SIGN, why_off(f, s));
	mem_free(says);
	str_release(&text);
}
