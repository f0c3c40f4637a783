#ifndef LIVE_BOARD_H
#define LIVE_BOARD_H

/*
 * All probes of a runbook and the hosts they stand on, over time: which is due, which must
 * wait, which is not worth a look because what it needs is dead. Pure: takes `now`, answers
 * who is to be looked at; app/watching does the looking and brings the answers.
 *
 * Items: first every probe, by its index in the runbook; then a host for each machine some
 * probe needs (`host:`, `through:` or `needs:`), where there is a connection to lose. One
 * dead parent is one alarm: its children are UNKNOWN, "skipped (web2 down)", and count as no
 * alarm of their own.
 *
 * Order: an item waits its interval, with jitter, so that fifty do not fall due at once; a
 * host has so many looks under way at a time; one that stays silent is asked ever more
 * seldom; when nobody watches, all are.
 */

#include "live/vital.h"
#include "model/probewhat.h"

struct board;

enum board_watched {
	BOARD_LOOKED_AT, /* somebody sees it */
	BOARD_ASIDE,     /* the terminal is not in focus: a third as often */
	BOARD_PAUSED,    /* nothing is looked at; what is asked for by hand still is */
};

/* seed: of the jitter; the same one gives the same order. */
struct board *board_new(const struct runbook *rb, struct now now, uint64_t seed);
void board_free(struct board *b);

/* ---- for whoever looks ---- */

void board_watched(struct board *b, enum board_watched w, struct now now);
enum board_watched board_is_watched(const struct board *b);
/* Items that cannot be looked at (an input without a value, a burst) are OFF; why is said. */
void board_off(struct board *b, int item, const char *why); /* NULL: it can */
/* The next item to look at now, or NONE; call until NONE. A probe counts as under way until
 * board_heard or board_dropped; a host means "connect", and board_link says how that went. */
int board_next(struct board *b, struct now now);
/* When board_next should be asked again: milliseconds from now; -1: not by itself. */
int64_t board_wait_ms(const struct board *b, struct now now);
/* Asked for by hand, or by a step: at the next board_next, whatever its interval says. */
void board_ask(struct board *b, int item);
/* Answers: true when its state changed. */
bool board_heard(struct board *b, int item, const struct vital_look *l);
void board_dropped(struct board *b, int item, struct now now); /* a look was given up */
/* The looks of others, for steps: under way counts for the limit of its host too. */
void board_begun(struct board *b, int item);
/* What the connection of a machine says. `asks` waits for a person: its children wait. */
enum board_link {
	BOARD_LINK_UNTRIED,
	BOARD_LINK_TRYING,
	BOARD_LINK_ASKS,
	BOARD_LINK_UP,
	BOARD_LINK_DOWN
};
bool board_link(struct board *b, int target, enum board_link l, const char *words,
	struct now now);
void board_mute(struct board *b, int item, const struct vital_mute *m);
struct vital *board_vital_of(struct board *b, int item); /* to restore readings into */
int board_host(const struct board *b, int target);       /* its item, or NONE */
/* A host waits for a person, or the probe stands on one that does. */
bool board_asks(const struct board *b, int item);
/* Marks the hosts a probe stands on or needs, by item. */
void board_hosts_of(const struct board *b, int item, bool *marked);
int board_target(const struct board *b, int item); /* of a host's item */
/* Under which name its readings are kept, and a digest of what it looks at, with the values
 * its texts name, and expects: readings of something else are not its own. False: a secret
 * decides too, which the digest does not tell. */
bool board_identity(const struct board *b, int item, const struct probewhat *v,
	struct str *name, struct str *what);
/* It looks at something else now: nothing is known of that. */
void board_forget(struct board *b, int item);

/* ---- for whoever shows ---- */

size_t board_items(const struct board *b);
size_t board_probes(const struct board *b); /* the first so many are probes */
int board_find(const struct board *b, const char *name); /* NONE: there is none */
const struct vital *board_vital(const struct board *b, int item);

struct board_shown {
	const char *name;          /* of the probe, or the machine's */
	const char *kind;          /* "http" ..., "host" */
	const char *host;          /* the machine it stands on, or NULL */
	const struct probe *probe; /* NULL: a host */
	enum vital_state state;    /* the word to show */
	enum vital_state judged;   /* beneath MUTED, STALE, OFF and skipped */
	int n, k;                  /* FAIL n of k; DOWN and coming back n of k; else 0 */
	struct wall since;         /* 0: never looked at */
	struct wall seen_since;    /* without a gap from then on */
	struct wall last_good;     /* 0: never */
	const char *field, *value, *unit; /* "" when nothing was measured */
	const char *want;                 /* of that value: "< 100" */
	const char *expect;               /* the whole expectation as a person reads it */
	const char *message;              /* one sentence; for skipped and OFF why */
	const char *rows;                 /* the judgement, a line for each field; "" */
	int64_t age_ms;                   /* of the answer; -1: none yet */
	int64_t took_ms;                  /* of the last look; -1: none yet */
	int64_t every_ms;                 /* as it is looked at now */
	int64_t next_ms; /* until the next look; -1: under way or never */
	int tries;       /* looks without a good answer in a row */
	bool under_way;
	bool alarm;  /* counts as one: WARN FAIL DOWN, not muted, no dead parent */
	int skipped; /* the item whose death makes a look useless, or NONE */
	const struct vital_mute *mute;
	bool has_limit; /* the expectation has one number to stay below or above */
	double limit;   /* in the base unit of the number */
};
void board_show(const struct board *b, int item, struct now now, struct board_shown *out);
/* "skipped (host web2 down)"; nothing where it is not skipped. */
void board_skipped_words(
	const struct board *b, const struct board_shown *s, struct str *out);
/* All items, worst first, else in the order of the runbook. `order` has board_items places. */
void board_sort(const struct board *b, struct now now, int *order);

struct board_count {
	int of[VITAL_STATE_COUNT];
	int total, alarms, skipped;
	int64_t oldest_ms; /* oldest answer that is not STALE or OFF; -1: none */
	enum vital_state worst;
};
void board_count(const struct board *b, struct now now, struct board_count *out);

#endif
