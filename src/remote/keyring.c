#include "remote/keyring.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/vec.h"
#include "loop/askpass.h"
#include "loop/rundir.h"

enum { TRIES = 3, ERR_TEXT_MAX = 300 };

enum lock_state { LOCK_SHUT, LOCK_OPENING, LOCK_OPEN };

struct lock {
	struct keyring *ring;
	char *path;
	enum lock_state state;
	struct askpass *askpass;
	struct loop_child *add; /* ssh-add */
	char *question;         /* NULL: none is open */
	int asked;
	bool cancelled;
	struct str err;
};

struct keyring_wish {
	struct lock *lock;
	struct keyring_calls calls;
	bool asks; /* the question is its to put */
	bool ended;
	enum keyring_end end;
	char why[ERR_TEXT_MAX];
};

struct keyring {
	struct loop *loop;
	struct loop_timer *soon;
	char *folder, *socket;
	struct loop_child *agent;
	bool agent_up;
	VEC_OF(struct lock *) locks;
	VEC_OF(struct keyring_wish *) wishes; /* in order of coming */
};

/* ---- telling ---- */

static void
end_wishes(struct lock *lock, enum keyring_end end, const char *why)
{
	struct keyring *k = lock->ring;

	for (size_t i = 0; i < k->wishes.len; i++) {
		struct keyring_wish *w = k->wishes.at[i];

		if (w->lock != lock || w->ended)
			continue;
		w->ended = true;
		w->end = end;
		snprintf(w->why, sizeof w->why, "%s", why);
	}
	loop_timer_start(k->soon, 0, 0);
}

static void
stop_opening(struct lock *lock)
{
	loop_child_free(lock->add);
	askpass_free(lock->askpass);
	mem_free(lock->question);
	lock->add = NULL;
	lock->askpass = NULL;
	lock->question = NULL;
	lock->asked = 0;
	lock->cancelled = false;
	str_reset(&lock->err);
}

static void
settle(struct lock *lock, enum keyring_end end, const char *why)
{
	lock->state = end == KEYRING_OPEN ? LOCK_OPEN : LOCK_SHUT;
	end_wishes(lock, end, why);
}

/* The first that wishes for a key puts its question; the others wait with it. */
static struct keyring_wish *
asker(const struct lock *lock)
{
	const struct keyring *k = lock->ring;

	for (size_t i = 0; i < k->wishes.len; i++) {
		if (k->wishes.at[i]->lock == lock && !k->wishes.at[i]->ended)
			return k->wishes.at[i];
	}
	return NULL;
}

/* Takes out what ended and tells it; a call may free any wish: begin again after each. */
static void
tell_ended(struct keyring *k)
{
	size_t i = 0;

	while (i < k->wishes.len) {
		struct keyring_wish *w = k->wishes.at[i];

		if (!w->ended) {
			i++;
			continue;
		}
		vec_remove(&k->wishes, i);
		w->calls.on_end(w->calls.ctx, w->end, w->why);
		mem_free(w);
		i = 0;
	}
}

static void start_opening(struct lock *lock);

static void
tell(void *ctx)
{
	struct keyring *k = ctx;

	tell_ended(k);
	for (size_t i = 0; i < k->locks.len; i++) {
		struct lock *lock = k->locks.at[i];
		struct keyring_wish *w = asker(lock);

		if (!w && lock->state == LOCK_OPENING) {
			stop_opening(lock); /* nobody wants it any more */
			lock->state = LOCK_SHUT;
		} else if (w && lock->state == LOCK_SHUT) {
			start_opening(lock);
		} else if (w && lock->question && !w->asks) {
			w->asks = true;
			w->calls.on_ask(w->calls.ctx, lock->question);
		}
	}
}

/* ---- ssh-add ---- */

