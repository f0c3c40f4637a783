#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"

#define ANNA  "anna@example.com"
#define LEA   "lea@example.com"
#define JONAS "jonas@example.com"

static bool
tick(struct world *w, const char *id, const char *evidence)
{
	struct request q = {
		.kind = REQ_TICK, .step = world_index(w, id), .evidence = evidence};

	return world_ask(w, &q);
}

static bool
untick(struct world *w, const char *id, const char *who)
{
	struct request q = {.kind = REQ_UNTICK, .step = world_index(w, id), .who = who};

	return world_ask(w, &q);
}

static bool
skip_step(struct world *w, const char *id, const char *reason)
{
	struct request q = {
		.kind = REQ_SKIP, .step = world_index(w, id), .reason = reason};

	return world_ask(w, &q);
}

static bool
sign_as_of(struct world *w, const char *id, const char *who, const char *key, int64_t seq)
{
	char *data = mem_printf(
		"{\"role\":\"lead\",\"stmt\":\"handrail sign-off v1\\nrun: %s\\nrunbook: x\\nstep: %s "
		"sha256:0\\ndecision: approve\\nrole: lead\\nseq: %lld\\n\",\"sig\":\"s\",\"key\":\"%s\"}",
		w->r->id, id, (long long)seq, key);
	struct request q = {.kind = REQ_SIGNED,
		.step = world_index(w, id),
		.who = who,
		.role = "lead",
		.data = data};
	bool ok = world_ask(w, &q);

	mem_free(data);
	return ok;
}

static bool
sign(struct world *w, const char *id, const char *who, const char *key)
{
	return sign_as_of(w, id, who, key, w->r->seq);
}

static struct world *
checklist(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct step *s;

	fixture_step(rb, STEP_DO, "plain");
	fixture_step(rb, STEP_DO, "link")->evidence = EVIDENCE_LINK;
	fixture_step(rb, STEP_DO, "value")->evidence = EVIDENCE_VALUE;
	fixture_command(rb, "cmd", NONE, RISK_MODERATE);
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("lead");
	return world_new(rb);
}

static void
evidence_is_asked_for_where_the_runbook_says_so(void **state)
{
	static const char *const no_link[] = {NULL, "", "  ", "yes", "ftp://x",
		"https://", "https:///x", "https://x y", "javascript:alert(1)"};
	struct world *w = checklist();

	(void)state;
	assert_true(tick(w, "plain", NULL));
	for (size_t i = 0; i < sizeof no_link / sizeof *no_link; i++)
		if (tick(w, "link", no_link[i]))
			fail_msg("%s is no link", no_link[i]);
	assert_true(tick(w, "link", "https://chat.example.com/ops/4411"));
	assert_true(world_said(w, "tick.set",
		"\"data\":{\"state\":\"done\",\"evidence\":{\"kind\":\"link\",\"value\":\"https://chat."
		"example.com/ops/4411\"}}"));
	assert_false(tick(w, "value", " "));
	assert_true(tick(w, "value", "42"));
	assert_false(tick(w, "value", "43")); /* done already */
	world_same(w);
	world_free(w);
}

static void
every_other_mark_takes_a_reason(void **state)
{
	struct world *w = checklist();

	(void)state;
	assert_false(world_tick(w, "plain", TICK_NA, NULL));
	assert_false(world_tick(w, "plain", TICK_BY_HAND, ""));
	assert_false(world_tick(w, "plain", TICK_FAILED, " \n"));
	assert_false(skip_step(w, "plain", NULL));
	assert_true(world_tick(w, "plain", TICK_FAILED, "it does not work"));
	assert_int_equal(world_step(w, "plain")->state, STEP_IS_FAILED);
	assert_true(tick(w, "plain", NULL)); /* then it did */
	assert_true(skip_step(w, "link", "scanner down, CHG-2231"));
	assert_true(world_tick(w, "value", TICK_NA, "no users"));
	assert_int_equal(world_step(w, "value")->state, STEP_IS_SKIPPED);
	assert_int_equal(w->r->exceptions.list.len, 3);
	assert_string_equal(
		w->r->exceptions.list.at[1].text, "link skipped: scanner down, CHG-2231");
	world_same(w);
	world_free(w);
}

