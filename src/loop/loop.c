#include "loop/loop.h"

#include <signal.h>

#include "base/bug.h"
#include "base/dlog.h"
#include "base/mem.h"
#include "loop/inner.h"

enum { REAP_MS = 2000 };

struct mono
inner_begin(void)
{
	return clock_mono();
}

void
inner_end(struct loop *l, struct mono begin, const char *what, const char *detail)
{
	int64_t took = clock_mono().ms - begin.ms;

	if (took > l->slowest_ms)
		l->slowest_ms = took;
	if (took > INNER_SLOW_MS)
		dlog("loop", "slow callback: %s %s took %lld ms", what, detail,
			(long long)took);
}

/* ---- the loop itself ---- */

static void
run_deferred(uv_idle_t *h)
{
	struct loop *l = h->data;
	size_t count = l->deferred.len; /* what these defer runs in the turn after */

	for (size_t i = 0; i < count; i++) {
		struct inner_deferred d = l->deferred.at[i];
		struct mono begin = inner_begin();

		d.fn(d.ctx);
		inner_end(l, begin, "deferred", "");
	}
	for (size_t i = count; i < l->deferred.len; i++)
		l->deferred.at[i - count] = l->deferred.at[i];
	l->deferred.len -= count;
	if (l->deferred.len == 0)
		uv_idle_stop(&l->idle);
}

const char *
loop_version(void)
{
	return uv_version_string();
}

struct loop *
loop_new(void)
{
	struct loop *l = mem_alloc(sizeof *l);

	/* A write to a child or peer that went away is an error, not our death. Children
	 * get their default back from libuv. */
	signal(SIGPIPE, SIG_IGN);
	BUG_ON(uv_loop_init(&l->uv) != 0);
	l->uv.data = l;
	uv_idle_init(&l->uv, &l->idle);
	l->idle.data = l;
	uv_timer_init(&l->uv, &l->bound);
	l->bound.data = l;
	return l;
}

static void
turn(struct loop *l, uv_run_mode mode)
{
	BUG_ON(l->running);
	l->running = true;
	uv_run(&l->uv, mode);
	l->running = false;
	if (l->after_turn) {
		struct mono begin = inner_begin();

		l->after_turn(l->after_ctx);
		inner_end(l, begin, "after turn", "");
	}
}

void
loop_free(struct loop *l)
{
	struct mono begin = clock_mono();

	if (!l)
		return;
	l->after_turn = NULL;
	while (l->dying > 0 && clock_mono().ms - begin.ms < REAP_MS)
		loop_turn(l, REAP_MS / 10);
	uv_close((uv_handle_t *)&l->idle, NULL);
	uv_close((uv_handle_t *)&l->bound, NULL);
	/* Runs the close callbacks of everything freed before. */
	uv_run(&l->uv, UV_RUN_NOWAIT);
	/* Something still watches: its owner would be called after our end. */
	BUG_ON(uv_loop_close(&l->uv) != 0 && l->dying == 0);
	vec_free(&l->deferred);
	mem_free(l);
}

void
loop_run(struct loop *l)
{
	l->stopping = false;
	while (!l->stopping && uv_loop_alive(&l->uv))
		turn(l, UV_RUN_ONCE);
}

void
loop_stop(struct loop *l)
{
	l->stopping = true;
	uv_stop(&l->uv);
}

static void
turn_over(uv_timer_t *h)
{
	(void)h; /* its only purpose is to end the wait */
}

void
loop_turn(struct loop *l, int64_t ms)
{
	if (ms <= 0) {
		turn(l, UV_RUN_NOWAIT);
		return;
	}
	uv_update_time(&l->uv);
	uv_timer_start(&l->bound, turn_over, (uint64_t)ms, 0);
	turn(l, UV_RUN_ONCE);
	uv_timer_stop(&l->bound);
}

bool
loop_turning(const struct loop *l)
{
	return l->running;
}

void
loop_settle(struct loop *l, int64_t ms)
{
	struct mono begin = clock_mono();

	while (uv_loop_alive(&l->uv) && clock_mono().ms - begin.ms < ms)
		loop_turn(l, ms - (clock_mono().ms - begin.ms));
}

void
loop_after_turn(struct loop *l, void (*fn)(void *ctx), void *ctx)
{
	l->after_turn = fn;
	l->after_ctx = ctx;
}

void
loop_defer(struct loop *l, void (*fn)(void *ctx), void *ctx)
{
	struct inner_deferred d = {.fn = fn, .ctx = ctx};

	vec_push(&l->deferred, d);
	uv_idle_start(&l->idle, run_deferred);
}

int64_t
loop_slowest_ms(const struct loop *l)
{
	return l->slowest_ms;
}

/* ---- timers ---- */

struct loop_timer {
	uv_timer_t uv;
	struct loop *loop;
	loop_timer_fn *fn;
	void *ctx;
};

struct loop_timer *
loop_timer_new(struct loop *l, loop_timer_fn *fn, void *ctx)
{
	struct loop_timer *t = mem_alloc(sizeof *t);

	uv_timer_init(&l->uv, &t->uv);
	t->uv.data = t;
	t->loop = l;
	t->fn = fn;
	t->ctx = ctx;
	return t;
}

static void
timer_fired(uv_timer_t *h)
{
	struct loop_timer *t = h->data;
	struct loop *l = t->loop;
	struct mono begin = inner_begin();

	t->fn(t->ctx); /* may free t; its memory stays until the turn is over */
	inner_end(l, begin, "timer", "");
}

