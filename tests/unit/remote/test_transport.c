#include "remote/transport.h"

#include "../loop/jail.h"
#include "loop/askpass.h"
#include "remote/fleet.h"
#include "remote/job.h"
#include "sshkit.h"

/* Every case runs over both: what the operator sees must not depend on which it is. */
static struct sshkit ssh;
static enum host_transport which;
static const char *const names[] = {
	[HOST_LIBSSH2] = "libssh2", [HOST_OPENSSH] = "openssh"};

static void
open_link(struct kit *k, const char *alias, enum host_transport transport)
{
	k->host.transport = transport;
	kit_open(k, HOST_SSH, alias);
}

static struct link_status
connect_to_the_end(struct kit *k)
{
	struct link_status s;

	link_connect(k->link);
	KIT_WAIT(k,
		(link_status(k->link, &s),
			s.state == LINK_READY || s.state == LINK_FAILED));
	return s;
}

static void
fails(const char *alias, enum link_fault fault, const char *words)
{
	struct kit k = {0};
	struct link_status s;

	open_link(&k, alias, which);
	s = connect_to_the_end(&k);
	if (s.state != LINK_FAILED || s.fault != fault)
		fail_msg("%s: %s %s, %s", alias, link_state_name(s.state),
			link_fault_name(s.fault), s.words);
	if (!strstr(s.words, words))
		fail_msg("no \"%s\" in: %s", words, s.words);
	kit_close(&k);
}

static void
exec_runs_over_one_connection(void **state)
{
	struct kit k = {0};
	struct kit_exec x[12];
	struct link_status s;

	(void)state;
	open_link(&k, "web", which);
	for (int i = 0; i < 12; i++)
		kit_exec_start(&k, &x[i], "exec /bin/sh",
			"echo $SSH_CONNECTION; echo e >&2; exit 7\n");
	for (int i = 0; i < 12; i++) {
		KIT_WAIT(&k, x[i].ends);
		if (x[i].end.exit != 7)
			fail_msg("%s %s", x[i].end.why, x[i].err.buf);
		assert_string_equal(x[i].out.buf, x[0].out.buf);
		assert_string_equal(x[i].err.buf, "e\n");
	}
	for (int i = 0; i < 12; i++)
		kit_exec_release(&x[i]);
	link_status(k.link, &s);
	assert_string_equal(s.transport, names[which]);
	assert_int_equal(strncmp(s.hostkey, "SHA256:", 7), 0);
	assert_non_null(strstr(s.crypto, "25519"));
	assert_non_null(strstr(s.address, "@127.0.0.1:"));
	kit_close(&k);
}

static void
count_open(void *ctx)
{
	/* counted where the end writes its own number later */
	((struct kit_exec *)ctx)->end.exit++;
}

static void
connect_through(struct kit *k, struct kit_exec *x, int port)
{
	struct link_exec_calls calls = {
		.on_out = kit_exec_out,
		.on_err = kit_exec_err,
		.on_end = kit_exec_end,
		.on_open = count_open,
		.ctx = x,
	};

	*x = (struct kit_exec){.out = STR_INIT, .err = STR_INIT};
	x->x = link_exec_tcp(k->link, "127.0.0.1", port, &calls);
}

/* The server over there is sshd itself: it speaks first, and answers a wrong greeting. */
static void
a_connection_is_made_over_there(void **state)
{
	struct kit k = {0};
	struct kit_exec x, none;

	(void)state;
	open_link(&k, "web", which);
	connect_through(&k, &x, ssh.port);
	KIT_WAIT(&k, strchr(x.out.buf, '\n') || x.ends);
	if (strncmp(x.out.buf, "SSH-2.0-", 8) != 0)
		fail_msg("%s: %s", x.out.buf, x.end.why);
	KIT_WAIT(&k, x.end.exit > 0 || x.ends);
	assert_int_equal(x.end.exit, 1);
	link_exec_write(x.x, "no greeting\r\n", 13);
	KIT_WAIT(&k, x.ends);
	assert_false(x.end.lost);
	assert_non_null(strstr(x.out.buf, "nvalid SSH identification"));
	kit_exec_release(&x);
	connect_through(&k, &none, sshkit_free_port());
	KIT_WAIT(&k, none.ends);
	assert_false(none.end.lost);
	if (!strstr(none.end.why, "onnect"))
		fail_msg("%s", none.end.why);
	assert_int_equal(none.out.len, 0);
	kit_exec_release(&none);
	kit_close(&k);
}

