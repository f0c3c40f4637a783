#include "remote/http.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <netinet/in.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/mem.h"
#include "base/text.h"
#include "remote/curlloop.h"
#include "remote/reach.h"
#include "remote/relay.h"
#include "remote/url.h"

enum {
	DEFAULT_TIMEOUT_MS = 10 * 1000,
	DEFAULT_LIMIT = 1024 * 1024,
	REDIRECTS_MAX = 3,
	US_PER_MS = 1000,
	REDIRECT_MIN = 300,
	REDIRECT_MAX = 399,
};

struct http {
	struct curlloop *curl;
	struct http_call *first; /* under way */
};

struct http_call {
	struct curlloop_user user; /* first */
	struct http *http;         /* NULL: over, or the client is gone */
	struct http_call *prev, *next;
	CURL *easy;
	struct curl_slist *headers, *connect_to;
	char *method, *body, *url;
	size_t limit;
	bool follow, too_long, calling, freed, added;
	struct reach *reach; /* through a host */
	struct relay *relay;
	int redirects;
	int64_t spent_ms; /* by the redirects before */
	struct http_end end;
	http_fn *fn;
	void *ctx;
	char error[CURL_ERROR_SIZE];
};

/* ---- what comes in ---- */

static size_t
take_body(char *p, size_t size, size_t count, void *ctx)
{
	struct http_call *c = ctx;
	size_t len = size * count, room = c->limit - c->end.body.len;

	str_add(&c->end.body, p, len < room ? len : room);
	if (len <= room)
		return len;
	c->too_long = true;
	return 0; /* ends the transfer: no more of it is wanted */
}

static void
clear_headers(struct http_end *end)
{
	for (size_t i = 0; i < end->headers.list.len; i++) {
		mem_free(end->headers.list.at[i].key);
		mem_free(end->headers.list.at[i].value);
	}
	vec_free(&end->headers.list);
}

static size_t
take_header(char *p, size_t size, size_t count, void *ctx)
{
	struct http_call *c = ctx;
	size_t len = size * count, end = len, at;
	const char *colon = memchr(p, ':', len);
	struct pair h = {0};

	if (len > 5 && strncasecmp(p, "HTTP/", 5) == 0) {
		clear_headers(&c->end); /* those of a 100 are not the answer's */
		return len;
	}
	if (!colon)
		return len;
	at = (size_t)(colon - p);
	h.key = mem_strndup(p, at);
	for (char *k = h.key; *k; k++)
		*k = (char)tolower((unsigned char)*k);
	at++;
	while (at < end && (p[at] == ' ' || p[at] == '\t'))
		at++;
	while (end > at && strchr("\r\n \t", p[end - 1]))
		end--;
	h.value = mem_strndup(p + at, end - at);
	vec_push(&c->end.headers.list, h);
	return len;
}

/* ---- the end of a call ---- */

static void
unlink_call(struct http_call *c)
{
	struct http *h = c->http;

	if (!h)
		return;
	if (c->added)
		curlloop_remove(h->curl, c->easy);
	c->added = false;
	if (c->prev)
		c->prev->next = c->next;
	else
		h->first = c->next;
	if (c->next)
		c->next->prev = c->prev;
	c->prev = c->next = NULL;
	c->http = NULL;
}

/* For the next one; what was asked of it is known by now. */
static void
give_back(struct http *h, struct http_call *c)
{
	if (!h || !c->easy)
		return;
	curlloop_give_back(h->curl, c->easy);
	c->easy = NULL;
}

static void
list_call(struct http *h, struct http_call *c)
{
	c->http = h;
	c->next = h->first;
	if (h->first)
		h->first->prev = c;
	h->first = c;
}

static void
link_call(struct http *h, struct http_call *c)
{
	list_call(h, c);
	c->added = true;
	curlloop_add(h->curl, c->easy, &c->user);
}

static void
destroy(struct http_call *c)
{
	if (c->easy)
		curl_easy_cleanup(c->easy);
	relay_free(c->relay);
	reach_free(c->reach);
	curl_slist_free_all(c->headers);
	curl_slist_free_all(c->connect_to);
	clear_headers(&c->end);
	str_release(&c->end.body);
	mem_free(c->method);
	if (c->body)
		mem_wipe_free(c->body, strlen(c->body));
	mem_free(c->url);
	mem_free(c);
}

