#ifndef REMOTE_SIMRUN_H
#define REMOTE_SIMRUN_H

/* One command on a simulated target: waits for its link, asks the sim, lets its time pass.
 * Used by jobs and looks in place of an exec. Any call may free it. */

#include "remote/job.h"
#include "remote/sim.h"

struct simrun;

struct simrun_end {
	bool ran;
	int exit;
	int64_t took_ms;
	char why[200]; /* when it did not run */
};

struct simrun_calls {
	void (*on_start)(void *ctx); /* may be NULL */
	void (*on_out)(void *ctx, const char *p, size_t len);
	void (*on_err)(void *ctx, const char *p, size_t len);
	void (*on_end)(void *ctx, const struct simrun_end *end);
	void *ctx;
};

/* `step`: whose command it is, or NULL. */
struct simrun *simrun_start(struct link *l, const char *step, const char *text,
	const struct simrun_calls *calls);
/* The step that a command is told of in its environment, or NULL. */
const char *simrun_step(const struct job_env *env, size_t len);
void simrun_cancel(struct simrun *s); /* ends it as by TERM, soon */
void simrun_free(struct simrun *s);   /* no call after */

#endif
