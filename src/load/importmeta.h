#ifndef LOAD_IMPORTMETA_H
#define LOAD_IMPORTMETA_H

/*
 * What a page says about itself: front matter, "**Last Updated:** 2024-12-25" lines,
 * contacts and links. Part of the importer.
 */

#include "load/importing.h"

/* Lines of front matter at the top of the page, both fences counted; 0: there is none. */
int importmeta_front_lines(const char *text, size_t len);
/* Reads them into the draft; every one gets its entry in the account. */
void importmeta_front(struct importing *g, int lines);
/* A paragraph that only holds such lines. */
bool importmeta_paragraph(struct importing *g, int node);
/* "Technical Lead: @lea" of an item or a row: a contact, or a link if it is a web address
 * and `links`. */
void importmeta_contact(
	struct importing *g, const char *label, const char *value, int line, bool links);

/* A web address among the links of the runbook. */
void importmeta_link(struct importing *g, const char *label, const char *url, int line);

#endif
