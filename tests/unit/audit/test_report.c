#include "audit/report.h"

#include <stdio.h>

#include "../journal/records.h"
#include "../base/unit.h"
#include "../run/fixture.h"
#include "base/json.h"
#include "base/stamp.h"

static const char *const db_alias[] = {"ni-db1", NULL};

static void
attach(struct run *r, const char *step, const char *data)
{
	struct event *ev = event_new(EVENT_ATTACH, step, data);

	ev->who = mem_strdup("anna@example.com");
	ev->seq = r->seq + 1;
	run_apply(r, ev);
	event_free(ev);
}

/* The runbook of tests/data/record, and its fold. */
static struct run *
run_of_record(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	char *dir = records_example_dir();
	struct lines l = lines_of(dir);
	struct step *s;
	struct run *r;

	fixture_input(rb, "dump");
	fixture_step(rb, STEP_DO, "tell-people")->evidence = EVIDENCE_LINK;
	fixture_step(rb, STEP_DO, "docker-scan");
	fixture_command(
		rb, "load-the-dump", fixture_host(rb, "db", db_alias), RISK_SEVERE);
	s = fixture_step(rb, STEP_CHECK, "it-answers-again");
	vec_push(&s->probes.list, fixture_probe(rb, "api"));
	s = fixture_step(rb, STEP_SIGNOFF, "signoff-technical-lead");
	s->role = mem_strdup("Technical lead");
	r = run_new(rb);
	runbook_unref(rb);
	for (size_t i = 0; i < l.list.len; i++) {
		struct err e = ERR_INIT;
		struct event *ev = event_parse(l.list.at[i], strlen(l.list.at[i]), &e);
		assert_non_null(ev);
		memcpy(r->id, ev->run, sizeof r->id);
		run_apply(r, ev);
		event_free(ev);
	}
	lines_free(&l);
	mem_free(dir);
	return r;
}

static const struct report_check good = {true, true,
	"4ca7cf7ea80f456101e7415ef292db1e881e2520477c5af53bb0a672f6aa1c76", NULL};

static struct str
report(const struct run *r, enum report_format f, const struct report_check *c)
{
	struct str out = STR_INIT;

	report_write(r, f, c, &out);
	assert_true(str_ends(&out, "\n"));
	return out;
}

static void
has(const struct str *out, const char *text)
{
	if (!strstr(out->buf, text))
		fail_msg("no \"%s\" in\n%s", text, out->buf);
}

static void
the_text_tells_what_was_done_and_how_it_was_proven(void **state)
{
	struct run *r = run_of_record();
	struct str out = report(r, REPORT_TEXT, &good);

	(void)state;
	has(&out, "Run 01KAG3W5Z0B4T7M2Q8XK6N9RDE: ");
	has(&out, "Result: ok, 3 of 5 steps done, 1 skipped, 0 failed, 0 unknown\n");
	has(&out, "Opened: 2026-11-20T13:00:00Z by anna@example.com\n");
	has(&out, "Closed: 2026-11-20T13:02:41Z\n");
	has(&out, "Record: verified, head 4ca7cf7e");
	has(&out, "Value dump: /var/backups/ni_site/ni_site_2026-11-20.sql.gz\n");
	has(&out, "evidence: https://chat.example.com/ops/4411\n");
	has(&out, "reason: scanner down, CHG-2231\n");
	has(&out, "ni-db1: ok after 0:42 - exit 0\n");
	has(&out, "ok: api time 41 ms (wanted < 200ms) (before: fail 503)\n");
	has(&out,
		"signed by lea@example.com with "
		"SHA256:FKswRfS6DRw5mqPrDltb502P9y4JJ1zTatHbPLGqt48\n");
	str_release(&out);
	run_free(r);
}

