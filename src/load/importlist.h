#ifndef LOAD_IMPORTLIST_H
#define LOAD_IMPORTLIST_H

/*
 * Lists that are no steps: signatures, reviews, contacts, reasons. Part of the importer.
 */

#include "load/importing.h"

/* Items as roles that sign. */
void importlist_signoffs(struct importing *g, int list);
/* One role that signs; `who` (or NULL) is named for it on the page. */
void importlist_signs(struct importing *g, const char *role, const char *who, int line);
/* Items as reviews somebody signs for. */
void importlist_reviews(struct importing *g, int list);
/* Items as contacts, or links where they are web addresses. */
void importlist_contacts(struct importing *g, int list, bool links);
/* Items as lines of a text: "- one\n- two". */
void importlist_lines(struct importing *g, int list, int depth, struct str *out);

#endif
