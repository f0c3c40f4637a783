#ifndef MODEL_MOMENT_H
#define MODEL_MOMENT_H

/*
 * The moment that a wait is for: "2026-11-20T15:00:00Z", "15:00" (the next time it is that
 * late), "2026-12-01 09:00", both also with the zone whose clock is meant: "15:00
 * Europe/Berlin". Without one it is UTC. Where clocks are put back a time comes twice, and
 * the first that is still to come is meant; where they are put forward one never comes, and
 * the moment that it would have been is meant. Pure.
 */

#include "base/str.h"
#include "model/window.h"

enum moment_kind { MOMENT_PLAIN, MOMENT_NEVER, MOMENT_TWICE };

struct moment {
	struct wall at;
	const struct zone *zone; /* NULL: UTC */
	char zone_name[ZONE_NAME_BYTES];
	enum moment_kind kind;
	bool second; /* of a time that comes twice */
};

/* Is it one, whatever its zone? zone_name: "" for UTC. */
bool moment_parse(const char *text, char zone_name[ZONE_NAME_BYTES]);
/* After `now` where no day is named. ERR_INPUT: it is none, or of a zone that is not among
 * them. */
bool moment_read(const char *text, const struct windows *zones, struct wall now,
	struct moment *out, struct err *e) WARN_UNUSED;
/* "Tue 2026-12-01 09:00 CET, 2026-12-01T08:00:00Z", and what is to be known of it. */
void moment_words(const struct moment *m, struct str *out);

#endif
