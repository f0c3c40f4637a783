#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/undo.h"

static const char *const db_alias[] = {"ni-db1", NULL};
static const char *const web_aliases[] = {"web1", "web2", NULL};

static struct world *
deploy(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int db = fixture_host(rb, "db", db_alias),
	    web = fixture_host(rb, "web", web_aliases);
	struct step *s;

	fixture_command(rb, "see", db, RISK_NONE);
	s = fixture_command(rb, "roll", web, RISK_MODERATE);
	s->undo.text = mem_strdup("unroll");
	s = fixture_command(rb, "migrate", db, RISK_MODERATE);
	s->irreversible = mem_strdup("columns are dropped");
	s->undo.host = NONE; /* as it is loaded */
	s = fixture_command(rb, "flip", db, RISK_MODERATE);
	s->undo.text = mem_strdup("flop");
	s->undo.host = web;
	return world_new(rb);
}

static void
row_is(const struct undo_plan *p, size_t i, const char *text, enum undo_kind kind)
{
	assert_true(i < p->rows.len);
	assert_string_equal(p->rows.at[i].text, text);
	assert_int_equal(p->rows.at[i].kind, kind);
}

static void
the_way_back_is_what_really_ran_newest_first(void **state)
{
	struct world *w = deploy();
	struct request lost = {.kind = REQ_LOST, .step = 3, .attempt = 1, .text = "lost"};
	struct undo_plan p;

	(void)state;
	undo_plan(w->r, &p);
	assert_int_equal(p.rows.len, 0);
	world_do(w, "see", NULL);
	world_do(w, "roll", NULL);
	assert_true(world_clock(w));
	assert_true(world_ended(w, "roll", 1, 1, 0));
	world_do(w, "migrate", NULL);
	assert_true(world_start(w, "flip", NULL));
	assert_true(world_ask(w, &lost));
	undo_plan(w->r, &p);
	assert_int_equal(p.rows.len, 4); /* a look changed nothing */
	row_is(&p, 0, "flop", UNDO_UNKNOWN);
	row_is(&p, 1, "columns are dropped", UNDO_IRREVERSIBLE);
	row_is(&p, 2, "unroll", UNDO_REVERSIBLE);
	assert_string_equal(p.rows.at[0].on, "web1");
	assert_string_equal(p.rows.at[1].on, "ni-db1"); /* no undo: where it ran */
	assert_string_equal(p.rows.at[2].host, "web2");
	assert_string_equal(p.rows.at[3].host, "web1");
	undo_plan_release(&p);
	world_free(w);
}

static void
what_certainly_did_not_run_is_not_to_undo(void **state)
{
	struct world *w = deploy();
	struct request q = {
		.kind = REQ_NOT_STARTED, .step = 1, .attempt = 1, .reason = "no route"};
	struct undo_plan p;

	(void)state;
	world_do(w, "see", NULL);
	assert_true(world_start(w, "roll", NULL));
	assert_true(world_ask(w, &q));
	undo_plan(w->r, &p);
	assert_int_equal(p.rows.len, 0);
	undo_plan_release(&p);
	world_free(w);
}

static void
going_back_starts_at_the_newest_host_and_leads_on(void **state)
{
	struct world *w = deploy();
	struct request back = {
		.kind = REQ_START, .step = 1, .leg = LEG_ALL, .way = WAY_BACK};
	struct request end = {
		.kind = REQ_ENDED, .step = 1, .leg = 1, .attempt = 1, .way = WAY_BACK};
	struct undo_plan p;

	(void)state;
	world_do(w, "see", NULL);
	world_do(w, "roll", NULL);
	assert_true(world_clock(w));
	assert_true(world_ended(w, "roll", 1, 1, 0));
	assert_true(world_ask(w, &back));
	assert_int_equal(w->fx.list.at[0].leg, 1);
	assert_true(world_ask(w, &end));
	undo_plan(w->r, &p);
	row_is(&p, 0, "unroll", UNDO_UNDONE);
	row_is(&p, 1, "unroll", UNDO_REVERSIBLE);
	undo_plan_release(&p);
	assert_true(world_clock(w));
	assert_int_equal(w->fx.list.at[0].leg, 0);
	end.leg = 0;
	assert_true(world_ask(w, &end));
	assert_int_equal(world_step(w, "roll")->state, STEP_IS_TODO);
	world_same(w);
	world_free(w);
}

static void
an_undo_may_run_on_another_host(void **state)
{
	struct world *w = deploy();
	struct request back = {
		.kind = REQ_START, .step = 3, .leg = LEG_ALL, .way = WAY_BACK};

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(
			world_tick(w, w->rb->steps.list.at[i].id, TICK_NA, "not here"));
	world_do(w, "flip", NULL);
	assert_true(world_ask(w, &back));
	assert_true(world_said(w, "step.intent",
		"{\"host\":\"ni-db1\",\"attempt\":1,\"way\":\"back\",\"on\":\"web1\","));
	assert_int_equal(run_leg_target(w->r, 3, 0, WAY_BACK), 1);
	assert_int_equal(run_leg_target(w->r, 3, 0, WAY_FORWARD), 0);
	world_same(w);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_way_back_is_what_really_ran_newest_first),
		cmocka_unit_test(what_certainly_did_not_run_is_not_to_undo),
		cmocka_unit_test(going_back_starts_at_the_newest_host_and_leads_on),
		cmocka_unit_test(an_undo_may_run_on_another_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
