#include "base/talk.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

static int
drain(struct talk_reader *r, struct str *seen, struct err *e)
{
	struct talk_frame f;
	int rc;

	while ((rc = talk_next(r, &f, e)) == 1) {
		str_addf(seen, "%s %zu:", talk_name(f.type), f.len);
		str_add(seen, f.payload, f.len);
	}
	return rc;
}

static void
a_frame_has_the_bytes_of_the_contract(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	talk_add(&out, TALK_LINE, "hey", 3);
	assert_int_equal(out.len, TALK_HEAD + 3);
	assert_memory_equal(out.buf, "\0\0\0\x04\x0ahey", out.len);
	assert_int_equal(TALK_LINE, 10);
	str_release(&out);
}

static void
any_chunking_gives_the_same_frames(void **state)
{
	struct dice d = DICE(11);

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct str bytes = STR_INIT, want = STR_INIT, got = STR_INIT;
		struct talk_reader r;
		struct err e = ERR_INIT;
		char payload[300];

		talk_reader_init(&r, TALK_ONLOOKER);
		for (size_t n = dice_roll(&d, 12); n > 0; n--) {
			size_t len = dice_roll(&d, sizeof payload);
			enum talk_type type = TALK_FILE +
				(enum talk_type)dice_roll(&d, TALK_BYE - TALK_FILE + 1);

			for (size_t i = 0; i < len; i++)
				payload[i] = (char)dice_roll(&d, 256);
			talk_add(&bytes, type, payload, len);
			str_addf(&want, "%s %zu:", talk_name(type), len);
			str_add(&want, payload, len);
		}
		for (size_t at = 0; at < bytes.len;) {
			size_t some = 1 + dice_roll(&d, 40);

			some = some < bytes.len - at ? some : bytes.len - at;
			talk_feed(&r, bytes.buf + at, some);
			at += some;
			assert_int_equal(drain(&r, &got, &e), 0);
		}
		assert_int_equal(got.len, want.len);
		assert_memory_equal(got.buf, want.buf, want.len);
		talk_reader_release(&r);
		str_release(&bytes);
		str_release(&want);
		str_release(&got);
	}
}

/* What breaks the stream, and from then on every call says so. */
static void
broken(enum talk_side side, const char *bytes, size_t len, const char *why)
{
	struct talk_reader r;
	struct talk_frame f;
	struct err e = ERR_INIT;

	talk_reader_init(&r, side);
	talk_feed(&r, bytes, len);
	assert_int_equal(talk_next(&r, &f, &e), -1);
	if (!strstr(e.msg, why))
		fail_msg("said %s, wanted %s", e.msg, why);
	talk_feed(&r, "more", 4);
	assert_int_equal(talk_next(&r, &f, &e), -1);
	talk_reader_release(&r);
}

static void
garbage_breaks_the_stream_at_once(void **state)
{
	(void)state;
	broken(TALK_DRIVER, "GET / HTTP/1.1\r\n", 16, "are allowed");
	broken(TALK_DRIVER, "\xff\xff\xff\xff", 4, "are allowed");
	broken(TALK_DRIVER, "\0\0\0\0", 4, "are allowed");
	broken(TALK_DRIVER, "\0\1\4\1\2", 5, "are allowed"); /* TALK_MAX and one more */
	broken(TALK_DRIVER, "\0\0\0\1\0", 5, "no business");
	broken(TALK_DRIVER, "\0\0\0\1\x63", 5, "no business");
}

static void
each_side_takes_only_what_is_for_it(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	talk_add(&out, TALK_LINE, "x", 1);
	broken(TALK_DRIVER, out.buf, out.len, "LINE");
	str_reset(&out);
	talk_add(&out, TALK_HOLD, "x", 1);
	broken(TALK_ONLOOKER, out.buf, out.len, "HOLD");
	str_release(&out);
}

static struct talk_frame
one(struct talk_reader *r, enum talk_side side, const struct str *bytes)
{
	struct talk_frame f = {0};
	struct err e = ERR_INIT;

	talk_reader_init(r, side);
	talk_feed(r, bytes->buf, bytes->len);
	assert_int_equal(talk_next(r, &f, &e), 1);
	return f;
}

