#include "load/load.h"

#include "base/file.h"
#include "load/hostread.h"
#include "load/runbookread.h"
#include "model/check.h"
#include "model/duty.h"

static const struct load_opts no_opts;

/* ---- environment ------------------------------------------------------------------------- */

static void
take_principals(const struct project *p, const char *role, struct strings *out)
{
	for (size_t i = 0; i < p->roles.list.len; i++) {
		const struct role *r = &p->roles.list.at[i];

		for (size_t k = 0; str_eq(r->name, role) && k < r->principals.list.len;
			k++)
			vec_push(&out->list, mem_strdup(r->principals.list.at[k]));
	}
}

/* Production is armed before anything acts on it, and so is what handrail.yaml says so of;
 * everywhere else it would only be in the way. */
static void
take_arming(struct loading *l)
{
	const struct may *may = project_may_arm(l->o->project, l->env->name);

	l->rb->arming = may || project_badge_is_prod(l->env->badge);
	for (size_t i = 0; may && i < may->roles.list.len; i++) {
		vec_push(&l->rb->may_arm.list, mem_strdup(may->roles.list.at[i]));
		take_principals(l->o->project, may->roles.list.at[i], &l->rb->armers);
	}
}

/* ---- practice ------------------------------------------------------------------------------ */

static bool
has_host(const struct environment *env, const char *name)
{
	for (size_t i = 0; i < env->hosts.list.len; i++)
		if (str_eq(env->hosts.list.at[i].host.name, name))
			return true;
	return false;
}

static void
add_hosts(struct environment *env, const struct project_host *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		struct project_host h = {.host = {.name = mem_strdup(at[i].host.name),
						 .via = HOST_SIM,
						 .line = at[i].host.line}};

		if (has_host(env, h.host.name)) {
			mem_free(h.host.name);
			continue;
		}
		for (size_t k = 0; k < at[i].aliases.list.len; k++)
			vec_push(&h.aliases.list, mem_strdup(at[i].aliases.list.at[k]));
		vec_push(&env->hosts.list, h);
	}
}

static void
add_inputs(struct environment *env, const struct pairs *from)
{
	for (size_t i = 0; i < from->list.len; i++) {
		const struct pair *in = &from->list.at[i];

		if (!pairs_get(&env->inputs, in->key))
			vec_push(&env->inputs.list,
				(struct pair){mem_strdup(in->key), mem_strdup(in->value),
					in->line});
	}
}

/* An environment of its own: with the names of a real one, and nothing of its reach. */
static void
take_scenario(struct loading *l)
{
	struct reading r = {.d = l->d, .file = l->o->scenario};
	struct scenario *s = hostread_scenario(l->o, l->o->scenario, l->d);
	const struct environment *like;
	struct environment *env = &l->practice;

	if (!s)
		return;
	l->scenario = s;
	l->rb->scenario = scenario_ref(s);
	like = s->like ? project_environment(l->o->project, s->like) : NULL;
	if (s->like && !like)
		keyed_complain(&r, NULL, C_ENV_UNKNOWN,
			"`like:` names one of handrail.yaml",
			"there is no environment `%.60s`", s->like);
	env->name = mem_strdup("practice");
	env->badge = mem_strdup("PRACTICE");
	add_hosts(env, s->hosts.list.at, s->hosts.list.len);
	add_inputs(env, &s->inputs);
	if (like) {
		add_hosts(env, like->hosts.list.at, like->hosts.list.len);
		add_inputs(env, &like->inputs);
		for (size_t i = 0; i < like->bursts.list.len; i++)
			vec_push(&env->bursts.list, mem_strdup(like->bursts.list.at[i]));
	}
	l->env = env;
}

