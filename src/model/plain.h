#ifndef MODEL_PLAIN_H
#define MODEL_PLAIN_H

/* Frees the contents of the plain structs of runbook.h; for runbook.c and project.c. */

#include "model/runbook.h"

void plain_free_strings(struct strings *s);
void plain_free_pairs(struct pairs *p);
void plain_free_host(struct host *h);
void plain_free_probe(struct probe *p);
void plain_free_role(struct role *r);
void plain_free_http(struct http_spec *h);

#endif
