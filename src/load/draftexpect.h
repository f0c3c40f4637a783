#ifndef LOAD_DRAFTEXPECT_H
#define LOAD_DRAFTEXPECT_H

/*
 * "HTTP 200, `{"status": "ok"}`" as the fields of an http expectation, for the probes
 * `handrail import` drafts from "Expected:" lines. What it did not understand comes back
 * as words, what it understood only by habit is marked guessed: both go into the report,
 * nothing is invented silently. Pure, any bytes.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "base/vec.h"
#include "model/fields.h"

/* How the value is tested: a scalar of the grammar, or under a key. */
#define DRAFTEXPECT_TESTS(X) \
	X(SCALAR, "") \
	X(CONTAINS, "contains") \
	X(MATCHES, "matches") \
	X(ABSENT, "absent")

enum draftexpect_test {
#define X(id, key) DRAFTEXPECT_##id,
	DRAFTEXPECT_TESTS(X)
#undef X
		DRAFTEXPECT_TEST_COUNT
};

struct draftexpect_field {
	enum expect_field field; /* EXPECT_STATUS, _JSON, _TIME, _BODY, _URL, _HEADER */
	char *key; /* JSON pointer or header; NULL where the field has none */
	enum draftexpect_test test;
	char *value;  /* unquoted: "200", "ok", "< 100ms", "true" */
	bool guessed; /* the sentence does not say so outright */
};

struct draftexpect {
	VEC_OF(struct draftexpect_field) fields; /* by field, then key; no pair twice */
	VEC_OF(char *) words; /* not understood, in order: "after exceeding limit" */
	bool burst;           /* speaks of a limit: many requests are needed to see it */
};

void draftexpect_read(const char *text, size_t len, struct draftexpect *out);
void draftexpect_release(struct draftexpect *d);
/* The key of a test in YAML: "contains"; "" for a scalar. */
const char *draftexpect_test_key(enum draftexpect_test test);
/* As a flow mapping of YAML: {status: 200, json: {/status: "ok"}}. */
void draftexpect_write(const struct draftexpect *d, struct str *out);

#endif
