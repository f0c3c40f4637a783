#ifndef MODEL_RUNBOOK_H
#define MODEL_RUNBOOK_H

/*
 * What a runbook is: plain data, immutable once the loader has checked it, shared by
 * reference. Strings are owned by the runbook. Names refer to things by index, resolved
 * by the loader; NONE means there is none. A `call` step is followed by the steps of the
 * called runbook, their ids prefixed "call-id/"; their names live in a scope of their own.
 * Formats: handrail-runbook(5), handrail-config(5).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/vec.h"
#include "model/expect.h"
#include "model/recur.h"
#include "model/window.h"

enum { NONE = -1 };

/* enum, name in the file, what it is */
#define STEP_KINDS(X) \
	X(DO, "do", "a person acts and ticks") \
	X(RUN, "run", "a command on a host") \
	X(SQL, "sql", "a statement in one transaction") \
	X(HTTP, "http", "a request") \
	X(COPY, "copy", "a file to or from a host") \
	X(CHECK, "check", "probes must hold") \
	X(SOAK, "soak", "probes must hold for a time") \
	X(WATCH, "watch", "a person looks at what a command writes") \
	X(WAIT, "wait", "waits for a time") \
	X(ASK, "ask", "asks for an input") \
	X(NOTIFY, "notify", "tells others") \
	X(CHOOSE, "choose", "a branch a person decides") \
	X(CALL, "call", "another runbook") \
	X(SIGNOFF, "signoff", "a signature by role") \
	X(SCHEDULE, "schedule", "leaves obligations") \
	X(SECTION, "section", "a heading")

enum step_kind {
#define X(id, name, help) STEP_##id,
	STEP_KINDS(X)
#undef X
		STEP_KIND_COUNT
};

#define RUNBOOK_KINDS(X) \
	X(CHECKLIST, "checklist") \
	X(DEPLOY, "deploy") \
	X(MIGRATION, "migration") \
	X(ROLLBACK, "rollback") \
	X(RESTORE, "restore") \
	X(INCIDENT, "incident") \
	X(MAINTENANCE, "maintenance") \
	X(SMOKE, "smoke") \
	X(ONBOARDING, "onboarding")

enum runbook_kind {
#define X(id, name) RUNBOOK_##id,
	RUNBOOK_KINDS(X)
#undef X
		RUNBOOK_KIND_COUNT
};

#define RISKS(X) \
	X(NONE, "none", ".", "looks only") \
	X(MODERATE, "moderate", "!", "changes something") \
	X(HARD, "hard", "!!", "hard to undo") \
	X(SEVERE, "severe", "!!!", "destroys data")

enum risk {
#define X(id, name, mark, help) RISK_##id,
	RISKS(X)
#undef X
		RISK_COUNT
};

#define PROBE_KINDS(X) \
	X(HTTP, "http") \
	X(BURST, "burst") \
	X(CORS, "cors") \
	X(TLS, "tls") \
	X(TCP, "tcp") \
	X(DNS, "dns") \
	X(COMMAND, "command") \
	X(FILE, "file") \
	X(PORT, "port") \
	X(ENV, "env") \
	X(CONTAINER, "container") \
	X(HOST, "host") \
	X(SQL, "sql") \
	X(REDIS, "redis") \
	X(PROM, "prom") \
	X(METRICS, "metrics") \
	X(LOG, "log") \
	X(CRON, "cron") \
	X(GIT, "git") \
	X(CI, "ci")

enum probe_kind {
#define X(id, name) PROBE_##id,
	PROBE_KINDS(X)
#undef X
		PROBE_KIND_COUNT
};

enum input_type {
	INPUT_TEXT,
	INPUT_NUMBER,
	INPUT_CHOICE,
	INPUT_MULTI,
	INPUT_VERSION,
	INPUT_DATE,
	INPUT_FILE
};
enum secret_from { SECRET_NOT, SECRET_ENV, SECRET_FILE, SECRET_ASK, SECRET_COMMAND };
enum evidence_kind {
	EVIDENCE_NOTHING,
	EVIDENCE_TEXT,
	EVIDENCE_LINK,
	EVIDENCE_VALUE,
	EVIDENCE_FILE
};
enum on_failure { ON_FAILURE_STOP, ON_FAILURE_ASK, ON_FAILURE_GOTO };
struct scenario; /* model/scenario.h */
enum host_via { HOST_SSH, HOST_LOCAL, HOST_SIM };
enum host_transport { HOST_AUTO, HOST_LIBSSH2, HOST_OPENSSH };

struct pair {
	char *key;
	char *value;
	int line;
};
struct pairs {
	VEC_OF(struct pair) list;
};
const char *pairs_get(const struct pairs *p, const char *key); /* NULL if absent */

struct strings {
	VEC_OF(char *) list;
};

struct ints {
	VEC_OF(int) list;
};

