#include "load/mdtree.h"

#include <string.h>

#include <md4c.h>

#include "load/mdentity.h"
#include "load/mdline.h"
#include "load/mdplace.h"

enum { DEPTH_MAX = 512, BYTES_MAX = 64 * 1024 * 1024 };

/* A span whose end has not come yet. */
struct open_span {
	enum mdspan_kind kind;
	size_t from;
	char *href;
	bool kept; /* emphasis and the like leave no span behind */
};

struct building {
	struct mdtree *t;
	int at;    /* the innermost open block */
	int depth; /* of open blocks */
	struct str text;
	VEC_OF(struct open_span) open;
	VEC_OF(struct mdspan) spans;
	size_t base; /* where the document begins in the buffer */
	int line;    /* of the last text: most texts stand on it or on the next */
	int first;   /* line of the first text of this leaf; 0: none yet */
	int last;    /* of its last */
	int breaks;  /* ends of lines so far: code and HTML */
	int before;  /* breaks before the first text */
	bool bare;   /* the paragraph of an item that has none of its own */
	bool too_deep;
};

/* ---- lines ----------------------------------------------------------------------------- */

/* As md4c and CommonMark see them: CR, LF and CR LF each end a line. */
static void
find_lines(struct mdtree *t)
{
	VEC_OF(size_t) at = {0};

	vec_push(&at, 0); /* lines count from 1 */
	vec_push(&at, 0);
	for (size_t i = 0; i < t->len; i++) {
		if (t->text[i] == '\r' && i + 1 < t->len && t->text[i + 1] == '\n')
			i++;
		else if (t->text[i] != '\n' && t->text[i] != '\r')
			continue;
		vec_push(&at, i + 1);
	}
	t->lines = (int)at.len - 1;
	if (at.at[t->lines] == t->len) /* nothing behind the last break */
		t->lines--;
	vec_push(&at, t->len);
	t->line_at = at.at;
	t->owner = mem_array((size_t)t->lines + 2, sizeof *t->owner);
	for (int i = 0; i <= t->lines + 1; i++)
		t->owner[i] = -1;
}

const char *
mdtree_line(const struct mdtree *t, int line, size_t *len)
{
	size_t from = t->line_at[line], to = t->line_at[line + 1];

	while (to > from && (t->text[to - 1] == '\n' || t->text[to - 1] == '\r'))
		to--;
	*len = to - from;
	return t->text + from;
}

static enum mdline_kind
kind_of_line(const struct mdtree *t, int line)
{
	size_t len;
	const char *s = mdtree_line(t, line, &len);

	return mdline_kind(s, len);
}

static int
line_of(struct building *b, size_t offset)
{
	const struct mdtree *t = b->t;
	int low = 1, high = t->lines;

	if (b->line && t->line_at[b->line] <= offset)
		low = b->line;
	if (low < t->lines && offset < t->line_at[low + 1])
		return low;
	if (low + 1 < t->lines && offset < t->line_at[low + 2])
		return low + 1;
	while (low < high) {
		int mid = low + (high - low + 1) / 2;

		if (t->line_at[mid] <= offset)
			low = mid;
		else
			high = mid - 1;
	}
	return low;
}

/* A text that stands in the buffer tells its line. */
static void
note_place(struct building *b, const char *s, size_t len)
{
	if (!len || s < b->t->text || s >= b->t->text + b->t->len)
		return;
	b->line = line_of(b, (size_t)(s - b->t->text));
	if (!b->first) {
		b->first = b->line;
		b->before = b->breaks;
	}
	if (b->line > b->last)
		b->last = b->line;
}

/* ---- blocks ---------------------------------------------------------------------------- */

static struct mdnode *
node_at(struct mdtree *t, int i)
{
	return &t->nodes.list.at[i];
}

static int
add_node(struct mdtree *t, int parent, enum mdtree_kind kind)
{
	int i = (int)t->nodes.list.len;
	struct mdnode *n = vec_add(&t->nodes.list), *p;

	*n = (struct mdnode){
		.kind = kind, .parent = parent, .first = -1, .last = -1, .next = -1};
	if (parent >= 0) {
		p = node_at(t, parent);
		if (p->last >= 0)
			node_at(t, p->last)->next = i;
		else
			p->first = i;
		p->last = i;
	}
	return i;
}

