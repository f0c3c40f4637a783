#include "audit/report.h"

#include <stdio.h>
#include <string.h>

#include "base/jsonout.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"

/* One walk over the fold feeds all formats: each step becomes a row of ready texts. */

static const char *
result_word(const struct run *r)
{
	if (r->closed)
		return r->result ? r->result : "?";
	return "open";
}

/* How it was proven: "auto", a person's name, or "" while it is open. */
static const char *
proof_of(const struct run_step *s)
{
	if (s->state == STEP_IS_TODO || s->state == STEP_IS_RUNNING)
		return "";
	return s->who ? s->who : "auto";
}

static void
rows_text(const struct leg_run *w, struct str *out)
{
	for (size_t i = 0; i < w->rows.list.len; i++) {
		const struct judged_row *row = &w->rows.list.at[i];
		str_addf(out, "%s%s %s", i ? ", " : "", row->field, row->got);
		if (row->verdict != VERDICT_OK)
			str_addf(out, " (wanted %s)", row->want);
	}
}

/* Everything measured or said about a step, one line each. */
static void
step_facts(const struct run_step *s, const char *indent, struct str *out)
{
	char took[STAMP_BYTES];

	for (size_t i = 0; i < s->legs.list.len; i++) {
		const struct leg *leg = &s->legs.list.at[i];
		for (int w = 0; w < 2; w++) {
			const struct leg_run *way = &leg->way[w];
			if (!way->attempt)
				continue;
			str_addf(out, "%s%s%s%s%s: %s", indent, leg->host,
				leg->each ? " " : "", leg->each ? leg->each : "",
				w == WAY_BACK ? " (way back)" : "",
				run_leg_state_name(way->state));
			if (way->took_ms)
				str_addf(out, " after %s",
					stamp_duration(way->took_ms, took));
			if (way->attempt > 1)
				str_addf(out, ", attempt %d", way->attempt);
			if (way->rows.list.len)
				str_adds(out, " - ");
			rows_text(way, out);
			if (way->why)
				str_addf(out, " - %s", way->why);
			str_addc(out, '\n');
		}
	}
	for (size_t i = 0; i < s->readings.list.len; i++) {
		const struct reading *rd = &s->readings.list.at[i];
		str_addf(out, "%s%s: %s", indent, verdict_name(rd->verdict),
			rd->message ? rd->message : "");
		if (rd->before)
			str_addf(out, " (before: %s)", rd->before);
		str_addc(out, '\n');
	}
	if (s->evidence)
		str_addf(out, "%sevidence: %s\n", indent, s->evidence);
	if (s->reason)
		str_addf(out, "%sreason: %s\n", indent, s->reason);
	if (s->note)
		str_addf(out, "%snote: %s\n", indent, s->note);
	for (size_t i = 0; i < s->signers.list.len; i++)
		str_addf(out, "%ssigned by %s with %s\n", indent, s->signers.list.at[i],
			i < s->keys.list.len ? s->keys.list.at[i] : "?");
}

static void
check_line(const struct report_check *c, const char *before, struct str *out)
{
	if (!c || !c->checked)
		str_addf(out, "%sRecord: not checked\n", before);
	else if (c->ok)
		str_addf(out, "%sRecord: verified, head %s\n", before, c->head);
	else
		str_addf(out, "%sRecord: BAD: %s\n", before, c->what);
}

