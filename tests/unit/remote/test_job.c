#include "remote/job.h"

#include <signal.h>
#include <sys/stat.h>

#include "../loop/jail.h"
#include "base/digest.h"
#include "base/file.h"
#include "jobkit.h"

static void
runs_and_reports_output_and_status(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec("simple", "echo hello; echo oops >&2; exit 7");
	struct job *j;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	assert_int_equal(s.ends + s.updates, 0);
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.state, JOB_DONE);
	assert_int_equal(s.end.exit, 7);
	assert_string_equal(s.out.buf, "hello\noops\n");
	assert_int_equal(s.end.out_bytes, 11);
	assert_true(s.updates >= 1);
	assert_true(s.last.pid > 1 || s.updates > 1);
	assert_string_equal(s.end.why, "");
	drop(j, &s);
	kit_close(&k);
}

static void
pipeline_failure_is_seen(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec("pipe", "false | cat\necho not reached");
	struct job *j;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.exit, 1);
	assert_string_equal(s.out.buf, "");
	drop(j, &s);
	kit_close(&k);
}

static void
five_megabytes_arrive_identical(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec(
		"big", "head -c 5242897 /dev/urandom | tee $HOME/big.copy");
	struct job_env env = {.name = "HOME", .value = state_dir};
	struct str copy = STR_INIT;
	char *path = mem_printf("%s/big.copy", state_dir);
	struct err e = ERR_INIT;
	struct job *j;

	(void)state;
	sp.env = &env;
	sp.env_len = 1;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.state, JOB_DONE);
	assert_int_equal(s.end.exit, 0);
	assert_true(file_read(path, 8 << 20, &copy, &e));
	assert_int_equal(s.out.len, 5242897);
	assert_int_equal(copy.len, s.out.len);
	assert_memory_equal(copy.buf, s.out.buf, copy.len);
	str_release(&copy);
	mem_free(path);
	drop(j, &s);
	kit_close(&k);
}

static void
second_start_follows_the_first(void **state)
{
	struct kit k = {0};
	struct seen a, b;
	struct job_spec sp = spec("twice",
		"echo run >>$HOME/count; echo one; while [ ! -e $HOME/go ]; do sleep 0.05; "
		"done; echo two");
	struct job_env env = {.name = "HOME", .value = state_dir};
	struct str count = STR_INIT;
	char *path = mem_printf("%s/count", state_dir),
	     *go = mem_printf("%s/go", state_dir);
	struct err e = ERR_INIT;
	struct job *j, *again;

	(void)state;
	sp.env = &env;
	sp.env_len = 1;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &a);
	KIT_WAIT(&k, a.out.len >= 4);
	again = start(&k, &sp, NULL, &b);
	KIT_WAIT(&k, b.out.len >= 4);
	assert_true(file_replace(go, "", 0, 0600, &e));
	KIT_WAIT(&k, a.ends && b.ends);
	assert_string_equal(a.out.buf, "one\ntwo\n");
	assert_string_equal(b.out.buf, "one\ntwo\n");
	assert_true(file_read(path, 1000, &count, &e));
	assert_string_equal(count.buf, "run\n");
	str_release(&count);
	mem_free(path);
	mem_free(go);
	drop(j, &a);
	drop(again, &b);
	kit_close(&k);
}

static void
follower_that_went_is_no_harm_and_resume_has_it_all(void **state)
{
	struct kit k = {0};
	struct seen a, b;
	struct job_spec sp = spec("cut",
		"i=0; while [ $i -lt 2000 ]; do echo line $i; i=$((i+1)); done; "
		"while [ ! -e $HOME/on ]; do sleep 0.05; done; echo last; exit 3");
	struct job_env env = {.name = "HOME", .value = state_dir};
	char *on = mem_printf("%s/on", state_dir);
	struct err e = ERR_INIT;
	struct job *j;
	size_t had;

	(void)state;
	sp.env = &env;
	sp.env_len = 1;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &a);
	KIT_WAIT(&k, a.out.len > 5000);
	had = a.out.len;
	job_free(j);
	kit_close(&k); /* the console dies */
	assert_true(file_replace(on, "", 0, 0600, &e));
	kit_open(&k, HOST_LOCAL, "local");
	j = resume(&k, &sp, &b);
	KIT_WAIT(&k, b.ends);
	assert_int_equal(b.end.state, JOB_DONE);
	assert_int_equal(b.end.exit, 3);
	assert_true(b.out.len > had);
	assert_memory_equal(a.out.buf, b.out.buf, had);
	assert_true(str_ends(&b.out, "line 1999\nlast\n"));
	str_release(&a.out);
	mem_free(on);
	drop(j, &b);
	kit_close(&k);
}

static void
resume_never_starts_anything(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec("never", "echo ran");
	struct job *j;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	j = resume(&k, &sp, &s);
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.state, JOB_ABORTED);
	assert_int_equal(s.out.len, 0);
	assert_string_not_equal(s.end.why, "");
	drop(j, &s);
	/* The start of the console that died comes late: its name is taken. */
	j = start(&k, &sp, NULL, &s);
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.state, JOB_ABORTED);
	assert_int_equal(s.out.len, 0);
	drop(j, &s);
	kit_close(&k);
}

static void
refused(const char *step, const char *job_dir, const char *dir, const char *words)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec(step, "echo ran");
	struct job *j;

	sp.job_dir = job_dir;
	sp.dir = dir;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.state, JOB_REFUSED);
	if (!strstr(s.end.why, words))
		fail_msg("%s: no \"%s\" in: %s", step, words, s.end.why);
	assert_int_equal(s.out.len, 0);
	drop(j, &s);
	kit_close(&k);
}

