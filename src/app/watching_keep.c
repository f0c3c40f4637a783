#include "app/watchinginner.h"

#include "base/mem.h"

/* What is known from earlier consoles, and what a later one will know. */

void
watching_complain(struct watching *w, const struct err *e)
{
	if (w->o.told)
		w->o.told(w->o.ctx, e);
}

void
watching_flush(struct watching *w)
{
	struct err e = ERR_INIT;

	if (w->readings && !readings_flush(w->readings, clock_now(), &e))
		watching_complain(w, &e);
}

static void
restore(struct watching *w, int item, const char *name, bool whole)
{
	struct vital *v = board_vital_of(w->board, item);
	struct err e = ERR_INIT;

	if (!w->readings)
		return;
	if (!readings_restore(w->readings, item,
		    &(struct readings_of){.name = name, .what = w->what[item]}, v,
		    clock_now(), &e))
		w->pending = e;
	if (!whole)
		vital_put_doubt(v);
}

/* What it knew was of something else. */
static void
forget(struct watching *w, int item)
{
	watching_flush(w);
	board_forget(w->board, item);
	for (size_t i = 0; i < w->looks.list.len; i++)
		if (w->looks.list.at[i]->item == item)
			w->looks.list.at[i]->stale = true;
}

/* Restores what is known of it, once its texts have their values; again when they are others. */
void
watching_identify(struct watching *w, int item)
{
	const struct probewhat v = {.value = watching_value, .ctx = w};
	struct str name = STR_INIT, what = STR_INIT;
	bool whole = board_identity(w->board, item, &v, &name, &what);

	if (!w->what[item] || !str_eq(w->what[item], what.buf)) {
		if (w->what[item])
			forget(w, item);
		mem_free(w->what[item]);
		w->what[item] = str_take(&what);
		restore(w, item, name.buf, whole);
	}
	str_release(&name);
	str_release(&what);
}

void
watching_keep(struct watching *w)
{
	const char *project = w->o.project ? w->o.project->name : NULL;

	/* What is pretended is no reading. */
	if (w->o.readings_dir && !w->o.runbook->scenario)
		w->readings = readings_open(w->o.readings_dir, project,
			w->o.runbook->environment, &w->pending);
}
