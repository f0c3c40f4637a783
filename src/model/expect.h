#ifndef MODEL_EXPECT_H
#define MODEL_EXPECT_H

/*
 * What "good" means, and the judge: an expectation held against measured facts gives a
 * verdict and, for every field, what was wanted and what was got. Grammar:
 * handrail-runbook(5). Pure. Unknown is never ok: a missing field, number against
 * text, or an answer cut short is VERDICT_UNKNOWN, and unknown beats fail only when no
 * field failed for certain.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/pattern.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/facts.h"
#include "model/fields.h"
#include "model/judgement.h"
#include "model/verdict.h"

struct expect_field_info {
	const char *name;
	enum expect_how how;
	const char *unit;
};

const struct expect_field_info *expect_field_info(enum expect_field f);
bool expect_field_find(const char *name, enum expect_field *out);

enum expect_op { EXPECT_LT, EXPECT_LE, EXPECT_EQ, EXPECT_NE, EXPECT_GT, EXPECT_GE };
enum expect_test_kind {
	EXPECT_NUMBER,   /* op, number */
	EXPECT_RANGE,    /* low..high, both included */
	EXPECT_TEXT_IS,  /* text, byte for byte */
	EXPECT_ANY_OF,   /* one of parts */
	EXPECT_CONTAINS, /* text */
	EXPECT_MATCHES,  /* pattern */
	EXPECT_NOT,      /* parts[0] must not hold */
	EXPECT_ANY,      /* any element of an array holds parts[0] */
	EXPECT_ALL,      /* every element does; an empty array is unknown */
	EXPECT_ABSENT,   /* text "true": must not be there; "false": must be */
	EXPECT_RISING,   /* over a window; needs history */
	EXPECT_FALLING,
	EXPECT_AT, /* each part has `key` (JSON pointer or map name) and must hold */
};

struct expect_test {
	enum expect_test_kind kind;
	enum expect_op op;
	double number, high; /* in `unit`'s base: ms, bytes, % or plain */
	const char *unit;    /* static; "" if none was written */
	char *text;          /* as written: shown as "want" */
	char *key;           /* inside EXPECT_AT */
	struct pattern *pattern;
	VEC_OF(struct expect_test *) parts;
};

struct expect_rule {
	enum expect_field field;
	struct expect_test *test;
};

struct expect {
	VEC_OF(struct expect_rule) rules; /* all must hold */
};

struct expect *expect_new(void);
void expect_free(struct expect *x);
struct expect_test *expect_test_new(enum expect_test_kind kind);
void expect_test_free(struct expect_test *t);
/* A scalar of the grammar ("< 200ms", "1..5", "ok"); NULL and ERR_PARSE if it is malformed.
 * A NUMBER without operator is compared as number where the field is one, or the measured
 * thing is; else as text. With a leading zero ("0755") it is text wherever text may be. */
struct expect_test *expect_scalar(const char *text, enum expect_how how, struct err *e);
/* NUMBER[UNIT] to base units (ms, bytes); false if it isn't one. */
bool expect_number(const char *text, double *number, const char **unit);
/* What a unit measures; a number without unit takes the default of its field. */
enum expect_family { EXPECT_PLAIN, EXPECT_DURATION, EXPECT_BYTES, EXPECT_PERCENT };
/* factor: of one such unit in base units; may be NULL. */
enum expect_family expect_family(const char *unit, double *factor);

/* NULL expect gives VERDICT_UNKNOWN: nothing expected proves nothing. */
void expect_judge(const struct expect *x, const struct facts *f, struct judgement *out);
/* The whole expectation as a person reads it: "exit 0 · value > 0". */
void expect_text(const struct expect *x, struct str *out);
/* One test as a person reads it: "< 200ms", "not contains ERROR". */
void expect_test_text(const struct expect_test *t, struct str *out);
/* The test suits the field: its unit, and {/pointer: …} only where there are members.
 * ERR_PARSE with a sentence. */
bool expect_fits(
	enum expect_field field, const struct expect_test *t, struct err *e) WARN_UNUSED;
/* False when every measured thing would pass: such an expectation proves nothing. */
bool expect_can_fail(const struct expect *x);

#endif