static void
folders_that_cannot_be_used_are_refused_with_words(void **state)
{
	char *open = mem_printf("%s/open", state_dir);

	(void)state;
	assert_int_equal(mkdir(open, 0777), 0);
	chmod(open, 0777);
	refused("nodir", NULL, "/nonexistent", "no such folder");
	refused("nohome", "/proc/nonexistent", NULL, "cannot create");
	refused("unsafe", open, NULL, "not private");
	refused("relative", "tmp", NULL, "absolute");
	mem_free(open);
}

static void
older_driver_is_fenced(void **state)
{
	struct kit k = {0};
	struct seen a, b;
	struct job_spec newer = spec("fence-a", "true"), older = spec("fence-b", "true");
	struct job *j, *late;

	(void)state;
	newer.run = older.run = "01JD0000000000000000000FEN";
	newer.epoch = 2;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &newer, NULL, &a);
	KIT_WAIT(&k, a.ends);
	late = start(&k, &older, NULL, &b);
	KIT_WAIT(&k, b.ends);
	assert_int_equal(b.end.state, JOB_FENCED);
	assert_non_null(strstr(b.end.why, "driver 2"));
	drop(j, &a);
	drop(late, &b);
	kit_close(&k);
}

static void
secret_is_redacted_and_leaves_the_disk(void **state)
{
	static const char secret[] = "hunter2-it's \"quoted\" $x";
	struct kit k = {0};
	struct seen s;
	struct job_env env = {.name = "PW", .value = secret, .secret = true};
	struct job_spec sp = spec("secret",
		"printf '%s|' \"$PW\"; printf %s hunter2-it; sleep 0.2; "
		"printf '%s\\n' \"'s \\\"quoted\\\" \\$x\"");
	struct redact *r = redact_new();
	struct err e = ERR_INIT;
	struct job *j;

	(void)state;
	assert_true(redact_add(r, "pw", secret, strlen(secret), &e));
	sp.env = &env;
	sp.env_len = 1;
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, r, &s);
	KIT_WAIT(&k, s.ends);
	assert_string_equal(s.out.buf, "[redacted:pw]|[redacted:pw]\n");
	assert_false(exists("handrail/jobs/" RUN "/secret.local.1/env"));
	job_clean(j, JOB_CLEAN_OUTPUT);
	KIT_WAIT(&k, !exists("handrail/jobs/" RUN "/secret.local.1/out"));
	job_clean(j, JOB_CLEAN_ALL);
	KIT_WAIT(&k, !exists("handrail/jobs/" RUN "/secret.local.1"));
	drop(j, &s);
	kit_close(&k);
	redact_free(r);
}

static void
no_account_name_no_command(void **state)
{
	struct kit k = {0};
	struct seen s;
	struct job_spec sp = spec("as", "true");
	struct job *j;

	(void)state;
	sp.as = "root; touch /tmp/evil";
	kit_open(&k, HOST_LOCAL, "local");
	j = start(&k, &sp, NULL, &s);
	KIT_WAIT(&k, s.ends);
	assert_int_equal(s.end.state, JOB_REFUSED);
	drop(j, &s);
	kit_close(&k);
}

struct freer {
	struct job *j;
	int n;
};

static void
free_it(void *ctx, const char *p, size_t len)
{
	struct freer *f = ctx;

	(void)p;
	(void)len;
	f->n++;
	job_free(f->j);
}

static void
job_may_be_freed_from_its_output_call(void **state)
{
	struct kit k = {0};
	struct freer f = {0};
	struct job_calls calls = {.on_output = free_it, .ctx = &f};
	struct job_spec sp = spec("freed", "echo one; sleep 0.1; echo two");

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	f.j = job_start(k.link, &sp, NULL, &calls);
	KIT_WAIT(&k, f.n);
	loop_turn(k.loop, 10);
	assert_int_equal(f.n, 1);
	kit_close(&k);
}

static void
sim_answers_like_a_host(void **state)
{
	struct scene_answer fine = {.match = mem_strdup("deploy"),
		.output = mem_strdup("fine\n"),
		.output_len = 5,
		.error = mem_strdup(""),
		.exit = 4,
		.after_ms = 5};
	struct kit k = {0};
	struct seen a, b;
	struct job_spec known = spec("sim-a", "./deploy now"),
			other = spec("sim-b", "rm x");
	struct job *j, *i;

	(void)state;
	k.host.scenario = scenario_new();
	vec_push(&k.host.scenario->answers.list, fine);
	kit_open(&k, HOST_SIM, "web");
	j = start(&k, &known, NULL, &a);
	i = start(&k, &other, NULL, &b);
	KIT_WAIT(&k, a.ends && b.ends);
	assert_string_equal(a.out.buf, "fine\n");
	assert_int_equal(a.end.exit, 4);
	assert_int_equal(a.states[0], JOB_RUNNING);
	assert_int_equal(b.end.exit, 127);
	drop(j, &a);
	drop(i, &b);
	kit_close(&k);
	scenario_unref(k.host.scenario);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs_and_reports_output_and_status),
		cmocka_unit_test(pipeline_failure_is_seen),
		cmocka_unit_test(five_megabytes_arrive_identical),
		cmocka_unit_test(second_start_follows_the_first),
		cmocka_unit_test(follower_that_went_is_no_harm_and_resume_has_it_all),
		cmocka_unit_test(resume_never_starts_anything),
		cmocka_unit_test(folders_that_cannot_be_used_are_refused_with_words),
		cmocka_unit_test(older_driver_is_fenced),
		cmocka_unit_test(secret_is_redacted_and_leaves_the_disk),
		cmocka_unit_test(no_account_name_no_command),
		cmocka_unit_test(job_may_be_freed_from_its_output_call),
		cmocka_unit_test(sim_answers_like_a_host),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, jobkit_begin, jobkit_end);
}
