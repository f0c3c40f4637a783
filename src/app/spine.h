#ifndef APP_SPINE_H
#define APP_SPINE_H

/*
 * The inside of a session, shared by its own files only: session.c (the spine: decide,
 * write, apply, publish), life.c (made, resumed, left), moving.c (its record goes to another
 * disk), outfit.c (what a run.open says),
 * outcome.c (effects out, outcomes back), printing.c (what they print), sqldoing.c (a
 * transaction), serving.c (whoever looks on, what they ask and sign), onlooking.c (we look on ourselves), claim.c (one
 * run at a time), webdoing.c (a request), copydoing.c (a file), watchdoing.c (what somebody
 * looks at), stopping.c (cancel), looking.c (probes), soaking.c
 * (how long probes have held), refusing.c (a host that would not), reaching.c (its hosts), turning.c (what the board tells the record), notifying.c
 * (webhooks), leasing.c (who drives, says the store), fencing.c (and the hosts), asking.c (inputs, prompts), choosing.c
 * (what there is to choose from), bidden.c (secrets of a command), signing.c, attaching.c (evidence). Nobody else includes this.
 */

#include "app/anchoring.h"
#include "app/bidden.h"
#include "app/leasing.h"
#include "app/mirroring.h"
#include "app/session.h"
#include "app/watching.h"
#include "base/jsonout.h"
#include "base/redact.h"
#include "journal/blob.h"
#include "remote/fleet.h"
#include "remote/http.h"
#include "run/notice.h"

enum { SPINE_OUTPUT_KEPT = 1 << 20 }; /* bytes of an answer that are judged and saved */

/* A request that waits its turn, with everything it points to. */
struct queued {
	struct request q;
	char *name, *text, *evidence, *reason, *typed, *role, *data, *who, *boot_id,
		*warning, *account, *via;
	struct facts facts;
	struct spool *spool; /* sealed on the writer thread before decide */
	struct spool_sealed sealed;
	int64_t offset; /* of what is sealed, in all that was printed */
	bool has_facts;
};

/* A command under way for one leg. */
struct doing {
	int step, leg, attempt;
	enum way way;
	struct session *s;
	struct job *job;
	struct look *look;
	struct sqldoing *sql;
	struct webdoing *web;
	struct copydoing *copy;
	struct watchdoing *watch;
	struct playdoing *play;
	struct spool *spool;
	int64_t spool_from; /* bytes of it that were put away before this spool */
	int pieces;         /* spools before it */
	struct str output;  /* first SPINE_OUTPUT_KEPT bytes, for the judge */
	int64_t bytes, told_bytes;
	struct mono began, told_at;
	bool itself;            /* no command: this console does it */
	bool resumed;           /* asked what became of it, not started by us */
	bool ended;             /* to be swept */
	bool clean;             /* once its outcome is durable, the host's copy goes */
	bool stopping;          /* the host has not replied to a cancel yet */
	struct mono stop_heard; /* waited for until then */
	char stop_reply[220];   /* the last one that was written down */
	char *as_password;
};

/* Environment of a step: inputs and saved values of its scope, its env:, HANDRAIL_*.
 * Names and values are owned by the vector. */
struct asking_env {
	VEC_OF(struct job_env) list;
};

struct looking { /* a probe that a step waits for, under way */
	int step;
	int probe;
	struct session *s;
	struct probe_look *look;
	struct loop_timer *later; /* NULL: at once */
	bool came;                /* it is being told */
	bool under_way; /* the step was: once that is over, nobody waits for it */
	struct asking_env env;
	char *asked; /* of a sign-off: which revisions; else NULL */
};

struct soaking { /* what a soak has seen of one of its probes since it began */
	int step, probe;
	int64_t began_seq; /* of the step.enter: another one is another soak */
	int looks;
	uint32_t bad; /* one bit for each of the last looks, newest lowest */
	enum verdict worst_verdict;
	double worst_number;
	bool has_number;
	char worst[80];
	struct mono last;
};

