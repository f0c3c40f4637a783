#include "model/subst.h"

#include <string.h>

#include "base/mem.h"

enum { NAME_MAX_BYTES = 32 };

static bool
letter(char c)
{
	return (c >= 'a' && c <= 'z') || c == '_';
}

static bool
name_byte(char c)
{
	return letter(c) || (c >= '0' && c <= '9');
}

bool
subst_valid_name(const char *name)
{
	/* Names a shell or its loader gives a meaning of its own. */
	static const char *const refused[] = {"path", "ifs", "env", "home"};
	size_t len = strlen(name);

	if (len == 0 || len > NAME_MAX_BYTES || !letter(name[0]))
		return false;
	for (size_t i = 1; i < len; i++) {
		if (!name_byte(name[i]))
			return false;
	}
	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
		if (str_eq(name, refused[i]))
			return false;
	}
	return !str_starts(name, "ld_");
}

/* One piece of a text: plain bytes, or the name inside ${…}. */
struct piece {
	const char *at;
	size_t len;
	bool name;
};

/* Bytes of the piece at s and what it is; `$${` and a `${` without its end are plain. */
static size_t
piece_next(const char *s, struct piece *p)
{
	const char *end;

	p->name = false;
	p->at = s;
	if (str_starts(s, "$${")) {
		p->at = s + 1;
		p->len = 2;
		return 3;
	}
	if (str_starts(s, "${") && (end = strchr(s, '}')) != NULL) {
		p->name = true;
		p->at = s + 2;
		p->len = (size_t)(end - p->at);
		return p->len + 3;
	}
	p->len = 1;
	while (s[p->len] != '\0' && s[p->len] != '$')
		p->len++;
	return p->len;
}

static bool
unreserved(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		(c >= '0' && c <= '9') || strchr("-._~", c) != NULL;
}

static void
add_url(const char *value, const char *kept, struct str *out)
{
	for (const unsigned char *c = (const unsigned char *)value; *c != '\0'; c++) {
		if (unreserved(*c) || strchr(kept, *c) != NULL)
			str_addc(out, (char)*c);
		else
			str_addf(out, "%%%02X", *c);
	}
}

static bool
add_value(const char *name, const char *value, enum subst_as as, struct str *out,
	struct err *e)
{
	switch (as) {
	case SUBST_TEXT:
		str_adds(out, value);
		return true;
	case SUBST_URL:
		add_url(value, "", out);
		return true;
	case SUBST_PATH:
		/* A value may be a path, but never climb out of the one it stands in. */
		for (const char *at = value; at != NULL; at = strchr(at, '/')) {
			at += *at == '/';
			if (str_eq(at, "..") || str_starts(at, "../"))
				return err_set(e, ERR_INPUT,
					"the value of ${%s} leaves its folder by ..",
					name);
		}
		str_adds(out, value);
		return true;
	}
	return true;
}

bool
subst_expand(const char *text, enum subst_as as, subst_lookup *lookup, const void *ctx,
	struct str *out, struct err *e)
{
	struct piece p;

	for (const char *s = text; *s != '\0';) {
		bool ok = true, front = s == text;

		s += piece_next(s, &p);
		if (p.name) {
			char *name = mem_strndup(p.at, p.len);
			const char *value = lookup(ctx, name);

			if (value == NULL)
				ok = err_set(e, ERR_INPUT, "${%s} has no value", name);
			else if (front && as == SUBST_URL)
				add_url(value, ":/?#[]@!$&'()*+,;=%", out);
			else
				ok = add_value(name, value, as, out, e);
			mem_free(name);
		} else {
			str_add(out, p.at, p.len);
		}
		if (!ok)
			return false;
	}
	return true;
}

void
subst_names(const char *text, void (*each)(void *ctx, const char *name), void *ctx)
{
	struct piece p;

	for (const char *s = text != NULL ? text : ""; *s != '\0';) {
		s += piece_next(s, &p);
		if (p.name) {
			char *name = mem_strndup(p.at, p.len);

			each(ctx, name);
			mem_free(name);
		}
	}
}