static void
open_block(struct building *b, enum mdtree_kind kind)
{
	b->at = add_node(b->t, b->at, kind);
	b->depth++;
	b->too_deep = b->too_deep || b->depth > DEPTH_MAX;
	b->first = b->last = b->breaks = b->before = 0;
	str_reset(&b->text);
}

/* Code and HTML: every line is there, also those without a byte in them. */
static void
place_verbatim(const struct building *b, struct mdnode *n)
{
	int first = b->first ? b->first - b->before : 0;

	if (!first)
		return;
	n->line = n->fenced ? first - 1 : first;
	n->end = first + b->breaks - 1;
	if (n->fenced && n->end < b->t->lines &&
		kind_of_line(b->t, n->end + 1) == MDLINE_FENCE)
		n->end++;
}

/* Begun in this leaf and never ended. */
static void
drop_open_spans(struct building *b)
{
	while (b->open.len)
		mem_free(b->open.at[--b->open.len].href);
}

static void
close_block(struct building *b)
{
	struct mdnode *n = node_at(b->t, b->at);

	if (mdtree_is_leaf(n->kind)) {
		drop_open_spans(b);
		n->line = b->first;
		n->end = b->last;
		if (n->kind == MDTREE_CODE || n->kind == MDTREE_HTML)
			place_verbatim(b, n);
		n->len = b->text.len;
		n->text = mem_strndup(b->text.buf, b->text.len);
		memcpy(&n->spans, &b->spans, sizeof n->spans);
		memset(&b->spans, 0, sizeof b->spans);
		str_reset(&b->text);
	}
	b->at = n->parent;
	b->depth--;
}

/* The bare text of an item ends where another block begins or the item ends. */
static void
close_bare(struct building *b)
{
	if (!b->bare)
		return;
	b->bare = false;
	close_block(b);
}

static const enum mdtree_kind kinds[] = {
	[MD_BLOCK_DOC] = MDTREE_DOCUMENT,
	[MD_BLOCK_QUOTE] = MDTREE_QUOTE,
	[MD_BLOCK_UL] = MDTREE_LIST,
	[MD_BLOCK_OL] = MDTREE_LIST,
	[MD_BLOCK_LI] = MDTREE_ITEM,
	[MD_BLOCK_HR] = MDTREE_RULE,
	[MD_BLOCK_H] = MDTREE_HEADING,
	[MD_BLOCK_CODE] = MDTREE_CODE,
	[MD_BLOCK_HTML] = MDTREE_HTML,
	[MD_BLOCK_P] = MDTREE_PARAGRAPH,
	[MD_BLOCK_TABLE] = MDTREE_TABLE,
	[MD_BLOCK_THEAD] = MDTREE_DOCUMENT,
	[MD_BLOCK_TBODY] = MDTREE_DOCUMENT,
	[MD_BLOCK_TR] = MDTREE_ROW,
	[MD_BLOCK_TH] = MDTREE_CELL,
	[MD_BLOCK_TD] = MDTREE_CELL,
};

