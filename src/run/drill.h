#ifndef RUN_DRILL_H
#define RUN_DRILL_H

/*
 * What a practice run came to, read off its record: the session puts hints, wrong turns and
 * the moment it was solved there as notes with one of these words as `drill`. What a person
 * notes has none, whatever it says. Pure.
 */

#include "run/run.h"

#define DRILL_HINT   "hint"
#define DRILL_WRONG  "wrong"
#define DRILL_SOLVED "solved"

struct drill {
	bool solved;
	int64_t took_ms; /* until it was solved, else until the last record */
	int hints, wrong;
};

void drill_count(const struct run *r, struct drill *out);
/* "solved in 3m12s, 1 hint, no wrong turn" */
void drill_words(const struct drill *d, struct str *out);

#endif
