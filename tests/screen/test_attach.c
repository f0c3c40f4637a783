/*
 * Evidence by key: a file or a link that is typed, the reading of a probe, and what a screen
 * shows; each is in the record of the marked step.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "lib/pty.h"

enum { LONG_MS = 30000 };

static void
see(struct pty *p, const char *text)
{
	if (!pty_wait_text(p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
put(const char *dir, const char *name, const char *text)
{
	char *path = file_join(dir, name);
	struct err e = ERR_INIT;

	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(path);
}

static void
in_record(const char *dir, const char *pattern)
{
	char line[300];

	snprintf(line, sizeof line,
		"timeout 20 sh -c 'until grep -q \"$0\" %s/state/runs/*/journal.jsonl; do :; done' '%s'",
		dir, pattern);
	if (system(line) != 0)
		fail_msg("not in the record: %s", pattern);
}

static void
evidence_comes_by_key(void **state)
{
	const char *const argv[] = {getenv("HANDRAIL"), "way.yaml", NULL};
	char dir[] = "/tmp/attach-XXXXXX", where[64], home[64], remove[64];
	const char *const env[] = {where, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR", NULL};
	struct pty *p;

	(void)state;
	assert_non_null(mkdtemp(dir));
	put(dir, "way.yaml",
		"handrail: 1\ntitle: The way\nprobes:\n"
		"  depth: {command: cat depth, every: 1s, expect: {value: \"< 100\"}}\n"
		"steps:\n  - {id: tell, do: Tell them}\n"
		"  - {id: deep, check: [depth]}\n");
	put(dir, "depth", "22\n");
	put(dir, "proof.txt", "the proof\n");
	snprintf(where, sizeof where, "HANDRAIL_STATE_DIR=%s/state", dir);
	snprintf(home, sizeof home, "HOME=%s", dir);
	p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = dir, .rows = 36, .cols = 120});
	see(p, "trust and start");
	pty_send(p, "<Enter>");
	see(p, "journal #0 synced");
	pty_send(p, "+");
	see(p, "Attach evidence");
	pty_send(p, "nowhere<Enter>");
	see(p, "No such file"); /* and the dialog is still there */
	pty_send(p, "<C-u>proof.txt<Enter>");
	see(p, "10 bytes go into the record of step 1");
	in_record(dir, "\"step\":\"tell\".*\"kind\":\"file\",\"name\":\"proof.txt\"");
	pty_send(p, "+");
	see(p, "Attach evidence");
	pty_send(p, "https://ci.example.com/12<Enter>");
	in_record(dir, "\"kind\":\"link\",\"name\":\"https://ci.example.com/12\"");
	pty_send(p, "K");
	in_record(dir, "\"kind\":\"pane\",\"name\":\"Run .* > The way\"");
	pty_send(p, "<F4>");
	see(p, "Health > The way");
	see(p, "depth OK");
	pty_send(p, "+");
	in_record(dir, "\"step\":\"tell\".*\"kind\":\"reading\",\"name\":\"depth\"");
	pty_close(p);
	snprintf(remove, sizeof remove, "rm -rf %s", dir);
	assert_int_equal(system(remove), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(evidence_comes_by_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
