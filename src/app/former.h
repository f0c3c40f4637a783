#ifndef APP_FORMER_H
#define APP_FORMER_H

/* The records of former runs of the same runbook, read for how long its steps usually take.
 * Bounded in files and bytes: it answers while a person looks. */

#include "run/run.h"
#include "run/usual.h"

/* runs_dir NULL: the default. Records that cannot be read are passed over. */
struct usual *former_times(const char *runs_dir, const struct run *r);

#endif
