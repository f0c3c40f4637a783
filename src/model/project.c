#include "model/project.h"

#include <string.h>

#include "model/parts.h"

void
project_release_environment(struct environment *env)
{
	mem_free(env->name);
	mem_free(env->badge);
	for (size_t i = 0; i < env->hosts.list.len; i++) {
		parts_free_host(&env->hosts.list.at[i].host);
		parts_free_strings(&env->hosts.list.at[i].aliases);
	}
	vec_free(&env->hosts.list);
	parts_free_pairs(&env->inputs);
	window_release(&env->windows);
	parts_free_strings(&env->bursts);
}

void
project_free(struct project *p)
{
	if (p == NULL)
		return;
	mem_free(p->text);
	for (size_t i = 0; i < p->environments.list.len; i++)
		project_release_environment(&p->environments.list.at[i]);
	for (size_t i = 0; i < p->roles.list.len; i++)
		parts_free_role(&p->roles.list.at[i]);
	for (size_t i = 0; i < p->may.list.len; i++) {
		mem_free(p->may.list.at[i].act);
		mem_free(p->may.list.at[i].environment);
		parts_free_strings(&p->may.list.at[i].roles);
	}
	for (size_t i = 0; i < p->probes.list.len; i++)
		parts_free_probe(&p->probes.list.at[i]);
	for (size_t i = 0; i < p->notify.list.len; i++) {
		mem_free(p->notify.list.at[i].url);
		mem_free(p->notify.list.at[i].env);
		mem_free(p->notify.list.at[i].file);
		parts_free_strings(&p->notify.list.at[i].environments);
	}
	vec_free(&p->notify.list);
	vec_free(&p->environments.list);
	vec_free(&p->roles.list);
	vec_free(&p->may.list);
	vec_free(&p->probes.list);
	parts_free_strings(&p->runbooks);
	parts_free_pairs(&p->store);
	mem_free(p->allowed_signers);
	mem_free(p->name);
	mem_free(p->path);
	mem_free(p->dir);
	mem_free(p);
}

const struct environment *
project_environment(const struct project *p, const char *name)
{
	for (size_t i = 0; p != NULL && i < p->environments.list.len; i++) {
		if (str_eq(p->environments.list.at[i].name, name))
			return &p->environments.list.at[i];
	}
	return NULL;
}

bool
project_tells(const struct notify_to *to, const char *environment)
{
	for (size_t i = 0; i < to->environments.list.len; i++)
		if (str_eq(to->environments.list.at[i], environment))
			return true;
	return to->environments.list.len == 0;
}

bool
project_badge_is_prod(const char *badge)
{
	return badge != NULL && strncasecmp(badge, "prod", strlen("prod")) == 0;
}

const struct may *
project_may_arm(const struct project *p, const char *environment)
{
	for (size_t i = 0; p != NULL && environment != NULL && i < p->may.list.len; i++) {
		const struct may *m = &p->may.list.at[i];

		if (str_eq(m->act, MAY_ARM) && str_eq(m->environment, environment))
			return m;
	}
	return NULL;
}