/* One machine. A host of the file with `ssh: [a, b]` has one target per alias. */
struct target {
	char *id; /* identity in record and jobs: the ssh alias; "local" */
	int host; /* index of its struct host */
};

struct host {
	char *name;
	enum host_via via;
	enum host_transport transport;
	char *job_dir;             /* NULL: the default */
	char *sim_file;            /* HOST_SIM */
	struct scenario *scenario; /* of that file, referenced */
	int first_target, target_count;
	int line;
};

struct input {
	char *name;
	int scope;
	char *ask; /* the question */
	enum input_type type;
	char *fallback; /* `default:`; NULL */
	struct pattern *pattern;
	char *pattern_text;
	char *choices;          /* SHELL whose output lines are offered; NULL */
	struct strings options; /* a written list of choices */
	int host;               /* of choices; NONE: this machine */
	enum secret_from from;  /* SECRET_NOT: an ordinary input */
	char *from_value;
	int line;
};

struct http_spec {
	char *method; /* "GET" */
	char *url;    /* with ${names} */
	struct pairs headers;
	char *body;
};

struct probe {
	char *name;
	int scope;
	enum probe_kind kind;
	char *subject;         /* value of the kind's key: URL, command, path ... */
	struct http_spec http; /* PROBE_HTTP */
	struct pairs args;     /* every other key, as text; checked against the table */
	int host;              /* where a command runs; NONE: this machine */
	int through;           /* host whose connection carries it; NONE */
	struct ints needs_hosts, needs_probes; /* without which it can't be good */
	struct expect *expect, *warn;
	int steady, of; /* 1, 1 when not given */
	bool shared;    /* of handrail.yaml: the same in every runbook */
	bool draft;     /* of an import: only a step looks at it */
	int64_t every_ms, timeout_ms;
	int line;
};

struct option {
	char *label, *says;
	int go; /* step index, or NONE: on with the next */
};

/* What a schedule step leaves behind. */
struct duty {
	char *title, *role; /* role may be NULL */
	char *every_text;   /* as written; NULL: once */
	struct recur due, every;
	struct ints probes; /* that settle it */
};

struct undo {
	char *text; /* SHELL; NULL: none */
	int host;
	enum risk risk;
	struct expect *expect; /* NULL: exit 0 */
};

struct condition {
	char *key;   /* "env", "input.tag", "step.scan" */
	char *value; /* glob with * */
};

struct saved {
	char *name;
	char *pointer; /* JSON pointer, or NULL: the whole output, trimmed */
};

struct step {
	char *id;     /* unique in the runbook, "call/step" inside a call */
	char *number; /* "3.2": display only */
	enum step_kind kind;
	int index;   /* position in runbook.steps */
	int section; /* index of its section step, or NONE */
	int call;    /* index of the call step it came from, or NONE */
	int scope;
	char *title; /* never NULL */
	char *text; /* do text, shell, sql, request, question, section title, notify text */
	char *why, *explain, *sample, *opens;
	struct pairs links;
	struct {
		VEC_OF(struct condition) list;
	} when;
	struct ints needs;
	enum evidence_kind evidence;
	/* acting steps */
	int host;               /* NONE: this machine */
	char *as, *dir, *shell; /* shell: interpreter, NULL: the default */
	struct pairs env;
	bool tty;
	struct {
		VEC_OF(struct saved) list;
	} save;
	struct strings each; /* empty: once */
	int retries;
	int64_t retry_wait_ms;
	enum risk risk;
	char *confirm; /* phrase with ${names} */
	bool two_person;
	struct ints before; /* probes */
	struct undo undo;
	char *irreversible;
	int64_t timeout_ms, kill_after_ms; /* 0: none */
	int serial, batch_pct, max_failures;
	enum on_failure on_failure;
	int on_failure_go;
	struct expect *expect, *warn;
	struct http_spec http;
	char *copy_from, *copy_to, *copy_mode; /* as written; mode NULL: 0600 */
	struct copy_place {
		int host;   /* NONE: this machine */
		char *path; /* with ${names} */
	} copy_source, copy_target;
	struct strings watched; /* watch: names of logs and commands, as written */
	struct strings
		panes; /* and the SHELL that each of them is; more than one: `each` */
	char *service, *dsn, *verify_sql;
	/* looking steps */
	struct ints probes; /* check, soak */
	struct ints aborts; /* soak: a bad one ends it at once */
	int64_t within_ms, for_ms, every_ms;
	/* asking steps */
	int input;
	struct {
		VEC_OF(struct option) list;
	} options;
	int64_t wait_ms;
	char *wait_until;
	struct {
		VEC_OF(struct duty) list;
	} duties; /* schedule */
	/* sign-off */
	char *role, *says;
	bool not_runner;
	struct strings not_roles, after;
	struct ints changed; /* the git probe whose change asks for it; or none */
	int count;
	int line, col;
	char *file;        /* the file the step stands in */
	int source_line;   /* of the page it was imported from; 0: it was not */
	char *source_kind; /* "task", "fence" ...; NULL */
	bool added;        /* for one run only: it stands in no file */
	char *added_after; /* the step that was at hand then, or NULL */
	char *host_gone; /* added: the host it was for is not in the file any more; it is
			    * a step that nobody starts and nobody ticks. NULL: it is there */
};

