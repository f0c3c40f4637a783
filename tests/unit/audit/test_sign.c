#include "audit/sign.h"

#include "signers.h"

#define STATEMENT "handrail sign-off v1\nwhat is signed\n"
#define TIME      "2026-11-20T13:02:40Z"

static struct told
check_with(
	const char *principal, const char *statement, const char *sig, const char *time)
{
	struct told t = {0};
	struct err e = ERR_INIT;
	char *roster = file_join(dir, "roster");

	t.sign = sign_check(
		loop, roster, principal, statement, sig, time, told_end, &t, &e);
	if (!t.sign)
		fail_msg("%s", e.msg);
	while (!t.calls)
		loop_turn(loop, 1000);
	sign_free(t.sign);
	assert_int_equal(t.calls, 1);
	assert_true(t.ok == (t.why[0] == '\0'));
	mem_free(roster);
	return t;
}

static bool
good(const char *principal, const char *statement, const char *sig, const char *time)
{
	return check_with(principal, statement, sig, time).ok;
}

static void
a_plain_key_signs_and_the_signature_holds(void **state)
{
	struct sign_key key;
	struct told t;

	(void)state;
	make_key("lea", "");
	add_signer("roster", "lea@example.com", "", "lea");
	key = key_of("lea");
	t = sign_with(&key, STATEMENT, NULL);
	assert_true(t.ok);
	assert_int_equal(t.prompts, 0);
	assert_true(str_starts(t.sig, "-----BEGIN SSH SIGNATURE-----\n"));
	assert_true(good("lea@example.com", STATEMENT, t.sig, TIME));
	/* and for nobody and nothing else */
	assert_false(good("bob@example.com", STATEMENT, t.sig, TIME));
	assert_false(good("", STATEMENT, t.sig, TIME));
	assert_false(good("-h", STATEMENT, t.sig, TIME));
	assert_false(good("lea@example.com", STATEMENT " ", t.sig, TIME));
	assert_false(good("lea@example.com", "", t.sig, TIME));
	assert_false(good("lea@example.com", STATEMENT, "", TIME));
	assert_false(good("lea@example.com", STATEMENT, "no armour\n", TIME));
	assert_non_null(check_with("bob", STATEMENT, t.sig, TIME).why);
	mem_free(t.sig);
	key_release(&key);
}

/* Each line of the armour with one letter changed. */
static void
a_changed_signature_does_not_hold(void **state)
{
	struct sign_key key;
	struct told t;

	(void)state;
	make_key("lea", "");
	add_signer("roster", "lea@example.com", "", "lea");
	key = key_of("lea");
	t = sign_with(&key, STATEMENT, NULL);
	for (char *line = t.sig, *lf; (lf = strchr(line, '\n')); line = lf + 1) {
		char *at = line + (lf - line) / 2, was = *at;
		*at = was == 'A' ? 'B' : 'A';
		assert_false(good("lea@example.com", STATEMENT, t.sig, TIME));
		*at = was;
	}
	assert_true(good("lea@example.com", STATEMENT, t.sig, TIME));
	mem_free(t.sig);
	key_release(&key);
}

static void
the_roster_decides_who_when_and_what_for(void **state)
{
	struct sign_key key;
	struct told t;
	struct str other;

	(void)state;
	make_key("lea", "");
	make_key("bob", "");
	key = key_of("lea");
	t = sign_with(&key, STATEMENT, NULL);
	add_signer("roster", "lea@example.com", ",valid-before=\"20261120\"", "lea");
	assert_false(good("lea@example.com", STATEMENT, t.sig, TIME));
	assert_true(good("lea@example.com", STATEMENT, t.sig, "2026-11-19T10:00:00Z"));
	shell("rm roster");
	add_signer("roster", "lea@example.com", ",valid-after=\"20261121\"", "lea");
	assert_false(good("lea@example.com", STATEMENT, t.sig, TIME));
	shell("rm roster");
	add_signer("roster", "lea@example.com", "", "bob");
	assert_false(good("lea@example.com", STATEMENT, t.sig, TIME));
	shell("sed -i 's/signoff/other/' roster");
	shell("printf 'lea@example.com namespaces=\"other\" %%s\\n' \"$(cut -d' ' -f1,2 "
	      "lea.pub)\" >roster");
	assert_false(good("lea@example.com", STATEMENT, t.sig, TIME));
	shell(": >roster");
	assert_false(good("lea@example.com", STATEMENT, t.sig, TIME));
	shell("rm roster");
	assert_false(good("lea@example.com", STATEMENT, t.sig, TIME));
	/* a signature of the same key for another purpose */
	add_signer("roster", "lea@example.com", "", "lea");
	shell("sed -i 's/ namespaces=[^ ]*//' roster");
	assert_true(good("lea@example.com", STATEMENT, t.sig, TIME));
	records_text(dir, "stmt", STATEMENT);
	shell("ssh-keygen -q -Y sign -n file -f lea stmt 2>/dev/null");
	other = records_read(dir, "stmt.sig");
	assert_false(good("lea@example.com", STATEMENT, other.buf, TIME));
	str_release(&other);
	mem_free(t.sig);
	key_release(&key);
}