static const char *
header(const struct http_call *c, const char *name)
{
	for (size_t i = 0; i < c->end.headers.list.len; i++) {
		if (strcmp(c->end.headers.list.at[i].key, name) == 0)
			return c->end.headers.list.at[i].value;
	}
	return NULL;
}

static bool
same_part(CURLU *a, CURLU *b, CURLUPart part, unsigned flags)
{
	char *x = NULL, *y = NULL;
	bool same = curl_url_get(a, part, &x, flags) == CURLUE_OK &&
		curl_url_get(b, part, &y, flags) == CURLUE_OK && strcasecmp(x, y) == 0;

	curl_free(x);
	curl_free(y);
	return same;
}

/* The absolute URL of a redirect that stays at its origin; NULL for any other. */
static char *
same_origin_target(const char *url, const char *location)
{
	CURLU *from = curl_url(), *to = curl_url();
	char *absolute = NULL, *out = NULL;

	if (curl_url_set(from, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_set(to, CURLUPART_URL, url, 0) == CURLUE_OK &&
		curl_url_set(to, CURLUPART_URL, location, 0) == CURLUE_OK &&
		same_part(from, to, CURLUPART_SCHEME, 0) &&
		same_part(from, to, CURLUPART_HOST, 0) &&
		same_part(from, to, CURLUPART_PORT, CURLU_DEFAULT_PORT) &&
		curl_url_get(to, CURLUPART_URL, &absolute, 0) == CURLUE_OK)
		out = mem_strdup(absolute);
	curl_free(absolute);
	curl_url_cleanup(from);
	curl_url_cleanup(to);
	return out;
}

/* True: the call goes on elsewhere. Only a request that changes nothing follows. */
static bool
redirect(struct http_call *c)
{
	const char *location = header(c, "location");
	struct http *h = c->http;
	bool reads = strcmp(c->method, "GET") == 0 || strcmp(c->method, "HEAD") == 0;
	char *target;

	if (!c->follow || !reads || !location || c->end.status < REDIRECT_MIN ||
		c->end.status > REDIRECT_MAX || c->redirects >= REDIRECTS_MAX)
		return false;
	target = same_origin_target(c->url, location);
	if (!target)
		return false;
	c->redirects++;
	mem_free(c->url);
	c->url = target;
	unlink_call(c);
	clear_headers(&c->end);
	str_reset(&c->end.body);
	c->spent_ms = c->end.took_ms;
	c->end.answered = false;
	curl_easy_setopt(c->easy, CURLOPT_URL, c->url);
	link_call(h, c);
	return true;
}

static void
explain(struct http_call *c, CURLcode rc)
{
	struct str safe = STR_INIT;
	const char *words = *c->error ? c->error : curl_easy_strerror(rc);

	text_harmless(&safe, words, strlen(words), TEXT_ONE_LINE);
	if (rc == CURLE_UNSUPPORTED_PROTOCOL || rc == CURLE_WEIRD_SERVER_REPLY)
		snprintf(c->end.why, sizeof c->end.why,
			"what answers does not speak HTTP (%s)", safe.buf);
	else
		snprintf(c->end.why, sizeof c->end.why, "%s", safe.buf);
	str_release(&safe);
}

static void
tell(struct http_call *c)
{
	struct http *h = c->http;

	c->end.url = c->url;
	unlink_call(c);
	give_back(h, c);
	c->calling = true;
	c->fn(c->ctx, &c->end);
	c->calling = false;
	if (c->freed)
		destroy(c);
}

static void
finish(struct curlloop_user *u, CURLcode rc)
{
	struct http_call *c = (struct http_call *)u;
	curl_off_t took = 0;
	long status = 0;

	curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(c->easy, CURLINFO_TOTAL_TIME_T, &took);
	c->end.status = (int)status;
	c->end.took_ms = c->spent_ms + (took + US_PER_MS / 2) / US_PER_MS;
	/* A whole answer, or one that only its body's length spoils. */
	c->end.cut = c->too_long || rc == CURLE_PARTIAL_FILE;
	c->end.answered = status > 0 && (rc == CURLE_OK || c->end.cut);
	if (c->end.answered && redirect(c))
		return;
	c->end.sent = c->end.answered || http_call_sent(c);
	if (!c->end.answered)
		explain(c, rc);
	tell(c);
}

/* ---- the client ---- */

struct http *
http_new(struct loop *l)
{
	struct http *h = mem_alloc(sizeof *h);

	h->curl = curlloop_new(l);
	return h;
}

void
http_free(struct http *h)
{
	if (!h)
		return;
	while (h->first)
		unlink_call(h->first);
	curlloop_free(h->curl);
	mem_free(h);
}

struct curlloop *
http_curlloop(const struct http *h)
{
	return h->curl;
}

/* ---- start ---- */

static bool
has_control(const char *s)
{
	for (; *s; s++) {
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	}
	return false;
}

static bool
add_headers(struct http_call *c, const struct pairs *headers, struct err *e)
{
	for (size_t i = 0; headers && i < headers->list.len; i++) {
		const struct pair *p = &headers->list.at[i];
		char *line;

		/* A line end in a value would be a header of somebody else's choice. */
		if (has_control(p->key) || has_control(p->value) || strchr(p->key, ':'))
			return err_set(e, ERR_INPUT,
				"header %zu holds a control character", i + 1);
		line = *p->value ? mem_printf("%s: %s", p->key, p->value)
				 : mem_printf("%s;", p->key);
		c->headers = curl_slist_append(c->headers, line);
		mem_wipe_free(line, strlen(line));
	}
	return true;
}

static void
set_method(struct http_call *c)
{
	CURL *z = c->easy;

	if (strcmp(c->method, "HEAD") == 0)
		curl_easy_setopt(z, CURLOPT_NOBODY, 1L);
	if (c->body) {
		curl_easy_setopt(z, CURLOPT_POSTFIELDS, c->body);
		curl_easy_setopt(z, CURLOPT_POSTFIELDSIZE, (long)strlen(c->body));
	}
	curl_easy_setopt(z, CURLOPT_CUSTOMREQUEST, c->method);
}

static void
set_options(struct http_call *c, const struct http_opts *o)
{
	CURL *z = c->easy;

	curl_easy_setopt(z, CURLOPT_URL, c->url);
	curl_easy_setopt(z, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(z, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(z, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(z, CURLOPT_UNRESTRICTED_AUTH, 0L);
	curl_easy_setopt(z, CURLOPT_PROXY, o->proxy ? o->proxy : ""); /* "": none */
	curl_easy_setopt(z, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(z, CURLOPT_NOSIGNAL, 1L);
	if (o->once) { /* a reused connection that is dead makes libcurl try again */
		curl_easy_setopt(z, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(z, CURLOPT_FORBID_REUSE, 1L);
	}
	/* HTTP/2 in 7.88 freezes for a poll timeout now and then. */
	curl_easy_setopt(z, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(z, CURLOPT_USERAGENT, "handrail");
	curl_easy_setopt(z, CURLOPT_TIMEOUT_MS,
		(long)(o->timeout_ms > 0 ? o->timeout_ms : DEFAULT_TIMEOUT_MS));
	curl_easy_setopt(z, CURLOPT_ERRORBUFFER, c->error);
	curl_easy_setopt(z, CURLOPT_WRITEFUNCTION, take_body);
	curl_easy_setopt(z, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(z, CURLOPT_HEADERFUNCTION, take_header);
	curl_easy_setopt(z, CURLOPT_HEADERDATA, c);
	/* The cache of the CA store works only without a CA path: 30 times cheaper. */
	curl_easy_setopt(z, CURLOPT_CAPATH, NULL);
	if (o->ca)
		curl_easy_setopt(z, CURLOPT_CAINFO, o->ca);
	if (o->cert)
		curl_easy_setopt(z, CURLOPT_SSLCERT, o->cert);
	if (o->key)
		curl_easy_setopt(z, CURLOPT_SSLKEY, o->key);
	if (c->headers)
		curl_easy_setopt(z, CURLOPT_HTTPHEADER, c->headers);
	set_method(c);
}

/* What curl would only find out later, without a word of ours. */
static bool
check_url(const char *url, struct err *e)
{
	CURLU *u = curl_url();
	CURLUcode rc = curl_url_set(u, CURLUPART_URL, url, 0);

	curl_url_cleanup(u);
	if (has_control(url))
		return err_set(e, ERR_INPUT, "the URL holds a control character");
	if (!str_starts(url, "http://") && !str_starts(url, "https://"))
		return err_set(e, ERR_INPUT, "the URL is neither http:// nor https://");
	if (rc != CURLUE_OK)
		return err_set(
			e, ERR_INPUT, "the URL is malformed: %s", curl_url_strerror(rc));
	return true;
}

/* ---- through a host ---- */

/* Bound before it connects, so that the relay knows it for ours. */
static curl_socket_t
open_to_relay(void *ctx, curlsocktype purpose, struct curl_sockaddr *address)
{
	struct http_call *c = ctx;
	struct sockaddr_in a = {.sin_family = AF_INET};
	socklen_t len = sizeof a;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)purpose, (void)address;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0)
		return CURL_SOCKET_BAD;
	if (bind(fd, (struct sockaddr *)&a, len) < 0 ||
		getsockname(fd, (struct sockaddr *)&a, &len) < 0) {
		close(fd);
		return CURL_SOCKET_BAD;
	}
	relay_expect(c->relay, ntohs(a.sin_port));
	return fd;
}

static void
reached(void *ctx, const struct reach_end *end)
{
	struct http_call *c = ctx;
	struct err e = ERR_INIT;
	const char *why = end->why;
	char to[40];
	int port;

	c->spent_ms = end->took_ms;
	if (end->state == REACH_OPEN) {
		c->relay = relay_new(curlloop_loop(c->http->curl), end->fd, &port, &e);
		why = e.msg;
	}
	if (c->relay) {
		snprintf(to, sizeof to, "::127.0.0.1:%d", port);
		c->connect_to = curl_slist_append(NULL, to);
		curl_easy_setopt(c->easy, CURLOPT_CONNECT_TO, c->connect_to);
		c->added = true;
		curlloop_add(c->http->curl, c->easy, &c->user);
		return;
	}
	c->end.took_ms = end->took_ms;
	c->end.unsure = end->state == REACH_OPEN || end->state == REACH_UNKNOWN;
	snprintf(c->end.why, sizeof c->end.why, "%.*s", (int)sizeof c->end.why - 1, why);
	tell(c);
}

/* The name stays that of the URL, for TLS and for the Host header, and is never resolved here:
 * curl goes to a port of this machine that leads there. */
static bool
start_through(
	struct http *h, struct http_call *c, const struct http_opts *o, struct err *e)
{
	struct reach_spec s = {
		.http = h, .through = o->through, .timeout_ms = o->timeout_ms};
	struct url u = {0};
	bool ok = !o->proxy ||
		err_set(e, ERR_INPUT, "a proxy and `through` exclude each other");

	ok = ok && url_read(&u, c->url, e);
	if (ok) {
		s.host = u.host;
		s.port = u.port;
		c->follow = false;
		curl_easy_setopt(c->easy, CURLOPT_OPENSOCKETFUNCTION, open_to_relay);
		curl_easy_setopt(c->easy, CURLOPT_OPENSOCKETDATA, c);
		curl_easy_setopt(c->easy, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(c->easy, CURLOPT_FORBID_REUSE, 1L);
		c->reach = reach_start(&s, reached, c, e);
		ok = c->reach != NULL;
	}
	url_release(&u);
	return ok;
}

static bool
start_call(struct http *h, struct http_call *c, const struct http_opts *o, struct err *e)
{
	if (has_control(c->method))
		return err_set(e, ERR_INPUT, "the method holds a control character");
	if (!check_url(c->url, e) || !add_headers(c, o->headers, e))
		return false;
	set_options(c, o);
	if (!o->through || link_is_local(o->through)) {
		link_call(h, c);
		return true;
	}
	if (!start_through(h, c, o, e))
		return false;
	list_call(h, c);
	return true;
}

struct http_call *
http_start(
	struct http *h, const struct http_opts *o, http_fn *fn, void *ctx, struct err *e)
{
	struct http_call *c = mem_alloc(sizeof *c);

	c->user.ended = finish;
	c->easy = curlloop_easy(h->curl);
	c->method = mem_strdup(o->method ? o->method : o->body ? "POST" : "GET");
	c->body = mem_strdup(o->body);
	c->url = mem_strdup(o->url);
	c->limit = o->limit ? o->limit : DEFAULT_LIMIT;
	c->follow = o->follow;
	c->end.body = STR_INIT;
	c->fn = fn;
	c->ctx = ctx;
	if (start_call(h, c, o, e))
		return c;
	destroy(c);
	return NULL;
}

bool
http_call_sent(const struct http_call *c)
{
	long bytes = 0;

	if (!c->easy)
		return c->end.sent;
	curl_easy_getinfo(c->easy, CURLINFO_REQUEST_SIZE, &bytes);
	return bytes > 0;
}

void
http_call_free(struct http_call *c)
{
	struct http *h = c ? c->http : NULL;

	if (!c || c->freed)
		return;
	unlink_call(c);
	give_back(h, c);
	c->freed = true;
	if (!c->calling)
		destroy(c);
}
