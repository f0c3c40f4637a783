/* sign: a sign-off from another shell, with the statement shown word for word. A run that some
 * console drives is signed there: that one checks the signature and writes it. */

#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/onlooker.h"
#include "app/outside.h"
#include "app/tty.h"
#include "base/mem.h"
#include "base/text.h"
#include "run/gate.h"
#include "run/revised.h"
#include "run/second.h"

enum { TELL_MS = 5000, ANSWER_MS = 60000, TURN_MS = 250 };

struct signing_cmd {
	struct cmd *c;
	struct session *s;
	struct err refused; /* by the engine, by ssh-keygen, or by who drives the run */
	/* what was asked of a driver, until it is in the record */
	const char *step;
	enum event_type wanted;
	bool came;
};

static void
sign_refused(void *ctx, const struct err *e)
{
	struct signing_cmd *sc = ctx;

	sc->refused = *e;
}

static void
sign_asks(void *ctx, const struct session_prompt *q)
{
	struct signing_cmd *sc = ctx;
	struct str line = STR_INIT;

	if (tty_is_person() && tty_ask(q->text, q->echo ? TTY_SHOWN : TTY_HIDDEN, &line))
		session_answer(sc->s, line.buf);
	else
		session_answer(sc->s, NULL);
	mem_wipe(line.buf, line.len);
	str_release(&line);
}

static void
sign_event(void *ctx, const struct event *ev, const char *line, size_t len)
{
	struct signing_cmd *sc = ctx;

	(void)line;
	(void)len;
	sc->came |= sc->step && ev->type == sc->wanted && str_eq(ev->step, sc->step);
}

static void
sign_told(void *ctx, const char *text)
{
	(void)ctx;
	fprintf(stderr, "%s\n", text);
}

/* The step named, or the one that waits for this role, or the only one that waits. */
static int
step_to_sign(const struct run *r, const struct args *a, struct err *e)
{
	const char *word = a->words.list.len > 1 ? a->words.list.at[1] : NULL;
	const char *role = a->opt[OPT_ROLE];
	struct err why = ERR_INIT;
	int found = NONE;

	if (word) {
		found = runbook_find_step(r->runbook, word);
		if (found == NONE)
			err_set(e, ERR_INPUT, "the run has no step %s", word);
		else if (role && !str_eq(role, second_role(r, found))) {
			err_set(e, ERR_INPUT, "step %s is not signed as %s", word, role);
			found = NONE;
		}
		return found;
	}
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const char *as = second_role(r, (int)i);

		if (!as || (role && !str_eq(role, as)) ||
			!gate_allows(r, ACT_SIGN, (int)i, &why))
			continue;
		if (found != NONE) {
			err_set(e, ERR_INPUT,
				"several steps wait for a signature: name one");
			return NONE;
		}
		found = (int)i;
	}
	if (found == NONE)
		err_set(e, ERR_REFUSED, "no step waits for a signature%s%s",
			why.msg[0] ? ": " : "", why.msg);
	return found;
}

static bool
has_role(const struct runbook *rb, const char *role, const char *principal)
{
	for (size_t i = 0; i < rb->roles.list.len; i++) {
		const struct role *r = &rb->roles.list.at[i];
		if (!str_eq(r->name, role))
			continue;
		for (size_t k = 0; k < r->principals.list.len; k++)
			if (str_eq(r->principals.list.at[k], principal))
				return true;
	}
	return false;
}

static bool
may_sign(const struct run *r, int step, const char *principal)
{
	const struct step *st = &r->runbook->steps.list.at[step];
	struct err no = ERR_INIT;

	return st->kind == STEP_SIGNOFF ? has_role(r->runbook, st->role, principal)
					: second_may(r, principal, &no);
}

/* A key of somebody who may; else any that the signers' file knows, so that the refusal names
 * the person; else the first. */
static int
usable_key(const struct sign_keys *keys, const struct run *r, int step)
{
	int known = NONE;

	for (size_t i = 0; i < keys->list.len; i++) {
		const char *principal = keys->list.at[i].principal;
		if (!principal)
			continue;
		if (may_sign(r, step, principal))
			return (int)i;
		if (known == NONE)
			known = (int)i;
	}
	if (known != NONE)
		return known;
	return keys->list.len ? 0 : NONE;
}

static bool
agreed(const struct args *a, const struct str *stmt, struct err *e)
{
	struct str line = STR_INIT, shown = STR_INIT;
	bool yes;

	if (args_has(a, OPT_YES))
		return true;
	if (!tty_is_person())
		return err_set(e, ERR_REFUSED,
			"nobody reads the statement here: use a terminal, or --yes");
	text_harmless(&shown, stmt->buf, stmt->len, TEXT_KEEP_LF);
	fprintf(stderr, "You sign this, word for word:\n\n%s\n", shown.buf);
	yes = tty_ask("Type  sign  to sign it: ", TTY_SHOWN, &line) &&
		str_eq(line.buf, "sign");
	str_release(&line);
	str_release(&shown);
	return yes || err_set(e, ERR_CANCELLED, "not signed: nothing was written");
}

