#include "model/check.h"

#include "unit.h"

#include "shelf.h"

typedef void change(struct runbook *rb, struct step *s);

/* Ids of all complaints, sorted by place, separated by blanks. */
static char *
ids_of(struct diags *d)
{
	struct str out = STR_INIT;

	diags_sort(d);
	str_reserve(&out, 1);
	for (size_t i = 0; i < d->list.len; i++)
		str_addf(&out, "%s%s", i > 0 ? " " : "", d->list.at[i].id);
	diags_release(d);
	return str_take(&out);
}

static void
no_change(struct runbook *rb, struct step *s)
{
	(void)rb;
	(void)s;
}

static void
no_expect(struct runbook *rb, struct step *s)
{
	(void)rb;
	expect_free(s->expect);
	s->expect = NULL;
}

static void
idle_expect(struct runbook *rb, struct step *s)
{
	no_expect(rb, s);
	s->expect = shelf_expect(EXPECT_EXIT, ">= 0");
}

static void
no_way_back(struct runbook *rb, struct step *s)
{
	(void)rb;
	shelf_set(&s->undo.text, NULL);
}

static void
both_ways(struct runbook *rb, struct step *s)
{
	(void)rb;
	s->irreversible = mem_strdup("it is sent");
}

static void
look_with_undo(struct runbook *rb, struct step *s)
{
	(void)rb;
	shelf_set(&s->text, "systemctl is-active api");
	s->risk = RISK_NONE;
}

static void
look(struct runbook *rb, struct step *s)
{
	no_way_back(rb, s);
	shelf_set(&s->text, "systemctl is-active api");
	s->risk = RISK_NONE;
}

static void
hard_unconfirmed(struct runbook *rb, struct step *s)
{
	(void)rb;
	s->risk = RISK_HARD;
}

static void
severe_without_host(struct runbook *rb, struct step *s)
{
	(void)rb;
	s->risk = RISK_SEVERE;
	s->confirm = mem_strdup("restore it");
}

static void
severe(struct runbook *rb, struct step *s)
{
	(void)rb;
	s->risk = RISK_SEVERE;
	s->confirm = mem_strdup("restore on ${host}");
}

static void
idle_confirm(struct runbook *rb, struct step *s)
{
	(void)rb;
	s->confirm = mem_strdup("yes");
}

static void
no_host(struct runbook *rb, struct step *s)
{
	(void)s;
	shelf_host(rb, "web", 2);
	rb->declares_hosts = true;
}

static void
serial_and_batch(struct runbook *rb, struct step *s)
{
	no_host(rb, s);
	s->host = 0;
	s->serial = 1;
	s->batch_pct = 50;
}

static void
serial_of_one(struct runbook *rb, struct step *s)
{
	shelf_host(rb, "db", 1);
	s->host = 0;
	s->serial = 1;
}

static void
early_kill(struct runbook *rb, struct step *s)
{
	(void)rb;
	s->timeout_ms = 60000;
	s->kill_after_ms = 1000;
}

static void
retried(struct runbook *rb, struct step *s)
{
	(void)rb;
	s->retries = 3;
}

static void
unknown_name(struct runbook *rb, struct step *s)
{
	(void)rb;
	shelf_set(&s->title, "stop ${what} on ${host}, not $${this}");
}

static void
own_saved_name(struct runbook *rb, struct step *s)
{
	(void)rb;
	vec_push(&s->save.list, (struct saved){.name = mem_strdup("n")});
	shelf_set(&s->title, "there are ${n}");
}

static void
unused_input(struct runbook *rb, struct step *s)
{
	(void)s;
	shelf_input(rb, "dump");
}

static void
used_input(struct runbook *rb, struct step *s)
{
	shelf_input(rb, "dump");
	shelf_set(&s->text, "gunzip -t \"${dump:?}\"");
}

static void
used_by_a_log(struct runbook *rb, struct step *s)
{
	struct log_source *log = vec_add(&rb->logs.list);

	(void)s;
	shelf_input(rb, "dump");
	log->name = mem_strdup("l");
	log->host = NONE;
	vec_push(&log->args.list,
		(struct pair){
			.key = mem_strdup("path"), .value = mem_strdup("${dump}.log")});
}

static void
used_by_a_probe(struct runbook *rb, struct step *s)
{
	struct probe *p = shelf_probe(rb, "p", "select 1");

	(void)s;
	shelf_input(rb, "dump")->from = SECRET_ASK;
	p->kind = PROBE_SQL;
	vec_push(&p->args.list,
		(struct pair){.key = mem_strdup("dsn"), .value = mem_strdup("dump")});
}

