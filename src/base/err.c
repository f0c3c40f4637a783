#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const kind_names[] = {
	[ERR_NONE] = "none",
	[ERR_PARSE] = "parse",
	[ERR_INPUT] = "input",
	[ERR_REFUSED] = "refused",
	[ERR_NET] = "net",
	[ERR_AUTH] = "auth",
	[ERR_TIMEOUT] = "timeout",
	[ERR_CANCELLED] = "cancelled",
	[ERR_IO] = "io",
	[ERR_LIMIT] = "limit",
	[ERR_STATE] = "state",
	[ERR_BUSY] = "busy",
	[ERR_RECORD] = "record",
};

/* A cut message must not end in half a character. */
static void
trim_half_char(char *msg)
{
	size_t len = strlen(msg);
	size_t tail = 0;

	while (tail < len && tail < 3 && (msg[len - 1 - tail] & 0xc0) == 0x80)
		tail++;
	if (tail >= len)
		return;
	unsigned char lead = (unsigned char)msg[len - 1 - tail];
	size_t want = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : lead >= 0xc0 ? 1 : 0;
	if (tail < want)
		msg[len - 1 - tail] = '\0';
}

/* Formats aside first: the arguments may point into e->msg. */
static void __attribute__((format(printf, 2, 0)))
format_msg(char out[ERR_MSG_BYTES], const char *fmt, va_list ap)
{
	int n = vsnprintf(out, ERR_MSG_BYTES, fmt, ap);

	if (n < 0)
		out[0] = '\0';
	else if (n >= ERR_MSG_BYTES)
		trim_half_char(out);
}

static void
append(char out[ERR_MSG_BYTES], const char *text)
{
	size_t len = strlen(out);
	int n = snprintf(out + len, ERR_MSG_BYTES - len, ": %s", text);

	if (n > 0 && (size_t)n >= ERR_MSG_BYTES - len)
		trim_half_char(out);
}

bool
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	char msg[ERR_MSG_BYTES];
	va_list ap;

	va_start(ap, fmt);
	format_msg(msg, fmt, ap);
	va_end(ap);
	e->kind = kind;
	e->sys = 0;
	memcpy(e->msg, msg, sizeof msg);
	return false;
}

bool
err_sys(struct err *e, int sys, const char *fmt, ...)
{
	char msg[ERR_MSG_BYTES], why[128];
	va_list ap;

	va_start(ap, fmt);
	format_msg(msg, fmt, ap);
	va_end(ap);
	append(msg, strerror_r(sys, why, sizeof why));
	e->kind = ERR_IO;
	e->sys = sys;
	memcpy(e->msg, msg, sizeof msg);
	return false;
}

bool
err_ctx(struct err *e, const char *fmt, ...)
{
	char msg[ERR_MSG_BYTES];
	va_list ap;

	va_start(ap, fmt);
	format_msg(msg, fmt, ap);
	va_end(ap);
	append(msg, e->msg);
	memcpy(e->msg, msg, sizeof msg);
	return false;
}

const char *
err_kind_name(enum err_kind kind)
{
	size_t count = sizeof kind_names / sizeof *kind_names;

	return (size_t)kind < count ? kind_names[kind] : "none";
}
