#ifndef LIVE_BOX_H
#define LIVE_BOX_H

/*
 * One container as its engine tells of it, and what is kept of it over time. Plain data; of
 * its environment there are names only, a value never leaves the host. Filled by boxread.c,
 * kept by boxes.c.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/vec.h"

#define BOX_STATES(X) \
	X(UNKNOWN, "unknown") \
	X(CREATED, "created") \
	X(RUNNING, "running") \
	X(PAUSED, "paused") \
	X(RESTARTING, "restarting") \
	X(REMOVING, "removing") \
	X(EXITED, "exited") \
	X(DEAD, "dead")

/* As the engine names them; what has no check is NONE, what cannot be read is UNKNOWN. */
#define BOX_HEALTHS(X) \
	X(UNKNOWN, "unknown") \
	X(NONE, "none") \
	X(STARTING, "starting") \
	X(HEALTHY, "healthy") \
	X(UNHEALTHY, "unhealthy")

enum box_state {
#define X(id, name) BOX_##id,
	BOX_STATES(X)
#undef X
		BOX_STATE_COUNT
};

enum box_health {
#define X(id, name) BOX_HEALTH_##id,
	BOX_HEALTHS(X)
#undef X
		BOX_HEALTH_COUNT
};

enum { BOX_SAMPLES = 32, BOX_NOT_KNOWN = -1 };

struct box_port {
	char *at;    /* address of the host; "" where it is published nowhere */
	int outside; /* port of the host; 0: none */
	int inside;
	char *protocol;
};

struct box_mount {
	char *type, *from, *to;
	bool writable;
};

/* What it used between two looks. */
struct box_sample {
	int64_t cpu_milli; /* of one processor, 1000: all of one; or BOX_NOT_KNOWN */
	int64_t memory_bytes;
};

struct box {
	char *id, *name, *image, *digest;
	char *project, *service; /* of compose; or NULL */
	char *policy, *log_driver, *log_size, *error, *check;
	enum box_state state;
	enum box_health health;
	int exit, failing; /* failing: bad answers of the check in a row */
	int64_t check_every_ms;
	bool oom, whole; /* whole: all of it is known, not only what a list says */
	int64_t pid;
	struct wall started, finished; /* 0: never */
	int64_t restarts;
	int64_t memory_limit_bytes, cpus_milli, pids_limit; /* 0: none */
	struct {
		VEC_OF(struct box_port) list;
	} ports;
	struct {
		VEC_OF(struct box_mount) list;
	} mounts;
	struct {
		VEC_OF(char *) list;
	} env; /* names, sorted */

	/* Over time, filled by boxes.c. */
	int key;                /* of this container as long as it is there */
	struct wall seen_since; /* first look at it */
	int64_t restarts_then;  /* at that look */
	int64_t used_usec;      /* cpu so far, or BOX_NOT_KNOWN */
	int64_t used_at_ms;     /* of the host's uptime */
	struct box_sample samples[BOX_SAMPLES];
	size_t sampled; /* all so far; the newest is at (sampled - 1) % BOX_SAMPLES */
};

const char *box_state_name(enum box_state s);
enum box_state box_state_parse(const char *name);
const char *box_health_name(enum box_health h);
enum box_health box_health_parse(const char *name);
void box_release(struct box *b);
/* The newest sample; NULL: none yet. */
const struct box_sample *box_sample(const struct box *b);
/* "14.1" percent of one processor; "-" when it is not known. */
const char *box_cpu_text(int64_t cpu_milli, char out[16]);
/* "212M", "4.0G", "-" for what is not known. */
const char *box_bytes_text(int64_t bytes, char out[16]);
/* "exited 137", "running": the state as people read it. */
const char *box_state_text(const struct box *b, char out[24]);
/* The tag of an image: what stands after its last colon, or "latest", or a digest. */
const char *box_tag(const char *image);
/* Length of what stands before it: "acme/api". */
size_t box_repository(const char *image);
/* Restarts since the first look at it. */
int64_t box_restarted(const struct box *b);

#endif
