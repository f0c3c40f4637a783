#include "load/load.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "scratch.h"
#include "unit.h"

static const char good[] =
	"handrail_scenario: 1\n"
	"title: The API hangs\n"
	"hosts: {app: [web1, web2], data: db1}\n"
	"state: {api: hung}\n"
	"answers:\n"
	"- {step: restart, when: {api: hung}, after: 2s, output: done, set: {api: well}}\n"
	"- {match: compose ps, bytes: 'a\\x1bb\\\\', exit: 3}\n"
	"probes:\n"
	"- {probe: health, when: {api: hung}, silent: no answer in 10 s}\n"
	"- {probe: health, is: {status: 200, time: 31ms, json: {/status: ok}}}\n"
	"logs:\n"
	"- {log: api, lines: ['${now} hello'], every: 2s}\n"
	"events:\n"
	"- {at: 30s, host: web2, fault: unreachable}\n"
	"hints:\n"
	"- {step: restart, says: Look at the log first.}\n"
	"solved: {api: well}\n"
	"within: 5m\n";

static void
a_scenario_is_read(void **state)
{
	struct diags d = {0};
	struct scenario *s = load_scenario_text("s.yaml", good, strlen(good), &d);

	(void)state;
	scratch_errors(&d, 0);
	assert_non_null(s);
	assert_int_equal(s->hosts.list.at[0].aliases.list.len, 2);
	assert_string_equal(s->answers.list.at[0].step, "restart");
	assert_int_equal(s->answers.list.at[0].after_ms, 2000);
	assert_int_equal(s->answers.list.at[1].output_len, 4);
	assert_memory_equal(s->answers.list.at[1].output, "a\033b\\", 4);
	assert_int_equal(s->answers.list.at[1].exit, 3);
	assert_string_equal(s->probes.list.at[0].silent, "no answer in 10 s");
	assert_int_equal(s->probes.list.at[1].is.list.len, 3);
	assert_string_equal(s->probes.list.at[1].is.list.at[2].key, "/status");
	assert_int_equal(s->events.list.at[0].at_ms, 30000);
	assert_int_equal(s->within_ms, 300000);
	assert_true(scenario_holds(&s->answers.list.at[0].when, &s->state));
	scenario_change(&s->state, &s->answers.list.at[0].set);
	assert_true(scenario_holds(&s->solved, &s->state));
	scenario_unref(s);
	diags_release(&d);
}

