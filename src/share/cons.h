#ifndef SHARE_CONS_H
#define SHARE_CONS_H

/*
 * The consoles that have written a record, with blanks between: whose lines somebody has who
 * brings that record to the store.
 */

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

void cons_add(struct str *cons, const char *con); /* once */
bool cons_has(const char *cons, const char *con);
/* Of the record in that folder, into `out`, as far as it holds. */
bool cons_of(const char *run_dir, struct str *out, struct err *e) WARN_UNUSED;

#endif
