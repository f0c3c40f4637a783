#include "boxkit.h"

#include "live/boxfacts.h"

/* What is told of containers, one table: the boxes of web1 and web2 and a fact that must
 * stand there, or must not. */

struct scene_row {
	const char *what;
	struct kit_box web1[3], web2[2];
	enum boxfacts_level worst;
	const char *fact; /* a part of one */
};

#define BOX(...) \
	{ \
		.id = "aaaaaaaaaaaa", __VA_ARGS__ \
	}
#define OTHER(...) \
	{ \
		.id = "bbbbbbbbbbbb", __VA_ARGS__ \
	}

static const struct scene_row rows[] = {
	{"all is well", {BOX(.name = "api")}, {{0}}, BOXFACTS_NOTE, NULL},
	{"unhealthy", {BOX(.name = "api", .health = "unhealthy")}, {{0}}, BOXFACTS_BAD,
		"web1 api: its check says unhealthy"},
	{"restarting",
		{BOX(.name = "api", .state = "restarting", .exit = 3, .restarts = 7)},
		{{0}}, BOXFACTS_BAD,
		"web1 api: is restarting after exit 3, 7 times so far"},
	{"restarted much, runs for a minute",
		{BOX(.name = "api", .restarts = 5, .started = "2026-11-20T14:59:00Z")},
		{{0}}, BOXFACTS_BAD, "restarted 5 times, last 1m00s ago"},
	{"restarted much, long ago",
		{BOX(.name = "api", .restarts = 5, .started = "2026-11-20T10:00:00Z")},
		{{0}}, BOXFACTS_NOTE, NULL},
	{"ended badly", {BOX(.name = "job", .state = "exited", .exit = 4)}, {{0}},
		BOXFACTS_BAD, "web1 job: ended with 4"},
	{"stopped", {BOX(.name = "job", .state = "exited", .exit = 143)}, {{0}},
		BOXFACTS_WARN, "web1 job: was stopped"},
	{"stopped well, always", {BOX(.name = "job", .state = "exited")}, {{0}},
		BOXFACTS_WARN, "was stopped, though it is to run always"},
	{"out of memory", {BOX(.name = "api", .oom = true)}, {{0}}, BOXFACTS_BAD,
		"web1 api: ran out of memory and was killed; it runs again"},
	{"database for everybody",
		{BOX(.name = "db",
			.more = "\"memory\":9,\"ports\":{\"5432/tcp\":[{\"HostIp\":\"0.0.0.0\",\"HostPort\":\"5432\"}]},")},
		{{0}}, BOXFACTS_WARN,
		"web1 db: PostgreSQL is published at 0.0.0.0:5432, for everybody"},
	{"database for this machine",
		{BOX(.name = "db",
			.more = "\"memory\":9,\"ports\":{\"6379/tcp\":[{\"HostIp\":\"127.0.0.1\",\"HostPort\":\"6379\"}]},")},
		{{0}}, BOXFACTS_NOTE, "web1 db: Redis at 127.0.0.1:6379 only: ok"},
	{"no limit", {BOX(.name = "api", .more = "\"memory\":0,")}, {{0}}, BOXFACTS_NOTE,
		"web1: no memory limit: api"},
	{"latest", {BOX(.name = "api", .image = "acme/api")}, {{0}}, BOXFACTS_NOTE,
		"web1: image without a fixed tag: api"},
	{"log that grows", {BOX(.name = "api", .log = "json-file")}, {{0}}, BOXFACTS_NOTE,
		"web1: log without a size limit: api"},
	{"versions by tag",
		{BOX(.name = "api", .image = "acme/api:v2", .project = "shop",
			.service = "api", .started = "2026-11-20T14:59:00Z")},
		{OTHER(.name = "api", .image = "acme/api:v1", .project = "shop",
			.service = "api")},
		BOXFACTS_WARN, "versions differ: api v2 on web1, v1 on web2"},
	{"versions behind one tag",
		{BOX(.name = "api", .digest = "sha256:0123456789abcdef")},
		{OTHER(.name = "api2", .digest = "sha256:fedcba9876543210")},
		BOXFACTS_WARN,
		"versions differ: api v1 (0123456789ab) on web1, v1 (fedcba987654) on web2"},
	{"the same image by two names", {BOX(.name = "api", .digest = "sha256:01")},
		{OTHER(.name = "api", .digest = "01")}, BOXFACTS_NOTE, NULL},
	{"other applications may differ",
		{BOX(.name = "api", .image = "acme/api:v2", .project = "shop",
			.service = "api")},
		{OTHER(.name = "api", .image = "acme/api:v1", .project = "test",
			.service = "api")},
		BOXFACTS_NOTE, NULL},
};

