#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/readings.h"
#include "app/readingsline.h"
#include "base/file.h"
#include "base/mem.h"

enum { EVERY = 10000 };

static const struct readings_of api = {"api", "0123456789abcdef"};

static struct now
at(int64_t ms)
{
	return (struct now){{5000000 + ms}, {1795842678000 + ms}};
}

static struct vital *
fresh(void)
{
	return vital_new(&(struct vital_rule){1, 1, 3, EVERY});
}

static bool
hear(struct vital *v, int64_t ms, enum vital_answer a)
{
	return vital_heard(v,
		&(struct vital_look){.answer = a,
			.number = 4.5,
			.has_number = a == VITAL_GOOD,
			.took_ms = 43,
			.message = "status 200, 43 ms",
			.at = at(ms)});
}

static int
dir_up(void **state)
{
	char dir[] = "/tmp/readings.XXXXXX";

	*state = mem_strdup(mkdtemp(dir));
	return *state ? 0 : 1;
}

static int
dir_down(void **state)
{
	struct err e = ERR_INIT;
	bool gone = file_remove_tree(*state, &e);

	mem_free(*state);
	return gone ? 0 : 1;
}

static struct readings *
opened(const char *dir)
{
	struct err e = ERR_INIT;
	struct readings *r = readings_open(dir, "shop", "test", &e);

	assert_non_null(r);
	return r;
}

static struct vital *
restored(const char *dir, int64_t ms, bool want)
{
	struct readings *r = opened(dir);
	struct vital *v = fresh();
	struct err e = ERR_INIT;

	if (readings_restore(r, 0, &api, v, at(ms), &e) != want)
		fail_msg("%s", e.msg);
	readings_free(r);
	return v;
}

static void
write_looks(const char *dir, int from, int to, enum vital_answer a)
{
	struct readings *r = opened(dir);
	struct vital *v = fresh();
	struct err e = ERR_INIT;

	assert_true(readings_restore(r, 0, &api, v, at((int64_t)from * EVERY), &e));
	for (int i = from; i < to; i++)
		readings_add(r, 0, v, hear(v, (int64_t)i * EVERY, a));
	assert_true(readings_flush(r, at((int64_t)to * EVERY), &e));
	readings_free(r);
	vital_free(v);
}

static void
they_outlive_a_console(void **state)
{
	struct vital_up up;
	struct vital *v;

	write_looks(*state, 0, 100, VITAL_GOOD);
	write_looks(*state, 100, 105, VITAL_SILENT);
	v = restored(*state, 105 * EVERY, true);
	assert_int_equal(vital_judged(v), VITAL_DOWN);
	assert_int_equal(vital_since(v).ms, at(102 * EVERY).wall.ms);
	assert_int_equal(vital_seen_since(v).ms, at(0).wall.ms);
	assert_int_equal(vital_last_good(v).ms, at(99 * EVERY).wall.ms);
	vital_up(v, at(105 * EVERY), 86400 * 1000, &up);
	assert_int_equal(up.good, 100);
	assert_int_equal(up.bad, 5);
	assert_true(vital_sample(v, 7)->number == 4.5);
	vital_free(v);
}

static void
another_expectation_begins_anew(void **state)
{
	const struct readings_of other = {"api", "fedcba9876543210"};
	struct readings *r;
	struct vital *v = fresh();
	struct err e = ERR_INIT;

	write_looks(*state, 0, 10, VITAL_GOOD);
	r = opened(*state);
	assert_true(readings_restore(r, 0, &other, v, at(10 * EVERY), &e));
	assert_int_equal(vital_samples(v), 0);
	assert_int_equal(vital_state(v, at(10 * EVERY)), VITAL_UNKNOWN);
	readings_free(r);
	vital_free(v);
}

