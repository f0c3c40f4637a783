#include "model/acttext.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "model/parts.h"

/* ---- as text ------------------------------------------------------------------------------ */

char *
acttext_http(const struct http_spec *h)
{
	struct str s = STR_INIT;

	str_addf(&s, "%s %s", h->method, h->url ? h->url : "?");
	for (size_t i = 0; i < h->headers.list.len; i++)
		str_addf(&s, "\n%s: %s", h->headers.list.at[i].key,
			h->headers.list.at[i].value);
	if (h->body)
		str_addf(&s, "\n\n%s", h->body);
	return str_take(&s);
}

char *
acttext_copy(const char *from, const char *to, const char *mode)
{
	return mem_printf("from %s\nto %s\nmode %s", from ? from : "?", to ? to : "?",
		mode ? mode : "0600");
}

/* ---- read back ---------------------------------------------------------------------------- */

static bool
is_method(const char *word, size_t len)
{
	static const char *const words[] = {
		"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strlen(words[i]) == len && memcmp(words[i], word, len) == 0)
			return true;
	return false;
}

/* The token of RFC 9110, without what nobody calls a header. */
static bool
is_header(const char *name, size_t len)
{
	static const char tokens[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.";

	return len && strspn(name, tokens) >= len;
}

static bool
read_head(const char *text, size_t len, struct http_spec *out, struct err *e)
{
	const char *space = memchr(text, ' ', len);
	size_t method = space ? (size_t)(space - text) : len;

	if (!is_method(text, method))
		return err_set(e, ERR_INPUT,
			"\"%.*s\" is no method: GET, HEAD, OPTIONS, POST, PUT, PATCH or "
			"DELETE",
			(int)(method < 20 ? method : 20), text);
	out->method = mem_strndup(text, method);
	out->url = mem_strndup(
		text + method + (space != NULL), len - method - (space != NULL));
	if (!str_starts(out->url, "https://") && !str_starts(out->url, "http://") &&
		!str_starts(out->url, "${"))
		return err_set(
			e, ERR_INPUT, "a URL begins with https://, http:// or a ${name}");
	return !out->url[strcspn(out->url, " \t")] ||
		err_set(e, ERR_INPUT, "a URL has no blanks");
}

static bool
read_header(const char *line, size_t len, struct http_spec *out, struct err *e)
{
	const char *colon = memchr(line, ':', len);
	size_t name = colon ? (size_t)(colon - line) : 0;
	size_t at = name + 1;

	if (!is_header(line, name))
		return err_set(e, ERR_INPUT, "\"%.*s\" is no header: write  Name: value",
			(int)(len < 20 ? len : 20), line);
	at += at < len && line[at] == ' ';
	vec_push(&out->headers.list,
		(struct pair){.key = mem_strndup(line, name),
			.value = mem_strndup(line + at, len - at)});
	return true;
}

bool
acttext_read_http(const char *text, struct http_spec *out, struct err *e)
{
	size_t len = strcspn(text, "\n");
	bool ok;

	*out = (struct http_spec){0};
	ok = read_head(text, len, out, e);
	for (text += len; ok && *text; text += len) {
		text++;
		len = strcspn(text, "\n");
		if (len == 0) { /* what is behind the empty line */
			out->body = *text ? mem_strdup(text + 1) : NULL;
			break;
		}
		ok = read_header(text, len, out, e);
	}
	if (!ok)
		acttext_release_http(out);
	return ok;
}

void
acttext_release_http(struct http_spec *h)
{
	parts_free_http(h);
	*h = (struct http_spec){0};
}

size_t
acttext_host_len(const char *place)
{
	const char *colon = strchr(place, ':');
	size_t len = colon ? (size_t)(colon - place) : 0;

	return memchr(place, '/', len) ? 0 : len;
}

bool
acttext_is_file(const char *path)
{
	size_t len = path ? strlen(path) : 0;

	return len > 0 && path[len - 1] != '/' && !str_eq(path, "~") &&
		!str_eq(path, ".") && !str_eq(path, "..");
}

static bool
is_mode(const char *mode)
{
	size_t len = strlen(mode);

	return (len == 3 || len == 4) && strspn(mode, "01234567") == len;
}

static char *
line_behind(const char **text, const char *word)
{
	size_t len = strcspn(*text, "\n"), n = strlen(word);
	char *rest = NULL;

	if (len >= n && memcmp(*text, word, n) == 0)
		rest = mem_strndup(*text + n, len - n);
	*text += len + ((*text)[len] == '\n');
	return rest;
}

bool
acttext_read_copy(const char *text, struct acttext_copy *out, struct err *e)
{
	bool ok;

	*out = (struct acttext_copy){0};
	out->from = line_behind(&text, "from ");
	out->to = line_behind(&text, "to ");
	out->mode = line_behind(&text, "mode ");
	ok = out->from && out->to && out->mode && !*text;
	if (!ok)
		err_set(e, ERR_INPUT, "a copy is its from, to and mode, a line each");
	else if (!is_mode(out->mode))
		ok = err_set(e, ERR_INPUT, "\"%.20s\" is no mode: write one as 0644",
			out->mode);
	if (!ok)
		acttext_release_copy(out);
	return ok;
}

void
acttext_release_copy(struct acttext_copy *c)
{
	mem_free(c->from);
	mem_free(c->to);
	mem_free(c->mode);
	*c = (struct acttext_copy){0};
}

/* ---- by piece ----------------------------------------------------------------------------- */

/* Line n of the text from `at`; false: it has fewer. */
static bool
line_at(const char *text, size_t at, size_t n, struct acttext_part *out)
{
	while (n-- && text[at]) {
		at += strcspn(text + at, "\n");
		at += text[at] == '\n';
		if (!text[at])
			return false;
	}
	out->at = at;
	out->len = strcspn(text + at, "\n");
	return true;
}

static size_t
lines_from(const char *text, size_t at)
{
	size_t n = 0;

	for (; text[at]; at += text[at] == '\n', n++)
		at += strcspn(text + at, "\n");
	return n;
}

/* One more line at the end of the text. */
static bool
one_more(
	const char *text, const char *label, const char *before, struct acttext_part *out)
{
	size_t len = strlen(text);
	bool ended = len && text[len - 1] == '\n';

	*out = (struct acttext_part){.label = label,
		.at = len,
		.more = true,
		.before = ended ? "" : before,
		.after = ended ? "\n" : ""};
	return true;
}

static bool
part_of_lines(const char *text, size_t n, struct acttext_part *out)
{
	size_t lines = lines_from(text, 0);

	*out = (struct acttext_part){.label = "Line", .line = true};
	if (n < lines || (n == 0 && lines == 0))
		return line_at(text, 0, n, out);
	return n == lines && one_more(text, "One more line", "\n", out);
}

static bool
part_of_http(const char *text, size_t n, struct acttext_part *out)
{
	size_t head = strcspn(text, "\n"), method = strcspn(text, " \n");
	const char *gap = strstr(text, "\n\n");
	size_t end = gap ? (size_t)(gap - text) : strlen(text);
	size_t headers = end > head ? lines_from(text, head + 1) : 0;
	size_t body = gap ? lines_from(text, end + 2) : 0;

	if (gap && end > head)
		headers -= body + 1;
	*out = (struct acttext_part){.label = n ? "URL" : "Method"};
	if (n == 0) {
		out->len = method;
		return true;
	}
	if (n == 1) {
		out->at = method + (text[method] == ' ');
		out->len = head - out->at;
		return true;
	}
	out->line = true;
	n -= 2;
	if (n < headers) {
		out->label = "Header";
		return line_at(text, head + 1, n, out);
	}
	n -= headers;
	if (n < body) {
		out->label = "Body";
		return line_at(text, end + 2, n, out);
	}
	if (n == body + 1)
		return one_more(
			text, "One more line of the body", gap ? "\n" : "\n\n", out);
	*out = (struct acttext_part){.label = "One more header",
		.at = end,
		.more = true,
		.before = "\n",
		.after = ""};
	return n == body;
}

static bool
part_of_copy(const char *text, size_t n, struct acttext_part *out)
{
	static const char *const labels[] = {"From", "To", "Mode"};

	*out = (struct acttext_part){0};
	if (n >= sizeof labels / sizeof labels[0] || !line_at(text, 0, n, out))
		return false;
	out->label = labels[n];
	{
		size_t word = strcspn(text + out->at, " \n") + 1;

		word = word < out->len ? word : out->len;
		out->at += word;
		out->len -= word;
	}
	return true;
}

bool
acttext_part(enum step_kind kind, const char *text, size_t n, struct acttext_part *out)
{
	return kind == STEP_HTTP    ? part_of_http(text, n, out)
		: kind == STEP_COPY ? part_of_copy(text, n, out)
				    : part_of_lines(text, n, out);
}

/* As acttext_http writes it; a body of which nothing is left goes. */
static char *
as_written(struct str *made, bool less)
{
	char *text = str_take(made);
	struct http_spec h;
	struct err e = ERR_INIT;

	if (!acttext_read_http(text, &h, &e))
		return text;
	if (less && h.body && !*h.body) {
		mem_free(h.body);
		h.body = NULL;
	}
	mem_free(text);
	text = acttext_http(&h);
	acttext_release_http(&h);
	return text;
}

char *
acttext_with(enum step_kind kind, const char *text, size_t n, const char *piece)
{
	struct acttext_part p;
	struct str out = STR_INIT;
	size_t end;

	if (!acttext_part(kind, text, n, &p) || (p.more && !*piece))
		return mem_strdup(text);
	end = p.at + p.len;
	if (p.line && !*piece)
		end += text[end] == '\n';
	str_add(&out, text, p.at);
	if (p.more)
		str_adds(&out, p.before);
	str_adds(&out, piece);
	if (p.more)
		str_adds(&out, p.after);
	str_adds(&out, text + end);
	return kind == STEP_HTTP ? as_written(&out, p.line && !*piece) : str_take(&out);
}
