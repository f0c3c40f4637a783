#include "app/catchup.h"

#include <string.h>

#include "base/json.h"
#include "base/mem.h"
#include "model/parts.h"

/* A command that has begun in the record and has not ended so far. */
struct catchup_asked {
	char *what; /* step, host, each, way */
	struct sim_answer answer;
};

struct catchup {
	const struct runbook *rb;
	struct sim *sim;
	struct run *run;    /* as far as the record has been read */
	struct wall before; /* the last event */
	int64_t age_ms;     /* of the practice, without breaks */
	VEC_OF(struct catchup_asked) asked;
};

static char *
what_of(const struct event *ev, const struct json_node *n)
{
	return mem_printf("%s %s %s %s", ev->step, json_str(n, "host", ""),
		json_str(n, "each", ""), json_str(n, "way", ""));
}

static const char *
host_of(const struct runbook *rb, const char *target)
{
	for (size_t i = 0; i < rb->targets.list.len; i++)
		if (str_eq(rb->targets.list.at[i].id, target))
			return rb->hosts.list.at[rb->targets.list.at[i].host].name;
	return target;
}

/* As the command got them: what its part of the runbook sees. Secrets are none of them. */
static void
take_values(const struct run *r, const struct step *st, struct pairs *out)
{
	const char *prefix = r->runbook->scopes.list.at[st->scope].prefix;
	size_t len = strlen(prefix);

	for (size_t i = 0; i < r->values.len; i++) {
		const char *full = r->values.at[i].key;

		if (str_starts(full, prefix) && !strchr(full + len, '/'))
			vec_push(&out->list,
				(struct pair){.key = mem_strdup(full + len),
					.value = mem_strdup(r->values.at[i].value)});
	}
}

static void
forget(struct catchup *c, size_t i)
{
	mem_free(c->asked.at[i].what);
	mem_free(c->asked.at[i].answer.out);
	vec_remove(&c->asked, i);
}

static void
begins(struct catchup *c, const struct event *ev, const struct json_node *n, int step)
{
	const struct step *st = c->run->steps.list.at[step].step;
	const char *target = json_str(n, "on", json_str(n, "host", ""));
	struct pairs values = {0};
	struct catchup_asked a = {.what = what_of(ev, n)};

	take_values(c->run, st, &values);
	sim_ask(c->sim,
		&(struct sim_question){.at = {host_of(c->rb, target), target},
			.step = st->id,
			.text = json_str(n, "text", ""),
			.values = &values},
		&a.answer);
	vec_push(&c->asked, a);
	parts_free_pairs(&values);
}

static void
ends(struct catchup *c, const struct event *ev, const struct json_node *n)
{
	char *what = what_of(ev, n);

	for (size_t i = 0; i < c->asked.len; i++) {
		if (!str_eq(c->asked.at[i].what, what))
			continue;
		if (ev->type == EVENT_STEP_DONE && json_bool(n, "ran", true))
			sim_change(c->sim, c->asked.at[i].answer.set);
		forget(c, i);
		break;
	}
	mem_free(what);
}

static void
pass_time(struct catchup *c, const struct event *ev)
{
	if (c->before.ms && ev->t.ms > c->before.ms && ev->type != EVENT_RUN_RESUME)
		c->age_ms += ev->t.ms - c->before.ms;
	c->before = ev->t;
	sim_set_age(c->sim, c->age_ms);
}

static bool
take_event(void *ctx, const struct event *ev, const char *hash)
{
	struct catchup *c = ctx;
	struct err ignored = ERR_INIT;
	struct json *doc = json_parse(ev->data, strlen(ev->data), &ignored);
	const struct json_node *n = json_root(doc);
	int step;

	(void)hash;
	pass_time(c, ev);
	run_apply(c->run, ev);
	step = ev->step ? run_find_step(c->run, ev->step) : NONE;
	if (ev->type == EVENT_STEP_INTENT && step != NONE)
		begins(c, ev, n, step);
	else if (ev->type == EVENT_STEP_DONE || ev->type == EVENT_STEP_RESOLVE)
		ends(c, ev, n);
	if (step != NONE && run_step_state(c->run, step) == STEP_IS_DONE)
		sim_step_done(c->sim, c->run->steps.list.at[step].step->id);
	json_free(doc);
	return true;
}

void
catchup_sim(struct session *s, struct sim *sim)
{
	struct catchup c = {.rb = s->runbook, .sim = sim, .run = run_new(s->runbook)};
	struct err ignored = ERR_INIT;

	/* one that cannot be read was refused before */
	if (!journal_read(s->dir, take_event, &c, &ignored))
		c.age_ms = 0;
	/* what still ran is asked for again by whoever takes it up */
	while (c.asked.len) {
		sim_take_back(sim, &c.asked.at[0].answer);
		forget(&c, 0);
	}
	vec_free(&c.asked);
	run_free(c.run);
}