struct choosing {
	struct session *s;
	int input;
};

struct asked { /* somebody wants an answer of a person */
	enum { ASKED_LINK, ASKED_SIGN, ASKED_AUTHORITY, ASKED_SUDO, ASKED_SECRET } kind;
	char *from, *text;
	bool echo;
	struct link *link;
	struct doing *doing;
	int input; /* ASKED_SECRET */
};

struct session {
	struct loop *loop;
	struct session_calls calls;
	struct mono leave_by; /* session_free waits no longer than this */
	struct runbook *runbook;
	const struct project *project;
	enum run_mode mode;
	bool parting; /* only what comes from outside is taken: nothing starts any more */
	struct str *left; /* what was not delivered is added here at the end; or NULL */
	bool redlines;    /* a patch of edited commands was written */
	bool solved;      /* practice: it is on record, or on its way there */
	bool quiet;       /* here to write something down: nothing starts by itself */
	struct run *run;
	struct journal *journal;
	struct fleet *fleet;
	char (*hostkeys)[64];      /* by target: fingerprints as far as known */
	const char **hostkey_list; /* the same for a request */
	struct http *http;
	struct redact *redact;
	struct map secrets;    /* full name -> char *, wiped at the end */
	struct bidden *bidden; /* those that a command prints; NULL: none */
	struct map
		secrets_next; /* the same: others, once the record says that they are */
	char *who, *con, *process;
	char *dir;             /* of the record */
	char *base_dir;        /* of the runbook: relative sim files */
	char *key;             /* to sign with, offered first; or NULL */
	char *allowed_signers; /* path of the file in force, or NULL */

	struct {
		VEC_OF(struct queued *) list;
	} queue;
	struct queued *current; /* being decided or written */
	struct journal_batch *batch;
	struct effects effects; /* of the batch */
	bool writing;
	bool wrote;
	struct err write_err;
	bool stalled; /* the disk said no; tried again by timer */
	struct moving {
		bool on;        /* the writer copies the record */
		char *runs_dir; /* to there */
		char *old_dir;
		struct err why; /* what the old disk said */
		struct err e;   /* what the new one says */
		bool ok;
	} moving;
	int64_t clock_ahead_ms; /* of wall over mono, when last looked at */
	bool pumping;           /* the pump timer is set */
	struct loop_timer *pump, *retry, *sweep;
	struct loop_timer *deadline;

	struct {
		VEC_OF(struct doing *) list;
	} doings;
	struct {
		VEC_OF(struct looking *) list;
	} lookings;
	struct {
		VEC_OF(struct soaking) list;
	} soakings;
	struct peeking *peeking;   /* what stands at both ends of a copy, or NULL */
	struct watching *watching; /* the board, and who looks for it */
	struct session_reading *readings; /* by probe, made when they are asked for */
	bool look_around;                 /* once, when this batch is carried out */
	bool new_values;            /* by it: what probes look at may be known now */
	enum board_watched watched; /* as soon as the run is open */
	struct session_before {     /* the first look of the run, by probe */
		enum verdict verdict;
		char *message; /* NULL: none yet */
	} * before;
	bool *went_down; /* by item: the record says so */
	struct {
		int item; /* NONE: none is asked for */
		struct vital_mute mute;
	} muting;
	bool snapshot_due;               /* of a new run, once every probe has answered */
	struct session_choices *choices; /* by input */
	struct look **choice_looks;
	struct choosing *choosing; /* by input: whom a list of choices is for */
	struct {
		VEC_OF(struct asked *) list;
	} asked; /* [0] is on screen */

