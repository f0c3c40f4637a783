#ifndef APP_TRUST_H
#define APP_TRUST_H

/*
 * Which runbook contents this operator trusts: a file of hashes in the state folder. Until
 * a content is trusted nothing of it runs, not even a look. A changed file asks again.
 */

#include <stdbool.h>

#include "base/err.h"
#include "model/runbook.h"

/* Over all sources of the runbook and its project's hash (may be NULL). */
void trust_hash(
	const struct runbook *rb, const char *project_sha256, char out[DIGEST_HEX + 1]);
bool trust_has(const char *hash);
bool trust_grant(const char *hash, const char *path, struct err *e) WARN_UNUSED;

#endif
