#include <stdlib.h>
#include <string.h>

#include "audit/reportback.h"
#include "audit/reportinner.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "base/vec.h"

/* To read in a browser and to print. States are told by words, colour only repeats them. */
static const char style[] =
	":root{--ink:#1b1f24;--dim:#57606a;--line:#d0d7de;--paper:#fff;--ok:#1a7f37;"
	"--bad:#b42318;--wait:#8a5a00;--off:#57606a}"
	"@media(prefers-color-scheme:dark){:root{--ink:#e6e6e6;--dim:#9aa5b1;--line:#3d444d;"
	"--paper:#101418;--ok:#57c27a;--bad:#ff8a75;--wait:#e6b450;--off:#9aa5b1}}"
	"*{box-sizing:border-box}"
	"body{font:15px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper);"
	"max-width:62rem;margin:0 auto;padding:1.5rem}"
	"h1{font-size:1.6rem;margin:0 0 .3rem}h2{font-size:1.15rem;margin:2rem 0 .6rem;"
	"border-bottom:1px solid var(--line)}h3{font-size:1rem;margin:0}"
	"code,pre,.when{font-family:ui-monospace,monospace;font-size:.86em}"
	"dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.8rem 0}"
	"dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}"
	".word{font-weight:600}.ok{color:var(--ok)}.bad{color:var(--bad)}"
	".wait{color:var(--wait)}.off{color:var(--off)}"
	".time{list-style:none;padding:0;margin:0}"
	".time li{display:grid;grid-template-columns:6.2rem 16rem 1fr;gap:.6rem;"
	"align-items:center;padding:.12rem 0}"
	".lane{position:relative;height:.7rem;background:var(--line);border-radius:2px}"
	".lane i{position:absolute;top:0;bottom:0;min-width:3px;background:currentColor;"
	"border-radius:2px}"
	"article{border-left:3px solid var(--line);padding:.35rem .8rem;margin:.5rem 0;"
	"break-inside:avoid}article.ok{border-color:var(--ok)}"
	"article.bad{border-color:var(--bad)}article.wait{border-color:var(--wait)}"
	"article h3{color:var(--ink)}article ul{margin:.2rem 0 .2rem 1.1rem;padding:0;"
	"color:var(--ink)}li{overflow-wrap:anywhere}"
	"pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid var(--line);"
	"padding:.5rem;margin:.3rem 0;color:var(--ink)}summary{cursor:pointer;"
	"color:var(--dim)}footer{margin-top:2.5rem;color:var(--dim);font-size:.9em}"
	"@media print{body{max-width:none;padding:0}details>pre{display:block}}"
	"@media(max-width:40rem){.time li{grid-template-columns:6.2rem 1fr}"
	".lane{display:none}}";

/* ---- texts ---- */

static void
add_escaped(struct str *out, const struct str *harmless)
{
	for (size_t i = 0; i < harmless->len; i++) {
		char c = harmless->buf[i];

		if (c == '&')
			str_adds(out, "&amp;");
		else if (c == '<')
			str_adds(out, "&lt;");
		else if (c == '>')
			str_adds(out, "&gt;");
		else if (c == '"')
			str_adds(out, "&quot;");
		else if (c == '\'')
			str_adds(out, "&#39;");
		else
			str_addc(out, c);
	}
}

static void
add_kept(struct str *out, const char *text, enum text_keep keep)
{
	struct str harmless = STR_INIT;

	text_harmless(&harmless, text, strlen(text), keep);
	add_escaped(out, &harmless);
	str_release(&harmless);
}

/* One line of text from anywhere. */
static void
add(struct str *out, const char *text)
{
	if (text)
		add_kept(out, text, TEXT_ONE_LINE);
}

/* A name and its value in a list of such; nothing where there is no value. */
static void
fact(struct str *out, const char *name, const char *value)
{
	if (!value)
		return;
	str_addf(out, "<dt>%s</dt><dd>", name);
	add(out, value);
	str_adds(out, "</dd>\n");
}

/* Each line as an item. */
static void
items(struct str *out, const struct str *lines)
{
	const char *line = lines->buf, *lf;

	if (!lines->len)
		return;
	str_adds(out, "<ul>\n");
	for (; (lf = strchr(line, '\n')); line = lf + 1) {
		char *one = mem_strndup(line, (size_t)(lf - line));

		str_adds(out, "<li>");
		add(out, one);
		str_adds(out, "</li>\n");
		mem_free(one);
	}
	str_adds(out, "</ul>\n");
}

