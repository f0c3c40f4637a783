#include "boxkit.h"

/* What hosts and engines say of containers, and what they must not make us believe. */

static void
read(const char *text, struct boxread_look *l)
{
	struct err e = ERR_INIT;

	if (!boxread_answer(text, strlen(text), l, &e))
		fail_msg("%s", e.msg);
}

static void
docker_is_read(void **state)
{
	struct boxread_look l;
	const struct box *b;
	char stamp[STAMP_BYTES];

	(void)state;
	read(KIT_HEAD KIT_DB
		"use aedd197c4e1258c899a834877f2bacacb7cc11adbe6a3c8f8661fa062ead497f 1745049 39022592\nend\n",
		&l);
	assert_string_equal(l.engine, "docker");
	assert_string_equal(l.version, "20.10.24+dfsg1");
	assert_int_equal(l.load_centi, 580);
	assert_int_equal(l.disk_percent, 20);
	assert_int_equal(l.uptime_ms, 1000 * 1000);
	assert_int_equal(l.boxes.list.len, 1);
	b = &l.boxes.list.at[0];
	assert_true(b->whole);
	assert_string_equal(b->name, "ni_site-db-1");
	assert_string_equal(b->image, "postgres:16");
	assert_string_equal(b->digest, "5536d4087127c4d8");
	assert_int_equal(b->state, BOX_RUNNING);
	assert_int_equal(b->health, BOX_HEALTH_HEALTHY);
	assert_string_equal(b->check, "pg_isready -q");
	assert_int_equal(b->check_every_ms, 5000);
	assert_string_equal(stamp_wall(b->started, stamp), "2026-11-20T14:50:00.384Z");
	assert_int_equal(b->finished.ms, 0);
	assert_int_equal(b->memory_limit_bytes, 64 << 20);
	assert_int_equal(b->cpus_milli, 500);
	assert_int_equal(b->pids_limit, 50);
	assert_string_equal(b->log_size, "10m");
	assert_int_equal(b->ports.list.len, 2);
	assert_int_equal(b->ports.list.at[0].outside, 5433);
	assert_int_equal(b->ports.list.at[0].inside, 5432);
	assert_string_equal(b->ports.list.at[0].at, "127.0.0.1");
	assert_int_equal(b->ports.list.at[1].outside, 0);
	assert_string_equal(b->mounts.list.at[0].to, "/var/run/postgresql");
	assert_string_equal(b->project, "ni_site");
	assert_string_equal(b->service, "db");
	assert_string_equal(b->env.list.at[1], "PGPASSWORD");
	assert_int_equal(l.uses.list.at[0].cpu_usec, 1745049);
	assert_int_equal(l.uses.list.at[0].memory_bytes, 39022592);
	boxread_release(&l);
}

static void
podman_is_read(void **state)
{
	struct boxread_look l;
	const struct box *b;
	char stamp[STAMP_BYTES];

	(void)state;
	read(KIT_PODMAN, &l);
	b = &l.boxes.list.at[0];
	assert_string_equal(l.engine, "podman");
	assert_int_equal(b->state, BOX_EXITED);
	assert_int_equal(b->exit, 3);
	assert_int_equal(b->health, BOX_HEALTH_STARTING);
	assert_int_equal(b->cpus_milli, 1500);
	assert_string_equal(b->log_size, "10MB");
	assert_null(b->service);
	assert_string_equal(stamp_wall(b->started, stamp), "2026-11-28T04:32:42.267Z");
	boxread_release(&l);
}

static void
a_host_without_an_engine_says_so(void **state)
{
	struct boxread_look l;

	(void)state;
	read("now 1 1\ncannot docker: permission denied \033[31m\nend\n", &l);
	assert_string_equal(l.cannot, "docker: permission denied ^[[31m");
	boxread_release(&l);
	read("service api\nservice db\nend\n", &l);
	assert_int_equal(l.services.list.len, 2);
	assert_string_equal(l.services.list.at[1], "db");
	boxread_release(&l);
}

static void
garbage_counts_for_nothing(void **state)
{
	static const char *const bad[] = {"", "end", "x\nend\n", KIT_HEAD,
		KIT_HEAD KIT_DB, KIT_HEAD "box {\nend\n", KIT_HEAD "box []\nend\n",
		KIT_HEAD "box {}\nend\n", KIT_HEAD "box {\"id\":\"../../etc\"}\nend\n",
		KIT_HEAD "box {\"id\":\"aedd197c4e12\",\"id\":\"aedd197c4e12\"}\nend\n",
		KIT_HEAD "use aedd197c4e12 -1 5\nend\n", KIT_HEAD "use x 1 5\nend\n",
		KIT_HEAD "end\nload 1\n", "now x y\nend\n", "now 1 1\nbox\nend\n"};
	struct boxread_look l;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		bool whole = strcmp(bad[i], "end") == 0; /* a host with nothing to say */

		if (boxread_answer(bad[i], strlen(bad[i]), &l, &e) != whole)
			fail_msg("%zu: %s", i, bad[i]);
		if (whole)
			boxread_release(&l);
	}
}

