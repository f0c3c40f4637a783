#include "app/consoleinner.h"
#include "base/mem.h"
#include "base/text.h"

/* The guide of a scenario: one line at the top that says what to do next. It follows from where
 * the operator stands and how it stands there, and keeps nothing but where one has been. */

static enum scene_place
on_screen(enum console_screen screen)
{
	static const enum scene_place places[] = {
		[SCREEN_HOME] = SCENE_AT_HOME,
		[SCREEN_PLAN] = SCENE_AT_PLAN,
		[SCREEN_RUN] = SCENE_AT_RUN,
		[SCREEN_PROBLEMS] = SCENE_PLACE_COUNT,
		[SCREEN_LOGS] = SCENE_AT_LOGS,
		[SCREEN_HEALTH] = SCENE_AT_HEALTH,
		[SCREEN_BOXES] = SCENE_AT_BOXES,
		[SCREEN_LEARN] = SCENE_AT_LEARN,
	};

	return places[screen];
}

static bool
runs(const struct run *r)
{
	return run_busy(r) || run_count(r).running > 0;
}

static enum scene_place
place_of(const struct console *c)
{
	const struct console_dialog *d = console_dialog_top(c);

	if (d && d->kind == DIALOG_CONFIRM)
		return SCENE_AT_CONFIRM;
	if (d && d->kind == DIALOG_BACK)
		return SCENE_AT_BACK;
	if (d && d->kind == DIALOG_BACK_WORDS)
		return SCENE_AT_BACK_WORDS;
	if (c->session && session_run(c->session)->closed && c->screen != SCREEN_PLAN)
		return SCENE_AT_OVER;
	if (c->session && c->screen == SCREEN_RUN && runs(session_run(c->session)))
		return SCENE_AT_RUNNING;
	return on_screen(c->screen);
}

static const struct scenario *
scenario_of(const struct console *c)
{
	if (c->screen == SCREEN_PLAN && c->plan)
		return c->plan->scenario;
	if (c->session)
		return session_runbook(c->session)->scenario;
	return c->o->guide;
}

void
console_guide_words(struct console *c, struct str *out)
{
	const struct scenario *s = scenario_of(c);
	const struct console_dialog *d = console_dialog_top(c);
	const struct run *r = c->session ? session_run(c->session) : NULL;
	const struct pairs *state = c->session ? session_practice_state(c->session)
					       : NULL;
	enum scene_place on = place_of(c);
	int step = d && d->kind == DIALOG_CONFIRM ? d->step
		: r                               ? run_next_open(r, 0)
						  : NONE,
	    line;
	char *says;

	if (!s || on == SCENE_PLACE_COUNT)
		return;
	c->been |= 1U << on;
	line = scenario_guide(s, on,
		r && step != NONE ? r->steps.list.at[step].step->id : NULL,
		state ? state : &s->state, c->been);
	if (line == NONE)
		return;
	says = text_harmless_dup(s->guide.list.at[line].says);
	str_addf(out, "Guide %d/%zu: ", line + 1, s->guide.list.len);
	console_put_keys(c, says, out);
	mem_free(says);
}