/* As a power cut may leave it, for nobody waits for the disk. */
static void
an_empty_file_is_begun_anew(void **state)
{
	struct vital *v;
	char *find;

	write_looks(*state, 0, 10, VITAL_GOOD);
	find = mem_printf("find %s -type f -name 'api*' -exec truncate -s 0 {} +",
		(const char *)*state);
	assert_int_equal(system(find), 0);
	mem_free(find);
	v = restored(*state, 10 * EVERY, true);
	assert_int_equal(vital_samples(v), 0);
	assert_int_equal(vital_state(v, at(10 * EVERY)), VITAL_UNKNOWN);
	vital_free(v);
	write_looks(*state, 10, 13, VITAL_GOOD);
	v = restored(*state, 13 * EVERY, true);
	assert_int_equal(vital_samples(v), 3);
	vital_free(v);
}

static void
a_mute_is_kept(void **state)
{
	struct vital_mute m = {.until = at(3600000).wall,
		.who = "anna lee",
		.reason = "disk is being\x1b[31m changed"};
	struct readings *r = opened(*state);
	struct vital *v = fresh();
	struct err e = ERR_INIT;

	assert_true(readings_restore(r, 0, &api, v, at(0), &e));
	readings_mute(r, 0, &m);
	assert_true(readings_flush(r, at(0), &e));
	readings_free(r);
	vital_free(v);
	v = restored(*state, 1000, true);
	assert_int_equal(vital_state(v, at(1000)), VITAL_MUTED);
	assert_string_equal(vital_mute_of(v)->reason, "disk is being^[[31m changed");
	assert_string_equal(vital_mute_of(v)->who, "anna_lee");
	vital_free(v);
}

/* A console that never ends fills no disk, and what is made short counts the same. */
static void
files_are_bounded(void **state)
{
	char *path = mem_printf("%s/shop/test/api", (const char *)*state);
	struct readings *r = opened(*state);
	struct vital *v = fresh(), *w;
	struct vital_up before, after;
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	int i;

	assert_true(readings_restore(r, 0, &api, v, at(0), &e));
	for (i = 0; i < 8000; i++) {
		readings_add(r, 0, v,
			hear(v, (int64_t)i * EVERY, i % 9 ? VITAL_GOOD : VITAL_BAD));
		if (i % 50 == 0)
			assert_true(readings_flush(r, at((int64_t)i * EVERY), &e));
	}
	assert_true(readings_flush(r, at((int64_t)i * EVERY), &e));
	assert_true(file_read(path, 200000, &text, &e));
	w = restored(*state, (int64_t)i * EVERY, true);
	vital_up(v, at((int64_t)i * EVERY), 86400 * 1000, &before);
	vital_up(w, at((int64_t)i * EVERY), 86400 * 1000, &after);
	assert_int_equal(before.good, after.good);
	assert_int_equal(before.bad, after.bad);
	assert_int_equal(before.from.ms, after.from.ms);
	assert_int_equal(vital_judged(v), vital_judged(w));
	str_release(&text);
	readings_free(r);
	vital_free(v);
	vital_free(w);
	mem_free(path);
}

/* Two consoles write at once; nothing of either is lost, also when one makes it short. */
static void
two_at_once(void **state)
{
	struct readings *a = opened(*state), *b = opened(*state);
	struct vital *v = fresh(), *w = fresh(), *x;
	struct err e = ERR_INIT;
	struct vital_up up;

	assert_true(readings_restore(a, 0, &api, v, at(0), &e));
	assert_true(readings_restore(b, 0, &api, w, at(0), &e));
	for (int i = 0; i < 4000; i++) {
		readings_add(a, 0, v, hear(v, (int64_t)i * EVERY, VITAL_GOOD));
		readings_add(b, 0, w, hear(w, (int64_t)i * EVERY, VITAL_GOOD));
		assert_true(readings_flush(a, at((int64_t)i * EVERY), &e));
		assert_true(readings_flush(b, at((int64_t)i * EVERY), &e));
	}
	x = restored(*state, 4000 * (int64_t)EVERY, true);
	vital_up(x, at(4000 * (int64_t)EVERY), 86400 * 1000, &up);
	assert_int_equal(up.good, 8000);
	readings_free(a);
	readings_free(b);
	vital_free(v);
	vital_free(w);
	vital_free(x);
}

