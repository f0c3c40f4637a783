#ifndef MODEL_DANGERLIST_H
#define MODEL_DANGERLIST_H

/*
 * The rules of danger.h in one list, and how the scanners report them. 1xx destroys, 2xx
 * never ends or needs a terminal, 3xx hides its failure, 4xx shows a secret, 5xx is no
 * command yet. Ids are never given to another rule.
 */

#include "model/danger.h"

/* id, "ID", level, least risk, message, reason, help */
#define DANGER_RULES(X) \
	X(VOLUMES, "W-SH-101", WARNING, SEVERE, "removes volumes and what they hold", \
		"a database lives in its volume", \
		"leave the volumes; remove one by name, with its dump at hand") \
	X(TREE, "W-SH-102", WARNING, HARD, "deletes whole trees of files", \
		"a wrong variable in the path deletes something else", \
		"move it aside, or delete named files") \
	X(DISK, "W-SH-103", WARNING, SEVERE, "writes over a disk", \
		"what was on it cannot be brought back", NULL) \
	X(DATA, "W-SH-104", WARNING, SEVERE, "destroys data of a database", \
		"only a dump brings it back", \
		"make a dump in a step before; give DELETE and UPDATE a WHERE") \
	X(CACHE, "W-SH-105", WARNING, SEVERE, "empties a key-value store", \
		"sessions, queues and locks are gone with it", "delete keys by name") \
	X(CLUSTER, "W-SH-106", WARNING, HARD, \
		"deletes objects of a cluster or its machines", \
		"what depends on them stops or is deleted too", NULL) \
	X(HISTORY, "W-SH-107", WARNING, HARD, "overwrites history or uncommitted work", \
		"the work of others may be lost", "push a new commit or tag") \
	X(MIRROR, "W-SH-108", WARNING, HARD, "deletes at the far end what is not here", \
		"an empty source empties the target", \
		"copy instead of mirroring, or look with --dry-run first") \
	X(MACHINE, "W-SH-109", WARNING, HARD, "stops or rewrites the machine itself", \
		"the connection may not come back", NULL) \
	X(OBJECTS, "W-SH-110", WARNING, HARD, "drops objects of a schema", \
		"what uses them fails from now on", NULL) \
	X(PRUNE, "W-SH-111", WARNING, HARD, "removes whatever is not in use right now", \
		"a stopped container or the image of the last release is not in use either", \
		"remove them by name") \
	X(CHANGES, "W-SH-112", WARNING, MODERATE, "changes something", \
		"risk: none runs without being asked, leaves no job and has no way back", \
		NULL) \
	X(ENDLESS, "E-SH-201", ERROR, NONE, "never ends", \
		"a step is over when its command is", \
		"make it a watch step, or drop the follow flag") \
	X(FOREGROUND, "E-SH-202", ERROR, NONE, \
		"`up` without -d stays in the foreground", \
		"a step is over when its command is", \
		"write `up -d`, and watch the logs in a watch step") \
	X(SCREEN, "E-SH-203", ERROR, NONE, "needs a person at a terminal", \
		"a step has no keyboard", \
		"use a command that answers by itself, or a do step") \
	X(TTY, "E-SH-204", ERROR, NONE, "asks for a terminal with -t", \
		"there is none here; with one, line ends in a dump would be rewritten", \
		"write -i alone (docker compose: -T), or tty: true") \
	X(COMPOSE_TTY, "W-SH-205", WARNING, NONE, \
		"compose gives this a terminal unless told not to", \
		"without one it refuses, with one line ends are rewritten", "add -T") \
	X(PIPE, "W-SH-301", WARNING, NONE, "a failure inside the pipeline is not seen", \
		"the exit status is that of the last command: a failed dump leaves a small valid file", \
		"leave out shell: sh (bash has pipefail), or `set -o pipefail`, or check the result") \
	X(PSQL, "W-SH-302", WARNING, NONE, "psql goes on after an error", \
		"its exit status is 0 although statements failed", \
		"add -v ON_ERROR_STOP=1") \
	X(OR_TRUE, "W-SH-303", WARNING, NONE, "the failure is thrown away", \
		"the step is green whatever happens", \
		"say which exit codes are good: expect: {exit: [0, 1]}") \
	X(CURL, "W-SH-304", WARNING, NONE, "curl takes an error page for success", \
		"its exit status is 0 for 404 and 500", \
		"add --fail, or make it an http probe") \
	X(SUDO, "W-SH-305", WARNING, NONE, \
		"sudo may ask for a password nobody can type", "a step has no keyboard", \
		"say as: USER instead, or write sudo -n") \
	X(WITHDRAWN, "W-SH-306", WARNING, NONE, "`docker scan` was withdrawn", \
		"it fails on every current Docker", "use docker scout, trivy or grype") \
	X(ARGUMENT, "E-SH-401", ERROR, NONE, "a password stands in the command line", \
		"every user of the host can read it, and so can every reader of this file", \
		"make it a secret input and pass it by environment or standard input") \
	X(SHOWN, "W-SH-402", WARNING, NONE, "a password is given as an argument", \
		"every user of the host can read arguments while it runs", \
		"pass it by environment, a file or standard input") \
	X(URL, "E-SH-403", ERROR, NONE, "a URL with a password in it", \
		"it ends up in process lists, logs and this file", \
		"make it a secret input") \
	X(KEY, "E-SH-404", ERROR, NONE, "this looks like a real key or token", \
		"whoever reads this file has it", \
		"take it out, replace it where it is used, and make it a secret input") \
	X(PLACEHOLDER, "E-SH-501", ERROR, NONE, "a placeholder was never filled in", \
		"the command would run with it", "make it an input and write $name") \
	X(UNDECIDED, "W-SH-506", WARNING, NONE, "nobody has decided this yet", \
		"whoever needs it finds TBD", \
		"ask, and write it down before it is needed") \
	X(LOOKALIKE, "E-SH-502", ERROR, NONE, \
		"a character that only looks like the right one", \
		"typographic quotes and dashes mean nothing to a shell", \
		"type the plain ASCII character") \
	X(ALTERNATIVE, "E-SH-503", ERROR, NONE, "two alternatives in one command", \
		"both would run", "make it a choose step with an option for each") \
	X(TRAILING, "E-SH-504", ERROR, NONE, \
		"a blank after the backslash at the end of a line", \
		"the line does not go on", "remove the blank") \
	X(PROMPT, "E-SH-505", ERROR, NONE, "a prompt was copied along", \
		"the shell would run the prompt as a command", "remove the prompt")

enum danger_id {
#define X(id, name, level, risk, msg, reason, help) DANGER_##id,
	DANGER_RULES(X)
#undef X
		DANGER_COUNT
};

/* Once per rule and place. */
void danger_hit(struct danger_hits *out, enum danger_id id, size_t offset);

#endif
