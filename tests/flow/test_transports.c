/*
 * Every way to a host: which transport is chosen and what is said of it, questions and who
 * is asked, few channels, few logins, agents that wait for a person, and that a host key
 * which is not trusted stops each of them. transport-hosts.sh makes the hosts; runs inside
 * the target stack (tests/lib/stack), which it starts around itself.
 */

#include "config.h"
#include "crowdkit.h"

/* ---- which way ---- */

static const char sk_dummy[] = "/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so";

struct way {
	const char *alias, *transport, *why;
};

static const struct way ways[] = {
	{"ni-db1", "libssh2", ""},
	{"agentuser", "libssh2", ""},
	{"gssapi", "libssh2", ""}, /* there is no ticket */
	{"jumped", "openssh", "ProxyJump"},
	{"proxied", "openssh", "ProxyCommand"},
	{"rsauser", "openssh", "the user keys are RSA only"},
	{"rsahost", "openssh", "known by an RSA key only"},
	{"usercert", "openssh", "a user certificate"},
	{"certfile", "openssh", "a user certificate"},
	{"hostcert", "openssh", "known by a certificate authority"},
	{"aeadonly", "openssh", "ciphers: the host has only aes256-gcm"},
	{"etmonly", "openssh", "MACs: the host has only hmac-sha2"},
};
enum { WAYS = sizeof ways / sizeof *ways };

static void
auto_finds_the_way_and_says_why(void **state)
{
	struct crowd c;

	(void)state;
	crowd_open(&c);
	for (int i = 0; i < WAYS; i++)
		crowd_link(&c, ways[i].alias, HOST_AUTO);
	KIT_WAIT(&c, crowd_settled(&c));
	for (int i = 0; i < WAYS; i++) {
		struct link_status s;

		link_status(c.k[i].link, &s);
		if (s.state != LINK_READY ||
			strcmp(s.transport, ways[i].transport) != 0 ||
			(*ways[i].why ? !strstr(s.why_transport, ways[i].why)
				      : *s.why_transport))
			fail_msg("%s: by %s, because \"%s\": %s", ways[i].alias,
				s.transport, s.why_transport, s.words);
		assert_int_equal(c.k[i].prompts, 0);
		says_hello(&c.k[i]);
	}
	crowd_close(&c);
}

static void
what_is_known_beforehand_is_the_way_it_goes(void **state)
{
	struct crowd c;
	struct kit k = {0};
	struct link_status s;

	(void)state;
	crowd_open(&c);
	k.loop = c.loop;
	k.host.via = HOST_SSH;
	k.link = link_new(&(struct link_opts){.loop = c.loop,
		.doorman = c.doorman,
		.host = &k.host,
		.target = "jumped"});
	link_prepare(k.link);
	KIT_WAIT(&k, (link_status(k.link, &s), *s.transport));
	assert_int_equal(s.state, LINK_IDLE);
	assert_string_equal(s.transport, "openssh");
	assert_string_equal(s.why_transport, "ProxyJump");
	says_hello(&k);
	link_free(k.link);
	crowd_close(&c);
}

static void
libssh2_by_order_never_goes_past_a_gateway(void **state)
{
	static const char *const aliases[] = {"jumped", "proxied"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct kit k = {0};

		open_link(&k, aliases[i], 15000);
		wait_fault(&k, LINK_FAULT_PROTOCOL, "libssh2 knows nothing of Proxy");
		kit_close(&k);
	}
}

static void
a_ticket_is_for_the_system_ssh(void **state)
{
	struct crowd c;
	struct kit *k;
	struct link_status s;

	(void)state;
	crowd_open(&c);
	setenv("KRB5CCNAME", "FILE:/nonexistent/ticket", 1);
	k = crowd_link(&c, "gssapi", HOST_AUTO);
	KIT_WAIT(&c, crowd_settled(&c));
	unsetenv("KRB5CCNAME");
	link_status(k->link, &s);
	assert_int_equal(s.state, LINK_READY); /* by the key: the ticket opens nothing */
	assert_string_equal(s.transport, "openssh");
	assert_string_equal(s.why_transport, "a Kerberos ticket");
	crowd_close(&c);
}

