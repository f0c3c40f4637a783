#include "stageguard.h"

#include "base/mem.h"
#include "stage.h"
#include "view/view_ask.h"

/* The run of the stage in production, which has done what comes before `stop`. */
static struct world *
production(void)
{
	struct world *w = stage_world();

	stage_dump(w);
	w->rb->arming = true;
	w->rb->environment = mem_strdup("production");
	vec_push(&w->rb->may_arm.list, mem_strdup("SRE"));
	vec_push(&w->rb->armers.list, mem_strdup("anna@example.com"));
	w->now.wall = stage_now.wall;
	return w;
}

void
stageguard_arm(struct frame *f)
{
	struct world *w = production();
	struct form form;

	view_ask_arm(&form,
		&(struct ask_arm){
			.run = w->r, .badge = "PROD", .who = "anna@example.com"},
		(struct now){.mono = {stage_now.mono.ms - 5000}});
	stage_form(f, &form);
	world_free(w);
}

void
stageguard_observing(struct frame *f)
{
	struct world *w = production();

	stage_run(f, w, "stop");
	world_free(w);
}

void
stageguard_armed(struct frame *f)
{
	struct world *w = production();

	world_ask(w,
		&(struct request){.kind = REQ_ARM, .step = NONE, .typed = "production"});
	stage_run(f, w, "stop");
	world_free(w);
}
