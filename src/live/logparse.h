#ifndef LIVE_LOGPARSE_H
#define LIVE_LOGPARSE_H

/*
 * What one line says of itself: when, how bad, where its message begins, and whether it
 * only goes on with the line before it (a stack trace). Knows plain lines of many
 * programs, syslog, access logs, key=value lines and JSON lines, and tells them apart by
 * themselves. It never fails: what it does not find is left out. Called for every line
 * that arrives, so it reads the beginning of a line only, and of JSON the outermost names.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "live/loglevel.h"
#include "live/logtime.h"

struct logparse {
	struct wall at; /* when `timed` */
	bool timed;
	bool continues; /* looks like the rest of a trace */
	enum loglevel level;
	size_t message; /* offset in the line */
};

void logparse_line(
	const char *s, size_t len, const struct logtime_ref *ref, struct logparse *out);
/* The line as it is read best: the message of a JSON line first, then its other members
 * as name=value; any other line from `message` on. Not harmless by itself. */
void logparse_show(const char *s, size_t len, size_t message, struct str *out);

#endif
