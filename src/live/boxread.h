#ifndef LIVE_BOXREAD_H
#define LIVE_BOXREAD_H

/*
 * What a host says of its containers, read with suspicion: the answer of the script
 * probe/sh/boxes.sh, the engine's list of containers and its events. Text of the host is
 * made harmless here, members that are missing or of another kind are told as not known.
 * Pure.
 */

#include "base/err.h"
#include "base/str.h"
#include "live/box.h"

struct boxread_use {
	char id[72];
	int64_t cpu_usec, memory_bytes;
};

struct boxread_look {
	char engine[16], version[48];
	struct wall host_now; /* by the host's clock; 0: not told */
	int64_t uptime_ms, cpus;
	int load_centi, disk_percent; /* BOX_NOT_KNOWN: not told */
	struct {
		VEC_OF(struct box) list;
	} boxes;
	struct {
		VEC_OF(struct boxread_use) list;
	} uses;
	struct {
		VEC_OF(char *) list;
	} services;       /* of compose.sh */
	char cannot[256]; /* the host's words when it could not be told; else "" */
};

/* False: the answer is garbled or has no end; nothing of it counts. */
bool boxread_answer(const char *text, size_t len, struct boxread_look *out,
	struct err *e) WARN_UNUSED;
void boxread_release(struct boxread_look *l);

/* GET /containers/json: boxes that are not whole. */
bool boxread_list(const char *text, size_t len, struct boxread_look *out,
	struct err *e) WARN_UNUSED;

struct boxread_event {
	struct wall at;
	char id[72], name[128], what[160];
	bool counts; /* something of a container changed; else nobody need look */
};
/* One line of GET /events. */
bool boxread_event(const char *line, size_t len, struct boxread_event *out,
	struct err *e) WARN_UNUSED;

/* "2026-11-20T12:40:00.123456789+01:00"; false: no time, or the engine's word for never. */
bool boxread_time(const char *text, struct wall *out);

#endif
