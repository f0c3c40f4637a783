#include "load/load.h"

#include "scratch.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Runbooks that call others. */

static void
a_call_brings_the_steps_of_the_other(void **state)
{
	struct diags d = {0};
	struct runbook *rb;

	(void)state;
	scratch_put("inner.yaml",
		"handrail: 1\ntitle: In\ninputs: {tag: {ask: Which?}}\nsteps:\n"
		"- section: Part\n- {id: a, do: \"Look at ${tag}\"}\n- {do: b, needs: a}\n");
	scratch_put("outer.yaml",
		"handrail: 1\ntitle: Out\nsteps:\n- do: before\n"
		"- {id: go, call: inner, with: {tag: v1}}\n- {do: after, needs: go/a}\n");
	rb = load_runbook("outer.yaml", NULL, &d);
	scratch_errors(&d, 0);
	assert_non_null(rb);
	assert_int_equal(rb->steps.list.len, 6);
	assert_int_equal(rb->sources.list.len, 2);
	assert_int_equal(rb->scopes.list.len, 2);
	assert_string_equal(rb->scopes.list.at[1].prefix, "go/");
	assert_string_equal(pairs_get(&rb->scopes.list.at[1].with, "tag"), "v1");
	assert_string_equal(rb->steps.list.at[3].id, "go/a");
	assert_string_equal(rb->steps.list.at[3].number, "2.1.1");
	assert_int_equal(rb->steps.list.at[3].call, 1);
	assert_int_equal(rb->steps.list.at[4].needs.list.at[0], 3);
	assert_int_equal(rb->steps.list.at[5].needs.list.at[0], 3);
	assert_string_equal(rb->steps.list.at[5].number, "3");
	/* from memory, as a record keeps them */
	struct load_opts kept = {
		.kept = rb->sources.list.at, .kept_len = rb->sources.list.len};
	char one[DIGEST_HEX + 1], other[DIGEST_HEX + 1];
	struct runbook *again;

	unlink("inner.yaml");
	again = load_runbook_text("outer.yaml", rb->sources.list.at[0].text,
		rb->sources.list.at[0].len, &kept, &d);
	assert_non_null(again);
	step_digest(rb, &rb->steps.list.at[3], one);
	step_digest(again, &again->steps.list.at[3], other);
	assert_string_equal(one, other);
	runbook_unref(again);
	runbook_unref(rb);
	diags_release(&d);
}

static void
a_named_way_back_is_walked_and_a_record_walks_what_it_holds(void **state)
{
	static const char outer[] = "handrail: 1\ntitle: Out\nsteps:\n- do: on\n"
				    "rollback: inner\n";
	struct source none = {0};
	struct load_opts kept = {.kept = &none};
	struct runbook *rb;
	struct diags d = {0};

	(void)state;
	scratch_put(
		"inner.yaml", "handrail: 1\ntitle: In\nsteps:\n- {id: a, do: back}\n");
	rb = load_runbook_text("outer.yaml", outer, sizeof outer - 1, NULL, &d);
	scratch_errors(&d, 0);
	assert_non_null(rb);
	assert_int_equal(rb->rollback_first, 1);
	assert_int_equal(rb->steps.list.len, 4);
	assert_string_equal(rb->steps.list.at[3].id, "inner/a");
	runbook_unref(rb);
	/* of a time when it was only shown: the file of today is no part of it */
	rb = load_runbook_text("outer.yaml", outer, sizeof outer - 1, &kept, &d);
	assert_non_null(rb);
	assert_int_equal(rb->rollback_first, NONE);
	assert_string_equal(rb->rollback, "inner");
	assert_int_equal(rb->steps.list.len, 1);
	runbook_unref(rb);
	unlink("inner.yaml");
	rb = load_runbook_text("outer.yaml", outer, sizeof outer - 1, &kept, &d);
	scratch_errors(&d, 0);
	assert_non_null(rb);
	runbook_unref(rb);
	diags_release(&d);
}

static void
calls_that_never_end_are_refused(void **state)
{
	struct diags d = {0};

	(void)state;
	scratch_put("a.yaml", "handrail: 1\ntitle: A\nsteps:\n- call: b\n");
	scratch_put("b.yaml", "handrail: 1\ntitle: B\nsteps:\n- call: ./x/../a.yaml\n");
	assert_null(load_runbook("a.yaml", NULL, &d));
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.list.at[0].id, "E-CALL-002");
	diags_release(&d);
	for (int i = 0; i < 12; i++) {
		char *name = mem_printf("d%d.yaml", i);
		char *text = mem_printf(
			"handrail: 1\ntitle: D\nsteps:\n- call: d%d\n", i + 1);

		scratch_put(name, text);
		mem_free(name);
		mem_free(text);
	}
	d = (struct diags){0};
	assert_null(load_runbook("d0.yaml", NULL, &d));
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.list.at[0].id, "E-CALL-003");
	diags_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_call_brings_the_steps_of_the_other,
			scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(
			a_named_way_back_is_walked_and_a_record_walks_what_it_holds,
			scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(
			calls_that_never_end_are_refused, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
