#ifndef APP_DEMO_H
#define APP_DEMO_H

/*
 * The stage of `handrail demo`: a throw-away folder with a small web service, the tour's
 * runbook, a handrail.yaml and a key that exists only there. Commands really run, on this
 * machine, in that folder; the record is a real one and goes with the folder.
 */

#include "app/cmd.h"

struct demo;

/* ERR_IO or ERR_STATE names what is missing. */
struct demo *demo_new(struct loop *l, struct err *e) WARN_UNUSED;
void demo_free(struct demo *d); /* stops the service, removes the folder */
const char *demo_dir(const struct demo *d);
const char *demo_runbook(const struct demo *d);
const char *demo_project(const struct demo *d);
const char *demo_runs(const struct demo *d);
const char *demo_key(const struct demo *d);
/* Answers for a tour that nobody walks, up to the signature. */
const char *demo_answers(const struct demo *d);
const struct pairs *demo_inputs(const struct demo *d);

#endif