	struct notifying *notifying;     /* NULL: nobody is told */
	struct anchoring *anchoring;     /* of a live run */
	struct authorizing *authorizing; /* NULL: nothing was to be signed yet */
	bool authorizing_due;            /* by this batch */
	struct mirroring *mirroring;     /* NULL: there is no store */
	struct leasing *leasing;   /* the same, and until its first line is written */
	struct inboxing *inboxing; /* what others elsewhere ask; NULL likewise */
	bool took_elsewhere;       /* another machine drove this run */
	struct str cons;           /* that have written the record, with blanks between */
	struct serving *serving;   /* whoever looks on; NULL: nobody can */
	struct onlooker *onlooker; /* this is not the driver: it only looks on; or NULL */
	bool begun_here;           /* the run, in this process */
	struct fencing *fencing;   /* hosts that are told of a new driver; NULL: none */
	bool fence_due;
	bool fenced;    /* another driver has shown itself */
	bool let_go;    /* of the run: another console writes its record from here on */
	bool onlooking; /* the same, also while it is made */
	char *ended_by; /* another console is about to end this one; or NULL */
	struct mono ended_at; /* when it said so */
	int claim;            /* lock of what is run, or -1 */
	int claim_shared;     /* the same between accounts, or -1 */
	char *unclaimed;      /* why one of them is missing; or NULL */

	struct sign *lister, *signer, *checker;
	struct sign_keys *keys;
	int keys_listing; /* so many lists came */
	bool signing_busy;
	struct signing {
		int step, key;
		char *stmt, *time;
		char *sig;
	} signing;
	char words[320];
};

/* session.c */
void spine_queue(struct session *s, struct queued *take);
struct queued *spine_queued(const struct request *q); /* copies the strings */
void spine_changed(struct session *s);
void spine_message(struct session *s, const struct err *e);
void spine_queue_first(struct session *s, struct queued *take);
void spine_requeue(struct session *s); /* the current request waits again, as the first */
void spine_pump(struct session *s);
/* From here on nobody is told anything, and nothing starts by itself. */
void spine_part(struct session *s);
/* room.c: is there room for these events beside the ending of what runs? */
bool spine_room(struct session *s, const struct events *evs, struct err *e) WARN_UNUSED;
/* Somebody else drives this run: the host says so, or the record. */
void spine_fenced(struct session *s, const char *why);
void spine_begin(struct session *s);
void spine_end(struct session *s);

/* outfit.c: who and where we are, and the data of run.open and run.resume */
char *outfit_who(void);
char *outfit_con(void);
bool outfit_open(struct session *s, const struct session_opts *o, struct str *data,
	struct err *e) WARN_UNUSED;
void outfit_resume(struct session *s, struct str *data);
/* On resume: the signers' file of run.open is the one that counts. */
void outfit_adopt(struct session *s, const struct event *open_event);
/* The runbook as the record keeps it. */
struct runbook *outfit_runbook(
	const char *run_dir, const struct project *p, struct err *e) WARN_UNUSED;
/* What of it closes one obligation. */
struct runbook *outfit_duty(const char *run_dir, const struct project *p,
	const char *duty, struct err *e) WARN_UNUSED;

/* notifying.c */
void notifying_start(struct session *s); /* journal and runbook are there */
void notifying_event(struct session *s, const struct event *ev); /* applied */
void notifying_states(struct session *s);
bool notifying_busy(const struct session *s);
void notifying_release(struct session *s);

/* practising.c */
void practising_start(struct session *s);                         /* the record is read */
void practising_event(struct session *s, const struct event *ev); /* applied */

/* moving.c */
/* The journal is in another folder already: the session follows, and tells the record. */
void moving_told(struct session *s);
/* What the console knows of the outside survives a disk that fails: it is written as soon
 * as there is one. What a person asks for meanwhile is refused. */
bool moving_keeps(const struct queued *q);

/* serving.c */
void serving_start(struct session *s);
void serving_event(struct session *s); /* there are new lines on the disk */
void serving_output(struct session *s, int step, int leg, enum way way, const char *bytes,
	size_t len);
bool serving_busy(const struct session *s); /* somebody has not got all lines yet */
void serving_release(struct session *s);

/* onlooking.c: a session that does not drive */
void onlooking_request(struct session *s, const struct request *q);
void onlooking_words(struct session *s, bool *danger);
void onlooking_release(struct session *s);

