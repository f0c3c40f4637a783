#include "worker/privkey.h"

#include <sys/wait.h>
#include <unistd.h>

#include "workkit.h"

/* Keys are made afresh by the tools people make theirs with; `state` is their folder. */

static const char *const make_keys =
	"cd \"$1\" && k='ssh-keygen -q -a 2 -C test' &&"
	"$k -t ed25519 -N '' -f ed25519 && $k -t ed25519 -N secret -f ed25519_locked &&"
	"$k -t ecdsa -N secret -f ecdsa_locked &&"
	"$k -t ecdsa -b 384 -N '' -m PEM -f ecdsa_pem &&"
	"$k -t ecdsa -b 521 -N secret -m PEM -f ecdsa_pem_locked &&"
	"$k -t ed25519 -N secret -Z aes256-gcm@openssh.com -f ed25519_gcm &&"
	"$k -t rsa -b 2048 -N '' -f rsa &&"
	"openssl genpkey -algorithm ed25519 -out ed25519_pkcs8 2>/dev/null &&"
	"rm ed25519_locked.pub ecdsa_locked.pub ecdsa_pem_locked.pub rsa.pub";

static int
make_folder(void **state)
{
	char folder[] = "/tmp/test_privkey.XXXXXX";
	int status;
	pid_t pid;

	if (!mkdtemp(folder))
		return -1;
	*state = mem_strdup(folder);
	pid = fork();
	if (pid == 0)
		execl("/bin/sh", "sh", "-c", make_keys, "sh", folder, (char *)NULL);
	return waitpid(pid, &status, 0) == pid && status == 0 ? 0 : -1;
}

static int
remove_folder(void **state)
{
	struct err e = ERR_INIT;
	bool ok = file_remove_tree(*state, &e);

	mem_free(*state);
	return ok ? 0 : -1;
}

static void
says_what_a_file_is_without_opening_it(void **state)
{
	static const struct {
		const char *name;
		enum privkey_use use;
		bool encrypted;
		const char *type;
	} rows[] = {
		{"ed25519", PRIVKEY_OK, false, "ssh-ed25519"},
		{"ed25519_locked", PRIVKEY_OK, true, "ssh-ed25519"},
		{"ecdsa_locked", PRIVKEY_OK, true, "ecdsa-sha2-nistp256"},
		{"ecdsa_pem", PRIVKEY_OK, false, "ecdsa-sha2-nistp384"},
		{"ecdsa_pem_locked", PRIVKEY_OK, true, ""},
		{"ed25519_pkcs8", PRIVKEY_OK, false, ""},
		{"ed25519_gcm", PRIVKEY_CIPHER, true, "ssh-ed25519"},
		{"rsa", PRIVKEY_RSA, false, "ssh-rsa"},
		{"ed25519.pub", PRIVKEY_FOREIGN, false, ""},
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char *path = file_join(*state, rows[i].name);
		struct privkey k;
		struct err e = ERR_INIT;

		print_message("# %s\n", rows[i].name);
		assert_true(privkey_load(&k, path, &e));
		assert_int_equal(k.use, rows[i].use);
		assert_int_equal(k.encrypted, rows[i].encrypted);
		assert_string_equal(k.type, rows[i].type);
		privkey_release(&k);
		mem_free(path);
	}
}

static void
names_the_cipher_it_cannot_read(void **state)
{
	char *path = file_join(*state, "ed25519_gcm");
	struct privkey k;
	struct err e = ERR_INIT;

	assert_true(privkey_load(&k, path, &e));
	assert_string_equal(k.cipher, "aes256-gcm@openssh.com");
	privkey_release(&k);
	mem_free(path);
}

static void
a_file_that_is_not_there_is_an_error(void **state)
{
	struct privkey k;
	struct err e = ERR_INIT;

	(void)state;
	assert_false(privkey_load(&k, "/nonexistent/key", &e));
	assert_int_equal(e.kind, ERR_IO);
	privkey_release(&k);
}

static void
the_private_file_and_the_public_line_name_the_same_key(void **state)
{
	char *path = file_join(*state, "ed25519"),
	     *pub = file_join(*state, "ed25519.pub");
	struct str line = STR_INIT, again = STR_INIT, blob = STR_INIT;
	struct privkey k;
	struct err e = ERR_INIT;

	assert_true(privkey_load(&k, path, &e));
	assert_true(file_read(pub, 4096, &line, &e));
	assert_true(privkey_public_line(line.buf, &blob));
	assert_int_equal(blob.len, k.blob.len);
	assert_memory_equal(blob.buf, k.blob.buf, blob.len);
	privkey_add_public_line(&k, &again);
	assert_true(str_starts(line.buf, again.buf));
	privkey_release(&k);
	str_release(&line);
	str_release(&again);
	str_release(&blob);
	mem_free(path);
	mem_free(pub);
}

static void
wrong_public_lines_are_none(void **state)
{
	static const char *const lines[] = {"", "ssh-ed25519", "ssh-ed25519 !!!!",
		"ssh-ed25519 AAAA", "ssh-ed25519 AAAAB3NzaC1yc2E=", /* says ssh-rsa */
		"# comment"};
	struct str blob = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		assert_false(privkey_public_line(lines[i], &blob));
	str_release(&blob);
}

static void
a_file_cut_anywhere_is_never_believed(void **state)
{
	char *path = file_join(*state, "ed25519_locked");
	struct str whole = STR_INIT;
	struct err e = ERR_INIT;

	assert_true(file_read(path, 4096, &whole, &e));
	for (size_t n = 0; n < whole.len; n++) {
		struct privkey k = {.blob = STR_INIT, .text = STR_INIT};

		str_add(&k.text, whole.buf, n);
		privkey_look(&k);
		if (k.use == PRIVKEY_OK) /* its public half is in front */
			assert_string_equal(k.type, "ssh-ed25519");
		privkey_release(&k);
	}
	str_release(&whole);
	mem_free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_what_a_file_is_without_opening_it),
		cmocka_unit_test(names_the_cipher_it_cannot_read),
		cmocka_unit_test(a_file_that_is_not_there_is_an_error),
		cmocka_unit_test(the_private_file_and_the_public_line_name_the_same_key),
		cmocka_unit_test(wrong_public_lines_are_none),
		cmocka_unit_test(a_file_cut_anywhere_is_never_believed),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
