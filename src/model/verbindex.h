#ifndef MODEL_VERBINDEX_H
#define MODEL_VERBINDEX_H

/*
 * The names of verbtable.h made ready to be looked up: a script asks for every command it
 * holds, and hardly any is one of them. Made once for many texts, from the tables alone.
 * Only danger and verbs call this.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/verbtable.h"

/* What is done with the words behind a name, beside the rows of the table. */
enum verb_act {
	VERB_NOTHING,
	VERB_WRAPPER, /* runs the rest of its line */
	VERB_COMPOSE, /* docker-compose: another name of compose */
	VERB_ENGINE,  /* docker: compose may follow */
	VERB_INSIDE,  /* compose, kubectl: exec and run hold a command */
	VERB_SHELL,
	VERB_CLIENT, /* of a database */
	VERB_MONGO,
	VERB_SSH,
	VERB_FIND,
	VERB_DD,
	VERB_MKSWAP,
	VERB_RCLONE,
	VERB_GIT,   /* push +branch and :branch overwrite and delete */
	VERB_CLOUD, /* the verb stands behind any number of nouns */
	VERB_EVAL,  /* its words are a shell text */
	VERB_CODE,  /* an interpreter: a text of it may hold a shell text */
};

enum { VERB_ROW_WORDS = 2 };

struct verb_entry {
	const char *name; /* not terminated */
	size_t len;
	enum verb_act act;
	const struct verb_wrapper *wrapper;
	uint64_t rows[VERB_ROW_WORDS]; /* a bit for each row that names it */
};

/* A name that only runs the rest of its line: its options with a value, and how many plain
 * words of its own stand before. */
struct verb_wrapper {
	const char *names, *takers;
	size_t skip;
};

struct verbindex;

struct verbindex *verbindex_new(void);
void verbindex_free(struct verbindex *x);
/* NULL: no table knows it. */
const struct verb_entry *verbindex_find(const struct verbindex *x, const char *name);
/* The first row of the entry at or after `*at`, which is set to it, but none whose
 * subcommands all begin with another letter than `sub`; NULL: no more. */
const struct verb *verbindex_row(const struct verbindex *x,
	const struct verb_entry *entry, const char *sub, size_t *at);

#endif
