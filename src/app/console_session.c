#include <stdio.h>
#include <string.h>

#include "app/cmdinput.h"
#include "app/consoleinner.h"
#include "app/owing.h"
#include "app/practice.h"
#include "app/redlining.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "base/text.h"
#include "run/back.h"
#include "view/stopwords.h"

/* The session under the run view: its calls, its beginning and its end. */

enum { HISTORY_MAX = 5000, FILES_MS = 3000 };

/* ---- what became of a step ------------------------------------------------------------- */

enum readings_which { READINGS_BAD, READINGS_GOOD };

static void
add_readings(const struct run *r, const struct run_step *rs, enum readings_which which,
	struct str *out)
{
	for (size_t i = 0; i < rs->readings.list.len; i++) {
		const struct reading *m = &rs->readings.list.at[i];
		bool good = m->verdict == VERDICT_OK || m->verdict == VERDICT_WARN;

		if (m->message && good == (which == READINGS_GOOD))
			str_addf(out, "%s%s %s", out->len ? "; " : ": ",
				r->runbook->probes.list.at[m->probe].name, m->message);
	}
}

static void
measured(const struct run *r, const struct run_step *rs, struct str *out)
{
	for (size_t i = 0; i < rs->legs.list.len; i++) {
		const struct leg *l = &rs->legs.list.at[i];

		if (l->way[WAY_FORWARD].state == LEG_UNKNOWN && l->way[WAY_FORWARD].lost)
			str_addf(out, "%s%s is %s", out->len ? ", " : ": ", l->host,
				l->way[WAY_FORWARD].lost);
		/* of an undo that failed, that is what one wants to hear */
		enum way way = l->way[WAY_BACK].state == LEG_FAILED ? WAY_BACK
								    : WAY_FORWARD;
		for (size_t k = 0; k < l->way[way].rows.list.len; k++) {
			const struct judged_row *row = &l->way[way].rows.list.at[k];

			str_addf(out, "%s%s%s %s%s%s", out->len ? ", " : ": ",
				way == WAY_BACK ? "its undo " : "", row->field, row->got,
				row->verdict == VERDICT_OK ? "" : ", wanted ",
				row->verdict == VERDICT_OK ? "" : row->want);
		}
	}
	add_readings(r, rs, READINGS_BAD, out); /* the line may be too short for all */
	add_readings(r, rs, READINGS_GOOD, out);
	if (rs->reason)
		str_addf(out, "%s%s", out->len ? "; " : ": ", rs->reason);
}

static bool
worth_telling(enum step_state s)
{
	return s == STEP_IS_DONE || s == STEP_IS_FAILED || s == STEP_IS_UNKNOWN ||
		s == STEP_IS_SKIPPED;
}

/* The newest change of a step into a state that a person wants to hear of; a failure also
 * rings. The tree goes on to the next step, so this is where the values are read. */
static void
tell_changes(struct console *c)
{
	const struct run *r = session_run(c->session);

	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct run_step *rs = &r->steps.list.at[i];
		enum step_state now = rs->state, before = c->states[i];
		struct str text = STR_INIT;
		bool bad = now == STEP_IS_FAILED || now == STEP_IS_UNKNOWN;

		c->states[i] = now;
		if (now == before || !worth_telling(now) ||
			rs->step->kind == STEP_SECTION || rs->step->kind == STEP_CALL)
			continue;
		measured(r, rs, &text);
		console_say(c, bad ? SCENE_ERROR : SCENE_INFO, "%s %s %s%s%s",
			run_step_state_box(now), rs->step->number,
			run_step_word(r, (int)i), text.buf,
			now == STEP_IS_FAILED && (r->changed || back_has_steps(r))
				? "; {run.back} shows the way back"
				: now == STEP_IS_UNKNOWN ? "; {run.act} on it settles it"
							 : "");
		if (bad)
			console_attend(c);
		str_release(&text);
	}
}

static void
tell_closed(struct console *c)
{
	const struct run *r = session_run(c->session);
	struct str result = STR_INIT;

	back_result(r, &result);
	if (r->closed && !c->closed_told && session_redlines(c->session))
		console_say(c, SCENE_WARNING,
			"Run %s is closed: %s. What was edited in it is a patch: %s/%s",
			r->id + ULID_LEN - 4, result.buf, session_dir(c->session),
			REDLINING_PATCH);
	else if (r->closed && !c->closed_told)
		console_say(c, SCENE_INFO, "Run %s is closed: %s.%s",
			r->id + ULID_LEN - 4, result.buf,
			c->aside ? " {screen.leave} goes back to the one that waits."
				 : "");
	c->closed_told = r->closed;
	str_release(&result);
}

