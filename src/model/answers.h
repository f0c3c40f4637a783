#ifndef MODEL_ANSWERS_H
#define MODEL_ANSWERS_H

/* Answers for a run without a person (handrail-config(5)). */

#include "model/runbook.h"

enum answer_tick {
	ANSWER_NO_TICK,
	ANSWER_DONE,
	ANSWER_SKIP,
	ANSWER_NA,
	ANSWER_BY_HAND,
	ANSWER_FAILED
};

struct answer_step {
	char *id; /* step id or number as written */
	int step; /* resolved by answers_check */
	enum answer_tick tick;
	char *evidence, *note, *reason, *confirm, *choose, *value;
	int line, col;
};

struct answer_input {
	char *name, *value; /* literal */
	char *env, *file;   /* {env: N} or {file: P} */
	int line, col;
};

struct answers {
	char *path;
	struct {
		VEC_OF(struct answer_input) list;
	} inputs;
	struct {
		VEC_OF(struct answer_step) list;
	} steps;
};

void answers_free(struct answers *a);
const struct answer_step *answers_for(const struct answers *a, int step);

#endif
