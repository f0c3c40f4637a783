#ifndef TESTS_UNIT_AUDIT_SIGNERS_H
#define TESTS_UNIT_AUDIT_SIGNERS_H

/*
 * Throw-away keys in a scratch folder, and waiting for ssh-keygen on a loop. The program
 * that includes this is the askpass of its children: main begins with signers_main.
 */

#include <stdio.h>

#include "../journal/records.h"
#include "../loop/jail.h"
#include "audit/keyfile.h"
#include "audit/sign.h"
#include "loop/askpass.h"

static char *dir;
static struct loop *loop;

/* A shell command in the scratch folder that must succeed. */
__attribute__((format(printf, 1, 2))) static inline void
shell(const char *fmt, ...)
{
	char text[2048], *whole;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	whole = mem_printf("cd '%s' && { %s; } </dev/null >&2", dir, text);
	if (system(whole) != 0)
		fail_msg("%s", text);
	mem_free(whole);
}

static inline void
make_key(const char *name, const char *passphrase)
{
	shell("rm -f %s && ssh-keygen -q -t ed25519 -N '%s' -C '%s key' -f %s", name,
		passphrase, name, name);
}

/* A line of allowed_signers for a key; options begin with a comma or are "". */
static inline void
add_signer(
	const char *roster, const char *principal, const char *options, const char *key)
{
	shell("printf '%%s namespaces=\"%s\"%s %%s\\n' '%s' \"$(cut -d' ' -f1,2 %s.pub)\" "
	      ">>%s",
		SIGN_NAMESPACE, options, principal, key, roster);
}

static inline struct sign_key
key_of(const char *name)
{
	struct sign_keys keys = {0};
	char *path = file_join(dir, name);
	struct sign_key key;

	keyfile_add_own(&keys, path);
	assert_true(keys.list.len >= 1);
	key = keys.list.at[0];
	keys.list.at[0] = (struct sign_key){0};
	sign_keys_release(&keys);
	mem_free(path);
	return key;
}

static inline void
key_release(struct sign_key *key)
{
	struct sign_keys keys = {0};

	vec_push(&keys.list, *key);
	sign_keys_release(&keys);
}

struct told {
	int calls, prompts;
	bool ok;
	char *sig;
	char why[320];
	struct sign *sign;
	const char *answer; /* to a prompt; NULL cancels */
};

static inline void
told_end(void *ctx, const struct sign_end *end)
{
	struct told *t = ctx;

	t->calls++;
	t->ok = end->ok;
	t->sig = mem_strdup(end->sig);
	memcpy(t->why, end->why, sizeof t->why);
}

static inline void
told_prompt(void *ctx, const char *text, bool notice)
{
	struct told *t = ctx;

	assert_false(notice);
	assert_non_null(strstr(text, "assphrase"));
	t->prompts++;
	sign_answer(t->sign, t->answer);
}

static inline struct told
sign_with(const struct sign_key *key, const char *statement, const char *answer)
{
	struct told t = {.answer = answer};
	struct err e = ERR_INIT;

	t.sign = sign_start(loop, key, statement, told_prompt, told_end, &t, &e);
	if (!t.sign)
		fail_msg("%s", e.msg);
	while (!t.calls)
		loop_turn(loop, 1000);
	sign_free(t.sign);
	assert_int_equal(t.calls, 1);
	return t;
}

static inline int
signers_setup(void **state)
{
	(void)state;
	dir = records_scratch();
	setenv("HOME", dir, 1);
	unsetenv("SSH_AUTH_SOCK");
	loop = loop_new();
	return 0;
}

static inline int
signers_teardown(void **state)
{
	(void)state;
	loop_free(loop);
	records_gone(dir);
	return 0;
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, signers_setup, signers_teardown)

/* Returns in the program that runs the tests. */
static inline void
signers_main(int argc, char **argv)
{
	if (askpass_wanted())
		exit(askpass_main(argc, argv));
	if (system("command -v ssh-keygen >/dev/null && command -v ssh-agent >/dev/null") !=
		0) {
		puts("1..0 # SKIP OpenSSH's ssh-keygen and ssh-agent are not installed");
		exit(0);
	}
	jail_enter(argv);
}

#endif
