#include "stage.h"

#include <string.h>

#include "../unit/run/fixture.h"
#include "base/mem.h"
#include "view/view_ask.h"
#include "view/view_confirm.h"
#include "view/view_home.h"
#include "view/view_plan.h"
#include "view/view_run.h"
#include "view/view_sign.h"
#include "stageback.h"
#include "run/armed.h"
#include "stageboxes.h"
#include "stageguard.h"
#include "stagehealth.h"
#include "stagehome.h"
#include "stageaudit.h"
#include "stagelogs.h"
#include "stageplain.h"

const struct now stage_now = {.mono = {500000}, .wall = {1763600900000}};

static struct scene
scene(const char *place)
{
	return (struct scene){.now = stage_now,
		.badge = "PROD",
		.prod = true,
		.project = "ni_site",
		.place = place,
		.who = "anna@example.com",
		.journal = "journal #12 synced"};
}

/* ---- the runbook and its run ----------------------------------------------------------- */

static void
say(char **field, const char *text)
{
	mem_free(*field);
	*field = mem_strdup(text);
}

static struct expect *
status_ok(void)
{
	struct expect *x = expect_new();
	struct err e = ERR_INIT;
	struct expect_rule rule = {.field = EXPECT_STATUS};

	rule.test = expect_scalar("200", EXPECT_HOW_NUMBER, &e);
	if (rule.test)
		vec_push(&x->rules, rule);
	return x;
}

static void
writers(struct runbook *rb, int web)
{
	struct step *s = fixture_command(rb, "stop", web, RISK_MODERATE);

	say(&s->title, "Stop the writers");
	say(&s->text, "docker stop ni_site-api-1 ni_site-worker-1");
	say(&s->why,
		"Nothing may write while the dump is loaded, or its rows are lost. "
		"Users see the maintenance page.");
	s->undo.text = mem_strdup("docker start ni_site-api-1 ni_site-worker-1");
}

static void
loading(struct runbook *rb, int db)
{
	struct step *s = fixture_command(rb, "load", db, RISK_SEVERE);

	say(&s->title, "Load the dump");
	say(&s->text,
		"docker exec -i ni_site-db-1 psql -c 'drop database ni_site'\n"
		"gunzip -c \"$dump\" | docker exec -i ni_site-db-1 psql -d ni_site");
	s->confirm = mem_strdup("restore ni_site on ${host}");
	s->irreversible = mem_strdup("everything written after the dump is lost");
	s->timeout_ms = 30 * 60 * 1000;
}

static void
checks(struct runbook *rb)
{
	int api = fixture_probe(rb, "api");
	struct probe *p = &rb->probes.list.at[api];
	struct step *s;

	p->subject = mem_strdup("https://api.example.com/health");
	p->expect = status_ok();
	s = fixture_step(rb, STEP_CHECK, "answers");
	say(&s->title, "It answers again");
	s->within_ms = 120000;
	vec_push(&s->probes.list, api);
}

static void
section(struct runbook *rb, const char *id, const char *title)
{
	say(&fixture_step(rb, STEP_SECTION, id)->title, title);
}

struct world *
stage_world(void)
{
	static const char *const db_alias[] = {"ni-db1", NULL};
	static const char *const web_aliases[] = {"web1", "web2", NULL};
	struct runbook *rb = fixture_runbook(RUNBOOK_RESTORE);
	int db = fixture_host(rb, "db", db_alias),
	    web = fixture_host(rb, "web", web_aliases);
	int dump = fixture_input(rb, "dump");
	struct input *in = &rb->inputs.list.at[dump];
	struct step *s;

	say(&rb->title, "Restore the ni_site database");
	say(&rb->why, "The tables are damaged and the newest dump is good.");
	say(&rb->owner, "platform");
	say(&rb->path, "runbooks/restore-postgres.yaml");
	in->ask = mem_strdup("Which dump?");
	in->choices = mem_strdup("ls -1t /var/backups/ni_site/*.sql.gz");
	in->host = db;
	section(rb, "safe", "Make it safe");
	s = fixture_step(rb, STEP_DO, "tell");
	say(&s->title, "Tell people that writes stop now");
	s->evidence = EVIDENCE_LINK;
	writers(rb, web);
	loading(rb, db);
	s = fixture_command(rb, "rows", db, RISK_NONE);
	say(&s->title, "Rows are there");
	say(&s->text, "psql -Atc 'select count(*) from users'");
	section(rb, "verify", "Verify");
	checks(rb);
	s = fixture_step(rb, STEP_SIGNOFF, "sign");
	say(&s->title, "Sign-off: Technical lead");
	s->role = mem_strdup("Technical lead");
	s->says = mem_strdup("I have reviewed the restore and accept its exceptions.");
	s->not_runner = true;
	for (int i = 1, at = 0; i < (int)rb->steps.list.len; i++) {
		if (rb->steps.list.at[i].kind == STEP_SECTION)
			at = i;
		else
			rb->steps.list.at[i].section = at;
	}
	return world_new(rb);
}

