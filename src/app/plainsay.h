#ifndef APP_PLAINSAY_H
#define APP_PLAINSAY_H

/*
 * What the line mode says: one fact per line, harmless, flushed at once. Keeps the ends of
 * output lines apart by host, because hosts talk at the same time.
 */

#include <stdio.h>

#include "app/session.h"

struct plainsay_partial { /* output of a leg that has no line end yet */
	int step, leg;
	struct str text;
};

struct plainsay {
	FILE *to;
	const struct run *run;
	struct {
		VEC_OF(struct plainsay_partial) list;
	} partials;
};

void plainsay_line(struct plainsay *s, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* What ran with the value that an input had, where it gets another one. */
void plainsay_input(struct plainsay *s, int input, const char *value);
/* "." unless the text ends a sentence by itself. */
const char *plainsay_stop(const char *text);
/* Whole lines with the host before them; the rest waits. */
void plainsay_output(struct plainsay *s, int step, int leg, const char *b, size_t len);
/* What of a step (NONE: of any) has no line end. */
void plainsay_flush(struct plainsay *s, int step);
/* Which run; what was edited in former ones (a new run), or that its file has changed. */
void plainsay_begin(struct plainsay *s, const char *runs_dir, bool is_new);
/* A durable event: readings of probes, starts and ends of commands. */
void plainsay_event(struct plainsay *s, const struct event *ev);
/* What a person did, of those who did not do it: holds, notes, marks, who drives. */
void plainsay_people(struct plainsay *s, const struct event *ev);
/* What comes now: the step, its command and where. */
void plainsay_step(struct plainsay *s, const struct runbook *rb, int step);
/* Why a step failed; readings up to since_seq were not said when they came. */
void plainsay_failed(struct plainsay *s, const struct run_step *rs, int64_t since_seq);
void plainsay_leaving(struct plainsay *s); /* what becomes of what runs */
/* A closed run: its result, its record, its head. */
void plainsay_closed(
	struct plainsay *s, const struct run *r, const char *dir, const char *head);
/* Hosts that are one machine, if there are such; ctx is the plainsay. */
void plainsay_twins(void *ctx, const char *words);
/* Waits a little for those who are told of the run, and names what is not delivered. */
void plainsay_left(struct plainsay *s, struct session *session);
/* The files on the disk that are not what the run began with, if there are such. */
void plainsay_changed(struct plainsay *s, const struct session *session);
/* Somebody else drives it now; false: not so. */
bool plainsay_gone(struct plainsay *s, const struct session *session);
void plainsay_release(struct plainsay *s);

#endif