/* The class that colours a state. */
static const char *
class_of(enum step_state s)
{
	switch (s) {
	case STEP_IS_DONE:
		return "ok";
	case STEP_IS_FAILED:
	case STEP_IS_UNKNOWN:
		return "bad";
	case STEP_IS_RUNNING:
	case STEP_IS_NEEDS_PERSON:
		return "wait";
	default:
		return "off";
	}
}

static const char *
way_class(const struct leg_run *w)
{
	switch (w->state) {
	case LEG_OK:
		return "ok";
	case LEG_FAILED:
	case LEG_UNKNOWN:
		return "bad";
	case LEG_SKIPPED:
	case LEG_TODO:
		return "off";
	default:
		return "wait";
	}
}

/* ---- the head ---- */

static void
head(const struct run *r, const struct report_check *c, struct str *out)
{
	const char *result = report_result(r);
	struct run_counts n = run_count(r);
	char stamp[STAMP_BYTES];
	struct str line = STR_INIT;

	str_addf(out, "<header>\n<h1>");
	add(out, r->runbook->title);
	str_addf(out, "</h1>\n<p><span class=\"word %s\">",
		strcmp(result, "ok") == 0               ? "ok"
			: strcmp(result, "failed") == 0 ? "bad"
							: "wait");
	add(out, result);
	str_addf(out,
		"</span>: %d of %d steps done, %d skipped, %d failed, %d unknown</p>\n<dl>\n",
		n.done, n.total, n.skipped, n.failed, n.unknown);
	fact(out, "Run", r->id);
	fact(out, "Environment", r->environment);
	if (r->mode != RUN_LIVE)
		fact(out, "Mode", run_mode_name(r->mode));
	str_addf(&line, "%s by %s", stamp_wall_sec(r->opened_at, stamp),
		r->opened_by ? r->opened_by : "?");
	fact(out, "Opened", line.buf);
	str_reset(&line);
	if (r->closed) {
		str_addf(&line, "%s", stamp_wall_sec(r->closed_at, stamp));
		str_addf(&line, ", after %s",
			stamp_duration(r->closed_at.ms - r->opened_at.ms, stamp));
		fact(out, "Closed", line.buf);
		str_reset(&line);
	}
	str_addf(&line, "%s, sha256 %s", r->runbook->path,
		r->runbook->sources.list.at[0].sha256);
	fact(out, "Runbook", line.buf);
	str_reset(&line);
	report_check_line(c, "", &line);
	str_cut(&line, line.len - 1);
	fact(out, "Checked", line.buf + strlen("Record: "));
	for (size_t i = 0; i < r->values.len; i++) {
		str_reset(&line);
		str_addf(&line, "%s = %s", r->values.at[i].key,
			(const char *)r->values.at[i].value);
		fact(out, "Value", line.buf);
	}
	str_adds(out, "</dl>\n</header>\n");
	str_release(&line);
}

/* ---- the timeline ---- */

struct moment {
	int64_t from_ms, to_ms;
	const char *class;
	char *what;
};

struct moments {
	VEC_OF(struct moment) list;
	int64_t from_ms, to_ms; /* of the whole run */
};

static void
moment_add(
	struct moments *m, int64_t from_ms, int64_t to_ms, const char *class, char *what)
{
	vec_push(&m->list, (struct moment){from_ms, to_ms, class, what});
}

static void
way_moment(const struct run *r, const struct run_step *s, const struct leg *leg, int w,
	struct moments *m)
{
	const struct leg_run *way = &leg->way[w];
	int64_t from = way->started.ms ? way->started.ms : way->intended.ms;
	int64_t to = way->ended.ms ? way->ended.ms : r->last_at.ms;
	char took[STAMP_BYTES];
	struct str what = STR_INIT;

	if (!from)
		return;
	str_addf(&what, "%s %s on %s%s%s%s: %s", s->step->number, s->step->title,
		leg->host, leg->each ? " " : "", leg->each ? leg->each : "",
		w == WAY_BACK ? " (way back)" : "", report_way_state(way));
	if (way->ended.ms && to > from)
		str_addf(&what, " after %s", stamp_duration(to - from, took));
	moment_add(m, from, to, way_class(way), str_take(&what));
}

