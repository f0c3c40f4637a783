#ifndef RUN_REVISED_H
#define RUN_REVISED_H

/*
 * Sign-offs that are asked for by what changed between two revisions (`changed:`). Nobody signs
 * before git has told on record what that is, and where it cannot tell nothing is decided: the
 * step stays open. Where nothing changed nobody signs. Another value of an input that says what
 * is looked at makes what was told worthless. A name may be moved to another commit: git is
 * asked again when the run is taken up, before anything starts and before the run closes, and
 * what it tells then opens the step again where it is something else. Pure.
 */

#include "run/run.h"

enum { REVISED_FRESH_MS = 60 * 1000 };

struct fold;
struct json_node;
struct jsonout;

enum revised {
	REVISED_NEVER,     /* no `changed:`: it is asked for anyhow */
	REVISED_UNKNOWN,   /* nobody has looked, or git could not tell */
	REVISED_UNCHANGED, /* nobody signs */
	REVISED_CHANGED,
};

/* The probe that looks, NONE. */
int revised_probe(const struct step *s);
bool revised_has(const struct runbook *rb); /* any step with one */
enum revised revised_state(const struct run_step *rs);
/* What its probe looks at now, "A..B in TREE on HOST: PATHS with LINES". NULL and err while one
 * of its values is missing. Caller frees. */
char *revised_asked(const struct run *r, int step, struct err *e) WARN_UNUSED;
/* It was looked at so long ago that it is looked at again before anything hangs on it. */
bool revised_stale(const struct run *r, int step, struct wall now);
bool revised_any_stale(const struct run *r, struct wall now);
/* A condition or a branch leaves the step out, whatever changed. */
bool revised_passed_over(const struct run_step *rs);
/* Somebody has looked, whatever it told, and it counts: worth another look. */
bool revised_told(const struct run_step *rs);
/* ERR_STATE while it is not known that something changed, with why. */
bool revised_allows(const struct run *r, int step, struct err *e) WARN_UNUSED;
/* "changed: SEQ FROM..TO sha256:HEX\n" for the statement; nothing for other steps. */
void revised_line(const struct run_step *rs, struct str *out);
/* One sentence: the files, from where to where; empty for other steps and while unknown. */
void revised_words(const struct run_step *rs, struct str *out);

/* Member `unsigned` of run.close: what a condition or a branch left out; nothing where none is. */
void revised_left_out(const struct run *r, struct jsonout *j);

/* For run_apply. */
void revised_fold(struct fold *f);  /* a reading of its probe came */
void revised_forget(struct run *r); /* where values changed */
void revised_release(struct run_step *rs);
/* For voided: is this reading about other changes than what was told last? One that tells
 * nothing voids nothing: the step is open until git tells again. */
bool revised_differs(const struct run_step *rs, const struct json_node *d);

#endif