/* life.c: what was edited for this run, as a patch for the file */
void spine_redlines(struct session *s);
/* claim.c: one run at a time of a runbook in an environment */
bool claim_take(struct session *s, struct err *e) WARN_UNUSED;
void claim_tell(struct session *s); /* the run has its id */
void claim_release(struct session *s);

/* refusing.c: nothing ran, and the record says why */
void refusing_start(struct doing *d, const char *why);
void refusing_fence(struct doing *d, const char *why);

/* stopping.c */
void stopping_cancel(struct doing *d);
/* The job is over, and what its host says of the cancel may still come. */
bool stopping_listens(const struct doing *d);

/* outcome.c */
void outcome_carry(struct session *s, const struct effect *fx);
void outcome_release(struct session *s);
void outcome_sweep(void *session);
/* sudo's password, or NULL: not given. */
/* A secret that a job found again was given, so that the rest of its output is redacted. */
void outcome_secret_answer(struct session *s, struct doing *d, bool given);
void outcome_sudo_answer(struct session *s, struct doing *d, const char *password);
struct request outcome_request(const struct doing *d, enum request_kind kind);
struct leg *outcome_leg(const struct doing *d);
/* LOST or NOT_STARTED, with a state word for the first, and why. */
void outcome_lost(
	struct doing *d, enum request_kind kind, const char *state, const char *why);
/* It ended and this was measured; what it printed is in the spool. Nothing follows. */
void outcome_measured(struct doing *d, int exit, struct facts *take,
	const char *why);             /* why: or NULL */
void outcome_forget(struct doing *d); /* freed in a later turn */
/* sudo wants a password: a person is asked, and the doing goes on with the answer. */
void outcome_sudo_ask(struct doing *d);
/* The next spool of what it prints; the one before is somebody else's. */
void outcome_spool(struct doing *d);

/* printing.c */
void printing_output(void *doing, const char *p, size_t len);   /* redacted already */
void printing_show(struct doing *d, const char *p, size_t len); /* not for the record */
/* Fills q->data from the sealed spool, before decide. */
void printing_sealed(struct session *s, struct queued *q);
/* attaching.c: the same for evidence */
void attaching_sealed(struct queued *q);

/* sqldoing.c: the transaction of a step. False: it said why, and there is nothing. */
struct sqldoing;
bool sqldoing_start(struct doing *d, enum effect_kind how) WARN_UNUSED;
void sqldoing_commit(struct sqldoing *q); /* it is on record which one it is */
void sqldoing_cancel(struct sqldoing *q);
void sqldoing_free(struct sqldoing *q);

/* webdoing.c: the request of a step, in the same way */
struct webdoing;
bool webdoing_start(struct doing *d, enum effect_kind how) WARN_UNUSED;
void webdoing_cancel(struct webdoing *w);
void webdoing_free(struct webdoing *w);

/* playdoing.c: any of them in practice, answered by the scenario */
struct playdoing;
bool playdoing_plays(const struct session *s, enum step_kind k);
bool playdoing_start(struct doing *d, enum effect_kind how) WARN_UNUSED;
void playdoing_cancel(struct playdoing *p);
void playdoing_free(struct playdoing *p);

/* watchdoing.c: what a person looks at, in the same way */
struct watchdoing;
bool watchdoing_start(struct doing *d, enum effect_kind how) WARN_UNUSED;
/* With the password that sudo wants. False: it said why, and there is nothing. */
bool watchdoing_again(struct watchdoing *w) WARN_UNUSED;
void watchdoing_cancel(struct watchdoing *w);
void watchdoing_free(struct watchdoing *w);

/* copydoing.c: the file of a copy step, in the same way */
struct copydoing;
bool copydoing_start(struct doing *d, enum effect_kind how) WARN_UNUSED;
bool copydoing_again(struct copydoing *c) WARN_UNUSED;
void copydoing_commit(struct copydoing *c); /* its sum is on record */
void copydoing_cancel(struct copydoing *c);
void copydoing_free(struct copydoing *c);
void copydoing_release(struct session *s); /* the look before it */