/* The value would never be put in; a name that is none is a text like any other. */
static void
expects_a_name(struct runbook *rb, struct step *s)
{
	used_input(rb, s);
	expect_free(s->expect);
	s->expect = shelf_expect(EXPECT_OUTPUT, "${dump}");
}

static void
expects_no_name(struct runbook *rb, struct step *s)
{
	used_input(rb, s);
	expect_free(s->expect);
	s->expect = shelf_expect(EXPECT_OUTPUT, "${HOME} of $dump");
}

/* What handrail.yaml gives is held against the input like its default. */
static void
given(struct runbook *rb, struct step *s, const char *value)
{
	struct input *in;

	used_input(rb, s);
	in = &rb->inputs.list.at[rb->inputs.list.len - 1];
	in->type = INPUT_CHOICE;
	vec_push(&in->options.list, mem_strdup("docker compose"));
	vec_push(&rb->env_inputs.list,
		(struct pair){.key = mem_strdup(in->name), .value = mem_strdup(value)});
}

static void
given_no_choice(struct runbook *rb, struct step *s)
{
	given(rb, s, "podman-compose");
}

static void
given_a_choice(struct runbook *rb, struct step *s)
{
	given(rb, s, "docker compose");
}

static void
saved_input(struct runbook *rb, struct step *s)
{
	used_input(rb, s);
	vec_push(&s->save.list, (struct saved){.name = mem_strdup("dump")});
}

static void
shown_secret(struct runbook *rb, struct step *s)
{
	shelf_input(rb, "pw")->from = SECRET_ASK;
	shelf_set(&s->title, "log in with ${pw}");
}

static void
risk_too_low(struct runbook *rb, struct step *s)
{
	(void)rb;
	shelf_set(&s->text, "docker compose down -v");
}

static void
risk_declared(struct runbook *rb, struct step *s)
{
	risk_too_low(rb, s);
	severe(rb, s);
}

static void
undo_too_low(struct runbook *rb, struct step *s)
{
	(void)rb;
	shelf_set(&s->undo.text, "rm -rf /srv/new");
}

static void
endless(struct runbook *rb, struct step *s)
{
	(void)rb;
	shelf_set(&s->text, "tail -f x");
}

static void
probe_changes(struct runbook *rb, struct step *s)
{
	(void)s;
	shelf_probe(rb, "p", "rm -rf /x");
}

static void
probe_expects_nothing(struct runbook *rb, struct step *s)
{
	struct probe *p = shelf_probe(rb, "p", "true");

	(void)s;
	expect_free(p->expect);
	p->expect = NULL;
}

static void
contact_missing(struct runbook *rb, struct step *s)
{
	(void)s;
	vec_push(&rb->contacts.list,
		(struct pair){.key = mem_strdup("on-call"), .value = mem_strdup("TBD")});
}

static void
bad_default(struct runbook *rb, struct step *s)
{
	struct input *in = shelf_input(rb, "n");

	in->type = INPUT_NUMBER;
	in->fallback = mem_strdup("many");
	shelf_set(&s->text, "echo $n");
}

static void
bad_condition(struct runbook *rb, struct step *s)
{
	(void)rb;
	vec_push(&s->when.list,
		(struct condition){
			.key = mem_strdup("step.first"), .value = mem_strdup("done")});
}

static void
look_that_changes(struct runbook *rb, struct step *s)
{
	look(rb, s);
	shelf_set(&s->text, "docker restart api");
}

