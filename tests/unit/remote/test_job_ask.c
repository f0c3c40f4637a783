#include "remote/job.h"

#include <signal.h>
#include <sys/stat.h>

#include "../loop/jail.h"
#include "base/file.h"
#include "jobkit.h"

static void
done_without_a_number_is_unknown(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec("numberless", "exit 3");
	char *dir = mem_printf("%s/handrail/jobs/%s/numberless.local.1", state_dir, RUN);
	char *from = mem_printf("%s/done.3", dir), *to = mem_printf("%s/done.", dir);
	struct job *j;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	KIT_WAIT(&k, s.ends);
	drop(j, &s);
	assert_int_equal(rename(from, to), 0);
	j = resume(&k, &sp, &s);
	KIT_WAIT(&k, s.ends);
	assert_int_not_equal(s.end.state, JOB_DONE);
	drop(j, &s);
	kit_close(&k);
	mem_free(from);
	mem_free(to);
	mem_free(dir);
}

static void
removed_after_it_was_seen_is_no_never(void **state)
{
	struct kit k = {0};
	struct seen s;
	char *flag = mem_printf("%s/removed", state_dir);
	char *text = mem_printf(
		"echo up; while [ ! -e %s ]; do sleep 0.02; done; echo end", flag);
	struct job_spec sp = spec("removed", text);
	char *dir = mem_printf("%s/handrail/jobs/%s/removed.local.1", state_dir, RUN);
	struct err e = ERR_INIT;
	struct job *j;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	KIT_WAIT(&k, s.out.len > 0);
	assert_true(file_remove_tree(dir, &e));
	assert_true(file_replace(flag, "", 0, 0600, &e));
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.state, JOB_ABSENT);
	drop(j, &s);
	kit_close(&k);
	mem_free(flag);
	mem_free(text);
	mem_free(dir);
}

static void
cancelled_before_it_was_sent_never_leaves(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec("early", "echo ran");
	struct job *j;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	job_cancel(j, 1000, NULL, NULL);
	assert_int_equal(s.ends, 0);
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.state, JOB_ABORTED);
	assert_false(exists("handrail/jobs/" RUN "/early.local.1"));
	drop(j, &s);
	kit_close(&k);
}

/* The cancel overtakes the start: it finds nothing yet, and is not forgotten. */
static void
cancel_that_came_too_early_is_said_again(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec("overtaken", "echo up; sleep 1000");
	struct job *j;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	while (k.states < 2)
		loop_turn(k.loop, 10);
	job_cancel(j, 1000, NULL, NULL);
	KIT_WAIT(&k, s.ends);
	assert_int_not_equal(s.end.state, JOB_UNKNOWN);
	assert_true(s.end.state == JOB_ABORTED || s.end.exit != 0);
	drop(j, &s);
	kit_close(&k);
}

struct told {
	char reply[200];
	int n;
};

static void
told(void *ctx, const char *reply)
{
	struct told *t = ctx;

	t->n++;
	snprintf(t->reply, sizeof t->reply, "%s", reply);
}

static void
cancel_ends_the_group_and_says_how(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct told t = {0};
	struct job_spec sp = spec("cancel", "echo up; sleep 1000 | sleep 1000");
	struct job *j;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	KIT_WAIT(&k, s.out.len > 0);
	job_cancel(j, 5000, told, &t);
	KIT_WAIT(&k, s.ends && t.n);
	assert_int_equal(s.end.state, JOB_DONE);
	assert_int_equal(s.end.exit, 128 + SIGTERM);
	assert_string_equal(s.end.why, "cancelled");
	assert_non_null(strstr(t.reply, "terminated"));
	drop(j, &s);
	kit_close(&k);
}

static void
kill_after_kills_by_itself(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec("kill", "sleep 1000");
	struct job *j;

	(void)state;
	sp.kill_after_ms = 1000;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.state, JOB_DONE);
	assert_int_not_equal(s.end.exit, 0);
	assert_string_equal(s.end.why, "killed by kill_after");
	drop(j, &s);
	kit_close(&k);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(done_without_a_number_is_unknown),
		cmocka_unit_test(removed_after_it_was_seen_is_no_never),
		cmocka_unit_test(cancelled_before_it_was_sent_never_leaves),
		cmocka_unit_test(cancel_that_came_too_early_is_said_again),
		cmocka_unit_test(cancel_ends_the_group_and_says_how),
		cmocka_unit_test(kill_after_kills_by_itself),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, jobkit_begin, jobkit_end);
}
