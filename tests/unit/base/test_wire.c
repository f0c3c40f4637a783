#include "base/wire.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

/* Frames found, as text: equal texts mean equal frames. */
static int
drain(struct wire_reader *r, struct str *seen)
{
	struct wire_frame f;
	struct err e = ERR_INIT;
	int rc;

	while ((rc = wire_next(r, &f, &e)) == 1) {
		str_addf(seen, "%s %u %zu:", wire_name(f.type), (unsigned)f.channel,
			f.len);
		str_add(seen, f.payload, f.len);
	}
	return rc;
}

static void
a_frame_has_the_bytes_of_the_contract(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	wire_add(&out, WIRE_DATA, 0x01020304, "hey", 3);
	assert_int_equal(out.len, WIRE_HEAD + 3);
	assert_memory_equal(out.buf, "\0\0\0\x08\x07\x01\x02\x03\x04hey", out.len);
	assert_int_equal(WIRE_DATA, 7);
	str_release(&out);
}

static void
any_chunking_gives_the_same_frames(void **state)
{
	struct dice d = DICE(4);

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct str bytes = STR_INIT, want = STR_INIT, got = STR_INIT;
		struct wire_reader r;
		char payload[300];
		for (size_t n = dice_roll(&d, 12); n > 0; n--) {
			size_t len = dice_roll(&d, sizeof payload);
			enum wire_type type = (enum wire_type)(
				1 + dice_roll(&d, WIRE_TYPES - 1));
			unsigned channel = (unsigned)dice_roll(&d, SIZE_MAX);
			for (size_t i = 0; i < len; i++)
				payload[i] = (char)dice_roll(&d, 256);
			wire_add(&bytes, type, channel, payload, len);
			str_addf(&want, "%s %u %zu:", wire_name(type), channel, len);
			str_add(&want, payload, len);
		}
		wire_reader_init(&r);
		for (size_t at = 0; at < bytes.len;) {
			size_t n = 1 + dice_roll(&d, round % 2 ? 7 : 900);
			if (n > bytes.len - at)
				n = bytes.len - at;
			wire_feed(&r, bytes.buf + at, n);
			at += n;
			if (dice_roll(&d, 3) > 0)
				assert_int_equal(drain(&r, &got), 0);
		}
		assert_int_equal(drain(&r, &got), 0);
		assert_int_equal(got.len, want.len);
		assert_memory_equal(got.buf, want.buf, want.len);
		wire_reader_release(&r);
		str_release(&bytes);
		str_release(&want);
		str_release(&got);
	}
}

static void
the_largest_frame_passes(void **state)
{
	struct str bytes = STR_INIT;
	struct wire_reader r;
	struct wire_frame f;
	struct err e = ERR_INIT;
	char *payload = mem_alloc(WIRE_PAYLOAD_MAX);

	(void)state;
	wire_add(&bytes, WIRE_DATA, 1, payload, WIRE_PAYLOAD_MAX);
	wire_reader_init(&r);
	wire_feed(&r, bytes.buf, bytes.len);
	assert_int_equal(wire_next(&r, &f, &e), 1);
	assert_int_equal(f.len, WIRE_PAYLOAD_MAX);
	assert_int_equal(wire_next(&r, &f, &e), 0);
	wire_reader_release(&r);
	str_release(&bytes);
	mem_free(payload);
}

