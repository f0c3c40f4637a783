#ifndef LIVE_BOXES_H
#define LIVE_BOXES_H

/*
 * Containers of many hosts: what each host said last and when, what is kept over time (cpu,
 * memory, restarts since we look, events), and which services are expected. A host that does
 * not answer keeps its containers, dated and never shown as current. Filled by app/boxing
 * for the console and for `handrail ps`; opens nothing and reads no clock.
 */

#include "base/err.h"
#include "live/boxread.h"

enum {
	BOXES_EVENTS = 64,          /* kept of each host */
	BOXES_STALE_MS = 20 * 1000, /* an answer overdue by this is no current one */
	BOXES_RESTART_MS = 20 * 60 * 1000,
	BOXES_RESTART_MARKS = 16,
};

/* WAITING: no answer yet. SILENT: it cannot be reached or says nothing. CANNOT: it answers
 * and has no engine for us: absent, down, no permission. */
#define BOXES_STATES(X) \
	X(WAITING, "waiting") \
	X(LIVE, "live") \
	X(SILENT, "silent") \
	X(CANNOT, "cannot")

enum boxes_state {
#define X(id, name) BOXES_##id,
	BOXES_STATES(X)
#undef X
		BOXES_STATE_COUNT
};

/* What should run there, of one compose project or by name. */
struct boxes_group {
	char *project, *name; /* name: a pattern with * and ?; either may be NULL */
	bool expects;         /* its services are to be known at all */
	bool known;           /* they are */
	char *why;            /* not known, and why; or NULL */
	struct {
		VEC_OF(char *) list;
	} services;
};

struct boxes_restart {
	int key;
	struct mono at;
	int64_t by;
};

struct boxes_host {
	char *name;
	enum boxes_state state;
	char *why;           /* SILENT, CANNOT: words */
	struct now since;    /* of the state */
	struct now answered; /* last answer; wall 0: never */
	int64_t promised_ms; /* after it the next one is due: nobody asks before */
	char engine[16], version[48];
	int load_centi, disk_percent;
	int64_t cpus;
	int64_t clock_ahead_ms; /* of the host over us, as far as seconds tell */
	struct {
		VEC_OF(struct box) list;
	} boxes; /* in the order of their names */
	struct {
		VEC_OF(struct boxes_group) list;
	} groups;
	struct boxread_event events[BOXES_EVENTS];
	size_t heard; /* all so far; the newest is at (heard - 1) % BOXES_EVENTS */
	struct boxes_restart restarts[BOXES_RESTART_MARKS];
	size_t restarted;
};

struct boxes;

struct boxes *boxes_new(void);
void boxes_free(struct boxes *bs);
size_t boxes_hosts(const struct boxes *bs);
const struct boxes_host *boxes_host(const struct boxes *bs, size_t host);
const char *boxes_state_name(enum boxes_state s);
/* The index of a new host. */
size_t boxes_add(struct boxes *bs, const char *name);
/* The index of a new group of a host. */
size_t boxes_expect(struct boxes *bs, size_t host, const struct boxes_group *g);
/* An own list of the runbook, or what compose says. */
void boxes_expected(
	struct boxes *bs, size_t host, size_t group, const struct boxread_look *services);
void boxes_expected_not(struct boxes *bs, size_t host, size_t group, const char *why);

/* A whole answer: what it does not name is gone. Takes the boxes out of `l`. */
void boxes_take(struct boxes *bs, size_t host, struct boxread_look *l, struct now now);
/* Only what they use. */
void boxes_take_use(
	struct boxes *bs, size_t host, const struct boxread_look *l, struct now now);
/* The engine's short list: states and health of those that are known; of one that it does not
 * name the state is unknown. True: something is not as it was, a whole answer is due. */
bool boxes_take_list(
	struct boxes *bs, size_t host, const struct boxread_look *l, struct now now);
void boxes_take_event(struct boxes *bs, size_t host, const struct boxread_event *ev);
/* The next answer is due so long after the last one: until then it is no old one. */
void boxes_promise(struct boxes *bs, size_t host, int64_t ms);
/* No answer, or one that cannot help. A state that is told again keeps its beginning. */
void boxes_tell(struct boxes *bs, size_t host, enum boxes_state s, const char *why,
	struct now now);

/* WAITING, LIVE, SILENT, CANNOT as of now: an old answer is none. */
enum boxes_state boxes_state_now(const struct boxes_host *h, struct mono now);
/* The group names it, by its project and its pattern. */
bool boxes_in_group(const struct boxes_group *g, const struct box *b);
/* Some group names it, or there are no groups. */
bool boxes_shown(const struct boxes_host *h, const struct box *b);
/* NULL: it is not there any more. */
const struct box *boxes_find(
	const struct boxes *bs, int key, const struct boxes_host **host);
/* Since it started (or ended), by the host's own clock; BOX_NOT_KNOWN. */
int64_t boxes_age_ms(const struct boxes_host *h, const struct box *b, struct wall now);
/* Restarts that were seen within the last 20 minutes. */
int64_t boxes_restarts_lately(
	const struct boxes_host *h, const struct box *b, struct mono now);
/* "id:pid ..." of those that run, for probe/sh/boxes.sh. */
void boxes_pids(const struct boxes_host *h, struct str *out);

#endif
