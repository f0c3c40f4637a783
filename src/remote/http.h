#ifndef REMOTE_HTTP_H
#define REMOTE_HTTP_H

/*
 * One HTTP request at a time per call, many at once, through libcurl's multi interface on
 * the loop. Locked down: only http and https, no redirects unless
 * asked (same origin, at most 3; never through a host), no proxy unless given, body capped, header values
 * checked, CA store cached.
 */

#include "base/err.h"
#include "base/str.h"
#include "loop/loop.h"
#include "model/runbook.h"

struct http; /* the client: connection pool, one per console */
struct http_call;
struct curlloop;
struct link;

struct http_opts {
	const char *method, *url, *body;
	const struct pairs *headers;
	const char *ca, *cert, *key, *proxy;
	struct link *through; /* the host that makes the connection; NULL: this machine */
	int64_t timeout_ms;   /* 0: 10 s */
	size_t limit;         /* body bytes kept; 0: 1 MiB */
	bool follow;
	bool once; /* on a connection of its own, so that nothing sends it a second time */
};

struct http_end {
	bool answered; /* a status line and headers came */
	int status;
	struct pairs headers; /* names in lower case, in order */
	struct str body;
	bool cut;  /* body longer than limit, or short */
	char *url; /* final */
	int64_t took_ms;
	bool unsure;   /* not answered, and whether it would have is not known */
	bool sent;     /* some of the request may have reached the server */
	char why[320]; /* when not answered: words, no secrets */
};
typedef void http_fn(void *ctx, const struct http_end *end);

struct http *http_new(struct loop *l);
void http_free(struct http *h);
struct curlloop *http_curlloop(const struct http *h); /* for reach.c */
struct http_call *http_start(struct http *h, const struct http_opts *o, http_fn *fn,
	void *ctx, struct err *e) WARN_UNUSED;
bool http_call_sent(const struct http_call *c); /* so far, as in http_end */
void http_call_free(struct http_call *c);       /* no call after */

#endif