static void
five_megabytes_go_in_and_come_back(void **state)
{
	size_t len = 5 << 20;
	char *big = malloc(len + 1);
	struct kit k = {0};
	struct kit_exec x;

	(void)state;
	for (size_t i = 0; i < len; i++)
		big[i] = (char)('a' + i * 31 % 26);
	big[len] = 0;
	open_link(&k, "web", which);
	kit_exec_start(&k, &x, "exec cat", big);
	KIT_WAIT(&k, x.ends);
	assert_int_equal(x.out.len, len);
	assert_memory_equal(x.out.buf, big, len);
	kit_exec_release(&x);
	kit_close(&k);
	free(big);
}

static void
host_keys_are_as_strict_as_ssh_is(void **state)
{
	struct kit k = {0};
	struct link_status s;

	(void)state;
	sshkit_write(&ssh, "known_hosts", "");
	fails("web", LINK_FAULT_KEY_UNKNOWN, "SHA256:");
	open_link(&k, "web", which);
	s = connect_to_the_end(&k);
	assert_non_null(strstr(s.command,
		which == HOST_OPENSSH ? "StrictHostKeyChecking=ask -- web"
				      : "known_hosts"));
	/* Once it is known, the operator's next try goes through. */
	if (which == HOST_LIBSSH2)
		assert_int_equal(system(s.command), 0);
	else
		sshkit_know(&ssh, "", "host.pub");
	s = connect_to_the_end(&k);
	KIT_WAIT(&k, (link_status(k.link, &s), s.state == LINK_READY));
	kit_close(&k);
	sshkit_know(&ssh, "", "host2.pub");
	fails("web", LINK_FAULT_KEY_CHANGED, "known_hosts:1");
	sshkit_know(&ssh, "@revoked ", "host.pub");
	fails("web", LINK_FAULT_KEY_REVOKED, "revoked");
	sshkit_know(&ssh, "", "host.pub");
}

static void
faults_have_their_own_words(void **state)
{
	(void)state;
	fails("nowhere", LINK_FAULT_NO_SUCH_HOST, "no such host");
	fails("other", LINK_FAULT_DENIED, "login refused");
	fails("nokey", LINK_FAULT_NO_KEY, "no usable key");
	sshkit_down(&ssh);
	fails("web", LINK_FAULT_REFUSED, "connection refused");
	sshkit_up(&ssh);
}

static void
passphrase_is_asked_here(void **state)
{
	struct kit right = {.answer = "open sesame"}, wrong = {.answer = "abracadabra"};
	struct kit none = {0};
	struct link_status s;

	(void)state;
	open_link(&right, "locked", which);
	s = connect_to_the_end(&right);
	assert_int_equal(s.state, LINK_READY);
	assert_int_equal(right.prompts, 1);
	assert_non_null(strstr(right.prompt, "passphrase"));
	kit_close(&right);
	open_link(&wrong, "locked", which);
	s = connect_to_the_end(&wrong);
	assert_int_equal(s.fault, LINK_FAULT_PASSPHRASE);
	kit_close(&wrong);
	open_link(&none, "locked", which);
	s = connect_to_the_end(&none);
	assert_int_equal(s.fault, LINK_FAULT_CANCELLED);
	assert_int_equal(none.prompts, 1);
	kit_close(&none);
}

struct seen {
	struct str out;
	int ends;
	struct job_end end;
};

static void
on_output(void *ctx, const char *p, size_t len)
{
	str_add(&((struct seen *)ctx)->out, p, len);
}

static void
on_end(void *ctx, const struct job_end *end)
{
	struct seen *s = ctx;

	s->ends++;
	s->end = *end;
}

