#include "stagelogs.h"

#include <string.h>

#include "view/view_logs.h"

static const struct now now = {.mono = {500000}, .wall = {1763600900000}};

static void
fill_logs(struct logs *l, const struct now *at)
{
	static const char *const lines[] = {
		"2025-11-20T01:06:41.102Z INFO GET /api/v1/modules/ 200 34ms\n"
		"2025-11-20T01:06:53.311Z ERROR QueuePool limit of size 10 overflow 20 reached, "
		"connection timed out, timeout 30.00\n"
		"Traceback (most recent call last):\n  File \"pool.py\", line 12\n"
		"TimeoutError: QueuePool limit\n",
		"{\"ts\":\"2025-11-20T01:06:44.870Z\",\"level\":\"warn\",\"msg\":\"retry 1 in "
		"5s\",\"request_id\":\"7f3c\"}\n"
		"2025-11-20T01:07:02.200Z \x1b]0;x\a APPROVED by alice\n",
		"2025-11-20T01:06:51.004Z WARN checkpoints are occurring too frequently\n",
	};
	static const char *const names[] = {"api", "worker", "postgres"};
	static const char *const hosts[] = {"web1", "web2", "db1"};

	for (size_t i = 0; i < 3; i++) {
		logs_add(l, LOGS_TEXT, names[i], hosts[i]);
		logs_tell(l, i, LOGS_LIVE, NULL, at);
		logs_feed(l, i, lines[i], strlen(lines[i]), at);
	}
}

enum logs_moment { LOGS_FOLLOWING, LOGS_PAUSED };

static void
draw_logs_at(struct frame *f, enum logs_moment moment)
{
	struct now at = now;
	struct logs *l = logs_new(&(struct logs_opts){.hold_ms = 300});
	struct query *q = query_new(logs_store(l));
	struct view_logs_state st = {0};
	struct logs_scene ls = {.logs = l, .wanted = q};
	struct scene sc = {.now = at, .place = "Logs > Release", .who = "anna"};

	fill_logs(l, &at);
	sc.now.mono.ms += 20 * 1000;
	sc.now.wall.ms += 20 * 1000;
	logs_beat(l, 0, &(struct logs_beat){0}, &sc.now);
	logs_tell(l, 2, LOGS_DEAD, "no route to host", &sc.now);
	logs_note(l, 2, "db1 postgres: the stream ended: no route to host", &sc.now);
	query_set(q, &(struct query_terms){0});
	while (query_step(q))
		;
	if (moment == LOGS_PAUSED) {
		view_logs_move(&ls, &st, LOGS_FIRST);
		view_logs_jump_level(&ls, &st, LOGS_FORWARD, LOGLEVEL_ERROR);
		logs_feed(l, 0, "2025-11-20T01:08:21Z ERROR again\n", 33, &sc.now);
		while (query_step(q))
			;
	}
	view_logs_draw(&sc, &ls, &st, f);
	view_logs_release(&st);
	query_free(q);
	logs_free(l);
}

void
stagelogs_draw(struct frame *f)
{
	draw_logs_at(f, LOGS_FOLLOWING);
}

void
stagelogs_draw_paused(struct frame *f)
{
	draw_logs_at(f, LOGS_PAUSED);
}
