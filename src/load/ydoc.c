#include "load/ydoc.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/text.h"
#include "load/complaints.h"

enum {
	CHUNK_BYTES = 64 * 1024,
	TREE_TIMES = 3,      /* its text: room of the first chunk, for all of it */
	CHARACTERS_MAX = 20, /* located exactly, which costs a scan */
	SMALL_MAP = 16,      /* pairs compared with each other instead of sorted */
};

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(16) char bytes[];
};

struct ydoc {
	struct chunk *chunks;
	size_t memory;
	struct ynode *root;
};

struct level {
	struct ynode *node;
	struct ynode *last;
	bool value_next; /* map: the next node is the value of `last` */
};

struct build {
	struct ydoc *y;
	const char *file;
	const char *text;
	size_t len;
	struct diags *d;
	struct level levels[YDOC_DEPTH_MAX];
	int depth;
	int characters;
	bool full;
};

static void
complain(struct build *b, enum complaint c, size_t line, size_t col, const char *help,
	const char *msg)
{
	const struct complaint_row *row = complaints_row(c);
	struct spot at = {.file = b->file, .line = (int)line, .col = (int)col};

	diag_add(b->d, DIAG_ERROR, row->id, at, row->reason, help, "%s", msg);
}

static void
complain_at(struct build *b, enum complaint c, yaml_mark_t m, const char *help,
	const char *msg)
{
	complain(b, c, m.line + 1, m.column + 1, help, msg);
}

/* ---- memory --------------------------------------------------------------------------- */

static void *
arena(struct build *b, size_t bytes, size_t align)
{
	struct chunk *c = b->y->chunks;
	size_t at = c ? (c->used + align - 1) & ~(align - 1) : 0;

	if (!c || at + bytes > c->size) {
		size_t size = CHUNK_BYTES + (c ? bytes : bytes + b->len * TREE_TIMES);

		if (b->y->memory + size > YDOC_MEMORY_MAX) {
			b->full = true;
			return NULL;
		}
		c = mem_large(sizeof *c + size, 1);
		c->used = 0;
		c->size = size;
		c->next = b->y->chunks;
		b->y->chunks = c;
		b->y->memory += size;
		at = 0;
	}
	c->used = at + bytes;
	return c->bytes + at;
}

static struct ynode *
node_new(struct build *b, enum ynode_kind kind, yaml_mark_t m)
{
	struct ynode *n = arena(b, sizeof *n, _Alignof(struct ynode));

	if (!n)
		return NULL;
	memset(n, 0, sizeof *n);
	n->kind = (uint8_t)kind;
	n->line = (uint32_t)m.line + 1;
	n->col = m.column < UINT16_MAX ? (uint16_t)(m.column + 1) : UINT16_MAX;
	return n;
}

/* ---- places --------------------------------------------------------------------------- */

static void
place_of_offset(const struct build *b, size_t offset, size_t *line, size_t *col)
{
	const char *p = b->text, *end = b->text + (offset < b->len ? offset : b->len);

	*line = 1;
	for (const char *nl; (nl = memchr(p, '\n', (size_t)(end - p))); p = nl + 1)
		(*line)++;
	*col = 1;
	while (p < end) {
		uint32_t cp;

		p += text_decode(p, (size_t)(end - p), &cp);
		(*col)++;
	}
}

/* Where the forbidden character of a scalar stands in the file; an escape has no such
 * place and the scalar's own is kept. */
static void
place_of_character(const struct build *b, const yaml_event_t *ev, uint32_t want,
	size_t *line, size_t *col)
{
	const char *p = b->text, *end = b->text + b->len;
	size_t l = 0, c = 0;

	for (; l < ev->start_mark.line && p < end; l++) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));

		if (!nl)
			return;
		p = nl + 1;
	}
	while (p < end && l <= ev->end_mark.line) {
		uint32_t cp;
		size_t n = text_decode(p, (size_t)(end - p), &cp);

		if (cp == want &&
			(l > ev->start_mark.line || c >= ev->start_mark.column)) {
			*line = l + 1;
			*col = c + 1;
			return;
		}
		p += n;
		c++;
		if (cp == '\n') {
			l++;
			c = 0;
		}
	}
}

/* ---- scalars -------------------------------------------------------------------------- */