static void
remember_states(struct console *c)
{
	const struct run *r = session_run(c->session);

	mem_free(c->states);
	c->states = mem_array(
		r->steps.list.len + RUNBOOK_ADDED_MAX + 1, sizeof *c->states);
	for (size_t i = 0; i < r->steps.list.len; i++)
		c->states[i] = r->steps.list.at[i].state;
}

/* ---- calls ----------------------------------------------------------------------------- */

static void
on_change(void *ctx)
{
	struct console *c = ctx;

	if (!c->session)
		return; /* its last words */
	tell_changes(c);
	tell_closed(c);
	view_run_follow(session_run(c->session), &c->run);
	console_dialog_update(c);
	console_ask_chain(c);
	c->dirty = true;
}

static void
on_message(void *ctx, const struct err *e)
{
	struct console *c = ctx;
	struct console_dialog *d = console_dialog_top(c);

	/* an act that came to nothing is not waited for any more */
	if (d && d->kind == DIALOG_TICK && d->sent)
		form_caption(&d->form, e->msg);
	if (d)
		d->sent = false;
	console_fault(c, e);
}

static void
history_add(struct console *c, const struct event *ev)
{
	char at[STAMP_BYTES];
	struct str line = STR_INIT;

	str_addf(&line, "%s #%-4lld %-14s %s", stamp_clock(ev->t, at), (long long)ev->seq,
		ev->type_name ? ev->type_name : event_name(ev->type),
		ev->step ? ev->step : "");
	if (ev->who)
		str_addf(&line, "  %s", ev->who);
	if (ev->data && strcmp(ev->data, "{}") != 0)
		str_addf(&line, "  %.*s", (int)text_fit(ev->data, 160), ev->data);
	vec_push(&c->history.list, str_take(&line));
	if (c->history.list.len > HISTORY_MAX) {
		mem_free(c->history.list.at[0]);
		vec_remove(&c->history.list, 0);
	}
}

/* What the host said of a cancel, in the words that it earns. */
static void
tell_stop(struct console *c, const struct event *ev)
{
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);
	const char *reply = json_str(json_root(doc), "reply", NULL);
	struct str words = STR_INIT;
	bool ended;

	if (reply) {
		ended = stopwords_of(reply, &words);
		console_say(c, ended ? SCENE_INFO : SCENE_ERROR, "Stop on %s: %s.",
			json_str(json_root(doc), "host", "?"), words.buf);
	}
	str_release(&words);
	json_free(doc);
}

static void
tell_back(struct console *c)
{
	const struct run_back *b = &session_run(c->session)->back;

	if (b->state == BACK_OVER)
		console_say(c,
			strcmp(b->result, "done") == 0 ? SCENE_INFO : SCENE_WARNING,
			"The way back is over: %s. {run.act} closes the run.",
			strcmp(b->result, "done") == 0
				? "all of it is taken back"
				: "not all of it could be taken back, {run.back} shows what stays");
	else
		console_say(c, SCENE_WARNING, "The way back has ended half way.");
}

static void
on_event(void *ctx, const struct event *ev, const char *line, size_t len)
{
	struct console *c = ctx;

	(void)line;
	(void)len;
	if (!c->session)
		return;
	history_add(c, ev);
	if (ev->type == EVENT_STEP_CANCEL)
		tell_stop(c, ev);
	if (ev->type == EVENT_ROLLBACK_CLOSE)
		tell_back(c);
	console_hand_tell(c, ev);
	console_arm_tell(c, ev);
	console_logs_event(c, ev);
}

static void
on_output(void *ctx, int step, int leg, enum way way, const char *p, size_t len)
{
	struct console *c = ctx;

	if (!c->session)
		return;
	ring_feed(&c->ring, (struct ring_key){step, leg, way}, p, len, clock_wall());
	c->dirty = true;
}

static void
on_prompt(void *ctx, const struct session_prompt *p)
{
	struct console *c = ctx;

	if (!c->session)
		return;
	mem_free(c->prompt_from);
	mem_free(c->prompt_text);
	c->prompt_from = text_harmless_dup(p->from);
	c->prompt_text = text_harmless_dup(p->text);
	c->prompt_echo = p->echo;
	c->prompting = true;
	/* who confirmed an act and waits for it types the answer next: it must have a place */
	if (c->awaiting)
		console_ask_prompt(c);
	c->awaiting = false;
	term_attend(c->term, "a host asks for an answer");
	c->dirty = true;
}

static void
on_notice(void *ctx, const char *text)
{
	struct console *c = ctx;

	console_say(c, SCENE_INFO, "%s", text);
}

static void
on_choices(void *ctx, int input)
{
	struct console *c = ctx;

	(void)input;
	if (!c->session)
		return;
	console_dialog_update(c);
	c->dirty = true;
}

