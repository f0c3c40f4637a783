#include "load/cure.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"

struct place {
	const char *text;
	size_t len;
	size_t line, end; /* of the line complained of, without its break */
	size_t at;
};

enum { SHOWN = 40 };

/* ---- places ---------------------------------------------------------------------------- */

/* False when a line ends otherwise than in LF or CR LF: places could mean others. */
static bool
usual_breaks(const char *text, size_t len)
{
	for (const char *p = text, *end = text + len;
		p < end && (p = memchr(p, '\r', (size_t)(end - p))); p++)
		if (p + 1 == end || p[1] != '\n')
			return false;
	return true;
}

static bool
find_place(struct place *p, int line, int col)
{
	size_t at = p->len >= 3 && memcmp(p->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	const char *nl;

	for (int i = 1; i < line; i++) {
		nl = memchr(p->text + at, '\n', p->len - at);
		if (!nl)
			return false;
		at = (size_t)(nl - p->text) + 1;
	}
	nl = memchr(p->text + at, '\n', p->len - at);
	p->line = at;
	p->end = nl ? (size_t)(nl - p->text) : p->len;
	if (p->end > at && p->text[p->end - 1] == '\r')
		p->end--;
	for (int i = 1; i < col; i++) {
		uint32_t cp;

		if (at >= p->end)
			return false;
		at += text_decode(p->text + at, p->end - at, &cp);
	}
	p->at = at;
	return true;
}

/* ---- words ----------------------------------------------------------------------------- */

/* The written word by the one that was meant; quotes around it stay. */
static bool
cure_word(const struct place *p, const struct diag *d, struct diag_fix *fix)
{
	size_t at = p->at, n = d->written ? strlen(d->written) : 0;

	if (!d->meant || !n || at >= p->end)
		return false;
	at += p->text[at] == '"' || p->text[at] == '\'';
	if (p->end - at < n || memcmp(p->text + at, d->written, n) != 0)
		return false;
	*fix = (struct diag_fix){.at = at,
		.len = n,
		.text = mem_strdup(d->meant),
		.done = mem_printf("`%s` is `%s` now", d->written, d->meant)};
	return true;
}

static bool
cure_format(const struct place *p, const struct diag *d, struct diag_fix *fix)
{
	if (!d->meant || p->at >= p->end || p->at != p->line || p->text[p->at] == '{')
		return false;
	*fix = (struct diag_fix){.at = p->at,
		.text = mem_strdup(d->meant),
		.done = mem_strdup("`handrail: 1` stands before the first key")};
	return true;
}

/* ---- values that want quotes ------------------------------------------------------------ */

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Inside { } or [ ] that were opened on this line. */
static bool
in_flow(const struct place *p, size_t at)
{
	int depth = 0;
	char quote = '\0';

	for (size_t i = p->line; i < at; i++) {
		char c = p->text[i];

		if (quote)
			quote = c == quote ? '\0' : quote;
		else if ((c == '"' || c == '\'') && i > p->line &&
			strchr(" \t{[,:", p->text[i - 1]))
			quote = c;
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth)
			depth--;
	}
	return depth > 0;
}

/* Where the value that begins at `from` ends; comments and blanks are not of it. */
static size_t
value_end(const struct place *p, size_t from, bool flow)
{
	size_t end = from;

	while (end < p->end && !(flow && strchr(",}]", p->text[end])) &&
		!(p->text[end] == '#' && end > from && is_blank(p->text[end - 1])))
		end++;
	while (end > from && is_blank(p->text[end - 1]))
		end--;
	return end;
}

static size_t
indent_at(const struct place *p, size_t line)
{
	size_t n = 0;

	while (line + n < p->len && p->text[line + n] == ' ')
		n++;
	return n;
}

