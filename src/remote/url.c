#include "remote/url.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

#include "base/mem.h"

static const struct {
	const char *scheme;
	int port;
} schemes[] = {{"http", 80}, {"https", 443}, {"redis", 6379}, {"rediss", 6379}};

static char *
part(CURLU *c, CURLUPart which, unsigned flags)
{
	char *value = NULL, *copy = NULL;

	if (curl_url_get(c, which, &value, flags) == CURLUE_OK)
		copy = mem_strdup(value);
	if (value)
		mem_wipe(value, strlen(value));
	curl_free(value);
	return copy;
}

static int
default_port(const char *scheme)
{
	for (size_t i = 0; scheme && i < sizeof schemes / sizeof *schemes; i++)
		if (strcmp(schemes[i].scheme, scheme) == 0)
			return schemes[i].port;
	return 0;
}

void
url_release(struct url *u)
{
	if (u->password)
		mem_wipe(u->password, strlen(u->password));
	if (u->text)
		mem_wipe(u->text, strlen(u->text));
	mem_free(u->text);
	mem_free(u->scheme);
	mem_free(u->host);
	mem_free(u->user);
	mem_free(u->password);
	mem_free(u->path);
	*u = (struct url){0};
}

/* An address stands without its brackets. */
static void
strip_brackets(char *host)
{
	size_t len = host ? strlen(host) : 0;

	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		memmove(host, host + 1, len - 2);
		host[len - 2] = '\0';
	}
}

static bool
take(struct url *u, CURLU *c, struct err *e)
{
	char *port = part(c, CURLUPART_PORT, 0);
	struct url out = {
		.text = part(c, CURLUPART_URL, 0),
		.scheme = part(c, CURLUPART_SCHEME, 0),
		.host = part(c, CURLUPART_HOST, 0),
		.user = part(c, CURLUPART_USER, CURLU_URLDECODE),
		.password = part(c, CURLUPART_PASSWORD, CURLU_URLDECODE),
		.path = part(c, CURLUPART_PATH, CURLU_URLDECODE),
	};

	out.port = port ? (int)strtol(port, NULL, 10) : default_port(out.scheme);
	mem_free(port);
	strip_brackets(out.host);
	if (!out.text || !out.host || !*out.host || !default_port(out.scheme)) {
		url_release(&out);
		return err_set(e, ERR_INPUT, "this is no URL that we would go to");
	}
	url_release(u);
	*u = out;
	return true;
}

static bool
set(CURLU *c, const char *text)
{
	for (const char *p = text; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return false;
	return curl_url_set(c, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) ==
		CURLUE_OK;
}

bool
url_read(struct url *u, const char *text, struct err *e)
{
	CURLU *c = curl_url();
	bool ok = set(c, text) ? take(u, c, e)
			       : err_set(e, ERR_INPUT, "the URL is malformed");

	curl_url_cleanup(c);
	return ok;
}

bool
url_follow(struct url *u, const char *location, struct err *e)
{
	CURLU *c = curl_url();
	struct url next = {0};
	bool ok = set(c, u->text) && set(c, location)
		? take(&next, c, e)
		: err_set(e, ERR_INPUT, "a redirect leads to no URL");

	curl_url_cleanup(c);
	if (ok && strncmp(next.scheme, "http", 4) != 0)
		ok = err_set(e, ERR_INPUT, "a redirect leads to %.20s:", next.scheme);
	if (!ok) {
		url_release(&next);
		return false;
	}
	url_release(u);
	*u = next;
	return true;
}
