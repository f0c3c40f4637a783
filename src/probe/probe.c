#include "probe/probe.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "probe/probe_sim.h"

/* A kind that had no row would parse and be checked, and refuse to look. */
static const struct probe_way *const ways[PROBE_KIND_COUNT] = {
	[PROBE_HTTP] = &probe_way_http,
	[PROBE_COMMAND] = &probe_way_command,
	[PROBE_FILE] = &probe_way_script,
	[PROBE_PORT] = &probe_way_script,
	[PROBE_HOST] = &probe_way_script,
	[PROBE_CONTAINER] = &probe_way_script,
	[PROBE_CRON] = &probe_way_script,
	[PROBE_GIT] = &probe_way_script,
	[PROBE_ENV] = &probe_way_script,
	[PROBE_LOG] = &probe_way_log,
	[PROBE_TCP] = &probe_way_tcp,
	[PROBE_TLS] = &probe_way_tls,
	[PROBE_CORS] = &probe_way_cors,
	[PROBE_BURST] = &probe_way_burst,
	[PROBE_PROM] = &probe_way_prom,
	[PROBE_METRICS] = &probe_way_metrics,
	[PROBE_CI] = &probe_way_ci,
	[PROBE_REDIS] = &probe_way_redis,
	[PROBE_DNS] = &probe_way_dns,
	[PROBE_SQL] = &probe_way_sql,
};

/* ---- values in texts ---- */

static const char *
look_up(const void *ctx, const char *name)
{
	const struct probe_look *p = ctx;
	char *full = runbook_full_name(p->env.runbook, p->probe->scope, name);
	const char *value = p->env.lookup ? p->env.lookup(p->env.lookup_ctx, full) : NULL;

	mem_free(full);
	return value;
}

bool
probe_expand(const struct probe_look *p, const char *text, enum subst_as as,
	struct str *out, struct err *e)
{
	return subst_expand(text, as, look_up, p, out, e);
}

const char *
probe_arg(const struct probe_look *p, const char *name)
{
	const char *filled = pairs_get(&p->filled, name);

	return filled ? filled : pairs_get(&p->probe->args, name);
}

/* What is handed to others as it stands, who know no ${names}: files of certificates,
 * the container that is looked into, the name server that is asked. */
static bool
fill_args(struct probe_look *p, struct err *e)
{
	static const struct {
		const char *name;
		enum subst_as as;
	} args[] = {
		{"ca", SUBST_PATH},
		{"cert", SUBST_PATH},
		{"key", SUBST_PATH},
		{"container", SUBST_TEXT},
		{"server", SUBST_TEXT},
	};

	for (size_t i = 0; i < sizeof args / sizeof *args; i++) {
		const char *text = pairs_get(&p->probe->args, args[i].name);
		struct str value = STR_INIT;
		struct pair filled = {.key = (char *)args[i].name};
		bool ok;

		if (!text)
			continue;
		ok = probe_expand(p, text, args[i].as, &value, e);
		filled.value = str_take(&value);
		vec_push(&p->filled.list, filled);
		if (!ok)
			return false;
	}
	return true;
}

/* ---- the reading ---- */

/* The rule whose measured value stands for the whole: what the answer says, before how it
 * came (exit, status) and how long it took. */
static const struct expect_rule *
leading_rule(const struct expect *x)
{
	const struct expect_rule *best = NULL;

	for (size_t i = 0; x && i < x->rules.len; i++) {
		const struct expect_rule *r = &x->rules.at[i];
		bool plain = r->field == EXPECT_EXIT || r->field == EXPECT_STATUS;

		if (r->field == EXPECT_VALUE)
			return r;
		if (!best && !plain)
			best = r;
	}
	return best ? best : x && x->rules.len > 0 ? &x->rules.at[0] : NULL;
}

/* Its first row in the judgement: "json /status" belongs to the rule of `json`. */
static const struct judged *
row_of(const struct judgement *j, enum expect_field field)
{
	const char *name = expect_field_info(field)->name;
	size_t len = strlen(name);

	for (size_t i = 0; i < j->rows.len; i++) {
		const char *f = j->rows.at[i].field;

		if (strncmp(f, name, len) == 0 && (f[len] == 0 || f[len] == ' '))
			return &j->rows.at[i];
	}
	return NULL;
}

