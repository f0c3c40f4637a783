#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/map.h"
#include "base/mem.h"
#include "fixture.h"
#include "run/voided.h"

/* HANDRAIL_TEST_SEQUENCES raises it for the long suite. */
enum { SEQUENCES = 1500, REQUESTS_EACH = 60, BORDERS = 6 };

static const char *const people[] = {NULL, "marek@example.com", "lea@example.com"};

static uint64_t rnd_state;

static unsigned
rnd(unsigned below)
{
	rnd_state ^= rnd_state << 13;
	rnd_state ^= rnd_state >> 7;
	rnd_state ^= rnd_state << 17;
	return (unsigned)((rnd_state >> 11) % below);
}

/* ---- runbooks ------------------------------------------------------------------------- */

static const char *const db_alias[] = {"ni-db1", NULL};
static const char *const web_aliases[] = {"web1", "web2", "web3", NULL};

static void
add_condition(struct step *s, const char *key, const char *value)
{
	vec_push(&s->when.list,
		(struct condition){.key = mem_strdup(key), .value = mem_strdup(value)});
}

static struct runbook *
restore_runbook(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	int db = fixture_host(rb, "db", db_alias),
	    web = fixture_host(rb, "web", web_aliases);
	struct step *s;

	fixture_input(rb, "dump");
	fixture_step(rb, STEP_DO, "tell")->evidence = EVIDENCE_LINK;
	s = fixture_command(rb, "stop", web, RISK_MODERATE);
	s->undo.text = mem_strdup("start");
	s = fixture_command(rb, "load", db, RISK_SEVERE);
	s->confirm = mem_strdup("load ${host}");
	s->kill_after_ms = 500;
	s = fixture_command(rb, "rows", db, RISK_NONE);
	s->retries = 2;
	s->retry_wait_ms = 30;
	vec_push(&s->save.list, (struct saved){.name = mem_strdup("users")});
	s = fixture_step(rb, STEP_CHECK, "answers");
	s->within_ms = 100;
	for (int i = 0; i < 2; i++) {
		int probe = fixture_probe(rb, i ? "postgres" : "api");

		vec_push(&s->probes.list, probe);
	}
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("lead");
	s->count = 2;
	return rb;
}

static struct runbook *
deploy_runbook(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	int web = fixture_host(rb, "web", web_aliases);
	struct step *s;

	s = fixture_step(rb, STEP_ASK, "which");
	s->input = fixture_input(rb, "tag");
	s = fixture_command(rb, "roll", web, RISK_HARD);
	s->confirm = mem_strdup("roll");
	s->serial = 2;
	s->max_failures = 1;
	s->retries = 1;
	s->retry_wait_ms = 20;
	s->undo.text = mem_strdup("unroll");
	s = fixture_command(rb, "each", NONE, RISK_MODERATE);
	vec_push(&s->each.list, mem_strdup("a"));
	vec_push(&s->each.list, mem_strdup("b"));
	s->on_failure = ON_FAILURE_GOTO;
	s->on_failure_go = 5;
	fixture_step(rb, STEP_WAIT, "settle")->wait_ms = 50;
	add_condition(fixture_step(rb, STEP_DO, "announce"), "input.tag", "v1*");
	fixture_step(rb, STEP_DO, "last");
	add_condition(fixture_step(rb, STEP_DO, "sorry"), "step.each", "failed");
	rb->rollback_first = (int)rb->steps.list.len;
	fixture_step(rb, STEP_DO, "say-so");
	fixture_command(rb, "old-image", web, RISK_MODERATE)->undo.text = mem_strdup(
		"new");
	return rb;
}

static struct runbook *
checklist_runbook(void)
{
	struct runbook *rb = fixture_runbook(RUNBOOK_CHECKLIST);
	struct step *s;
	int section;

	section = fixture_step(rb, STEP_SECTION, "before")->index;
	fixture_step(rb, STEP_DO, "a")->section = section;
	s = fixture_step(rb, STEP_DO, "b");
	s->section = section;
	s->evidence = EVIDENCE_VALUE;
	s = fixture_step(rb, STEP_CHOOSE, "way");
	vec_push(
		&s->options.list, (struct option){.label = mem_strdup("on"), .go = NONE});
	vec_push(&s->options.list, (struct option){.label = mem_strdup("over"), .go = 5});
	vec_push(&s->options.list, (struct option){.label = mem_strdup("back"), .go = 1});
	s = fixture_step(rb, STEP_DO, "c");
	vec_push(&s->needs.list, 1);
	fixture_step(rb, STEP_DO, "d");
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	s->role = mem_strdup("lead");
	s->not_runner = true;
	return rb;
}

