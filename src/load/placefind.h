#ifndef LOAD_PLACEFIND_H
#define LOAD_PLACEFIND_H

/*
 * One look for a placeholder at one byte of a text: what placeholder's finders share, and
 * the finders for brackets of all kinds. Only placeholder calls this. A finder gives the
 * bytes it took, 0 where there is nothing; it looks at a bounded number of bytes.
 */

#include <ctype.h>

#include "load/placeholder.h"

enum { PLACEFIND_SPAN_BYTES = 64 }; /* nobody writes a longer placeholder */

struct placefind {
	const char *text;
	size_t len, at;
	enum placeholder_place place;
	struct placeholders *out;
};

/* What a placeholder is called after: its own words, or a label before it. */
struct placefind_found {
	size_t len;
	enum placeholder_style style;
	const char *words; /* NULL: the label, or else `fallback` */
	size_t words_len;
	const char *fallback;
	const char *question; /* NULL: made from the words */
	bool secret;
};

/* Byte `ahead` of the place, or before it; NUL outside. */
static inline char
placefind_peek(const struct placefind *f, ptrdiff_t ahead)
{
	size_t at = f->at + (size_t)ahead;

	return at < f->len ? f->text[at] : '\0';
}

static inline bool
placefind_word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

size_t placefind_take(struct placefind *f, const struct placefind_found *what);
size_t placefind_angle(struct placefind *f);
size_t placefind_bracket(struct placefind *f);
size_t placefind_braces(struct placefind *f);
size_t placefind_required(struct placefind *f);
size_t placefind_percent(struct placefind *f);
size_t placefind_underlined(struct placefind *f);

#endif
