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
	X(TODO, "to do", "[ ]") \
	X(RUNNING, "running", "[>]") \
	X(DONE, "done", "[x]") \
	X(FAILED, "failed", "[!]") \
	X(SKIPPED, "skipped", "[-]") \
	X(UNKNOWN, "unknown", "[?]") \
	X(NEEDS_PERSON, "needs a person", "[?]") \
	X(NOT_NEEDED, "not needed", "[=]")

enum step_state {
#define X(id, name, box) STEP_IS_##id,
	STEP_STATES(X)
#undef X
		STEP_STATE_COUNT
};
const char *run_step_state_name(enum step_state s);
const char *run_step_state_box(enum step_state s);

enum leg_state {
	LEG_TODO,
	LEG_INTENDED, /* intent on disk, not heard from */
	LEG_RUNNING,
	LEG_CANCELLING,
	LEG_OK,
	LEG_WARN,   /* ok with a warning */
	LEG_FAILED, /* ended, expectation broken; or certainly never ran (nothing_ran) */
	LEG_RETRY,  /* failed, tries again at retry_at */
	LEG_UNKNOWN,
	LEG_SKIPPED, /* left out, or its undo was, with a reason: `why` */
};
const char *run_leg_state_name(enum leg_state s);

struct judged_row {
	char *field, *want, *got;
	enum verdict verdict;
};

struct judged_rows {
	VEC_OF(struct judged_row) list;
};

/* An attempt that another one has followed. */
struct leg_try {
	int attempt;
	enum leg_state state; /* how it ended; LEG_TODO: nobody said */
	bool undone;          /* it was taken back since */
	struct wall begun, ended;
	int64_t took_ms;
	int exit; /* -1: none */
	char *why, *resolved_as, *resolved_by;
	struct judged_rows rows;
};

struct leg_run { /* one way of a leg */
	enum leg_state state;
	enum leg_state was; /* how it ended, while it is to do again */
	int attempt;        /* 0: never */
	int64_t seq;        /* of the last intent: the order in which things ran */
	int64_t begun;      /* of the last one that was no repetition by itself */
	int tries_left;     /* automatic retries */
	int64_t second;     /* record of the second person; 0: there was none */
	char *job;          /* "<step>.<host>.<attempt>" */
	char *text;         /* exact shell text of the last intent */
	struct wall intended, started, ended, retry_at;
	int64_t pid;
	int exit; /* -1: none */
	int64_t took_ms;
	bool late;        /* it took longer than its timeout (run_late: while it runs) */
	bool look;        /* read-only: no job on the host */
	bool judged;      /* its outcome is in the record: another one changes nothing */
	bool nothing_ran; /* certainly */
	char *why;        /* of unknown, not started, cancelled */
	char *lost;       /* unknown: what the host says of it, as in model/jobstate.h */
	char *boot;    /* of `started`: which start of the host, or which transaction */
	char *hostkey; /* fingerprint the host had; NULL: not known */
	char *warning;
	enum verdict verdict;
	struct judged_rows rows;
	struct {
		VEC_OF(struct leg_try) list;
	} tried;       /* the attempts before, in order */
	int64_t bytes; /* of output put away */
	char *output;  /* inline text, or head…tail of a blob; NULL */
	char *blob;    /* sha256 hex or NULL */
	bool resolved; /* by a person, who knew it by `evidence` */
	char *evidence, *resolved_as, *resolved_by;
};

struct leg {
	int target;            /* of the runbook; NONE: this machine */
	const char *host;      /* identity: alias or "local" (borrowed) */
	const char *each;      /* borrowed; NULL */
	struct leg_run way[2]; /* by enum way */
};

struct reading {
	int probe;
	enum verdict verdict;
	char *field, *value, *unit, *want, *message;
	char *before; /* "fail 503": the reading at the start of the run or step */
	int looks;    /* soak: so many, of which this was the last; else 0 */
	char *worst;  /* soak: the worst value among them */
	struct wall at;
	int64_t seq;
};

/* Somebody else than who runs it has confirmed a leg, or the glass was broken for it. */
struct run_second {
	int leg; /* NONE: nobody has */
	int64_t seq;
	struct wall at;
	char *who;
	bool forced;
	char values[DIGEST_HEX + 1]; /* what was signed of them; "": it does not say */
};

/* A signature of a sign-off. */
struct run_signature {
	int64_t seq, covers; /* of its record; of the last one that its signer had seen */
	struct wall at;
	char *who, *key;
	int64_t voided; /* record that says it is void; -1: it stands */
	char *why;      /* it is void */
};

/* Record `of` says what no longer is so, since record `at`. */
struct run_change {
	int64_t of, at;
	char *why;
};

/* What changed between two revisions, as git told (run/revised.h). */
struct run_revised {
	bool known, some; /* it is known; some file counts */
	int64_t seq;      /* of the reading */
	int64_t count;
	char *from, *to, *names; /* commits; files that count, the first of them */
	char *asked;             /* what was looked at, in the runbook's words */
	char *why;               /* it is not known */
	char sha256[DIGEST_HEX + 1];
};

