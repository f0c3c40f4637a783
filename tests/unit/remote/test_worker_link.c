#include <errno.h>
#include <sys/socket.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/wire.h"
#include "base/wirefacts.h"
#include "playkit.h"
#include "remote/fleet.h"
#include "remote/transport.h"
#include "remote/workers.h"

/*
 * The console's side of the frames against workers that misbehave. This program is also
 * the handrail-ssh it starts: under that name it plays the part that the host name asks for.
 */

/* ---- the worker's part ---- */

struct play {
	const char *part; /* also the host name */
	void (*act)(int fd);
	enum link_fault fault;
	const char *words;
};

static void
hello_of_another_proto(int fd)
{
	put_u32(fd, WIRE_HELLO, 0, WIRE_PROTO + 1);
}

static void
oversize(int fd)
{
	put_hello(fd);
	put_raw(fd, "\xff\xff\xff\xff", 4);
}

static void
unknown_type(int fd)
{
	put_hello(fd);
	put_raw(fd, "\0\0\0\5\x63\0\0\0\0", 9);
}

static void
ready_before_key(int fd)
{
	put_hello(fd);
	put_ready(fd);
}

static void
prompt_before_key(int fd)
{
	struct str payload = STR_INIT;

	put_hello(fd);
	wire_add_u32(&payload, 1);
	wire_add_u32(&payload, 0);
	wire_add_text(&payload, "Password: ");
	put(fd, WIRE_PROMPT, 0, &payload);
	str_release(&payload);
}

static void
key_twice(int fd)
{
	put_hello(fd);
	put_key(fd);
	await(fd, WIRE_KEY_OK, NULL);
	put_key(fd);
}

static void
frame_for_the_worker(int fd)
{
	put_hello(fd);
	put(fd, WIRE_KEY_OK, 0, NULL);
}

static void
cut_key(int fd)
{
	put_hello(fd);
	put_u32(fd, WIRE_KEY, 0, 1000);
}

static void
data_of_no_channel(int fd)
{
	log_in(fd);
	put_data(fd, 77, 3);
}

/* What the console eats it gives back at once; of a channel that was let go, nothing. */
static void
data_over_credit(int fd)
{
	log_in(fd);
	await(fd, WIRE_OPEN, NULL);
	put_data(fd, 1, 10);
	await(fd, WIRE_CLOSE, NULL);
	for (int i = 0; i < 5; i++)
		put_data(fd, 1, WIRE_WINDOW / 5 + 1);
}

static void
credit_over_window(int fd)
{
	log_in(fd);
	await(fd, WIRE_OPEN, NULL);
	put_u32(fd, WIRE_CREDIT, 1, WIRE_WINDOW);
}

static void
just_ends(int fd)
{
	(void)fd;
}

static void
ends_after_login(int fd)
{
	log_in(fd);
	await(fd, WIRE_OPEN, NULL);
}

static void
says_refused(int fd)
{
	put_hello(fd);
	put_texts(fd, WIRE_FAIL, 0, (const char *const[]){"REFUSED", "no"}, 2);
}

static void
says_nonsense(int fd)
{
	put_hello(fd);
	put_texts(fd, WIRE_FAIL, 0, (const char *const[]){"BANANA", "no"}, 2);
}

static void
asks_for_what_is_not_known(int fd)
{
	put_hello(fd);
	put_key(fd);
	await(fd, WIRE_KEY_OK, NULL);
	put_ask(fd, 1, WIRE_ASK_KINDS, "x");
}

/* The console gives up waiting: it says so, for the notice that was last. */
static void
waits_for_the_agent(int fd)
{
	struct str got = STR_INIT;

	put_hello(fd);
	put_key(fd);
	await(fd, WIRE_KEY_OK, NULL);
	put_ask(fd, 9, WIRE_ASK_NOTICE, "for ever");
	await(fd, WIRE_ANSWER, &got);
	if (got.len != 12 || memcmp(got.buf, "\0\0\0\11\0\0\0\0\0\0\0\0", 12) != 0)
		_exit(1);
	put_texts(fd, WIRE_FAIL, 0, (const char *const[]){"CANCELLED", "given up"}, 2);
}