static void
broken_streams_are_told_early_and_stay_broken(void **state)
{
	static const struct {
		const char bytes[5];
		size_t len;
		enum err_kind kind;
	} rows[] = {
		{"\0\1\0\1", 4, ERR_LIMIT},
		{"\xff\xff\xff\xff", 4, ERR_LIMIT},
		{"\0\0\0\0", 4, ERR_PARSE},
		{"\0\0\0\4", 4, ERR_PARSE},
		{{0, 0, 0, 9, 0}, 5, ERR_PARSE},
		{{0, 0, 0, 9, (char)WIRE_TYPES}, 5, ERR_PARSE},
		{{0, 0, 0, 9, (char)0xff}, 5, ERR_PARSE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str good = STR_INIT;
		struct wire_reader r;
		struct wire_frame f;
		struct err e = ERR_INIT;
		wire_reader_init(&r);
		wire_add(&good, WIRE_HELLO, 0, "x", 1);
		wire_feed(&r, good.buf, good.len);
		wire_feed(&r, rows[i].bytes, rows[i].len);
		assert_int_equal(wire_next(&r, &f, &e), 1);
		assert_int_equal(wire_next(&r, &f, &e), -1);
		assert_int_equal(e.kind, rows[i].kind);
		wire_feed(&r, good.buf, good.len);
		assert_int_equal(wire_next(&r, &f, &e), -1);
		wire_reader_release(&r);
		str_release(&good);
	}
}

static void
random_bytes_do_no_harm(void **state)
{
	struct dice d = DICE(5);

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct str seen = STR_INIT;
		struct wire_reader r;
		wire_reader_init(&r);
		for (size_t n = dice_roll(&d, 40); n > 0; n--) {
			/* Small lengths, so that some frames come through. */
			char c = (char)dice_roll(&d, 3 + dice_roll(&d, 30));
			wire_feed(&r, &c, 1);
			if (drain(&r, &seen) < 0)
				break;
		}
		wire_reader_release(&r);
		str_release(&seen);
	}
}

static void
payload_fields_go_both_ways(void **state)
{
	struct str s = STR_INIT;
	size_t len;

	(void)state;
	wire_add_u32(&s, 0xdeadbeef);
	wire_add_text(&s, "host");
	wire_add_bytes(&s, "a\0b", 3);
	wire_add_text(&s, "");
	struct wire_cursor c = {.p = s.buf, .len = s.len};
	assert_int_equal(wire_get_u32(&c), 0xdeadbeef);
	char *host = wire_get_text(&c);
	assert_string_equal(host, "host");
	const char *bytes = wire_get_bytes(&c, &len);
	assert_int_equal(len, 3);
	assert_memory_equal(bytes, "a\0b", 3);
	char *empty = wire_get_text(&c);
	assert_string_equal(empty, "");
	assert_false(c.bad);
	assert_int_equal(c.len, 0);
	mem_free(host);
	mem_free(empty);
	str_release(&s);
}

static void
short_payloads_are_bad_at_every_byte(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	wire_add_u32(&s, 7);
	wire_add_text(&s, "host");
	for (size_t cut = 0; cut < s.len; cut++) {
		char *exact = mem_copy(
			s.buf, cut); /* so that a sanitizer sees any overrun */
		struct wire_cursor c = {.p = exact, .len = cut};
		wire_get_u32(&c);
		assert_null(wire_get_text(&c));
		assert_true(c.bad);
		assert_int_equal(wire_get_u32(&c), 0);
		mem_free(exact);
	}
	str_release(&s);
}

static void
a_text_with_a_nul_is_bad(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	wire_add_bytes(&s, "a\0b", 3);
	struct wire_cursor c = {.p = s.buf, .len = s.len};
	assert_null(wire_get_text(&c));
	assert_true(c.bad);
	str_release(&s);
}

static void
every_type_has_a_name_and_a_receiver(void **state)
{
	(void)state;
	for (int t = WIRE_NONE + 1; t < WIRE_TYPES; t++) {
		const char *to = wire_to((enum wire_type)t);
		assert_true(strlen(wire_name((enum wire_type)t)) > 1);
		assert_true(strcmp(to, "both") == 0 || strcmp(to, "worker") == 0 ||
			strcmp(to, "console") == 0);
	}
	assert_string_equal(wire_name(WIRE_KEY_OK), "KEY_OK");
	assert_string_equal(wire_to(WIRE_KEY_OK), "worker");
	assert_string_equal(wire_name((enum wire_type)99), "NONE");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_has_the_bytes_of_the_contract),
		cmocka_unit_test(any_chunking_gives_the_same_frames),
		cmocka_unit_test(the_largest_frame_passes),
		cmocka_unit_test(broken_streams_are_told_early_and_stay_broken),
		cmocka_unit_test(random_bytes_do_no_harm),
		cmocka_unit_test(payload_fields_go_both_ways),
		cmocka_unit_test(short_payloads_are_bad_at_every_byte),
		cmocka_unit_test(a_text_with_a_nul_is_bad),
		cmocka_unit_test(every_type_has_a_name_and_a_receiver),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