static struct session_opts
opts_of(struct console *c)
{
	return (struct session_opts){.loop = c->o->loop,
		.project = c->o->project,
		.mode = c->o->mode,
		.runs_dir = c->o->runs_dir,
		.key = c->o->args->opt[OPT_KEY],
		.limit = c->o->limit,
		.calls = {.on_change = on_change,
			.on_message = on_message,
			.on_event = on_event,
			.on_output = on_output,
			.on_prompt = on_prompt,
			.on_notice = on_notice,
			.on_choices = on_choices,
			.ctx = c}};
}

/* ---- life ------------------------------------------------------------------------------ */

static void
show_run(struct console *c)
{
	view_run_release(&c->run);
	c->run = (struct run_state){.tree = {.id = SCROLL_NOTHING},
		.detail = {.id = SCROLL_NOTHING},
		.history = {.id = SCROLL_NOTHING, .tail = true},
		.output = {.id = SCROLL_NOTHING, .tail = true}};
	c->arm_after = c->late_told = NONE;
	remember_states(c);
	c->screen = SCREEN_RUN;
	c->hand = CONSOLE_NO_HAND;
	if (!session_onlooking(c->session))
		console_boxes_begin(c);
	view_run_follow(session_run(c->session), &c->run);
	c->dirty = true;
}

static void
say_unclaimed(struct console *c)
{
	if (session_unclaimed(c->session))
		console_say(c, SCENE_WARNING, "%s", session_unclaimed(c->session));
}

/* One run per console: one in which nothing runs is left open for another, as by leaving
 * handrail. False: told why it cannot be. `runbook`: what would be begun, or NULL. */
bool
console_session_make_room(struct console *c, const char *runbook)
{
	const struct run *r = c->session ? session_run(c->session) : NULL;

	mem_free(c->left_open);
	c->left_open = NULL;
	if (!r || r->closed || session_onlooking(c->session))
		return true;
	if (run_busy(r))
		console_say(c, SCENE_WARNING,
			"something runs in run %s: {screen.run} goes to it; one run per console",
			r->id + ULID_LEN - 4);
	else if (str_eq(runbook, session_runbook(c->session)->path))
		console_say(c, SCENE_WARNING,
			"run %s of it is open here: {screen.run} goes to it, {run.end} there ends it",
			r->id + ULID_LEN - 4);
	else
		c->left_open = mem_strdup(r->id + ULID_LEN - 4);
	return c->left_open != NULL;
}

static void
say_left_open(struct console *c)
{
	if (c->left_open)
		console_say(c, SCENE_INFO,
			"Run %s stays open, Home has it. This one begins; nothing has run in it.",
			c->left_open);
	mem_free(c->left_open);
	c->left_open = NULL;
}

bool
console_session_open(struct console *c, struct err *e)
{
	struct session_opts so = opts_of(c);
	char *edits;

	console_session_close(c);
	so.runbook = c->plan;
	c->session = session_open(&so, e);
	if (!c->session)
		return false;
	session_watch(c->session);
	show_run(c);
	if (c->o->inputs && !cmdinput_give(c->session, c->o->inputs, e))
		console_fault(c, e);
	*e = ERR_INIT;
	c->chaining = true;
	edits = redlining_open(c->o->runs_dir, session_run(c->session));
	if (edits)
		console_say(c, SCENE_WARNING, "%s", edits);
	else if (c->plan->scenario)
		console_say(c, SCENE_INFO, "Practice: %s", c->plan->scenario->title);
	else
		console_say(
			c, SCENE_INFO, "The run begins. Nothing runs before you say so.");
	say_left_open(c);
	say_unclaimed(c);
	mem_free(edits);
	return true;
}

static bool
old_event(void *ctx, const struct event *ev, const char *hash)
{
	(void)hash;
	history_add(ctx, ev);
	return true;
}

bool
console_session_resume(struct console *c, const char *dir, struct err *e)
{
	return console_session_take(c, dir, NULL, e);
}

/* Those of the command line that took it up. */
static void
change_inputs(struct console *c)
{
	struct str said = STR_INIT;
	struct err e = ERR_INIT;

	if (!cmdinput_change(c->session, c->o->inputs, &said, &e))
		console_fault(c, &e);
	else if (said.len)
		console_say(
			c, SCENE_WARNING, "%.*s", (int)strcspn(said.buf, "\n"), said.buf);
	str_release(&said);
}