static void
a_fido_key_wants_a_touch_and_no_answer(void **state)
{
	struct crowd c;
	struct kit *k;
	struct link_status s;

	(void)state;
	if (access(sk_dummy, R_OK) != 0) {
		print_message("# NOT PROVEN: FIDO keys (package openssh-tests has the "
			      "provider sk-dummy)\n");
		skip();
	}
	crowd_open(&c);
	k = crowd_link(&c, "fido", HOST_AUTO);
	KIT_WAIT(&c, crowd_settled(&c));
	link_status(k->link, &s);
	if (s.state != LINK_READY)
		fail_msg("%s", s.words);
	assert_string_equal(s.why_transport, "the key is a FIDO key");
	assert_int_equal(k->prompts, 0);
	says_hello(k);
	crowd_close(&c);
}

/* ---- host keys ---- */

static void
nobody_gets_in_by(const char *kind)
{
	char *config = mem_printf("%s/config-%s", getenv("HR_STACK_DIR"), kind);
	struct crowd c;

	setenv("HANDRAIL_SSH_CONFIG", config, 1);
	mem_free(config);
	crowd_open(&c);
	for (int i = 0; i < WAYS; i++)
		crowd_link(&c, ways[i].alias, HOST_AUTO);
	KIT_WAIT(&c, crowd_settled(&c));
	for (int i = 0; i < WAYS; i++) {
		struct link_status s;

		link_status(c.k[i].link, &s);
		if (s.state != LINK_FAILED ||
			(s.fault != LINK_FAULT_KEY_UNKNOWN &&
				s.fault != LINK_FAULT_KEY_CHANGED &&
				s.fault != LINK_FAULT_KEY_REVOKED))
			fail_msg("%s, %s: state %s, fault %s, %s", kind, ways[i].alias,
				link_state_name(s.state), link_fault_name(s.fault),
				s.words);
		/* Where the host shows the very key that is spoken of. */
		if (strcmp(ways[i].alias, "ni-db1") == 0 &&
			!strstr(link_fault_name(s.fault),
				kind[0] == 'u'           ? "UNKNOWN"
					: kind[0] == 'c' ? "CHANGED"
							 : "REVOKED"))
			fail_msg("%s: %s", kind, s.words);
	}
	crowd_close(&c);
	unsetenv("HANDRAIL_SSH_CONFIG");
}

static void
no_way_is_open_to_a_key_that_is_not_known(void **state)
{
	(void)state;
	nobody_gets_in_by("unknown");
}

static void
nor_to_one_that_has_changed(void **state)
{
	(void)state;
	nobody_gets_in_by("changed");
}

static void
nor_to_one_that_is_revoked(void **state)
{
	(void)state;
	nobody_gets_in_by("revoked");
}

static void
the_right_words_for_what_is_not_trusted(void **state)
{
	static const struct {
		const char *alias;
		enum link_fault fault;
		const char *words;
	} rows[] = {
		{"jump-to-unknown", LINK_FAULT_KEY_UNKNOWN, "SHA256:"},
		{"jump-over-changed", LINK_FAULT_KEY_CHANGED, "known_hosts"},
		{"jump-to-refused", LINK_FAULT_REFUSED, "refused"},
		{"hostcert-revoked", LINK_FAULT_KEY_REVOKED, "revoked"},
		{"hostcert-other", LINK_FAULT_KEY_UNKNOWN, "not known"},
		{"certexpired", LINK_FAULT_DENIED, "publickey"},
	};
	enum { ROWS = sizeof rows / sizeof *rows };
	struct crowd c;

	(void)state;
	crowd_open(&c);
	for (int i = 0; i < ROWS; i++)
		crowd_link(&c, rows[i].alias, HOST_AUTO);
	for (int i = 0; i < ROWS; i++)
		wait_fault(&c.k[i], rows[i].fault, rows[i].words);
	crowd_close(&c);
}

/* ---- questions ---- */

