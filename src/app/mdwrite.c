#include "app/mdwrite.h"

#include <string.h>

static bool
is_word(char c)
{
	unsigned char u = (unsigned char)c;

	return (u >= '0' && u <= '9') || (u >= 'a' && u <= 'z') ||
		(u >= 'A' && u <= 'Z') || u >= 0x80;
}

/* A backslash takes the meaning from any punctuation. An underscore inside a word and a
 * bracket-less `!` have none. */
static bool
is_markup(const char *text, size_t at)
{
	if (text[at] == '_')
		return !(at && is_word(text[at - 1]) && is_word(text[at + 1]));
	return strchr("\\`*[]<>&|~$#", text[at]) != NULL;
}

/* What makes a list, a heading or a rule of a line it begins: "-", "+", "=", "1.", "1)". */
static size_t
block_mark(const char *line)
{
	size_t digits = strspn(line, "0123456789");

	if (strchr("-+=:", line[0]) && line[0])
		return 1;
	return digits && (line[digits] == '.' || line[digits] == ')') ? digits + 1 : 0;
}

void
mdwrite_prose(struct str *out, const char *text, size_t len, enum mdwrite_where where)
{
	size_t mark = where == MDWRITE_AT_BEGIN ? block_mark(text) : 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\n' || text[i] == '\t') {
			str_addc(out, ' ');
			continue;
		}
		if (is_markup(text, i) || i + 1 == mark)
			str_addc(out, '\\');
		str_addc(out, text[i]);
	}
}

void
mdwrite_line(struct str *out, const char *text)
{
	size_t len = strlen(text);

	while (len && (text[len - 1] == '\n' || text[len - 1] == ' '))
		len--;
	mdwrite_prose(out, text, len, MDWRITE_IN_LINE);
}

void
mdwrite_paragraphs(struct str *out, const char *text, const char *indent)
{
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n"), lead = strspn(line, " \t");
		const char *next = line + len + (line[len] == '\n');

		if (lead < len) {
			str_adds(out, indent);
			mdwrite_prose(out, line + lead, len - lead, MDWRITE_AT_BEGIN);
		}
		if (*next || lead < len)
			str_addc(out, '\n');
		line = next;
	}
}

static size_t
longest_ticks(const char *text)
{
	size_t most = 0;

	for (const char *at = text; (at = strchr(at, '`')); at += strspn(at, "`")) {
		size_t n = strspn(at, "`");

		most = n > most ? n : most;
	}
	return most;
}

static void
add_ticks(struct str *out, size_t count)
{
	while (count--)
		str_addc(out, '`');
}

void
mdwrite_code(struct str *out, const char *text)
{
	size_t ticks = longest_ticks(text) + 1;
	size_t len = strlen(text);
	bool pad = len && (text[0] == '`' || text[len - 1] == '`' || text[0] == ' ');

	if (!len)
		return;
	add_ticks(out, ticks);
	str_adds(out, pad ? " " : "");
	for (; *text; text++)
		str_addc(out, *text == '\n' ? ' ' : *text);
	str_adds(out, pad ? " " : "");
	add_ticks(out, ticks);
}

void
mdwrite_gap(struct str *out)
{
	if (out->len && !str_ends(out, "\n\n"))
		str_addc(out, '\n');
}

void
mdwrite_fence(struct str *out, const char *language, const char *text, const char *indent)
{
	size_t ticks = longest_ticks(text) + 1;

	ticks = ticks < 3 ? 3 : ticks;
	mdwrite_gap(out);
	str_adds(out, indent);
	add_ticks(out, ticks);
	str_addf(out, "%s\n", language);
	for (const char *line = text; *line;) {
		size_t len = strcspn(line, "\n");

		if (len) {
			str_adds(out, indent);
			str_add(out, line, len);
		}
		str_addc(out, '\n');
		line += len + (line[len] == '\n');
	}
	str_adds(out, indent);
	add_ticks(out, ticks);
	str_adds(out, "\n\n");
}
