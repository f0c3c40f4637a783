#include "base/jsonout.h"

#include <inttypes.h>
#include <string.h>

#include "base/bug.h"
#include "base/text.h"

/* Beyond this a reader that uses doubles (jq, JavaScript) would read another number. */
#define JSONOUT_MAX_INT ((INT64_C(1) << 53) - 1)

void
jsonout_init(struct jsonout *j, struct str *out)
{
	memset(j, 0, sizeof *j);
	j->out = out;
}

static void
before_value(struct jsonout *j)
{
	if (j->after_key) {
		j->after_key = false;
		return;
	}
	if (j->depth == 0)
		return;
	BUG_ON(!j->array[j->depth - 1]); /* a value in an object wants a key */
	if (!j->first[j->depth - 1])
		str_addc(j->out, ',');
	j->first[j->depth - 1] = false;
}

enum nest { NEST_OBJECT, NEST_ARRAY };

static void
enter(struct jsonout *j, enum nest nest)
{
	before_value(j);
	BUG_ON(j->depth == JSONOUT_DEPTH);
	j->first[j->depth] = true;
	j->array[j->depth] = nest == NEST_ARRAY;
	j->depth++;
	str_addc(j->out, nest == NEST_ARRAY ? '[' : '{');
}

static void
leave(struct jsonout *j, enum nest nest)
{
	BUG_ON(j->depth == 0 || j->after_key);
	BUG_ON(j->array[j->depth - 1] != (nest == NEST_ARRAY));
	j->depth--;
	str_addc(j->out, nest == NEST_ARRAY ? ']' : '}');
}

void
jsonout_open(struct jsonout *j)
{
	enter(j, NEST_OBJECT);
}

void
jsonout_close(struct jsonout *j)
{
	leave(j, NEST_OBJECT);
}

void
jsonout_open_array(struct jsonout *j)
{
	enter(j, NEST_ARRAY);
}

void
jsonout_close_array(struct jsonout *j)
{
	leave(j, NEST_ARRAY);
}

void
jsonout_key(struct jsonout *j, const char *key)
{
	BUG_ON(j->depth == 0 || j->after_key || j->array[j->depth - 1]);
	if (!j->first[j->depth - 1])
		str_addc(j->out, ',');
	j->first[j->depth - 1] = false;
	jsonout_add_string(j->out, key, strlen(key));
	str_addc(j->out, ':');
	j->after_key = true;
}

void
jsonout_str(struct jsonout *j, const char *s)
{
	if (s == NULL)
		jsonout_null(j);
	else
		jsonout_strn(j, s, strlen(s));
}

void
jsonout_strn(struct jsonout *j, const char *s, size_t len)
{
	before_value(j);
	jsonout_add_string(j->out, s, len);
}

void
jsonout_int(struct jsonout *j, int64_t n)
{
	BUG_ON(n > JSONOUT_MAX_INT || n < -JSONOUT_MAX_INT);
	before_value(j);
	str_addf(j->out, "%" PRId64, n);
}

void
jsonout_bool(struct jsonout *j, bool b)
{
	jsonout_raw(j, b ? "true" : "false");
}

void
jsonout_null(struct jsonout *j)
{
	jsonout_raw(j, "null");
}

void
jsonout_raw(struct jsonout *j, const char *json)
{
	before_value(j);
	str_adds(j->out, json);
}

void
jsonout_kstr(struct jsonout *j, const char *key, const char *s)
{
	jsonout_key(j, key);
	jsonout_str(j, s);
}

void
jsonout_kint(struct jsonout *j, const char *key, int64_t n)
{
	jsonout_key(j, key);
	jsonout_int(j, n);
}

void
jsonout_kbool(struct jsonout *j, const char *key, bool b)
{
	jsonout_key(j, key);
	jsonout_bool(j, b);
}

static void
add_escape(struct str *out, unsigned char c)
{
	static const char letters[0x20] = {
		['\b'] = 'b',
		['\f'] = 'f',
		['\n'] = 'n',
		['\r'] = 'r',
		['\t'] = 't',
	};

	if (c == '"' || c == '\\')
		str_addf(out, "\\%c", c);
	else if (c < sizeof letters && letters[c] != 0)
		str_addf(out, "\\%c", letters[c]);
	else
		str_addf(out, "\\u%04x", c);
}

static bool
needs_escape(unsigned char c)
{
	return c < 0x20 || c == 0x7f || c == '"' || c == '\\';
}

void
jsonout_add_string(struct str *out, const char *s, size_t len)
{
	uint32_t cp;

	str_reserve(out, len + 2);
	str_addc(out, '"');
	for (size_t i = 0; i < len;) {
		size_t from = i;
		while (i < len && (unsigned char)s[i] < 0x80 &&
			!needs_escape((unsigned char)s[i]))
			i++;
		str_add(out, s + from, i - from);
		if (i == len)
			break;
		if ((unsigned char)s[i] < 0x80) {
			add_escape(out, (unsigned char)s[i++]);
		} else {
			i += text_decode(s + i, len - i, &cp);
			text_encode(out, cp);
		}
	}
	str_addc(out, '"');
}