static void
step_moments(const struct run *r, int i, struct moments *m)
{
	const struct run_step *s = &r->steps.list.at[i];
	bool ran = false;

	for (size_t k = 0; k < s->legs.list.len; k++)
		for (int w = 0; w < 2; w++) {
			way_moment(r, s, &s->legs.list.at[k], w, m);
			ran = ran || s->legs.list.at[k].way[w].intended.ms;
		}
	if (!ran && s->settled_at.ms && s->step->kind != STEP_SECTION)
		moment_add(m, s->settled_at.ms, s->settled_at.ms,
			class_of(run_step_state(r, i)),
			mem_printf("%s %s: %s%s%s", s->step->number, s->step->title,
				run_step_word(r, i), *report_proof(s) ? " by " : "",
				report_proof(s)));
}

static int
by_time(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->from_ms != y->from_ms)
		return x->from_ms < y->from_ms ? -1 : 1;
	return (x->to_ms > y->to_ms) - (x->to_ms < y->to_ms);
}

/* Thousandths of the whole, and never outside of it, whatever the clocks did. */
static int64_t
share(const struct moments *m, int64_t ms)
{
	int64_t all = m->to_ms - m->from_ms;

	if (ms <= m->from_ms || all <= 0)
		return 0;
	return ms >= m->to_ms ? 1000 : (ms - m->from_ms) * 1000 / all;
}

static void
moment_row(const struct moments *m, const struct moment *one, struct str *out)
{
	char stamp[STAMP_BYTES];
	int64_t left = share(m, one->from_ms), right = share(m, one->to_ms);

	str_addf(out, "<li><span class=\"when\">%s</span>",
		stamp_clock((struct wall){one->from_ms}, stamp));
	str_addf(out,
		"<span class=\"lane %s\"><i style=\"left:%lld.%lld%%;width:%lld.%lld%%\"></i>"
		"</span><span>",
		one->class, (long long)(left / 10), (long long)(left % 10),
		(long long)((right - left) / 10), (long long)((right - left) % 10));
	add(out, one->what);
	str_adds(out, "</span></li>\n");
}

static void
timeline(const struct run *r, struct str *out)
{
	struct moments m = {.from_ms = r->opened_at.ms,
		.to_ms = r->closed ? r->closed_at.ms : r->last_at.ms};

	for (size_t i = 0; i < r->steps.list.len; i++)
		step_moments(r, (int)i, &m);
	for (size_t i = 0; i < r->notes.list.len; i++) {
		const struct noted *n = &r->notes.list.at[i];

		moment_add(&m, n->at.ms, n->at.ms, "off",
			mem_printf("Note of %s: %s", n->who ? n->who : "?",
				n->text ? n->text : ""));
	}
	for (size_t i = 0; i < r->attached.list.len; i++) {
		const struct attached *a = &r->attached.list.at[i];

		moment_add(&m, a->at.ms, a->at.ms, "off",
			mem_printf("Evidence of %s: %s", a->who ? a->who : "?", a->name));
	}
	if (m.list.len) {
		qsort(m.list.at, m.list.len, sizeof *m.list.at, by_time);
		str_adds(out, "<section>\n<h2>Timeline</h2>\n<ol class=\"time\">\n");
		for (size_t i = 0; i < m.list.len; i++)
			moment_row(&m, &m.list.at[i], out);
		str_adds(out, "</ol>\n</section>\n");
	}
	for (size_t i = 0; i < m.list.len; i++)
		mem_free(m.list.at[i].what);
	vec_free(&m.list);
}

/* ---- the steps ---- */

static void
block(struct str *out, const char *summary, const char *text)
{
	if (!text || !*text)
		return;
	str_addf(out, "<details><summary>%s</summary><pre>", summary);
	add_kept(out, text, TEXT_KEEP_LF);
	str_adds(out, "</pre></details>\n");
}

