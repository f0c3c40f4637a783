#include "app/plainsay.h"

#include <stdarg.h>
#include <string.h>

#include "app/redlining.h"
#include "app/tty.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "base/ulid.h"
#include "model/jobstate.h"
#include "run/inputs.h"
#include "run/progress.h"
#include "view/leavewords.h"
#include "view/steptext.h"
#include "view/stopwords.h"

enum { PARTIAL_MAX = 64 * 1024, SHORT_ID = 6, TELL_MS = 5000 };

void
plainsay_line(struct plainsay *s, const char *fmt, ...)
{
	struct str raw = STR_INIT, out = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&raw, fmt, ap);
	va_end(ap);
	text_harmless(&out, raw.buf, raw.len, TEXT_KEEP_LF);
	fprintf(s->to, "%s\n", out.buf);
	fflush(s->to);
	str_release(&raw);
	str_release(&out);
}

void
plainsay_input(struct plainsay *s, int input, const char *value)
{
	struct str words = STR_INIT;

	inputs_changed(s->run, input, value, &words);
	if (words.len)
		plainsay_line(s, "%s", words.buf);
	str_release(&words);
}

const char *
plainsay_stop(const char *text)
{
	return *text && strchr(".?!", text[strlen(text) - 1]) ? "" : ".";
}

/* ---- output ------------------------------------------------------------------------------ */

static const char *
host_of(const struct plainsay *s, int step, int leg)
{
	return s->run->steps.list.at[step].legs.list.at[leg].host;
}

static struct str *
partial_of(struct plainsay *s, int step, int leg)
{
	struct plainsay_partial *one;

	for (size_t i = 0; i < s->partials.list.len; i++) {
		one = &s->partials.list.at[i];
		if (one->step == step && one->leg == leg)
			return &one->text;
	}
	one = vec_add(&s->partials.list);
	*one = (struct plainsay_partial){step, leg, STR_INIT};
	return &one->text;
}

void
plainsay_output(struct plainsay *s, int step, int leg, const char *b, size_t len)
{
	struct str *text = partial_of(s, step, leg);
	const char *host = host_of(s, step, leg), *lf, *at;

	str_add(text, b, len);
	at = text->buf;
	while ((lf = memchr(at, '\n', text->len - (size_t)(at - text->buf)))) {
		plainsay_line(s, "%s: %.*s", host, (int)(lf - at), at);
		at = lf + 1;
	}
	str_drop(text, (size_t)(at - text->buf));
	if (text->len > PARTIAL_MAX) {
		plainsay_line(s, "%s: %s", host, text->buf);
		str_reset(text);
	}
}

void
plainsay_flush(struct plainsay *s, int step)
{
	for (size_t i = 0; i < s->partials.list.len; i++) {
		struct plainsay_partial *one = &s->partials.list.at[i];
		if (!one->text.len || (step != NONE && one->step != step))
			continue;
		plainsay_line(
			s, "%s: %s", host_of(s, one->step, one->leg), one->text.buf);
		str_reset(&one->text);
	}
}

/* ---- events ------------------------------------------------------------------------------ */

/* "fail 503": only worth a word when it is not the same again. */
static const char *
other_than(const char *before, enum verdict verdict, const char *what)
{
	size_t len = strlen(verdict_name(verdict));

	if (before && strncmp(before, verdict_name(verdict), len) == 0 &&
		before[len] == ' ' && strcmp(before + len + 1, what) == 0)
		return NULL;
	return before;
}

static void
say_reading(struct plainsay *s, const struct run_step *rs, int64_t seq)
{
	for (size_t i = 0; i < rs->readings.list.len; i++) {
		const struct reading *r = &rs->readings.list.at[i];
		const char *what = r->message && *r->message ? r->message : "no answer";
		if (r->seq != seq)
			continue;
		const char *was = other_than(r->before, r->verdict, what);
		plainsay_line(s, "Probe %s: %s, %s%s%s%s%s",
			s->run->runbook->probes.list.at[r->probe].name,
			verdict_name(r->verdict), what, was ? " (before: " : "",
			was ? was : "", was ? ")" : "", was ? "." : plainsay_stop(what));
	}
}

