#include "load/loading.h"

#include <stdint.h>
#include <string.h>

#include "load/scalar.h"

enum { GUESSED_MAX = 500 }; /* names looked through for "did you mean" */

int
loading_index(const struct map *m, const char *key)
{
	return (int)(intptr_t)map_get(m, key) - 1;
}

void
loading_put(struct map *m, const char *key, int index)
{
	map_put(m, key, (void *)(intptr_t)(index + 1));
}

char *
loading_full(const struct frame *f, const char *name)
{
	return mem_join(f->prefix, name);
}

bool
loading_name(const struct reading *r, const struct ynode *key, enum key_value value,
	const char *what)
{
	struct key_row row = {.value = value, .name = what};
	struct err e = ERR_INIT;

	if (key->kind != YNODE_SCALAR)
		return false;
	if (scalar_check(key->text, key->len, &row, &e))
		return true;
	keyed_complain(r, key, value == KEY_VALUE_NAME ? C_NAME_BAD : C_VALUE,
		scalar_example(value), "%s: %s", what, e.msg);
	return false;
}

/* Names of a map as the help of an unknown one; those of other scopes are passed over. */
static char *
names_help(const struct map *m, const char *prefix, const char *word, const char *none)
{
	const char **names = mem_array(m->len + 1, sizeof *names);
	size_t n = 0, head = strlen(prefix);
	char *help;

	for (size_t i = 0; i < m->len && n < GUESSED_MAX; i++)
		if (str_starts(m->at[i].key, prefix) && !strchr(m->at[i].key + head, '/'))
			names[n++] = m->at[i].key + head;
	help = n ? keyed_guess(word, names) : mem_strdup(none);
	if (!help && n <= 8) {
		struct str s = STR_INIT;

		str_adds(&s, "there are");
		for (size_t i = 0; i < n; i++)
			str_addf(&s, "%s %s", i ? "," : "", names[i]);
		help = str_take(&s);
	}
	mem_free(names);
	return help;
}

int
loading_host(const struct frame *f, const struct ynode *n)
{
	char *help;
	int i;

	if (!n)
		return NONE;
	i = loading_index(&f->hosts, n->text);
	if (i != NONE)
		return i;
	help = names_help(&f->hosts, "", n->text,
		"add it to `hosts:`, or to an environment of handrail.yaml");
	keyed_complain(&f->r, n, C_HOST_UNKNOWN, help, "unknown host `%.60s`", n->text);
	mem_free(help);
	return f->l->rb->hosts.list.len ? 0 : NONE;
}

int
loading_probe(const struct frame *f, const struct ynode *n)
{
	char *full = loading_full(f, n->text), *help;
	int i = loading_index(&f->l->probes, full);

	mem_free(full);
	if (i == NONE)
		i = loading_index(&f->l->env_probes, n->text);
	if (i != NONE)
		return i;
	help = names_help(&f->l->probes, f->prefix, n->text, "add it to `probes:`");
	keyed_complain(&f->r, n, C_PROBE_UNKNOWN, help, "unknown probe `%.60s`", n->text);
	mem_free(help);
	return NONE;
}

static void
add_probe(const struct frame *f, const struct ynode *n, struct ints *out)
{
	int i = n->kind == YNODE_SCALAR ? loading_probe(f, n) : NONE;

	/* for an unknown one any: a check of nothing would be complained of as well */
	if (i == NONE && f->l->rb->probes.list.len)
		i = 0;
	if (i != NONE)
		vec_push(&out->list, i);
}

void
loading_probes(const struct frame *f, const struct ynode *n, struct ints *out)
{
	if (!n)
		return;
	if (n->kind == YNODE_SCALAR)
		add_probe(f, n, out);
	else if (n->kind == YNODE_LIST)
		for (const struct ynode *i = n->first; i; i = i->next)
			add_probe(f, i, out);
}
