/* hand-over and take-over: who drives a run goes from one person to another, by an offer that
 * is taken, or by force, said and typed. */

#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/elsewhere.h"
#include "app/fetching.h"
#include "app/onlooker.h"
#include "app/outside.h"
#include "app/tty.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/text.h"
#include "run/drive.h"

enum { SHORT_ID = 6, TAKE_MS = 10000, TURN_MS = 100, TAKE_TRIES = 5 };

static char *
own_dir(struct cmd *c, const char *word, enum exit_code *code)
{
	struct err e = ERR_INIT, none = ERR_INIT;
	char *dir = library_run_dir(c->runs_dir, word, &none);
	struct onlooker *o;

	if (dir || strchr(word, '/'))
		return dir ? dir : cmd_run_dir(c, word, code);
	o = onlooker_new(c->loop, NULL, word, NULL, &e);
	if (o)
		err_set(&e, ERR_BUSY,
			"the record of run %s belongs to another account (%s), which alone "
			"can write it: whoever goes on logs in as that one",
			word, onlooker_account(o) ? onlooker_account(o) : "?");
	onlooker_free(o);
	*code = cmd_fail(c, &e);
	return NULL;
}

enum exit_code
cmd_hand_over(struct cmd *c)
{
	const char *word = c->args->words.list.at[0];
	const char *to = c->args->words.list.len > 1 ? c->args->words.list.at[1] : NULL;
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	struct onlooker *o;
	char *dir;

	if (!cmd_may_write(c, &code))
		return code;
	dir = own_dir(c, word, &code);
	if (!dir)
		return code;
	mem_free(dir);
	o = outside_find(c, word, &e);
	if (!o)
		return cmd_fail(c, &e);
	if (onlooker_state(o) == ONLOOKER_ALONE) {
		onlooker_free(o);
		err_set(&e, ERR_STATE,
			"nobody drives run %s: whoever wants it goes on with handrail resume "
			"%s",
			word, word);
		return cmd_fail(c, &e);
	}
	return outside_offer(c, o, to);
}

/* ---- take-over ---------------------------------------------------------------------------- */

struct taking {
	struct cmd *c;
	struct session *s;
	char *phrase; /* was typed: it is taken though it is handed to somebody else */
	struct err why;
	bool refused;
};

static void
taking_refused(void *ctx, const struct err *e)
{
	struct taking *t = ctx;

	t->why = *e;
	t->refused = true;
}

/* It is offered: its console lets go of it by itself. */
static bool
take_offer(struct taking *t, const char *dir, struct err *e)
{
	const struct run *r = session_run(t->s);
	struct mono began = clock_mono();

	session_request(t->s, &(struct request){.kind = REQ_YIELD, .step = NONE});
	while (!r->released && !t->refused && clock_mono().ms - began.ms < TAKE_MS)
		loop_turn(t->c->loop, TURN_MS);
	if (t->refused)
		*e = t->why;
	else if (!r->released)
		err_set(e, ERR_BUSY, "the console that offers the run does not answer");
	/* somebody else may have been quicker */
	return r->released && drive_may_take(r, session_who(t->s), NULL, e) &&
		outside_wait_free(t->c->loop, dir, TAKE_MS, e);
}

/* Who reads this has just been told what stands. */
static bool
typed(const struct taking *t, const char *phrase, const char *what, struct err *e)
{
	const char *given = t->c->args->opt[OPT_CONFIRM];
	struct str line = STR_INIT;
	char *ask;
	bool ok;

	if (given)
		return str_eq(given, phrase) ||
			err_set(e, ERR_BUSY,
				"the words do not match: nobody was ended, and --confirm "
				"\"%s\" does it",
				phrase);
	if (!tty_is_person())
		return err_set(e, ERR_BUSY, "%s by typed words alone: --confirm \"%s\"",
			what, phrase);
	ask = mem_printf("Type  %s  to go on with it here: ", phrase);
	ok = tty_ask(ask, TTY_SHOWN, &line) && str_eq(line.buf, phrase);
	str_release(&line);
	mem_free(ask);
	return ok ||
		err_set(e, ERR_BUSY,
			"not taken over: the words do not match, nobody was "
			"ended");
}

