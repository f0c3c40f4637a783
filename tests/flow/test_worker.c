/*
 * libssh2 through handrail-ssh against real sshds: every way to log in and to fail, bytes
 * both ways, and what happens when any of the processes between dies. Runs inside the
 * target stack (tests/lib/stack), which it starts around itself.
 */

#include "config.h"
#include "oddserver.h"
#include "workerkit.h"

enum { BIG_BYTES = 5000000, PARALLEL = 12 };

/* ---- logging in ---- */

static void
logs_in_with_a_key_file(void **state)
{
	struct kit k = {0};
	struct link_status s;

	(void)state;
	open_link(&k, "ni-db1", 15000);
	wait_ready(&k);
	says_hello(&k);
	link_status(k.link, &s);
	assert_non_null(strstr(s.crypto, "curve25519-sha256"));
	assert_non_null(strstr(s.crypto, "aes256-ctr hmac-sha2-256"));
	assert_int_equal(strncmp(s.hostkey, "SHA256:", 7), 0);
	assert_int_equal(k.prompts, 0);
	kit_close(&k);
}

static void
logs_in_with_an_agent_key(void **state)
{
	struct kit k = {0};

	(void)state;
	open_link(&k, "agentuser", 15000);
	wait_ready(&k);
	says_hello(&k);
	assert_int_equal(k.prompts, 0);
	kit_close(&k);
}

static void
finds_hosts_by_hashed_name_port_and_alias(void **state)
{
	static const char *const targets[] = {"web1", "web2", "aliased"};

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct kit k = {0};

		open_link(&k, targets[i], 15000);
		wait_ready(&k);
		says_hello(&k);
		kit_close(&k);
	}
}

static void
asks_for_a_passphrase_once(void **state)
{
	struct kit k = {.answer = getenv("HR_PASSPHRASE")};

	(void)state;
	open_link(&k, "locked", 15000);
	wait_ready(&k);
	says_hello(&k);
	assert_int_equal(k.prompts, 1);
	assert_non_null(strstr(k.prompt, "id_locked"));
	kit_close(&k);
}

static void
asks_again_after_a_wrong_passphrase(void **state)
{
	struct kit k = {.hold = true};

	(void)state;
	open_link(&k, "locked", 15000);
	KIT_WAIT(&k, k.prompts == 1);
	link_answer(k.link, "not this one");
	KIT_WAIT(&k, k.prompts == 2);
	assert_non_null(strstr(k.prompt, "Bad passphrase"));
	link_answer(k.link, getenv("HR_PASSPHRASE"));
	wait_ready(&k);
	says_hello(&k);
	kit_close(&k);
}

static void
gives_up_after_three_wrong_passphrases(void **state)
{
	struct kit k = {.answer = "wrong"};

	(void)state;
	open_link(&k, "locked", 15000);
	wait_fault(&k, LINK_FAULT_PASSPHRASE, "id_locked");
	assert_int_equal(k.prompts, 3);
	kit_close(&k);
}

static void
a_cancelled_passphrase_cancels(void **state)
{
	struct kit k = {.answer = NULL};

	(void)state;
	open_link(&k, "locked", 15000);
	wait_fault(&k, LINK_FAULT_CANCELLED, "cancelled");
	assert_int_equal(k.prompts, 1);
	kit_close(&k);
}

static void
logs_in_with_a_password_where_no_key_is_taken(void **state)
{
	struct kit k = {.answer = getenv("HR_OPS_PASSWORD")};

	(void)state;
	if (!k.answer || getuid() != 0)
		skip();
	open_link(&k, "password", 15000);
	wait_ready(&k);
	says_hello(&k);
	assert_int_equal(k.prompts, 1);
	assert_non_null(strstr(k.prompt, "password"));
	kit_close(&k);
}

static void
refuses_wrong_passwords(void **state)
{
	struct kit k = {.answer = "wrong"};

	(void)state;
	if (getuid() != 0)
		skip();
	open_link(&k, "password", 15000);
	wait_fault(&k, LINK_FAULT_ANSWER, "asked 3 times");
	assert_in_range(k.prompts, 1, 3);
	kit_close(&k);
}

/* ---- failing to ---- */

