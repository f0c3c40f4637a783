#include "remote/lookpass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "remote/hr1.h"

#define TOKEN "0123456789abcdef0123456789abcdef"
#define END   "HR1 exit 0 tok=" TOKEN "\n"

static void
came(void *ctx, const char *p, size_t len)
{
	str_add(ctx, p, len);
}

static const struct {
	const char *in, *out, *held;
} rows[] = {
	{"", "", ""},
	{"a\nb\n\n" END, "a\nb\n", "\n" END},
	{"a\n" END, "a\n", "\n" END}, /* without an end of line of its own */
	{END, "", "\n" END},
	{"a\n\n\nb\n", "a\n\n\nb\n", ""},
	{"HR1 exit 0 tok=another\nx\n", "HR1 exit 0 tok=another\nx\n", ""},
	{"HR1 ", "HR1 ", ""},
	{"HR", "HR", ""},
	{"x HR1 exit 0 tok=" TOKEN "\n", "x HR1 exit 0 tok=" TOKEN "\n", ""},
	{"a\n\nHR1 error lost tok=" TOKEN "\nwhy\n", "a\n",
		"\nHR1 error lost tok=" TOKEN "\nwhy\n"},
	{"\n\n", "\n\n", ""},
};

/* In one piece and byte by byte alike. */
static void
hands_on_all_but_the_trailer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int bytes = 0; bytes < 2; bytes++) {
			struct str out = STR_INIT;
			struct lookpass l = {.token = TOKEN,
				.on_out = came,
				.ctx = &out,
				.held = STR_INIT};
			size_t len = strlen(rows[i].in);

			for (size_t k = 0; bytes && k < len; k++)
				lookpass_feed(&l, rows[i].in + k, 1);
			if (!bytes)
				lookpass_feed(&l, rows[i].in, len);
			lookpass_end(&l);
			assert_string_equal(out.buf, rows[i].out);
			assert_string_equal(l.held.buf, rows[i].held);
			lookpass_release(&l);
			str_release(&out);
		}
	}
}

static void
a_whole_line_is_never_kept_waiting(void **state)
{
	struct str out = STR_INIT;
	struct lookpass l = {
		.token = TOKEN, .on_out = came, .ctx = &out, .held = STR_INIT};

	(void)state;
	lookpass_feed(&l, "one\n", 4);
	assert_string_equal(out.buf, "one\n");
	lookpass_feed(&l, "two", 3);
	assert_string_equal(out.buf, "one\ntwo");
	lookpass_release(&l);
	str_release(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(hands_on_all_but_the_trailer),
		cmocka_unit_test(a_whole_line_is_never_kept_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
