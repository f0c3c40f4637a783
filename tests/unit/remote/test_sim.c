#include "remote/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"

static const struct sim_place web1 = {"web", "web1"}, web2 = {"web", "web2"};

static struct pairs
one(const char *key, const char *value)
{
	struct pairs p = {0};

	vec_push(&p.list,
		(struct pair){.key = mem_strdup(key), .value = mem_strdup(value)});
	return p;
}

static struct scene_answer *
answer(struct scenario *s, const char *step, const char *output)
{
	struct scene_answer *a = vec_add(&s->answers.list);

	*a = (struct scene_answer){.step = mem_strdup(step),
		.output = mem_strdup(output),
		.output_len = strlen(output),
		.error = mem_strdup("")};
	return a;
}

static void
says(struct sim *s, const struct sim_place *at, const char *step, const char *want)
{
	struct sim_answer a;

	sim_ask(s, &(struct sim_question){*at, step, "a command"}, &a);
	assert_string_equal(a.out, want);
	sim_change(s, a.set);
	mem_free(a.out);
}

static void
probe(struct scenario *s, const char *host, struct pairs when, const char *silent)
{
	struct scene_probe *p = vec_add(&s->probes.list);

	*p = (struct scene_probe){.probe = mem_strdup("health"),
		.host = mem_strdup(host),
		.when = when,
		.silent = mem_strdup(silent)};
}

static void
an_answer_changes_what_is_found(void **state)
{
	struct loop *l = loop_new();
	struct scenario *scene = scenario_new();
	struct sim *s;

	(void)state;
	scene->state = one("api", "hung");
	scene->solved = one("api", "well");
	answer(scene, "restart", "restarted")->set = one("api", "well");
	answer(scene, "look", "hung")->when = one("api", "hung");
	answer(scene, "look", "well");
	probe(scene, "web2", one("api", "hung"), "web2 hangs");
	probe(scene, NULL, (struct pairs){0}, "fine");
	s = sim_new(l, scene);
	says(s, &web1, "look", "hung");
	assert_string_equal(sim_probe(s, "health", &web2)->silent, "web2 hangs");
	assert_string_equal(sim_probe(s, "health", &web1)->silent, "fine");
	assert_null(sim_probe(s, "other", &web1));
	assert_false(sim_solved(s));
	says(s, &web1, "restart", "restarted");
	says(s, &web1, "look", "well");
	assert_string_equal(sim_probe(s, "health", &web2)->silent, "fine");
	assert_true(sim_solved(s));
	says(s, &web1, "unknown", "");
	sim_free(s);
	scenario_unref(scene);
	loop_free(l);
}

static void
an_answer_is_used_up(void **state)
{
	struct loop *l = loop_new();
	struct scenario *scene = scenario_new();
	struct sim *s;

	(void)state;
	answer(scene, "load", "broken pipe")->times = 1;
	answer(scene, "load", "loaded");
	s = sim_new(l, scene);
	says(s, &web1, "load", "broken pipe");
	says(s, &web1, "load", "loaded");
	says(s, &web1, "load", "loaded");
	sim_free(s);
	scenario_unref(scene);
	loop_free(l);
}

static struct scene_event *
event(struct scenario *s, int64_t at_ms, const char *after, const char *night)
{
	struct scene_event *e = vec_add(&s->events.list);

	*e = (struct scene_event){.at_ms = at_ms,
		.after = after ? mem_strdup(after) : NULL,
		.set = one("night", night)};
	return e;
}