bool
console_session_take(struct console *c, const char *dir, const char *typed, struct err *e)
{
	struct session_opts so = opts_of(c);
	struct err ignored = ERR_INIT;

	if (c->o->practises && !practice_is(dir))
		return err_set(e, ERR_REFUSED,
			"you practise here, and that run is real: handrail resume takes it up");
	so.typed = typed;
	so.relocate = c->o->args->opt[OPT_RELOCATE];
	console_session_close(c);
	c->session = session_resume(&so, dir, e);
	if (!c->session)
		return false;
	/* what came before, for the history pane; the fold has it already */
	if (!journal_read(dir, old_event, c, &ignored))
		console_say(
			c, SCENE_WARNING, "the history cannot be shown: %s", ignored.msg);
	session_watch(c->session);
	show_run(c);
	console_say(
		c, SCENE_INFO, "Taken up again. Nothing goes on by itself: Enter acts.");
	say_unclaimed(c);
	if (c->o->inputs && str_eq(dir, c->o->run_dir))
		change_inputs(c);
	return true;
}

void
console_session_onlook(struct console *c, struct onlooker *take)
{
	struct session_opts so = opts_of(c);

	console_session_close(c);
	c->session = session_onlook(&so, take);
	show_run(c);
	session_begin_onlooking(c->session);
	remember_states(c); /* what came before is no news */
	console_say_no_more(c);
	view_run_follow(session_run(c->session), &c->run);
}

bool
console_session_owed(struct console *c, const struct owed *owed, struct err *e)
{
	struct session_opts so = opts_of(c);
	char *closer = owing_closer(so.runs_dir, owed);
	bool ok = false;

	if (closer) {
		ok = console_session_resume(c, closer, e);
	} else {
		console_session_close(c);
		c->session = owing_open(&so, owed, e);
		ok = c->session != NULL;
		if (ok)
			show_run(c);
	}
	if (ok)
		console_say(c, SCENE_INFO,
			"This run closes what is owed; nothing else does.");
	mem_free(closer);
	return ok;
}

/* What the run began with may be mended meanwhile: that is said once, and changes nothing. */
void
console_session_mind_files(struct console *c)
{
	struct str words = STR_INIT;
	struct mono now = clock_mono();

	if (session_onlooking(c->session) || session_run(c->session)->closed ||
		now.ms - c->looked.ms < FILES_MS)
		return;
	c->looked = now;
	session_changed_since(c->session, &words);
	if (words.len && !str_eq(words.buf, c->changed))
		console_say(c, SCENE_WARNING, "%s.", words.buf);
	mem_free(c->changed);
	c->changed = str_take(&words);
}

/* Freeing a session turns the loop, so it never happens inside one of its callbacks. */
void
console_session_sweep(struct console *c)
{
	for (size_t i = 0; i < c->doomed.len; i++)
		session_free(c->doomed.at[i]);
	c->doomed.len = 0;
}

/* A run that is taken up again is one still. */
static void
remember_dir(struct console *c)
{
	const char *dir = session_dir(c->session);
	struct strings *dirs = c->o->dirs;

	for (size_t i = 0; dirs && dir && i < dirs->list.len; i++)
		if (str_eq(dirs->list.at[i], dir))
			return;
	if (dirs && dir)
		vec_push(&dirs->list, mem_strdup(dir));
}

void
console_session_close(struct console *c)
{
	console_logs_release(c); /* before the secrets it knows */
	console_health_forget(c);
	console_boxes_release(c);
	if (c->session) {
		session_notices_to(c->session, &c->left);
		remember_dir(c);
		vec_push(&c->doomed, c->session);
	}
	c->session = NULL;
	ring_release(&c->ring);
	usual_free(c->usual);
	c->usual = NULL;
	former_values_release(&c->former);
	c->former_read = false;
	c->ring = (struct ring){0};
	for (size_t i = 0; i < c->history.list.len; i++)
		mem_free(c->history.list.at[i]);
	vec_free(&c->history.list);
	view_run_release(&c->run);
	mem_free(c->states);
	mem_free(c->changed);
	mem_free(c->prompt_from);
	mem_free(c->prompt_text);
	c->states = NULL;
	c->changed = NULL;
	c->prompt_from = c->prompt_text = NULL;
	c->prompting = c->chaining = c->awaiting = c->closed_told = false;
}

/* ---- inputs ---------------------------------------------------------------------------- */

static bool
asked_by_a_step(const struct runbook *rb, int input)
{
	for (size_t i = 0; i < rb->steps.list.len; i++)
		if (rb->steps.list.at[i].kind == STEP_ASK &&
			rb->steps.list.at[i].input == input)
			return true;
	return false;
}

int
console_session_wants(const struct console *c)
{
	const struct runbook *rb = session_runbook(c->session);

	for (size_t i = 0; i < rb->inputs.list.len; i++)
		if (rb->inputs.list.at[i].scope == 0 &&
			!session_has_input(c->session, (int)i) &&
			!asked_by_a_step(rb, (int)i))
			return (int)i;
	return NONE;
}
