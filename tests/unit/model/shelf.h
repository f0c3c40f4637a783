#ifndef UNIT_MODEL_SHELF_H
#define UNIT_MODEL_SHELF_H

/* Small runbooks built by hand, as the loader would leave them. */

#include <string.h>

#include "model/runbook.h"

static inline struct runbook *
shelf_new(void)
{
	struct runbook *rb = runbook_new();
	struct scope *scope = vec_add(&rb->scopes.list);

	scope->prefix = mem_strdup("");
	scope->parent = NONE;
	rb->path = mem_strdup("r.yaml");
	return rb;
}

/* Adding may move the steps: use the pointer before the next call. */
static inline struct step *
shelf_step(struct runbook *rb, enum step_kind kind, const char *id)
{
	struct step *s = vec_add(&rb->steps.list);

	s->kind = kind;
	s->id = mem_strdup(id);
	s->title = mem_strdup(id);
	s->index = (int)rb->steps.list.len - 1;
	s->number = mem_printf("%d", s->index + 1);
	s->section = s->call = s->host = s->input = s->undo.host = s->on_failure_go =
		NONE;
	s->undo.risk = RISK_MODERATE;
	s->risk = RISK_MODERATE;
	s->file = mem_strdup("r.yaml");
	s->line = s->index + 1;
	s->col = 3;
	return s;
}

static inline struct expect *
shelf_expect(enum expect_field field, const char *text)
{
	struct expect *x = expect_new();
	struct err e = ERR_INIT;

	vec_push(&x->rules,
		(struct expect_rule){.field = field,
			.test = expect_scalar(text, expect_field_info(field)->how, &e)});
	return x;
}

/* A command that nothing is wrong with. */
static inline struct step *
shelf_run(struct runbook *rb, const char *id, const char *text)
{
	struct step *s = shelf_step(rb, STEP_RUN, id);

	s->text = mem_strdup(text);
	s->expect = shelf_expect(EXPECT_EXIT, "0");
	s->undo.text = mem_strdup("true");
	return s;
}

static inline struct probe *
shelf_probe(struct runbook *rb, const char *name, const char *command)
{
	struct probe *p = vec_add(&rb->probes.list);

	p->name = mem_strdup(name);
	p->kind = PROBE_COMMAND;
	p->subject = mem_strdup(command);
	p->host = p->through = NONE;
	p->steady = p->of = 1;
	p->expect = shelf_expect(EXPECT_EXIT, "0");
	return p;
}

static inline struct input *
shelf_input(struct runbook *rb, const char *name)
{
	struct input *in = vec_add(&rb->inputs.list);

	in->name = mem_strdup(name);
	in->host = NONE;
	return in;
}

static inline void
shelf_host(struct runbook *rb, const char *name, int targets)
{
	struct host *h = vec_add(&rb->hosts.list);

	h->name = mem_strdup(name);
	h->first_target = (int)rb->targets.list.len;
	h->target_count = targets;
	for (int i = 0; i < targets; i++) {
		struct target *t = vec_add(&rb->targets.list);

		t->id = mem_printf("%s%d", name, i + 1);
		t->host = (int)rb->hosts.list.len - 1;
	}
}

/* Replaces a text the step owns. */
static inline void
shelf_set(char **field, const char *text)
{
	mem_free(*field);
	*field = mem_strdup(text);
}

#endif
