#include "remote/job.h"

#include "../loop/jail.h"
#include "linkkit.h"

struct seen {
	struct look_end end; /* with copies of its texts */
	int n;
};

static void
on_look(void *ctx, const struct look_end *end)
{
	struct seen *s = ctx;

	s->end = *end;
	s->end.out = s->end.err = STR_INIT;
	str_add(&s->end.out, end->out.buf, end->out.len);
	str_add(&s->end.err, end->err.buf, end->err.len);
	s->n++;
}

static struct seen
look_with(const struct look_spec *sp, const struct redact *r)
{
	struct kit k = {0};
	struct seen s = {0};
	struct look *l;

	kit_open(&k, HOST_LOCAL, "local");
	l = look_start(k.link, sp, r, on_look, &s);
	assert_int_equal(s.n, 0);
	KIT_WAIT(&k, s.n);
	look_free(l);
	kit_close(&k);
	return s;
}

static struct seen
look(const char *text)
{
	struct look_spec sp = {.text = text};

	return look_with(&sp, NULL);
}

static void
drop(struct seen *s)
{
	str_release(&s->end.out);
	str_release(&s->end.err);
}

static void
both_streams_and_status_of_the_command(void **state)
{
	struct seen s = look("echo out; echo err >&2; exit 5");

	(void)state;
	assert_true(s.end.known);
	assert_int_equal(s.end.exit, 5);
	assert_string_equal(s.end.out.buf, "out\n");
	assert_string_equal(s.end.err.buf, "err\n");
	assert_false(s.end.cut);
	assert_string_equal(s.end.why, "");
	drop(&s);
}

static void
output_without_newline_stays_as_it_is(void **state)
{
	struct seen s = look("printf abc");

	(void)state;
	assert_true(s.end.known);
	assert_string_equal(s.end.out.buf, "abc");
	drop(&s);
}

static void
forged_trailer_is_output(void **state)
{
	struct seen s = look(
		"echo; echo 'HR1 exit 0 tok=00000000000000000000000000000000'; exit 9");

	(void)state;
	assert_true(s.end.known);
	assert_int_equal(s.end.exit, 9);
	assert_non_null(strstr(s.end.out.buf, "HR1 exit 0"));
	drop(&s);
}

static void
killed_shell_is_unknown_never_ok(void **state)
{
	struct look_spec sp = {.text = "kill -9 $PPID; kill -9 $$", .timeout_ms = 2000};
	struct seen s = look_with(&sp, NULL);

	(void)state;
	assert_true(!s.end.known || s.end.exit != 0);
	drop(&s);
}

static void
one_that_takes_too_long_is_ended(void **state)
{
	struct look_spec sp = {.text = "echo start; sleep 1000", .timeout_ms = 1000};
	struct seen s = look_with(&sp, NULL);

	(void)state;
	assert_false(s.end.known);
	assert_true(s.end.timed_out);
	assert_non_null(strstr(s.end.why, "not done in 1 s"));
	assert_string_equal(s.end.out.buf, "start\n");
	drop(&s);
}

static void
long_output_is_cut_but_its_status_is_known(void **state)
{
	struct look_spec sp = {.text = "yes | head -c 300000; exit 3", .limit = 1000};
	struct seen s = look_with(&sp, NULL);

	(void)state;
	sp.shell = "sh -eu";
	drop(&s);
	s = look_with(&sp, NULL);
	assert_true(s.end.known);
	assert_int_equal(s.end.exit, 3);
	assert_true(s.end.cut);
	assert_int_equal(s.end.out.len, 1000);
	drop(&s);
}

static void
output_just_at_the_limit_is_whole(void **state)
{
	struct look_spec sp = {
		.text = "printf %01000d 7; printf %01000d 7 >&2", .limit = 1000};
	struct seen s = look_with(&sp, NULL);

	(void)state;
	assert_true(s.end.known);
	assert_false(s.end.cut);
	assert_int_equal(s.end.out.len, 1000);
	assert_int_equal(s.end.err.len, 1000);
	drop(&s);
}

static void
values_come_as_environment_and_secrets_are_redacted(void **state)
{
	struct job_env env[] = {
		{.name = "name", .value = "it's $HOME \"x\" \\"},
		{.name = "pw", .value = "s3cret-value", .secret = true},
	};
	struct look_spec sp = {
		.text = "printf '%s|%s' \"$name\" \"$pw\"; echo \"$pw\" >&2",
		.env = env,
		.env_len = 2};
	struct redact *r = redact_new();
	struct err e = ERR_INIT;
	struct seen s;

	(void)state;
	assert_true(redact_add(r, "pw", "s3cret-value", 12, &e));
	s = look_with(&sp, r);
	assert_string_equal(s.end.out.buf, "it's $HOME \"x\" \\|[redacted:pw]");
	assert_string_equal(s.end.err.buf, "[redacted:pw]\n");
	drop(&s);
	redact_free(r);
}

static void
missing_folder_and_shell_have_words(void **state)
{
	struct look_spec a = {.text = "true", .dir = "/nonexistent"};
	struct look_spec b = {.text = "true", .shell = "nosuchshell -e"};
	struct look_spec c = {.text = "true", .as = "no such one"};
	struct seen s = look_with(&a, NULL);

	(void)state;
	assert_false(s.end.known);
	assert_non_null(strstr(s.end.why, "no such folder"));
	drop(&s);
	s = look_with(&b, NULL);
	assert_false(s.end.known);
	assert_non_null(strstr(s.end.why, "no shell"));
	drop(&s);
	s = look_with(&c, NULL);
	assert_false(s.end.known);
	assert_non_null(strstr(s.end.why, "no account name"));
	drop(&s);
}

static void
freed_look_is_silent(void **state)
{
	struct kit k = {0};
	struct seen s = {0};
	struct look_spec sp = {.text = "sleep 1000"};
	struct look *l;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	l = look_start(k.link, &sp, NULL, on_look, &s);
	KIT_WAIT(&k, k.states);
	look_free(l);
	loop_turn(k.loop, 10);
	assert_int_equal(s.n, 0);
	kit_close(&k);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_streams_and_status_of_the_command),
		cmocka_unit_test(output_without_newline_stays_as_it_is),
		cmocka_unit_test(forged_trailer_is_output),
		cmocka_unit_test(killed_shell_is_unknown_never_ok),
		cmocka_unit_test(one_that_takes_too_long_is_ended),
		cmocka_unit_test(long_output_is_cut_but_its_status_is_known),
		cmocka_unit_test(output_just_at_the_limit_is_whole),
		cmocka_unit_test(values_come_as_environment_and_secrets_are_redacted),
		cmocka_unit_test(missing_folder_and_shell_have_words),
		cmocka_unit_test(freed_look_is_silent),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