struct run_step {
	const struct step *step;
	enum step_state state; /* settled or not; derived by run_apply */
	enum step_state own; /* the same by its own events alone: no `when`, no branch */
	bool by_person;      /* ticked, not proven */
	enum tick tick;      /* of the last mark */
	bool ticked, skipped;
	bool answered; /* ask: its input is set; wait: it is over */
	bool entered;  /* check, soak, wait: begun and not stopped */
	bool stopped;  /* check, soak: stopped by a person */
	char *again;   /* soak: why its time started again; NULL: it did not */
	bool going;    /* further legs start by themselves */
	enum way going_way;
	int64_t round_seq; /* of the intent that began this START: what failed before it is
			    * tried again, once */
	char *who;         /* who ticked, skipped, chose, signed; "auto" when proven */
	char *evidence, *reason, *note;
	struct wall settled_at, entered_at, until;
	int64_t entered_seq; /* of the last step.enter */
	int64_t seq;         /* of the deciding event */
	int64_t marked_seq;  /* of the last tick or skip */
	struct {
		VEC_OF(struct leg) list;
	} legs;
	struct {
		VEC_OF(struct reading) list;
	} readings;    /* newest per probe */
	int option;    /* chosen, or NONE */
	bool forced;   /* added: it may start before its turn, once */
	char *redline; /* the command as edited for this run; NULL: it was not */
	enum risk redline_risk;
	int64_t text_seq;         /* record since which its command is what it is */
	struct run_second second; /* of a two-person step, until its intent */
	struct {
		VEC_OF(struct run_signature) list;
	} signatures;               /* all, in order of the record */
	struct strings signers;     /* principals of those that stand */
	struct strings keys;        /* their keys */
	struct run_revised revised; /* of a sign-off with `changed:` */
	bool late;                  /* a leg took longer than the timeout */
	bool declined;
};

struct noted {
	int64_t seq;
	struct wall at;
	char *who, *text;
	int step;    /* NONE */
	int64_t of;  /* the record that it corrects; -1: none */
	char *drill; /* of practice itself: DRILL_HINT, ...; NULL: somebody's */
};

/* Evidence: bytes in a blob, and where they are from. */
struct attached {
	int64_t seq;
	struct wall at;
	char *who, *kind, *name, *host, *blob;
	char *text;     /* how it begins */
	int64_t offset; /* in its source; -1: has none */
	int64_t lines, bytes;
	bool redacted;
	int step; /* NONE */
};

/* Something a signer must have seen: a skip, a bad reading, an unknown outcome settled by
 * hand. In order of the record. */
struct run_exception {
	int64_t seq;
	int step; /* NONE: about the run */
	char *text;
	bool unsigned_act; /* it goes once who acted has signed that (run/authority.h) */
};

/* The obligation that this run is there to close: an obligation.open of another record. */
struct run_owing {
	char *run; /* NULL: none */
	int64_t seq;
	char *duty;             /* its name, as in model/duty.h */
	char *root;             /* the run whose step it came from */
	struct wall due, first; /* first: of the whole chain */
};

/* The run is offered to somebody who looks on. */
struct run_offer {
	bool stands;
	char *to; /* NULL: to anybody */
	char *by, *summary;
	struct wall at;
	int64_t seq;
};

/* The way back of the whole run: begun by a decision of its own, over when nothing is left
 * to take back. */
enum back_state { BACK_NEVER, BACK_ON, BACK_OVER };
enum back_how {
	BACK_UNDO,  /* the undo of each thing that ran, newest first */
	BACK_STEPS, /* the steps that the runbook has for it */
};
struct run_back {
	enum back_state state;
	enum back_how how;
	bool going;  /* the next undo starts by itself */
	int64_t seq; /* of the last rollback.open */
	struct wall begun;
	char *who;
	char *result, *why; /* of the last rollback.close */
};

enum run_mode { RUN_LIVE, RUN_DRY, RUN_PRACTICE };
const char *run_mode_name(enum run_mode m); /* "live" "dry" "practice" */

