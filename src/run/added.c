#include "run/added.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/danger.h"
#include "run/back.h"
#include "run/gate.h"
#include "run/second.h"
#include "run/legs.h"
#include "run/redline.h"

enum { TITLE_BYTES = 200 };

static const struct step plain_step = {.risk = RISK_MODERATE};

static bool
said(const char *text)
{
	return text && text[strspn(text, " \t\n")];
}

static int
count_added(const struct run *r)
{
	int n = 0;

	for (size_t i = r->steps.list.len; i-- > 0 && r->steps.list.at[i].step->added;)
		n++;
	return n;
}

/* The step of the file that it stands behind; NONE: before all that is open. */
static int
place_of(const struct run *r, int step)
{
	while (step != NONE && r->steps.list.at[step].step->added) {
		const char *after = r->steps.list.at[step].step->added_after;
		int to = after ? run_find_step(r, after) : NONE;

		step = to < step ? to
				 : NONE; /* of a forged record: not round and round */
	}
	return step;
}

/* A sign-off that this run needs. */
static bool
is_signoff(const struct run *r, int i)
{
	return r->steps.list.at[i].step->kind == STEP_SIGNOFF && !back_is_step(r, i) &&
		r->steps.list.at[i].state != STEP_IS_NOT_NEEDED;
}

bool
added_turn(const struct run *r, int step, struct err *e)
{
	const struct run_step *rs = &r->steps.list.at[step];
	int place;

	if (!rs->step->added || rs->step->kind != STEP_RUN || rs->forced)
		return true;
	place = place_of(r, step);
	for (int i = 0; i < (int)r->steps.list.len; i++) {
		const struct run_step *o = &r->steps.list.at[i];

		if (i != step && o->own == STEP_IS_UNKNOWN)
			return err_set(e, ERR_REFUSED,
				"nobody knows what became of step %s: settle its outcome before an added step acts",
				o->step->number);
		if (i <= place && is_signoff(r, i) && !run_settled(o))
			return err_set(e, ERR_REFUSED,
				"the sign-off %s is open, and stands before the added step %s",
				o->step->number, rs->step->number);
	}
	return true;
}

static int
first_open(const struct run *r, bool (*is)(const struct run *r, int step, int signoff),
	int signoff)
{
	int first = (int)r->steps.list.len - count_added(r);

	for (int i = first; i < (int)r->steps.list.len; i++)
		if (!run_settled(&r->steps.list.at[i]) && is(r, i, signoff))
			return i;
	return NONE;
}

static bool
has_turn(const struct run *r, int step, int signoff)
{
	struct err e = ERR_INIT;

	(void)signoff;
	return added_turn(r, step, &e);
}

static bool
stands_before(const struct run *r, int step, int signoff)
{
	return place_of(r, step) < signoff;
}

int
added_open(const struct run *r)
{
	return first_open(r, has_turn, NONE);
}

int
added_before(const struct run *r, int signoff)
{
	return first_open(r, stands_before, signoff);
}

/* Whoever signs has read what was added before; nobody signs after the last one. */
static bool
somebody_vouches(const struct run *r, struct err *e)
{
	bool any = false;

	for (int i = 0; i < (int)r->steps.list.len; i++) {
		if (!is_signoff(r, i))
			continue;
		if (!run_settled(&r->steps.list.at[i]))
			return true;
		any = true;
	}
	return !any ||
		err_set(e, ERR_REFUSED,
			"the last sign-off was given: nobody would vouch for a step that is added now");
}

bool
added_may(const struct run *r, struct err *e)
{
	if (!gate_allows(r, ACT_NOTE, NONE, e))
		return false;
	if (r->back.state != BACK_NEVER)
		return err_set(e, ERR_STATE,
			"the run is being led back: no step is added to it");
	if (!somebody_vouches(r, e))
		return false;
	if (count_added(r) >= RUNBOOK_ADDED_MAX ||
		r->steps.list.len >= r->runbook->steps.list.cap)
		return err_set(e, ERR_LIMIT, "no more than %d steps are added to a run",
			RUNBOOK_ADDED_MAX);
	return true;
}

