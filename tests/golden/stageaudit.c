#include "stageaudit.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "stage.h"
#include "view/view_audit.h"
#include "view/view_run.h"

/* A restore in which a step was skipped and a note was made. */
struct show {
	struct world *w;
	VEC_OF(struct event *) events;
	VEC_OF(const char *) hashes;
	struct ints runs_shown, events_shown;
	struct audit_check checks[4];
	struct audit_run runs[4];
	struct audit_owed owed[1];
	struct audit_signature signed_by[2];
	struct audit_state state;
};

static const char hash[] =
	"7f3a91c2d04e5d20c8aa1f09e81204bd77c15b1ec0d28f2c1ad01be944c09a04";

static void
fill_runs(struct show *s)
{
	static const char head[] =
		"e81204bd77c15b1ec0d28f2c1ad01be944c09a047f3a91c2d04e5d20c8aa1f09";
	struct audit_signature *g = s->signed_by;

	g[0] = (struct audit_signature){
		197, (char *)"SRE", (char *)"marek@example.com", true, NULL, -1};
	g[1] = (struct audit_signature){388, (char *)"Technical lead",
		(char *)"lea@example.com", true, NULL, 391};
	s->checks[0] = (struct audit_check){.verdict = AUDIT_OK,
		.at = {1763600890000},
		.records = 12,
		.unvouched = 1,
		.head = (char *)head,
		.signatures = {g, 2, 2}};
	s->checks[1] = (struct audit_check){.verdict = AUDIT_BAD,
		.at = {1763600891000},
		.records = 40,
		.fault_line = 6,
		.head = (char *)head,
		.what = (char *)"line 6: prev is not the hash of the line before"};
	s->checks[2] = (struct audit_check){.verdict = AUDIT_CHECKING};
	s->checks[3] = (struct audit_check){.verdict = AUDIT_PRUNED};
	s->runs[0] = (struct audit_run){"01JCX0000000000000000007KQ2",
		"Restore the ni_site database", "open", "anna@example.com",
		{1763599000000}, {0}, &s->checks[0], NULL};
	s->runs[1] = (struct audit_run){"01JCX0000000000000000007KP9",
		"Backend not responding", "failed", "lea@example.com", {1763590000000},
		{1763591000000}, &s->checks[1], NULL};
	s->runs[2] = (struct audit_run){"01JCX0000000000000000007KP3",
		"Back up the database", "open", "cron", {1763580000000}, {0},
		&s->checks[2], "jump1/4711/ab12cd34"};
	s->runs[3] = (struct audit_run){"01JCX0000000000000000007K11",
		"Back up the database", "pruned", "cron", {1753580000000},
		{1753580100000}, &s->checks[3], NULL};
	s->owed[0] = (struct audit_owed){
		"7KQ2.14", "Watch the error rate for an hour", "SRE", {1763600000000}};
	for (int i = 0; i < 4; i++)
		vec_push(&s->runs_shown.list, i);
}

static void
fill_events(struct show *s)
{
	struct err e = ERR_INIT;

	for (size_t i = 0; i < s->w->lines.len; i++) {
		const char *line = s->w->lines.at[i];
		struct event *ev = event_parse(line, strcspn(line, "\n"), &e);

		if (!ev)
			continue;
		vec_push(&s->events, ev);
		vec_push(&s->hashes, hash);
		vec_push(&s->events_shown.list, (int)s->events.len - 1);
	}
	s->hashes.at[s->hashes.len - 1] = s->checks[0].head; /* it is that record */
}

static void
act(struct frame *f, int run, bool record, int line)
{
	struct show s = {.w = stage_world(), .state = {.runs = {.id = run}}};
	struct scene sc = {.now = stage_now,
		.badge = NULL,
		.project = "ni_site",
		.place = record ? "Audit > run 7KQ2" : "Audit",
		.who = "anna@example.com"};

	stage_up_to_load(s.w);
	world_ask(s.w,
		&(struct request){.kind = REQ_SKIP,
			.step = world_index(s.w, "load"),
			.reason = "loaded by hand, CHG-2231"});
	world_ask(s.w,
		&(struct request){.kind = REQ_NOTE,
			.step = NONE,
			.text = "web2 is slow, watch it"});
	fill_runs(&s);
	fill_events(&s);
	s.state.record = record;
	s.state.lines.id = line;
	view_audit_draw(&sc,
		&(struct audit_scene){.runs = s.runs,
			.runs_len = 4,
			.runs_shown = &s.runs_shown,
			.owed = s.owed,
			.owed_len = 1,
			.run = s.w->r,
			.events = (const struct event *const *)s.events.at,
			.hashes = s.hashes.at,
			.events_len = s.events.len,
			.stops_at = run == 1 ? 6 : 0,
			.events_shown = &s.events_shown,
			.sums = {.anchors = 4,
				.exceptions = s.w->r->exceptions.list.len,
				.redacted = 31}},
		&s.state, f);
	view_audit_release(&s.state);
	for (size_t i = 0; i < s.events.len; i++)
		event_free(s.events.at[i]);
	vec_free(&s.events);
	vec_free(&s.hashes);
	vec_free(&s.runs_shown.list);
	vec_free(&s.events_shown.list);
	world_free(s.w);
}

void
stageaudit_list(struct frame *f)
{
	act(f, 0, false, SCROLL_NOTHING);
}

void
stageaudit_record(struct frame *f)
{
	act(f, 0, true, 3);
}

void
stageaudit_bad(struct frame *f)
{
	act(f, 1, true, 5);
}

/* After a record in the middle of it: what came later is not there yet. */
void
stageaudit_replay(struct frame *f)
{
	struct world *w = stage_world();
	struct run_state st = {.tree = {.id = 2}, .moved = true};
	struct run_replay replay = {.at = 5,
		.of = 12,
		.words =
			"2025-11-20 00:53:20Z #4    anna       > stop about to run on web1"};
	struct scene sc = {.now = stage_now,
		.badge = "REPLAY",
		.project = "ni_site",
		.place = "Run 7KQ2 > Restore the ni_site database"};
	struct ring none = {0};
	struct run *then;

	stage_up_to_load(w);
	then = world_replay(w, 5);
	view_run_draw(&sc,
		&(struct run_scene){.run = then, .output = &none, .replay = &replay}, &st,
		f);
	view_run_release(&st);
	run_free(then);
	world_free(w);
}
