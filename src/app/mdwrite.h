#ifndef APP_MDWRITE_H
#define APP_MDWRITE_H

/*
 * Texts of a runbook as Markdown that says no more than they do: no letter of theirs is
 * taken for a mark-up, and no block ends before its text does. Used by showmd; what a step
 * is made of is decided there.
 */

#include "base/str.h"

/* Does the text stand at the beginning of a line, where more marks mean something? */
enum mdwrite_where { MDWRITE_IN_LINE, MDWRITE_AT_BEGIN };

/* One line of prose. */
void mdwrite_prose(
	struct str *out, const char *text, size_t len, enum mdwrite_where where);
/* The whole of a text on one line. */
void mdwrite_line(struct str *out, const char *text);
/* A text of several lines as paragraphs, each line behind `indent`. */
void mdwrite_paragraphs(struct str *out, const char *text, const char *indent);
/* Between more backticks than the text holds in a row. */
void mdwrite_code(struct str *out, const char *text);
/* One empty line, not two. */
void mdwrite_gap(struct str *out);
/* Begins with an empty line, which a fence inside an item wants. */
void mdwrite_fence(
	struct str *out, const char *language, const char *text, const char *indent);

#endif
