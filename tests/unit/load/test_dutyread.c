#include "load/dutyread.h"

#include "base/stamp.h"
#include "model/duty.h"
#include "scratch.h"
#include "unit.h"

static const char head[] = "handrail: 1\ntitle: Deploy\nkind: deploy\nowner: x\n"
			   "roles: {SRE: [sre@example.com]}\n"
			   "probes:\n  api: {command: \"true\", expect: {exit: 0}}\n"
			   "steps:\n- do: Deploy it\n- id: after\n  schedule:\n";

static struct runbook *
load(const char *entries, const struct load_opts *o, int errors)
{
	char *text = mem_printf("%s%s", head, entries);
	struct diags d = {0};
	struct runbook *rb = load_runbook_text("d.yaml", text, strlen(text), o, &d);

	scratch_errors(&d, errors);
	diags_release(&d);
	mem_free(text);
	return rb;
}

static const char three[] =
	"  - {title: Watch it, due: 1h, check: api}\n"
	"  - {title: Read the logs, due: 1d 09:00 Europe/Berlin, every: 1w, role: SRE}\n"
	"  - {title: Watch and sign, due: 1mo, check: [api], role: SRE}\n";

static void
each_entry_is_an_obligation(void **state)
{
	struct runbook *rb = load(three, NULL, 0);
	const struct step *s = &rb->steps.list.at[1];
	struct wall from = {0};
	char out[STAMP_BYTES], *name = duty_name(s, 1);

	(void)state;
	assert_int_equal(s->duties.list.len, 3);
	assert_string_equal(s->duties.list.at[1].title, "Read the logs");
	assert_string_equal(s->duties.list.at[1].every_text, "1w");
	assert_string_equal(s->duties.list.at[1].role, "SRE");
	assert_string_equal(name, "after/2");
	assert_true(stamp_parse("2026-10-24T20:00:00Z", &from));
	assert_string_equal(
		stamp_wall_sec(recur_add(&s->duties.list.at[1].due, from, 1), out),
		"2026-10-25T08:00:00Z");
	/* every: goes by the same clock, though it names none */
	assert_string_equal(
		stamp_wall_sec(recur_add(&s->duties.list.at[1].every, from, 1), out),
		"2026-10-31T21:00:00Z");
	assert_false(recur_is_set(&s->duties.list.at[0].every));
	assert_string_equal(s->text,
		"Watch it; due 1h, check api\n"
		"Read the logs; due 1d 09:00 Europe/Berlin, every 1w, by SRE\n"
		"Watch and sign; due 1mo, check api, by SRE\n");
	mem_free(name);
	runbook_unref(rb);
}

static void
what_closes_it_is_a_small_runbook(void **state)
{
	static const struct {
		const char *duty, *title;
		enum step_kind kinds[2];
		size_t count;
	} rows[] = {
		{"after/1", "Watch it", {STEP_CHECK}, 1},
		{"after/2", "Read the logs", {STEP_DO}, 1},
		{"after/3", "Watch and sign", {STEP_CHECK, STEP_DO}, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct load_opts o = {.duty = rows[i].duty};
		struct runbook *rb = load(three, &o, 0);

		assert_string_equal(rb->title, rows[i].title);
		assert_string_equal(rb->duty->title, rows[i].title);
		assert_int_equal(rb->steps.list.len, rows[i].count);
		for (size_t k = 0; k < rows[i].count; k++)
			assert_int_equal(rb->steps.list.at[k].kind, rows[i].kinds[k]);
		assert_int_equal(rb->probes.list.len, 1);
		runbook_unref(rb);
	}
	static const char *const none[] = {
		"after/0", "after/4", "after", "other/1", "", "/1", "after/x"};
	for (size_t i = 0; i < COUNT(none); i++) {
		struct load_opts o = {.duty = none[i]};

		assert_null(load(three, &o, 1));
	}
}

static void
a_role_with_keys_signs(void **state)
{
	struct diags d = {0};
	static const char text[] = "handrail_project: 1\nname: x\n"
				   "allowed_signers: signers\n";
	struct project *p = load_project_text("handrail.yaml", text, strlen(text), &d);
	struct load_opts o = {.duty = "after/2", .project = p};
	struct runbook *rb = load(three, &o, 0);

	(void)state;
	assert_int_equal(rb->steps.list.len, 2);
	assert_int_equal(rb->steps.list.at[0].kind, STEP_DO);
	assert_int_equal(rb->steps.list.at[1].kind, STEP_SIGNOFF);
	assert_string_equal(rb->steps.list.at[1].role, "SRE");
	runbook_unref(rb);
	project_free(p);
	diags_release(&d);
}

static void
spans_that_are_none_are_complained_of(void **state)
{
	static const char *const bad[] = {
		"  - {title: x, due: soon}\n",
		"  - {title: x, due: 1h, every: 1 week}\n",
		"  - {title: x, due: 2h 09:00}\n",
		"  - {title: x, due: 1d 09:00 Europe/Atlantis}\n",
		"  - {title: x, due: 1d 09:00 ../../etc/passwd}\n",
		"  - {title: x}\n",
		"  - {due: 1h}\n",
		"  - {title: x, due: 1h, check: nothing}\n",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_null(load(bad[i], NULL, 1));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_entry_is_an_obligation),
		cmocka_unit_test(what_closes_it_is_a_small_runbook),
		cmocka_unit_test(a_role_with_keys_signs),
		cmocka_unit_test(spans_that_are_none_are_complained_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
