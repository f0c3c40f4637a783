#ifndef REMOTE_URL_H
#define REMOTE_URL_H

/*
 * The parts of a URL, decoded: http, https, redis, rediss. What libcurl's parser refuses, and
 * control characters, are refused. Pure.
 */

#include <stdbool.h>

#include "base/err.h"

struct url {
	char *text, *scheme, *host, *user, *password, *path; /* user, password: or NULL */
	int port;
};

bool url_read(struct url *u, const char *text, struct err *e) WARN_UNUSED;
/* To where a redirect leads; `u` is unchanged when it leads nowhere we would go. */
bool url_follow(struct url *u, const char *location, struct err *e) WARN_UNUSED;
void url_release(struct url *u); /* wipes the password */

#endif