enum { RUNBOOK_ADDED_MAX = 16 }; /* steps that one run may add */

struct scope {
	char *prefix;      /* "" or "call-id/" (nested: "a/b/") */
	struct pairs with; /* values given to its inputs by the call */
	int parent;        /* NONE for the runbook itself */
};

struct log_source {
	char *name;
	int scope, host;
	struct pairs args;
};

struct container_group {
	int host; /* NONE: this machine */
	char *project, *name;
	char *dir, *env_file; /* of compose, on the host */
	struct strings compose, profiles, services;
};

struct role {
	char *name;
	struct strings principals;
};

struct source {
	char *path;
	char sha256[DIGEST_HEX + 1];
	char *text; /* whole file, for the blob of the record */
	size_t len;
};

struct runbook {
	int refs;
	char *name; /* file stem */
	char *path;
	struct {
		VEC_OF(struct source) list;
	} sources; /* [0] is the runbook itself, then called ones */
	char *title, *why, *owner;
	enum runbook_kind kind;
	char *reviewed_last;
	int64_t reviewed_every_ms;
	char *source_file, *source_sha256; /* of the page it was imported from; NULL */
	struct pairs contacts, links;
	struct strings aliases, tags, environments;
	char *environment, *badge; /* the one chosen, or NULL */
	struct pairs env_inputs;   /* input values of the environment */
	struct strings bursts;     /* servers that burst probes may hit there */
	bool notifies;             /* the project says whom notify steps tell */
	struct windows windows; /* of the environment; owns every zone of the runbook */
	bool arming;            /* a run there observes until it is armed */
	struct strings may_arm, armers; /* roles, and who has them; none: anybody may */
	struct duty *duty; /* duty_reduce: the one obligation it is about; NULL */
	struct {
		VEC_OF(struct scope) list;
	} scopes;
	struct {
		VEC_OF(struct input) list;
	} inputs;
	struct {
		VEC_OF(struct host) list;
	} hosts;             /* of the file and of the environment */
	bool declares_hosts; /* the file itself has some */
	struct {
		VEC_OF(struct target) list;
	} targets;
	struct {
		VEC_OF(struct probe) list;
	} probes;
	struct {
		VEC_OF(struct log_source) list;
	} logs;
	struct {
		VEC_OF(struct container_group) list;
	} containers;
	struct {
		VEC_OF(struct role) list;
	} roles;
	struct {
		VEC_OF(struct step) list;
	} steps;
	char *rollback;            /* name of the runbook that leads back, or NULL */
	int rollback_first;        /* first step of an inline rollback section, or NONE */
	char *allowed_signers;     /* path, resolved against handrail.yaml; or NULL */
	struct scenario *scenario; /* it is practised in this one; or NULL */
};

struct runbook *runbook_new(void);
struct runbook *runbook_ref(struct runbook *rb);
void runbook_unref(struct runbook *rb);

const char *step_kind_name(enum step_kind k);
bool step_kind_acts(
	enum step_kind k); /* run, sql, http, copy: has legs, risk, a way back */
bool step_kind_looks(enum step_kind k); /* check, soak: proven by probes */
bool step_kind_has_legs(
	enum step_kind k); /* what acts, and watch: something for each host */
const char *runbook_kind_name(enum runbook_kind k);
const char *risk_name(enum risk r);
const char *risk_mark(enum risk r);
const char *probe_kind_name(enum probe_kind k);

/* One more step at that place, behind all others, none of which moves; blank but for its
 * index. What a run before added there goes. NULL: there is no more room. Only for
 * run/added.c. */
struct step *runbook_add_step(struct runbook *rb, size_t at);

/* By id or display number; NONE if there is no such step. */
int runbook_find_step(const struct runbook *rb, const char *id_or_number);
int runbook_find_input(const struct runbook *rb, int scope, const char *name);
int runbook_find_probe(const struct runbook *rb, int scope, const char *name);
/* Full name of an input or saved value: scope prefix + name. */
char *runbook_full_name(const struct runbook *rb, int scope, const char *name);
/* Highest risk of any step. */
enum risk runbook_risk(const struct runbook *rb);
/* Canonical text of a step: every field that decides what it does. */
void step_canonical(const struct runbook *rb, const struct step *s, struct str *out);
/* The same of a probe: what it looks at, and what good looks like. */
void probe_canonical(const struct runbook *rb, const struct probe *p, struct str *out);
/* Its sha256, which pins the step. Made when it is asked for: few of many steps are. */
void step_digest(
	const struct runbook *rb, const struct step *s, char out[DIGEST_HEX + 1]);

#endif
