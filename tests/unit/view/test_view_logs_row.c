#include "view/view_logs_row.h"

#include "unit.h"

#include <string.h>

#include "base/str.h"

/* What tells the lines apart gets a column, and no time is ambiguous. */
static const struct now now = {.mono = {1000}, .wall = {1763600460000}};
static const char today[] = "2025-11-20T01:00:05.250Z WARN full";
static const char before[] = "2025-11-18T23:59:58.250Z WARN full";

struct shown {
	int cols;
	const char *hosts, *names; /* of two sources, one letter each */
	const char *line, *want;
};

static void
check(const struct shown *c)
{
	struct logs *l = logs_new(&(struct logs_opts){0});
	struct logs_scene ls = {.logs = l};
	struct area a = {0, 0, 1, c->cols};
	const struct logline *line;
	struct view_logs_row how;
	struct str got = STR_INIT;
	struct frame f;

	for (int i = 0; c->names[i]; i++)
		logs_add(l, LOGS_TEXT, (char[]){c->names[i], '\0'},
			(char[]){c->hosts[i], '\0'});
	logs_feed(l, 0, c->line, strlen(c->line), &now);
	logs_flush(l, 0, &now);
	line = logstore_at(logs_store(l), 0);
	frame_init(&f, 1, c->cols);
	how = view_logs_row_how(&ls, line, now.wall, a);
	view_logs_row_draw(&ls, &how, line, &f, a);
	frame_text(&f, &got);
	if (strncmp(got.buf, c->want, strlen(c->want)) != 0)
		fail_msg("got  \"%s\"\nwant \"%s\"", got.buf, c->want);
	str_release(&got);
	frame_release(&f);
	logs_free(l);
}

static void
columns_tell_lines_apart(void **state)
{
	static const struct shown cases[] = {
		{120, "w", "a", today, " 01:00:05.250 w        a         WARN  full"},
		{120, "w", "a", before, " 11-18 23:59:58 w        a         WARN  full"},
		{78, "w", "a", today, " 01:00:05 w        WARN  full"},
		{78, "ww", "ab", today, " 01:00:05 a         WARN  full"},
		{78, "wx", "aa", today, " 01:00:05 w        WARN  full"},
		{78, "wx", "ab", today, " 01:00:05 w        a         WARN  full"},
		{78, "ww", "ab", before, " 11-18 23:59:58 a         WARN  full"},
		{58, "wx", "ab", today, " 01:00:05 w        WARN  full"},
		{58, "wx", "ab", before, " 11-18 23:59 w        WARN  full"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_tell_lines_apart),
	};

	return cmocka_run_group_tests_name("view/view_logs_row", tests, NULL, NULL);
}
