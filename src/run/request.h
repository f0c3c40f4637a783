#ifndef RUN_REQUEST_H
#define RUN_REQUEST_H

/*
 * What a person, a timer or an outcome asks of a run. Plain data; strings are borrowed for
 * the call of decide. Whoever asks fills only the fields its row names.
 */

#include <stdbool.h>
#include <stdint.h>

#include "model/expect.h"

/* kind, fields it reads, what it is */
#define REQUESTS(X) \
	/* people */ \
	X(OPEN, "data", "begin the run; data is the whole run.open object") \
	X(RESUME, "data name typed", \
		"take it up again; name: whoever does so is the driver from now on, though " \
		"somebody else was; typed: though it was handed to somebody else") \
	X(JUMPED, "data", "the wall clock jumped; data says by how much") \
	X(RELOCATED, "data", "the record moved to another disk; data says why") \
	X(INPUT, "name text step", \
		"set an input: by its full name (answers the ask step whose turn it " \
		"is), or with name NULL by its ask step") \
	X(TICK, "step tick text evidence reason", \
		"mark a step: done, na, by-hand, failed") \
	X(UNTICK, "step", "take my last mark back") \
	X(SKIP, "step reason", "skip with a reason") \
	X(START, "step way typed shown_ms leg hostkeys", \
		"start (or retry) an acting or checking step") \
	X(LOOK, "step", \
		"look now at what must be good `before`, at what changed for a sign-off") \
	X(CHOOSE, "step option", "decide a branch") \
	X(CANCEL, "step leg reason", "stop what runs") \
	X(RESOLVE, "step leg as evidence", "settle an unknown outcome") \
	X(HOLD, "reason", "nothing new starts") \
	X(ARM, "typed shown_ms text", \
		"let it act: typed is the name of the environment; text `command`: a command " \
		"without a person arms it; text `off`: it observes again") \
	X(GO, "", "end the hold") \
	X(OFFER, "name text", \
		"offer the run to whoever `name` is (NULL: anybody), with a summary of it; " \
		"without text the offer is taken back") \
	X(YIELD, "name", "let go of the run: it was offered, and that one takes it") \
	X(REDLINE, "step text reason", \
		"edit the command of a step for this run only; text is all of it") \
	X(ADD, "step data reason", \
		"add a step for this run only, at the side of that one; data is what " \
		"run/added.h makes of it") \
	X(NOTE, "step text name drill", \
		"add a note; name: the number of a record that it corrects; drill: what it is " \
		"to practice, for the session alone") \
	X(ATTACH, "step data reason", \
		"add evidence; data is the attach object, NULL when its bytes could not be " \
		"kept, reason says why") \
	X(MUTE, "name until_ms reason", "silence a probe until then, or end that (0)") \
	X(SIGNED, "step role data who", \
		"a verified signature; data is the signoff object") \
	X(DECLINED, "step role reason", "declined to sign") \
	X(BREAKGLASS, "name reason text", \
		"pass a gate by force: its name, why, a ticket") \
	X(POSTPONE, "text reason", \
		"what this run would close is due later: text is the time") \
	X(RELEASE, "reason", "what this run would close is no longer owed") \
	X(BACK, "typed shown_ms", \
		"lead the run back, or go on with that: typed is the phrase of run/back.h") \
	X(BACK_END, "reason", "end the way back before its end") \
	X(LEAVE, "step leg way reason", \
		"leave a host out of a step, or what ran there as it is") \
	X(CLOSE, "text reason", \
		"end the run: result is computed; reason is what is owed on its target, which a " \
		"release closes only after; text stop closes it unfinished, reason says why") \
	/* outcomes */ \
	X(STARTED, "step leg attempt way pid boot_id warning hostkeys", \
		"the host says it runs") \
	X(OUTPUT, "step leg attempt way data", \
		"a piece of output was put away; data is the event's") \
	X(ENDED, "step leg attempt way exit facts data took_ms", \
		"it ended; data is the output object") \
	X(LOST, "step leg attempt way text reason", \
		"outcome unknown: state word and why") \
	X(NOT_STARTED, "step leg attempt way reason", "certainly nothing ran") \
	X(STOPPED, "step leg attempt way text", \
		"what the host says of a cancel: terminated, killed, gone, ...") \
	X(TURNED, "name data verdict", \
		"a probe or host of the board went down or came back; data is the probe.result") \
	X(BACKEND, "name text reason", \
		"something that is told of the run does not answer, or does again") \
	X(AUTHORITY, "data who", \
		"who acted has signed that, or why not; data is the authority object") \
	X(ANCHORED, "data", "somebody else holds a head; data is the anchor object") \
	X(SNAPSHOT, "data", "the first readings of a run; data is a list of them") \
	X(READING, "step probe data verdict looks bad unwatched_ms name", \
		"a probe answered; data is the probe.result object; name: of a sign-off, which " \
		"revisions were asked for") \
	/* time */ \
	X(CLOCK, "hostkeys", "a deadline of run_deadline() has come")

enum request_kind {
#define X(id, fields, help) REQ_##id,
	REQUESTS(X)
#undef X
		REQ_COUNT
};

enum tick { TICK_DONE, TICK_NA, TICK_BY_HAND, TICK_FAILED };
enum way { WAY_FORWARD, WAY_BACK }; /* the step itself, or its undo */
enum resolve_as { RESOLVE_DONE, RESOLVE_FAILED, RESOLVE_NOTHING_RAN };

enum { LEG_ALL = -1 };

struct request {
	enum request_kind kind;
	const char *who; /* principal; NULL: the driver */
	const char *
		account; /* of who asks at a socket, as the kernel says; NULL: nobody does */
	const char *via; /* an object of what brought it from another machine, for the
			  * record; NULL: nothing did */
	int step;        /* index */
	int leg;         /* index in the step's legs, LEG_ALL for START */
	int attempt;
	enum way way;
	enum tick tick;
	enum resolve_as as;
	const char *name, *text, *evidence, *reason, *typed, *role, *data, *drill;
	const char *boot_id, *warning;
	const char *const *hostkeys; /* by target; NULL, or an element NULL: not known */
	int option, probe;
	int64_t pid, shown_ms, took_ms, until_ms;
	int exit;
	enum verdict verdict;
	int looks, bad; /* READING of a soak: so many since it began, and so many bad
			       * ones among the last `of` */
	int64_t unwatched_ms; /* the same: longer without a look than `every` allows */
	const struct facts *facts; /* ENDED: exit is added by decide */
};

const char *request_name(enum request_kind k);
/* It comes from a host, a probe or a backend, and nobody may refuse it. */
bool request_is_outcome(enum request_kind k);

#endif
