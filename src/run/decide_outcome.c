#include "run/decide_outcome.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/redact.h"
#include "base/text.h"
#include "model/expect.h"

/* Shares of one line, escaped: rows, saved values, output. */
enum {
	TEXT_BYTES = 512,
	ROWS_ROOM = 12 * 1024,
	SAVED_BYTES = 4096,
	SAVED_ROOM = 20 * 1024,
	OUTPUT_ROOM = 25 * 1024,
};

struct outcome {
	enum verdict verdict;
	char *why;
	bool ran;
	int exit; /* -1: none */
	struct judgement judged;
	struct pairs saved; /* keys borrowed, values owned */
};

static void
outcome_release(struct outcome *o)
{
	mem_free(o->why);
	judgement_release(&o->judged);
	for (size_t i = 0; i < o->saved.list.len; i++)
		mem_free(o->saved.list.at[i].value);
	vec_free(&o->saved.list);
}

static void
row_add(struct outcome *o, const char *field, const char *want, const char *got,
	enum verdict verdict)
{
	struct judged row = {.field = mem_strdup(field),
		.want = mem_strdup(want),
		.got = mem_strdup(got),
		.verdict = verdict};

	vec_push(&o->judged.rows, row);
}

static void
row_copy(struct outcome *o, const struct judged *row, enum verdict verdict)
{
	row_add(o, row->field, row->want, row->got, verdict);
}

/* ---- judging -------------------------------------------------------------------------- */

/* Borrowed facts and two of ours; release with vec_free alone. */
static struct facts
facts_with_exit(const struct request *q)
{
	struct facts f = {0};

	if (q->facts) {
		f.json = q->facts->json;
		f.json_cut = q->facts->json_cut;
		for (size_t i = 0; i < q->facts->list.len; i++)
			if (q->facts->list.at[i].field != EXPECT_EXIT)
				vec_push(&f.list, q->facts->list.at[i]);
	}
	if (q->exit >= 0)
		vec_push(&f.list,
			(struct fact){.field = EXPECT_EXIT,
				.kind = FACT_NUMBER,
				.number = q->exit});
	if (!facts_has_field(&f, EXPECT_TIME))
		vec_push(&f.list,
			(struct fact){.field = EXPECT_TIME,
				.kind = FACT_NUMBER,
				.number = (double)q->took_ms});
	return f;
}

static void
judge_exit(struct outcome *o, int exit)
{
	char got[16];

	snprintf(got, sizeof got, "%d", exit);
	o->verdict = exit == 0 ? VERDICT_OK : exit > 0 ? VERDICT_FAIL : VERDICT_UNKNOWN;
	row_add(o, "exit", "0", exit < 0 ? "-" : got, o->verdict);
}

/* Of a watch that expects nothing: did it run, and end when it was to? What it showed is
 * for a person to say. */
static void
judge_watch(const struct leg_run *lr, int exit, struct outcome *o)
{
	if (lr->state == LEG_CANCELLING) {
		o->verdict = VERDICT_OK;
		o->why = mem_printf("ended: %s", lr->why ? lr->why : "");
		return;
	}
	judge_exit(o, exit);
	o->why = mem_strdup("it ended by itself");
}

/* The bytes at the target are those that the record names as the source's. */
static void
judge_copy(const struct leg_run *lr, const struct facts *f, struct outcome *o)
{
	const char *mark = lr->boot && str_starts(lr->boot, "sha256 ") ? lr->boot + 7
								       : "";
	const struct fact *got = facts_find(f, EXPECT_SHA256, NULL);
	char *want = mem_strndup(mark, strcspn(mark, " "));
	enum verdict same = !*want || !got || !got->text ? VERDICT_UNKNOWN
		: str_eq(got->text, want)                ? VERDICT_OK
							 : VERDICT_FAIL;

	row_add(o, "sha256", *want ? want : "-", got && got->text ? got->text : "-",
		same);
	if (same != VERDICT_OK)
		o->verdict = same;
	mem_free(want);
}

static void
judge(const struct decide_ctx *c, const struct step *s, const struct leg_run *lr,
	const struct facts *f, struct outcome *o)
{
	struct judgement warn = {0};

	if (s->kind == STEP_WATCH && !s->expect) {
		judge_watch(lr, c->q->exit, o);
		return;
	}
	if (c->q->way == WAY_BACK && !s->undo.expect) {
		judge_exit(o, c->q->exit);
		return;
	}
	if (c->q->way == WAY_BACK || s->kind != STEP_COPY || s->expect)
		expect_judge(c->q->way == WAY_BACK ? s->undo.expect : s->expect, f,
			&o->judged);
	o->verdict = o->judged.verdict;
	if (s->kind == STEP_COPY && c->q->way == WAY_FORWARD) {
		if (c->q->exit >= 0) /* on a host that is only pretended */
			judge_exit(o, c->q->exit);
		else
			judge_copy(lr, f, o);
	}
	if (c->q->way == WAY_BACK || !s->warn)
		return;
	expect_judge(s->warn, f, &warn);
	for (size_t i = 0; i < warn.rows.len; i++)
		if (warn.rows.at[i].verdict != VERDICT_OK)
			row_copy(o, &warn.rows.at[i], VERDICT_WARN);
	if (warn.verdict != VERDICT_OK && o->verdict == VERDICT_OK)
		o->verdict = VERDICT_WARN;
	judgement_release(&warn);
}