/* The leg and way an event is about; NULL: none. */
static const struct leg_run *
leg_run_of(const struct run_step *rs, const struct json_node *data)
{
	const char *host = json_str(data, "host", NULL);
	const char *each = json_str(data, "each", NULL);
	enum way way = str_eq(json_str(data, "way", NULL), "back") ? WAY_BACK
								   : WAY_FORWARD;

	for (size_t i = 0; i < rs->legs.list.len; i++)
		if (str_eq(rs->legs.list.at[i].host, host) &&
			(!each || str_eq(rs->legs.list.at[i].each, each)))
			return &rs->legs.list.at[i].way[way];
	return NULL;
}

/* What the command printed was just read. */
static bool
said_already(const char *field)
{
	return str_eq(field, "output") || str_eq(field, "stdout") ||
		str_eq(field, "stderr");
}

/* "web1: ok after 1.2s: exit 0, value 5." What failed is said with the step. */
static void
say_leg_end(struct plainsay *s, const struct json_node *data, const struct leg_run *w)
{
	const char *sep = ": ";
	struct str rows = STR_INIT;
	char took[STAMP_BYTES];

	for (size_t i = 0; i < w->rows.list.len; i++) {
		const struct judged_row *row = &w->rows.list.at[i];
		if (row->verdict != VERDICT_OK || !row->got || said_already(row->field))
			continue;
		str_addf(&rows, "%s%s %s", sep, row->field, row->got);
		sep = ", ";
	}
	plainsay_line(s, "%s: %s%s after %s%s.", json_str(data, "host", "?"),
		json_str(data, "way", NULL) ? "undo " : "",
		w->verdict == VERDICT_FAIL ? "failed" : verdict_name(w->verdict),
		stamp_duration(w->took_ms, took), rows.buf);
	if (w->retry_at.ms && w->state == LEG_RETRY)
		plainsay_line(
			s, "It is tried again at %s.", stamp_clock(w->retry_at, took));
	str_release(&rows);
}

static void
say_leg_started(struct plainsay *s, const struct json_node *data, const struct leg_run *w)
{
	const char *host = json_str(data, "host", "?");

	plainsay_line(s, "Running on %s. Output follows, each line starts with the host.",
		host);
	if (w->warning)
		plainsay_line(s, "Warning: %s: %s%s", host, w->warning,
			plainsay_stop(w->warning));
}

/* Nothing to judge: what the host says of it, and what a person must find out. */
static void
say_leg_lost(struct plainsay *s, const struct json_node *data, const struct leg_run *w)
{
	enum job_state state = jobstate_by_name(w->lost);
	const char *look = jobstate_look(state);

	plainsay_line(s, "%s: OUTCOME UNKNOWN (%s): %s%s%s%s",
		json_str(data, "host", "?"), w->lost ? w->lost : "unknown",
		w->why ? w->why : jobstate_means(state),
		plainsay_stop(w->why ? w->why : ""), *look ? " " : "", look);
}

static void
say_stop(struct plainsay *s, enum step_kind kind, const struct json_node *data)
{
	const char *reply = json_str(data, "reply", NULL),
		   *host = json_str(data, "host", "?");
	struct str words = STR_INIT;

	if (!reply && kind != STEP_RUN) {
		plainsay_line(s, "%s: is ended: %s.", host, json_str(data, "why", "?"));
		return;
	}
	if (!reply) {
		plainsay_line(s,
			"%s: asked to stop: TERM to its processes, KILL after 10 s.",
			host);
		return;
	}
	stopwords_of(reply, &words);
	plainsay_line(s, "%s: %s.", host, words.buf);
	str_release(&words);
}

