#include "view/view_dry.h"

#include <string.h>

#include "base/mem.h"
#include "run/inputs.h"
#include "view/steptext.h"

/* As the other lines of a step on the plan page. */
enum { INDENT = 5 };

static void
line(struct str *out, const char *first, const char *text)
{
	if (out->len)
		str_addc(out, '\n');
	str_adds(out, first);
	str_adds(out, text);
}

static const struct step *
step_of(const struct run *r, int step)
{
	return &r->runbook->steps.list.at[step];
}

/* ---- values --------------------------------------------------------------------------------- */

void
view_dry_values(const struct run *r, int step, struct str *out)
{
	const struct step *s = step_of(r, step);
	char *filled;

	if (!s->text)
		return;
	if (steptext_is_shell(s->kind)) {
		steptext_values(r, s, s->text, out);
		return;
	}
	filled = steptext_filled(r, step, s->text);
	if (!str_eq(filled, s->text))
		str_adds(out, filled);
	mem_free(filled);
}

/* ---- what is asked --------------------------------------------------------------------------- */

static void
ask_inputs(const struct run *r, const struct step *s, struct str *out)
{
	for (size_t i = 0; s->text && i < r->runbook->inputs.list.len; i++) {
		const struct input *in = &r->runbook->inputs.list.at[i];
		char *say;

		if (in->scope != s->scope || !inputs_named(s->text, in->name) ||
			(in->from == SECRET_NOT ? run_value(r, s->scope, in->name) != NULL
						: in->from != SECRET_ASK))
			continue;
		say = mem_printf(
			"%s%s%s", in->name, in->ask ? ": " : "", in->ask ? in->ask : "");
		line(out, "the value of ", say);
		mem_free(say);
	}
}

/* The words of each machine; one that has no value yet is as it is written. */
static void
ask_words(const struct run *r, int step, struct str *out)
{
	const struct step *s = step_of(r, step);
	const struct host *h = s->host == NONE ? NULL
					       : &r->runbook->hosts.list.at[s->host];
	int n = h ? h->target_count : 1;

	for (int i = 0; i < n; i++) {
		const char *host = h ? r->runbook->targets.list.at[h->first_target + i].id
				     : "local";
		struct err e = ERR_INIT;
		char *phrase = run_phrase_for(r, step, WAY_FORWARD, host, &e);

		if (phrase || s->confirm)
			line(out, "the words: ", phrase ? phrase : s->confirm);
		mem_free(phrase);
		if (!phrase)
			break;
	}
}

static void
ask_act(const struct run *r, int step, struct str *out)
{
	const struct step *s = step_of(r, step);

	if (s->risk == RISK_NONE)
		return;
	if (s->risk == RISK_MODERATE)
		line(out, "", "whether it shall run, after its text was shown");
	else
		ask_words(r, step, out);
	if (s->two_person)
		line(out, "", "a second person at a console of their own");
}

static void
ask_signature(const struct step *s, struct str *out)
{
	char *say = mem_printf(
		"%s%s", s->role, s->not_runner ? ", not of whoever drives the run" : "");

	for (int i = 0; i < (s->count > 1 ? s->count : 1); i++)
		line(out, "a signature of ", say);
	mem_free(say);
}

static void
ask_choice(const struct step *s, struct str *out)
{
	struct str labels = STR_INIT;

	for (size_t i = 0; i < s->options.list.len; i++)
		str_addf(&labels, "%s%s", i ? ", " : "", s->options.list.at[i].label);
	line(out, "which way: ", labels.buf);
	str_release(&labels);
}

void
view_dry_asks(const struct run *r, int step, struct str *out)
{
	static const char *const ticks[] = {
		[EVIDENCE_NOTHING] = "a tick",
		[EVIDENCE_TEXT] = "a tick with a text as evidence",
		[EVIDENCE_LINK] = "a tick with a link as evidence",
		[EVIDENCE_VALUE] = "a tick with a value as evidence",
		[EVIDENCE_FILE] = "a tick with a file as evidence",
	};
	const struct step *s = step_of(r, step);

	ask_inputs(r, s, out);
	switch (s->kind) {
	case STEP_DO:
		line(out, "", ticks[s->evidence]);
		break;
	case STEP_RUN:
	case STEP_SQL:
	case STEP_HTTP:
	case STEP_COPY:
		ask_act(r, step, out);
		break;
	case STEP_CHOOSE:
		ask_choice(s, out);
		break;
	case STEP_SIGNOFF:
		ask_signature(s, out);
		break;
	case STEP_ASK:
		if (s->input != NONE)
			line(out, "the value of ",
				r->runbook->inputs.list.at[s->input].name);
		break;
	case STEP_WATCH:
		line(out, "it ends ", steptext_watch_ends(s));
		break;
	case STEP_NOTIFY:
	case STEP_CHECK:
	case STEP_SOAK:
	case STEP_WAIT:
	case STEP_CALL:
	case STEP_SCHEDULE:
	case STEP_SECTION:
	case STEP_KIND_COUNT:
		break;
	}
}

/* ---- gates ------------------------------------------------------------------------------------ */

void
view_dry_gates(const struct run *r, int step, struct str *out)
{
	const struct step *s = step_of(r, step);
	struct str probes = STR_INIT;

	for (size_t i = 0; i < s->before.list.len; i++)
		str_addf(&probes, "%s%s", i ? ", " : "",
			r->runbook->probes.list.at[s->before.list.at[i]].name);
	if (probes.len)
		line(out, "good before it starts: ", probes.buf);
	if (r->runbook->arming && step_kind_acts(s->kind) && s->risk != RISK_NONE)
		line(out, "the run is armed for ", r->runbook->environment);
	for (size_t i = 0; i < s->after.list.len; i++)
		line(out, "signed before: ", s->after.list.at[i]);
	str_release(&probes);
}

/* ---- the step --------------------------------------------------------------------------------- */

static void
add(struct page *p, int id, const char *first, const struct str *text)
{
	const char *at = text->buf;

	while (text->len && *at) {
		size_t len = strcspn(at, "\n");
		char *one = mem_strndup(at, len);

		page_block(p,
			&(struct page_block){.indent = INDENT,
				.first = first,
				.style = STYLE_TEXT,
				.id = id},
			one);
		mem_free(one);
		at += len + (at[len] == '\n');
	}
}

void
view_dry_step(const struct run *r, int step, struct page *p)
{
	const struct step *s = step_of(r, step);
	struct str text = STR_INIT;

	steptext_plan(r->runbook, s, p);
	view_dry_values(r, step, &text);
	add(p, step, steptext_is_shell(s->kind) ? "with " : "sends ", &text);
	str_reset(&text);
	view_dry_gates(r, step, &text);
	add(p, step, "gate: ", &text);
	str_reset(&text);
	view_dry_asks(r, step, &text);
	add(p, step, "asks: ", &text);
	str_release(&text);
}
