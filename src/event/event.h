#ifndef EVENT_EVENT_H
#define EVENT_EVENT_H

/*
 * A fact about a run, and its bytes. The engine makes events without an envelope; the
 * journal fills the envelope in and writes the line; replay parses lines back. `data` is
 * canonical JSON text of an object and is parsed only where needed.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "base/ulid.h"
#include "base/vec.h"
#include "event/event_table.h"

enum event_type {
#define X(id, name, acting, keys, help) EVENT_##id,
	EVENT_TABLE(X)
#undef X
		EVENT_UNKNOWN, /* of a later version: kept and shown raw */
	EVENT_TYPE_COUNT
};

enum { EVENT_LINE_MAX = 65536, EVENT_V = 1 };

struct event {
	/* envelope, in the order of the line */
	char run[ULID_LEN + 1];
	int64_t seq;
	int64_t epoch;
	struct wall t;
	int64_t mono;
	char *con;
	char *who;
	enum event_type type;
	char *type_name; /* as in the line; for EVENT_UNKNOWN too */
	char *step;      /* NULL: about the run */
	bool more;       /* the group goes on with the next record */
	char *data;      /* canonical JSON object */
	char prev[DIGEST_HEX + 1];
};

struct events {
	VEC_OF(struct event *) list;
};

/* data is copied; NULL means {}. */
struct event *event_new(enum event_type type, const char *step, const char *data);
void event_free(struct event *ev);
void events_release(struct events *evs); /* frees the events too */
void events_add(struct events *evs, struct event *ev_take);

const char *event_name(enum event_type type);
enum event_type event_find(const char *name); /* EVENT_UNKNOWN if there is none */
bool event_acting(enum event_type type);
const char *event_keys(enum event_type type);
const char *event_help(enum event_type type);

/* The line without newline. ERR_LIMIT beyond EVENT_LINE_MAX. */
bool event_line(const struct event *ev, struct str *out, struct err *e) WARN_UNUSED;
/* Strict scanner of the envelope: exact key order, canonical form of every byte incl.
 * data. ERR_RECORD says what is wrong and at which byte. */
struct event *event_parse(const char *line, size_t len, struct err *e) WARN_UNUSED;

#endif