/* Bytes at the front that are printable ASCII; by eights while it lasts. */
static size_t
plain_bytes(const char *s, size_t len)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones * 0x80;
	size_t i = 0;

	for (; len - i >= sizeof(uint64_t); i += sizeof(uint64_t)) {
		uint64_t x, del;

		memcpy(&x, s + i, sizeof x);
		del = x ^ ones * 0x7f;
		if (((x | ((x - ones * 0x20) & ~x) | ((del - ones) & ~del)) & tops) != 0)
			break;
	}
	while (i < len && s[i] >= 0x20 && s[i] < 0x7f)
		i++;
	return i;
}

/* The first character no value may hold, or 0 (NUL itself counts as U+0000: found). */
static bool
has_forbidden(const char *s, size_t len, uint32_t *found)
{
	for (size_t i = plain_bytes(s, len); i < len; i += plain_bytes(s + i, len - i)) {
		size_t n = text_decode(s + i, len - i, found);

		if (text_forbidden(*found))
			return true;
		i += n;
	}
	return false;
}

static void
complain_character(struct build *b, const yaml_event_t *ev, uint32_t cp)
{
	size_t line = ev->start_mark.line + 1, col = ev->start_mark.column + 1;
	char msg[80];

	if (b->characters++ < CHARACTERS_MAX)
		place_of_character(b, ev, cp, &line, &col);
	snprintf(msg, sizeof msg, "the character U+%04X may not stand in a value",
		(unsigned)cp);
	complain(b, C_CHARACTER, line, col, "remove it, or describe it in words", msg);
}

static enum ynode_style
style_of(yaml_scalar_style_t s)
{
	if (s == YAML_SINGLE_QUOTED_SCALAR_STYLE || s == YAML_DOUBLE_QUOTED_SCALAR_STYLE)
		return YNODE_QUOTED;
	if (s == YAML_LITERAL_SCALAR_STYLE || s == YAML_FOLDED_SCALAR_STYLE)
		return YNODE_BLOCK;
	return YNODE_PLAIN;
}

static struct ynode *
scalar_new(struct build *b, const yaml_event_t *ev)
{
	const char *value = (const char *)ev->data.scalar.value;
	size_t len = ev->data.scalar.length;
	struct ynode *n = node_new(b, YNODE_SCALAR, ev->start_mark);
	uint32_t cp;
	char *copy;

	if (!n)
		return NULL;
	n->style = (uint8_t)style_of(ev->data.scalar.style);
	if (len > YDOC_SCALAR_MAX) {
		complain_at(b, C_SCALAR, ev->start_mark, "keep it under 64 KiB",
			"this value is longer than 64 KiB");
		n->kind = YNODE_BAD;
		return n;
	}
	if (has_forbidden(value, len, &cp)) {
		complain_character(b, ev, cp);
		n->kind = YNODE_BAD;
		return n;
	}
	n->text = "";
	if (len == 0)
		return n;
	copy = arena(b, len + 1, 1);
	if (!copy)
		return NULL;
	memcpy(copy, value, len);
	copy[len] = '\0';
	n->text = copy;
	n->len = (uint32_t)len;
	return n;
}

/* ---- keys ----------------------------------------------------------------------------- */

static int
by_text(const void *a, const void *b)
{
	const struct ynode *x = *(const struct ynode *const *)a;
	const struct ynode *y = *(const struct ynode *const *)b;
	int c = strcmp(x->text, y->text);

	if (c)
		return c;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->col < y->col ? -1 : x->col > y->col;
}

static void
complain_twice(struct build *b, const struct ynode *first, const struct ynode *again)
{
	char *msg = mem_printf("the key `%.60s` stands here a second time", again->text);
	char *help = mem_printf(
		"the first is in line %u; keep one of them", (unsigned)first->line);

	complain(b, C_DUPLICATE, again->line, again->col, help, msg);
	mem_free(msg);
	mem_free(help);
}

static void
check_small_map(struct build *b, const struct ynode *map)
{
	const struct ynode *seen[SMALL_MAP];
	size_t n = 0;

	for (const struct ynode *k = map->first; k; k = k->next->next) {
		if (k->kind != YNODE_SCALAR)
			continue;
		for (size_t i = 0; i < n; i++)
			if (seen[i]->len == k->len &&
				!memcmp(seen[i]->text, k->text, k->len)) {
				complain_twice(b, seen[i], k);
				break;
			}
		seen[n++] = k;
	}
}

/* Large maps are sorted: a hash could be driven into collisions, a pairwise look is
 * quadratic. */
