#ifndef MODEL_SECRETWORDS_H
#define MODEL_SECRETWORDS_H

/* Secrets in a text: on a command line, in a URL, or recognisable by themselves. */

#include <stdint.h>

#include "model/dangerlist.h"
#include "model/shellwords.h"

struct secret_line {
	const struct shell_word *w;
	size_t n, base;
	bool fixed;
};

void secretwords_line(
	struct danger_hits *out, const char *name, const struct secret_line *l);
/* NAME=VALUE */
void secretwords_assignment(
	struct danger_hits *out, const struct shell_word *w, size_t at);
/* Any text, shell or not: what can be told by marks around it, and a key or token that
 * begins at `s` (the bytes they begin with, and no letter, digit, _ or - before it). */
void secretwords_marks(struct danger_hits *out, const char *text);
void secretwords_key(struct danger_hits *out, const char *text, const char *s);
/* With which two bytes they begin: for each first byte, the bits of the second mod 64. */
void secretwords_beginnings(uint64_t pairs[256]);

#endif
