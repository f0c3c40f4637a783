#ifndef LOAD_THRESHOLD_H
#define LOAD_THRESHOLD_H

/*
 * The numbers a document measures by ("CPU usage > 80%", "keep 14", RATE_LIMIT=100,
 * LOG_LEVEL=INFO), each with its topic, and where they contradict each other: same topic,
 * different value. `handrail import` scans every document it was given into one list.
 * Pure, any bytes, linear. It reports; which number is right is for a person.
 */

#include <stddef.h>

#include "base/vec.h"
#include "model/expect.h"

struct threshold {
	size_t source; /* as the caller numbered its texts */
	int line;
	char *topic;       /* "CPU usage", "backup retention", or the name of a setting */
	enum expect_op op; /* EXPECT_EQ where no comparison is written */
	double value;      /* in base units: ms, %, bytes, plain */
	const char *unit;  /* of value: "ms" "%" "B" "" ; static */
	char *text;        /* as written: "< 200ms", "INFO" */
	enum { THRESHOLD_NUMBER, THRESHOLD_WORD } kind; /* WORD: text counts */
};

struct thresholds {
	VEC_OF(struct threshold) list; /* in the order they were found */
};

/* Entries of one topic, at least two of them different. */
struct threshold_conflict {
	const char *topic;    /* of the list */
	VEC_OF(size_t) which; /* indices in the list, one per value and source */
};

struct threshold_conflicts {
	VEC_OF(struct threshold_conflict) list;
};

struct threshold_text {
	const char *text;
	size_t len;
	size_t source;
	int first_line; /* number of the text's first line */
};

/* Appends to out. */
void threshold_scan(const struct threshold_text *t, struct thresholds *out);
void threshold_release(struct thresholds *t);
void threshold_conflicts(const struct thresholds *t, struct threshold_conflicts *out);
void threshold_conflicts_release(struct threshold_conflicts *c);

#endif
