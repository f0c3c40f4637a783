#ifndef APP_DEMO_H
#define APP_DEMO_H

/*
 * The stage of `handrail demo`: a throw-away folder with the tour's runbook, the scenario
 * that plays its hosts, and a handrail.yaml. The record of the walk goes with the folder.
 */

#include "base/err.h"

struct demo;

/* ERR_IO names what is missing. */
struct demo *demo_new(struct err *e) WARN_UNUSED;
void demo_free(struct demo *d); /* removes the folder */
const char *demo_dir(const struct demo *d);
const char *demo_runbook(const struct demo *d);
const char *demo_project(const struct demo *d);
const char *demo_scenario(const struct demo *d);
/* Answers for a tour that nobody walks, up to its fault. */
const char *demo_answers(const struct demo *d);

#endif
