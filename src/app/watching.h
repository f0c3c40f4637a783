#ifndef APP_WATCHING_H
#define APP_WATCHING_H

/*
 * A board that looks by itself: probes of a runbook looked at when live/board says so, the
 * answers told to it, its readings kept between consoles (app/readings.h). One for a
 * session, whose connections and inputs it shares; one of its own for `handrail status` and
 * for a health screen without a run. Decides nothing of a run.
 */

#include "app/readings.h"
#include "base/redact.h"
#include "live/board.h"
#include "probe/probe.h"

struct watching;

struct watching_opts {
	struct loop *loop;
	struct runbook *runbook; /* referenced */
	/* Of a session. NULL: watching has its own, and asks nobody: a host that wants a
	 * passphrase is told to `prompt`, or given up without one. */
	struct fleet *fleet;
	struct http *http;
	const struct redact *redact;
	const char
		*base_dir; /* own fleet: of relative files of simulated hosts; or NULL */
	void (*prompt)(void *ctx, struct link *l, const struct link_prompt *p);
	/* Value of an input by its full name, or NULL. NULL: those of the environment. */
	const char *(*lookup)(void *ctx, const char *full_name);
	/* Environment of commands of a scope, valid until the next call; or NULL. */
	const struct job_env *(*env)(void *ctx, int scope, size_t *len);
	/* Where readings are kept; NULL: nowhere. */
	const char *readings_dir;
	const char *project; /* name, or NULL */
	/* A reading came (reading not NULL), or something else changed. `turned`: its state
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
void watching_heard(struct watching *w, int item, const struct probe_reading *r);
bool watching_idle(const struct watching *w); /* no look is under way or due now */

#endif
