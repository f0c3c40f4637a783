#include "app/plainarm.h"

#include "app/tty.h"
#include "base/clock.h"
#include "base/mem.h"
#include "run/armed.h"

static bool
acts(const struct run *r, const struct request *q, struct wall now, struct err *e)
{
	if (q->kind == REQ_BACK)
		return !armed_now(r, now, e);
	return q->kind == REQ_START && !armed_allows(r, q->step, q->way, now, e);
}

static bool
typed_by_person(struct session *s, struct err *e)
{
	const char *phrase = armed_phrase(session_run(s));
	char *ask = mem_printf(
		"This run observes. To arm it, type  %s  (Enter: don't): ", phrase);
	struct str line = STR_INIT;
	bool got = tty_ask(ask, TTY_SHOWN, &line) && line.len > 0;

	mem_free(ask);
	if (got)
		session_request(s,
			&(struct request){
				.kind = REQ_ARM, .step = NONE, .typed = line.buf});
	else
		err_set(e, ERR_REFUSED, "it is not armed: nothing was begun");
	str_release(&line);
	return got;
}

/* On this command line: a run that is taken up brings its environment along unseen. The words
 * of a way back name it, too. */
static bool
is_named(const struct run *r, const struct plain_opts *o)
{
	const char *env = r->runbook->environment;

	return !env || o->back || str_eq(o->cmd->args->opt[OPT_ENV], env);
}

bool
plainarm_before(struct session *s, const struct plain_opts *o, const struct request *q,
	struct err *e)
{
	const struct run *r = session_run(s);
	struct err observes = ERR_INIT;

	if (!acts(r, q, clock_wall(), &observes))
		return true;
	if (!armed_may(r, session_who(s), e))
		return false;
	if (tty_is_person() && !o->answers)
		return typed_by_person(s, e);
	if (!is_named(r, o))
		return err_set(e, ERR_REFUSED,
			"the run observes, and nobody named what it is to act on: --env %s arms it",
			armed_phrase(r));
	session_request(s,
		&(struct request){.kind = REQ_ARM, .step = NONE, .text = ARMED_COMMAND});
	return true;
}
