#ifndef MODEL_PARTS_H
#define MODEL_PARTS_H

/* Frees the contents of the plain structs of runbook.h; for runbook.c and project.c. */

#include "model/runbook.h"

void parts_free_strings(struct strings *s);
void parts_free_pairs(struct pairs *p);
void parts_free_host(struct host *h);
void parts_free_probe(struct probe *p);
void parts_free_role(struct role *r);
void parts_free_duty(struct duty *d);
void parts_free_step(struct step *s);
void parts_free_http(struct http_spec *h);

#endif
