#ifndef RUN_DECIDE_EMIT_H
#define RUN_DECIDE_EMIT_H

/*
 * How the decisions put events and effects down: one request under decision, and the
 * spelling of the data all its families share. Key order is that of event_table.h.
 */

#include "base/jsonout.h"
#include "run/decide.h"

struct decide_ctx {
	const struct run *r;
	const struct request *q;
	struct now now;
	struct events *out;
	struct effects *fx;
};

typedef bool decide_fn(struct decide_ctx *c, struct err *e);

/* The data of one event while it is written. */
struct decide_data {
	struct str s;
	struct jsonout j;
};

void decide_emit_begin(struct decide_data *d); /* opens the object */
/* host, each, attempt and way of a leg; attempt 0 leaves it out. */
void decide_emit_leg(
	struct decide_data *d, const struct leg *leg, enum way way, int attempt);
void decide_emit_time(struct decide_data *d, const char *key, struct wall t);
/* A member of its own when text is not NULL. */
void decide_emit_maybe(struct decide_data *d, const char *key, const char *text);
/* The members of a JSON object but those named in `without` (NULL-terminated). ERR_INPUT
 * when it is not an object. */
bool decide_emit_members(struct decide_data *d, const char *json,
	const char *const *without, struct err *e) WARN_UNUSED;
/* Closes the object and adds the event; step NONE: about the run. ERR_LIMIT when no line
 * could hold it. The data is released either way. */
bool decide_emit_event(struct decide_ctx *c, enum event_type type, int step,
	struct decide_data *d, struct err *e) WARN_UNUSED;
/* Would it be one line of the record? */
bool decide_emit_fits(const struct decide_data *d);
void decide_emit_drop(struct decide_data *d);
void decide_emit_effect(struct decide_ctx *c, const struct effect *fx);
/* The hand that acts: the request's principal or the driver. */
const char *decide_emit_who(const struct decide_ctx *c);
/* Words of a person: there, valid, and short enough for one line of the record. */
bool decide_emit_words(const char *text, const char *what, struct err *e) WARN_UNUSED;
/* Not empty and not only blanks. */
bool decide_emit_said(const char *text);

#endif
