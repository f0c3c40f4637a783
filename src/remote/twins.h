#ifndef REMOTE_TWINS_H
#define REMOTE_TWINS_H

/*
 * Names that lead to one machine, as far as ssh's configuration tells: same address, port
 * and way there. For the plan page, the line mode and doctor, which warn before anything
 * runs. Contacts nobody; machines that have several addresses find out themselves (HR1_ONCE
 * in remote/hr1/README).
 */

#include "loop/loop.h"
#include "model/runbook.h"

/* Called once. words: "web1 and www are one machine (127.0.0.3:22)", more after "; ", or
 * "" when there are none. */
typedef void twins_fn(void *ctx, const char *words);
struct twins;
/* The aliases are copied; more than 200 are not compared. */
struct twins *twins_start(
	struct loop *l, const char *const *aliases, size_t n, twins_fn *fn, void *ctx);
/* The ssh targets of a runbook. NULL, and no call, where there are not two. */
struct twins *twins_of(struct loop *l, const struct runbook *rb, twins_fn *fn, void *ctx);
void twins_free(struct twins *t); /* no call after */

#endif
