#include "audit/keyfile.h"

#include "../journal/records.h"

/* Two keys nobody has, and the fingerprints that ssh-keygen -l gives them. */
#define KEY_A   "AAAAC3NzaC1lZDI1NTE5AAAAIHtyb2bnn9XQ+4m23vNk0qJWPncujQ4ZqOG+3Zd8b9In"
#define PRINT_A "SHA256:FKswRfS6DRw5mqPrDltb502P9y4JJ1zTatHbPLGqt48"
#define KEY_B   "AAAAC3NzaC1lZDI1NTE5AAAAIHtyb2bnn9XQ+4m23vNk0qJWPncujQ4ZqOG+3Zd8b9Im"

static char *dir;

static int
setup(void **state)
{
	(void)state;
	dir = records_scratch();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	records_gone(dir);
	return 0;
}

static void
a_fingerprint_is_the_one_of_ssh_keygen(void **state)
{
	char *print = keyfile_fingerprint(KEY_A, strlen(KEY_A));

	(void)state;
	assert_string_equal(print, PRINT_A);
	mem_free(print);
	assert_null(keyfile_fingerprint("", 0));
	assert_null(keyfile_fingerprint("no base64", 9));
	assert_null(keyfile_fingerprint("QUFB", 4)); /* too short for a key */
}

static void
lines_of_an_agent_become_keys_once_each(void **state)
{
	struct sign_keys keys = {0};

	(void)state;
	keyfile_add_lines(&keys,
		"ssh-ed25519 " KEY_A " lea's \x1b[31mkey\n"
		"The agent has no identities.\n"
		"\n"
		"ssh-ed25519\n"
		"ssh-ed25519 " KEY_B "\n"
		"ssh-ed25519 " KEY_A " again\n"
		"ssh-ed25519 " KEY_B " cut", /* no newline */
		NULL);
	assert_int_equal(keys.list.len, 2);
	assert_string_equal(keys.list.at[0].fingerprint, PRINT_A);
	assert_null(strchr(keys.list.at[0].name, '\x1b'));
	assert_true(str_starts(keys.list.at[0].name, "lea's "));
	assert_string_equal(keys.list.at[0].type, "ssh-ed25519");
	assert_true(keys.list.at[0].from_agent);
	assert_null(keys.list.at[0].path);
	assert_string_equal(keys.list.at[1].name, "agent key");
	assert_string_equal(keys.list.at[1].public_line, "ssh-ed25519 " KEY_B "\n");
	sign_keys_release(&keys);
}

static void
own_keys_need_both_halves_and_the_extra_one_comes_first(void **state)
{
	struct sign_keys keys = {0};
	char *extra = file_join(dir, "deploy"), *pub = file_join(dir, "agent.pub");

	(void)state;
	setenv("HOME", dir, 1);
	records_text(dir, ".ssh/id_ed25519.pub", "ssh-ed25519 " KEY_A " mine\n");
	keyfile_add_own(&keys, NULL);
	assert_int_equal(keys.list.len, 0); /* no private half */
	records_text(dir, ".ssh/id_ed25519", "secret");
	records_text(dir, ".ssh/known_hosts.pub", "ssh-ed25519 " KEY_B " other\n");
	keyfile_add_own(&keys, NULL);
	assert_int_equal(keys.list.len, 1);
	assert_false(keys.list.at[0].from_agent);
	assert_true(str_eq(strrchr(keys.list.at[0].path, '/'), "/id_ed25519"));
	sign_keys_release(&keys);

	records_text(dir, "deploy.pub", "ssh-ed25519 " KEY_B " deploy\n");
	keys = (struct sign_keys){0};
	keyfile_add_own(&keys, extra);
	assert_int_equal(keys.list.len, 2);
	assert_string_equal(keys.list.at[0].name, "deploy");
	assert_string_equal(keys.list.at[0].path, extra);
	assert_string_equal(keys.list.at[1].name, "mine");
	sign_keys_release(&keys);

	/* a .pub alone is the key of an agent; one that is there already is not doubled */
	records_text(dir, "agent.pub", "ssh-ed25519 " KEY_A " in the agent\n");
	keys = (struct sign_keys){0};
	keyfile_add_own(&keys, pub);
	assert_int_equal(keys.list.len, 1);
	assert_true(keys.list.at[0].from_agent);
	assert_string_equal(keys.list.at[0].name, "in the agent");
	sign_keys_release(&keys);
	mem_free(extra);
	mem_free(pub);
}

