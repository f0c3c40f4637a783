#ifndef APP_ELSEWHERE_H
#define APP_ELSEWHERE_H

/*
 * A run that a console on another machine drives, or drove last, as the store of the project
 * has it: found by the end of its id, its record fetched and checked, and taken. What stands
 * here of it and never came to the store goes to forked/ in its folder. Turns the loop.
 */

#include "app/cmd.h"

struct elsewhere {
	char run[ULID_LEN + 1];
	int64_t epoch;   /* of its driver; 0: the store knows none */
	char *who, *con; /* of that driver, harmless; or NULL */
	bool left;       /* its console ended */
	int64_t heard_s; /* since the store heard of it last */
	int64_t seq;     /* the newest record there */
};
void elsewhere_release(struct elsewhere *w);

/* Is this run somebody else's to begin with? False with ERR_NONE: no; the store is not
 * named, cannot be asked (`unsure` says why), does not know it, or what is here is all of it.
 * False with e: it cannot be said, and nothing of the run is here. */
struct storing;
bool elsewhere_find(struct cmd *c, const char *word, const char *local_dir,
	struct elsewhere *out, struct str *unsure, struct err *e) WARN_UNUSED;

/* Its record, in a folder beside the others that no word names; checked as by verify. Caller
 * frees; fetching_drop when it is not taken. */
char *elsewhere_fetch(struct cmd *c, struct elsewhere *w, struct err *e) WARN_UNUSED;
/* The lease in the store, then the folder of the run; its name, caller frees. *again: the run
 * has gone on meanwhile, fetch anew; ERR_BUSY: somebody else took it. */
char *elsewhere_take(struct cmd *c, const struct elsewhere *w, char *fetched_take,
	bool *again, struct err *e) WARN_UNUSED;

/* "anna@example.com (jump1/4711/9f3c2e11), last heard 12 s ago" */
void elsewhere_words(const struct elsewhere *w, struct str *out);

#endif