static void
tell_what_stands(const struct run *r, const char *holder)
{
	struct str text = STR_INIT, clean = STR_INIT;

	str_addf(&text, "Run %s is driven by %s.\n", r->id + ULID_LEN - SHORT_ID, holder);
	drive_summary(r, clock_wall(), &text);
	str_addc(&text, '\n');
	text_harmless(&clean, text.buf, text.len, TEXT_KEEP_LF);
	fwrite(clean.buf, 1, clean.len, stderr);
	str_release(&text);
	str_release(&clean);
}

static bool
take_by_force(struct taking *t, const char *dir, const char *holder, struct err *e)
{
	const struct run *r = session_run(t->s);
	char *phrase = drive_phrase(r);
	struct err none = ERR_INIT;
	bool ok;

	tell_what_stands(r, holder);
	ok = typed(t, phrase, "its console is ended", e);
	if (!ok)
		err_ctx(e, "run %s is driven by %s", r->id + ULID_LEN - SHORT_ID, holder);
	if (ok && onlooker_state(session_onlooker(t->s)) == ONLOOKER_LIVE &&
		onlooker_taking(session_onlooker(t->s), &none))
		loop_turn(t->c->loop, TURN_MS);
	ok = ok && outside_end(t->c->loop, dir, e);
	mem_free(phrase);
	return ok;
}

/* Nobody drives it. Who it was not handed to says so aloud. */
static bool
take_handed(struct taking *t, const char *who, struct err *e)
{
	const struct run *r = session_run(t->s);
	struct err other = ERR_INIT;

	if (drive_may_take(r, who, NULL, &other))
		return true;
	fprintf(stderr, "handrail: %s\n", other.msg);
	t->phrase = drive_phrase(r);
	return typed(t, t->phrase, "it is taken", e);
}

static bool
take(struct taking *t, const char *dir, struct err *e)
{
	struct str holder = STR_INIT;
	const struct run *r;
	struct onlooker *o;
	char *who = session_claimed_who();
	struct err none = ERR_INIT;
	bool held = outside_holder(dir, &holder), ok;

	o = outside_find(t->c, dir, e);
	ok = o != NULL;
	if (ok) {
		t->s = session_onlook(
			&(struct session_opts){.loop = t->c->loop,
				.project = t->c->project,
				.calls = {.on_message = taking_refused, .ctx = t}},
			o);
		session_begin_onlooking(t->s);
		r = session_run(t->s);
		if (!held)
			ok = take_handed(t, who, e);
		else if (onlooker_state(o) == ONLOOKER_LIVE &&
			drive_may_accept(r, who, &none))
			ok = take_offer(t, dir, e);
		else
			ok = take_by_force(t, dir, holder.buf, e);
		session_free(t->s);
	}
	mem_free(who);
	str_release(&holder);
	return ok;
}

/* ---- from another machine ------------------------------------------------------------------- */

static bool
take_config_sum(void *ctx, const struct event *ev, const char *hash)
{
	char **sum = ctx;
	struct err e = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &e);

	(void)hash;
	*sum = mem_strdup(json_str(json_get(json_root(doc), "config"), "sha256", NULL));
	json_free(doc);
	return false;
}

/* Hosts are what the project here calls so. */
static void
warn_of_project(struct cmd *c, const char *dir)
{
	struct err e = ERR_INIT;
	char *sum = NULL;

	if (c->project && journal_read(dir, take_config_sum, &sum, &e) && sum &&
		!str_eq(sum, c->project->sha256))
		fprintf(stderr,
			"handrail: %s is another text than the handrail.yaml that this run "
			"began with: look whether its hosts are the same machines\n",
			c->project->path);
	mem_free(sum);
}

/* What is asked of whoever takes it, before anything is taken. */
static bool
may_take(struct taking *t, const struct elsewhere *w, const struct run *r, struct err *e)
{
	struct err other = ERR_INIT;
	struct str holder = STR_INIT;
	char *who = session_claimed_who();
	bool ok = true;

	elsewhere_words(w, &holder);
	if (r->closed) {
		ok = err_set(e, ERR_STATE, "run %s is closed (%s)", r->id,
			r->result ? r->result : "?");
	} else if (t->phrase) { /* typed already */
		ok = true;
	} else if (!w->left) {
		tell_what_stands(r, holder.buf);
		t->phrase = drive_phrase(r);
		ok = typed(t, t->phrase, "it is taken", e) ||
			err_ctx(e, "run %s is driven by %s", w->run + ULID_LEN - SHORT_ID,
				holder.buf);
	} else if (!drive_may_take(r, who, NULL, &other)) {
		fprintf(stderr, "handrail: %s\n", other.msg);
		t->phrase = drive_phrase(r);
		ok = typed(t, t->phrase, "it is taken", e);
	}
	str_release(&holder);
	mem_free(who);
	return ok;
}

