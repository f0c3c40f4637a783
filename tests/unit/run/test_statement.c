#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"
#include "fixture.h"
#include "run/statement.h"

static const char *const db_alias[] = {"ni-db1", NULL};

/* The runbook of tests/unit/event/data/journal.jsonl. */
static struct runbook *
runbook_of_record(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	struct step *s;
	int probe;

	fixture_input(rb, "dump");
	fixture_step(rb, STEP_DO, "tell-people")->evidence = EVIDENCE_LINK;
	fixture_step(rb, STEP_DO, "docker-scan");
	fixture_command(
		rb, "load-the-dump", fixture_host(rb, "db", db_alias), RISK_SEVERE);
	probe = fixture_probe(rb, "api");
	s = fixture_step(rb, STEP_CHECK, "it-answers-again");
	vec_push(&s->probes.list, probe);
	s = fixture_step(rb, STEP_SIGNOFF, "signoff-technical-lead");
	s->role = mem_strdup("Technical lead");
	s->says = mem_strdup(
		"I have reviewed the restore (18204 users) and accept its exceptions.");
	return rb;
}

/* The record's own step had fields ours has not, so its digest is another. */
static char *
statement_of(const struct runbook *rb, const struct step *s, const char *stmt)
{
	static const char mark[] = "\nstep: signoff-technical-lead sha256:";
	const char *at = strstr(stmt, mark);
	char digest[DIGEST_HEX + 1];

	assert_non_null(at);
	at += strlen(mark);
	step_digest(rb, s, digest);
	return mem_printf("%.*s%s%s", (int)(at - stmt), stmt, digest, at + DIGEST_HEX);
}

/* Applies the record up to the line with a signature and gives that line's event. */
static struct event *
apply_record(struct run *r, const struct str *record)
{
	struct err e = ERR_INIT;

	for (const char *p = record->buf; *p;) {
		const char *lf = strchr(p, '\n');
		struct event *ev = event_parse(p, (size_t)(lf - p), &e);
		char hash[DIGEST_HEX + 1];

		assert_string_equal(e.msg, "");
		if (ev->type == EVENT_SIGNOFF)
			return ev;
		run_apply(r, ev);
		digest_hex(p, (size_t)(lf - p) + 1, hash);
		run_head(r, hash);
		event_free(ev);
		p = lf + 1;
	}
	return NULL;
}

static void
the_record_of_the_contract_gives_its_own_statement(void **state)
{
	struct runbook *rb = runbook_of_record();
	struct run *r = run_new(rb);
	char *path = mem_printf(
		"%s/tests/unit/event/data/journal.jsonl", getenv("SRCDIR"));
	struct str record = STR_INIT, out = STR_INIT;
	struct err e = ERR_INIT;
	struct statement_by by = {.decision = DECISION_APPROVE,
		.signer = "lea@example.com",
		.key = "SHA256:FKswRfS6DRw5mqPrDltb502P9y4JJ1zTatHbPLGqt48",
		.comment = "skipped scan accepted until Monday, SEC-88"};
	struct event *signoff;
	struct json *data;
	char *want;

	(void)state;
	assert_true(file_read(path, 1 << 20, &record, &e));
	signoff = apply_record(r, &record);
	assert_non_null(signoff);
	assert_int_equal(r->steps.list.at[2].state, STEP_IS_DONE);
	assert_string_equal(
		r->steps.list.at[2].legs.list.at[0].way[0].job, "load-the-dump.ni-db1.1");
	assert_true(stamp_parse("2026-11-20T13:02:40.000Z", &by.time));
	assert_true(statement_write(r, 4, &by, &out, &e));
	data = json_parse(signoff->data, strlen(signoff->data), &e);
	want = statement_of(
		rb, &rb->steps.list.at[4], json_str(json_root(data), "stmt", ""));
	assert_string_equal(out.buf, want);
	mem_free(want);
	run_apply(r, signoff);
	assert_int_equal(r->steps.list.at[4].state, STEP_IS_DONE);
	json_free(data);
	event_free(signoff);
	str_release(&record);
	str_release(&out);
	mem_free(path);
	run_free(r);
	runbook_unref(rb);
}

