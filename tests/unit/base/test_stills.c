#include "base/stills.h"

#include "unit.h"

#include <string.h>

#define CLEAR "\x1b[H\x1b[2J"
#define HOME  "\x1b[H"

static const struct {
	const char *in, *out;
} rows[] = {
	{"", ""}, {"one\ntwo\n", "one\ntwo\n"}, {"one\r\ntwo\a\n", "one\ntwo\n"},
	{"\x1b[1;31mred\x1b[0m\n", "red\n"}, {"\x1b]0;title\aon\n", "on\n"},
	{"\x1b]0;title\x1b\\on\n", "on\n"}, {"\x1b(Bplain\n", "plain\n"},
	{"half\x1b[", "half"}, {"half\x1b]0;never ended", "half"},
	{HOME "a 1\n" HOME "a 2\n", "a 1\na 2\n"},
	{HOME "a 1\n" HOME "a 1\n" HOME "a 2\n", "a 1\na 2\n"},
	{CLEAR "a\x1b[K\nb" CLEAR "a\nc", "a\nb\na\nc\n"},
	{"before\n" HOME "a\n" HOME "a\n", "before\na\n"},
	{"\x1b[5;1Hmoved\n", "moved\n"}, /* not home: it only moves */
	{"\x1b[0J\x1b[Jx\n", "x\n"},     /* clears what is below */
};

/* In one piece and byte by byte alike. */
static void
gives_lines_and_each_picture_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int bytes = 0; bytes < 2; bytes++) {
			struct stills s;
			struct str out = STR_INIT;
			size_t len = strlen(rows[i].in);

			stills_init(&s);
			for (size_t k = 0; bytes && k < len; k++)
				stills_feed(&s, rows[i].in + k, 1, &out);
			if (!bytes)
				stills_feed(&s, rows[i].in, len, &out);
			stills_end(&s, &out);
			assert_string_equal(out.buf, rows[i].out);
			stills_release(&s);
			str_release(&out);
		}
	}
}

static void
one_picture_is_bounded(void **state)
{
	struct stills s;
	struct str out = STR_INIT;

	(void)state;
	stills_init(&s);
	stills_feed(&s, HOME, strlen(HOME), &out);
	for (int i = 0; i < 10 * STILLS_FRAME_BYTES; i++)
		stills_feed(&s, "x", 1, &out);
	stills_end(&s, &out);
	assert_int_equal(out.len, STILLS_FRAME_BYTES + 1); /* and its line end */
	stills_release(&s);
	str_release(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_lines_and_each_picture_once),
		cmocka_unit_test(one_picture_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