static void
what_is_wrong_has_its_place(void **state)
{
	static const struct {
		const char *line, *says;
	} rows[] = {
		{"answers: [{step: x, when: {ap: hung}}]", "the state has no `ap`"},
		{"answers: [{step: x, when: {api: wel}}]", "`api` is never `wel`"},
		{"answers: [{step: x, output: a, bytes: b}]", "same thing"},
		{"answers: [{step: x, exit: 256}]", "no command ends with 256"},
		{"probes: [{probe: p}]", "it finds not anything"},
		{"probes: [{probe: p, is: {statu: 1}}]", "is called `statu`"},
		{"probes: [{probe: p, is: {status: soon}}]", "is a number"},
		{"events: [{set: {api: hung}}]", "at a time or after a step"},
		{"events: [{at: 1s}]", "nothing happens"},
		{"events: [{at: 1s, fault: refused}]", "belong together"},
		{"hints: [{step: x}]", "lacks `says`"},
		{"anwers: []", "unknown key `anwers`"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char text[400];
		struct diags d = {0};

		snprintf(text, sizeof text,
			"handrail_scenario: 1\ntitle: T\nstate: {api: hung}\n"
			"solved: {api: hung}\n%s\n",
			rows[i].line);
		assert_null(load_scenario_text("s.yaml", text, strlen(text), &d));
		if (d.list.len != 1 || !strstr(d.list.at[0].msg, rows[i].says) ||
			d.list.at[0].line != 5)
			fail_msg("%s: %zu complaints, line %d: %s", rows[i].line,
				d.list.len, d.list.len ? d.list.at[0].line : 0,
				d.list.len ? d.list.at[0].msg : "none");
		diags_release(&d);
	}
}

static void
every_host_of_a_runbook_is_played_by_it(void **state)
{
	struct diags d = {0};
	struct runbook *rb;

	(void)state;
	scratch_put("s.yaml", good);
	scratch_put("x.yaml",
		"handrail: 1\ntitle: X\nhosts: {here: {local: true}, data: {ssh: [db1, "
		"db2]}}\nprobes: {health: {http: 'https://x.example', expect: {status: "
		"200}}}\nsteps:\n- {id: restart, run: 'true', host: data, risk: none, "
		"expect: {exit: 0}}\n");
	rb = load_runbook("x.yaml", &(struct load_opts){.scenario = "s.yaml"}, &d);
	scratch_errors(&d, 0);
	assert_non_null(rb);
	assert_non_null(rb->scenario);
	assert_string_equal(rb->environment, "practice");
	assert_string_equal(rb->badge, "PRACTICE");
	for (size_t i = 0; i < rb->hosts.list.len; i++) {
		assert_int_equal(rb->hosts.list.at[i].via, HOST_SIM);
		assert_ptr_equal(rb->hosts.list.at[i].scenario, rb->scenario);
	}
	assert_int_equal(rb->sources.list.len, 2);
	assert_string_equal(rb->sources.list.at[1].path, "s.yaml");
	load_scenario_check(rb->scenario, rb, &d);
	scratch_errors(&d, 0);
	runbook_unref(rb);
	diags_release(&d);
}

/* With what is so already no case could fail. */
static void
what_is_solved_at_the_start_cannot_be_practised(void **state)
{
	static const char *const solved[] = {"solved: {api: hung}\n", "solved: {}\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(solved); i++) {
		char *text = mem_printf(
			"handrail_scenario: 1\ntitle: T\nstate: {api: hung}\n%s",
			solved[i]);
		struct diags d = {0};
		struct runbook *rb;

		scratch_put("s.yaml", text);
		scratch_put(
			"x.yaml", "handrail: 1\ntitle: X\nsteps: [{do: it, id: it}]\n");
		rb = load_runbook(
			"x.yaml", &(struct load_opts){.scenario = "s.yaml"}, &d);
		scratch_errors(&d, 0);
		assert_non_null(rb);
		load_scenario_check(rb->scenario, rb, &d);
		scratch_errors(&d, 1);
		assert_int_equal(d.list.at[0].line, i ? 1 : 4);
		assert_non_null(strstr(d.list.at[0].msg, "before anybody"));
		runbook_unref(rb);
		diags_release(&d);
		mem_free(text);
	}
}

/* A test runs anywhere: what it needs stands in it. */
static void
a_case_reads_nothing_of_the_operators(void **state)
{
	static const char *const inputs[] = {"{env: HOME}", "{file: key}", "plain"};

	(void)state;
	for (size_t i = 0; i < COUNT(inputs); i++) {
		char *text = mem_printf(
			"handrail_test: 1\ncases:\n- {name: n, end: ok, inputs: {x: %s}}\n",
			inputs[i]);
		struct diags d = {0};
		struct load_tests *t;
		struct runbook *rb;
		struct err e = ERR_INIT;

		scratch_put("x.yaml",
			"handrail: 1\ntitle: X\ninputs: {x: {ask: 'Which?'}}\n"
			"steps: [{do: 'it ${x}', id: it}]\n");
		assert_true(file_mkdirs("tests", 0700, &e));
		scratch_put("tests/x.yaml", text);
		rb = load_runbook("x.yaml", &(struct load_opts){0}, &d);
		t = load_tests("tests/x.yaml", &d);
		scratch_errors(&d, 0);
		answers_free(load_case_answers(t, 0, rb, &d));
		scratch_errors(&d, i < 2);
		load_tests_free(t);
		runbook_unref(rb);
		diags_release(&d);
		mem_free(text);
	}
}

static void
refused(const char *text, const char *says)
{
	struct diags d = {0};
	bool found = false;

	assert_null(load_scenario_text("s.yaml", text, strlen(text), &d));
	for (size_t i = 0; i < d.list.len; i++)
		found |= strstr(d.list.at[i].msg, says) != NULL;
	if (!found)
		fail_msg("%s: %s", says, d.list.len ? d.list.at[0].msg : "none");
	diags_release(&d);
}

/* Nobody has trusted it yet: it may not keep anybody waiting. */
static void
what_would_take_for_ever_is_refused(void **state)
{
	static const char head[] = "handrail_scenario: 1\ntitle: T\nsolved: {n0: b}\n";
	struct str text = STR_INIT;

	(void)state;
	str_addf(&text, "%sstate: {n0: a}\nanswers:\n", head);
	for (int i = 0; i < 1001; i++)
		str_adds(&text, "- {step: x, set: {n0: b}}\n");
	refused(text.buf, "more than 1000 entries");
	str_reset(&text);
	str_addf(&text, "%sstate: {n0: %0100d}\n", head, 0);
	refused(text.buf, "more than 64 bytes");
	str_reset(&text);
	str_addf(&text, "%sstate: {n0: a", head);
	for (int i = 1; i < 101; i++)
		str_addf(&text, ", n%d: a", i);
	str_adds(&text, "}\n");
	refused(text.buf, "more than 100 names");
	str_reset(&text);
	str_addf(&text, "%sstate: {", head);
	for (int i = 0; i < 100; i++)
		str_addf(&text, "%sn%d: a", i ? ", " : "", i);
	str_adds(&text, "}\nanswers:\n");
	for (int k = 0; k < 1000; k++) {
		str_adds(&text, "- {step: x, set: {n0: b");
		for (int i = 1; i < 100; i++)
			str_addf(&text, ", n%d: b%d", i, k);
		str_adds(&text, "}}\n");
	}
	refused(text.buf, "too many values");
	str_release(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scenario_is_read),
		cmocka_unit_test(what_is_wrong_has_its_place),
		cmocka_unit_test(what_would_take_for_ever_is_refused),
		cmocka_unit_test_setup_teardown(every_host_of_a_runbook_is_played_by_it,
			scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(a_case_reads_nothing_of_the_operators,
			scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(
			what_is_solved_at_the_start_cannot_be_practised, scratch_enter,
			scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