void
stage_dump(struct world *w)
{
	world_ask(w,
		&(struct request){.kind = REQ_INPUT,
			.step = NONE,
			.name = "dump",
			.text = "/var/backups/ni_site/2026-11-20.sql.gz"});
	world_ask(w,
		&(struct request){.kind = REQ_TICK,
			.step = world_index(w, "tell"),
			.evidence = "https://chat.example.com/4411"});
}

/* The writers are stopped on both hosts. */
void
stage_up_to_load(struct world *w)
{
	stage_dump(w);
	world_start(w, "stop", NULL);
	world_started(w, "stop", 0, 1);
	world_ended(w, "stop", 0, 1, 0);
	world_clock(w); /* the second host begins by itself */
	world_started(w, "stop", 1, 1);
	world_ended(w, "stop", 1, 1, 0);
}

/* ---- screens --------------------------------------------------------------------------- */

static void
draw_home_with(struct frame *f, struct home_state st, struct due_scene due)
{
	struct scene sc = scene("Home");
	struct world *w = stage_world();
	struct home_scene h = {.runbooks = stagehome_runbooks,
		.runbooks_len = 4,
		.runs = stagehome_runs,
		.runs_len = 2,
		.due = due,
		.preview = w->rb};

	view_home_draw(&sc, &h, &st, f);
	view_home_release(&st);
	world_free(w);
}

static void
draw_home(struct frame *f)
{
	draw_home_with(
		f, (struct home_state){.runbooks = {.id = 1}}, (struct due_scene){0});
}

static void
draw_home_colleagues(struct frame *f)
{
	struct scene sc = scene("Home");
	struct home_state st = {
		.runbooks = {.id = 1}, .runs = {.id = 2}, .pane = HOME_RUNS};
	struct world *w = stage_world();
	struct home_scene h = {.runbooks = stagehome_runbooks,
		.runbooks_len = 4,
		.runs = stagehome_colleagues,
		.runs_len = 4,
		.filter = "e",
		.preview = w->rb};

	view_home_draw(&sc, &h, &st, f);
	view_home_release(&st);
	world_free(w);
}

static void
draw_home_due(struct frame *f)
{
	draw_home_with(f,
		(struct home_state){
			.runbooks = {.id = 1}, .dues = {.id = 1}, .pane = HOME_DUES},
		stagehome_due());
}

static void
draw_plan(struct frame *f)
{
	struct scene sc = scene("Plan > Restore the ni_site database");
	struct plan_state st = {0};
	struct world *w = stage_world();
	struct plan_scene p = {.runbook = w->rb,
		.hash = "8f2c1ad04f1c7a1b8f2c1ad04f1c7a1b8f2c1ad04f1c7a1b8f2c1ad04f1c7a1b",
		.project = "/srv/ni_site/handrail.yaml",
		.twins = "web1 and web2 are one machine (192.0.2.7:22)"};

	view_plan_draw(&sc, &p, &st, f);
	view_plan_release(&st);
	world_free(w);
}

static void
draw_run_as(struct frame *f, struct world *w, const char *marked, struct run_scene rs)
{
	static const char output[] =
		"Stopping ni_site-api-1\n\033[32mok\033[0m\nhalf a li";
	const struct scene_reading strip[] = {{"api", "OK", "43 ms", VITAL_OK, 0},
		{"web1", rs.follows_len ? "reconnecting 4 s" : "live", NULL,
			rs.follows_len ? VITAL_DOWN : VITAL_OK,
			rs.follows_len ? 41000 : 0},
		{"web2", "unknown", NULL, VITAL_UNKNOWN, 0}};
	struct scene sc = scene("Run 7KQ2 > Restore the ni_site database");
	struct run_state st = {.tree = {.id = world_index(w, marked)},
		.detail = {.id = SCROLL_NOTHING},
		.output = {.id = SCROLL_NOTHING, .tail = true}};
	struct ring ring = {0};

	rs.run = w->r;
	rs.output = &ring;
	rs.dir = "/state/runs/7KQ2";
	ring_feed(&ring, (struct ring_key){world_index(w, "stop"), 0, WAY_FORWARD},
		output, sizeof output - 1, stage_now.wall);
	sc.strip = strip;
	sc.strip_len = sizeof strip / sizeof *strip;
	sc.armed = armed_of(w->r, stage_now.wall).on;
	sc.arm = sc.armed ? "ARMED 30m" : w->rb->arming ? "OBSERVING" : NULL;
	view_run_draw(&sc, &rs, &st, f);
	view_run_release(&st);
	ring_release(&ring);
}

