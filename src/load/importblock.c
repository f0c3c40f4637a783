#include "load/importblock.h"

#include <string.h>

#include "load/importfence.h"
#include "load/importitem.h"
#include "load/importlist.h"
#include "load/importmeta.h"
#include "load/importtable.h"
#include "load/importtext.h"

static const struct mdnode *
next_block(const struct importing *g, int node, int end)
{
	int next = importing_node(g, node)->next;

	return next >= 0 && next != end ? importing_node(g, next) : NULL;
}

/* ---- paragraphs ------------------------------------------------------------------------ */

static void
add_why(struct importing *g, const char *words, int line)
{
	if (!g->why.len)
		g->why_line = line;
	str_addf(&g->why, "%s%s", g->why.len ? "\n\n" : "", words);
}

/* Under the last step, if it can take a text. */
static bool
add_remark(struct importing *g, const char *words)
{
	struct draft_step *s = g->last >= 0 ? draft_at(g->d, g->last) : NULL;

	if (!s || s->kind != STEP_DO)
		return false;
	str_addf(&s->text, "%s%s", s->text.len ? "\n\n" : "", words);
	return true;
}

static void
step_of_words(struct importing *g, const char *words, const struct mdnode *n)
{
	bool whole;
	char *title = importtext_title(words, &whole);
	int step = importing_step(g, STEP_DO, title, n->line, DRAFT_TEXT);
	struct draft_step *s = draft_at(g->d, step);
	char *command = importtext_command(g, n);

	if (!whole)
		str_adds(&s->text, words);
	if (command)
		str_addf(&s->text, "%s$ %s", s->text.len ? "\n" : "", command);
	importtext_dangers(g, n, &s->explain);
	mem_free(command);
}

/* "**Why**: reason" and "**Acceptance criteria**". False: the paragraph is for others. */
static bool
label(struct importing *g, int node)
{
	const struct mdnode *n = importing_node(g, node);
	size_t len, at = importtext_label(n, &len);
	enum importlabel role = at ? importlabel_of(n->text, len) : IMPORTLABEL_NONE;
	char *words;

	if (role == IMPORTLABEL_NONE)
		return false;
	if (at >= n->len) {
		g->role = role;
		importing_mark_block(g, node, IMPORT_GUESSED, "says what follows: %.*s",
			(int)len, n->text);
		return true;
	}
	words = importtext_words(g, n, role == IMPORTLABEL_WHY ? at : 0, NULL);
	if (role == IMPORTLABEL_WHY || role == IMPORTLABEL_IMPACT ||
		!add_remark(g, words))
		add_why(g, words, n->line);
	importing_mark_block(g, node, IMPORT_KEPT, "why");
	mem_free(words);
	return true;
}

/* "Use with:" before a list, a table or a block of code. */
static bool
leads_in(const struct importing *g, int node, int end)
{
	const struct mdnode *n = importing_node(g, node),
			    *next = next_block(g, node, end);

	return next && n->len && n->text[n->len - 1] == ':' &&
		(next->kind == MDTREE_LIST || next->kind == MDTREE_CODE ||
			next->kind == MDTREE_TABLE);
}

/* "[!WARNING] text" of a quotation: the words say what it is. */
static void
drop_alert(char *words)
{
	static const char *const marks[] = {
		"[!NOTE]", "[!TIP]", "[!IMPORTANT]", "[!WARNING]", "[!CAUTION]"};

	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		size_t len = strlen(marks[i]), head = 0;

		if (!str_starts(words, marks[i]))
			continue;
		memmove(words, words + len, strlen(words + len) + 1);
		while (words[head] == ' ' || words[head] == '\n')
			head++;
		memmove(words, words + head, strlen(words + head) + 1);
	}
}

