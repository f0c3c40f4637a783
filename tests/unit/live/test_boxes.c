#include "boxkit.h"

#include "live/boxes.h"

/* Containers over time: what stays, what goes, what is no longer current. */

#define API "aaaaaaaaaaaa"
#define DB  "dddddddddddd"

static void
answer(struct boxes *bs, size_t host, const struct kit_box *list, size_t n, int64_t at_ms)
{
	struct str text = STR_INIT;
	struct boxread_look l;

	str_addf(&text, "now %lld %lld\nengine docker 20.10\n",
		(long long)(kit_now(at_ms).wall.ms / 1000), (long long)at_ms / 1000);
	for (size_t i = 0; i < n; i++)
		kit_add(&text, &list[i]);
	str_adds(&text, "end\n");
	kit_read(&text, &l);
	boxes_take(bs, host, &l, kit_now(at_ms));
	boxread_release(&l);
	str_release(&text);
}

static void
use(struct boxes *bs, const char *id, int64_t usec, int64_t bytes, int64_t at_ms)
{
	struct str text = STR_INIT;
	struct boxread_look l;

	str_addf(&text, "now 1795839342 %lld\nuse %s %lld %lld\nend\n",
		(long long)at_ms / 1000, id, (long long)usec, (long long)bytes);
	kit_read(&text, &l);
	boxes_take_use(bs, 0, &l, kit_now(at_ms));
	boxread_release(&l);
	str_release(&text);
}

static void
a_container_keeps_its_key(void **state)
{
	struct boxes *bs = boxes_new();
	const struct boxes_host *h;
	int db, api;

	(void)state;
	boxes_add(bs, "web1");
	h = boxes_host(bs, 0);
	assert_int_equal(boxes_state_now(h, kit_now(0).mono), BOXES_WAITING);
	answer(bs, 0,
		(struct kit_box[]){{.id = DB, .name = "db"}, {.id = API, .name = "api"}},
		2, 0);
	assert_int_equal(boxes_state_now(h, kit_now(0).mono), BOXES_LIVE);
	assert_string_equal(h->boxes.list.at[0].name, "api"); /* by name */
	api = h->boxes.list.at[0].key;
	db = h->boxes.list.at[1].key;
	answer(bs, 0,
		(struct kit_box[]){
			{.id = API, .name = "api"}, {.id = DB, .name = "a_db"}},
		2, 5000);
	assert_string_equal(boxes_find(bs, db, NULL)->name, "a_db");
	answer(bs, 0, (struct kit_box[]){{.id = API, .name = "api"}}, 1, 10000);
	assert_null(boxes_find(bs, db, NULL));
	assert_non_null(boxes_find(bs, api, NULL));
	/* The same name made anew is another one. */
	answer(bs, 0, (struct kit_box[]){{.id = DB, .name = "api"}}, 1, 15000);
	assert_null(boxes_find(bs, api, NULL));
	boxes_free(bs);
}

static void
restarts_are_counted_from_the_first_look(void **state)
{
	struct boxes *bs = boxes_new();
	const struct boxes_host *h;
	const struct box *b;

	(void)state;
	boxes_add(bs, "web1");
	h = boxes_host(bs, 0);
	for (int i = 0; i < 4; i++)
		answer(bs, 0,
			(struct kit_box[]){
				{.id = API, .name = "api", .restarts = 7 + 2 * i}},
			1, i * 60000);
	b = &h->boxes.list.at[0];
	assert_int_equal(b->restarts, 13);
	assert_int_equal(box_restarted(b), 6);
	assert_int_equal(boxes_restarts_lately(h, b, kit_now(180000).mono), 6);
	/* One after the other they are older than 20 minutes. */
	assert_int_equal(
		boxes_restarts_lately(h, b, kit_now(180001 + 19 * 60000).mono), 2);
	assert_int_equal(
		boxes_restarts_lately(h, b, kit_now(180000 + 21 * 60000).mono), 0);
	boxes_free(bs);
}

static void
use_is_the_difference_of_two_looks(void **state)
{
	struct boxes *bs = boxes_new();
	const struct box *b;

	(void)state;
	boxes_add(bs, "web1");
	answer(bs, 0, (struct kit_box[]){{.id = API, .name = "api"}}, 1, 1000);
	b = &boxes_host(bs, 0)->boxes.list.at[0];
	assert_null(box_sample(b));
	use(bs, API, 1000000, 5000, 1000);
	assert_int_equal(box_sample(b)->cpu_milli, BOX_NOT_KNOWN);
	assert_int_equal(box_sample(b)->memory_bytes, 5000);
	use(bs, API, 1500000, 6000, 3000);
	assert_int_equal(box_sample(b)->cpu_milli, 250);
	use(bs, "ffffffffffff", 1, 1, 4000); /* nobody we know */
	use(bs, API, 1500000, 6000, 3000);   /* no time has passed */
	assert_int_equal(b->sampled, 2);
	use(bs, API, 100, 10, 9000); /* its counter began again */
	assert_int_equal(box_sample(b)->cpu_milli, BOX_NOT_KNOWN);
	for (int i = 0; i < 100; i++)
		use(bs, API, 100 + i * 1000, 10, 10000 + i * 1000);
	assert_int_equal(box_sample(b)->cpu_milli, 1);
	boxes_free(bs);
}

