#ifndef APP_PLAININPUT_H
#define APP_PLAININPUT_H

/*
 * Inputs in the line mode: asked for before a step that needs them, from the answers file, by
 * their default, or of the person at the terminal; and changed by that person within the run.
 */

#include "app/plainask.h"

enum plainask plaininput_ask(struct session *s, const struct answers *a, int input,
	struct plainask_request *out, struct err *e);
/* Is there one that could be changed? */
bool plaininput_any(const struct session *s);
/* Which one, and its new value. NOTHING: it stays as it is; MISSING: it may not change, and
 * e says why. */
enum plainask plaininput_change(
	struct session *s, struct plainask_request *out, struct err *e);

#endif
