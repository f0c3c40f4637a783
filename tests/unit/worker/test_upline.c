#include "worker/upline.h"

#include <sys/socket.h>
#include <unistd.h>

#include "workkit.h"

static void
frames_go_and_come(void **state)
{
	struct upline a, b;
	struct wire_frame f;
	struct wire_cursor c;
	int ends[2];
	char *kind, *text;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	upline_init(&a, ends[0]);
	upline_init(&b, ends[1]);
	upline_send(&a, WIRE_DATA, 3, "abc", 3);
	upline_send_fail(&a, 0, "TIMEOUT", "no answer");
	assert_true(upline_wants_write(&a));
	upline_flush(&a);
	assert_false(upline_wants_write(&a));
	upline_read(&b);
	assert_true(upline_next(&b, &f));
	assert_int_equal(f.type, WIRE_DATA);
	assert_int_equal(f.channel, 3);
	assert_true(upline_next(&b, &f));
	assert_int_equal(f.type, WIRE_FAIL);
	c = (struct wire_cursor){.p = f.payload, .len = f.len};
	kind = wire_get_text(&c);
	text = wire_get_text(&c);
	assert_string_equal(kind, "TIMEOUT");
	assert_string_equal(text, "no answer");
	assert_false(upline_next(&b, &f));
	assert_false(b.gone);
	mem_free(kind);
	mem_free(text);
	upline_release(&a);
	upline_release(&b);
	close(ends[0]);
	close(ends[1]);
}

static void
a_broken_stream_or_an_end_is_gone(void **state)
{
	struct upline u;
	struct wire_frame f;
	int ends[2];

	(void)state;
	for (int broken = 0; broken < 2; broken++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
		upline_init(&u, ends[0]);
		if (broken)
			assert_int_equal(write(ends[1], "\xff\xff\xff\xff\x01", 5), 5);
		else
			shutdown(ends[1], SHUT_WR);
		upline_read(&u);
		assert_false(upline_next(&u, &f));
		assert_true(u.gone);
		upline_release(&u);
		close(ends[0]);
		close(ends[1]);
	}
}

static void
words_of_any_length_fit_a_frame(void **state)
{
	struct upline u;
	char *text = mem_alloc(200001);

	(void)state;
	memset(text, 'x', 200000);
	upline_init(&u, -1);
	upline_send_fail(&u, 0, "DENIED", text);
	upline_send_closed(&u, 1, -1, text);
	assert_true(u.out.len < 4096);
	upline_release(&u);
	mem_free(text);
}

static void
draining_gives_up_in_time(void **state)
{
	struct upline u;
	int ends[2];
	char *piece = mem_alloc(60000);

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	upline_init(&u, ends[0]);
	for (int i = 0; i < 100; i++)
		upline_send(&u, WIRE_DATA, 1, piece, 60000);
	upline_drain(&u, 20);
	assert_true(upline_wants_write(&u));
	upline_release(&u);
	mem_free(piece);
	close(ends[0]);
	close(ends[1]);
}

/* A console that takes the bytes of a flood as slowly as they come, so that something always
 * waits: only what waits takes memory. */
static void
what_was_sent_takes_no_memory(void **state)
{
	enum { FRAME = 32 * 1024, WAITS = 256 * 1024, TIMES = 1000 };
	static char piece[FRAME];
	struct upline u;
	size_t most = 0, sent = 0, got = 0;
	int ends[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
	upline_init(&u, ends[0]);
	while (sent < TIMES) {
		ssize_t n;

		while (u.out.len - u.sent < WAITS) {
			upline_send(&u, WIRE_DATA, 1, piece, sizeof piece);
			sent++;
		}
		upline_flush(&u);
		n = read(ends[1], piece, sizeof piece);
		assert_true(n > 0);
		got += (size_t)n;
		assert_true(upline_wants_write(&u));
		most = u.out.cap > most ? u.out.cap : most;
	}
	assert_true(got > 10 * WAITS);
	assert_in_range(most, WAITS, 8 * WAITS);
	upline_release(&u);
	close(ends[0]);
	close(ends[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_go_and_come),
		cmocka_unit_test(a_broken_stream_or_an_end_is_gone),
		cmocka_unit_test(words_of_any_length_fit_a_frame),
		cmocka_unit_test(draining_gives_up_in_time),
		cmocka_unit_test(what_was_sent_takes_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
