#ifndef VIEW_AUDITWORDS_H
#define VIEW_AUDITWORDS_H

/*
 * What one record of a journal says, in words: a line of a timeline, and everything that it
 * holds. One table, a row for each type of event; what a later version wrote is told by its
 * name. Pure.
 */

#include "event/event.h"
#include "view/page.h"

/* A mark of one character ("+", "!", ...), what it means, and the sentence. */
enum style auditwords_line(const struct event *ev, const char **mark, struct str *out);
/* Does it tell of something that went wrong: failed, unknown, a reading that is not good? */
bool auditwords_is_bad(const struct event *ev);
/* The whole record; `hash` is that of its line, or NULL. */
void auditwords_page(const struct event *ev, const char *hash, struct page *p);

#endif
