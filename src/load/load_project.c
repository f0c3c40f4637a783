#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "load/cure.h"
#include "load/hostread.h"
#include "load/load.h"
#include "load/proberead.h"
#include "load/windowread.h"
#include "model/parts.h"

/* handrail.yaml while it is read. */
struct making {
	struct reading r;
	struct project *p;
};

/* ---- environments -------------------------------------------------------------------------- */

static void
read_hosts(struct making *m, const struct ynode *table, struct environment *env)
{
	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		struct project_host h;

		if (k->kind != YNODE_SCALAR)
			continue;
		if (hostread_one(&m->r, m->p->dir, k, &h))
			hostread_attach(&m->r, NULL, &h.host);
		vec_push(&env->hosts.list, h);
	}
}

static void
read_inputs(struct making *m, const struct ynode *n, struct environment *env)
{
	for (const struct ynode *k = n ? n->first : NULL; k; k = k->next->next)
		loading_name(&m->r, k, KEY_VALUE_NAME, "name of an input");
	keyed_pairs(n, &env->inputs);
}

static void
read_environments(struct making *m, const struct ynode *table)
{
	const struct ynode *got[KEYS_MAX];

	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		struct environment *env;

		if (!loading_name(&m->r, k, KEY_VALUE_LABEL, "name of an environment") ||
			!keyed_read(&m->r, k->next, KEYS_IN_ENVIRONMENT, 0, got))
			continue;
		if (str_eq(k->text, "practice"))
			keyed_complain(&m->r, k, C_VALUE, "give it another name",
				"`practice` is what runs in a scenario are in");
		env = vec_add(&m->p->environments.list);
		env->name = mem_strdup(k->text);
		env->line = (int)k->line;
		env->badge = got[KEY_ENVIRONMENT_BADGE]
			? keyed_line(got[KEY_ENVIRONMENT_BADGE])
			: mem_strdup(k->text);
		read_hosts(m, got[KEY_ENVIRONMENT_HOSTS], env);
		read_inputs(m, got[KEY_ENVIRONMENT_INPUTS], env);
		windowread_all(&m->r, got[KEY_ENVIRONMENT_WINDOWS],
			got[KEY_ENVIRONMENT_FREEZES], &env->windows);
		keyed_strings(got[KEY_ENVIRONMENT_BURSTS], &env->bursts);
	}
}

static bool
host_anywhere(const struct project *p, const char *name)
{
	for (size_t i = 0; i < p->environments.list.len; i++)
		for (size_t j = 0; j < p->environments.list.at[i].hosts.list.len; j++)
			if (str_eq(p->environments.list.at[i].hosts.list.at[j].host.name,
				    name))
				return true;
	return false;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static void
read_probes(struct making *m, const struct ynode *table)
{
	static const char *const places[] = {"host", "through"};

	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		struct probe probe;

		if (k->kind != YNODE_SCALAR || !proberead_one(&m->r, NULL, k, &probe))
			continue;
		for (int i = 0; i < 2; i++) {
			const struct ynode *n = ynode_get(k->next, places[i]);

			if (n && n->kind == YNODE_SCALAR && !host_anywhere(m->p, n->text))
				keyed_complain(&m->r, n, C_HOST_UNKNOWN,
					"add it to `hosts:` of an environment",
					"unknown host `%.60s`", n->text);
		}
		vec_push(&m->p->probes.list, probe);
	}
}

static void
read_roles(struct making *m, const struct ynode *table)
{
	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		struct role *role;

		if (k->kind != YNODE_SCALAR)
			continue;
		role = vec_add(&m->p->roles.list);
		role->name = mem_strdup(k->text);
		keyed_strings(k->next, &role->principals);
	}
}

static bool
knows_role(const struct project *p, const char *name)
{
	for (size_t i = 0; i < p->roles.list.len; i++)
		if (str_eq(p->roles.list.at[i].name, name))
			return true;
	return false;
}

