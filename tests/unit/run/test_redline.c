/* A command that is edited for this run only. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "model/acttext.h"
#include "run/redline.h"
#include "run/second.h"

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
diff_is(const char *old, const char *new, const char *want)
{
	struct str out = STR_INIT;

	redline_diff(old, new, &out);
	assert_string_equal(out.buf, want);
	str_release(&out);
}

/* A look may be repeated; what it was edited into is done once. */
static void
an_act_is_not_repeated(void **state)
{
	struct world *w = deploy();

	(void)state;
	w->rb->steps.list.at[0].retries = 3;
	assert_true(world_start(w, "look", NULL));
	assert_true(world_ended(w, "look", 0, 1, 1));
	assert_true(world_said(w, "step.done", "\"retry_at\""));
	world_free(w);
	w = deploy();
	w->rb->steps.list.at[0].retries = 3;
	assert_true(edit(w, "look", "touch /var/tmp/x", "it is not there"));
	assert_true(world_start(w, "look", NULL));
	assert_false(world_step(w, "look")->legs.list.at[0].way[WAY_FORWARD].look);
	assert_true(world_ended(w, "look", 0, 1, 1));
	assert_false(world_said(w, "step.done", "\"retry_at\""));
	assert_int_equal(world_step(w, "look")->state, STEP_IS_FAILED);
	world_same(w);
	world_free(w);
}

static void
what_differs(void **state)
{
	(void)state;
	diff_is("one\ntwo\nthree\n", "one\n2\nthree\n", "- two\n+ 2");
	diff_is("one\ntwo\nthree\n", "one\ntwo\n", "- three");
	diff_is("only", "another", "- only\n+ another");
	diff_is("same", "same", "");
}

/* ---- what is no command ------------------------------------------------------------------- */

static struct world *
mixed(void)
{
	static const char *const web[] = {"web1", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "web", web);
	struct step *s;

	fixture_input(rb, "tag");
	rb->inputs.list.at[fixture_input(rb, "token")].from = SECRET_ASK;
	s = fixture_step(rb, STEP_SQL, "count");
	mem_free(s->text);
	s->text = mem_strdup("update users set seen = now() where id = 7");
	s->risk = RISK_MODERATE;
	s->verify_sql = mem_strdup("select true");
	s = fixture_step(rb, STEP_HTTP, "post");
	s->http.method = mem_strdup("POST");
	s->http.url = mem_strdup("https://api.example.com/v1/flags/${tag}");
	vec_push(&s->http.headers.list,
		(struct pair){
			.key = mem_strdup("X-Token"), .value = mem_strdup("${token}")});
	s->http.body = mem_strdup("{\"on\": true}");
	mem_free(s->text);
	s->text = acttext_http(&s->http);
	s->risk = RISK_MODERATE;
	s = fixture_step(rb, STEP_COPY, "put");
	s->host = host;
	s->copy_from = mem_strdup("conf/site.conf");
	s->copy_to = mem_strdup("web:/etc/nginx/site.conf");
	s->copy_target.host = host;
	mem_free(s->text);
	s->text = acttext_copy(s->copy_from, s->copy_to, NULL);
	s->risk = RISK_MODERATE;
	fixture_step(rb, STEP_CHECK, "look");
	s = fixture_step(rb, STEP_HTTP, "post2");
	s->http.method = mem_strdup("POST");
	s->http.url = mem_strdup("https://api.example.com/v1/hello");
	s->http.body = mem_strdup("{}");
	mem_free(s->text);
	s->text = acttext_http(&s->http);
	s = fixture_step(rb, STEP_COPY, "put2");
	s->host = host;
	s->copy_from = mem_strdup("conf/b");
	s->copy_to = mem_strdup("web:/etc/nginx/b.conf");
	s->copy_target.host = host;
	mem_free(s->text);
	s->text = acttext_copy(s->copy_from, s->copy_to, NULL);
	return world_new(rb);
}

static void
refused(struct world *w, const char *id, const char *text, const char *why)
{
	assert_false(edit(w, id, text, "a reason"));
	if (!strstr(w->e.msg, why))
		fail_msg("\"%s\" is not in \"%s\"", why, w->e.msg);
}

static enum risk
judged(struct world *w, const char *id, const char *text, const char *says)
{
	struct str why = STR_INIT;
	enum risk risk = redline_risk(world_step(w, id)->step, text, &why);

	if (!strstr(why.buf, says))
		fail_msg("\"%s\" is not in \"%s\"", says, why.buf);
	str_release(&why);
	return risk;
}

static void
a_statement(void **state)
{
	static const char new[] = "update users set seen = now() where id = 8";
	struct world *w = mixed();
	int step = world_index(w, "count");

	(void)state;
	refused(w, "count", "commit", "ends it itself");
	refused(w, "count", "select 'x", "");
	refused(w, "count", "select ${nothing}", "nothing is called ${nothing} here");
	assert_int_equal(judged(w, "count", "drop table users", ""), RISK_SEVERE);
	assert_true(edit(w, "count", new, "it is the other one"));
	assert_string_equal(run_leg_text(w->r, step, LEG_ALL, WAY_FORWARD), new);
	assert_true(world_start(w, "count", NULL));
	assert_true(world_said(w, "step.intent", "where id = 8"));
	world_same(w);
	world_free(w);
}

