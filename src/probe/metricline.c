#include "probe/metricline.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"

struct label {
	char *name, *value;
};

struct series {
	char *name;
	VEC_OF(struct label) labels;
};

static void
release(struct series *s)
{
	for (size_t i = 0; i < s->labels.len; i++) {
		mem_free(s->labels.at[i].name);
		mem_free(s->labels.at[i].value);
	}
	vec_free(&s->labels);
	mem_free(s->name);
}

static const char *
skip_blanks(const char *p)
{
	while (*p == ' ' || *p == '\t')
		p++;
	return p;
}

static const char *
take_name(const char *p, char **out)
{
	const char *from = p;

	while (isalnum((unsigned char)*p) || *p == '_' || *p == ':' || *p == '.')
		p++;
	*out = p > from ? mem_strndup(from, (size_t)(p - from)) : NULL;
	return p;
}

/* "value" with its escapes; NULL where it does not end. */
static const char *
take_quoted(const char *p, char **out)
{
	struct str value = STR_INIT;

	*out = NULL;
	if (*p++ != '"')
		return NULL;
	for (; *p && *p != '"'; p++) {
		if (*p == '\\' && p[1])
			str_addc(&value, *++p == 'n' ? '\n' : *p);
		else
			str_addc(&value, *p);
	}
	if (*p != '"') {
		str_release(&value);
		return NULL;
	}
	*out = str_take(&value);
	return p + 1;
}

/* name{a="b",c="d"}; NULL where it is none, else what stands behind it. */
static const char *
take_series(const char *p, struct series *s)
{
	p = take_name(skip_blanks(p), &s->name);
	if (!s->name)
		return NULL;
	p = skip_blanks(p);
	if (*p != '{')
		return p;
	for (p = skip_blanks(p + 1); *p != '}'; p = skip_blanks(p)) {
		struct label *l = vec_add(&s->labels);

		*l = (struct label){0};
		p = skip_blanks(take_name(p, &l->name));
		if (!l->name || *p != '=')
			return NULL;
		p = take_quoted(skip_blanks(p + 1), &l->value);
		if (!p)
			return NULL;
		p = skip_blanks(p);
		if (*p == ',')
			p++;
		else if (*p != '}')
			return NULL;
	}
	return p + 1;
}

static bool
matches(const struct series *want, const struct series *s)
{
	if (strcmp(want->name, s->name) != 0)
		return false;
	for (size_t i = 0; i < want->labels.len; i++) {
		const struct label *w = &want->labels.at[i];
		bool same = false;

		for (size_t j = 0; j < s->labels.len && !same; j++)
			same = strcmp(w->name, s->labels.at[j].name) == 0 &&
				strcmp(w->value, s->labels.at[j].value) == 0;
		if (!same)
			return false;
	}
	return true;
}

static void
read_line(const char *line, const struct series *want, struct metricline_found *out)
{
	struct series s = {0};
	const char *rest = take_series(line, &s);
	char *end = NULL;
	double value = 0;

	if (rest) {
		rest = skip_blanks(rest);
		value = strtod(rest, &end);
	}
	/* A time may stand behind the value. */
	if (!rest || end == rest ||
		(*end && *end != ' ' && *end != '\t' && *end != '\r')) {
		out->malformed++;
	} else {
		out->lines++;
		if (matches(want, &s)) {
			out->series++;
			out->value = value;
		}
	}
	release(&s);
}

bool
metricline_find(const char *page, size_t len, const char *selector,
	struct metricline_found *out, struct err *e)
{
	struct series want = {0};
	const char *rest = take_series(selector, &want);
	bool ok = rest && *skip_blanks(rest) == '\0';

	*out = (struct metricline_found){0};
	if (!ok)
		err_set(e, ERR_INPUT, "`%.100s` is no NAME{label=\"value\"}", selector);
	for (size_t at = 0; ok && at < len;) {
		const char *lf = memchr(page + at, '\n', len - at);
		size_t n = lf ? (size_t)(lf - page) - at : len - at;
		char *line = mem_strndup(page + at, n);
		const char *text = skip_blanks(line);

		if (*text && *text != '#' && *text != '\r')
			read_line(text, &want, out);
		mem_free(line);
		at += n + 1;
	}
	release(&want);
	return ok;
}
