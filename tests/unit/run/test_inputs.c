/* Inputs: what fits, and what changing one within a run means. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/inputs.h"

static void
each_type_says_what_it_wants(void **state)
{
	static const struct {
		enum input_type type;
		const char *value;
		bool fits;
	} rows[] = {
		{INPUT_TEXT, "anything at all", true},
		{INPUT_TEXT, "two\nlines", false},
		{INPUT_TEXT, " ", false},
		{INPUT_TEXT, "", false},
		{INPUT_NUMBER, "42", true},
		{INPUT_NUMBER, "-0.5", true},
		{INPUT_NUMBER, "1e3", false},
		{INPUT_NUMBER, "0x10", false},
		{INPUT_NUMBER, "nan", false},
		{INPUT_NUMBER, "4 2", false},
		{INPUT_DATE, "2026-02-28", true},
		{INPUT_DATE, "2026-02-30", false},
		{INPUT_DATE, "2026-2-28", false},
		{INPUT_DATE, "tomorrow", false},
		{INPUT_VERSION, "v1.14.2", true},
		{INPUT_VERSION, "2:1.0~rc1-3+deb12u1", true},
		{INPUT_VERSION, "release/1.14", true},
		{INPUT_VERSION, "v1 .14", false},
		{INPUT_VERSION, "$(reboot)", false},
		{INPUT_VERSION, "-rf", false},
		{INPUT_FILE, "/var/backups/x y.gz", true},
	};
	struct input in = {.name = (char *)(uintptr_t) "it"};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct err e = ERR_INIT;

		in.type = rows[i].type;
		if (inputs_fit(&in, rows[i].value, &e) != rows[i].fits)
			fail_msg("row %zu, \"%s\": %s", i, rows[i].value,
				rows[i].fits ? e.msg : "it fits");
	}
}

static void
choices_are_kept_to(void **state)
{
	struct input in = {.name = (char *)(uintptr_t) "it", .type = INPUT_CHOICE};
	struct err e = ERR_INIT;

	(void)state;
	vec_push(&in.options.list, (char *)(uintptr_t) "web");
	vec_push(&in.options.list, (char *)(uintptr_t) "worker");
	assert_true(inputs_fit(&in, "web", &e));
	assert_false(inputs_fit(&in, "web,worker", &e));
	assert_false(inputs_fit(&in, "we", &e));
	assert_string_equal(e.msg, "it: \"we\" is not one of the choices");
	in.type = INPUT_MULTI;
	assert_true(inputs_fit(&in, "web", &e));
	assert_true(inputs_fit(&in, "worker,web", &e));
	assert_false(inputs_fit(&in, "worker, web", &e));
	assert_false(inputs_fit(&in, "web,", &e));
	assert_false(inputs_fit(&in, ",web", &e));
	assert_false(inputs_fit(&in, "web,db", &e));
	assert_true(inputs_has_item("worker,web", "web"));
	assert_false(inputs_has_item("worker,web", "we"));
	assert_false(inputs_has_item("", "web"));
	in.from = SECRET_ASK; /* and a secret stands in no sentence */
	assert_false(inputs_fit(&in, "hunter2", &e));
	assert_null(strstr(e.msg, "hunter2"));
	vec_free(&in.options.list);
}

