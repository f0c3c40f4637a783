#ifndef APP_ONLOOKERINNER_H
#define APP_ONLOOKERINNER_H

/*
 * The inside of an onlooker, shared by its own files only: onlooker.c (the driver's console,
 * reached), onlooker_ask.c (what is asked of it), onlooker_book.c (the lines, the file, the
 * runbook), onlooker_far.c (one on another machine, through the store).
 */

#include "app/onlooker.h"
#include "base/talk.h"
#include "loop/meet.h"
#include "loop/talker.h"
#include "share/letter.h"

struct kept_line {
	char *line;
	size_t len;
};

struct known_line {
	char hash[DIGEST_HEX + 1];
};

struct onlooker {
	struct loop *loop;
	const struct project *project;
	struct project *own_project; /* that came over the socket */
	struct runbook *runbook;
	char run[ULID_LEN + 1];
	char *run_dir; /* NULL: not to be read */
	char *path;    /* of the socket we are at, or were; NULL */
	struct talker *t;
	struct meet_peer peer;
	bool greeted, level;
	char *driver, *con; /* of the console at the other end */
	struct mono asked;  /* when we came, or lost it */
	bool pinned;        /* whose console it is to be is known: */
	uid_t uid;          /* of who can write the record */
	struct err odd;     /* somebody else listens in its place */
	char *bye;          /* why its console let us go; NULL: it did not say */
	struct loop_timer *again;
	struct far *far; /* it is on another machine; or NULL */
	/* the chain */
	int64_t seq; /* of the last line; -1 */
	char head[DIGEST_HEX + 1];
	VEC_OF(struct known_line) known; /* by seq */
	int64_t file_size;               /* of the record when it was last read */
	bool broken;
	struct err why;
	/* files on their way */
	struct talk_file file;
	struct str text;
	VEC_OF(struct source) files;
	struct strings roles; /* of them */
	char *signers_dir,
		*signers; /* who may sign, that came over the socket, and its folder */
	/* not told yet */
	VEC_OF(struct kept_line) kept;
	struct onlooker_calls calls;
	bool begun;
	enum onlooker_state told;
};

/* onlooker_book.c */
void onlooker_tell_state(struct onlooker *o);
void onlooker_tell(struct onlooker *o, const char *line, size_t len, const char *hash);
void onlooker_hash(const char *line, size_t len, char out[DIGEST_HEX + 1]);
bool onlooker_broken(struct onlooker *o, const char *what); /* false */
bool onlooker_take_line(struct onlooker *o, const char *line, size_t len);
bool onlooker_read_file(struct onlooker *o, struct err *e) WARN_UNUSED;
void onlooker_files_release(struct onlooker *o);
void onlooker_file_came(struct onlooker *o);
/* Of the files that came. */
bool onlooker_load(struct onlooker *o, struct err *e) WARN_UNUSED;

/* onlooker_far.c; of one that has o->far */
enum onlooker_state onlooker_far_state(const struct onlooker *o);
void onlooker_far_words(const struct onlooker *o, struct str *out);
void onlooker_far_news(const struct onlooker *o, struct str *out);
const char *onlooker_far_signers(const struct onlooker *o);
const char *onlooker_far_driver(const struct onlooker *o);
bool onlooker_far_send(struct onlooker *o, const struct letter *l, struct err *e);
bool onlooker_far_there(const struct onlooker *o, struct err *e);
void onlooker_far_line(struct onlooker *o, const char *line, size_t len);
void onlooker_far_release(struct onlooker *o);

#endif
