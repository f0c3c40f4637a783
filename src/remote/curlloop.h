#ifndef REMOTE_CURLLOOP_H
#define REMOTE_CURLLOOP_H

/*
 * libcurl's multi interface on the loop: its sockets, its timer, and the end of each
 * transfer told to whom it belongs. For http.c and reach.c.
 *
 * What costs most of a small request is not made anew for each: handles are used again, and a
 * connection that is kept stays watched between two requests.
 */

#include <curl/curl.h>

#include "loop/loop.h"

struct curlloop;

/* First member of whatever owns an easy handle. `ended` may free it and may add others;
 * the handle is still added when it is called. */
struct curlloop_user {
	void (*ended)(struct curlloop_user *u, CURLcode rc);
};

struct curlloop *curlloop_new(struct loop *l);
void curlloop_free(struct curlloop *c); /* after every handle was removed */
struct loop *curlloop_loop(const struct curlloop *c);
/* As from curl_easy_init; a kept connection of it stays watched. Give it back when it was
 * removed and nothing of it is asked any more; after curlloop_free: curl_easy_cleanup. */
CURL *curlloop_easy(struct curlloop *c);
void curlloop_give_back(struct curlloop *c, CURL *easy);
void curlloop_add(struct curlloop *c, CURL *easy, struct curlloop_user *u);
void curlloop_remove(struct curlloop *c, CURL *easy);

#endif
