#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

/*
 * One event loop: I/O, timers, children, signals, work on a thread, deferred calls, then
 * one after-turn hook (where the screen paints). The only home of libuv. Callbacks never
 * nest: nothing here calls back from inside the function that started it. A callback that
 * takes longer than 16 ms is logged by name.
 *
 * Sequence: loop_new, start things, loop_run until loop_stop, free things, loop_free.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

struct loop;
struct loop_timer;
struct loop_fd;
struct loop_signal;
struct loop_child;

struct loop *loop_new(void);
const char *loop_version(void); /* of the library under it */
void loop_free(struct loop *l);
void loop_run(struct loop *l); /* until loop_stop, or nothing is left to wait for */
void loop_stop(struct loop *l);
/* One turn: waits at most `ms` (0: not at all) for something to happen. For tests and for
 * commands that wait for one thing. */
void loop_turn(struct loop *l, int64_t ms);
bool loop_turning(const struct loop *l); /* we are inside a callback of it */
/* Turns until nothing is left to wait for, at most `ms`. */
void loop_settle(struct loop *l, int64_t ms);
void loop_after_turn(struct loop *l, void (*fn)(void *ctx), void *ctx);
/* Runs fn once in the next turn. */
void loop_defer(struct loop *l, void (*fn)(void *ctx), void *ctx);
int64_t loop_slowest_ms(const struct loop *l); /* the longest callback so far */

typedef void loop_timer_fn(void *ctx);
struct loop_timer *loop_timer_new(struct loop *l, loop_timer_fn *fn, void *ctx);
void loop_timer_start(
	struct loop_timer *t, int64_t ms, int64_t repeat_ms); /* repeat 0: once */
void loop_timer_stop(struct loop_timer *t);
bool loop_timer_runs(const struct loop_timer *t);
void loop_timer_free(struct loop_timer *t); /* also from its own callback */

enum loop_ready { LOOP_READ = 1, LOOP_WRITE = 2, LOOP_ERROR = 4 };
typedef void loop_fd_fn(void *ctx, int ready);
/* Watches a descriptor that somebody else owns; makes it non-blocking. NULL when it cannot
 * be watched (a regular file). After LOOP_ERROR it is paused until wanted again. */
struct loop_fd *loop_fd_new(struct loop *l, int fd, loop_fd_fn *fn, void *ctx);
void loop_fd_want(struct loop_fd *w, int ready); /* 0: pause */
void loop_fd_free(struct loop_fd *w);            /* before the descriptor is closed */

struct loop_signal *loop_signal_new(
	struct loop *l, int signo, void (*fn)(void *ctx, int), void *ctx);
void loop_signal_free(struct loop_signal *s);

/* A child with pipes and a deadline. It gets its own session (no terminal), default
 * signals, closed foreign descriptors. Output comes in pieces; exactly one on_end. */
struct loop_child_opts {
	const char *const *argv; /* argv[0] looked up in PATH */
	const char *const *env;  /* NULL: ours */
	const char *dir;         /* NULL: ours */
	const void *input;       /* written to stdin, then EOF (unless keep_stdin) */
	size_t input_len;
	bool keep_stdin;    /* stdin stays open for loop_child_write */
	int64_t timeout_ms; /* 0: none; then TERM, KILL after 2 s, timed_out is set */
	int pass_fd; /* a descriptor above 2 becomes fd 3 of the child; else none */
};
struct loop_child_end {
	int exit;   /* 0..255, or -1 when a signal ended it */
	int signal; /* 0 or the signal */
	bool timed_out;
};
struct loop_child_calls {
	void (*on_out)(void *ctx, const char *p, size_t len);
	void (*on_err)(void *ctx, const char *p, size_t len);
	void (*on_end)(void *ctx, const struct loop_child_end *end);
	void *ctx;
};
struct loop_child *loop_child_start(struct loop *l, const struct loop_child_opts *o,
	const struct loop_child_calls *calls, struct err *e) WARN_UNUSED;
pid_t loop_child_pid(const struct loop_child *c);
bool loop_child_write(struct loop_child *c, const void *p, size_t len);
void loop_child_close_stdin(struct loop_child *c);
void loop_child_signal(struct loop_child *c, int signo); /* to its process group */
/* After on_end, or before: then it is killed and no call comes any more. */
void loop_child_free(struct loop_child *c);

/* Runs `work` on a thread, then `done` on the loop; frees itself after. Used by the
 * journal's writer only. */
struct loop_work;
struct loop_work *loop_work_start(
	struct loop *l, void (*work)(void *ctx), void (*done)(void *ctx), void *ctx);

/* Whole output of a short child, kept up to `limit` bytes; blocks the caller by turning
 * the loop. Only for subcommands without a screen. */
struct loop_capture {
	struct str out, err;
	struct loop_child_end end;
	bool cut;
};
bool loop_child_capture(struct loop *l, const struct loop_child_opts *o, size_t limit,
	struct loop_capture *out, struct err *e) WARN_UNUSED;
void loop_capture_release(struct loop_capture *c);

#endif