static void
asked(void *ctx, const char *text, enum askpass_kind kind)
{
	struct lock *lock = ctx;
	struct keyring_wish *w = asker(lock);

	(void)kind;
	mem_free(lock->question);
	lock->question = text ? mem_strdup(text) : NULL;
	if (w)
		w->asks = false;
	if (text && ++lock->asked > TRIES)
		askpass_answer(lock->askpass, NULL);
	else if (text)
		loop_timer_start(lock->ring->soon, 0, 0);
}

static void
add_err(void *ctx, const char *p, size_t len)
{
	struct lock *lock = ctx;

	if (lock->err.len < ERR_TEXT_MAX)
		str_add(&lock->err, p, len < ERR_TEXT_MAX ? len : ERR_TEXT_MAX);
}

static void
add_end(void *ctx, const struct loop_child_end *end)
{
	struct lock *lock = ctx;
	char why[ERR_TEXT_MAX];

	snprintf(why, sizeof why, "%s: %s", lock->path,
		lock->err.len ? lock->err.buf : "ssh-add cannot open it");
	if (end->exit == 0)
		settle(lock, KEYRING_OPEN, "");
	else if (lock->cancelled)
		settle(lock, KEYRING_CANCELLED, lock->path);
	else if (lock->asked > TRIES)
		settle(lock, KEYRING_WRONG, lock->path);
	else
		settle(lock, KEYRING_BROKEN, why);
	stop_opening(lock);
}

static bool
start_ssh_add(struct lock *lock, struct err *e)
{
	const char *argv[] = {"ssh-add", "-q", "--", lock->path, NULL};
	struct loop_child_opts o = {.argv = argv};
	const struct loop_child_calls calls = {
		.on_err = add_err, .on_end = add_end, .ctx = lock};
	char *sock = mem_printf("SSH_AUTH_SOCK=%s", lock->ring->socket);
	VEC_OF(const char *) env = {0};

	lock->askpass = askpass_new(lock->ring->loop, asked, lock, e);
	for (const char *const *p = lock->askpass ? askpass_env(lock->askpass) : NULL;
		p && *p; p++) {
		if (!str_starts(*p, "SSH_AUTH_SOCK="))
			vec_push(&env, *p);
	}
	vec_push(&env, sock);
	vec_push(&env, NULL);
	o.env = env.at;
	if (lock->askpass)
		lock->add = loop_child_start(lock->ring->loop, &o, &calls, e);
	vec_free(&env);
	mem_free(sock);
	return lock->add != NULL;
}

/* ---- the agent ---- */

static void
agent_out(void *ctx, const char *p, size_t len)
{
	struct keyring *k = ctx;

	(void)p;
	(void)len;
	k->agent_up = true;
	loop_timer_start(k->soon, 0, 0);
}

static void
agent_end(void *ctx, const struct loop_child_end *end)
{
	struct keyring *k = ctx;

	(void)end;
	loop_child_free(k->agent);
	k->agent = NULL;
	k->agent_up = false;
	for (size_t i = 0; i < k->locks.len; i++) {
		stop_opening(k->locks.at[i]);
		settle(k->locks.at[i], KEYRING_BROKEN, "our ssh-agent has ended");
	}
}

/* The agent lives as long as the command it was given, and that as long as we hold its
 * standard input: nothing of it is left when we die, in whatever way. */
static bool
start_agent(struct keyring *k, struct err *e)
{
	const char *argv[] = {
		"ssh-agent", "-a", k->socket, "sh", "-c", "echo up; exec cat", NULL};
	struct loop_child_opts o = {.argv = argv, .keep_stdin = true};
	const struct loop_child_calls calls = {
		.on_out = agent_out, .on_end = agent_end, .ctx = k};

	k->agent = loop_child_start(k->loop, &o, &calls, e);
	return k->agent != NULL;
}