/* Of a step that two people do: the command whose hash the statement names. */
static void
tell_command(const struct run *r, int step)
{
	const struct run_step *rs = &r->steps.list.at[step];
	int leg = second_needed(r, step, WAY_FORWARD) ? second_leg(r, step) : NONE;
	struct str shown = STR_INIT, values = STR_INIT;
	const char *text;

	if (leg == NONE)
		return;
	text = run_leg_text(r, step, leg, WAY_FORWARD);
	text_harmless(&shown, text, strlen(text), TEXT_KEEP_LF);
	fprintf(stderr, "On %s somebody else wants to run exactly this:\n\n%s\n\n",
		rs->legs.list.at[leg].host, shown.buf);
	str_reset(&shown);
	second_values(r, step, &values);
	text_harmless(&shown, values.buf ? values.buf : "", values.len, TEXT_KEEP_LF);
	fprintf(stderr, "%s\n%s\n",
		shown.len ? "with these values:" : "No value is given to it.",
		shown.buf ? shown.buf : "");
	str_release(&values);
	str_release(&shown);
}

/* At another machine: it is taken by whoever drives the run. */
static bool
settle_far(struct signing_cmd *sc, enum exit_code *code)
{
	struct err e = ERR_INIT;

	if (outside_settle(sc->c, sc->s, &sc->refused, &e))
		return true;
	*code = cmd_fail(sc->c, &e);
	return false;
}

/* The driver writes it, or says why not. */
static bool
settle_there(struct signing_cmd *sc, enum exit_code *code)
{
	struct mono began = clock_mono();
	struct err e = ERR_INIT;

	while (!sc->came && sc->refused.kind == ERR_NONE) {
		if (clock_mono().ms - began.ms > ANSWER_MS)
			err_set(&sc->refused, ERR_TIMEOUT,
				"the console that drives the run does not answer: whether "
				"it was written is in its record");
		else if (session_signing(sc->s) ||
			onlooker_there(session_onlooker(sc->s), &e))
			loop_turn(sc->c->loop, TURN_MS);
		else
			sc->refused = e;
	}
	if (!sc->came)
		*code = cmd_fail_run(sc->c, NULL, &sc->refused);
	return sc->came;
}

static bool
settle(struct signing_cmd *sc, enum exit_code *code)
{
	if (session_onlooking(sc->s) && onlooker_is_far(session_onlooker(sc->s)))
		return settle_far(sc, code);
	return session_onlooking(sc->s) ? settle_there(sc, code)
					: cmd_settle(sc->c, sc->s, &sc->refused, code);
}

static void
expect(struct signing_cmd *sc, int step, enum event_type type)
{
	sc->step = session_runbook(sc->s)->steps.list.at[step].id;
	sc->wanted = type;
}

static enum exit_code
decline(struct signing_cmd *sc, int step)
{
	enum exit_code code = EXIT_CODE_OK;

	expect(sc, step, EVENT_DECLINE);
	session_request(sc->s,
		&(struct request){.kind = REQ_DECLINED,
			.step = step,
			.role = second_role(session_run(sc->s), step),
			.reason = sc->c->args->opt[OPT_DECLINE]});
	if (settle(sc, &code))
		fprintf(stderr, "Declined step %s.\n",
			session_runbook(sc->s)->steps.list.at[step].id);
	return code;
}

static int
key_to_sign_with(struct signing_cmd *sc, int step, struct err *e)
{
	int key;

	session_list_keys(sc->s);
	while (!session_keys(sc->s))
		loop_turn(sc->c->loop, 1000);
	key = usable_key(session_keys(sc->s), session_run(sc->s), step);
	if (key == NONE)
		err_set(e, ERR_REFUSED,
			"no key to sign with: ssh-add one, or --key FILE");
	return key;
}

/* Where what changed decides whether anybody signs, git is asked first, and again; whoever
 * drives the run asks it. */
static bool
look_first(struct signing_cmd *sc, enum exit_code *code)
{
	const struct run *r = session_run(sc->s);
	struct err no = ERR_INIT;

	if (session_onlooking(sc->s))
		return true;
	for (size_t i = 0; i < r->steps.list.len; i++) {
		bool again = revised_told(&r->steps.list.at[i]);

		if (!again &&
			(revised_state(&r->steps.list.at[i]) != REVISED_UNKNOWN ||
				!gate_allows(r, ACT_START, (int)i, &no)))
			continue;
		session_request(sc->s,
			&(struct request){
				.kind = again ? REQ_LOOK : REQ_START, .step = (int)i});
		if (!cmd_settle(sc->c, sc->s, &sc->refused, code))
			return false;
	}
	return true;
}

