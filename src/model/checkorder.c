#include <string.h>

#include "model/checklist.h"

/* In which order things can happen: needs, jumps, conditions, signatures. */

/* ---- needs ----------------------------------------------------------------------------- */

/* A walk in depth: steps on the path are GREY, so a need that is grey closes a circle. */
enum colour { WHITE, GREY, BLACK };

struct visit {
	int step;
	size_t next; /* of its needs */
};

struct walk {
	const struct checking *c;
	unsigned char *colours;
	VEC_OF(struct visit) path;
};

static void
report_cycle(const struct walk *w, int closing)
{
	const struct runbook *rb = w->c->rb;
	struct str text = STR_INIT;
	size_t i = w->path.len;

	while (w->path.at[i - 1].step != closing)
		i--;
	for (; i <= w->path.len && text.len < 200; i++)
		str_addf(
			&text, "%s needs ", rb->steps.list.at[w->path.at[i - 1].step].id);
	str_adds(&text, i > w->path.len ? rb->steps.list.at[closing].id : "...");
	check_complain(w->c, CHECK_CYCLE, check_spot_step(&rb->steps.list.at[closing]),
		"%s", text.buf);
	str_release(&text);
}

static void
walk_needs(struct walk *w, int from)
{
	vec_push(&w->path, (struct visit){.step = from});
	w->colours[from] = GREY;
	while (w->path.len > 0) {
		struct visit *top = &w->path.at[w->path.len - 1];
		const struct ints *needs = &w->c->rb->steps.list.at[top->step].needs;
		int need;

		if (top->next >= needs->list.len) {
			w->colours[top->step] = BLACK;
			w->path.len--;
			continue;
		}
		need = needs->list.at[top->next++];
		if (w->colours[need] == GREY) {
			report_cycle(w, need);
		} else if (w->colours[need] == WHITE) {
			w->colours[need] = GREY;
			vec_push(&w->path, (struct visit){.step = need});
		}
	}
}

static void
check_cycles(const struct checking *c)
{
	size_t len = c->rb->steps.list.len;
	struct walk w = {.c = c, .colours = mem_alloc(len + 1)};

	for (size_t i = 0; i < len; i++) {
		if (w.colours[i] == WHITE)
			walk_needs(&w, (int)i);
	}
	vec_free(&w.path);
	mem_free(w.colours);
}

static void
check_step_order(const struct checking *c, const struct step *s)
{
	const struct runbook *rb = c->rb;
	struct spot at = check_spot_step(s);

	for (size_t i = 0; i < s->needs.list.len; i++) {
		int need = s->needs.list.at[i];

		if (need > s->index)
			check_complain(c, CHECK_NEEDS_LATER, at,
				"needs the later step %s", rb->steps.list.at[need].id);
	}
	for (size_t i = 0; i < s->options.list.len; i++) {
		int go = s->options.list.at[i].go;

		if (go != NONE && go <= s->index)
			check_complain(c, CHECK_GOTO_BACK, at, "`%s` goes back to %s",
				s->options.list.at[i].label, rb->steps.list.at[go].id);
	}
	if (s->on_failure == ON_FAILURE_GOTO && s->on_failure_go != NONE &&
		s->on_failure_go <= s->index)
		check_complain(c, CHECK_GOTO_BACK, at, "on_failure goes back to %s",
			rb->steps.list.at[s->on_failure_go].id);
}

/* One that is written out must be a state or an answer the step can have. */
static bool
can_be(const struct step *s, const char *word)
{
	static const char *const states[] = {"todo", "running", "done", "failed",
		"skipped", "unknown", "needs-person", "not-needed"};

	if (strchr(word, '*') != NULL)
		return true;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (str_eq(states[i], word))
			return true;
	for (size_t i = 0; i < s->options.list.len; i++)
		if (str_eq(s->options.list.at[i].label, word))
			return true;
	return false;
}

static void
check_when(const struct checking *c, const struct step *s)
{
	const struct runbook *rb = c->rb;

	for (size_t i = 0; i < s->when.list.len; i++) {
		const char *key = s->when.list.at[i].key;
		int other;

		if (str_eq(key, "env") || str_starts(key, "input."))
			continue;
		if (!str_starts(key, "step.")) {
			check_complain(c, CHECK_WHEN_KEY, check_spot_step(s),
				"when: `%s` is no condition", key);
			continue;
		}
		{
			char *full = runbook_full_name(
				rb, s->scope, key + strlen("step."));

			other = runbook_find_step(rb, full);
			mem_free(full);
		}
		if (other == NONE || other >= s->index)
			check_complain(c, CHECK_WHEN_KEY, check_spot_step(s),
				"when: %s step is called `%s`",
				other == NONE ? "no" : "only a later",
				key + strlen("step."));
		else if (!can_be(&rb->steps.list.at[other], s->when.list.at[i].value))
			check_complain(c, CHECK_WHEN_WORD, check_spot_step(s),
				"when: step `%s` is never `%s`", key + strlen("step."),
				s->when.list.at[i].value);
	}
}

/* ---- signatures ------------------------------------------------------------------------ */

static const struct role *
find_role(const struct runbook *rb, const char *name)
{
	for (size_t i = 0; i < rb->roles.list.len; i++) {
		if (str_eq(rb->roles.list.at[i].name, name))
			return &rb->roles.list.at[i];
	}
	return NULL;
}

/* Without any declared role the signers are checked elsewhere, or not at all. */
static void
check_role(const struct checking *c, const struct step *s, const char *name)
{
	if (c->rb->roles.list.len > 0 && name != NULL && find_role(c->rb, name) == NULL)
		check_complain(c, CHECK_ROLE_UNKNOWN, check_spot_step(s),
			"no role is called `%s`", name);
}

static void
check_signoff(const struct checking *c, const struct step *s)
{
	const struct runbook *rb = c->rb;
	const struct role *role = s->role != NULL ? find_role(rb, s->role) : NULL;

	check_role(c, s, s->role);
	for (size_t i = 0; i < s->not_roles.list.len; i++)
		check_role(c, s, s->not_roles.list.at[i]);
	if (role != NULL && s->count > (int)role->principals.list.len)
		check_complain(c, CHECK_TOO_FEW, check_spot_step(s),
			"%d signatures asked for, %zu people are %s", s->count,
			role->principals.list.len, s->role);
	for (size_t i = 0; i < s->after.list.len; i++) {
		bool before = false;

		for (int k = 0; k < s->index && !before; k++) {
			const struct step *other = &rb->steps.list.at[k];

			before = other->kind == STEP_SIGNOFF &&
				str_eq(other->role, s->after.list.at[i]);
		}
		if (!before)
			check_complain(c, CHECK_AFTER_UNKNOWN, check_spot_step(s),
				"after: no sign-off by `%s` stands before",
				s->after.list.at[i]);
	}
}

void
check_order(const struct checking *c)
{
	for (size_t i = 0; i < c->rb->steps.list.len; i++) {
		const struct step *s = &c->rb->steps.list.at[i];

		check_step_order(c, s);
		check_when(c, s);
		if (s->kind == STEP_SIGNOFF)
			check_signoff(c, s);
	}
	check_cycles(c);
}
