#include "app/watching.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../loop/jail.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "load/load.h"

/* What a console shows of what an earlier one saw, before its own first look: nothing here
 * is looked at, a test says what was read. */

static const char text[] =
	"handrail: 1\ntitle: T\nkind: smoke\ninputs:\n"
	"  base: {ask: Which?}\n  other: {ask: Which?}\n  token: {secret: true, from: ask}\n"
	"logs:\n  app: {path: \"/var/log/${base}.log\"}\n"
	"probes:\n"
	"  url: {http: \"http://${base}/\", every: 10s, expect: {status: 200}}\n"
	"  cmd: {command: 'echo \"$base\"', every: 10s, expect: {exit: 0}}\n"
	"  log: {log: app, every: 10s, matches: x, expect: {count: 0}}\n"
	"  key: {http: \"http://h/\", headers: {x: \"${token}\"}, every: 10s, "
	"expect: {status: 200}}\n"
	"  all: {command: 'true', every: 10s, expect: {exit: 0}}\n"
	"steps:\n  - do: Call ${other}\n    evidence: text\n  - check: [url, cmd, log, key, all]\n";

static char *dir;

struct stage {
	struct loop *loop;
	struct runbook *rb;
	struct givens *givens;
	struct watching *w;
	const char *base, *other, *token;
	const char *scenario; /* it is practised; or NULL */
};

static void
give(struct stage *st, const char *name, const char *value)
{
	if (value)
		givens_set(st->givens, name, value);
}

static void
stage_open(struct stage *st)
{
	struct load_opts lo = {.scenario = st->scenario};
	struct diags d = {0};

	st->loop = loop_new();
	st->rb = load_runbook_text("t.yaml", text, strlen(text), &lo, &d);
	if (!st->rb)
		fail_msg("%s", d.list.len ? d.list.at[0].msg : "?");
	diags_release(&d);
	st->givens = givens_new(st->rb);
	give(st, "base", st->base);
	give(st, "other", st->other);
	give(st, "token", st->token);
	st->w = watching_new(&(struct watching_opts){.loop = st->loop,
		.runbook = st->rb,
		.givens = st->givens,
		.readings_dir = dir});
}

static void
stage_close(struct stage *st)
{
	watching_free(st->w);
	givens_free(st->givens);
	runbook_unref(st->rb);
	loop_free(st->loop);
}

static int
item(const struct stage *st, const char *name)
{
	int i = board_find(watching_board(st->w), name);

	assert_int_not_equal(i, NONE);
	return i;
}

static void
hear_ok(struct stage *st, const char *name)
{
	int i = item(st, name);

	watching_heard(st->w, i,
		&(struct probe_reading){.probe = &st->rb->probes.list.at[i],
			.verdict = VERDICT_OK,
			.answer = PROBE_ANSWERED,
			.value = "200"});
}

static const char *
state(const struct stage *st, const char *name)
{
	struct board_shown s;

	board_show(watching_board(st->w), item(st, name), clock_now(), &s);
	return vital_state_name(s.state);
}

static size_t
samples(const struct stage *st, const char *name)
{
	return vital_samples(board_vital(watching_board(st->w), item(st, name)));
}

static const char *const names[] = {"url", "cmd", "log", "key", "all"};

/* An earlier console, which had these values, saw all of them good. */
static void
seen_good(const char *base, const char *other, const char *token)
{
	struct stage st = {.base = base, .other = other, .token = token};

	stage_open(&st);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		hear_ok(&st, names[i]);
		assert_string_equal(state(&st, names[i]), "OK");
	}
	stage_close(&st);
}

static void
the_same_values_go_on(void **unused)
{
	struct stage st = {.base = "a", .other = "z", .token = "s3cret-0"};

	(void)unused;
	seen_good("a", "y", "s3cret-0");
	stage_open(&st);
	assert_string_equal(state(&st, "url"), "OK");
	assert_string_equal(state(&st, "cmd"), "OK");
	assert_string_equal(state(&st, "log"), "OK");
	assert_string_equal(state(&st, "all"), "OK");
	stage_close(&st);
}

static void
another_value_is_another_thing(void **unused)
{
	struct stage st = {.base = "b", .other = "y", .token = "s3cret-0"};

	(void)unused;
	seen_good("a", "y", "s3cret-0");
	stage_open(&st);
	assert_string_equal(state(&st, "url"), "UNKNOWN");
	assert_string_equal(state(&st, "cmd"), "UNKNOWN");
	assert_string_equal(state(&st, "log"), "UNKNOWN");
	assert_int_equal(samples(&st, "url"), 0);
	assert_string_equal(state(&st, "all"), "OK");
	stage_close(&st);
}

/* What a secret is stands in no file, so nobody can tell whether it is the same one. */
static void
with_a_secret_nothing_is_claimed(void **unused)
{
	struct stage st = {.base = "a", .other = "y", .token = "s3cret-0"};

	(void)unused;
	seen_good("a", "y", "s3cret-0");
	stage_open(&st);
	assert_string_equal(state(&st, "key"), "UNKNOWN");
	assert_int_equal(samples(&st, "key"), 1);
	hear_ok(&st, "key");
	assert_string_equal(state(&st, "key"), "OK");
	stage_close(&st);
}