static void
report_text(const struct run *r, const struct report_check *c, struct str *out)
{
	char stamp[STAMP_BYTES];
	struct run_counts n = run_count(r);

	str_addf(out, "Run %s: %s\n", r->id, r->runbook->title);
	str_addf(out,
		"Result: %s, %d of %d steps done, %d skipped, %d failed, %d unknown\n",
		result_word(r), n.done, n.total, n.skipped, n.failed, n.unknown);
	str_addf(out, "Opened: %s by %s\n", stamp_wall_sec(r->opened_at, stamp),
		r->opened_by ? r->opened_by : "?");
	if (r->closed)
		str_addf(out, "Closed: %s\n", stamp_wall_sec(r->closed_at, stamp));
	str_addf(out, "Runbook: %s sha256 %s\n", r->runbook->path,
		r->runbook->sources.list.at[0].sha256);
	check_line(c, "", out);
	for (size_t i = 0; i < r->values.len; i++)
		str_addf(out, "Value: %s = %s\n", r->values.at[i].key,
			(const char *)r->values.at[i].value);
	str_addc(out, '\n');
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *s = &r->steps.list.at[i];
		const char *proof = proof_of(s);
		str_addf(out, "%s %-5s %s%s%s%s\n",
			run_step_state_box(run_step_state(r, (int)i)), s->step->number,
			s->step->title, *proof ? "  (" : "", proof, *proof ? ")" : "");
		step_facts(s, "          ", out);
	}
	for (size_t i = 0; i < r->notes.list.len; i++)
		str_addf(out, "Note %s %s: %s\n",
			stamp_wall_sec(r->notes.list.at[i].at, stamp),
			r->notes.list.at[i].who, r->notes.list.at[i].text);
}

