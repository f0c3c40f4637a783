#ifndef REMOTE_LINKINNER_H
#define REMOTE_LINKINNER_H

/* What link.c (the state machine), link_up.c (the way to a connection), link_second.c (one
 * more where channels are few) and link_exec.c (the queue of execs) share. */

#include "remote/doorman.h"
#include "remote/keyring.h"
#include "remote/link.h"
#include "remote/resolve.h"
#include "remote/transport.h"

enum exec_state {
	EXEC_QUEUED,
	EXEC_OPEN,
	EXEC_ENDING, /* its on_end comes in the next turn */
	EXEC_ENDED,
};

struct link_exec {
	struct link *link; /* NULL: the link is gone, or it has ended */
	struct link_exec *prev, *next;
	enum exec_state state;
	struct link_conn *conn; /* that it is open on */
	uint32_t channel;
	char *command;    /* or HOST of a connection to `port` */
	int port;         /* 0: a command */
	struct str input; /* wiped once sent */
	bool keep_stdin, fired;
	struct link_conn
		*only; /* asks whether this connection lives; NULL: any will do */
	struct mono queued, sent;
	struct link_exec_calls calls;
	struct link_exec_end end;
	int turned_away; /* times that the host had no channel for it */
	struct mono not_before;
};

/* One connection. A dropped one lives on until it can be freed, without a link. */
struct link_conn {
	struct link *link;
	struct transport *t;
	bool ready;
	unsigned room; /* channels the host gives, as far as we know */
	struct mono narrow_until;
	struct mono let_go;      /* when an exec on it was closed last */
	struct mono heard;       /* last word of this connection */
	struct link_exec *pulse; /* asks it whether it lives; NULL: not asked */
};

struct link {
	struct link_opts o; /* strings in it are copies */
	char *target;
	enum link_state state;
	enum link_fault fault;
	char detail[200]; /* of the last fault, harmless */
	char hostkey[64], command[512], crypto[160];
	char notice[160]; /* what a person is to do elsewhere; "": nothing */
	struct resolve *resolve;
	struct resolve_facts facts;
	bool have_facts;
	bool wanted; /* somebody wants the connection, not only the facts */
	struct doorman_pass pass;
	struct keyring *own_ring; /* NULL: it has that of a fleet, or needed none yet */
	struct keyring_wish *wish;
	const struct transport_ops *ops;
	struct link_conn *conn;   /* NULL: none */
	struct link_conn *second; /* NULL: none */
	VEC_OF(struct link_conn *) dead;
	struct loop_timer *soon; /* deliver what may not come from inside a call */
	struct loop_timer *retry;
	struct loop_timer *pulse; /* asks silent connections whether they live */
	struct mono heard, retry_at;
	int attempts;       /* failed since it was ready last */
	struct mono trying; /* since when, towards the first connection */
	bool was_ready, state_news;
	bool asked; /* a person had a part in the login: there is no second one */
	struct doorman_pass second_pass;
	struct keyring_wish *second_wish;
	struct loop_timer *second_soon; /* NULL: not needed yet */
	struct mono second_not_before;
	int second_faults;
	struct link_exec *first, *last; /* all that have not ended, oldest first */
	uint32_t next_channel;
	struct sim *sim, *own_sim;
	struct sim_watch *sim_watch;
};

/* link_exec.c */
void link_exec_dispatch(struct link *l); /* opens what is queued */
/* Asks this connection for a sign of life; it must be freed before the connection goes. */
struct link_exec *link_exec_pulse(
	struct link *l, struct link_conn *c, const struct link_exec_calls *calls);
void link_exec_deliver(struct link *l);               /* calls on_end of what ended */
void link_exec_lose(struct link *l, const char *why); /* all of them */
void link_exec_lose_open(struct link *l, const char *why); /* those that were sent */
/* Those that were queued longer than that ago and never sent. */
void link_exec_lose_stale(struct link *l, int64_t waited_ms, const char *why);
void link_exec_lose_conn(struct link *l, const struct link_conn *c, const char *why);
bool link_exec_any(const struct link *l);
void link_exec_orphan(struct link *l); /* the link goes */
void link_exec_on_data(struct link *l, uint32_t channel, enum transport_stream stream,
	const char *p, size_t len);
void link_exec_opened(void *conn, uint32_t channel); /* as an event of the transport */
void link_exec_on_closed(struct link *l, uint32_t channel, int exit, const char *why);

/* link_words.c */
/* The shell line that adds this host key, into l->command. */
void link_make_command(struct link *l, const char *type, const void *blob, size_t len);

/* link_up.c */
void link_up(struct link *l); /* facts, the doorman, the connection */
void link_up_facts(struct link *l);
void link_up_again(struct link *l); /* when the doorman is open: facts are there */
void link_up_answer(struct link *l, const char *text);
void link_up_forget(struct link *l); /* what was on the way to a connection */
/* One more connection, whose events have it as their ctx; NULL: none could be started. */
struct link_conn *link_up_open(
	struct link *l, const struct transport_events *events, struct err *e);
/* Calls fn with the link when it may log in. */
void link_up_enter(struct link *l, struct doorman_pass *p, void (*fn)(void *ctx));

/* link_second.c */
void link_second_look(struct link *l); /* who waits, or does not, has changed */
void link_second_drop(struct link *l, const char *why);
bool link_second_in_use(const struct link *l);
void link_second_fail(struct link *l, const char *why);

/* link.c */
void link_wake(struct link *l);   /* deliver soon */
void link_demand(struct link *l); /* somebody queued an exec */
void link_set_state(struct link *l, enum link_state state);
void link_news(struct link *l); /* its words changed, not its state */
void link_fail(struct link *l, enum link_fault fault, const char *text);
void link_drop_conn(struct link *l);
void link_conn_bury(struct link *l, struct link_conn *c); /* it says nothing more */
void link_on_ready(void *ctx, const struct transport_ready *r);
void link_on_data(void *ctx, uint32_t channel, enum transport_stream stream,
	const char *p, size_t len);
void link_on_closed(void *ctx, uint32_t channel, int exit, const char *why);

#endif
