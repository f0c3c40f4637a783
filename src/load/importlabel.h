#ifndef LOAD_IMPORTLABEL_H
#define LOAD_IMPORTLABEL_H

/*
 * What a heading or a bold label announces: "Acceptance criteria", "Emergency Contacts",
 * "Why". One table of words; whatever it does not know is an ordinary section. Pure.
 */

#include <stdbool.h>
#include <stddef.h>

enum importlabel {
	IMPORTLABEL_NONE,
	IMPORTLABEL_WHY,      /* reasons: paragraphs and items go into `why` */
	IMPORTLABEL_IMPACT,   /* the same, with the word before it */
	IMPORTLABEL_STEPS,    /* what is done: no section of its own */
	IMPORTLABEL_ACCEPT,   /* what must be true in the end */
	IMPORTLABEL_REQUIRES, /* reviews */
	IMPORTLABEL_PROSE,    /* diagnosis, mitigation: paragraphs are steps too */
	IMPORTLABEL_CONTACTS,
	IMPORTLABEL_LINKS,
	IMPORTLABEL_SIGNOFF,
	IMPORTLABEL_CONTENTS, /* a table of contents */
	IMPORTLABEL_EXPECTED, /* of the step above */
	IMPORTLABEL_NOTE      /* of the step above, or of the section */
};

/* `text` may begin with a number and end in a colon. */
enum importlabel importlabel_of(const char *text, size_t len);
/* The label a line begins with ("Expected: ...", "URL: ..."): bytes up to and with its
 * colon and blanks, or 0. `words` are separated by |. */
size_t importlabel_head(const char *text, const char *words);

#endif
