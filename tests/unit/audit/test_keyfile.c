#include "audit/keyfile.h"

#include "../journal/records.h"
#include "base/b64.h"

/* Two keys nobody has, and the fingerprints that ssh-keygen -l gives them. */
#define KEY_A   "AAAAC3NzaC1lZDI1NTE5AAAAIHtyb2bnn9XQ+4m23vNk0qJWPncujQ4ZqOG+3Zd8b9In"
#define PRINT_A "SHA256:FKswRfS6DRw5mqPrDltb502P9y4JJ1zTatHbPLGqt48"
#define KEY_B   "AAAAC3NzaC1lZDI1NTE5AAAAIHtyb2bnn9XQ+4m23vNk0qJWPncujQ4ZqOG+3Zd8b9Im"
/* A certificate for lea@example.com and anna@example.com, its key, and who made it. */
#define CERT \
	"AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIC+B7NWBtbBs/+p1eIzk" \
	"6orCWwFVOl9Uf4qhhEaRTlxiAAAAIPBM379uFWdOAaSPIeYqZodiZG9nx7hnqar9iNgE26ak" \
	"AAAAAAAAAAAAAAABAAAAA2xlYQAAACcAAAAPbGVhQGV4YW1wbGUuY29tAAAAEGFubmFAZXhh" \
	"bXBsZS5jb20AAAAAAAAAAP//////////AAAAAAAAAIIAAAAVcGVybWl0LVgxMS1mb3J3YXJk" \
	"aW5nAAAAAAAAABdwZXJtaXQtYWdlbnQtZm9yd2FyZGluZwAAAAAAAAAWcGVybWl0LXBvcnQt" \
	"Zm9yd2FyZGluZwAAAAAAAAAKcGVybWl0LXB0eQAAAAAAAAAOcGVybWl0LXVzZXItcmMAAAAA" \
	"AAAAAAAAADMAAAALc3NoLWVkMjU1MTkAAAAg1vFnAFQJY3XuR55U+Jb7vgzZch2WXD0+Y3kI" \
	"ivxbiu4AAABTAAAAC3NzaC1lZDI1NTE5AAAAQG46+L3jrN124FkjgwMi7SNkPzGdJjb0avIM" \
	"oaSQOMhO170aSduYnT2VIRDxOMbWQIE/1cu/sO9pUjUlUjSOKgQ="
#define CERT_KEY   "AAAAC3NzaC1lZDI1NTE5AAAAIPBM379uFWdOAaSPIeYqZodiZG9nx7hnqar9iNgE26ak"
#define CERT_PRINT "SHA256:e/YUK9KOowkR+Qnw5jIsp6sCwbubKW4tJVJP+Dif1Ck"
#define CERT_MAKER "AAAAC3NzaC1lZDI1NTE5AAAAINbxZwBUCWN17keeVPiW+74M2XIdllw9PmN5CIr8W4ru"
#define CERT_TYPE  "ssh-ed25519-cert-v01@openssh.com"

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

static void
a_certificate_has_the_fingerprint_of_its_key_and_is_another_one(void **state)
{
	struct sign_keys keys = {0};
	struct str raw = STR_INIT, text = STR_INIT;

	(void)state;
	keyfile_add_lines(&keys,
		"ssh-ed25519 " CERT_KEY " lea\n" CERT_TYPE " " CERT " lea\n", NULL);
	assert_int_equal(keys.list.len, 2);
	assert_string_equal(keys.list.at[0].fingerprint, CERT_PRINT);
	assert_string_equal(keys.list.at[1].fingerprint, CERT_PRINT);
	assert_string_equal(keys.list.at[1].name, "lea (certificate)");
	sign_keys_release(&keys);
	/* cut anywhere behind its type up to its signature it is none */
	assert_true(b64_decode(&raw, CERT, strlen(CERT)));
	for (size_t len = 40; len < raw.len - 90; len++) {
		char *print;

		str_reset(&text);
		b64_encode(&text, raw.buf, len);
		print = keyfile_fingerprint(text.buf, text.len);
		if (print)
			fail_msg("%zu bytes: %s", len, print);
	}
	str_release(&raw);
	str_release(&text);
}

static const struct {
	const char *roster, *principal, *all;
} authorities[] = {
	{"* cert-authority ssh-ed25519 " CERT_MAKER "\n", "lea@example.com",
		"lea@example.com\nanna@example.com\n"},
	{"anna@* cert-authority,namespaces=\"x\" ssh-ed25519 " CERT_MAKER " c\n",
		"anna@example.com", "anna@example.com\n"},
	{"\"!lea@*,*@exampl?.com\" cert-authority ssh-ed25519 " CERT_MAKER "\n",
		"anna@example.com", "anna@example.com\n"},
	{"*@example.com,!*a@* cert-authority ssh-ed25519 " CERT_MAKER "\n", NULL, ""},
	{"*@example.org,lea cert-authority ssh-ed25519 " CERT_MAKER "\n", NULL, ""},
	{"# * cert-authority ssh-ed25519 " CERT_MAKER "\n", NULL, ""},
	{"lea@example.com ssh-ed25519 " CERT_MAKER "\n", NULL, ""},
	{"lea@example.com cert-authority ssh-ed25519 " KEY_A "\n", NULL, ""},
	/* its key without it: signs nothing as a certificate, and is the same person's */
	{"bob ssh-ed25519 " CERT_KEY "\n", NULL, "bob\n"},
	{"bob ssh-ed25519 " CERT_KEY "\nlea@* cert-authority ssh-ed25519 " CERT_MAKER,
		"lea@example.com", "lea@example.com\nbob\n"},
};

static void
a_certificate_is_whose_its_authority_says(void **state)
{
	char *path = file_join(dir, "allowed_signers");
	struct err e = ERR_INIT;

	(void)state;
	for (size_t i = 0; i < sizeof authorities / sizeof *authorities; i++) {
		struct sign_keys keys = {0};
		struct str all = STR_INIT;

		str_adds(&all, "");
		keyfile_add_lines(&keys, CERT_TYPE " " CERT " lea\n", NULL);
		records_text(dir, "allowed_signers", authorities[i].roster);
		assert_true(keyfile_find_principals(&keys, path, &e));
		if (!str_eq(keys.list.at[0].principal, authorities[i].principal))
			fail_msg("%s: %s", authorities[i].roster,
				keys.list.at[0].principal);
		assert_true(keyfile_all_principals(&keys.list.at[0], path, &all, &e));
		assert_string_equal(all.buf, authorities[i].all);
		str_release(&all);
		sign_keys_release(&keys);
	}
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
	assert_true(keyfile_lists(path, "dora@example.com"));
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
		EACH(a_certificate_has_the_fingerprint_of_its_key_and_is_another_one),
		EACH(a_certificate_is_whose_its_authority_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
