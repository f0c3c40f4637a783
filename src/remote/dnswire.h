#ifndef REMOTE_DNSWIRE_H
#define REMOTE_DNSWIRE_H

/*
 * Messages of the DNS as bytes: a question, and the records of an answer as text. Every length
 * of an answer is checked against what came. Pure.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"
#include "model/runbook.h"

/* "A", "MX" ... to its number; 0: none that we read. */
int dnswire_type(const char *name);
/* The records of `type` in the answer, one text each, in the order of bytes (servers rotate).
 * *rcode: 0, 3 (no such name) ... False when the message is malformed. */
bool dnswire_read(const unsigned char *p, size_t len, int type, struct strings *out,
	int *rcode, struct err *e) WARN_UNUSED;

#endif
