#include "view/steptext.h"

#include <string.h>

#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "model/moment.h"
#include "run/inputs.h"

enum style
steptext_risk_style(enum risk r)
{
	return r == RISK_SEVERE  ? STYLE_RISK_3
		: r == RISK_HARD ? STYLE_RISK_2
				 : STYLE_RISK_1;
}

enum style
steptext_state_style(enum step_state s)
{
	static const enum style styles[STEP_STATE_COUNT] = {
		[STEP_IS_TODO] = STYLE_TEXT,
		[STEP_IS_RUNNING] = STYLE_RUN,
		[STEP_IS_DONE] = STYLE_OK,
		[STEP_IS_FAILED] = STYLE_FAIL,
		[STEP_IS_SKIPPED] = STYLE_OFF,
		[STEP_IS_UNKNOWN] = STYLE_WARN,
		[STEP_IS_NEEDS_PERSON] = STYLE_WAIT,
		[STEP_IS_NOT_NEEDED] = STYLE_OFF,
	};

	return styles[s];
}

void
steptext_where(const struct runbook *rb, int host, struct str *out)
{
	const struct host *h;

	if (host == NONE) {
		str_adds(out, "this machine");
		return;
	}
	h = &rb->hosts.list.at[host];
	if (h->via == HOST_LOCAL) {
		str_addf(out, "%s (this machine)", h->name);
		return;
	}
	str_addf(out, "%s%s(", h->name, h->via == HOST_SIM ? ", pretended " : " ");
	for (int i = 0; i < h->target_count; i++)
		str_addf(out, "%s%s", i ? ", " : "",
			rb->targets.list.at[h->first_target + i].id);
	str_addc(out, ')');
}

bool
steptext_undo(const struct runbook *rb, const struct step *s, struct str *out)
{
	if (s->undo.text) {
		if (s->undo.host != s->host) {
			str_adds(out, "on ");
			steptext_where(rb, s->undo.host, out);
			str_adds(out, ": ");
		}
		str_adds(out, s->undo.text);
		return true;
	}
	if (s->irreversible) {
		str_addf(out, "none: %s", s->irreversible);
		return true;
	}
	return false;
}

char *
steptext_filled(const struct run *r, int step, const char *text)
{
	const struct step *s = &r->runbook->steps.list.at[step];
	struct err e = ERR_INIT;
	char *filled = strstr(text, "${") ? run_expand(r, s, text, NULL, &e) : NULL;

	return filled ? filled : mem_strdup(text);
}

char *
steptext_title(const struct run *r, int step)
{
	return steptext_filled(r, step, r->runbook->steps.list.at[step].title);
}

/* ---- values ---------------------------------------------------------------------------- */

void
steptext_values(
	const struct run *r, const struct step *s, const char *text, struct str *out)
{
	const char *prefix = r->runbook->scopes.list.len
		? r->runbook->scopes.list.at[s->scope].prefix
		: "";
	size_t skip = strlen(prefix);

	for (size_t i = 0; i < r->values.len; i++) {
		const char *full = r->values.at[i].key;

		if (str_starts(full, prefix) && !strchr(full + skip, '/') &&
			inputs_named(text, full + skip))
			str_addf(out, "%s%s = %s", out->len ? "\n" : "", full + skip,
				(const char *)r->values.at[i].value);
	}
	for (size_t i = 0; i < r->runbook->inputs.list.len; i++) {
		const struct input *in = &r->runbook->inputs.list.at[i];

		if (in->scope == s->scope && in->from != SECRET_NOT &&
			inputs_named(text, in->name))
			str_addf(out, "%s%s = ***", out->len ? "\n" : "", in->name);
	}
}

bool
steptext_is_shell(enum step_kind k)
{
	return k == STEP_RUN || k == STEP_WATCH;
}

bool
steptext_until(const struct run *r, int step, struct wall now, struct str *out)
{
	const struct run_step *rs = &r->steps.list.at[step];
	const struct step *s = rs->step;
	struct moment m;
	struct err e = ERR_INIT;
	char *text;
	bool ok;

	if (!s->wait_until)
		return false;
	text = run_expand(r, s, s->wait_until, NULL, &e);
	ok = text &&
		moment_read(text, &r->runbook->windows,
			rs->entered_at.ms ? rs->entered_at : now, &m, &e);
	if (ok && (rs->entered || rs->answered))
		m.at = rs->until; /* as it is on record */
	if (ok)
		moment_words(&m, out);
	mem_free(text);
	return ok;
}

const char *
steptext_act_label(enum step_kind k)
{
	return k == STEP_SQL     ? "SQL"
		: k == STEP_HTTP ? "Request"
		: k == STEP_COPY ? "File"
				 : "Command";
}

const char *
steptext_watch_ends(const struct step *s)
{
	if (s->expect && s->for_ms)
		return "as soon as what is expected has come; it fails when its time is over";
	if (s->expect)
		return "as soon as what is expected has come";
	return s->for_ms ? "when its time is over; a person says whether it was seen"
			 : "when a person says whether it was seen";
}

void
steptext_soak(const struct step *s, struct str *out)
{
	char whole[STAMP_BYTES], every[STAMP_BYTES];

	if (s->kind == STEP_SOAK)
		str_addf(out, "%sfor %s, a look every %s", out->len ? ", " : "",
			stamp_duration(s->for_ms, whole),
			stamp_duration(run_soak_every_ms(s), every));
}

