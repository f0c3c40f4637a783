#ifndef BASE_DLOG_H
#define BASE_DLOG_H

/*
 * Debug log: JSON lines into a file named by --debug or HANDRAIL_DEBUG, never the
 * terminal; off unless opened. Texts pass text_harmless. Not for facts of a run.
 */

#include <stdbool.h>

#include "base/err.h"

bool dlog_open(const char *path, struct err *e) WARN_UNUSED;
void dlog_close(void);
bool dlog_on(void);
void dlog(const char *area, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
