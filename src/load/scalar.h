#ifndef LOAD_SCALAR_H
#define LOAD_SCALAR_H

/* The grammars of single values: one function for each row of KEY_VALUE_LIST. */

#include "base/err.h"
#include "model/keytable.h"

/* ERR_PARSE with what is wrong about it. */
bool scalar_check(const char *text, size_t len, const struct key_row *row,
	struct err *e) WARN_UNUSED;
/* What to write instead: "a duration, as 30s or 5m". */
const char *scalar_example(enum key_value v);
/* "one of a, b, c" or "did you mean `b`?". */
void scalar_word_help(const char *words, const char *text, struct str *out);
/* A name a shell text may see: subst_valid_name with its reasons. */
bool scalar_name(const char *text, struct err *e) WARN_UNUSED;

#endif
