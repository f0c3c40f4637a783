#ifndef REMOTE_JOBINNER_H
#define REMOTE_JOBINNER_H

/* What job.c (life, cancel, the end) and job_ask.c (requests and what their replies mean)
 * share. A call to a stranger may free the job: what returns bool here returns false then,
 * and the job must not be touched any more. */

#include "remote/hr1.h"
#include "remote/job.h"
#include "remote/simrun.h"
#include "remote/sudo.h"

enum job_phase {
	PHASE_SUDO,       /* trying the password, before anything else */
	PHASE_START,      /* asking the host to start it */
	PHASE_FOLLOW,     /* asking what became of it */
	PHASE_ABORT,      /* claiming the start, so that it never happens */
	PHASE_CALLED_OFF, /* cancelled before anything of it was sent */
	PHASE_SIM,
	PHASE_OVER,
};

struct job {
	struct link *link;
	struct job_calls calls;
	/* The spec, copied. */
	char *run, *step, *host, *head, *con, *text, *as, *as_password, *dir, *shell,
		*job_dir;
	struct hr1_request values; /* only its env */
	int attempt, epoch;
	int64_t seq, kill_after_ms;
	bool tty, once;
	/* Where we are. */
	enum job_phase phase;
	enum job_state state;
	bool sent; /* a start may have reached the host */
	bool offline;
	bool was_orphan;
	bool there;     /* the host has known it: then "absent" is no "never started" */
	int64_t offset; /* raw bytes of `out` that we have */
	int64_t size;   /* of `out`, as last heard */
	struct mono heard;    /* a word of the host about it */
	struct mono launched; /* when we first saw it neither started nor aborted */
	struct redact_stream *redact;
	/* The request under way. */
	struct link_exec *exec;
	struct hr1_request request;
	struct hr1_reply reply;
	struct str sentence, err; /* what followed an error; standard error */
	int64_t skip, got;        /* overlap still to drop, data bytes of this reply */
	bool asking;
	int unheard, failures;
	struct loop_timer *again, *deadline;
	struct simrun *sim;
	struct sudo *sudo;
	enum job_phase after_sudo;
	bool wants_password;
	/* Cancel has a request of its own. */
	struct link_exec *cancel_exec;
	struct hr1_request cancel_request;
	struct hr1_reply cancel_reply;
	int64_t cancel_grace_ms;
	bool cancelling;
	bool cancel_again; /* the host did not hear it, or had nothing to end yet */
	void (*cancel_told)(void *ctx, const char *reply);
	void *cancel_ctx;
	int depth; /* inside calls to strangers */
	bool freed;
};

void job_enter(struct job *j);
bool job_leave(struct job *j);
bool job_say_output(struct job *j, const char *p, size_t len);
bool job_say_update(struct job *j);
bool job_take_output(struct job *j, const char *p, size_t len); /* raw, from the host */
/* The one end. `why` may be NULL. Nothing may follow it. */
void job_finish(struct job *j, enum job_state state, int exit, const char *why);

/* job_ask.c */
void job_ask(void *ctx); /* the request that the phase wants, at once */
void job_ask_in(struct job *j, int64_t ms);
void job_stop_asking(struct job *j);
void job_deadline_passed(void *ctx);
bool job_was_sent(const struct job *j); /* a start, or some of it */
void job_add_name(const struct job *j, struct hr1_request *q);
/* What a host says to a driver that is none any more; `by`: the newest one there. */
void job_fenced_words(const char *host, int64_t by, int epoch, char *out, size_t len);
/* NULL when `as` is no account name. */
struct link_exec *job_send_script(struct job *j, const struct hr1_request *q,
	enum hr1_script script, const struct link_exec_calls *calls);

#endif
