#ifndef MODEL_SHELLWORDS_H
#define MODEL_SHELLWORDS_H

/*
 * Shell text as simple commands and words: quotes, comments, here-documents, pipelines,
 * && and ||, subshells and command substitutions. It expands nothing and accepts anything;
 * what it cannot follow it takes as one word. Danger calls this for lint, and the import of
 * documents for the commands it finds there.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct shell_word {
	char *text;    /* quotes removed, expansions as written; of the shell_words */
	size_t offset; /* in the whole text */
	bool quoted;   /* some part of it was */
	bool own;      /* text is on the heap, not in the copy */
};

/* How a command is joined to the one before it. */
enum shell_join { SHELL_NEXT, SHELL_AND, SHELL_OR, SHELL_PIPE };

struct shell_cmd {
	VEC_OF(struct shell_word) words;
	VEC_OF(struct shell_word) written; /* targets of > and >> */
	enum shell_join join;
	bool piped; /* its output goes into the next one */
	bool fed;   /* its input comes from a pipe, a file or a here-document */
	char *heredoc;
	size_t heredoc_offset;
};

/* What each byte of the text is. */
enum shell_byte {
	SHELL_CODE = 'c',
	SHELL_QUOTED = 'q',
	SHELL_COMMENT = '#',
	SHELL_HEREDOC = 'h'
};

struct shell_words {
	VEC_OF(struct shell_cmd) cmds;
	char *bytes; /* enum shell_byte, one per byte of the text */
	char *copy; /* of the text, with a NUL behind each plain word: most words stand here */
	size_t len;
};

void shellwords_scan(const char *text, size_t len, struct shell_words *out);
void shellwords_release(struct shell_words *w);

#endif