/* ---- random requests ------------------------------------------------------------------ */

static char stmt_buf[512];

static const char *
signoff_data(const struct world *w, int step, unsigned key)
{
	snprintf(stmt_buf, sizeof stmt_buf,
		"{\"role\":\"lead\",\"stmt\":\"handrail sign-off v1\\nrun: %s\\nrunbook: x\\n"
		"step: %s sha256:0\\ndecision: %s\\nrole: lead\\nseq: %lld\\n\",\"sig\":\"s\",\"key\":\"k%u\"}",
		w->r->id, w->rb->steps.list.at[step].id, rnd(4) ? "approve" : "reject",
		(long long)w->r->seq, key);
	return stmt_buf;
}

/* Words that begin the way back; the run is the same in all sequences. */
static const char *
back_words_of(const struct world *w)
{
	static char words[64];

	snprintf(words, sizeof words, "roll back %s%s", w->r->id + ULID_LEN - 4,
		rnd(2) ? " by its steps" : "");
	return words;
}

static void
random_request(const struct world *w, struct request *q)
{
	static const char *const typed[] = {NULL, "load ni-db1", "load db", "roll", "y"};
	static const char *const words[] = {NULL, "", "because", "https://x.example/1"};
	static const char *const answers[] = {"", "v1.2", "w3"};
	/* more often what leads on */
	static const enum request_kind often[] = {REQ_START, REQ_START, REQ_ENDED,
		REQ_ENDED, REQ_STARTED, REQ_CLOCK, REQ_READING, REQ_TICK, REQ_SIGNED,
		REQ_INPUT};
	int step = (int)rnd((unsigned)w->rb->steps.list.len);
	const struct run_step *rs;

	if (rnd(3))
		step = run_next_open(w->r, 0) == NONE ? 0 : run_next_open(w->r, 0);
	rs = &w->r->steps.list.at[step];
	*q = (struct request){
		.kind = rnd(2) ? often[rnd(10)] : (enum request_kind)rnd(REQ_COUNT),
		.who = people[rnd(3)],
		.step = step,
		.leg = (int)rnd(3),
		.attempt = (int)rnd(4),
		.way = rnd(5) ? WAY_FORWARD : WAY_BACK,
		.tick = (enum tick)rnd(4),
		.as = (enum resolve_as)rnd(3),
		.text = answers[rnd(3)],
		.evidence = words[rnd(4)],
		.reason = words[rnd(4)],
		.typed = typed[rnd(5)],
		.role = "lead",
		.option = (int)rnd(4) - 1,
		.probe = (int)rnd(2),
		.pid = 7,
		.shown_ms = 900,
		.took_ms = 5,
		.exit = (int)rnd(3) - (rnd(4) ? 1 : 0),
		.verdict = (enum verdict)rnd(4),
	};
	if (q->exit < 0)
		q->exit = 0;
	if (rnd(2) && (size_t)q->leg < rs->legs.list.len)
		q->attempt = rs->legs.list.at[q->leg].way[q->way].attempt;
	if (q->kind == REQ_START && rnd(3))
		q->leg = LEG_ALL;
	if ((q->kind == REQ_RESOLVE || q->kind == REQ_CANCEL) && rnd(2))
		q->leg = LEG_ALL;
	if (q->kind == REQ_INPUT && rnd(2))
		q->name = rnd(2) ? "dump" : "tag";
	if (q->kind == REQ_SIGNED)
		q->data = signoff_data(w, step, rnd(3));
	if (q->kind == REQ_READING)
		q->data =
			"{\"value\":41,\"before\":{\"verdict\":\"fail\",\"value\":503}}";
	if (q->kind != REQ_SIGNED && q->kind != REQ_READING)
		q->data = rnd(2)
			? "{\"offset\":0,\"bytes\":4,\"text\":\"a\\u001bb\"}"
			: "{\"offset\":4,\"bytes\":9,\"blob\":\"ff\",\"head\":\"h\"}";
	if (q->kind == REQ_BACK && rnd(2))
		q->typed = back_words_of(w);
	if (q->kind == REQ_CLOSE && rnd(6))
		q->kind = REQ_CLOCK; /* not over too soon */
}

