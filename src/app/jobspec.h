#ifndef APP_JOBSPEC_H
#define APP_JOBSPEC_H

/*
 * What the runbook and the record say of a job before it is started: its name over there,
 * its folder, and whether the step is for more machines than one. Used by outcome.c alone.
 */

#include "run/run.h"

/* "<step>.<host>.<attempt>": the journal chose the name; the parts are taken back, each
 * into `len` bytes. False: it is no such name. */
bool jobspec_parts(const char *job, char *step, char *host, size_t len);
/* job_dir: of the target's host, or NULL. */
const char *jobspec_dir(const struct runbook *rb, int target);
/* The step is for several hosts, and two of their names may lead to one machine: only that
 * one can tell. */
bool jobspec_once(const struct run *r, int step, enum way way);

#endif