static void
nobody_ticks_what_is_proven_by_a_command(void **state)
{
	struct world *w = checklist();

	(void)state;
	assert_true(tick(w, "plain", NULL));
	assert_true(skip_step(w, "link", "x"));
	assert_true(skip_step(w, "value", "x"));
	assert_false(tick(w, "cmd", NULL));
	assert_false(world_tick(w, "cmd", TICK_FAILED, "x"));
	assert_true(world_start(w, "cmd", NULL));
	assert_false(world_tick(w, "cmd", TICK_BY_HAND, "x")); /* it runs */
	assert_false(skip_step(w, "cmd", "x"));
	assert_true(world_ended(w, "cmd", 0, 1, 1));
	assert_true(world_tick(w, "cmd", TICK_BY_HAND, "typed it on the host"));
	assert_int_equal(world_step(w, "cmd")->state, STEP_IS_DONE);
	assert_true(world_step(w, "cmd")->by_person);
	/* the mark goes, the failure is there again */
	assert_true(untick(w, "cmd", NULL));
	assert_int_equal(world_step(w, "cmd")->state, STEP_IS_FAILED);
	world_same(w);
	world_free(w);
}

static void
a_sign_off_is_neither_ticked_nor_skipped(void **state)
{
	struct world *w = checklist();

	(void)state;
	assert_false(world_tick(w, "sign", TICK_NA, "x"));
	assert_false(skip_step(w, "sign", "x"));
	world_free(w);
}

static void
only_my_own_last_mark_is_taken_back(void **state)
{
	struct world *w = checklist();

	(void)state;
	assert_false(untick(w, "plain", NULL));
	assert_true(tick(w, "plain", NULL));
	assert_false(untick(w, "plain", LEA));
	assert_true(tick(w, "value", "42"));
	assert_false(untick(w, "plain", NULL)); /* not the last */
	assert_true(untick(w, "value", NULL));
	assert_true(world_said(w, "tick.undo", "{\"of\":2}"));
	assert_int_equal(world_step(w, "value")->state, STEP_IS_TODO);
	assert_false(untick(w, "value", NULL));
	assert_string_equal(w->r->exceptions.list.at[0].text,
		"value: the mark of record 2 was taken back");
	world_same(w);
	world_free(w);
}

static void
a_mark_that_a_sign_off_covers_stays(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_DO, "a");
	fixture_step(rb, STEP_SIGNOFF, "sign")->role = mem_strdup("lead");
	w = world_new(rb);
	assert_true(tick(w, "a", NULL));
	assert_true(sign(w, "sign", LEA, "k1"));
	assert_false(untick(w, "a", NULL));
	assert_non_null(strstr(w->e.msg, "sign-off"));
	world_free(w);
}

/* ---- signatures ----------------------------------------------------------------------- */

static struct world *
signing(void (*change)(struct runbook *rb, struct step *s))
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct step *s;

	fixture_step(rb, STEP_DO, "a");
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("lead");
	if (change)
		change(rb, s);
	return world_new(rb);
}

static void
by_another(struct runbook *rb, struct step *s)
{
	(void)rb;
	s->not_runner = true;
	s->count = 2;
}

static void
refuses_the_runner_and_a_second_signature_with_the_same_key(void **state)
{
	struct world *w = signing(by_another);

	(void)state;
	assert_false(sign(w, "sign", LEA, "k1")); /* a comes first */
	assert_true(tick(w, "a", NULL));
	assert_false(sign(w, "sign", NULL, "k0"));         /* anna opened the run */
	assert_false(sign(w, "sign", "anna@jump1", "k0")); /* as an account of hers */
	assert_non_null(strstr(w->e.msg, "somebody else signs"));
	assert_true(sign(w, "sign", LEA, "k1"));
	assert_int_equal(world_step(w, "sign")->state, STEP_IS_TODO);
	assert_false(sign(w, "sign", LEA, "k2"));
	assert_false(sign(w, "sign", JONAS, "k1"));
	assert_true(sign(w, "sign", JONAS, "k3"));
	assert_int_equal(world_step(w, "sign")->state, STEP_IS_DONE);
	assert_false(sign(w, "sign", "x", "k4"));
	world_same(w);
	world_free(w);
}

