#include "remote/curlloop.h"

#include <unistd.h>

#include "base/mem.h"
#include "base/vec.h"

enum { IDLE_CONNECTIONS = 32, IDLE_HANDLES = 32 };

struct curlloop {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer *timer;
	struct {
		VEC_OF(struct curl_sock *) list;
	} kept; /* sockets of connections, of which curl says when it closes them */
	CURL *idle[IDLE_HANDLES];
	int idle_len;
};

/* A socket of curl's that we watch for it. */
struct curl_sock {
	struct curlloop *owner;
	curl_socket_t fd;
	int want;
	bool kept, parked; /* parked: no request is on it now */
	struct loop_fd *watch;
};

static void
read_messages(struct curlloop *c)
{
	CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(c->multi, &left))) {
		struct curlloop_user *u;
		char *private = NULL;
		CURLcode rc = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &private);
		u = (struct curlloop_user *)(void *)private;
		u->ended(u, rc);
	}
}

static void
want(struct curl_sock *s, int ready)
{
	if (s->watch && s->want != ready)
		loop_fd_want(s->watch, ready); /* two calls of the kernel */
	s->want = ready;
}

static void
socket_ready(void *ctx, int ready)
{
	struct curl_sock *s = ctx;
	struct curlloop *c = s->owner;
	int bits = 0, running;

	if (s->parked) { /* the server hung up: curl sees it before it uses it again */
		want(s, 0);
		return;
	}
	if (ready & LOOP_READ)
		bits |= CURL_CSELECT_IN;
	if (ready & LOOP_WRITE)
		bits |= CURL_CSELECT_OUT;
	if (ready & LOOP_ERROR) {
		bits |= CURL_CSELECT_ERR;
		loop_fd_want(s->watch, s->want); /* an error paused it */
	}
	curl_multi_socket_action(c->multi, s->fd, bits, &running); /* may free s */
	read_messages(c);
}

static struct curl_sock *
kept_sock(const struct curlloop *c, curl_socket_t fd)
{
	for (size_t i = 0; i < c->kept.list.len; i++)
		if (c->kept.list.at[i]->fd == fd)
			return c->kept.list.at[i];
	return NULL;
}

static void
forget(struct curlloop *c, const struct curl_sock *s)
{
	for (size_t i = 0; i < c->kept.list.len; i++) {
		if (c->kept.list.at[i] != s)
			continue;
		loop_fd_free(s->watch);
		mem_free(c->kept.list.at[i]);
		vec_remove(&c->kept.list, i);
		return;
	}
}

/* A socket for a connection: it will be closed through close_socket. Others that curl has
 * watched, of its resolver, it closes without a word. */
static int
open_socket(void *ctx, curl_socket_t fd, curlsocktype purpose)
{
	struct curlloop *c = ctx;
	struct curl_sock *s = kept_sock(c, fd);

	(void)purpose;
	if (s) /* closed behind our back */
		forget(c, s);
	s = mem_alloc(sizeof *s);
	s->owner = c;
	s->fd = fd;
	s->kept = s->parked = true;
	vec_push(&c->kept.list, s);
	return CURL_SOCKOPT_OK;
}

static int
close_socket(void *ctx, curl_socket_t fd)
{
	struct curlloop *c = ctx;

	forget(c, kept_sock(c, fd));
	return close(fd);
}

static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *assigned)
{
	struct curlloop *c = ctx;
	struct curl_sock *s = assigned ? assigned : kept_sock(c, fd);

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		curl_multi_assign(c->multi, fd, NULL);
		if (s && s->kept) {
			s->parked = true;
			return 0;
		}
		if (s)
			loop_fd_free(s->watch);
		mem_free(s);
		return 0;
	}
	if (!s) {
		s = mem_alloc(sizeof *s);
		s->owner = c;
		s->fd = fd;
	}
	if (!s->watch)
		s->watch = loop_fd_new(c->loop, fd, socket_ready, s);
	if (!assigned)
		curl_multi_assign(c->multi, fd, s);
	s->parked = false;
	want(s,
		(what & CURL_POLL_IN ? LOOP_READ : 0) |
			(what & CURL_POLL_OUT ? LOOP_WRITE : 0));
	return 0;
}

static void
time_passed(void *ctx)
{
	struct curlloop *c = ctx;
	int running;

	curl_multi_socket_action(c->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	read_messages(c);
}

static int
set_timer(CURLM *multi, long ms, void *ctx)
{
	struct curlloop *c = ctx;

	(void)multi;
	if (ms < 0)
		loop_timer_stop(c->timer);
	else
		loop_timer_start(c->timer, ms > 0 ? ms : 1, 0);
	return 0;
}

struct curlloop *
curlloop_new(struct loop *l)
{
	struct curlloop *c = mem_alloc(sizeof *c);

	curl_global_init(CURL_GLOBAL_DEFAULT); /* counted: one cleanup for each */
	c->loop = l;
	c->multi = curl_multi_init();
	c->timer = loop_timer_new(l, time_passed, c);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETFUNCTION, watch_socket);
	curl_multi_setopt(c->multi, CURLMOPT_SOCKETDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERFUNCTION, set_timer);
	curl_multi_setopt(c->multi, CURLMOPT_TIMERDATA, c);
	curl_multi_setopt(c->multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS);
	return c;
}

void
curlloop_free(struct curlloop *c)
{
	if (!c)
		return;
	while (c->idle_len > 0)
		curl_easy_cleanup(c->idle[--c->idle_len]);
	curl_multi_cleanup(c->multi);
	while (c->kept.list.len > 0)
		forget(c, c->kept.list.at[0]);
	vec_free(&c->kept.list);
	loop_timer_free(c->timer);
	curl_global_cleanup();
	mem_free(c);
}

struct loop *
curlloop_loop(const struct curlloop *c)
{
	return c->loop;
}

CURL *
curlloop_easy(struct curlloop *c)
{
	CURL *easy = c->idle_len > 0 ? c->idle[--c->idle_len] : curl_easy_init();

	curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, open_socket);
	curl_easy_setopt(easy, CURLOPT_SOCKOPTDATA, c);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, c);
	return easy;
}

void
curlloop_give_back(struct curlloop *c, CURL *easy)
{
	if (c->idle_len == IDLE_HANDLES) {
		curl_easy_cleanup(easy);
		return;
	}
	curl_easy_reset(easy); /* its options are gone, and the secrets in them */
	c->idle[c->idle_len++] = easy;
}

void
curlloop_add(struct curlloop *c, CURL *easy, struct curlloop_user *u)
{
	curl_easy_setopt(easy, CURLOPT_PRIVATE, u);
	curl_multi_add_handle(c->multi, easy);
}

void
curlloop_remove(struct curlloop *c, CURL *easy)
{
	curl_multi_remove_handle(c->multi, easy);
}