static const struct {
	const char *name;
	change *change;
	const char *ids;
} rows[] = {
	{"nothing", no_change, ""},
	{"no_expect", no_expect, "E-CHK-001"},
	{"idle_expect", idle_expect, "E-CHK-002"},
	{"no_way_back", no_way_back, "E-CHK-004"},
	{"both_ways", both_ways, "E-CHK-005"},
	{"look_with_undo", look_with_undo, "E-CHK-006"},
	{"look", look, ""},
	{"look_that_changes", look_that_changes, "E-CHK-036"},
	{"hard_unconfirmed", hard_unconfirmed, "E-CHK-007"},
	{"severe_without_host", severe_without_host, "E-CHK-008"},
	{"severe", severe, ""},
	{"idle_confirm", idle_confirm, "W-CHK-009"},
	{"no_host", no_host, "E-CHK-010"},
	{"serial_and_batch", serial_and_batch, "E-CHK-022"},
	{"serial_of_one", serial_of_one, "W-CHK-023"},
	{"early_kill", early_kill, "W-CHK-024"},
	{"retried", retried, "W-CHK-026"},
	{"unknown_name", unknown_name, "E-CHK-011"},
	{"own_saved_name", own_saved_name, "E-CHK-012"},
	{"unused_input", unused_input, "W-CHK-013"},
	{"used_input", used_input, ""},
	{"used_by_a_log", used_by_a_log, ""},
	{"used_by_a_probe", used_by_a_probe, ""},
	{"expects_a_name", expects_a_name, "E-CHK-047"},
	{"expects_no_name", expects_no_name, ""},
	{"given_no_choice", given_no_choice, "E-CHK-048"},
	{"given_a_choice", given_a_choice, ""},
	{"saved_input", saved_input, "E-CHK-027"},
	{"shown_secret", shown_secret, "E-CHK-014"},
	{"risk_too_low", risk_too_low, "E-CHK-036"},
	{"risk_declared", risk_declared, ""},
	{"undo_too_low", undo_too_low, "E-CHK-036"},
	{"endless", endless, "E-SH-201"},
	{"probe_changes", probe_changes, "E-CHK-037"},
	{"probe_expects_nothing", probe_expects_nothing, "E-CHK-032"},
	{"contact_missing", contact_missing, "W-SH-506"},
	{"bad_default", bad_default, "E-CHK-030"},
	{"bad_condition", bad_condition, "E-CHK-035"},
};

static void
each_fault_has_its_complaint_and_no_other(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct runbook *rb = shelf_new();
		struct diags d = {0};
		char *ids;

		rows[i].change(rb, shelf_run(rb, "first", "systemctl stop api"));
		check_runbook(rb, NULL, &d);
		ids = ids_of(&d);
		if (!str_eq(ids, rows[i].ids))
			fail_msg("%s: got [%s], want [%s]", rows[i].name, ids,
				rows[i].ids);
		mem_free(ids);
		runbook_unref(rb);
	}
}

static void
finds_circles_of_needs_once_each(void **state)
{
	struct runbook *rb = shelf_new();
	struct diags d = {0};

	(void)state;
	for (int i = 0; i < 6; i++)
		shelf_step(rb, STEP_DO, (char[]){(char)('a' + i), '\0'});
	/* a needs c, c needs b, b needs a; d hangs on a; e needs itself; f is free */
	vec_push(&rb->steps.list.at[0].needs.list, 2);
	vec_push(&rb->steps.list.at[2].needs.list, 1);
	vec_push(&rb->steps.list.at[1].needs.list, 0);
	vec_push(&rb->steps.list.at[3].needs.list, 0);
	vec_push(&rb->steps.list.at[4].needs.list, 4);
	check_runbook(rb, NULL, &d);
	assert_int_equal(d.errors, 2);
	diags_sort(&d);
	assert_string_equal(d.list.at[0].id, "W-CHK-016"); /* a needs the later c */
	assert_string_equal(d.list.at[1].msg, "a needs c needs b needs a");
	assert_string_equal(d.list.at[2].msg, "e needs e");
	diags_release(&d);
	runbook_unref(rb);
}

static void
long_chains_of_needs_take_no_time(void **state)
{
	enum { STEPS = 20000 };
	struct runbook *rb = shelf_new();
	struct diags d = {0};

	(void)state;
	for (int i = 0; i < STEPS; i++) {
		struct step *s = shelf_step(rb, STEP_DO, "x");

		if (i + 1 < STEPS)
			vec_push(&s->needs.list, i + 1);
	}
	check_runbook(rb, NULL, &d);
	assert_int_equal(d.errors, 0);
	assert_int_equal(d.warnings, STEPS - 1);
	diags_release(&d);
	runbook_unref(rb);
}

