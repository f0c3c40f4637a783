#include "worker/agent.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/wire.h"
#include "workkit.h"

static void
add_keys(struct str *reply, uint32_t claimed, uint32_t real)
{
	str_addc(reply, 12);
	wire_add_u32(reply, claimed);
	for (uint32_t i = 0; i < real; i++) {
		char blob[16], comment[16];

		snprintf(blob, sizeof blob, "blob %u", (unsigned)i);
		snprintf(comment, sizeof comment, "key %u", (unsigned)i);
		wire_add_text(reply, blob);
		wire_add_text(reply, comment);
	}
}

static void
requests_have_the_bytes_of_the_protocol(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	agent_add_list(&out);
	assert_int_equal(out.len, 5);
	assert_memory_equal(out.buf, "\0\0\0\1\x0b", 5);
	str_reset(&out);
	agent_add_sign(&out, "KEY", 3, "data", 4);
	assert_int_equal(out.len, 24);
	assert_memory_equal(out.buf, "\0\0\0\x14\x0d\0\0\0\3KEY\0\0\0\4data\0\0\0\0", 24);
	str_release(&out);
}

static void
reads_the_list_of_keys(void **state)
{
	struct str reply = STR_INIT;
	struct agent_keys k;
	struct err e = ERR_INIT;

	(void)state;
	add_keys(&reply, 2, 2);
	assert_true(agent_read_list(reply.buf, reply.len, &k, &e));
	assert_int_equal(k.list.len, 2);
	assert_string_equal(k.list.at[1].blob.buf, "blob 1");
	assert_string_equal(k.list.at[1].comment, "key 1");
	agent_keys_release(&k);
	str_release(&reply);
}

static void
a_list_cut_anywhere_is_refused(void **state)
{
	struct str reply = STR_INIT;

	(void)state;
	add_keys(&reply, 3, 3);
	for (size_t n = 0; n < reply.len; n++) {
		struct agent_keys k;
		struct err e = ERR_INIT;

		assert_false(agent_read_list(reply.buf, n, &k, &e));
		assert_int_equal(e.kind, ERR_PARSE);
		agent_keys_release(&k);
	}
	str_release(&reply);
}

static void
a_list_that_claims_too_much_is_refused(void **state)
{
	struct str reply = STR_INIT;
	struct agent_keys k;
	struct err e = ERR_INIT;

	(void)state;
	add_keys(&reply, 0xffffffffu, 2);
	assert_false(agent_read_list(reply.buf, reply.len, &k, &e));
	agent_keys_release(&k);
	str_release(&reply);
}

static void
add_signature(struct str *reply, const char *type, const char *signature)
{
	struct str inner = STR_INIT;

	wire_add_text(&inner, type);
	wire_add_text(&inner, signature);
	str_addc(reply, 14);
	wire_add_bytes(reply, inner.buf, inner.len);
	str_release(&inner);
}

static void
reads_a_signature_of_the_right_type_only(void **state)
{
	struct str reply = STR_INIT;
	struct err e = ERR_INIT;
	size_t len;
	const char *p;

	(void)state;
	add_signature(&reply, "ssh-ed25519", "signed");
	p = agent_read_signature(reply.buf, reply.len, "ssh-ed25519", &len, &e);
	assert_non_null(p);
	assert_int_equal(len, 6);
	assert_memory_equal(p, "signed", 6);
	assert_null(agent_read_signature(reply.buf, reply.len, "ssh-rsa", &len, &e));
	for (size_t n = 0; n < reply.len; n++)
		assert_null(agent_read_signature(reply.buf, n, "ssh-ed25519", &len, &e));
	str_release(&reply);
}

static void
a_refusal_is_no_signature(void **state)
{
	struct err e = ERR_INIT;
	size_t len;

	(void)state;
	assert_null(agent_read_signature("\x05", 1, "ssh-ed25519", &len, &e));
	assert_int_equal(e.kind, ERR_REFUSED);
}

/* ---- over a socket ---- */

static bool
waits(void *ctx, int fd, short events)
{
	struct pollfd p = {.fd = fd, .events = events};

	(void)ctx;
	return poll(&p, 1, 0) == 1; /* nothing more will come */
}

/* The agent's answer is there before the question: the call is one round. */
static bool
call(const char *answer, size_t len, bool hang_up, struct str *reply, struct err *e)
{
	struct str request = STR_INIT;
	int ends[2];
	bool ok;

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
	if (len > 0)
		assert_int_equal(write(ends[1], answer, len), (ssize_t)len);
	if (hang_up)
		shutdown(ends[1], SHUT_WR);
	agent_add_list(&request);
	ok = agent_call(ends[0], &request, reply, waits, NULL, e);
	close(ends[0]);
	close(ends[1]);
	str_release(&request);
	return ok;
}

static void
an_agent_that_misbehaves_is_an_error(void **state)
{
	static const struct {
		const char *answer;
		size_t len;
		bool hang_up;
		enum err_kind kind;
	} rows[] = {
		{"", 0, false, ERR_TIMEOUT},
		{"", 0, true, ERR_IO},
		{"\0\0\0\x09\x0c", 5, false, ERR_TIMEOUT},
		{"\0\0\0\x09\x0c", 5, true, ERR_IO},
		{"\x7f\xff\xff\xff", 4, false, ERR_LIMIT},
	};
	struct str reply = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err e = ERR_INIT;

		assert_false(
			call(rows[i].answer, rows[i].len, rows[i].hang_up, &reply, &e));
		assert_int_equal(e.kind, rows[i].kind);
	}
	str_release(&reply);
}

static void
an_answer_comes_without_its_length(void **state)
{
	struct str reply = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(call("\0\0\0\5\x0c\0\0\0\0", 9, false, &reply, &e));
	assert_int_equal(reply.len, 5);
	assert_memory_equal(reply.buf, "\x0c\0\0\0\0", 5);
	str_release(&reply);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_have_the_bytes_of_the_protocol),
		cmocka_unit_test(reads_the_list_of_keys),
		cmocka_unit_test(a_list_cut_anywhere_is_refused),
		cmocka_unit_test(a_list_that_claims_too_much_is_refused),
		cmocka_unit_test(reads_a_signature_of_the_right_type_only),
		cmocka_unit_test(a_refusal_is_no_signature),
		cmocka_unit_test(an_agent_that_misbehaves_is_an_error),
		cmocka_unit_test(an_answer_comes_without_its_length),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
