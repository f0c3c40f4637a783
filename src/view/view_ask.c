#include "view/view_ask.h"

#include <string.h>

#include "base/stamp.h"
#include "base/text.h"
#include "model/jobstate.h"
#include "run/legs.h"
#include "view/steptext.h"

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
	view_ask_need_text(f);
	str_release(&text);
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
view_ask_choose(struct form *f, const struct run *r, int step, struct now now)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	struct form_item *list;

	form_init(f, "Decide", now);
	form_body_text(f, STYLE_STRONG, s->text ? s->text : s->title);
	form_body_prose(f, "Why", s->why);
	for (size_t i = 0; i < s->options.list.len; i++)
		if (s->options.list.at[i].says)
			form_body_label(f, s->options.list.at[i].label,
				s->options.list.at[i].says);
	list = form_add_list(f, ASK_LIST, "");
	for (size_t i = 0; i < s->options.list.len; i++)
		form_list_add(list, s->options.list.at[i].label);
	form_add_button(f, ASK_YES, "Decide");
	form_add_button(f, ASK_NO, "Cancel");
}

void
view_ask_input_choices(struct form *f, const struct ask_input *in)
{
	const struct input *input = &in->runbook->inputs.list.at[in->input];
	struct form_item *list = form_item(f, ASK_LIST);

	if (!list)
		return;
	form_list_clear(list);
	for (size_t i = 0; i < input->options.list.len; i++)
		form_list_add(list, input->options.list.at[i]);
	for (size_t i = 0; in->state == ASK_READY && i < in->count; i++)
		form_list_add(list, in->lines[i]);
	mem_free(list->label);
	list->label = in->state == ASK_LOOKING ? mem_strdup("looking on the host ...")
		: in->state == ASK_FAILED
		? mem_printf("%s; type it instead", in->why ? in->why : "no list")
		: mem_strdup("Choices (type to narrow them)");
}

void
view_ask_input(struct form *f, const struct ask_input *in, struct now now)
{
	const struct input *input = &in->runbook->inputs.list.at[in->input];
	struct str text = STR_INIT;

	str_addf(&text, "Input %s", input->name);
	form_init(f, text.buf, now);
	str_reset(&text);
	if (in->of > 1) {
		str_addf(&text, "%d of %d", in->nth, in->of);
		form_right(f, STYLE_DIM, text.buf);
	}
	form_body_text(f, STYLE_STRONG, input->ask ? input->ask : input->name);
	form_body_label(f, "Pattern", input->pattern_text);
	if (input->choices) {
		str_reset(&text);
		steptext_where(in->runbook, input->host, &text);
		str_addf(&text, ": %s", input->choices);
		form_body_label(f, "From", text.buf);
	}
	if (input->from != SECRET_NOT)
		form_body_text(f, STYLE_DIM, "It stays in memory and is shown nowhere.");
	form_add_field(f, ASK_TEXT, input->from == SECRET_NOT ? "Value" : "Secret");
	if (input->from != SECRET_NOT)
		form_item(f, ASK_TEXT)->field.echo = FIELD_HIDDEN;
	if (input->choices || input->options.list.len) {
		struct form_item *list = form_add_list(f, ASK_LIST, "");

		list->filter = ASK_TEXT;
		view_ask_input_choices(f, in);
	} else if (in->given || input->fallback) {
		field_set(&form_item(f, ASK_TEXT)->field,
			in->given ? in->given : input->fallback);
	}
	form_add_button(f, ASK_YES, "Set it");
	form_add_button(f, ASK_NO, "Later");
	str_release(&text);
}

const char *
view_ask_input_value(const struct form *f)
{
	int row = form_chosen(f, ASK_LIST);

	return row == FORM_NO_ID ? form_field_text(f, ASK_TEXT)
				 : form_item(f, ASK_LIST)->rows.at[row];
}
