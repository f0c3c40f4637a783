#include "load/load.h"

#include "scratch.h"
#include "unit.h"

static void
answers_must_fit_their_steps(void **state)
{
	struct diags d = {0};
	struct answers *a;
	struct runbook *rb;

	(void)state;
	scratch_put("x.yaml",
		"handrail: 1\ntitle: X\ninputs: {tag: {ask: Which?}, pw: {secret: true, "
		"from: ask}}\nsteps:\n- {id: tell, do: \"Tell ${tag}\", evidence: link}\n"
		"- {id: way, choose: Which?, options: [{label: left}, {label: right}]}\n"
		"- {id: act, run: 'true $pw', risk: none, expect: {exit: 0}}\n"
		"- {signoff: Lead, says: ok}\n");
	rb = load_runbook("x.yaml", NULL, &d);
	scratch_errors(&d, 0);
	assert_non_null(rb);
	scratch_put("good.yaml",
		"answers: 1\ninputs: {tag: v1, pw: {env: PW}}\nsteps:\n"
		"  tell: {tick: done, evidence: \"https://x\", note: n}\n"
		"  \"2\": {choose: right}\n  act: {tick: by-hand, reason: broken}\n");
	a = load_answers("good.yaml", rb, &d);
	scratch_errors(&d, 0);
	assert_non_null(a);
	assert_int_equal(a->inputs.list.len, 2);
	assert_string_equal(a->inputs.list.at[1].env, "PW");
	assert_string_equal(answers_for(a, 1)->choose, "right");
	assert_int_equal(answers_for(a, 2)->tick, ANSWER_BY_HAND);
	answers_free(a);
	scratch_put("bad.yaml",
		"answers: 1\ninputs: {tga: v1, pw: hunter2}\nsteps:\n"
		"  tell: {tick: skip}\n  way: {choose: up}\n  act: {choose: x}\n"
		"  sign-off-lead: {tick: done}\n  nobody: {tick: done}\n");
	assert_null(load_answers("bad.yaml", rb, &d));
	scratch_errors(&d, 7);
	runbook_unref(rb);
	diags_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			answers_must_fit_their_steps, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
