#ifndef RUN_EFFECT_H
#define RUN_EFFECT_H

/* What the outside is ordered to do, after the events are on disk. Plain data. */

#include <stdint.h>

#include "base/vec.h"
#include "run/request.h"

enum effect_kind {
	EFFECT_JOB,    /* start the job of a leg (at most once), follow it */
	EFFECT_LOOK,   /* a read-only command */
	EFFECT_CANCEL, /* stop the job of a leg */
	EFFECT_ASK,    /* after a resume: ask the host what became of the leg's job */
	EFFECT_COMMIT, /* sql, copy: which transaction or content it is stands in the record */
	EFFECT_PROBE, /* look and report READING */
};

struct effect {
	enum effect_kind kind;
	int step, leg, attempt;
	enum way way;
	int probe;
	int64_t delay_ms; /* PROBE: not before */
};

struct effects {
	VEC_OF(struct effect) list;
};

#endif
