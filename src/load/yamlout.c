#include "load/yamlout.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

enum { COMMENT_COLS = 88 };

/* What some reader takes for a truth, a null or a number. */
static bool
means_something(const char *text)
{
	static const char *const words[] = {"true", "false", "yes", "no", "on", "off",
		"null", "nan", "inf", "y", "n", NULL};

	for (size_t i = 0; words[i]; i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

/* Letters first, then nothing that has a meaning anywhere in a scalar. */
static bool
is_plain(const char *text)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	static const char inside[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
		" _./()+=;'$%~<>-";
	size_t len = strlen(text);

	if (!len || !strchr(letters, text[0]) || text[len - 1] == ' ')
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x80 && !strchr(inside, c))
			return false;
	}
	return !means_something(text);
}

static void
quoted(struct str *out, const char *text)
{
	str_addc(out, '"');
	for (const char *s = text; *s; s++) {
		if (*s == '"' || *s == '\\')
			str_addc(out, '\\');
		if (*s == '\n')
			str_adds(out, "\\n");
		else if (*s == '\t')
			str_adds(out, "\\t");
		else
			str_addc(out, *s);
	}
	str_addc(out, '"');
}

void
yamlout_flow(struct str *out, const char *text)
{
	/* A comma ends a plain scalar inside a flow; is_plain lets none through. */
	if (is_plain(text))
		str_adds(out, text);
	else
		quoted(out, text);
}

void
yamlout_key(struct str *out, const char *key)
{
	yamlout_flow(out, key);
	str_adds(out, ": ");
}

/* A literal block cannot hold what its own rules would eat: blanks before the first words
 * (they would set the indent), blank lines at the end. */
static bool
may_be_literal(const char *text)
{
	size_t len = strlen(text);

	return strchr(text, '\n') && !strchr(" \t\n", text[0]) && text[len - 1] != '\n' &&
		!strstr(text, " \n") && !strstr(text, "\t\n");
}

void
yamlout_value(struct str *out, int indent, const char *text)
{
	if (!may_be_literal(text)) {
		yamlout_flow(out, text);
		str_addc(out, '\n');
		return;
	}
	str_adds(out, "|-\n");
	for (const char *line = text; line;) {
		size_t len = strcspn(line, "\n");

		if (len)
			str_addf(out, "%*s%.*s", indent + 2, "", (int)len, line);
		str_addc(out, '\n');
		line = line[len] ? line + len + 1 : NULL;
	}
}

void
yamlout_comment(struct str *out, int indent, const char *text)
{
	while (*text) {
		size_t skip, len = text_wrap(text, COMMENT_COLS - (size_t)indent, &skip);

		str_addf(out, "%*s# %.*s\n", indent, "", (int)len, text);
		text += skip;
	}
}
