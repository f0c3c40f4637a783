/*
 * The health screen with real probes: one that turns bad and good again, the strip on every
 * screen, mute with its reason in the record, pause, table and details; what a check found
 * beside what was there before it; and the board without a run.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/pty.h"

enum { LONG_MS = 12000 };

struct place {
	char dir[64], state_dir[96], config_dir[96], book[128];
	struct pty *p;
};

static void
see(struct place *t, const char *text)
{
	if (!pty_wait_text(t->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
gone(struct place *t, const char *text)
{
	if (!pty_wait_gone(t->p, text, LONG_MS))
		fail_msg("still there: %s", text);
}

static void
see_strip(struct place *t, const char *text)
{
	if (!pty_wait_row(t->p, 1, text, LONG_MS))
		fail_msg("not in the strip: %s", text);
}

/* Whole at once: a probe must not read half of it. */
static void
set_to(const struct place *t, const char *name, const char *text)
{
	char path[128], aside[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", t->dir, name);
	snprintf(aside, sizeof aside, "%s/%s.new", t->dir, name);
	f = fopen(aside, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
	assert_int_equal(rename(aside, path), 0);
}

static void
start(struct place *t, int rows, int cols)
{
	const char *argv[] = {getenv("HANDRAIL"), t->book, NULL};
	const char *const env[] = {
		t->state_dir, t->config_dir, "HANDRAIL_RUNBOOKS", "TMUX", NULL};

	t->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = t->dir, .rows = rows, .cols = cols});
	see(t, "Watch it");
}

static int
set_up(void **state)
{
	static struct place t;
	static char text[1600];

	t = (struct place){0};
	snprintf(t.dir, sizeof t.dir, "/tmp/screen-health-XXXXXX");
	if (!mkdtemp(t.dir))
		return -1;
	snprintf(t.state_dir, sizeof t.state_dir, "HANDRAIL_STATE_DIR=%s/state", t.dir);
	snprintf(t.config_dir, sizeof t.config_dir, "XDG_CONFIG_HOME=%s", t.dir);
	snprintf(t.book, sizeof t.book, "%s/watch.yaml", t.dir);
	snprintf(text, sizeof text,
		"handrail: 1\ntitle: Watch it\nkind: checklist\n"
		"hosts:\n  box: {local: true}\n"
		"logs:\n  api: {host: box, path: %s/depth}\n"
		"probes:\n"
		"  depth: {command: \"cat %s/depth\", host: box, every: 1s,"
		" expect: {value: \"< 500\"}, warn: {value: \"< 100\"}}\n"
		"  steady: {command: \"echo 1\", host: box, every: 1s,"
		" expect: {value: 1}}\n"
		"steps:\n  - {check: [depth], title: It is empty, id: empty, within: 1m}\n"
		"  - {do: Look around, id: look}\n",
		t.dir, t.dir);
	set_to(&t, "watch.yaml", text);
	set_to(&t, "depth", "22\n");
	start(&t, 36, 120);
	*state = &t;
	return 0;
}

static int
tear_down(void **state)
{
	struct place *t = *state;
	char remove[128];

	pty_close(t->p);
	snprintf(remove, sizeof remove, "rm -rf %s", t->dir);
	return system(remove);
}

static void
begin(struct place *t)
{
	see(t, "Enter trust and start");
	pty_send(t->p, "<Enter>");
	see(t, "Step 1");
}

static void
open_health(struct place *t)
{
	begin(t);
	pty_send(t->p, "<F4>");
	see(t, "Health > Watch it");
	see(t, "2 probes, all OK");
}

static void
a_probe_turns_bad_and_good_again(void **state)
{
	struct place *t = *state;

	open_health(t);
	see(t, "expect value < 500");
	set_to(t, "depth", "900\n");
	see(t, "[ depth ]");
	see(t, "not yet DOWN");
	see_strip(t, "depth DOWN");
	see(t, "2 probes, 1 DOWN");
	see(t, "value 900, want < 500");
	pty_send(t->p, "<F2>");
	see(t, "Runbooks");
	see_strip(t, "depth DOWN");
	pty_send(t->p, "<F3>");
	see(t, "Step 1");
	see_strip(t, "depth DOWN");
	pty_send(t->p, "4");
	set_to(t, "depth", "150\n");
	see_strip(t, "depth WARN 150");
	set_to(t, "depth", "7\n");
	see(t, "2 probes, all OK");
	see_strip(t, "depth OK 7");
	pty_send(t->p, "q");
	see(t, "Step 1");
}

static void
a_muted_probe_is_no_alarm_and_says_why(void **state)
{
	struct place *t = *state;
	char find[300];

	open_health(t);
	set_to(t, "depth", "900\n");
	see_strip(t, "depth DOWN");
	pty_send(t->p, "g");
	pty_send(t->p, "m");
	see(t, "[ Mute a probe ]");
	see(t, "off until there is a text");
	pty_send(t->p, "<Tab>being moved<Enter>");
	see_strip(t, "depth MUTED");
	see(t, "2 probes, 1 MUTED");
	see(t, "being moved");
	see(t, "end mute");
	see(t, "synced");
	snprintf(find, sizeof find,
		"for i in 1 2 3 4 5 6 7 8 9 10; do grep -rqs "
		"'\"type\":\"probe.mute\".*being moved' %s/state && exit 0; sleep 1; done; "
		"exit 1",
		t->dir);
	assert_int_equal(system(find), 0);
	pty_send(t->p, "m");
	see_strip(t, "depth DOWN");
}