/* Members that are missing or of another kind are not known; never good by that. */
static void
strange_members_are_not_known(void **state)
{
	struct boxread_look l;
	const struct box *b;

	(void)state;
	read("box {\"id\":\"aedd197c4e12\",\"name\":7,\"state\":[],\"health\":null,"
	     "\"started\":\"soon\",\"memory\":\"much\",\"ports\":[1],\"env\":{\"A\":\"B\"},"
	     "\"restarts\":1.5,\"project\":\"\"}\nend\n",
		&l);
	b = &l.boxes.list.at[0];
	assert_string_equal(b->name, "");
	assert_int_equal(b->state, BOX_UNKNOWN);
	assert_int_equal(b->health, BOX_HEALTH_UNKNOWN);
	assert_int_equal(b->started.ms, 0);
	assert_int_equal(b->memory_limit_bytes, 0);
	assert_int_equal(b->env.list.len, 0);
	assert_null(b->project);
	boxread_release(&l);
}

static void
texts_are_harmless(void **state)
{
	struct boxread_look l;

	(void)state;
	read("box {\"id\":\"aedd197c4e12\",\"name\":\"/a\\u001b]0;x\\u0007\\u202e\"}\nend\n",
		&l);
	assert_string_equal(l.boxes.list.at[0].name, "a^[]0;x^G<U+202E>");
	boxread_release(&l);
}

static void
the_list_of_the_engine(void **state)
{
	static const char list[] =
		"[{\"Id\":\"037b71e6a37d3da7\",\"Names\":[\"/worker\"],\"Image\":\"a:1\","
		"\"ImageID\":\"sha256:55\",\"Labels\":{\"com.docker.compose.service\":\"w\"},"
		"\"State\":\"running\",\"Status\":\"Up 2 minutes (health: starting)\"},"
		"{\"Id\":\"aedd197c4e1258c8\",\"Names\":[\"/db\"],\"State\":\"exited\","
		"\"Status\":\"Exited (4) 2 minutes ago\"},"
		"{\"Id\":\"aedd197c4e1258c9\",\"Names\":[\"/ok\"],\"State\":\"running\","
		"\"Status\":\"Up 16 seconds (healthy)\"},"
		"{\"Id\":\"aedd197c4e1258ca\",\"Names\":[\"/no\"],\"State\":\"running\","
		"\"Status\":\"Up 4 seconds (unhealthy)\"},"
		"{\"Id\":\"aedd197c4e1258cb\",\"Names\":[\"/plain\"],\"State\":\"running\","
		"\"Status\":\"Up 4 seconds\"}]";
	static const enum box_health health[] = {BOX_HEALTH_STARTING, BOX_HEALTH_NONE,
		BOX_HEALTH_HEALTHY, BOX_HEALTH_UNHEALTHY, BOX_HEALTH_NONE};
	static const char *const bad[] = {"", "{}", "[1]", "[{}]", "{\"message\":\"no\"}",
		"[{\"Id\":\"037b71e6a37d3da7\"}]", "[{\"Id\":\"x\",\"Names\":[\"/a\"]}]"};
	struct boxread_look l;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(boxread_list(list, strlen(list), &l, &e));
	assert_int_equal(l.boxes.list.len, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(l.boxes.list.at[i].health, health[i]);
	assert_string_equal(l.boxes.list.at[0].service, "w");
	assert_int_equal(l.boxes.list.at[1].exit, 4);
	assert_false(l.boxes.list.at[0].whole);
	boxread_release(&l);
	assert_true(boxread_list("[]", 2, &l, &e));
	boxread_release(&l);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(boxread_list(bad[i], strlen(bad[i]), &l, &e));
}

static void
events(void **state)
{
#define EVENT(action, more) \
	"{\"Type\":\"container\",\"Action\":\"" action \
	"\",\"Actor\":{\"ID\":\"aedd197c4e1258c8\",\"Attributes\":{\"name\":\"db\"" more \
	"}},\"time\":1795839301}"
	static const struct {
		const char *line, *what;
		bool counts;
	} good[] = {{EVENT("die", ",\"exitCode\":\"137\""), "die, exit 137", true},
		{EVENT("die", ",\"exitCode\":\"0\""), "die", true},
		{EVENT("health_status: unhealthy", ""), "health_status: unhealthy", true},
		{EVENT("exec_create: pg_isready --password=x", ""),
			"exec_create: pg_isready --password=x", false}};
	static const char *const bad[] = {"", "{}", "[]", "nonsense",
		"{\"Type\":\"image\",\"Action\":\"pull\"}",
		"{\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{\"ID\":\"zz\"}}"};
	struct boxread_event ev;
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		assert_true(boxread_event(good[i].line, strlen(good[i].line), &ev, &e));
		assert_string_equal(ev.what, good[i].what);
		assert_int_equal(ev.counts, good[i].counts);
		assert_string_equal(ev.name, "db");
		assert_int_equal(ev.at.ms, INT64_C(1795839301000));
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(boxread_event(bad[i], strlen(bad[i]), &ev, &e));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_is_read),
		cmocka_unit_test(podman_is_read),
		cmocka_unit_test(a_host_without_an_engine_says_so),
		cmocka_unit_test(garbage_counts_for_nothing),
		cmocka_unit_test(strange_members_are_not_known),
		cmocka_unit_test(texts_are_harmless),
		cmocka_unit_test(the_list_of_the_engine),
		cmocka_unit_test(events),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
