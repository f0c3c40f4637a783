/*
 * Logs over a real SSH server that is killed with all its connections and comes back: every
 * line arrives, and once; what was started over there is gone each time.
 */

#include "../unit/loop/jail.h"
#include "../unit/remote/sshkit.h"
#include "remote/fleet.h"
#include "remote/follow.h"

enum { DROPS = 3 };

struct seen {
	struct str data, told;
	int64_t at;
	int lives, deads;
};

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
	struct seen *s = ctx;

	(void)bytes;
	str_addf(&s->told, "%s;", follow_event_words(e));
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
}

static void
on_resume(void *ctx, struct follow_from *from)
{
	struct seen *s = ctx;

	*from = (struct follow_from){.offset = s->at, .since = ""};
}

static void
append(const char *path, struct str *want, int round, int lines)
{
	FILE *f = fopen(path, "a");

	assert_non_null(f);
	for (int i = 0; i < lines; i++) {
		fprintf(f, "round %d line %d\n", round, i);
		str_addf(want, "round %d line %d\n", round, i);
	}
	assert_int_equal(fclose(f), 0);
}

/* Shells and tails of the follower, in a namespace that is all ours. */
static int
of_the_follower(void)
{
	FILE *p = popen(
		"ps -eo args= | grep -cE '^(/bin/)?(sh|dash|cat|tail|sleep)( [0-9.]+)?$'",
		"r");
	int n = -1;

	assert_non_null(p);
	assert_int_equal(fscanf(p, "%d", &n), 1);
	pclose(p);
	return n;
}

static void
a_log_survives_the_server_with_every_line(void **state)
{
	struct follow_calls calls = {
		on_begin, on_data, on_event, on_beat, on_state, on_resume, NULL};
	struct seen seen = {.data = STR_INIT, .told = STR_INIT};
	struct str want = STR_INIT;
	struct sshkit ssh = {0};
	struct kit k = {0};
	struct followmux *mux;
	struct follow *f;
	char *path;

	(void)state;
	sshkit_open(&ssh);
	path = file_join(ssh.dir, "app.log");
	append(path, &want, -1, 3);
	kit_open(&k, HOST_SSH, "web");
	calls.ctx = &seen;
	mux = followmux_new(k.link, FOLLOWMUX_SHARED);
	f = follow_start(mux,
		&(struct follow_spec){.kind = FOLLOW_FILE, .what = path, .lines = 10},
		&calls);
	KIT_WAIT(&k, seen.data.len == want.len);
	assert_true(of_the_follower() > 0);
	for (int round = 0; round < DROPS; round++) {
		int deads = seen.deads, lives = seen.lives;

		append(path, &want, round, 5000);
		if (round % 2)
			KIT_WAIT(&k, seen.data.len == want.len);
		sshkit_down(&ssh);
		KIT_WAIT(&k, seen.deads > deads);
		append(path, &want, 100 + round, 100);
		sshkit_up(&ssh);
		KIT_WAIT(&k, seen.lives > lives);
		KIT_WAIT(&k, seen.data.len >= want.len);
		assert_string_equal(seen.data.buf, want.buf);
	}
	assert_string_equal(seen.told.buf, "");
	follow_free(f);
	followmux_free(mux);
	kit_close(&k);
	sshkit_down(&ssh);
	for (int i = 0; i < 1000 && of_the_follower() > 0; i++)
		loop_turn(ssh.loop, 20);
	assert_int_equal(of_the_follower(), 0);
	sshkit_close(&ssh);
	mem_free(path);
	str_release(&want);
	str_release(&seen.data);
	str_release(&seen.told);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_survives_the_server_with_every_line),
	};

	const char *build = getenv("BUILDDIR");
	char *program;

	(void)argc;
	if (access("/usr/sbin/sshd", X_OK) != 0) {
		puts("1..0 # SKIP no sshd here");
		return 0;
	}
	jail_enter(argv);
	program = file_join(
		build ? build : ".", "handrail"); /* its worker lies beside it */
	fleet_prepare(program);
	mem_free(program);
	return cmocka_run_group_tests_name("flow/follow_ssh", tests, NULL, NULL);
}
