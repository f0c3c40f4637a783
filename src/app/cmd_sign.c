/* sign: a sign-off from another shell, with the statement shown word for word. */

#include <stdio.h>
#include <string.h>

#include "app/cmd.h"
#include "app/tty.h"
#include "base/mem.h"
#include "base/text.h"
#include "run/gate.h"

struct signing_cmd {
	struct session *s;
	bool refused;
	struct err e;
};

static void
sign_refused(void *ctx, const struct err *e)
{
	struct signing_cmd *sc = ctx;

	sc->refused = true;
	sc->e = *e;
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
		return found;
	}
	for (size_t i = 0; i < r->steps.list.len; i++) {
		const struct step *st = r->steps.list.at[i].step;
		if (st->kind != STEP_SIGNOFF || (role && !str_eq(role, st->role)) ||
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

static int
usable_key(const struct sign_keys *keys)
{
	for (size_t i = 0; i < keys->list.len; i++)
		if (keys->list.at[i].principal)
			return (int)i;
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

static void
settle(struct cmd *c, struct signing_cmd *sc)
{
	while (!session_idle(sc->s) && !sc->refused)
		loop_turn(c->loop, 1000);
}

static bool
sign_it(struct cmd *c, struct signing_cmd *sc, struct err *e)
{
	const struct run *r = session_run(sc->s);
	const char *comment = c->args->opt[OPT_COMMENT];
	struct str stmt = STR_INIT;
	int step = step_to_sign(r, c->args, e), key;
	bool ok;

	if (step == NONE)
		return false;
	if (args_has(c->args, OPT_DECLINE)) {
		session_request(sc->s,
			&(struct request){.kind = REQ_DECLINED,
				.step = step,
				.role = r->steps.list.at[step].step->role,
				.reason = c->args->opt[OPT_DECLINE]});
		settle(c, sc);
		return true;
	}
	session_list_keys(sc->s);
	while (!session_keys(sc->s))
		loop_turn(c->loop, 1000);
	key = usable_key(session_keys(sc->s));
	if (key == NONE)
		return err_set(
			e, ERR_AUTH, "no key to sign with: ssh-add one, or --key FILE");
	ok = session_statement(sc->s, step, key, comment ? comment : "", &stmt, e) &&
		agreed(c->args, &stmt, e) && session_sign(sc->s, step, key, e);
	str_release(&stmt);
	if (ok)
		settle(c, sc);
	if (ok && !sc->refused)
		fprintf(stderr, "Signed step %s as %s with %s.\n",
			r->steps.list.at[step].step->id,
			session_keys(sc->s)->list.at[key].principal,
			session_keys(sc->s)->list.at[key].fingerprint);
	return ok;
}

enum exit_code
cmd_sign(struct cmd *c)
{
	struct signing_cmd sc = {.e = ERR_INIT};
	enum exit_code code = EXIT_CODE_OK;
	struct err e = ERR_INIT;
	char *dir;

	if (!c->args->words.list.len || c->args->words.list.len > 2) {
		err_set(&e, ERR_INPUT, "sign takes a run and perhaps a step");
		return cmd_fail(&e);
	}
	if (!cmd_project(c, NULL))
		return EXIT_CODE_LOAD;
	dir = cmd_run_dir(c, c->args->words.list.at[0], &code);
	if (!dir)
		return code;
	sc.s = session_resume(&(struct session_opts){.loop = c->loop,
				      .project = c->project,
				      .key = c->args->opt[OPT_KEY],
				      .quiet = true,
				      .calls = {.on_message = sign_refused,
					      .on_prompt = sign_asks,
					      .ctx = &sc}},
		dir, &e);
	if (!sc.s || !sign_it(c, &sc, &e))
		code = cmd_fail(&e);
	else if (sc.refused)
		code = cmd_fail(&sc.e);
	session_free(sc.s);
	mem_free(dir);
	return code;
}
