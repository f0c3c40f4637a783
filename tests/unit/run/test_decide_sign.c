/* Sign-offs that what changed asks for: nobody signs before git has told, another revision
 * makes it worthless, and what git could not tell decides nothing. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/jsonout.h"
#include "base/mem.h"
#include "fixture.h"
#include "run/gate.h"
#include "run/revised.h"
#include "run/statement.h"

#define LEA "lea@example.com"
#define OLD "1111111111111111111111111111111111111111"
#define NEW "2222222222222222222222222222222222222222"
#define SUM "3333333333333333333333333333333333333333333333333333333333333333"

static void
arg(struct probe *p, const char *key, const char *value)
{
	vec_push(&p->args.list,
		(struct pair){.key = mem_strdup(key), .value = mem_strdup(value)});
}

static bool
set(struct world *w, const char *value)
{
	return world_ask(
		w, &(struct request){.kind = REQ_INPUT, .name = "to", .text = value});
}

static struct world *
gate(int count)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	int probe = fixture_probe(rb, "edge");
	struct probe *p = &rb->probes.list.at[probe];
	struct step *s = fixture_step(rb, STEP_SIGNOFF, "gate");
	struct world *w;

	p->kind = PROBE_GIT;
	p->subject = mem_strdup("/srv/source");
	arg(p, "from", "v1");
	arg(p, "to", "${to}");
	fixture_input(rb, "to");
	s->role = mem_strdup("Operations");
	s->says = mem_strdup("It is reviewed.");
	s->count = count;
	vec_push(&s->changed.list, probe);
	w = world_new(rb);
	assert_true(set(w, "v2"));
	return w;
}

static bool
told(struct world *w, const char *asked, const char *change)
{
	char *data = mem_printf(
		"{\"message\":\"git: no such thing\",\"change\":%s}", change);
	bool ok = world_ask(w,
		&(struct request){.kind = REQ_READING,
			.step = world_index(w, "gate"),
			.probe = 0,
			.verdict = VERDICT_OK,
			.name = asked,
			.data = data});

	mem_free(data);
	return ok;
}

static char *
change(const char *to, int count)
{
	return mem_printf("{\"asked\":\"v1..v2 in /srv/source\",\"from\":\"" OLD
			  "\",\"to\":\"%s\",\"sha256\":\"" SUM
			  "\",\"names\":\"a\",\"count\":%d}",
		to, count);
}

static void
tell(struct world *w, const char *to, int count)
{
	char *text = change(to, count);

	assert_true(told(w, "v1..v2 in /srv/source", text));
	mem_free(text);
}

static bool
signs(struct world *w, const char *who, bool forged)
{
	const struct statement_by by = {DECISION_APPROVE, who, who, "", {0}};
	struct str stmt = STR_INIT, data = STR_INIT;
	struct jsonout j;
	struct err e = ERR_INIT;
	bool ok;

	assert_true(statement_write(w->r, world_index(w, "gate"), &by, &stmt, &e));
	if (forged && strstr(stmt.buf, NEW))
		memcpy(strstr(stmt.buf, NEW), OLD, strlen(OLD));
	jsonout_init(&j, &data);
	jsonout_open(&j);
	jsonout_kstr(&j, "role", "Operations");
	jsonout_kstr(&j, "stmt", stmt.buf);
	jsonout_kstr(&j, "sig", "sig");
	jsonout_kstr(&j, "key", who);
	jsonout_close(&j);
	ok = world_ask(w,
		&(struct request){.kind = REQ_SIGNED,
			.step = world_index(w, "gate"),
			.role = "Operations",
			.who = who,
			.data = data.buf});
	str_release(&stmt);
	str_release(&data);
	return ok;
}

static void
refused(struct world *w, const char *why)
{
	struct err e = ERR_INIT;

	assert_false(gate_allows(w->r, ACT_SIGN, world_index(w, "gate"), &e));
	if (!strstr(e.msg, why))
		fail_msg("%s, not %s", e.msg, why);
	assert_false(signs(w, LEA, false));
	assert_false(run_settled(world_step(w, "gate")));
}

static void
test_nobody_signs_before_git_has_told(void **state)
{
	struct world *w = gate(1);

	(void)state;
	refused(w, "edge looks before anybody signs");
	assert_true(world_start(w, "gate", NULL));
	assert_int_equal(world_events(w), 0);
	assert_int_equal(w->fx.list.len, 1);
	assert_int_equal(w->fx.list.at[0].kind, EFFECT_PROBE);
	tell(w, NEW, 2);
	assert_true(world_said(w, "probe.result", NEW));
	assert_true(signs(w, LEA, false));
	assert_true(world_said(w, "signoff", OLD ".." NEW " sha256:" SUM));
	assert_int_equal(world_step(w, "gate")->own, STEP_IS_DONE);
	world_same(w);
	world_free(w);
}

static void
test_where_nothing_changed_nobody_signs(void **state)
{
	struct world *w = gate(1);

	(void)state;
	tell(w, NEW, 0);
	assert_int_equal(world_step(w, "gate")->own, STEP_IS_NOT_NEEDED);
	assert_int_equal(w->r->exceptions.list.len, 0);
	assert_string_equal(run_outcome(w->r), "ok");
	world_same(w);
	world_free(w);
	w = gate(1);
	tell(w, OLD, 0);
	assert_int_equal(w->r->exceptions.list.len, 1);
	assert_non_null(strstr(w->r->exceptions.list.at[0].text, "both revisions"));
	world_free(w);
}

static void
test_what_git_cannot_tell_decides_nothing(void **state)
{
	static const char *const bad[] = {"null", "{}",
		"{\"from\":\"" OLD "\",\"count\":0}",
		"{\"from\":\"" OLD "\",\"to\":\"HEAD\",\"sha256\":\"" SUM
		"\",\"count\":0}",
		"{\"from\":\"" OLD "\",\"to\":\"" NEW "\",\"sha256\":\"\",\"count\":0}",
		"{\"from\":\"" OLD "\",\"to\":\"" NEW "\",\"sha256\":\"" SUM "\"}"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct world *w = gate(1);

		assert_true(told(w, "v1..v2 in /srv/source", bad[i]));
		refused(w, "git: no such thing");
		assert_false(world_ask(w,
			&(struct request){.kind = REQ_SKIP,
				.step = world_index(w, "gate"),
				.reason = "never mind"}));
		world_same(w);
		world_free(w);
	}
}

static void
test_other_revisions_are_looked_at_again(void **state)
{
	struct world *w = gate(1);
	char *text = change(NEW, 0);

	(void)state;
	/* the input changed while git was asked */
	assert_true(told(w, "v1..v1 in /srv/source", text));
	assert_int_equal(world_events(w), 0);
	assert_int_equal(w->fx.list.len, 1);
	mem_free(text);
	tell(w, NEW, 0);
	assert_true(set(w, "v3"));
	assert_int_equal(world_step(w, "gate")->own, STEP_IS_TODO);
	refused(w, "looks before");
	world_same(w);
	world_free(w);
}

static void
test_signatures_are_over_one_change(void **state)
{
	struct world *w = gate(2);

	(void)state;
	tell(w, NEW, 1);
	assert_false(signs(w, LEA, true)); /* says another commit */
	assert_true(signs(w, LEA, false));
	tell(w, OLD, 1); /* a branch moved on */
	assert_true(world_said(w, "signoff.void", "other changes"));
	assert_int_equal(world_step(w, "gate")->signers.list.len, 0);
	assert_true(signs(w, LEA, false));
	assert_true(signs(w, "ops@example.com", false));
	assert_true(run_settled(world_step(w, "gate")));
	world_same(w);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nobody_signs_before_git_has_told),
		cmocka_unit_test(test_where_nothing_changed_nobody_signs),
		cmocka_unit_test(test_what_git_cannot_tell_decides_nothing),
		cmocka_unit_test(test_other_revisions_are_looked_at_again),
		cmocka_unit_test(test_signatures_are_over_one_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
