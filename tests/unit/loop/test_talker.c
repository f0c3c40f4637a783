#include "loop/talker.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "loop/meet.h"

/* Two ends of a socket, with a real folder under it. */

enum { PATIENCE_MS = 20000 };

static struct loop *loop;
static char dir[200];

struct end {
	struct talker *t;
	int frames, ended, rooms;
	char why[200];
	struct str last;
	bool go_at_first; /* frees itself in its own call */
};

static void
on_frame(void *ctx, const struct talk_frame *f)
{
	struct end *e = ctx;

	e->frames++;
	str_reset(&e->last);
	str_add(&e->last, f->payload, f->len);
	if (e->go_at_first) {
		talker_free(e->t);
		e->t = NULL;
	}
}

static void
on_room(void *ctx)
{
	struct end *e = ctx;

	e->rooms++;
}

static void
on_end(void *ctx, const char *why)
{
	struct end *e = ctx;

	e->ended++;
	snprintf(e->why, sizeof e->why, "%s", why);
}

#define WAIT(cond) \
	do { \
		struct mono since = clock_mono(); \
		while (!(cond)) { \
			loop_turn(loop, 20); \
			if (clock_mono().ms - since.ms > PATIENCE_MS) \
				fail_msg("waited in vain for %s", #cond); \
		} \
	} while (0)

static void
begin(struct end *e, int fd, enum talk_side side)
{
	struct talker_calls calls = {on_frame, on_room, on_end, e};

	e->last = STR_INIT;
	e->t = talker_new(loop, fd, side, &calls);
}

struct pair {
	struct end driver, onlooker;
	int listener;
	char *path;
	struct meet_peer them, us;
};

static void
pair_open(struct pair *p)
{
	struct err e = ERR_INIT;
	int fd;

	memset(p, 0, sizeof *p);
	loop = loop_new();
	p->path = meet_path(dir, "01KAG3W5Z0B4T7M2Q8XK6N9RDE");
	p->listener = meet_listen(p->path, MEET_MYSELF, &e);
	if (p->listener < 0)
		fail_msg("%s", e.msg);
	fd = meet_connect(p->path, &p->us, &e);
	assert_true(fd >= 0);
	begin(&p->onlooker, fd, TALK_ONLOOKER);
	fd = meet_accept(p->listener, MEET_MYSELF, &p->them);
	assert_true(fd >= 0);
	begin(&p->driver, fd, TALK_DRIVER);
}

static void
pair_close(struct pair *p)
{
	talker_free(p->driver.t);
	talker_free(p->onlooker.t);
	str_release(&p->driver.last);
	str_release(&p->onlooker.last);
	meet_close(p->listener);
	meet_remove(p->path);
	meet_peer_release(&p->them);
	meet_peer_release(&p->us);
	mem_free(p->path);
	loop_settle(loop, 1000);
	loop_free(loop);
}

static void
each_hears_the_other_and_knows_who_it_is(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p);
	assert_int_equal(p.them.uid, geteuid());
	assert_int_equal(p.us.uid, geteuid());
	assert_int_equal(p.us.pid, getpid());
	talk_add_one(talker_out(p.onlooker.t), TALK_HOLD, "wait");
	talker_send(p.onlooker.t);
	WAIT(p.driver.frames == 1);
	talk_add(talker_out(p.driver.t), TALK_LINE, "a line", 6);
	talker_send(p.driver.t);
	WAIT(p.onlooker.frames == 1);
	assert_string_equal(p.onlooker.last.buf, "a line");
	pair_close(&p);
}

static void
who_reads_nothing_makes_nobody_wait(void **state)
{
	enum { LINES = 400 };
	static char line[60000];
	struct pair p;
	struct mono began;
	size_t waiting;

	(void)state;
	memset(line, 'x', sizeof line);
	pair_open(&p);
	began = clock_mono();
	for (int i = 0; i < LINES; i++) {
		talk_add(talker_out(p.driver.t), TALK_LINE, line, sizeof line);
		talker_send(p.driver.t);
	}
	waiting = talker_waiting(p.driver.t);
	assert_true(clock_mono().ms - began.ms < 5000);
	assert_true(waiting > 20u * 1024 * 1024); /* whoever fills it asks first */
	/* and it gets all of it in the end */
	WAIT(p.onlooker.frames == LINES);
	assert_true(p.driver.rooms > 0);
	assert_int_equal(talker_waiting(p.driver.t), 0);
	pair_close(&p);
}

static void
who_talks_nonsense_is_over(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p);
	str_adds(talker_out(p.onlooker.t), "GET / HTTP/1.1\r\n\r\n");
	talker_send(p.onlooker.t);
	WAIT(p.driver.ended == 1);
	assert_non_null(strstr(p.driver.why, "are allowed"));
	assert_int_equal(p.driver.frames, 0);
	pair_close(&p);
}

static void
an_end_is_told_once(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p);
	talker_free(p.onlooker.t);
	p.onlooker.t = NULL;
	WAIT(p.driver.ended == 1);
	loop_turn(loop, 50);
	talk_add(talker_out(p.driver.t), TALK_LINE, "x", 1);
	talker_send(p.driver.t);
	loop_turn(loop, 50);
	assert_int_equal(p.driver.ended, 1);
	pair_close(&p);
}

