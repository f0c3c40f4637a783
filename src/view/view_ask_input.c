#include "view/view_ask.h"

#include <string.h>

#include "base/mem.h"
#include "run/inputs.h"
#include "view/steptext.h"

/* The dialogs that give an input its value. */

/* What it has, the default of the runbook, or what the last run had, in this order. */
static const char *
offered(const struct ask_input *in)
{
	const struct input *input = &in->runbook->inputs.list.at[in->input];

	return in->given && !in->from ? in->given
		: input->fallback     ? input->fallback
				      : in->given;
}

void
view_ask_input_choices(struct form *f, const struct ask_input *in)
{
	const struct input *input = &in->runbook->inputs.list.at[in->input];
	struct form_item *list = form_item(f, ASK_LIST);
	const char *mark = offered(in);

	if (!list)
		return;
	form_list_clear(list);
	for (size_t i = 0; i < input->options.list.len; i++)
		form_list_add(list, input->options.list.at[i]);
	for (size_t i = 0; in->state == ASK_READY && i < in->count; i++)
		form_list_add(list, in->lines[i]);
	for (size_t i = 0; mark && i < list->rows.len; i++)
		if (strcmp(list->rows.at[i], mark) == 0)
			scroll_select(&list->scroll, (int)i);
	mem_free(list->label);
	list->label = in->state == ASK_LOOKING ? mem_strdup("looking on the host ...")
		: in->state == ASK_FAILED
		? mem_printf("%s; type it instead", in->why ? in->why : "no list")
		: mem_strdup("Choices (type to narrow them)");
}

static void
about_input(struct form *f, const struct ask_input *in)
{
	const struct input *input = &in->runbook->inputs.list.at[in->input];
	struct str text = STR_INIT;

	form_body_label(f, "Pattern", input->pattern_text);
	if (input->choices) {
		steptext_where(in->runbook, input->host, &text);
		str_addf(&text, ": %s", input->choices);
		form_body_label(f, "From", text.buf);
	}
	if (input->from != SECRET_NOT)
		form_body_text(f, STYLE_DIM, "It stays in memory and is shown nowhere.");
	str_reset(&text);
	if (in->given)
		str_addf(&text, "%s%s%s", in->given, in->from ? "  in " : "",
			in->from ? in->from : "");
	form_body_label(f, in->from ? "Last time" : "Now", text.buf);
	if (input->fallback)
		form_body_label(f, "Default", input->fallback);
	str_reset(&text);
	if (in->ran && *in->ran)
		str_addf(&text, "%s: that stays, and is listed at sign-off", in->ran);
	form_body_label(f, "Used by", text.buf);
	str_reset(&text);
	if (in->decides && *in->decides)
		str_addf(&text, "whether %s %s needed", in->decides,
			strchr(in->decides, ',') ? "are" : "is");
	form_body_label(f, "Decides", text.buf);
	str_release(&text);
}

/* A box for each written choice of several. */
static bool
has_boxes(const struct input *in)
{
	return in->type == INPUT_MULTI && in->options.list.len > 0 &&
		in->options.list.len <= ASK_BOXES_MAX;
}

static void
add_boxes(struct form *f, const struct input *in, const char *value)
{
	for (size_t i = 0; i < in->options.list.len; i++)
		form_add_check(f, ASK_BOXES + (int)i, in->options.list.at[i])
			->checked = value &&
			inputs_has_item(value, in->options.list.at[i]);
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
	about_input(f, in);
	if (has_boxes(input)) {
		add_boxes(f, input, offered(in));
	} else {
		form_add_field(
			f, ASK_TEXT, input->from == SECRET_NOT ? "Value" : "Secret");
		if (input->from != SECRET_NOT)
			form_item(f, ASK_TEXT)->field.echo = FIELD_HIDDEN;
		if ((input->choices || input->options.list.len) &&
			input->type != INPUT_MULTI) {
			form_add_list(f, ASK_LIST, "")->filter = ASK_TEXT;
			view_ask_input_choices(f, in);
		} else if (offered(in)) {
			field_set(&form_item(f, ASK_TEXT)->field, offered(in));
		}
	}
	form_add_button(f, ASK_YES, "Set it");
	form_add_button(f, ASK_NO, in->given && !in->from ? "Leave it" : "Later");
	str_release(&text);
}

void
view_ask_input_value(const struct form *f, const struct input *in, struct str *out)
{
	int row = form_chosen(f, ASK_LIST);

	if (has_boxes(in)) {
		for (size_t i = 0; i < in->options.list.len; i++)
			if (form_checked(f, ASK_BOXES + (int)i))
				str_addf(out, "%s%s", out->len ? "," : "",
					in->options.list.at[i]);
		return;
	}
	str_adds(out,
		row == FORM_NO_ID ? form_field_text(f, ASK_TEXT)
				  : form_item(f, ASK_LIST)->rows.at[row]);
}

/* ---- all of them ------------------------------------------------------------------------ */

int
view_ask_inputs_at(const struct run *r, int row)
{
	for (size_t i = 0; i < r->runbook->inputs.list.len; i++)
		if (r->runbook->inputs.list.at[i].scope == 0 && row-- == 0)
			return (int)i;
	return NONE;
}

void
view_ask_inputs(struct form *f, const struct run *r, struct now now)
{
	struct str row = STR_INIT;
	struct form_item *list;
	int input;

	form_init(f, "Inputs of this run", now);
	f->wide = 76;
	form_body_text(f, STYLE_DIM,
		"One can be changed within the run; the record keeps both values. What has run "
		"stays as it is.");
	list = form_add_list(f, ASK_LIST, "");
	for (int i = 0; (input = view_ask_inputs_at(r, i)) != NONE; i++) {
		const struct input *in = &r->runbook->inputs.list.at[input];
		const char *value = run_value(r, 0, in->name),
			   *by = map_get(&r->set_by, in->name);

		str_reset(&row);
		str_addf(&row, "%s = %s", in->name,
			in->from != SECRET_NOT ? "***"
				: value        ? value
					       : "(has no value yet)");
		if (value && by)
			str_addf(&row, "   (%s)", by);
		form_list_add(list, row.buf);
	}
	form_add_button(f, ASK_YES, "Change it");
	form_add_button(f, ASK_NO, "Close");
	form_button_off(f, ASK_YES, list->rows.len ? NULL : "the runbook has none");
	str_release(&row);
}