static void
a_passphrase_is_asked_through_us(void **state)
{
	struct sign_key key;
	struct told t;

	(void)state;
	make_key("lea", "open sesame");
	add_signer("roster", "lea@example.com", "", "lea");
	key = key_of("lea");
	t = sign_with(&key, STATEMENT, "open sesame");
	assert_true(t.ok);
	assert_int_equal(t.prompts, 1);
	assert_true(good("lea@example.com", STATEMENT, t.sig, TIME));
	mem_free(t.sig);
	t = sign_with(&key, STATEMENT, "open barley");
	assert_false(t.ok);
	assert_null(t.sig);
	assert_non_null(strstr(t.why, "passphrase"));
	t = sign_with(&key, STATEMENT, NULL);
	assert_false(t.ok);
	assert_int_equal(t.prompts, 1);
	assert_non_null(strstr(t.why, "passphrase"));
	key_release(&key);
}

struct listed {
	int calls;
	struct sign_keys keys;
	enum err_kind kind;
};

static void
listed_keys(void *ctx, const struct sign_keys *keys, const struct err *e)
{
	struct listed *l = ctx;

	l->calls++;
	sign_keys_copy(&l->keys, keys);
	l->kind = e->kind;
}

static struct listed
list_keys(const char *roster, const char *extra)
{
	struct listed l = {0};
	struct sign *s = sign_list_keys(loop, roster, extra, listed_keys, &l);

	while (!l.calls)
		loop_turn(loop, 1000);
	sign_free(s);
	assert_int_equal(l.calls, 1);
	return l;
}

static void
nothing_to_keep(void *ctx, const char *p, size_t len)
{
	(void)ctx;
	(void)p;
	(void)len;
}

static void
child_gone(void *ctx, const struct loop_child_end *end)
{
	(void)end;
	*(bool *)ctx = true;
}

/* An agent of our own at dir/agent; ends with loop_child_free. */
static struct loop_child *
start_agent(bool *gone)
{
	char *socket = file_join(dir, "agent");
	const char *const argv[] = {"ssh-agent", "-D", "-a", socket, NULL};
	struct err e = ERR_INIT;
	struct loop_child *child = loop_child_start(loop,
		&(struct loop_child_opts){.argv = argv, .pass_fd = -1},
		&(struct loop_child_calls){
			nothing_to_keep, nothing_to_keep, child_gone, gone},
		&e);

	if (!child)
		fail_msg("%s", e.msg);
	setenv("SSH_AUTH_SOCK", socket, 1);
	while (!file_exists(socket) && !*gone)
		loop_turn(loop, 10);
	mem_free(socket);
	return child;
}

