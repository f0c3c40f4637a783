#ifndef LOAD_YDOC_H
#define LOAD_YDOC_H

/*
 * One YAML document as a small tree in which every node knows its line and column. Made
 * from libyaml's events under limits that hold for hostile files: size, depth, length of
 * a scalar, memory. Refuses what our files never need and what parsers disagree about:
 * anchors, aliases, tags, merge keys, a second document, duplicate keys, mappings as keys,
 * control and bidi characters. Scalars stay text.
 *
 * The tree lives in one arena and dies with its ydoc.
 */

#include <stddef.h>
#include <stdint.h>

#include "model/diag.h"

enum {
	YDOC_BYTES_MAX = 16 * 1024 * 1024,
	YDOC_MEMORY_MAX = 64 * 1024 * 1024, /* of the tree */
	YDOC_DEPTH_MAX = 64,
	YDOC_SCALAR_MAX = 64 * 1024,
};

enum ynode_kind {
	YNODE_SCALAR,
	YNODE_LIST,
	YNODE_MAP,
	YNODE_BAD /* already complained of */
};
enum ynode_style { YNODE_PLAIN, YNODE_QUOTED, YNODE_BLOCK };

struct ynode {
	union {
		const char *text; /* scalar: NUL-terminated, len bytes, no NUL inside */
		const struct ynode
			*first; /* list: items; map: key, value, key, value ... */
	};
	const struct ynode *next; /* in its list or map */
	uint32_t line;
	uint32_t len; /* bytes of a scalar; items of a list; pairs of a map */
	uint16_t col;
	uint8_t kind;  /* enum ynode_kind */
	uint8_t style; /* enum ynode_style */
};

struct ydoc;

/* NULL after a complaint that leaves no tree; complaints beside a tree are possible too.
 * `file` and `text` are borrowed while it runs. */
struct ydoc *ydoc_parse(const char *file, const char *text, size_t len, struct diags *d);
void ydoc_free(struct ydoc *y);
const struct ynode *ydoc_root(const struct ydoc *y);
size_t ydoc_memory(const struct ydoc *y); /* bytes of the arena, for tests */

/* Value of a key, or NULL. */
const struct ynode *ynode_get(const struct ynode *map, const char *key);

#endif
