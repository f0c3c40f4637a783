/* Who opens a run, takes it over or breaks the glass: unsigned it is an exception that later
 * signers read, signed it is none; records before that rule have none of it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "run/authority.h"

static struct world *
opened(const char *data)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);

	fixture_step(rb, STEP_DO, "look");
	return world_open(rb, data);
}

static size_t
exceptions(const struct world *w)
{
	return w->r->exceptions.list.len;
}

static bool
answer(struct world *w, const char *data)
{
	return world_ask(w,
		&(struct request){
			.kind = REQ_AUTHORITY, .who = "anna@example.com", .data = data});
}

static void
test_unsigned_it_is_an_exception(void **state)
{
	struct world *w = opened("{\"authority\":true}");

	(void)state;
	assert_int_equal(exceptions(w), 1);
	assert_string_equal(w->r->exceptions.list.at[0].text,
		"anna@example.com opened the run and has not signed that");
	assert_true(answer(w, "{\"of\":0,\"act\":\"open\",\"why\":\"no key\"}"));
	assert_string_equal(w->r->exceptions.list.at[0].text,
		"anna@example.com opened the run and has not signed that: no key");
	world_same(w);
	assert_true(answer(w, "{\"of\":0,\"act\":\"open\",\"sig\":\"x\"}"));
	assert_int_equal(exceptions(w), 0);
	world_same(w);
	world_free(w);
}

static void
test_only_where_the_record_says_so(void **state)
{
	struct world *w = opened("{}");

	(void)state;
	assert_int_equal(exceptions(w), 0);
	world_free(w);
	w = opened("{\"authority\":true,\"unlisted\":true}");
	assert_int_equal(exceptions(w), 1);
	assert_non_null(strstr(w->r->exceptions.list.at[0].text, "not in the roster"));
	world_free(w);
}

static void
test_the_statement(void **state)
{
	const struct statement_by by = {
		DECISION_APPROVE, "anna@example.com", "SHA256:x", "", {0}};
	const struct statement_by forged = {
		DECISION_APPROVE, "anna@example.com\nkey: y", "SHA256:x", "", {0}};
	struct world *w = opened("{\"authority\":true}");
	struct str out = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(authority_statement(w->r, 0, "open", &by, &out, &e));
	assert_non_null(strstr(out.buf, "handrail authority v1\nrun: "));
	assert_non_null(strstr(out.buf, "\nact: open\nrecord: 0\nseq: 0\nhead: "));
	assert_non_null(
		strstr(out.buf, "\nsigner: anna@example.com\nkey: SHA256:x\ntime: "));
	assert_false(authority_statement(w->r, 0, "open", &forged, &out, &e));
	str_release(&out);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unsigned_it_is_an_exception),
		cmocka_unit_test(test_only_where_the_record_says_so),
		cmocka_unit_test(test_the_statement),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