static void
read_item(struct building *b, const MD_BLOCK_LI_DETAIL *d)
{
	struct mdnode *n = node_at(b->t, b->at);
	const struct mdnode *list = node_at(b->t, n->parent);

	if (list->level) { /* counted up from the first number */
		n->level = list->level - 1;
		node_at(b->t, n->parent)->level++;
	}
	if (!d->is_task)
		return;
	n->mark = d->task_mark == ' ' ? ' ' : 'x';
	n->line = line_of(b, b->base + d->task_mark_offset);
	b->line = n->line;
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *user)
{
	struct building *b = user;
	struct mdnode *n;

	close_bare(b);
	if (type == MD_BLOCK_DOC || type == MD_BLOCK_THEAD || type == MD_BLOCK_TBODY)
		return 0;
	open_block(b, kinds[type]);
	if (b->too_deep)
		return 1;
	n = node_at(b->t, b->at);
	if (type == MD_BLOCK_OL)
		n->level = (int)((MD_BLOCK_OL_DETAIL *)detail)->start + 1;
	else if (type == MD_BLOCK_LI)
		read_item(b, detail);
	else if (type == MD_BLOCK_H)
		n->level = (int)((MD_BLOCK_H_DETAIL *)detail)->level;
	else if (type == MD_BLOCK_TH)
		node_at(b->t, n->parent)->level = 1;
	if (type == MD_BLOCK_CODE) {
		const MD_BLOCK_CODE_DETAIL *d = detail;

		n->fenced = d->fence_char != 0;
		n->info = mem_strndup(d->info.text ? d->info.text : "",
			d->info.text ? d->info.size : 0);
	}
	return 0;
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *user)
{
	struct building *b = user;

	(void)detail;
	close_bare(b);
	if (type != MD_BLOCK_DOC && type != MD_BLOCK_THEAD && type != MD_BLOCK_TBODY)
		close_block(b);
	return 0;
}

/* ---- texts ----------------------------------------------------------------------------- */

static void
open_bare(struct building *b)
{
	if (node_at(b->t, b->at)->kind != MDTREE_ITEM)
		return;
	open_block(b, MDTREE_PARAGRAPH);
	b->bare = true;
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *user)
{
	struct building *b = user;
	struct open_span s = {.kept = true};
	const MD_ATTRIBUTE *href = NULL;

	open_bare(b);
	s.from = b->text.len;
	switch (type) {
	case MD_SPAN_STRONG:
		s.kind = MDSPAN_STRONG;
		break;
	case MD_SPAN_CODE:
		s.kind = MDSPAN_CODE;
		break;
	case MD_SPAN_A:
		s.kind = MDSPAN_LINK;
		href = &((MD_SPAN_A_DETAIL *)detail)->href;
		break;
	case MD_SPAN_IMG:
		s.kind = MDSPAN_IMAGE;
		href = &((MD_SPAN_IMG_DETAIL *)detail)->src;
		break;
	default:
		s.kept = false;
		break;
	}
	if (href)
		s.href = mem_strndup(href->text ? href->text : "", href->size);
	vec_push(&b->open, s);
	return 0;
}

static int
leave_span(MD_SPANTYPE type, void *detail, void *user)
{
	struct building *b = user;
	struct open_span s;

	(void)type;
	(void)detail;
	/* md4c 0.4.8 ends some crossing spans it never began */
	if (!b->open.len)
		return 0;
	s = b->open.at[--b->open.len];
	if (s.kept)
		vec_push(&b->spans,
			(struct mdspan){.kind = s.kind,
				.from = s.from,
				.to = b->text.len,
				.href = s.href});
	return 0;
}

/* A tag inside a text: line breaks count, comments are noted, others are gone. */
static void
inline_html(struct building *b, const char *s, size_t len)
{
	if (len >= 4 && memcmp(s, "<!--", 4) == 0)
		vec_push(&b->spans,
			(struct mdspan){.kind = MDSPAN_COMMENT,
				.from = b->text.len,
				.to = b->text.len});
	else if (len >= 3 && (s[1] == 'b' || s[1] == 'B') && (s[2] == 'r' || s[2] == 'R'))
		str_addc(&b->text, '\n');
}

/* In a table a bar is escaped even in code, where a backslash means nothing otherwise. */
static void
cell_code(struct building *b, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] != '\\' || i + 1 == len || s[i + 1] != '|')
			str_addc(&b->text, s[i]);
}

