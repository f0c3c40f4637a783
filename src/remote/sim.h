#ifndef REMOTE_SIM_H
#define REMOTE_SIM_H

/*
 * A scenario (model/scenario.h) as it happens: the hosts it plays stand in one state, which
 * answers, steps and time change. Stands in for hosts at the level of jobs, looks, probes and
 * logs, so that everything above behaves as with real ones. Nothing here reaches anything.
 * One for all links of a fleet.
 *
 * A probe that is a script over there asks by its first line, `# handrail KIND: SUBJECT`,
 * where the scenario has no entry for it. A text that no answer knows ends with 127.
 */

#include "loop/loop.h"
#include "model/scenario.h"

struct sim;

struct sim_place {
	const char *host, *target; /* its name in the runbook, and this machine of it */
};

struct sim_question {
	struct sim_place at;
	const char *step; /* whose command it is; NULL: of none */
	const char *text;
	const struct pairs *values; /* of inputs, as the command gets them; or NULL */
};

struct sim_answer {
	char *out; /* yours */
	size_t out_len;
	const struct scene_facts *is; /* borrowed from the scenario; NULL: no answer */
	const char *err;              /* borrowed, too */
	int exit;
	int64_t after_ms;
	int used;                /* which one it is; NONE: there was none */
	const struct pairs *set; /* for sim_change once that time has passed */
};

struct sim_calls {
	/* What was asked for is a wrong turn, and why. */
	void (*on_wrong)(void *ctx, const char *why);
	/* Something happened by itself. */
	void (*on_time)(void *ctx);
	void *ctx;
};

/* References the scenario. Its time begins. */
struct sim *sim_new(struct loop *l, struct scenario *s);
struct sim *sim_ref(struct sim *s);
void sim_free(struct sim *s); /* gives one reference back */
void sim_tell(struct sim *s, const struct sim_calls *calls);
/* NULL: it can be reached. Else the name of a link fault in small letters. */
const char *sim_fault(struct sim *s, const struct sim_place *at);
/* Called whenever a fault comes or goes. */
struct sim_watch;
struct sim_watch *sim_watch_new(struct sim *s, void (*fn)(void *ctx), void *ctx);
void sim_watch_free(struct sim_watch *w);
/* Counts a use of the answer it takes. */
void sim_ask(struct sim *s, const struct sim_question *q, struct sim_answer *out);
/* It was not asked for after all. */
void sim_take_back(struct sim *s, const struct sim_answer *a);
/* So long ago it began. What was due by then has happened. */
void sim_set_age(struct sim *s, int64_t ms);
void sim_change(struct sim *s, const struct pairs *set);
/* What the probe finds on that machine now, or NULL. */
const struct scene_probe *sim_probe(
	struct sim *s, const char *probe, const struct sim_place *at);
/* A line of a log that is due, in `out` without its line end; false: none is by now. `told` is
 * the follower's own memory: begins as zero, freed with mem_free. */
struct sim_told {
	int64_t *next_ms; /* two by entry; NULL: nothing was told yet */
};
bool sim_log_line(struct sim *s, const char *name, const char *what,
	const struct sim_place *at, struct sim_told *told, struct str *out);
void sim_step_done(struct sim *s, const char *step);
/* The n-th hint that helps at this step now, or NULL. */
const char *sim_hint(struct sim *s, const char *step, size_t n);
const struct pairs *sim_state(struct sim *s);
bool sim_solved(struct sim *s);
const struct scenario *sim_scenario(const struct sim *s);

#endif
