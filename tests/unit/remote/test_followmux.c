#include "remote/followmux.h"

#include <signal.h>

#include "../base/unit.h"
#include "../loop/jail.h"
#include "base/file.h"
#include "base/mem.h"
#include "linkkit.h"
#include "remote/follow.h"

/* Many logs of one host on one channel. */
enum { LOGS = 12, FLOOD_LINES = 200 * 1000 };

struct seen {
	struct follow *f;
	char *path;
	struct str data;
	int64_t at;
	int lives, deads, ends, exit;
};

struct all {
	struct kit k;
	struct followmux *mux;
	struct seen logs[LOGS];
};

static char *dir;

static void
on_begin(void *ctx, int64_t offset)
{
	struct seen *s = ctx;

	s->at = offset;
}

static void
on_data(void *ctx, const char *p, size_t len)
{
	struct seen *s = ctx;

	str_add(&s->data, p, len);
	s->at += (int64_t)len;
}

static void
on_event(void *ctx, enum follow_event e, int64_t bytes)
{
	(void)ctx;
	(void)e;
	(void)bytes;
}

static void
on_beat(void *ctx, const struct follow_beat *b)
{
	(void)ctx;
	(void)b;
}

static void
on_state(void *ctx, const struct follow_status *st)
{
	struct seen *s = ctx;

	s->lives += st->state == FOLLOW_LIVE;
	s->deads += st->state == FOLLOW_DEAD;
	s->ends += st->state == FOLLOW_ENDED;
	s->exit = st->exit;
}

static void
on_resume(void *ctx, struct follow_from *from)
{
	struct seen *s = ctx;

	*from = (struct follow_from){.offset = s->at, .since = ""};
}