/* Markdown specials of a text from outside cannot become markup. */
static void
md_text(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\\`*_[]<>#|", *text))
			str_addc(out, '\\');
		str_addc(out, *text);
	}
}

static void
report_md(const struct run *r, const struct report_check *c, struct str *out)
{
	char stamp[STAMP_BYTES];
	struct run_counts n = run_count(r);
	struct str facts = STR_INIT;

	str_adds(out, "# ");
	md_text(out, r->runbook->title);
	str_addf(out,
		"\n\nRun `%s`: **%s**, %d of %d steps done, %d skipped, %d failed.\n\n",
		r->id, result_word(r), n.done, n.total, n.skipped, n.failed);
	str_addf(out, "- Opened %s by ", stamp_wall_sec(r->opened_at, stamp));
	md_text(out, r->opened_by ? r->opened_by : "?");
	if (r->closed)
		str_addf(out, "\n- Closed %s", stamp_wall_sec(r->closed_at, stamp));
	str_addf(out, "\n- Runbook sha256 `%s`\n", r->runbook->sources.list.at[0].sha256);
	check_line(c, "- ", out);
	str_addc(out, '\n');
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *s = &r->steps.list.at[i];
		enum step_state st = run_step_state(r, (int)i);
		if (s->step->kind == STEP_SECTION) {
			str_addf(out, "\n## %s ", s->step->number);
			md_text(out, s->step->title);
			str_adds(out, "\n\n");
			continue;
		}
		str_addf(out, "- [%c] %s ", st == STEP_IS_DONE ? 'x' : ' ',
			s->step->number);
		md_text(out, s->step->title);
		str_addf(out, " (%s%s", run_step_state_name(st), *proof_of(s) ? ", " : "");
		md_text(out, proof_of(s));
		str_adds(out, ")\n");
		str_reset(&facts);
		step_facts(s, "", &facts);
		for (const char *line = facts.buf; *line;) {
			size_t len = strcspn(line, "\n");
			char *one = mem_strndup(line, len);
			str_adds(out, "  - ");
			md_text(out, one);
			str_addc(out, '\n');
			mem_free(one);
			line += len + (line[len] == '\n');
		}
	}
	str_release(&facts);
}

static void
json_legs(const struct run_step *s, struct jsonout *j)
{
	jsonout_key(j, "hosts");
	jsonout_open_array(j);
	for (size_t i = 0; i < s->legs.list.len; i++)
		for (int w = 0; w < 2; w++) {
			const struct leg *leg = &s->legs.list.at[i];
			const struct leg_run *way = &leg->way[w];
			if (!way->attempt)
				continue;
			jsonout_open(j);
			jsonout_kstr(j, "host", leg->host);
			jsonout_kstr(j, "each", leg->each);
			jsonout_kstr(j, "way", w == WAY_BACK ? "back" : "forward");
			jsonout_kstr(j, "state", run_leg_state_name(way->state));
			jsonout_kint(j, "attempt", way->attempt);
			jsonout_kint(j, "took_ms", way->took_ms);
			jsonout_kint(j, "exit", way->exit);
			jsonout_kstr(j, "blob", way->blob);
			jsonout_kstr(j, "why", way->why);
			jsonout_key(j, "expect");
			jsonout_open_array(j);
			for (size_t k = 0; k < way->rows.list.len; k++) {
				const struct judged_row *row = &way->rows.list.at[k];
				jsonout_open(j);
				jsonout_kstr(j, "field", row->field);
				jsonout_kstr(j, "want", row->want);
				jsonout_kstr(j, "got", row->got);
				jsonout_kstr(j, "verdict", verdict_name(row->verdict));
				jsonout_close(j);
			}
			jsonout_close_array(j);
			jsonout_close(j);
		}
	jsonout_close_array(j);
}

static void
json_step(const struct run *r, int i, struct jsonout *j)
{
	const struct run_step *s = &r->steps.list.at[i];

	jsonout_open(j);
	jsonout_kstr(j, "id", s->step->id);
	jsonout_kstr(j, "number", s->step->number);
	jsonout_kstr(j, "kind", step_kind_name(s->step->kind));
	jsonout_kstr(j, "title", s->step->title);
	jsonout_kstr(j, "state", run_step_state_name(run_step_state(r, i)));
	jsonout_kstr(j, "who", s->who);
	jsonout_kstr(j, "evidence", s->evidence);
	jsonout_kstr(j, "reason", s->reason);
	json_legs(s, j);
	jsonout_key(j, "readings");
	jsonout_open_array(j);
	for (size_t k = 0; k < s->readings.list.len; k++) {
		const struct reading *rd = &s->readings.list.at[k];
		jsonout_open(j);
		jsonout_kstr(j, "probe", r->runbook->probes.list.at[rd->probe].name);
		jsonout_kstr(j, "verdict", verdict_name(rd->verdict));
		jsonout_kstr(j, "value", rd->value);
		jsonout_kstr(j, "unit", rd->unit);
		jsonout_kstr(j, "message", rd->message);
		jsonout_kstr(j, "before", rd->before);
		jsonout_close(j);
	}
	jsonout_close_array(j);
	jsonout_key(j, "signers");
	jsonout_open_array(j);
	for (size_t k = 0; k < s->signers.list.len; k++)
		jsonout_str(j, s->signers.list.at[k]);
	jsonout_close_array(j);
	jsonout_close(j);
}

static void
report_json(const struct run *r, const struct report_check *c, struct str *out)
{
	char stamp[STAMP_BYTES];
	struct jsonout j;

	jsonout_init(&j, out);
	jsonout_open(&j);
	jsonout_kstr(&j, "handrail", "report");
	jsonout_kint(&j, "v", 1);
	jsonout_kstr(&j, "run", r->id);
	jsonout_kstr(&j, "title", r->runbook->title);
	jsonout_kstr(&j, "sha256", r->runbook->sources.list.at[0].sha256);
	jsonout_kstr(&j, "result", result_word(r));
	jsonout_kstr(&j, "opened", stamp_wall(r->opened_at, stamp));
	jsonout_kstr(&j, "opened_by", r->opened_by);
	jsonout_kstr(&j, "closed", r->closed ? stamp_wall(r->closed_at, stamp) : NULL);
	jsonout_key(&j, "verified");
	if (c && c->checked)
		jsonout_bool(&j, c->ok);
	else
		jsonout_null(&j);
	jsonout_kstr(&j, "head", c && c->checked ? c->head : NULL);
	jsonout_key(&j, "items");
	jsonout_open_array(&j);
	for (size_t i = 0; i < r->steps.list.len; i++)
		json_step(r, (int)i, &j);
	jsonout_close_array(&j);
	jsonout_close(&j);
	str_addc(out, '\n');
}

void
report_write(const struct run *r, enum report_format f, const struct report_check *c,
	struct str *out)
{
	struct str raw = STR_INIT;

	switch (f) {
	case REPORT_TEXT:
		report_text(r, c, &raw);
		break;
	case REPORT_MD:
		report_md(r, c, &raw);
		break;
	case REPORT_JSON:
		report_json(r, c, out);
		return;
	}
	text_harmless(out, raw.buf, raw.len, TEXT_KEEP_LF);
	str_release(&raw);
}
