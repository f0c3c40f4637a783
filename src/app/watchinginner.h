#ifndef APP_WATCHINGINNER_H
#define APP_WATCHINGINNER_H

/* The inside of a watching, shared by watching.c (who is looked at, and what comes of it) and
 * watching_keep.c (readings on disk) only. */

#include "app/watching.h"
#include "remote/fleet.h"

struct watching_look {
	struct watching *w;
	int item;
	struct probe_look *look;
	struct watching_env env;
	bool ended, stale; /* stale: with values that are others now */
};

struct watching_link { /* as the board was told last */
	enum link_state state;
	int attempts;
	struct mono told;
};

struct watching {
	struct watching_opts o;
	struct board *board;
	struct fleet *own_fleet;
	struct http *own_http;
	char *base_dir;
	struct readings *readings;
	char **what;         /* by item: a digest of what it looks at; NULL: nothing */
	struct err pending;  /* of restoring: told once the owner has us */
	struct past **pasts; /* by probe */
	struct loop_timer *next, *tick, *sweep;
	int ticks;
	struct watching_link *links; /* by target */
	struct {
		VEC_OF(struct watching_look *) list;
	} looks;
};

/* Of an input or a saved value, by its full name. */
const char *watching_value(void *ctx, const char *full_name);
/* Opens the folder of its readings. */
void watching_keep(struct watching *w);
/* Restores what is known of an item, once its texts have their values; again when those are
 * others. */
void watching_identify(struct watching *w, int item);
void watching_flush(struct watching *w);
void watching_complain(struct watching *w, const struct err *e);

#endif
