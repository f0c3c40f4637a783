#include "load/importmeta.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "load/importtext.h"

enum { LABEL_BYTES = 48, DAY_SECONDS = 86400 };

enum about {
	ABOUT_NOTHING,
	ABOUT_TITLE,
	ABOUT_OWNER,
	ABOUT_LAST,
	ABOUT_REVIEWED, /* says more than a date of the page */
	ABOUT_NEXT,
	ABOUT_BY,
	ABOUT_VERSION,
	ABOUT_TAGS,
	ABOUT_ALIASES,
	ABOUT_WHY,
	ABOUT_TAG, /* kept as "label: value" among the tags */
};

static const struct {
	enum about about;
	const char *words;
} rows[] = {
	{ABOUT_TITLE, "|title|name|"},
	{ABOUT_OWNER,
		"|owner|owners|maintainer|maintainers|author|authors|team|service owner|"
		"maintained by|owned by|"},
	{ABOUT_LAST,
		"|last updated|updated|last update|date|last modified|last tested|"
		"last change|"},
	{ABOUT_REVIEWED, "|last reviewed|last review|reviewed|reviewed on|"},
	{ABOUT_NEXT, "|next review|review by|next review date|review due|"},
	{ABOUT_BY, "|reviewed by|approved by|signed by|reviewer|approver|"},
	{ABOUT_VERSION, "|version|revision|document version|"},
	{ABOUT_TAGS, "|tags|keywords|labels|categories|"},
	{ABOUT_ALIASES, "|aliases|alias|also known as|"},
	{ABOUT_WHY, "|description|summary|"},
	{ABOUT_TAG, "|status|severity|service|component|priority|environment|category|"},
};

static enum about
about_of(const char *label, size_t len)
{
	char word[LABEL_BYTES + 2] = "|";
	size_t n = 1;

	if (!len || len > LABEL_BYTES - 1)
		return ABOUT_NOTHING;
	for (size_t i = 0; i < len; i++) {
		char c = (char)tolower((unsigned char)label[i]);

		word[n++] = c == '_' || c == '-' ? ' ' : c;
	}
	word[n++] = '|';
	word[n] = '\0';
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strstr(rows[i].words, word))
			return rows[i].about;
	return ABOUT_NOTHING;
}

/* ---- values ---------------------------------------------------------------------------- */

static bool
left_open(const char *v)
{
	size_t len = strlen(v);

	return !len || strspn(v, "_. -") == len || (v[0] == '[' && v[len - 1] == ']') ||
		(v[0] == '<' && v[len - 1] == '>') || str_eq(v, "TBD") ||
		str_eq(v, "TODO") || str_eq(v, "N/A");
}

