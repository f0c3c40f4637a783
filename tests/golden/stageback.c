#include "stageback.h"

#include "base/mem.h"
#include "run/usual.h"
#include "stage.h"
#include "view/view_back.h"

/* How long the undo of the writers took in former runs. */
static struct usual *
usual_of_old(void)
{
	struct usual *u = usual_new();

	for (int i = 1; i < 4; i++) {
		char *data = mem_printf(
			"{\"host\":\"web1\",\"attempt\":1,\"way\":\"back\",\"exit\":0,"
			"\"took_ms\":%d,\"verdict\":\"ok\"}",
			i * 4100);
		struct event *ev = event_new(EVENT_STEP_DONE, "stop", data);

		usual_event(u, ev);
		event_free(ev);
		mem_free(data);
	}
	return u;
}

/* Both hosts stopped, the load failed half way: it stays, and wants a restore. */
static struct world *
half_way(struct undo_plan *plan)
{
	struct world *w = stage_world();
	struct usual *u = usual_of_old();

	stage_up_to_load(w);
	world_start(w, "load", "restore ni_site on ni-db1");
	world_ended(w, "load", 0, 1, 3);
	undo_plan(w->r, plan);
	undo_plan_usual(plan, w->r, u);
	usual_free(u);
	return w;
}

void
stageback_list(struct frame *f)
{
	struct undo_plan plan;
	struct world *w = half_way(&plan);
	struct form form;

	view_back_list(&form, w->r, &plan, stage_now);
	stage_form(f, &form);
	undo_plan_release(&plan);
	world_free(w);
}

void
stageback_words(struct frame *f)
{
	struct undo_plan plan;
	struct world *w = half_way(&plan);
	struct form form;

	view_back_words(&form, w->r, &plan, stage_now);
	stage_form(f, &form);
	undo_plan_release(&plan);
	world_free(w);
}

/* The first undo went well, the second failed: it stands there. */
void
stageback_stands(struct frame *f)
{
	struct undo_plan plan;
	struct world *w = half_way(&plan);
	struct request q = {.kind = REQ_ENDED,
		.step = world_index(w, "stop"),
		.leg = 1,
		.attempt = 1,
		.way = WAY_BACK};
	char *words = back_phrase(w->r, BACK_UNDO);
	struct form form;

	world_ask(w, &(struct request){.kind = REQ_BACK, .step = NONE, .typed = words});
	world_clock(w);
	world_ask(w, &q);
	world_clock(w);
	q.leg = 0;
	q.exit = 125;
	world_ask(w, &q);
	undo_plan_release(&plan);
	undo_plan(w->r, &plan);
	view_back_list(&form, w->r, &plan, stage_now);
	stage_form(f, &form);
	undo_plan_release(&plan);
	mem_free(words);
	world_free(w);
}
