#ifndef BASE_REDACTSHAPE_H
#define BASE_REDACTSHAPE_H

/*
 * What looks like a secret though nobody declared it (TRUST.md 3.9): the part behind a
 * telling word is taken out. A shape begins behind a byte that the bytes before it make
 * telling, so that no byte is held back only because a shape might begin; it is decided by
 * at most REDACTSHAPE_AHEAD bytes that follow.
 *
 *   private-key   all behind a line BEGIN ... PRIVATE KEY of PEM or PGP, up to its END or the
 *                 first line that cannot be of a key
 *   jwt           payload and signature of a JSON web token (RFC 7519)
 *   aws-key       AKIA or ASIA and 16 of A-Z 0-9
 *   token         ghp_, github_pat_, xoxb-, glpat-, sk_live_ and the like, at least 20 long
 *   url-password  of scheme://user:password@
 *   password      behind password=, token=, api_key = and the like, also as members of JSON;
 *                 behind password: and --password a word that has more than small letters;
 *                 a placeholder ($PW, <pw>, ***, {pw}, %s, None) is none
 *   bearer        behind Bearer, and behind Authorization: Basic
 */

#include <stdbool.h>
#include <stddef.h>

#define REDACTSHAPE_LIST(X) \
	X(PRIVATE_KEY, "private-key") \
	X(JWT, "jwt") \
	X(AWS_KEY, "aws-key") \
	X(TOKEN, "token") \
	X(URL_PASSWORD, "url-password") \
	X(PASSWORD, "password") \
	X(BEARER, "bearer")

enum redactshape {
	REDACTSHAPE_NONE,
#define X(id, name) REDACTSHAPE_##id,
	REDACTSHAPE_LIST(X)
#undef X
		REDACTSHAPE_COUNT
};

enum {
	REDACTSHAPE_BACK = 64,   /* so many bytes before a byte decide whether it tells */
	REDACTSHAPE_AHEAD = 320, /* so many behind it whether something is hidden */
};

struct redactshape_state {
	enum redactshape shape;
	char quote;       /* the value is within these; 0: in none */
	bool plain_quote; /* a backslash in it escapes nothing */
	bool blanks;      /* they may stand before the value */
	bool bare;        /* a plain word is no value but prose */
	size_t min;       /* so many bytes of its kind make a value */
	size_t taken;     /* bytes hidden so far */
	size_t fixed;     /* exactly so many are hidden; 0: as long as they fit */
	size_t line;      /* of a key: bytes of this line that are still to be hidden */
	bool lines;       /* of a key: it has lines; else it stands in one, as in JSON */
	bool body;        /* of a key: its headers are over */
	bool last;        /* of a key: this line is its END */
};

enum redactshape_verdict {
	REDACTSHAPE_NO,
	REDACTSHAPE_YES,    /* hidden from here on */
	REDACTSHAPE_QUOTED, /* this byte is a quote or a blank, ask again at the next one */
	REDACTSHAPE_MORE,   /* more bytes are needed */
};

const char *redactshape_name(enum redactshape shape);
/* Whether byte c behind another one may tell; else redactshape_begins says no. */
bool redactshape_tells(char before, char c);
/* Whether, where c is a blank, these two bytes before it may tell. */
bool redactshape_ends(char a, char b);
/* Whether something to hide may follow p[at]; p[0] is the oldest byte that is known,
 * at most REDACTSHAPE_BACK before it. */
bool redactshape_begins(const char *p, size_t at, struct redactshape_state *s);
/* Whether it does: p and left are what follows; `ends`: nothing comes after. */
enum redactshape_verdict redactshape_decide(
	struct redactshape_state *s, const char *p, size_t left, bool ends);
/* Whether p[at] of len bytes is hidden too, in a shape that has begun; NO: it is over. */
enum redactshape_verdict redactshape_takes(
	struct redactshape_state *s, const char *p, size_t at, size_t len, bool ends);
/* A key goes on in the next line of a text that comes line by line, without line ends. */
void redactshape_key(struct redactshape_state *s);

#endif
