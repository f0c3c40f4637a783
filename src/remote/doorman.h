#ifndef REMOTE_DOORMAN_H
#define REMOTE_DOORMAN_H

/*
 * How many hosts may be asked, and how many logins may be under way, at once: over all
 * links of a fleet and per door, which is an address with its port or the host that is
 * jumped through. The limits and their reasons are a table in doorman.c. A door that turned
 * somebody away lets in fewer for a while. Who waits goes in the order of coming.
 * Used by links; knows nothing of them.
 */

#include <stdbool.h>

#include "loop/loop.h"

enum doorman_kind {
	DOORMAN_LOOK,   /* ssh -G and ssh-keygen on this machine */
	DOORMAN_LOGIN,  /* by libssh2 */
	DOORMAN_SYSTEM, /* by the system ssh */
	DOORMAN_KINDS,
};

struct doorman;

/* Of one that wants in; zeroed at first, and then the doorman's. */
struct doorman_pass {
	struct doorman *doorman; /* NULL: it neither waits nor is inside */
	struct doorman_pass *prev, *next;
	enum doorman_kind kind;
	char *door;
	bool inside;
	struct mono since; /* inside */
	void (*fn)(void *ctx);
	void *ctx;
};

struct doorman *doorman_new(struct loop *l);
void doorman_free(struct doorman *g); /* when nobody waits or is inside any more */
/* Calls fn once, from the loop, when it may go in. The pass must not be in use. */
void doorman_enter(struct doorman *g, struct doorman_pass *p, enum doorman_kind kind,
	const char *door, void (*fn)(void *ctx), void *ctx);
void doorman_leave(struct doorman_pass *p); /* also of one that waits, or neither */
/* Whoever is inside with this pass was turned away: the door takes fewer for a while. */
void doorman_crowded(const struct doorman_pass *p);
bool doorman_waits(const struct doorman_pass *p);

#endif