static void
a_greeting_comes_back_as_it_was_sent(void **state)
{
	char run[] = "01KAG3W5Z0B4T7M2Q8XK6N9RDE", con[] = "jump1/4711/9f3c2e11",
	     who[] = "ånna";
	struct talk_hello in = {.proto = TALK_PROTO,
				  .epoch = 7,
				  .lines = 4711,
				  .run = run,
				  .con = con,
				  .who = who},
			  out;
	struct str bytes = STR_INIT;
	struct talk_reader r;
	struct talk_frame f;

	(void)state;
	talk_add_hello(&bytes, TALK_ONLOOKER, &in);
	f = one(&r, TALK_ONLOOKER, &bytes);
	assert_true(talk_read_hello(&f, TALK_ONLOOKER, &out));
	assert_string_equal(out.run, in.run);
	assert_string_equal(out.con, in.con);
	assert_string_equal(out.who, in.who);
	assert_int_equal(out.epoch, 7);
	assert_int_equal(out.lines, 4711);
	talk_hello_release(&out);
	/* that of the other side has other fields */
	assert_false(talk_read_hello(&f, TALK_DRIVER, &out));
	for (size_t cut = 0; cut < f.len; cut++) {
		struct talk_frame less = {f.type, f.payload, cut};

		assert_false(talk_read_hello(&less, TALK_ONLOOKER, &out));
	}
	talk_reader_release(&r);
	str_release(&bytes);
}

static void
words_are_text_and_not_too_much_of_it(void **state)
{
	static const char *const bad[] = {
		"\0\0\0\2a\0", "\0\0\0\1\xff", "\0\0\0\5ab", "\0\0\0\1ab"};
	static const size_t len[] = {6, 5, 6, 6};
	struct str bytes = STR_INIT, text = STR_INIT;
	struct talk_reader r;
	struct talk_frame f;
	char *got;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_null(
			talk_read_text(&(struct talk_frame){TALK_HOLD, bad[i], len[i]}));
	/* what is sent is cut, never in the middle of a character */
	while (text.len <= TALK_WORDS_MAX)
		str_adds(&text, "éx");
	talk_add_one(&bytes, TALK_HOLD, text.buf);
	f = one(&r, TALK_DRIVER, &bytes);
	got = talk_read_text(&f);
	assert_non_null(got);
	assert_true(strlen(got) <= TALK_WORDS_MAX && strlen(got) > TALK_WORDS_MAX - 4);
	mem_free(got);
	talk_reader_release(&r);
	str_release(&bytes);
	str_release(&text);
}

static void
a_file_is_its_size_and_its_parts(void **state)
{
	struct str bytes = STR_INIT, text = STR_INIT, got = STR_INIT;
	struct talk_file file = {0};
	struct talk_reader r;
	struct talk_frame f;
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; i < 30000; i++)
		str_addf(&text, "line %d\n", i);
	talk_add_file(&bytes, "runbook", "/r.yaml", text.buf, text.len);
	talk_reader_init(&r, TALK_ONLOOKER);
	talk_feed(&r, bytes.buf, bytes.len);
	assert_int_equal(talk_next(&r, &f, &e), 1);
	assert_true(talk_read_file(&f, &file));
	assert_string_equal(file.role, "runbook");
	assert_string_equal(file.path, "/r.yaml");
	assert_int_equal(file.bytes, text.len);
	while (talk_next(&r, &f, &e) == 1) {
		assert_int_equal(f.type, TALK_PART);
		str_add(&got, f.payload, f.len);
	}
	assert_int_equal(got.len, text.len);
	assert_memory_equal(got.buf, text.buf, text.len);
	talk_file_release(&file);
	talk_reader_release(&r);
	str_release(&bytes);
	str_release(&text);
	str_release(&got);
}

static void
output_and_notes_come_back(void **state)
{
	struct talk_output in = {3, 1, 1, "out\0put", 7}, out;
	struct str bytes = STR_INIT;
	struct talk_reader r;
	struct talk_frame f;
	char *step, *text;

	(void)state;
	talk_add_output(&bytes, &in);
	f = one(&r, TALK_ONLOOKER, &bytes);
	assert_true(talk_read_output(&f, &out));
	assert_int_equal(out.step, 3);
	assert_int_equal(out.leg, 1);
	assert_int_equal(out.way, 1);
	assert_int_equal(out.len, 7);
	assert_memory_equal(out.bytes, in.bytes, 7);
	assert_false(
		talk_read_output(&(struct talk_frame){TALK_OUTPUT, f.payload, 11}, &out));
	talk_reader_release(&r);
	str_reset(&bytes);
	talk_add_note(&bytes, TALK_NOTE, "stop", "seen it");
	f = one(&r, TALK_DRIVER, &bytes);
	assert_true(talk_read_note(&f, &step, &text));
	assert_string_equal(step, "stop");
	assert_string_equal(text, "seen it");
	mem_free(step);
	mem_free(text);
	assert_false(talk_read_note(
		&(struct talk_frame){TALK_NOTE, f.payload, f.len - 1}, &step, &text));
	talk_reader_release(&r);
	str_release(&bytes);
}