static void
start_opening(struct lock *lock)
{
	struct keyring *k = lock->ring;
	struct err e = ERR_INIT;

	if (!k->agent && !start_agent(k, &e)) {
		settle(lock, KEYRING_BROKEN, e.msg);
		return;
	}
	if (!k->agent_up)
		return; /* it says when it is */
	lock->state = LOCK_OPENING;
	if (!start_ssh_add(lock, &e)) {
		stop_opening(lock);
		settle(lock, KEYRING_BROKEN, e.msg);
	}
}

/* SSH_AGENTC_REMOVE_ALL_IDENTITIES: it looks only now and then whether its command still
 * lives. */
static void
empty_agent(const struct keyring *k)
{
	static const char request[] = {0, 0, 0, 1, 19};
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	memcpy(at.sun_path, k->socket, strlen(k->socket));
	if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0)
		send(fd, request, sizeof request, MSG_NOSIGNAL);
	if (fd >= 0)
		close(fd);
}

/* ---- life ---- */

struct keyring *
keyring_new(struct loop *l, struct err *e)
{
	char *folder = rundir_new(e), *socket;
	struct keyring *k;

	if (!folder)
		return NULL;
	socket = file_join(folder, "agent");
	if (strlen(socket) >= sizeof((struct sockaddr_un *)0)->sun_path) {
		err_set(e, ERR_LIMIT, "%s is too long for a socket", socket);
		rundir_free(folder);
		mem_free(socket);
		return NULL;
	}
	k = mem_alloc(sizeof *k);
	k->loop = l;
	k->folder = folder;
	k->socket = socket;
	k->soon = loop_timer_new(l, tell, k);
	return k;
}

void
keyring_free(struct keyring *k)
{
	if (!k)
		return;
	for (size_t i = 0; i < k->locks.len; i++) {
		stop_opening(k->locks.at[i]);
		str_release(&k->locks.at[i]->err);
		mem_free(k->locks.at[i]->path);
		mem_free(k->locks.at[i]);
	}
	vec_free(&k->locks);
	vec_free(&k->wishes);
	if (k->agent)
		empty_agent(k);
	loop_child_free(k->agent);
	loop_timer_free(k->soon);
	rundir_free(k->folder);
	mem_free(k->socket);
	mem_free(k);
}

const char *
keyring_socket(const struct keyring *k)
{
	return k->socket;
}

static struct lock *
lock_of(struct keyring *k, const char *path)
{
	struct lock *lock;

	for (size_t i = 0; i < k->locks.len; i++) {
		if (strcmp(k->locks.at[i]->path, path) == 0)
			return k->locks.at[i];
	}
	lock = mem_alloc(sizeof *lock);
	lock->ring = k;
	lock->path = mem_strdup(path);
	lock->err = STR_INIT;
	vec_push(&k->locks, lock);
	return lock;
}

struct keyring_wish *
keyring_unlock(struct keyring *k, const char *path, const struct keyring_calls *calls)
{
	struct keyring_wish *w = mem_alloc(sizeof *w);

	w->lock = lock_of(k, path);
	w->calls = *calls;
	w->ended = w->lock->state == LOCK_OPEN;
	w->end = KEYRING_OPEN;
	vec_push(&k->wishes, w);
	loop_timer_start(k->soon, 0, 0);
	return w;
}

void
keyring_answer(struct keyring_wish *w, const char *text)
{
	struct lock *lock = w->lock;

	if (w->ended || !lock->question || !w->asks)
		return;
	lock->cancelled = text == NULL;
	mem_free(lock->question);
	lock->question = NULL;
	w->asks = false;
	askpass_answer(lock->askpass, text);
}

void
keyring_wish_free(struct keyring_wish *w)
{
	struct keyring *k;

	if (!w)
		return;
	k = w->lock->ring;
	for (size_t i = 0; i < k->wishes.len; i++) {
		if (k->wishes.at[i] != w)
			continue;
		vec_remove(&k->wishes, i);
		break;
	}
	mem_free(w);
	loop_timer_start(k->soon, 0, 0);
}