static enum exit_code
sign_it(struct signing_cmd *sc, const struct args *a)
{
	const char *comment = a->opt[OPT_COMMENT];
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	struct str stmt = STR_INIT;
	int step, key;
	bool ok;

	if (!cmd_settle(sc->c, sc->s, &sc->refused, &code) || !look_first(sc, &code))
		return code;
	step = step_to_sign(session_run(sc->s), a, &e);
	if (step == NONE)
		return cmd_fail(sc->c, &e);
	if (args_has(a, OPT_DECLINE))
		return decline(sc, step);
	tell_command(session_run(sc->s), step);
	key = key_to_sign_with(sc, step, &e);
	ok = key != NONE &&
		session_statement(sc->s, step, key, comment ? comment : "", &stmt, &e) &&
		agreed(a, &stmt, &e) && session_sign(sc->s, step, key, &e);
	str_release(&stmt);
	if (!ok)
		return cmd_fail(sc->c, &e);
	expect(sc, step, EVENT_SIGNOFF);
	if (settle(sc, &code))
		fprintf(stderr, "Signed step %s as %s with %s.\n",
			session_runbook(sc->s)->steps.list.at[step].id,
			session_keys(sc->s)->list.at[key].principal,
			session_keys(sc->s)->list.at[key].fingerprint);
	return code;
}

static struct session_opts
opts_of(struct signing_cmd *sc)
{
	return (struct session_opts){.loop = sc->c->loop,
		.project = sc->c->project,
		.key = sc->c->args->opt[OPT_KEY],
		.quiet = true,
		.calls = {.on_message = sign_refused,
			.on_event = sign_event,
			.on_prompt = sign_asks,
			.on_notice = sign_told,
			.ctx = sc}};
}

/* Signed here; whoever drives the run records it. Owns take. */
static enum exit_code
sign_onlooking(struct cmd *c, struct onlooker *take)
{
	struct signing_cmd sc = {.c = c, .refused = ERR_INIT};
	struct session_opts o = opts_of(&sc);
	enum exit_code code;

	sc.s = session_onlook(&o, take);
	session_begin_onlooking(sc.s);
	code = sign_it(&sc, c->args);
	session_free(sc.s);
	return code;
}

/* Somebody of this machine drives it: what stands is told by that console. */
static enum exit_code
sign_there(struct cmd *c, const char *word)
{
	struct err e = ERR_INIT;
	struct onlooker *o = outside_find(c, word, &e);

	if (o && !onlooker_there(o, &e)) {
		e.kind = ERR_BUSY;
		onlooker_free(o);
		o = NULL;
	}
	return o ? sign_onlooking(c, o) : cmd_fail(c, &e);
}

static enum exit_code
sign_run(struct cmd *c, const char *dir)
{
	struct signing_cmd sc = {.c = c, .refused = ERR_INIT};
	struct session_opts so = opts_of(&sc);
	struct str left = STR_INIT;
	enum exit_code code;
	struct err e = ERR_INIT;

	sc.s = session_resume(&so, dir, &e);
	if (!sc.s && e.kind == ERR_STATE && outside_holder(dir, &left)) {
		str_release(&left);
		return sign_there(c, dir);
	}
	if (!sc.s)
		return cmd_fail_run(c, dir, &e);
	code = sign_it(&sc, c->args);
	session_notices_finish(sc.s, TELL_MS, &left);
	if (left.len)
		fprintf(stderr, "handrail: %s\n", left.buf);
	str_release(&left);
	session_free(sc.s);
	return code;
}

enum exit_code
cmd_sign(struct cmd *c)
{
	const char *word = c->args->words.list.at[0];
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	struct onlooker *o;
	struct err none = ERR_INIT;
	char *dir;

	if (!cmd_may_write(c, &code))
		return code;
	o = outside_far(c, word, &e);
	if (o)
		return sign_onlooking(c, o);
	if (e.kind != ERR_NONE)
		return cmd_fail(c, &e);
	dir = library_run_dir(c->runs_dir, word, &none);
	if (!dir && !strchr(word, '/'))
		return sign_there(c, word);
	mem_free(dir);
	dir = cmd_run_dir(c, word, &code);
	if (!dir)
		return code;
	code = cmd_project_of_run(c, dir) ? sign_run(c, dir) : EXIT_CODE_LOAD;
	mem_free(dir);
	return code;
}
