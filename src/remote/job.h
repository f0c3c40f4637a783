#ifndef REMOTE_JOB_H
#define REMOTE_JOB_H

/*
 * Commands on a target through a link: detached jobs (HR1,
 * remote/hr1/README) for everything that changes something, and looks for read-only commands. A job is
 * started at most once, outlives the link, is followed at a byte offset after any drop,
 * and its exit status comes from its own directory, never from the channel. This client
 * never guesses: what it cannot know it reports as unknown.
 */

#include "base/redact.h"
#include "model/jobstate.h"
#include "remote/link.h"

struct job_env {
	const char *name, *value;
	bool secret; /* travels in the 0600 env file; value is redacted from output */
};

struct job_spec {
	const char *run, *step, *host; /* ids: record's */
	int attempt, epoch;
	const char *con; /* the console that has this epoch; NULL: nobody asks */
	int64_t seq;     /* of the intent, with its head: the host is a witness */
	const char *head;
	const char *text;        /* the shell text */
	const char *as;          /* NULL: the login user */
	const char *as_password; /* sudo's, NULL: sudo -n */
	const char *dir, *shell, *job_dir;
	bool tty;
	bool once; /* one of several hosts: refused where another name leads to the same one */
	const struct job_env *env;
	size_t env_len;
	int64_t kill_after_ms;
};

struct job_update {
	enum job_state state;
	int64_t pid;
	char boot_id[40];
	char warning[160]; /* "no bash on ni-db1: run by sh -eu" */
};

struct job_end {
	enum job_state
		state; /* DONE: exit holds; REFUSED, FENCED, ABORTED: nothing ran; the
				 rest: unknown, a person resolves */
	int exit;      /* DONE only */
	int64_t out_bytes;
	bool wants_password; /* sudo asks for a password (or another one): REFUSED, and
				 UNKNOWN where it was to be followed again */
	char why[320];       /* words; for DONE only when it was cancelled or killed */
};

struct job_calls {
	void (*on_update)(void *ctx,
		const struct job_update *u); /* started, orphan, running again */
	/* Raw bytes of the host's `out` from `offset` on, in order, without gap or overlap,
	 * already redacted. */
	void (*on_output)(void *ctx, const char *p, size_t len);
	void (*on_end)(void *ctx, const struct job_end *end); /* exactly once */
	void *ctx;
};

struct job;
/* Starts (or finds it started already: then follows). */
struct job *job_start(struct link *l, const struct job_spec *s, const struct redact *r,
	const struct job_calls *calls);
/* Asks what became of it, without ever starting it, and follows from the beginning. */
struct job *job_resume(struct link *l, const struct job_spec *s, const struct redact *r,
	const struct job_calls *calls);
/* TERM to the group, KILL after grace; the end comes through on_end as usual. `told` hears
 * what the host says of it (remote/hr1/cancel.sh: "terminated 143", "unkillable"), or
 * "unheard: why", again after each new try. */
void job_cancel(struct job *j, int64_t grace_ms,
	void (*told)(void *ctx, const char *reply), void *ctx);
/* After the output is durable here: removes the job's directory on the host (or only its
 * raw `out`). Fire and forget. */
enum job_clean { JOB_CLEAN_ALL, JOB_CLEAN_OUTPUT };
void job_clean(struct job *j, enum job_clean what);
/* How well it is followed now. */
struct job_follow {
	enum job_state state;
	bool offline;         /* the link is away, or the host could not be asked */
	int64_t silent_ms;    /* since a word of the host about it; -1: never yet */
	int64_t behind_bytes; /* of output that the host has and we do not, as last heard */
};
void job_follow(const struct job *j, struct job_follow *out);
void job_free(struct job *j); /* stops following; the job itself goes on */

/* A read-only command: both streams, exit from the script's own trailer. */
struct look_spec {
	const char *text;
	const char *as, *as_password; /* as in job_spec */
	const char *dir, *shell;
	const struct job_env *env;
	size_t env_len;
	int64_t timeout_ms; /* 0: 30 s */
	size_t limit;       /* bytes kept per stream; 0: 1 MiB */
	/* Followed: standard output as it comes, redacted, with the ctx of the look; nothing of
	 * it is kept, and it may go on for ever. The text sees to its standard error. NULL: it
	 * is answered at its end. */
	void (*on_out)(void *ctx, const char *p, size_t len);
};
struct look_end {
	bool known; /* false: no trailer seen, exit means nothing */
	bool timed_out, cut;
	bool wants_password; /* sudo asks for one: nothing ran */
	bool lost;           /* the connection went; the host ends it when it sees that */
	bool gone;           /* the host says that nothing of it runs any more */
	int exit;
	struct str out, err;
	int64_t took_ms;
	char why[320];
};
typedef void look_fn(void *ctx, const struct look_end *end);
struct look;
struct look *look_start(struct link *l, const struct look_spec *s, const struct redact *r,
	look_fn *fn, void *ctx);
/* Ends it on its host: TERM, then KILL, to all that it began. The end comes as usual, with
 * `gone` when the host has confirmed it. */
void look_stop(struct look *k);
void look_free(struct look *k); /* no call after */

#endif