/* ship (undo without the input), keep (undo with it), maybe (when input.tag is v2*) */
static struct world *
tagged(void)
{
	static const char *const web[] = {"web1", "web2", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", web);
	struct step *s;

	fixture_input(rb, "tag");
	s = fixture_command(rb, "ship", NONE, RISK_MODERATE);
	mem_free(s->text);
	s->text = mem_strdup("ship $tag");
	s->undo.text = mem_strdup("ship the last one");
	s = fixture_command(rb, "roll", host, RISK_MODERATE);
	mem_free(s->text);
	s->text = mem_strdup("roll ${tag}");
	s->undo.text = mem_strdup("unroll");
	s = fixture_step(rb, STEP_DO, "maybe");
	vec_push(&s->when.list,
		(struct condition){mem_strdup("input.tag"), mem_strdup("v2*")});
	s = fixture_command(rb, "keep", NONE, RISK_MODERATE);
	s->undo.text = mem_strdup("forget $tag");
	return world_new(rb);
}

static bool
give(struct world *w, const char *value)
{
	return world_ask(w,
		&(struct request){
			.kind = REQ_INPUT, .step = NONE, .name = "tag", .text = value});
}

static void
it_is_changed_and_what_ran_with_the_old_one_is_said(void **state)
{
	struct world *w = tagged();
	struct str text = STR_INIT;

	(void)state;
	assert_true(give(w, "v1"));
	assert_true(give(w, "v1.1")); /* nothing has used it */
	assert_int_equal(w->r->exceptions.list.len, 0);
	world_do(w, "ship", NULL);
	inputs_ran_with(w->r, 0, &text);
	assert_string_equal(text.buf, world_step(w, "ship")->step->number);
	str_reset(&text);
	inputs_decides(w->r, 0, &text);
	assert_string_equal(text.buf, world_step(w, "maybe")->step->number);
	assert_int_equal(world_step(w, "maybe")->state, STEP_IS_NOT_NEEDED);
	assert_true(give(w, "v2"));
	assert_int_equal(world_step(w, "maybe")->state, STEP_IS_TODO);
	assert_int_equal(w->r->exceptions.list.len, 1);
	assert_non_null(strstr(w->r->exceptions.list.at[0].text,
		"input tag is v2 now; ran with v1.1: "));
	assert_int_equal(world_step(w, "ship")->state, STEP_IS_DONE);
	str_release(&text);
	world_same(w);
	world_free(w);
}

static void
it_stays_where_a_step_is_half_way_with_it(void **state)
{
	struct world *w = tagged();

	(void)state;
	assert_true(give(w, "v1"));
	world_do(w, "ship", NULL);
	assert_true(world_start(w, "roll", NULL));
	assert_false(give(w, "v2"));
	assert_non_null(strstr(w->e.msg, "is half way with it"));
	assert_true(world_ended(w, "roll", 0, 1, 0));
	assert_false(give(w, "v2"));
	assert_true(world_clock(w));
	assert_true(world_ended(w, "roll", 1, 1, 0));
	assert_true(give(w, "v2"));
	world_same(w);
	world_free(w);
}

/* Its end was reckoned when it began. */
static void
it_stays_while_a_wait_goes_by_it(void **state)
{
	struct world *w = tagged();
	int step = world_index(w, "maybe");

	(void)state;
	w->rb->steps.list.at[step].kind = STEP_WAIT;
	w->rb->steps.list.at[step].wait_until = mem_strdup("${tag}");
	vec_push(&w->rb->steps.list.at[step].needs.list, 0);
	mem_free(w->rb->steps.list.at[step].when.list.at[0].value);
	w->rb->steps.list.at[step].when.list.at[0].value = mem_strdup("*");
	assert_true(give(w, "22:00"));
	world_do(w, "ship", NULL);
	assert_true(world_start(w, "maybe", NULL));
	assert_false(give(w, "02:00"));
	assert_non_null(strstr(w->e.msg, "is half way with it"));
	world_same(w);
	world_free(w);
}

static void
it_stays_where_a_way_back_needs_it(void **state)
{
	struct world *w = tagged();

	(void)state;
	assert_true(give(w, "v1"));
	world_do(w, "ship", NULL);
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ended(w, "roll", 0, 1, 0));
	assert_true(world_clock(w));
	assert_true(world_ended(w, "roll", 1, 1, 0));
	world_do(w, "keep", NULL);
	assert_false(give(w, "v2"));
	assert_non_null(strstr(w->e.msg, "the way back of step "));
	assert_non_null(strstr(w->e.msg, " needs the value it ran with"));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_START,
			.step = world_index(w, "keep"),
			.leg = LEG_ALL,
			.way = WAY_BACK}));
	assert_true(world_ask(w,
		&(struct request){.kind = REQ_ENDED,
			.step = world_index(w, "keep"),
			.attempt = 1,
			.way = WAY_BACK,
			.facts = NULL,
			.data = "{}"}));
	assert_true(give(w, "v2"));
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_type_says_what_it_wants),
		cmocka_unit_test(choices_are_kept_to),
		cmocka_unit_test(it_is_changed_and_what_ran_with_the_old_one_is_said),
		cmocka_unit_test(it_stays_where_a_step_is_half_way_with_it),
		cmocka_unit_test(it_stays_while_a_wait_goes_by_it),
		cmocka_unit_test(it_stays_where_a_way_back_needs_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