static void
names_every_fault(void **state)
{
	static const struct {
		const char *target;
		enum link_fault fault;
		const char *words;
	} rows[] = {
		{"unknown", LINK_FAULT_KEY_UNKNOWN, "SHA256:"},
		{"changed", LINK_FAULT_KEY_CHANGED, "known_hosts"},
		{"revoked", LINK_FAULT_KEY_REVOKED, "known_hosts"},
		{"refused", LINK_FAULT_REFUSED, "refused"},
		{"unreachable", LINK_FAULT_UNREACHABLE, "unreachable"},
		{"nosuchhost", LINK_FAULT_NO_SUCH_HOST, "no-such-host"},
		{"aeadonly", LINK_FAULT_PROTOCOL,
			"ciphers: the host has only aes256-gcm"},
		{"etmonly", LINK_FAULT_PROTOCOL, "MACs: the host has only hmac-sha2"},
		{"rsahost", LINK_FAULT_PROTOCOL, "host keys: the host has only"},
		{"noauth", LINK_FAULT_DENIED, "none accepted"},
		{"rsauser", LINK_FAULT_NO_KEY, "RSA"},
		{"mute", LINK_FAULT_TIMEOUT, "SSH version"},
		{"chatter", LINK_FAULT_PROTOCOL, "does not speak SSH"},
		{"babble", LINK_FAULT_PROTOCOL, "does not speak SSH"},
		{"huge", LINK_FAULT_PROTOCOL, ""},
		{"ancient", LINK_FAULT_PROTOCOL, "does not speak SSH 2"},
	};
	enum { COUNT = sizeof rows / sizeof *rows };

	(void)state;
	for (int i = 0; i < COUNT; i++) {
		struct kit k = {0};

		print_message("# %s\n", rows[i].target);
		open_link(&k, rows[i].target, 3000);
		wait_fault(&k, rows[i].fault, rows[i].words);
		kit_close(&k);
	}
}

static void
one_that_hangs_up_at_once_is_asked_again_for_a_while(void **state)
{
	struct kit k = {0};
	struct link_status s;
	struct mono begin = clock_mono();

	(void)state;
	setenv("HANDRAIL_TEST_PACE", "2", 1);
	open_link(&k, "hangup", 3000);
	KIT_WAIT(&k, (link_status(k.link, &s), strstr(s.words, "tries again")));
	assert_int_equal(s.state, LINK_CONNECTING);
	assert_non_null(strstr(s.words, "hung up before its greeting"));
	wait_fault(&k, LINK_FAULT_BUSY, "MaxStartups");
	assert_true(clock_mono().ms - begin.ms >= 900); /* 2 % of 45 s */
	unsetenv("HANDRAIL_TEST_PACE");
	kit_close(&k);
}

/* ---- bytes ---- */

static void
five_megabytes_arrive_as_sent(void **state)
{
	struct kit k = {0};
	struct kit_exec x;
	struct str want = STR_INIT;
	int n = 0;

	(void)state;
	while (want.len < BIG_BYTES)
		str_addf(&want, "%d\n", ++n);
	open_link(&k, "ni-db1", 15000);
	wait_ready(&k);
	run_one(&k, "i=$(seq 1 1000000 | head -c 5100000; echo x); printf %s \"${i%?}\"",
		"", &x);
	assert_true(x.out.len >= BIG_BYTES);
	assert_memory_equal(x.out.buf, want.buf, BIG_BYTES);
	kit_exec_release(&x);
	/* Up and down again: credit flows both ways. */
	kit_exec_start(&k, &x, "cat", want.buf);
	KIT_WAIT(&k, x.ends > 0);
	assert_int_equal(x.out.len, want.len);
	assert_memory_equal(x.out.buf, want.buf, want.len);
	kit_exec_release(&x);
	str_release(&want);
	kit_close(&k);
}

static void
standard_output_and_error_stay_apart(void **state)
{
	struct kit k = {0};
	struct kit_exec x;

	(void)state;
	open_link(&k, "ni-db1", 15000);
	wait_ready(&k);
	run_one(&k, "seq 1 200000; seq 200001 300000 >&2; exit 7", "", &x);
	assert_int_equal(x.out.len, 1288895);
	assert_int_equal(x.err.len, 700000);
	assert_int_equal(strncmp(x.out.buf, "1\n2\n", 4), 0);
	assert_int_equal(strncmp(x.err.buf, "200001\n", 7), 0);
	assert_int_equal(x.end.exit, 7);
	kit_exec_release(&x);
	kit_close(&k);
}

