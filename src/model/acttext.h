#ifndef MODEL_ACTTEXT_H
#define MODEL_ACTTEXT_H

/*
 * The text of a step that is no shell text: a request as
 *
 *	POST https://example.com/x
 *	Header: value
 *
 *	body
 *
 * and a copy as three lines "from", "to" and "mode". It is shown, recorded and signed; one
 * that was edited is read back from it. With ${names}, without their values. Pure.
 */

#include "model/runbook.h"

char *acttext_http(const struct http_spec *h);
/* What is NULL is "?", the mode 0600. */
char *acttext_copy(const char *from, const char *to, const char *mode);

/* ERR_INPUT says what is wrong with it. The caller releases the request. */
bool acttext_read_http(
	const char *text, struct http_spec *out, struct err *e) WARN_UNUSED;
void acttext_release_http(struct http_spec *h);

/* Both ends as written, host and all. The caller frees all three. */
struct acttext_copy {
	char *from, *to, *mode;
};
bool acttext_read_copy(
	const char *text, struct acttext_copy *out, struct err *e) WARN_UNUSED;
void acttext_release_copy(struct acttext_copy *c);
/* The length of "HOST" in HOST:PATH; 0: it names none. */
size_t acttext_host_len(const char *place);
bool acttext_is_file(const char *path);

/* A piece of it that can be edited by itself. */
struct acttext_part {
	const char *label; /* "Line", "URL" ... */
	size_t at, len;    /* in the text; len 0 and `more`: there is none yet */
	bool line;         /* a line of its own: emptied, it goes */
	bool more;         /* it is added, with these around it */
	const char *before, *after;
};
/* Piece n, from 0: the lines of a command or statement, the parts of a request or a copy,
 * and behind them what may be added. False: there are fewer. */
bool acttext_part(
	enum step_kind kind, const char *text, size_t n, struct acttext_part *out);
/* The text with another piece n. Caller frees. */
char *acttext_with(enum step_kind kind, const char *text, size_t n, const char *piece);

#endif
