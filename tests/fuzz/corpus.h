#ifndef TESTS_FUZZ_CORPUS_H
#define TESTS_FUZZ_CORPUS_H

/*
 * The stored corpus of one parser: tests/data/corpus/NAME. Its file `verdicts` has one line
 * for each input: name, tab, what the parser says of it. An input is the file of that name,
 * or, when the name begins with =, made by the recipe of that name in the file `recipes`:
 * name, head, piece, how often, tail; tabs between, escapes as in printf(1).
 */

#include "base/str.h"
#include "base/vec.h"

struct corpus_input {
	char *name, *verdict;
	struct str bytes;
};

struct corpus {
	VEC_OF(struct corpus_input) list;
};

/* Aborts with a sentence when something is missing or stands there without a verdict. */
void corpus_read(const char *parser, struct corpus *out);
void corpus_release(struct corpus *c);

#endif