static void
many_channels_at_once(void **state)
{
	struct kit k = {0};
	struct kit_exec x[PARALLEL];
	struct str input = STR_INIT;
	int ended = 0;

	(void)state;
	while (input.len < 600000)
		str_addf(&input, "line %zu\n", input.len);
	open_link(&k, "ni-db1", 15000);
	for (int i = 0; i < PARALLEL; i++)
		kit_exec_start(&k, &x[i], i % 2 ? "cat >&2" : "cat", input.buf);
	while (ended < PARALLEL) {
		int before = ended;

		ended = 0;
		for (int i = 0; i < PARALLEL; i++)
			ended += x[i].ends;
		if (ended == before)
			loop_turn(k.loop, 1000);
	}
	for (int i = 0; i < PARALLEL; i++) {
		struct str *got = i % 2 ? &x[i].err : &x[i].out;

		assert_int_equal(x[i].ends, 1);
		assert_int_equal(got->len, input.len);
		assert_memory_equal(got->buf, input.buf, input.len);
		kit_exec_release(&x[i]);
	}
	str_release(&input);
	kit_close(&k);
}

static void
one_channel_serves_all_in_turn(void **state)
{
	struct kit k = {0};
	struct kit_exec first = {.out = STR_INIT, .err = STR_INIT}, second;
	const struct link_exec_calls calls = {
		.on_out = kit_exec_out, .on_end = kit_exec_end, .ctx = &first};

	(void)state;
	open_link(&k, "narrow", 15000); /* MaxSessions 1 */
	first.x = link_exec_keep(k.link, "echo here; cat", "", 0, &calls);
	KIT_WAIT(&k, first.out.len > 0);
	kit_exec_start(&k, &second, "cat", "two");
	KIT_WAIT(&k, link_is_narrow(k.link));
	assert_int_equal(first.ends + second.ends, 0);
	assert_false(link_exec_sent(second.x));
	kit_exec_release(&first);
	KIT_WAIT(&k, second.ends > 0);
	assert_string_equal(second.out.buf, "two"); /* its input was kept for it */
	assert_int_equal(second.end.exit, 0);
	kit_exec_release(&second);
	kit_close(&k);
}

static void
an_endless_command_line_is_refused(void **state)
{
	struct kit k = {0};
	struct kit_exec x;
	char *command = mem_alloc(100000);

	(void)state;
	memset(command, ' ', 99999);
	memcpy(command, "true", 4);
	open_link(&k, "ni-db1", 15000);
	run_one(&k, command, "", &x);
	assert_int_equal(x.end.exit, -1);
	assert_non_null(strstr(x.end.why, "longer than 32 KiB"));
	kit_exec_release(&x);
	says_hello(&k);
	kit_close(&k);
	mem_free(command);
}

static void
letting_go_of_an_exec_frees_its_channel(void **state)
{
	struct kit k = {0};

	(void)state;
	open_link(&k, "ni-db1", 15000);
	wait_ready(&k);
	for (int i = 0; i < 30; i++) {
		struct kit_exec x;

		kit_exec_start(&k, &x, "yes", "");
		KIT_WAIT(&k, x.out.len > 0 || x.ends > 0);
		assert_true(x.out.len > 0);
		kit_exec_release(&x);
	}
	says_hello(&k);
	kit_close(&k);
}

/* ---- deaths ---- */

static void
a_killed_sshd_loses_the_exec_and_nothing_else(void **state)
{
	struct kit k = {0};
	struct kit_exec x;

	(void)state;
	open_link(&k, "ni-db1", 15000);
	wait_ready(&k);
	run_one(&k, "kill -9 $PPID; cat", "", &x);
	assert_true(x.end.lost);
	kit_exec_release(&x);
	assert_int_equal(state_of(&k), LINK_LOST);
	says_hello(&k); /* comes back by itself */
	kit_close(&k);
}