static void
one_passphrase_opens_a_key_for_all_hosts(void **state)
{
	struct crowd c;
	int prompts = 0;

	(void)state;
	crowd_open(&c);
	for (int i = 0; i < 6; i++)
		crowd_link(&c, "locked", i % 2 ? HOST_OPENSSH : HOST_AUTO)
			->answer = getenv("HR_PASSPHRASE");
	KIT_WAIT(&c, crowd_settled(&c));
	for (int i = 0; i < 6; i++) {
		prompts += c.k[i].prompts;
		says_hello(&c.k[i]);
	}
	assert_int_equal(prompts, 1);
	crowd_link(&c, "locked", HOST_AUTO);
	KIT_WAIT(&c, crowd_settled(&c));
	says_hello(&c.k[6]); /* and the run's later ones */
	assert_int_equal(c.k[6].prompts, 0);
	crowd_close(&c);
}

static void
and_for_the_gateway_before_them(void **state)
{
	struct crowd c;
	struct kit *k;

	(void)state;
	crowd_open(&c);
	k = crowd_link(&c, "jumped-locked", HOST_AUTO);
	k->answer = getenv("HR_PASSPHRASE");
	KIT_WAIT(&c, crowd_settled(&c));
	says_hello(k);
	assert_int_equal(k->prompts, 1);
	crowd_close(&c);
}

static void
a_passphrase_that_was_not_given_may_be_given_later(void **state)
{
	static const enum host_transport transports[] = {HOST_AUTO, HOST_OPENSSH};
	struct crowd c;

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct kit *k;

		crowd_open(&c);
		k = crowd_link(&c, "locked", transports[i]);
		wait_fault(k, LINK_FAULT_CANCELLED, "cancelled");
		k->answer = getenv("HR_PASSPHRASE");
		link_connect(k->link);
		KIT_WAIT(&c, state_of(k) == LINK_READY);
		assert_int_equal(k->prompts, 2);
		says_hello(k);
		crowd_close(&c);
	}
}

/* The host asks for the password and then for a code, which is good for once. */
static void
password_and_code(const char *alias, enum host_transport transport, const char *code)
{
	struct crowd c;
	struct kit *k;

	crowd_open(&c);
	k = crowd_link(&c, alias, transport);
	k->hold = true;
	KIT_WAIT(&c, k->prompts == 1 || crowd_settled(&c));
	assert_non_null(strstr(k->prompt, "127.0.0.14")); /* whose words they are */
	link_answer(k->link, getenv("HR_OPS_PASSWORD"));
	KIT_WAIT(&c, k->prompts == 2 || crowd_settled(&c));
	assert_non_null(strstr(k->prompt, "One-time password"));
	link_answer(k->link, code);
	KIT_WAIT(&c, k->prompts > 2 || crowd_settled(&c));
	assert_int_equal(k->prompts, 2);
	says_hello(k);
	crowd_close(&c);
}

static bool
without_codes(void)
{
	char *has = mem_printf("%s/has-codes", getenv("HR_STACK_DIR"));
	bool without = access(has, F_OK) != 0;

	if (without)
		print_message("# NOT PROVEN: one-time codes (as root, libpam-oath)\n");
	mem_free(has);
	return without;
}

static void
a_password_and_a_code_are_asked_one_after_the_other(void **state)
{
	(void)state;
	if (without_codes())
		skip();
	password_and_code("otp", HOST_AUTO, "755224");
	password_and_code("otp", HOST_OPENSSH, "287082");
}

static void
they_may_come_after_a_key(void **state)
{
	(void)state;
	if (without_codes())
		skip();
	password_and_code("key-and-otp", HOST_AUTO, "359152");
	password_and_code("key-and-otp", HOST_OPENSSH, "969429");
}

static void
a_wrong_answer_is_not_called_a_passphrase(void **state)
{
	static const enum host_transport transports[] = {HOST_AUTO, HOST_OPENSSH};
	struct crowd c;

	(void)state;
	if (getuid() != 0)
		skip();
	crowd_open(&c);
	for (int i = 0; i < 2; i++)
		crowd_link(&c, "password", transports[i])->answer = "wrong";
	for (int i = 0; i < 2; i++)
		wait_fault(&c.k[i], LINK_FAULT_ANSWER, "answers not accepted");
	crowd_close(&c);
}

