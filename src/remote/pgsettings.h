#ifndef REMOTE_PGSETTINGS_H
#define REMOTE_PGSETTINGS_H

/* How a connection to PostgreSQL is made: what a connection string or a service says, and
 * what is added so that it is safe. For pgconn.c; values may be passwords. */

#include "remote/pgconn.h"

void pgsettings_set(struct pairs *c, const char *key, const char *value);
bool pgsettings_read(
	struct pairs *c, const struct pgconn_opts *o, struct err *e) WARN_UNUSED;
void pgsettings_safe(struct pairs *c, const struct pgconn_opts *o, const char *host);

#endif