static void
read_grant(struct making *m, const struct ynode *act, const struct ynode *env)
{
	struct may *may = vec_add(&m->p->may.list);
	const struct ynode *roles = env->next;

	may->act = mem_strdup(act->text);
	may->environment = mem_strdup(env->text);
	keyed_strings(roles, &may->roles);
	if (!project_environment(m->p, env->text))
		keyed_complain(&m->r, env, C_ENV_UNKNOWN, "see `environments:`",
			"there is no environment `%.60s`", env->text);
	for (size_t i = 0; i < may->roles.list.len; i++)
		if (!knows_role(m->p, may->roles.list.at[i]))
			keyed_complain(&m->r, roles, C_VALUE, "add it to `roles:`",
				"there is no role `%.60s`", may->roles.list.at[i]);
}

static void
read_may(struct making *m, const struct ynode *table)
{
	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		if (k->next->kind != YNODE_MAP) {
			keyed_complain(&m->r, k->next, C_SHAPE,
				"write {ENVIRONMENT: [ROLE]}", "`%.60s` says not where",
				k->text);
			continue;
		}
		if (k->kind == YNODE_SCALAR && !str_eq(k->text, MAY_ARM)) {
			keyed_complain(&m->r, k, C_VALUE, "write `arm`",
				"`may:` knows no act `%.60s`", k->text);
			continue;
		}
		for (const struct ynode *e = k->next->first; e; e = e->next->next)
			if (k->kind == YNODE_SCALAR && e->kind == YNODE_SCALAR)
				read_grant(m, k, e);
	}
}

/* "EU-PROD" is called production and does not begin with it. */
static void
check_prod(struct making *m, const struct ynode *table)
{
	for (const struct ynode *k = table ? table->first : NULL; k; k = k->next->next) {
		const struct environment *env = k->kind == YNODE_SCALAR
			? project_environment(m->p, k->text)
			: NULL;

		if (!env || project_badge_is_prod(env->badge) ||
			project_may_arm(m->p, env->name) ||
			(!strcasestr(env->name, "prod") &&
				!strcasestr(env->badge, "prod")))
			continue;
		keyed_complain(&m->r, k, C_PROD_UNARMED,
			"give it a badge that begins with PROD, or `may: {arm: ...}`",
			"runs in `%.60s` are not armed before they act", env->name);
	}
}

static unsigned
told(const struct ynode *n)
{
	static const char *const words[] = {
#define X(id, word) word,
		NOTICES(X)
#undef X
	};
	struct strings on = {0};
	unsigned bits = 0;

	keyed_strings(n, &on);
	for (size_t i = 0; i < on.list.len; i++)
		for (int k = 0; k < NOTICE_COUNT; k++)
			if (str_eq(on.list.at[i], words[k]))
				bits |= 1u << k;
	parts_free_strings(&on);
	return n ? bits | 1u << NOTICE_TELL : NOTICE_ALL;
}

static void
read_notify(struct making *m, const struct ynode *list)
{
	const struct ynode *got[KEYS_MAX], *from[KEYS_MAX];

	for (const struct ynode *n = list ? list->first : NULL; n; n = n->next) {
		struct notify_to *to;
		const struct ynode *url, *in;

		if (!keyed_read(&m->r, n, KEYS_IN_NOTIFY, 0, got))
			continue;
		url = got[KEY_NOTIFY_URL];
		in = got[KEY_NOTIFY_ENVIRONMENTS];
		to = vec_add(&m->p->notify.list);
		to->line = (int)n->line;
		to->slack = got[KEY_NOTIFY_FORMAT] &&
			str_eq(got[KEY_NOTIFY_FORMAT]->text, "slack");
		to->on = told(got[KEY_NOTIFY_ON]);
		keyed_strings(in, &to->environments);
		for (size_t i = 0; i < to->environments.list.len; i++)
			if (!project_environment(m->p, to->environments.list.at[i]))
				keyed_complain(&m->r, in, C_ENV_UNKNOWN,
					"see `environments:`",
					"there is no environment `%.60s`",
					to->environments.list.at[i]);
		if (url && url->kind == YNODE_SCALAR) {
			to->url = keyed_line(url);
		} else if (url && keyed_read(&m->r, url, KEYS_IN_ANSWER_FROM, 0, from)) {
			to->env = keyed_line(from[KEY_ANSWER_FROM_ENV]);
			to->file = from[KEY_ANSWER_FROM_FILE]
				? file_join(m->p->dir, from[KEY_ANSWER_FROM_FILE]->text)
				: NULL;
			if (!to->env == !to->file)
				keyed_complain(&m->r, url, C_VALUE,
					"write {env: NAME} or {file: PATH}",
					"the address comes from one place");
		}
	}
}

