#include <string.h>

#include "app/consoleinner.h"
#include "app/practice.h"
#include "app/trust.h"
#include "base/mem.h"
#include "load/load.h"
#include "model/check.h"
#include "model/parts.h"
#include "remote/fleet.h"

/* The plan page: loads a runbook, shows it, and on Enter trusts it and begins the run. */

static void
forget_plan(struct console *c)
{
	fleet_free(c->plan_fleet);
	c->plan_fleet = NULL;
	parts_free_pairs(&c->plan_ways);
	if (c->plan)
		runbook_unref(c->plan);
	c->plan = NULL;
	twins_free(c->twins);
	c->twins = NULL;
	mem_free(c->cannot);
	mem_free(c->twins_words);
	c->cannot = c->twins_words = NULL;
}

static void
show_problems(struct console *c, struct diags *d)
{
	diags_release(&c->problems);
	c->problems = *d;
	*d = (struct diags){0};
	diags_sort(&c->problems);
	c->problems_scroll.id = 0;
	c->problems_scroll.top = 0;
	c->screen = SCREEN_PROBLEMS;
}

static char *
what_cannot(const struct runbook *rb)
{
	struct diags d = {0};
	char *why = NULL;

	check_reach(rb, &d);
	if (d.list.len && d.list.at[0].level == DIAG_ERROR)
		why = mem_strdup(d.list.at[0].msg);
	diags_release(&d);
	/* hosts that exist only inside an environment have no machines before one is chosen */
	for (size_t i = 0; !why && i < rb->steps.list.len; i++) {
		int host = rb->steps.list.at[i].host;

		if (host != NONE && !rb->hosts.list.at[host].target_count)
			why = mem_printf(
				"host %s has no machine: choose an environment on "
				"the home screen or with handrail --env NAME",
				rb->hosts.list.at[host].name);
	}
	return why;
}

static void
twins_told(void *ctx, const char *words)
{
	struct console *c = ctx;

	mem_free(c->twins_words);
	c->twins_words = mem_strdup(words);
	c->dirty = true;
}

static void
way_known(void *ctx, struct link *l)
{
	struct console *c = ctx;
	struct link_status st;

	link_status(l, &st);
	if (!*st.transport || pairs_get(&c->plan_ways, link_target(l)))
		return;
	vec_push(&c->plan_ways.list,
		(struct pair){.key = mem_strdup(link_target(l)),
			.value = mem_printf("by %s%s%s", st.transport,
				*st.why_transport ? ", because: " : "",
				st.why_transport)});
	c->dirty = true;
}

/* ssh reads the operator's configuration for each host, which may run commands of that
 * (Match exec): not with names that nobody has trusted. */
static void
find_ways(struct console *c)
{
	if (!c->trusted)
		return;
	c->plan_fleet = fleet_new(&(struct fleet_opts){
		.loop = c->o->loop,
		.runbook = c->plan,
		.calls = {.on_state = way_known, .ctx = c},
	});
	fleet_look_ahead(c->plan_fleet);
}

void
console_plan_open(struct console *c, const char *path)
{
	console_plan_open_in(c, path, console_home_environment(c));
}

/* In practice every runbook is played by its own scenario, and without one not opened. False:
 * it was said. */
static bool
scenario_for(struct console *c, const char *path, char **out)
{
	bool given = c->o->scenario && str_eq(path, c->o->runbook);

	*out = NULL;
	if (!c->o->practises)
		return true;
	*out = given ? mem_strdup(c->o->scenario) : practice_scenario_of(path);
	if (!*out)
		console_say(c, SCENE_WARNING,
			"you practise here, and this one has no scenario: nothing real is begun");
	return *out != NULL;
}

/* It may have been written for another runbook. */
static struct runbook *
checked(struct runbook *rb, struct diags *d)
{
	if (rb && rb->scenario)
		load_scenario_check(rb->scenario, rb, d);
	if (!rb || !d->errors)
		return rb;
	runbook_unref(rb);
	return NULL;
}

void
console_plan_open_in(struct console *c, const char *path, const char *environment)
{
	struct diags d = {0};
	struct runbook *rb;
	char *scenario;

	if (!scenario_for(c, path, &scenario))
		return;
	rb = checked(load_runbook(path,
			     &(struct load_opts){.project = c->o->project,
				     .environment = environment,
				     .scenario = scenario},
			     &d),
		&d);
	mem_free(scenario);
	if (!rb) {
		show_problems(c, &d);
		return;
	}
	forget_plan(c);
	c->plan = rb;
	c->cannot = what_cannot(rb);
	c->twins = twins_of(c->o->loop, rb, twins_told, c);
	trust_hash(rb, c->o->project ? c->o->project->sha256 : NULL, c->plan_hash);
	/* What cannot reach anything needs no trust. */
	c->trusted = rb->scenario || trust_has(c->plan_hash);
	view_plan_release(&c->plan_state);
	c->plan_state = (struct plan_state){0};
	c->screen = SCREEN_PLAN;
	find_ways(c);
	if (c->trusted)
		console_health_watch(c, rb);
	c->dirty = true;
	if (d.warnings)
		console_say(c, SCENE_WARNING,
			"%zu warning%s: handrail lint %s shows them", d.warnings,
			d.warnings == 1 ? "" : "s", path);
	diags_release(&d);
}

static struct plan_scene
scene_of(struct console *c)
{
	return (struct plan_scene){.runbook = c->plan,
		.trusted = c->trusted,
		.hash = c->plan_hash,
		.cannot = c->cannot,
		.twins = c->twins_words,
		.ways = &c->plan_ways,
		.given = c->o->inputs,
		.project = c->o->project ? c->o->project->path : NULL};
}

void
console_plan_draw(struct console *c, const struct scene *sc)
{
	struct plan_scene p = scene_of(c);

	view_plan_draw(sc, &p, &c->plan_state, &c->frame);
}

void
console_plan_can(struct console *c, const struct scene *sc, struct keymap_can *can)
{
	struct plan_scene p = scene_of(c);

	view_plan_can(sc, &p, can);
}

static void
begin(struct console *c)
{
	struct err e = ERR_INIT;

	if (console_readonly(c)) {
		console_say(c, SCENE_WARNING, "read-only: nothing is started");
		return;
	}
	if (c->cannot) {
		console_say(c, SCENE_ERROR, "%s", c->cannot);
		return;
	}
	if (c->session && !session_run(c->session)->closed && !console_boxes_aside(c) &&
		!console_session_make_room(c, c->plan->path))
		return;
	if (!c->trusted && !trust_grant(c->plan_hash, c->plan->path, &e)) {
		console_fault(c, &e);
		return;
	}
	c->trusted = true;
	if (!console_session_open(c, &e))
		console_fault(c, &e);
}

bool
console_plan_do(struct console *c, enum action a)
{
	switch (a) {
	case ACTION_PLAN_START:
		begin(c);
		return true;
	case ACTION_RUN_PANE:
	case ACTION_RUN_PANE_BACK:
	case ACTION_LEFT:
	case ACTION_RIGHT:
		c->plan_state.pane = c->plan_state.pane == PLAN_STEPS ? PLAN_FACTS
								      : PLAN_STEPS;
		return true;
	default:
		return false;
	}
}

void
console_plan_release(struct console *c)
{
	forget_plan(c);
	view_plan_release(&c->plan_state);
}
