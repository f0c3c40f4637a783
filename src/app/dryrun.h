#ifndef APP_DRYRUN_H
#define APP_DRYRUN_H

/*
 * `handrail run --dry-run`: every step in its order with what it would do, where, with which
 * values, behind which gates, and what would be asked of whom. No record is begun, nothing is
 * trusted, no host, no program and no secret is asked for.
 */

#include "app/cmd.h"

/* `given`: inputs of the command line. */
enum exit_code dryrun_show(struct cmd *c, struct runbook *rb, const struct pairs *given);

#endif