static void
an_event_comes_so_long_after_its_step(void **state)
{
	struct loop *l = loop_new();
	struct scenario *scene = scenario_new();
	struct sim *s;

	(void)state;
	scene->state = one("night", "day");
	scene->solved = one("night", "over");
	event(scene, NONE, "look", "near");
	event(scene, 1000 * 1000, "look", "fell");
	event(scene, 3000 * 1000, NULL, "over");
	s = sim_new(l, scene);
	sim_set_age(s, 2000 * 1000);
	assert_string_equal(pairs_get(sim_state(s), "night"), "day");
	sim_step_done(s, "look");
	assert_string_equal(pairs_get(sim_state(s), "night"), "near");
	sim_set_age(s, 2999 * 1000);
	assert_string_equal(pairs_get(sim_state(s), "night"), "near");
	sim_step_done(s, "look"); /* its time does not begin again */
	sim_set_age(s, 3001 * 1000);
	assert_true(sim_solved(s));
	sim_free(s);
	scenario_unref(scene);
	loop_free(l);
}

static void
what_was_not_asked_for_is_not_used(void **state)
{
	struct loop *l = loop_new();
	struct scenario *scene = scenario_new();
	struct sim_answer a;
	struct sim *s;

	(void)state;
	answer(scene, "load", "first")->times = 1;
	s = sim_new(l, scene);
	sim_ask(s, &(struct sim_question){web1, "load", "a command"}, &a);
	sim_take_back(s, &a);
	mem_free(a.out);
	says(s, &web1, "load", "first");
	sim_ask(s, &(struct sim_question){web1, "load", "a command"}, &a);
	assert_int_equal(a.exit, 127);
	sim_take_back(s, &a); /* it took none */
	mem_free(a.out);
	sim_free(s);
	scenario_unref(scene);
	loop_free(l);
}

static void
a_guide_says_what_is_next(void **state)
{
	struct scenario *scene = scenario_new();
	struct scene_guide *g = vec_add(&scene->guide.list);
	struct pairs hung = one("api", "hung"), well = one("api", "well");

	(void)state;
	*g = (struct scene_guide){.on = SCENE_AT_RUN,
		.until = SCENE_AT_LOGS,
		.step = mem_strdup("look"),
		.says = mem_strdup("read the log"),
		.when = one("api", "hung")};
	g = vec_add(&scene->guide.list);
	*g = (struct scene_guide){.on = SCENE_AT_RUN,
		.until = SCENE_PLACE_COUNT,
		.says = mem_strdup("go on")};
	assert_int_equal(scenario_guide(scene, SCENE_AT_RUN, "look", &hung, 0), 0);
	assert_int_equal(scenario_guide(scene, SCENE_AT_RUN, "other", &hung, 0), 1);
	assert_int_equal(scenario_guide(scene, SCENE_AT_RUN, NULL, &hung, 0), 1);
	assert_int_equal(scenario_guide(scene, SCENE_AT_RUN, "look", &well, 0), 1);
	assert_int_equal(
		scenario_guide(scene, SCENE_AT_RUN, "look", &hung, 1U << SCENE_AT_LOGS),
		1);
	assert_int_equal(scenario_guide(scene, SCENE_AT_HOME, NULL, &hung, 0), NONE);
	scenario_change(&scene->state, &hung); /* frees its own */
	for (int i = 0; i < 2; i++) {
		struct pairs *p = i ? &hung : &well;

		mem_free(p->list.at[0].key);
		mem_free(p->list.at[0].value);
		vec_free(&p->list);
	}
	scenario_unref(scene);
}

static void
the_look_at_containers_is_no_command(void **state)
{
	struct loop *l = loop_new();
	struct scenario *scene = scenario_new();
	struct scene_box *box = vec_add(&scene->boxes.list);
	struct sim_answer told;
	struct sim *s;

	(void)state;
	*box = (struct scene_box){.host = mem_strdup("web"),
		.name = mem_strdup("api"),
		.image = mem_strdup("api:1"),
		.project = mem_strdup("shop"),
		.service = mem_strdup("api"),
		.state = mem_strdup("running"),
		.health = mem_strdup("healthy")};
	answer(scene, "restart", "done")->match = mem_strdup("docker");
	mem_free(scene->answers.list.at[0].step);
	scene->answers.list.at[0].step = NULL;
	s = sim_new(l, scene);
	sim_ask(s,
		&(struct sim_question){web1, NULL, "# handrail boxes\ndocker ps", NULL},
		&told);
	assert_non_null(strstr(told.out, "\nbox {\"id\":"));
	assert_non_null(strstr(told.out, "\"name\":\"api\""));
	assert_non_null(strstr(told.out, "\"project\":\"shop\",\"service\":\"api\""));
	mem_free(told.out);
	sim_ask(s, &(struct sim_question){web1, NULL, "docker restart api", NULL}, &told);
	assert_string_equal(told.out, "done");
	mem_free(told.out);
	sim_free(s);
	scenario_unref(scene);
	loop_free(l);
}