static void
a_signature_comes_back_whole(void **state)
{
	char step[] = "look", key[] = "ssh-ed25519 AAAA bob", sig[] = "-----BEGIN\n";
	struct str bytes = STR_INIT, long_one = STR_INIT;
	struct talk_sign in = {step, key, NULL, sig}, out;
	struct talk_reader r;
	struct talk_frame f;

	(void)state;
	while (long_one.len < TALK_STATEMENT_MAX)
		str_addc(&long_one, 'x');
	in.statement = long_one.buf;
	assert_true(talk_add_sign(&bytes, &in));
	f = one(&r, TALK_DRIVER, &bytes);
	assert_int_equal(f.type, TALK_SIGN);
	assert_true(talk_read_sign(&f, &out));
	assert_string_equal(out.step, in.step);
	assert_string_equal(out.key, in.key);
	assert_string_equal(out.statement, in.statement);
	assert_string_equal(out.sig, in.sig);
	talk_sign_release(&out);
	for (size_t cut = 0; cut < f.len; cut += cut < 100 ? 1 : 997)
		assert_false(talk_read_sign(
			&(struct talk_frame){TALK_SIGN, f.payload, cut}, &out));
	talk_reader_release(&r);
	str_reset(&bytes);
	/* one that would not be taken is not sent */
	str_addc(&long_one, 'x');
	in.statement = long_one.buf;
	assert_false(talk_add_sign(&bytes, &in));
	assert_int_equal(bytes.len, 0);
	str_release(&long_one);
	str_release(&bytes);
}

static void
a_card_says_what_a_run_is(void **state)
{
	struct str out = STR_INIT;
	struct talk_reader r;
	struct talk_frame f;
	struct talk_card card, short_one;
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(TALK_BYE, 14); /* those that were there keep their numbers */
	talk_add_card(&out,
		&(struct talk_card){.run = (char *)"01J",
			.title = (char *)"Roll out",
			.who = (char *)"anna",
			.con = (char *)"jump1/1/ab",
			.state = (char *)"WAIT",
			.needs = (char *)"to do: Tell people",
			.driven_s = 77});
	talk_reader_init(&r, TALK_ONLOOKER);
	talk_feed(&r, out.buf, out.len);
	assert_int_equal(talk_next(&r, &f, &e), 1);
	assert_true(talk_read_card(&f, &card));
	assert_string_equal(card.title, "Roll out");
	assert_string_equal(card.environment, "");
	assert_string_equal(card.needs, "to do: Tell people");
	assert_int_equal(card.driven_s, 77);
	talk_card_release(&card);
	/* less than a card, or more, is none */
	for (size_t len = 0; len < f.len; len++)
		assert_false(talk_read_card(
			&(struct talk_frame){TALK_CARD, f.payload, len}, &short_one));
	str_addc(&out, 'x');
	assert_false(talk_read_card(
		&(struct talk_frame){TALK_CARD, out.buf + 5, out.len - 5}, &short_one));
	talk_reader_release(&r);
	str_release(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_has_the_bytes_of_the_contract),
		cmocka_unit_test(any_chunking_gives_the_same_frames),
		cmocka_unit_test(a_card_says_what_a_run_is),
		cmocka_unit_test(garbage_breaks_the_stream_at_once),
		cmocka_unit_test(each_side_takes_only_what_is_for_it),
		cmocka_unit_test(a_greeting_comes_back_as_it_was_sent),
		cmocka_unit_test(words_are_text_and_not_too_much_of_it),
		cmocka_unit_test(a_file_is_its_size_and_its_parts),
		cmocka_unit_test(output_and_notes_come_back),
		cmocka_unit_test(a_signature_comes_back_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
