#ifndef REMOTE_FLEET_H
#define REMOTE_FLEET_H

/*
 * All links of a console, by target: made on demand, shared by steps, looks and probes.
 * "local" is always there. Owns the one parent of the workers.
 */

#include "remote/link.h"

struct fleet;

struct fleet_opts {
	struct loop *loop;
	const struct runbook *runbook; /* referenced */
	struct fleet *
		beside; /* one of the same runbook, whose scenarios are these too; or NULL */
	struct link_calls calls; /* of every link */
};

/* Must be called once, first thing in main, before any thread and before ncurses: starts
 * the parent of the workers (handrail-ssh, beside the running binary or in libexec).
 * Never fails here: a missing worker is a fault of the links that need it. */
void fleet_prepare(const char *argv0);

struct fleet *fleet_new(const struct fleet_opts *o);
void fleet_free(struct fleet *f);
/* Something fired is still on its way to a host that answers: worth a moment. */
bool fleet_parting(const struct fleet *f);
/* Finds out what ssh knows of every host, a few at a time; contacts none. */
void fleet_look_ahead(struct fleet *f);
/* The scenario that all of it is played by (practice), or NULL: then nothing but it answers.
 * The one that plays a host (NONE: this machine), or NULL for a real one. */
struct sim *fleet_practice(struct fleet *f);
struct sim *fleet_sim(struct fleet *f, int host);
/* target index of the runbook; NONE: this machine. Never NULL. */
struct link *fleet_link(struct fleet *f, int target);
struct link *fleet_link_named(struct fleet *f, const char *target_id);

#endif