static void
a_pause_leaves_all_as_it_is(void **state)
{
	struct place *t = *state;

	open_health(t);
	pty_send(t->p, "<Space>");
	see(t, "PAUSED: nothing is looked at");
	set_to(t, "depth", "900\n");
	see(t, "Space go on");
	assert_false(pty_find(t->p, "900", NULL, NULL));
	pty_send(t->p, "gV"); /* by hand it is looked at all the same */
	see(t, "value 900");
	pty_send(t->p, "<Space>");
	see_strip(t, "depth DOWN");
}

static void
table_search_and_details(void **state)
{
	struct place *t = *state;

	open_health(t);
	pty_send(t->p, "v");
	see(t, "STATE    SINCE");
	pty_send(t->p, "/");
	see(t, "[ Find ]");
	pty_send(t->p, "stea<Enter>");
	see(t, "> OK       ");
	pty_send(t->p, "<Enter>");
	see(t, "Looks at command echo 1");
	see(t, "Changes (UTC), newest first");
	pty_send(t->p, "<Esc>");
	gone(t, "Looks at");
	pty_send(t->p, "t");
	see(t, "Merged by time");
	pty_send(t->p, "q");
	see(t, "STATE    SINCE");
	pty_send(t->p, "k<Enter>");
	see(t, "Named by");
	see(t, "step 1  It is empty");
	pty_resize(t->p, 16, 60);
	see(t, "State");
	pty_resize(t->p, 24, 80);
	pty_send(t->p, "qv");
	see(t, "[ depth ]");
}

static void
a_check_says_what_was_there_before(void **state)
{
	struct place *t = *state;

	set_to(t, "depth", "900\n");
	begin(t);
	see_strip(t, "depth DOWN");
	set_to(t, "depth", "3\n");
	pty_send(t->p, "<Enter>");
	see(t, "[x] 1");
	see(t, "fail value 900 -> value 3");
}

/* Content that was trusted once is looked at before a run begins. */
static void
the_board_needs_no_run(void **state)
{
	struct place *t = *state;

	pty_send(t->p, "<F4>");
	see(t, "no probe is looked at");
	pty_send(t->p, "q");
	begin(t);
	pty_close(t->p);
	start(t, 24, 80);
	see_strip(t, "steady OK 1");
	pty_send(t->p, "<F4>");
	see(t, "2 probes, all OK");
	set_to(t, "depth", "900\n");
	see_strip(t, "depth DOWN");
	see(t, "depth is DOWN: "); /* aloud, once */
	assert_int_equal(pty_bells(t->p), 1);
	pty_send(t->p, "gt");
	see(t, "Logs > Watch it");
	see(t, "900");
	pty_send(t->p, "a"); /* evidence of which step? */
	see(t, "no run is open here");
	pty_send(t->p, "q");
	see(t, "Health > Watch it");
	pty_send(t->p, "<F6>");
	see(t, "Containers > Watch it");
	pty_send(t->p, "q");
	see(t, "Health > Watch it");
	pty_send(t->p, "q");
	see(t, "Enter start");
	see_strip(t, "depth DOWN");
}

static void
down_and_up_again(struct place *t)
{
	set_to(t, "depth", "900\n");
	see(t, "depth is DOWN: ");
	set_to(t, "depth", "7\n");
	see(t, "depth is OK again");
}

static bool
has_notice(const struct place *t)
{
	static const char notice[] =
		"\033]9;handrail: depth is DOWN: value 900, want < 500";
	size_t len;
	const char *raw = pty_raw(t->p, &len);

	return memmem(raw, len, notice, sizeof notice - 1);
}

/* By a notice, by nothing, and by the bell where the settings cannot be read. */
static void
it_asks_for_attention_as_is_set(void **state)
{
	static const struct {
		const char *text;
		bool notice;
		int bells;
	} settings[] = {
		{"handrail_config: 1\nui: {notify: osc9}\n", true, 0},
		{"handrail_config: 1\nui: {notify: off}\n", false, 0},
		{"handrail_config: 1\nui: {notify: loud}\n", false, 1},
	};
	struct place *t = *state;
	char command[128];

	begin(t); /* it is trusted from now on */
	snprintf(command, sizeof command, "mkdir -p %s/handrail", t->dir);
	assert_int_equal(system(command), 0);
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		pty_close(t->p);
		set_to(t, "handrail/config.yaml", settings[i].text);
		start(t, 24, 80);
		if (settings[i].bells)
			see(t, "Your settings are not used");
		see_strip(t, "depth OK");
		pty_send(t->p, "<F4>"); /* both were looked at anew */
		see(t, "2 probes, all OK");
		down_and_up_again(t);
		assert_int_equal(has_notice(t), settings[i].notice);
		assert_int_equal(pty_bells(t->p), settings[i].bells);
	}
}

int
main(void)
{
#define test(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		test(a_probe_turns_bad_and_good_again),
		test(a_muted_probe_is_no_alarm_and_says_why),
		test(a_pause_leaves_all_as_it_is),
		test(table_search_and_details),
		test(a_check_says_what_was_there_before),
		test(the_board_needs_no_run),
		test(it_asks_for_attention_as_is_set),
	};
#undef test

	return cmocka_run_group_tests_name("screen/health", tests, NULL, NULL);
}
