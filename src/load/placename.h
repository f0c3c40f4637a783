#ifndef LOAD_PLACENAME_H
#define LOAD_PLACENAME_H

/*
 * Name, type and question of a placeholder, by its own words or by the label before it.
 * Only placeholder calls this.
 */

#include "load/placeholder.h"

struct placename_in {
	const char *text;
	size_t len, at, span;
	const char *words; /* NULL: the label */
	size_t words_len;
	const char *fallback; /* where there is neither */
	bool secret;          /* whatever the words say */
};

/* Sets name, type, secret and question. */
void placename_fill(const struct placename_in *in, struct placeholder *p);
/* "Date" in "**Date:** " before `at`: its bytes, 0 where there is no label; *from may be
 * NULL. */
size_t placename_label(const char *text, size_t at, size_t *from);
/* An = stands before, with a name before that. */
bool placename_assigned(const char *text, size_t at);

#endif