/* Days since 1970-03-01 of YYYY-MM-DD; false when it is none. */
static bool
date_days(const char *v, long *days)
{
	static const int before[] = {
		306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275};
	long y, m, d;

	if (strlen(v) < 10 || v[4] != '-' || v[7] != '-' || isdigit((unsigned char)v[10]))
		return false;
	for (int i = 0; i < 10; i++)
		if (i != 4 && i != 7 && !isdigit((unsigned char)v[i]))
			return false;
	y = strtol(v, NULL, 10);
	m = strtol(v + 5, NULL, 10);
	d = strtol(v + 8, NULL, 10);
	if (m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	if (m < 3)
		y--;
	*days = y * 365 + y / 4 - y / 100 + y / 400 + before[m - 1] + d;
	return true;
}

static void
add_words(struct strings *out, const char *v)
{
	while (*v) {
		size_t len, end;

		v += strspn(v, "[], \"'");
		len = strcspn(v, "],\"'");
		for (end = len; end && v[end - 1] == ' ';)
			end--;
		if (end)
			vec_push(&out->list, mem_strndup(v, end));
		v += len;
	}
}

static void
read_last(struct importing *g, const char *v, int line, enum about about)
{
	bool better = about == ABOUT_REVIEWED && !g->reviewed;
	long days;

	if (!date_days(v, &days)) {
		importing_note(g, line, "not a date as YYYY-MM-DD: %.60s", v);
		vec_push(&g->d->tags.list, mem_printf("updated %s", v));
		return;
	}
	if (g->d->reviewed_last && !better) {
		vec_push(&g->d->tags.list, mem_printf("updated %.10s", v));
		return;
	}
	if (g->d->reviewed_last)
		vec_push(&g->d->tags.list, mem_printf("updated %s", g->d->reviewed_last));
	g->reviewed = about == ABOUT_REVIEWED;
	mem_free(g->d->reviewed_last);
	g->d->reviewed_last = mem_strndup(v, 10);
}

static void
read_next(struct importing *g, const char *v, int line)
{
	long next, last;

	if (date_days(v, &next) && g->d->reviewed_last &&
		date_days(g->d->reviewed_last, &last) && next > last &&
		next - last < 10000)
		g->d->reviewed_days = (int)(next - last);
	else
		importing_note(
			g, line, "next review %.60s: no date after the last one", v);
}

/* What the page says of itself under this label; false: nothing we know. */
static bool
take(struct importing *g, const char *label, size_t len, const char *v, int line)
{
	enum about about = about_of(label, len);
	struct draft *d = g->d;

	if (about == ABOUT_NOTHING)
		return false;
	if (about != ABOUT_TAGS && about != ABOUT_ALIASES && left_open(v)) {
		importing_mark(
			g, line, IMPORT_LOST, "%.*s: never filled in", (int)len, label);
		importing_note(g, line, "%.*s was never filled in", (int)len, label);
		return true;
	}
	switch (about) {
	case ABOUT_TITLE:
		if (!d->title)
			d->title = mem_strdup(v);
		else if (!str_eq(d->title, v))
			vec_push(&d->aliases.list, mem_strdup(v));
		break;
	case ABOUT_OWNER:
		if (!d->owner)
			d->owner = mem_strdup(v);
		else if (!str_eq(d->owner, v))
			vec_push(&d->tags.list,
				mem_printf("%.*s: %s", (int)len, label, v));
		break;
	case ABOUT_LAST:
	case ABOUT_REVIEWED:
		read_last(g, v, line, about);
		break;
	case ABOUT_NEXT:
		read_next(g, v, line);
		break;
	case ABOUT_VERSION:
		vec_push(&d->tags.list, mem_printf("version %s", v));
		break;
	case ABOUT_TAGS:
		add_words(&d->tags, v);
		break;
	case ABOUT_ALIASES:
		add_words(&d->aliases, v);
		break;
	case ABOUT_WHY:
		str_addf(&d->why, "%s%s", d->why.len ? "\n\n" : "", v);
		break;
	case ABOUT_BY:
	case ABOUT_TAG:
		vec_push(&d->tags.list, mem_printf("%.*s: %s", (int)len, label, v));
		break;
	case ABOUT_NOTHING:
		break;
	}
	importing_mark(g, line, IMPORT_GUESSED, "about the page: %.*s", (int)len, label);
	return true;
}

/* ---- front matter ---------------------------------------------------------------------- */

static bool
is_fence(const char *s, size_t len, char mark)
{
	while (len && strchr(" \t\r", s[len - 1]))
		len--;
	return len == 3 && s[0] == mark && s[1] == mark && s[2] == mark;
}

int
importmeta_front_lines(const char *text, size_t len)
{
	size_t first = strcspn(text, "\n");
	int lines = 1;

	if (!len || (text[0] != '-' && text[0] != '+') || !is_fence(text, first, text[0]))
		return 0;
	for (size_t at = first; at < len && text[at] == '\n';) {
		size_t n = strcspn(text + at + 1, "\n");

		lines++;
		if (is_fence(text + at + 1, n, text[0]) ||
			(text[0] == '-' && is_fence(text + at + 1, n, '.')))
			return lines;
		if (lines == 2 && strspn(text + at + 1, " \t") == n)
			return 0; /* a rule, and text under it */
		at += n + 1;
	}
	return 0;
}

static char *
clean_value(const char *s, size_t len)
{
	while (len && strchr(" \t\"'", *s)) {
		s++;
		len--;
	}
	while (len && strchr(" \t\r\"'", s[len - 1]))
		len--;
	return mem_strndup(s, len);
}

/* "  - value" under a key belongs to that key. */
static void
front_line(struct importing *g, const char *s, size_t len, int line, char **key)
{
	size_t colon = 0, indent = 0;
	char *v;

	while (indent < len && strchr(" \t", s[indent]))
		indent++;
	if (indent == len || s[indent] == '#') {
		importing_mark(g, line, indent == len ? IMPORT_KEPT : IMPORT_LOST, "%s",
			indent == len ? "layout" : "comment");
		return;
	}
	if (s[indent] == '-' && *key) {
		v = clean_value(s + indent + 1, len - indent - 1);
	} else {
		while (colon < len && s[colon] != ':' && s[colon] != '=')
			colon++;
		mem_free(*key);
		*key = clean_value(s, colon);
		v = colon < len ? clean_value(s + colon + 1, len - colon - 1)
				: mem_strdup("");
		if (!*v && colon < len && about_of(*key, strlen(*key)) != ABOUT_NOTHING) {
			importing_mark(
				g, line, IMPORT_GUESSED, "about the page: %s", *key);
			mem_free(v);
			return;
		}
	}
	if (!take(g, *key, strlen(*key), v, line)) {
		if (*v)
			vec_push(&g->d->tags.list, mem_printf("%s: %s", *key, v));
		importing_mark(g, line, *v ? IMPORT_GUESSED : IMPORT_LOST, "%s",
			*v ? "front matter, as a tag" : "front matter without a value");
	}
	mem_free(v);
}

void
importmeta_front(struct importing *g, int lines)
{
	char *key = NULL;

	if (!lines)
		return;
	importing_mark(g, 1, IMPORT_KEPT, "layout");
	importing_mark(g, lines, IMPORT_KEPT, "layout");
	for (int l = 2; l < lines; l++) {
		size_t len;
		const char *s = mdtree_line(g->t, l, &len);

		front_line(g, s, len, l, &key);
	}
	mem_free(key);
}

/* ---- paragraphs ------------------------------------------------------------------------ */

/* One "Label: value" of a paragraph, from byte `from` up to `to`. */
static bool
piece(struct importing *g, const struct mdnode *n, size_t from, size_t to, int line,
	bool try)
{
	size_t colon = from;
	bool ok;
	char *v;

	while (colon < to && n->text[colon] != ':')
		colon++;
	if (colon == to || about_of(n->text + from, colon - from) == ABOUT_NOTHING)
		return false;
	if (try)
		return true;
	v = clean_value(n->text + colon + 1, to - colon - 1);
	for (size_t i = strlen(v); i && strchr(" \n", v[i - 1]); i--)
		v[i - 1] = '\0';
	ok = take(g, n->text + from, colon - from, v, line);
	mem_free(v);
	return ok;
}

static size_t
next_piece(const struct mdnode *n, size_t from)
{
	size_t to = n->len;

	for (size_t i = 0; i < n->spans.len; i++)
		if (n->spans.at[i].kind == MDSPAN_STRONG && n->spans.at[i].from > from &&
			n->spans.at[i].from < to)
			to = n->spans.at[i].from;
	for (size_t i = from; i < to; i++)
		if (n->text[i] == '\n')
			return i + 1;
	return to;
}

bool
importmeta_paragraph(struct importing *g, int node)
{
	const struct mdnode *n = importing_node(g, node);

	for (int try = 1; try >= 0; try--) {
		int line = n->line;

		for (size_t at = 0; at < n->len;) {
			size_t to = next_piece(n, at);

			if (!piece(g, n, at, to, line, try))
				return false;
			line += line < n->end;
			at = to;
		}
	}
	importing_mark_block(g, node, IMPORT_GUESSED, "about the page");
	return true;
}

/* ---- contacts -------------------------------------------------------------------------- */

static void
add_pair(struct pairs *to, struct map *taken, const char *label, const char *value,
	int line)
{
	vec_push(&to->list,
		(struct pair){.key = draft_name(taken, label, ' '),
			.value = mem_strdup(value),
			.line = line});
}

void
importmeta_link(struct importing *g, const char *label, const char *url, int line)
{
	add_pair(&g->d->links, &g->d->link_names, label, url, line);
}

void
importmeta_contact(
	struct importing *g, const char *label, const char *value, int line, bool links)
{
	if (links && importtext_is_web(value)) {
		importmeta_link(g, label, value, line);
		importing_mark(g, line, IMPORT_KEPT, "link %s", label);
	} else {
		add_pair(&g->d->contacts, &g->d->contact_names, label, value, line);
		importing_mark(g, line, IMPORT_KEPT, "contact %s", label);
	}
	if (left_open(value))
		importing_note(g, line, "%s: %s; nobody has decided yet", label, value);
}