void
stage_run(struct frame *f, struct world *w, const char *marked)
{
	draw_run_as(f, w, marked, (struct run_scene){0});
}

/* The link went while it ran: neither quiet nor forgotten. */
static void
draw_run_unheard(struct frame *f)
{
	static const char *const links[] = {NULL,
		"web1: connection lost (did not answer in time), reconnecting in 4 s, "
		"attempt 3; last heard 41 s ago",
		NULL};
	struct world *w = stage_world();
	struct run_follow away = {.step = world_index(w, "stop"),
		.state = JOB_RUNNING,
		.offline = true,
		.silent_ms = 41000,
		.behind_bytes = 3250000};

	stage_dump(w);
	world_start(w, "stop", NULL);
	world_started(w, "stop", 0, 1);
	draw_run_as(f, w, "stop",
		(struct run_scene){.links = links,
			.follows = &away,
			.follows_len = 1,
			.broken = true});
	world_free(w);
}

/* Nobody knows what became of it. */
static void
draw_run_unknown(struct frame *f)
{
	struct world *w = stage_world();

	stage_dump(w);
	world_start(w, "stop", NULL);
	world_started(w, "stop", 0, 1);
	world_ask(w,
		&(struct request){.kind = REQ_LOST,
			.step = world_index(w, "stop"),
			.attempt = 1,
			.text = jobstate_name(JOB_LOST_KILLED),
			.reason = jobstate_means(JOB_LOST_KILLED)});
	stage_run(f, w, "stop");
	world_free(w);
}

static void
draw_run_running(struct frame *f)
{
	struct world *w = stage_world();

	stage_dump(w);
	world_start(w, "stop", NULL);
	world_started(w, "stop", 0, 1);
	stage_run(f, w, "stop");
	world_free(w);
}

static void
draw_run_failed(struct frame *f)
{
	struct world *w = stage_world();

	stage_dump(w);
	world_start(w, "stop", NULL);
	world_started(w, "stop", 0, 1);
	world_ended(w, "stop", 0, 1, 7);
	stage_run(f, w, "stop");
	world_free(w);
}

/* A check was bad when the run began and is good now. */
static void
draw_run_checked(struct frame *f)
{
	struct world *w = stage_world();

	stage_up_to_load(w);
	for (size_t i = world_index(w, "load"); i < (size_t)world_index(w, "answers");
		i++)
		world_ask(w,
			&(struct request){.kind = REQ_SKIP,
				.step = (int)i,
				.reason = "not in this drill"});
	world_start(w, "answers", NULL);
	world_ask(w,
		&(struct request){.kind = REQ_READING,
			.step = world_index(w, "answers"),
			.verdict = VERDICT_OK,
			.data = "{\"field\":\"time\",\"value\":\"43\",\"unit\":\"ms\","
				"\"message\":\"status 200, 43 ms\",\"before\":{\"verdict\":"
				"\"fail\",\"value\":\"status 503, wanted 200, 12 ms\"}}"});
	stage_run(f, w, "answers");
	world_free(w);
}

/* ---- dialogs --------------------------------------------------------------------------- */

void
stage_form(struct frame *f, struct form *form)
{
	form_draw(form, f, (struct area){1, 0, f->rows - 3, f->cols}, stage_now);
	form_release(form);
}

static void
draw_confirm(struct frame *f, const char *step, int64_t shown_ms)
{
	struct world *w = stage_world();
	struct now opened = {.mono = {stage_now.mono.ms - shown_ms}};
	struct form form;

	stage_up_to_load(w);
	view_confirm_open(&form,
		&(struct confirm_scene){.run = w->r,
			.step = world_index(w, step),
			.leg = LEG_ALL,
			.badge = "PROD"},
		opened);
	stage_form(f, &form);
	world_free(w);
}

static void
draw_severe(struct frame *f)
{
	draw_confirm(f, "load", 5000);
}

static void
draw_moderate(struct frame *f)
{
	struct world *w = stage_world();
	struct now opened = {.mono = {stage_now.mono.ms - 300}};
	struct form form;

	stage_dump(w);
	view_confirm_open(&form,
		&(struct confirm_scene){.run = w->r,
			.step = world_index(w, "stop"),
			.leg = LEG_ALL,
			.badge = "PROD"},
		opened);
	stage_form(f, &form);
	world_free(w);
}

