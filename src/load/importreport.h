#ifndef LOAD_IMPORTREPORT_H
#define LOAD_IMPORTREPORT_H

/*
 * The account of an import for people and for programs: how many lines were kept, guessed
 * and lost, which ones, and what an author should look at. Formats: handrail(1).
 */

#include "base/jsonout.h"
#include "load/import.h"

void importreport_text(const struct import *im, struct str *out);
/* Pages imported together, and how the command line calls them. */
struct importreport_pages {
	const struct import *const *at;
	const char *const *names;
	size_t n;
};

/* The members of the object: lines, kept, guessed, lost, items, notes. A single page has its
 * name on top; of several the sums stand there, and each item names its file. */
void importreport_json(const struct importreport_pages *pages, struct jsonout *j);

#endif
