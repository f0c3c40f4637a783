#ifndef AUDIT_STATED_H
#define AUDIT_STATED_H

/*
 * A sign-off's statement read back, strictly (handrail-journal(5)): every line in its place,
 * one value a line, nothing before or after. run/statement writes it; this reads
 * what a record says was signed, which anybody may have written. Pure.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/err.h"

struct stated {
	char *run, *runbook, *step, *role, *signer, *key; /* without the line's name */
	char *mode;          /* "practice"; NULL: the run is a real one */
	char *decision;      /* approve, reject or waive */
	char *time;          /* RFC 3339, seconds */
	char *comment;       /* the JSON string */
	int64_t seq, record; /* record: of an authority, which one it answers for */
	char head[DIGEST_HEX + 1];
};

/* ERR_RECORD names the line that is wrong. Release it in either case. */
bool stated_parse(const char *text, struct stated *out, struct err *e) WARN_UNUSED;
/* The same of the statement of an authority (handrail-journal(5)); role is its act. */
bool stated_parse_authority(
	const char *text, struct stated *out, struct err *e) WARN_UNUSED;
void stated_release(struct stated *s);

#endif
