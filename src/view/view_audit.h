#ifndef VIEW_VIEW_AUDIT_H
#define VIEW_VIEW_AUDIT_H

/*
 * The audit screen: all runs with what verification says of each, what the marked one
 * stands on (signatures, exceptions, what is still owed), and its record line by line. It
 * only reads; nothing here can change a record.
 */

#include "base/stamp.h"
#include "event/event.h"
#include "run/run.h"
#include "view/page.h"
#include "view/scene.h"

enum audit_verdict {
	AUDIT_NOT_YET,
	AUDIT_CHECKING,
	AUDIT_OK,
	AUDIT_BAD,
	AUDIT_UNKNOWN, /* it could not be checked: never green */
	AUDIT_PRUNED,  /* a tombstone is all that is left */
	AUDIT_VERDICT_COUNT
};

struct audit_signature {
	int64_t seq;
	char *role, *signer;
	bool ok;
	char *why;      /* it does not hold */
	int64_t voided; /* record by which it no longer holds; -1 */
};

/* What `handrail verify` said of a record. */
struct audit_check {
	enum audit_verdict verdict;
	struct wall at;
	int64_t records, unvouched;
	char *head, *what; /* what: is wrong, or why nobody knows; or NULL */
	int64_t fault_line;
	VEC_OF(struct audit_signature) signatures;
};
void audit_check_release(struct audit_check *k);

struct audit_run {
	const char *id, *title, *state, *who;
	struct wall opened, closed;
	const struct audit_check *check; /* never NULL */
	const char *open_in;             /* console that drives it, or NULL */
};

struct audit_owed {
	const char *name, *title, *role; /* "7KQ2.14"; role may be NULL */
	struct wall due;
};

/* Counted in the record itself. */
struct audit_sums {
	size_t anchors, jumps, exceptions, notes, evidence;
	int64_t redacted; /* values masked before they were written */
};

struct audit_scene {
	const struct audit_run *runs;
	size_t runs_len;
	const struct ints *runs_shown; /* by the filter: indices of runs */
	const struct audit_owed *owed; /* of the marked run */
	size_t owed_len;
	const struct run *run; /* fold of the marked one; NULL: run_fault says why */
	const char *run_fault;
	/* its record; NULL: it was not read */
	const struct event *const *events;
	const char *const *hashes;
	size_t events_len;
	int64_t stops_at; /* the line that does not hold: it and what follows was not read; 0 */
	const struct ints *events_shown;
	struct audit_sums sums;
	const char *filter; /* or NULL */
};

enum audit_pane { AUDIT_LIST, AUDIT_SIDE };
struct audit_state {
	struct scroll runs, facts;  /* ids of runs: indices */
	struct scroll lines, event; /* ids of lines: indices of events */
	enum audit_pane pane;
	bool record; /* the record of the marked run is open */
};

const char *view_audit_word(enum audit_verdict v);
void view_audit_draw(const struct scene *sc, const struct audit_scene *a,
	struct audit_state *st, struct frame *f);
void view_audit_can(const struct scene *sc, const struct audit_scene *a,
	const struct audit_state *st, struct keymap_can *can);
void view_audit_release(struct audit_state *st);
/* What the pane with the focus scrolls. */
struct scroll *view_audit_scroll(struct audit_state *st);
/* The texts that a filter looks at. */
void view_audit_run_text(const struct audit_run *r, struct str *out);
void view_audit_event_text(const struct event *ev, struct str *out);

/* "2026-11-20 13:13" */
void view_audit_minute(struct wall w, char out[STAMP_BYTES]);
enum style view_audit_style(enum audit_verdict v);
/* view_audit_check.c. Does the check speak of the lines that were read? */
bool view_audit_same(const struct audit_scene *a, const struct audit_check *k);
/* What may stand beside the record as it was read: good only for these very lines. */
enum audit_verdict view_audit_verdict(
	const struct audit_scene *a, const struct audit_check *k);
/* The line behind which verify read nothing; 0: it read all (a signature alone may fail). */
int64_t view_audit_stop(const struct audit_check *k);
/* Does it claim to be a signature: a sign-off, or who opened the run signs that? */
bool view_audit_signs(const struct event *ev);
/* What the signature in that line is worth: "holds", "VOID", "BAD", "not checked". */
enum style view_audit_worth(const struct audit_scene *a, const struct audit_check *k,
	const struct event *ev, const char **word);
/* Does that line tell of something wrong: by itself, or as a signature that fails? */
bool view_audit_is_bad(
	const struct audit_scene *a, const struct audit_check *k, size_t line);
/* The lines above a record: two, or one in a small window. */
void view_audit_head(const struct audit_scene *a, const struct audit_check *k, bool tall,
	struct page *p);
/* view_audit_run.c: what a run stands on. */
void view_audit_run(const struct audit_scene *a, const struct audit_run *r,
	struct wall now, struct page *p);

#endif
