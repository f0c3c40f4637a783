#include "model/duty.h"

#include <stdlib.h>
#include <string.h>

#include "model/parts.h"

char *
duty_name(const struct step *s, size_t n)
{
	return mem_printf("%s/%zu", s->id, n + 1);
}

/* The entry of that name, with the step it stands in. */
static struct duty *
find(struct runbook *rb, const char *name, struct step **in)
{
	const char *slash = strrchr(name, '/');
	size_t len = slash ? (size_t)(slash - name) : 0;
	unsigned long n = slash ? strtoul(slash + 1, NULL, 10) : 0;

	for (size_t i = 0; len && n && i < rb->steps.list.len; i++) {
		*in = &rb->steps.list.at[i];
		if (strlen((*in)->id) == len && strncmp((*in)->id, name, len) == 0)
			return n <= (*in)->duties.list.len ? &(*in)->duties.list.at[n - 1]
							   : NULL;
	}
	return NULL;
}

static bool
role_has_keys(const struct runbook *rb, const char *role)
{
	for (size_t i = 0; role && rb->allowed_signers && i < rb->roles.list.len; i++)
		if (strcmp(rb->roles.list.at[i].name, role) == 0)
			return true;
	return false;
}

static struct step *
add_step(struct runbook *rb, enum step_kind kind, const struct step *from)
{
	int index = (int)rb->steps.list.len;
	struct step *s = vec_add(&rb->steps.list);

	s->id = mem_strdup(step_kind_name(kind));
	s->number = mem_printf("%d", index + 1);
	s->kind = kind;
	s->index = index;
	s->section = s->call = s->host = s->input = s->on_failure_go = NONE;
	s->undo.host = NONE;
	s->scope = from->scope;
	s->file = mem_strdup(from->file);
	s->line = from->line;
	s->col = from->col;
	s->title = mem_strdup(rb->title);
	return s;
}

static void
add_steps(struct runbook *rb, const struct step *from, bool review)
{
	const struct duty *d = rb->duty;
	bool keys = role_has_keys(rb, d->role);
	struct step *s;

	if (d->probes.list.len) {
		s = add_step(rb, STEP_CHECK, from);
		for (size_t i = 0; i < d->probes.list.len; i++)
			vec_push(&s->probes.list, d->probes.list.at[i]);
	}
	if (!d->probes.list.len || (d->role && !keys)) {
		s = add_step(rb, STEP_DO, from);
		s->text = mem_strdup(d->title);
		s->why = d->role ? mem_printf("%s owes it.", d->role) : NULL;
		s->evidence = EVIDENCE_TEXT;
	}
	if (keys || (review && rb->allowed_signers)) {
		s = add_step(rb, STEP_SIGNOFF, from);
		s->role = mem_strdup(review ? "Reviewer" : d->role);
		s->says = mem_printf("%s: it is done, and I have seen how.", d->title);
		s->count = 1;
	}
}

bool
duty_reduce(struct runbook *rb, const char *name)
{
	struct step *in = NULL, whole = {0};
	struct duty review = {0}, *found = find(rb, name, &in);

	if (strcmp(name, DUTY_REVIEW) == 0 && rb->steps.list.len) {
		review.title = mem_strdup("Review what was passed by force");
		found = &review;
		in = &rb->steps.list.at[0];
	}
	if (!found)
		return false;
	rb->duty = mem_alloc(sizeof *rb->duty);
	*rb->duty = *found;
	memset(found, 0, sizeof *found);
	whole = *in;
	memset(in, 0, sizeof *in);
	for (size_t i = 0; i < rb->steps.list.len; i++)
		parts_free_step(&rb->steps.list.at[i]);
	rb->steps.list.len = 0;
	mem_free(rb->title);
	rb->title = mem_strdup(rb->duty->title);
	mem_free(rb->rollback);
	rb->rollback = NULL;
	rb->rollback_first = NONE;
	rb->kind = RUNBOOK_CHECKLIST;
	add_steps(rb, &whole, found == &review);
	parts_free_step(&whole);
	return true;
}