static void
a_key_of_the_agent_signs_without_its_file(void **state)
{
	bool gone = false;
	struct loop_child *agent = start_agent(&gone);
	char *roster = file_join(dir, "roster"), *extra = file_join(dir, "file");
	struct listed l;
	struct told t;

	(void)state;
	make_key("lea", "");
	make_key("file", "");
	add_signer("roster", "lea@example.com", "", "lea");
	shell("ssh-add -q lea && rm lea lea.pub");
	l = list_keys(roster, extra);
	assert_int_equal(l.kind, ERR_NONE);
	assert_int_equal(l.keys.list.len, 2);
	assert_string_equal(l.keys.list.at[0].name, "file key"); /* asked for by name */
	assert_null(l.keys.list.at[0].principal);
	assert_string_equal(l.keys.list.at[1].name, "lea key");
	assert_string_equal(l.keys.list.at[1].principal, "lea@example.com");
	assert_true(l.keys.list.at[1].from_agent);
	t = sign_with(&l.keys.list.at[1], STATEMENT, NULL);
	assert_true(t.ok);
	assert_true(good("lea@example.com", STATEMENT, t.sig, TIME));
	mem_free(t.sig);
	/* the agent forgets it */
	shell("ssh-add -q -D 2>/dev/null");
	t = sign_with(&l.keys.list.at[1], STATEMENT, NULL);
	assert_false(t.ok);
	assert_true(t.why[0]);
	sign_keys_release(&l.keys);
	loop_child_free(agent);
	/* and is dead */
	l = list_keys(NULL, NULL);
	assert_int_equal(l.keys.list.len, 0);
	sign_keys_release(&l.keys);
	mem_free(roster);
	mem_free(extra);
}

static void
a_roster_that_cannot_be_read_is_told(void **state)
{
	struct listed l;

	(void)state;
	make_key("lea", "");
	shell("mkdir .ssh && mv lea .ssh/id_ed25519 && mv lea.pub .ssh/id_ed25519.pub");
	l = list_keys("/nowhere", NULL);
	assert_int_equal(l.kind, ERR_IO);
	assert_int_equal(l.keys.list.len, 1);
	sign_keys_release(&l.keys);
}

static void
without_openssh_there_are_reasons_not_crashes(void **state)
{
	char *path = mem_strdup(getenv("PATH"));
	struct listed l = {0};
	struct told t = {0};
	struct err e = ERR_INIT;
	struct sign_key key;
	struct sign *s;

	(void)state;
	make_key("lea", "");
	key = key_of("lea");
	setenv("PATH", "/nowhere", 1);
	l = list_keys(NULL, key.path);
	assert_int_equal(l.keys.list.len, 1);
	sign_keys_release(&l.keys);
	/* given up before the answer: no call comes */
	l = (struct listed){0};
	s = sign_list_keys(loop, NULL, NULL, listed_keys, &l);
	sign_free(s);
	for (int i = 0; i < 3; i++)
		loop_turn(loop, 0);
	assert_int_equal(l.calls, 0);
	t.sign = sign_start(loop, &key, STATEMENT, told_prompt, told_end, &t, &e);
	while (t.sign && !t.calls)
		loop_turn(loop, 1000);
	assert_true(!t.sign || (!t.ok && t.why[0]));
	assert_true(t.sign || strstr(e.msg, "ssh-keygen"));
	sign_free(t.sign);
	setenv("PATH", path, 1);
	mem_free(path);
	key_release(&key);
}

static void
prompt_and_wait(void *ctx, const char *text, bool notice)
{
	struct told *t = ctx;

	(void)text;
	(void)notice;
	t->prompts++;
}

static void
given_up_in_the_middle_no_call_comes(void **state)
{
	struct told t = {0};
	struct err e = ERR_INIT;
	struct sign_key key;

	(void)state;
	make_key("lea", "secret");
	key = key_of("lea");
	t.sign = sign_start(loop, &key, STATEMENT, prompt_and_wait, told_end, &t, &e);
	assert_non_null(t.sign);
	while (!t.prompts)
		loop_turn(loop, 1000);
	sign_free(t.sign);
	for (int i = 0; i < 5; i++)
		loop_turn(loop, 10);
	assert_int_equal(t.calls, 0);
	sign_free(NULL);
	key_release(&key);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		EACH(a_plain_key_signs_and_the_signature_holds),
		EACH(a_changed_signature_does_not_hold),
		EACH(the_roster_decides_who_when_and_what_for),
		EACH(a_passphrase_is_asked_through_us),
		EACH(a_key_of_the_agent_signs_without_its_file),
		EACH(a_roster_that_cannot_be_read_is_told),
		EACH(without_openssh_there_are_reasons_not_crashes),
		EACH(given_up_in_the_middle_no_call_comes),
	};

	signers_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