static void
paragraph(struct importing *g, int node, int end)
{
	const struct mdnode *n = importing_node(g, node);
	size_t label_len;
	char *words;

	if (importmeta_paragraph(g, node) || label(g, node))
		return;
	words = importtext_words(g, n, 0, NULL);
	drop_alert(words);
	if (!words[0]) {
		importing_mark_block(g, node, IMPORT_LOST, "an image or an empty text");
	} else if (leads_in(g, node, end)) {
		mem_free(g->lead);
		g->lead = mem_strdup(words);
		g->lead_line = n->line;
		importing_mark_block(g, node, IMPORT_KEPT, "said of what follows");
	} else if (g->role == IMPORTLABEL_PROSE ||
		(g->last >= 0 && importtext_label(n, &label_len))) {
		step_of_words(g, words, n);
		importing_mark_block(g, node, IMPORT_GUESSED, "text as a step");
	} else if (add_remark(g, words)) {
		importtext_dangers(g, n, &draft_at(g->d, g->last)->explain);
		importing_mark_block(g, node, IMPORT_KEPT, "text of the step before it");
	} else {
		add_why(g, words, n->line);
		importing_mark_block(g, node, IMPORT_KEPT, "why");
	}
	mem_free(words);
}

/* ---- lists ----------------------------------------------------------------------------- */

/* Nothing but links into the page itself. */
static bool
is_contents(const struct importing *g, int list)
{
	const struct mdnode *l = importing_node(g, list);
	bool any = false;

	for (int i = mdtree_after(g->t, list, list); i >= 0;
		i = mdtree_after(g->t, list, i)) {
		const struct mdnode *n = importing_node(g, i);

		if (n->mark)
			return false;
		if (!n->text)
			continue;
		if (n->kind != MDTREE_PARAGRAPH || n->spans.len != 1 ||
			n->spans.at[0].kind != MDSPAN_LINK || n->spans.at[0].from != 0 ||
			n->spans.at[0].to != n->len || !n->spans.at[0].href ||
			n->spans.at[0].href[0] != '#')
			return false;
		any = true;
	}
	return any && l->first >= 0;
}

static bool
is_plain(const struct importing *g, int list)
{
	const struct mdnode *l = importing_node(g, list);

	if (l->level)
		return false;
	for (int i = mdtree_after(g->t, list, list); i >= 0;
		i = mdtree_after(g->t, list, i)) {
		const struct mdnode *n = importing_node(g, i);

		if (n->mark || n->kind == MDTREE_CODE)
			return false;
	}
	return true;
}

/* What a list of remarks is called: by what was said before it, or by its section. */
static char *
remarks_title(struct importing *g)
{
	char *title, *from;
	bool whole;

	if (!g->lead && g->title) {
		const struct mdnode *n = importing_node(g, g->heading);
		size_t len = n->len;

		while (len && strchr(": ", n->text[len - 1]))
			len--;
		/* the words of its own heading, without those above */
		return strlen(g->title) > len && len
			? mem_strdup(g->title + strlen(g->title) - len)
			: mem_strdup(g->title);
	}
	if (!g->lead)
		return mem_strdup("Remarks");
	from = g->lead;
	g->lead = NULL;
	for (size_t n = strlen(from); n && strchr(": ", from[n - 1]); n--)
		from[n - 1] = '\0';
	title = importtext_title(from, &whole);
	mem_free(from);
	return title;
}

static void
list_as_why(struct importing *g, int list)
{
	struct str text = STR_INIT;

	if (g->lead)
		str_adds(&text, g->lead);
	mem_free(g->lead);
	g->lead = NULL;
	importlist_lines(g, list, 0, &text);
	if (!add_remark(g, text.buf))
		add_why(g, text.buf, importing_node(g, list)->line);
	importing_mark_block(g, list, IMPORT_KEPT, "why");
	str_release(&text);
}