static void
roster(struct runbook *rb, struct step *s)
{
	struct role *role = vec_add(&rb->roles.list);

	(void)s;
	role->name = mem_strdup("lead");
	vec_push(&role->principals.list, mem_strdup(LEA));
}

static void
refuses_who_does_not_have_the_role(void **state)
{
	struct world *w = signing(roster);
	struct request q = {
		.kind = REQ_SIGNED, .step = 1, .who = LEA, .role = "boss", .data = "{}"};

	(void)state;
	assert_true(tick(w, "a", NULL));
	assert_false(sign(w, "sign", JONAS, "k1"));
	assert_false(world_ask(w, &q));
	assert_true(sign(w, "sign", LEA, "k1"));
	world_free(w);
}

/* Of what came over a socket the account is recorded; of nothing else, whatever the data says. */
static void
a_signature_from_outside_carries_its_account(void **state)
{
	struct world *w = signing(NULL);
	char *data = mem_printf(
		"{\"role\":\"lead\",\"stmt\":\"handrail sign-off v1\\nrun: %s\\nrunbook: x\\nstep: sign "
		"sha256:0\\ndecision: approve\\nrole: lead\\nseq: %lld\\n\",\"sig\":\"s\",\"key\":\"k\","
		"\"account\":\"root\"}",
		w->r->id, (long long)w->r->seq + 1);
	struct request q = {.kind = REQ_SIGNED,
		.step = 1,
		.who = LEA,
		.role = "lead",
		.data = data,
		.account = "bob"};

	(void)state;
	assert_true(tick(w, "a", NULL));
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "signoff", "\"account\":\"bob\""));
	assert_false(world_said(w, "signoff", "root"));
	mem_free(data);
	world_free(w);
}

static void
refuses_a_statement_about_another_run_or_step(void **state)
{
	static const char *const stmts[] = {
		"handrail sign-off v1\\nrun: 01KAG3W5Z0B4T7M2Q8XK6N9RDX\\nrunbook: x\\nstep: sign "
		"sha256:0\\ndecision: approve\\nrole: lead\\n",
		"handrail sign-off v1\\nrun: 01KAG3W5Z0B4T7M2Q8XK6N9RDE\\nrunbook: x\\nstep: other "
		"sha256:0\\ndecision: approve\\nrole: lead\\n",
		"handrail sign-off v1\\nrun: 01KAG3W5Z0B4T7M2Q8XK6N9RDE\\nrunbook: x\\nstep: sign "
		"sha256:0\\ndecision: approve\\nrole: boss\\n",
		"",
	};
	struct world *w = signing(NULL);

	(void)state;
	assert_true(tick(w, "a", NULL));
	for (size_t i = 0; i < sizeof stmts / sizeof *stmts; i++) {
		char *data = mem_printf(
			"{\"role\":\"lead\",\"stmt\":\"%s\",\"sig\":\"s\",\"key\":\"k\"}",
			stmts[i]);
		struct request q = {.kind = REQ_SIGNED,
			.step = 1,
			.who = LEA,
			.role = "lead",
			.data = data};

		assert_false(world_ask(w, &q));
		mem_free(data);
	}
	world_free(w);
}

