#include "view/view_health.h"

#include <string.h>

#include "unit.h"

/* Ten probes a to j of one runbook, none on a host. */
enum { PROBES = 10 };

struct kit {
	struct runbook *rb;
	struct board *b;
	struct health_scene hs;
	struct health_state st;
	struct scene sc;
};

static int
set_up(void **state)
{
	static struct kit k;

	k = (struct kit){.rb = runbook_new(), .sc = {.now = {{1000000}, {2000000000}}}};
	for (int i = 0; i < PROBES; i++) {
		struct probe *p = vec_add(&k.rb->probes.list);

		p->name = mem_printf("%c", 'a' + i);
		p->kind = PROBE_TCP;
		p->host = p->through = NONE;
		p->every_ms = 10000;
		p->steady = p->of = 1;
	}
	k.b = board_new(k.rb, k.sc.now, 1);
	board_watched(k.b, BOARD_LOOKED_AT, k.sc.now);
	k.hs.board = k.b;
	view_health_init(&k.st);
	*state = &k;
	return 0;
}

static int
tear_down(void **state)
{
	struct kit *k = *state;

	view_health_release(&k->st);
	board_free(k->b);
	runbook_unref(k->rb);
	return 0;
}

static void
heard(struct kit *k, int item, enum vital_answer answer)
{
	board_heard(k->b, item,
		&(struct vital_look){.answer = answer,
			.field = "time",
			.value = answer == VITAL_GOOD ? "4" : "",
			.unit = "ms",
			.want = "",
			.message = "it said so",
			.rows = "",
			.took_ms = 4,
			.at = k->sc.now});
}

static void
later(struct kit *k, int64_t ms)
{
	k->sc.now.mono.ms += ms;
	k->sc.now.wall.ms += ms;
}

static void
draw(struct kit *k, int rows, int cols, struct str *out)
{
	struct frame f;

	frame_init(&f, rows, cols);
	view_health_draw(&k->sc, &k->hs, &k->st, &f);
	str_reset(out);
	frame_text(&f, out);
	frame_release(&f);
}

static void
all_good(struct kit *k)
{
	for (int i = 0; i < PROBES; i++)
		heard(k, i, VITAL_GOOD);
}

static void
key(struct kit *k, enum health_move m)
{
	k->st.touched = k->sc.now.mono;
	view_health_move(&k->hs, &k->st, m);
}

/* 120 cells: three tiles a row. */
static void
tiles_are_gone_through_as_they_stand(void **state)
{
	struct kit *k = *state;
	struct str text = STR_INIT;
	static const struct {
		enum health_move move;
		int item;
	} steps[] = {{HEALTH_RIGHT, 1}, {HEALTH_DOWN, 4}, {HEALTH_DOWN, 7},
		{HEALTH_DOWN, 9}, {HEALTH_DOWN, 9}, {HEALTH_LEFT, 8}, {HEALTH_UP, 5},
		{HEALTH_UP, 2}, {HEALTH_UP, 2}, {HEALTH_LAST, 9}, {HEALTH_RIGHT, 9},
		{HEALTH_FIRST, 0}, {HEALTH_LEFT, 0}, {HEALTH_PAGE_DOWN, 9}};

	all_good(k);
	draw(k, 36, 120, &text);
	assert_int_equal(k->st.item, 0);
	for (size_t i = 0; i < COUNT(steps); i++) {
		key(k, steps[i].move);
		if (k->st.item != steps[i].item)
			fail_msg("move %zu: item %d", i, k->st.item);
	}
	str_release(&text);
}

static void
the_mark_stays_on_its_probe_and_the_order_stands_while_keys_come(void **state)
{
	struct kit *k = *state;
	struct str text = STR_INIT;

	all_good(k);
	draw(k, 24, 80, &text);
	key(k, HEALTH_DOWN);
	assert_int_equal(k->st.item, 1);
	for (int i = 0; i < 3; i++)
		heard(k, 7, VITAL_SILENT);
	later(k, 1000);
	draw(k, 24, 80, &text);
	assert_int_equal(k->st.order.list.at[0], 0); /* it moves under no finger */
	later(k, 1500);
	draw(k, 24, 80, &text);
	assert_int_equal(k->st.order.list.at[0], 7);
	assert_int_equal(k->st.item, 1);
	assert_non_null(strstr(text.buf, "> OK"));
	key(k, HEALTH_FIRST);
	assert_int_equal(k->st.item, 7);
	str_release(&text);
}

