#ifndef APP_WATCHED_H
#define APP_WATCHED_H

/*
 * When `handrail tick` last came to its end, kept in the state folder beside its lock: so
 * that the due list can say that nobody watches.
 */

#include <stdbool.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

enum { WATCHED_FRESH_MS = 30 * 60 * 1000 };

struct wall watched_last(void); /* 0: never, or it cannot be read */
bool watched_tell(struct wall at, struct err *e) WARN_UNUSED;
/* A lock of tick ("tick.lock", "store.lock"): its descriptor, or -1; ERR_STATE when another
 * one runs. */
int watched_lock(const char *name, struct err *e) WARN_UNUSED;
/* "watched: last look 4m ago", or "not watched: ..."; true when watched. */
bool watched_words(struct wall last, struct wall now, struct str *out);

#endif
