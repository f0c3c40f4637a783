#ifndef MODEL_SUBST_H
#define MODEL_SUBST_H

/*
 * ${name} in texts that are not shell: URLs, paths, titles, phrases, statements. Shell
 * text is never substituted: there a value is an environment variable. `$${` is a literal
 * `${`. The value is encoded for its place: in a URL as one part of it, except where the URL
 * begins with the name; such a value is the front of a URL (https://host:port/base) and its
 * separators stay.
 */

#include <stdbool.h>

#include "base/err.h"
#include "base/str.h"

enum subst_as { SUBST_TEXT, SUBST_URL, SUBST_PATH };

/* Gives the value of a name or NULL. */
typedef const char *subst_lookup(const void *ctx, const char *name);

/* ERR_INPUT naming the first name without a value. */
bool subst_expand(const char *text, enum subst_as as, subst_lookup *lookup,
	const void *ctx, struct str *out, struct err *e) WARN_UNUSED;
/* Calls back for each name in the text. */
void subst_names(const char *text, void (*each)(void *ctx, const char *name), void *ctx);
bool subst_valid_name(
	const char *name); /* [a-z_][a-z0-9_]{0,31}, not path ifs env home ld_* */

#endif
