/*
 * The logs of a run on the screen: two files of this machine merged and followed, paused
 * by scrolling, filtered, searched; a mark that becomes evidence in the record; an ended
 * source that does not look quiet.
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

enum { LONG_MS = 30000, KEY_MS = 2000 };

struct place {
	char dir[64];
	struct pty *p;
};

static void
see(struct place *t, const char *text)
{
	if (!pty_wait_text(t->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
write_to(const struct place *t, const char *name, const char *mode, const char *text)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", t->dir, name);
	f = fopen(path, mode);
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static int
set_up(void **state)
{
	static struct place t;
	static char state_dir[96], book[128], text[1024];
	const char *argv[] = {getenv("HANDRAIL"), book, NULL};
	const char *const env[] = {state_dir, "HANDRAIL_RUNBOOKS", NULL};

	snprintf(t.dir, sizeof t.dir, "/tmp/screen-logs-XXXXXX");
	if (!mkdtemp(t.dir))
		return -1;
	snprintf(state_dir, sizeof state_dir, "HANDRAIL_STATE_DIR=%s/state", t.dir);
	snprintf(book, sizeof book, "%s/look.yaml", t.dir);
	snprintf(text, sizeof text,
		"handrail: 1\ntitle: Look at the logs\nkind: checklist\n"
		"hosts:\n  box: {local: true}\n"
		"logs:\n  api: {host: box, path: %s/api.log}\n"
		"  web: {host: box, path: %s/web.log}\n"
		"  gone: {host: box, path: %s/no.log}\n"
		"steps:\n  - do: Look for errors\n    id: look\n",
		t.dir, t.dir, t.dir);
	write_to(&t, "look.yaml", "w", text);
	write_to(&t, "api.log", "w",
		"2026-11-20T13:00:00Z INFO first of api\n"
		"2026-11-20T13:00:02Z ERROR pool is \x1b]0;x\a empty\n"
		"Traceback (most recent call last):\n  File \"x\"\nValueError: no\n"
		"2026-11-20T13:00:04Z INFO third of api\n");
	write_to(&t, "web.log", "w", "2026-11-20T13:00:01Z WARN slow web\n");
	t.p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = t.dir, .rows = 24, .cols = 120});
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
open_logs(struct place *t)
{
	see(t, "Enter trust and start");
	pty_send(t->p, "<Enter>");
	see(t, "Step 1");
	pty_send(t->p, "<F5>");
	see(t, "[ Merged by time (UTC) ]");
	see(t, "third of api");
	see(t, "slow web");
	see(t, "[!] local gone: waiting");
}

static void
lines_are_merged_and_followed(void **state)
{
	struct place *t = *state;

	open_logs(t);
	see(t, "11-20 13:00:01 local    web       WARN  slow web");
	see(t, "3 lines folded, Enter unfolds");
	see(t, "pool is ^[]0;x^G empty");
	see(t, "there is no such file yet  [x] local api");
	see(t, "[x] local api");
	write_to(t, "web.log", "a", "2026-11-20T13:00:05Z INFO a new one\n");
	see(t, "11-20 13:00:05 local    web       info  a new one");
	see(t, "live");
	pty_send(t->p, "q");
	see(t, "Step 1");
	pty_send(t->p, "<Space>");
	see(t, "[x] 1");
	pty_send(t->p, "<F5>");
	see(t, "step look ticked");
}

static void
scrolling_pauses_and_counts_what_waits(void **state)
{
	struct place *t = *state;

	open_logs(t);
	pty_send(t->p, "kk");
	see(t, "PAUSED: 0 new");
	write_to(t, "web.log", "a",
		"2026-11-20T13:00:06Z ERROR waits\n2026-11-20T13:00:07Z INFO too\n");
	see(t, "PAUSED: 2 new (1 error)");
	pty_send(t->p, "G");
	see(t, "live");
	see(t, "ERROR waits");
	pty_send(t->p, "<Space>");
	see(t, "PAUSED: 0 new");
}

static void
a_filter_and_a_search_narrow_it(void **state)
{
	struct place *t = *state;

	open_logs(t);
	pty_send(t->p, "&");
	see(t, "Show only lines that match");
	pty_send(t->p, "of API$|nothing<Enter>");
	see(t, "filter of API$|nothing");
	see(t, "live · 1 line ·"); /* what happened to a source stays */
	pty_send(t->p, "&");
	see(t, "Show only lines that match");
	pty_send(t->p, "<C-u>(<Enter>");
	see(t, "missing closing parenthesis");
	pty_send(t->p, "<C-u>of api<Enter>");
	see(t, "filter of api");
	see(t, "first of api");
	pty_send(t->p, "/");
	see(t, "[ Find ]");
	pty_send(t->p, "first<Enter>");
	see(t, "/first 1/1");
}