static void
it_may_be_freed_from_its_own_call(void **state)
{
	struct pair p;

	(void)state;
	pair_open(&p);
	p.driver.go_at_first = true;
	for (int i = 0; i < 3; i++)
		talk_add_one(talker_out(p.onlooker.t), TALK_HOLD, "wait");
	talker_send(p.onlooker.t);
	WAIT(p.driver.frames == 1);
	WAIT(p.onlooker.ended == 1);
	assert_int_equal(p.driver.frames, 1);
	pair_close(&p);
}

struct others {
	struct loop_timer *timer;
	int turns;
};

static void
others_turn(void *ctx)
{
	struct others *o = ctx;

	o->turns++;
	loop_timer_start(o->timer, 1, 0);
}

static void
many_frames_at_once_leave_others_their_turn(void **state)
{
	enum { FRAMES = 5000 };
	struct others o = {0};
	struct pair p;

	(void)state;
	pair_open(&p);
	for (int i = 0; i < FRAMES; i++)
		talk_add_one(talker_out(p.onlooker.t), TALK_GO, "");
	talker_send(p.onlooker.t);
	o.timer = loop_timer_new(loop, others_turn, &o);
	loop_timer_start(o.timer, 1, 0);
	WAIT(p.driver.frames == FRAMES);
	if (o.turns < FRAMES / 100)
		fail_msg("%d turns for others while %d frames came", o.turns, FRAMES);
	loop_timer_free(o.timer);
	pair_close(&p);
}

/* ---- the places --------------------------------------------------------------------------- */

static void
a_dead_socket_gives_way_and_a_live_one_does_not(void **state)
{
	struct err e = ERR_INIT;
	struct meet_peer peer;
	char *path = meet_path(dir, "x");
	int a, b;

	(void)state;
	a = meet_listen(path, MEET_MYSELF, &e);
	assert_true(a >= 0);
	assert_int_equal(meet_listen(path, MEET_MYSELF, &e), -1);
	assert_int_equal(e.kind, ERR_STATE);
	meet_close(a); /* as after kill -9: the file stays */
	e = ERR_INIT;
	assert_int_equal(meet_connect(path, &peer, &e), -1);
	assert_int_equal(e.kind, ERR_STATE);
	b = meet_listen(path, MEET_MYSELF, &e);
	assert_true(b >= 0);
	meet_close(b);
	meet_remove(path);
	mem_free(path);
}

static void
what_is_no_socket_of_ours_is_left_alone(void **state)
{
	struct err e = ERR_INIT;
	char *path = meet_path(dir, "y");

	(void)state;
	assert_true(file_replace(path, "mine\n", 5, 0600, &e));
	assert_int_equal(meet_listen(path, MEET_MYSELF, &e), -1);
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_true(file_exists(path));
	meet_remove(path);
	mem_free(path);
}

/* mode of a shared folder, and a word of what is said; NULL: it may be used */
static const struct {
	unsigned mode;
	const char *said;
} modes[] = {
	{0700, NULL},
	{0750, NULL},
	{01770, NULL},
	{03770, NULL},
	{0770, "replace"},
	{0777, "everybody"},
	{01777, "everybody"},
};

static void
a_shared_folder_must_be_safe(void **state)
{
	char *shared = mem_printf("%s/shared", dir);

	(void)state;
	assert_int_equal(mkdir(shared, 0700), 0);
	setenv("HANDRAIL_SHARED_DIR", shared, 1);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		struct err e = ERR_INIT;
		char *got;

		assert_int_equal(chmod(shared, modes[i].mode), 0);
		got = meet_shared_dir(&e);
		if (!modes[i].said && !got)
			fail_msg("%o: %s", modes[i].mode, e.msg);
		if (modes[i].said && (got || !strstr(e.msg, modes[i].said)))
			fail_msg("%o: %s", modes[i].mode, got ? got : e.msg);
		mem_free(got);
	}
	assert_int_equal(rmdir(shared), 0);
	struct err e = ERR_INIT;
	assert_null(meet_shared_dir(&e));
	assert_int_not_equal(e.kind, ERR_NONE); /* it was named */
	unsetenv("HANDRAIL_SHARED_DIR");
	mem_free(shared);
}

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "%s/talker-XXXXXX",
		getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	return mkdtemp(dir) ? 0 : -1;
}

static int
teardown(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	return file_remove_tree(dir, &e) ? 0 : -1;
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_hears_the_other_and_knows_who_it_is),
		cmocka_unit_test(who_reads_nothing_makes_nobody_wait),
		cmocka_unit_test(who_talks_nonsense_is_over),
		cmocka_unit_test(an_end_is_told_once),
		cmocka_unit_test(it_may_be_freed_from_its_own_call),
		cmocka_unit_test(many_frames_at_once_leave_others_their_turn),
		cmocka_unit_test(a_dead_socket_gives_way_and_a_live_one_does_not),
		cmocka_unit_test(what_is_no_socket_of_ours_is_left_alone),
		cmocka_unit_test(a_shared_folder_must_be_safe),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
