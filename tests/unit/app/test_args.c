#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/args.h"

enum { WORDS_MAX = 12 };

static const char *const all_commands[] = {
#define X(name, fn, usage, summary) name,
	COMMANDS(X)
#undef X
};

/* A line of words divided by blanks, parsed into a. */
static bool
parse(const char *line, struct args *a, struct err *e)
{
	static char copy[512];
	static char *argv[WORDS_MAX];
	char *save = NULL;
	int argc = 0;

	snprintf(copy, sizeof copy, "handrail %s", line);
	for (char *w = strtok_r(copy, " ", &save); w && argc < WORDS_MAX - 1;
		w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	argv[argc] = NULL;
	*e = ERR_INIT;
	return args_parse(argc, argv, a, e);
}

static void
a_line_gives_its_command_and_words(void **state)
{
	static const struct {
		const char *line, *command;
		size_t words;
	} rows[] = {
		{"", "console", 0},
		{"some.yaml", "console", 1},
		{"console some.yaml", "console", 1},
		{"show x", "show", 1},
		{"--json show x", "show", 1},
		{"show x --json", "show", 1},
		{"lint a b c", "lint", 3},
		{"sign ABCD step", "sign", 2},
		{"note ABCD -", "note", 2},
		{"runs --open", "runs", 0},
		{"show --help", "show", 0},
		{"list -V", "list", 0},
		{"run -- --odd.yaml", "run", 1},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct args a;
		struct err e;
		if (!parse(rows[i].line, &a, &e))
			fail_msg("%s: %s", rows[i].line, e.msg);
		assert_string_equal(a.command, rows[i].command);
		assert_int_equal(a.words.list.len, rows[i].words);
		args_release(&a);
	}
}

static void
a_wrong_line_is_refused_with_a_reason(void **state)
{
	static const struct {
		const char *line, *says;
	} rows[] = {
		{"shw x", "did you mean show?"},
		{"--jsn runs", "did you mean --json?"},
		{"--js runs", "unknown option --js"},
		{"--json=1 runs", "--json takes no value"},
		{"-xh", "unknown option -x"},
		{"runs x", "one word too many"},
		{"show", "a word is missing"},
		{"show a b", "\"b\" is one word too many"},
		{"note ABCD", "a word is missing"},
		{"completion", "a word is missing"},
		{"runs --strict", "--strict does not belong to runs"},
		{"run x --answers", "--answers needs a value"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct args a;
		struct err e;
		assert_false(parse(rows[i].line, &a, &e));
		assert_int_equal(e.kind, ERR_INPUT);
		if (!strstr(e.msg, rows[i].says))
			fail_msg("%s: \"%s\" does not say \"%s\"", rows[i].line, e.msg,
				rows[i].says);
		args_release(&a);
	}
}

static void
values_are_kept_in_order(void **state)
{
	struct args a;
	struct err e;

	(void)state;
	assert_true(parse("run x --input a=1 --input b=2 --env t --env u", &a, &e));
	assert_int_equal(a.inputs.list.len, 2);
	assert_string_equal(a.inputs.list.at[0], "a=1");
	assert_string_equal(a.inputs.list.at[1], "b=2");
	assert_string_equal(a.opt[OPT_ENV], "u");
	assert_true(args_has(&a, OPT_INPUT));
	assert_false(args_has(&a, OPT_JSON));
	args_release(&a);
}

/* Every command and option in all that is made from the table. */
static void
help_manual_and_completions_name_everything(void **state)
{
	static const char *const names[] = {
#define X(id, name, letter, arg, commands, help) name,
		OPTIONS(X)
#undef X
	};
	struct str shells[3] = {STR_INIT, STR_INIT, STR_INIT}, man = STR_INIT;

	(void)state;
	args_completion(ARGS_BASH, &shells[0]);
	args_completion(ARGS_ZSH, &shells[1]);
	args_completion(ARGS_FISH, &shells[2]);
	args_mdoc(&man);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		for (size_t k = 0; k < 3; k++)
			if (!strstr(shells[k].buf, names[i]))
				fail_msg("shell %zu misses --%s", k, names[i]);
		assert_non_null(strstr(man.buf, names[i]));
	}
	for (size_t i = 0; i < sizeof all_commands / sizeof all_commands[0]; i++) {
		struct str help = STR_INIT;
		args_help(all_commands[i], &help);
		assert_non_null(strstr(help.buf, all_commands[i]));
		assert_non_null(strstr(help.buf, "--help"));
		assert_non_null(strstr(man.buf, all_commands[i]));
		str_release(&help);
	}
	for (size_t k = 0; k < 3; k++)
		str_release(&shells[k]);
	str_release(&man);
}

static void
every_kind_of_error_has_its_exit(void **state)
{
	static const struct {
		enum err_kind kind;
		enum exit_code code;
	} rows[] = {
		{ERR_NONE, EXIT_CODE_OK},
		{ERR_INPUT, EXIT_CODE_USAGE},
		{ERR_PARSE, EXIT_CODE_LOAD},
		{ERR_IO, EXIT_CODE_LOAD},
		{ERR_NET, EXIT_CODE_CONNECT},
		{ERR_AUTH, EXIT_CODE_CONNECT},
		{ERR_REFUSED, EXIT_CODE_REFUSED},
		{ERR_STATE, EXIT_CODE_REFUSED},
		{ERR_RECORD, EXIT_CODE_RECORD},
		{ERR_CANCELLED, EXIT_CODE_STOPPED},
		{ERR_TIMEOUT, EXIT_CODE_TIMEOUT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(
			args_exit_for(&(struct err){.kind = rows[i].kind}), rows[i].code);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_gives_its_command_and_words),
		cmocka_unit_test(a_wrong_line_is_refused_with_a_reason),
		cmocka_unit_test(values_are_kept_in_order),
		cmocka_unit_test(help_manual_and_completions_name_everything),
		cmocka_unit_test(every_kind_of_error_has_its_exit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
