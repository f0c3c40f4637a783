#include "remote/reach.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/text.h"
#include "remote/curlloop.h"
#include "remote/tunnel.h"

enum { DEFAULT_TIMEOUT_MS = 10 * 1000, PORT_MAX = 65535, DECIMAL = 10 };

struct reach {
	struct curlloop_user user; /* first */
	struct curlloop *curl;
	CURL *easy; /* NULL: through a host */
	struct link *through;
	struct tunnel *tunnel;
	struct loop_timer *deadline; /* of the tunnel */
	struct mono began;
	int64_t timeout_ms;
	char *where;
	reach_fn *fn;
	void *ctx;
	bool ended, calling, freed;
	char error[CURL_ERROR_SIZE];
};

static const char *const names[] = {
#define X(id, name) name,
	REACH_STATES(X)
#undef X
};

const char *
reach_state_name(enum reach_state s)
{
	return names[s];
}

static void
destroy(struct reach *r)
{
	if (r->easy)
		curl_easy_cleanup(r->easy);
	tunnel_free(r->tunnel);
	loop_timer_free(r->deadline);
	mem_free(r->where);
	mem_free(r);
}

static void
finish(struct reach *r, struct reach_end *end)
{
	r->ended = true;
	end->took_ms = clock_mono().ms - r->began.ms;
	if (end->state != REACH_OPEN && !*end->why)
		snprintf(end->why, sizeof end->why, "%s: %s", r->where,
			reach_state_name(end->state));
	if (r->deadline)
		loop_timer_stop(r->deadline);
	r->calling = true;
	r->fn(r->ctx, end);
	r->calling = false;
	if (r->freed)
		destroy(r);
}

/* ---- direct ---- */

static enum reach_state
state_of(CURL *easy, CURLcode rc)
{
	long number = 0;

	curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &number);
	if (rc == CURLE_COULDNT_RESOLVE_HOST)
		return REACH_NO_HOST;
	if (rc == CURLE_OPERATION_TIMEDOUT || number == ETIMEDOUT)
		return REACH_TIMEOUT;
	if (number == ECONNREFUSED)
		return REACH_REFUSED;
	return rc == CURLE_COULDNT_CONNECT ? REACH_UNREACHABLE : REACH_UNKNOWN;
}

static void
curl_ended(struct curlloop_user *u, CURLcode rc)
{
	struct reach *r = (struct reach *)u;
	struct reach_end end = {.state = REACH_OPEN, .fd = -1};
	curl_socket_t fd = CURL_SOCKET_BAD;
	struct str safe = STR_INIT;
	char *address = NULL;

	curl_easy_getinfo(r->easy, CURLINFO_ACTIVESOCKET, &fd);
	curl_easy_getinfo(r->easy, CURLINFO_PRIMARY_IP, &address);
	snprintf(end.address, sizeof end.address, "%s", address ? address : "");
	/* Curl closes its own when the handle goes; a copy lives on. */
	if (rc == CURLE_OK && fd != CURL_SOCKET_BAD)
		end.fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	if (rc != CURLE_OK) {
		const char *said = *r->error ? r->error : curl_easy_strerror(rc);

		end.state = state_of(r->easy, rc);
		text_harmless(&safe, said, strlen(said), TEXT_ONE_LINE);
		snprintf(end.why, sizeof end.why, "%s: %s", r->where, safe.buf);
		str_release(&safe);
	} else if (end.fd < 0) {
		end.state = REACH_UNKNOWN;
		snprintf(end.why, sizeof end.why, "%s: no descriptor left", r->where);
	}
	curlloop_remove(r->curl, r->easy);
	finish(r, &end);
}