static void
take_environment(struct loading *l)
{
	const struct project *p = l->o->project;
	const char *name = l->o->environment;
	struct reading r = {.d = l->d, .file = p ? p->path : l->rb->path};

	/* One can practise before anybody may sign. */
	if (p && p->allowed_signers &&
		!(l->o->scenario && !file_exists(p->allowed_signers)))
		l->rb->allowed_signers = mem_strdup(p->allowed_signers);
	if (l->o->scenario) {
		take_scenario(l);
	} else if (name) {
		l->env = project_environment(p, name);
		if (!l->env)
			keyed_complain(&r, NULL, C_ENV_UNKNOWN,
				p ? "see `environments:` there" : "write a handrail.yaml",
				"there is no environment `%.60s`", name);
	}
	if (l->env) {
		l->rb->environment = mem_strdup(l->env->name);
		l->rb->badge = mem_strdup(l->env->badge);
		window_copy(&l->env->windows, &l->rb->windows);
		take_arming(l);
		for (size_t i = 0; i < l->env->bursts.list.len; i++)
			vec_push(&l->rb->bursts.list,
				mem_strdup(l->env->bursts.list.at[i]));
		for (size_t i = 0; i < l->env->inputs.list.len; i++) {
			const struct pair *in = &l->env->inputs.list.at[i];

			vec_push(&l->rb->env_inputs.list,
				(struct pair){.key = mem_strdup(in->key),
					.value = mem_strdup(in->value),
					.line = in->line});
		}
	}
	for (size_t i = 0; p && !l->scenario && i < p->notify.list.len; i++)
		l->rb->notifies |= project_tells(
			&p->notify.list.at[i], l->rb->environment);
	hostread_environment(l);
}

/* ---- runbooks ------------------------------------------------------------------------------ */

static char *
stem_of(const char *path)
{
	const char *base = file_base(path), *dot = strrchr(base, '.');

	return dot && dot != base ? mem_strndup(base, (size_t)(dot - base))
				  : mem_strdup(base);
}

struct runbook *
load_draft_text(const char *path, const char *text, size_t len, const struct load_opts *o,
	struct diags *d)
{
	struct loading l = {.rb = runbook_new(),
		.d = d,
		.o = o ? o : &no_opts,
		.keys = keytable_index_new()};

	map_init(&l.env_hosts);
	map_init(&l.hosts);
	map_init(&l.roles);
	map_init(&l.probes);
	map_init(&l.env_probes);
	map_init(&l.inputs);
	l.rb->path = mem_strdup(path);
	l.rb->name = stem_of(path);
	take_environment(&l);
	runbookread_file(&l, path, text, len);
	if (l.rb->steps.list.len && !l.stopped)
		check_runbook(l.rb, l.o->project, d);
	if (l.o->duty && !d->errors && !duty_reduce(l.rb, l.o->duty))
		keyed_complain(&(struct reading){.d = d, .file = path}, NULL,
			C_STEP_UNKNOWN, NULL, "nothing owed is called `%.60s` there",
			l.o->duty);
	for (size_t i = 0; i < l.rb->hosts.list.len; i++)
		if (l.rb->hosts.list.at[i].scenario)
			runbookread_source(
				l.rb, &l.rb->hosts.list.at[i].scenario->source);
	if (l.scenario)
		runbookread_source(l.rb, &l.scenario->source);
	scenario_unref(l.scenario);
	project_release_environment(&l.practice);
	idtable_release(&l.ids);
	keytable_index_free(l.keys);
	map_release(&l.env_hosts);
	map_release(&l.hosts);
	map_release(&l.roles);
	map_release(&l.probes);
	map_release(&l.env_probes);
	map_release(&l.inputs);
	diags_sort(d);
	return l.rb;
}

struct runbook *
load_runbook_text(const char *path, const char *text, size_t len,
	const struct load_opts *o, struct diags *d)
{
	size_t before = d->errors;
	struct runbook *rb = load_draft_text(path, text, len, o, d);

	if (d->errors == before)
		return rb;
	runbook_unref(rb);
	return NULL;
}

struct runbook *
load_runbook(const char *path, const struct load_opts *o, struct diags *d)
{
	struct reading r = {.d = d, .file = path};
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	struct runbook *rb = NULL;

	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		rb = load_runbook_text(path, text.buf, text.len, o, d);
	else
		keyed_complain(&r, NULL, C_READ, NULL, "%s", e.msg);
	str_release(&text);
	return rb;
}

/* ---- handrail.yaml -------------------------------------------------------------------------- */

char *
load_find_project(const char *dir)
{
	char *at = mem_strdup(dir);

	for (;;) {
		char *path = file_join(at, "handrail.yaml");
		char *up = file_dir(at);
		bool top = str_eq(up, at);

		if (file_exists(path) && !file_is_dir(path)) {
			mem_free(up);
			mem_free(at);
			return path;
		}
		mem_free(path);
		mem_free(at);
		at = up;
		if (top)
			break;
	}
	mem_free(at);
	return NULL;
}
