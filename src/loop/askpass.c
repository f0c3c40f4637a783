#include "loop/askpass.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "loop/rundir.h"

#define SOCKET_VAR "HANDRAIL_ASKPASS"

enum { QUESTION_MAX = 8192, ANSWER_MAX = 4096, WAITING_MAX = 8 };

struct askpass {
	struct loop *loop;
	askpass_fn *fn;
	void *ctx;
	char *folder, *path;
	VEC_OF(const char *) env;
	VEC_OF(char *) made; /* the strings of env that are ours */
	int listener;
	struct loop_fd *watch;
	int peer; /* -1: nobody asks */
	struct loop_fd *peer_watch;
	struct str question; /* kind byte, text */
	bool asked;          /* the question was handed on */
};

/* ---- the environment ---- */

static bool
is_ours(const char *var)
{
	static const char *const names[] = {
		SOCKET_VAR "=", "SSH_ASKPASS=", "SSH_ASKPASS_REQUIRE="};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (str_starts(var, names[i]))
			return true;
	}
	return false;
}

static void
add_var(struct askpass *a, char *var)
{
	vec_push(&a->made, var);
	vec_push(&a->env, var);
}

static bool
make_env(struct askpass *a, struct err *e)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

	if (len < 0)
		return err_sys(e, errno, "cannot find our own program");
	self[len] = 0;
	for (char **p = environ; *p; p++) {
		if (!is_ours(*p))
			vec_push(&a->env, *p);
	}
	add_var(a, mem_printf("SSH_ASKPASS=%s", self));
	add_var(a, mem_strdup("SSH_ASKPASS_REQUIRE=force"));
	add_var(a, mem_printf("%s=%s", SOCKET_VAR, a->path));
	vec_push(&a->env, NULL);
	return true;
}

/* ---- questions ---- */

static void
drop_peer(struct askpass *a)
{
	if (a->peer < 0)
		return;
	loop_fd_free(a->peer_watch);
	close(a->peer);
	a->peer = -1;
	a->peer_watch = NULL;
	a->asked = false;
	str_reset(&a->question);
	loop_fd_want(a->watch, LOOP_READ);
}

static enum askpass_kind
kind_of(char letter)
{
	return letter == 'c'    ? ASKPASS_CONFIRM
		: letter == 'n' ? ASKPASS_NOTICE
				: ASKPASS_SECRET;
}

static void
peer_ready(void *ctx, int ready)
{
	struct askpass *a = ctx;
	char buf[1024];
	ssize_t n = read(a->peer, buf, sizeof buf);
	bool was_asked = a->asked;

	(void)ready;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0 && !a->asked && a->question.len + (size_t)n <= QUESTION_MAX) {
		str_add(&a->question, buf, (size_t)n);
		if (buf[n - 1] != 0)
			return;
		a->asked = true; /* a NUL ends the question */
		a->fn(a->ctx, a->question.buf + 1, kind_of(a->question.buf[0]));
		return;
	}
	/* Went away, or does not speak as we do. */
	drop_peer(a);
	if (was_asked)
		a->fn(a->ctx, NULL, ASKPASS_SECRET);
}

static bool
is_us(int fd)
{
	struct ucred cred;
	socklen_t len = sizeof cred;

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
		cred.uid == getuid();
}

static void
somebody_asks(void *ctx, int ready)
{
	struct askpass *a = ctx;
	int fd = accept4(a->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)ready;
	if (fd < 0)
		return;
	if (!is_us(fd)) {
		close(fd);
		return;
	}
	a->peer = fd;
	loop_fd_want(a->watch, 0); /* the next one waits in the backlog */
	a->peer_watch = loop_fd_new(a->loop, fd, peer_ready, a);
	loop_fd_want(a->peer_watch, LOOP_READ);
}