#define FLAG "https://api.example.com/v1/flags/${tag}"

static void
a_request(void **state)
{
	struct world *w = mixed();
	char *with;

	(void)state;
	refused(w, "post", "FETCH " FLAG, "is no method");
	refused(w, "post", "POST file:///etc/passwd", "https://");
	refused(w, "post", "POST https://x.example/a b", "no blanks");
	refused(w, "post", "POST " FLAG "\nX-Token ${token}", "is no header");
	refused(w, "post", "POST " FLAG "/${token}", "is a secret");
	refused(w, "post", "POST " FLAG "/${other}", "nothing is called ${other}");
	assert_int_equal(judged(w, "post", "POST " FLAG "/x", ""), RISK_MODERATE);
	assert_int_equal(judged(w, "post", "DELETE " FLAG, "removes"), RISK_HARD);
	assert_int_equal(judged(w, "post", "POST https://api.example.com.evil/v1",
				 "another server"),
		RISK_HARD);
	with = acttext_with(
		STEP_HTTP, world_step(w, "post")->step->text, 3, "{\"on\": false}");
	assert_string_equal(with, "POST " FLAG "\nX-Token: ${token}\n\n{\"on\": false}");
	assert_true(edit(w, "post", with, "off, not on"));
	assert_true(world_said(w, "redline", "\"risk\":\"moderate\""));
	world_same(w);
	mem_free(with);
	world_free(w);
}

#define SITE "from conf/site.conf\nto web:/etc/nginx/site.conf\n"

static void
a_copy(void **state)
{
	struct world *w = mixed();

	(void)state;
	refused(w, "put", "from db:/x\nto web:/y\nmode 0600", "the host of a copy stays");
	refused(w, "put", "from a\nto /y\nmode 0600", "the host of a copy stays: web");
	refused(w, "put", "from a\nto web:/y/\nmode 0600", "is no path of a file");
	refused(w, "put", "from a\nto web:/y\nmode rwx", "is no mode");
	refused(w, "put", "from a\nto web:/y", "a line each");
	assert_int_equal(judged(w, "put", SITE "mode 0640", ""), RISK_MODERATE);
	assert_int_equal(
		judged(w, "put", SITE "mode 4755", "rights of its owner"), RISK_HARD);
	assert_int_equal(
		judged(w, "put", SITE "mode 0666", "anybody may write it"), RISK_HARD);
	assert_int_equal(
		judged(w, "put",
			"from conf/site.conf\nto web:/etc/sudoers.d/x\nmode 0640",
			"to another place than the runbook's"),
		RISK_HARD);
	assert_int_equal(
		judged(w, "put",
			"from /root/.ssh/id_ed25519\nto web:/etc/nginx/site.conf\n"
			"mode 0640",
			"another file than the runbook's"),
		RISK_HARD);
	assert_true(edit(w, "put",
		"from conf/site-2.conf\nto web:/etc/nginx/site.conf\nmode 0640",
		"the new one"));
	world_same(w);
	world_free(w);
}

/* A word more in its headers, another mode: it is what two people do all the same. */
static void
what_two_people_do_is_known_by_where_it_goes(void **state)
{
	static const struct {
		const char *id, *text;
		bool two;
	} rows[] = {
		{"post2", "POST " FLAG "\nX-Other: 1\n\n{}", true},
		{"post2", "POST https://api.example.com/v1/else\n\n{}", false},
		{"post2", "POST https://other.example.com/\n\n{}", true}, /* hard */
		{"put2", "from conf/b\nto web:/etc/nginx/site.conf\nmode 0666", true},
		{"put2", "from conf/b\nto web:/etc/nginx/b.conf\nmode 0640", false},
		{"put2", "from conf/b\nto web:/etc/sudoers\nmode 0640", true},
	};
	struct world *w = mixed();
	struct step *s;

	(void)state;
	w->rb->steps.list.at[world_index(w, "post")].two_person = true;
	w->rb->steps.list.at[world_index(w, "put")].two_person = true;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		s = &w->rb->steps.list.at[world_index(w, rows[i].id)];
		if (second_by_words(w->r, s->kind, rows[i].text,
			    redline_risk(s, rows[i].text, NULL)) != rows[i].two)
			fail_msg("row %zu", i);
	}
	world_free(w);
}

static void
others_are_not_edited(void **state)
{
	struct world *w = mixed();

	(void)state;
	refused(w, "look", "x",
		"only a command, a statement, a request or a copy can be edited");
	/* what the text does not say whole is edited in the file */
	mem_free(w->rb->steps.list.at[world_index(w, "post")].text);
	w->rb->steps.list.at[world_index(w, "post")].text = mem_strdup(
		"POST https://x\nA: one\ntwo");
	refused(w, "post", "POST https://x", "can only be edited in the runbook");
	world_free(w);
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
		cmocka_unit_test(an_act_is_not_repeated),
		cmocka_unit_test(what_differs),
		cmocka_unit_test(a_statement),
		cmocka_unit_test(a_request),
		cmocka_unit_test(a_copy),
		cmocka_unit_test(what_two_people_do_is_known_by_where_it_goes),
		cmocka_unit_test(others_are_not_edited),
		cmocka_unit_test(it_runs_as_edited_and_is_judged_again),
		cmocka_unit_test(an_edited_look_is_a_command),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
