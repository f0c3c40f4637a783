#ifndef REMOTE_LINK_H
#define REMOTE_LINK_H

/*
 * A connection to one target, behind one interface for all transports: `worker` (libssh2
 * in handrail-ssh), `openssh` (the system client over ControlMaster), `local` and `sim`.
 * What can be done on it: run one exec with bytes on stdin (all higher protocols, jobs and
 * looks, are scripts on stdin of /bin/sh). A link connects on demand, says
 * its state in words, and after a drop reconnects with back-off while somebody wants it.
 * Callbacks come from the loop, never from inside a call.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "loop/loop.h"
#include "model/runbook.h"
#include "remote/sim.h"

enum link_state {
	LINK_IDLE,      /* nobody asked yet */
	LINK_RESOLVING, /* ssh -G, known hosts */
	LINK_CONNECTING,
	LINK_ASKING, /* a prompt waits for the operator */
	LINK_READY,
	LINK_LOST,   /* was ready; tries again at retry_at */
	LINK_FAILED, /* will not try again by itself; fault says why */
	LINK_CLOSED,
};

/* Why a link failed: one list for the words, the help and the exit code (4). */
#define LINK_FAULTS(X) \
	X(NONE, "", "") \
	X(REFUSED, "connection refused", "is sshd running there, and on that port?") \
	X(UNREACHABLE, "cannot be reached", "check the network, VPN and address") \
	X(NO_SUCH_HOST, "no such host", \
		"check the name: ssh -G shows what it resolves to") \
	X(BUSY, "hung up before its greeting", \
		"too many logins at once (MaxStartups), a ban of our address, or nothing behind that port") \
	X(TIMEOUT, "did not answer in time", "check the network, VPN and firewall") \
	X(KEY_UNKNOWN, "host key is not known", \
		"compare the fingerprint, then add the key with the command shown") \
	X(KEY_CHANGED, "HOST KEY HAS CHANGED", \
		"do not go on: ask whoever runs the host; remove the old key only when they confirm") \
	X(KEY_REVOKED, "host key is revoked", \
		"do not go on: the key is marked @revoked in known_hosts") \
	X(NO_KEY, "no usable key", \
		"ssh-add a key the host accepts, or set IdentityFile for it") \
	X(TICKET, "no Kerberos ticket that it takes", \
		"kinit gets one, klist shows what there is; the host takes nothing else") \
	X(DENIED, "login refused", \
		"the host does not accept the keys offered for this user") \
	X(PASSPHRASE, "wrong passphrase", "try again; nothing was stored") \
	X(ANSWER, "answers not accepted", "try again; nothing was stored") \
	X(PROTOCOL, "cannot agree on a protocol", \
		"use `transport: openssh` for this host") \
	X(CRASHED, "transport crashed", \
		"the connection is closed; jobs on the host go on, ask again") \
	X(CANCELLED, "cancelled", "") \
	X(INTERNAL, "cannot start the transport", \
		"handrail doctor checks the installation")

enum link_fault {
#define X(id, words, help) LINK_FAULT_##id,
	LINK_FAULTS(X)
#undef X
		LINK_FAULT_COUNT
};

const char *link_state_name(enum link_state s);
const char *link_fault_name(enum link_fault f);       /* "KEY_UNKNOWN" */
enum link_fault link_fault_by_name(const char *name); /* any case; unknown: INTERNAL */
const char *link_fault_words(enum link_fault f);
const char *link_fault_help(enum link_fault f);

/* What the operator is asked: a passphrase, a password, a one-time code. The answer goes
 * to the transport only and is wiped after; NULL cancels. */
struct link_prompt {
	const char *target;
	const char *text; /* harmless */
	bool echo;
};

struct link;

struct link_status {
	enum link_state state;
	enum link_fault fault;
	char words[320];    /* whole sentence with target, harmless */
	char label[32];     /* for narrow places: "live", "reconnecting 4 s", "unknown" */
	int attempts;       /* to connect that failed since it was live last */
	int64_t silent_ms;  /* it is connected, asked, and says nothing so long; 0: no */
	int64_t heard_ms;   /* since the last word of it; -1: never */
	bool wanted;        /* something waits for it */
	char transport[16]; /* "libssh2", "openssh", "local", "sim" */
	char why_transport[160]; /* why this one, e.g. "ProxyJump" */
	char hostkey[64];        /* "SHA256:…" once known */
	char address[96];        /* user@host:port */
	int64_t retry_in_ms;
	char command[512]; /* KEY_UNKNOWN: what adds the key, one shell line; else "" */
	char crypto[160];  /* "curve25519-sha256 aes256-ctr hmac-sha2-256", may be "" */
};