static void
a_value_that_is_missing_stops_the_statement(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	struct statement_by by = {.signer = "lea@example.com", .key = "k"};
	struct step *s = fixture_step(rb, STEP_SIGNOFF, "sign");
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	struct world *w;

	(void)state;
	s->role = mem_strdup("lead");
	s->says = mem_strdup("${users} users");
	w = world_new(rb);
	assert_false(statement_write(w->r, 0, &by, &out, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_int_equal(out.len, 0);
	world_free(w);
}

static void
no_value_can_forge_a_line(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct statement_by by = {.signer = "lea@example.com",
		.key = "k",
		.comment = "fine\ndecision: reject"};
	struct request q = {.kind = REQ_SKIP, .reason = "x\"\nexception: 9 \"y"};
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	struct exceptions x;
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_DO, "a");
	fixture_step(rb, STEP_SIGNOFF, "sign")->role = mem_strdup("lead");
	w = world_new(rb);
	assert_true(world_ask(w, &q));
	assert_true(statement_write(w->r, 1, &by, &out, &e));
	assert_non_null(strstr(out.buf,
		"exceptions: 1\nexception: 1 \"a skipped: x\\\"\\nexception: 9 \\\"y\"\nevidence: "));
	assert_non_null(strstr(out.buf, "comment: \"fine\\ndecision: reject\"\n"));
	statement_exceptions(w->r, &x);
	assert_int_equal(x.list.len, 1);
	assert_int_equal(x.list.at[0].seq, 1);
	statement_exceptions_release(&x);
	str_reset(&out);
	by.signer = "lea\ndecision: approve";
	assert_false(statement_write(w->r, 1, &by, &out, &e));
	str_release(&out);
	world_free(w);
}

/* Who finds the signature alone reads that nothing was real. */
static void
a_practice_run_says_so(void **state)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct statement_by by = {.signer = "lea@example.com", .key = "k"};
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	struct world *w;

	(void)state;
	fixture_step(rb, STEP_SIGNOFF, "sign")->role = mem_strdup("lead");
	w = world_new(rb);
	assert_true(statement_write(w->r, 0, &by, &out, &e));
	assert_null(strstr(out.buf, "mode"));
	str_reset(&out);
	w->r->mode = RUN_PRACTICE;
	assert_true(statement_write(w->r, 0, &by, &out, &e));
	assert_non_null(strstr(out.buf, "\nmode: practice\nrunbook: "));
	str_release(&out);
	world_free(w);
}

/* Who runs it need not be one of those who may sign; whoever signs reads that. */
static void
a_runner_outside_of_the_roster_is_an_exception_once(void **state)
{
	struct request resume = {
		.kind = REQ_RESUME, .step = NONE, .data = "{\"unlisted\":true}"};
	struct exceptions x = {0};
	struct world *w = world_open(runbook_of_record(), "{\"unlisted\":true}");

	(void)state;
	assert_true(world_ask(w, &resume));
	statement_exceptions(w->r, &x);
	assert_int_equal(x.list.len, 1);
	assert_int_equal(x.list.at[0].seq, 0);
	assert_string_equal(x.list.at[0].text,
		"anna@example.com runs it and is not in the roster of signers");
	statement_exceptions_release(&x);
	world_same(w);
	world_free(w);
	w = world_open(runbook_of_record(), "{\"overdue\":\"2026-02-01\"}");
	assert_int_equal(w->r->exceptions.list.len, 1);
	assert_string_equal(w->r->exceptions.list.at[0].text,
		"the runbook was to be read again by 2026-02-01");
	world_free(w);
	w = world_open(runbook_of_record(), "{}");
	assert_int_equal(w->r->exceptions.list.len, 0);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_record_of_the_contract_gives_its_own_statement),
		cmocka_unit_test(a_value_that_is_missing_stops_the_statement),
		cmocka_unit_test(no_value_can_forge_a_line),
		cmocka_unit_test(a_practice_run_says_so),
		cmocka_unit_test(a_runner_outside_of_the_roster_is_an_exception_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
