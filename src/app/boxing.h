#ifndef APP_BOXING_H
#define APP_BOXING_H

/*
 * Containers of hosts looked at and brought together: what each host says goes into
 * live/boxes. Where there is docker its engine is asked over a channel that stays open and
 * tells what happens; a script tells the rest and does for podman (probe/sh/boxes.sh). For
 * the console's screen and for `handrail ps`. It only looks, and asks nobody.
 */

#include "base/redact.h"
#include "live/boxes.h"
#include "loop/loop.h"
#include "model/runbook.h"
#include "remote/fleet.h"

struct boxing_opts {
	struct loop *loop;
	const struct runbook
		*runbook;            /* referenced; its hosts and groups of containers */
	struct fleet *fleet;         /* whose connections are used; outlives this */
	const struct redact *redact; /* or NULL */
	bool once;                   /* each host is looked at twice, for what is used */
	void (*changed)(void *ctx);
	void *ctx;
};

struct boxing;

struct boxing *boxing_new(const struct boxing_opts *o);
void boxing_free(struct boxing *g);
const struct boxes *boxing_boxes(const struct boxing *g);
/* UNWATCHED: nobody looks, the hosts are asked now and then only. STILL: not at all. */
enum boxing_pace { BOXING_WATCHED, BOXING_UNWATCHED, BOXING_STILL };
void boxing_pace(struct boxing *g, enum boxing_pace pace);
void boxing_again(struct boxing *g); /* looks at all hosts now */
/* `once`: every host has told all, or that it cannot. */
bool boxing_over(const struct boxing *g);
/* The target of the runbook that a host of boxes is; NONE: this machine. */
int boxing_target(const struct boxing *g, size_t host);
/* "engine" where it is asked directly, "commands" else. */
const char *boxing_way(const struct boxing *g, size_t host);

#endif
