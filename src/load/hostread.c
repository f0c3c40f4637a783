#include "load/hostread.h"

#include "base/file.h"
#include "model/parts.h"

static void
release_one(struct project_host *h)
{
	parts_free_host(&h->host);
	parts_free_strings(&h->aliases);
}

static void
check_aliases(const struct reading *r, const struct ynode *n)
{
	struct map seen;

	map_init(&seen);
	for (const struct ynode *a = n->kind == YNODE_LIST ? n->first : NULL; a;
		a = a->next) {
		if (map_has(&seen, a->text))
			keyed_complain(r, a, C_HOST_TWICE, "name each machine once",
				"`%s` stands twice in this group", a->text);
		loading_put(&seen, a->text, 0);
	}
	map_release(&seen);
}

bool
hostread_one(const struct reading *r, const char *dir, const struct ynode *key,
	struct project_host *out)
{
	const struct ynode *got[KEYS_MAX], *v = key->next;
	int ways;

	*out = (struct project_host){
		.host = {.name = mem_strdup(key->text), .line = (int)key->line}};
	if (!loading_name(r, key, KEY_VALUE_LABEL, "name of a host"))
		return false;
	if (!keyed_read(r, v, KEYS_IN_HOST, 0, got))
		return false;
	ways = (got[KEY_HOST_SSH] || keyed_written(v, "ssh")) +
		(got[KEY_HOST_LOCAL] || keyed_written(v, "local")) +
		(got[KEY_HOST_SIM] || keyed_written(v, "sim"));
	if (ways != 1) {
		keyed_complain(r, key, C_HOST_HOW,
			"write {ssh: ALIAS}, {local: true} or {sim: FILE}",
			"host `%s` has %s ssh, local and sim", key->text,
			ways ? "more than one of" : "none of");
		return false;
	}
	if (got[KEY_HOST_LOCAL] && !keyed_bool(got[KEY_HOST_LOCAL]))
		keyed_complain(r, got[KEY_HOST_LOCAL], C_HOST_HOW,
			"write {local: true}, or ssh",
			"host `%s` is not this machine and nothing else", key->text);
	out->host.via = got[KEY_HOST_LOCAL] ? HOST_LOCAL
		: got[KEY_HOST_SIM]         ? HOST_SIM
					    : HOST_SSH;
	out->host.transport = (enum host_transport)keyed_word(
		got[KEY_HOST_TRANSPORT], KEYS_IN_HOST, KEY_HOST_TRANSPORT, HOST_AUTO);
	out->host.job_dir = keyed_line(got[KEY_HOST_JOB_DIR]);
	if (got[KEY_HOST_SIM])
		out->host.sim_file = file_join(dir, got[KEY_HOST_SIM]->text);
	if (got[KEY_HOST_SSH]) {
		check_aliases(r, got[KEY_HOST_SSH]);
		keyed_strings(got[KEY_HOST_SSH], &out->aliases);
	}
	return true;
}

static const struct source *
kept_text(const struct load_opts *o, const char *path)
{
	for (size_t i = 0; o && i < o->kept_len; i++)
		if (str_eq(o->kept[i].path, path))
			return &o->kept[i];
	return NULL;
}

struct scenario *
hostread_scenario(const struct load_opts *o, const char *path, struct diags *d)
{
	const struct source *kept = kept_text(o, path);

	return kept ? load_scenario_text(path, kept->text, kept->len, d)
		    : load_scenario(path, d);
}

void
hostread_attach(const struct reading *r, const struct load_opts *o, struct host *h)
{
	if (h->via == HOST_SIM && !h->scenario)
		h->scenario = hostread_scenario(o, h->sim_file, r->d);
}

/* In practice nothing is what it is called: the scenario plays all of it. */
static void
pretend(const struct loading *l, struct project_host *h)
{
	if (!l->scenario)
		return;
	if (h->host.via == HOST_LOCAL && !h->aliases.list.len)
		vec_push(&h->aliases.list, mem_strdup("local"));
	h->host.via = HOST_SIM;
	mem_free(h->host.sim_file);
	h->host.sim_file = mem_strdup(l->scenario->source.path);
	scenario_unref(h->host.scenario);
	h->host.scenario = scenario_ref(l->scenario);
}

