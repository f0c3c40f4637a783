#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

/*
 * PCRE2 with limits (match limit 20000, UTF with invalid bytes allowed, JIT). A pattern
 * holds the scratch of its search: one thread at a time.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct pattern;

struct pattern *pattern_new(const char *text, struct err *e) WARN_UNUSED;
void pattern_free(struct pattern *p);
enum pattern_result { PATTERN_NO, PATTERN_YES, PATTERN_GAVE_UP };
/* Unanchored. start/end (may be NULL) are byte offsets of the first match. */
enum pattern_result pattern_find(
	const struct pattern *p, const char *s, size_t len, size_t *start, size_t *end);

#endif