/* ---- saving --------------------------------------------------------------------------- */

static char *
output_text(const struct facts *f)
{
	const struct fact *fact = facts_find(f, EXPECT_OUTPUT, NULL);
	size_t len;

	if (!fact)
		fact = facts_find(f, EXPECT_STDOUT, NULL);
	if (!fact || fact->kind == FACT_CUT || !fact->text)
		return NULL;
	len = strlen(fact->text);
	while (len && strchr(" \t\r\n", fact->text[len - 1]))
		len--;
	return mem_strndup(fact->text, len);
}

static char *
pointer_text(const struct facts *f, const char *pointer)
{
	const struct json_node *n = f->json && !f->json_cut
		? json_pointer(json_root(f->json), pointer)
		: NULL;
	struct str s = STR_INIT;

	if (!n)
		return NULL;
	if (!json_scalar_text(n, &s))
		json_write(n, &s);
	return str_take(&s);
}

/* A value that cannot be kept whole is not kept: the step is not proven then, because a
 * later one relies on it. */
static void
save(const struct step *s, const struct facts *f, struct outcome *o)
{
	size_t room = SAVED_ROOM;

	for (size_t i = 0; i < s->save.list.len; i++) {
		const struct saved *want = &s->save.list.at[i];
		char *value = want->pointer ? pointer_text(f, want->pointer)
					    : output_text(f);
		char *field = mem_printf("save %s", want->name);
		struct str escaped = STR_INIT;

		if (value)
			jsonout_add_string(&escaped, value, strlen(value));
		if (!value) {
			row_add(o, field, want->pointer ? want->pointer : "output", "-",
				VERDICT_UNKNOWN);
			o->verdict = VERDICT_UNKNOWN;
		} else if (strlen(value) > SAVED_BYTES || escaped.len > room) {
			row_add(o, field, "at most 4096 bytes", "more", VERDICT_UNKNOWN);
			o->verdict = VERDICT_UNKNOWN;
			mem_free(value);
		} else if (redact_marked(value)) {
			row_add(o, field, "no secret, for it would be on record", value,
				VERDICT_UNKNOWN);
			o->verdict = VERDICT_UNKNOWN;
			mem_free(value);
		} else {
			vec_push(&o->saved.list,
				(struct pair){.key = want->name, .value = value});
			room -= escaped.len;
		}
		str_release(&escaped);
		mem_free(field);
	}
}

/* ---- writing -------------------------------------------------------------------------- */

static void
add_cut(struct decide_data *d, const char *key, const char *text)
{
	size_t len = strlen(text);

	if (len > TEXT_BYTES)
		for (len = TEXT_BYTES; len && ((unsigned char)text[len] & 0xc0) == 0x80;)
			len--;
	jsonout_key(&d->j, key);
	jsonout_strn(&d->j, text, len);
}

static void
add_rows(struct decide_data *d, const struct outcome *o, size_t room)
{
	size_t start = d->s.len;

	jsonout_key(&d->j, "expect");
	jsonout_open_array(&d->j);
	for (size_t i = 0; i < o->judged.rows.len && d->s.len - start < room; i++) {
		const struct judged *row = &o->judged.rows.at[i];

		jsonout_open(&d->j);
		add_cut(d, "field", row->field);
		add_cut(d, "want", row->want);
		add_cut(d, "got", row->got);
		jsonout_kbool(&d->j, "ok", row->verdict == VERDICT_OK);
		if (row->verdict == VERDICT_WARN || row->verdict == VERDICT_UNKNOWN)
			jsonout_kstr(&d->j, "verdict", verdict_name(row->verdict));
		jsonout_close(&d->j);
	}
	jsonout_close_array(&d->j);
}

/* Output that does not fit the record is never a reason to lose the outcome. */
static void
add_output(const struct decide_ctx *c, struct decide_data *d)
{
	static const char *const nothing[] = {NULL};
	struct err e = ERR_INIT;

	if (!c->q->data)
		return;
	jsonout_key(&d->j, "output");
	jsonout_open(&d->j);
	if (strlen(c->q->data) > OUTPUT_ROOM)
		jsonout_kstr(&d->j, "why", "too long for the record");
	else if (!decide_emit_members(d, c->q->data, nothing, &e))
		jsonout_kstr(&d->j, "why", "not readable");
	jsonout_close(&d->j);
}