static void
draw_input(struct frame *f)
{
	static const char *const lines[] = {"/var/backups/ni_site/2026-11-20.sql.gz",
		"/var/backups/ni_site/2026-11-19.sql.gz"};
	struct world *w = stage_world();
	struct form form;

	view_ask_input(&form,
		&(struct ask_input){.runbook = w->rb,
			.input = 0,
			.state = ASK_READY,
			.lines = lines,
			.count = 2,
			.nth = 1,
			.of = 2},
		stage_now);
	stage_form(f, &form);
	world_free(w);
}

static void
draw_sign(struct frame *f)
{
	static const struct sign_scene_key keys[] = {
		{"lea@laptop", "SHA256:Qm1aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax8",
			"lea@example.com", true},
		{"id_old", "SHA256:Zz9aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaq1", NULL,
			false}};
	struct world *w = stage_world();
	struct form form;

	stage_up_to_load(w);
	world_ask(w,
		&(struct request){.kind = REQ_SKIP,
			.step = world_index(w, "load"),
			.reason = "loaded by hand, CHG-2231"});
	view_sign_open(&form,
		&(struct sign_scene){.run = w->r,
			.step = world_index(w, "sign"),
			.keys = keys,
			.keys_len = 2,
			.statement =
				"handrail sign-off v1\nrun: 01JCX\ndecision: approve\n"
				"role: Technical lead\nexceptions: 1\n"},
		(struct now){.mono = {stage_now.mono.ms - 5000}});
	stage_form(f, &form);
	world_free(w);
}

static void
draw_resolve(struct frame *f)
{
	struct world *w = stage_world();
	enum way way = WAY_FORWARD;
	struct form form;
	int step;

	stage_dump(w);
	world_start(w, "stop", NULL);
	world_started(w, "stop", 0, 1);
	step = world_index(w, "stop");
	world_ask(w,
		&(struct request){.kind = REQ_LOST,
			.step = step,
			.leg = 0,
			.attempt = 1,
			.text = "lost-reboot",
			.reason = jobstate_means(JOB_LOST_REBOOT)});
	view_ask_resolve(
		&form, w->r, step, view_ask_unknown_leg(w->r, step, &way), stage_now);
	stage_form(f, &form);
	world_free(w);
}

static void
draw_skip(struct frame *f)
{
	struct world *w = stage_world();
	struct form form;

	view_ask_skip(&form, w->r, world_index(w, "stop"), stage_now);
	stage_form(f, &form);
	world_free(w);
}

static const struct stage_act acts[] = {
	{"health-good", stagehealth_good},
	{"health-mixed", stagehealth_mixed},
	{"health-dead", stagehealth_dead},
	{"health-quiet", stagehealth_quiet},
	{"health-table", stagehealth_table},
	{"health-details", stagehealth_details},
	{"logs", stagelogs_draw},
	{"logs-paused", stagelogs_draw_paused},
	{"boxes", stageboxes_draw},
	{"boxes-inspect", stageboxes_draw_inspect},
	{"boxes-none", stageboxes_draw_none},
	{"audit", stageaudit_list},
	{"audit-record", stageaudit_record},
	{"audit-bad", stageaudit_bad},
	{"replay", stageaudit_replay},
	{"home", draw_home},
	{"home-due", draw_home_due},
	{"home-colleagues", draw_home_colleagues},
	{"welcome", stageplain_welcome},
	{"plan", draw_plan},
	{"run-running", draw_run_running},
	{"run-failed", draw_run_failed},
	{"run-checked", draw_run_checked},
	{"run-unheard", draw_run_unheard},
	{"run-unknown", draw_run_unknown},
	{"problems", stageplain_problems},
	{"help", stageplain_help},
	{"commands", stageplain_commands},
	{"commands-back", stageplain_commands_back},
	{"too-small", stageplain_too_small},
	{"confirm-severe", draw_severe},
	{"confirm-moderate", draw_moderate},
	{"input", draw_input},
	{"sign", draw_sign},
	{"run-rolling", stageback_rolling},
	{"undo", stageback_list},
	{"undo-words", stageback_words},
	{"undo-stands", stageback_stands},
	{"resolve", draw_resolve},
	{"skip", draw_skip},
	{"arm", stageguard_arm},
	{"run-observing", stageguard_observing},
	{"run-armed", stageguard_armed},
	{"confirm-second", stageguard_second},
	{"sign-second", stageguard_sign},
	{"choose", stageguard_choose},
	{"input-changed", stageguard_input},
	{"inputs", stageguard_inputs},
	{"redline", stageguard_redline},
};

const struct stage_act *
stage_acts(size_t *count)
{
	*count = sizeof acts / sizeof *acts;
	return acts;
}
