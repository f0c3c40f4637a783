#ifndef AUDIT_REPORTBACK_H
#define AUDIT_REPORTBACK_H

/* The way back in a report: of an open run what would be taken back now and the words that
 * begin it; of one that was led back how far it came, and what stays. */

#include "base/jsonout.h"
#include "run/run.h"

/* One line each, with `indent` before all but the first; nothing where nothing ran. Control
 * bytes are the caller's to make harmless. */
void reportback_text(const struct run *r, const char *indent, struct str *out);
/* The member `way_back`. */
void reportback_json(const struct run *r, struct jsonout *j);

#endif
