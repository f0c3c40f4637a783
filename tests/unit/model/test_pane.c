#include "model/pane.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

static void
same(char *got, const char *want)
{
	assert_string_equal(got, want);
	mem_free(got);
}

static char *
of(const char *key, const char *value)
{
	struct log_source log = {.name = (char *)"x"};
	struct pair p = {.key = (char *)key, .value = (char *)value};
	char *text;

	vec_push(&log.args.list, p);
	text = pane_of_log(&log);
	vec_free(&log.args.list);
	return text;
}

static void
a_log_is_followed_and_only_its_names_are_filled_in(void **state)
{
	(void)state;
	same(of("path", "/var/log/${app}.log"),
		"exec tail -n 50 -F -- \"/var/log/${app}.log\"");
	same(of("path", "/a\"$(rm)`x`\\"),
		"exec tail -n 50 -F -- \"/a\\\"\\$(rm)\\`x\\`\\\\\"");
	same(of("unit", "nginx"),
		"exec journalctl --no-pager --lines=50 --follow --unit=\"nginx\"");
	same(of("command", "vmstat 5"), "vmstat 5");
	assert_null(of("format", "json"));
}

static void
a_command_stays_as_it_was_written(void **state)
{
	static const char *const texts[] = {"docker stats",
		"tail -f x | grep --line-buffered y", "watch", "watch -n",
		"watch -n fast date", "watch date > file", "watch date; date",
		"watch -Z date", ""};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		same(pane_of_text(texts[i]), texts[i]);
}

static void
watch_becomes_a_loop_that_prints_what_changes(void **state)
{
	static const struct {
		const char *text, *begin, *end;
	} rows[] = {
		{"watch date", "set -- date\n", "\tsleep 2\ndone"},
		{"watch -n 5 -d df -h /var", "set -- df -h /var\n", "\tsleep 5\ndone"},
		{"watch --interval=0.5 -t 'ps | wc -l'", "set -- 'ps | wc -l'\n",
			"\tsleep 0.5\ndone"},
		{"watch -n1 ls", "set -- ls\n", "\tsleep 1\ndone"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *got = pane_of_text(rows[i].text);
		size_t len = strlen(got), n = strlen(rows[i].end);

		assert_true(len > n);
		assert_memory_equal(got, rows[i].begin, strlen(rows[i].begin));
		assert_string_equal(got + len - n, rows[i].end);
		mem_free(got);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_log_is_followed_and_only_its_names_are_filled_in),
		cmocka_unit_test(a_command_stays_as_it_was_written),
		cmocka_unit_test(watch_becomes_a_loop_that_prints_what_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
