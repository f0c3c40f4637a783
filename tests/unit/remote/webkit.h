#ifndef TESTS_UNIT_REMOTE_WEBKIT_H
#define TESTS_UNIT_REMOTE_WEBKIT_H

/*
 * A web server inside a test program, on its loop: answers a request for /PATH with the
 * raw bytes given for that path, and keeps what it was asked. It knows no HTTP of its own,
 * so that it can be as wrong as a test wants.
 */

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/str.h"
#include "base/vec.h"
#include "loop/loop.h"

struct web_page {
	const char *path;
	const char *bytes; /* "%d" in it stands for the port; NULL: never answers */
	size_t repeat;     /* the last line this often, for floods */
};

struct web;
struct web_peer {
	struct web *web;
	int fd;
	struct loop_fd *watch;
	struct str in;
};

struct web {
	struct loop *loop;
	int fd, port, requests;
	struct loop_fd *watch;
	const struct web_page *pages;
	size_t count;
	struct str asked; /* the last request */
	VEC_OF(struct web_peer *) peers;
};

static inline void
web_drop(struct web_peer *p)
{
	if (p->fd < 0)
		return;
	loop_fd_free(p->watch);
	close(p->fd);
	p->fd = -1;
}

static inline void
web_send(struct web_peer *p, const char *bytes, size_t len)
{
	int flags = MSG_NOSIGNAL;

	while (len > 0) {
		ssize_t n = send(p->fd, bytes, len, flags);

		if (n <= 0)
			return; /* the asker has had enough */
		bytes += n;
		len -= (size_t)n;
	}
}

static inline void
web_answer(struct web_peer *p)
{
	char path[200] = "";

	str_reset(&p->web->asked);
	str_add(&p->web->asked, p->in.buf, p->in.len);
	p->web->requests++;
	sscanf(p->in.buf, "%*s %199s", path);
	for (size_t i = 0; i < p->web->count; i++) {
		const struct web_page *page = &p->web->pages[i];
		struct str out = STR_INIT;
		const char *mark;

		if (strcmp(path, page->path) != 0)
			continue;
		if (!page->bytes)
			return;
		str_adds(&out, page->bytes);
		mark = strstr(page->bytes, "%d");
		if (mark) {
			str_cut(&out, (size_t)(mark - page->bytes));
			str_addf(&out, "%d%s", p->web->port, mark + 2);
		}
		web_send(p, out.buf, out.len);
		for (size_t n = 0; n < page->repeat; n++)
			web_send(p, "0123456789abcdef0123456789abcde\n", 32);
		str_release(&out);
		break;
	}
	web_drop(p);
}

static inline void
web_readable(void *ctx, int ready)
{
	struct web_peer *p = ctx;
	char buf[4096];
	ssize_t n = recv(p->fd, buf, sizeof buf, MSG_DONTWAIT);
	const char *end, *length;

	(void)ready;
	if (n <= 0) {
		web_drop(p);
		return;
	}
	str_add(&p->in, buf, (size_t)n);
	end = strstr(p->in.buf, "\r\n\r\n");
	length = strstr(p->in.buf, "Content-Length: ");
	if (end && (!length || strlen(end + 4) >= strtoul(length + 16, NULL, 10)))
		web_answer(p);
}

static inline void
web_accept(void *ctx, int ready)
{
	struct web *w = ctx;
	struct web_peer *p;
	int fd = accept(w->fd, NULL, NULL);
	struct timeval limit = {.tv_usec = 50000};

	(void)ready;
	if (fd < 0)
		return;
	p = mem_alloc(sizeof *p);
	p->web = w;
	p->fd = fd;
	p->in = STR_INIT;
	p->watch = loop_fd_new(w->loop, fd, web_readable, p);
	loop_fd_want(p->watch, LOOP_READ);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
	vec_push(&w->peers, p);
}

static inline void
web_open(struct web *w, struct loop *l, const struct web_page *pages, size_t count)
{
	struct sockaddr_in addr = {.sin_family = AF_INET};
	socklen_t len = sizeof addr;

	*w = (struct web){.loop = l, .pages = pages, .count = count, .asked = STR_INIT};
	addr.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	w->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(w->fd, (struct sockaddr *)&addr, sizeof addr) != 0 ||
		listen(w->fd, 16) != 0 ||
		getsockname(w->fd, (struct sockaddr *)&addr, &len) != 0)
		abort();
	w->port = ntohs(addr.sin_port);
	w->watch = loop_fd_new(l, w->fd, web_accept, w);
	loop_fd_want(w->watch, LOOP_READ);
}

static inline void
web_close(struct web *w)
{
	for (size_t i = 0; i < w->peers.len; i++) {
		web_drop(w->peers.at[i]);
		str_release(&w->peers.at[i]->in);
		mem_free(w->peers.at[i]);
	}
	vec_free(&w->peers);
	loop_fd_free(w->watch);
	close(w->fd);
	str_release(&w->asked);
}

#endif