/* The leg that is under way, or the first. */
static void
leg_under_way(const struct run_step *rs, struct request *q)
{
	for (size_t k = 0; k < rs->legs.list.len; k++)
		for (int way = WAY_FORWARD; way <= WAY_BACK; way++) {
			const struct leg_run *lr = &rs->legs.list.at[k].way[way];

			if (lr->state != LEG_INTENDED && lr->state != LEG_RUNNING &&
				lr->state != LEG_CANCELLING &&
				(lr->state != LEG_UNKNOWN || rnd(3)))
				continue;
			q->leg = (int)k;
			q->way = (enum way)way;
			q->attempt = lr->attempt;
			if (rnd(2))
				return;
		}
}

static void
help_command(const struct world *w, const struct run_step *rs, struct request *q)
{
	static const enum request_kind outcomes[] = {REQ_STARTED, REQ_STARTED, REQ_OUTPUT,
		REQ_ENDED, REQ_ENDED, REQ_ENDED, REQ_LOST, REQ_NOT_STARTED, REQ_CANCEL,
		REQ_CLOCK};

	if (rs->state == STEP_IS_UNKNOWN) {
		q->kind = rnd(3) ? REQ_RESOLVE : REQ_ENDED;
		q->leg = LEG_ALL;
		q->evidence = "seen by hand";
		if (q->kind == REQ_ENDED)
			leg_under_way(rs, q);
		return;
	}
	if (rs->state == STEP_IS_RUNNING) {
		q->kind = outcomes[rnd(10)];
		leg_under_way(rs, q);
		if (q->kind == REQ_CLOCK)
			q->leg = 0;
		return;
	}
	q->kind = rnd(8) ? REQ_START : REQ_SKIP;
	q->reason = "no need";
	q->leg = LEG_ALL;
	q->way = rnd(6) ? WAY_FORWARD : WAY_BACK;
	q->typed = rs->step->confirm && strstr(rs->step->confirm, "load") ? "load db"
									  : "roll";
	(void)w;
}

/* What leads on from here, so that sequences get far. */
static void
helpful_request(const struct world *w, struct request *q)
{
	int open = run_next_open(w->r, 0);
	const struct run_step *rs;

	if (w->r->held && rnd(2)) {
		q->kind = REQ_GO;
		return;
	}
	if (!rnd(20) || (w->r->back.state == BACK_ON && !rnd(3))) {
		q->kind = w->r->back.going ? REQ_CLOCK : rnd(8) ? REQ_BACK : REQ_BACK_END;
		q->typed = back_words_of(w);
		q->reason = "enough";
		return;
	}
	if (open == NONE || !rnd(12)) { /* back over what is done */
		q->kind = REQ_START;
		q->way = WAY_BACK;
		q->leg = LEG_ALL;
		q->typed = "undo roll";
		return;
	}
	rs = &w->r->steps.list.at[open];
	q->step = open;
	q->way = WAY_FORWARD;
	switch (rs->step->kind) {
	case STEP_RUN:
		help_command(w, rs, q);
		break;
	case STEP_DO:
		q->kind = REQ_TICK;
		q->tick = TICK_DONE;
		q->evidence = "https://x.example/1";
		break;
	case STEP_CHECK:
		q->kind = rs->state == STEP_IS_RUNNING ? REQ_READING : REQ_START;
		q->data =
			"{\"value\":41,\"before\":{\"verdict\":\"fail\",\"value\":503}}";
		break;
	case STEP_WAIT:
		q->kind = rs->state == STEP_IS_RUNNING ? REQ_CLOCK : REQ_START;
		break;
	case STEP_ASK:
		q->kind = REQ_INPUT;
		q->text = rnd(2) ? "v1.2" : "w3";
		break;
	case STEP_CHOOSE:
		q->kind = REQ_CHOOSE;
		break;
	case STEP_SIGNOFF:
		q->kind = rnd(6) ? REQ_SIGNED : REQ_DECLINED;
		q->who = people[1 + rnd(2)];
		q->data = signoff_data(w, open, rnd(3));
		q->reason = "no";
		break;
	default:
		break;
	}
}

/* ---- what always holds ---------------------------------------------------------------- */

