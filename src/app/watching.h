#ifndef APP_WATCHING_H
#define APP_WATCHING_H

/*
 * A board that looks by itself: probes of a runbook looked at when live/board says so, the
 * answers told to it, its readings kept between consoles (app/readings.h). One for a
 * session, whose connections and inputs it shares; one of its own for `handrail status` and
 * for a health screen without a run. Decides nothing of a run.
 */

#include "app/givens.h"
#include "app/readings.h"
#include "base/redact.h"
#include "live/board.h"
#include "model/project.h"
#include "probe/probe.h"

struct watching;

/* Environment of a command; names and values are owned by the vector. */
struct watching_env {
	VEC_OF(struct job_env) list;
};

struct watching_opts {
	struct loop *loop;
	struct runbook *runbook; /* referenced */
	/* Of a session, all of them. fleet NULL: watching has its own, with the inputs that
	 * `givens` knows, and asks nobody but `prompt` (NULL: a login that asks is given
	 * up). */
	struct fleet *fleet;
	struct http *http;
	const struct redact *redact;
	const char *(*lookup)(void *ctx, const char *full_name);
	void (*env)(void *ctx, int scope, struct watching_env *out);
	struct givens *givens; /* without a session: borrowed */
	void (*prompt)(void *ctx, struct link *l, const struct link_prompt *p);
	/* Where readings are kept; NULL: nowhere. */
	const char *readings_dir;
	const struct project *project; /* or NULL */
	/* A reading came (r not NULL), or a host's state changed; `turned`: the item's state
	 * is another one now. */
	void (*changed)(void *ctx, int item, const struct probe_reading *r, bool turned);
	/* Something about the kept readings that a person should know. */
	void (*told)(void *ctx, const struct err *e);
	void *ctx;
};

/* Starts paused: watching_watch begins. */
struct watching *watching_new(const struct watching_opts *o);
void watching_free(struct watching *w); /* ends looks, writes what is not yet on disk */
struct board *watching_board(struct watching *w);
void watching_watch(struct watching *w, enum board_watched how);
void watching_ask(struct watching *w, int item); /* look now; NONE: at all */
/* Inputs changed: what could not be looked at may be now. */
void watching_inputs(struct watching *w);
/* Kept with the readings; until 0 ends it. In a run the session does it (probe.mute). */
void watching_mute(struct watching *w, int item, const struct vital_mute *m);
/* A look that a step makes: its reading counts on the board too. */
void watching_begun(struct watching *w, int item);
void watching_heard(struct watching *w, int item, const struct probe_reading *r);
/* A connection changed: of a shared fleet, for whoever hears of it. */
void watching_links(struct watching *w);
/* What earlier looks of a probe measured, to lend to the next one. */
struct past *watching_past(struct watching *w, int probe);
/* Whose connections it uses; gone with it where they are its own. */
struct fleet *watching_fleet(struct watching *w);
bool watching_looks(const struct watching *w); /* some look is under way */

#endif
