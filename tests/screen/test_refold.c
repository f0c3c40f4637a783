/*
 * The record is the truth (P16): of a run with everything in it, all that is no record is
 * thrown away - caches, readings, heads, what a screen remembered - and what is left says the
 * same: reports byte for byte, the list of runs, and the screens of the run that is taken up,
 * but for the time of day. A record with one word changed does not.
 */

#include <ctype.h>
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
#include "base/str.h"
#include "lib/pty.h"

enum { LONG_MS = 20000 };

static const char runbook[] =
	"handrail: 1\ntitle: All of it\nkind: maintenance\n"
	"inputs: {who: {ask: For whom, default: anna}}\n"
	"probes: {there: {command: cat there, every: 1s, expect: {value: 1}}}\n"
	"steps:\n"
	"  - {id: one, title: First, run: echo one; echo \"for $who\", expect: {exit: 0}, "
	"undo: echo back, save: {said: output}}\n"
	"  - {id: two, title: Second, run: echo two; exit 3, risk: none, expect: {exit: 0}}\n"
	"  - {id: three, title: Third, do: Look at it, evidence: text}\n"
	"  - {id: four, title: Fourth, choose: Which way?, options: [{label: left, says: to "
	"the left}, {label: right, says: to the right}]}\n"
	"  - {id: five, title: Fifth, do: Wait for the others, evidence: text}\n";
static const char answers[] = "answers: 1\n"
			      "steps:\n"
			      "  two: {tick: skip, reason: it is known to fail here}\n"
			      "  three: {tick: done, evidence: it looks well}\n"
			      "  four: {choose: left}\n";

struct desk {
	char dir[64];
	struct pty *p;
};

static void
put(const struct desk *d, const char *name, const char *text)
{
	char *path = file_join(d->dir, name);
	struct err e = ERR_INIT;

	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(path);
}

static void
shell(const struct desk *d, const char *what)
{
	struct str command = STR_INIT;

	str_addf(&command,
		"cd %s && export HOME=$PWD HANDRAIL_OPERATOR=anna@example.com && { %s; }",
		d->dir, what);
	if (system(command.buf) != 0)
		fail_msg("%s", what);
	str_release(&command);
}

static int
set_up(void **state)
{
	struct desk *d = calloc(1, sizeof *d);

	if (!d)
		return -1;
	snprintf(d->dir, sizeof d->dir, "/tmp/refold-XXXXXX");
	if (!mkdtemp(d->dir))
		return -1;
	put(d, "it.yaml", runbook);
	put(d, "answers.yaml", answers);
	put(d, "there", "1\n");
	shell(d,
		"export HANDRAIL_STATE_DIR=$PWD/whole; "
		"$HANDRAIL run --plain --answers answers.yaml it.yaml >out 2>&1 </dev/null; "
		"run=$(ls whole/runs); $HANDRAIL note $run 'a word' >>out 2>&1 && "
		"grep -q '\"step.skip\"' whole/runs/$run/journal.jsonl && "
		"mkdir -p bare/runs/$run && cp whole/runs/$run/journal.jsonl bare/runs/$run && "
		"cp -r whole/runs/$run/blobs bare/runs/$run && cp whole/trusted bare && "
		"cp -r bare other && sed -i 's/it looks well/it looks ill!/' "
		"other/runs/$run/journal.jsonl");
	*state = d;
	return 0;
}

static int
tear_down(void **state)
{
	struct desk *d = *state;
	char remove[160];

	pty_close(d->p);
	snprintf(remove, sizeof remove, "rm -rf %s", d->dir);
	free(d);
	return system(remove);
}

static void
said_the_same(void **state)
{
	struct desk *d = *state;

	shell(d,
		"for of in whole bare other; do export HANDRAIL_STATE_DIR=$PWD/$of; "
		"run=$(ls $of/runs); for f in text json md html; do "
		"$HANDRAIL report --format $f $run >$of.$f 2>&1; done; "
		"$HANDRAIL runs >$of.runs 2>&1; done; "
		"for f in text json md html runs; do cmp whole.$f bare.$f || exit 1; done; "
		"grep -q 'it looks well' bare.text && ! cmp -s whole.text other.text");
}

/* The time of day is another one. */
static void
without_clock(struct str *out, const char *screen)
{
	static const char form[] = "00:00:00Z";

	for (const char *p = screen; *p; p++) {
		size_t n = 0;

		while (n < sizeof form - 1 &&
			(form[n] == '0' ? isdigit((unsigned char)p[n]) != 0
					: p[n] == form[n]))
			n++;
		str_adds(out, form[n] ? "" : "hh:mm:ss");
		p += form[n] ? 0 : n - 1;
		str_addc(out, *p);
	}
}

/* Each frame ends so: what is seen then is a whole one. */
static bool
is_whole(struct pty *p, void *text)
{
	static const char end[] = "\033[?2026l";
	size_t len;
	const char *raw = pty_raw(p, &len);

	return len >= sizeof end - 1 &&
		memcmp(raw + len - (sizeof end - 1), end, sizeof end - 1) == 0 &&
		strstr(pty_screen(p), text) && strstr(pty_screen(p), "OK 1");
}

/* The screens of the run that is taken up there. */
static struct str
screens_of(struct desk *d, const char *folder)
{
	static const struct {
		const char *key, *shows;
	} walk[] = {
		{"", "Wait for the others"},
		{"<Up>", "Step 4"},
		{"<Up>", "Step 3"},
		{"<Up>", "Step 2"},
		{"<Up>", "Step 1"},
		{"b", "Lead all back"},
	};
	const char *const argv[] = {getenv("HANDRAIL"), "resume", NULL};
	char state[128], home[128];
	const char *const env[] = {state, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR", NULL};
	struct str all = STR_INIT;

	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/%s", d->dir, folder);
	/* the host of a copy of the run refuses the driver of another one */
	snprintf(home, sizeof home, "HOME=%s/%s", d->dir, folder);
	d->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = d->dir, .rows = 36, .cols = 120});
	for (size_t i = 0; i < sizeof walk / sizeof *walk; i++) {
		pty_send(d->p, walk[i].key);
		if (!pty_wait(d->p, is_whole, (void *)(uintptr_t)walk[i].shows, LONG_MS))
			fail_msg("%s: not seen: %s", folder, walk[i].shows);
		without_clock(&all, pty_screen(d->p));
	}
	pty_close(d->p);
	d->p = NULL;
	return all;
}

static void
shown_the_same(void **state)
{
	struct desk *d = *state;
	struct str whole = screens_of(d, "whole"), bare = screens_of(d, "bare");

	assert_string_equal(bare.buf, whole.buf);
	str_release(&whole);
	str_release(&bare);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(said_the_same, set_up, tear_down),
		cmocka_unit_test_setup_teardown(shown_the_same, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