/* Taken back is to do again, but the attempt did run and the account says so. */
static void
an_undone_attempt_is_not_called_to_do(void **state)
{
	struct run *r = run_of_record();
	struct str out;

	(void)state;
	for (size_t i = 0; i < r->steps.list.len; i++)
		for (size_t k = 0; k < r->steps.list.at[i].legs.list.len; k++)
			r->steps.list.at[i].legs.list.at[k].way[WAY_FORWARD].state =
				LEG_TODO;
	out = report(r, REPORT_TEXT, &good);
	has(&out, "ni-db1: undone since; ended after 0:42 - exit 0\n");
	str_release(&out);
	out = report(r, REPORT_JSON, &good);
	has(&out, "\"state\":\"undone\"");
	str_release(&out);
	run_free(r);
}

static void
what_verification_said_stands_in_it(void **state)
{
	struct run *r = run_of_record();
	struct report_check bad = {true, false, good.head, "line 3: \x1b[2Jnot whole"};
	struct str out = report(r, REPORT_TEXT, NULL);

	(void)state;
	has(&out, "Record: not checked\n");
	str_release(&out);
	out = report(r, REPORT_TEXT, &bad);
	has(&out, "Record: BAD: line 3: ");
	assert_null(strchr(out.buf, '\x1b'));
	str_release(&out);
	out = report(r, REPORT_MD, &bad);
	has(&out, "- Record: BAD: line 3: ");
	str_release(&out);
	run_free(r);
}

/* A text somebody typed, or a host said, must not look like a line of ours. */
static void
no_text_forges_a_line(void **state)
{
	static const char evil[] =
		"x\nRecord: verified, head 00\r\nsigned by the boss\x1b[1m\u202e";
	struct run *r = run_of_record();
	struct run_step *s = &r->steps.list.at[0];
	struct leg_run *way = &r->steps.list.at[2].legs.list.at[0].way[WAY_FORWARD];

	(void)state;
	mem_free(s->evidence);
	s->evidence = mem_strdup(evil);
	mem_free(s->note);
	s->note = mem_strdup(evil);
	mem_free(way->why);
	way->why = mem_strdup(evil);
	mem_free(r->steps.list.at[3].readings.list.at[0].message);
	r->steps.list.at[3].readings.list.at[0].message = mem_strdup(evil);
	mem_free(r->runbook->title);
	r->runbook->title = mem_strdup(evil);
	for (enum report_format f = REPORT_TEXT; f <= REPORT_HTML; f++) {
		struct str out = report(r, f, NULL);
		assert_null(strstr(out.buf, "\nRecord: verified"));
		assert_null(strstr(out.buf, "\nsigned by the boss"));
		assert_null(strchr(out.buf, '\x1b'));
		assert_null(strchr(out.buf, '\r'));
		str_release(&out);
	}
	run_free(r);
}

static size_t
count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text += strlen(part))
		n++;
	return n;
}