/* A time is the leading value of a web answer; what is expected of it comes first all the
 * same where it says more than a time would. */
static void
lead_with_time(struct probe_reading *r, int64_t took_ms)
{
	const struct judged *row = row_of(&r->judgement, EXPECT_TIME);

	snprintf(r->field, sizeof r->field, "time");
	snprintf(r->value, sizeof r->value, "%lld", (long long)took_ms);
	snprintf(r->unit, sizeof r->unit, "ms");
	snprintf(r->want, sizeof r->want, "%s", row ? row->want : "");
}

static void
lead(struct probe_reading *r, const struct probe *p, bool answered)
{
	const struct expect_rule *rule = leading_rule(p->expect);
	const struct judged *row = rule ? row_of(&r->judgement, rule->field) : NULL;

	if (answered && p->kind == PROBE_HTTP &&
		(!rule || (rule->field != EXPECT_VALUE && rule->field != EXPECT_JSON))) {
		lead_with_time(r, r->took_ms);
		return;
	}
	if (!row)
		return;
	snprintf(r->field, sizeof r->field, "%s", row->field);
	snprintf(r->want, sizeof r->want, "%s", row->want);
	if (strcmp(row->got, "-") != 0)
		snprintf(r->value, sizeof r->value, "%s", row->got);
	if (*r->value && rule->field == EXPECT_TIME) {
		snprintf(r->unit, sizeof r->unit, "ms");
		r->value[strcspn(r->value, " ")] = '\0'; /* got says its unit too */
	}
}

/* A broken `warn:` makes an ok a warning; it never blocks and never softens a failure. */
static void
fold_warn(struct probe_reading *r, const struct facts *facts, struct str *line)
{
	struct judgement warn = {0};

	if (!r->probe->warn || r->verdict != VERDICT_OK)
		return;
	expect_judge(r->probe->warn, facts, &warn);
	if (warn.verdict != VERDICT_OK) {
		r->verdict = VERDICT_WARN;
		str_adds(line, "; warn: ");
		judgement_line(&warn, line);
	}
	judgement_release(&warn);
}

static void
add_time(const struct probe_reading *r, struct str *line)
{
	if (!row_of(&r->judgement, EXPECT_TIME))
		str_addf(line, ", %lld ms", (long long)r->took_ms);
}

static void
tell(struct probe_look *p, struct probe_reading *r, const struct str *line)
{
	struct str safe = STR_INIT, clean = STR_INIT;

	if (p->env.redact)
		redact_text(p->env.redact, line->buf, line->len, &clean);
	else
		str_add(&clean, line->buf, line->len);
	text_harmless(&safe, clean.buf, clean.len, TEXT_ONE_LINE);
	str_release(&clean);
	snprintf(r->message, sizeof r->message, "%s", safe.buf);
	str_release(&safe);
	p->ended = true;
	p->fn(p->ctx, r); /* may free p */
}

/* What was measured goes into the record and onto the screen: a server may echo what it was
 * sent. */
static void
redact_rows(const struct probe_look *p, struct judgement *j)
{
	for (size_t i = 0; p->env.redact && i < j->rows.len; i++) {
		struct str clean = STR_INIT;
		char *got = j->rows.at[i].got;

		redact_text(p->env.redact, got, strlen(got), &clean);
		mem_free(got);
		j->rows.at[i].got = str_take(&clean);
	}
}

static void
add_remark(enum verdict v, const char *words, const char *after, struct str *line)
{
	if (words && v != VERDICT_OK)
		str_addf(line, "%s%s", words, after);
}

