#include "remote/lookpass.h"

#include <string.h>

#include "remote/hr1.h"

static const char head[] = "HR1 ";

static void
hand_on(struct lookpass *l, const char *p, size_t len)
{
	if (len)
		l->on_out(l->ctx, p, len);
}

static void
let_go(struct lookpass *l)
{
	hand_on(l, l->held.buf, l->held.len);
	str_reset(&l->held);
}

/* Bytes of the line that is held; the blank line before the trailer stands in front. */
static const char *
line_of(const struct lookpass *l, size_t *len)
{
	size_t skip = l->held.len && l->held.buf[0] == '\n';

	*len = l->held.len - skip;
	return l->held.buf + skip;
}

static bool
may_be_ours(const struct lookpass *l)
{
	size_t len, n = sizeof head - 1;
	const char *line = line_of(l, &len);

	return memcmp(line, head, len < n ? len : n) == 0;
}

/* A whole line that is held: is it the one with the token? */
static bool
is_trailer(const struct lookpass *l)
{
	char tail[HR1_TOKEN_LEN + 8];
	size_t len, n = strlen(l->token) + 6;
	const char *line = line_of(l, &len);

	if (len < sizeof head - 1 + n)
		return false;
	memcpy(tail, " tok=", 5);
	memcpy(tail + 5, l->token, n - 6);
	tail[n - 1] = '\n';
	return memcmp(line + len - n, tail, n) == 0;
}

/* One byte at the begin of a line, or of a line that may be ours. */
static void
take_byte(struct lookpass *l, char c)
{
	size_t len;

	line_of(l, &len);
	if (c == '\n' && !len) { /* the last blank line may belong to the trailer */
		let_go(l);
		str_addc(&l->held, c);
		return;
	}
	str_addc(&l->held, c);
	if (!may_be_ours(l)) {
		let_go(l);
		l->inside = c != '\n';
	} else if (c == '\n') {
		l->over = is_trailer(l);
		if (!l->over)
			let_go(l);
	}
}

void
lookpass_feed(struct lookpass *l, const char *p, size_t len)
{
	const char *end = p + len, *nl;

	while (p < end && !l->over) {
		if (!l->inside) {
			take_byte(l, *p++);
			continue;
		}
		nl = memchr(p, '\n', (size_t)(end - p));
		l->inside = nl == NULL;
		nl = nl ? nl + 1 : end;
		hand_on(l, p, (size_t)(nl - p));
		p = nl;
	}
	str_add(&l->held, p, (size_t)(end - p));
}

void
lookpass_end(struct lookpass *l)
{
	struct str whole = STR_INIT;

	if (!l->over) {
		let_go(l);
		return;
	}
	if (l->held.buf[0] == '\n')
		return;
	l->joined = true;
	str_addc(&whole, '\n');
	str_add(&whole, l->held.buf, l->held.len);
	str_release(&l->held);
	l->held = whole;
}

void
lookpass_release(struct lookpass *l)
{
	str_release(&l->held);
}
