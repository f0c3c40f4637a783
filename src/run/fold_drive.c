#include "run/fold.h"
#include "run/second.h"

/* Who drives the run: offered, let go of, taken. */

static void
offer_over(struct run *r)
{
	r->offer.stands = false;
	fold_set(&r->offer.to, NULL);
	fold_set(&r->offer.by, NULL);
	fold_set(&r->offer.summary, NULL);
}

/* Whoever wrote this record drives, at this console. */
void
fold_driver(struct fold *f)
{
	struct run *r = f->r;
	int64_t epoch = json_int(f->d, "epoch", f->ev->epoch);

	if (!str_eq(r->driver, f->ev->who) || epoch != r->driver_epoch)
		r->driven_since = f->ev->t;
	fold_set(&r->driver, f->ev->who);
	fold_set(&r->driver_con, f->ev->con);
	r->driver_epoch = epoch;
}

void
fold_drive_taken(struct fold *f)
{
	f->r->armed_for_ms = 0; /* whoever takes it observes first */
	for (size_t i = 0; i < f->r->steps.list.len; i++) {
		struct run_second *s = &f->r->steps.list.at[i].second;

		if (s->who && second_is_person(s->who, f->ev->who))
			s->leg = NONE; /* one person is not two */
	}
	fold_driver(f);
	f->r->released = false;
	fold_set(&f->r->released_to, NULL);
	offer_over(f->r);
	fold_runner(f);
}

void
fold_drive_offers(struct fold *f)
{
	struct run_offer *o = &f->r->offer;

	offer_over(f->r);
	if (json_bool(f->d, "withdrawn", false))
		return;
	o->stands = true;
	o->at = f->ev->t;
	o->seq = f->ev->seq;
	fold_set(&o->to, json_str(f->d, "to", NULL));
	fold_set(&o->by, f->ev->who);
	fold_set(&o->summary, json_str(f->d, "summary", NULL));
}

void
fold_drive_released(struct fold *f)
{
	f->r->released = true;
	fold_set(&f->r->released_to, json_str(f->d, "to", NULL));
	offer_over(f->r);
}