static size_t
take(struct boxes *bs, const char *name, const struct kit_box *list, size_t n)
{
	size_t host = boxes_add(bs, name);
	struct str text = STR_INIT;
	struct boxread_look l;

	str_addf(&text, "now %lld 5\n", (long long)kit_now(0).wall.ms / 1000);
	for (size_t i = 0; i < n && list[i].id; i++)
		kit_add(&text, &list[i]);
	str_adds(&text, "end\n");
	kit_read(&text, &l);
	boxes_take(bs, host, &l, kit_now(0));
	boxread_release(&l);
	str_release(&text);
	return host;
}

static bool
is_told(const struct boxfacts *f, const char *part)
{
	for (size_t i = 0; i < f->list.len; i++) {
		if (strstr(f->list.at[i].text, part))
			return true;
	}
	return false;
}

static void
facts(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct boxes *bs = boxes_new();
		struct boxfacts f;

		take(bs, "web1", rows[i].web1, 3);
		take(bs, "web2", rows[i].web2, 2);
		boxfacts_of(bs, kit_now(0), &f);
		if (boxfacts_worst(&f) != rows[i].worst)
			fail_msg("%s: worst is %s (%s)", rows[i].what,
				boxfacts_level_name(boxfacts_worst(&f)),
				f.list.len ? f.list.at[0].text : "");
		if (rows[i].fact && !is_told(&f, rows[i].fact))
			fail_msg("%s: not told: %s", rows[i].what, rows[i].fact);
		boxfacts_release(&f);
		boxes_free(bs);
	}
}

static void
expect(struct boxes *bs, const char *services)
{
	struct boxread_look l;
	struct str text = STR_INIT;

	str_adds(&text, services);
	kit_read(&text, &l);
	boxes_expected(bs, 0, 0, &l);
	boxread_release(&l);
	str_release(&text);
}

static void
services(void **state)
{
	struct boxes *bs = boxes_new();
	struct boxfacts f;

	(void)state;
	take(bs, "web1",
		(struct kit_box[]){
			BOX(.name = "shop-api-1", .project = "shop", .service = "api"),
			OTHER(.name = "shop-old-1", .project = "shop", .service = "old"),
			{.id = "cccccccccccc",
				.name = "shop-db-1",
				.project = "shop",
				.service = "db",
				.state = "exited"}},
		3);
	boxes_expect(
		bs, 0, &(struct boxes_group){.project = (char *)"shop", .expects = true});
	boxfacts_of(bs, kit_now(0), &f);
	assert_true(is_told(&f, "which services of shop are to run is not known yet"));
	boxfacts_release(&f);
	boxes_expected_not(bs, 0, 0, "docker-compose: no such file");
	boxfacts_of(bs, kit_now(0), &f);
	assert_int_equal(boxfacts_worst(&f), BOXFACTS_BAD);
	assert_true(is_told(&f, "is not known: docker-compose: no such file"));
	boxfacts_release(&f);
	expect(bs, "service api\nservice db\nservice worker\nend\n");
	boxfacts_of(bs, kit_now(0), &f);
	assert_true(is_told(&f, "service worker of shop does not run"));
	assert_true(is_told(&f, "service db of shop does not run"));
	assert_false(is_told(&f, "service api of shop does not run"));
	assert_true(is_told(&f, "shop-old-1: service old is none of shop"));
	boxfacts_release(&f);
	boxes_free(bs);
}

