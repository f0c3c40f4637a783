#ifndef PROBE_WEBLOOK_H
#define PROBE_WEBLOOK_H

/*
 * One request of a probe, with what any of the web kinds may say: headers with their secrets,
 * certificates, proxy, the host it goes through. For http and its presets.
 */

#include "probe/netlook.h"

struct weblook_spec {
	const char *method, *url, *body; /* with ${names}; method NULL: GET */
	const char *origin;              /* an Origin header more; NULL: none */
	const char *asks;                /* Access-Control-Request-Method; NULL: none */
	size_t limit;                    /* of the body; 0: 1 MiB */
};

struct http_call *weblook_start(struct probe_look *p, const struct weblook_spec *s,
	http_fn *fn, void *ctx, struct err *e) WARN_UNUSED;
/* The body without what is to stay hidden. */
void weblook_body(
	const struct probe_look *p, const struct http_end *end, struct str *out);
/* It was asked and did not answer, or not with 200: told as a failure. Else false. */
bool weblook_failed(struct probe_look *p, const struct http_end *end);
const char *weblook_header(const struct http_end *end, const char *name); /* or NULL */

#endif
