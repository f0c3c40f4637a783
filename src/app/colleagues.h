#ifndef APP_COLLEAGUES_H
#define APP_COLLEAGUES_H

/*
 * The runs that other consoles of this machine drive, of this account and of others: each one
 * that listens where consoles meet (loop/meet.h) is asked for its card. Nothing waits for an
 * answer; who gives none is listed with what the kernel says of it.
 */

#include "base/talk.h"
#include "base/vec.h"
#include "loop/loop.h"

struct colleague {
	struct talk_card card; /* made harmless; its run is the name of the socket */
	char *account;         /* of its console, as the kernel says */
	bool answered;         /* else only run and account are known */
	struct wall since;     /* driven by that console; 0: not known */
};

struct colleagues {
	VEC_OF(struct colleague) list; /* by run */
};
void colleagues_release(struct colleagues *c);

struct colleagues_watch;
/* `told`: the list is another one than before. */
struct colleagues_watch *colleagues_new(
	struct loop *l, void (*told)(void *ctx), void *ctx);
void colleagues_free(struct colleagues_watch *w);
/* Looks again, unless it does so already. */
void colleagues_look(struct colleagues_watch *w);
/* As far as it is known now; borrowed. */
const struct colleagues *colleagues_list(const struct colleagues_watch *w);
/* Why the shared folder is not looked into, or NULL. */
const char *colleagues_fault(const struct colleagues_watch *w);

#endif