/* To be read in a browser, anywhere: nothing is fetched, nothing runs, texts are texts. */
static void
the_page_needs_nothing_else(void **state)
{
	static const char *const tags[] = {"html", "head", "body", "header", "section",
		"article", "ol", "ul", "dl", "details", "pre", "footer", "style"};
	static const char evil[] = "<script>alert('1')</script>&\"x\"";
	struct run *r = run_of_record();
	struct leg_run *way = &r->steps.list.at[2].legs.list.at[0].way[WAY_FORWARD];
	struct str out;

	(void)state;
	mem_free(r->steps.list.at[0].note);
	r->steps.list.at[0].note = mem_strdup(evil);
	mem_free(way->output);
	way->output = mem_printf("%s\nsecond line\n", evil);
	out = report(r, REPORT_HTML, &good);
	has(&out, "<!doctype html>\n");
	has(&out, "default-src 'none'");
	has(&out, "<span class=\"word ok\">ok</span>: 3 of 5 steps done, 1 skipped");
	has(&out, "<dt>Checked</dt><dd>verified, head 4ca7cf7e");
	has(&out, "<dt>Value</dt><dd>dump = /var/backups/");
	has(&out, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;&quot;x&quot;");
	has(&out, "\nsecond line\n</pre>");
	has(&out, "docker-scan: ");
	has(&out, "on ni-db1: ok after 0:42");
	has(&out, "Head of the record when this was written: <code>4ca7cf7e");
	assert_null(strstr(out.buf, "<script"));
	assert_null(strstr(out.buf, "http-equiv=\"refresh"));
	assert_null(strstr(out.buf, "src="));
	assert_null(strstr(out.buf, "url("));
	for (size_t i = 0; i < COUNT(tags); i++) {
		char *open = mem_printf("<%s", tags[i]),
		     *close = mem_printf("</%s>", tags[i]);
		size_t heads = strcmp(tags[i], "head") == 0 ? count_of(out.buf, "<header")
							    : 0;

		assert_int_equal(
			count_of(out.buf, open) - heads, count_of(out.buf, close));
		mem_free(open);
		mem_free(close);
	}
	str_release(&out);
	run_free(r);
}

/* A clock that was set back while it ran draws no bar outside of its lane. */
static void
the_timeline_stays_within_its_lane(void **state)
{
	struct run *r = run_of_record();
	struct leg_run *way = &r->steps.list.at[2].legs.list.at[0].way[WAY_FORWARD];
	struct str out;

	(void)state;
	way->started.ms = r->opened_at.ms - 5000;
	way->ended.ms = r->closed_at.ms + 5000;
	out = report(r, REPORT_HTML, &good);
	has(&out, "left:0.0%;width:100.0%");
	str_release(&out);
	way->ended.ms = way->started.ms - 1000;
	out = report(r, REPORT_HTML, &good);
	has(&out, "left:0.0%;width:0.0%");
	assert_null(strstr(out.buf, "width:-"));
	str_release(&out);
	run_free(r);
}

static void
the_environment_and_what_was_chosen_are_told(void **state)
{
	static const enum report_format all[] = {
		REPORT_TEXT, REPORT_MD, REPORT_JSON, REPORT_HTML};
	static const char *const said[] = {"Environment: production\n",
		"- Environment production\n", "\"environment\":\"production\"",
		"<dt>Environment</dt><dd>production</dd>"};
	struct run *r = run_of_record();

	(void)state;
	mem_free(r->environment);
	r->environment = mem_strdup("production");
	for (size_t i = 0; i < COUNT(all); i++) {
		struct str out = report(r, all[i], &good);
		has(&out, said[i]);
		str_release(&out);
	}
	run_free(r);
}

static void
markdown_of_a_text_is_no_markup(void **state)
{
	struct run *r = run_of_record();
	struct str out;

	(void)state;
	mem_free(r->steps.list.at[0].evidence);
	r->steps.list.at[0].evidence = mem_strdup("**bold** <script> [x](y) `z` | # _u_");
	out = report(r, REPORT_MD, &good);
	has(&out, "# ");
	has(&out, "**ok**, 3 of 5 steps done, 1 skipped, 0 failed.");
	has(&out, "\\*\\*bold\\*\\* \\<script\\> \\[x\\](y) \\`z\\` \\| \\# \\_u\\_\n");
	has(&out, "- [x] ");
	has(&out, "- [ ] ");
	str_release(&out);
	run_free(r);
}

static void
the_json_is_one_object_of_the_contract(void **state)
{
	struct run *r = run_of_record();
	struct str out = report(r, REPORT_JSON, &good);
	struct err e = ERR_INIT;
	struct json *doc = json_parse(out.buf, out.len, &e);
	const struct json_node *root = json_root(doc), *items, *load;

	(void)state;
	assert_non_null(doc);
	assert_string_equal(json_str(root, "handrail", ""), "report");
	assert_int_equal(json_int(root, "v", 0), 1);
	assert_string_equal(json_str(root, "run", ""), "01KAG3W5Z0B4T7M2Q8XK6N9RDE");
	assert_string_equal(json_str(root, "mode", ""), "live");
	assert_string_equal(json_str(root, "result", ""), "ok");
	assert_true(json_bool(root, "verified", false));
	assert_string_equal(json_str(root, "head", ""), good.head);
	items = json_get(root, "items");
	assert_int_equal(json_len(items), 5);
	load = json_at(items, 2);
	assert_string_equal(json_str(load, "id", ""), "load-the-dump");
	assert_string_equal(json_str(load, "state", ""), "done");
	assert_string_equal(
		json_str(json_at(json_get(load, "hosts"), 0), "host", ""), "ni-db1");
	assert_string_equal(json_text(json_at(json_get(json_at(items, 4), "signers"), 0)),
		"lea@example.com");
	json_free(doc);
	str_release(&out);
	out = report(r, REPORT_JSON, NULL);
	has(&out, "\"verified\":null");
	str_release(&out);
	run_free(r);
}

/* One that failed and was begun again is not forgotten, nor one that was taken back. */
static void
every_attempt_is_told_with_its_time_and_outcome(void **state)
{
	static const enum report_format all[] = {
		REPORT_TEXT, REPORT_MD, REPORT_JSON, REPORT_HTML};
	struct request back = {.kind = REQ_START, .leg = 0, .way = WAY_BACK};
	struct world *w = world_single(NULL);
	char first[64], stamp[STAMP_BYTES];
	const struct leg_run *lr;
	struct str out;

	(void)state;
	lr = &w->r->steps.list.at[0].legs.list.at[0].way[WAY_FORWARD];
	assert_true(world_start(w, "go", NULL));
	snprintf(first, sizeof first, "begun %s", stamp_wall_sec(lr->intended, stamp));
	assert_true(world_ended(w, "go", 0, 1, 3));
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 2, 0));
	assert_true(world_ask(w, &back));
	back.kind = REQ_ENDED;
	back.attempt = 1;
	assert_true(world_ask(w, &back));
	assert_true(world_start(w, "go", NULL));
	assert_true(world_ended(w, "go", 0, 3, 0));
	assert_int_equal(lr->tried.list.len, 2);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		out = report(w->r, all[i], NULL);
		if (all[i] == REPORT_JSON) {
			has(&out,
				"\"tried\":[{\"attempt\":1,\"state\":\"failed\","
				"\"undone\":false,\"begun\":\"");
			has(&out, "{\"attempt\":2,\"state\":\"ok\",\"undone\":true,");
		} else {
			has(&out, ", attempt 1: failed");
			has(&out, first);
			has(&out, "exit 3 (wanted 0)");
			has(&out, ", attempt 2: ok");
			has(&out, ", taken back since");
			has(&out, ", attempt 3, begun ");
		}
		str_release(&out);
	}
	world_free(w);
}