static void
nobody_is_asked_for_a_password_while_keys_are_taken(void **state)
{
	struct crowd c;
	struct kit *k;

	(void)state;
	if (getuid() != 0)
		skip();
	crowd_open(&c);
	k = crowd_link(&c, "key-or-password", HOST_AUTO);
	wait_fault(k, LINK_FAULT_DENIED, "PreferredAuthentications");
	assert_int_equal(k->prompts, 0);
	crowd_close(&c);
}

/* ---- few channels, few logins ---- */

static void
few_channels(const char *alias, enum host_transport transport)
{
	enum { EXECS = 7 };
	struct crowd c;
	struct kit *k;
	struct kit_exec x[EXECS];

	crowd_open(&c);
	k = crowd_link(&c, alias, transport);
	for (int i = 0; i < EXECS; i++)
		kit_exec_start(k, &x[i], "cat", "as it was");
	for (int i = 0; i < EXECS; i++) {
		KIT_WAIT(&c, x[i].ends > 0);
		if (x[i].end.exit != 0 || strcmp(x[i].out.buf, "as it was") != 0)
			fail_msg("%s, %d of %d: exit %d, \"%s\", %s", alias, i, EXECS,
				x[i].end.exit, x[i].out.buf, x[i].end.why);
		assert_int_equal(x[i].ends, 1);
		kit_exec_release(&x[i]);
	}
	crowd_close(&c);
}

static void
few_channels_are_shared_and_nothing_fails(void **state)
{
	(void)state;
	few_channels("narrow", HOST_AUTO);
	few_channels("narrow", HOST_OPENSSH);
	few_channels("two-sessions", HOST_AUTO);
	few_channels("two-sessions", HOST_OPENSSH);
}

static void
a_crowded_host_lets_in_one_after_the_other(void **state)
{
	struct crowd c;

	(void)state;
	crowd_open(&c);
	for (int i = 0; i < 10; i++) /* MaxStartups 1:100:1 */
		crowd_link(&c, "crowded", i < 7 ? HOST_AUTO : HOST_OPENSSH);
	KIT_WAIT(&c, crowd_settled(&c));
	for (int i = 0; i < 10; i++)
		says_hello(&c.k[i]);
	crowd_close(&c);
}

static void
one_that_was_down_is_there_when_it_is_up(void **state)
{
	struct crowd c;
	struct kit *k;
	struct kit_exec x;
	char *late = mem_printf("%s/late", getenv("HR_STACK_DIR"));

	(void)state;
	crowd_open(&c);
	k = crowd_link(&c, "late", HOST_AUTO);
	wait_fault(k, LINK_FAULT_REFUSED, "refused");
	assert_int_equal(system(late), 0);
	do { /* nobody says "connect": a later look simply tries */
		run_one(k, "printf hello", "", &x);
		loop_turn(c.loop, 50);
		kit_exec_release(&x);
	} while (x.end.lost);
	assert_int_equal(x.end.exit, 0);
	mem_free(late);
	crowd_close(&c);
}

/* The host goes, with every connection, and comes back: nobody storms it. */
static void
those_that_went_together_come_back_one_by_one(void **state)
{
	enum { LINKS = 12 };
	static const char lose[] = "kill -9 $PPID; read x";
	char *dir = getenv("HR_STACK_DIR");
	char *down = mem_printf("kill -9 $(cat %s/hosts/late.pid)", dir);
	char *up = mem_printf("%s/late", dir);
	struct crowd c;
	struct kit_exec x[LINKS];
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	crowd_open(&c);
	for (int i = 0; i < LINKS; i++)
		crowd_link(&c, "late", HOST_LIBSSH2);
	KIT_WAIT(&c, crowd_settled(&c));
	assert_int_equal(system(down), 0);
	for (int i = 0; i < LINKS; i++)
		kit_exec_start(&c.k[i], &x[i], lose, "");
	for (int i = 0; i < LINKS; i++) {
		struct link_status s;

		KIT_WAIT(&c, x[i].ends > 0);
		assert_true(x[i].end.lost);
		kit_exec_release(&x[i]);
		link_status(c.k[i].link, &s);
		if (s.state !=
			LINK_LOST) /* a turn of the loop was slow: it tries already */
			continue;
		least = s.retry_in_ms < least ? s.retry_in_ms : least;
		most = s.retry_in_ms > most ? s.retry_in_ms : most;
	}
	assert_in_range(most, 1, 1000);
	assert_true(least < most); /* by chance: not all at the same moment */
	assert_int_equal(system(up), 0);
	for (int i = 0; i < LINKS; i++)
		says_hello(&c.k[i]);
	mem_free(down);
	mem_free(up);
	crowd_close(&c);
}