/* One of the same service that the pattern leaves out is not the one that is expected. */
static void
a_service_runs_under_the_name_of_its_group(void **state)
{
	static const struct {
		const char *pattern;
		bool runs;
	} groups[] = {{"shop-*", true}, {"blue-*", false}};

	(void)state;
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		struct boxes *bs = boxes_new();
		struct boxfacts f;

		take(bs, "web1",
			(struct kit_box[]){BOX(.name = "shop-api-1", .project = "shop",
				.service = "api")},
			1);
		boxes_expect(bs, 0,
			&(struct boxes_group){.project = (char *)"shop",
				.name = (char *)groups[i].pattern,
				.expects = true});
		expect(bs, "service api\nend\n");
		boxfacts_of(bs, kit_now(0), &f);
		assert_int_equal(
			is_told(&f, "service api of shop does not run"), !groups[i].runs);
		boxfacts_release(&f);
		boxes_free(bs);
	}
}

static void
hosts_that_do_not_answer(void **state)
{
	struct boxes *bs = boxes_new();
	struct boxfacts f;

	(void)state;
	boxes_add(bs, "new");
	boxfacts_of(bs, kit_now(0), &f);
	assert_int_equal(boxfacts_worst(&f), BOXFACTS_WARN);
	boxfacts_release(&f);
	take(bs, "web2", (struct kit_box[]){BOX(.name = "api")}, 1);
	boxes_tell(bs, 1, BOXES_SILENT, "no route to host", kit_now(1000));
	boxes_tell(bs, 0, BOXES_CANNOT, "docker: permission denied", kit_now(1000));
	boxfacts_of(bs, kit_now(134000), &f);
	assert_int_equal(f.list.at[0].level, BOXFACTS_BAD);
	assert_true(is_told(&f, "new: docker: permission denied"));
	assert_true(is_told(&f, "web2: no route to host; what is shown is 2m14s old"));
	boxfacts_release(&f);
	boxes_free(bs);
}

static void
memory_near_its_limit(void **state)
{
	struct boxes *bs = boxes_new();
	struct boxread_look l;
	struct boxfacts f;
	struct str text = STR_INIT;

	(void)state;
	take(bs, "web1", (struct kit_box[]){BOX(.name = "api")}, 1); /* 1 MiB */
	str_adds(&text, "now 1 5\nuse aaaaaaaaaaaa 1 1017119\nend\n");
	kit_read(&text, &l);
	boxes_take_use(bs, 0, &l, kit_now(0));
	boxread_release(&l);
	str_release(&text);
	boxfacts_of(bs, kit_now(0), &f);
	assert_true(is_told(&f, "web1 api: memory is at 96% of its limit"));
	boxfacts_release(&f);
	boxes_free(bs);
}

static void
old_and_new(void **state)
{
	struct boxes *bs = boxes_new();
	const struct box *a, *b;

	(void)state;
	take(bs, "web1",
		(struct kit_box[]){BOX(.name = "api", .image = "acme/api:v2",
			.started = "2026-11-20T14:59:00Z")},
		1);
	take(bs, "web2", (struct kit_box[]){OTHER(.name = "api", .image = "acme/api:v1")},
		1);
	a = &boxes_host(bs, 0)->boxes.list.at[0];
	b = &boxes_host(bs, 1)->boxes.list.at[0];
	assert_string_equal(boxfacts_version(bs, a), "new");
	assert_string_equal(boxfacts_version(bs, b), "old");
	boxes_free(bs);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts),
		cmocka_unit_test(services),
		cmocka_unit_test(a_service_runs_under_the_name_of_its_group),
		cmocka_unit_test(hosts_that_do_not_answer),
		cmocka_unit_test(memory_near_its_limit),
		cmocka_unit_test(old_and_new),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
