#ifndef APP_READINGSLINE_H
#define APP_READINGSLINE_H

/*
 * The lines of a file of readings, as handrail-readings(5) has them; for app/readings.c
 * only. Pure: bytes to vital and back.
 */

#include "base/str.h"
#include "live/vital.h"

struct readingsline_fault {
	int line;         /* from 1 */
	const char *what; /* static words */
};

void readingsline_header(const char *what, const char *name, struct str *out);
/* The header is whole and of this digest. A file without one is read, and found bad. */
bool readingsline_is_of(const char *text, const char *what);
void readingsline_sample(const struct vital_sample *s, struct str *out);
void readingsline_change(const struct vital_change *c, struct str *out);
void readingsline_mute(const struct vital_mute *m, struct str *out);
/* All that is worth keeping of it. */
void readingsline_all(const struct vital *v, struct now now, struct str *out);
/* Every good line into the vital; false: one was bad, or the last one is not whole. */
bool readingsline_read(const char *text, size_t len, struct vital *v, struct now now,
	struct readingsline_fault *f);

#endif
