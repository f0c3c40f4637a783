#ifndef REMOTE_PGSERVICE_H
#define REMOTE_PGSERVICE_H

/*
 * What a service of pg_service.conf holds, read by us and not by libpq: its host has to be
 * known before libpq is called, which would look the name up and block meanwhile. Looks where
 * libpq does: PGSERVICEFILE, else ~/.pg_service.conf, then the system's file.
 */

#include "base/err.h"
#include "model/runbook.h"

/* Adds the settings of the service. ERR_INPUT: there is none of that name. */
bool pgservice_read(const char *name, struct pairs *out, struct err *e) WARN_UNUSED;
/* Of one file's text; *found: the section is there. */
bool pgservice_parse(const char *text, const char *name, struct pairs *out, bool *found,
	struct err *e) WARN_UNUSED;

#endif