static void
nothing_done_unproven(const struct world *w)
{
	for (size_t i = 0; i < w->r->steps.list.len; i++) {
		const struct run_step *rs = &w->r->steps.list.at[i];

		if (rs->state != STEP_IS_DONE || rs->ticked)
			continue;
		for (size_t k = 0; k < rs->legs.list.len; k++) {
			const struct leg_run *lr = &rs->legs.list.at[k].way[WAY_FORWARD];

			if (lr->state == LEG_SKIPPED) { /* by a person, with a reason */
				assert_true(strlen(lr->why) > 0);
				continue;
			}
			assert_true(lr->judged && lr->ended.ms && lr->attempt > 0);
			assert_true(lr->state == LEG_OK || lr->state == LEG_WARN);
		}
		if (rs->step->kind == STEP_CHECK)
			assert_int_equal(
				rs->readings.list.len, rs->step->probes.list.len);
		if (rs->step->kind == STEP_DO)
			fail_msg("%s is done and nobody ticked it", rs->step->id);
	}
}

static void
nothing_is_intended_twice(const struct world *w)
{
	struct map jobs;

	map_init(&jobs);
	for (size_t i = 0; i < w->lines.len; i++) {
		const char *at = strstr(w->lines.at[i], "\"type\":\"step.intent\"");
		const char *job = at ? strstr(at, "\"job\":\"") : NULL;
		char *name;

		if (!job)
			continue;
		name = mem_strndup(job, strcspn(job + 8, "\"") + 8);
		if (map_has(&jobs, name))
			fail_msg("%s is in the record twice", name);
		map_put(&jobs, name, (void *)w);
		mem_free(name);
	}
	map_release(&jobs);
}

static void
twice_changes_nothing(struct world *w, const struct request *q)
{
	if (q->kind != REQ_STARTED && q->kind != REQ_ENDED && q->kind != REQ_LOST &&
		q->kind != REQ_NOT_STARTED)
		return;
	assert_true(world_ask(w, q));
	assert_int_equal(world_events(w), 0);
}

/* The second console that follows line by line. */
static void
follow(struct run *shadow, const struct world *w, struct str *a, struct str *b)
{
	for (size_t i = w->group; i < w->lines.len; i++) {
		struct err e = ERR_INIT;
		struct event *ev = event_parse(
			w->lines.at[i], strlen(w->lines.at[i]), &e);

		assert_non_null(ev);
		run_apply(shadow, ev);
		event_free(ev);
	}
	str_reset(a);
	str_reset(b);
	world_dump(w->r, a);
	world_dump(shadow, b);
	if (strcmp(a->buf, b->buf) != 0)
		fail_msg("the fold differs after %s\n%s\n---\n%s",
			w->lines.at[w->lines.len - 1], a->buf, b->buf);
}

static size_t
legs_in_flight(const struct run *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->steps.list.len; i++)
		for (size_t k = 0; k < r->steps.list.at[i].legs.list.len; k++)
			for (int way = WAY_FORWARD; way <= WAY_BACK; way++) {
				const struct leg_run *lr =
					&r->steps.list.at[i].legs.list.at[k].way[way];

				n += !lr->look &&
					(lr->state == LEG_INTENDED ||
						lr->state == LEG_RUNNING ||
						lr->state == LEG_CANCELLING ||
						(lr->state == LEG_UNKNOWN &&
							!lr->judged));
			}
	return n;
}

static void
crash_and_resume(const struct world *w, size_t count)
{
	struct request resume = {.kind = REQ_RESUME}, tick = {.kind = REQ_CLOCK};
	struct world *next = world_crashed(w, count);
	size_t asks = 0, flying = legs_in_flight(next->r);

	if (!next->r->unfinished_group && next->r->open) {
		assert_true(world_ask(next, &resume));
		for (size_t i = 0; i < next->fx.list.len; i++) {
			asks += next->fx.list.at[i].kind == EFFECT_ASK;
			assert_true(next->fx.list.at[i].kind == EFFECT_ASK ||
				next->fx.list.at[i].kind == EFFECT_CANCEL ||
				next->fx.list.at[i].kind == EFFECT_PROBE);
		}
		assert_int_equal(asks, flying);
		next->now.wall.ms += 1000000;
		for (int i = 0; i < 5; i++)
			assert_true(world_ask(next, &tick));
		assert_int_equal(next->intents, 0);
		world_same(next);
	}
	world_free(next);
}

