#include "live/assemble.h"

#include "livekit.h"

#include "base/mem.h"

/* Lines as "offset:text" with +N for what was cut and ! for a line that did not end. */
static void
note(void *ctx, const struct assemble_line *line)
{
	struct str *s = ctx;

	str_addf(s, "%lld:", (long long)line->offset);
	if (line->len <= 40)
		str_add(s, line->text, line->len);
	else
		str_addf(s, "(%zu)", line->len);
	if (line->cut)
		str_addf(s, "+%zu", line->cut);
	str_adds(s, line->ended ? ";" : "!");
}

static void
lines_are_the_same_however_the_bytes_come(void **state)
{
	static const char text[] = "one\ntwo\r\n\n\xe2\x82\xac \x1b[31mred\x1b[0m\nlast";
	static const char want[] =
		"100:one;104:two;109:;110:\xe2\x82\xac \x1b[31mred\x1b[0m;127:last!";

	(void)state;
	for (size_t step = 1; step < sizeof text; step++) {
		struct str got = STR_INIT;
		struct assemble a;

		assemble_init(&a, note, &got);
		assemble_begin(&a, 100);
		for (size_t i = 0; i < sizeof text - 1; i += step)
			assemble_feed(&a, text + i,
				sizeof text - 1 - i < step ? sizeof text - 1 - i : step);
		assert_int_equal(assemble_resume(&a), 127);
		assemble_flush(&a);
		assert_string_equal(got.buf, want);
		assert_int_equal(assemble_resume(&a), 131);
		str_release(&got);
		assemble_release(&a);
	}
}

static void
a_hundred_megabytes_without_an_end_need_no_memory(void **state)
{
	enum { PIECE = 1 << 20, PIECES = 100 };
	struct str got = STR_INIT, want = STR_INIT;
	char *piece = mem_alloc(PIECE);
	struct assemble a;

	(void)state;
	memset(piece, 'x', PIECE);
	assemble_init(&a, note, &got);
	for (int i = 0; i < PIECES; i++) {
		assemble_feed(&a, piece, PIECE);
		assert_true(a.partial.cap <= 4 * ASSEMBLE_LINE_BYTES);
		assert_int_equal(assemble_resume(&a), 0);
	}
	assemble_feed(&a, "\nnext\n", 6);
	str_addf(&want, "0:(%d)+%d;%d:next;", ASSEMBLE_LINE_BYTES,
		PIECE * PIECES - ASSEMBLE_LINE_BYTES, PIECE * PIECES + 1);
	assert_string_equal(got.buf, want.buf);
	mem_free(piece);
	str_release(&got);
	str_release(&want);
	assemble_release(&a);
}

static void
a_cut_does_not_split_a_character(void **state)
{
	struct str text = STR_INIT, got = STR_INIT, want = STR_INIT;
	struct assemble a;

	(void)state;
	for (int i = 0; i < ASSEMBLE_LINE_BYTES - 1; i++)
		str_addc(&text, 'x');
	str_adds(&text, "\xe2\x82\xac\n");
	str_addf(&want, "0:(%d)+3;", ASSEMBLE_LINE_BYTES - 1);
	for (size_t piece = text.len; piece > 1000; piece = piece / 2) {
		str_reset(&got);
		assemble_init(&a, note, &got);
		for (size_t i = 0; i < text.len; i += piece)
			assemble_feed(&a, text.buf + i,
				text.len - i < piece ? text.len - i : piece);
		assert_string_equal(got.buf, want.buf);
		assemble_release(&a);
	}
	str_release(&text);
	str_release(&got);
	str_release(&want);
}

static void
a_new_beginning_forgets_half_a_line(void **state)
{
	struct str got = STR_INIT;
	struct assemble a;

	(void)state;
	assemble_init(&a, note, &got);
	assemble_feed(&a, "a\nhal", 5);
	assert_int_equal(assemble_resume(&a), 2);
	assemble_begin(&a, 2);
	assemble_feed(&a, "half\n", 5);
	assert_string_equal(got.buf, "0:a;2:half;");
	str_release(&got);
	assemble_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_the_same_however_the_bytes_come),
		cmocka_unit_test(a_hundred_megabytes_without_an_end_need_no_memory),
		cmocka_unit_test(a_cut_does_not_split_a_character),
		cmocka_unit_test(a_new_beginning_forgets_half_a_line),
	};

	return cmocka_run_group_tests_name("live/assemble", tests, NULL, NULL);
}
