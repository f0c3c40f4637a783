#include "loop/loop.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "jail.h"

static struct loop *loop;

static int
setup(void **state)
{
	(void)state;
	loop = loop_new();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	loop_free(loop);
	return 0;
}

static struct loop_capture
sh(const char *text, const char *input)
{
	const char *argv[] = {"sh", "-c", text, NULL};
	struct loop_child_opts o = {
		.argv = argv,
		.input = input,
		.input_len = input ? strlen(input) : 0,
	};
	struct loop_capture c;
	struct err e = ERR_INIT;

	if (!loop_child_capture(loop, &o, 16 << 20, &c, &e))
		fail_msg("%s", e.msg);
	return c;
}

static void
streams_exit_and_input_arrive(void **state)
{
	struct loop_capture c = sh("cat; echo oops >&2; exit 7", "hello\n");

	(void)state;
	assert_string_equal(c.out.buf, "hello\n");
	assert_string_equal(c.err.buf, "oops\n");
	assert_int_equal(c.end.exit, 7);
	assert_int_equal(c.end.signal, 0);
	loop_capture_release(&c);
}

static void
five_megabytes_both_ways(void **state)
{
	size_t len = 5 << 20;
	char *big = malloc(len + 1);
	struct loop_capture c;

	(void)state;
	for (size_t i = 0; i < len; i++)
		big[i] = (char)('a' + i * 7 % 26);
	big[len] = 0;
	c = sh("cat", big);
	assert_int_equal(c.out.len, len);
	assert_memory_equal(c.out.buf, big, len);
	assert_int_equal(c.end.exit, 0);
	loop_capture_release(&c);
	free(big);
}

