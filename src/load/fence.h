#ifndef LOAD_FENCE_H
#define LOAD_FENCE_H

/*
 * One code block of a document as what it is: its kind first, then its pieces in order,
 * each with its lines. `handrail import` calls this for every fence and indented block;
 * only pieces of kind COMMAND may become `run`. It reads text and nothing else, expands
 * nothing, runs nothing, and takes any bytes: what YAML may not hold (control and bidi
 * characters, broken UTF-8) becomes U+FFFD and `scrubbed` says so.
 *
 *   fence_read(&(struct fence_in){.info = "bash", .text = t, .len = n}, &f);
 *   … f.kind, f.reason, f.pieces.at[i] …
 *   fence_release(&f);
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"
#include "model/danger.h"

/* enum, name, what an importer makes of it */
#define FENCE_KINDS(X) \
	X(COMMANDS, "commands", "shell commands, one after the other") \
	X(CONSOLE, "console", "a session: prompts, commands and what they printed") \
	X(FILE, "file content", "the content of a file: a script or a configuration") \
	X(ENV, "env", "settings of an environment") \
	X(CRONTAB, "crontab", "lines of a crontab") \
	X(SQL, "SQL", "statements for a database") \
	X(CODE, "code", "source text of a program") \
	X(INSTRUCTIONS, "instructions", "sentences or comments a person follows") \
	X(OUTPUT, "output", "what a command printed")

enum fence_kind {
#define X(id, name, help) FENCE_##id,
	FENCE_KINDS(X)
#undef X
		FENCE_KIND_COUNT
};

#define FENCE_PIECES(X) \
	X(COMMAND, \
		"command") /* one logical command line, continued lines and bodies too */ \
	X(COMMENT, "comment") /* title of the commands after it, up to a blank line */ \
	X(INSTRUCTION, \
		"instruction") /* for a person: prose, or something commented out */ \
	X(EXPECTATION, "expectation") /* "# Expected: …": what draftexpect reads */ \
	X(ALTERNATIVE, "alternative") /* "# OR" */ \
	X(OUTPUT, "output")           /* printed by the command before it */ \
	X(REPL, "repl input")         /* typed into the program before it */ \
	X(SETTING, "setting")         /* NAME=value on a line of its own */ \
	X(CRON, "cron job") \
	X(STATEMENT, "statement") /* SQL */ \
	X(CONTENT, "content")     /* of a file, or source text: the block as a whole */

enum fence_piece_kind {
#define X(id, name) FENCE_PIECE_##id,
	FENCE_PIECES(X)
#undef X
		FENCE_PIECE_COUNT
};

#define FENCE_FLAGS(X) \
	X(NEVER_ENDS, 0, "never ends") \
	X(NEEDS_TERMINAL, 1, "needs a person at a terminal") \
	X(HIDES_FAILURE, 2, "hides its failure") \
	X(DANGEROUS, 3, "destroys something") \
	X(SECRET, 4, "holds a secret in its text") \
	X(UNFINISHED, 5, "a quote, here-document or block is never closed") \
	X(TOO_LONG, 6, "too long to be looked at") \
	X(COMMENTED, 7, "commented out") \
	X(OPTIONAL, 8, "only if it applies") \
	X(CHANGES_FOLDER, 9, "changes the folder for what follows") \
	X(FOLDER_LOST, 10, "runs in a folder that cannot be told from the text") \
	X(UNUSED, 11, "a setting no command of the block uses")

enum fence_flag {
#define X(id, bit, text) FENCE_FLAG_##id = 1 << (bit),
	FENCE_FLAGS(X)
#undef X
};

/* enum, what to do, why */
#define FENCE_PROPOSALS(X) \
	X(NO_TTY, "write -i instead of -it", \
		"there is no terminal; with one, line ends in a dump would be rewritten") \
	X(COMPOSE_T, "give compose exec -T", \
		"without a terminal it refuses, with one line ends are rewritten") \
	X(PIPEFAIL, "begin with `set -o pipefail`", \
		"else a failed dump leaves a small valid file and exit 0") \
	X(COMPOSE, "ask the host which it has: docker compose or docker-compose", \
		"the two are not installed on the same hosts") \
	X(TOOL, "ask the host whether the tool is there", "it was withdrawn or renamed") \
	X(DETACH, "write `up -d`, and watch the logs in a watch step", \
		"`up` without -d stays in the foreground") \
	X(WATCH, "make it a watch step", "it never ends") \
	X(SERVICE, "let the host's service manager run it, and check that it runs", \
		"a server stays in the foreground") \
	X(BY_HAND, "make it a do step", "it waits for a person's keys") \
	X(COPY_IN, "see that the file is there inside the container", \
		"the path is one of the container; the copy may lie on the host") \
	X(MAKE, "look at it first with make -n", \
		"what a target runs stands in the Makefile alone") \
	X(FOLDER, "say in which folder this runs", \
		"a cd in a line before moved the shell; the document may mean the first folder") \
	X(MISSING, "find the command the comment speaks of", \
		"the comment says so, no command under it does") \
	X(DECIDE, "make it a choose step", "two ways are given; both would run")

enum fence_proposal_id {
#define X(id, what, why) FENCE_PROPOSE_##id,
	FENCE_PROPOSALS(X)
#undef X
		FENCE_PROPOSE_COUNT
};

struct fence_proposal {
	enum fence_proposal_id id;
	char *text; /* the whole command as proposed, or the preflight; NULL: none */
};

/* An assignment that is in force for the commands after it. */
struct fence_var {
	char *name, *value; /* value as written, its quotes removed */
	bool exported;
	int line;
};

struct fence;

struct fence_piece {
	enum fence_piece_kind kind;
	int first, last; /* lines inside the block, from 1 */
	char *text;      /* prompts, comment signs and CR removed */
	char *written;   /* as it stood in the block; NULL: as text */
	unsigned flags;  /* enum fence_flag */

	/* COMMAND and CRON */
	int title; /* index of the COMMENT over it; NONE */
	int way;   /* commands that exclude each other have the same number; 0: none */
	char *dir; /* folder a `cd` before it left, relative to the first one; "": the first */
	size_t vars;             /* the first so many of fence.vars are in force */
	enum risk risk;          /* least one its words ask for */
	struct danger_hits hits; /* offsets in text */
	VEC_OF(struct fence_proposal) proposals;
	char *creates;         /* file it writes with > or tee, as written; NULL */
	struct fence *content; /* here-document written there, as a block; NULL */
	int content_line;      /* line inside this block where the body begins */

	char *name, *value; /* SETTING; CRON: schedule in name, user in value or NULL */
};

struct fence {
	enum fence_kind kind;
	const char *reason; /* why it is of that kind; static */
	char *path;    /* file its content belongs to, where the block says so; NULL */
	bool scrubbed; /* bytes were replaced */
	VEC_OF(struct fence_piece) pieces;
	VEC_OF(struct fence_var) vars;
};

struct fence_in {
	const char *info; /* the info string: "bash", "" or NULL */
	const char *text;
	size_t len;
	const struct danger_tables *tables; /* NULL: made for this block alone */
	const char *file; /* it is known to be the content of this file; NULL */
};

void fence_read(const struct fence_in *in, struct fence *out);
void fence_release(struct fence *f);

const char *fence_kind_name(enum fence_kind kind);
const char *fence_piece_name(enum fence_piece_kind kind);
const char *fence_flag_text(enum fence_flag flag);
const char *fence_proposal_what(enum fence_proposal_id id);
const char *fence_proposal_why(enum fence_proposal_id id);

#endif