/* "The way back begins", and how it ended. */
static void
say_back(struct plainsay *s, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const struct json_node *d = json_root(doc);
	const char *result = json_str(d, "result", NULL), *why = json_str(d, "why", NULL);
	int stays = (int)json_int(d, "stays", 0);

	if (ev->type == EVENT_ROLLBACK_OPEN)
		plainsay_line(s, "The way back begins: %d to undo.",
			(int)json_int(d, "undo", 0));
	else
		plainsay_line(s, "The way back is over: %s%s%s, %d of what ran stay%s.",
			result ? result : "?", why ? ": " : "", why ? why : "", stays,
			stays == 1 ? "s" : "");
	json_free(doc);
}

/* What is taken back next. A step was announced before it began; its undo was not. */
static void
say_undo(struct plainsay *s, const struct run_step *rs, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const struct json_node *d = json_root(doc);
	const char *text = json_str(d, "text", "");
	size_t len = strlen(text);

	while (len && text[len - 1] == '\n')
		len--;
	if (json_str(d, "way", NULL))
		plainsay_line(s, "Taking back step %s on %s: %.*s", rs->step->number,
			json_str(d, "on", json_str(d, "host", "?")), (int)len, text);
	json_free(doc);
}

/* It has its values now. */
static void
say_until(struct plainsay *s, int step)
{
	struct str until = STR_INIT;

	if (steptext_until(s->run, step, clock_wall(), &until))
		plainsay_line(s, "Until: %s.", until.buf);
	str_release(&until);
}

static void
say_void(struct plainsay *s, const struct run_step *rs, int64_t seq)
{
	for (size_t i = 0; i < rs->signatures.list.len; i++) {
		const struct run_signature *g = &rs->signatures.list.at[i];

		if (g->voided == seq)
			plainsay_line(s,
				"The signature of %s at step %s is void: %s. It waits to be signed again.",
				g->who, rs->step->number, g->why);
	}
}

void
plainsay_event(struct plainsay *s, const struct event *ev)
{
	int step = ev->step ? run_find_step(s->run, ev->step) : NONE;
	const struct run_step *rs;
	const struct leg_run *w;
	struct err e = ERR_INIT;
	struct json *doc;

	if (ev->type == EVENT_ROLLBACK_OPEN || ev->type == EVENT_ROLLBACK_CLOSE)
		say_back(s, ev);
	if (step == NONE)
		return;
	rs = &s->run->steps.list.at[step];
	if (ev->type == EVENT_SIGNOFF_VOID)
		say_void(s, rs, ev->seq);
	if (ev->type == EVENT_PROBE_RESULT)
		say_reading(s, rs, ev->seq);
	if (ev->type == EVENT_STEP_INTENT)
		say_undo(s, rs, ev);
	if (ev->type == EVENT_STEP_ENTER)
		say_until(s, step);
	if (ev->type != EVENT_STEP_DONE && ev->type != EVENT_STEP_STARTED &&
		ev->type != EVENT_STEP_UNKNOWN && ev->type != EVENT_STEP_CANCEL)
		return;
	doc = json_parse(ev->data, strlen(ev->data), &e);
	w = leg_run_of(rs, json_root(doc));
	if (w && ev->type == EVENT_STEP_CANCEL)
		say_stop(s, rs->step->kind, json_root(doc));
	else if (w && ev->type == EVENT_STEP_STARTED)
		say_leg_started(s, json_root(doc), w);
	else
		plainsay_flush(s, step);
	if (w && ev->type == EVENT_STEP_UNKNOWN && w->state == LEG_UNKNOWN)
		say_leg_lost(s, json_root(doc), w);
	if (w && ev->type == EVENT_STEP_DONE && !w->nothing_ran)
		say_leg_end(s, json_root(doc), w);
	/* who is asked next must know why; where nobody is, it is said with the step */
	else if (w && ev->type == EVENT_STEP_DONE && w->why && tty_is_person())
		plainsay_line(s, "%s: %s%s", json_str(json_root(doc), "host", "?"),
			w->why, plainsay_stop(w->why));
	json_free(doc);
}

