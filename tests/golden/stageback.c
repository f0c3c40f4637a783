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

/* Rolled over six hosts: done, failed, left out, and held before one that is DOWN. */
void
stageback_rolling(struct frame *f)
{
	static const char *const aliases[] = {
		"web1", "web2", "web3", "web4", "web5", "web6", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_DEPLOY);
	struct step *s = fixture_command(
		rb, "stop", fixture_host(rb, "web", aliases), RISK_MODERATE);
	struct world *w;

	mem_free(s->title);
	s->title = mem_strdup("Start the new tag");
	s->undo.text = mem_strdup("TAG=v1.14.1 docker compose up -d api");
	s->max_failures = 1;
	w = world_new(rb);
	world_ask(w,
		&(struct request){.kind = REQ_LEAVE,
			.step = 0,
			.leg = 2,
			.reason = "in repair, OPS-4"});
	world_ask(w,
		&(struct request){.kind = REQ_TURNED,
			.step = NONE,
			.name = "web4",
			.verdict = VERDICT_FAIL,
			.data = "{\"state\":\"DOWN\",\"message\":\"no route to host\"}"});
	world_start(w, "stop", NULL);
	world_ended(w, "stop", 0, 1, 0);
	world_clock(w);
	world_ended(w, "stop", 1, 1, 3);
	stage_run(f, w, "stop");
	world_free(w);
}
