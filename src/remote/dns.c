#include "remote/dns.h"

#include <string.h>
#include <sys/time.h>

#include <ares.h>

#include "base/mem.h"
#include "base/vec.h"

enum { TRY_MS = 2000, TRIES = 3, CLASS_IN = 1, MS_PER_S = 1000, EDNS_BYTES = 1232 };

struct dns_sock {
	struct dns *dns;
	ares_socket_t fd;
	struct loop_fd *watch;
};

struct dns {
	struct loop *loop;
	ares_channel channel;
	bool open;
	struct loop_timer *timer, *told;
	VEC_OF(struct dns_sock *) socks;
	dns_fn *fn;
	void *ctx;
	struct str answer;
	const char *why; /* static words of c-ares */
	bool ended;
};

static void
arm(struct dns *d)
{
	struct timeval limit = {TRY_MS / MS_PER_S, 0}, tv;
	struct timeval *left = ares_timeout(d->channel, &limit, &tv);
	int64_t ms = (int64_t)left->tv_sec * MS_PER_S + left->tv_usec / MS_PER_S;

	loop_timer_start(d->timer, ms + 1, 0);
}

static void
time_passed(void *ctx)
{
	struct dns *d = ctx;

	ares_process_fd(d->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	arm(d);
}

static void
sock_ready(void *ctx, int ready)
{
	struct dns_sock *s = ctx;
	struct dns *d = s->dns;
	ares_socket_t fd = s->fd; /* s may go */
	bool in = ready & (LOOP_READ | LOOP_ERROR), out = ready & LOOP_WRITE;

	ares_process_fd(
		d->channel, in ? fd : ARES_SOCKET_BAD, out ? fd : ARES_SOCKET_BAD);
	arm(d);
}

static void
sock_state(void *ctx, ares_socket_t fd, int in, int out)
{
	struct dns *d = ctx;
	struct dns_sock *s = NULL;
	size_t i = 0;

	while (i < d->socks.len && d->socks.at[i]->fd != fd)
		i++;
	if (i < d->socks.len)
		s = d->socks.at[i];
	if (!in && !out) {
		if (!s)
			return;
		loop_fd_free(s->watch);
		mem_free(s);
		vec_remove(&d->socks, i);
		return;
	}
	if (!s) {
		s = mem_alloc(sizeof *s);
		s->dns = d;
		s->fd = fd;
		s->watch = loop_fd_new(d->loop, fd, sock_ready, s);
		vec_push(&d->socks, s);
	}
	if (s->watch)
		loop_fd_want(s->watch, (in ? LOOP_READ : 0) | (out ? LOOP_WRITE : 0));
}

/* Not from inside of the library: whoever is told may free us. */
static void
tell(void *ctx)
{
	struct dns *d = ctx;
	bool any = d->answer.len > 0;

	d->fn(d->ctx, any ? (const unsigned char *)d->answer.buf : NULL, d->answer.len,
		d->why);
}

static void
answered(void *ctx, int status, int timeouts, unsigned char *answer, int len)
{
	struct dns *d = ctx;

	(void)timeouts;
	if (status == ARES_EDESTRUCTION || d->ended)
		return;
	d->ended = true;
	d->why = ares_strerror(status);
	/* "No such name" is an answer, and comes with its bytes. */
	if (answer && len > 0)
		str_add(&d->answer, answer, (size_t)len);
	loop_timer_start(d->told, 0, 0);
}

static bool
set_up(struct dns *d, const char *server, struct err *e)
{
	struct ares_options o = {
		.flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES,
		.timeout = TRY_MS,
		.tries = TRIES,
		.sock_state_cb = sock_state,
		.sock_state_cb_data = d,
	};
	int rc = ares_init_options(&d->channel, &o,
		ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
			ARES_OPT_SOCK_STATE_CB);

	d->open = rc == ARES_SUCCESS;
	if (d->open && server)
		rc = ares_set_servers_ports_csv(d->channel, server);
	if (rc != ARES_SUCCESS)
		return err_set(e, ERR_INPUT, "name server %.80s: %s",
			server ? server : "of the system", ares_strerror(rc));
	return true;
}

struct dns *
dns_start(struct loop *l, const char *name, int type, const char *server, dns_fn *fn,
	void *ctx, struct err *e)
{
	struct dns *d = mem_alloc(sizeof *d);

	ares_library_init(ARES_LIB_INIT_ALL); /* counted */
	d->loop = l;
	d->fn = fn;
	d->ctx = ctx;
	d->answer = STR_INIT;
	d->timer = loop_timer_new(l, time_passed, d);
	d->told = loop_timer_new(l, tell, d);
	if (!set_up(d, server, e)) {
		dns_free(d);
		return NULL;
	}
	ares_query(d->channel, name, CLASS_IN, type, answered, d);
	arm(d);
	return d;
}

void
dns_free(struct dns *d)
{
	if (!d)
		return;
	d->ended = true;
	if (d->open)
		ares_destroy(d->channel);
	while (d->socks.len > 0)
		sock_state(d, d->socks.at[0]->fd, 0, 0);
	vec_free(&d->socks);
	loop_timer_free(d->timer);
	loop_timer_free(d->told);
	str_release(&d->answer);
	ares_library_cleanup();
	mem_free(d);
}

bool
dns_question(const char *name, int type, struct str *out, struct err *e)
{
	unsigned char *bytes = NULL;
	int len = 0;
	int rc = ares_create_query(name, CLASS_IN, type, 1, 1, &bytes, &len, EDNS_BYTES);

	if (rc != ARES_SUCCESS)
		return err_set(e, ERR_INPUT, "`%.100s`: %s", name, ares_strerror(rc));
	str_addc(out, (char)(len >> 8));
	str_addc(out, (char)(len & 255));
	str_add(out, bytes, (size_t)len);
	ares_free_string(bytes);
	return true;
}