static int
text(MD_TEXTTYPE type, const MD_CHAR *s, MD_SIZE len, void *user)
{
	struct building *b = user;
	bool verbatim;

	open_bare(b);
	verbatim = node_at(b->t, b->at)->kind == MDTREE_CODE ||
		node_at(b->t, b->at)->kind == MDTREE_HTML;
	note_place(b, s, len);
	switch (type) {
	case MD_TEXT_BR:
		str_addc(&b->text, '\n');
		break;
	case MD_TEXT_SOFTBR:
		str_addc(&b->text, ' ');
		break;
	case MD_TEXT_ENTITY:
		mdentity_add(&b->text, s, len);
		break;
	case MD_TEXT_HTML:
		if (!verbatim) {
			inline_html(b, s, len);
			break;
		}
		/* fall through */
	case MD_TEXT_CODE:
		if (node_at(b->t, b->at)->kind == MDTREE_CELL) {
			cell_code(b, s, len);
			break;
		}
		/* fall through */
	case MD_TEXT_NORMAL:
	case MD_TEXT_LATEXMATH:
	case MD_TEXT_NULLCHAR:
		str_add(&b->text, s, len);
		b->breaks += verbatim && len == 1 && s[0] == '\n';
		break;
	}
	return 0;
}

/* ---- the whole ------------------------------------------------------------------------- */

bool
mdtree_is_leaf(enum mdtree_kind k)
{
	return k == MDTREE_HEADING || k == MDTREE_PARAGRAPH || k == MDTREE_CODE ||
		k == MDTREE_HTML || k == MDTREE_CELL;
}

int
mdtree_after(const struct mdtree *t, int root, int node)
{
	const struct mdnode *n = &t->nodes.list.at[node];

	if (n->first >= 0)
		return n->first;
	for (; node != root && node >= 0; node = t->nodes.list.at[node].parent)
		if (t->nodes.list.at[node].next >= 0)
			return t->nodes.list.at[node].next;
	return -1;
}

static void
count_numbers_back(struct mdtree *t)
{
	for (size_t i = 0; i < t->nodes.list.len; i++) {
		struct mdnode *n = node_at(t, (int)i);

		if (n->kind == MDTREE_LIST)
			n->level = n->level != 0;
	}
}

/* ---- doors ----------------------------------------------------------------------------- */

bool
mdtree_parse(const char *s, size_t len, int skip, struct mdtree *out, struct err *e)
{
	static const MD_PARSER parser = {
		.flags = MD_FLAG_TABLES | MD_FLAG_TASKLISTS | MD_FLAG_STRIKETHROUGH,
		.enter_block = enter_block,
		.leave_block = leave_block,
		.enter_span = enter_span,
		.leave_span = leave_span,
		.text = text,
	};
	struct building b = {.t = out, .text = STR_INIT};
	int rc;

	*out = (struct mdtree){.text = s, .len = len};
	if (len > BYTES_MAX)
		return err_set(e, ERR_LIMIT, "larger than %d MiB", BYTES_MAX >> 20);
	find_lines(out);
	add_node(out, -1, MDTREE_DOCUMENT);
	b.base = out->line_at[skip < out->lines ? skip + 1 : out->lines + 1];
	rc = md_parse(s + b.base, (MD_SIZE)(len - b.base), &parser, &b);
	drop_open_spans(&b);
	for (size_t i = 0; i < b.spans.len; i++)
		mem_free(b.spans.at[i].href);
	vec_free(&b.open);
	vec_free(&b.spans);
	str_release(&b.text);
	if (rc != 0 || b.too_deep) {
		mdtree_release(out);
		return b.too_deep
			? err_set(e, ERR_LIMIT, "blocks nested deeper than %d", DEPTH_MAX)
			: err_set(e, ERR_PARSE, "the Markdown parser gave up");
	}
	count_numbers_back(out);
	mdplace_lines(out, skip);
	return true;
}

void
mdtree_release(struct mdtree *t)
{
	for (size_t i = 0; i < t->nodes.list.len; i++) {
		struct mdnode *n = node_at(t, (int)i);

		for (size_t k = 0; k < n->spans.len; k++)
			mem_free(n->spans.at[k].href);
		vec_free(&n->spans);
		mem_free(n->text);
		mem_free(n->info);
	}
	vec_free(&t->nodes.list);
	mem_free(t->owner);
	mem_free(t->line_at);
	*t = (struct mdtree){0};
}
