#ifndef APP_OUTSIDE_H
#define APP_OUTSIDE_H

/*
 * What is done from outside to a run that another console drives: finding it, looking on,
 * asking for something, ending that console. For the subcommands and the console alike.
 */

#include "app/cmd.h"
#include "app/onlooker.h"

/* The word of a run: one of ours, one that is driven on this machine by somebody who lets us
 * look on, or one of another machine that the store of the project knows. Turns the loop. */
struct onlooker *outside_find(struct cmd *c, const char *word, struct err *e) WARN_UNUSED;
/* Only one that another machine drives, or may: NULL with ERR_NONE when the store knows of none,
 * or nobody drives it and its record is here. */
struct onlooker *outside_far(struct cmd *c, const char *word, struct err *e) WARN_UNUSED;
/* Waits until the driver there has answered; `refused` is what on_message brought. ERR_TIMEOUT:
 * it is in the store, and is read when that console can. */
bool outside_settle(struct cmd *c, struct session *s, const struct err *refused,
	struct err *e) WARN_UNUSED;
/* Asks the driver, and waits for it to be in the record. Take the onlooker. */
enum exit_code outside_note(struct cmd *c, struct onlooker *take, const char *text);
enum exit_code outside_offer(struct cmd *c, struct onlooker *take, const char *to);

/* Who holds the record of a run, in words: "anna, since 10:02 (jump1/4711, stopped)". False:
 * nobody. */
bool outside_holder(const char *run_dir, struct str *out);
/* Ends the console that holds the lock, and waits until the lock is free: TERM, and KILL where
 * that does nothing. ERR_BUSY: it cannot be ended from here, or it is not the process that the
 * lock names. Turns the loop. */
bool outside_end(struct loop *l, const char *run_dir, struct err *e) WARN_UNUSED;
/* Waits for the lock of a run that was let go of; ERR_BUSY when it stays. */
bool outside_wait_free(
	struct loop *l, const char *run_dir, int64_t ms, struct err *e) WARN_UNUSED;

#endif
