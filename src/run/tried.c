#include "run/tried.h"

#include "base/mem.h"

void
tried_keep(struct leg_run *lr, bool undone)
{
	enum leg_state s = lr->state == LEG_TODO ? lr->was : lr->state;
	struct leg_try *t;

	if (!lr->attempt)
		return;
	t = vec_add(&lr->tried.list);
	*t = (struct leg_try){.attempt = lr->attempt,
		.state = s == LEG_RETRY ? LEG_FAILED : s,
		.undone = undone && lr->state == LEG_TODO,
		.begun = lr->intended,
		.ended = lr->ended,
		.took_ms = lr->took_ms,
		.exit = lr->exit,
		.why = lr->why,
		.rows = lr->rows};
	if (lr->resolved) {
		t->resolved_as = mem_strdup(lr->resolved_as);
		t->resolved_by = mem_strdup(lr->resolved_by);
	}
	lr->why = NULL;
	lr->rows = (struct judged_rows){0};
}

void
tried_rows_release(struct judged_rows *rows)
{
	for (size_t i = 0; i < rows->list.len; i++) {
		mem_free(rows->list.at[i].field);
		mem_free(rows->list.at[i].want);
		mem_free(rows->list.at[i].got);
	}
	vec_free(&rows->list);
}

void
tried_release(struct leg_run *lr)
{
	for (size_t i = 0; i < lr->tried.list.len; i++) {
		struct leg_try *t = &lr->tried.list.at[i];

		mem_free(t->why);
		mem_free(t->resolved_as);
		mem_free(t->resolved_by);
		tried_rows_release(&t->rows);
	}
	vec_free(&lr->tried.list);
}
