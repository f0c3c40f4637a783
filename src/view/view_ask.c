#include "view/view_ask.h"

#include <string.h>

#include "base/stamp.h"
#include "base/text.h"
#include "model/jobstate.h"
#include "run/legs.h"
#include "view/steptext.h"

enum { NUMBERS_MAX = 6 };

void
view_ask_open(struct form *f, const struct ask_words *w, struct now now)
{
	form_init(f, w->title, now);
	f->wide = 76;
	if (w->text)
		form_body_text(f, STYLE_TEXT, w->text);
	if (w->more)
		form_body_text(f, STYLE_DIM, w->more);
	if (w->rows) {
		struct form_item *list = form_add_list(f, ASK_LIST, "");

		for (size_t i = 0; w->rows[i]; i++)
			form_list_add(list, w->rows[i]);
	}
	if (w->field) {
		form_add_field(f, ASK_TEXT, w->field);
		if (w->value)
			field_set(&form_item(f, ASK_TEXT)->field, w->value);
	}
	if (w->second)
		form_add_field(f, ASK_MORE, w->second);
	form_add_button(f, ASK_YES, w->yes);
	form_add_button(f, ASK_NO, w->no ? w->no : "Cancel");
	if (!w->rows && !w->field)
		f->focus = (int)f->items.len - 1;
}

void
view_ask_need_text(struct form *f)
{
	const char *text = form_field_text(f, ASK_TEXT);

	form_button_off(
		f, ASK_YES, text[strspn(text, " ")] ? NULL : "off until there is a text");
}

static void
step_words(const struct run *r, int step, struct str *out)
{
	char *title = steptext_title(r, step);

	str_addf(out, "%s  %s", r->runbook->steps.list.at[step].number, title);
	mem_free(title);
}

void
view_ask_skip(struct form *f, const struct run *r, int step, struct now now)
{
	static const char *const rows[] = {
		[SKIP_SKIP] = "Skip it",
		[SKIP_NA] = "It is not applicable here",
		[SKIP_BY_HAND] = "I did it by hand, outside of handrail",
		NULL,
	};
	struct str text = STR_INIT;

	step_words(r, step, &text);
	view_ask_open(f,
		&(struct ask_words){.title = "Leave out a step",
			.text = text.buf,
			.more = "The reason is in the record and listed at every sign-off.",
			.field = "Reason",
			.rows = rows,
			.yes = "Record it"},
		now);
	for (int row = SKIP_BY_HAND + 1, leg;
		(leg = view_ask_skip_leg(r, step, row)) != NONE; row++) {
		const struct leg *l = &r->steps.list.at[step].legs.list.at[leg];

		str_reset(&text);
		str_addf(&text, "Only on %s%s%s%s: leave it out there", l->host,
			l->each ? " " : "", l->each ? l->each : "",
			run_is_down(r, l->target) ? ", which is DOWN" : "");
		form_list_add(form_item(f, ASK_LIST), text.buf);
		if (legs_held(r, step) == leg) /* that is why one is here */
			form_item(f, ASK_LIST)->scroll.id = row;
	}
	form_focus(f, ASK_TEXT);
	view_ask_need_text(f);
	str_release(&text);
}

int
view_ask_skip_leg(const struct run *r, int step, int row)
{
	const struct run_step *rs = &r->steps.list.at[step];

	if (rs->legs.list.len < 2)
		return NONE;
	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (legs_may_begin(rs, (int)i, WAY_FORWARD) && row-- == SKIP_BY_HAND + 1)
			return (int)i;
	return NONE;
}

/* ---- unknown outcomes ------------------------------------------------------------------ */

int
view_ask_unknown_leg(const struct run *r, int step, enum way *way)
{
	const struct run_step *rs = &r->steps.list.at[step];

	for (size_t i = 0; i < rs->legs.list.len; i++)
		for (int w = 0; w < 2; w++)
			if (rs->legs.list.at[i].way[w].state == LEG_UNKNOWN) {
				*way = (enum way)w;
				return (int)i;
			}
	return NONE;
}

void
view_ask_resolve(struct form *f, const struct run *r, int step, int leg, struct now now)
{
	static const char *const rows[] = {
		[RESOLVE_DONE] = "It was done",
		[RESOLVE_FAILED] = "It failed, or was done in part",
		[RESOLVE_NOTHING_RAN] = "It was not done: nothing ran",
		NULL,
	};
	const struct leg *l = &r->steps.list.at[step].legs.list.at[leg];
	enum way way = WAY_FORWARD;
	const struct leg_run *lr;
	enum job_state lost;
	struct str text = STR_INIT;

	view_ask_unknown_leg(r, step, &way);
	lr = &l->way[way];
	lost = jobstate_by_name(lr->lost);
	step_words(r, step, &text);
	view_ask_open(f,
		&(struct ask_words){
			.title = "Nobody knows what became of this: settle it",
			.text = text.buf,
			.field = "Evidence (text or link)",
			.rows = rows,
			.yes = "Settle it"},
		now);
	f->wide = 0;
	form_body_label(f, "Host", l->host);
	form_body_label(f, "Job", lr->job);
	form_body_label(f, "State", lr->lost);
	form_body_prose(f, "Why", lr->why ? lr->why : jobstate_means(lost));
	form_body_code(f, lr->text ? lr->text : "");
	form_body_text(f, STYLE_TEXT,
		lr->lost
			? jobstate_look(lost)
			: "It ended. Look on the host whether what it was for is there.");
	form_body_text(f, STYLE_DIM,
		"What you say here, and how you know it, is in the record.");
	view_ask_need_text(f);
	str_release(&text);
}

