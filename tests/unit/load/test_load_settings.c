#include "load/load.h"

#include "scratch.h"
#include "unit.h"

/* config.yaml of an operator: what is set is taken; with a fault nothing of it is. */

static void
what_is_set_is_taken(void **state)
{
	static const struct {
		const char *text;
		enum settings_notify notify;
	} good[] = {
		{"handrail_config: 1\n", SETTINGS_BELL},
		{"handrail_config: 1\nui: {}\n", SETTINGS_BELL},
		{"handrail_config: 1\nui: {notify: bell}\n", SETTINGS_BELL},
		{"handrail_config: 1\nui: {notify: osc9}\n", SETTINGS_OSC9},
		{"handrail_config: 1\nui: {notify: off}\n", SETTINGS_OFF},
		{"handrail_config: 1\nui: {notify: \"off\"}\n", SETTINGS_OFF},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct settings s;
		struct diags d = {0};

		scratch_put("config.yaml", good[i].text);
		assert_true(load_settings("config.yaml", &s, &d));
		scratch_errors(&d, 0);
		assert_int_equal(s.notify, good[i].notify);
		diags_release(&d);
	}
}

static void
commands_are_named(void **state)
{
	struct settings s;
	struct diags d = {0};

	(void)state;
	scratch_put("config.yaml",
		"handrail_config: 1\ncommands:\n  db: pass show db | head -1\n"
		"  vault: \"vault kv get -field=pw x\"\n");
	assert_true(load_settings("config.yaml", &s, &d));
	scratch_errors(&d, 0);
	assert_string_equal(pairs_get(&s.commands, "db"), "pass show db | head -1");
	assert_string_equal(pairs_get(&s.commands, "vault"), "vault kv get -field=pw x");
	assert_null(pairs_get(&s.commands, "op"));
	settings_release(&s);
	assert_null(pairs_get(&s.commands, "db"));
	diags_release(&d);
}

static void
with_a_fault_nothing_is(void **state)
{
	static const struct {
		const char *text;
		int line;
	} bad[] = {
		{"handrail_config: 2\nui: {notify: osc9}\n", 1},
		{"ui: {notify: osc9}\n", 1},
		{"handrail_config: 1\nui: {notify: osc9, theme: x}\n", 2},
		{"handrail_config: 1\nui: {notify: loud}\n", 2},
		{"handrail_config: 1\nui: osc9\n", 2},
		{"handrail_config: 1\ncommands: [pass]\n", 2},
		{"handrail_config: 1\ncommands:\n  a: {b: c}\n", 3},
		{"handrail_config: 1\nui: {notify: osc9}\nrun: \"true\"\n", 3},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct settings s = {SETTINGS_OSC9};
		struct diags d = {0};

		scratch_put("config.yaml", bad[i].text);
		assert_false(load_settings("config.yaml", &s, &d));
		scratch_errors(&d, 1);
		assert_string_equal(d.list.at[0].file, "config.yaml");
		assert_int_equal(d.list.at[0].line, bad[i].line);
		assert_int_equal(s.notify, SETTINGS_BELL);
		diags_release(&d);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			what_is_set_is_taken, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(
			commands_are_named, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(
			with_a_fault_nothing_is, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