static int
host_named(const struct run *r, const char *name)
{
	for (size_t i = 0; i < r->runbook->hosts.list.len; i++)
		if (str_eq(r->runbook->hosts.list.at[i].name, name))
			return (int)i;
	return NONE;
}

static bool
one_line(const char *text, const char *what, struct err *e)
{
	size_t len = strlen(text);

	if (len <= TITLE_BYTES && text_valid_utf8(text, len) &&
		!text[strcspn(text, "\n\t\r\033\177")])
		return true;
	return err_set(
		e, ERR_INPUT, "%s is one line of at most %d bytes", what, TITLE_BYTES);
}

bool
added_fits(const struct run *r, const struct added_words *w, struct err *e)
{
	if (!said(w->title))
		return err_set(e, ERR_INPUT, "a title is missing");
	if (!one_line(w->title, "a title", e))
		return false;
	if (!said(w->text))
		return true;
	if (!redline_is_text(w->text, e))
		return false;
	if (said(w->host) && host_named(r, w->host) == NONE)
		return err_set(e, ERR_INPUT, "the runbook has no host %s", w->host);
	if (said(w->undo))
		return redline_is_text(w->undo, e);
	if (!said(w->irreversible))
		return err_set(
			e, ERR_INPUT, "its undo is missing, or why there is no way back");
	return one_line(w->irreversible, "why there is no way back", e);
}

enum risk
added_risk(const struct added_words *w, struct str *why)
{
	return said(w->text) ? redline_risk(&plain_step, w->text, why) : RISK_NONE;
}

enum risk
added_undo_risk(const struct added_words *w, struct str *why)
{
	return said(w->text) && said(w->undo) ? redline_risk(&plain_step, w->undo, why)
					      : RISK_NONE;
}

static void
members(const struct added_words *w, struct jsonout *j)
{
	bool acts = said(w->text);

	jsonout_kstr(j, "title", w->title);
	jsonout_kstr(j, "text", acts ? w->text : NULL);
	jsonout_kstr(j, "host", acts && said(w->host) ? w->host : NULL);
	jsonout_kstr(j, "undo", acts && said(w->undo) ? w->undo : NULL);
	jsonout_kstr(j, "irreversible",
		acts && !said(w->undo) && said(w->irreversible) ? w->irreversible : NULL);
}

void
added_data(const struct added_words *w, struct str *out)
{
	struct jsonout j;

	jsonout_init(&j, out);
	jsonout_open(&j);
	members(w, &j);
	jsonout_close(&j);
}

static struct added_words
words_of(const struct json_node *n)
{
	return (struct added_words){
		.title = json_str(n, "title", NULL),
		.text = json_str(n, "text", NULL),
		.host = json_str(n, "host", NULL),
		.undo = json_str(n, "undo", NULL),
		.irreversible = json_str(n, "irreversible", NULL),
	};
}

/* One that no step of the run has. */
static char *
new_id(const struct run *r)
{
	char id[32];

	for (int n = count_added(r) + 1;; n++) {
		snprintf(id, sizeof id, ADDED_PREFIX "%d", n);
		if (run_find_step(r, id) == NONE)
			return mem_strdup(id);
	}
}

static bool
emit(struct decide_ctx *c, const struct added_words *w, struct err *e)
{
	int after = c->q->step;
	struct decide_data d;
	char *id = new_id(c->r);

	decide_emit_begin(&d);
	jsonout_key(&d.j, "added");
	jsonout_open(&d.j);
	jsonout_kstr(&d.j, "id", id);
	mem_free(id);
	members(w, &d.j);
	jsonout_close(&d.j);
	jsonout_kstr(&d.j, "risk", risk_name(added_risk(w, NULL)));
	jsonout_kstr(&d.j, "reason", c->q->reason);
	if (second_by_words(c->r, w->text, added_risk(w, NULL)))
		jsonout_kbool(&d.j, "two_person", true);
	return decide_emit_event(c, EVENT_REDLINE,
		after >= 0 && after < (int)c->r->steps.list.len ? after : NONE, &d, e);
}