static void
count(void *ctx)
{
	++*(int *)ctx;
}

static void
time_and_steps_bring_faults(void **state)
{
	struct loop *l = loop_new();
	struct scenario *scene = scenario_new();
	struct sim_watch *w;
	struct sim *s;
	int told = 0;

	(void)state;
	vec_push(&scene->events.list,
		(struct scene_event){.at_ms = 20,
			.host = mem_strdup("web2"),
			.fault = mem_strdup("unreachable")});
	vec_push(&scene->events.list,
		(struct scene_event){.at_ms = NONE,
			.after = mem_strdup("mend"),
			.host = mem_strdup("web2"),
			.fault = mem_strdup("none")});
	s = sim_new(l, scene);
	w = sim_watch_new(s, count, &told);
	assert_null(sim_fault(s, &web2));
	for (int i = 0; i < 500 && !told; i++)
		loop_turn(l, 20);
	assert_int_equal(told, 1);
	assert_string_equal(sim_fault(s, &web2), "unreachable");
	assert_null(sim_fault(s, &web1));
	sim_step_done(s, "other");
	assert_int_equal(told, 1);
	sim_step_done(s, "mend");
	assert_int_equal(told, 2);
	assert_null(sim_fault(s, &web2));
	sim_watch_free(w);
	sim_free(s);
	scenario_unref(scene);
	loop_free(l);
}

static void
a_log_is_told_once_or_again_and_again(void **state)
{
	struct loop *l = loop_new();
	struct scenario *scene = scenario_new();
	struct sim_told told = {0};
	struct scene_log *log = vec_add(&scene->logs.list);
	struct str line = STR_INIT;
	struct sim *s;

	(void)state;
	*log = (struct scene_log){.log = mem_strdup("api")};
	vec_push(&log->lines.list, mem_strdup("first"));
	vec_push(&log->lines.list, mem_strdup("at ${now}"));
	s = sim_new(l, scene);
	assert_true(sim_log_line(s, "api", "box", &web1, &told, &line));
	assert_string_equal(line.buf, "first");
	str_reset(&line);
	assert_true(sim_log_line(s, "api", "box", &web1, &told, &line));
	assert_non_null(strstr(line.buf, "at 20"));
	assert_false(sim_log_line(s, "api", "box", &web1, &told, &line));
	assert_false(sim_log_line(s, "db", "box", &web1, &told, &line));
	log->every_ms = 1;
	for (int i = 0; i < 500; i++) {
		str_reset(&line);
		if (sim_log_line(s, "api", "box", &web1, &told, &line))
			break;
		loop_turn(l, 2);
	}
	assert_string_equal(line.buf, "first");
	str_release(&line);
	mem_free(told.next_ms);
	sim_free(s);
	scenario_unref(scene);
	loop_free(l);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_changes_what_is_found),
		cmocka_unit_test(an_answer_is_used_up),
		cmocka_unit_test(an_event_comes_so_long_after_its_step),
		cmocka_unit_test(what_was_not_asked_for_is_not_used),
		cmocka_unit_test(a_guide_says_what_is_next),
		cmocka_unit_test(the_look_at_containers_is_no_command),
		cmocka_unit_test(time_and_steps_bring_faults),
		cmocka_unit_test(a_log_is_told_once_or_again_and_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
