#ifndef BASE_ERR_H
#define BASE_ERR_H

/*
 * The one error value. A function that can fail returns bool (or a pointer) and
 * fills the struct err the caller lends it, always the last argument, never NULL.
 * A kind exists only where the operator would act differently. Messages are lower
 * case without full stop, name the object, and never start with "error:".
 */

#include <stdbool.h>

#define WARN_UNUSED            __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum err_kind {
	ERR_NONE,
	ERR_PARSE,     /* text does not follow its format: mend the file */
	ERR_INPUT,     /* a wrong argument or answer: type it again */
	ERR_REFUSED,   /* a rule says no: read which one */
	ERR_NET,       /* cannot reach: look at the network or the host */
	ERR_AUTH,      /* reached, but not let in: keys, passwords, host keys */
	ERR_TIMEOUT,   /* no answer in time */
	ERR_CANCELLED, /* somebody asked to stop */
	ERR_IO,        /* a local file or disk: errno in sys */
	ERR_LIMIT,     /* larger than we agree to handle */
	ERR_STATE,     /* not possible now; nothing was changed */
	ERR_BUSY,      /* somebody else is at it: wait, or take over */
	ERR_RECORD,    /* a record that does not verify: exit 6 */
};

enum { ERR_MSG_BYTES = 640 };

struct err {
	enum err_kind kind;
	int sys; /* errno for ERR_IO, else 0 */
	char msg[ERR_MSG_BYTES];
};

#define ERR_INIT ((struct err){0})

/* Instead of ERR_INIT where thousands are made and hardly one is set: the bytes of the
 * message are left as they are. */
static inline void
err_init(struct err *e)
{
	e->kind = ERR_NONE;
	e->sys = 0;
	e->msg[0] = '\0';
}

/* Both return false, so that a caller can write `return err_set(...)`. */
bool err_set(struct err *e, enum err_kind kind, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* ERR_IO with `what: strerror(sys)`. */
bool err_sys(struct err *e, int sys, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* Puts "what we were doing: " before the message; at most once per layer. */
bool err_ctx(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);
const char *err_kind_name(enum err_kind kind);

#endif
