#include "audit/report.h"

#include <stdio.h>
#include <string.h>

#include "audit/reportback.h"
#include "audit/reportinner.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "run/revised.h"

/* One walk over the fold feeds all formats: each step becomes a row of ready texts. */

/* A text from outside is one line of a report, whatever it holds: a line end in it could
 * forge the next one. */
static void
say(struct str *out, const char *before, const char *text)
{
	str_adds(out, before);
	if (text)
		text_harmless(out, text, strlen(text), TEXT_ONE_LINE);
}

static void
said_line(struct str *out, const char *indent, const char *name, const char *text)
{
	if (!text)
		return;
	str_addf(out, "%s%s: ", indent, name);
	say(out, "", text);
	str_addc(out, '\n');
}

const char *
report_result(const struct run *r)
{
	if (r->closed)
		return r->result ? r->result : "?";
	return "open";
}

const char *
report_proof(const struct run_step *s)
{
	if (s->state == STEP_IS_TODO || s->state == STEP_IS_RUNNING)
		return "";
	return s->who ? s->who : "auto";
}

static void
rows_text(const struct judged_rows *rows, struct str *out)
{
	for (size_t i = 0; i < rows->list.len; i++) {
		const struct judged_row *row = &rows->list.at[i];
		str_addf(out, "%s%s", i ? ", " : "", row->field);
		say(out, " ", row->got);
		if (row->verdict != VERDICT_OK) {
			say(out, " (wanted ", row->want);
			str_addc(out, ')');
		}
	}
}

/* The measured value is always there, whatever the verdict. */
static void
reading_line(const struct run *r, const struct reading *rd, const char *indent,
	struct str *out)
{
	const char *unit = rd->unit ? rd->unit : "";

	str_addf(out, "%s%s", indent, verdict_name(rd->verdict));
	say(out, ": ", r->runbook->probes.list.at[rd->probe].name);
	if (rd->value) {
		say(out, " ", rd->field);
		say(out, " ", rd->value);
		say(out, *unit ? " " : "", unit);
	}
	if (rd->want && *rd->want) {
		say(out, " (wanted ", rd->want);
		str_addc(out, ')');
	}
	if (rd->message && *rd->message)
		say(out, " - ", rd->message);
	if (rd->before) {
		say(out, " (before: ", rd->before);
		str_addc(out, ')');
	}
	str_addc(out, '\n');
}

/* What was taken back is to do again, but its attempt did run. */
static bool
was_undone(const struct leg_run *way)
{
	return way->state == LEG_TODO && way->attempt;
}

const char *
report_way_state(const struct leg_run *way)
{
	return was_undone(way) ? "undone" : run_leg_state_name(way->state);
}

const char *
report_try_state(const struct leg_try *t)
{
	return t->state == LEG_TODO ? "not told" : run_leg_state_name(t->state);
}

static void
leg_name(const struct leg *leg, int way, const char *indent, struct str *out)
{
	say(out, indent, leg->host);
	say(out, leg->each ? " " : "", leg->each);
	str_adds(out, way == WAY_BACK ? " (way back)" : "");
}

/* What was measured of it, and why it went so: the end of its line. */
static void
ended_text(const struct judged_rows *rows, const char *why, struct str *out)
{
	if (rows->list.len)
		str_adds(out, " - ");
	rows_text(rows, out);
	if (why)
		say(out, " - ", why);
	str_addc(out, '\n');
}

/* ni-db1, attempt 1: failed after 0:03, begun 2026-11-20T13:00:00Z - exit 3 (wanted 0) */
static void
tried_lines(const struct leg *leg, int way, const char *indent, struct str *out)
{
	char stamp[STAMP_BYTES];

	for (size_t i = 0; i < leg->way[way].tried.list.len; i++) {
		const struct leg_try *t = &leg->way[way].tried.list.at[i];

		leg_name(leg, way, indent, out);
		str_addf(out, ", attempt %d: %s", t->attempt, report_try_state(t));
		if (t->took_ms)
			str_addf(out, " after %s", stamp_duration(t->took_ms, stamp));
		str_addf(out, ", begun %s", stamp_wall_sec(t->begun, stamp));
		str_adds(out, t->undone ? ", taken back since" : "");
		say(out, t->resolved_as ? ", settled as " : "", t->resolved_as);
		say(out, t->resolved_by ? " by " : "", t->resolved_by);
		ended_text(&t->rows, t->why, out);
	}
}

