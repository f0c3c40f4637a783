#ifndef LOAD_FENCELINE_H
#define LOAD_FENCELINE_H

/*
 * What one line of a code block looks like: a comment and which kind of comment, a prompt,
 * an assignment, a line of a crontab, a command by its first word. Only fence and
 * fencekind call this. The lines are C strings without their newline.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum fenceline_comment {
	FENCELINE_TITLE,       /* says what the commands after it do */
	FENCELINE_OR,          /* "# OR" */
	FENCELINE_EXPECTED,    /* "# Expected: …" */
	FENCELINE_OUT_COMMAND, /* a command or statement commented out */
	FENCELINE_EDIT,        /* asks for an edit by hand */
};

/* After the # and its blanks. */
const char *fenceline_comment_text(const char *line);
enum fenceline_comment fenceline_comment(const char *text);
/* OR alone on a line. */
bool fenceline_or(const char *text);
/* "1. Notify users", "2) …": begins with a number of its own. */
bool fenceline_numbered(const char *text);
/* "(if applicable)", "optional", "if needed". */
bool fenceline_optional(const char *text);

/* Bytes of a shell prompt at the front: "$ ", "user@host:~$ ", "[root@h ~]# "; with `root`
 * also "# ". 0: none. */
enum fenceline_root { FENCELINE_NO_ROOT, FENCELINE_ROOT };
size_t fenceline_prompt(const char *line, enum fenceline_root root);
/* Bytes of a prompt of a database or language: "postgres=# ", "> ", ">>> "; 0: none. */
size_t fenceline_repl(const char *line);

/* NAME=value and nothing more, `export` before it allowed. Bytes of the name, 0: no. */
size_t fenceline_assignment(const char *line);
/* Bytes of the five fields, or of @daily, before the command; 0: no line of a crontab. */
size_t fenceline_cron(const char *line);
/* The first word is the name of a program people type. */
bool fenceline_command(const char *line);
/* Begins with a word of SQL in capitals, or any word of it with `;` at the end. */
bool fenceline_sql(const char *line);

#endif
