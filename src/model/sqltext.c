#include "model/sqltext.h"

#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "base/str.h"

static bool
is_word(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9');
}

/* ---- what hides a semicolon --------------------------------------------------------------- */

/* A quote up to its end; doubled it stands for itself, and after \ if that escapes. */
static size_t
quoted(const char *p, bool escapes)
{
	char q = *p;

	for (size_t i = 1; p[i]; i++) {
		if (escapes && p[i] == '\\' && p[i + 1])
			i++;
		else if (p[i] == q && p[i + 1] == q)
			i++;
		else if (p[i] == q)
			return i + 1;
	}
	return 0;
}

/* $tag$ ... $tag$; 0: it does not end, 1: no quote at all. */
static size_t
dollar_quoted(const char *p)
{
	size_t tag = 1;
	const char *end;
	char *mark;

	while (is_word(p[tag]) && !(tag == 1 && p[1] >= '0' && p[1] <= '9'))
		tag++;
	if (p[tag] != '$')
		return 1;
	mark = mem_strndup(p, tag + 1);
	end = strstr(p + tag + 1, mark);
	mem_free(mark);
	return end ? (size_t)(end - p) + tag + 1 : 0;
}

static size_t
comment(const char *p)
{
	int depth = 0;
	size_t i = 0;

	if (p[0] == '-')
		return strcspn(p, "\n");
	do {
		if (p[i] == '/' && p[i + 1] == '*') {
			depth++;
			i += 2;
		} else if (p[i] == '*' && p[i + 1] == '/') {
			depth--;
			i += 2;
		} else {
			i++;
		}
	} while (depth > 0 && p[i]);
	return depth ? 0 : i;
}

/* The length of what stands at p in one piece; 0: it does not end. */
static size_t
piece(const char *text, const char *p)
{
	bool after_e = p > text && (p[-1] == 'E' || p[-1] == 'e') &&
		!(p > text + 1 && is_word(p[-2]));

	if (*p == '\'' || *p == '"')
		return quoted(p, *p == '\'' && after_e);
	if (*p == '$' && !(p > text && is_word(p[-1])))
		return dollar_quoted(p);
	if ((p[0] == '-' && p[1] == '-') || (p[0] == '/' && p[1] == '*'))
		return comment(p);
	return 1;
}

/* ---- statements --------------------------------------------------------------------------- */

struct reading {
	sqltext_fn *fn;
	void *ctx;
	struct sqltext *out;
	struct sqltext_one now;
	struct str text;
	bool said; /* more than blanks and comments */
};

static void
one_release(struct sqltext_one *o)
{
	for (size_t i = 0; i < o->params.list.len; i++)
		mem_wipe_free(o->params.list.at[i], strlen(o->params.list.at[i]));
	vec_free(&o->params.list);
	mem_free(o->text);
}

/* The transaction is the step's: all of it happens, or nothing. */
static bool
begins_or_ends(const char *text)
{
	static const char *const words[] = {
		"begin", "start", "commit", "end", "rollback", "abort", "prepare"};
	size_t len = 0;

	while (is_word(text[len]))
		len++;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *after = text + len + strspn(text + len, " \t\r\n");

		if (len != strlen(words[i]) || strncasecmp(text, words[i], len) != 0)
			continue;
		if (words[i][0] == 'p')
			return strncasecmp(after, "transaction", 11) == 0;
		if (words[i][0] == 'r')
			return strncasecmp(after, "to", 2) != 0;
		return true;
	}
	return false;
}

static bool
statement_ends(struct reading *r, struct err *e)
{
	char *text = str_take(&r->text);
	const char *first = text;

	r->text = (struct str)STR_INIT;
	r->now.text = text;
	while (*first && (strchr(" \t\r\n", *first) || piece(text, first) > 1))
		first += strchr(" \t\r\n", *first) ? 1 : piece(text, first);
	if (!r->said) {
		one_release(&r->now);
	} else if (begins_or_ends(first)) {
		err_set(e, ERR_INPUT,
			"\"%.20s\": the step is one transaction, and ends it itself",
			first);
		one_release(&r->now);
		r->now = (struct sqltext_one){0};
		return false;
	} else {
		vec_push(&r->out->list, r->now);
	}
	r->now = (struct sqltext_one){0};
	r->said = false;
	return true;
}

static bool
parameter(struct reading *r, const char *p, size_t *len, struct err *e)
{
	const char *close = strchr(p, '}'), *value;
	char *name;

	if (!close)
		return err_set(e, ERR_INPUT, "\"%.20s\" has no }", p);
	name = mem_strndup(p + 2, (size_t)(close - p) - 2);
	value = r->fn(r->ctx, name);
	if (!value)
		err_set(e, ERR_INPUT, "%s has no value yet", name);
	mem_free(name);
	if (!value)
		return false;
	vec_push(&r->now.params.list, mem_strdup(value));
	str_addf(&r->text, "$%zu", r->now.params.list.len);
	*len = (size_t)(close - p) + 1;
	return true;
}

static bool
names_in(const char *p, size_t len, struct err *e)
{
	for (size_t i = 0; i + 1 < len; i++)
		if (p[i] == '$' && p[i + 1] == '{' && !(i > 0 && p[i - 1] == '$'))
			return err_set(e, ERR_INPUT,
				"%.*s stands in quotes: without them it is a parameter",
				(int)strcspn(p + i, "}") + 1, p + i);
	return true;
}

static bool
take(struct reading *r, const char *text, const char *p, size_t *len, struct err *e)
{
	if (str_starts(p, "${")) {
		r->said = true;
		return parameter(r, p, len, e);
	}
	if (str_starts(p, "$${")) {
		str_adds(&r->text, "${");
		*len = 3;
		return true;
	}
	*len = piece(text, p);
	if (*len == 0)
		return err_set(e, ERR_INPUT, "\"%.20s\" does not end", p);
	if (*p == ';')
		return statement_ends(r, e);
	if (*len > 1 && (*p == '\'' || *p == '"' || *p == '$') && !names_in(p, *len, e))
		return false;
	if (*len == 1 ? !strchr(" \t\r\n", *p) : *p != '-' && *p != '/')
		r->said = true;
	str_add(&r->text, p, *len);
	return true;
}

bool
sqltext_read(
	const char *text, sqltext_fn *fn, void *ctx, struct sqltext *out, struct err *e)
{
	struct reading r = {.fn = fn, .ctx = ctx, .out = out, .text = STR_INIT};
	size_t len = 0;
	bool ok = true;

	*out = (struct sqltext){0};
	for (const char *p = text; *p && ok; p += len)
		ok = take(&r, text, p, &len, e);
	ok = ok && statement_ends(&r, e);
	if (ok && !out->list.len)
		ok = err_set(e, ERR_INPUT, "there is no statement in it");
	one_release(&r.now);
	str_release(&r.text);
	if (!ok)
		sqltext_release(out);
	return ok;
}

void
sqltext_release(struct sqltext *t)
{
	for (size_t i = 0; i < t->list.len; i++)
		one_release(&t->list.at[i]);
	vec_free(&t->list);
}
