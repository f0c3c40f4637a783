#ifndef APP_SESSION_H
#define APP_SESSION_H

/*
 * The spine: one run with everything it needs, for the console, the line mode and the
 * subcommands alike. Takes requests one at a time: decide, write and sync (on the writer
 * thread), apply, tell, then carry the effects out. Nothing is shown before it is on disk.
 * Outcomes come back in as requests. No screen in here.
 *
 * Sequence: session_open (new run) or session_resume, session_request..., session_free.
 * Freeing leaves the run open in its record and its jobs running on their hosts.
 */

#include "audit/sign.h"
#include "journal/journal.h"
#include "live/board.h"
#include "loop/loop.h"
#include "model/project.h"
#include "probe/probe.h"
#include "remote/job.h"
#include "run/decide.h"
#include "run/owed.h"
#include "run/run.h"

struct session;

/* A person must answer: a passphrase, a sudo password, a secret input. One at a time. */
struct session_prompt {
	const char *from; /* target, "sign-off", input name */
	const char *text;
	bool echo;
};

struct session_calls {
	/* State changed (events applied, a link changed, output came, a reading came). */
	void (*on_change)(void *ctx);
	/* A request was refused, or something went wrong that a person should read. */
	void (*on_message)(void *ctx, const struct err *e);
	/* Durable now; the line without its newline. */
	void (*on_event)(void *ctx, const struct event *ev, const char *line, size_t len);
	/* Output of a leg, redacted, raw bytes (may hold control bytes). */
	void (*on_output)(
		void *ctx, int step, int leg, enum way way, const char *p, size_t len);
	void (*on_prompt)(void *ctx, const struct session_prompt *p);
	/* Harmless words for a person who signs, no answer wanted: a key to touch. */
	void (*on_notice)(void *ctx, const char *text);
	void (*on_choices)(void *ctx, int input); /* session_choices changed */
	void *ctx;
};

struct session_opts {
	struct loop *loop;
	struct runbook *runbook;       /* referenced */
	const struct project *project; /* or NULL */
	enum run_mode mode;
	const char *runs_dir; /* NULL: the default */
	const char *key;      /* key file to sign with, offered first; or NULL */
	bool quiet;           /* resume only to write: do not take up its jobs */
	const char
		*typed; /* resume: the words that take a run that was handed to somebody
			       * else (run/drive.h); or NULL */
	const char *relocate; /* resume: read the record there, go on in this folder of
			       * runs; or NULL */
	const struct strings *limit; /* open: the only hosts of the run; or NULL */
	const struct owed *owed;     /* open: what the run is there to close; or NULL */
	struct session_calls calls;
};

/* Opens a new run: makes its book and queues run.open. */
struct session *session_open(const struct session_opts *o, struct err *e) WARN_UNUSED;
/* Takes an open run up again from its folder; the runbook comes from the record's blobs
 * and o->runbook is ignored. ERR_STATE busy, ERR_RECORD bad. */
struct session *session_resume(
	const struct session_opts *o, const char *run_dir, struct err *e) WARN_UNUSED;
/* Looks on at a run that somebody else drives: the same session to whoever shows it, but only
 * holds, notes and what belongs to a hand-over can be asked for. Takes the onlooker. */
struct onlooker;
struct session *session_onlook(const struct session_opts *o, struct onlooker *take);
/* Tells all that is there, and from now on whatever comes. */
void session_begin_onlooking(struct session *s);
bool session_onlooking(const struct session *s);
struct onlooker *session_onlooker(struct session *s); /* or NULL */
void session_free(struct session *s);

/* Copies what it needs; the outcome comes by on_change or on_message. */
void session_request(struct session *s, const struct request *q);
/* Evidence for a step (or NONE): its bytes are a blob before the record names it. `data` is
 * the attach object without blob and bytes. Secrets have been taken out of both already:
 * session_redact. */
void session_attach(
	struct session *s, int step, const char *data, const struct str *bytes);
/* Sets an input: secrets stay in memory (and become redaction), others become input.set. */
bool session_input(
	struct session *s, int input, const char *value, struct err *e) WARN_UNUSED;
/* Would the value do for the input? Without a session too. */
bool session_input_fits(
	const struct input *in, const char *value, struct err *e) WARN_UNUSED;
bool session_has_input(const struct session *s, int input);
/* It was given, and is on its way to the record. */
bool session_input_comes(const struct session *s, int input);
void session_answer(struct session *s, const char *text); /* of on_prompt; NULL cancels */
/* True when no request, write, look or deferred outcome is under way (jobs may run). */
bool session_idle(const struct session *s);
/* The same, though a step may still be looking at its probes. */
bool session_still(const struct session *s);

/* Before session_free: nothing starts any more. Waits until those who are told of the run
 * have heard it, at most so long; then what is not delivered, in words, or nothing. */
void session_notices_finish(struct session *s, int64_t ms, struct str *left);
/* The words are added there when the session has come to its end; `left` outlives it. */
void session_notices_to(struct session *s, struct str *left);

/* How many look on at us, and their names. */
size_t session_onlookers(const struct session *s, struct str *names);
/* Offers the run to somebody who looks on (NULL: to anybody), with what stands as its
 * summary. */
