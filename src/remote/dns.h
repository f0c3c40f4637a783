#ifndef REMOTE_DNS_H
#define REMOTE_DNS_H

/*
 * One question to a name server, through c-ares on the loop: the system's servers, or a named
 * one. No search list and no hosts file: what the server says is what is told. The bytes of
 * the answer are read by dnswire.h.
 */

#include "base/err.h"
#include "base/str.h"
#include "loop/loop.h"

struct dns;

/* answer NULL: there was none, and why. */
typedef void dns_fn(void *ctx, const unsigned char *answer, size_t len, const char *why);

/* server: ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT; NULL: those of the system. */
struct dns *dns_start(struct loop *l, const char *name, int type, const char *server,
	dns_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
void dns_free(struct dns *d); /* no call after */
/* The question as it goes over TCP, its length in front. */
bool dns_question(const char *name, int type, struct str *out, struct err *e) WARN_UNUSED;

#endif
