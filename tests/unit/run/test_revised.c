/* Sign-offs that what changed between two revisions asks for. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "run/revised.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccc"

static struct world *w;

static void
arg(struct probe *p, const char *key, const char *value)
{
	struct pair pair = {mem_strdup(key), mem_strdup(value)};

	vec_push(&p->args.list, pair);
}

/* gate (what changed in ${part} up to ${tag}), then go. */
static int
set_up(void **state)
{
	static const char *const db[] = {"ni-db1", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int host = fixture_host(rb, "db", db), probe = fixture_probe(rb, "api");
	struct probe *p = &rb->probes.list.at[probe];
	struct step *s;

	(void)state;
	fixture_input(rb, "tag");
	fixture_input(rb, "part");
	p->kind = PROBE_GIT;
	p->subject = mem_strdup("/srv/tree");
	arg(p, "from", "v1");
	arg(p, "to", "${tag}");
	arg(p, "paths", "${part} docs/*");
	arg(p, "lines", "Cache$");
	s = fixture_step(rb, STEP_SIGNOFF, "gate");
	s->role = mem_strdup("lead");
	s->says = mem_strdup("fine");
	vec_push(&s->changed.list, probe);
	fixture_command(rb, "go", host, RISK_NONE);
	w = world_new(rb);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	world_same(w);
	world_free(w);
	return 0;
}

static bool
input(const char *name, const char *value)
{
	return world_ask(w,
		&(struct request){
			.kind = REQ_INPUT, .step = NONE, .name = name, .text = value});
}

static char *
asked(void)
{
	struct err e = ERR_INIT;

	return revised_asked(w->r, world_index(w, "gate"), &e);
}

/* A look comes back: what git told, NULL: nothing. */
static void
tells(const char *to, int count, const char *names)
{
	char *words = asked();
	char *data = to ? mem_printf("{\"change\":{\"asked\":\"%s\",\"from\":\"" A
				     "\",\"to\":\"%s\",\"sha256\":\"%064d\",\"count\":%d,"
				     "\"names\":\"%s\"}}",
				  words, to, 7, count, names)
			: mem_strdup("{\"change\":null,\"message\":\"a shallow clone\"}");

	assert_true(world_ask(w,
		&(struct request){.kind = REQ_READING,
			.step = world_index(w, "gate"),
			.probe = 0,
			.name = words,
			.verdict = to ? VERDICT_OK : VERDICT_UNKNOWN,
			.data = data}));
	mem_free(words);
	mem_free(data);
}

static void
gate_is(enum step_state want)
{
	enum step_state is = world_step(w, "gate")->state;

	if (is != want)
		fail_msg("the gate is %s, not %s", run_step_state_name(is),
			run_step_state_name(want));
}

/* Is the probe asked for by the last request, for the gate? */
static bool
looks(void)
{
	for (size_t i = 0; i < w->fx.list.len; i++)
		if (w->fx.list.at[i].kind == EFFECT_PROBE &&
			w->fx.list.at[i].step == world_index(w, "gate"))
			return true;
	return false;
}

static bool
intends(void)
{
	for (size_t i = 0; i < w->fx.list.len; i++)
		if (w->fx.list.at[i].kind == EFFECT_JOB ||
			w->fx.list.at[i].kind == EFFECT_LOOK)
			return true;
	return false;
}

static void
given(void)
{
	assert_true(input("tag", "rel"));
	assert_true(input("part", "api/"));
}

static void
what_is_looked_at_is_told_whole(void **state)
{
	char *words;

	(void)state;
	assert_null(asked());
	given();
	words = asked();
	assert_string_equal(words, "v1..rel in /srv/tree: api/ docs/* with Cache$");
	mem_free(words);
}

static void
another_input_of_the_paths_opens_the_gate_again(void **state)
{
	(void)state;
	given();
	tells(B, 0, "");
	gate_is(STEP_IS_NOT_NEEDED);
	assert_true(input("part", "edge/"));
	gate_is(STEP_IS_TODO);
	assert_false(world_start(w, "go", NULL));
}

static void
a_run_that_is_taken_up_looks_again(void **state)
{
	(void)state;
	given();
	assert_true(world_ask(w, &(struct request){.kind = REQ_RESUME, .step = NONE}));
	assert_false(looks()); /* nobody has looked before */
	tells(B, 0, "");
	assert_true(world_ask(w, &(struct request){.kind = REQ_RESUME, .step = NONE}));
	assert_true(looks());
	tells(C, 1, "api/x");
	gate_is(STEP_IS_TODO);
	assert_int_equal(revised_state(world_step(w, "gate")), REVISED_CHANGED);
}

static void
what_is_old_is_looked_at_before_anything_starts(void **state)
{
	(void)state;
	given();
	tells(B, 0, "");
	w->now.wall.ms += REVISED_FRESH_MS + 1;
	assert_true(revised_any_stale(w->r, w->now.wall));
	assert_true(world_start(w, "go", NULL));
	assert_int_equal(world_events(w), 0);
	assert_true(looks());
	assert_false(intends());
	tells(B, 0, "");
	assert_false(revised_any_stale(w->r, w->now.wall));
	assert_true(world_start(w, "go", NULL));
	assert_true(intends());
}

static void
what_was_moved_meanwhile_holds_it_up(void **state)
{
	(void)state;
	given();
	tells(B, 0, "");
	w->now.wall.ms += REVISED_FRESH_MS + 1;
	assert_true(world_start(w, "go", NULL));
	tells(C, 1, "api/x");
	gate_is(STEP_IS_TODO);
	assert_false(world_start(w, "go", NULL));
}

static void
what_is_old_is_looked_at_before_the_run_closes(void **state)
{
	(void)state;
	given();
	tells(B, 0, "");
	world_do(w, "go", NULL);
	w->now.wall.ms += REVISED_FRESH_MS + 1;
	assert_true(world_ask(w, &(struct request){.kind = REQ_CLOSE, .step = NONE}));
	assert_false(w->r->closed);
	assert_true(looks());
	tells(C, 1, "api/x");
	assert_false(world_ask(w, &(struct request){.kind = REQ_CLOSE, .step = NONE}));
	tells(B, 0, "");
	assert_true(world_ask(w, &(struct request){.kind = REQ_CLOSE, .step = NONE}));
	assert_true(w->r->closed);
}

static void
git_that_cannot_tell_any_more_is_no_pass(void **state)
{
	(void)state;
	given();
	tells(B, 0, "");
	gate_is(STEP_IS_NOT_NEEDED);
	tells(NULL, 0, NULL);
	gate_is(STEP_IS_TODO);
	assert_false(world_start(w, "go", NULL));
	tells(B, 0, "");
	gate_is(STEP_IS_NOT_NEEDED);
}

/* Whatever comes in whatever order: the gate is passed unsigned only while the last that was
 * told of what is looked at now is that nothing counts. */
static void
never_passed_but_by_what_was_told_last(void **state)
{
	static const char *const tags[] = {"rel", "main"}, *const parts[] = {"a/", "b/"};
	static const char *const commits[] = {A, B, C, NULL};
	uint32_t seed = 20261128;
	bool nothing = false;

	(void)state;
	given();
	for (int i = 0; i < 2000; i++) {
		int by;

		seed = seed * 1664525 + 1013904223;
		by = (int)(seed >> 24);
		if (by < 40) {
			assert_true(input("tag", tags[by % 2]));
		} else if (by < 80) {
			assert_true(input("part", parts[by % 2]));
		} else if (by < 100) {
			assert_true(world_ask(
				w, &(struct request){.kind = REQ_RESUME, .step = NONE}));
		} else {
			const char *to = commits[by % 4];

			tells(to, by % 3, by % 3 ? "x" : "");
			nothing = to && by % 3 == 0;
		}
		if (w->r->steps.list.at[0].state == STEP_IS_NOT_NEEDED) {
			char *now = asked();

			assert_true(nothing);
			assert_string_equal(now, w->r->steps.list.at[0].revised.asked);
			mem_free(now);
		}
		assert_true(run_settled(&w->r->steps.list.at[0]) ||
			!world_start(w, "go", NULL));
	}
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(what_is_looked_at_is_told_whole),
		EACH(another_input_of_the_paths_opens_the_gate_again),
		EACH(a_run_that_is_taken_up_looks_again),
		EACH(what_is_old_is_looked_at_before_anything_starts),
		EACH(what_was_moved_meanwhile_holds_it_up),
		EACH(what_is_old_is_looked_at_before_the_run_closes),
		EACH(git_that_cannot_tell_any_more_is_no_pass),
		EACH(never_passed_but_by_what_was_told_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
