#ifndef LIVE_BOARDINNER_H
#define LIVE_BOARDINNER_H

/* The inside of a board, shared by board.c (who, what it hears), board_next.c (who is looked
 * at when) and board_show.c (what is shown) only. */

#include "live/board.h"

struct board_item {
	const struct probe *probe; /* NULL: a host */
	int target; /* of the runbook: a host's own, else the first; NONE */
	struct vital *vital;
	char *expect;
	struct ints parents;  /* items it needs, all of them */
	struct ints machines; /* hosts it stands on: dead when all are */
	int under_way;        /* looks */
	bool asked;           /* for by hand */
	struct mono due;
	int64_t every_ms;     /* as it is looked at now */
	char off[160];        /* why it cannot be looked at; "" */
	enum board_link link; /* a host */
	char words[320];      /* of the link */
	bool has_limit;
	double limit;
};

struct board {
	const struct runbook *rb;
	struct board_item *items;
	size_t probes, len;
	int *host_of; /* by target: its item, or NONE */
	enum board_watched watched;
	uint64_t seed;
};

/* The parent whose death makes a look useless, or NONE. */
int board_dead_parent(const struct board *b, int item);
/* Its machine's connection is not there: a look would only wait. */
bool board_waits(const struct board *b, int item);
/* A look has ended: when is the next one due? */
void board_plan(struct board *b, struct board_item *it, struct now now);
/* At the start: soon, one after the other. */
void board_stagger(struct board *b, struct now now);
enum { BOARD_HOST_EVERY_MS = 30000, BOARD_HOST_K = 2 };

#endif
