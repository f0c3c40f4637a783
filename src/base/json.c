#include "base/json.h"

/* jansson has enumerators of the same names as ours: they live here as JANSSON_*. */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY  JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_REAL   JANSSON_REAL
#define JSON_NULL   JANSSON_NULL
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_STRING
#undef JSON_REAL
#undef JSON_NULL

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsonout.h"
#include "base/mem.h"
#include "base/text.h"

/* A value costs jansson some 130 bytes however short it was written: `[],[],[],…`. */
enum { JSON_DEPTH_MAX = 64, JSON_VALUES_MAX = 1000 * 1000 };
enum { JSON_BYTES_MAX = 16 * 1024 * 1024 };

struct json {
	json_t *root;
};

static const json_t *
of(const struct json_node *n)
{
	return (const json_t *)n;
}

static const struct json_node *
node(const json_t *j)
{
	return (const struct json_node *)j;
}

static bool
is_type(const struct json_node *n, int type)
{
	return n != NULL && (int)json_typeof(of(n)) == type;
}

/* What a text will cost, found before jansson starts: its own limit is 2048 levels of
 * recursion and no number of values. */
struct cost {
	size_t depth; /* deepest nesting */
	size_t values;
};

static struct cost
cost_of(const char *text, size_t len)
{
	struct cost cost = {0};
	size_t depth = 0;
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			cost.values++;
			if (++depth > cost.depth)
				cost.depth = depth;
		} else if (c == ',') {
			cost.values++;
		} else if ((c == '}' || c == ']') && depth > 0) {
			depth--;
		}
	}
	return cost;
}

static bool
check_limits(const char *text, size_t len, struct err *e)
{
	if (len > JSON_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "JSON of %zu bytes, at most %d are read",
			len, (int)JSON_BYTES_MAX);
	struct cost cost = cost_of(text, len);
	if (cost.depth > JSON_DEPTH_MAX)
		return err_set(e, ERR_LIMIT, "JSON nested deeper than %d levels",
			(int)JSON_DEPTH_MAX);
	if (cost.values > JSON_VALUES_MAX)
		return err_set(e, ERR_LIMIT, "JSON of more than %d values",
			(int)JSON_VALUES_MAX);
	return true;
}

struct json *
json_parse(const char *text, size_t len, struct err *e)
{
	json_error_t fault;

	if (!check_limits(text, len, e))
		return NULL;
	json_t *root = json_loadb(text, len,
		JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &fault);
	if (root == NULL) {
		/* The message quotes the text, and that came from outside. */
		char *why = text_harmless_dup(fault.text);
		err_set(e, ERR_PARSE, "JSON line %d column %d: %s", fault.line,
			fault.column, why);
		mem_free(why);
		return NULL;
	}
	struct json *j = mem_alloc(sizeof *j);
	j->root = root;
	return j;
}

void
json_free(struct json *j)
{
	if (j == NULL)
		return;
	json_decref(j->root);
	mem_free(j);
}

const struct json_node *
json_root(const struct json *j)
{
	return j != NULL ? node(j->root) : NULL;
}

enum json_type
json_type_of(const struct json_node *n)
{
	if (n == NULL)
		return JSON_NULL;
	switch (json_typeof(of(n))) {
	case JANSSON_OBJECT:
		return JSON_OBJECT;
	case JANSSON_ARRAY:
		return JSON_ARRAY;
	case JANSSON_STRING:
		return JSON_STRING;
	case JSON_INTEGER:
		return JSON_INT;
	case JANSSON_REAL:
		return JSON_REAL;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_BOOL;
	case JANSSON_NULL:
		break;
	}
	return JSON_NULL;
}

const struct json_node *
json_get(const struct json_node *n, const char *key)
{
	return is_type(n, JANSSON_OBJECT) ? node(json_object_get(of(n), key)) : NULL;
}

const struct json_node *
json_at(const struct json_node *n, size_t i)
{
	return is_type(n, JANSSON_ARRAY) ? node(json_array_get(of(n), i)) : NULL;
}

size_t
json_len(const struct json_node *n)
{
	if (is_type(n, JANSSON_ARRAY))
		return json_array_size(of(n));
	return is_type(n, JANSSON_OBJECT) ? json_object_size(of(n)) : 0;
}

/* jansson iterates in the order in which the keys were read. */
static void *
member_at(const struct json_node *n, size_t i)
{
	if (i >= json_len(n))
		return NULL;
	json_t *object = (json_t *)(uintptr_t)n; /* the iterator only reads */
	void *iter = json_object_iter(object);
	for (; i > 0 && iter != NULL; i--)
		iter = json_object_iter_next(object, iter);
	return iter;
}

const char *
json_key_at(const struct json_node *n, size_t i)
{
	void *iter = is_type(n, JANSSON_OBJECT) ? member_at(n, i) : NULL;

	return iter != NULL ? json_object_iter_key(iter) : NULL;
}

const struct json_node *
json_value_at(const struct json_node *n, size_t i)
{
	if (is_type(n, JANSSON_ARRAY))
		return json_at(n, i);
	void *iter = is_type(n, JANSSON_OBJECT) ? member_at(n, i) : NULL;
	return iter != NULL ? node(json_object_iter_value(iter)) : NULL;
}