static void
check_large_map(struct build *b, const struct ynode *map)
{
	const struct ynode **keys = mem_array(map->len, sizeof *keys);
	size_t n = 0;

	for (const struct ynode *k = map->first; k; k = k->next->next)
		if (k->kind == YNODE_SCALAR)
			keys[n++] = k;
	qsort(keys, n, sizeof *keys, by_text);
	for (size_t i = 1; i < n; i++)
		if (strcmp(keys[i - 1]->text, keys[i]->text) == 0)
			complain_twice(b, keys[i - 1], keys[i]);
	mem_free(keys);
}

/* ---- the tree ------------------------------------------------------------------------- */

static void
check_key(struct build *b, struct ynode *key, yaml_mark_t m)
{
	if (key->kind == YNODE_LIST || key->kind == YNODE_MAP) {
		complain_at(b, C_COMPLEX, m, "put the key in quotes",
			"a list or mapping stands where a key should be");
	} else if (key->kind == YNODE_SCALAR && key->style == YNODE_PLAIN &&
		strcmp(key->text, "<<") == 0) {
		complain_at(b, C_MERGE, m, "write the keys out",
			"merge keys (<<) are not read");
		key->kind = YNODE_BAD;
	}
}

static void
attach(struct build *b, struct ynode *n, yaml_mark_t m)
{
	struct level *l = b->depth ? &b->levels[b->depth - 1] : NULL;

	if (!l) {
		b->y->root = n;
		return;
	}
	if (l->last)
		l->last->next = n;
	else
		l->node->first = n;
	l->last = n;
	if (l->node->kind == YNODE_LIST) {
		l->node->len++;
	} else if (l->value_next) {
		l->value_next = false;
	} else {
		check_key(b, n, m);
		l->node->len++;
		l->value_next = true;
	}
}

static bool
open_level(struct build *b, enum ynode_kind kind, yaml_mark_t m)
{
	struct ynode *n;

	if (b->depth == YDOC_DEPTH_MAX) {
		complain_at(
			b, C_DEPTH, m, "make it flatter", "nested deeper than 64 levels");
		return false;
	}
	n = node_new(b, kind, m);
	if (!n)
		return false;
	attach(b, n, m);
	b->levels[b->depth++] = (struct level){.node = n};
	return true;
}

static void
close_level(struct build *b)
{
	struct level *l = &b->levels[--b->depth];

	if (l->node->kind != YNODE_MAP)
		return;
	if (l->node->len <= SMALL_MAP)
		check_small_map(b, l->node);
	else
		check_large_map(b, l->node);
}

static void
refuse_names(
	struct build *b, const yaml_char_t *anchor, const yaml_char_t *tag, yaml_mark_t m)
{
	if (anchor)
		complain_at(b, C_ANCHOR, m, "write the value out where it is needed",
			"anchors (&name) are not read");
	if (tag)
		complain_at(b, C_TAG, m, "remove the tag", "tags (!name) are not read");
}

/* False ends the parse. */
static bool
take_event(struct build *b, const yaml_event_t *ev)
{
	struct ynode *n;

	switch (ev->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->y->root) {
			complain_at(b, C_SECOND, ev->start_mark,
				"keep one document in the file",
				"a second document begins here");
			return false;
		}
		return true;
	case YAML_ALIAS_EVENT:
		complain_at(b, C_ANCHOR, ev->start_mark,
			"write the value out where it is needed",
			"aliases (*name) are not read");
		n = node_new(b, YNODE_BAD, ev->start_mark);
		if (n)
			attach(b, n, ev->start_mark);
		return n != NULL;
	case YAML_SCALAR_EVENT:
		refuse_names(
			b, ev->data.scalar.anchor, ev->data.scalar.tag, ev->start_mark);
		n = scalar_new(b, ev);
		if (n)
			attach(b, n, ev->start_mark);
		return n != NULL;
	case YAML_SEQUENCE_START_EVENT:
		refuse_names(b, ev->data.sequence_start.anchor,
			ev->data.sequence_start.tag, ev->start_mark);
		return open_level(b, YNODE_LIST, ev->start_mark);
	case YAML_MAPPING_START_EVENT:
		refuse_names(b, ev->data.mapping_start.anchor, ev->data.mapping_start.tag,
			ev->start_mark);
		return open_level(b, YNODE_MAP, ev->start_mark);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		close_level(b);
		return true;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return true;
	}
	return true;
}

