#ifndef BASE_STAMP_H
#define BASE_STAMP_H

/*
 * Times and durations as text. Times are RFC 3339 UTC with milliseconds
 * (2026-11-20T15:00:01.234Z); durations are NUMBER UNIT with ms s m h d.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum { STAMP_BYTES = 32 };

const char *stamp_wall(struct wall w, char out[STAMP_BYTES]);     /* with .mmm */
const char *stamp_wall_sec(struct wall w, char out[STAMP_BYTES]); /* ...:01Z */
const char *stamp_clock(struct wall w, char out[STAMP_BYTES]);    /* 13:31:07Z */
bool stamp_parse(const char *s, struct wall *out);                /* strict */
/* "1.5h", "90d", "200ms": false if not a duration, negative or beyond 100 years. */
bool stamp_parse_duration(const char *s, int64_t *ms);
/* For people: "43 ms", "7.1 s", "0:42", "2m14s", "10h31m", "3d04h". */
const char *stamp_duration(int64_t ms, char out[STAMP_BYTES]);

#endif
