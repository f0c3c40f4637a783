#ifndef LOAD_STEPNAME_H
#define LOAD_STEPNAME_H

/* What a step is called when nobody named it: title, id, number. All on the heap. */

#include "load/loading.h"

/* head and the names of a scalar or list, with commas. */
char *stepname_join(const char *head, const struct ynode *n);
/* A title from what the step does. */
char *stepname_title(
	const struct frame *f, const struct ynode *subject, const struct step *s);
/* A free id from the title: itself, else with -2, -3 behind. */
char *stepname_id(struct frame *f, const char *title);
/* The written id, if it is free; else one from the title. */
char *stepname_take_id(struct frame *f, const struct ynode *n, const char *title);
/* The next display number. */
char *stepname_number(struct frame *f, enum step_kind kind);

#endif