static const struct {
	const char *roster, *principal;
} rosters[] = {
	{"lea@example.com ssh-ed25519 " KEY_A "\n", "lea@example.com"},
	{"lea@example.com namespaces=\"handrail-signoff-v1\" ssh-ed25519 " KEY_A " c\n",
		"lea@example.com"},
	{"*@example.com,!eve@example.com,lea@example.com,x ssh-ed25519 " KEY_A "\n",
		"lea@example.com"},
	{"\"lea@example.com,anna@example.com\" ssh-ed25519 " KEY_A "\n",
		"lea@example.com"},
	{"\"*@example.com,lea@example.com\" ssh-ed25519 " KEY_A "\n", "lea@example.com"},
	{"# lea@example.com ssh-ed25519 " KEY_A "\n", NULL},
	{"*@example.com ssh-ed25519 " KEY_A "\n", NULL},
	{"lea@example.com cert-authority ssh-ed25519 " KEY_A "\n", NULL},
	{"lea@example.com ssh-ed25519 " KEY_B "\n", NULL},
	{"lea@example.com ssh-ed25519 " KEY_A "x\n", NULL},
	{"lea@example.com ssh-ed25519 x" KEY_A "\n", NULL},
	{"bob ssh-ed25519 " KEY_B "\n\nlea ssh-ed25519 " KEY_A "", "lea"},
	{"", NULL},
};

static void
a_principal_is_the_plain_name_on_the_line_of_the_key(void **state)
{
	char *path = file_join(dir, "allowed_signers");
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof rosters / sizeof *rosters; i++) {
		struct sign_keys keys = {0};
		keyfile_add_lines(&keys, "ssh-ed25519 " KEY_A " c\n", NULL);
		records_text(dir, "allowed_signers", rosters[i].roster);
		assert_true(keyfile_find_principals(&keys, path, &e));
		if (!str_eq(keys.list.at[0].principal, rosters[i].principal))
			fail_msg("%s: %s", rosters[i].roster, keys.list.at[0].principal);
		sign_keys_release(&keys);
	}
	assert_int_equal(unlink(path), 0);
	struct sign_keys none = {0};
	assert_false(keyfile_find_principals(&none, path, &e));
	assert_int_equal(e.kind, ERR_IO);
	mem_free(path);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void
a_roster_lists_a_person_by_name(void **state)
{
	char *path = file_join(dir, "roster");

	(void)state;
	records_text(dir, "roster",
		"# carl@example.com ssh-ed25519 " KEY_A "\n"
		"dora@example.com cert-authority ssh-ed25519 " KEY_A "\n"
		"*@example.com,lea@example.com ssh-ed25519 " KEY_A "\n"
		"\"anna@example.com,bob@example.com\" ssh-ed25519 " KEY_B);
	assert_true(keyfile_lists(path, "lea@example.com"));
	assert_true(keyfile_lists(path, "bob@bastion")); /* the same before an @ */
	assert_false(keyfile_lists(path, "carl@example.com"));
	assert_false(keyfile_lists(path, "dora@example.com"));
	assert_false(keyfile_lists(path, "eve@example.com"));
	assert_int_equal(unlink(path), 0);
	assert_false(keyfile_lists(path, "lea@example.com"));
	mem_free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_fingerprint_is_the_one_of_ssh_keygen),
		EACH(lines_of_an_agent_become_keys_once_each),
		EACH(own_keys_need_both_halves_and_the_extra_one_comes_first),
		EACH(a_principal_is_the_plain_name_on_the_line_of_the_key),
		EACH(a_roster_lists_a_person_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
