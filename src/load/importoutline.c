#include "load/importoutline.h"

#include <string.h>

#include "base/text.h"

/* About what the list of steps shows on a screen of 120 columns. */
enum { TITLE_CELLS = 40, LABEL_LEVEL = 7, LABEL_BYTES = 100 };

static const struct mdnode *
node_at(const struct mdtree *t, int i)
{
	return &t->nodes.list.at[i];
}

bool
importoutline_is_label(const struct mdtree *t, int node)
{
	const struct mdnode *n = node_at(t, node);
	size_t end;

	if (n->kind != MDTREE_PARAGRAPH || n->len > LABEL_BYTES || !n->spans.len)
		return false;
	for (size_t i = 0; i < n->spans.len; i++) {
		const struct mdspan *s = &n->spans.at[i];

		if (s->kind != MDSPAN_STRONG || s->from != 0)
			continue;
		end = s->to;
		return end > 0 && n->text[end + strspn(n->text + end, ": ")] == '\0';
	}
	return false;
}

/* A label that begins a part: something stands under it, and it is none of the words that
 * only say what the blocks below are for. */
static bool
begins_part(const struct mdtree *t, int node)
{
	const struct mdnode *n = node_at(t, node);

	if (n->kind == MDTREE_HEADING)
		return true;
	if (!importoutline_is_label(t, node) || n->next < 0)
		return false;
	if (importlabel_of(n->text, n->len) != IMPORTLABEL_NONE)
		return false;
	n = node_at(t, n->next);
	return n->kind != MDTREE_HEADING && n->kind != MDTREE_RULE;
}

/* Up from the last part: what lies between two of these ranks lower than both. */
static int
parent_of(const struct importoutline *o, int level)
{
	int i = (int)o->parts.len - 1;

	while (i > 0 && o->parts.at[i].level >= level)
		i = o->parts.at[i].parent;
	return i > 0 ? i : -1;
}

static void
find_parts(const struct mdtree *t, struct importoutline *o)
{
	struct importpart *p = vec_add(&o->parts);

	*p = (struct importpart){.heading = -1,
		.first = node_at(t, 0)->first,
		.end = -1,
		.parent = -1,
		.section = -1,
		.empty = true};
	for (int b = node_at(t, 0)->first; b >= 0; b = node_at(t, b)->next) {
		const struct mdnode *n = node_at(t, b);
		int level, parent;

		p = &o->parts.at[o->parts.len - 1];
		if (!begins_part(t, b)) {
			p->empty = p->empty && n->kind == MDTREE_RULE;
			continue;
		}
		p->end = b;
		level = n->kind == MDTREE_HEADING ? n->level : LABEL_LEVEL;
		parent = parent_of(o, level);
		vec_push(&o->parts,
			(struct importpart){.heading = b,
				.level = level,
				.role = importlabel_of(n->text, n->len),
				.first = n->next,
				.end = -1,
				.parent = parent,
				.section = -1,
				.empty = true});
	}
}

char *
importoutline_title(const struct mdtree *t, const struct importoutline *o, int part)
{
	const struct importpart *p = &o->parts.at[part];
	const struct mdnode *n = node_at(t, p->heading);
	size_t len = n->len;
	char *own, *title, *above;

	while (len && strchr(": \n", n->text[len - 1]))
		len--;
	own = mem_strndup(n->text, len);
	for (char *s = own; *s; s++)
		if (*s == '\n' || *s == '\t')
			*s = ' ';
	if (p->parent < 0 || !o->parts.at[p->parent].folded)
		return own;
	above = importoutline_title(t, o, p->parent);
	title = mem_printf("%s: %s", above, own);
	mem_free(above);
	mem_free(own);
	return title;
}

char *
importoutline_group(const struct mdtree *t, const struct importoutline *o, int part)
{
	int up = o->parts.at[part].parent;

	while (up >= 0 && o->parts.at[up].folded)
		up = o->parts.at[up].parent;
	return up >= 0 && o->parts.at[up].group ? importoutline_title(t, o, up) : NULL;
}

/* Groups lend their words as long as every title below stays short. */
static void
fold(const struct mdtree *t, struct importoutline *o)
{
	for (size_t i = 0; i < o->parts.len; i++) {
		struct importpart *p = &o->parts.at[i];
		struct importpart *up = p->parent >= 0 ? &o->parts.at[p->parent] : NULL;

		if (up && up->empty && !up->page && up->role == IMPORTLABEL_NONE)
			up->group = up->folded = true;
	}
	for (size_t i = 0; i < o->parts.len; i++) {
		int up = o->parts.at[i].parent;

		while (up >= 0 && o->parts.at[up].folded) {
			char *title = importoutline_title(t, o, (int)i);
			bool fits = text_cells(title) <= TITLE_CELLS;

			mem_free(title);
			if (fits)
				break;
			/* the outermost one first: the nearer ones say more */
			while (o->parts.at[up].parent >= 0 &&
				o->parts.at[o->parts.at[up].parent].folded)
				up = o->parts.at[up].parent;
			o->parts.at[up].folded = false;
			up = o->parts.at[i].parent;
		}
	}
}

void
importoutline_read(const struct mdtree *t, struct importoutline *out)
{
	*out = (struct importoutline){0};
	find_parts(t, out);
	/* The page's own title: its first heading, if it is one of the first rank. */
	for (size_t i = 0; i < out->parts.len; i++) {
		if (out->parts.at[i].heading < 0)
			continue;
		out->parts.at[i].page = out->parts.at[i].level == 1;
		break;
	}
	fold(t, out);
}

void
importoutline_release(struct importoutline *o)
{
	vec_free(&o->parts);
}
