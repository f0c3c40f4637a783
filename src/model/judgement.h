#ifndef MODEL_JUDGEMENT_H
#define MODEL_JUDGEMENT_H

/* The outcome of expect_judge: for every field what was wanted, got, and its verdict. */

#include "base/str.h"
#include "base/vec.h"
#include "model/verdict.h"

struct judged {
	char *field; /* "exit", "json /status", "header content-type" */
	char *want;  /* as written */
	char *got;   /* harmless, cut to 200 bytes; "-" when missing */
	enum verdict verdict;
};

struct judgement {
	enum verdict verdict;
	VEC_OF(struct judged) rows;
};

void judgement_release(struct judgement *j);
/* One line: "status 200, json /status ok, time 43 ms < 200ms". */
void judgement_line(const struct judgement *j, struct str *out);

#endif