/* looking.c */
void looking_begin(struct session *s);
void looking_start(struct session *s, int step, int probe, int64_t delay_ms);
bool looking_for_step(const struct session *s);
/* turning.c: what of the board is a fact of the run */
void turning_tell(struct session *s, int item);
void turning_snapshot(struct session *s);
void turning_muted(struct session *s); /* its event is on disk */
void looking_release(struct session *s);

/* soaking.c */
/* A look of a soak came: counted, and what the engine must know of it put into the request. */
void soaking_note(struct session *s, const struct probe_reading *r, struct request *q);
void soaking_words(const struct session *s, int step, int probe, struct jsonout *j);

/* asking.c */
void asking_add(struct session *s, struct asked *take);
void asking_release(struct session *s);
/* Secrets that can be had without a person are known before anything is shown or written:
 * a step may print one that it does not name. */
void asking_foresee(struct session *s);
bool asking_env(struct session *s, const struct step *st, const struct leg *leg,
	enum way way, struct asking_env *out, struct err *e) WARN_UNUSED;
/* A secret came from its command. */
bool asking_secret_came(struct session *s, const char *full, const char *value,
	struct err *e) WARN_UNUSED;
/* First secret of a step that only a person knows and nobody has given here; or NONE. */
/* What is edited or added holds no secret; ERR_INPUT. */
bool asking_as_written(
	const struct session *s, const struct request *q, struct err *e) WARN_UNUSED;
/* Of values that say until when is waited: their zones are known from then on. */
void asking_zones(struct session *s);
/* An event is on disk: another secret is used from now on. */
void asking_event(struct session *s, const struct event *ev);
int asking_secret_wanted(const struct session *s, int step, enum way way);
/* Of an input, also of a secret that can be had without a person; else NULL. For probes: what
 * is measured is redacted. */
const char *asking_value(struct session *s, const char *full);
void asking_env_scope(struct session *s, int scope, struct asking_env *out);
void asking_env_release(struct asking_env *env);
/* For a text with ${names}: what the run itself is called, then the environment. */
struct asking_names {
	const struct session *s;
	const struct step *step;
	const struct asking_env *env;
	const char *host;
};
const char *asking_named(const void *names, const char *name);

/* choosing.c: what there is to choose from */
void choosing_release(struct session *s);

/* fencing.c: hosts are told that this console drives the run now */
void fencing_start(struct session *s);
void fencing_reached(struct session *s, const struct link *l); /* its state changed */
bool fencing_busy(const struct session *s); /* a host that is being reached is told yet */
/* ", 1 of 3 hosts know this driver" while that is so of a run that was taken elsewhere. */
void fencing_words(const struct session *s, struct str *out);
void fencing_release(struct session *s);

/* authorizing.c: who opens, takes over or breaks the glass signs that */
void authorizing_event(struct session *s, const struct event *ev); /* applied */
void authorizing_batch(struct session *s); /* and so is all that was written with it */
void authorizing_answer(struct session *s, const char *text);
bool authorizing_busy(const struct session *s);
void authorizing_release(struct session *s);

/* signing.c */
/* A second person is none of those who run it, nor holds a key that is one of theirs; nor is who
 * signs where the runner may not. */
struct sign_key;
bool signing_fits(
	struct session *s, int step, const struct sign_key *k, struct err *e) WARN_UNUSED;
/* Data of a signoff, of a signature that holds. */
void signing_data(const char *role, const struct sign_key *k, const char *statement,
	const char *sig, struct str *out);
void signing_release(struct session *s);
void signing_prompt_answer(struct session *s, const char *text);

/* inboxing.c: letters from other machines (share/inbox.h) */
void inboxing_event(struct session *s); /* there are new lines on the disk */
void inboxing_refused(struct session *s, const struct err *e); /* what one asked for */
void inboxing_written(struct session *s, const struct err *e); /* it is a record; or e */
bool inboxing_busy(const struct session *s);
void inboxing_release(struct session *s);

#endif