static void
declining_takes_a_reason_and_blocks(void **state)
{
	struct world *w = signing(NULL);
	struct request q = {.kind = REQ_DECLINED, .step = 1, .who = LEA, .role = "lead"};

	(void)state;
	assert_true(tick(w, "a", NULL));
	assert_false(world_ask(w, &q));
	q.reason = "the scan is missing";
	assert_true(world_ask(w, &q));
	assert_int_equal(world_step(w, "sign")->state, STEP_IS_NEEDS_PERSON);
	assert_null(run_outcome(w->r));
	assert_true(sign(w, "sign", LEA, "k1"));
	assert_int_equal(world_step(w, "sign")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

/* ---- inputs and notes ----------------------------------------------------------------- */

static void
inputs_are_held_against_their_type(void **state)
{
	static const struct {
		enum input_type type;
		const char *value;
		bool fits;
	} rows[] = {
		{INPUT_TEXT, "x", true},
		{INPUT_TEXT, "", false},
		{INPUT_TEXT, "\xff", false},
		{INPUT_NUMBER, "-12.5", true},
		{INPUT_NUMBER, "12x", false},
		{INPUT_NUMBER, ".", false},
		{INPUT_NUMBER, "1.", false},
		{INPUT_DATE, "2026-11-20", true},
		{INPUT_DATE, "2026-02-30", false},
		{INPUT_DATE, "20.11.2026", false},
		{INPUT_VERSION, "v1.2", true},
		{INPUT_VERSION, "v1 2", false},
		{INPUT_CHOICE, "b", true},
		{INPUT_CHOICE, "c", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
		struct request q = {
			.kind = REQ_INPUT, .name = "in", .text = rows[i].value};
		int index = fixture_input(rb, "in");
		struct input *in = &rb->inputs.list.at[index];
		struct world *w;

		in->type = rows[i].type;
		vec_push(&in->options.list, mem_strdup("a"));
		vec_push(&in->options.list, mem_strdup("b"));
		w = world_new(rb);
		if (world_ask(w, &q) != rows[i].fits)
			fail_msg("%s: %s", rows[i].value, w->e.msg);
		world_free(w);
	}
}

static void
a_secret_never_goes_to_the_record(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct request q = {.kind = REQ_INPUT, .name = "pw", .text = "hunter2"};
	struct world *w;

	(void)state;
	fixture_input(rb, "pw");
	rb->inputs.list.at[0].from = SECRET_ASK;
	fixture_step(rb, STEP_ASK, "ask")->input = 0;
	w = world_new(rb);
	assert_false(world_ask(w, &q));
	q.name = NULL; /* the ask step: that it was given is a fact */
	assert_true(world_ask(w, &q));
	assert_true(world_said(
		w, "input.set", "{\"name\":\"pw\",\"value\":null,\"secret\":true}"));
	assert_false(world_said(w, "input.set", "hunter2"));
	assert_int_equal(world_step(w, "ask")->state, STEP_IS_DONE);
	assert_null(run_value(w->r, 0, "pw"));
	world_same(w);
	world_free(w);
}

static void
an_ask_step_is_answered_at_its_turn(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct request q = {.kind = REQ_INPUT, .step = 1, .text = "v1.2"};
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_DO, "a");
	fixture_step(rb, STEP_ASK, "ask")->input = fixture_input(rb, "tag");
	w = world_new(rb);
	assert_false(world_ask(w, &q));
	assert_true(tick(w, "a", NULL));
	assert_true(world_ask(w, &q));
	assert_true(world_said(w, "input.set", "\"step\":\"ask\""));
	assert_string_equal(run_value(w->r, 0, "tag"), "v1.2");
	assert_false(world_ask(w, &q));
	world_free(w);
}

static void
a_value_given_by_name_answers_the_ask_step_whose_turn_it_is(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct request q = {.kind = REQ_INPUT, .name = "tag", .text = "v1.2"};
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_DO, "a");
	fixture_step(rb, STEP_ASK, "ask")->input = fixture_input(rb, "tag");
	w = world_new(rb);
	assert_true(world_ask(w, &q));
	assert_int_equal(world_step(w, "ask")->state, STEP_IS_TODO);
	assert_true(world_ask(w, &q));
	assert_int_equal(world_events(w), 0);
	assert_true(tick(w, "a", NULL));
	assert_true(world_ask(w, &q));
	assert_int_equal(world_step(w, "ask")->state, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

static void
a_note_has_words(void **state)
{
	struct world *w = checklist();
	struct request q = {.kind = REQ_NOTE, .step = NONE, .text = " "};

	(void)state;
	assert_false(world_ask(w, &q));
	q.text = "gr\xc3\xbc\xc3\x9f dich";
	assert_true(world_ask(w, &q));
	assert_int_equal(w->r->notes.list.at[0].step, NONE);
	q.step = 1;
	assert_true(world_ask(w, &q));
	assert_int_equal(w->r->notes.list.at[1].step, 1);
	world_same(w);
	world_free(w);
}

static void
evidence_names_the_bytes_that_are_kept(void **state)
{
	struct world *w = checklist();
	struct request q = {.kind = REQ_ATTACH, .step = 1, .reason = "no space left"};
	const struct attached *a;

	(void)state;
	assert_false(world_ask(w, &q)); /* its bytes are not on the disk */
	q.data = "[]";
	assert_false(world_ask(w, &q));
	q.data = "{\"host\":\"web1\",\"kind\":\"lines\",\"name\":\"api\",\"offset\":39,"
		 "\"lines\":2,\"text\":\"pool is empty\",\"blob\":\"ab\",\"bytes\":131}";
	assert_true(world_ask(w, &q));
	a = &w->r->attached.list.at[0];
	assert_int_equal(a->step, 1);
	assert_string_equal(a->host, "web1");
	assert_string_equal(a->name, "api");
	assert_string_equal(a->blob, "ab");
	assert_string_equal(a->text, "pool is empty");
	assert_int_equal(a->offset, 39);
	assert_int_equal(a->lines, 2);
	assert_int_equal(a->bytes, 131);
	assert_int_equal(w->r->steps.list.at[1].state, STEP_IS_TODO);
	q.step = NONE;
	q.data = "{\"kind\":\"lines\",\"offset\":null}";
	assert_true(world_ask(w, &q));
	assert_int_equal(w->r->attached.list.at[1].step, NONE);
	assert_int_equal(w->r->attached.list.at[1].offset, -1);
	world_same(w);
	world_free(w);
}

/* While the statement was on the screen somebody skipped a step: it does not say so. */
static void
a_statement_older_than_an_exception_is_refused(void **state)
{
	struct world *w = checklist();
	int64_t seq;

	(void)state;
	for (int i = 0; i < 3; i++)
		assert_true(world_tick(
			w, w->rb->steps.list.at[i].id, TICK_NA, "not for this one"));
	seq = w->r->seq;
	assert_true(world_tick(w, "cmd", TICK_NA, "not needed"));
	assert_false(sign_as_of(w, "sign", LEA, "SHA256:a", seq));
	assert_true(sign_as_of(w, "sign", LEA, "SHA256:a", seq + 1));
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_older_than_an_exception_is_refused),
		cmocka_unit_test(evidence_is_asked_for_where_the_runbook_says_so),
		cmocka_unit_test(every_other_mark_takes_a_reason),
		cmocka_unit_test(nobody_ticks_what_is_proven_by_a_command),
		cmocka_unit_test(a_sign_off_is_neither_ticked_nor_skipped),
		cmocka_unit_test(only_my_own_last_mark_is_taken_back),
		cmocka_unit_test(a_mark_that_a_sign_off_covers_stays),
		cmocka_unit_test(
			refuses_the_runner_and_a_second_signature_with_the_same_key),
		cmocka_unit_test(refuses_who_does_not_have_the_role),
		cmocka_unit_test(a_signature_from_outside_carries_its_account),
		cmocka_unit_test(refuses_a_statement_about_another_run_or_step),
		cmocka_unit_test(declining_takes_a_reason_and_blocks),
		cmocka_unit_test(inputs_are_held_against_their_type),
		cmocka_unit_test(a_secret_never_goes_to_the_record),
		cmocka_unit_test(an_ask_step_is_answered_at_its_turn),
		cmocka_unit_test(
			a_value_given_by_name_answers_the_ask_step_whose_turn_it_is),
		cmocka_unit_test(a_note_has_words),
		cmocka_unit_test(evidence_names_the_bytes_that_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
