#ifndef APP_PLAINASK_H
#define APP_PLAINASK_H

/*
 * What the line mode asks of the engine for the step it stands at: from the answers file,
 * by itself where no person is needed, or from the person at the terminal by numbered
 * choices.
 */

#include "app/session.h"
#include "model/answers.h"

enum plainask {
	PLAINASK_REQUEST, /* q is to be sent */
	PLAINASK_INPUT,   /* input and value are to be set first */
	PLAINASK_MISSING, /* nobody answers; err says what is missing */
	PLAINASK_QUIT,    /* the person leaves */
	PLAINASK_BACK,    /* the person wants to see the way back: plainback.h */
	PLAINASK_CHANGE,  /* the person wants to change an input: plaininput.h */
	PLAINASK_NOTHING, /* the person thought better of it, and is asked again */
};

struct plainask_request {
	struct request q;
	int input;
	char *value;    /* owned */
	char *owned[3]; /* texts q points to */
};

enum plainask plainask_for(struct session *s, const struct answers *a, int step,
	struct plainask_request *out, struct err *e);
/* What is to become of what runs? It is stopped at once where that is the answer. False: the
 * person leaves. */
bool plainask_goes_on(struct session *s);
/* The number of a choice, as it was typed. */
int plainask_number(const char *text, int other);
void plainask_release(struct plainask_request *r);

#endif
