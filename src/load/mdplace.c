#include "load/mdplace.h"

#include <limits.h>
#include <string.h>

#include "load/mdline.h"

static struct mdnode *
node_at(struct mdtree *t, int i)
{
	return &t->nodes.list.at[i];
}

static enum mdline_kind
kind_of_line(const struct mdtree *t, int line)
{
	size_t len;
	const char *s = mdtree_line(t, line, &len);

	return mdline_kind(s, len);
}

/* Lines of what has texts; of what holds others, from the first to the last of them. */
static void
gather_lines(struct mdtree *t)
{
	for (size_t i = t->nodes.list.len; i-- > 1;) {
		const struct mdnode *n = node_at(t, (int)i);
		struct mdnode *p = node_at(t, n->parent);

		if (n->line && (!p->line || n->line < p->line))
			p->line = n->line;
		if (n->end > p->end)
			p->end = n->end;
	}
}

/* # and a blank: else a heading with words is underlined. */
static bool
is_underlined(const struct mdtree *t, const struct mdnode *n)
{
	size_t len, at = 0, hashes = 0;
	const char *s = mdtree_line(t, n->line, &len);

	while (at < len && strchr(" \t>-+*.)0123456789", s[at]))
		at++;
	while (at + hashes < len && s[at + hashes] == '#')
		hashes++;
	return !hashes || hashes > 6 || at + hashes == len ||
		!strchr(" \t", s[at + hashes]);
}

static void
own_leaves(struct mdtree *t)
{
	for (size_t i = 1; i < t->nodes.list.len; i++) {
		struct mdnode *n = node_at(t, (int)i);

		if (n->mark && t->owner[n->line] < 0)
			t->owner[n->line] = (int)i;
		if (n->mark && n->end < n->line)
			n->end = n->line;
		if (!mdtree_is_leaf(n->kind) || !n->line)
			continue;
		if (n->kind == MDTREE_HEADING && n->end < t->lines && is_underlined(t, n))
			n->end++;
		for (int l = n->line; l <= n->end && l <= t->lines; l++)
			if (t->owner[l] < 0 || t->owner[l] == n->parent)
				t->owner[l] = (int)i;
	}
}

/* The line by which a block without any text can be known. */
static bool
looks_like(const struct mdtree *t, const struct mdnode *n, int line)
{
	size_t len;
	const char *s = mdtree_line(t, line, &len);
	enum mdline_kind k = mdline_kind(s, len);

	switch (n->kind) {
	case MDTREE_RULE:
		return k == MDLINE_RULE;
	case MDTREE_HEADING:
		return k == MDLINE_HEADING;
	case MDTREE_CODE:
		return k == MDLINE_FENCE;
	case MDTREE_ITEM:
		return k != MDLINE_TEXT && mdline_marked(s, len);
	case MDTREE_PARAGRAPH: /* of an image alone */
		return k == MDLINE_TEXT;
	default:
		return false;
	}
}

/* First line behind `from` and before `to` that nobody owns and that looks right; or 0. */
static int
search(const struct mdtree *t, const struct mdnode *n, int from, int to)
{
	for (int l = from + 1; l < to && l <= t->lines; l++) {
		bool free = t->owner[l] < 0 || t->owner[l] == n->parent;

		if (free && looks_like(t, n, l))
			return l;
	}
	return 0;
}

/* An empty block of code goes on to the fence that closes it. */
static int
end_of(const struct mdtree *t, const struct mdnode *n)
{
	int l = n->line;

	if (n->kind != MDTREE_CODE)
		return l;
	while (l < t->lines && t->owner[l + 1] < 0 &&
		kind_of_line(t, l + 1) == MDLINE_BLANK)
		l++;
	if (l < t->lines && t->owner[l + 1] < 0 && kind_of_line(t, l + 1) == MDLINE_FENCE)
		return l + 1;
	return n->line;
}

/* A block found by the looks of its line. What stands behind the mark of an item may own
 * that line too: then it is the one to have it. */
static void
place_at(struct mdtree *t, int i, int line)
{
	struct mdnode *n = node_at(t, i);

	n->line = line;
	n->end = end_of(t, n);
	for (int l = n->line; l <= n->end && l <= t->lines; l++)
		if (t->owner[l] < 0 || node_at(t, t->owner[l])->kind == MDTREE_ITEM)
			t->owner[l] = i;
}

/* Blocks without a text get the line by which they can be known, in their order; `known`
 * holds the next line that is certain, from the back. */
static void
place_silent(struct mdtree *t, int skip)
{
	size_t count = t->nodes.list.len;
	int *known = mem_array(count + 1, sizeof *known), at = skip, barren = -1;

	known[count] = INT_MAX;
	for (size_t i = count; i-- > 1;) {
		const struct mdnode *n = node_at(t, (int)i);

		known[i] = mdtree_is_leaf(n->kind) && n->line ? n->line : known[i + 1];
	}
	for (size_t i = 1; i < count; i++) {
		const struct mdnode *n = node_at(t, (int)i);
		bool item = n->kind == MDTREE_ITEM;
		int found;

		if (n->line) {
			at = n->mark ? at : n->end;
			continue;
		}
		if ((n->first >= 0 && (!item || barren == at)) ||
			n->kind == MDTREE_CELL || n->kind == MDTREE_ROW)
			continue;
		/* The mark of an item may stand on a line before its first text. */
		found = search(t, n, at, known[i + 1]);
		if (!found && n->first >= 0)
			barren = at; /* nor is there one for an item inside */
		else
			place_at(t, (int)i, found ? found : at > 0 ? at : 1);
		if (found && !item)
			at = n->end;
	}
	mem_free(known);
}

/* Rows of a table follow each other, the first one behind the line under the head: that
 * tells the line of a row without a word in it. */
static void
place_rows(struct mdtree *t)
{
	int before = 0;

	for (size_t i = 1; i < t->nodes.list.len; i++) {
		struct mdnode *n = node_at(t, (int)i);

		if (n->kind == MDTREE_TABLE)
			before = 0;
		if (n->kind != MDTREE_ROW)
			continue;
		if (!n->line && before && before <= t->lines && t->owner[before] < 0) {
			n->line = n->end = before;
			t->owner[before] = (int)i;
			for (int up = n->parent; up > 0 && node_at(t, up)->end < before;
				up = node_at(t, up)->parent)
				node_at(t, up)->end = before;
		}
		if (n->line)
			before = n->line + (n->level ? 2 : 1);
	}
}

/* What is left belongs to the block before it: the line under a heading or the head of a
 * table, the end of a link. Definitions of links belong to the document. */
static void
own_the_rest(struct mdtree *t, int skip)
{
	int before = 0;

	for (int l = skip + 1; l <= t->lines; l++) {
		enum mdline_kind k;

		if (t->owner[l] >= 0) {
			before = t->owner[l];
			continue;
		}
		k = kind_of_line(t, l);
		if (k == MDLINE_BLANK)
			continue;
		t->owner[l] = k == MDLINE_DEFINITION ? 0 : before;
		for (int i = t->owner[l]; i > 0 && node_at(t, i)->end < l;
			i = node_at(t, i)->parent)
			node_at(t, i)->end = l;
	}
}

void
mdplace_lines(struct mdtree *t, int skip)
{
	own_leaves(t);
	place_silent(t, skip);
	gather_lines(t);
	place_rows(t);
	own_the_rest(t, skip);
}
