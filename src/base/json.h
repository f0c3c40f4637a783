#ifndef BASE_JSON_H
#define BASE_JSON_H

/*
 * Reading JSON, through jansson: duplicates rejected, at most 16 MiB, 64 levels and a
 * million values. A node is borrowed from the document that holds it. Getters of an
 * absent or wrongly typed member give the fallback, so data of later versions stays
 * readable.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

struct json;      /* a whole document, owned */
struct json_node; /* a place inside, borrowed */

enum json_type {
	JSON_NULL,
	JSON_BOOL,
	JSON_INT,
	JSON_REAL,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json *json_parse(const char *text, size_t len, struct err *e) WARN_UNUSED;
void json_free(struct json *j);
const struct json_node *json_root(const struct json *j);

/* All of these take NULL and then say absent. */
enum json_type json_type_of(const struct json_node *n);
const struct json_node *json_get(const struct json_node *n, const char *key);
const struct json_node *json_at(const struct json_node *n, size_t i);
size_t json_len(const struct json_node *n); /* members of array or object */
const char *json_key_at(
	const struct json_node *n, size_t i); /* i-th key, document order */
const struct json_node *json_value_at(const struct json_node *n, size_t i);
/* RFC 6901 pointer ("" is the node itself); NULL if there is nothing. */
const struct json_node *json_pointer(const struct json_node *n, const char *pointer);

const char *json_text(
	const struct json_node *n); /* a string's text; else, or with a NUL in it, NULL */
bool json_number(const struct json_node *n, double *out);
const char *json_str(const struct json_node *n, const char *key, const char *fallback);
int64_t json_int(const struct json_node *n, const char *key, int64_t fallback);
bool json_bool(const struct json_node *n, const char *key, bool fallback);
/* Any scalar as text as an expectation compares it (true, 12, 1.5, text); false for
 * arrays, objects and null. */
bool json_scalar_text(const struct json_node *n, struct str *out);
/* Compact canonical text of a node. */
void json_write(const struct json_node *n, struct str *out);

#endif