bool
decide_added(struct decide_ctx *c, struct err *e)
{
	struct json *doc;
	struct added_words w;
	bool ok;

	if (!added_may(c->r, e) || !decide_emit_words(c->q->reason, "a reason", e))
		return false;
	doc = json_parse(c->q->data, strlen(c->q->data), e);
	if (!doc)
		return err_ctx(e, "data of a request");
	w = words_of(json_root(doc));
	ok = added_fits(c->r, &w, e) && emit(c, &w, e);
	json_free(doc);
	return ok;
}

/* ---- folding it -------------------------------------------------------------------------- */

static void
fill_command(struct run *r, struct step *s, const struct added_words *w)
{
	struct err e = ERR_INIT;

	if (w->host && host_named(r, w->host) == NONE) {
		s->host_gone = mem_strdup(w->host); /* never on another machine */
		return;
	}
	s->kind = STEP_RUN;
	s->host = w->host ? host_named(r, w->host) : NONE;
	s->undo.text = mem_strdup(w->undo);
	s->undo.host = s->host;
	s->undo.risk = added_undo_risk(w, NULL);
	s->irreversible = mem_strdup(w->irreversible);
	s->expect = expect_new();
	vec_push(&s->expect->rules,
		(struct expect_rule){EXPECT_EXIT,
			expect_scalar("0", expect_field_info(EXPECT_EXIT)->how, &e)});
}

/* The runbook of a record that is read twice has it already. */
static struct step *
there_already(struct run *r, const char *why, const struct added_words *w)
{
	struct step *s;

	if (r->steps.list.len >= r->runbook->steps.list.len)
		return NULL;
	s = &r->runbook->steps.list.at[r->steps.list.len];
	return str_eq(s->why, why) && str_eq(s->title, w->title) &&
			str_eq(s->text, w->text ? w->text : w->title)
		? s
		: NULL;
}

static struct step *
make_step(struct fold *f, const struct json_node *n, const struct added_words *w)
{
	struct run *r = f->r;
	char *why = mem_printf(
		"added for this run by %s: %s", f->ev->who, json_str(f->d, "reason", ""));
	struct step *s = there_already(r, why, w);

	if (!s)
		s = runbook_add_step(r->runbook, r->steps.list.len);
	if (!s || s->id) {
		mem_free(why);
		return s;
	}
	s->kind = STEP_DO;
	s->id = mem_strdup(json_str(n, "id", "added"));
	s->number = mem_printf("+%d", count_added(r) + 1);
	s->title = mem_strdup(w->title);
	s->text = mem_strdup(w->text ? w->text : w->title);
	s->risk = added_risk(w, NULL);
	s->added_after = mem_strdup(f->ev->step);
	s->why = why;
	if (w->text)
		fill_command(r, s, w);
	return s;
}

static void
take_in(struct run *r, const struct step *s)
{
	struct run_step *rs = vec_add(&r->steps.list);

	rs->step = s;
	rs->option = rs->second.leg = NONE;
	rs->seq = rs->marked_seq = -1;
	if (step_kind_has_legs(s->kind))
		legs_make(r->runbook, rs);
	map_put(&r->by_id, s->id, (void *)(intptr_t)r->steps.list.len);
}

bool
added_fold(struct fold *f)
{
	const struct json_node *n = json_get(f->d, "added");
	struct added_words w = words_of(n);
	const struct step *s;

	if (!n)
		return false;
	s = w.title ? make_step(f, n, &w) : NULL;
	if (!s)
		return true;
	take_in(f->r, s);
	f->rs = NULL; /* the list may have moved */
	f->step = s->index;
	fold_exception(f, "%s was added for this run: %s: %s%s%s%s%s", s->id,
		json_str(f->d, "reason", ""), s->title, w.text ? ": " : "",
		w.text ? w.text : "",
		s->host_gone ? "; the runbook no longer has the host " : "",
		s->host_gone ? s->host_gone : "");
	return true;
}
