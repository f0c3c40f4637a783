#ifndef BASE_REDACT_H
#define BASE_REDACT_H

/*
 * Takes secrets out of a byte stream before the bytes are hashed, stored or shown
 * (TRUST.md 3.9): declared values, in every spelling of redactform.h, become
 * [redacted:name]; what looks like a secret (redactshape.h) becomes [redacted:shape].
 * A secret split over chunk borders is found: a stream holds back the bytes that may be
 * the beginning of one until redact_end. Values shorter than 6 bytes are refused by
 * redact_add, because they would match everywhere.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum { REDACT_MIN_BYTES = 6 };

struct redact;        /* the set of secrets; lives as long as its streams */
struct redact_stream; /* one stream through it */

struct redact *redact_new(void);
void redact_free(struct redact *r); /* wipes the values */
bool redact_add(struct redact *r, const char *name, const char *value, size_t len,
	struct err *e) WARN_UNUSED;
/* Declared values, and their names; then, up to redact_kinds, the names of the shapes. */
size_t redact_count(const struct redact *r);
size_t redact_kinds(const struct redact *r);
const char *redact_name(const struct redact *r, size_t i); /* NULL from redact_kinds on */

struct redact_stream *redact_stream_new(const struct redact *r);
void redact_stream_free(struct redact_stream *s);
void redact_feed(struct redact_stream *s, const void *p, size_t len, struct str *out);
void redact_end(struct redact_stream *s, struct str *out);
/* One line without its end, of a text that comes so; the stream is at its begin. *key_lines,
 * of that text, begins as 0: lines of a private key that goes on in the next one. */
void redact_line(struct redact_stream *s, const char *p, size_t len, unsigned *key_lines,
	struct str *out);
/* How often kind i, as in redact_name, was replaced in this stream so far. */
size_t redact_hits(const struct redact_stream *s, size_t i);
/* A whole text at once. */
void redact_text(const struct redact *r, const char *p, size_t len, struct str *out);
/* Whether a text holds the mark of something that was taken out. */
bool redact_marked(const char *text);

#endif