static void
append(const char *path, const char *text)
{
	FILE *f = fopen(path, "a");

	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static void
start(struct all *a, size_t i, enum follow_kind kind, const char *what)
{
	struct follow_calls calls = {
		on_begin, on_data, on_event, on_beat, on_state, on_resume, &a->logs[i]};

	a->logs[i].f = follow_start(a->mux,
		&(struct follow_spec){.kind = kind, .what = what, .lines = 10}, &calls);
}

/* All but the first follow a file with one line. */
static void
open_all(struct all *a)
{
	*a = (struct all){0};
	kit_open(&a->k, HOST_LOCAL, "local");
	a->mux = followmux_new(a->k.link, FOLLOWMUX_SHARED);
	for (size_t i = 0; i < LOGS; i++) {
		a->logs[i].data = STR_INIT;
		a->logs[i].path = mem_printf("%s/%zu.log", dir, i);
		unlink(a->logs[i].path);
		append(a->logs[i].path, "first\n");
		if (i > 0)
			start(a, i, FOLLOW_FILE, a->logs[i].path);
	}
}

static void
wait_all(struct all *a, const char *data)
{
	for (size_t i = 1; i < LOGS; i++)
		KIT_WAIT(&a->k, strcmp(a->logs[i].data.buf, data) == 0);
}

static void
close_all(struct all *a)
{
	for (size_t i = 0; i < LOGS; i++) {
		follow_free(a->logs[i].f);
		str_release(&a->logs[i].data);
		mem_free(a->logs[i].path);
	}
	followmux_free(a->mux);
	kit_close(&a->k);
}

/* Shells that were started for a channel: each leads a group. */
static int
channels(void)
{
	FILE *p = popen(
		"ps -eo pid=,pgid=,args= | awk '$1 == $2 && / sh$|\\/sh$/' | wc -l", "r");
	int n = -1;

	assert_non_null(p);
	assert_int_equal(fscanf(p, "%d", &n), 1);
	pclose(p);
	return n;
}

static void
one_channel_is_enough_for_all(void **state)
{
	struct all a;

	(void)state;
	open_all(&a);
	wait_all(&a, "first\n");
	assert_int_equal(channels(), 1);
	for (size_t i = 1; i < LOGS; i++)
		append(a.logs[i].path, "second\n");
	wait_all(&a, "first\nsecond\n");
	close_all(&a);
}

static void
one_that_ends_ends_no_other(void **state)
{
	struct all a;

	(void)state;
	open_all(&a);
	start(&a, 0, FOLLOW_COMMAND, "printf 'a\\nFL1 end 0\\n\\nFL1 done\\n'; exit 7");
	KIT_WAIT(&a.k, a.logs[0].ends == 1);
	assert_string_equal(a.logs[0].data.buf, "a\nFL1 end 0\n\nFL1 done\n");
	assert_int_equal(a.logs[0].exit, 7);
	follow_free(a.logs[5].f);
	a.logs[5].f = NULL;
	for (size_t i = 1; i < LOGS; i++)
		append(a.logs[i].path, "second\n");
	for (size_t i = 1; i < LOGS; i++)
		KIT_WAIT(&a.k, i == 5 || str_ends(&a.logs[i].data, "second\n"));
	close_all(&a);
}

static void
a_drop_is_told_to_all_and_all_come_back(void **state)
{
	struct all a;

	(void)state;
	open_all(&a);
	wait_all(&a, "first\n");
	kill(-1, SIGKILL);
	for (size_t i = 1; i < LOGS; i++)
		KIT_WAIT(&a.k, a.logs[i].deads == 1);
	for (size_t i = 1; i < LOGS; i++)
		append(a.logs[i].path, "second\n");
	wait_all(&a, "first\nsecond\n");
	for (size_t i = 1; i < LOGS; i++)
		assert_int_equal(a.logs[i].lives, 2);
	assert_int_equal(channels(), 1);
	close_all(&a);
}

/* A command that writes without end: a line of a quiet file comes in between. */
static void
a_flood_keeps_nobody_waiting(void **state)
{
	struct all a;
	size_t flood;

	(void)state;
	open_all(&a);
	wait_all(&a, "first\n");
	start(&a, 0, FOLLOW_COMMAND, "yes 'a line of a flood that never ends'");
	KIT_WAIT(&a.k, a.logs[0].data.len > 1000 * 1000);
	for (size_t i = 1; i < LOGS; i++)
		append(a.logs[i].path, "second\n");
	flood = a.logs[0].data.len;
	wait_all(&a, "first\nsecond\n");
	KIT_WAIT(&a.k, a.logs[0].data.len > flood);
	for (const char *p = a.logs[0].data.buf, *lf; (lf = strchr(p, '\n')); p = lf + 1)
		assert_memory_equal(p, "a line of a flood that never ends", 33);
	close_all(&a);
}

/* A file that grows faster than it can be sent at once. */
static void
a_large_file_comes_whole_beside_others(void **state)
{
	struct str want = STR_INIT;
	struct all a;

	(void)state;
	open_all(&a);
	start(&a, 0, FOLLOW_FILE, a.logs[0].path);
	KIT_WAIT(&a.k, a.logs[0].data.len == 6);
	str_adds(&want, "first\n");
	for (int i = 0; i < FLOOD_LINES; i++)
		str_addf(&want, "line %d of many\n", i);
	append(a.logs[0].path, want.buf + 6);
	append(a.logs[1].path, "second\n");
	KIT_WAIT(&a.k, strcmp(a.logs[1].data.buf, "first\nsecond\n") == 0);
	KIT_WAIT(&a.k, a.logs[0].data.len == want.len);
	assert_string_equal(a.logs[0].data.buf, want.buf);
	close_all(&a);
	str_release(&want);
}

static int
begin_all(void **state)
{
	static char path[] = "/tmp/hr-test-followmux-XXXXXX";

	(void)state;
	dir = mkdtemp(path);
	return dir ? 0 : -1;
}

static int
end_all(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	return file_remove_tree(dir, &e) ? 0 : -1;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_channel_is_enough_for_all),
		cmocka_unit_test(one_that_ends_ends_no_other),
		cmocka_unit_test(a_drop_is_told_to_all_and_all_come_back),
		cmocka_unit_test(a_flood_keeps_nobody_waiting),
		cmocka_unit_test(a_large_file_comes_whole_beside_others),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests_name("remote/followmux", tests, begin_all, end_all);
}
