#include "load/importing.h"

#include <stdarg.h>

#include "base/text.h"

enum { WORD_CELLS = 160 };

/* ---- the account of lines -------------------------------------------------------------- */

/* A long title is cut: it would be kept once for each line of its block. */
static void word(struct str *out, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

static void
word(struct str *out, const char *fmt, va_list ap)
{
	struct str whole = STR_INIT;

	str_vaddf(&whole, fmt, ap);
	text_add_cut(out, whole.buf, WORD_CELLS, "...");
	str_release(&whole);
}

/* For a line that has none yet. */
static void
mark(struct importing *g, int line, enum import_how how, const char *what)
{
	struct import_line *l;

	if (line < 1 || (size_t)line > g->im->lines.len)
		return;
	l = &g->im->lines.at[line - 1];
	if (l->what)
		return;
	l->how = how;
	l->what = mem_strdup(what);
}

void
importing_mark(struct importing *g, int line, enum import_how how, const char *fmt, ...)
{
	struct str what = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	word(&what, fmt, ap);
	va_end(ap);
	mark(g, line, how, what.buf);
	str_release(&what);
}

static bool
is_below(const struct mdtree *t, int node, int root)
{
	while (node > root)
		node = t->nodes.list.at[node].parent;
	return node == root;
}

void
importing_mark_block(
	struct importing *g, int node, enum import_how how, const char *fmt, ...)
{
	const struct mdnode *n = importing_node(g, node);
	struct str what = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	word(&what, fmt, ap);
	va_end(ap);
	for (int l = n->line; l >= 1 && l <= n->end && l <= g->t->lines; l++)
		if (g->t->owner[l] >= 0 && is_below(g->t, g->t->owner[l], node))
			mark(g, l, how, what.buf);
	str_release(&what);
}

void
importing_unmark_block(struct importing *g, int node)
{
	const struct mdnode *n = importing_node(g, node);

	for (int l = n->line; l >= 1 && l <= n->end && l <= g->t->lines; l++) {
		struct import_line *line = &g->im->lines.at[l - 1];

		if (g->t->owner[l] < 0 || !is_below(g->t, g->t->owner[l], node))
			continue;
		mem_free(line->what);
		*line = (struct import_line){.how = IMPORT_KEPT};
	}
}

void
importing_note(struct importing *g, int line, const char *fmt, ...)
{
	struct str text = STR_INIT;
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	vec_push(&g->im->notes,
		(struct import_note){.line = line, .text = str_take(&text)});
}

/* ---- steps ------------------------------------------------------------------------------- */

void
importing_section(struct importing *g)
{
	const struct mdnode *n;

	if (g->section >= 0 || !g->title)
		return;
	n = importing_node(g, g->heading);
	g->section = draft_add(
		g->d, STEP_SECTION, mem_strdup(g->title), n->line, DRAFT_HEADING);
	if (g->part_of)
		str_addf(&draft_at(g->d, g->section)->why, "Part of: %s", g->part_of);
	importing_mark_block(g, g->heading, IMPORT_KEPT, "section \"%s\"", g->title);
}

int
importing_step(struct importing *g, enum step_kind kind, char *title_take, int line,
	enum draft_source source)
{
	struct draft_step *s;

	importing_section(g);
	if (g->why.len) {
		struct str *to = g->section >= 0 ? &draft_at(g->d, g->section)->why
						 : &g->d->why;

		str_addf(to, "%s%s", to->len ? "\n\n" : "", g->why.buf);
		str_reset(&g->why);
	}
	g->last = draft_add(g->d, kind, title_take, line, source);
	if (g->lead) {
		s = draft_at(g->d, g->last);
		str_addf(&s->why, "%s", g->lead);
		mem_free(g->lead);
		g->lead = NULL;
	}
	return g->last;
}