void
loop_timer_start(struct loop_timer *t, int64_t ms, int64_t repeat_ms)
{
	/* The loop's own idea of now is as old as the turn. */
	uv_update_time(&t->loop->uv);
	uv_timer_start(&t->uv, timer_fired, ms > 0 ? (uint64_t)ms : 0,
		repeat_ms > 0 ? (uint64_t)repeat_ms : 0);
}

bool
loop_timer_runs(const struct loop_timer *t)
{
	return uv_is_active((const uv_handle_t *)&t->uv);
}

void
loop_timer_stop(struct loop_timer *t)
{
	uv_timer_stop(&t->uv);
}

static void
timer_closed(uv_handle_t *h)
{
	mem_free(h->data);
}

void
loop_timer_free(struct loop_timer *t)
{
	if (t)
		uv_close((uv_handle_t *)&t->uv, timer_closed);
}

/* ---- descriptors of others ---- */

struct loop_fd {
	uv_poll_t uv;
	struct loop *loop;
	loop_fd_fn *fn;
	void *ctx;
	bool freed;
};

struct loop_fd *
loop_fd_new(struct loop *l, int fd, loop_fd_fn *fn, void *ctx)
{
	struct loop_fd *w = mem_alloc(sizeof *w);

	if (uv_poll_init(&l->uv, &w->uv, fd) != 0) {
		mem_free(w);
		return NULL;
	}
	w->uv.data = w;
	w->loop = l;
	w->fn = fn;
	w->ctx = ctx;
	return w;
}

static void
fd_ready(uv_poll_t *h, int status, int events)
{
	struct loop_fd *w = h->data;
	struct loop *l = w->loop;
	struct mono begin = inner_begin();
	int ready = 0;

	if (w->freed)
		return;
	if (status < 0)
		ready |= LOOP_ERROR;
	if (events & UV_READABLE)
		ready |= LOOP_READ;
	if (events & UV_WRITABLE)
		ready |= LOOP_WRITE;
	w->fn(w->ctx, ready);
	inner_end(l, begin, "descriptor", "");
}

void
loop_fd_want(struct loop_fd *w, int ready)
{
	int events = 0;

	if (ready & LOOP_READ)
		events |= UV_READABLE;
	if (ready & LOOP_WRITE)
		events |= UV_WRITABLE;
	if (events)
		uv_poll_start(&w->uv, events, fd_ready);
	else
		uv_poll_stop(&w->uv);
}

static void
fd_closed(uv_handle_t *h)
{
	mem_free(h->data);
}

void
loop_fd_free(struct loop_fd *w)
{
	if (!w)
		return;
	w->freed = true;
	uv_poll_stop(&w->uv);
	uv_close((uv_handle_t *)&w->uv, fd_closed);
}

/* ---- signals ---- */

struct loop_signal {
	uv_signal_t uv;
	struct loop *loop;
	void (*fn)(void *ctx, int signo);
	void *ctx;
};

static void
signal_came(uv_signal_t *h, int signo)
{
	struct loop_signal *s = h->data;
	struct loop *l = s->loop;
	struct mono begin = inner_begin();

	s->fn(s->ctx, signo);
	inner_end(l, begin, "signal", "");
}

struct loop_signal *
loop_signal_new(struct loop *l, int signo, void (*fn)(void *ctx, int), void *ctx)
{
	struct loop_signal *s = mem_alloc(sizeof *s);

	uv_signal_init(&l->uv, &s->uv);
	s->uv.data = s;
	s->loop = l;
	s->fn = fn;
	s->ctx = ctx;
	BUG_ON(uv_signal_start(&s->uv, signal_came, signo) != 0);
	/* Waiting for a signal is no work: loop_run may end. */
	uv_unref((uv_handle_t *)&s->uv);
	return s;
}

static void
signal_closed(uv_handle_t *h)
{
	mem_free(h->data);
}

void
loop_signal_free(struct loop_signal *s)
{
	if (!s)
		return;
	uv_signal_stop(&s->uv);
	uv_close((uv_handle_t *)&s->uv, signal_closed);
}

/* ---- work on a thread ---- */

struct loop_work {
	uv_work_t uv;
	struct loop *loop;
	void (*work)(void *ctx);
	void (*done)(void *ctx);
	void *ctx;
};

static void
work_on_thread(uv_work_t *req)
{
	struct loop_work *w = req->data;

	w->work(w->ctx);
}

static void
work_is_done(uv_work_t *req, int status)
{
	struct loop_work *w = req->data;
	struct loop *l = w->loop;
	struct mono begin = inner_begin();

	(void)status; /* nobody cancels work */
	w->done(w->ctx);
	inner_end(l, begin, "work", "");
	mem_free(w);
}

/* Threads of the pool are born here. They hear no signals: the one who may mask, ignore or
 * catch one is the thread that turns the loop. */
static int
queue_unheard(struct loop_work *w)
{
	sigset_t all, before;
	int failed;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = uv_queue_work(&w->loop->uv, &w->uv, work_on_thread, work_is_done);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed;
}

struct loop_work *
loop_work_start(
	struct loop *l, void (*work)(void *ctx), void (*done)(void *ctx), void *ctx)
{
	struct loop_work *w = mem_alloc(sizeof *w);

	w->uv.data = w;
	w->loop = l;
	w->work = work;
	w->done = done;
	w->ctx = ctx;
	BUG_ON(queue_unheard(w) != 0);
	return w;
}