static void
a_search_goes_on_from_the_mark_and_round(void **state)
{
	struct kit *k = *state;
	struct str text = STR_INIT;

	all_good(k);
	draw(k, 24, 80, &text);
	assert_true(view_health_find(&k->hs, &k->st, "f", HEALTH_FORWARD));
	assert_int_equal(k->st.item, 5);
	assert_true(view_health_find(&k->hs, &k->st, "B", HEALTH_FORWARD) == false);
	assert_true(view_health_find(&k->hs, &k->st, "b", HEALTH_BACK));
	assert_int_equal(k->st.item, 1);
	assert_false(view_health_find(&k->hs, &k->st, "zz", HEALTH_FORWARD));
	str_release(&text);
}

static void
an_old_answer_is_no_number(void **state)
{
	struct kit *k = *state;
	struct str text = STR_INIT;

	all_good(k);
	draw(k, 36, 120, &text);
	assert_non_null(strstr(text.buf, "4 ms"));
	assert_non_null(strstr(text.buf, "10 probes, all OK"));
	later(k, 40000);
	draw(k, 36, 120, &text);
	assert_null(strstr(text.buf, "4 ms"));
	assert_non_null(strstr(text.buf, "10 probes, 10 STALE"));
	assert_non_null(strstr(text.buf, "no new answer"));
	str_release(&text);
}

static void
keys_that_cannot_work_say_why(void **state)
{
	struct kit *k = *state;
	struct keymap_can can = {0};

	k->st.item = NONE;
	view_health_can(&k->sc, &k->hs, &k->st, &can);
	assert_string_equal(can.why[ACTION_HEALTH_MUTE], "no probe is marked");
	k->hs.board = NULL;
	k->hs.none = "no probe is looked at";
	view_health_can(&k->sc, &k->hs, &k->st, &can);
	assert_string_equal(can.why[ACTION_HEALTH_PAUSE], "no probe is looked at");
	k->hs.board = k->b;
	k->st.item = 3;
	k->hs.no_logs = "it stands on no host";
	view_health_can(&k->sc, &k->hs, &k->st, &can);
	assert_false(can.not_now[ACTION_HEALTH_MUTE]);
	assert_string_equal(can.why[ACTION_HEALTH_LOGS], "it stands on no host");
	board_watched(k->b, BOARD_PAUSED, k->sc.now);
	view_health_can(&k->sc, &k->hs, &k->st, &can);
	assert_string_equal(can.word[ACTION_HEALTH_PAUSE], "go on");
}

static void
a_runbook_can_be_marked_in_the_details(void **state)
{
	static const struct health_use uses[] = {
		{"step 1", NULL}, {"Backend not responding", "b.yaml"}};
	struct kit *k = *state;
	struct str text = STR_INIT;

	all_good(k);
	k->hs.uses = uses;
	k->hs.uses_len = COUNT(uses);
	draw(k, 24, 80, &text);
	k->st.open = true;
	draw(k, 24, 80, &text);
	assert_non_null(strstr(text.buf, "Backend not responding"));
	assert_null(view_health_marked_use(&k->hs, &k->st));
	scroll_select(&k->st.detail, 1);
	assert_string_equal(view_health_marked_use(&k->hs, &k->st)->path, "b.yaml");
	scroll_select(&k->st.detail, 0);
	assert_null(view_health_marked_use(&k->hs, &k->st));
	str_release(&text);
}

int
main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		test(tiles_are_gone_through_as_they_stand),
		test(the_mark_stays_on_its_probe_and_the_order_stands_while_keys_come),
		test(a_search_goes_on_from_the_mark_and_round),
		test(an_old_answer_is_no_number),
		test(keys_that_cannot_work_say_why),
		test(a_runbook_can_be_marked_in_the_details),
	};
#undef test

	return cmocka_run_group_tests(tests, NULL, NULL);
}