bool session_offer(struct session *s, const char *to, struct err *e) WARN_UNUSED;
/* What this operator is called: claimed, not proven. Caller frees. */
char *session_claimed_who(void);
/* A name for a console that is still to come, as journal lines have it. Caller frees. */
char *session_new_con(void);
/* It was handed over: nothing is written here any more. */
bool session_is_fenced(const struct session *s); /* by force */
bool session_has_let_go(const struct session *s);
/* Another console said that it ends this one; its name, or NULL. */
const char *session_ended_by(const struct session *s);

/* Why nothing keeps a second run of the same away, or NULL. To be said. */
const char *session_unclaimed(const struct session *s);

/* It is a practice run: a scenario plays all of it. */
bool session_practises(const struct session *s);
/* How it stands there; NULL: it is none. */
const struct pairs *session_practice_state(const struct session *s);
/* The next hint at this step (or NONE), which goes into the record; NULL: there is none. */
const char *session_hint(struct session *s, int step);

const struct run *session_run(const struct session *s);
const struct runbook *session_runbook(const struct session *s);
const char *session_who(const struct session *s);
/* Is nothing in it a secret, as far as is known? What is edited for a run is run and recorded as
 * it was written, or refused: ERR_INPUT. */
bool session_as_written(
	const struct session *s, const char *text, struct err *e) WARN_UNUSED;
const struct redact *session_redact(const struct session *s);
/* Its connections, for whoever looks at the same hosts; gone with the session. */
struct fleet *session_fleet(const struct session *s);
const char *session_dir(const struct session *s); /* of the record */
/* It was closed, and a patch of the commands that were edited lies there. */
bool session_redlines(const struct session *s);
/* What the run began with and is another text on the disk by now (or gone): it goes on with
 * what it began with. False: nothing is. */
bool session_changed_since(const struct session *s, struct str *out);
int64_t session_durable_seq(const struct session *s);
const char *session_head(const struct session *s);
/* The record goes on in another folder of runs: when its disk is full, read-only or has
 * failed. False: not now, or it is on its way already. How it ended comes by on_message or
 * on_event. */
bool session_relocate(struct session *s, const char *runs_dir, struct err *e) WARN_UNUSED;
bool session_relocating(const struct session *s);
/* A jump of the wall clock becomes a fact; for whoever has a tick. */
void session_mind_clock(struct session *s);
/* "journal #12 synced", or what is wrong; danger true then. */
const char *session_journal_words(struct session *s, bool *danger);
/* The store of the project is down, or holds something else: the words begin with that. */
bool session_store_fails(const struct session *s);
void session_link_status(const struct session *s, int target, struct link_status *out);
/* How well the job of a leg is followed now. False: none of it is under way here. */
bool session_follow(
	const struct session *s, int step, int leg, enum way way, struct job_follow *out);
/* Tries lost and failed connections now, whatever their back-off; how many there were. */
size_t session_reconnect(struct session *s);
/* Live readings, by probe index; NULL when it was never looked at. */
struct session_reading {
	enum verdict verdict;
	char value[64], unit[8], message[320], want[160];
	struct mono at;
	struct wall since;
};
const struct session_reading *session_reading(const struct session *s, int probe);
/* What a soak that is under way has seen of one of its probes. False: nothing yet. */
struct session_soak {
	int looks;
	const char *worst; /* until the next look */
};
bool session_soak(const struct session *s, int step, int probe, struct session_soak *out);
/* What stands at both ends of a copy step, for whoever is to confirm it: looks now, and
 * changes nothing. The words as far as they are known; false: nobody has looked. */
void session_copy_look(struct session *s, int step, int leg);
bool session_copy_words(const struct session *s, int step, int leg, struct str *source,
	struct str *target);
/* Looks at all probes of the runbook now (the operator trusted the content). */
void session_look_around(struct session *s);
/* From now on each probe is looked at as often as its `every:` says, as soon as the inputs
 * it names have values. For a console somebody looks at. */
void session_watch(struct session *s);
/* All of them over time: states, sparklines, changes. Never NULL. */
const struct board *session_board(const struct session *s);
void session_watched(struct session *s, enum board_watched how);
void session_look(struct session *s, int item); /* now; NONE: at all of them */
/* Silences a probe until then, or ends that (until 0): an event of the run. */
void session_mute(struct session *s, int item, struct wall until, const char *reason);

/* Choices of an input, from its look on the host. */
enum session_choices_state {
	CHOICES_NONE,
	CHOICES_LOOKING,
	CHOICES_READY,
	CHOICES_FAILED
};
struct session_choices {
	enum session_choices_state state;
	char **lines; /* harmless, NULL-terminated */
	size_t count;
	char why[320];
};
const struct session_choices *session_choices(struct session *s, int input);
void session_ask_choices(struct session *s, int input);

/* Sign-off: keys, statement for a key, sign. The signoff event is written after
 * ssh-keygen verified it. */
const struct sign_keys *session_keys(const struct session *s); /* NULL while listing */
/* Changes with each list: a statement of an older one can't be signed any more. */
int session_keys_listing(const struct session *s);
void session_list_keys(struct session *s);
/* The exact text that will be signed; frozen until session_sign or _sign_cancel. */
bool session_statement(struct session *s, int step, int key, const char *comment,
	struct str *out, struct err *e) WARN_UNUSED;
bool session_sign(struct session *s, int step, int key, struct err *e) WARN_UNUSED;
bool session_signing(const struct session *s);
void session_sign_cancel(struct session *s);

#endif
