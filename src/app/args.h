#ifndef APP_ARGS_H
#define APP_ARGS_H

/*
 * The command line: one table of options and one of subcommands make the parser, --help,
 * the completions and the lists in handrail(1). Options stand before or after the
 * subcommand; there are no abbreviations.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/jsonout.h"
#include "base/str.h"
#include "base/vec.h"

/* id, long name, short or 0, argument or NULL, commands ("*": all), help */
#define OPTIONS(X) \
	X(HELP, "help", 'h', NULL, "*", "show help and exit") \
	X(VERSION, "version", 'V', NULL, "*", \
		"show the version and those of the libraries") \
	X(JSON, "json", 0, NULL, \
		"list show lint import runs run learn resume take-over watch report diff verify status due tick logs " \
		"ps store prune doctor theme keys help", \
		"machine-readable output: one object, or journal lines for a run") \
	X(PLAIN, "plain", 0, NULL, "*", "line mode: append only, no screen") \
	X(ANSWERS, "answers", 0, "FILE", "run resume take-over due", \
		"answers for a run without a person") \
	X(INPUT, "input", 0, "NAME=VALUE", "run resume console status", \
		"set an input, with resume to another value; @FILE reads it from a file, - from " \
		"standard input") \
	X(ENV, "env", 0, "NAME", "*", "environment of handrail.yaml") \
	X(PROJECT, "project", 0, "FILE", "*", "handrail.yaml to use (or its folder)") \
	X(RUNBOOKS, "runbooks", 0, "DIR", "*", "folder of runbooks; may be given again") \
	X(FORMAT, "format", 0, "NAME", "show lint report", \
		"show: text md json; lint: text json sarif; report: text md json html") \
	X(KIND, "kind", 0, "KIND", "new", \
		"checklist deploy migration rollback restore incident maintenance smoke " \
		"onboarding") \
	X(TITLE, "title", 0, "TEXT", "new", "what the runbook achieves, in one line") \
	X(OUTPUT, "output", 'o', "FILE", "report import export prune", \
		"write to FILE, or into the folder FILE, instead of standard output") \
	X(PROMOTE, "promote", 0, NULL, "import", \
		"turn the commands of an imported runbook into run steps") \
	X(FIX, "fix", 0, NULL, "lint", \
		"mend what has one safe cure, in place; handrail help fixes lists them") \
	X(STRICT, "strict", 0, NULL, "lint", "warnings are errors; layout counts too") \
	X(OPEN_ONLY, "open", 0, NULL, "runs", "only runs that are not closed") \
	X(HEAD, "head", 0, "HASH|FILE", "verify", \
		"a head held elsewhere that must occur, or a file of lines SEQ HASH") \
	X(STORE, "store", 0, NULL, "verify", "compare with what the store holds, too") \
	X(SIGNERS, "allowed-signers", 0, "FILE", "verify", \
		"check signatures against FILE instead of the record's own copy") \
	X(ROLE, "role", 0, "ROLE", "sign", \
		"role to sign for, when the step is not enough") \
	X(KEY, "key", 0, "FILE", "sign run resume watch take-over due console", \
		"key file, certificate or .pub of an agent key to sign with") \
	X(COMMENT, "comment", 0, "TEXT", "sign", "comment inside the statement") \
	X(YES, "yes", 'y', NULL, "sign prune", \
		"sign without showing the statement first; prune without asking") \
	X(OLDER_THAN, "older-than", 0, "TIME", "prune", \
		"only what was closed so long ago: 90d") \
	X(KEEP, "keep", 0, "N", "prune", "the newest N runs of each runbook stay") \
	X(DECLINE, "decline", 0, "REASON", "sign", "decline instead of signing") \
	X(POSTPONE, "postpone", 0, "TIME", "due", \
		"owed later: 2d, or 2026-12-01T09:00:00Z; wants --reason") \
	X(RELEASE, "release", 0, NULL, "due", "no longer owed; wants --reason") \
	X(REASON, "reason", 0, "TEXT", "due prune", "why, for the record") \
	X(STEP, "step", 0, "STEP", "attach", "the step that it is evidence of") \
	X(CORRECTS, "corrects", 0, "RECORD", "note", \
		"what record RECORD says is wrong: a note, mark or evidence") \
	X(DUE_ONLY, "due", 0, NULL, "list", "only runbooks that owe something by now") \
	X(INSTALL_HELP, "install-help", 0, NULL, "tick", \
		"print the systemd timer and the cron line that run it") \
	X(HOST, "host", 0, "NAME", "doctor logs", \
		"doctor: also try to log in to this host; logs: where the sources are") \
	X(FOLLOW, "follow", 'f', NULL, "logs", "go on with what comes, until stopped") \
	X(LINES, "lines", 'n', "N", "logs", "how many lines of each log (100)") \
	X(SINCE, "since", 0, "TIME", "logs", \
		"not older: 15m, 2h, 1d, or 2026-11-20T13:00:00Z") \
	X(LEVEL, "level", 0, "LEVEL", "logs", \
		"this or worse: debug info warn error fatal") \
	X(GREP, "grep", 0, "PATTERN", "logs", "only lines that match (PCRE2)") \
	X(JUNIT, "junit", 0, "FILE", "run resume take-over", \
		"write the steps as a JUnit report") \
	X(SERVICE, "service", 0, "NAME", "store verify", \
		"of pg_service.conf, instead of the one that handrail.yaml names") \
	X(THEME, "theme", 0, "NAME", "*", \
		"theme of the console; handrail theme list names them") \
	X(COLOR, "color", 0, "WHEN", "*", "auto, never, 16, 256 or true") \
	X(ASCII, "ascii", 0, NULL, "*", "ASCII symbols only") \
	X(READONLY, "readonly", 0, NULL, "*", "look only: nothing can be started") \
	X(WATCH, "watch", 0, NULL, "status", "go on looking, and say what changes") \
	X(WAIT, "wait", 0, "STATE", "status", \
		"until all are OK (or WARN: that or better); --timeout limits it") \
	X(TIMEOUT, "timeout", 0, "TIME", "run resume take-over status due tick", \
		"give up after this long (exit 8)") \
	X(RELOCATE, "relocate", 0, "DIR", "run resume take-over", \
		"where the record goes on when its disk is full, read-only or failing") \
	X(DRY_RUN, "dry-run", 0, NULL, "run", \
		"show every step with its values, hosts, gates and questions: nothing runs, " \
		"nothing is reached, nothing is recorded") \
	X(PRACTICE, "practice", 0, NULL, "run runs", \
		"run: practise in a scenario, nothing is real; runs: those of practice") \
	X(RECORD, "record", 0, "RUN", "learn", \
		"print a draft of a scenario from what a run printed and measured") \
	X(SCENARIO, "scenario", 0, "FILE", "run", \
		"the scenario of --practice (scenarios/NAME.yaml beside the runbook)") \
	X(LIMIT, "limit", 0, "HOST", "run", \
		"only on these hosts of the runbook: names or aliases, with commas") \
	X(ROLLBACK, "rollback", 0, "WORDS", "resume", \
		"lead the run back; WORDS are those that its report names") \
	X(CONFIRM, "confirm", 0, "WORDS", "take-over", \
		"the words that end the console which drives the run") \
	X(HOLD, "hold", 0, "REASON", "watch", "put the run on hold, and end") \
	X(GO, "go", 0, NULL, "watch", "end a hold of your own, and end") \
	X(DEBUG, "debug", 0, "FILE", "*", "write a debug log")

