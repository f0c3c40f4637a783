#include "view/view_logs.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"

/* One source, its lines at seconds 0, 10, 20 ... of a minute; 'E' an error, 't' a trace. */
struct world {
	struct logs *logs;
	struct query *wanted;
	struct view_logs_state state;
	struct logs_scene scene;
	struct now now;
};

static void
on_inserted(void *ctx, uint64_t seq)
{
	struct world *w = ctx;
	const struct logline *l = logstore_at(logs_store(w->logs), seq);

	query_inserted(w->wanted, seq);
	view_logs_inserted(&w->state, seq, query_wants(w->wanted, l) ? l : NULL);
}

static void
say(struct world *w, int second, const char *level, const char *text)
{
	char line[128];

	snprintf(
		line, sizeof line, "2025-11-20T01:00:%02dZ %s %s\n", second, level, text);
	logs_feed(w->logs, 0, line, strlen(line), &w->now);
	while (query_step(w->wanted))
		;
}

static void
trace(struct world *w)
{
	static const char text[] = "  one\n  two\n  three\n";

	logs_feed(w->logs, 0, text, sizeof text - 1, &w->now);
	while (query_step(w->wanted))
		;
}

static void
begin(struct world *w)
{
	*w = (struct world){.now = {.mono = {1000}, .wall = {1763600460000}}};
	w->logs = logs_new(
		&(struct logs_opts){.hold_ms = 300, .inserted = on_inserted, .ctx = w});
	logs_add(w->logs, LOGS_TEXT, "api", "web1");
	w->wanted = query_new(logs_store(w->logs));
	query_set(w->wanted, &(struct query_terms){0});
	w->scene = (struct logs_scene){.logs = w->logs, .wanted = w->wanted};
	w->state.rows = 10;
}

static void
end(struct world *w)
{
	view_logs_release(&w->state);
	query_free(w->wanted);
	logs_free(w->logs);
}

static const char *
selected(const struct world *w)
{
	uint64_t line;
	const char *text;

	assert_true(view_logs_selected(&w->scene, &w->state, &line));
	text = logstore_text(logs_store(w->logs), logstore_at(logs_store(w->logs), line));
	return strlen(text) > 27 ? text + 27 : text;
}

static void
it_follows_until_somebody_moves(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	say(&w, 0, "INFO ", "a");
	say(&w, 10, "INFO ", "b");
	assert_string_equal(selected(&w), "b");
	view_logs_move(&w.scene, &w.state, LOGS_DOWN); /* nowhere to go */
	assert_false(w.state.paused);
	view_logs_move(&w.scene, &w.state, LOGS_UP);
	assert_true(w.state.paused);
	say(&w, 20, "INFO ", "c");
	assert_string_equal(selected(&w), "a");
	view_logs_move(&w.scene, &w.state, LOGS_LAST);
	assert_false(w.state.paused);
	assert_string_equal(selected(&w), "c");
	end(&w);
}

static void
the_selection_is_a_line_and_not_a_row(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	say(&w, 0, "INFO ", "a");
	say(&w, 20, "INFO ", "b");
	say(&w, 40, "INFO ", "c");
	view_logs_move(&w.scene, &w.state, LOGS_UP);
	assert_string_equal(selected(&w), "b");
	say(&w, 10, "ERROR", "between"); /* put in before it */
	say(&w, 30, "INFO ", "behind");
	assert_string_equal(selected(&w), "b");
	assert_int_equal(w.state.between, 2);
	assert_int_equal(w.state.between_errors, 1);
	end(&w);
}

static void
a_trace_is_one_row_until_it_is_unfolded(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	say(&w, 0, "INFO ", "a");
	say(&w, 10, "ERROR", "broke");
	trace(&w);
	say(&w, 20, "INFO ", "b");
	view_logs_move(&w.scene, &w.state, LOGS_UP);
	assert_string_equal(selected(&w), "  one");
	view_logs_move(&w.scene, &w.state, LOGS_UP);
	assert_string_equal(selected(&w), "broke");
	assert_false(view_logs_fold(&w.scene, &w.state));
	view_logs_move(&w.scene, &w.state, LOGS_DOWN);
	assert_true(view_logs_fold(&w.scene, &w.state));
	view_logs_move(&w.scene, &w.state, LOGS_DOWN);
	view_logs_move(&w.scene, &w.state, LOGS_DOWN);
	assert_string_equal(selected(&w), "  three");
	assert_true(view_logs_fold(&w.scene, &w.state));
	assert_string_equal(selected(&w), "  one");
	view_logs_move(&w.scene, &w.state, LOGS_DOWN);
	assert_string_equal(selected(&w), "b");
	end(&w);
}

static void
jumps_go_to_heads_of_a_level_and_say_when_there_is_none(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	say(&w, 0, "ERROR", "first");
	trace(&w);
	say(&w, 10, "WARN ", "odd");
	say(&w, 20, "ERROR", "second");
	say(&w, 30, "INFO ", "fine");
	assert_false(
		view_logs_jump_level(&w.scene, &w.state, LOGS_FORWARD, LOGLEVEL_ERROR));
	assert_false(w.state.paused);
	assert_true(view_logs_jump_level(&w.scene, &w.state, LOGS_BACK, LOGLEVEL_ERROR));
	assert_string_equal(selected(&w), "second");
	assert_true(view_logs_jump_level(&w.scene, &w.state, LOGS_BACK, LOGLEVEL_ERROR));
	assert_string_equal(selected(&w), "first");
	assert_false(view_logs_jump_level(&w.scene, &w.state, LOGS_BACK, LOGLEVEL_WARN));
	assert_true(
		view_logs_jump_level(&w.scene, &w.state, LOGS_FORWARD, LOGLEVEL_WARN));
	assert_string_equal(selected(&w), "odd");
	end(&w);
}

static void
nothing_is_selected_where_nothing_is(void **state)
{
	struct world w;
	uint64_t line;

	(void)state;
	begin(&w);
	assert_false(view_logs_selected(&w.scene, &w.state, &line));
	for (int m = LOGS_UP; m <= LOGS_LAST; m++)
		view_logs_move(&w.scene, &w.state, (enum logs_move)m);
	view_logs_pause(&w.scene, &w.state);
	assert_false(w.state.paused);
	assert_false(view_logs_fold(&w.scene, &w.state));
	end(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_follows_until_somebody_moves),
		cmocka_unit_test(the_selection_is_a_line_and_not_a_row),
		cmocka_unit_test(a_trace_is_one_row_until_it_is_unfolded),
		cmocka_unit_test(jumps_go_to_heads_of_a_level_and_say_when_there_is_none),
		cmocka_unit_test(nothing_is_selected_where_nothing_is),
	};

	return cmocka_run_group_tests_name("view/view_logs", tests, NULL, NULL);
}
