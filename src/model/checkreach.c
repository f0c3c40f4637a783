#include "model/checklist.h"

/* What parses and is checked today but whose effect a later version brings. */

static const char reason[] = "a run must not find out in its middle that it can't go on";
static const char help[] = "leave it out, or do it by hand in a do step";

static void
later(struct diags *d, const struct step *s, const char *what)
{
	diag_add(d, DIAG_ERROR, "E-REACH-001", check_spot_step(s), reason, help,
		"step %s (%s): this version cannot %s yet",
		s->number != NULL ? s->number : s->id, step_kind_name(s->kind), what);
}

/* One field of history tests somewhere in the expectation. */
static bool
needs_history(const struct expect_test *t)
{
	bool found = t->kind == EXPECT_RISING || t->kind == EXPECT_FALLING;

	for (size_t i = 0; i < t->parts.len && !found; i++)
		found = needs_history(t->parts.at[i]);
	return found;
}

static bool
expects_history(const struct expect *x)
{
	for (size_t i = 0; x != NULL && i < x->rules.len; i++) {
		if (needs_history(x->rules.at[i].test))
			return true;
	}
	return false;
}

void
check_reach(const struct runbook *rb, struct diags *d)
{
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *s = &rb->steps.list.at[i];

		if (expects_history(s->expect))
			later(d, s, "tell whether a value rises or falls");
	}
}
