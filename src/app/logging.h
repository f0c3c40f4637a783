#ifndef APP_LOGGING_H
#define APP_LOGGING_H

/*
 * Logs of hosts followed and brought together: a follower of remote/ for each source, its
 * bytes and fate told to live/logs. For the console's logs and for `handrail logs`. Has
 * connections of its own, so that a busy log never stands in the way of a step. Asks
 * nobody: a host that wants a passphrase is told as such and answered by the owner, or by
 * nobody.
 */

#include "base/redact.h"
#include "live/logs.h"
#include "loop/loop.h"
#include "model/runbook.h"
#include "remote/follow.h"

enum { LOGGING_SOURCES_MAX = 64 };

struct fleet;

struct logging_opts {
	struct loop *loop;
	const struct runbook *runbook; /* referenced; its logs, hosts and targets */
	struct fleet *beside;          /* of a session: its scenario is told; or NULL */
	const struct redact *redact;   /* or NULL */
	enum follow_mode mode;
	int64_t lines;
	struct wall since;           /* not older, where a log can be asked so; 0: any */
	size_t max_lines, max_bytes; /* 0: those of live/logs */
	void (*changed)(void *ctx);  /* something came or was told */
	void (*inserted)(void *ctx, uint64_t seq);
	/* A host wants an answer; NULL: the login is given up. */
	void (*prompt)(void *ctx, struct link *l, const struct link_prompt *p);
	void *ctx;
};

struct logging;

struct logging *logging_new(const struct logging_opts *o);
void logging_free(struct logging *g);
struct logs *logging_logs(struct logging *g);
/* Starts one log of the runbook, by index, on every target of its host; with `target` on
 * that one only, if it is one of them. ERR_LIMIT: too many sources. */
bool logging_start(
	struct logging *g, size_t log, const char *target, struct err *e) WARN_UNUSED;
/* The log of a container on a target of the runbook (NONE: this machine); gives its source,
 * started now or before. */
bool logging_tail(struct logging *g, int target, const char *container, size_t *source,
	struct err *e) WARN_UNUSED;
/* Nothing more comes: every source has ended, or is dead and not tried again. */
bool logging_over(const struct logging *g);

/* How it went, for the exit code. */
struct logging_count {
	size_t sources, failed, unreadable;
};
void logging_count(const struct logging *g, struct logging_count *out);
bool logging_failed(const struct logging *g, size_t source);

/* A word of the command line as a log: /path, ./path, unit:NAME, container:NAME,
 * command:TEXT; it is added to rb on its first host. False: the word is none. */
bool logging_is_source(const char *word);
void logging_add_word(struct runbook *rb, const char *word);

#endif