static void
sign_offs_name_roles_that_can_sign(void **state)
{
	struct runbook *rb = shelf_new();
	struct role *role = vec_add(&rb->roles.list);
	struct diags d = {0};
	struct step *s;
	char *ids;

	(void)state;
	role->name = mem_strdup("SRE");
	vec_push(&role->principals.list, mem_strdup("lea@example.com"));
	s = shelf_step(rb, STEP_SIGNOFF, "one");
	s->role = mem_strdup("SRE");
	s->says = mem_strdup("I have seen it.");
	s->count = 2;                                 /* E-CHK-020 */
	vec_push(&s->after.list, mem_strdup("Lead")); /* E-CHK-018 */
	s = shelf_step(rb, STEP_SIGNOFF, "two");
	s->role = mem_strdup("Lead"); /* E-CHK-019 */
	s->count = 1;                 /* says: E-CHK-021 */
	vec_push(&s->after.list, mem_strdup("SRE"));
	check_runbook(rb, NULL, &d);
	ids = ids_of(&d);
	assert_string_equal(ids, "E-CHK-020 E-CHK-018 E-CHK-021 E-CHK-019");
	mem_free(ids);
	runbook_unref(rb);
}

static void
looking_and_choosing_steps_are_whole(void **state)
{
	struct runbook *rb = shelf_new();
	struct diags d = {0};
	struct step *s;
	char *ids;

	(void)state;
	shelf_step(rb, STEP_CHECK, "check"); /* E-CHK-031 */
	shelf_probe(rb, "p", "true");
	s = shelf_step(rb, STEP_SOAK, "soak"); /* E-CHK-025 */
	vec_push(&s->probes.list, 0);
	s = shelf_step(rb, STEP_CHOOSE, "choose"); /* E-CHK-034, W-CHK-017 */
	vec_push(&s->options.list, (struct option){.label = mem_strdup("on"), .go = 0});
	vec_push(
		&s->options.list, (struct option){.label = mem_strdup("on"), .go = NONE});
	shelf_step(rb, STEP_CHOOSE, "none"); /* E-CHK-033 */
	shelf_step(rb, STEP_WAIT, "wait");   /* E-CHK-038 */
	check_runbook(rb, NULL, &d);
	ids = ids_of(&d);
	assert_string_equal(
		ids, "E-CHK-031 E-CHK-025 E-CHK-034 W-CHK-017 E-CHK-033 E-CHK-038");
	mem_free(ids);
	runbook_unref(rb);
}

static void
a_complaint_never_spreads_the_secret(void **state)
{
	struct runbook *rb = shelf_new();
	struct diags d = {0};
	struct str out = STR_INIT;

	(void)state;
	shelf_run(rb, "x", "mysqldump -u root -phunter2 db");
	check_runbook(rb, NULL, &d);
	diags_print(&d, &out);
	assert_int_equal(d.errors, 1);
	assert_non_null(strstr(out.buf, "E-SH-401"));
	assert_null(strstr(out.buf, "hunter2"));
	str_release(&out);
	diags_release(&d);
	runbook_unref(rb);
}

static void
says_what_a_run_could_not_do_yet(void **state)
{
	struct runbook *rb = shelf_new();
	struct diags d = {0};
	struct step *s;

	(void)state;
	shelf_run(rb, "fine", "true");
	check_reach(rb, &d);
	assert_int_equal(d.list.len, 0);
	shelf_step(rb, STEP_NOTIFY, "notify"); /* works today */
	shelf_probe(rb, "tls", "h:443")->kind = PROBE_TLS;
	s = shelf_step(rb, STEP_CHECK, "check");
	vec_push(&s->probes.list, 0);
	s = shelf_run(rb, "two", "true");
	s->two_person = true; /* works today */
	s->serial = 1;
	check_reach(rb, &d);
	assert_int_equal(d.errors, 0);
	diags_release(&d);
	runbook_unref(rb);
}

static void
every_rule_has_an_id_of_its_own(void **state)
{
	size_t count;
	const struct check_rule *rules = check_rules(&count);

	(void)state;
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(
			rules[i].id[0], rules[i].level == DIAG_ERROR ? 'E' : 'W');
		assert_non_null(rules[i].reason);
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(rules[i].id + 1, rules[k].id + 1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_fault_has_its_complaint_and_no_other),
		cmocka_unit_test(finds_circles_of_needs_once_each),
		cmocka_unit_test(long_chains_of_needs_take_no_time),
		cmocka_unit_test(sign_offs_name_roles_that_can_sign),
		cmocka_unit_test(looking_and_choosing_steps_are_whole),
		cmocka_unit_test(a_complaint_never_spreads_the_secret),
		cmocka_unit_test(says_what_a_run_could_not_do_yet),
		cmocka_unit_test(every_rule_has_an_id_of_its_own),
	};

	return cmocka_run_group_tests_name("check", tests, NULL, NULL);
}
