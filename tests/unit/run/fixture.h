#ifndef TESTS_UNIT_RUN_FIXTURE_H
#define TESTS_UNIT_RUN_FIXTURE_H

/*
 * Runbooks built in code, and a world that does what a session does with the engine: asks
 * decide, writes the lines, applies what is on them. Checks on the way what must always
 * hold: no events of a refused request, one intent at most in a group, only lines that can
 * be read back.
 */

#include "run/decide.h"
#include "run/run.h"

struct runbook *fixture_runbook(enum runbook_kind kind);
/* Aliases end with NULL; returns the index of the host. */
int fixture_host(struct runbook *rb, const char *name, const char *const *aliases);
int fixture_input(struct runbook *rb, const char *name);
int fixture_probe(struct runbook *rb, const char *name);
/* Valid until the runbook is freed; at most 40 steps. */
struct step *fixture_step(struct runbook *rb, enum step_kind kind, const char *id);
/* A `run` step on host (NONE: here) that expects exit 0. */
struct step *fixture_command(
	struct runbook *rb, const char *id, int host, enum risk risk);
struct expect *fixture_exit_zero(void);

struct world {
	struct runbook *rb;
	struct run *r;
	struct now now;
	VEC_OF(char *) lines; /* what is on disk */
	size_t group;         /* index of the first line of the last group */
	struct effects fx;    /* of the last request */
	struct err e;         /* of the last refusal */
	char head[DIGEST_HEX + 1];
	int intents; /* all so far */
};

struct world *world_new(struct runbook *rb_take); /* opened by anna@example.com */
/* The same with another run.open. */
struct world *world_open(struct runbook *rb_take, const char *data);
void world_free(struct world *w);
/* True when accepted. */
bool world_ask(struct world *w, const struct request *q);
/* How many events the last request gave. */
size_t world_events(const struct world *w);
/* Does the last group hold an event of this type (and this text in its data)? */
bool world_said(const struct world *w, const char *type, const char *text);
struct run_step *world_step(struct world *w, const char *id);
int world_index(struct world *w, const char *id);

/* Shorthands. NULL typed: not typed. */
bool world_start(struct world *w, const char *id, const char *typed);
bool world_tick(struct world *w, const char *id, enum tick tick, const char *reason);
bool world_started(struct world *w, const char *id, int leg, int attempt);
bool world_ended(struct world *w, const char *id, int leg, int attempt, int exit);
/* A host goes DOWN, or answers again. */
bool world_turn(struct world *w, const char *host, bool down);
bool world_clock(struct world *w); /* at the time that is asked for */
/* START and a good end on the first leg. */
void world_do(struct world *w, const char *id, const char *typed);

/* Opened runs: tell (do, link), stop (moderate, three hosts), load (severe, one host), rows
 * (look, saves users), sign. */
struct world *world_restore(void);
void world_tell(struct world *w);
/* One moderate step `go` with undo on one host, nothing before it. */
struct world *world_single(void (*change)(struct step *s));

/* Everything a fold may differ in, as text. */
void world_dump(const struct run *r, struct str *out);
/* A new run from the lines up to `count`; the caller frees. */
struct run *world_replay(const struct world *w, size_t count);
/* The console that takes over after a crash that left `count` lines. */
struct world *world_crashed(const struct world *w, size_t count);
/* Fails the test when a replay of all lines differs from the live run. */
void world_same(const struct world *w);

#endif
