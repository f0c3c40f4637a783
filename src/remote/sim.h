#ifndef REMOTE_SIM_H
#define REMOTE_SIM_H

/*
 * A target that is a script: for practice, tour and tests. It stands in for a host at the
 * level of jobs and looks, so that everything above behaves as with a real one. Its file
 * is JSON (which YAML files may be):
 *
 *   {"sim": 1, "fault": null,
 *    "rules": [{"match": "part of the shell text", "out": "...", "err": "...",
 *               "exit": 0, "after_ms": 0, "times": 0}]}
 *
 * A probe that is a script over there asks by its first line, `# handrail KIND: SUBJECT`.
 * The first rule whose `match` is part of the text answers; `times` (0: always) lets a
 * later rule answer from then on. A text that no rule knows ends with 127. `fault` is the
 * name of a link fault in small letters: the target cannot be reached then.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct sim;

struct sim_answer {
	const char *out, *err; /* borrowed from the sim */
	int exit;
	int64_t after_ms;
};

struct sim *sim_load(const char *path, struct err *e) WARN_UNUSED;
void sim_free(struct sim *s);
const char *sim_fault(const struct sim *s); /* NULL: none */
/* Counts a use of the rule it takes. */
void sim_ask(struct sim *s, const char *text, struct sim_answer *out);

#endif