/* Who drives: offered, let go of, taken. */
static void
say_driver(struct plainsay *s, const struct event *ev, const char *at)
{
	const struct run *r = s->run;

	if (ev->type == EVENT_DRIVER_OFFER && r->offer.stands)
		plainsay_line(s, "%s %s offers the run to %s:\n%s", at, ev->who,
			r->offer.to ? r->offer.to : "whoever takes it",
			r->offer.summary ? r->offer.summary : "");
	else if (ev->type == EVENT_DRIVER_OFFER)
		plainsay_line(s, "%s %s no longer offers the run.", at, ev->who);
	else if (ev->type == EVENT_DRIVER_RELEASE)
		plainsay_line(s, "%s %s lets go of the run, for %s.", at, ev->who,
			r->released_to ? r->released_to : "whoever takes it");
	else if (ev->type == EVENT_DRIVER_TAKE)
		plainsay_line(s, "%s %s drives the run now.", at, ev->who);
}

void
plainsay_people(struct plainsay *s, const struct event *ev)
{
	const struct run *r = s->run;
	int step = ev->step ? run_find_step(r, ev->step) : NONE;
	/* in one line: another would be taken for one of ours */
	char *why = text_harmless_dup(r->hold_reason ? r->hold_reason : "");
	char *note = text_harmless_dup(
		r->notes.list.len ? r->notes.list.at[r->notes.list.len - 1].text : "");
	char at[STAMP_BYTES];

	stamp_clock(ev->t, at);
	if (ev->type == EVENT_RUN_HOLD)
		plainsay_line(s, "%s %s holds the run%s%s%s", at, ev->who,
			*why ? ": " : "", why, plainsay_stop(why));
	else if (ev->type == EVENT_RUN_GO)
		plainsay_line(s, "%s %s lets the run go on.", at, ev->who);
	else if (ev->type == EVENT_NOTE && r->notes.list.len)
		plainsay_line(s, "%s Note by %s: %s", at, ev->who, note);
	else if ((ev->type == EVENT_TICK_SET || ev->type == EVENT_STEP_SKIP) &&
		step != NONE)
		plainsay_line(s, "%s Step %s %s, by %s.", at,
			r->steps.list.at[step].step->number, run_step_word(r, step),
			ev->who);
	else
		say_driver(s, ev, at);
	mem_free(why);
	mem_free(note);
}

void
plainsay_step(struct plainsay *s, const struct runbook *rb, int i)
{
	const struct step *st = &rb->steps.list.at[i];
	const char *text = run_leg_text(s->run, i, LEG_ALL, WAY_FORWARD);
	bool edited = s->run->steps.list.at[i].redline != NULL;
	size_t len = text ? strlen(text) : 0;

	while (len && text[len - 1] == '\n')
		len--;
	if (st->section != NONE &&
		(i == 0 || rb->steps.list.at[i - 1].kind == STEP_SECTION))
		plainsay_line(s, "Section %s.", rb->steps.list.at[st->section].title);
	if (step_kind_acts(st->kind))
		plainsay_line(s, "Step %s, risk %s: %s", st->number,
			risk_name(run_leg_risk(s->run, i, WAY_FORWARD)), st->title);
	else
		plainsay_line(s, "Step %s, %s: %s", st->number, step_kind_name(st->kind),
			st->title);
	if (step_kind_has_legs(st->kind)) {
		plainsay_line(s, "%s%s: %.*s", steptext_act_label(st->kind),
			edited ? ", edited for this run" : "", (int)len, text);
		plainsay_line(s, "Where: %s.",
			st->host == NONE ? "this machine"
					 : rb->hosts.list.at[st->host].name);
	}
}

void
plainsay_leaving(struct plainsay *s)
{
	struct str words = STR_INIT;

	if (leavewords_of(s->run, &words))
		plainsay_line(s, "%s", words.buf);
	str_release(&words);
}

