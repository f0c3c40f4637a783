#ifndef MODEL_HOLDS_H
#define MODEL_HOLDS_H

/*
 * One test against one measured thing, in three values: it holds (OK), it does not
 * (FAIL), or that cannot be said (UNKNOWN). Only expect.c calls this.
 */

#include <stddef.h>

#include "model/expect.h"

enum held_kind {
	HELD_MISSING, /* not measured */
	HELD_NOTHING, /* looked at: known to be not there */
	HELD_CUT,     /* text is the part we have */
	HELD_TEXT,
	HELD_NUMBER,
	HELD_NODE,
};

struct held {
	enum held_kind kind;
	enum expect_how how;
	const char *field_unit; /* default unit of its field; borrowed */
	const char *text;       /* borrowed */
	size_t len;
	double number;
	const char *unit; /* of the number as it was measured; "" if none */
	const struct json_node *node;
	struct past *past; /* of the facts */
	int64_t at_ms;
};

struct held holds_fact(const struct facts *f, enum expect_field field, const char *key);
struct held holds_json(const struct facts *f);
struct held holds_member(const struct held *h, const char *pointer);

enum verdict holds(const struct expect_test *t, const struct held *h);
/* What was got, for people: harmless, at most 200 bytes, "-" when missing. */
void holds_got(const struct held *h, struct str *out);

#endif
