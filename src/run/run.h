#ifndef RUN_RUN_H
#define RUN_RUN_H

/*
 * The state of a run: a fold over its events, nothing else. Resume, replay, report and the
 * screen all read this. Only run_apply changes it, one event at a time, in order; it never
 * fails on a later version's data, it ignores what it does not know. Pure.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/map.h"
#include "event/event.h"
#include "model/runbook.h"
#include "run/request.h"

#define STEP_STATES(X) \
	X(TODO, "to do", "[ ]") X(RUNNING, "running", "[>]") X(DONE, "done", "[x]") \
	X(FAILED, "failed", "[!]") X(SKIPPED, "skipped", "[-]") X(UNKNOWN, "unknown", "[?]") \
	X(NEEDS_PERSON, "needs a person", "[?]") X(NOT_NEEDED, "not needed", "[=]")

enum step_state {
#define X(id, name, box) STEP_IS_##id,
	STEP_STATES(X)
#undef X
	STEP_STATE_COUNT
};
const char *step_state_name(enum step_state s);
const char *step_state_box(enum step_state s);

enum leg_state {
	LEG_TODO,
	LEG_INTENDED, /* intent on disk, not heard from */
	LEG_RUNNING,
	LEG_CANCELLING,
	LEG_OK,
	LEG_WARN,     /* ok with a warning */
	LEG_FAILED,   /* ended, expectation broken; or certainly never ran (exit -1) */
	LEG_RETRY,    /* failed, tries again at retry_at */
	LEG_UNKNOWN,
};
const char *leg_state_name(enum leg_state s);

struct judged_row {
	char *field, *want, *got;
	enum verdict verdict;
};

struct leg_run { /* one way of a leg */
	enum leg_state state;
	int attempt;          /* 0: never */
	int tries_left;       /* automatic retries */
	char *job;            /* "<step>.<host>.<attempt>" */
	char *text;           /* exact shell text of the last intent */
	struct wall intended, started, ended, retry_at;
	int64_t pid;
	int exit;             /* -1: none */
	int64_t took_ms;
	bool late;
	char *why;            /* of unknown, not started, cancelled */
	char *warning;
	enum verdict verdict;
	struct { VEC_OF(struct judged_row) list; } rows;
	int64_t bytes;        /* of output put away */
	char *output;         /* inline text, or head…tail of a blob; NULL */
	char *blob;           /* sha256 hex or NULL */
	bool resolved;
};

struct leg {
	int target;           /* of the runbook; NONE: this machine */
	const char *host;     /* identity: alias or "local" (borrowed) */
	const char *each;     /* borrowed; NULL */
	struct leg_run way[2];/* by enum way */
};

struct reading {
	int probe;
	enum verdict verdict;
	char *field, *value, *unit, *want, *message;
	char *before;         /* "fail 503": the reading at the start of the run or step */
	struct wall at;
	int64_t seq;
};

struct run_step {
	const struct step *step;
	enum step_state state;   /* settled or not; derived by run_apply */
	bool by_person;          /* ticked, not proven */
	enum tick tick;          /* of the last mark */
	bool ticked;
	char *who;               /* who ticked, skipped, chose, signed; "auto" when proven */
	char *evidence, *reason, *note;
	struct wall settled_at, entered_at, until;
	int64_t seq;             /* of the deciding event */
	struct { VEC_OF(struct leg) list; } legs;
	struct { VEC_OF(struct reading) list; } readings; /* newest per probe */
	int option;              /* chosen, or NONE */
	struct strings signers;  /* principals */
	struct strings keys;     /* their keys */
	bool late;               /* past timeout: a person is asked */
	bool declined;
};

struct noted {
	int64_t seq;
	struct wall at;
	char *who, *text;
	int step;                /* NONE */
};

enum run_mode { RUN_LIVE, RUN_DRY, RUN_PRACTICE };

struct run {
	struct runbook *runbook; /* referenced */
	char id[ULID_LEN + 1];
	bool open, held, closed;
	char *result;            /* of run.close */
	char *hold_reason;
	enum run_mode mode;
	char *opened_by, *driver;
	struct wall opened_at, closed_at;
	int64_t seq;             /* of the last applied event; -1 before the first */
	char head[DIGEST_HEX + 1]; /* hash of that line, set by run_head */
	struct wall last_at;
	struct { VEC_OF(struct run_step) list; } steps; /* parallel to runbook.steps */
	struct map values;       /* full name -> char *: inputs and saved values */
	struct map set_by;       /* full name -> char * who */
	struct { VEC_OF(struct noted) list; } notes;
	struct map last_mark;    /* who -> (void *)(intptr_t)(step + 1): for untick */
	bool unfinished_group;   /* last applied record had more */
};

struct run *run_new(struct runbook *rb); /* takes a reference */
void run_free(struct run *r);
void run_apply(struct run *r, const struct event *ev);
void run_head(struct run *r, const char *hash);

/* Asking. All pure. */
const char *run_value(const struct run *r, int scope, const char *name); /* NULL: not set */
bool run_settled(const struct run_step *s);    /* done, skipped, not needed */
enum step_state run_step_state(const struct run *r, int step); /* sections and calls derived */
/* First step that still asks for something, or NONE. */
int run_next_open(const struct run *r, int from);
struct run_counts {
	int total, done, failed, skipped, running, unknown, left;
};
struct run_counts run_count(const struct run *r); /* headings don't count */
/* "ok", "failed" or NULL when it is not finished. */
const char *run_outcome(const struct run *r);
bool run_busy(const struct run *r);            /* any leg intended, running or cancelling */
/* Text of a field with ${names}: inputs, saved values, host, run, env, step. NULL and err
 * when a name has no value yet. `host` may be NULL. Caller frees. */
char *run_expand(const struct run *r, const struct step *s, const char *text,
		 const char *host, struct err *e) WARN_UNUSED;
/* The phrase that confirms a leg; NULL when the risk asks for none. Caller frees. */
char *run_phrase(const struct run *r, int step, int leg, enum way way);
/* What a leg would execute, exactly. */
const char *run_leg_text(const struct run *r, int step, int leg, enum way way);
enum risk run_leg_risk(const struct run *r, int step, enum way way);

#endif