/* Does the value go on in the next line? */
static bool
goes_on(const struct place *p, size_t key_indent)
{
	size_t line = p->end;

	while (line < p->len && p->text[line] != '\n')
		line++;
	while (line < p->len) {
		size_t n;

		line++;
		n = indent_at(p, line);
		if (line + n >= p->len)
			return false;
		if (!strchr("\r\n", p->text[line + n]))
			return n > key_indent && p->text[line + n] != '#';
		while (line < p->len && p->text[line] != '\n')
			line++;
	}
	return false;
}

/* Past "  - key: " of the line: where its value begins, or `end`. */
static size_t
value_begin(const struct place *p, size_t *key_indent)
{
	size_t at = p->line + indent_at(p, p->line);

	while (at + 1 < p->end && p->text[at] == '-' && p->text[at + 1] == ' ') {
		at++;
		while (at < p->end && p->text[at] == ' ')
			at++;
	}
	*key_indent = at - p->line;
	for (; at < p->end && p->text[at] != ':'; at++)
		if (strchr("\"'{}[],#&*!|>%@`", p->text[at]))
			return p->end;
	if (at + 1 >= p->end || !is_blank(p->text[at + 1]))
		return p->end;
	for (at++; at < p->end && is_blank(p->text[at]); at++)
		;
	return at;
}

static bool
quote_it(const struct place *p, size_t from, size_t end, struct diag_fix *fix)
{
	const char *value = p->text + from;
	size_t n = end - from;
	bool single = memchr(value, '"', n) || memchr(value, '\\', n);
	struct str out = STR_INIT;

	str_addc(&out, single ? '\'' : '"');
	for (size_t i = 0; i < n; i++) {
		if (single && value[i] == '\'')
			str_addc(&out, '\'');
		str_addc(&out, value[i]);
	}
	str_addc(&out, single ? '\'' : '"');
	*fix = (struct diag_fix){.at = from,
		.len = n,
		.done = mem_printf("%.*s%s stands in quotes",
			(int)(n > SHOWN ? SHOWN : n), value, n > SHOWN ? "..." : ""),
		.text = str_take(&out)};
	return true;
}

/* The value that begins at `from` with something YAML keeps for itself. */
static bool
quote_value(const struct place *p, size_t from, struct diag_fix *fix)
{
	bool flow = in_flow(p, from);
	size_t end = value_end(p, from, flow), indent = 0, before = from;

	while (before > p->line && is_blank(p->text[before - 1]))
		before--;
	if (before == p->line || (!strchr(":,[-", p->text[before - 1])))
		return false;
	if (end == from ||
		(flow &&
			(memchr(p->text + from, '"', end - from) ||
				memchr(p->text + from, '{', end - from) ||
				memchr(p->text + from, '[', end - from))))
		return false;
	if (!flow && value_begin(p, &indent) <= from && goes_on(p, indent))
		return false;
	return quote_it(p, from, end, fix);
}

/* "> 3", ">= 3", "!= 3": nothing but a comparison begins so. */
static bool
is_comparison(const struct place *p, size_t at)
{
	size_t i = at + 1;

	if (p->text[at] == '!' && (i >= p->end || p->text[i] != '='))
		return false;
	while (i < p->end && (p->text[i] == '=' || is_blank(p->text[i])))
		i++;
	/* ">3" alone says how deep a block is indented */
	return i < p->end && p->text[i] >= '0' && p->text[i] <= '9' &&
		(i > at + 1 || in_flow(p, at));
}

/* `title: Tour: now`: the second colon is a part of the text. */
static bool
quote_line(const struct place *p, struct diag_fix *fix)
{
	size_t indent = 0, from = value_begin(p, &indent),
	       end = value_end(p, from, false);

	if (from >= p->at || end != value_end(p, p->at, false) || goes_on(p, indent) ||
		strchr("\"'{}[]&*!|>%@`#", p->text[from]))
		return false;
	return quote_it(p, from, end, fix);
}

