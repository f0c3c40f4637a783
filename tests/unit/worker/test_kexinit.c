#include "worker/kexinit.h"

#include "base/wire.h"
#include "workkit.h"

static const char *const ours[KEXINIT_LIST_COUNT] = {
	[KEXINIT_KEX] = "curve25519-sha256",
	[KEXINIT_HOSTKEY] = "ssh-ed25519,ecdsa-sha2-nistp256",
	[KEXINIT_CIPHER_OUT] = "aes256-ctr,aes128-ctr",
	[KEXINIT_CIPHER_IN] = "aes256-ctr,aes128-ctr",
	[KEXINIT_MAC_OUT] = "hmac-sha2-256",
	[KEXINIT_MAC_IN] = "hmac-sha2-256",
};

static void
add_greeting(struct str *out, const char *const lists[KEXINIT_LIST_COUNT])
{
	struct str payload = STR_INIT;

	str_adds(out, "Welcome to the machine\r\nSSH-2.0-Test_1 x\r\n");
	str_addc(&payload, 4);  /* padding */
	str_addc(&payload, 20); /* KEXINIT */
	str_add(&payload, "0123456789abcdef", 16);
	for (int i = 0; i < KEXINIT_LIST_COUNT; i++)
		wire_add_text(&payload, lists[i]);
	wire_add_bytes(out, payload.buf, payload.len);
	str_release(&payload);
}

static void
reads_version_and_lists(void **state)
{
	struct str in = STR_INIT;
	struct kexinit k;

	(void)state;
	add_greeting(&in, ours);
	kexinit_read(&k, in.buf, in.len);
	assert_int_equal(k.kind, KEXINIT_LISTS);
	assert_string_equal(k.version, "SSH-2.0-Test_1 x");
	for (int i = 0; i < KEXINIT_LIST_COUNT; i++)
		assert_string_equal(k.list[i], ours[i]);
	str_release(&in);
}

static void
names_what_does_not_fit(void **state)
{
	static const struct {
		enum kexinit_list list;
		const char *theirs, *words;
	} rows[] = {
		{KEXINIT_KEX, "sntrup761", "key exchange: the host has only sntrup761"},
		{KEXINIT_HOSTKEY, "rsa-sha2-512",
			"host keys: the host has only rsa-sha2-512"},
		{KEXINIT_CIPHER_OUT, "aes256-gcm@openssh.com",
			"ciphers: the host has only aes256-gcm@openssh.com"},
		{KEXINIT_MAC_IN, "hmac-sha2-256-etm@openssh.com",
			"MACs: the host has only hmac-sha2-256-etm@openssh.com"},
		{KEXINIT_MAC_IN, "", "MACs: the host has only none"},
		{KEXINIT_CIPHER_IN, "x,aes128-ctr", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *lists[KEXINIT_LIST_COUNT];
		struct str in = STR_INIT;
		struct kexinit k;
		char words[200];

		memcpy(lists, ours, sizeof lists);
		lists[rows[i].list] = rows[i].theirs;
		add_greeting(&in, lists);
		kexinit_read(&k, in.buf, in.len);
		kexinit_misfit(&k, ours, words, sizeof words);
		assert_string_equal(words, rows[i].words);
		str_release(&in);
	}
}

static void
tells_what_is_no_ssh(void **state)
{
	static const struct {
		const char *bytes;
		enum kexinit_kind kind;
	} rows[] = {
		{"", KEXINIT_SILENT},
		{"HTTP/1.1 400 Bad Request\r\n\r\n", KEXINIT_FOREIGN},
		{"220 mail.example.com ESMTP\r\n", KEXINIT_FOREIGN},
		{"SSH-1.5-old\r\n", KEXINIT_FOREIGN},
		{"SSH-1.99-both\r\n", KEXINIT_VERSION},
		{"SSH-2.0-x\n", KEXINIT_VERSION},
		{"a\nb\nSSH-2.0-x\r\n\x7f\xff\xff\xff", KEXINIT_VERSION},
		{"xSSH-2.0-x\r\n", KEXINIT_FOREIGN},
		{"S", KEXINIT_SILENT},
		{"hello\nSSH-2.0-Op", KEXINIT_SILENT},
		{"SSH-1.5-ol", KEXINIT_FOREIGN},
		{"SSX", KEXINIT_FOREIGN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct kexinit k;

		kexinit_read(&k, rows[i].bytes, strlen(rows[i].bytes));
		assert_int_equal(k.kind, rows[i].kind);
	}
}

static void
cut_or_flipped_bytes_do_no_harm(void **state)
{
	struct str in = STR_INIT;

	(void)state;
	add_greeting(&in, ours);
	for (size_t n = 0; n < in.len; n++) {
		char *copy = mem_copy(in.buf, n ? n : 1); /* ASan sees its end */
		struct kexinit k;

		kexinit_read(&k, copy, n);
		assert_int_not_equal(k.kind, KEXINIT_LISTS);
		/* from its version on, cut short is not another protocol */
		if (n > strlen("Welcome to the machine\r\n"))
			assert_int_not_equal(k.kind, KEXINIT_FOREIGN);
		mem_free(copy);
	}
	for (size_t i = 0; i < in.len * 8; i++) {
		char *copy = mem_copy(in.buf, in.len), words[80];
		struct kexinit k;

		copy[i / 8] = (char)(copy[i / 8] ^ 1 << i % 8);
		kexinit_read(&k, copy, in.len);
		kexinit_misfit(&k, ours, words, sizeof words);
		mem_free(copy);
	}
	str_release(&in);
}

static void
shares_whole_names_only(void **state)
{
	(void)state;
	assert_true(kexinit_shares("a,b", "c,b"));
	assert_false(kexinit_shares("a", "ab,ba"));
	assert_false(kexinit_shares("ab", "a,b"));
	assert_false(kexinit_shares("", ""));
	assert_false(kexinit_shares("a,,b", ",,"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_version_and_lists),
		cmocka_unit_test(names_what_does_not_fit),
		cmocka_unit_test(tells_what_is_no_ssh),
		cmocka_unit_test(cut_or_flipped_bytes_do_no_harm),
		cmocka_unit_test(shares_whole_names_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