/* Does everything right, and checks what the console says. */
static void
plays_fair(int fd)
{
	struct str got = STR_INIT;

	put_hello(fd);
	put_key(fd);
	await(fd, WIRE_KEY_OK, NULL);
	wire_add_u32(&got, 5);
	wire_add_u32(&got, 1);
	wire_add_text(&got, "Code: ");
	put(fd, WIRE_PROMPT, 0, &got);
	str_reset(&got);
	await(fd, WIRE_ANSWER, &got);
	if (got.len != 15 ||
		memcmp(got.buf,
			"\0\0\0\5\0\0\0\1\0\0\0\3"
			"123",
			15) != 0)
		_exit(1);
	put_ask(fd, 6, WIRE_ASK_UNLOCK, "/keys/id");
	str_reset(&got);
	await(fd, WIRE_ANSWER, &got);
	if (got.len != 12 || memcmp(got.buf, "\0\0\0\6\0\0\0\1\0\0\0\0", 12) != 0)
		_exit(1);
	put_ask(fd, 7, WIRE_ASK_NOTICE, "a touch");
	put_ask(fd, 8, WIRE_ASK_NOTICE, "");
	put_ready(fd);
	str_reset(&got);
	await(fd, WIRE_OPEN, &got);
	if (got.len != 16 || memcmp(got.buf, "\0\0\0\4exec\0\0\0\4true", 16) != 0)
		_exit(1);
	put(fd, WIRE_OPENED, 1, NULL);
	str_reset(&got);
	await(fd, WIRE_DATA, &got);
	if (strcmp(got.buf, "input") != 0)
		_exit(1);
	await(fd, WIRE_EOF, NULL);
	put_data(fd, 1, 10);
	put(fd, WIRE_EOF, 1, NULL);
	put_closed(fd, 1, 3);
	await(fd, WIRE_QUIT, NULL); /* stays until the end of the socket */
}

/* Goes on about a channel that was let go, as a frame under way would. */
static void
talks_on_after_close(int fd)
{
	log_in(fd);
	await(fd, WIRE_OPEN, NULL);
	put_data(fd, 1, 10);
	await(fd, WIRE_CLOSE, NULL);
	put_data(fd, 1, 10);
	put(fd, WIRE_EOF, 1, NULL);
	put_closed(fd, 1, 0);
	put_texts(fd, WIRE_FAIL, 0, (const char *const[]){"UNREACHABLE", "the end"}, 2);
}

static const struct play plays[] = {
	{"key_before_hello", put_key, LINK_FAULT_CRASHED, "broke the protocol"},
	{"hello_of_another_proto", hello_of_another_proto, LINK_FAULT_CRASHED,
		"broke the protocol"},
	{"oversize", oversize, LINK_FAULT_CRASHED, "frame of"},
	{"unknown_type", unknown_type, LINK_FAULT_CRASHED, "unknown frame type"},
	{"ready_before_key", ready_before_key, LINK_FAULT_CRASHED, "broke the protocol"},
	{"prompt_before_key", prompt_before_key, LINK_FAULT_CRASHED,
		"broke the protocol"},
	{"key_twice", key_twice, LINK_FAULT_CRASHED, "broke the protocol"},
	{"frame_for_the_worker", frame_for_the_worker, LINK_FAULT_CRASHED,
		"broke the protocol"},
	{"cut_key", cut_key, LINK_FAULT_CRASHED, "broke the protocol"},
	{"data_of_no_channel", data_of_no_channel, LINK_FAULT_CRASHED,
		"broke the protocol"},
	{"data_over_credit", data_over_credit, LINK_FAULT_CRASHED, "broke the protocol"},
	{"credit_over_window", credit_over_window, LINK_FAULT_CRASHED,
		"broke the protocol"},
	{"asks_for_what_is_not_known", asks_for_what_is_not_known, LINK_FAULT_CRASHED,
		"broke the protocol"},
	{"waits_for_the_agent", waits_for_the_agent, LINK_FAULT_CANCELLED, "given up"},
	{"just_ends", just_ends, LINK_FAULT_CRASHED, "ended"},
	{"ends_after_login", ends_after_login, LINK_FAULT_CRASHED, "ended"},
	{"says_refused", says_refused, LINK_FAULT_REFUSED, "no"},
	{"says_nonsense", says_nonsense, LINK_FAULT_INTERNAL, "no"},
	{"plays_fair", plays_fair, LINK_FAULT_NONE, ""},
	{"talks_on_after_close", talks_on_after_close, LINK_FAULT_UNREACHABLE, "the end"},
};

