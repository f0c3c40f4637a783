#ifndef APP_DUELIST_H
#define APP_DUELIST_H

/*
 * What somebody owes: open obligations of all records, runbooks whose review is due, and drills
 * that are older than their scenario lets them be. In order of time. Borrows from the library it is made of.
 */

#include "app/library.h"
#include "base/stamp.h"

enum duelist_kind { DUELIST_OBLIGATION, DUELIST_REVIEW, DUELIST_DRILL };

struct duelist_item {
	enum duelist_kind kind;
	char id[ULID_LEN + 24]; /* RUN.SEQ as typed; of a review: "" */
	const char *title, *runbook, *environment, *role, *every;
	struct wall due;
	const struct owed *owed; /* NULL: a review or a drill */
	bool probes;             /* a probe settles it alone */
	bool bad;                /* and did not when it was asked last */
};

struct duelist {
	VEC_OF(struct duelist_item) list;
};

void duelist_make(const struct library *l, struct duelist *out);
void duelist_release(struct duelist *d);
const char *duelist_word(enum duelist_kind k); /* "obligation", "review", "drill" */
size_t duelist_due(const struct duelist *d, struct wall now);
/* The obligation of that name; NULL and ERR_INPUT. */
const struct owed *duelist_find(
	const struct library *l, const char *id, struct err *e) WARN_UNUSED;

/* When it is owed again, as typed: "2026-12-01T09:00:00Z", or a span from now as "2d". As a
 * stamp. ERR_INPUT says what to write. */
bool duelist_later(const char *text, struct wall now, char stamp[STAMP_BYTES],
	struct err *e) WARN_UNUSED;

#endif
