#ifndef VIEW_VIEW_SIGN_H
#define VIEW_VIEW_SIGN_H

/*
 * The sign-off dialog: what is said, what was uncomfortable, the statement word for word,
 * the key, a comment, the box that says one has looked. Sign is off until it is ticked.
 */

#include "run/run.h"
#include "view/form.h"

enum { SIGN_KEY, SIGN_COMMENT, SIGN_LOOKED, SIGN_SIGN, SIGN_DECLINE, SIGN_BACK };

struct sign_scene_key {
	const char *name, *fingerprint, *principal; /* principal NULL: nobody vouches */
	bool from_agent;
};

struct sign_scene {
	const struct run *run;
	int step;
	const struct sign_scene_key *keys;
	size_t keys_len;
	bool listing;          /* the keys are still being listed */
	const char *statement; /* frozen, or NULL */
	const char *why;       /* why there is no statement, or NULL */
	bool signing;
};

void view_sign_open(struct form *f, const struct sign_scene *s, struct now now);
void view_sign_keys(struct form *f, const struct sign_scene *s); /* the list changed */
void view_sign_update(struct form *f, const struct sign_scene *s);

#endif