/* Moves `h` into the runbook with a target for each machine. */
static int
add_host(struct runbook *rb, struct project_host *h, bool reached)
{
	int index = (int)rb->hosts.list.len;
	struct host host = h->host;

	host.first_target = (int)rb->targets.list.len;
	if (reached && h->aliases.list.len) {
		for (size_t i = 0; i < h->aliases.list.len; i++)
			vec_push(&rb->targets.list,
				(struct target){.id = mem_strdup(h->aliases.list.at[i]),
					.host = index});
	} else if (reached) {
		const char *id = host.via == HOST_LOCAL ? "local" : host.name;

		vec_push(&rb->targets.list,
			(struct target){.id = mem_strdup(id), .host = index});
	}
	host.target_count = (int)rb->targets.list.len - host.first_target;
	vec_push(&rb->hosts.list, host);
	parts_free_strings(&h->aliases);
	return index;
}

static struct project_host
copy_host(const struct project_host *h)
{
	struct project_host c = *h;

	c.host.name = mem_strdup(h->host.name);
	c.host.job_dir = mem_strdup(h->host.job_dir);
	c.host.sim_file = mem_strdup(h->host.sim_file);
	c.host.scenario = scenario_ref(h->host.scenario);
	c.aliases = (struct strings){0};
	for (size_t i = 0; i < h->aliases.list.len; i++)
		vec_push(&c.aliases.list, mem_strdup(h->aliases.list.at[i]));
	return c;
}

/* Without a chosen environment the hosts of all are known by name, and none is reached. */
void
hostread_environment(struct loading *l)
{
	const struct project *p = l->o->project;

	size_t count = l->env ? 1 : p ? p->environments.list.len : 0;

	for (size_t i = 0; i < count; i++) {
		const struct environment *e = l->env ? l->env
						     : &p->environments.list.at[i];

		for (size_t j = 0; j < e->hosts.list.len; j++) {
			const char *name = e->hosts.list.at[j].host.name;
			struct project_host h;

			if (map_has(&l->env_hosts, name))
				continue;
			h = copy_host(&e->hosts.list.at[j]);
			pretend(l, &h);
			loading_put(
				&l->env_hosts, name, add_host(l->rb, &h, l->env != NULL));
		}
	}
}

static bool
same_host(const struct runbook *rb, int index, const struct project_host *h)
{
	const struct host *a = &rb->hosts.list.at[index];

	if (a->via != h->host.via || a->transport != h->host.transport ||
		!str_eq(a->job_dir, h->host.job_dir) ||
		!str_eq(a->sim_file, h->host.sim_file))
		return false;
	if (a->via != HOST_SSH)
		return true;
	if ((size_t)a->target_count != h->aliases.list.len)
		return false;
	for (int i = 0; i < a->target_count; i++)
		if (!str_eq(rb->targets.list.at[a->first_target + i].id,
			    h->aliases.list.at[i]))
			return false;
	return true;
}

/* A host of a file, beside those of handrail.yaml and of the files that call this one. */
static void
take_host(struct frame *f, const struct ynode *key)
{
	struct runbook *rb = f->l->rb;
	struct project_host h;
	bool ok = hostread_one(&f->r, f->dir, key, &h);
	int there = loading_index(&f->l->hosts, key->text);

	if (ok && !f->l->scenario)
		hostread_attach(&f->r, f->l->o, &h.host);
	if (ok)
		pretend(f->l, &h);
	if (f->l->scenario && map_has(&f->l->env_hosts, key->text)) {
		there = loading_index(&f->l->env_hosts, key->text);
		release_one(&h);
	} else if (map_has(&f->l->env_hosts, key->text)) {
		keyed_complain(&f->r, key, C_HOST_TWICE, "remove one of the two",
			"host `%s` is also in handrail.yaml", key->text);
		release_one(&h);
	} else if (there != NONE) {
		if (ok && f->call != NONE && !same_host(rb, there, &h))
			keyed_complain(&f->r, key, C_HOST_TWICE, "give it another name",
				"host `%s` is another machine in the calling runbook",
				key->text);
		release_one(&h);
	} else {
		there = add_host(rb, &h, true);
		loading_put(&f->l->hosts, key->text, there);
	}
	if (there != NONE)
		loading_put(&f->hosts, key->text, there);
}

void
hostread_file(struct frame *f, const struct ynode *table)
{
	for (size_t i = 0; i < f->l->env_hosts.len; i++)
		map_put(&f->hosts, f->l->env_hosts.at[i].key,
			f->l->env_hosts.at[i].value);
	if (!table)
		return;
	if (f->call == NONE && table->first)
		f->l->rb->declares_hosts = true;
	for (const struct ynode *k = table->first; k; k = k->next->next)
		if (k->kind == YNODE_SCALAR)
			take_host(f, k);
}
