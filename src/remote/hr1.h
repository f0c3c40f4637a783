#ifndef REMOTE_HR1_H
#define REMOTE_HR1_H

/*
 * The bytes of the job protocol HR1 (src/remote/hr1/README): puts a request together from
 * a script and its parameters, and reads the reply. Sans-I/O; what to ask and when is the
 * business of job.c and look.c.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/str.h"

enum hr1_script {
	HR1_START,
	HR1_STATUS,
	HR1_CANCEL,
	HR1_ABORT,
	HR1_FENCE,
	HR1_CLEANUP,
	HR1_LOOK,
};

enum {
	HR1_TOKEN_LEN = 32,
	HR1_NAME_MAX = 32,
	HR1_BLOCK_BYTES = 64 * 1024,
	HR1_BLOCKS = 16
};

struct hr1_request {
	char token[HR1_TOKEN_LEN + 1];
	struct str params, spec, env; /* wiped on release: env may hold secrets */
};

void hr1_init(struct hr1_request *q); /* draws the token */
void hr1_release(struct hr1_request *q);
void hr1_param(struct hr1_request *q, const char *name, const char *value); /* NULL: '' */
void hr1_param_int(struct hr1_request *q, const char *name, int64_t value);
void hr1_set_spec(struct hr1_request *q, const char *text);
void hr1_add_env(struct hr1_request *q, const char *name, const char *value);
/* The whole text for standard input of the shell, appended to out (after a password). */
void hr1_build(const struct hr1_request *q, enum hr1_script script, struct str *out);
/* "CRC BYTES" as cksum(1) of POSIX prints it. */
void hr1_cksum(const struct str *text, char out[40]);

/* A step or host id as the protocol takes it: itself, or a readable hash of it. */
void hr1_name(const char *id, char out[HR1_NAME_MAX + 1]);

/* A console as the protocol takes it; NULL stays NULL. Caller frees. */
char *hr1_con(const char *con);

/* The command for the exec; `as` NULL: the login user. ERR_INPUT for a name that is none.
 * With a password the input must begin with hr1_add_password. */
enum hr1_sudo { HR1_NO_PASSWORD, HR1_PASSWORD };
bool hr1_command(
	const char *as, enum hr1_sudo sudo, struct str *out, struct err *e) WARN_UNUSED;
/* The same for a shell that runs this text, which has no single quote in it, instead of
 * what comes on its standard input; NULL: that. */
bool hr1_command_text(const char *as, enum hr1_sudo sudo, const char *text,
	struct str *out, struct err *e) WARN_UNUSED;
void hr1_add_password(struct str *input, const char *password);

/* Reads a reply: everything before the header line is dropped, what follows is data. */
struct hr1_reply {
	char token[HR1_TOKEN_LEN + 1];
	struct str line; /* while the header has not come */
	bool seen;
	char said[160]; /* the last line that stood before it */
	char state[32]; /* "started", "running", "error" ... */
	char arg[64];   /* its second word when that is no NAME=VALUE: "0", "nospace" */
	char boot[40], shell[32], cancel[16];
	int64_t size, block, pid, by; /* -1: not told */
	bool out_gone;
};

void hr1_reply_init(struct hr1_reply *r, const struct hr1_request *q);
void hr1_reply_release(struct hr1_reply *r);
/* Takes bytes; *data and *data_len (may be 0) are those that follow the header. */
void hr1_reply_feed(struct hr1_reply *r, const char *p, size_t len, const char **data,
	size_t *data_len);

/* The trailer of a look at the end of its output: false when there is none. `body` bytes
 * of out are the command's. */
struct hr1_trailer {
	size_t body;
	bool exited, timed_out;
	int exit;
	char error[32], sentence[160];
};
bool hr1_trailer_find(
	const char *token, const char *out, size_t len, struct hr1_trailer *t);
/* Words for the kind of an error reply: "no space left", ...; NULL: unknown kind. */
const char *hr1_error_words(const char *kind);
/* Bytes of what a program said without the blanks and line ends behind it. */
size_t hr1_said_len(const char *said, size_t len);

#endif