void
plainsay_failed(struct plainsay *s, const struct run_step *rs, int64_t since_seq)
{
	for (size_t k = 0; k < rs->legs.list.len; k++) {
		const struct leg_run *w = &rs->legs.list.at[k].way[WAY_FORWARD];
		for (size_t n = 0; n < w->rows.list.len; n++)
			if (w->rows.list.at[n].verdict != VERDICT_OK)
				plainsay_line(s, "%s: %s is %s, wanted %s.",
					rs->legs.list.at[k].host,
					w->rows.list.at[n].field, w->rows.list.at[n].got,
					w->rows.list.at[n].want);
		if (w->state == LEG_FAILED && w->why && *w->why)
			plainsay_line(s, "%s: %s%s", rs->legs.list.at[k].host, w->why,
				plainsay_stop(w->why));
	}
	/* What came while we listen was said when it came. */
	for (size_t k = 0; k < rs->readings.list.len; k++)
		if (rs->readings.list.at[k].seq <= since_seq &&
			rs->readings.list.at[k].verdict != VERDICT_OK)
			plainsay_line(s, "Probe: %s%s", rs->readings.list.at[k].message,
				plainsay_stop(rs->readings.list.at[k].message));
	plainsay_line(s, "Step %s FAILED.", rs->step->number);
}

void
plainsay_begin(struct plainsay *s, const char *runs_dir, bool is_new)
{
	char *edits = is_new ? redlining_open(runs_dir, s->run) : NULL;

	plainsay_line(s, "Run %s, %s. %d steps.", s->run->id + ULID_LEN - SHORT_ID,
		s->run->runbook->title, run_count(s->run).total);
	if (edits)
		plainsay_line(s, "Warning: %s.", edits);
	mem_free(edits);
}

void
plainsay_closed(
	struct plainsay *s, const struct run *r, const char *dir, const char *head)
{
	struct run_counts n = run_count(r);
	char *patch = file_join(dir, REDLINING_PATCH);

	plainsay_line(s,
		"Run %s is closed: %s, %d of %d steps done, %d skipped, %d failed.",
		r->id + ULID_LEN - SHORT_ID, r->result, n.done, n.total, n.skipped,
		n.failed);
	plainsay_line(s, "Record: %s", dir);
	if (file_exists(patch))
		plainsay_line(
			s, "What was edited in it is a patch for the runbook: %s", patch);
	mem_free(patch);
	plainsay_line(s, "Head: %s", head);
}

void
plainsay_twins(void *ctx, const char *words)
{
	struct plainsay *s = ctx;

	if (*words)
		plainsay_line(s,
			"Warning: %s. A step for both names is run under the first and "
			"refused under the other.",
			words);
}

void
plainsay_left(struct plainsay *s, struct session *session)
{
	struct str left = STR_INIT;

	session_notices_finish(session, TELL_MS, &left);
	if (left.len)
		plainsay_line(s, "%s.", left.buf);
	str_release(&left);
}

void
plainsay_changed(struct plainsay *s, const struct session *session)
{
	struct str words = STR_INIT;

	if (session_changed_since(session, &words))
		plainsay_line(s, "Note: %s.", words.buf);
	if (session_unclaimed(session))
		plainsay_line(s, "Warning: %s.", session_unclaimed(session));
	str_release(&words);
}

bool
plainsay_gone(struct plainsay *s, const struct session *session)
{
	const struct run *r = session_run(session);

	if (!session_has_let_go(session))
		return false;
	if (!session_is_fenced(session)) /* that was said when it came */
		plainsay_line(s, "The run is %s's now: handrail watch %s looks on.",
			r->released_to ? r->released_to : "somebody else",
			r->id + ULID_LEN - SHORT_ID);
	return true;
}

void
plainsay_release(struct plainsay *s)
{
	for (size_t i = 0; i < s->partials.list.len; i++)
		str_release(&s->partials.list.at[i].text);
	vec_free(&s->partials.list);
}
