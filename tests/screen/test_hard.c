/*
 * Hard times for a console: stopped, suspended, hung up, ended, its terminal closed or read
 * by nobody, its clock set, its disk failing, and steps that are stopped. The real binary in
 * a pseudo-terminal, with jobs on this machine; the record tells afterwards.
 */

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/pty.h"
#include "unit/loop/jail.h"

enum { LONG_MS = 20000, TEXT_MAX = 2048, STOPPED = 7, TERMINATED = 143 };

struct scene {
	char dir[64];
	struct pty *p;
};

static const char runbook[] = "handrail: 1\n"
			      "title: Hard times\n"
			      "kind: maintenance\n"
			      "owner: platform\n"
			      "hosts: {box: {local: true}}\n"
			      "steps:\n"
			      "  - id: work\n"
			      "    run: sh \"$HOME/job\"\n"
			      "    host: box\n"
			      "    expect: {exit: 0}\n"
			      "    undo: \"true\"\n"
			      "  - id: after\n"
			      "    run: echo after >>\"$HOME/count\"\n"
			      "    host: box\n"
			      "    expect: {exit: 0}\n"
			      "    undo: \"true\"\n";

/* Waits for its fifo and says so. */
static const char waiting_job[] = "echo job-begins; echo ran >>\"$HOME/count\"\n"
				  "cat \"$HOME/go\" >/dev/null; echo job-ends\n";

/* ---- the world around it ------------------------------------------------------------------ */

