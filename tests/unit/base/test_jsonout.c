#include "base/jsonout.h"

#include "unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static void
nested_values_get_their_commas(void **state)
{
	struct str out = STR_INIT;
	struct jsonout j;

	(void)state;
	jsonout_init(&j, &out);
	jsonout_open(&j);
	jsonout_kstr(&j, "s", "x");
	jsonout_kstr(&j, "none", NULL);
	jsonout_kint(&j, "n", -5);
	jsonout_kbool(&j, "yes", true);
	jsonout_key(&j, "list");
	jsonout_open_array(&j);
	jsonout_int(&j, 0);
	jsonout_bool(&j, false);
	jsonout_null(&j);
	jsonout_open(&j);
	jsonout_close(&j);
	jsonout_open_array(&j);
	jsonout_close_array(&j);
	jsonout_raw(&j, "{\"raw\":1}");
	jsonout_close_array(&j);
	jsonout_key(&j, "last");
	jsonout_strn(&j, "a\0b", 3);
	jsonout_close(&j);
	assert_string_equal(out.buf,
		"{\"s\":\"x\",\"none\":null,\"n\":-5,\"yes\":true,"
		"\"list\":[0,false,null,{},[],{\"raw\":1}],\"last\":\"a\\u0000b\"}");
	str_release(&out);
}

static void
strings_escape_as_jq_does(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"", "\"\""},
		{"plain /", "\"plain /\""},
		{"\"\\", "\"\\\"\\\\\""},
		{"\b\f\n\r\t", "\"\\b\\f\\n\\r\\t\""},
		{"\x01\x1f\x1b", "\"\\u0001\\u001f\\u001b\""},
		{"\x7f", "\"\\u007f\""},
		{"é€\U0001F680", "\"é€\U0001F680\""},
		{"\xc2\x9b", "\"\xc2\x9b\""},
		{"a\xff\xc3", "\"a\uFFFD\uFFFD\""},
		{"<&'>", "\"<&'>\""},
		{"\u2028", "\"\u2028\""},
	};
	struct str out = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		str_reset(&out);
		jsonout_add_string(&out, rows[i].in, strlen(rows[i].in));
		assert_string_equal(out.buf, rows[i].out);
	}
	str_release(&out);
}

static void
integers_up_to_what_a_double_holds(void **state)
{
	struct str out = STR_INIT;
	struct jsonout j;

	(void)state;
	jsonout_init(&j, &out);
	jsonout_open_array(&j);
	jsonout_int(&j, INT64_C(9007199254740991));
	jsonout_int(&j, -INT64_C(9007199254740991));
	jsonout_close_array(&j);
	assert_string_equal(out.buf, "[9007199254740991,-9007199254740991]");
	str_release(&out);
}

static void
random_string(struct dice *d, struct str *s)
{
	str_reset(s);
	for (size_t n = dice_roll(d, 40); n > 0; n--) {
		switch (dice_roll(d, 4)) {
		case 0:
			str_addc(s, (char)dice_roll(d, 0x80));
			break;
		case 1:
			str_addc(s, (char)dice_roll(d, 256));
			break;
		case 2:
			str_addc(s, "\"\\/\b\f\n\r\t\x7f\x1f"[dice_roll(d, 10)]);
			break;
		default:
			/* The start of a longer character, sometimes finished. */
			str_addc(s, (char)(0xc0 + dice_roll(d, 0x40)));
			str_addc(s, (char)(0x80 + dice_roll(d, 0x40)));
			if (dice_roll(d, 2) == 0)
				str_addc(s, (char)(0x80 + dice_roll(d, 0x40)));
		}
	}
}

static void
random_lines(struct str *lines)
{
	struct dice d = DICE(9);
	struct str s = STR_INIT;
	struct jsonout j;

	for (int i = 0; i < 5000; i++) {
		jsonout_init(&j, lines);
		jsonout_open(&j);
		jsonout_kint(&j, "n", (int64_t)dice_roll(&d, SIZE_MAX));
		random_string(&d, &s);
		jsonout_key(&j, "s");
		jsonout_strn(&j, s.buf, s.len);
		random_string(&d, &s);
		jsonout_kstr(&j, "list", s.buf);
		jsonout_close(&j);
		str_addc(lines, '\n');
	}
	str_release(&s);
}

/* The rule of the record: `jq -c .` changes not one byte of a line we wrote. */
static void
jq_leaves_every_line_as_it_is(void **state)
{
	struct str lines = STR_INIT, command = STR_INIT;
	struct err e = ERR_INIT;
	char folder[] = "/tmp/handrail-jsonout-XXXXXX";

	(void)state;
	if (system("command -v jq >/dev/null") != 0)
		skip();
	assert_non_null(mkdtemp(folder));
	char *path = file_join(folder, "lines");
	random_lines(&lines);
	assert_true(file_replace(path, lines.buf, lines.len, 0600, &e));
	str_addf(&command, "jq -c . %s | cmp - %s >&2", path, path);
	assert_int_equal(system(command.buf), 0);
	assert_true(file_remove_tree(folder, &e));
	mem_free(path);
	str_release(&lines);
	str_release(&command);
}

static void
value_without_key(struct jsonout *j)
{
	jsonout_open(j);
	jsonout_int(j, 1);
}

static void
key_in_array(struct jsonout *j)
{
	jsonout_open_array(j);
	jsonout_key(j, "k");
}

static void
key_without_value(struct jsonout *j)
{
	jsonout_open(j);
	jsonout_key(j, "k");
	jsonout_close(j);
}

static void
wrong_bracket(struct jsonout *j)
{
	jsonout_open(j);
	jsonout_close_array(j);
}

static void
one_close_too_many(struct jsonout *j)
{
	jsonout_close(j);
}

static void
too_deep(struct jsonout *j)
{
	for (int i = 0; i <= JSONOUT_DEPTH; i++)
		jsonout_open_array(j);
}

static void
number_too_large(struct jsonout *j)
{
	jsonout_int(j, INT64_C(1) << 53);
}

static void
nesting_errors_are_bugs(void **state)
{
	static void (*const wrongs[])(struct jsonout *) = {value_without_key,
		key_in_array, key_without_value, wrong_bracket, one_close_too_many,
		too_deep, number_too_large};
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT(wrongs); i++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			struct str out = STR_INIT;
			struct jsonout j;
			signal(SIGABRT, SIG_DFL);
			close(STDERR_FILENO);
			jsonout_init(&j, &out);
			wrongs[i](&j);
			_exit(0);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		if (!WIFSIGNALED(status))
			fail_msg("wrong use %zu passed", i);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nested_values_get_their_commas),
		cmocka_unit_test(strings_escape_as_jq_does),
		cmocka_unit_test(integers_up_to_what_a_double_holds),
		cmocka_unit_test(jq_leaves_every_line_as_it_is),
		cmocka_unit_test(nesting_errors_are_bugs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
