#include "worker/worker.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workkit.h"

/*
 * A worker as a whole, from the console's side of its socket: what it does when the
 * console breaks the protocol, and what it says of hosts that never get to a login.
 */

enum { CONNECT_MS = 2000, SOON_MS = 200 };

struct run {
	int fd;
	pid_t pid;
	struct wire_reader in;
};

static void
start(struct run *r)
{
	int ends[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	r->pid = fork();
	assert_true(r->pid >= 0);
	if (r->pid == 0) {
		close(ends[0]);
		libssh2_init(0);
		worker_main(ends[1]);
	}
	close(ends[1]);
	r->fd = ends[0];
	wire_reader_init(&r->in);
}

/* The exit status; everything it said has been read. */
static int
finish(struct run *r)
{
	int status;

	assert_int_equal(waitpid(r->pid, &status, 0), r->pid);
	wire_reader_release(&r->in);
	close(r->fd);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
say(struct run *r, enum wire_type type, const struct str *payload)
{
	struct str out = STR_INIT;
	struct err e = ERR_INIT;

	wire_add(&out, type, 0, payload ? payload->buf : "", payload ? payload->len : 0);
	(void)!file_write_all(r->fd, out.buf, out.len, &e); /* it may be gone already */
	str_release(&out);
}

static void
say_hello(struct run *r, const char *host, int port, int connect_ms)
{
	struct wirefacts f = {
		.host = (char *)host,
		.user = (char *)"ops",
		.port = (uint32_t)port,
		.connect_ms = (uint32_t)connect_ms,
		.agent_ms = SOON_MS,
		.read_ms = SOON_MS,
		.flags = WIREFACTS_PUBKEY,
	};
	struct str payload = STR_INIT;

	wirefacts_add(&payload, &f);
	say(r, WIRE_HELLO, &payload);
	str_release(&payload);
}

/* The next frame; false at the end of the stream. */
static bool
hear(struct run *r, struct wire_frame *f)
{
	struct err e = ERR_INIT;
	char buf[4096];
	ssize_t n;
	int rc;

	while ((rc = wire_next(&r->in, f, &e)) == 0) {
		n = read(r->fd, buf, sizeof buf);
		if (n <= 0)
			return false;
		wire_feed(&r->in, buf, (size_t)n);
	}
	assert_int_equal(rc, 1);
	return true;
}

static void
hears_fail(struct run *r, const char *kind, const char *words)
{
	struct wire_frame f;
	struct wire_cursor c;
	char *got_kind, *got_words;

	assert_true(hear(r, &f));
	assert_int_equal(f.type, WIRE_HELLO);
	assert_true(hear(r, &f));
	assert_int_equal(f.type, WIRE_FAIL);
	c = (struct wire_cursor){.p = f.payload, .len = f.len};
	got_kind = wire_get_text(&c);
	got_words = wire_get_text(&c);
	assert_string_equal(got_kind, kind);
	if (!strstr(got_words, words))
		fail_msg("\"%s\" says nothing of \"%s\"", got_words, words);
	mem_free(got_kind);
	mem_free(got_words);
	assert_false(hear(r, &f));
	assert_int_equal(finish(r), 0);
}

/* A socket that listens on 127.0.0.1; *port is where. */
static int
listen_somewhere(int *port)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	socklen_t len = sizeof at;
	int s = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(s, (struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(s, 4), 0);
	assert_int_equal(getsockname(s, (struct sockaddr *)&at, &len), 0);
	*port = ntohs(at.sin_port);
	return s;
}

/* ---- a console that breaks the protocol ---- */

static void
ends_without_a_word_when_the_console_is_out_of_step(void **state)
{
	static const enum wire_type first[] = {WIRE_KEY_OK, WIRE_ANSWER, WIRE_OPEN,
		WIRE_LISTEN, WIRE_DATA, WIRE_EOF, WIRE_CREDIT, WIRE_CLOSE, WIRE_KEY,
		WIRE_READY, WIRE_HELLO /* without facts */};

	(void)state;
	for (size_t i = 0; i < COUNT(first); i++) {
		struct run r;
		struct wire_frame f;

		start(&r);
		say(&r, first[i], NULL);
		assert_true(hear(&r, &f));
		assert_int_equal(f.type, WIRE_HELLO);
		assert_false(hear(&r, &f));
		assert_int_equal(finish(&r), 1);
	}
}

static void
ends_when_the_console_does(void **state)
{
	struct run r;
	struct wire_frame f;

	(void)state;
	start(&r);
	assert_true(hear(&r, &f));
	shutdown(r.fd, SHUT_WR);
	assert_false(hear(&r, &f));
	assert_int_equal(finish(&r), 0);
	start(&r);
	say(&r, WIRE_QUIT, NULL);
	assert_true(hear(&r, &f));
	assert_false(hear(&r, &f));
	assert_int_equal(finish(&r), 0);
}

static void
hears_the_console_while_it_waits_for_the_host(void **state)
{
	int port, s = listen_somewhere(&port);
	struct run r;
	struct wire_frame f;

	(void)state;
	start(&r);
	say_hello(&r, "127.0.0.1", port, 3600 * 1000);
	assert_true(hear(&r, &f));
	close(accept(s, NULL, NULL)); /* it is connected, or was */
	say(&r, WIRE_QUIT, NULL);
	while (hear(&r, &f))
		assert_int_equal(f.type, WIRE_FAIL); /* if it was the faster one */
	assert_int_equal(finish(&r), 0);
	close(s);
}

/* ---- hosts that never get to a login ---- */

static void
says_refused_where_nothing_listens(void **state)
{
	struct run r;
	int port, s = listen_somewhere(&port);

	(void)state;
	close(s);
	start(&r);
	say_hello(&r, "127.0.0.1", port, CONNECT_MS);
	hears_fail(&r, "REFUSED", "refused");
}

static void
says_timeout_where_nobody_speaks(void **state)
{
	struct run r;
	int port, s = listen_somewhere(&port);

	(void)state;
	start(&r);
	say_hello(&r, "127.0.0.1", port, SOON_MS);
	hears_fail(&r, "TIMEOUT", "SSH version");
	close(s);
}

static void
says_no_such_host_for_a_name_that_is_none(void **state)
{
	struct run r;

	(void)state;
	start(&r);
	say_hello(&r, "no such host", 22, CONNECT_MS);
	hears_fail(&r, "NO_SUCH_HOST", "no such host");
}

static void
says_protocol_for_hosts_that_speak_otherwise(void **state)
{
	static const char *const greetings[] = {
		"HTTP/1.1 400 Bad Request\r\n\r\n",
		"SSH-1.5-old\r\n",
		"\x01\x02\x03\x04",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(greetings); i++) {
		struct run r;
		int port, s = listen_somewhere(&port), c;

		start(&r);
		say_hello(&r, "127.0.0.1", port, CONNECT_MS);
		c = accept(s, NULL, NULL);
		assert_true(write(c, greetings[i], strlen(greetings[i])) > 0);
		shutdown(c, SHUT_WR);
		hears_fail(&r, "PROTOCOL", "does not speak SSH 2");
		close(c);
		close(s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_without_a_word_when_the_console_is_out_of_step),
		cmocka_unit_test(ends_when_the_console_does),
		cmocka_unit_test(hears_the_console_while_it_waits_for_the_host),
		cmocka_unit_test(says_refused_where_nothing_listens),
		cmocka_unit_test(says_timeout_where_nobody_speaks),
		cmocka_unit_test(says_no_such_host_for_a_name_that_is_none),
		cmocka_unit_test(says_protocol_for_hosts_that_speak_otherwise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