enum option_id {
#define X(id, name, letter, arg, commands, help) OPT_##id,
	OPTIONS(X)
#undef X
		OPT_COUNT
};

/* name, function suffix, arguments, summary */
#define COMMANDS(X) \
	X("console", console, "[RUNBOOK]", "open the full-screen console") \
	X("demo", demo, "", \
		"the tour: a release on pretended servers that goes wrong, led by a line at the " \
		"top of the screen; nothing can reach a host") \
	X("list", list, "", "runbooks with their last result") \
	X("show", show, "RUNBOOK", "a runbook as a checklist") \
	X("lint", lint, "[PATH...]", \
		"check runbooks and handrail.yaml: file:line:col, reason, help") \
	X("new", new, "[FILE]", \
		"a first runbook to change: never over a file, else to standard output") \
	X("import", import, "FILE...", \
		"a Markdown page as a draft of a runbook; the account of its lines to standard error") \
	X("theme", theme, "list|show|check [NAME|FILE...]", \
		"themes of the console: their names, their colours, whether they can be read") \
	X("keys", keys, "[list|check] [FILE]", \
		"keys of the console, and whether a keys.yaml can be used") \
	X("schema", schema, \
		"[runbook|config|answers|theme|keys|settings|scenario|test]", \
		"the JSON Schema (draft-07) for editors") \
	X("run", run, "RUNBOOK", "walk through a runbook") \
	X("learn", learn, "[RUNBOOK]", \
		"a runbook explained, step by step, with examples: nothing can be reached; " \
		"without a name: how far one has come") \
	X("test", test, "[PATH...]", \
		"run the test cases of runbooks (tests/NAME.yaml) in their scenarios; TAP") \
	X("resume", resume, "[RUN]", "take an open run up again") \
	X("watch", watch, "RUN", "look on at a run that somebody drives") \
	X("hand-over", hand_over, "RUN [USER]", \
		"offer a run that is driven to somebody, with what stands") \
	X("take-over", take_over, "RUN", \
		"take what is offered, or end the console that drives the run and go on here") \
	X("runs", runs, "", "runs, newest first") \
	X("replay", replay, "RUN", \
		"go through a recorded run record by record: nothing is reached or started") \
	X("report", report, "RUN", "the account of a run") \
	X("diff", diff, "RUN RUN", \
		"what differed between two runs: text, inputs, outcomes, people; exit 1 when any") \
	X("export", export, "RUN", \
		"a run as one tar file that is checked anywhere, with or without handrail") \
	X("prune", prune, "", \
		"remove old records; each leaves a tombstone, and with -o DIR a bundle first") \
	X("verify", verify, "[RUN|FILE|DIR]", \
		"check records offline; all runs without argument") \
	X("sign", sign, "RUN [STEP]", "sign a step that waits for a signature") \
	X("status", status, "[RUNBOOK] [PROBE...]", \
		"health of what handrail.yaml or a runbook looks at; the worst state decides") \
	X("due", due, "[RUN.NUMBER]", \
		"what is owed after runs, reviews and drills that are due; with a name: close it") \
	X("tick", tick, "", \
		"look at the probes of what is due, and close what they settle; send to stores " \
		"what they lack") \
	X("logs", logs, "RUNBOOK|SOURCE [NAME...]", \
		"logs of many hosts merged by time; a source is /path, unit:NAME, " \
		"container:NAME or command:TEXT; of a runbook NAME, NAME@HOST or @HOST") \
	X("ps", ps, "[RUNBOOK|HOST...]", \
		"containers of hosts: state, health, what is expected, what to watch out for") \
	X("store", store, "init|upgrade|status|send|sql [RUN...]", \
		"the store in PostgreSQL that mirrors records: make it, bring it up to date, " \
		"how far it is, send what is missing, print its SQL") \
	X("note", note, "RUN TEXT|-", "add a note to an open run") \
	X("attach", attach, "RUN FILE|LINK|-", \
		"a file, a link or a text as evidence into the record of an open run") \
	X("doctor", doctor, "", "check this machine: terminal, keys, ssh, folders") \
	X("completion", completion, "bash|zsh|fish", "print shell completions") \
	X("reset", reset, "", "put a broken terminal back in order") \
	X("help", help, "[COMMAND|E-ID|TOPIC]", \
		"help about a command, a complaint or a topic") \
	X("version", version, "", "versions of handrail and its libraries")

