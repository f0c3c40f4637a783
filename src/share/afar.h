#ifndef SHARE_AFAR_H
#define SHARE_AFAR_H

/*
 * A run that another machine drives, out of the store: its lines in order as they come there,
 * the files they name, who drives it and when that one was heard last; and letters to that
 * one. Whether a line follows the one before is the caller's to see; that the store still has
 * what it said before is seen here. Nobody waits for anything.
 */

#include "base/clock.h"
#include "base/digest.h"
#include "remote/http.h"
#include "share/letter.h"

struct afar;

struct afar_calls {
	/* A line without its newline; false: no more of them are wanted. */
	bool (*on_line)(void *ctx, const char *line, size_t len);
	/* One that was asked for; bytes NULL: the store has it not, or not all of it yet. Its
	 * hash is right. */
	void (*on_file)(void *ctx, const char *sha256, const char *bytes, size_t len);
	void (*on_state)(void *ctx);
	/* Of a letter: the record it became, or -1 and why. Once for each. */
	void (*on_answer)(void *ctx, const char *id, int64_t seq, const char *why);
	void *ctx;
};

struct afar_opts {
	struct loop *loop;
	struct http *http;
	const char *service, *run, *con, *who;
	int needs; /* the oldest version of the store that will do */
	struct afar_calls calls;
};

struct afar_state {
	bool up;         /* the store can be asked */
	bool level;      /* all that it has was told, as of `seen` */
	const char *why; /* not up: in words, or "" before the first try came to an end */
	struct mono since; /* not up */
	struct mono seen;  /* when it was asked last; ms 0: never */
	int version;
	int64_t store_seq; /* its newest record; -1: none */
	int64_t newest_ms; /* age of that, by the clock of the store, at `seen` */
	int64_t epoch;     /* of the driver; 0: none is known */
	const char *who, *con;
	bool left;        /* its console has ended */
	int64_t heard_ms; /* since it was heard last, at `seen` */
	const char *
		odd; /* the store has another record than it had, or less: NULL, or what */
	bool differs; /* it is another one: never mended */
	size_t unanswered;
};

struct afar *afar_new(const struct afar_opts *o);
void afar_state(const struct afar *f, struct afar_state *out);
void afar_want(struct afar *f, const char *sha256);
/* Goes as soon as the store can be asked, and again until it is known to be there: that makes
 * no second one of it. id: LETTER_ID digits. */
void afar_send(struct afar *f, const struct letter *l, char id[LETTER_ID + 1]);
bool afar_is_sent(const struct afar *f, const char *id); /* it is in the store */
void afar_free(struct afar *f);                          /* no call after */

#endif