/* What a person said became of it, and how they knew. */
static void
resolved_line(const struct leg_run *w, const char *indent, struct str *out)
{
	if (!w->resolved)
		return;
	str_adds(out, indent);
	say(out, "settled as ", w->resolved_as);
	say(out, " by ", w->resolved_by ? w->resolved_by : "?");
	say(out, ": ", w->evidence);
	str_addc(out, '\n');
}

/* lines of api on web1, 2 lines from offset 39, 131 bytes, sha256 ...: how they begin */
static void
attached_line(const struct attached *a, const char *indent, struct str *out)
{
	str_adds(out, indent);
	say(out, "evidence: ", a->kind);
	say(out, " ", a->name);
	say(out, a->host ? " on " : "", a->host);
	if (a->lines > 0)
		str_addf(out, ", %lld line%s", (long long)a->lines,
			a->lines == 1 ? "" : "s");
	if (a->offset >= 0)
		str_addf(out, " from offset %lld", (long long)a->offset);
	str_addf(out, ", %lld bytes%s", (long long)a->bytes,
		a->redacted ? ", secrets taken out" : "");
	say(out, ", sha256 ", a->blob);
	say(out, ", by ", a->who ? a->who : "?");
	say(out, ": ", a->text);
	str_addc(out, '\n');
}

void
report_attached(const struct run *r, int step, const char *indent, struct str *out)
{
	for (size_t i = 0; i < r->attached.list.len; i++) {
		if (r->attached.list.at[i].step == step)
			attached_line(&r->attached.list.at[i], indent, out);
	}
}

const char *
report_chosen(const struct run *r, const struct run_step *s)
{
	const struct step *step = s->step;
	const char *name;

	if (step->kind == STEP_CHOOSE && s->option >= 0 &&
		(size_t)s->option < step->options.list.len)
		return step->options.list.at[s->option].label;
	if (step->kind != STEP_ASK || step->input < 0)
		return NULL;
	name = r->runbook->inputs.list.at[step->input].name;
	return run_value(r, step->scope, name);
}

void
report_step_facts(const struct run *r, const struct run_step *s, const char *indent,
	struct str *out)
{
	char took[STAMP_BYTES];
	struct str changed = STR_INIT;

	said_line(out, indent, "chosen", report_chosen(r, s));
	revised_words(s, &changed);
	said_line(out, indent, "changed", changed.buf);
	str_release(&changed);
	if (s->step->added)
		said_line(out, indent, "not in the runbook", s->step->why);
	said_line(out, indent, "edited for this run", s->redline);
	for (size_t i = 0; i < s->legs.list.len; i++) {
		const struct leg *leg = &s->legs.list.at[i];
		for (int w = 0; w < 2; w++) {
			const struct leg_run *way = &leg->way[w];
			if (!way->attempt && way->state != LEG_SKIPPED)
				continue;
			tried_lines(leg, w, indent, out);
			leg_name(leg, w, indent, out);
			str_addf(out, ": %s",
				was_undone(way) ? "undone since; ended"
						: report_way_state(way));
			if (way->took_ms)
				str_addf(out, " after %s",
					stamp_duration(way->took_ms, took));
			if (way->attempt > 1)
				str_addf(out, ", attempt %d", way->attempt);
			if (way->tried.list.len)
				str_addf(out, ", begun %s",
					stamp_wall_sec(way->intended, took));
			ended_text(&way->rows, way->why, out);
			resolved_line(way, indent, out);
		}
	}
	for (size_t i = 0; i < s->readings.list.len; i++)
		reading_line(r, &s->readings.list.at[i], indent, out);
	said_line(out, indent, "evidence", s->evidence);
	said_line(out, indent, "reason", s->reason);
	said_line(out, indent, "note", s->note);
	report_attached(r, (int)(s - r->steps.list.at), indent, out);
	for (size_t i = 0; i < s->signers.list.len; i++) {
		str_adds(out, indent);
		say(out, "signed by ", s->signers.list.at[i]);
		say(out, " with ", i < s->keys.list.len ? s->keys.list.at[i] : "?");
		str_addc(out, '\n');
	}
	for (size_t i = 0; i < s->signatures.list.len; i++) {
		const struct run_signature *g = &s->signatures.list.at[i];

		if (g->voided < 0)
			continue;
		str_addf(out, "%sVOID since record %lld", indent, (long long)g->voided);
		say(out, ": the signature of ", g->who);
		str_addf(out, " (record %lld)", (long long)g->seq);
		say(out, ": ", g->why);
		str_addc(out, '\n');
	}
}

