#include "stageguard.h"

#include "base/mem.h"
#include "stage.h"
#include "view/view_ask.h"
#include "view/view_confirm.h"
#include "view/view_sign.h"

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

/* The load of the dump by two people. */
static struct world *
two_people(void)
{
	struct world *w = stage_world();

	w->rb->steps.list.at[world_index(w, "load")].two_person = true;
	stage_up_to_load(w);
	w->now.wall = stage_now.wall;
	return w;
}

void
stageguard_second(struct frame *f)
{
	struct world *w = two_people();
	struct form form;

	view_confirm_open(&form,
		&(struct confirm_scene){.run = w->r,
			.step = world_index(w, "load"),
			.leg = LEG_ALL,
			.badge = "PROD"},
		(struct now){.mono = {stage_now.mono.ms - 5000}, .wall = stage_now.wall});
	stage_form(f, &form);
	world_free(w);
}

void
stageguard_sign(struct frame *f)
{
	static const struct sign_scene_key keys[] = {
		{"marek@laptop", "SHA256:Qm1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax8",
			"marek@example.com", true}};
	struct world *w = two_people();
	struct form form;

	view_sign_open(&form,
		&(struct sign_scene){.run = w->r,
			.step = world_index(w, "load"),
			.keys = keys,
			.keys_len = 1,
			.statement = "handrail sign-off v1\nrun: 01JCX\n"
				     "decision: approve\nrole: second person\n"},
		(struct now){.mono = {stage_now.mono.ms - 5000}});
	stage_form(f, &form);
	world_free(w);
}
