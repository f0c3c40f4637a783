#ifndef LOAD_MDLINE_H
#define LOAD_MDLINE_H

/*
 * What a single line of Markdown is by its looks. The parser raises no event for some
 * lines: fences, rules, the line under a heading or a table's head, definitions of links,
 * empty items. mdtree asks here, and only for those; a line is never judged by its looks
 * where the parser has said what it is. Pure.
 */

#include <stdbool.h>
#include <stddef.h>

enum mdline_kind {
	MDLINE_TEXT,
	MDLINE_BLANK,     /* nothing, or only the > of a quotation */
	MDLINE_FENCE,     /* ``` or ~~~ */
	MDLINE_RULE,      /* ---, ***, ___ */
	MDLINE_UNDERLINE, /* === or -- under a heading */
	MDLINE_DELIMITER, /* |---|:-:| of a table */
	MDLINE_HEADING,   /* # without words */
	MDLINE_MARKER,    /* - or 1. without words */
	MDLINE_DEFINITION /* [name]: target */
};

/* `len` bytes without the line break. */
enum mdline_kind mdline_kind(const char *s, size_t len);
/* It begins with the mark of a list item. */
bool mdline_marked(const char *s, size_t len);

#endif