/* More lines than are kept come as fast as they can be read: each key still answers, and
 * what went is counted. */
static void
keys_answer_while_a_flood_comes(void **state)
{
	struct place *t = *state;
	char flood[256];

	open_logs(t);
	snprintf(flood, sizeof flood,
		"awk 'BEGIN { for (i = 1; i <= 300000; i++) print "
		"\"2026-11-20T13:00:09Z INFO flood line \" i }' >>%s/api.log &",
		t->dir);
	assert_int_equal(system(flood), 0);
	see(t, "flood line");
	for (int i = 0; i < 5; i++) {
		pty_send(t->p, "<Space>");
		assert_true(pty_wait_text(t->p, "PAUSED", KEY_MS));
		pty_send(t->p, "G");
		assert_true(pty_wait_text(t->p, " live ", KEY_MS));
	}
	see(t, "flood line 300000");
	see(t, "dropped 1000"); /* 300,000 and some, less the 200,000 that are kept */
}

/* The bytes that `piece` (shell text) writes are a blob, and an attachment names it. */
static void
see_attached(const struct place *t, const char *piece, const char *data)
{
	char find[600];

	snprintf(find, sizeof find,
		"cd %s && h=$(%s | sha256sum | cut -d' ' -f1) && "
		"cmp -s state/runs/*/blobs/*/$h /dev/null; test $? = 1 && "
		"grep -qs '\"type\":\"attach\",\"step\":\"look\".*%s.*\"blob\":\"'$h "
		"state/runs/*/journal.jsonl && $HANDRAIL verify >/dev/null",
		t->dir, piece, data);
	assert_int_equal(system(find), 0);
}

static void
a_marked_line_becomes_evidence(void **state)
{
	struct place *t = *state;

	open_logs(t);
	pty_send(t->p, "g");
	see(t, "PAUSED");
	pty_send(t->p, "e");
	see(t, "line 3 of");
	pty_send(t->p, "m");
	see(t, "*11-20 13:00:02");
	pty_send(t->p, "a");
	see(t, "1 line goes into the record of step 1");
	see(t, "journal #1 synced");
	see_attached(t, "sed -n 2p api.log | tr -d '\\n'",
		"\"host\":\"local\",\"kind\":\"lines\",\"name\":\"api\",\"offset\":39,"
		"\"lines\":1");
	pty_send(t->p, "q");
	see(t, "1 line of api on local");
}

/* From an error to the end of its trace, past a line of another source. */
static void
a_range_of_lines_becomes_evidence(void **state)
{
	struct place *t = *state;

	open_logs(t);
	pty_send(t->p, "M");
	see(t, "m marks where it begins");
	pty_send(t->p, "ge<Down><Enter>");
	see(t, "ValueError");
	pty_send(t->p, "Em");
	see(t, "*11-20 13:00:02");
	pty_send(t->p, "<Down><Down><Down>M");
	see(t, "  ValueError");
	pty_send(t->p, "a");
	see(t, "4 lines go into the record of step 1");
	see(t, "journal #1 synced");
	see_attached(t, "sed -n 2,5p api.log | head -c -1",
		"\"offset\":39,\"lines\":4,\"from\":\"2026-11-20T13:00:02.000Z\"");
}

static void
a_sentence_of_ours_is_no_evidence(void **state)
{
	struct place *t = *state;

	open_logs(t);
	pty_send(t->p, "q");
	see(t, "Step 1");
	pty_send(t->p, "<Space>");
	see(t, "[x] 1");
	pty_send(t->p, "<F5>");
	see(t, "step look ticked");
	pty_send(t->p, "Ga");
	see(t, "not of a log");
	see(t, "live");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			lines_are_merged_and_followed, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			scrolling_pauses_and_counts_what_waits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_filter_and_a_search_narrow_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			keys_answer_while_a_flood_comes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_marked_line_becomes_evidence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_range_of_lines_becomes_evidence, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_sentence_of_ours_is_no_evidence, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("screen/logs", tests, NULL, NULL);
}
