#include "model/runbook.h"

#include "base/bug.h"
#include "model/parts.h"
#include "model/scenario.h"

/* ---- names ----------------------------------------------------------------------------- */

static const char *const step_kinds[STEP_KIND_COUNT] = {
#define X(id, name, help) [STEP_##id] = name,
	STEP_KINDS(X)
#undef X
};

static const char *const runbook_kinds[RUNBOOK_KIND_COUNT] = {
#define X(id, name) [RUNBOOK_##id] = name,
	RUNBOOK_KINDS(X)
#undef X
};

static const struct {
	const char *name, *mark;
} risks[RISK_COUNT] = {
#define X(id, rname, rmark, help) [RISK_##id] = {.name = rname, .mark = rmark},
	RISKS(X)
#undef X
};

static const char *const probe_kinds[PROBE_KIND_COUNT] = {
#define X(id, name) [PROBE_##id] = name,
	PROBE_KINDS(X)
#undef X
};

const char *
step_kind_name(enum step_kind k)
{
	return step_kinds[k];
}

bool
step_kind_acts(enum step_kind k)
{
	return k == STEP_RUN || k == STEP_SQL || k == STEP_HTTP || k == STEP_COPY;
}

bool
step_kind_has_legs(enum step_kind k)
{
	return step_kind_acts(k) || k == STEP_WATCH;
}

bool
step_kind_looks(enum step_kind k)
{
	return k == STEP_CHECK || k == STEP_SOAK;
}

const char *
runbook_kind_name(enum runbook_kind k)
{
	return runbook_kinds[k];
}

const char *
risk_name(enum risk r)
{
	return risks[r].name;
}

const char *
risk_mark(enum risk r)
{
	return risks[r].mark;
}

const char *
probe_kind_name(enum probe_kind k)
{
	return probe_kinds[k];
}

const char *
pairs_get(const struct pairs *p, const char *key)
{
	for (size_t i = 0; i < p->list.len; i++) {
		if (str_eq(p->list.at[i].key, key))
			return p->list.at[i].value;
	}
	return NULL;
}

/* ---- life ------------------------------------------------------------------------------ */

struct runbook *
runbook_new(void)
{
	struct runbook *rb = mem_alloc(sizeof *rb);

	rb->refs = 1;
	rb->rollback_first = NONE;
	return rb;
}

struct step *
runbook_add_step(struct runbook *rb, size_t at)
{
	struct step *s;

	if (at >= rb->steps.list.cap)
		return NULL;
	s = &rb->steps.list.at[at];
	if (at < rb->steps.list.len)
		parts_free_step(s);
	else
		rb->steps.list.len++;
	*s = (struct step){
		.index = (int)at,
		.section = NONE,
		.call = NONE,
		.host = NONE,
		.undo = {.host = NONE, .risk = RISK_MODERATE},
		.copy_source = {.host = NONE},
		.copy_target = {.host = NONE},
		.on_failure_go = NONE,
		.input = NONE,
		.count = 1,
		.added = true,
	};
	return s;
}

struct runbook *
runbook_ref(struct runbook *rb)
{
	BUG_ON(rb->refs < 1);
	rb->refs++;
	return rb;
}

static void
free_input(struct input *in)
{
	mem_free(in->name);
	mem_free(in->ask);
	mem_free(in->fallback);
	pattern_free(in->pattern);
	mem_free(in->pattern_text);
	mem_free(in->choices);
	parts_free_strings(&in->options);
	mem_free(in->from_value);
}

static void
free_container_group(struct container_group *g)
{
	mem_free(g->project);
	mem_free(g->name);
	mem_free(g->dir);
	mem_free(g->env_file);
	parts_free_strings(&g->compose);
	parts_free_strings(&g->profiles);
	parts_free_strings(&g->services);
}

