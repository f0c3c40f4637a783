#include "run/undo.h"

#include "run/legs.h"

/* What there is to say about a leg; false: it changed nothing. */
static bool
row_of(const struct run *r, int step, int leg, struct undo_row *row)
{
	const struct run_step *rs = &r->steps.list.at[step];
	const struct leg *l = &rs->legs.list.at[leg];
	const struct leg_run *there = &l->way[WAY_FORWARD], *back = &l->way[WAY_BACK];

	if (!there->attempt || there->look || there->nothing_ran)
		return false;
	*row = (struct undo_row){.step = step, .leg = leg, .host = l->host};
	row->text = rs->step->undo.text ? rs->step->undo.text : rs->step->irreversible;
	row->ran_at = there->started.ms ? there->started : there->intended;
	if (back->state == LEG_UNKNOWN || there->state == LEG_UNKNOWN)
		row->kind = UNDO_UNKNOWN;
	else if (legs_ok(back))
		row->kind = UNDO_UNDONE;
	else
		row->kind = rs->step->undo.text ? UNDO_REVERSIBLE : UNDO_IRREVERSIBLE;
	return true;
}

void
undo_plan(const struct run *r, struct undo_plan *out)
{
	*out = (struct undo_plan){0};
	for (size_t i = 0; i < r->steps.list.len; i++)
		for (size_t k = 0; k < r->steps.list.at[i].legs.list.len; k++) {
			struct undo_row row;
			size_t at;

			if (!row_of(r, (int)i, (int)k, &row))
				continue;
			/* newest first; of the same moment the later step first */
			vec_push(&out->rows, row);
			for (at = out->rows.len - 1;
				at > 0 && out->rows.at[at - 1].ran_at.ms <= row.ran_at.ms;
				at--)
				out->rows.at[at] = out->rows.at[at - 1];
			out->rows.at[at] = row;
		}
}

void
undo_plan_release(struct undo_plan *p)
{
	vec_free(&p->rows);
}
