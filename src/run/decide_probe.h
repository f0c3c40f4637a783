#ifndef RUN_DECIDE_PROBE_H
#define RUN_DECIDE_PROBE_H

/* Checks, soaks, waits, and the looks that must be good before a dangerous step. */

#include "run/decide_emit.h"

/* A sign-off: what changed is looked at; where git could not tell, again. */
void decide_probe_look_revised(struct decide_ctx *c, int step);
/* True when some of it is too old to hang anything on, and is looked at again. */
bool decide_probe_look_stale(struct decide_ctx *c);
bool decide_probe_revised(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_probe_enter(
	struct decide_ctx *c, struct err *e) WARN_UNUSED; /* START of a check */
bool decide_probe_wait(
	struct decide_ctx *c, struct err *e) WARN_UNUSED; /* START of a wait */
/* A soak begins, or begins again and says why (NULL: the first time). */
bool decide_probe_soak(
	struct decide_ctx *c, int step, const char *why, struct err *e) WARN_UNUSED;
bool decide_probe_reading(struct decide_ctx *c, struct err *e) WARN_UNUSED;
/* The board, not a step: no effect, and nothing waits for it. */
bool decide_probe_turned(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_probe_snapshot(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_probe_look(struct decide_ctx *c, struct err *e) WARN_UNUSED;
bool decide_probe_mute(struct decide_ctx *c, struct err *e) WARN_UNUSED;
/* The end of a wait whose time has come. */
bool decide_probe_wait_over(struct decide_ctx *c, int step, struct err *e) WARN_UNUSED;
/* Looks again at what a running check has not heard of: after a resume. */
void decide_probe_again(struct decide_ctx *c, int step);
/* The step's `before:` probes. READY: all good and fresh. LOOKING: effects ask for those
 * that are not fresh. REFUSED: one is fresh and bad, e says which. */
enum decide_probe { DECIDE_PROBE_READY, DECIDE_PROBE_LOOKING, DECIDE_PROBE_REFUSED };
enum decide_probe decide_probe_before(struct decide_ctx *c, struct err *e) WARN_UNUSED;

/* Between two hosts of a step: its `before` is looked at anew, for a minute at most. */
bool decide_probe_between(struct decide_ctx *c, int step, struct err *e) WARN_UNUSED;

#endif
