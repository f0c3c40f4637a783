#include "base/file.h"
#include "load/keyed.h"
#include "load/load.h"

/* keys.yaml: names of actions to keys. Which actions and keys there are, others know. */

static void
add(struct bindings *b, const struct ynode *action, const struct ynode *key)
{
	const struct ynode *at = key && key->kind == YNODE_SCALAR ? key : action->next;
	struct binding one = {.action = mem_strdup(action->text),
		.key = keyed_line(key),
		.line = (int)at->line,
		.col = at->col,
		.action_line = (int)action->line,
		.action_col = action->col};

	vec_push(&b->list, one);
}

static void
read_keys(struct bindings *b, const struct ynode *table)
{
	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		const struct ynode *v = k->next;

		if (k->kind != YNODE_SCALAR)
			continue;
		if (v->kind == YNODE_SCALAR)
			add(b, k, v);
		else if (v->kind == YNODE_LIST && !v->first)
			add(b, k, NULL);
		else if (v->kind == YNODE_LIST)
			for (const struct ynode *i = v->first; i; i = i->next)
				add(b, k, i);
	}
}

struct bindings *
load_keys(const char *path, struct diags *d)
{
	struct reading r = {.d = d, .file = path};
	struct bindings *b = mem_alloc(sizeof *b);
	const struct ynode *got[KEYS_MAX], *v;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	size_t before = d->errors;
	struct ydoc *y = NULL;

	b->path = mem_strdup(path);
	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		y = ydoc_parse(path, text.buf, text.len, d);
	else
		keyed_complain(&r, NULL, C_READ, NULL, "%s", e.msg);
	v = y ? ynode_get(ydoc_root(y), "handrail_keys") : NULL;
	if (v && v->kind == YNODE_SCALAR && !str_eq(v->text, "1"))
		keyed_complain(&r, v, C_VERSION, "write `handrail_keys: 1`",
			"this version reads format 1, not `%.20s`", v->text);
	else if (y && keyed_read(&r, ydoc_root(y), KEYS_IN_BINDINGS, 0, got))
		read_keys(b, got[KEY_BINDINGS_KEYS]);
	ydoc_free(y);
	str_release(&text);
	if (d->errors == before)
		return b;
	bindings_free(b);
	return NULL;
}
