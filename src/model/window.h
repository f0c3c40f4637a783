#ifndef MODEL_WINDOW_H
#define MODEL_WINDOW_H

/*
 * When work is meant to happen in an environment: windows of the week ("Mon-Thu 09:00-17:00
 * Europe/Berlin"; none: always) and freezes, which shut them. A moment lies in a window when
 * a clock of its zone shows it, so that a time that never comes is never open and one that
 * comes twice is open twice. Pure.
 */

#include "base/zone.h"

enum { WINDOW_DAYS = 7 };

struct window {
	unsigned days;                   /* bit 0: Monday */
	int from_s, to_s;                /* of the day; to_s is no longer in it */
	char zone_name[ZONE_NAME_BYTES]; /* "": UTC */
	const struct zone *zone;
};

struct freeze {
	struct wall from, until;
	char *why; /* or NULL */
	const struct zone *zone;
};

struct windows {
	VEC_OF(struct window) windows;
	VEC_OF(struct freeze) freezes;
	VEC_OF(struct zone *) zones; /* owned; every other pointer to one leads here */
};

void window_release(struct windows *w);
void window_copy(const struct windows *from, struct windows *to);
/* The zone of that name among the owned ones, or NULL. */
const struct zone *window_zone(const struct windows *w, const char *name);
bool window_any(const struct windows *w);

/* The window a text describes, its zone not yet looked up. */
bool window_parse(const char *text, struct window *out);

struct window_state {
	bool open;
	struct wall change; /* when it opens or shuts next; 0: never */
	const struct freeze
		*frozen;         /* why it is shut, or NULL: outside of every window */
	const struct zone *zone; /* whose clock to show */
};
struct window_state window_at(const struct windows *w, struct wall t);

#endif