void
report_check_line(const struct report_check *c, const char *before, struct str *out)
{
	if (!c || !c->checked)
		str_addf(out, "%sRecord: not checked\n", before);
	else if (c->ok)
		str_addf(out, "%sRecord: verified, head %s\n", before, c->head);
	else {
		str_adds(out, before);
		say(out, "Record: BAD: ", c->what);
		str_addc(out, '\n');
	}
}

void
report_exceptions(const struct run *r, struct str *out)
{
	for (size_t i = 0; i < r->exceptions.list.len; i++) {
		const struct run_exception *x = &r->exceptions.list.at[i];

		str_addf(out, "#%lld %s%s", (long long)x->seq,
			x->step == NONE ? "" : r->steps.list.at[x->step].step->number,
			x->step == NONE ? "" : ": ");
		text_harmless(out, x->text, strlen(x->text), TEXT_ONE_LINE);
		str_addc(out, '\n');
	}
}

static void
exceptions_text(const struct run *r, struct str *out)
{
	struct str lines = STR_INIT;

	report_exceptions(r, &lines);
	for (char *line = lines.buf, *lf; line && (lf = strchr(line, '\n'));
		line = lf + 1) {
		*lf = '\0';
		say(out, "Exception ", line);
		str_addc(out, '\n');
	}
	str_release(&lines);
}

static void
report_text(const struct run *r, const struct report_check *c, struct str *out)
{
	char stamp[STAMP_BYTES];
	struct run_counts n = run_count(r);

	str_addf(out, "Run %s", r->id);
	say(out, ": ", r->runbook->title);
	str_addc(out, '\n');
	str_addf(out,
		"Result: %s, %d of %d steps done, %d skipped, %d failed, %d unknown\n",
		report_result(r), n.done, n.total, n.skipped, n.failed, n.unknown);
	said_line(out, "", "Environment", r->environment);
	if (r->mode != RUN_LIVE)
		str_addf(out, "Mode: %s\n", run_mode_name(r->mode));
	str_addf(out, "Opened: %s", stamp_wall_sec(r->opened_at, stamp));
	say(out, " by ", r->opened_by ? r->opened_by : "?");
	str_addc(out, '\n');
	if (r->closed)
		str_addf(out, "Closed: %s\n", stamp_wall_sec(r->closed_at, stamp));
	say(out, "Runbook: ", r->runbook->path);
	str_addf(out, " sha256 %s\n", r->runbook->sources.list.at[0].sha256);
	report_check_line(c, "", out);
	for (size_t i = 0; i < r->values.len; i++)
		said_line(out, "Value ", r->values.at[i].key, r->values.at[i].value);
	str_addc(out, '\n');
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *s = &r->steps.list.at[i];
		const char *proof = report_proof(s);
		str_addf(out, "%s %-5s", run_step_state_box(run_step_state(r, (int)i)),
			s->step->number);
		say(out, " ", s->step->title);
		if (*proof)
			say(out, "  (", proof);
		str_adds(out, *proof ? ")\n" : "\n");
		report_step_facts(r, s, "          ", out);
	}
	reportback_text(r, "  ", out);
	exceptions_text(r, out);
	for (size_t i = 0; i < r->notes.list.len; i++) {
		const struct noted *note = &r->notes.list.at[i];
		str_addf(out, "Note %s", stamp_wall_sec(note->at, stamp));
		str_addf(out, " #%lld", (long long)note->seq);
		say(out, " ", note->who);
		if (note->of >= 0)
			str_addf(out, ", corrects #%lld", (long long)note->of);
		say(out, ": ", note->text);
		str_addc(out, '\n');
	}
	report_attached(r, NONE, "Run ", out);
}

