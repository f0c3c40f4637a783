#ifndef LOAD_SHELLLINES_H
#define LOAD_SHELLLINES_H

/*
 * Where one logical command line of a shell text ends: over continued lines, quotes,
 * here-documents, pipelines and if/for/while/case/{ blocks. Only fence calls this; what
 * stands in the line is for shellwords. What is never closed goes on to the end of the
 * text, as it would in a shell. Linear, any bytes.
 */

#include <stdbool.h>
#include <stddef.h>

struct shellline {
	size_t at, end;  /* bytes; the last newline is not in it */
	size_t next;     /* where the following line begins */
	int lines;       /* how many lines of the text it takes, at least 1 */
	bool unfinished; /* something in it is never closed */
	bool comment;    /* nothing but a comment */
	bool blank;      /* nothing at all */
};

/* The logical line at byte `at` < len. */
void shelllines_next(const char *text, size_t len, size_t at, struct shellline *out);

#endif