static void
start_direct(struct reach *r, const struct reach_spec *s)
{
	/* The scheme only names the port; nothing is ever sent. */
	bool six = strchr(s->host, ':') != NULL;
	char *url = mem_printf(
		"http://%s%s%s:%d/", six ? "[" : "", s->host, six ? "]" : "", s->port);

	r->easy = curl_easy_init();
	r->user.ended = curl_ended;
	curl_easy_setopt(r->easy, CURLOPT_URL, url);
	curl_easy_setopt(r->easy, CURLOPT_PROTOCOLS_STR, "http");
	curl_easy_setopt(r->easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(r->easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(r->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(r->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(r->easy, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
	curl_easy_setopt(r->easy, CURLOPT_ERRORBUFFER, r->error);
	curlloop_add(r->curl, r->easy, &r->user);
	mem_free(url);
}

/* ---- through a host ---- */

static enum reach_state
state_said(const char *why)
{
	static const struct {
		const char *part;
		enum reach_state state;
	} said[] = {
		{"onnection refused", REACH_REFUSED},
		{"prohibited", REACH_UNKNOWN},
		{"imed out", REACH_TIMEOUT},
		{"nreachable", REACH_UNREACHABLE},
		{"o route", REACH_UNREACHABLE},
		{"not known", REACH_NO_HOST},
		{"resolve", REACH_NO_HOST},
		/* All that libssh2 says: the host tried, and it was not to be had. */
		{"connect failed", REACH_UNREACHABLE},
	};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++)
		if (strstr(why, said[i].part))
			return said[i].state;
	return REACH_UNKNOWN;
}

static void
tunnel_opened(void *ctx, const struct tunnel_end *t)
{
	struct reach *r = ctx;
	struct reach_end end = {.state = REACH_OPEN, .fd = t->fd};

	if (t->fd < 0) {
		end.state = t->lost ? REACH_UNKNOWN : state_said(t->why);
		snprintf(end.why, sizeof end.why, "%s: %s", r->where, t->why);
	}
	finish(r, &end);
}

static void
deadline_passed(void *ctx)
{
	struct reach *r = ctx;
	struct reach_end end = {.state = REACH_TIMEOUT, .fd = -1};
	struct link_status s;

	/* Of a host that is not there nothing is known that lies behind it. */
	link_status(r->through, &s);
	if (s.state != LINK_READY) {
		end.state = REACH_UNKNOWN;
		snprintf(end.why, sizeof end.why, "%s", s.words);
	}
	tunnel_free(r->tunnel);
	r->tunnel = NULL;
	finish(r, &end);
}

struct reach *
reach_start(const struct reach_spec *s, reach_fn *fn, void *ctx, struct err *e)
{
	struct reach *r = mem_alloc(sizeof *r);

	r->curl = http_curlloop(s->http);
	r->timeout_ms = s->timeout_ms > 0 ? s->timeout_ms : DEFAULT_TIMEOUT_MS;
	r->began = clock_mono();
	r->where = s->through ? mem_printf("%s:%d through %s", s->host, s->port,
					link_target(s->through))
			      : mem_printf("%s:%d", s->host, s->port);
	r->fn = fn;
	r->ctx = ctx;
	/* This machine carries its own connections. */
	if (!s->through || link_is_local(s->through)) {
		start_direct(r, s);
		return r;
	}
	r->through = s->through;
	r->tunnel = tunnel_open(s->through, s->host, s->port, tunnel_opened, r, e);
	if (!r->tunnel) {
		destroy(r);
		return NULL;
	}
	r->deadline = loop_timer_new(curlloop_loop(r->curl), deadline_passed, r);
	loop_timer_start(r->deadline, r->timeout_ms, 0);
	return r;
}

void
reach_free(struct reach *r)
{
	if (!r || r->freed)
		return;
	if (!r->ended && r->easy)
		curlloop_remove(r->curl, r->easy);
	r->ended = true;
	r->freed = true;
	if (!r->calling)
		destroy(r);
}

/* ---- names ---- */

bool
reach_split(const char *text, char **host, int *port, struct err *e)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0;
	char *end;
	long number;

	*host = NULL;
	if (len > 2 && text[0] == '[' && colon[-1] == ']') {
		text++;
		len -= 2;
	} else if (len == 0 || memchr(text, ':', len)) {
		return err_set(e, ERR_INPUT, "`%.100s` is no HOST:PORT", text);
	}
	number = strtol(colon + 1, &end, DECIMAL);
	if (end == colon + 1 || *end || number < 1 || number > PORT_MAX)
		return err_set(
			e, ERR_INPUT, "`%.100s` has no port from 1 to 65535", text);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] <= ' ' || strchr("/@?#\\\"[]", text[i]))
			return err_set(e, ERR_INPUT, "`%.100s` is no HOST:PORT", text);
	*host = mem_strndup(text, len);
	*port = (int)number;
	return true;
}

bool
reach_is_loopback(const char *host)
{
	return strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0 ||
		(strncmp(host, "127.", 4) == 0 &&
			strspn(host, "0123456789.") == strlen(host));
}
