#ifndef APP_PLAIN_H
#define APP_PLAIN_H

/*
 * The line mode: walks a run without a screen, for pipes, pipelines, tests and screen
 * readers. Append only, one fact per line, no ESC byte. The same engine, the same record.
 * Answers come from a file, or from the person at the terminal by numbered choices. What a
 * person must decide and nobody does leaves the run open before that step (exit 5).
 */

#include <stdio.h>

#include "app/cmd.h"
#include "model/answers.h"

struct plain_opts {
	struct cmd *cmd;
	const struct answers *answers; /* or NULL */
	bool json;                     /* journal lines on standard output */
	int64_t timeout_ms;            /* 0: none */
	const char *relocate; /* where the record goes on if its disk fails; or NULL */
	const char *typed;    /* session_opts.typed */
	const char *back;     /* words that lead the run back, as typed; or NULL */
	FILE *to;             /* instead of standard output; or NULL */
	bool passing;         /* the run goes away: not a word of how to resume it */
};

struct plain;

struct plain *plain_new(const struct plain_opts *o);
/* To be given to session_open or session_resume. */
struct session_calls plain_calls(struct plain *p);
void plain_begin(struct plain *p, struct session *s);
/* Those of the command line; of a run that is taken up also another value. ERR_REFUSED: one
 * may not change, and none was given. */
bool plain_inputs(struct plain *p, const struct pairs *inputs, struct err *e) WARN_UNUSED;
/* Walks until it is over; frees nothing of the session. */
enum exit_code plain_walk(struct plain *p);
void plain_free(struct plain *p);

#endif
