#include "run/undo.h"

#include "run/back.h"
#include "run/legs.h"

static const struct {
	const char *name, *means;
} kinds[UNDO_KIND_COUNT] = {
#define X(id, word, help) [UNDO_##id] = {.name = word, .means = help},
	UNDO_KINDS(X)
#undef X
};

const char *
undo_kind_name(enum undo_kind k)
{
	return kinds[k].name;
}

const char *
undo_kind_means(enum undo_kind k)
{
	return kinds[k].means;
}

/* In order: what nobody knows hides everything else. */
static enum undo_kind
kind_of(const struct run_step *rs, const struct leg *l)
{
	const struct leg_run *there = &l->way[WAY_FORWARD], *back = &l->way[WAY_BACK];

	if (back->state == LEG_UNKNOWN || there->state == LEG_UNKNOWN)
		return UNDO_UNKNOWN;
	if (legs_active(there) || legs_active(back))
		return UNDO_RUNNING;
	if (legs_ok(back))
		return UNDO_UNDONE;
	if (back->state == LEG_SKIPPED)
		return UNDO_LEFT;
	if (rs->step->undo.text)
		return back->state == LEG_FAILED ? UNDO_FAILED : UNDO_REVERSIBLE;
	/* severe is the risk of what destroys data */
	return rs->step->risk == RISK_SEVERE ? UNDO_RESTORE : UNDO_IRREVERSIBLE;
}

/* What there is to say about a leg; false: it changed nothing. */
static bool
row_of(const struct run *r, int step, int leg, struct undo_row *row)
{
	const struct run_step *rs = &r->steps.list.at[step];
	const struct leg *l = &rs->legs.list.at[leg];
	const struct leg_run *there = &l->way[WAY_FORWARD];
	int target = run_leg_target(r, step, leg, WAY_BACK);

	if (!there->attempt || there->look || there->nothing_ran)
		return false;
	/* what leads back is not led back itself */
	if (back_is_step(r, step))
		return false;
	*row = (struct undo_row){.step = step,
		.leg = leg,
		.kind = kind_of(rs, l),
		.host = l->host,
		.on = !rs->step->undo.text ? l->host
			: target == NONE   ? "local"
					   : r->runbook->targets.list.at[target].id,
		.text = rs->step->undo.text ? rs->step->undo.text
					    : rs->step->irreversible,
		.ran_at = there->started.ms ? there->started : there->intended,
		.seq = there->seq,
		/* one that would be tried again is not once the way back begins */
		.broken = there->state == LEG_FAILED || there->state == LEG_RETRY ||
			there->state == LEG_SKIPPED,
		.risk = rs->step->undo.risk};
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
			vec_push(&out->rows, row);
			for (at = out->rows.len - 1;
				at > 0 && out->rows.at[at - 1].seq < row.seq; at--)
				out->rows.at[at] = out->rows.at[at - 1];
			out->rows.at[at] = row;
		}
}

void
undo_plan_release(struct undo_plan *p)
{
	vec_free(&p->rows);
}

void
undo_plan_usual(struct undo_plan *p, const struct run *r, const struct usual *u)
{
	int n;

	for (size_t i = 0; i < p->rows.len; i++)
		p->rows.at[i].usual_ms = usual_ms(u,
			r->steps.list.at[p->rows.at[i].step].step->id, WAY_BACK, 50, &n);
}

struct undo_counts
undo_count(const struct undo_plan *p)
{
	struct undo_counts n = {.all = (int)p->rows.len};

	for (size_t i = 0; i < p->rows.len; i++)
		switch (p->rows.at[i].kind) {
		case UNDO_REVERSIBLE:
		case UNDO_FAILED:
			n.undo++;
			break;
		case UNDO_IRREVERSIBLE:
		case UNDO_RESTORE:
			n.stays++;
			break;
		case UNDO_UNDONE:
			n.undone++;
			break;
		case UNDO_LEFT:
			n.left++;
			break;
		case UNDO_RUNNING:
			n.running++;
			break;
		case UNDO_UNKNOWN:
			n.unknown++;
			break;
		case UNDO_KIND_COUNT:
			break;
		}
	return n;
}

enum undo_next_is
undo_next(const struct undo_plan *p, int *row)
{
	for (size_t i = 0; i < p->rows.len; i++) {
		enum undo_kind k = p->rows.at[i].kind;

		*row = (int)i;
		if (k == UNDO_UNKNOWN || k == UNDO_RUNNING)
			return UNDO_NEXT_BLOCKED;
		if (k == UNDO_REVERSIBLE || k == UNDO_FAILED)
			return p->rows.at[i].risk >= RISK_HARD ? UNDO_NEXT_PHRASE
							       : UNDO_NEXT_ROW;
	}
	*row = NONE;
	return UNDO_NEXT_NOTHING;
}