/* Markdown specials of a text from outside cannot become markup. */
static void
md_text(struct str *out, const char *text)
{
	struct str one = STR_INIT;

	text_harmless(&one, text, strlen(text), TEXT_ONE_LINE);
	for (const char *p = one.buf; *p; p++) {
		if (strchr("\\`*_[]<>#|", *p))
			str_addc(out, '\\');
		str_addc(out, *p);
	}
	str_release(&one);
}

/* What follows from the same walk as the text, a list below the step's own line. */
static void
md_facts(struct str *out, const struct run *r, const struct run_step *s)
{
	struct str facts = STR_INIT;

	report_step_facts(r, s, "", &facts);
	for (char *line = facts.buf, *lf; (lf = strchr(line, '\n')); line = lf + 1) {
		*lf = '\0';
		str_adds(out, "  - ");
		md_text(out, line);
		str_addc(out, '\n');
	}
	str_release(&facts);
}

static void
md_exceptions(struct str *out, const struct run *r)
{
	struct str lines = STR_INIT;

	report_exceptions(r, &lines);
	if (lines.len)
		str_adds(out, "\n## Exceptions\n\n");
	for (char *line = lines.buf, *lf; line && (lf = strchr(line, '\n'));
		line = lf + 1) {
		*lf = '\0';
		str_adds(out, "- ");
		md_text(out, line);
		str_addc(out, '\n');
	}
	str_release(&lines);
}

static void
md_back(struct str *out, const struct run *r)
{
	struct str lines = STR_INIT;

	reportback_text(r, "", &lines);
	if (lines.len)
		str_adds(out, "\n## The way back\n\n");
	for (char *line = lines.buf, *lf; (lf = strchr(line, '\n')); line = lf + 1) {
		*lf = '\0';
		str_adds(out, "- ");
		md_text(out, line);
		str_addc(out, '\n');
	}
	str_release(&lines);
}

static void
report_md(const struct run *r, const struct report_check *c, struct str *out)
{
	char stamp[STAMP_BYTES];
	struct run_counts n = run_count(r);

	str_adds(out, "# ");
	md_text(out, r->runbook->title);
	str_addf(out,
		"\n\nRun `%s`: **%s**, %d of %d steps done, %d skipped, %d failed.\n\n",
		r->id, report_result(r), n.done, n.total, n.skipped, n.failed);
	if (r->environment) {
		str_adds(out, "- Environment ");
		md_text(out, r->environment);
		str_addc(out, '\n');
	}
	if (r->mode != RUN_LIVE)
		str_addf(out, "- Mode: %s\n", run_mode_name(r->mode));
	str_addf(out, "- Opened %s by ", stamp_wall_sec(r->opened_at, stamp));
	md_text(out, r->opened_by ? r->opened_by : "?");
	if (r->closed)
		str_addf(out, "\n- Closed %s", stamp_wall_sec(r->closed_at, stamp));
	str_addf(out, "\n- Runbook sha256 `%s`\n", r->runbook->sources.list.at[0].sha256);
	report_check_line(c, "- ", out);
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
		str_addf(out, " (%s%s", run_step_word(r, (int)i),
			*report_proof(s) ? ", " : "");
		md_text(out, report_proof(s));
		str_adds(out, ")\n");
		md_facts(out, r, s);
	}
	md_back(out, r);
	md_exceptions(out, r);
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
		reportjson_write(r, c, out);
		return;
	case REPORT_HTML:
		reporthtml_write(r, c, out);
		return;
	}
	text_harmless(out, raw.buf, raw.len, TEXT_KEEP_LF);
	str_release(&raw);
}
