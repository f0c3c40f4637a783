#ifndef APP_GIVENS_H
#define APP_GIVENS_H

/*
 * Values of a runbook's inputs where there is no run: what the environment of handrail.yaml
 * gives, what was given on the command line, and secrets that can be had without a person
 * (an environment variable, a file). Every secret is redacted from then on.
 */

#include "base/redact.h"
#include "model/runbook.h"

struct givens;

struct givens *givens_new(const struct runbook *rb); /* borrowed */
void givens_free(struct givens *g);
/* From the command line: names of the runbook's own inputs. */
void givens_set(struct givens *g, const char *name, const char *value);
const char *givens_value(struct givens *g, const char *full_name); /* NULL: has none */
const struct redact *givens_redact(const struct givens *g);
/* Each value that is no secret, of that scope. */
void givens_each(struct givens *g, int scope,
	void (*fn)(void *ctx, const char *name, const char *value), void *ctx);

#endif
