#ifndef LOAD_PLACEHOLDER_H
#define LOAD_PLACEHOLDER_H

/*
 * What a document leaves to be filled in: <previous-version-tag>, YYYY-MM-DD,
 * yourdomain.com, sk-..., TBD, a literal date in a path. Each becomes an input of the
 * imported runbook. Pure, any bytes, linear; spans never overlap and come in order. The
 * same written text gives the same name, in every text; where the name comes from a label
 * or an assignment before it (TBD, [Date], sk-...), the same label gives the same name.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "model/runbook.h"

/* enum, what it is: shown in the report of an import */
#define PLACEHOLDER_STYLES(X) \
	X(ANGLE, "a word in angle brackets") \
	X(BRACKET, "a word in square brackets") \
	X(BRACES, "a name in double braces") \
	X(BRACE, "a name in braces") \
	X(PERCENT, "a name between percent signs") \
	X(UNDERLINED, "a name between underscores") \
	X(REQUIRED, "a variable that must be set") \
	X(PATTERN, "letters that stand for a date or version") \
	X(DOMAIN, "a domain made up for the document") \
	X(ELLIPSIS, "a value left out") \
	X(YOURS, "a word that begins with `your`") \
	X(FILL, "a word that asks to be replaced") \
	X(BLANK, "a line to be filled in") \
	X(LITERAL_DATE, "a date of the past inside a command") \
	X(LITERAL_VERSION, "a version inside a command")

enum placeholder_style {
#define X(id, text) PLACEHOLDER_##id,
	PLACEHOLDER_STYLES(X)
#undef X
		PLACEHOLDER_STYLE_COUNT
};

/* In prose <b> is a mark-up, and a version or date is a fact. */
enum placeholder_place { PLACEHOLDER_IN_PROSE, PLACEHOLDER_IN_COMMAND };

enum { PLACEHOLDER_NAME_BYTES = 33 };

struct placeholder {
	size_t at, len; /* bytes of the text */
	enum placeholder_style style;
	char name[PLACEHOLDER_NAME_BYTES]; /* a valid name of an input */
	enum input_type type;              /* INPUT_TEXT, _NUMBER, _VERSION, _DATE */
	bool secret;                       /* wants `secret: true` */
	char *question;                    /* one sentence */
};

struct placeholders {
	VEC_OF(struct placeholder) list;
};

/* Appends to out. */
void placeholder_find(const char *text, size_t len, enum placeholder_place place,
	struct placeholders *out);
void placeholder_release(struct placeholders *p);
const char *placeholder_style_text(enum placeholder_style style);

#endif