static void
a_killed_worker_reads_crashed(void **state)
{
	struct kit k = {0};
	struct kit_exec x;
	struct link_status s;
	pid_t pid = 0;

	(void)state;
	open_link(&k, "ni-db1", 15000);
	wait_ready(&k);
	kit_exec_start(&k, &x, "cat; sleep 30", "");
	assert_int_equal(count_workers(&pid), 1);
	assert_int_equal(kill(pid, SIGKILL), 0);
	KIT_WAIT(&k, x.ends > 0);
	assert_true(x.end.lost);
	link_status(k.link, &s);
	assert_int_equal(s.fault, LINK_FAULT_CRASHED);
	kit_exec_release(&x);
	says_hello(&k);
	kit_close(&k);
}

static void
a_new_parent_replaces_a_dead_one(void **state)
{
	struct kit k = {0};

	(void)state;
	workers_end();
	open_link(&k, "ni-db1", 15000);
	wait_ready(&k);
	workers_end(); /* and its workers with it */
	KIT_WAIT(&k, state_of(&k) == LINK_LOST);
	says_hello(&k);
	kit_close(&k);
}

/* Does the file about this process hold this line beginning? */
static bool
proc_says(pid_t pid, const char *name, const char *begins)
{
	char path[64], line[300];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	f = fopen(path, "r");
	while (f && !found && fgets(line, sizeof line, f))
		found = strncmp(line, begins, strlen(begins)) == 0;
	if (f)
		fclose(f);
	return found;
}

static void
a_worker_is_confined(void **state)
{
	struct kit k = {0};
	pid_t pid = 0;
	char path[64];
	int open_fds = 0;
	DIR *d;

	(void)state;
#ifdef HR_SANITIZED
	skip();
#endif
	open_link(&k, "ni-db1", 15000);
	wait_ready(&k);
	assert_int_equal(count_workers(&pid), 1);
	assert_true(proc_says(pid, "status", "NoNewPrivs:\t1"));
	assert_true(proc_says(pid, "limits", "Max core file size        0 "));
	assert_true(proc_says(pid, "limits", "Max address space         268435456 "));
	assert_true(proc_says(pid, "limits", "Max open files            32 "));
	snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
	d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));)
		open_fds += e->d_name[0] != '.';
	if (d) /* root alone may look: it is not dumpable */
		assert_int_equal(open_fds, 5); /* standard ones, console, host */
	if (d)
		closedir(d);
	kit_close(&k);
}

static void
a_closed_link_leaves_no_worker(void **state)
{
	struct kit k = {0};
	pid_t pid;

	(void)state;
	open_link(&k, "ni-db1", 15000);
	wait_ready(&k);
	assert_int_equal(count_workers(&pid), 1);
	link_free(k.link);
	k.link = NULL;
	wait_no_workers(&k);
	loop_free(k.loop);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logs_in_with_a_key_file),
		cmocka_unit_test(logs_in_with_an_agent_key),
		cmocka_unit_test(finds_hosts_by_hashed_name_port_and_alias),
		cmocka_unit_test(asks_for_a_passphrase_once),
		cmocka_unit_test(asks_again_after_a_wrong_passphrase),
		cmocka_unit_test(gives_up_after_three_wrong_passphrases),
		cmocka_unit_test(a_cancelled_passphrase_cancels),
		cmocka_unit_test(logs_in_with_a_password_where_no_key_is_taken),
		cmocka_unit_test(refuses_wrong_passwords),
		cmocka_unit_test(names_every_fault),
		cmocka_unit_test(one_that_hangs_up_at_once_is_asked_again_for_a_while),
		cmocka_unit_test(five_megabytes_arrive_as_sent),
		cmocka_unit_test(standard_output_and_error_stay_apart),
		cmocka_unit_test(many_channels_at_once),
		cmocka_unit_test(one_channel_serves_all_in_turn),
		cmocka_unit_test(an_endless_command_line_is_refused),
		cmocka_unit_test(letting_go_of_an_exec_frees_its_channel),
		cmocka_unit_test(a_killed_sshd_loses_the_exec_and_nothing_else),
		cmocka_unit_test(a_killed_worker_reads_crashed),
		cmocka_unit_test(a_new_parent_replaces_a_dead_one),
		cmocka_unit_test(a_worker_is_confined),
		cmocka_unit_test(a_closed_link_leaves_no_worker),
	};
	int failed;

	(void)argc;
	workerkit_enter(argv);
	oddserver_serve_all();
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	workers_end();
	return failed;
}
