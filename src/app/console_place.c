#include "app/consoleinner.h"

/* Where the operator is, in words, and what environment that is in. */

void
console_place_words(const struct console *c, struct str *out)
{
	const struct run *r = c->session ? session_run(c->session) : NULL;

	switch (c->screen) {
	case SCREEN_HOME:
		str_adds(out, "Home");
		break;
	case SCREEN_PLAN:
		str_addf(out, "Plan > %s", c->plan->title);
		break;
	case SCREEN_PROBLEMS:
		str_adds(out, "Problems");
		break;
	case SCREEN_LOGS:
		str_addf(out, "Logs > %s", console_health_runbook(c)->title);
		break;
	case SCREEN_HEALTH:
		str_adds(out, "Health");
		if (console_health_runbook(c))
			str_addf(out, " > %s", console_health_runbook(c)->title);
		break;
	case SCREEN_BOXES:
		str_addf(out, "Containers > %s", console_health_runbook(c)->title);
		break;
	case SCREEN_REPLAY:
		str_addf(out, "Run %s > %s", console_replay_run(c)->id + ULID_LEN - 4,
			console_replay_run(c)->runbook->title);
		break;
	case SCREEN_AUDIT:
		str_adds(out, "Audit");
		if (console_audit_run(c))
			str_addf(out, " > run %s", console_audit_run(c));
		break;
	case SCREEN_LEARN:
		str_adds(out, "Learn: nothing runs, nothing is recorded");
		break;
	case SCREEN_RUN:
		str_addf(out, "Run %s > %s", r->id + ULID_LEN - 4, r->runbook->title);
		break;
	}
}

const char *
console_place_badge(const struct console *c)
{
	const struct runbook *rb = c->screen == SCREEN_PLAN ? c->plan
		: c->screen == SCREEN_HOME || c->screen == SCREEN_PROBLEMS ||
			c->screen == SCREEN_AUDIT || c->screen == SCREEN_REPLAY
		? NULL
		: console_health_runbook(c);
	const char *name = console_home_environment(c);
	const struct environment *env = c->o->project && name
		? project_environment(c->o->project, name)
		: NULL;

	if (c->screen == SCREEN_LEARN)
		return "LEARN";
	if (c->screen == SCREEN_REPLAY)
		return "REPLAY";
	if (c->screen == SCREEN_HOME && env)
		return env->badge ? env->badge : env->name;
	if (!rb)
		return NULL;
	return rb->badge ? rb->badge : rb->environment ? rb->environment : NULL;
}