/* A line for each machine: the worst one is not the only one a person asks for. */
static void
add_each(const struct probe_look *p, const struct probe_found *f, struct str *out)
{
	struct str all = STR_INIT;

	for (size_t i = 0; i < f->each_len; i++) {
		const struct probe_each *m = &f->each[i];
		struct judgement j = {0};
		struct str line = STR_INIT;

		if (m->why) {
			str_addf(&line, "%s: no answer: %s", m->where, m->why);
		} else {
			expect_judge(p->probe->expect, m->facts, &j);
			str_addf(&line, "%s: ", m->where);
			add_remark(j.verdict, m->nothing, "; ", &line);
			judgement_line(&j, &line);
			str_addf(&line, ": %s",
				verdict_name(m->nothing && j.verdict == VERDICT_UNKNOWN
						? VERDICT_FAIL
						: j.verdict));
		}
		str_adds(&all, i ? "\n" : "");
		text_harmless(&all, line.buf, line.len, TEXT_ONE_LINE);
		judgement_release(&j);
		str_release(&line);
	}
	if (p->env.redact)
		redact_text(p->env.redact, all.buf, all.len, out);
	else
		str_add(out, all.buf, all.len);
	str_release(&all);
}

void
probe_found(struct probe_look *p, const struct probe_found *f)
{
	struct probe_reading r = {.probe = p->probe,
		.facts = f->facts,
		.took_ms = f->took_ms,
		.answer = *p->refusal ? PROBE_NOT_ASKED
			: f->why      ? PROBE_SILENT
				      : PROBE_ANSWERED};
	struct str line = STR_INIT, each = STR_INIT;

	if (p->ended)
		return;
	if (f->each_len > 1) {
		add_each(p, f, &each);
		r.each = each.buf;
	}
	f->facts->past = p->env.past;
	f->facts->at_ms = clock_mono().ms;
	expect_judge(p->probe->expect, f->facts, &r.judgement);
	redact_rows(p, &r.judgement);
	/* What is not there cannot be measured, but that it is not there is known. */
	if (f->nothing && r.judgement.verdict == VERDICT_UNKNOWN)
		r.judgement.verdict = VERDICT_FAIL;
	r.verdict = r.judgement.verdict;
	if (f->where && !f->why)
		str_addf(&line, "%s: ", f->where);
	if (f->why) {
		r.verdict = r.judgement.verdict = f->silent;
		str_adds(&line, f->why);
	} else {
		add_remark(r.verdict, f->nothing, "; ", &line);
		judgement_line(&r.judgement, &line);
		fold_warn(&r, f->facts, &line);
		if (f->because)
			str_adds(&line, r.verdict == VERDICT_OK ? "" : "; ");
		add_remark(r.verdict, f->because, "", &line);
		add_time(&r, &line);
	}
	lead(&r, p->probe, !f->why);
	tell(p, &r, &line);
	judgement_release(&r.judgement);
	str_release(&line);
	str_release(&each);
}

/* ---- life ---- */

static void
refuse(void *ctx)
{
	struct probe_look *p = ctx;
	struct facts none = {0};
	struct probe_found f = {
		.facts = &none,
		.silent = VERDICT_UNKNOWN,
		.why = p->refusal,
	};

	probe_found(p, &f);
}

struct probe_look *
probe_start(const struct probe_env *env, int probe, probe_fn *fn, void *ctx)
{
	struct probe_look *p = mem_alloc(sizeof *p);
	struct err e = ERR_INIT;
	bool ok;

	p->env = *env;
	p->probe = &env->runbook->probes.list.at[probe];
	p->way = probe_sim_plays(p) ? &probe_way_sim : ways[p->probe->kind];
	p->fn = fn;
	p->ctx = ctx;
	p->soon = loop_timer_new(env->loop, refuse, p);
	if (!p->way)
		ok = err_set(&e, ERR_STATE, "%s: this version does not look at %s yet",
			p->probe->name, probe_kind_name(p->probe->kind));
	else
		ok = fill_args(p, &e) && p->way->start(p, &e);
	if (!ok) {
		snprintf(p->refusal, sizeof p->refusal, "%.*s",
			(int)sizeof p->refusal - 1, e.msg);
		loop_timer_start(p->soon, 0, 0);
	}
	return p;
}

void
probe_look_free(struct probe_look *p)
{
	if (!p)
		return;
	if (p->way)
		p->way->free(p);
	loop_timer_free(p->soon);
	for (size_t i = 0; i < p->filled.list.len; i++)
		mem_free(p->filled.list.at[i].value);
	vec_free(&p->filled.list);
	mem_free(p);
}
