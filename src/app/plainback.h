#ifndef APP_PLAINBACK_H
#define APP_PLAINBACK_H

/*
 * The way back in the line mode: what would be taken back now, the words that begin it, and
 * what to do where it stands still. Without a person only words given on the command line
 * begin it, and it stops where more of them are wanted.
 */

#include "app/plainask.h"
#include "app/plainsay.h"

struct plainback {
	struct usual *usual; /* NULL: former runs were not read yet */
	const char *given;   /* words of the command line, until they were used */
	int64_t since;       /* what is later in the record was begun here */
};

void plainback_release(struct plainback *b);
/* The list, newest first, and how it is begun. */
void plainback_show(struct plainback *b, struct plainsay *say, const char *runs_dir,
	const struct run *r);
/* How an open run is gone on with, and led back. */
void plainback_farewell(struct plainsay *say, const struct run *r, const char *word);
/* A closed run: has it reached its end, or gone all the way back? By the record: a way back
 * that was refused or given up is none. */
bool plainback_went_well(const struct run *r);
/* Does the run go (or is it to go) back now rather than on? */
bool plainback_turns(const struct plainback *b, const struct run *r);
/* Does the engine go on with it by itself? Not before the words of the command line. */
bool plainback_goes(const struct plainback *b, const struct run *r);
/* The person has read the list and types the words, or nothing. */
enum plainask plainback_words(const struct run *r, struct plainask_request *out);
/* It stands still: what comes next. */
enum plainask plainback_next(struct plainback *b, const struct run *r,
	const struct answers *a, struct plainask_request *out, struct err *e);

#endif
