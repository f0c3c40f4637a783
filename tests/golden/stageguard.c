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

/* ---- what is asked ------------------------------------------------------------------------ */

/* Which way, and what each of them leaves out. */
void
stageguard_choose(struct frame *f)
{
	static const char *const labels[] = {"Roll forward", "Restore", NULL};
	static const char *const says[] = {
		"The new tables are whole; only the workers are to be mended.",
		"Everything written since the dump is lost."};
	struct runbook *rb = fixture_runbook(RUNBOOK_INCIDENT);
	struct step *s = fixture_step(rb, STEP_CHOOSE, "way");
	struct world *w;
	struct form form;

	mem_free(s->text);
	s->text = mem_strdup("Which way out?");
	s->why = mem_strdup("The migration failed half way.");
	for (int i = 0; labels[i]; i++)
		vec_push(&s->options.list,
			(struct option){.label = mem_strdup(labels[i]),
				.says = mem_strdup(says[i]),
				.go = i ? 3 : NONE});
	fixture_step(rb, STEP_DO, "mend");
	fixture_step(rb, STEP_DO, "start");
	fixture_step(rb, STEP_DO, "load");
	w = world_new(rb);
	view_ask_choose(&form, w->r, 0, stage_now);
	stage_form(f, &form);
	world_free(w);
}

/* An input that steps have used already gets another value. */
void
stageguard_input(struct frame *f)
{
	struct world *w = stage_world();
	struct input *in = &w->rb->inputs.list.at[0];
	struct form form;

	stage_dump(w);
	in->type = INPUT_MULTI;
	mem_free(in->choices);
	in->choices = NULL;
	vec_push(&in->options.list, mem_strdup("users"));
	vec_push(&in->options.list, mem_strdup("orders"));
	view_ask_input(&form,
		&(struct ask_input){.runbook = w->rb,
			.input = 0,
			.given = "orders",
			.ran = "3, 5",
			.decides = "6"},
		stage_now);
	stage_form(f, &form);
	world_free(w);
}

void
stageguard_inputs(struct frame *f)
{
	struct world *w = stage_world();
	struct form form;

	stage_dump(w);
	view_ask_inputs(&form, w->r, stage_now);
	stage_form(f, &form);
	world_free(w);
}

/* A command that is edited into something worse. */
void
stageguard_redline(struct frame *f)
{
	struct world *w = stage_world();
	int step = world_index(w, "stop");
	struct form form;

	stage_dump(w);
	view_ask_redline(&form, w->r, step, 0, stage_now);
	field_set(&form_item(&form, ASK_TEXT)->field, "docker compose down -v");
	view_ask_redline_update(&form, w->r, step, 0);
	stage_form(f, &form);
	world_free(w);
}
