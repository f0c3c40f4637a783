#ifndef SHARE_LETTER_H
#define SHARE_LETTER_H

/*
 * What somebody at another machine asks of the console that drives a run, as it lies in the
 * store (handrail.inbox): a kind, and a JSON object with the members that this kind has.
 * Whoever can write there may have written anything: read strictly. Pure.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/str.h"

enum { LETTER_ID = 32 }; /* hex digits */

/* kind, what it is; members are in letter.c */
#define LETTERS(X) \
	X(NOTE, "note") /* a note, at a step or at none */ \
	X(HOLD, "hold") /* nothing new starts */ \
	X(GO, "go")     /* the end of one's own hold */ \
	X(SIGN, "sign") /* a sign-off, made over a statement about an older head */ \
	X(DECLINE, "decline") /* no sign-off, and why */ \
	X(ACCEPT, "accept")   /* takes what is offered */

enum letter_kind {
#define X(name, word) LETTER_##name,
	LETTERS(X)
#undef X
		LETTER_KINDS
};

struct letter {
	enum letter_kind kind;
	char *step; /* its id; or NULL */
	char *text; /* of a note; why, of a hold or a decline */
	char *role;
	char *stmt, *sig, *key; /* of a signature: statement, armour, fingerprint */
};

const char *letter_word(enum letter_kind kind);
/* The body; caller frees. Members that the kind has not are left out. */
char *letter_write(const struct letter *l);
/* ERR_INPUT in words for whoever sent it: a kind that is not known, a member that is missing,
 * too long, no text or not one of that kind. Release it in either case. */
bool letter_read(const char *word, const char *body, size_t len, struct letter *out,
	struct err *e) WARN_UNUSED;
void letter_release(struct letter *l);

/* As whom the driver records it. Whoever logs in to the store as the driver does may call
 * himself what he likes, as the driver does; of another login only its own name is believed:
 * "ben" may be ben@example.com, and else is ben@store. Caller frees. */
char *letter_sender(const char *login, const char *own_login, const char *claimed);

#endif