static void
free_parts(struct runbook *rb)
{
	for (size_t i = 0; i < rb->sources.list.len; i++) {
		mem_free(rb->sources.list.at[i].path);
		mem_free(rb->sources.list.at[i].text);
	}
	for (size_t i = 0; i < rb->scopes.list.len; i++) {
		mem_free(rb->scopes.list.at[i].prefix);
		parts_free_pairs(&rb->scopes.list.at[i].with);
	}
	for (size_t i = 0; i < rb->inputs.list.len; i++)
		free_input(&rb->inputs.list.at[i]);
	for (size_t i = 0; i < rb->hosts.list.len; i++)
		parts_free_host(&rb->hosts.list.at[i]);
	for (size_t i = 0; i < rb->targets.list.len; i++)
		mem_free(rb->targets.list.at[i].id);
	for (size_t i = 0; i < rb->probes.list.len; i++)
		parts_free_probe(&rb->probes.list.at[i]);
	for (size_t i = 0; i < rb->logs.list.len; i++) {
		mem_free(rb->logs.list.at[i].name);
		parts_free_pairs(&rb->logs.list.at[i].args);
	}
	for (size_t i = 0; i < rb->containers.list.len; i++)
		free_container_group(&rb->containers.list.at[i]);
	for (size_t i = 0; i < rb->roles.list.len; i++)
		parts_free_role(&rb->roles.list.at[i]);
	for (size_t i = 0; i < rb->steps.list.len; i++)
		parts_free_step(&rb->steps.list.at[i]);
}

void
runbook_unref(struct runbook *rb)
{
	if (rb == NULL || --rb->refs > 0)
		return;
	char *texts[] = {rb->name, rb->path, rb->title, rb->why, rb->owner,
		rb->reviewed_last, rb->environment, rb->badge, rb->rollback,
		rb->allowed_signers, rb->source_file, rb->source_sha256};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		mem_free(texts[i]);
	free_parts(rb);
	vec_free(&rb->sources.list);
	scenario_unref(rb->scenario);
	vec_free(&rb->scopes.list);
	vec_free(&rb->inputs.list);
	vec_free(&rb->hosts.list);
	vec_free(&rb->targets.list);
	vec_free(&rb->probes.list);
	vec_free(&rb->logs.list);
	vec_free(&rb->containers.list);
	vec_free(&rb->roles.list);
	vec_free(&rb->steps.list);
	parts_free_pairs(&rb->contacts);
	parts_free_pairs(&rb->links);
	parts_free_pairs(&rb->env_inputs);
	parts_free_strings(&rb->bursts);
	parts_free_strings(&rb->may_arm);
	parts_free_strings(&rb->armers);
	window_release(&rb->windows);
	if (rb->duty)
		parts_free_duty(rb->duty);
	mem_free(rb->duty);
	parts_free_strings(&rb->aliases);
	parts_free_strings(&rb->tags);
	parts_free_strings(&rb->environments);
	mem_free(rb);
}

/* ---- look-ups -------------------------------------------------------------------------- */

int
runbook_find_step(const struct runbook *rb, const char *id_or_number)
{
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		if (str_eq(rb->steps.list.at[i].id, id_or_number))
			return (int)i;
	}
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		if (str_eq(rb->steps.list.at[i].number, id_or_number))
			return (int)i;
	}
	return NONE;
}

int
runbook_find_input(const struct runbook *rb, int scope, const char *name)
{
	for (size_t i = 0; i < rb->inputs.list.len; i++) {
		if (rb->inputs.list.at[i].scope == scope &&
			str_eq(rb->inputs.list.at[i].name, name))
			return (int)i;
	}
	return NONE;
}

int
runbook_find_probe(const struct runbook *rb, int scope, const char *name)
{
	for (size_t i = 0; i < rb->probes.list.len; i++) {
		if (rb->probes.list.at[i].scope == scope &&
			str_eq(rb->probes.list.at[i].name, name))
			return (int)i;
	}
	return NONE;
}

char *
runbook_full_name(const struct runbook *rb, int scope, const char *name)
{
	const char *prefix = "";

	if (scope >= 0 && (size_t)scope < rb->scopes.list.len)
		prefix = rb->scopes.list.at[scope].prefix;
	/* asked for every name of every step: mem_printf would cost ten times as much */
	return mem_join(prefix != NULL ? prefix : "", name);
}

enum risk
runbook_risk(const struct runbook *rb)
{
	enum risk highest = RISK_NONE;

	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];

		if (step_kind_acts(s->kind) && s->risk > highest)
			highest = s->risk;
	}
	return highest;
}