static void
fill_done(struct decide_ctx *c, const struct leg *leg, const struct outcome *o,
	size_t rows_room, struct decide_data *d)
{
	const struct step *s = &c->r->runbook->steps.list.at[c->q->step];
	const struct leg_run *lr = &leg->way[c->q->way];
	bool failed = o->verdict == VERDICT_FAIL ||
		(lr->look && o->verdict == VERDICT_UNKNOWN);

	decide_emit_begin(d);
	decide_emit_leg(d, leg, c->q->way, lr->attempt);
	jsonout_key(&d->j, "exit");
	if (o->exit < 0)
		jsonout_null(&d->j);
	else
		jsonout_int(&d->j, o->exit);
	jsonout_kint(&d->j, "took_ms", o->ran ? c->q->took_ms : 0);
	jsonout_kstr(&d->j, "verdict", verdict_name(o->verdict));
	if (!o->ran)
		jsonout_kbool(&d->j, "ran", false);
	if (o->why)
		add_cut(d, "why", o->why);
	add_rows(d, o, rows_room);
	if (failed && lr->tries_left > 0 && lr->state != LEG_CANCELLING &&
		c->q->way == WAY_FORWARD)
		decide_emit_time(
			d, "retry_at", (struct wall){c->now.wall.ms + s->retry_wait_ms});
	if (o->ran)
		add_output(c, d);
	if (o->saved.list.len) {
		jsonout_key(&d->j, "saved");
		jsonout_open(&d->j);
		for (size_t i = 0; i < o->saved.list.len; i++)
			jsonout_kstr(&d->j, o->saved.list.at[i].key,
				o->saved.list.at[i].value);
		jsonout_close(&d->j);
	}
}

/* Each part has its share; escaped bytes can make them too much together. Then the verdict
 * stands without its rows: an outcome is never lost to the length of its line. */
static bool
write_done(struct decide_ctx *c, const struct leg *leg, const struct outcome *o,
	struct err *e)
{
	struct decide_data d;

	fill_done(c, leg, o, ROWS_ROOM, &d);
	if (!decide_emit_fits(&d)) {
		decide_emit_drop(&d);
		fill_done(c, leg, o, 0, &d);
	}
	return decide_emit_event(c, EVENT_STEP_DONE, c->q->step, &d, e);
}

/* A job that made it before it was stopped has done what it was for; of any other the stop
 * is the reason. A transaction that has ended was committed, whatever was asked of it. */
static void
stopped(const struct step *s, const struct leg_run *lr, enum way way, struct outcome *o)
{
	bool stays = (s->kind == STEP_SQL || s->kind == STEP_COPY) &&
		way == WAY_FORWARD && !lr->look;
	char *why = stays ? mem_printf("%s although it was asked to stop%s%s",
				    s->kind == STEP_COPY ? "in place" : "committed",
				    o->why ? ": " : "", o->why ? o->why : "")
			  : mem_printf("cancelled: %s", lr->why ? lr->why : "");

	mem_free(o->why);
	o->why = why;
	if (!stays)
		o->verdict = VERDICT_FAIL;
}

bool
decide_outcome_ended(struct decide_ctx *c, const struct leg *leg, struct err *e)
{
	const struct step *s = &c->r->runbook->steps.list.at[c->q->step];
	const struct leg_run *lr = &leg->way[c->q->way];
	struct outcome o = {.ran = true, .exit = c->q->exit};
	struct facts f = facts_with_exit(c->q);
	bool ok, good;

	judge(c, s, lr, &f, &o);
	good = o.verdict == VERDICT_OK || o.verdict == VERDICT_WARN;
	if (good && c->q->way == WAY_FORWARD)
		save(s, &f, &o);
	if (o.verdict == VERDICT_UNKNOWN)
		o.why = mem_printf("%s, so what was expected could not be judged",
			c->q->reason ? c->q->reason : "it ended");
	if (lr->state == LEG_CANCELLING && !good)
		stopped(s, lr, c->q->way, &o);
	ok = write_done(c, leg, &o, e);
	vec_free(&f.list);
	outcome_release(&o);
	return ok;
}

bool
decide_outcome_never(struct decide_ctx *c, const struct leg *leg, struct err *e)
{
	struct outcome o = {.verdict = VERDICT_FAIL, .exit = -1};
	const char *why = decide_emit_said(c->q->reason) ? c->q->reason
							 : "no reason given";
	bool ok;

	o.why = mem_printf("%s: %s",
		leg->way[c->q->way].look                 ? "no answer"
			: leg->way[c->q->way].started.ms ? "nothing stays of it"
							 : "nothing ran",
		why);
	ok = write_done(c, leg, &o, e);
	outcome_release(&o);
	return ok;
}
