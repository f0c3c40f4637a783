#include "view/strip.h"

#include <string.h>

#include "unit.h"

static const struct scene_reading mixed[] = {
	{"api", "OK", "43 ms", VITAL_OK, 0},
	{"ready", "OK", "61 ms", VITAL_OK, 0},
	{"queue", "WARN", "118 (< 100)", VITAL_WARN, 0},
	{"db", "OK", NULL, VITAL_OK, 0},
	{"backup", "MUTED", NULL, VITAL_MUTED, 0},
	{"web2", "DOWN", "2m14s", VITAL_DOWN, 0},
	{"tls", "STALE", "4m", VITAL_STALE, 0},
};

/* The strip of a screen so wide, as text without the blanks at its end. */
static char *
line_of(const struct scene_reading *at, size_t len, int cols, bool ascii)
{
	struct scene s = {.strip = at, .strip_len = len};
	struct str text = STR_INIT;
	struct frame f;
	char *line, *end;

	frame_init(&f, 3, cols);
	f.ascii = ascii;
	strip_draw(&s, &f);
	frame_text(&f, &text);
	frame_release(&f);
	line = strchr(text.buf, '\n') + 1;
	end = strchr(line, '\n');
	line = mem_strndup(line, (size_t)(end - line));
	str_release(&text);
	return line;
}

static void
line_is(size_t len, int cols, const char *want)
{
	char *line = line_of(mixed, len, cols, false);

	assert_string_equal(line, want);
	mem_free(line);
}

static void
all_of_them_in_their_order_while_they_fit(void **state)
{
	(void)state;
	line_is(COUNT(mixed), 134,
		" HEALTH  api OK 43 ms · ready OK 61 ms · queue WARN 118 (< 100) · db OK · "
		"backup MUTED · web2 DOWN 2m14s · tls STALE 4m      F4 opens");
}

static void
the_worst_first_when_they_do_not(void **state)
{
	(void)state;
	line_is(COUNT(mixed), 80,
		" web2 DOWN 2m14s · queue WARN 118 (< 100) · tls STALE 4m · 3 OK · 1 MUTED    "
		"F4");
}

static void
what_has_no_room_is_counted(void **state)
{
	(void)state;
	line_is(COUNT(mixed), 60,
		" web2 DOWN 2m14s · +1 WARN · +1 STALE · 3 OK · 1 MUTED   F4");
}

/* However narrow it is: every one is named or counted. */
static void
none_is_left_out(void **state)
{
	(void)state;
	for (int cols = 60; cols < 160; cols++) {
		char *line = line_of(mixed, COUNT(mixed), cols, true);
		size_t named = 0, counted = 0;

		for (size_t i = 0; i < COUNT(mixed); i++)
			named += strstr(line, mixed[i].name) != NULL;
		for (const char *p = line; *p; p++)
			if (*p >= '1' && *p <= '9' && p[1] == ' ' && p[2] >= 'A' &&
				p[2] <= 'Z' && (p[-1] == ' ' || p[-1] == '+'))
				counted += (size_t)(*p - '0');
		if (named + counted != COUNT(mixed))
			fail_msg("%d cells: %zu named, %zu counted: %s", cols, named,
				counted, line);
		mem_free(line);
	}
}

static void
no_state_but_ok_looks_green(void **state)
{
	(void)state;
	for (int s = 0; s < VITAL_STATE_COUNT; s++)
		assert_int_equal(strip_style(s) == STYLE_OK, s == VITAL_OK);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_of_them_in_their_order_while_they_fit),
		cmocka_unit_test(the_worst_first_when_they_do_not),
		cmocka_unit_test(what_has_no_room_is_counted),
		cmocka_unit_test(none_is_left_out),
		cmocka_unit_test(no_state_but_ok_looks_green),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