static void
act(int fd)
{
	struct str hello = STR_INIT;
	struct wirefacts f;

	await(fd, WIRE_HELLO, &hello);
	if (!wirefacts_get(&f, hello.buf, hello.len) ||
		strcmp(f.keeper, "/run/keeper") != 0)
		_exit(1);
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
		if (strcmp(f.host, plays[i].part) == 0)
			plays[i].act(fd);
	}
	/* Unread bytes at the close would take the last words along. */
	shutdown(fd, SHUT_WR);
	for (char b[4096]; read(fd, b, sizeof b) > 0;)
		;
	_exit(0);
}

static _Noreturn void
be_parent(void)
{
	for (;;) {
		char byte;
		union {
			struct cmsghdr head;
			char room[CMSG_SPACE(sizeof(int))];
		} control;
		struct iovec iov = {.iov_base = &byte, .iov_len = 1};
		struct msghdr m = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof control,
		};
		int fd;

		if (recvmsg(3, &m, 0) <= 0)
			_exit(0);
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof fd);
		if (fork() == 0)
			act(fd);
		close(fd);
	}
}

/* ---- the console's part ---- */

struct seen {
	struct loop *loop;
	struct transport *t;
	int keys, prompts, unlocks, notices, readies, faults, closed;
	size_t bytes;
	int exit;
	bool drop_on_data;
	enum link_fault fault;
	char text[200];
};

static void
on_key(void *ctx, const char *type, const void *blob, size_t len)
{
	struct seen *s = ctx;

	assert_string_equal(type, "ssh-ed25519");
	assert_int_equal(len, 4);
	assert_memory_equal(blob, "BLOB", 4);
	s->keys++;
	s->t->ops->key_answer(s->t, TRANSPORT_KEY_OK);
}

static void
on_prompt(void *ctx, const char *text, bool echo)
{
	struct seen *s = ctx;

	assert_string_equal(text, "Code: ");
	assert_true(echo);
	s->prompts++;
	s->t->ops->answer(s->t, "123");
}

static void
on_unlock(void *ctx, const char *path)
{
	struct seen *s = ctx;

	assert_string_equal(path, "/keys/id");
	s->unlocks++;
	s->t->ops->answer(s->t, "");
}

static void
on_notice(void *ctx, const char *text)
{
	struct seen *s = ctx;

	s->notices++;
	if (!text)
		assert_int_equal(s->notices, 2);
	else if (strcmp(text, "for ever") == 0)
		s->t->ops->answer(s->t, NULL);
	else
		assert_string_equal(text, "a touch");
}

static void
on_ready(void *ctx, const struct transport_ready *r)
{
	struct seen *s = ctx;

	assert_string_equal(r->kex, "kex");
	assert_string_equal(r->key, "key");
	s->readies++;
	s->t->ops->exec(s->t, 1, "true");
	s->t->ops->write(s->t, 1, "input", 5);
	s->t->ops->eof(s->t, 1);
}

static void
on_fault(void *ctx, enum link_fault fault, const char *text)
{
	struct seen *s = ctx;

	s->faults++;
	s->fault = fault;
	snprintf(s->text, sizeof s->text, "%s", text);
}

static void
on_data(void *ctx, uint32_t channel, enum transport_stream stream, const char *p,
	size_t len)
{
	struct seen *s = ctx;

	(void)p;
	assert_int_equal(channel, 1);
	assert_int_equal(stream, TRANSPORT_OUT);
	assert_false(s->drop_on_data && s->bytes > 0); /* it was let go */
	s->bytes += len;
	if (s->drop_on_data)
		s->t->ops->close(s->t, 1);
}

