/* A command that is edited for this run only. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/redline.h"

static struct world *
deploy(void)
{
	static const char *const web[] = {"web1", "web2", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", web);
	struct step *s;

	fixture_command(rb, "look", host, RISK_NONE);
	s = fixture_command(rb, "clean", host, RISK_HARD);
	mem_free(s->text);
	s->text = mem_strdup("cd /var/tmp/build\nls -l\nmake clean\n");
	s->confirm = mem_strdup("clean up");
	s->undo.text = mem_strdup("make");
	fixture_step(rb, STEP_DO, "tell");
	return world_new(rb);
}

static bool
edit(struct world *w, const char *id, const char *text, const char *reason)
{
	return world_ask(w,
		&(struct request){.kind = REQ_REDLINE,
			.step = world_index(w, id),
			.text = text,
			.reason = reason});
}

static void
lines_are_changed_one_by_one(void **state)
{
	static const char text[] = "one\ntwo\nthree\n";
	struct str out = STR_INIT;
	char *with;

	(void)state;
	assert_true(redline_line(text, 1, &out));
	assert_string_equal(out.buf, "two");
	assert_false(redline_line(text, 3, &out));
	with = redline_with(text, 1, "2");
	assert_string_equal(with, "one\n2\nthree\n");
	str_reset(&out);
	redline_diff(text, with, &out);
	assert_string_equal(out.buf, "- two\n+ 2");
	mem_free(with);
	with = redline_with(text, 2, ""); /* an emptied line goes */
	assert_string_equal(with, "one\ntwo\n");
	str_reset(&out);
	redline_diff(text, with, &out);
	assert_string_equal(out.buf, "- three");
	mem_free(with);
	with = redline_with("only", 0, "another");
	assert_string_equal(with, "another");
	str_reset(&out);
	redline_diff("only", with, &out);
	assert_string_equal(out.buf, "- only\n+ another");
	mem_free(with);
	str_reset(&out);
	redline_diff("same", "same", &out);
	assert_string_equal(out.buf, "");
	str_release(&out);
}

static void
it_runs_as_edited_and_is_judged_again(void **state)
{
	static const char worse[] = "cd /var/tmp/build\nls -l\ndocker compose down -v\n";
	struct world *w = deploy();
	int step = world_index(w, "clean");
	char *phrase;

	(void)state;
	assert_false(edit(w, "clean", "make", ""));
	assert_false(edit(w, "clean", " \n", "empty"));
	assert_false(edit(w, "clean", "a\033[2Jb", "escape"));
	assert_false(edit(w, "tell", "x", "no command"));
	assert_false(edit(w, "clean", w->rb->steps.list.at[step].text, "the same"));
	assert_string_equal(w->e.msg, "nothing of the command was changed");
	assert_true(edit(w, "clean", worse, "make knows nothing of them"));
	assert_true(world_said(
		w, "redline", "\"new\":\"cd /var/tmp/build\\nls -l\\ndocker compose"));
	assert_true(
		world_said(w, "redline", "\"risk\":\"severe\",\"reason\":\"make knows"));
	assert_int_equal(run_leg_risk(w->r, step, WAY_FORWARD), RISK_SEVERE);
	assert_int_equal(
		run_leg_risk(w->r, step, WAY_BACK), w->rb->steps.list.at[step].undo.risk);
	assert_string_equal(run_leg_text(w->r, step, LEG_ALL, WAY_FORWARD), worse);
	phrase = run_phrase(w->r, step, LEG_ALL, WAY_FORWARD);
	assert_string_equal(phrase, "clean up on web1"); /* it names its host now */
	mem_free(phrase);
	assert_int_equal(w->r->exceptions.list.len, 1);
	assert_non_null(strstr(w->r->exceptions.list.at[0].text,
		"clean: its command was edited: make knows nothing of them: - make clean + docker"));
	world_same(w);
	/* back to what the file says it is as it was, and both are on record */
	assert_true(
		edit(w, "clean", w->rb->steps.list.at[step].text, "no, not like that"));
	assert_int_equal(run_leg_risk(w->r, step, WAY_FORWARD), RISK_HARD);
	assert_null(world_step(w, "clean")->redline);
	assert_int_equal(w->r->exceptions.list.len, 2);
	world_same(w);
	world_free(w);
}

static void
an_edited_look_is_a_command(void **state)
{
	struct world *w = deploy();

	(void)state;
	assert_true(edit(w, "look", "touch /tmp/x", "one more"));
	assert_int_equal(
		run_leg_risk(w->r, world_index(w, "look"), WAY_FORWARD), RISK_MODERATE);
	assert_true(world_start(w, "look", NULL));
	assert_true(world_said(w, "step.confirm", "\"risk\":\"moderate\""));
	assert_true(world_said(w, "step.intent", "\"text\":\"touch /tmp/x\""));
	assert_false(world_said(w, "step.intent", "\"look\":true"));
	/* and what has begun goes on as it is */
	assert_false(edit(w, "look", "touch /tmp/y", "another"));
	assert_non_null(strstr(w->e.msg, "has begun"));
	world_same(w);
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_changed_one_by_one),
		cmocka_unit_test(it_runs_as_edited_and_is_judged_again),
		cmocka_unit_test(an_edited_look_is_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
