#ifndef PROBE_WEBFACTS_H
#define PROBE_WEBFACTS_H

/* An answer of a web server as facts: status, headers, cookies, body, url. For the http
 * probe and for the http step. */

#include "base/redact.h"
#include "model/facts.h"
#include "remote/http.h"

/* `body` is the answer's without what is to stay hidden; redact NULL: nothing is. */
void webfacts_add(struct facts *facts, const struct http_end *end,
	const struct redact *redact, const struct str *body);

#endif
