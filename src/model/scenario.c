#include "model/scenario.h"

#include <string.h>

#include "base/glob.h"
#include "model/parts.h"

struct scenario *
scenario_new(void)
{
	struct scenario *s = mem_alloc(sizeof *s);

	s->refs = 1;
	return s;
}

struct scenario *
scenario_ref(struct scenario *s)
{
	if (s)
		s->refs++;
	return s;
}

static void
free_facts(struct scene_facts *f)
{
	for (size_t i = 0; i < f->list.len; i++) {
		mem_free(f->list.at[i].key);
		mem_free(f->list.at[i].text);
	}
	vec_free(&f->list);
}

static void
free_answer(struct scene_answer *a)
{
	mem_free(a->step);
	mem_free(a->match);
	mem_free(a->host);
	parts_free_pairs(&a->when);
	parts_free_pairs(&a->set);
	parts_free_pairs(&a->input);
	mem_free(a->output);
	mem_free(a->error);
	free_facts(&a->is);
	mem_free(a->wrong);
}

static void
free_probe(struct scene_probe *p)
{
	mem_free(p->probe);
	mem_free(p->host);
	parts_free_pairs(&p->when);
	free_facts(&p->is);
	mem_free(p->nothing);
	mem_free(p->silent);
}

static void
free_log(struct scene_log *l)
{
	mem_free(l->log);
	mem_free(l->host);
	parts_free_pairs(&l->when);
	parts_free_strings(&l->lines);
}

static void
free_box(struct scene_box *b)
{
	mem_free(b->host);
	mem_free(b->name);
	mem_free(b->image);
	mem_free(b->project);
	mem_free(b->service);
	mem_free(b->state);
	mem_free(b->health);
	parts_free_pairs(&b->when);
}

static void
free_event(struct scene_event *e)
{
	mem_free(e->after);
	mem_free(e->host);
	mem_free(e->fault);
	parts_free_pairs(&e->when);
	parts_free_pairs(&e->set);
}

static void
free_hint(struct scene_hint *h)
{
	mem_free(h->step);
	mem_free(h->says);
	parts_free_pairs(&h->when);
}

static void
free_guide(struct scene_guide *g)
{
	mem_free(g->step);
	mem_free(g->says);
	parts_free_pairs(&g->when);
}

static void
free_host(struct project_host *h)
{
	parts_free_host(&h->host);
	parts_free_strings(&h->aliases);
}

/* Every member of a list, then the list. */
#define FREE_ALL(v, one) \
	do { \
		for (size_t i = 0; i < (v).len; i++) \
			one(&(v).at[i]); \
		vec_free(&(v)); \
	} while (0)

void
scenario_unref(struct scenario *s)
{
	if (!s || --s->refs > 0)
		return;
	FREE_ALL(s->answers.list, free_answer);
	FREE_ALL(s->probes.list, free_probe);
	FREE_ALL(s->logs.list, free_log);
	FREE_ALL(s->boxes.list, free_box);
	FREE_ALL(s->events.list, free_event);
	FREE_ALL(s->hints.list, free_hint);
	FREE_ALL(s->guide.list, free_guide);
	FREE_ALL(s->hosts.list, free_host);
	parts_free_pairs(&s->inputs);
	parts_free_pairs(&s->state);
	parts_free_pairs(&s->solved);
	mem_free(s->source.path);
	mem_free(s->source.text);
	mem_free(s->title);
	mem_free(s->why);
	mem_free(s->like);
	mem_free(s);
}

bool
scenario_holds(const struct pairs *when, const struct pairs *state)
{
	for (size_t i = 0; i < when->list.len; i++) {
		const char *is = pairs_get(state, when->list.at[i].key);

		if (!glob_fits(when->list.at[i].value, is ? is : ""))
			return false;
	}
	return true;
}

void
scenario_change(struct pairs *state, const struct pairs *set)
{
	for (size_t i = 0; i < set->list.len; i++) {
		const struct pair *to = &set->list.at[i];
		size_t at = 0;

		while (at < state->list.len && !str_eq(state->list.at[at].key, to->key))
			at++;
		if (at == state->list.len)
			vec_push(&state->list, (struct pair){.key = mem_strdup(to->key)});
		mem_free(state->list.at[at].value);
		state->list.at[at].value = mem_strdup(to->value);
	}
}

int
scenario_guide(const struct scenario *s, enum scene_place on, const char *step,
	const struct pairs *state, unsigned been)
{
	for (size_t i = 0; i < s->guide.list.len; i++) {
		const struct scene_guide *g = &s->guide.list.at[i];

		if (g->on == on && (!g->step || str_eq(g->step, step)) &&
			(g->until == SCENE_PLACE_COUNT || !(been & 1U << g->until)) &&
			scenario_holds(&g->when, state))
			return (int)i;
	}
	return NONE;
}

bool
scenario_means(const char *name, const char *host, const char *target)
{
	return !name || str_eq(name, host) || str_eq(name, target);
}
