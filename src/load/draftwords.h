#ifndef LOAD_DRAFTWORDS_H
#define LOAD_DRAFTWORDS_H

/*
 * The sentences draftexpect understands, one function each: it finds its words in a
 * clause and takes them, so that what is left over can be reported. Only draftexpect calls
 * this.
 */

#include <stdbool.h>
#include <stddef.h>

enum { DRAFTWORDS_VALUE_BYTES = 32 };

struct draftwords {
	const char *text; /* the clause */
	char *taken;      /* 1 for each byte of it that a sentence took; the caller's */
};

struct draftwords_header {
	const char *name, *value;
	size_t name_len, value_len; /* no value: it only has to be there */
	bool absent, guessed;
};

/* Bytes of "Expected:" and the like at the front. */
size_t draftwords_label(const char *text);
/* "HTTP 200", "200 OK", "returns 403", "non-200". */
bool draftwords_status(struct draftwords *w, char *value);
/* "< 100ms", "under 2s". */
bool draftwords_time(struct draftwords *w, char *value);
/* "redirects to `/ci`". */
bool draftwords_redirect(struct draftwords *w, const char **target, size_t *len);
/* "lists 7 modules": the word behind the number. */
bool draftwords_count(struct draftwords *w, long *count, const char **what, size_t *len);
/* "`X-Request-ID` header", "CORS headers present", "CORS error". */
bool draftwords_header(struct draftwords *w, struct draftwords_header *out);
/* "Swagger UI loads", "request succeeds": a status, or a word of the page. */
bool draftwords_guess(struct draftwords *w, char *value);

#endif
