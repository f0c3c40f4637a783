#include "audit/reportback.h"
#include "audit/reportinner.h"
#include "base/jsonout.h"
#include "base/stamp.h"

/* The account as one object: handrail report --json. */

static void
json_resolved(const struct leg_run *w, struct jsonout *j)
{
	jsonout_key(j, "resolved");
	if (!w->resolved) {
		jsonout_null(j);
		return;
	}
	jsonout_open(j);
	jsonout_kstr(j, "as", w->resolved_as);
	jsonout_kstr(j, "who", w->resolved_by);
	jsonout_kstr(j, "evidence", w->evidence);
	jsonout_close(j);
}

static void
json_rows(const struct judged_rows *rows, struct jsonout *j)
{
	jsonout_key(j, "expect");
	jsonout_open_array(j);
	for (size_t k = 0; k < rows->list.len; k++) {
		const struct judged_row *row = &rows->list.at[k];
		jsonout_open(j);
		jsonout_kstr(j, "field", row->field);
		jsonout_kstr(j, "want", row->want);
		jsonout_kstr(j, "got", row->got);
		jsonout_kstr(j, "verdict", verdict_name(row->verdict));
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

/* NULL for a time that never came. */
static void
json_time(struct jsonout *j, const char *key, struct wall at)
{
	char stamp[STAMP_BYTES];

	jsonout_kstr(j, key, at.ms ? stamp_wall(at, stamp) : NULL);
}

/* The attempts before the one of this object. */
static void
json_tried(const struct leg_run *way, struct jsonout *j)
{
	jsonout_key(j, "tried");
	jsonout_open_array(j);
	for (size_t i = 0; i < way->tried.list.len; i++) {
		const struct leg_try *t = &way->tried.list.at[i];

		jsonout_open(j);
		jsonout_kint(j, "attempt", t->attempt);
		jsonout_kstr(j, "state", report_try_state(t));
		jsonout_kbool(j, "undone", t->undone);
		json_time(j, "begun", t->begun);
		json_time(j, "ended", t->ended);
		jsonout_kint(j, "took_ms", t->took_ms);
		jsonout_kint(j, "exit", t->exit);
		jsonout_kstr(j, "why", t->why);
		jsonout_kstr(j, "resolved_as", t->resolved_as);
		jsonout_kstr(j, "resolved_by", t->resolved_by);
		json_rows(&t->rows, j);
		jsonout_close(j);
	}
	jsonout_close_array(j);
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
			if (!way->attempt && way->state != LEG_SKIPPED)
				continue;
			jsonout_open(j);
			jsonout_kstr(j, "host", leg->host);
			jsonout_kstr(j, "each", leg->each);
			jsonout_kstr(j, "way", w == WAY_BACK ? "back" : "forward");
			jsonout_kstr(j, "state", report_way_state(way));
			jsonout_kint(j, "attempt", way->attempt);
			json_time(j, "begun", way->intended);
			json_time(j, "ended", way->ended);
			jsonout_kint(j, "took_ms", way->took_ms);
			jsonout_kint(j, "exit", way->exit);
			jsonout_kstr(j, "blob", way->blob);
			jsonout_kstr(j, "why", way->why);
			jsonout_kstr(j, "lost", way->lost);
			json_resolved(way, j);
			json_rows(&way->rows, j);
			json_tried(way, j);
			jsonout_close(j);
		}
	jsonout_close_array(j);
}

/* Of a step, or with NONE of the run. */
static void
json_attached(const struct run *r, int step, struct jsonout *j)
{
	char stamp[STAMP_BYTES];

	jsonout_key(j, "attached");
	jsonout_open_array(j);
	for (size_t i = 0; i < r->attached.list.len; i++) {
		const struct attached *a = &r->attached.list.at[i];
		if (a->step != step)
			continue;
		jsonout_open(j);
		jsonout_kint(j, "seq", a->seq);
		jsonout_kstr(j, "time", stamp_wall(a->at, stamp));
		jsonout_kstr(j, "who", a->who);
		jsonout_kstr(j, "kind", a->kind);
		jsonout_kstr(j, "host", a->host);
		jsonout_kstr(j, "name", a->name);
		jsonout_key(j, "offset");
		if (a->offset >= 0)
			jsonout_int(j, a->offset);
		else
			jsonout_null(j);
		jsonout_kint(j, "lines", a->lines);
		jsonout_kint(j, "bytes", a->bytes);
		jsonout_kbool(j, "redacted", a->redacted);
		jsonout_kstr(j, "blob", a->blob);
		jsonout_kstr(j, "text", a->text);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

/* Signatures that no longer hold. */
static void
json_voided(const struct run_step *s, struct jsonout *j)
{
	jsonout_key(j, "voided");
	jsonout_open_array(j);
	for (size_t i = 0; i < s->signatures.list.len; i++) {
		const struct run_signature *g = &s->signatures.list.at[i];

		if (g->voided < 0)
			continue;
		jsonout_open(j);
		jsonout_kint(j, "seq", g->seq);
		jsonout_kstr(j, "who", g->who);
		jsonout_kint(j, "since", g->voided);
		jsonout_kstr(j, "reason", g->why);
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
	jsonout_kstr(j, "chosen", report_chosen(r, s));
	json_legs(s, j);
	jsonout_key(j, "readings");
	jsonout_open_array(j);
	for (size_t k = 0; k < s->readings.list.len; k++) {
		const struct reading *rd = &s->readings.list.at[k];
		jsonout_open(j);
		jsonout_kstr(j, "probe", r->runbook->probes.list.at[rd->probe].name);
		jsonout_kstr(j, "verdict", verdict_name(rd->verdict));
		jsonout_kstr(j, "field", rd->field);
		jsonout_kstr(j, "value", rd->value);
		jsonout_kstr(j, "unit", rd->unit);
		jsonout_kstr(j, "want", rd->want);
		jsonout_kstr(j, "message", rd->message);
		jsonout_kstr(j, "before", rd->before);
		jsonout_close(j);
	}
	jsonout_close_array(j);
	json_attached(r, i, j);
	jsonout_key(j, "signers");
	jsonout_open_array(j);
	for (size_t k = 0; k < s->signers.list.len; k++)
		jsonout_str(j, s->signers.list.at[k]);
	jsonout_close_array(j);
	json_voided(s, j);
	jsonout_close(j);
}

/* What whoever signs last has read. */
static void
json_exceptions(const struct run *r, struct jsonout *j)
{
	jsonout_key(j, "exceptions");
	jsonout_open_array(j);
	for (size_t i = 0; i < r->exceptions.list.len; i++) {
		const struct run_exception *x = &r->exceptions.list.at[i];

		jsonout_open(j);
		jsonout_kint(j, "seq", x->seq);
		jsonout_kstr(j, "step",
			x->step == NONE ? NULL : r->steps.list.at[x->step].step->id);
		jsonout_kstr(j, "text", x->text);
		jsonout_close(j);
	}
	jsonout_close_array(j);
}

void
reportjson_write(const struct run *r, const struct report_check *c, struct str *out)
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
	jsonout_kstr(&j, "environment", r->environment);
	jsonout_kstr(&j, "mode", run_mode_name(r->mode));
	jsonout_kstr(&j, "result", report_result(r));
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
	json_attached(r, NONE, &j);
	json_exceptions(r, &j);
	reportback_json(r, &j);
	jsonout_close(&j);
	str_addc(out, '\n');
}