static void
put(const struct scene *s, const char *name, const char *text)
{
	char path[TEXT_MAX];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", s->dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

/* Succeeds within a minute; $D is the scene's folder, $R the record. */
static void __attribute__((format(printf, 2, 3)))
shell(const struct scene *s, const char *fmt, ...)
{
	char command[2 * TEXT_MAX], what[TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	snprintf(command, sizeof command,
		"D='%s' HOME='%s'; export HANDRAIL_STATE_DIR=\"$D/state\" HOME\n"
		"seen() { grep -q -- \"$1\" $D/state/runs/*/journal.jsonl 2>/dev/null; }\n"
		"count() { [ \"$(grep -c -- \"$1\" $D/state/runs/*/journal.jsonl)\" = $2 ]; }\n"
		"soon() { n=0; until \"$@\"; do n=$((n + 1)); [ $n -lt 1200 ] || return 1;\n"
		" read -rt 0.05 <> <(:) || :; done; }\n"
		"%s\n",
		s->dir, s->dir, what);
	const char *const argv[] = {"bash", "-c", command, NULL};
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		dup2(2, 1);
		execvp("bash", (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("%s: status %d", what, status);
}

static void
see(struct scene *s, const char *text)
{
	if (!pty_wait_text(s->p, text, LONG_MS))
		fail_msg("not seen: %s", text);
}

static void
open_with(struct scene *s, const char *const *words, const char *const *more_env)
{
	const char *argv[8] = {getenv("HANDRAIL")};
	char state[TEXT_MAX], home[TEXT_MAX];
	const char *env[12] = {state, home, "HANDRAIL_OPERATOR=anna@example.com",
		"HANDRAIL_RUNBOOKS", "XDG_STATE_HOME", "XDG_CONFIG_HOME",
		"XDG_RUNTIME_DIR"};
	size_t n;

	for (n = 0; words[n]; n++)
		argv[n + 1] = words[n];
	for (n = 0; more_env && more_env[n]; n++)
		env[7 + n] = more_env[n];
	snprintf(state, sizeof state, "HANDRAIL_STATE_DIR=%s/state", s->dir);
	snprintf(home, sizeof home, "HOME=%s", s->dir);
	s->p = pty_open(&(struct pty_opts){
		.argv = argv, .env = env, .dir = s->dir, .rows = 36, .cols = 120});
}

static void
confirm(struct scene *s, const char *dialog)
{
	pty_send(s->p, "<Enter>");
	see(s, dialog);
	assert_true(pty_wait_gone(s->p, "ready in", LONG_MS));
	pty_send(s->p, "<Enter>");
}

/* The first step runs, as far as the screen and the record say. */
static void
work_begins_with(struct scene *s, const char *job, const char *const *env)
{
	static const char *const words[] = {"run", "./r.yaml", NULL};

	put(s, "job", job);
	open_with(s, words, env);
	see(s, "trust and start");
	pty_send(s->p, "<Enter>");
	see(s, "journal #0 synced");
	confirm(s, "Run step 1 on");
	see(s, "job-begins");
	shell(s, "soon seen step.started");
}

static void
work_begins(struct scene *s)
{
	work_begins_with(s, waiting_job, NULL);
}

static void
let_it_end(struct scene *s)
{
	shell(s, "echo >\"$D/go\"");
}

static int
end_of(struct scene *s)
{
	int status = 0;

	assert_true(pty_wait_exit(s->p, &status, LONG_MS));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void
leave_open(struct scene *s)
{
	pty_send(s->p, "<F10>");
	see(s, "Leave the run?");
	pty_send(s->p, "<Left><Enter>");
	assert_int_equal(end_of(s), STOPPED);
	assert_true(pty_restored(s->p));
	pty_close(s->p);
	s->p = NULL;
}

/* By the next console in the line mode: the rest of the run, to its end. */
static void
resumes_to_the_end(struct scene *s)
{
	shell(s,
		"\"$HANDRAIL\" resume --plain >\"$D/out\" 2>&1 </dev/null ||"
		" { cat \"$D/out\"; exit 1; }");
	shell(s,
		"\"$HANDRAIL\" verify >\"$D/out\" 2>&1 || { cat \"$D/out\"; exit 1; }\n"
		"\"$SRCDIR/contrib/verify\" $D/state/runs/* >\"$D/out\" 2>&1 ||"
		" { cat \"$D/out\"; exit 1; }\n"
		"seen '\"type\":\"run.close\".*\"ok\"'");
	shell(s,
		"[ \"$(cat \"$D/count\")\" = 'ran\nafter' ] || { cat \"$D/count\"; exit 1; }");
}

static int
set_up(void **state)
{
	static struct scene s;
	char path[TEXT_MAX];

	s = (struct scene){0};
	snprintf(s.dir, sizeof s.dir, "/tmp/hard-XXXXXX");
	if (!mkdtemp(s.dir))
		return -1;
	put(&s, "r.yaml", runbook);
	snprintf(path, sizeof path, "%s/go", s.dir);
	*state = &s;
	return mkfifo(path, 0600);
}

static int
tear_down(void **state)
{
	struct scene *s = *state;

	pty_close(s->p);
	shell(s, "rm -rf \"$D\"");
	return 0;
}

/* ---- stopped and suspended ---------------------------------------------------------------- */

static void
stopped_for_a_while_it_goes_on(void **state)
{
	struct scene *s = *state;

	work_begins(s);
	pty_kill(s->p, SIGSTOP);
	assert_true(pty_wait_stop(s->p, LONG_MS));
	let_it_end(s);
	/* The job is over on its host; the console cannot know. */
	shell(s,
		"soon sh -c 'ls $0/.local/state/handrail/jobs/*/work.*/done.0 >/dev/null 2>&1'"
		" \"$D\"; ! seen step.done");
	pty_resume(s->p);
	see(s, "[x] 1 done");
	leave_open(s);
	resumes_to_the_end(s);
}

static void
suspending_is_refused_while_a_step_runs(void **state)
{
	struct scene *s = *state;

	work_begins(s);
	pty_send(s->p, "<C-z>");
	see(s, "not suspended: a step runs");
	let_it_end(s);
	see(s, "[x] 1 done");
	pty_send(s->p, "<C-z>");
	assert_true(pty_wait_stop(s->p, LONG_MS));
	assert_true(pty_restored(s->p));
	pty_resume(s->p);
	see(s, "[x] 1 done");
	leave_open(s);
	resumes_to_the_end(s);
}

/* ---- ended from outside ------------------------------------------------------------------- */

static void
ended_by(struct scene *s, int sig, int code)
{
	work_begins(s);
	pty_kill(s->p, sig);
	assert_int_equal(end_of(s), code);
	assert_true(pty_restored(s->p));
	shell(s, "! seen step.done");
	let_it_end(s);
	resumes_to_the_end(s);
	shell(s, "count step.intent 2 && count step.started 2 && count run.resume 1");
}

static void
a_hangup_leaves_the_job_running(void **state)
{
	ended_by(*state, SIGHUP, TERMINATED);
}

static void
a_term_leaves_the_job_running(void **state)
{
	ended_by(*state, SIGTERM, TERMINATED);
}

static void
a_closed_terminal_leaves_the_job_running(void **state)
{
	struct scene *s = *state;

	work_begins(s);
	pty_hangup(s->p);
	end_of(s);
	shell(s, "! seen step.done");
	let_it_end(s);
	resumes_to_the_end(s);
	shell(s, "count step.started 2");
}

/* ---- a terminal that nobody reads ---------------------------------------------------------- */

static void
resident_kib(struct scene *s, const char *file)
{
	shell(s,
		"sed -n 's/^VmRSS:[^0-9]*\\([0-9]*\\) kB/\\1/p' /proc/%d/status >\"$D/%s\"",
		pty_pid(s->p), file);
}

static void
nobody_reads_and_the_run_goes_on(void **state)
{
	struct scene *s = *state;

	work_begins_with(s,
		"echo job-begins; echo ran >>\"$HOME/count\"\n"
		"cat \"$HOME/go\" >/dev/null\n"
		"i=0; while [ $i -lt 200000 ]; do echo \"line $i of many, and then some\";"
		" i=$((i + 1)); done; echo last-line\n",
		NULL);
	resident_kib(s, "before");
	let_it_end(s);
	/* Not one byte is taken from the terminal while all of it arrives. */
	shell(s, "soon seen step.done");
	resident_kib(s, "after");
	shell(s,
		"[ $(cat \"$D/after\") -lt $(($(cat \"$D/before\") + 24000)) ] ||"
		" { echo \"$(cat \"$D/before\") KiB, then $(cat \"$D/after\")\"; exit 1; }");
	see(s, "[x] 1 done");
	see(s, "last-line");
	assert_true(pty_find(s->p, "Step 2", &(int){0}, &(int){0}));
	leave_open(s);
	resumes_to_the_end(s);
}

/* ---- the clock ------------------------------------------------------------------------------ */

static bool
preloaded(struct scene *s, char preload[TEXT_MAX])
{
	struct stat st;

	(void)s;
	snprintf(preload, TEXT_MAX, "LD_PRELOAD=%s/tests/lib/crashpoint.so",
		getenv("BUILDDIR"));
	return stat(strchr(preload, '=') + 1, &st) == 0;
}

static void
a_clock_that_jumps_is_said_and_durations_hold(void **state)
{
	struct scene *s = *state;
	char preload[TEXT_MAX], clock[TEXT_MAX];
	const char *const env[] = {preload, clock, NULL};

	if (!preloaded(s, preload))
		skip();
	put(s, "clock", "0");
	snprintf(clock, sizeof clock, "CRASH_CLOCK=%s/clock", s->dir);
	work_begins_with(s, waiting_job, env);
	put(s, "clock", "7200");
	shell(s, "soon seen clock.jump");
	/* It has not run for two hours. */
	assert_true(pty_wait_gone(s->p, "2h00m", LONG_MS));
	put(s, "clock", "-86400");
	shell(s, "soon count clock.jump 2");
	let_it_end(s);
	see(s, "[x] 1 done");
	leave_open(s);
	shell(s,
		"set -e; jq -e -s '\n"
		" (map(select(.type == \"clock.jump\").data.wall_ms)) as $j |\n"
		" ($j | length == 2) and ($j[0] - 7200000 | fabs < 2000) and\n"
		" ($j[1] + 93600000 | fabs < 2000) and\n"
		" (map(.mono) | . == sort) and\n"
		" (map(select(.type == \"step.done\"))[0].data.took_ms < 60000)'"
		" $D/state/runs/*/journal.jsonl");
	resumes_to_the_end(s);
}

/* ---- a disk that fails ---------------------------------------------------------------------- */

/* Its dialog is gone afterwards: what is typed next is not for that one, and the next one
 * is not taken for it. */
static void
add_note(struct scene *s, const char *text)
{
	pty_send(s->p, "a");
	see(s, "Add it");
	pty_send(s->p, text);
	see(s, text);
	pty_send(s->p, "<Enter><Enter>");
	assert_true(pty_wait_gone(s->p, "Add it", LONG_MS));
}

static void
the_record_moves_to_another_disk(void **state)
{
	struct scene *s = *state;
	char preload[TEXT_MAX], under[TEXT_MAX];
	const char *const env[] = {preload, under, "CRASH_FAIL=fdatasync:EIO:6", NULL};

	if (!preloaded(s, preload))
		skip();
	snprintf(under, sizeof under, "CRASH_UNDER=%s/state", s->dir);
	/* 2 run.open, 3 4 intent and started of the job are on the disk, 5 done */
	work_begins_with(s, waiting_job, env);
	add_note(s, "one note");
	shell(s, "soon seen 'one note'");
	add_note(s, "another note");
	see(s, "RECORD LOST ITS DISK");
	see(s, "move the record");
	/* What comes from the host waits; what a person asks for is refused. */
	let_it_end(s);
	shell(s,
		"soon sh -c 'ls $0/.local/state/handrail/jobs/*/work.*/done.0 >/dev/null 2>&1'"
		" \"$D\"");
	add_note(s, "third");
	see(s, "nothing new is recorded");
	pty_send(s->p, "R");
	see(s, "Go on in another folder?");
	pty_send(s->p, "<C-u>");
	pty_send(s->p, s->dir);
	pty_send(s->p, "/other<Enter><Enter>");
	see(s, "[x] 1 done");
	assert_true(pty_wait_gone(s->p, "RECORD LOST", LONG_MS));
	confirm(s, "Run step 2 on");
	see(s, "[x] 2 done");
	leave_open(s);
	shell(s,
		"\"$HANDRAIL\" verify $D/other/* >\"$D/out\" 2>&1 || { cat \"$D/out\"; exit 1; }\n"
		"\"$SRCDIR/contrib/verify\" $D/other/* >\"$D/out\" 2>&1 ||"
		" { cat \"$D/out\"; exit 1; }\n"
		"grep -q journal.relocated $D/other/*/journal.jsonl\n"
		"grep -q 'one note' $D/other/*/journal.jsonl &&"
		" ! grep -q 'third' $D/other/*/journal.jsonl\n"
		"[ \"$(cat \"$D/count\")\" = 'ran\nafter' ]");
}

/* Nobody reaps orphans in the namespace of the test: a zombie is gone. */
#define NOBODY_LEFT \
	"pid=$(jq -r 'select(.type == \"step.started\").data.pid'" \
	" $D/state/runs/*/journal.jsonl)\n" \
	"gone() { ! ps -eo pgid=,stat= | grep \"^ *$pid [^Z]\"; }\nsoon gone"

/* ---- stopping -------------------------------------------------------------------------------- */

static void
stop(struct scene *s)
{
	pty_send(s->p, "<C-c>");
	see(s, "Stop what runs?");
	assert_true(pty_wait_gone(s->p, "ready in", LONG_MS));
	pty_send(s->p, "<Left><Enter>");
}

/* The whole group goes, not only the shell. */
static void
stopping_ends_the_whole_group(void **state)
{
	struct scene *s = *state;

	work_begins_with(s,
		"echo job-begins; echo ran >>\"$HOME/count\"\n"
		"cat \"$HOME/go\" | cat | cat\n",
		NULL);
	shell(s,
		"soon sh -c '[ $(pgrep -g $0 -x cat | wc -l) = 3 ]'"
		" $(jq -r 'select(.type == \"step.started\").data.pid'"
		" $D/state/runs/*/journal.jsonl)");
	stop(s);
	see(s, "[!] 1 failed");
	shell(s, "soon seen '\"reply\":\"terminated'; " NOBODY_LEFT);
	shell(s, "seen 'step.done.*cancelled: stopped by the operator'");
	leave_open(s);
}

static void
what_ignores_term_is_killed_and_that_is_said(void **state)
{
	struct scene *s = *state;

	work_begins_with(s,
		"trap '' TERM; echo job-begins; echo ran >>\"$HOME/count\"\n"
		"while :; do cat \"$HOME/go\"; done\n",
		NULL);
	stop(s);
	shell(s, "soon seen '\"reply\":\"killed'");
	see(s, "Stop on local: its processes did not end by TERM and were ended by KILL");
	shell(s, NOBODY_LEFT);
	leave_open(s);
}

static bool
asked_again(struct pty *p, void *arg)
{
	const char *at = strstr(pty_screen(p), arg);

	return at && strstr(at + 1, arg);
}

static void
the_line_mode_asks_before_it_stops(void **state)
{
	static const char *const words[] = {"run", "--plain", "./r.yaml", NULL};
	static char stop[] = "(s)top it";
	struct scene *s = *state;

	put(s, "job", waiting_job);
	open_with(s, words, NULL);
	see(s, "Step 1, risk moderate");
	see(s, "Choice:");
	pty_send(s->p, "1<Enter>");
	see(s, "local: job-begins");
	pty_send(s->p, "<C-c>");
	see(s, "(s)top it");
	pty_send(s->p, "<Enter>");
	shell(s, "! seen step.cancel");
	pty_send(s->p, "<C-c>");
	assert_true(pty_wait(s->p, asked_again, stop, LONG_MS));
	pty_send(s->p, "s<Enter>");
	see(s, "asked to stop: TERM");
	see(s, "its processes ended by TERM");
	see(s, "local: failed");
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		EACH(stopped_for_a_while_it_goes_on),
		EACH(suspending_is_refused_while_a_step_runs),
		EACH(a_hangup_leaves_the_job_running),
		EACH(a_term_leaves_the_job_running),
		EACH(a_closed_terminal_leaves_the_job_running),
		EACH(nobody_reads_and_the_run_goes_on),
		EACH(a_clock_that_jumps_is_said_and_durations_hold),
		EACH(the_record_moves_to_another_disk),
		EACH(stopping_ends_the_whole_group),
		EACH(what_ignores_term_is_killed_and_that_is_said),
		EACH(the_line_mode_asks_before_it_stops),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