static void
evidence_stands_below_its_step(void **state)
{
	struct run *r = run_of_record();
	struct str out;

	(void)state;
	attach(r, "docker-scan",
		"{\"host\":\"web1\",\"kind\":\"lines\",\"name\":\"api\",\"offset\":39,"
		"\"lines\":2,\"text\":\"pool *is* empty\",\"blob\":\"ab\",\"bytes\":131}");
	out = report(r, REPORT_TEXT, NULL);
	has(&out,
		"          evidence: lines api on web1, 2 lines from offset 39, 131 bytes, "
		"sha256 ab, by anna@example.com: pool *is* empty\n");
	str_release(&out);
	out = report(r, REPORT_MD, NULL);
	has(&out, "sha256 ab, by anna@example.com: pool \\*is\\* empty\n");
	str_release(&out);
	out = report(r, REPORT_JSON, NULL);
	has(&out,
		"\"kind\":\"lines\",\"host\":\"web1\",\"name\":\"api\",\"offset\":39,"
		"\"lines\":2,\"bytes\":131,\"redacted\":false,\"blob\":\"ab\"");
	str_release(&out);
	run_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_text_tells_what_was_done_and_how_it_was_proven),
		cmocka_unit_test(an_undone_attempt_is_not_called_to_do),
		cmocka_unit_test(what_verification_said_stands_in_it),
		cmocka_unit_test(no_text_forges_a_line),
		cmocka_unit_test(the_page_needs_nothing_else),
		cmocka_unit_test(the_timeline_stays_within_its_lane),
		cmocka_unit_test(the_environment_and_what_was_chosen_are_told),
		cmocka_unit_test(markdown_of_a_text_is_no_markup),
		cmocka_unit_test(every_attempt_is_told_with_its_time_and_outcome),
		cmocka_unit_test(evidence_stands_below_its_step),
		cmocka_unit_test(the_json_is_one_object_of_the_contract),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