/* Nothing that somebody signed has changed since, or the signature is void. */
static void
signatures_are_over_what_stands(const struct world *w)
{
	for (size_t i = 0; i < w->r->steps.list.len; i++) {
		const struct run_step *rs = &w->r->steps.list.at[i];
		size_t standing = 0;

		for (size_t k = 0; k < rs->signatures.list.len; k++) {
			const struct run_signature *g = &rs->signatures.list.at[k];
			const char *since = voided_since(w->r, g->covers);

			if (g->voided < 0 && since)
				fail_msg("the signature of record %lld stands, but %s",
					(long long)g->seq, since);
			if (g->voided < 0)
				assert_string_equal(
					rs->signers.list.at[standing++], g->who);
		}
		assert_int_equal(standing, rs->signers.list.len);
		assert_int_equal(standing, rs->keys.list.len);
	}
}

static void
one_sequence(struct runbook *rb_take, const struct facts *facts)
{
	struct world *w = world_new(rb_take);
	struct run *shadow = world_replay(w, 0);
	struct str a = STR_INIT, b = STR_INIT;

	w->group = 0;
	follow(shadow, w, &a, &b);
	for (int i = 0; i < REQUESTS_EACH; i++) {
		struct request q;

		random_request(w, &q);
		if (rnd(5) > 1)
			helpful_request(w, &q);
		q.facts = rnd(2) ? facts : NULL;
		if (q.kind == REQ_CLOCK && rnd(2))
			w->now.wall.ms += rnd(80);
		if (!world_ask(w, &q) || !world_events(w))
			continue;
		follow(shadow, w, &a, &b);
		nothing_done_unproven(w);
		signatures_are_over_what_stands(w);
		twice_changes_nothing(w, &q);
	}
	nothing_is_intended_twice(w);
	for (int i = 0; i < BORDERS; i++)
		crash_and_resume(w, 1 + rnd((unsigned)w->lines.len));
	run_free(shadow);
	str_release(&a);
	str_release(&b);
	world_free(w);
}

static void
random_requests_never_reach_a_state_their_events_do_not_rebuild(void **state)
{
	static struct runbook *(*const runbooks[])(void) = {
		restore_runbook, deploy_runbook, checklist_runbook};
	const char *more = getenv("HANDRAIL_TEST_SEQUENCES");
	long n = more ? strtol(more, NULL, 10) : SEQUENCES;
	struct facts facts = {0};

	(void)state;
	facts_add_answer(&facts, EXPECT_OUTPUT, "18204\n", 6, FACTS_WHOLE);
	for (long i = 0; i < n; i++) {
		rnd_state = 0x9e3779b97f4a7c15u * (uint64_t)(i + 1);
		one_sequence(runbooks[i % 3](), &facts);
	}
	facts_release(&facts);
}

/* ---- the record of the contract ------------------------------------------------------- */

static void
data_that_does_not_fit_is_ignored(void **state)
{
	static const struct {
		enum event_type type;
		const char *step, *data;
	} odd[] = {
		{EVENT_STEP_DONE, "load", "{\"host\":\"nowhere\",\"attempt\":1}"},
		{EVENT_STEP_DONE, "load", "{\"host\":7,\"attempt\":\"x\"}"},
		{EVENT_STEP_INTENT, "tell", "{}"},
		{EVENT_STEP_OUTPUT, "gone", "{\"bytes\":1}"},
		{EVENT_TICK_SET, "tell", "{\"state\":\"moon\"}"},
		{EVENT_TICK_UNDO, "tell", "{\"of\":99}"},
		{EVENT_CHOICE_SET, "tell", "{\"option\":7}"},
		{EVENT_PROBE_RESULT, "answers", "{\"probe\":\"nothing\"}"},
		{EVENT_INPUT_SET, NULL, "{\"value\":[1]}"},
		{EVENT_STEP_RESOLVE, NULL, "{}"},
		{EVENT_SIGNOFF, NULL, "{}"},
		{EVENT_SIGNOFF_VOID, "sign", "{\"of\":99}"},
		{EVENT_UNKNOWN, NULL, "{\"x\":1}"},
	};
	struct world *w = world_new(restore_runbook());

	(void)state;
	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct event *ev = event_new(odd[i].type, odd[i].step, odd[i].data);

		ev->who = mem_strdup("x");
		ev->seq = (int64_t)i + 1;
		run_apply(w->r, ev);
		event_free(ev);
	}
	assert_int_equal(w->r->seq, (int64_t)(sizeof odd / sizeof *odd));
	for (size_t i = 0; i < w->r->steps.list.len; i++)
		assert_int_equal(w->r->steps.list.at[i].state, STEP_IS_TODO);
	world_free(w);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			random_requests_never_reach_a_state_their_events_do_not_rebuild),
		cmocka_unit_test(data_that_does_not_fit_is_ignored),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