/* ---- agents ---- */

static void
what_an_agent_waits_for_is_said(void **state)
{
	char *yes = mem_printf("%s/yes", getenv("HR_STACK_DIR"));
	struct crowd c;
	struct kit *k;
	FILE *f;

	(void)state;
	crowd_open(&c);
	k = crowd_link(&c, "patient", HOST_AUTO);
	KIT_WAIT(&c, crowd_settled(&c) || crowd_says(k, "waits for the agent to sign"));
	assert_true(crowd_says(k, "id_confirmed"));
	assert_int_equal(k->prompts, 0);
	f = fopen(yes, "w");
	assert_non_null(f);
	fputs("yes\n", f);
	fclose(f);
	KIT_WAIT(&c, crowd_settled(&c));
	says_hello(k);
	mem_free(yes);
	crowd_close(&c);
}

static void
waiting_for_an_agent_can_be_ended(void **state)
{
	struct crowd c;
	struct kit *k;

	(void)state;
	crowd_open(&c);
	k = crowd_link(&c, "patient", HOST_AUTO);
	KIT_WAIT(&c, crowd_settled(&c) || crowd_says(k, "waits for the agent to sign"));
	link_answer(k->link, NULL);
	wait_fault(k, LINK_FAULT_CANCELLED, "not waited for");
	crowd_close(&c);
}

static void
an_agent_that_ends_is_named(void **state)
{
	struct crowd c;
	struct kit *k;

	(void)state;
	crowd_open(&c);
	k = crowd_link(&c, "mortal", HOST_LIBSSH2);
	wait_fault(k, LINK_FAULT_DENIED, "the agent hung up");
	crowd_close(&c);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(auto_finds_the_way_and_says_why),
		cmocka_unit_test(what_is_known_beforehand_is_the_way_it_goes),
		cmocka_unit_test(libssh2_by_order_never_goes_past_a_gateway),
		cmocka_unit_test(a_ticket_is_for_the_system_ssh),
		cmocka_unit_test(a_fido_key_wants_a_touch_and_no_answer),
		cmocka_unit_test(no_way_is_open_to_a_key_that_is_not_known),
		cmocka_unit_test(nor_to_one_that_has_changed),
		cmocka_unit_test(nor_to_one_that_is_revoked),
		cmocka_unit_test(the_right_words_for_what_is_not_trusted),
		cmocka_unit_test(one_passphrase_opens_a_key_for_all_hosts),
		cmocka_unit_test(and_for_the_gateway_before_them),
		cmocka_unit_test(a_passphrase_that_was_not_given_may_be_given_later),
		cmocka_unit_test(a_password_and_a_code_are_asked_one_after_the_other),
		cmocka_unit_test(they_may_come_after_a_key),
		cmocka_unit_test(a_wrong_answer_is_not_called_a_passphrase),
		cmocka_unit_test(nobody_is_asked_for_a_password_while_keys_are_taken),
		cmocka_unit_test(few_channels_are_shared_and_nothing_fails),
		cmocka_unit_test(a_crowded_host_lets_in_one_after_the_other),
		cmocka_unit_test(one_that_was_down_is_there_when_it_is_up),
		cmocka_unit_test(those_that_went_together_come_back_one_by_one),
		cmocka_unit_test(what_an_agent_waits_for_is_said),
		cmocka_unit_test(waiting_for_an_agent_can_be_ended),
		cmocka_unit_test(an_agent_that_ends_is_named),
	};
	char *script;
	int failed;

	(void)argc;
	workerkit_enter(argv);
	script = mem_printf("%s/tests/flow/transport-hosts.sh",
		getenv("SRCDIR") ? getenv("SRCDIR") : ".");
	failed = system(script);
	mem_free(script);
	if (failed)
		return 99;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	workers_end();
	return failed;
}
