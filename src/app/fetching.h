#ifndef APP_FETCHING_H
#define APP_FETCHING_H

/*
 * The record of a run out of the store into a folder of its own, checked as by verify, and
 * from there into its place. For app/elsewhere.c and whoever looks on from another machine.
 */

#include "app/cmd.h"
#include "app/storing.h"

/* A folder beside the runs, named as the run; `seq`: the newest record. ERR_RECORD: what the
 * store holds does not verify. Caller frees. */
char *fetching_record(struct cmd *c, struct storing *s, const char *run, int64_t *seq,
	struct err *e) WARN_UNUSED;
void fetching_drop(char *dir_take);
/* Takes the place of what stands here of the run; that goes to forked/ unless all of it is in
 * what was fetched. ERR_STATE: a console here holds it. The new folder; caller frees. */
char *fetching_install(struct cmd *c, const char *fetched, struct err *e) WARN_UNUSED;
int64_t fetching_epoch(const char *run_dir);    /* the highest of its records; 0: none */
int64_t fetching_last_seq(const char *run_dir); /* -1: none */

#endif
