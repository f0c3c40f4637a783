#ifndef TESTS_GOLDEN_STAGEHOME_H
#define TESTS_GOLDEN_STAGEHOME_H

/* The rows of the Home of the golden frames. */

#include "view/view_home.h"

extern const struct home_runbook stagehome_runbooks[4];
extern const struct home_run stagehome_runs[2];
extern const struct home_run stagehome_colleagues[4]; /* runs of others among them */
struct due_scene stagehome_due(void);

#endif