static bool
cure_value(const struct place *p, const struct diag *d, struct diag_fix *fix)
{
	size_t at = p->at;

	(void)d;
	if (at >= p->end)
		return false;
	if (strchr("@%`", p->text[at]))
		return quote_value(p, at, fix);
	if (p->text[at] == '!' || p->text[at] == '>')
		return is_comparison(p, at) && quote_value(p, at, fix);
	if (p->text[at] == ':')
		return quote_line(p, fix);
	/* The parser stops behind the sign it took for its own. */
	if (at > p->line && p->text[at - 1] == '*')
		return quote_value(p, at - 1, fix);
	for (size_t back = 1; back <= 2 && at > p->line + back; back++)
		if (p->text[at - back] == '>')
			return is_comparison(p, at - back) &&
				quote_value(p, at - back, fix);
	return false;
}

/* ---- documents --------------------------------------------------------------------------- */

/* Only blanks, comments and document marks? */
static bool
nothing_in(const char *text, size_t from, size_t to)
{
	while (from < to) {
		const char *nl = memchr(text + from, '\n', to - from);
		size_t end = nl ? (size_t)(nl - text) : to, at = from;

		while (at < end && strchr(" \t\r", text[at]))
			at++;
		if (at < end && text[at] != '#' &&
			!(at == from && end - at >= 3 &&
				memcmp(text + at, "---", 3) == 0 &&
				nothing_in(text, at + 3, end)))
			return false;
		from = end + 1;
	}
	return true;
}

/* Where the line after this one begins. */
static size_t
line_after(const struct place *p, size_t at)
{
	const char *nl = memchr(p->text + at, '\n', p->len - at);

	return nl ? (size_t)(nl - p->text) + 1 : p->len;
}

static bool
cure_document(const struct place *p, const struct diag *d, struct diag_fix *fix)
{
	size_t behind = p->line + 3;
	size_t next = line_after(p, p->line);

	(void)d;
	/* several in a row are one */
	while (p->len - next >= 3 && memcmp(p->text + next, "---", 3) == 0 &&
		nothing_in(p->text, next + 3, line_after(p, next)))
		next = line_after(p, next);
	if (p->at != p->line || p->end < behind ||
		memcmp(p->text + p->line, "---", 3) != 0 ||
		!nothing_in(p->text, behind, p->end) ||
		!(nothing_in(p->text, 0, p->line) || nothing_in(p->text, next, p->len)))
		return false;
	*fix = (struct diag_fix){.at = p->line,
		.len = next - p->line,
		.text = mem_strdup(""),
		.done = mem_strdup("the empty document is gone")};
	return true;
}

/* Brought by layout.h together with the complaint. */
static bool
cure_none(const struct place *p, const struct diag *d, struct diag_fix *fix)
{
	(void)p;
	(void)d;
	(void)fix;
	return false;
}

/* ---- the list ---------------------------------------------------------------------------- */

static const struct cure_row rows[] = {
#define X(id, fn, does) {id, does},
	CURES(X)
#undef X
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static bool (*const functions[ROWS])(
	const struct place *p, const struct diag *d, struct diag_fix *fix) = {
#define X(id, fn, does) cure_##fn,
	CURES(X)
#undef X
};

static int
find_row(const char *id)
{
	for (int i = 0; i < ROWS; i++)
		if (strcasecmp(rows[i].id, id) == 0)
			return i;
	return -1;
}

void
cure_attach(const char *file, const char *text, size_t len, struct diags *d, size_t from)
{
	struct place p = {.text = text, .len = len};
	bool usual = false;

	for (size_t i = from; i < d->list.len; i++) {
		struct diag *one = &d->list.at[i];
		int row = str_eq(one->file, file) ? find_row(one->id) : -1;

		if (row < 0 || one->fix.text || one->line < 1)
			continue;
		if (!usual && !usual_breaks(text, len))
			return;
		usual = true;
		if (find_place(&p, one->line, one->col))
			functions[row](&p, one, &one->fix);
	}
}

const char *
cure_about(const char *id)
{
	int row = find_row(id);

	return row < 0 ? NULL : rows[row].does;
}

const struct cure_row *
cure_rows(size_t *count)
{
	*count = ROWS;
	return rows;
}