static void
on_closed(void *ctx, uint32_t channel, int exit, const char *why)
{
	struct seen *s = ctx;

	assert_int_equal(channel, 1);
	assert_false(s->drop_on_data);
	assert_null(why);
	s->closed++;
	s->exit = exit;
}

static void
open_play(struct seen *s, const char *part)
{
	static const struct knownhosts nothing;
	struct sshconf conf = {
		.hostname = (char *)part,
		.user = (char *)"ops",
		.port = 22,
		.pubkey = true,
	};
	struct transport_opts o = {
		.target = part,
		.conf = &conf,
		.known = &nothing,
		.connect_timeout_ms = KIT_PATIENCE_MS,
		.keeper = "/run/keeper",
		.events =
			{
				.on_key = on_key,
				.on_prompt = on_prompt,
				.on_unlock = on_unlock,
				.on_notice = on_notice,
				.on_ready = on_ready,
				.on_fault = on_fault,
				.on_data = on_data,
				.on_closed = on_closed,
				.ctx = s,
			},
	};
	struct err e = ERR_INIT;

	s->loop = o.loop = loop_new();
	s->t = worker_link_ops.open(&o, &e);
	assert_non_null(s->t);
}

static void
close_play(struct seen *s)
{
	s->t->ops->free(s->t);
	loop_free(s->loop);
}

static void
a_worker_that_breaks_the_protocol_has_crashed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof plays / sizeof *plays; i++) {
		struct seen s = {
			.drop_on_data = plays[i].act == talks_on_after_close ||
				plays[i].act == data_over_credit,
		};

		if (plays[i].fault == LINK_FAULT_NONE)
			continue;
		print_message("# %s\n", plays[i].part);
		open_play(&s, plays[i].part);
		KIT_WAIT(&s, s.faults > 0);
		assert_int_equal(s.fault, plays[i].fault);
		assert_non_null(strstr(s.text, plays[i].words));
		loop_turn(s.loop, 0);
		assert_int_equal(s.faults, 1);
		assert_int_equal(s.closed, 0); /* on_fault speaks for all channels */
		close_play(&s);
	}
}

static void
a_fair_worker_is_relayed_word_for_word(void **state)
{
	struct seen s = {0};

	(void)state;
	open_play(&s, "plays_fair");
	KIT_WAIT(&s, s.closed > 0 || s.faults > 0);
	assert_string_equal(s.text, "");
	assert_int_equal(s.keys, 1);
	assert_int_equal(s.prompts, 1);
	assert_int_equal(s.unlocks, 1);
	assert_int_equal(s.notices, 2);
	assert_int_equal(s.readies, 1);
	assert_int_equal(s.bytes, 10);
	assert_int_equal(s.exit, 3);
	close_play(&s);
}

static void
freeing_it_at_any_time_is_quiet(void **state)
{
	(void)state;
	for (int turns = 0; turns < 12; turns++) {
		struct seen s = {0};

		open_play(&s, "plays_fair");
		for (int i = 0; i < turns; i++)
			loop_turn(s.loop, 5);
		close_play(&s);
	}
}

/* ---- */

static char *
make_stage(void)
{
	char folder[] = "/tmp/test_worker_link.XXXXXX", exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);
	char *link;

	assert_true(n > 0 && mkdtemp(folder));
	exe[n] = 0;
	link = file_join(folder, "handrail-ssh");
	assert_int_equal(symlink(exe, link), 0);
	mem_free(link);
	return mem_strdup(folder);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_worker_that_breaks_the_protocol_has_crashed),
		cmocka_unit_test(a_fair_worker_is_relayed_word_for_word),
		cmocka_unit_test(freeing_it_at_any_time_is_quiet),
	};
	struct err e = ERR_INIT;
	char *folder, *beside;
	int failed;

	(void)argc;
	if (strcmp(file_base(argv[0]), "handrail-ssh") == 0)
		be_parent();
	folder = make_stage();
	beside = file_join(folder, "handrail");
	fleet_prepare(beside);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	workers_end();
	if (!file_remove_tree(folder, &e))
		failed++;
	mem_free(beside);
	mem_free(folder);
	return failed;
}