struct link_calls {
	void (*on_state)(void *ctx, struct link *l);
	/* Answer later with link_answer; at most one prompt per link at a time. */
	void (*on_prompt)(void *ctx, struct link *l, const struct link_prompt *p);
	void *ctx;
};

struct doorman;
struct keyring;

struct link_opts {
	struct loop *loop;
	struct doorman *doorman; /* shared by a fleet; NULL: this link goes at once */
	struct keyring *keyring; /* the same; NULL: one of its own */
	const struct host *host; /* borrowed from the runbook */
	const char *target;      /* alias */
	struct sim *sim;         /* of a fleet, or NULL: a simulated one has its own */
	bool offline;            /* practice: whatever is not simulated is refused */
	struct link_calls calls;
	int64_t connect_timeout_ms; /* 0: 15 s */
};

struct link *link_new(const struct link_opts *o);
void link_free(struct link *l); /* ends every exec without a call */
const char *link_target(const struct link *l);
void link_status(const struct link *l, struct link_status *out);
void link_connect(struct link *l); /* no effect when on the way or ready */
/* Finds out what ssh knows of it, and so the transport and why; contacts nobody. No effect
 * when that is known or the link is no idle one. */
void link_prepare(struct link *l);
/* NULL: cancel, also of the waiting for an agent that the words tell of. */
void link_answer(struct link *l, const char *text);

/* One exec. `command` is what sshd runs ("exec /bin/sh", "exec sudo -n -u x -- /bin/sh");
 * a local link runs it by /bin/sh -c. stdin gets `input`; stays open until the exec ends
 * when keep_stdin. One that waits 45 s for a lost connection ends unsent (lost, sent
 * false), as it does at once when the link fails. Exactly one on_end per exec, also after a drop (lost = true). */
struct link_exec_end {
	bool lost; /* the connection went: what happened over there is unknown */
	bool cancelled;
	int exit;        /* -1 when unknown; never believed for a verdict */
	bool sent;       /* the command may have reached the other side */
	int64_t took_ms; /* since it was sent */
	char why[200];   /* for lost and for "could not open a channel" */
};
struct link_exec_calls {
	void (*on_out)(void *ctx, const char *p, size_t len);
	void (*on_err)(void *ctx, const char *p, size_t len);
	void (*on_end)(void *ctx, const struct link_exec_end *end);
	void *ctx;
	void (*on_open)(void *ctx); /* of a connection: it is made; may be NULL */
};
struct link_exec;
/* Queued until the link is ready (connects it); a link that fails ends it as lost. A link
 * that failed for want of a login or key stays failed until link_connect. */
struct link_exec *link_exec_start(struct link *l, const char *command, const void *input,
	size_t len, const struct link_exec_calls *calls);
/* The same, but stdin stays open until the exec ends: its EOF over there means that we
 * are gone. */
struct link_exec *link_exec_keep(struct link *l, const char *command, const void *input,
	size_t len, const struct link_exec_calls *calls);
/* The same as start, but nobody waits for its end; frees itself. */
void link_exec_fire(struct link *l, const char *command, const void *input, size_t len);
/* Not a command but a TCP connection that the target makes; bytes of it come as on_out. */
struct link_exec *link_exec_tcp(
	struct link *l, const char *host, int port, const struct link_exec_calls *calls);
/* Of one that is open; dropped otherwise. */
void link_exec_write(struct link_exec *x, const void *p, size_t len);
void link_exec_eof(struct link_exec *x); /* the same: ends its stdin */
/* Something of it may have left already. */
bool link_exec_sent(const struct link_exec *x);
/* Closes it; no call comes after. */
void link_exec_free(struct link_exec *x);
/* A ready link still carries something that was fired: worth a moment before it goes. */
bool link_exec_parting(const struct link *l);

/* The script of a simulated target, once it is ready; NULL for every other. Jobs and looks
 * answer from it: an exec on it ends at once with 0 and does nothing. */
bool link_is_simulated(const struct link *l);
bool link_is_local(const struct link *l);
struct sim *link_sim(const struct link *l);
/* Where that is, for the sim. */
struct sim_place link_place(const struct link *l);
struct loop *link_loop(const struct link *l);
const char *link_job_dir(const struct link *l); /* of its host, or NULL */
bool link_is_away(const struct link *l);        /* wanted, but not ready now */
/* Others wait for a channel, and the host gives few: let go of it soon. */
bool link_is_narrow(const struct link *l);

#endif
