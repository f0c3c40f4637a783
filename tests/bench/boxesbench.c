/*
 * What containers a host runs: `docker ps` over a kept ControlMaster beside one question on
 * the engine channel that the console keeps; and `handrail ps HOST`, which also tells what
 * each uses, beside `ssh HOST` with docker ps and docker stats, both from nothing. In turn, medians after one round to warm up. Run inside the stack,
 * with the name of a host that has docker and the path of a ControlMaster to it.
 *
 *   boxesbench HOST CONTROL
 */

#include "../flow/workerkit.h"
#include "remote/engine.h"

#include <sys/resource.h>
#include <time.h>

enum { ROUNDS = 9, QUESTIONS = 20, KEPT_PERCENT = 10, COLD_PERCENT = 100 };

static const char path[] = "/containers/json?all=1";

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

enum side { ENGINE, MASTER_PS, SSH_PS, SSH_STATS, HANDRAIL_PS, SIDES };
static const char *const names[SIDES] = {[ENGINE] = "engine channel, kept open",
	[MASTER_PS] = "ssh -S HOST docker ps",
	[SSH_PS] = "ssh HOST docker ps",
	[SSH_STATS] = "the same and docker stats",
	[HANDRAIL_PS] = "handrail ps HOST"};

struct bench {
	struct kit kit;
	struct engine *engine;
	int answers;
	char commands[SIDES][256];
	double ms[SIDES][ROUNDS];
};

static struct bench bench;

static void
on_answer(void *ctx, const char *body, size_t len, int64_t took_ms)
{
	struct bench *b = ctx;

	(void)body;
	(void)took_ms;
	assert_true(len > 2);
	b->answers++;
}

static void
on_down(void *ctx, bool lost, const char *why)
{
	(void)ctx;
	(void)lost;
	fail_msg("the engine does not answer: %s", why);
}

static void
ask_once(struct bench *b)
{
	int had = b->answers;

	assert_true(engine_ask(b->engine, path));
	KIT_WAIT(&b->kit, b->answers > had);
}

static double
run_side(struct bench *b, enum side s)
{
	double begin = now_ms();

	if (s != ENGINE) {
		int status = system(b->commands[s]);

		/* 1: some container is not well, which is no matter here */
		if (status != 0 && !(s == HANDRAIL_PS && WEXITSTATUS(status) == 1))
			fail_msg("%s: %d", b->commands[s], status);
		return now_ms() - begin;
	}
	for (int i = 0; i < QUESTIONS; i++)
		ask_once(b);
	return (now_ms() - begin) / QUESTIONS;
}

static double
middle(enum side s)
{
	return bench.ms[s][ROUNDS / 2];
}

static int
measure(void **state)
{
	static const struct engine_calls calls = {
		.on_answer = on_answer, .on_down = on_down, .ctx = &bench};
	struct bench *b = &bench;

	(void)state;
	b->engine = engine_new(b->kit.link, &calls);
	for (int r = -1; r < ROUNDS; r++) {
		for (int i = 0; i < SIDES; i++) {
			enum side s = (enum side)((i + r + SIDES) % SIDES);

			b->ms[s][r < 0 ? 0 : r] = run_side(b, s);
		}
	}
	for (int s = 0; s < SIDES; s++) {
		qsort(b->ms[s], ROUNDS, sizeof b->ms[s][0], by_size);
		print_message("# %-28s | %7.2f ms [%.2f..%.2f]\n", names[s],
			b->ms[s][ROUNDS / 2], b->ms[s][0], b->ms[s][ROUNDS - 1]);
	}
	return 0;
}

static void
is_at_most(const char *what, double got, double goal)
{
	print_message("# %s: %.3f, at most %.2f\n", what, got, goal);
	if (got > goal)
		fail_msg("%s: %.3f, not at most %.2f", what, got, goal);
}

static void
a_question_costs_a_tenth_of_docker_ps(void **state)
{
	(void)state;
	is_at_most("kept engine channel to ssh -S docker ps",
		middle(ENGINE) / middle(MASTER_PS), KEPT_PERCENT / 100.0);
}

static void
from_nothing_it_is_not_slower_than_ssh(void **state)
{
	(void)state;
	is_at_most("handrail ps to ssh docker ps and stats",
		middle(HANDRAIL_PS) / middle(SSH_STATS), COLD_PERCENT / 100.0);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_question_costs_a_tenth_of_docker_ps),
		cmocka_unit_test(from_nothing_it_is_not_slower_than_ssh),
	};
	const char *host = argc > 1 ? argv[1] : getenv("BOXES_HOST");
	const char *control = argc > 2 ? argv[2] : getenv("BOXES_CONTROL");
	int failed;

	if (host && control) { /* the stack starts us again without our words */
		setenv("BOXES_HOST", host, 1);
		setenv("BOXES_CONTROL", control, 1);
	}
	workerkit_enter(argv);
	if (!host || !control) {
		fputs("usage: boxesbench HOST CONTROL\n", stderr);
		return 2;
	}
	snprintf(bench.commands[MASTER_PS], sizeof bench.commands[0],
		"ssh -S '%s' '%s' docker ps >/dev/null </dev/null", control, host);
	snprintf(bench.commands[SSH_PS], sizeof bench.commands[0],
		"ssh '%s' docker ps >/dev/null </dev/null", host);
	snprintf(bench.commands[SSH_STATS], sizeof bench.commands[0],
		"ssh '%s' 'docker ps; docker stats --no-stream' >/dev/null </dev/null",
		host);
	snprintf(bench.commands[HANDRAIL_PS], sizeof bench.commands[0],
		"\"$HANDRAIL\" ps '%s' >/dev/null </dev/null", host);
	open_link(&bench.kit, host, 20000);
	wait_ready(&bench.kit);
	failed = cmocka_run_group_tests(tests, measure, NULL);
	engine_free(bench.engine);
	workers_end();
	return failed;
}
