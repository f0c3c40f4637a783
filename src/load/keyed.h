#ifndef LOAD_KEYED_H
#define LOAD_KEYED_H

/*
 * Reads a mapping by the table of keys: every key known (or "did you mean"), of the right
 * shape and grammar, the required ones there. What it hands out has been checked, so that
 * the readers behind it only build. A wrong entry is complained of once and left out.
 */

#include <stdarg.h>

#include "load/complaints.h"
#include "load/ydoc.h"
#include "model/diag.h"
#include "model/keytable.h"

/* One file being read. */
struct reading {
	struct diags *d;
	const char *file;
	const struct keytable_index *keys; /* NULL: keys are looked for in their tables */
};

/* Row of a key that is a scalar, or NONE. */
int keyed_row(const struct reading *r, enum key_context ctx, const struct ynode *key);

/* `at` may be NULL: the whole file is meant. Borrowed until the next one, or NULL. */
struct diag *keyed_complain(const struct reading *r, const struct ynode *at,
	enum complaint c, const char *help, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
/* "did you mean `x`?" or NULL; names are NULL-terminated. Caller frees. */
char *keyed_guess(const char *word, const char *const *names);

/* Fills got[] by the row of the context; NULL: absent or complained of. `kind` is the bit
 * of the step or probe kind, 0 elsewhere. False when `map` is no mapping. */
bool keyed_read(const struct reading *r, const struct ynode *map, enum key_context ctx,
	uint32_t kind, const struct ynode *got[KEYS_MAX]);
/* The key of a mapping's value, as keyed_read placed it: was it written at all? */
bool keyed_written(const struct ynode *map, const char *key);
/* A scalar against a row's grammar; complains. */
bool keyed_scalar(
	const struct reading *r, const struct ynode *n, const struct key_row *row);

/* Of checked nodes; NULL gives NULL, 0 or nothing. Texts are copies. */
char *keyed_text(const struct ynode *n); /* as it stands */
char *keyed_line(const struct ynode *n); /* without the line break at its end */
bool keyed_bool(const struct ynode *n);
int keyed_int(const struct ynode *n, int fallback);
int64_t keyed_ms(const struct ynode *n);
/* Index of the word; `fallback` when absent. */
int keyed_word(const struct ynode *n, enum key_context ctx, int row, int fallback);
void keyed_strings(const struct ynode *n, struct strings *out); /* scalar or list */
void keyed_pairs(const struct ynode *n, struct pairs *out);
void keyed_pair_add(struct pairs *out, const char *key, const struct ynode *n);

#endif
