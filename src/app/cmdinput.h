#ifndef APP_CMDINPUT_H
#define APP_CMDINPUT_H

/* --input NAME=VALUE, NAME=@FILE, NAME=- : checked against the runbook before it starts. */

#include "app/args.h"
#include "app/session.h"
#include "model/answers.h"

/* ERR_INPUT also for a value that does not fit its input. */
bool cmdinput_parse(const struct args *a, const struct runbook *rb, struct pairs *out,
	struct err *e) WARN_UNUSED;
/* The inputs of an answers file, as far as they can be known before the run. */
bool cmdinput_answers(
	const struct answers *a, const struct runbook *rb, struct err *e) WARN_UNUSED;
bool cmdinput_give(
	struct session *s, const struct pairs *inputs, struct err *e) WARN_UNUSED;
/* The same in a run that is taken up: ERR_REFUSED for one that may not change, before any is
 * given. What ran with the old values is added to `said`. */
bool cmdinput_change(struct session *s, const struct pairs *inputs, struct str *said,
	struct err *e) WARN_UNUSED;
void cmdinput_release(struct pairs *p); /* wiped: a value may be a secret */

/* --limit: the aliases it means, each once; ERR_INPUT names what is no host. Caller frees
 * with cmdinput_limit_release. */
bool cmdinput_limit(const struct args *a, const struct runbook *rb, struct strings *out,
	struct err *e) WARN_UNUSED;
void cmdinput_limit_release(struct strings *limit);

#endif
