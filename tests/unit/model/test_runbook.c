#include "model/runbook.h"

#include "unit.h"

#include "shelf.h"

static void
finds_things_by_name_in_their_scope(void **state)
{
	struct runbook *rb = shelf_new();
	struct scope *inner = vec_add(&rb->scopes.list);
	char *full;

	(void)state;
	inner->prefix = mem_strdup("again/");
	shelf_step(rb, STEP_DO, "2");
	shelf_step(rb, STEP_DO, "tell-people");
	shelf_input(rb, "dump");
	shelf_input(rb, "dump")->scope = 1;
	shelf_probe(rb, "api", "true");
	assert_int_equal(runbook_find_step(rb, "tell-people"), 1);
	assert_int_equal(runbook_find_step(rb, "2"), 0); /* an id comes before a number */
	assert_int_equal(runbook_find_step(rb, "1"), 0);
	assert_int_equal(runbook_find_step(rb, "nope"), NONE);
	assert_int_equal(runbook_find_input(rb, 1, "dump"), 1);
	assert_int_equal(runbook_find_input(rb, 2, "dump"), NONE);
	assert_int_equal(runbook_find_probe(rb, 0, "api"), 0);
	assert_int_equal(runbook_find_probe(rb, 1, "api"), NONE);
	full = runbook_full_name(rb, 1, "dump");
	assert_string_equal(full, "again/dump");
	mem_free(full);
	runbook_unref(rb);
}

static void
names_of_kinds_and_risks(void **state)
{
	struct runbook *rb = shelf_new();

	(void)state;
	assert_string_equal(step_kind_name(STEP_SIGNOFF), "signoff");
	assert_string_equal(probe_kind_name(PROBE_HTTP), "http");
	assert_string_equal(runbook_kind_name(RUNBOOK_RESTORE), "restore");
	assert_string_equal(risk_name(RISK_SEVERE), "severe");
	assert_string_equal(risk_mark(RISK_HARD), "!!");
	shelf_step(rb, STEP_DO, "a")->risk = RISK_SEVERE; /* a person, no command */
	assert_int_equal(runbook_risk(rb), RISK_NONE);
	shelf_run(rb, "b", "x")->risk = RISK_HARD;
	assert_int_equal(runbook_risk(rb), RISK_HARD);
	assert_ptr_equal(runbook_ref(rb), rb);
	runbook_unref(rb);
	runbook_unref(rb);
	runbook_unref(NULL);
}

static char *
canonical(const struct runbook *rb, int step)
{
	struct str out = STR_INIT;

	step_canonical(rb, &rb->steps.list.at[step], &out);
	return str_take(&out);
}

static void
canonical_text_is_fixed(void **state)
{
	struct runbook *rb = shelf_new();
	struct step *s;
	char *text;

	(void)state;
	shelf_host(rb, "web", 2);
	s = shelf_run(rb, "stop", "docker stop \"api\"");
	s->host = 0;
	text = canonical(rb, 0);
	assert_string_equal(text,
		"{\"id\":\"stop\",\"kind\":\"run\",\"title\":\"stop\",\"text\":\"docker stop \\\"api\\\"\","
		"\"host\":{\"name\":\"web\",\"targets\":[\"web1\",\"web2\"]},\"risk\":\"moderate\","
		"\"undo\":{\"run\":\"true\",\"risk\":\"moderate\"},\"expect\":\"exit 0\"}");
	mem_free(text);
	runbook_unref(rb);
}

static void
canonical_text_changes_with_what_a_step_does(void **state)
{
	struct runbook *rb = shelf_new();
	char *plain, *moved, *changed;
	struct step *s;

	(void)state;
	shelf_probe(rb, "api", "true");
	shelf_run(rb, "x", "true");
	plain = canonical(rb, 0);
	s = &rb->steps.list.at[0];
	s->line = 99; /* where it stands is not what it does */
	shelf_set(&s->number, "7.7");
	s->why = mem_strdup("because");
	moved = canonical(rb, 0);
	assert_string_equal(plain, moved);
	mem_free(moved);
	vec_push(&s->before.list, 0);
	changed = canonical(rb, 0);
	assert_string_not_equal(plain, changed);
	mem_free(plain);
	plain = changed;
	shelf_set(&rb->probes.list.at[0].subject, "false"); /* a probe it relies on */
	changed = canonical(rb, 0);
	assert_string_not_equal(plain, changed);
	mem_free(plain);
	mem_free(changed);
	runbook_unref(rb);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_things_by_name_in_their_scope),
		cmocka_unit_test(names_of_kinds_and_risks),
		cmocka_unit_test(canonical_text_is_fixed),
		cmocka_unit_test(canonical_text_changes_with_what_a_step_does),
	};

	return cmocka_run_group_tests_name("runbook", tests, NULL, NULL);
}
