#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "run/drill.h"

static void
noted(struct world *w, const char *text, const char *drill)
{
	assert_true(world_ask(w,
		&(struct request){
			.kind = REQ_NOTE, .step = NONE, .text = text, .drill = drill}));
}

static struct world *
practice(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct world *w;

	fixture_step(rb, STEP_DO, "a");
	w = world_new(rb);
	w->r->mode = RUN_PRACTICE;
	return w;
}

static void
hints_and_wrong_turns_are_counted(void **state)
{
	struct world *w = practice();
	struct drill d;

	(void)state;
	noted(w, "hint: look at the log", DRILL_HINT);
	noted(w, "wrong turn: it runs", DRILL_WRONG);
	noted(w, "wrong turn: it runs", DRILL_WRONG);
	noted(w, "solved", DRILL_SOLVED);
	drill_count(w->r, &d);
	assert_true(d.solved);
	assert_int_equal(d.hints, 1);
	assert_int_equal(d.wrong, 2);
	world_free(w);
}

static void
what_a_person_notes_counts_for_nothing(void **state)
{
	static const char *const words[] = {
		"solved", "hint: none", "wrong turn: none", "hint", "wrong"};
	struct world *w = practice();
	struct drill d;

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		noted(w, words[i], NULL);
	drill_count(w->r, &d);
	assert_false(d.solved);
	assert_int_equal(d.hints, 0);
	assert_int_equal(d.wrong, 0);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hints_and_wrong_turns_are_counted),
		cmocka_unit_test(what_a_person_notes_counts_for_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
