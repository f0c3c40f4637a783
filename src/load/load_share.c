#include <string.h>

#include "load/load.h"
#include "load/yamlout.h"
#include "load/ydoc.h"

/*
 * handrail.yaml as it is shown to others: of what stands there only what a runbook of one
 * environment needs to be loaded. What is not named here is not sent.
 */

static const char *const of_project[] = {
	"handrail_project", "name", "runbooks", "roles", NULL};
/* How a probe is asked is its driver's business; what it wants is everybody's. */
static const char *const not_of_probe[] = {
	"headers", "body", "ca", "cert", "key", "proxy", "equals", NULL};

static bool
is_one_of(const char *const *names, const char *name)
{
	while (*names && strcmp(*names, name) != 0)
		names++;
	return *names != NULL;
}

/* On one line, whatever it was written in. Depth is bounded by ydoc. */
static void
add_value(const struct ynode *n, const char *const *without, struct str *out)
{
	const char *between = "";

	if (n->kind == YNODE_SCALAR) {
		yamlout_flow(out, n->text);
	} else if (n->kind == YNODE_LIST) {
		str_addc(out, '[');
		for (const struct ynode *i = n->first; i; i = i->next) {
			str_adds(out, between);
			add_value(i, without, out);
			between = ", ";
		}
		str_addc(out, ']');
	} else if (n->kind == YNODE_MAP) {
		str_addc(out, '{');
		for (const struct ynode *k = n->first; k; k = k->next->next) {
			if (without && is_one_of(without, k->text))
				continue;
			str_adds(out, between);
			yamlout_flow(out, k->text);
			str_adds(out, ": ");
			add_value(k->next, NULL, out);
			between = ", ";
		}
		str_addc(out, '}');
	}
}

static void
add_pair(int indent, const struct ynode *k, const char *const *without, struct str *out)
{
	str_addf(out, "%*s", indent, "");
	yamlout_key(out, k->text);
	add_value(k->next, without, out);
	str_addc(out, '\n');
}

static bool
is_map(const struct ynode *n)
{
	return n && n->kind == YNODE_MAP && n->first;
}

/* All by name, because runbooks name them; one with what stands in it. */
static void
add_environments(const struct ynode *table, const char *environment, struct str *out)
{
	if (!is_map(table))
		return;
	str_adds(out, "environments:\n");
	for (const struct ynode *k = table->first; k; k = k->next->next) {
		if (environment && strcmp(k->text, environment) == 0) {
			add_pair(2, k, NULL, out);
			continue;
		}
		str_adds(out, "  ");
		yamlout_key(out, k->text);
		str_adds(out, "{}\n");
	}
}

static void
add_may(const struct ynode *acts, const char *environment, struct str *out)
{
	for (const struct ynode *a = is_map(acts) ? acts->first : NULL; a;
		a = a->next->next) {
		for (const struct ynode *k = is_map(a->next) ? a->next->first : NULL; k;
			k = k->next->next) {
			if (!environment || strcmp(k->text, environment) != 0)
				continue;
			str_adds(out, "may:\n  ");
			yamlout_key(out, a->text);
			str_addc(out, '\n');
			add_pair(4, k, NULL, out);
		}
	}
}

/* Of a host that this environment has not, there is no probe in the runbook either. */
static bool
is_there(const struct ynode *probe, const struct ynode *hosts)
{
	static const char *const keys[] = {"host", "through"};

	for (int i = 0; i < 2; i++) {
		const struct ynode *n = ynode_get(probe, keys[i]);

		if (n && n->kind == YNODE_SCALAR &&
			!(is_map(hosts) && ynode_get(hosts, n->text)))
			return false;
	}
	return true;
}

static void
add_probes(const struct ynode *table, const struct ynode *hosts, struct str *out)
{
	bool any = false;

	for (const struct ynode *k = is_map(table) ? table->first : NULL; k;
		k = k->next->next) {
		if (!is_map(k->next) || !is_there(k->next, hosts))
			continue;
		if (!any)
			str_adds(out, "probes:\n");
		any = true;
		add_pair(2, k, not_of_probe, out);
	}
}

bool
load_share(const char *path, const char *text, size_t len, const char *environment,
	struct str *out)
{
	struct diags d = {0};
	struct ydoc *y = ydoc_parse(path, text, len, &d);
	const struct ynode *root = y ? ydoc_root(y) : NULL, *table, *env;

	if (is_map(root)) {
		table = ynode_get(root, "environments");
		env = environment && is_map(table) ? ynode_get(table, environment) : NULL;
		for (const struct ynode *k = root->first; k; k = k->next->next)
			if (is_one_of(of_project, k->text))
				add_pair(0, k, NULL, out);
		add_environments(table, environment, out);
		add_may(ynode_get(root, "may"), environment, out);
		add_probes(ynode_get(root, "probes"),
			is_map(env) ? ynode_get(env, "hosts") : NULL, out);
	}
	diags_release(&d);
	ydoc_free(y);
	return out->len > 0;
}