static void
what_is_garbled_is_set_aside(void **state)
{
	static const char *const bad[] = {"s 1795842678000 g 43",
		"s 1795842678000 g 43 -", "nonsense\n", "s x g 1 -\n", "s 1 z 1 -\n",
		"s 1 g 1 12x\n", "s 1 g 1 nan\n", "s 99999999999999999999 g 1 -\n",
		"c 1 GREEN 0 0 fine\n", "c 1 MUTED 0 0 no\n", "b 1 2 3\n", "b 1 2 3 -4\n",
		"\n", "s\n", "m x\n", "c 1 OK 0 0 \xff\n", "handrail-readings 1 again\n"};
	char *path = mem_printf("%s/shop/test/api", (const char *)*state);
	char *aside = mem_printf("%s.bad", path);

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct str text = STR_INIT;
		struct err e = ERR_INIT;
		struct vital *v;

		unlink(path);
		unlink(aside);
		write_looks(*state, 0, 10, VITAL_GOOD);
		assert_true(file_read(path, 100000, &text, &e));
		str_adds(&text, bad[i]);
		assert_true(file_replace(path, text.buf, text.len, 0600, &e));
		v = restored(*state, 10 * EVERY, false);
		assert_true(file_exists(aside));
		assert_int_equal(vital_samples(v), 10);
		vital_free(v);
		vital_free(restored(*state, 10 * EVERY, true)); /* told once */
		str_release(&text);
	}
	mem_free(path);
	mem_free(aside);
}

/* The reading of one that cannot be written takes no other with it. */
static void
one_file_that_fails_is_one(void **state)
{
	const struct readings_of names[] = {api, {"db", "0123456789abcdef"}};
	char *path = mem_printf("%s/shop/test/api", (const char *)*state);
	char *other = mem_printf("%s/shop/test/db", (const char *)*state);
	struct readings *r = opened(*state);
	struct vital *v = fresh();
	struct err e = ERR_INIT;

	for (int i = 0; i < 2; i++)
		assert_true(readings_restore(r, i, &names[i], v, at(0), &e));
	unlink(path);
	unlink(other);
	assert_int_equal(mkdir(path, 0700), 0);
	for (int i = 0; i < 2; i++)
		readings_add(r, i, v, hear(v, i, VITAL_GOOD));
	assert_false(readings_flush(r, at(EVERY), &e));
	assert_non_null(strstr(e.msg, path));
	assert_true(file_exists(other));
	readings_free(r);
	vital_free(v);
	mem_free(path);
	mem_free(other);
}

/* Any bytes: no crash, and never a good state out of nothing. */
static void
any_bytes(void **state)
{
	static const char alphabet[] = "scbmgwu 0123456789-.\nOKDOWN\0\xc3\xff";
	struct readingsline_fault f;

	(void)state;
	srand(11);
	for (int round = 0; round < 20000; round++) {
		char text[200];
		size_t len = (size_t)(rand() % (int)sizeof text);
		struct vital *v = fresh();

		for (size_t i = 0; i < len; i++)
			text[i] = alphabet[rand() % (int)(sizeof alphabet - 1)];
		readingsline_read(text, len, v, at(0), &f);
		assert_int_not_equal(vital_state(v, at(0)), VITAL_OK);
		vital_free(v);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(they_outlive_a_console, dir_up, dir_down),
		cmocka_unit_test_setup_teardown(
			another_expectation_begins_anew, dir_up, dir_down),
		cmocka_unit_test_setup_teardown(
			an_empty_file_is_begun_anew, dir_up, dir_down),
		cmocka_unit_test_setup_teardown(a_mute_is_kept, dir_up, dir_down),
		cmocka_unit_test_setup_teardown(files_are_bounded, dir_up, dir_down),
		cmocka_unit_test_setup_teardown(two_at_once, dir_up, dir_down),
		cmocka_unit_test_setup_teardown(
			what_is_garbled_is_set_aside, dir_up, dir_down),
		cmocka_unit_test_setup_teardown(
			one_file_that_fails_is_one, dir_up, dir_down),
		cmocka_unit_test(any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
