#ifndef RUN_FOLD_H
#define RUN_FOLD_H

/*
 * What the events about legs and readings do to the state. Called by run_apply alone.
 * Nothing fails: what does not fit is ignored, as data of a later version would be.
 */

#include "base/json.h"
#include "run/run.h"

struct fold {
	struct run *r;
	const struct event *ev;
	const struct json_node *d; /* data */
	int step;                  /* NONE: about the run, or of a later version */
	struct run_step *rs;       /* NULL then */
};

/* Replaces *dst by a copy of text; NULL clears. */
void fold_set(char **dst, const char *text);
void fold_value(struct run *r, const char *full_name, const char *value, const char *who);
/* What waits to be tried again by two people's word waits for that word anew. */
void fold_unconfirm(struct run *r);
void fold_exception(struct fold *f, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void fold_runner(struct fold *f);
void fold_strings_clear(struct strings *s);
/* To do again; the numbers of its attempts go on. */
void fold_way_reset(struct leg_run *lr);

void fold_confirm(struct fold *f);
/* Of a two-person step: somebody else confirmed it, or the glass was broken for it. */
void fold_second(struct fold *f, bool forced);
void fold_intent(struct fold *f);
void fold_started(struct fold *f);
void fold_output(struct fold *f);
void fold_done(struct fold *f);
void fold_cancel(struct fold *f);
void fold_unknown(struct fold *f);
void fold_resolve(struct fold *f);
void fold_reading(struct fold *f);
/* Who drives. */
void fold_driver(struct fold *f);
void fold_drive_taken(struct fold *f);
void fold_drive_offers(struct fold *f);
void fold_drive_released(struct fold *f);
/* What people say of steps. */
void fold_redline(struct fold *f);
void fold_ticked(struct fold *f);
void fold_skipped(struct fold *f);
void fold_unticked(struct fold *f);
void fold_input_set(struct fold *f);
void fold_chosen(struct fold *f);
void fold_entered(struct fold *f);
void fold_signed_off(struct fold *f);
void fold_declined(struct fold *f);
void fold_sign_void(struct fold *f);
/* Before the event is applied: does it change what was over? */
void fold_change(struct fold *f);
/* The way back of the whole run, and what was left out of it or of a step over hosts. */
void fold_back_open(struct fold *f);
void fold_back_close(struct fold *f);
/* False: the skip is about the whole step. */
bool fold_back_left(struct fold *f);
/* The run is for these hosts only: the others are left out of every step. */
void fold_back_limit(struct fold *f, const struct json_node *list);
/* It goes on by itself no longer: an undo failed, is unknown, was stopped. */
void fold_back_stands(struct fold *f);
/* The leg of the event; NULL: none. */
struct leg *fold_leg(const struct fold *f);
enum way fold_way(const struct fold *f);
/* The wall clock was set. */
void fold_jumped(struct fold *f);
/* Nothing of it leads on by itself any more; why: what waited to be tried again says that. */
void fold_stand(struct run_step *rs, const char *why);

#endif
