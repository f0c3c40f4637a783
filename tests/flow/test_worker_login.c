/*
 * Ways to log in through libssh2 that the stack's own hosts do not have: other keys,
 * agents that refuse or hold too much, a second factor; and what a session must bear:
 * new keys in mid-flow, the death of the console. worker-hosts.sh makes the hosts.
 */

#include "workerkit.h"

enum { BIG_LINES = 400000 };

static void
logs_in(const char *target, const char *answer, int prompts)
{
	struct kit k = {.answer = answer};

	open_link(&k, target, 15000);
	wait_ready(&k);
	says_hello(&k);
	assert_int_equal(k.prompts, prompts);
	kit_close(&k);
}

static void
takes_every_kind_of_key_file(void **state)
{
	const char *pass = getenv("HR_PASSPHRASE");

	(void)state;
	logs_in("id_ecdsa", NULL, 0);
	logs_in("id_ecdsa_locked", pass, 1);
	logs_in("id_pem", NULL, 0);
	logs_in("id_pem_locked", pass, 1);
	logs_in("id_gcm", pass, 1);
}

static void
offers_named_keys_before_a_crowd(void **state)
{
	(void)state;
	logs_in("fewtries", NULL, 0);
}

static void
an_agent_that_refuses_is_named(void **state)
{
	struct kit k = {0};

	(void)state;
	open_link(&k, "confirms", 15000);
	wait_fault(&k, LINK_FAULT_DENIED, "the agent refuses");
	kit_close(&k);
}

static void
goes_on_to_the_second_factor(void **state)
{
	(void)state;
	if (getuid() != 0)
		skip();
	logs_in("twofactor", getenv("HR_OPS_PASSWORD"), 1);
}

static void
answers_questions_of_the_host(void **state)
{
	struct kit k = {.answer = getenv("HR_OPS_PASSWORD")};

	(void)state;
	if (getuid() != 0)
		skip();
	open_link(&k, "keyboard", 15000);
	wait_ready(&k);
	assert_int_equal(k.prompts, 1);
	/* The words are the host's, and it says so. */
	assert_non_null(strstr(k.prompt, "@127.0.0.122) Password:"));
	kit_close(&k);
}

static void
survives_new_keys_in_mid_flow(void **state)
{
	struct kit k = {0};
	struct kit_exec x[3];
	struct str want = STR_INIT;

	(void)state;
	for (int i = 1; i <= BIG_LINES; i++)
		str_addf(&want, "%d\n", i);
	open_link(&k, "rekey", 15000);
	for (int i = 0; i < 3; i++)
		kit_exec_start(&k, &x[i], "cat", want.buf);
	for (int i = 0; i < 3; i++) {
		KIT_WAIT(&k, x[i].ends > 0);
		assert_false(x[i].end.lost);
		assert_int_equal(x[i].out.len, want.len);
		assert_memory_equal(x[i].out.buf, want.buf, want.len);
		kit_exec_release(&x[i]);
	}
	str_release(&want);
	kit_close(&k);
}

/* ---- the console dies ---- */

/* What the child of the next test does: a console that is connected, and stays. */
static int
be_console(void)
{
	struct kit k = {0};

	open_link(&k, "ni-db1", 15000);
	while (state_of(&k) != LINK_READY)
		loop_turn(k.loop, 1000);
	if (write(STDOUT_FILENO, "ready", 5) != 5)
		return 1;
	for (;;)
		loop_turn(k.loop, 1000);
}

static void
nothing_outlives_a_killed_console(void **state)
{
	char exe[4096], word[8] = "";
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	int out[2], status;
	pid_t pid, worker;
	struct kit k = {.loop = loop_new()};

	(void)state;
	assert_true(n > 0);
	exe[n] = 0;
	workers_end();
	assert_int_equal(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		dup2(out[1], STDOUT_FILENO);
		close(out[0]);
		close(out[1]);
		execl(exe, exe, "console", (char *)NULL);
		_exit(1);
	}
	close(out[1]);
	assert_int_equal(read(out[0], word, sizeof word - 1), 5);
	assert_int_equal(count_processes("handrail-worker\n", &worker), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	wait_no_workers(&k);
	KIT_WAIT(&k, count_processes("handrail-ssh\n", &worker) == 0);
	close(out[0]);
	loop_free(k.loop);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_every_kind_of_key_file),
		cmocka_unit_test(offers_named_keys_before_a_crowd),
		cmocka_unit_test(an_agent_that_refuses_is_named),
		cmocka_unit_test(goes_on_to_the_second_factor),
		cmocka_unit_test(answers_questions_of_the_host),
		cmocka_unit_test(survives_new_keys_in_mid_flow),
		cmocka_unit_test(nothing_outlives_a_killed_console),
	};
	char *script;
	int failed;

	workerkit_enter(argv);
	if (argc > 1)
		return be_console();
	script = mem_printf("%s/tests/flow/worker-hosts.sh",
		getenv("SRCDIR") ? getenv("SRCDIR") : ".");
	failed = system(script);
	mem_free(script);
	if (failed)
		return 99;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	workers_end();
	return failed;
}