static void
read_store(struct making *m, const struct ynode *n)
{
	const struct ynode *got[KEYS_MAX], *pg[KEYS_MAX];

	if (!n || !keyed_read(&m->r, n, KEYS_IN_STORE, 0, got))
		return;
	if (got[KEY_STORE_POSTGRES] &&
		keyed_read(&m->r, got[KEY_STORE_POSTGRES], KEYS_IN_POSTGRES, 0, pg) &&
		pg[KEY_POSTGRES_SERVICE])
		keyed_pair_add(
			&m->p->store, "postgres.service", pg[KEY_POSTGRES_SERVICE]);
	if (got[KEY_STORE_REDIS])
		keyed_pair_add(&m->p->store, "redis", got[KEY_STORE_REDIS]);
}

static void
read_folders(struct project *p, const struct ynode *n)
{
	struct strings names = {0};

	keyed_strings(n, &names);
	if (!n)
		vec_push(&names.list, mem_strdup("runbooks"));
	for (size_t i = 0; i < names.list.len; i++)
		vec_push(&p->runbooks.list, file_join(p->dir, names.list.at[i]));
	parts_free_strings(&names);
}

static void
read_project(struct making *m, const struct ynode *root)
{
	const struct ynode *got[KEYS_MAX], *v = ynode_get(root, "handrail_project");

	if (v && v->kind == YNODE_SCALAR && !str_eq(v->text, "1")) {
		keyed_complain(&m->r, v, C_VERSION, "write `handrail_project: 1`",
			"this version reads format 1, not `%.20s`", v->text);
		return;
	}
	if (!keyed_read(&m->r, root, KEYS_IN_PROJECT, 0, got))
		return;
	m->p->name = keyed_line(got[KEY_PROJECT_NAME]);
	read_folders(m->p, got[KEY_PROJECT_RUNBOOKS]);
	read_environments(m, got[KEY_PROJECT_ENVIRONMENTS]);
	read_roles(m, got[KEY_PROJECT_ROLES]);
	if (got[KEY_PROJECT_ALLOWED_SIGNERS])
		m->p->allowed_signers = file_join(
			m->p->dir, got[KEY_PROJECT_ALLOWED_SIGNERS]->text);
	read_may(m, got[KEY_PROJECT_MAY]);
	check_prod(m, got[KEY_PROJECT_ENVIRONMENTS]);
	read_probes(m, got[KEY_PROJECT_PROBES]);
	read_notify(m, got[KEY_PROJECT_NOTIFY]);
	read_store(m, got[KEY_PROJECT_STORE]);
}

static struct project *
from_text(const char *path, const char *text, size_t len, struct diags *d)
{
	struct making m = {.r = {.d = d, .file = path}, .p = mem_alloc(sizeof *m.p)};
	size_t before = d->errors, from = d->list.len;
	struct ydoc *y = ydoc_parse(path, text, len, d);

	m.p->path = mem_strdup(path);
	m.p->dir = file_dir(path);
	digest_hex(text, len, m.p->sha256);
	if (y)
		read_project(&m, ydoc_root(y));
	ydoc_free(y);
	cure_attach(path, text, len, d, from);
	diags_sort(d);
	if (d->errors == before)
		return m.p;
	project_free(m.p);
	return NULL;
}

struct project *
load_project_text(const char *path, const char *text, size_t len, struct diags *d)
{
	struct project *p = from_text(path, text, len, d);

	if (p) {
		p->text = mem_strndup(text, len);
		p->text_len = len;
	}
	return p;
}

struct project *
load_project(const char *path, struct diags *d)
{
	struct reading r = {.d = d, .file = path};
	struct project *p = NULL;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	if (file_read(path, YDOC_BYTES_MAX, &text, &e))
		p = from_text(path, text.buf, text.len, d);
	else
		keyed_complain(&r, NULL, C_READ, NULL, "%s", e.msg);
	str_release(&text);
	return p;
}
