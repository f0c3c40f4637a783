#ifndef LOAD_IMPORTCONFLICT_H
#define LOAD_IMPORTCONFLICT_H

/*
 * Pages imported together that measure the same thing by different numbers: "CPU > 80%" on
 * one, "< 70%" on the other. What contradicts itself within one page is told by its own
 * import.
 */

#include "base/jsonout.h"
#include "base/str.h"
#include "load/threshold.h"

/* Adds what the page measures by; pages are numbered by the caller. */
void importconflict_scan(
	const char *text, size_t len, size_t page, struct thresholds *all);
/* For people and for programs (the member `conflicts`); names by number of the page. */
void importconflict_text(
	const struct thresholds *all, const char *const *names, struct str *out);
void importconflict_json(
	const struct thresholds *all, const char *const *names, struct jsonout *j);

#endif