static void
list(struct importing *g, int node)
{
	if (is_contents(g, node)) {
		importing_mark_block(
			g, node, IMPORT_LOST, "table of contents; the sections have it");
		return;
	}
	switch (g->role) {
	case IMPORTLABEL_CONTACTS:
	case IMPORTLABEL_LINKS:
		importlist_contacts(g, node, g->role == IMPORTLABEL_LINKS);
		return;
	case IMPORTLABEL_SIGNOFF:
		importlist_signoffs(g, node);
		return;
	case IMPORTLABEL_REQUIRES:
		importlist_reviews(g, node);
		return;
	case IMPORTLABEL_WHY:
	case IMPORTLABEL_IMPACT:
	case IMPORTLABEL_NOTE:
	case IMPORTLABEL_EXPECTED:
		if (is_plain(g, node)) {
			list_as_why(g, node);
			return;
		}
		break;
	case IMPORTLABEL_NONE:
	case IMPORTLABEL_STEPS:
	case IMPORTLABEL_ACCEPT:
	case IMPORTLABEL_PROSE:
	case IMPORTLABEL_CONTENTS:
		break;
	}
	if (g->boxes && g->role == IMPORTLABEL_NONE && is_plain(g, node))
		importitem_remarks(g, node, remarks_title(g));
	else
		importitem_steps(g, node);
}

/* ---- all kinds ------------------------------------------------------------------------- */

/* A block of code under a list belongs to the last item of it: "1. Stop it" and the command
 * that was not set in. */
static void
code(struct importing *g, int node, enum mdtree_kind before)
{
	bool above = before == MDTREE_LIST && g->last >= 0 &&
		draft_at(g->d, g->last)->kind == STEP_DO;

	if (g->role == IMPORTLABEL_EXPECTED)
		above = g->last >= 0 && draft_at(g->d, g->last)->kind == STEP_DO;
	if (above && !g->lead && !importfence_has_ways(g, node))
		importfence_into(g, node, g->last);
	else
		importfence_steps(g, node);
}

static void
html(struct importing *g, int node)
{
	struct str words = STR_INIT;

	importtext_html(g, node, &words);
	if (words.len && !add_remark(g, words.buf))
		add_why(g, words.buf, importing_node(g, node)->line);
	str_release(&words);
}

static void
block(struct importing *g, int node, int end, enum mdtree_kind before)
{
	const struct mdnode *n = importing_node(g, node);
	char *words;

	switch (n->kind) {
	case MDTREE_PARAGRAPH:
		paragraph(g, node, end);
		break;
	case MDTREE_LIST:
		list(g, node);
		break;
	case MDTREE_CODE:
		code(g, node, before);
		break;
	case MDTREE_TABLE:
		importtable_read(g, node);
		break;
	case MDTREE_HTML:
		html(g, node);
		break;
	case MDTREE_HEADING: /* inside a quotation */
		words = importtext_words(g, n, 0, NULL);
		if (words[0] && !add_remark(g, words))
			add_why(g, words, n->line);
		importing_mark_block(g, node, IMPORT_KEPT, "text");
		mem_free(words);
		break;
	case MDTREE_QUOTE:
		importblock_read(g, n->first, -1);
		importing_mark_block(g, node, IMPORT_KEPT, "layout");
		break;
	case MDTREE_RULE:
		importing_mark_block(g, node, IMPORT_KEPT, "layout");
		break;
	case MDTREE_DOCUMENT:
	case MDTREE_ITEM:
	case MDTREE_ROW:
	case MDTREE_CELL:
		break;
	}
}

void
importblock_read(struct importing *g, int first, int end)
{
	enum mdtree_kind before = MDTREE_DOCUMENT;

	for (int b = first; b >= 0 && b != end; b = importing_node(g, b)->next) {
		block(g, b, end, before);
		before = importing_node(g, b)->kind;
	}
}

void
importblock_finish(struct importing *g, bool quiet)
{
	mem_free(g->lead);
	g->lead = NULL;
	if (!g->why.len)
		return;
	if (quiet || !g->title) {
		str_addf(&g->d->why, "%s%s", g->d->why.len ? "\n\n" : "", g->why.buf);
		str_reset(&g->why);
		return;
	}
	{
		struct str words = g->why;
		bool whole;
		char *title;
		int step;

		g->why = STR_INIT;
		title = importtext_title(words.buf, &whole);
		step = importing_step(g, STEP_DO, title, g->why_line, DRAFT_TEXT);
		if (!whole)
			str_adds(&draft_at(g->d, step)->text, words.buf);
		str_release(&words);
	}
}
