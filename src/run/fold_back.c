#include <string.h>

#include "base/mem.h"
#include "run/back.h"
#include "run/fold.h"

/* The way back of the whole run, and what was left out. */

/* What leads on ends where a way back begins, and what leads back where that ends. A look or
 * a wait that is cut short is to do again, should the run come to it after all. */
static void
stand(struct run_step *rs, const char *why)
{
	fold_stand(rs, why);
	if (rs->own == STEP_IS_RUNNING)
		rs->entered = false;
}

/* What nobody knows stays so, and what --limit left out was not left out by a decision. */
static void
leg_anew(struct leg *l)
{
	for (int w = WAY_FORWARD; w <= WAY_BACK; w++) {
		struct leg_run *lr = &l->way[w];

		if (lr->state != LEG_UNKNOWN && (lr->state != LEG_SKIPPED || lr->judged))
			fold_way_reset(lr);
	}
}

void
fold_strings_clear(struct strings *s)
{
	for (size_t i = 0; i < s->list.len; i++)
		mem_free(s->list.at[i]);
	vec_free(&s->list);
}

/* A step of the way back that was walked in an earlier one, which ended half way: what it
 * did then says nothing about what is to be done now. */
static void
step_anew(struct run_step *rs, int64_t seq)
{
	char **const texts[] = {&rs->who, &rs->evidence, &rs->reason, &rs->note};

	for (size_t i = 0; i < rs->legs.list.len; i++)
		leg_anew(&rs->legs.list.at[i]);
	for (size_t i = 0; i < rs->readings.list.len; i++)
		rs->readings.list.at[i].seq = -1;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		fold_set(texts[i], NULL);
	for (size_t i = 0; i < rs->signatures.list.len; i++)
		if (rs->signatures.list.at[i].voided < 0) {
			rs->signatures.list.at[i].voided = seq;
			fold_set(&rs->signatures.list.at[i].why,
				"the way back began again");
		}
	fold_strings_clear(&rs->signers);
	fold_strings_clear(&rs->keys);
	rs->ticked = rs->skipped = rs->by_person = rs->answered = false;
	rs->entered = rs->stopped = rs->declined = rs->late = false;
	rs->option = rs->second.leg = NONE;
	rs->marked_seq = -1;
}

void
fold_back_open(struct fold *f)
{
	struct run_back *b = &f->r->back;

	if (b->state != BACK_ON)
		fold_exception(f, "the run was led back by %s", f->ev->who);
	b->state = BACK_ON;
	b->how = str_eq(json_str(f->d, "how", NULL), "steps") ? BACK_STEPS : BACK_UNDO;
	b->going = true;
	b->seq = f->ev->seq;
	b->begun = f->ev->t;
	fold_set(&b->who, f->ev->who);
	fold_set(&b->result, NULL);
	fold_set(&b->why, NULL);
	for (size_t i = 0; i < f->r->steps.list.len; i++) {
		stand(&f->r->steps.list.at[i],
			"the run was led back before it tried again");
		if (b->how == BACK_STEPS && back_is_step(f->r, (int)i))
			step_anew(&f->r->steps.list.at[i], f->ev->seq);
	}
	fold_runner(f);
}

void
fold_back_close(struct fold *f)
{
	struct run_back *b = &f->r->back;
	const char *result = json_str(f->d, "result", "stopped");

	b->state = strcmp(result, "stopped") == 0 ? BACK_NEVER : BACK_OVER;
	b->going = false;
	for (size_t i = 0; i < f->r->steps.list.len; i++)
		stand(&f->r->steps.list.at[i],
			"the way back ended before it tried again");
	fold_set(&b->result, result);
	fold_set(&b->why, json_str(f->d, "why", NULL));
	if (b->why)
		fold_exception(f, "the way back ended half way: %s", b->why);
	fold_runner(f);
}

void
fold_back_stands(struct fold *f)
{
	if (fold_way(f) == WAY_BACK)
		f->r->back.going = false;
}

bool
fold_back_left(struct fold *f)
{
	enum way way = fold_way(f);
	struct leg *leg = json_get(f->d, "host") ? fold_leg(f) : NULL;
	const char *reason = json_str(f->d, "reason", "");

	if (!json_get(f->d, "host"))
		return false;
	if (!leg)
		return true;
	leg->way[way].state = LEG_SKIPPED;
	leg->way[way].judged = true;
	fold_set(&leg->way[way].why, reason);
	fold_exception(f,
		way == WAY_BACK ? "%s on %s is left as it is: %s"
				: "%s left out on %s: %s",
		f->rs->step->id, leg->host, reason);
	fold_runner(f);
	return true;
}

static bool
is_listed(const struct json_node *list, const char *host)
{
	for (size_t i = 0; i < json_len(list); i++)
		if (str_eq(json_text(json_at(list, i)), host))
			return true;
	return false;
}

void
fold_back_limit(struct fold *f, const struct json_node *list)
{
	struct str names = STR_INIT;

	if (!json_len(list))
		return;
	for (size_t i = 0; i < json_len(list); i++)
		str_addf(&names, "%s%s", i ? ", " : "", json_text(json_at(list, i)));
	for (size_t i = 0; i < f->r->steps.list.len; i++)
		for (size_t k = 0; k < f->r->steps.list.at[i].legs.list.len; k++) {
			struct leg *l = &f->r->steps.list.at[i].legs.list.at[k];

			if (l->target == NONE || is_listed(list, l->host))
				continue;
			l->way[WAY_FORWARD].state = LEG_SKIPPED;
			fold_set(&l->way[WAY_FORWARD].why, "outside of --limit");
		}
	fold_exception(f, "limited to %s", names.buf);
	str_release(&names);
}