/* What was here of it is not how it ended. */
static void
keep_closed(struct cmd *c, const char *fetched, struct err *e)
{
	struct err why = ERR_INIT;
	char *dir = fetching_install(c, fetched, &why);

	if (!dir)
		*e = why;
	mem_free(dir);
}

/* Fetched, looked at, taken: the folder, or NULL and *again when it went on meanwhile. */
static char *
take_fetched(struct taking *t, struct elsewhere *w, bool *again, struct err *e)
{
	char *dir = elsewhere_fetch(t->c, w, e);
	enum exit_code code = EXIT_CODE_OK;
	struct run *r = NULL;

	*again = false;
	if (!dir)
		return NULL;
	if (!cmd_project_of_run(t->c, dir))
		err_set(e, ERR_PARSE, "handrail.yaml does not load");
	else
		r = cmd_fold(t->c, dir, &code);
	if (!r && e->kind == ERR_NONE)
		err_set(e, ERR_PARSE, "the run cannot go on here");
	if (r && may_take(t, w, r, e)) {
		warn_of_project(t->c, dir);
		run_free(r);
		return elsewhere_take(t->c, w, dir, again, e);
	}
	if (r && r->closed)
		keep_closed(t->c, dir, e);
	run_free(r);
	fetching_drop(dir);
	return NULL;
}

static char *
take_from_elsewhere(struct taking *t, struct elsewhere *w, bool force, struct err *e)
{
	struct str holder = STR_INIT;
	char *dir = NULL;
	bool again = true;

	if (!force && !w->left) {
		elsewhere_words(w, &holder);
		err_set(e, ERR_BUSY,
			"run %s is driven by %s: handrail take-over %s takes it",
			w->run + ULID_LEN - SHORT_ID, holder.buf,
			w->run + ULID_LEN - SHORT_ID);
		str_release(&holder);
		return NULL;
	}
	for (int i = 0; i < TAKE_TRIES && again && !dir; i++) {
		*e = ERR_INIT;
		dir = take_fetched(t, w, &again, e);
	}
	return dir;
}

bool
cmd_take_elsewhere(struct cmd *c, const char *word, bool force, enum exit_code *code)
{
	struct taking t = {.c = c};
	struct elsewhere w;
	struct str unsure = STR_INIT;
	struct err e = ERR_INIT, none = ERR_INIT;
	char *local = strchr(word, '/') || file_exists(word)
		? NULL
		: library_run_dir(c->runs_dir, word, &none);
	char *dir = NULL;
	bool there = false;

	if (!strchr(word, '/') && !file_exists(word) &&
		(local ? cmd_project_of_run(c, local) : cmd_project(c, NULL)))
		there = elsewhere_find(c, word, local, &w, &unsure, &e);
	if (unsure.len)
		fprintf(stderr,
			"handrail: whether somebody else has taken the run cannot be asked "
			"(%s): it goes on from the record here\n",
			unsure.buf);
	if (there)
		dir = take_from_elsewhere(&t, &w, force, &e);
	if (there || e.kind != ERR_NONE) {
		*code = dir ? cmd_resume_dir(c, dir, t.phrase) : cmd_fail(c, &e);
		elsewhere_release(&w);
		there = true;
	}
	mem_free(t.phrase);
	mem_free(dir);
	mem_free(local);
	str_release(&unsure);
	return there;
}

enum exit_code
cmd_take_over(struct cmd *c)
{
	struct taking t = {.c = c};
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	char *dir;

	if (!cmd_may_write(c, &code))
		return code;
	if (cmd_take_elsewhere(c, c->args->words.list.at[0], true, &code))
		return code;
	dir = own_dir(c, c->args->words.list.at[0], &code);
	if (!dir)
		return code;
	code = take(&t, dir, &e) ? cmd_resume_dir(c, dir, t.phrase) : cmd_fail(c, &e);
	mem_free(t.phrase);
	mem_free(dir);
	return code;
}