static void
missing_program_is_named(void **state)
{
	const char *argv[] = {"/nonexistent/prog", NULL};
	struct loop_child_opts o = {.argv = argv};
	struct loop_child_calls calls = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_null(loop_child_start(loop, &o, &calls, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_non_null(strstr(e.msg, "/nonexistent/prog"));
}

static void
deadline_terminates_the_whole_group(void **state)
{
	const char *argv[] = {"sh", "-c", "sleep 100 | sleep 100", NULL};
	struct loop_child_opts o = {.argv = argv, .timeout_ms = 30};
	struct loop_capture c;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(loop_child_capture(loop, &o, 1000, &c, &e));
	assert_true(c.end.timed_out);
	assert_int_equal(c.end.exit, -1);
	assert_int_equal(c.end.signal, SIGTERM);
	loop_capture_release(&c);
}

static void
one_that_ignores_term_is_killed(void **state)
{
	const char *argv[] = {
		"sh", "-c", "trap '' TERM; while :; do sleep 0.1; done", NULL};
	struct loop_child_opts o = {.argv = argv, .timeout_ms = 200};
	struct loop_capture c;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(loop_child_capture(loop, &o, 1000, &c, &e));
	assert_true(c.end.timed_out);
	assert_int_equal(c.end.signal, SIGKILL);
	loop_capture_release(&c);
}

static void
background_holder_of_a_pipe_does_not_hang_us(void **state)
{
	struct mono begin = clock_mono();
	struct loop_capture c = sh("echo before; sleep 100 & exit 3", NULL);

	(void)state;
	assert_string_equal(c.out.buf, "before\n");
	assert_int_equal(c.end.exit, 3);
	assert_true(clock_mono().ms - begin.ms < 10000);
	loop_capture_release(&c);
}

static void
child_has_no_terminal_and_no_foreign_descriptor(void **state)
{
	int leak = open("/dev/null", O_RDONLY); /* no CLOEXEC, like a library's socket */
	struct loop_capture c;

	(void)state;
	assert_true(leak > 2);
	c = sh("(: </dev/tty) 2>/dev/null && echo tty; ls /proc/self/fd | wc -l", NULL);
	/* 0, 1, 2 and the folder that ls reads */
	assert_string_equal(c.out.buf, "4\n");
	loop_capture_release(&c);
	close(leak);
}

static void
child_gets_its_signals_and_core_limit_back(void **state)
{
	struct rlimit was, none;
	struct loop_capture c;

	(void)state;
	getrlimit(RLIMIT_CORE, &was);
	none = was;
	none.rlim_cur = 0;
	setrlimit(RLIMIT_CORE, &none);
	/* yes dies by SIGPIPE only where it is not ignored; then sh reports 141 */
	c = sh("read x; bash -c 'yes | head -n 1 >/dev/null; echo ${PIPESTATUS[0]}'; "
	       "ulimit -c",
		"go\n");
	setrlimit(RLIMIT_CORE, &was);
	assert_non_null(strstr(c.out.buf, "141\n"));
	if (was.rlim_max != 0)
		assert_string_not_equal(c.out.buf, "141\n0\n");
	loop_capture_release(&c);
}

static void
passed_descriptor_is_number_three(void **state)
{
	const char *argv[] = {"sh", "-c", "echo through >&3", NULL};
	struct loop_child_opts o = {.argv = argv};
	struct loop_capture c;
	struct err e = ERR_INIT;
	char buf[16] = "";
	int fd[2];

	(void)state;
	assert_int_equal(pipe(fd), 0);
	o.pass_fd = fd[1];
	assert_true(loop_child_capture(loop, &o, 1000, &c, &e));
	assert_int_equal(read(fd[0], buf, sizeof buf - 1), 8);
	assert_string_equal(buf, "through\n");
	loop_capture_release(&c);
	close(fd[0]);
	close(fd[1]);
}

struct seen {
	struct loop_child *c;
	int outs, ends;
	struct str out;
};

static void
see_out(void *ctx, const char *p, size_t len)
{
	struct seen *s = ctx;

	s->outs++;
	str_add(&s->out, p, len);
}

static void
see_end(void *ctx, const struct loop_child_end *end)
{
	struct seen *s = ctx;

	(void)end;
	s->ends++;
	loop_child_free(s->c);
	s->c = NULL;
}

static struct loop_child *
start(const char *text, struct seen *s, bool keep_stdin)
{
	const char *argv[] = {"sh", "-c", text, NULL};
	struct loop_child_opts o = {.argv = argv, .keep_stdin = keep_stdin};
	struct loop_child_calls calls = {.on_out = see_out, .on_end = see_end, .ctx = s};
	struct err e = ERR_INIT;

	s->out = STR_INIT;
	s->c = loop_child_start(loop, &o, &calls, &e);
	assert_non_null(s->c);
	return s->c;
}

static void
kept_stdin_talks_back_and_forth(void **state)
{
	struct seen s = {0};

	(void)state;
	start("while read x; do echo got $x; done; echo end", &s, true);
	assert_true(loop_child_write(s.c, "one\n", 4));
	while (s.outs < 1)
		loop_turn(loop, 1000);
	assert_string_equal(s.out.buf, "got one\n");
	assert_true(loop_child_write(s.c, "two\n", 4));
	loop_child_close_stdin(s.c);
	assert_false(loop_child_write(s.c, "three\n", 6));
	while (!s.ends)
		loop_turn(loop, 1000);
	assert_string_equal(s.out.buf, "got one\ngot two\nend\n");
	assert_int_equal(s.ends, 1);
	str_release(&s.out);
}

static void
freed_child_is_killed_and_silent(void **state)
{
	struct seen s = {0};
	pid_t pid;

	(void)state;
	start("echo up; exec sleep 100", &s, false);
	while (s.outs < 1)
		loop_turn(loop, 1000);
	pid = loop_child_pid(s.c);
	loop_child_free(s.c);
	loop_run(loop); /* until it is reaped */
	assert_int_equal(s.ends, 0);
	assert_int_equal(kill(pid, 0), -1);
	str_release(&s.out);
}

static void
free_inside(void *ctx, const char *p, size_t len)
{
	struct seen *s = ctx;

	(void)p;
	(void)len;
	s->outs++;
	loop_child_free(s->c);
}

static void
child_may_be_freed_from_its_output_call(void **state)
{
	const char *argv[] = {"yes", NULL};
	struct loop_child_opts o = {.argv = argv};
	struct seen s = {0};
	struct loop_child_calls calls = {
		.on_out = free_inside, .on_end = see_end, .ctx = &s};
	struct err e = ERR_INIT;

	(void)state;
	s.c = loop_child_start(loop, &o, &calls, &e);
	loop_run(loop);
	assert_int_equal(s.outs, 1);
	assert_int_equal(s.ends, 0);
}

static void
capture_keeps_no_more_than_its_limit(void **state)
{
	const char *argv[] = {"sh", "-c", "yes | head -c 100000", NULL};
	struct loop_child_opts o = {.argv = argv};
	struct loop_capture c;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(loop_child_capture(loop, &o, 1000, &c, &e));
	assert_int_equal(c.out.len, 1000);
	assert_true(c.cut);
	loop_capture_release(&c);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(streams_exit_and_input_arrive),
		T(five_megabytes_both_ways),
		T(missing_program_is_named),
		T(deadline_terminates_the_whole_group),
		T(one_that_ignores_term_is_killed),
		T(background_holder_of_a_pipe_does_not_hang_us),
		T(child_has_no_terminal_and_no_foreign_descriptor),
		T(child_gets_its_signals_and_core_limit_back),
		T(passed_descriptor_is_number_three),
		T(kept_stdin_talks_back_and_forth),
		T(freed_child_is_killed_and_silent),
		T(child_may_be_freed_from_its_output_call),
		T(capture_keeps_no_more_than_its_limit),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
