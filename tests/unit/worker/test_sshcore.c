#include "worker/sshcore.h"

#include <sys/socket.h>
#include <unistd.h>

#include "workkit.h"

static void
known_host_keys_come_first(void **state)
{
	static const struct {
		const char *known, *first;
	} rows[] = {
		{"", "ssh-ed25519,ecdsa-sha2-nistp256"},
		{"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384,ssh-ed25519"},
		{"ecdsa-sha2-nistp256,ssh-ed25519", "ecdsa-sha2-nistp256,ssh-ed25519"},
		{"ssh-dss,ssh-ed25519-cert-v01@openssh.com,nonsense,,",
			"ssh-ed25519,ecdsa-sha2-nistp256"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str out = STR_INIT;

		sshcore_hostkeys(rows[i].known, &out);
		assert_true(str_starts(out.buf, rows[i].first));
		assert_null(strstr(out.buf, "dss"));
		assert_null(strstr(out.buf, "cert"));
		assert_null(strstr(out.buf, "ssh-rsa"));
		assert_false(str_ends(&out, ","));
		str_release(&out);
	}
}

static void
memory_is_zeroed_and_capped(void **state)
{
	struct sshcore s = {0};
	unsigned char *p = sshcore_alloc(&s, 1000);
	size_t n = 0;

	(void)state;
	for (int i = 0; i < 1000; i++)
		assert_int_equal(p[i], 0);
	assert_null(sshcore_alloc(&s, SSHCORE_BLOCK_MAX + 1));
	assert_int_equal(s.allocated, 1000);
	s.allocated = SSHCORE_TOTAL_MAX - 10;
	assert_null(sshcore_alloc(&s, 11));
	n = s.allocated;
	assert_int_equal(n, SSHCORE_TOTAL_MAX - 10);
	mem_free(p - 16); /* the head before it */
}

static void
the_handshake_begins_with_our_version(void **state)
{
	struct sshcore s;
	int ends[2];
	char seen[64] = "";

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	assert_int_equal(libssh2_init(0), 0);
	assert_true(sshcore_start(&s, ends[0], "ssh-ed25519"));
	assert_int_equal(
		libssh2_session_handshake(s.session, SSHCORE_FD), LIBSSH2_ERROR_EAGAIN);
	assert_true(sshcore_wants_write(&s));
	sshcore_flush(&s);
	assert_false(sshcore_wants_write(&s));
	assert_true(read(ends[1], seen, sizeof seen - 1) > 0);
	assert_true(str_starts(seen, "SSH-2.0-"));
	/* An end without a word is an error of the library, not a wait for ever. */
	close(ends[1]);
	sshcore_fill(&s);
	assert_true(s.eof);
	assert_int_not_equal(
		libssh2_session_handshake(s.session, SSHCORE_FD), LIBSSH2_ERROR_EAGAIN);
	libssh2_session_free(s.session);
	assert_int_equal(s.allocated, 0); /* the library gave everything back */
	str_release(&s.in);
	str_release(&s.out);
	str_release(&s.first);
	close(ends[0]);
	libssh2_exit();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_host_keys_come_first),
		cmocka_unit_test(memory_is_zeroed_and_capped),
		cmocka_unit_test(the_handshake_begins_with_our_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