static void
job_outlives_the_connection(void **state)
{
	struct seen seen = {.out = STR_INIT};
	struct job_calls calls = {.on_output = on_output, .on_end = on_end, .ctx = &seen};
	struct job_spec spec = {
		.run = "01JD0000000000000000000000",
		.step = "long",
		.host = "web",
		.attempt = 1,
		.epoch = 1,
		.head = "00",
		.text = "echo ran >>$HOME/count; for i in 1 2 3; do seq 20000; "
			"while [ ! -e $HOME/go$i ]; do sleep 0.05; done; done; exit 5",
	};
	static const char *const go[] = {"go1", "go2", "go3"};
	struct kit k = {0};
	struct link_status s;
	struct job_follow follow;
	struct job *j;
	char *count;

	(void)state;
	open_link(&k, "web", which);
	j = job_start(k.link, &spec, NULL, &calls);
	for (int i = 0; i < 3; i++) {
		KIT_WAIT(&k, seen.out.len >= 108894u * (unsigned)(i + 1));
		sshkit_down(&ssh);
		KIT_WAIT(&k, (link_status(k.link, &s), s.state == LINK_LOST));
		job_follow(j, &follow);
		assert_true(follow.offline);
		assert_int_equal(follow.state, JOB_RUNNING);
		assert_true(follow.silent_ms >= 0);
		assert_true(s.attempts >= 1);
		assert_true(s.heard_ms >= 0);
		assert_non_null(strstr(s.words, "connection lost"));
		assert_non_null(strstr(s.words, "; last heard "));
		if (s.wanted) { /* between two questions nothing is */
			assert_non_null(strstr(s.words, "reconnecting in "));
			assert_int_equal(strncmp(s.label, "reconnecting ", 13), 0);
		}
		sshkit_write(&ssh, go[i], "");
		sshkit_up(&ssh);
	}
	KIT_WAIT(&k, seen.ends);
	assert_int_equal(seen.end.state, JOB_DONE);
	assert_int_equal(seen.end.exit, 5);
	assert_int_equal(seen.out.len, 3 * 108894);
	assert_memory_equal(seen.out.buf, seen.out.buf + 108894, 108894);
	job_follow(j, &follow);
	assert_false(follow.offline);
	assert_int_equal(follow.behind_bytes, 0);
	count = sshkit_read(&ssh, "count");
	assert_string_equal(count, "ran\n");
	mem_free(count);
	job_free(j);
	str_release(&seen.out);
	kit_close(&k);
}

static void
auto_takes_the_system_ssh_where_it_must(void **state)
{
	static const struct {
		const char *alias, *why;
	} rows[] = {
		{"far", "ProxyJump"}, {"rsa", "RSA"},
		{"mixed", "other keys"}, /* libssh2 is refused first */
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct kit k = {0};
		struct kit_exec x;
		struct link_status s;

		open_link(&k, rows[i].alias, HOST_AUTO);
		kit_exec_start(&k, &x, "exec echo here", "");
		KIT_WAIT(&k, x.ends);
		link_status(k.link, &s);
		if (strcmp(x.out.buf, "here\n") != 0)
			fail_msg("%s: %s %s", rows[i].alias, s.words, x.err.buf);
		assert_string_equal(s.transport, "openssh");
		assert_non_null(strstr(s.why_transport, rows[i].why));
		kit_exec_release(&x);
		kit_close(&k);
	}
}

static int
fresh(enum host_transport transport)
{
	which = transport;
	return sshkit_sh(&ssh, "rm -rf state count go1 go2 go3");
}

static int
over_libssh2(void **state)
{
	(void)state;
	return fresh(HOST_LIBSSH2);
}

static int
over_openssh(void **state)
{
	(void)state;
	return fresh(HOST_OPENSSH);
}

static int
up(void **state)
{
	(void)state;
	sshkit_open(&ssh);
	return 0;
}

static int
down(void **state)
{
	(void)state;
	sshkit_close(&ssh);
	return 0;
}

/* handrail-ssh lies beside the program that is built there. */
static void
prepare_workers(void)
{
	const char *build = getenv("BUILDDIR");
	char *program = file_join(build ? build : ".", "handrail");

	fleet_prepare(program);
	mem_free(program);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
#define BOTH(name) \
	cmocka_unit_test_setup(name, over_libssh2), \
		cmocka_unit_test_setup(name, over_openssh)
		BOTH(exec_runs_over_one_connection),
		BOTH(a_connection_is_made_over_there),
		BOTH(five_megabytes_go_in_and_come_back),
		BOTH(host_keys_are_as_strict_as_ssh_is),
		BOTH(faults_have_their_own_words),
		BOTH(passphrase_is_asked_here),
		BOTH(job_outlives_the_connection),
		cmocka_unit_test(auto_takes_the_system_ssh_where_it_must),
	};

	if (askpass_wanted())
		return askpass_main(argc, argv);
	jail_enter(argv);
	prepare_workers();
	return cmocka_run_group_tests(tests, up, down);
}
