#ifndef PROBE_PROBE_H
#define PROBE_PROBE_H

/*
 * One look at something, judged: starts a probe of the runbook and gives its verdict, the
 * measured value and every row of the judgement. Kinds are rows of one table.
 * Scheduling (every:) belongs to the board of the session.
 */

#include "model/facts.h"
#include "model/runbook.h"
#include "remote/fleet.h"
#include "remote/http.h"
#include "remote/job.h"

/* ANSWERED also where the answer cannot be judged; NOT_ASKED: the look could not start. */
enum probe_answer { PROBE_ANSWERED, PROBE_SILENT, PROBE_NOT_ASKED };

struct probe_reading {
	const struct probe *probe;
	struct judgement judgement; /* verdict, rows */
	enum verdict verdict;       /* with warn: folded in */
	char field[64]; /* the leading field measured: "time", "status", "value" */
	char value[64]; /* as text, "" when nothing was measured */
	char unit[8];
	char want[160];
	char message[320]; /* one sentence: "200, status ok, 43 ms" or the fault */
	int64_t took_ms;
	enum probe_answer answer;
	const char *each;          /* of several machines: a line for each; or NULL */
	const struct facts *facts; /* that were judged; borrowed for the call */
};

struct probe_env {
	struct loop *loop;
	struct fleet *fleet;
	struct http *http;
	const struct runbook *runbook;
	const struct redact *redact;
	/* Value of an input or saved value by its full name, or NULL. */
	const char *(*lookup)(void *ctx, const char *full_name);
	void *lookup_ctx;
	/* environment for commands: names and values */
	const struct job_env *env;
	size_t env_len;
	struct past *past; /* what earlier looks of this probe measured; NULL: nothing */
};

typedef void probe_fn(void *ctx, const struct probe_reading *r);
struct probe_look;
/* Never calls back from inside; a probe that cannot even start gives a reading that says
 * why, verdict unknown. */
struct probe_look *probe_start(
	const struct probe_env *env, int probe, probe_fn *fn, void *ctx);
void probe_look_free(struct probe_look *p); /* no call after */

#endif
