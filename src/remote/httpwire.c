#include "remote/httpwire.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SIZE_DIGITS_MAX = 8, LINE_MAX_BYTES = 1024 };

void
httpwire_init(struct httpwire *w)
{
	*w = (struct httpwire){.line = STR_INIT};
}

void
httpwire_release(struct httpwire *w)
{
	str_release(&w->line);
}

void
httpwire_next(struct httpwire *w)
{
	str_reset(&w->line);
	w->state = HTTPWIRE_HEAD;
	w->status = 0;
	w->left = 0;
	w->last = false;
}

static void
bad(struct httpwire *w, const char *what, struct err *e)
{
	w->state = HTTPWIRE_BAD;
	err_set(e, ERR_INPUT, "the answer is no HTTP: %s", what);
}

/* ---- the head ---- */

struct head {
	bool chunked, sized;
	uint64_t size;
};

static bool
read_size(const char *text, uint64_t *out)
{
	size_t digits = strspn(text, "0123456789");

	*out = 0;
	if (digits == 0 || digits > 18 || text[digits])
		return false;
	for (size_t i = 0; i < digits; i++)
		*out = *out * 10 + (uint64_t)(text[i] - '0');
	return true;
}

/* HTTP/1.1 200 OK */
static bool
read_status(struct httpwire *w, const char *line)
{
	const char *s = line;

	if (strncmp(s, "HTTP/1.", 7) != 0 || (s[7] != '0' && s[7] != '1') || s[8] != ' ')
		return false;
	w->last = s[7] == '0';
	s += 9;
	if (strspn(s, "0123456789") != 3 || (s[3] != ' ' && s[3] != '\0'))
		return false;
	w->status = (s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0');
	return w->status >= 100 && w->status < 600;
}

static const char *
read_header(struct httpwire *w, char *line, struct head *h)
{
	char *colon = strchr(line, ':'), *value, *end;
	uint64_t size;

	if (!colon || colon == line || isspace((unsigned char)*line) ||
		isspace((unsigned char)colon[-1]))
		return "a header that is none";
	*colon = '\0';
	value = colon + 1 + strspn(colon + 1, " \t");
	for (end = value + strlen(value); end > value && strchr(" \t", end[-1]);)
		*--end = '\0';
	if (strcasecmp(line, "Content-Length") == 0) {
		if (!read_size(value, &size) || (h->sized && size != h->size))
			return "a length that is none";
		h->sized = true;
		h->size = size;
	} else if (strcasecmp(line, "Transfer-Encoding") == 0) {
		if (strcasecmp(value, "chunked") != 0 || h->chunked)
			return "an encoding that is not chunked";
		h->chunked = true;
	} else if (strcasecmp(line, "Connection") == 0 &&
		strcasecmp(value, "close") == 0) {
		w->last = true;
	}
	return NULL;
}

static void
begin_body(struct httpwire *w, const struct head *h)
{
	if (w->status < 200) { /* the real answer comes after */
		httpwire_next(w);
	} else if (w->status == 204 || w->status == 304 || (h->sized && h->size == 0)) {
		w->state = HTTPWIRE_DONE;
	} else if (h->chunked) {
		w->state = HTTPWIRE_SIZE;
	} else if (h->sized) {
		w->state = HTTPWIRE_LENGTH;
		w->left = h->size;
	} else {
		w->state = HTTPWIRE_TO_END;
		w->last = true;
	}
	str_reset(&w->line);
}

static void
read_head(struct httpwire *w, struct err *e)
{
	struct head h = {0};
	char *line = w->line.buf;
	const char *fault = NULL;
	bool first = true;

	if (memchr(w->line.buf, '\0', w->line.len)) {
		bad(w, "a NUL in the head", e);
		return;
	}
	while (*line && !fault) {
		char *end = strstr(line, "\r\n");

		*end = '\0';
		if (first)
			fault = read_status(w, line) ? NULL : "no status line";
		else if (*line)
			fault = read_header(w, line, &h);
		first = false;
		line = end + 2;
	}
	if (!fault && h.chunked && h.sized)
		fault = "both a length and chunks";
	if (fault)
		bad(w, fault, e);
	else
		begin_body(w, &h);
}

/* Up to the empty line; gives what was taken. */
static size_t
feed_head(struct httpwire *w, const char *p, size_t len, struct err *e)
{
	size_t used = 0;

	while (used < len && w->state == HTTPWIRE_HEAD) {
		str_addc(&w->line, p[used++]);
		if (str_ends(&w->line, "\r\n\r\n")) {
			read_head(w, e);
			break;
		}
		if (w->line.len >= HTTPWIRE_HEAD_MAX)
			bad(w, "a head without end", e);
		else if (w->line.len == 5 && strncmp(w->line.buf, "HTTP/", 5) != 0)
			bad(w, "no status line", e);
	}
	return used;
}

/* ---- chunks ---- */

static void
read_chunk_size(struct httpwire *w, struct err *e)
{
	size_t digits = strspn(w->line.buf, "0123456789abcdefABCDEF");
	const char *s = w->line.buf;

	w->left = 0;
	if (digits == 0 || digits > SIZE_DIGITS_MAX ||
		(s[digits] != '\r' && s[digits] != ';' && s[digits] != ' ')) {
		bad(w, "a chunk without size", e);
		return;
	}
	for (size_t i = 0; i < digits; i++) {
		int c = tolower((unsigned char)s[i]);

		w->left = w->left * 16 + (uint64_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	w->state = w->left ? HTTPWIRE_CHUNK : HTTPWIRE_TRAILER;
}

static void
read_line(struct httpwire *w, struct err *e)
{
	switch (w->state) {
	case HTTPWIRE_SIZE:
		read_chunk_size(w, e);
		break;
	case HTTPWIRE_CHUNK_END:
		if (w->line.len != 2)
			bad(w, "a chunk longer than its size", e);
		else
			w->state = HTTPWIRE_SIZE;
		break;
	default: /* HTTPWIRE_TRAILER */
		if (w->line.len == 2)
			w->state = HTTPWIRE_DONE;
		break;
	}
	str_reset(&w->line);
}

static size_t
feed_line(struct httpwire *w, const char *p, size_t len, struct err *e)
{
	size_t used = 0;

	while (used < len) {
		str_addc(&w->line, p[used++]);
		if (str_ends(&w->line, "\r\n")) {
			read_line(w, e);
			return used;
		}
		if (w->line.len > LINE_MAX_BYTES) {
			bad(w, "a line without end", e);
			return used;
		}
	}
	return used;
}

/* ---- all ---- */

static size_t
feed_body(struct httpwire *w, const char *p, size_t len, httpwire_body *fn, void *ctx)
{
	size_t n = w->state == HTTPWIRE_TO_END || w->left > len ? len : (size_t)w->left;

	if (n)
		fn(ctx, p, n);
	if (w->state == HTTPWIRE_TO_END)
		return n;
	w->left -= n;
	if (w->left == 0)
		w->state = w->state == HTTPWIRE_CHUNK ? HTTPWIRE_CHUNK_END
						      : HTTPWIRE_DONE;
	return n;
}

size_t
httpwire_feed(struct httpwire *w, const char *p, size_t len, httpwire_body *fn, void *ctx,
	struct err *e)
{
	size_t used = 0;

	while (used < len && w->state != HTTPWIRE_DONE && w->state != HTTPWIRE_BAD) {
		switch (w->state) {
		case HTTPWIRE_HEAD:
			used += feed_head(w, p + used, len - used, e);
			break;
		case HTTPWIRE_SIZE:
		case HTTPWIRE_CHUNK_END:
		case HTTPWIRE_TRAILER:
			used += feed_line(w, p + used, len - used, e);
			break;
		case HTTPWIRE_LENGTH:
		case HTTPWIRE_CHUNK:
		case HTTPWIRE_TO_END:
			used += feed_body(w, p + used, len - used, fn, ctx);
			break;
		case HTTPWIRE_DONE:
		case HTTPWIRE_BAD:
			break;
		}
	}
	return used;
}

bool
httpwire_end(struct httpwire *w)
{
	if (w->state == HTTPWIRE_TO_END)
		w->state = HTTPWIRE_DONE;
	return w->state == HTTPWIRE_DONE;
}
