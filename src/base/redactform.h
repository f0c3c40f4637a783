#ifndef BASE_REDACTFORM_H
#define BASE_REDACTFORM_H

/*
 * The spellings in which a secret value comes out of programs: as it is, each of its lines,
 * and as JSON, URLs, base64, hex, shells, SQL and HTML write it. TRUST.md 3.9 names raw,
 * base64, URL, JSON and shell; the others cost nothing more.
 */

#include <stdbool.h>
#include <stddef.h>

/* `len` bytes of one spelling; they are wiped after the call. `wraps`: line ends may stand
 * anywhere within (base64 is broken into lines). One spelling may come more than once. */
typedef void redactform_fn(void *ctx, const char *bytes, size_t len, bool wraps);

/* Calls fn for each spelling of the value that has at least `min` bytes. */
void redactform_each(
	const char *value, size_t len, size_t min, redactform_fn *fn, void *ctx);

#endif