static void
complain_parser(struct build *b, const yaml_parser_t *p)
{
	size_t line = p->problem_mark.line + 1, col = p->problem_mark.column + 1;
	const char *what = p->problem ? p->problem : "not YAML";
	char *msg;

	if (p->error == YAML_READER_ERROR) {
		/* the reader leaves problem_mark at 0:0 */
		place_of_offset(b, p->problem_offset, &line, &col);
		msg = p->problem_value > 0
			? mem_printf("%s (%s%02X)", what,
				  p->problem_value > 0xff ? "U+" : "0x",
				  (unsigned)p->problem_value)
			: mem_strdup(what);
		complain(b, C_ENCODING, line, col, "save the file as UTF-8 text", msg);
	} else {
		msg = p->context ? mem_printf("%s, %s", what, p->context)
				 : mem_strdup(what);
		complain(b, C_SYNTAX, line, col, NULL, msg);
	}
	mem_free(msg);
}

/* Characters at which only some parsers end a line: NEL, LS and PS. */
static bool
refuse_breaks(struct build *b)
{
	const char *p = b->text, *end = b->text + b->len;
	size_t line, col;

	for (; p < end && (p = memchr(p, 0xc2, (size_t)(end - p))); p++)
		if (end - p > 1 && (unsigned char)p[1] == 0x85)
			goto found;
	for (p = b->text; p < end && (p = memchr(p, 0xe2, (size_t)(end - p))); p++)
		if (end - p > 2 && (unsigned char)p[1] == 0x80 &&
			((unsigned char)p[2] == 0xa8 || (unsigned char)p[2] == 0xa9))
			goto found;
	return false;
found:
	place_of_offset(b, (size_t)(p - b->text), &line, &col);
	complain(b, C_BREAK, line, col, "break the line in the usual way",
		"a line separator of Unicode stands here");
	return true;
}

static bool
run_parser(struct build *b, yaml_parser_t *p)
{
	yaml_event_t ev;
	bool more = true;

	while (more) {
		if (!yaml_parser_parse(p, &ev)) {
			complain_parser(b, p);
			return false;
		}
		if (!take_event(b, &ev)) {
			if (b->full)
				complain_at(b, C_SIZE, ev.start_mark, "split the file",
					"this file needs more than 64 MiB of memory");
			yaml_event_delete(&ev);
			return false;
		}
		more = ev.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&ev);
	}
	if (b->y->root)
		return true;
	complain(b, C_EMPTY, 1, 1, "see handrail-runbook(5) for a first runbook",
		"the file holds no document");
	return false;
}

struct ydoc *
ydoc_parse(const char *file, const char *text, size_t len, struct diags *d)
{
	struct build *b = mem_alloc(sizeof *b);
	yaml_parser_t parser;
	struct ydoc *y;
	bool ok = false;

	*b = (struct build){.file = file, .text = text, .len = len, .d = d};
	y = b->y = mem_alloc(sizeof *y);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		b->text += 3;
		b->len -= 3;
	}
	if (len > YDOC_BYTES_MAX) {
		complain(b, C_SIZE, 0, 0, "split the file",
			"the file is larger than 16 MiB");
	} else if (!refuse_breaks(b)) {
		if (!yaml_parser_initialize(&parser))
			abort(); /* out of memory */
		yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
		yaml_parser_set_input_string(
			&parser, (const unsigned char *)b->text, b->len);
		ok = run_parser(b, &parser);
		yaml_parser_delete(&parser);
	}
	mem_free(b);
	if (ok)
		return y;
	ydoc_free(y);
	return NULL;
}

void
ydoc_free(struct ydoc *y)
{
	struct chunk *c, *next;

	if (!y)
		return;
	for (c = y->chunks; c; c = next) {
		next = c->next;
		mem_free(c);
	}
	mem_free(y);
}

const struct ynode *
ydoc_root(const struct ydoc *y)
{
	return y->root;
}

size_t
ydoc_memory(const struct ydoc *y)
{
	return y->memory;
}

const struct ynode *
ynode_get(const struct ynode *map, const char *key)
{
	size_t len = strlen(key);

	if (map->kind != YNODE_MAP)
		return NULL;
	for (const struct ynode *k = map->first; k; k = k->next->next)
		if (k->kind == YNODE_SCALAR && k->len == len &&
			!memcmp(k->text, key, len))
			return k->next;
	return NULL;
}