void
askpass_answer(struct askpass *a, const char *text)
{
	struct str out = STR_INIT;
	struct err e = ERR_INIT;

	if (!a->asked)
		return;
	if (text) {
		str_reserve(&out, strlen(text) + 2);
		str_addc(&out, 'y');
		str_adds(&out, text);
		/* Fits into any socket buffer; a peer that went away gets nothing. */
		if (out.len > ANSWER_MAX ||
			!file_write_all(a->peer, out.buf, out.len, &e))
			text = NULL;
		mem_wipe(out.buf, out.len);
		str_release(&out);
	}
	drop_peer(a);
}

/* ---- life ---- */

static bool
listen_at(struct askpass *a, struct err *e)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};

	if (strlen(a->path) >= sizeof addr.sun_path)
		return err_set(e, ERR_LIMIT, "%s is too long for a socket", a->path);
	memcpy(addr.sun_path, a->path, strlen(a->path) + 1);
	a->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (a->listener < 0 ||
		bind(a->listener, (struct sockaddr *)&addr, sizeof addr) != 0 ||
		listen(a->listener, WAITING_MAX) != 0)
		return err_sys(e, errno, "cannot listen at %s", a->path);
	a->watch = loop_fd_new(a->loop, a->listener, somebody_asks, a);
	loop_fd_want(a->watch, LOOP_READ);
	return true;
}

struct askpass *
askpass_new(struct loop *l, askpass_fn *fn, void *ctx, struct err *e)
{
	struct askpass *a = mem_alloc(sizeof *a);

	a->loop = l;
	a->fn = fn;
	a->ctx = ctx;
	a->listener = a->peer = -1;
	a->question = STR_INIT;
	a->folder = rundir_new(e);
	if (a->folder) {
		a->path = file_join(a->folder, "ask");
		if (make_env(a, e) && listen_at(a, e))
			return a;
	}
	askpass_free(a);
	return NULL;
}

void
askpass_free(struct askpass *a)
{
	if (!a)
		return;
	if (a->peer >= 0)
		drop_peer(a);
	loop_fd_free(a->watch);
	if (a->listener >= 0)
		close(a->listener);
	rundir_free(a->folder);
	mem_free(a->path);
	for (size_t i = 0; i < a->made.len; i++)
		mem_free(a->made.at[i]);
	vec_free(&a->made);
	vec_free(&a->env);
	str_release(&a->question);
	mem_free(a);
}

const char *const *
askpass_env(const struct askpass *a)
{
	return a->env.at;
}

const char *
askpass_folder(const struct askpass *a)
{
	return a->folder;
}

/* ---- the other end ---- */

bool
askpass_wanted(void)
{
	const char *path = getenv(SOCKET_VAR);

	return path && *path;
}

static int
dial(const char *path)
{
	struct sockaddr_un addr = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || strlen(path) >= sizeof addr.sun_path)
		return -1;
	memcpy(addr.sun_path, path, strlen(path) + 1);
	return connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0 ? fd : -1;
}

int
askpass_main(int argc, char **argv)
{
	const char *how = getenv("SSH_ASKPASS_PROMPT");
	bool confirm = how && strcmp(how, "confirm") == 0;
	bool notice = how && strcmp(how, "none") == 0;
	struct str text = STR_INIT;
	char answer[ANSWER_MAX + 1];
	size_t got = 0;
	ssize_t n;
	struct err e = ERR_INIT;
	int fd = dial(getenv(SOCKET_VAR)), rc = 1;

	str_addc(&text, confirm ? 'c' : notice ? 'n' : 's');
	str_adds(&text, argc > 1 ? argv[1] : "");
	str_addc(&text, 0);
	if (fd >= 0 && text.len <= QUESTION_MAX &&
		file_write_all(fd, text.buf, text.len, &e)) {
		while (got < ANSWER_MAX &&
			(n = read(fd, answer + got, ANSWER_MAX - got)) > 0)
			got += (size_t)n;
		if (got > 0 && answer[0] == 'y') {
			answer[got] = '\n';
			rc = file_write_all(STDOUT_FILENO, answer + 1, got, &e) ? 0 : 1;
		}
	}
	mem_wipe(answer, sizeof answer);
	str_release(&text);
	return rc;
}