/* ---- the plan -------------------------------------------------------------------------- */

static void
plan_head(const struct step *s, struct page *p)
{
	page_line(p, s->index);
	page_addf(p, STYLE_STRONG, "%-4s ", s->number);
	page_add(p, STYLE_STRONG, s->title);
	if (step_kind_acts(s->kind)) {
		page_right(p, steptext_risk_style(s->risk), risk_mark(s->risk));
		return;
	}
	page_right(p, STYLE_DIM, step_kind_name(s->kind));
}

static void
plan_line(struct page *p, const struct step *s, const char *first, const char *text)
{
	page_block(p,
		&(struct page_block){
			.indent = 5, .first = first, .style = STYLE_DIM, .id = s->index},
		text);
}

static void
plan_acting(const struct runbook *rb, const struct step *s, struct page *p)
{
	struct str text = STR_INIT;

	steptext_where(rb, s->host, &text);
	if (s->as)
		str_addf(&text, ", as %s", s->as);
	if (s->dir)
		str_addf(&text, ", in %s", s->dir);
	if (s->each.list.len && s->kind != STEP_WATCH)
		str_addf(&text, ", %zu times", s->each.list.len);
	if (s->for_ms) {
		char most[STAMP_BYTES];
		str_addf(&text, ", for %s at most", stamp_duration(s->for_ms, most));
	}
	if (s->timeout_ms) {
		char limit[STAMP_BYTES];
		str_addf(&text, ", late after %s", stamp_duration(s->timeout_ms, limit));
	}
	plan_line(p, s, "on ", text.buf);
	page_block(p,
		&(struct page_block){.indent = 5,
			.first = steptext_is_shell(s->kind) ? "$ " : "",
			.style = STYLE_CODE,
			.id = s->index},
		s->text);
	str_reset(&text);
	if (s->expect) {
		expect_text(s->expect, &text);
		plan_line(p, s, "expect ", text.buf);
	}
	str_reset(&text);
	if (steptext_undo(rb, s, &text))
		plan_line(p, s, "way back ", text.buf);
	if (s->kind == STEP_WATCH)
		plan_line(p, s, "ends ", steptext_watch_ends(s));
	if (s->confirm)
		plan_line(p, s, "you type ", s->confirm);
	if (s->two_person)
		plan_line(p, s, "needs ", "two people");
	str_release(&text);
}

static void
plan_looking(const struct runbook *rb, const struct step *s, struct page *p)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < s->probes.list.len; i++)
		str_addf(&text, "%s%s", i ? ", " : "",
			rb->probes.list.at[s->probes.list.at[i]].name);
	if (s->within_ms) {
		char within[STAMP_BYTES];
		str_addf(&text, ", within %s", stamp_duration(s->within_ms, within));
	}
	steptext_soak(s, &text);
	plan_line(p, s, "probes ", text.buf);
	str_reset(&text);
	for (size_t i = 0; i < s->aborts.list.len; i++)
		str_addf(&text, "%s%s", i ? ", " : "",
			rb->probes.list.at[s->aborts.list.at[i]].name);
	if (text.len)
		plan_line(p, s, "ended at once by ", text.buf);
	str_release(&text);
}

static void
plan_conditions(const struct step *s, struct page *p)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < s->when.list.len; i++)
		str_addf(&text, "%s%s is %s", i ? " and " : "", s->when.list.at[i].key,
			s->when.list.at[i].value);
	if (text.len)
		plan_line(p, s, "only when ", text.buf);
	str_release(&text);
}

static void
plan_signoff(const struct runbook *rb, const struct step *s, struct page *p)
{
	char *text;

	if (!s->changed.list.len) {
		plan_line(p, s, "signed by ", s->role);
		return;
	}
	text = mem_printf("%s, where %s finds a change", s->role,
		rb->probes.list.at[s->changed.list.at[0]].name);
	plan_line(p, s, "signed by ", text);
	mem_free(text);
}

void
steptext_plan(const struct runbook *rb, const struct step *s, struct page *p)
{
	if (s->kind == STEP_SECTION || s->kind == STEP_CALL) {
		page_line(p, s->index);
		page_addf(p, STYLE_TITLE, "%-4s %s", s->number, s->title);
		plan_conditions(s, p);
		return;
	}
	plan_head(s, p);
	plan_conditions(s, p);
	if (step_kind_has_legs(s->kind))
		plan_acting(rb, s, p);
	else if (step_kind_looks(s->kind))
		plan_looking(rb, s, p);
	else if (s->kind == STEP_SIGNOFF)
		plan_signoff(rb, s, p);
	else if (s->kind == STEP_ASK && s->input != NONE)
		plan_line(p, s, "asks for ", rb->inputs.list.at[s->input].name);
	for (size_t i = 0; s->kind == STEP_CHOOSE && i < s->options.list.len; i++)
		plan_line(p, s, "or ", s->options.list.at[i].label);
	for (const char *line = s->kind == STEP_SCHEDULE ? s->text : NULL;
		line && *line;) {
		size_t len = strcspn(line, "\n");
		char *one = mem_strndup(line, len);

		plan_line(p, s, "leaves ", one);
		mem_free(one);
		line += len + (line[len] == '\n');
	}
	if (s->kind == STEP_DO && s->evidence != EVIDENCE_NOTHING)
		plan_line(p, s, "wants ", "evidence");
}