static void
way_blocks(const struct leg *leg, int w, struct str *out)
{
	const struct leg_run *way = &leg->way[w];
	struct str summary = STR_INIT;

	if (!way->text && !way->output)
		return;
	str_adds(&summary, "Command on ");
	add(&summary, leg->host);
	str_adds(&summary, w == WAY_BACK ? " (way back)" : "");
	block(out, summary.buf, way->text);
	str_reset(&summary);
	str_adds(&summary, "Output of ");
	add(&summary, leg->host);
	if (way->blob)
		str_addf(
			&summary, ", its begin and end; whole: blob %.12s...", way->blob);
	block(out, summary.buf, way->output);
	str_release(&summary);
}

static void
one_step(const struct run *r, int i, struct str *out)
{
	const struct run_step *s = &r->steps.list.at[i];
	enum step_state state = run_step_state(r, i);
	struct str facts = STR_INIT;

	str_addf(out, "<article class=\"%s\"><h3>%s ", class_of(state),
		run_step_state_box(state));
	add(out, s->step->number);
	str_addc(out, ' ');
	add(out, s->step->title);
	str_addf(out, "</h3>\n<span class=\"word %s\">", class_of(state));
	add(out, run_step_word(r, i));
	str_adds(out, "</span>");
	if (*report_proof(s)) {
		str_adds(out, ", ");
		add(out, report_proof(s));
	}
	str_addc(out, '\n');
	report_step_facts(r, s, "", &facts);
	items(out, &facts);
	str_release(&facts);
	for (size_t k = 0; k < s->legs.list.len; k++)
		for (int w = 0; w < 2; w++)
			way_blocks(&s->legs.list.at[k], w, out);
	str_adds(out, "</article>\n");
}

static void
steps(const struct run *r, struct str *out)
{
	str_adds(out, "<section>\n<h2>Steps</h2>\n");
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct step *s = r->steps.list.at[i].step;

		if (s->kind != STEP_SECTION) {
			one_step(r, (int)i, out);
			continue;
		}
		str_adds(out, "<h3>");
		add(out, s->number);
		str_addc(out, ' ');
		add(out, s->title);
		str_adds(out, "</h3>\n");
	}
	str_adds(out, "</section>\n");
}

/* ---- what else a signer must see ---- */

static void
lines_section(struct str *out, const char *title, const struct str *lines)
{
	if (!lines->len)
		return;
	str_addf(out, "<section>\n<h2>%s</h2>\n", title);
	items(out, lines);
	str_adds(out, "</section>\n");
}

static void
notes(const struct run *r, struct str *out)
{
	char stamp[STAMP_BYTES];

	for (size_t i = 0; i < r->notes.list.len; i++) {
		const struct noted *n = &r->notes.list.at[i];

		str_addf(out, "%s %s: ", stamp_wall_sec(n->at, stamp),
			n->who ? n->who : "?");
		text_harmless(out, n->text, strlen(n->text), TEXT_ONE_LINE);
		str_addc(out, '\n');
	}
}

static void
foot(const struct run *r, const struct report_check *c, struct str *out)
{
	str_adds(out,
		"<footer><p>This page is a view; the record is the proof. Check it with ");
	str_addf(out, "<code>handrail verify %s</code>, or without Handrail as ", r->id);
	str_adds(out, "<code>man 5 handrail-journal</code> says.");
	if (c && c->checked && c->head)
		str_addf(out,
			" Head of the record when this was written: <code>%s</code>.",
			c->head);
	str_adds(out, "</p></footer>\n");
}

void
reporthtml_write(const struct run *r, const struct report_check *c, struct str *out)
{
	struct str lines = STR_INIT;

	str_adds(out,
		"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta name=\"viewport\" content=\"width=device-width\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
		"'none'; style-src 'unsafe-inline'\">\n<title>");
	add(out, r->runbook->title);
	str_addf(out, ", run %s</title>\n<style>%s</style>\n</head>\n<body>\n", r->id,
		style);
	head(r, c, out);
	timeline(r, out);
	report_exceptions(r, &lines);
	lines_section(out, "Exceptions", &lines);
	steps(r, out);
	str_reset(&lines);
	reportback_text(r, "", &lines);
	lines_section(out, "The way back", &lines);
	str_reset(&lines);
	notes(r, &lines);
	lines_section(out, "Notes", &lines);
	str_reset(&lines);
	report_attached(r, NONE, "", &lines);
	lines_section(out, "Evidence of the run", &lines);
	foot(r, c, out);
	str_adds(out, "</body>\n</html>\n");
	str_release(&lines);
}
