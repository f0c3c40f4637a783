#include "app/consoleinner.h"

/* How well what runs is followed: for the run view, and for the line that says what runs. */

void
console_follow_legs(const struct console *c, struct console_follows *out)
{
	const struct run *r = session_run(c->session);

	for (size_t i = 0; i < r->steps.list.len; i++) {
		if (r->steps.list.at[i].state != STEP_IS_RUNNING)
			continue;
		for (size_t k = 0; k < r->steps.list.at[i].legs.list.len; k++)
			for (int w = WAY_FORWARD; w <= WAY_BACK; w++) {
				struct job_follow f;

				if (!session_follow(
					    c->session, (int)i, (int)k, (enum way)w, &f))
					continue;
				vec_push(&out->list,
					(struct run_follow){.step = (int)i,
						.leg = (int)k,
						.way = (enum way)w,
						.state = f.state,
						.offline = f.offline,
						.silent_ms = f.silent_ms,
						.behind_bytes = f.behind_bytes});
			}
	}
}

bool
console_follow_lost(const struct console *c, int step)
{
	const struct run_step *rs = &session_run(c->session)->steps.list.at[step];
	struct job_follow f;

	for (size_t i = 0; i < rs->legs.list.len; i++)
		for (int w = WAY_FORWARD; w <= WAY_BACK; w++)
			if (session_follow(c->session, step, (int)i, (enum way)w, &f) &&
				f.offline)
				return true;
	return false;
}

/* What a soak has counted so far stands with the readings of its probes. */
void
console_follow_soaks(const struct console *c, struct reading *live)
{
	const struct run *r = session_run(c->session);
	struct session_soak soak;

	for (size_t i = 0; i < r->steps.list.len; i++) {
		if (r->steps.list.at[i].step->kind != STEP_SOAK ||
			r->steps.list.at[i].state != STEP_IS_RUNNING)
			continue;
		for (size_t p = 0; p < r->runbook->probes.list.len; p++)
			if (session_soak(c->session, (int)i, (int)p, &soak)) {
				live[p].looks = soak.looks;
				live[p].worst = (char *)(uintptr_t)soak.worst;
			}
	}
}
