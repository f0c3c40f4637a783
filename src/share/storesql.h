#ifndef SHARE_STORESQL_H
#define SHARE_STORESQL_H

/*
 * The schema of the store, as store.sql has it, by version. What is released stays as it is;
 * an upgrade sends what came later. Knows no connection.
 */

#include <stdbool.h>

#include "base/str.h"

int storesql_version(void); /* the newest one we know */
/* The text of the versions after `have`, each in a transaction of its own; false: there is
 * none. */
bool storesql_since(int have, struct str *out);

/* What helps against an error of a store by its SQLSTATE, in words; NULL: what it says. */
const char *storesql_cure(const char *state);

/* What one who comes asks first: whether there is a store, which version, what it wants. */
#define STORESQL_VERSION "select max(version), max(speaks) from handrail.version"

#endif
