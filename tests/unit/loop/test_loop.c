#include "loop/loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

static struct loop *loop;

static int
setup(void **state)
{
	(void)state;
	loop = loop_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

static void
count(void *ctx)
{
	++*(int *)ctx;
}

static void
deferred_call_never_comes_from_inside(void **state)
{
	int n = 0;

	(void)state;
	loop_defer(loop, count, &n);
	assert_int_equal(n, 0);
	loop_run(loop);
	assert_int_equal(n, 1);
}

struct chain {
	int depth, turns;
};

static void
defer_again(void *ctx)
{
	struct chain *c = ctx;

	if (++c->depth < 3)
		loop_defer(loop, defer_again, c);
}

static void
count_turn(void *ctx)
{
	struct chain *c = ctx;

	c->turns++;
}

static void
what_is_deferred_inside_runs_a_turn_later(void **state)
{
	struct chain c = {0};

	(void)state;
	loop_after_turn(loop, count_turn, &c);
	loop_defer(loop, defer_again, &c);
	loop_run(loop);
	assert_int_equal(c.depth, 3);
	assert_true(c.turns >= 3);
	loop_after_turn(loop, NULL, NULL);
}

struct timed {
	struct loop_timer *t;
	int n;
};

static void
free_own_timer(void *ctx)
{
	struct timed *x = ctx;

	x->n++;
	loop_timer_free(x->t);
	x->t = NULL;
}

static void
timer_may_free_itself(void **state)
{
	struct timed x = {0};

	(void)state;
	x.t = loop_timer_new(loop, free_own_timer, &x);
	loop_timer_start(x.t, 1, 1);
	loop_run(loop);
	assert_int_equal(x.n, 1);
}

static void
stop_after_three(void *ctx)
{
	struct timed *x = ctx;

	if (++x->n == 3)
		loop_stop(loop);
}

static void
repeating_timer_runs_until_stop(void **state)
{
	struct timed x = {0};

	(void)state;
	x.t = loop_timer_new(loop, stop_after_three, &x);
	loop_timer_start(x.t, 0, 1);
	loop_run(loop);
	assert_int_equal(x.n, 3);
	loop_timer_free(x.t);
}

static void
turn_waits_no_longer_than_asked(void **state)
{
	struct mono begin = clock_mono();
	int64_t took;

	(void)state;
	loop_turn(loop, 20);
	took = clock_mono().ms - begin.ms;
	assert_in_range(took, 19, 1000);
	begin = clock_mono();
	loop_turn(loop, 0);
	assert_true(clock_mono().ms - begin.ms < 1000);
}

struct watched {
	struct loop_fd *w;
	int fd, ready, calls;
};

static void
read_one(void *ctx, int ready)
{
	struct watched *x = ctx;
	char c;

	x->calls++;
	x->ready = ready;
	if (read(x->fd, &c, 1) != 1)
		loop_fd_want(x->w, 0);
}

static void
descriptor_reports_readable_and_pauses(void **state)
{
	struct watched x = {0};
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	x.fd = fd[0];
	x.w = loop_fd_new(loop, fd[0], read_one, &x);
	loop_fd_want(x.w, LOOP_READ);
	assert_int_equal(write(fd[1], "ab", 2), 2);
	while (x.calls < 2)
		loop_turn(loop, 1000);
	assert_int_equal(x.ready, LOOP_READ);
	close(fd[1]);
	loop_run(loop); /* ends: the reader paused at the end of file */
	loop_fd_free(x.w);
	close(fd[0]);
}

static void
regular_file_cannot_be_watched(void **state)
{
	FILE *f = tmpfile();
	struct loop_fd *w;

	(void)state;
	assert_non_null(f);
	w = loop_fd_new(loop, fileno(f), read_one, NULL);
	assert_null(w);
	fclose(f);
}

static void
signal_seen(void *ctx, int signo)
{
	*(int *)ctx = signo;
}

static void
signal_is_an_ordinary_callback(void **state)
{
	int got = 0;
	struct loop_signal *s = loop_signal_new(loop, SIGUSR1, signal_seen, &got);

	(void)state;
	raise(SIGUSR1);
	while (!got)
		loop_turn(loop, 1000);
	assert_int_equal(got, SIGUSR1);
	loop_signal_free(s);
}

struct work {
	int worked, done;
	sigset_t mask;
};

static void
work(void *ctx)
{
	struct work *w = ctx;

	w->worked++;
	pthread_sigmask(SIG_BLOCK, NULL, &w->mask);
}

static void
work_done(void *ctx)
{
	struct work *w = ctx;

	w->done = w->worked;
}

static void
work_runs_aside_and_reports_on_the_loop(void **state)
{
	struct work w = {0};

	(void)state;
	loop_work_start(loop, work, work_done, &w);
	assert_int_equal(w.done, 0);
	loop_run(loop);
	assert_int_equal(w.done, 1);
	/* A signal that this thread holds back must not meet its default action there. */
	assert_true(sigismember(&w.mask, SIGHUP));
	assert_true(sigismember(&w.mask, SIGTERM));
	pthread_sigmask(SIG_BLOCK, NULL, &w.mask);
	assert_false(sigismember(&w.mask, SIGHUP));
}

static void
burn(void *ctx)
{
	struct mono begin = clock_mono();

	(void)ctx;
	while (clock_mono().ms - begin.ms < 20)
		;
}

static void
slow_callback_is_measured(void **state)
{
	(void)state;
	loop_defer(loop, burn, NULL);
	loop_run(loop);
	assert_true(loop_slowest_ms(loop) >= 20);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(deferred_call_never_comes_from_inside),
		T(what_is_deferred_inside_runs_a_turn_later),
		T(timer_may_free_itself),
		T(repeating_timer_runs_until_stop),
		T(turn_waits_no_longer_than_asked),
		T(descriptor_reports_readable_and_pauses),
		T(regular_file_cannot_be_watched),
		T(signal_is_an_ordinary_callback),
		T(work_runs_aside_and_reports_on_the_loop),
		T(slow_callback_is_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
