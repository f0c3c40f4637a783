#ifndef APP_ATTACHMENT_H
#define APP_ATTACHMENT_H

/*
 * What a person attaches to a run as evidence: a file, a text, a link, a reading, what a
 * screen showed. Its bytes become a blob of the record and its name and its first words a part
 * of it; secrets are taken out of both. Whatever cannot be kept as it is gets an answer that
 * says why and what to do.
 */

#include <stdbool.h>

#include "base/err.h"
#include "base/redact.h"
#include "base/str.h"

enum { ATTACHMENT_MAX = 16 << 20 };

#define ATTACHMENT_KINDS(X) \
	X(FILE, "file") \
	X(TEXT, "text") \
	X(LINK, "link") \
	X(READING, "reading") \
	X(PANE, "pane")

enum attachment_kind {
#define X(id, name) ATTACHMENT_##id,
	ATTACHMENT_KINDS(X)
#undef X
		ATTACHMENT_KIND_COUNT
};

/* As session_attach wants it; release both. */
struct attachment {
	struct str bytes, data;
};
void attachment_release(struct attachment *a);

/* A link where it looks like one ("scheme://..."), else a file. ERR_INPUT, ERR_IO and
 * ERR_LIMIT say what cannot be attached and why. `secrets` may be NULL. */
bool attachment_named(const char *word, const struct redact *secrets,
	struct attachment *out, struct err *e) WARN_UNUSED;
bool attachment_is_link(const char *word);
/* Bytes that are there already, under a name; `host`: they are about, or NULL. */
struct attachment_what {
	enum attachment_kind kind;
	const char *name, *host;
	const char *bytes;
	size_t len;
};
bool attachment_made(const struct attachment_what *w, const struct redact *secrets,
	struct attachment *out, struct err *e) WARN_UNUSED;

#endif
