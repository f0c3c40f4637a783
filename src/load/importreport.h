#ifndef LOAD_IMPORTREPORT_H
#define LOAD_IMPORTREPORT_H

/*
 * The account of an import for people and for programs: how many lines were kept, guessed
 * and lost, which ones, and what an author should look at. Formats: handrail(1).
 */

#include "base/jsonout.h"
#include "load/import.h"

void importreport_text(const struct import *im, struct str *out);
/* The members of the object: lines, kept, guessed, lost, items, notes. */
void importreport_json(const struct import *im, struct jsonout *j);

#endif
