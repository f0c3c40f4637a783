#ifndef SHARE_CURSOR_H
#define SHARE_CURSOR_H

/*
 * How far the record of a run is known to be in the store: the file `mirror` in the run's
 * folder. A hint, for where to look first and what to say while the store cannot be asked;
 * the store itself says how far it is. Whose store it is makes the run one that is sent.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/err.h"

struct cursor {
	char *service;             /* of pg_service.conf */
	int64_t seq;               /* last record known to be there; -1: none */
	int64_t offset;            /* where that record begins in the journal */
	char hash[DIGEST_HEX + 1]; /* of it; "" without */
	struct wall at;            /* when the store said so */
};

/* False: there is none (ERR_STATE), or it cannot be read. */
bool cursor_read(const char *run_dir, struct cursor *out, struct err *e) WARN_UNUSED;
bool cursor_write(const char *run_dir, const struct cursor *c, struct err *e) WARN_UNUSED;
void cursor_remove(const char *run_dir);
void cursor_release(struct cursor *c);

#endif
