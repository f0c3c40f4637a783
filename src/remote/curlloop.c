#include "remote/curlloop.h"

#include "base/mem.h"

enum { IDLE_CONNECTIONS = 32 };

struct curlloop {
	struct loop *loop;
	CURLM *multi;
	struct loop_timer *timer;
};

/* A socket of curl's that we watch for it. */
struct curl_sock {
	struct curlloop *owner;
	curl_socket_t fd;
	int want;
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
socket_ready(void *ctx, int ready)
{
	struct curl_sock *s = ctx;
	struct curlloop *c = s->owner;
	int bits = 0, running;

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

static int
watch_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *assigned)
{
	struct curlloop *c = ctx;
	struct curl_sock *s = assigned;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (s)
			loop_fd_free(s->watch);
		mem_free(s);
		curl_multi_assign(c->multi, fd, NULL);
		return 0;
	}
	if (!s) {
		s = mem_alloc(sizeof *s);
		s->owner = c;
		s->fd = fd;
		s->watch = loop_fd_new(c->loop, fd, socket_ready, s);
		curl_multi_assign(c->multi, fd, s);
	}
	s->want = (what & CURL_POLL_IN ? LOOP_READ : 0) |
		(what & CURL_POLL_OUT ? LOOP_WRITE : 0);
	if (s->watch)
		loop_fd_want(s->watch, s->want);
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
	curl_multi_cleanup(c->multi);
	loop_timer_free(c->timer);
	curl_global_cleanup();
	mem_free(c);
}

struct loop *
curlloop_loop(const struct curlloop *c)
{
	return c->loop;
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