/* ---- choices --------------------------------------------------------------------------- */

void
view_ask_environment(
	struct form *f, const struct project *p, const char *now_chosen, struct now now)
{
	struct form_item *list;

	form_init(f, "Environment", now);
	form_body_text(f, STYLE_TEXT,
		"It gives runbooks their hosts and inputs. What is open stays as it is.");
	list = form_add_list(f, ASK_LIST, "");
	for (size_t i = 0; i < p->environments.list.len; i++) {
		const struct environment *e = &p->environments.list.at[i];
		char *text = mem_printf("%s  %s%s", e->name, e->badge ? e->badge : "",
			now_chosen && str_eq(e->name, now_chosen) ? "  (now)" : "");

		form_list_add(list, text);
		mem_free(text);
	}
	form_add_button(f, ASK_YES, "Choose");
	form_add_button(f, ASK_NO, "Cancel");
}

void
view_ask_look(struct form *f, const struct runbook *rb, struct now now)
{
	struct str hosts = STR_INIT;

	form_init(f, "Look at what handrail.yaml lists", now);
	form_body_text(f, STYLE_TEXT,
		"Its content is not trusted yet. These looks change nothing; they are made from "
		"here and on the hosts, again and again:");
	for (size_t i = 0; i < rb->probes.list.len; i++) {
		const struct probe *p = &rb->probes.list.at[i];
		char *text = mem_printf("%s %s%s%s", probe_kind_name(p->kind),
			p->subject ? p->subject : "", p->host == NONE ? "" : "  on ",
			p->host == NONE ? "" : rb->hosts.list.at[p->host].name);

		form_body_label(f, p->name, text);
		mem_free(text);
	}
	for (size_t i = 0; i < rb->targets.list.len; i++)
		str_addf(&hosts, "%s%s", i ? ", " : "", rb->targets.list.at[i].id);
	if (hosts.len)
		form_body_label(f, "Hosts", hosts.buf);
	form_add_button(f, ASK_YES, "Trust it and look");
	form_add_button(f, ASK_NO, "Cancel");
	str_release(&hosts);
}

/* What it says of itself, where it leads, and what is not needed then. */
static void
consequences(const struct run *r, int step, const struct option *o, struct str *out)
{
	const struct runbook *rb = r->runbook;
	int go = o->go == NONE ? step + 1 : o->go, left = 0;
	struct str numbers = STR_INIT;

	str_adds(out, o->says ? o->says : "");
	for (int i = step + 1; i < go; i++) {
		if (rb->steps.list.at[i].kind == STEP_SECTION ||
			rb->steps.list.at[i].kind == STEP_CALL ||
			run_settled(&r->steps.list.at[i]))
			continue;
		if (left++ < NUMBERS_MAX)
			str_addf(&numbers, "%s%s", left > 1 ? ", " : "",
				rb->steps.list.at[i].number);
	}
	if ((size_t)go < rb->steps.list.len && o->go != NONE)
		str_addf(out, "%sGoes on with step %s, %s.", out->len ? " " : "",
			rb->steps.list.at[go].number, rb->steps.list.at[go].title);
	if (left > NUMBERS_MAX)
		str_addf(out, " Not needed then: %d steps from %.*s on.", left,
			(int)strcspn(numbers.buf, ","), numbers.buf);
	else if (left)
		str_addf(out, " Not needed then: %s.", numbers.buf);
	str_release(&numbers);
}

void
view_ask_choose(struct form *f, const struct run *r, int step, struct now now)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	struct form_item *list;

	form_init(f, "Decide", now);
	form_body_text(f, STYLE_STRONG, s->text ? s->text : s->title);
	form_body_prose(f, "Why", s->why);
	for (size_t i = 0; i < s->options.list.len; i++) {
		struct str text = STR_INIT;

		consequences(r, step, &s->options.list.at[i], &text);
		form_body_label(f, s->options.list.at[i].label, text.buf);
		str_release(&text);
	}
	list = form_add_list(f, ASK_LIST, "");
	for (size_t i = 0; i < s->options.list.len; i++)
		form_list_add(list, s->options.list.at[i].label);
	form_add_button(f, ASK_YES, "Decide");
	form_add_button(f, ASK_NO, "Cancel");
}