static void
the_list_changes_states_and_asks_for_more(void **state)
{
	static const struct {
		const char *state, *status;
		bool changed;
	} said[] = {{"running", "Up 3 seconds (healthy)", false},
		{"running", "Up 3 seconds (unhealthy)", true},
		{"running", "Up 4 seconds (unhealthy)", false},
		{"restarting", "Restarting (3) 1 second ago", true}};
	struct boxes *bs = boxes_new();
	const struct box *b;

	(void)state;
	boxes_add(bs, "web1");
	answer(bs, 0, (struct kit_box[]){{.id = API, .name = "api", .health = "healthy"}},
		1, 0);
	b = &boxes_host(bs, 0)->boxes.list.at[0];
	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		char *text = mem_printf(
			"[{\"Id\":\"" API
			"\",\"Names\":[\"/api\"],\"State\":\"%s\",\"Status\":\"%s\"}]",
			said[i].state, said[i].status);
		struct boxread_look l;
		struct err e = ERR_INIT;

		assert_true(boxread_list(text, strlen(text), &l, &e));
		assert_int_equal(
			boxes_take_list(bs, 0, &l, kit_now(1000)), said[i].changed);
		boxread_release(&l);
		mem_free(text);
	}
	assert_int_equal(b->state, BOX_RESTARTING);
	assert_true(boxes_take_list(bs, 0, &(struct boxread_look){0}, kit_now(2000)));
	assert_int_equal(
		b->state, BOX_UNKNOWN); /* not named: it does not go on running */
	boxes_free(bs);
}

static void
a_silent_host_keeps_what_it_said(void **state)
{
	struct boxes *bs = boxes_new();
	const struct boxes_host *h;

	(void)state;
	boxes_add(bs, "web2");
	h = boxes_host(bs, 0);
	answer(bs, 0, (struct kit_box[]){{.id = API, .name = "api"}}, 1, 0);
	assert_int_equal(boxes_state_now(h, kit_now(20000).mono), BOXES_LIVE);
	/* Nobody said that it is gone: an old answer is none all the same. */
	assert_int_equal(boxes_state_now(h, kit_now(20001).mono), BOXES_SILENT);
	/* Where nobody asks for a minute it is not old before that. */
	boxes_promise(bs, 0, 60000);
	assert_int_equal(boxes_state_now(h, kit_now(80000).mono), BOXES_LIVE);
	assert_int_equal(boxes_state_now(h, kit_now(80001).mono), BOXES_SILENT);
	boxes_promise(bs, 0, 0);
	boxes_tell(bs, 0, BOXES_SILENT, "no route to host", kit_now(30000));
	boxes_tell(bs, 0, BOXES_SILENT, "still none", kit_now(60000));
	assert_int_equal(h->since.mono.ms, kit_now(30000).mono.ms);
	assert_int_equal(h->boxes.list.len, 1);
	assert_int_equal(h->answered.wall.ms, kit_now(0).wall.ms);
	assert_string_equal(h->why, "still none");
	answer(bs, 0, (struct kit_box[]){{.id = API, .name = "api"}}, 1, 90000);
	assert_int_equal(boxes_state_now(h, kit_now(90000).mono), BOXES_LIVE);
	assert_null(h->why);
	boxes_free(bs);
}

static void
ages_go_by_the_clock_of_the_host(void **state)
{
	struct boxes *bs = boxes_new();
	const struct boxes_host *h;
	struct boxread_look l;
	struct str text = STR_INIT;

	(void)state;
	boxes_add(bs, "web1");
	h = boxes_host(bs, 0);
	/* 90 seconds ahead: it started a minute ago by its own clock. */
	str_addf(&text, "now %lld 1\n", (long long)kit_now(90000).wall.ms / 1000);
	kit_add(&text,
		&(struct kit_box){
			.id = API, .name = "api", .started = "2026-11-20T15:00:30Z"});
	str_adds(&text, "end\n");
	kit_read(&text, &l);
	boxes_take(bs, 0, &l, kit_now(0));
	boxread_release(&l);
	str_release(&text);
	assert_int_equal(
		boxes_age_ms(h, &h->boxes.list.at[0], kit_now(0).wall), 60 * 1000);
	boxes_free(bs);
}

static void
groups_choose_what_is_shown(void **state)
{
	struct boxes *bs = boxes_new();
	const struct boxes_host *h;
	struct str pids = STR_INIT;

	(void)state;
	boxes_add(bs, "web1");
	h = boxes_host(bs, 0);
	answer(bs, 0,
		(struct kit_box[]){{.id = API, .name = "shop-api-1", .project = "shop"},
			{.id = DB, .name = "db", .state = "exited"}},
		2, 0);
	assert_true(boxes_shown(h, &h->boxes.list.at[0]));
	boxes_expect(bs, 0, &(struct boxes_group){.project = (char *)"shop"});
	assert_false(boxes_shown(h, &h->boxes.list.at[0]));
	assert_true(boxes_shown(h, &h->boxes.list.at[1]));
	boxes_expect(bs, 0, &(struct boxes_group){.name = (char *)"?b*"});
	assert_true(boxes_shown(h, &h->boxes.list.at[0]));
	boxes_pids(h, &pids);
	assert_string_equal(pids.buf, API ":77");
	str_release(&pids);
	boxes_free(bs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_container_keeps_its_key),
		cmocka_unit_test(restarts_are_counted_from_the_first_look),
		cmocka_unit_test(use_is_the_difference_of_two_looks),
		cmocka_unit_test(the_list_changes_states_and_asks_for_more),
		cmocka_unit_test(a_silent_host_keeps_what_it_said),
		cmocka_unit_test(ages_go_by_the_clock_of_the_host),
		cmocka_unit_test(groups_choose_what_is_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
