#ifndef PROBE_PROBEWAY_H
#define PROBE_PROBEWAY_H

/*
 * What probe.c and the kinds share: a kind starts its look, gathers facts and hands them
 * back once; probe.c judges them and tells. Not for the outside.
 */

#include "model/facts.h"
#include "model/subst.h"
#include "probe/probe.h"

struct probe_kind_state; /* each kind's own */

struct probe_way {
	/* False with an err: nothing was started. Never calls back from inside. */
	bool (*start)(struct probe_look *p, struct err *e);
	void (*free)(struct probe_look *p);
};

struct probe_look {
	struct probe_env env;
	const struct probe *probe;
	const struct probe_way *way; /* NULL: the kind is not carried out */
	struct probe_kind_state *state;
	struct pairs filled; /* what others take as it stands, with its values put in */
	probe_fn *fn;
	void *ctx;
	struct loop_timer *soon;
	char refusal[320]; /* why it did not start */
	bool ended;
};

/* What one machine of several said. */
struct probe_each {
	const char *where;
	struct facts *facts;
	const char *why, *nothing; /* as in probe_found */
};

/* What a kind found out; `facts` may be empty. */
struct probe_found {
	struct facts *facts;
	int64_t took_ms;
	enum verdict silent; /* the verdict when `why` is not NULL */
	const char *why;     /* no answer, and why: words. NULL: there was one */
	const char *where;   /* which machine of several, or NULL */
	const char *nothing; /* known: what is looked for is not there; words, or NULL */
	const struct probe_each
		*each; /* all machines, where there are several; or NULL */
	size_t each_len;
	const char *because; /* said with a verdict that is not good, or NULL */
};

/* Judges, tells once, and may free p. */
void probe_found(struct probe_look *p, const struct probe_found *f);
/* A text of the runbook with its values put in. */
bool probe_expand(const struct probe_look *p, const char *text, enum subst_as as,
	struct str *out, struct err *e) WARN_UNUSED;
const char *probe_arg(const struct probe_look *p, const char *name); /* or NULL */

extern const struct probe_way probe_way_http;    /* probe_http.c */
extern const struct probe_way probe_way_command; /* probe_command.c */
extern const struct probe_way probe_way_script;  /* probe_host.c */
extern const struct probe_way probe_way_log;     /* probe_log.c */
extern const struct probe_way probe_way_tcp;     /* probe_tcp.c */
extern const struct probe_way probe_way_tls;     /* probe_tls.c */
extern const struct probe_way probe_way_redis;   /* probe_redis.c */
extern const struct probe_way probe_way_dns;     /* probe_dns.c */
extern const struct probe_way probe_way_sql;     /* probe_sql.c */
extern const struct probe_way probe_way_cors;    /* probe_cors.c */
extern const struct probe_way probe_way_burst;   /* probe_burst.c */
extern const struct probe_way probe_way_prom;    /* probe_metrics.c */
extern const struct probe_way probe_way_metrics; /* probe_metrics.c */
extern const struct probe_way probe_way_ci;      /* probe_ci.c */

#endif