struct args {
	const char *command;        /* name in the table */
	const char *opt[OPT_COUNT]; /* value, or "" for a flag; NULL: not given */
	struct {
		VEC_OF(const char *) list;
	} inputs, runbooks, words;
	const char *program; /* argv[0] */
	const char *near;    /* a command that the first word looks like, or NULL */
};

/* ERR_INPUT with "did you mean", also for a word too few or too many. */
bool args_parse(int argc, char **argv, struct args *out, struct err *e) WARN_UNUSED;
void args_release(struct args *a);
static inline bool
args_has(const struct args *a, enum option_id id)
{
	return a->opt[id] != NULL;
}
void args_help(const char *command, struct str *out); /* NULL: overview */
bool args_known_command(const char *name);
enum args_shell { ARGS_BASH, ARGS_ZSH, ARGS_FISH };
void args_completion(enum args_shell shell, struct str *out);
/* The commands as `items`: name, usage, summary, options. */
void args_json(struct jsonout *j);
/* mdoc lists of commands and options, for handrail(1). */
void args_mdoc(struct str *out);

/* Exit codes: one list for the code, the help and the manual. */
#define EXITS(X) \
	X(OK, 0, "done, healthy, verified") \
	X(NO, 1, "the answer is no: step failed, probe not ok, any lint finding") \
	X(USAGE, 2, "wrong usage or answers") \
	X(LOAD, 3, "a file can't be read or configuration doesn't load") \
	X(CONNECT, 4, "nothing could start: can't reach or log in") \
	X(REFUSED, 5, \
		"refused: read-only, untrusted, confirmation, sign-off or person missing") \
	X(RECORD, 6, "a record is bad") \
	X(STOPPED, 7, "stopped by the operator, can be resumed") \
	X(TIMEOUT, 8, "timed out") \
	X(INTERNAL, 70, "internal error") \
	X(NOT_WRITTEN, 74, "the record could not be written") \
	X(BUSY, 75, "busy: open elsewhere") \
	X(INT, 130, "ended by SIGINT") \
	X(TERM, 143, "ended by SIGTERM")
enum exit_code {
#define X(id, code, help) EXIT_CODE_##id = code,
	EXITS(X)
#undef X
};
enum exit_code args_exit_for(const struct err *e);

#endif
