#ifndef LIVE_BOXFACTS_H
#define LIVE_BOXFACTS_H

/*
 * What a person should know of the containers without reading the table: worst first. Facts
 * are derived anew from what the hosts said; nothing is kept. A host or a list of services
 * that is not known is a fact of its own, never silence.
 */

#include "live/boxes.h"

/* NOTE: worth knowing. WARN: beyond what is wanted. BAD: something does not work, or is not
 * known. */
enum boxfacts_level { BOXFACTS_NOTE, BOXFACTS_WARN, BOXFACTS_BAD };

struct boxfact {
	enum boxfacts_level level;
	int key;     /* of the container, or 0 */
	size_t host; /* of boxes_host, or SIZE_MAX: of several */
	char *text;  /* "web2 acme-api-1: ..." */
};

struct boxfacts {
	VEC_OF(struct boxfact) list;
};

void boxfacts_of(const struct boxes *bs, struct now now, struct boxfacts *out);
void boxfacts_release(struct boxfacts *f);
const char *boxfacts_level_name(enum boxfacts_level l);
/* The worst of them; NOTE where there is none. */
enum boxfacts_level boxfacts_worst(const struct boxfacts *f);
/* "old" or "new" where hosts run one service in several versions; else "". */
const char *boxfacts_version(const struct boxes *bs, const struct box *b);
/* How bad the container is by itself: not running well is BAD, on its way WARN. */
enum boxfacts_level boxfacts_level(const struct box *b);

#endif
