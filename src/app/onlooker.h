#ifndef APP_ONLOOKER_H
#define APP_ONLOOKER_H

/*
 * A run as somebody sees it who does not drive it: its record line by line, from its file
 * where that can be read, from the driver's console over a socket (loop/meet.h) while there
 * is one. Every line must follow the one before, and one that comes again must be the same.
 * It goes on by itself when the driver leaves and another one comes; of the account that owns
 * the record, or that we met first: nobody else stands in for it. Writes nothing.
 */

#include "event/event.h"
#include "loop/loop.h"
#include "model/project.h"
#include "model/runbook.h"

struct onlooker;

enum onlooker_state {
	ONLOOKER_ALONE,  /* nobody drives */
	ONLOOKER_MOVING, /* its console is being reached */
	ONLOOKER_WAITS,  /* somebody does, and does not answer */
	ONLOOKER_LIVE,   /* every line comes as it is written */
	ONLOOKER_BROKEN, /* what came does not follow: nothing more is believed */
	ONLOOKER_STATES
};

struct onlooker_calls {
	/* A line of the record and what it says; `hash` is the head with it. */
	void (*on_line)(void *ctx, const struct event *ev, const char *line, size_t len,
		const char *hash);
	void (*on_output)(void *ctx, uint32_t step, uint32_t leg, uint32_t way,
		const char *bytes, size_t len);
	void (*on_state)(void *ctx);
	void (*on_refused)(void *ctx, const char *why);
	void *ctx;
};

/* The run by its folder, or by the end of its id at a socket of this machine: ERR_INPUT when
 * there is none or several. Turns the loop until the runbook and all lines so far are there:
 * they are not told, but kept, until onlooker_begin. ERR_BUSY: its console does not answer and
 * the record cannot be read; ERR_RECORD: it is bad. */
struct onlooker *onlooker_new(struct loop *l, const char *run_dir, const char *word,
	const struct project *project, struct err *e) WARN_UNUSED;
/* A run that another machine drives, as the store of the project has it. Nobody waits: it is
 * coming until the runbook and all lines are there and its signatures have been checked, and
 * then may be begun. NULL: the service cannot be used. */
struct onlooker *onlooker_new_far(struct loop *l, const char *run,
	const struct project *project, struct err *e) WARN_UNUSED;
enum onlooker_arrival { ONLOOKER_COMES, ONLOOKER_THERE, ONLOOKER_NEVER };
/* NEVER: e. COMES: onlooker_words say what it waits for; nothing but time ends that. */
enum onlooker_arrival onlooker_arrives(struct onlooker *o, struct err *e);
void onlooker_free(struct onlooker *o);
/* Tells all lines there are, and from now on whatever comes. */
void onlooker_begin(struct onlooker *o, const struct onlooker_calls *calls);

struct runbook *onlooker_runbook(struct onlooker *o); /* borrowed */
const char *onlooker_dir(const struct onlooker *o);   /* NULL: another account's */
const char *onlooker_run(const struct onlooker *o);
enum onlooker_state onlooker_state(const struct onlooker *o);
/* "anna drives it (account anna, jump1/4711)": one line about the state. The first name is
 * claimed, the account is what the kernel says. */
void onlooker_words(const struct onlooker *o, struct str *out);
/* The same without what only grows older: another text is news. */
void onlooker_news(const struct onlooker *o, struct str *out);
const char *onlooker_driver(const struct onlooker *o); /* as it calls itself, or NULL */
/* Of its console, as the kernel says; NULL: none is there. */
const char *onlooker_account(const struct onlooker *o);
/* Is the driver's console of another account? */
bool onlooker_foreign(const struct onlooker *o);
/* Does it drive on another machine? */
bool onlooker_is_far(const struct onlooker *o);
/* The same: has its console said that it ended? */
bool onlooker_has_left(const struct onlooker *o);
/* Letters to the driver that nobody has answered yet, and whether they are in the store. */
size_t onlooker_unanswered(const struct onlooker *o);

/* Asks the driver; false: nobody is there to ask. Refusals come by on_refused. */
bool onlooker_hold(struct onlooker *o, const char *reason, struct err *e);
bool onlooker_go(struct onlooker *o, struct err *e);
bool onlooker_note(struct onlooker *o, const char *step, const char *text, struct err *e);
bool onlooker_offer(struct onlooker *o, const char *to, struct err *e);
bool onlooker_accept(struct onlooker *o, struct err *e);
bool onlooker_taking(struct onlooker *o, struct err *e);
bool onlooker_decline(
	struct onlooker *o, const char *step, const char *reason, struct err *e);
/* To one of another machine: a sign-off, or that one was declined. */
struct letter;
bool onlooker_letter(struct onlooker *o, const struct letter *l, struct err *e);
struct talk_sign; /* base/talk.h */
bool onlooker_sign(struct onlooker *o, const struct talk_sign *sign, struct err *e);
/* Could it be asked now? */
bool onlooker_there(const struct onlooker *o, struct err *e);
/* Of another account's or machine's run: a copy of the signers' file that its record names; NULL: none. */
const char *onlooker_signers(const struct onlooker *o);

#endif