struct run {
	struct runbook *runbook; /* referenced */
	char id[ULID_LEN + 1];
	bool open, held, closed; /* open: begun and not closed */
	char *result;            /* of run.close */
	char *hold_reason, *held_by;
	enum run_mode mode;
	char *opened_by, *driver;
	char *driver_con;         /* the console of that one */
	int64_t driver_epoch;     /* its number */
	struct wall driven_since; /* by that one */
	struct run_offer offer;
	bool released; /* the driver let go, and nobody has taken the run since */
	char *released_to;
	char *name, *sha256; /* of the runbook, as run.open has them */
	char *environment;   /* as run.open has it, or NULL */
	bool authority;      /* run.open says that whoever opens, takes over or breaks the
				 * glass signs that */
	bool arming;         /* run.open says that it is armed before it acts */
	struct strings runners; /* who opened it or drove any step: `not: runner` */
	struct wall opened_at, closed_at;
	int64_t seq;               /* of the last applied event; -1 before the first */
	char head[DIGEST_HEX + 1]; /* hash of that line, set by run_head */
	struct wall last_at;
	struct {
		VEC_OF(struct run_step) list;
	} steps;           /* parallel to runbook.steps */
	struct map values; /* full name -> char *: inputs and saved values */
	struct map set_at; /* full name -> (void *)(intptr_t)(record + 1) */
	struct map set_by; /* full name -> char * who; "call" when a call gave it */
	struct {
		VEC_OF(struct noted) list;
	} notes;
	struct {
		VEC_OF(struct attached) list;
	} attached;
	struct {
		VEC_OF(struct run_exception) list;
	} exceptions;
	struct {
		VEC_OF(struct run_change) list;
	} changes; /* of what was over */
	struct run_owing owing;
	struct run_back back;
	struct wall forced_at; /* the change window was passed by force; 0: never */
	struct wall armed_at, acted_at; /* run.arm; the last act on a host */
	int64_t armed_for_ms;           /* 0: it observes */
	int64_t input_seq;              /* of the last input that was set; -1 */
	char *forced_armer;             /* who may arm it without the role, or NULL */
	bool forced_second;             /* one person was enough for some step */
	bool forced_turn;               /* some added step was not to wait */
	int64_t signed_seq;             /* last sign-off; -1: none */
	bool changed;                   /* and one of them was no look */
	bool acted;                     /* some intent is in the record */
	bool revises;                   /* the runbook has sign-offs with `changed:` */
	bool conditional; /* the runbook has conditions, branches or steps of a way back */
	struct map by_id; /* step id -> (void *)(intptr_t)(step + 1) */
	struct map
		down; /* alias -> "": hosts that are DOWN as far as this console knows */
	struct map last_mark; /* who -> (void *)(intptr_t)(step + 1): for untick */
	struct map
		letters; /* id of one from elsewhere -> (void *)(intptr_t)(record + 1) */
	bool unfinished_group; /* last applied record had more */
};

struct run *run_new(struct runbook *rb); /* takes a reference */
void run_free(struct run *r);
void run_apply(struct run *r, const struct event *ev);
void run_head(struct run *r, const char *hash);

/* Asking. All pure. */
/* The record that a letter from elsewhere became (`via` of it); -1: none. */
int64_t run_letter(const struct run *r, const char *id);
/* Set in this run or by the environment; a default counts only once it was set. NULL: not
 * set, or a secret. */
const char *run_value(const struct run *r, int scope, const char *name);
int run_find_step(const struct run *r, const char *id); /* NONE: there is none */
/* The word for people: "not applicable" is more than its state, skipped. */
const char *run_step_word(const struct run *r, int step);
bool run_settled(const struct run_step *s); /* done, skipped, not needed */
enum step_state run_step_state(
	const struct run *r, int step); /* sections and calls derived */
/* First step that still asks for something, or NONE. */
int run_next_open(const struct run *r, int from);
struct run_counts {
	int total, done, failed, skipped, running, unknown, left;
};
struct run_counts run_count(const struct run *r); /* headings don't count */
/* "ok", "failed", "rolled-back", or NULL when it is not finished. */
const char *run_outcome(const struct run *r);
bool run_busy(const struct run *r); /* any leg intended, running or cancelling */
bool run_is_down(const struct run *r, int target);
/* Does it run longer than its timeout? A person is asked then. run_late_at: when the next
 * step will; 0: none. */
bool run_late(const struct run *r, int step, struct wall now);
struct wall run_late_at(const struct run *r, struct wall now);
/* A soak: the pause between two looks at a probe, and how many that makes at least. */
int64_t run_soak_every_ms(const struct step *s);
int run_soak_looks(const struct step *s);
/* Text of a field with ${names}: inputs, saved values, host, run, env, step. NULL and err
 * when a name has no value yet. `host` may be NULL. Caller frees. */
char *run_expand(const struct run *r, const struct step *s, const char *text,
	const char *host, struct err *e) WARN_UNUSED;
/* The phrase that confirms a leg (LEG_ALL: the one START would begin with); NULL when the
 * risk asks for none. Caller frees. */
char *run_phrase(const struct run *r, int step, int leg, enum way way);
/* The same for a host of that name; ERR_INPUT when a value in it is missing. */
char *run_phrase_for(const struct run *r, int step, enum way way, const char *host,
	struct err *e) WARN_UNUSED;
/* What a leg would execute, exactly. */
const char *run_leg_text(const struct run *r, int step, int leg, enum way way);
/* Where it would execute: the leg's own target, or the one host an undo names instead. */
int run_leg_target(const struct run *r, int step, int leg, enum way way);
enum risk run_leg_risk(const struct run *r, int step, enum way way);
/* The first input of its scope that the step's texts name and that has no value; NONE.
 * Secrets are not looked for: they are never in here. */
int run_missing_input(const struct run *r, int step);
/* Is this input a secret that is handed to the command? Only to one that names it ($name). */
bool run_leg_uses_secret(const struct run *r, int step, enum way way, int input);

#endif