/* One reference token, ~1 and ~0 resolved; false for any other tilde. */
static bool
unescape_token(struct str *out, const char *token, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = token[i];
		if (c == '~') {
			if (++i == len || (token[i] != '0' && token[i] != '1'))
				return false;
			c = token[i] == '0' ? '~' : '/';
		}
		str_addc(out, c);
	}
	return true;
}

static const struct json_node *
array_token(const struct json_node *n, const char *token)
{
	size_t digits = strspn(token, "0123456789");

	/* No leading zero, no sign; nine digits are more than any array we read has. */
	if (digits == 0 || digits > 9 || token[digits] != '\0' ||
		(token[0] == '0' && digits > 1))
		return NULL;
	return json_at(n, strtoul(token, NULL, 10));
}

const struct json_node *
json_pointer(const struct json_node *n, const char *pointer)
{
	struct str token = STR_INIT;

	while (n != NULL && *pointer != '\0') {
		if (*pointer++ != '/') {
			n = NULL;
			break;
		}
		size_t len = strcspn(pointer, "/");
		str_reset(&token);
		if (!unescape_token(&token, pointer, len))
			n = NULL;
		else if (is_type(n, JANSSON_ARRAY))
			n = array_token(n, token.buf);
		else
			n = json_get(n, token.buf);
		pointer += len;
	}
	str_release(&token);
	return n;
}

const char *
json_text(const struct json_node *n)
{
	if (!is_type(n, JANSSON_STRING))
		return NULL;
	const char *text = json_string_value(of(n));
	/* Cut at a NUL it would be another text. */
	return strlen(text) == json_string_length(of(n)) ? text : NULL;
}

bool
json_number(const struct json_node *n, double *out)
{
	if (is_type(n, JSON_INTEGER))
		*out = (double)json_integer_value(of(n));
	else if (is_type(n, JANSSON_REAL))
		*out = json_real_value(of(n));
	else
		return false;
	return true;
}

const char *
json_str(const struct json_node *n, const char *key, const char *fallback)
{
	const char *text = json_text(json_get(n, key));

	return text != NULL ? text : fallback;
}

int64_t
json_int(const struct json_node *n, const char *key, int64_t fallback)
{
	const struct json_node *value = json_get(n, key);

	return is_type(value, JSON_INTEGER) ? json_integer_value(of(value)) : fallback;
}

bool
json_bool(const struct json_node *n, const char *key, bool fallback)
{
	const struct json_node *value = json_get(n, key);

	if (json_type_of(value) != JSON_BOOL)
		return fallback;
	return is_type(value, JSON_TRUE);
}

/* The shortest of the usual forms that reads back as the same number, always with a
 * point whatever the locale says. */
static void
add_real(struct str *out, double value)
{
	char text[40];

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, value);
		if (strtod(text, NULL) == value)
			break;
	}
	for (char *p = text; *p != '\0'; p++) {
		if (strchr("0123456789+-eE", *p) == NULL)
			*p = '.';
	}
	str_adds(out, text);
}

bool
json_scalar_text(const struct json_node *n, struct str *out)
{
	if (n == NULL)
		return false;
	switch (json_type_of(n)) {
	case JSON_STRING:
		str_add(out, json_string_value(of(n)), json_string_length(of(n)));
		return true;
	case JSON_INT:
		str_addf(out, "%" PRId64, (int64_t)json_integer_value(of(n)));
		return true;
	case JSON_REAL:
		add_real(out, json_real_value(of(n)));
		return true;
	case JSON_BOOL:
		str_adds(out, is_type(n, JSON_TRUE) ? "true" : "false");
		return true;
	case JSON_NULL:
	case JSON_ARRAY:
	case JSON_OBJECT:
		break;
	}
	return false;
}

static void
write_members(const struct json_node *n, struct str *out)
{
	json_t *object = (json_t *)(uintptr_t)n;
	const char *comma = "";

	for (void *iter = json_object_iter(object); iter != NULL;
		iter = json_object_iter_next(object, iter)) {
		const char *key = json_object_iter_key(iter);
		str_adds(out, comma);
		jsonout_add_string(out, key, strlen(key));
		str_addc(out, ':');
		json_write(node(json_object_iter_value(iter)), out);
		comma = ",";
	}
}

/* As deep as the document, and that is bounded. */
void
json_write(const struct json_node *n, struct str *out)
{
	switch (json_type_of(n)) {
	case JSON_OBJECT:
		str_addc(out, '{');
		write_members(n, out);
		str_addc(out, '}');
		break;
	case JSON_ARRAY:
		str_addc(out, '[');
		for (size_t i = 0; i < json_len(n); i++) {
			if (i > 0)
				str_addc(out, ',');
			json_write(json_at(n, i), out);
		}
		str_addc(out, ']');
		break;
	case JSON_STRING:
		jsonout_add_string(
			out, json_string_value(of(n)), json_string_length(of(n)));
		break;
	case JSON_NULL:
		str_adds(out, "null");
		break;
	case JSON_REAL: {
		size_t start = out->len;
		add_real(out, json_real_value(of(n)));
		if (strpbrk(out->buf + start, ".e") == NULL)
			str_adds(out, ".0"); /* read again it is still no integer */
		break;
	}
	case JSON_BOOL:
	case JSON_INT:
		json_scalar_text(n, out);
		break;
	}
}
