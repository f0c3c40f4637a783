#include "remote/link.h"

#include <sys/stat.h>

#include "linkkit.h"

static void
script_on_stdin_runs_and_both_streams_come_back(void **state)
{
	struct kit k = {0};
	struct kit_exec x;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	kit_exec_start(&k, &x, "exec /bin/sh", "echo out; echo err >&2; exit 9\n");
	assert_int_equal(x.ends, 0);
	KIT_WAIT(&k, x.ends);
	assert_string_equal(x.out.buf, "out\n");
	assert_string_equal(x.err.buf, "err\n");
	assert_int_equal(x.end.exit, 9);
	assert_false(x.end.lost);
	kit_exec_release(&x);
	kit_close(&k);
}

static void
states_are_told_and_have_words(void **state)
{
	struct kit k = {0};
	struct link_status s;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	link_status(k.link, &s);
	assert_int_equal(s.state, LINK_IDLE);
	assert_string_equal(s.words, "local: not connected yet");
	link_connect(k.link);
	assert_int_equal(k.states, 0);
	KIT_WAIT(&k, (link_status(k.link, &s), s.state == LINK_READY));
	loop_turn(k.loop, 0);
	assert_true(k.states >= 1);
	assert_string_equal(s.transport, "local");
	kit_close(&k);
}

static void
more_execs_than_channels_all_end(void **state)
{
	enum { N = 40 };
	struct kit k = {0};
	struct kit_exec x[N];
	char want[16];

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	for (int i = 0; i < N; i++) {
		char text[64];

		snprintf(text, sizeof text, "echo %d\n", i);
		kit_exec_start(&k, &x[i], "exec /bin/sh", text);
	}
	for (int i = 0; i < N; i++) {
		KIT_WAIT(&k, x[i].ends);
		snprintf(want, sizeof want, "%d\n", i);
		assert_string_equal(x[i].out.buf, want);
		kit_exec_release(&x[i]);
	}
	kit_close(&k);
}

static void
freed_exec_makes_room_and_says_nothing(void **state)
{
	enum { N = 20 };
	struct kit k = {0};
	struct kit_exec x[N], last;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	for (int i = 0; i < N; i++)
		kit_exec_start(&k, &x[i], "exec sleep 100", "");
	kit_exec_start(&k, &last, "exec echo here", "");
	while (last.ends == 0 && k.states == 0)
		loop_turn(k.loop, 1000);
	for (int i = 0; i < N; i++) {
		assert_int_equal(x[i].ends, 0);
		kit_exec_release(&x[i]);
	}
	KIT_WAIT(&k, last.ends);
	assert_string_equal(last.out.buf, "here\n");
	kit_exec_release(&last);
	kit_close(&k);
}

static void
link_freed_before_its_execs_is_harmless(void **state)
{
	struct kit k = {0};
	struct kit_exec a, b;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	kit_exec_start(&k, &a, "exec sleep 100", "");
	KIT_WAIT(&k, k.states);
	kit_exec_start(&k, &b, "exec true", "");
	kit_close(&k);
	assert_int_equal(a.ends + b.ends, 0);
	kit_exec_release(&a);
	kit_exec_release(&b);
}

static void
environment_of_this_machine_is_clean(void **state)
{
	struct kit k = {0};
	struct kit_exec x;

	(void)state;
	setenv("SECRET_OF_OURS", "x", 1);
	kit_open(&k, HOST_LOCAL, "local");
	kit_exec_start(&k, &x, "exec env", "");
	KIT_WAIT(&k, x.ends);
	assert_null(strstr(x.out.buf, "SECRET_OF_OURS"));
	assert_non_null(strstr(x.out.buf, "HOME="));
	assert_non_null(strstr(x.out.buf, "PATH="));
	unsetenv("SECRET_OF_OURS");
	kit_exec_release(&x);
	kit_close(&k);
}

static void
simulated_fault_fails_with_its_words(void **state)
{
	struct scene_event down = {
		.host = mem_strdup("web"), .fault = mem_strdup("refused")};
	struct kit k = {0};
	struct kit_exec x;
	struct link_status s;

	(void)state;
	k.host.scenario = scenario_new();
	vec_push(&k.host.scenario->events.list, down);
	kit_open(&k, HOST_SIM, "web");
	kit_exec_start(&k, &x, "exec true", "");
	KIT_WAIT(&k, x.ends);
	assert_true(x.end.lost);
	assert_non_null(strstr(x.end.why, "web"));
	assert_non_null(strstr(x.end.why, "connection refused"));
	link_status(k.link, &s);
	assert_int_equal(s.state, LINK_FAILED);
	assert_int_equal(s.fault, LINK_FAULT_REFUSED);
	assert_string_equal(s.transport, "sim");
	kit_exec_release(&x);
	kit_close(&k);
	scenario_unref(k.host.scenario);
}

static void
alias_that_is_an_option_is_refused(void **state)
{
	struct kit k = {0};
	struct kit_exec x;

	(void)state;
	kit_open(&k, HOST_SSH, "-oProxyCommand=touch /tmp/evil");
	kit_exec_start(&k, &x, "exec true", "");
	KIT_WAIT(&k, x.ends);
	assert_true(x.end.lost);
	assert_non_null(strstr(x.end.why, "cannot begin with -"));
	kit_exec_release(&x);
	kit_close(&k);
}

static void
every_fault_has_words_and_a_name(void **state)
{
	(void)state;
	for (int f = 0; f < LINK_FAULT_COUNT; f++) {
		assert_int_equal(link_fault_by_name(link_fault_name(f)), f);
		assert_true(f == LINK_FAULT_NONE || *link_fault_words(f));
	}
	for (int s = LINK_IDLE; s <= LINK_CLOSED; s++)
		assert_non_null(link_state_name(s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(script_on_stdin_runs_and_both_streams_come_back),
		cmocka_unit_test(states_are_told_and_have_words),
		cmocka_unit_test(more_execs_than_channels_all_end),
		cmocka_unit_test(freed_exec_makes_room_and_says_nothing),
		cmocka_unit_test(link_freed_before_its_execs_is_harmless),
		cmocka_unit_test(environment_of_this_machine_is_clean),
		cmocka_unit_test(simulated_fault_fails_with_its_words),
		cmocka_unit_test(alias_that_is_an_option_is_refused),
		cmocka_unit_test(every_fault_has_words_and_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