static void
a_value_that_comes_later_restores_its_own(void **unused)
{
	struct stage st = {.other = "y", .token = "s3cret-0"};

	(void)unused;
	seen_good("a", "y", "s3cret-0");
	stage_open(&st);
	assert_string_equal(state(&st, "url"), "OFF");
	assert_int_equal(samples(&st, "url"), 0);
	give(&st, "base", "a");
	watching_inputs(st.w);
	assert_string_equal(state(&st, "url"), "OK");
	stage_close(&st);
}

static void
a_value_that_changes_begins_anew(void **unused)
{
	struct stage st = {.base = "a", .other = "y", .token = "s3cret-0"};

	(void)unused;
	seen_good("a", "y", "s3cret-0");
	stage_open(&st);
	hear_ok(&st, "url");
	give(&st, "base", "b");
	watching_inputs(st.w);
	assert_string_equal(state(&st, "url"), "UNKNOWN");
	assert_int_equal(samples(&st, "url"), 0);
	assert_string_equal(state(&st, "all"), "OK");
	stage_close(&st);
}

static char *
put_scenario(void)
{
	static const char scenario[] = "handrail_scenario: 1\ntitle: T\n"
				       "state: {it: bad}\nsolved: {it: bad}\n";
	char *path = file_join(dir, "scenario.yaml");
	struct err e = ERR_INIT;

	assert_true(file_replace(path, scenario, sizeof scenario - 1, 0600, &e));
	return path;
}

/* What was pretended is no reading of anything, not even for the next who practises. */
static void
what_is_practised_is_not_kept(void **unused)
{
	struct stage first = {.base = "a", .other = "y"}, next = first;
	struct err e = ERR_INIT;
	size_t count = 0;

	(void)unused;
	first.scenario = next.scenario = put_scenario();
	stage_open(&first);
	hear_ok(&first, "all");
	assert_string_equal(state(&first, "all"), "OK");
	stage_close(&first);
	file_names_free(file_names(dir, &count, &e));
	assert_int_equal(count, 1);
	stage_open(&next);
	assert_string_equal(state(&next, "all"), "UNKNOWN");
	stage_close(&next);
	mem_free((char *)first.scenario);
}

/* No secret of the operator's is read for it. */
static void
what_is_practised_has_secrets_of_its_own(void **unused)
{
	static const char secrets[] =
		"handrail: 1\ntitle: T\ninputs:\n"
		"  key: {secret: true, from: {env: HANDRAIL_TEST_KEY}}\n"
		"  held: {secret: true, from: {file: /dev/null/none}}\n"
		"steps:\n  - do: It\n";
	struct load_opts lo = {.scenario = put_scenario()};
	struct diags d = {0};
	struct runbook *rb;
	struct givens *g;

	(void)unused;
	setenv("HANDRAIL_TEST_KEY", "really-secret", 1);
	rb = load_runbook_text("t.yaml", secrets, strlen(secrets), &lo, &d);
	assert_non_null(rb);
	g = givens_new(rb);
	assert_string_equal(givens_value(g, "key"), "practice-key");
	assert_string_equal(givens_value(g, "held"), "practice-held");
	givens_free(g);
	runbook_unref(rb);
	diags_release(&d);
	unsetenv("HANDRAIL_TEST_KEY");
	mem_free((char *)lo.scenario);
}

/* Two consoles at once, each with its own value: what one sees is not the other's. */
static void
two_consoles_do_not_mix(void **unused)
{
	struct stage a = {.base = "a", .other = "y", .token = "s3cret-0"};
	struct stage b = {.base = "b", .other = "y", .token = "s3cret-0"};

	(void)unused;
	stage_open(&a);
	stage_open(&b); /* the file is b's now */
	hear_ok(&a, "url");
	stage_close(&a);
	stage_close(&b);
	stage_open(&b);
	assert_string_equal(state(&b, "url"), "UNKNOWN");
	assert_int_equal(samples(&b, "url"), 0);
	stage_close(&b);
}

static int
make_dir(void **unused)
{
	struct err e = ERR_INIT;

	(void)unused;
	dir = mem_strdup("/tmp/hr-test-watching-XXXXXX");
	return mkdtemp(dir) && file_mkdirs(dir, 0700, &e) ? 0 : -1;
}

static int
remove_dir(void **unused)
{
	struct err e = ERR_INIT;
	bool gone = file_remove_tree(dir, &e);

	(void)unused;
	mem_free(dir);
	return gone ? 0 : -1;
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make_dir, remove_dir)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		CASE(the_same_values_go_on),
		CASE(another_value_is_another_thing),
		CASE(with_a_secret_nothing_is_claimed),
		CASE(a_value_that_comes_later_restores_its_own),
		CASE(a_value_that_changes_begins_anew),
		CASE(two_consoles_do_not_mix),
		CASE(what_is_practised_is_not_kept),
		CASE(what_is_practised_has_secrets_of_its_own),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
