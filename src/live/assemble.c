#include "live/assemble.h"

#include <string.h>

void
assemble_init(struct assemble *a, assemble_fn *fn, void *ctx)
{
	*a = (struct assemble){
		.fn = fn, .ctx = ctx, .partial = STR_INIT, .limit = ASSEMBLE_LINE_BYTES};
}

void
assemble_release(struct assemble *a)
{
	str_release(&a->partial);
}

void
assemble_begin(struct assemble *a, int64_t offset)
{
	str_reset(&a->partial);
	a->cut = 0;
	a->start = a->at = offset;
}

/* A cut in the middle of a character would show as a bad byte. */
static size_t
whole_characters(const char *p, size_t len)
{
	size_t back = 0;

	while (back < 3 && back < len &&
		((unsigned char)p[len - 1 - back] & 0xc0) == 0x80)
		back++;
	if (back < len && (unsigned char)p[len - 1 - back] >= 0xc0)
		return len - 1 - back;
	return len;
}

enum ended { ENDED_BY_LF, ENDED_BY_STREAM };

static void
hand_out(struct assemble *a, const char *p, size_t len, enum ended how)
{
	struct assemble_line line = {
		.text = p, .len = len, .offset = a->start, .cut = a->cut};

	line.ended = how == ENDED_BY_LF;
	if (line.cut == 0 && len > 0 && p[len - 1] == '\r')
		line.len--;
	if (line.len > a->limit) {
		line.len = whole_characters(p, a->limit);
		line.cut += len - line.len;
	} else if (line.cut > 0) {
		line.len = whole_characters(p, len);
		line.cut += len - line.len;
	}
	a->start = a->at;
	a->cut = 0;
	a->fn(a->ctx, &line);
	str_reset(&a->partial);
}

/* Keeps the beginning of an unfinished line and counts the rest. */
static void
keep(struct assemble *a, const char *p, size_t len)
{
	size_t room = a->limit - a->partial.len;
	size_t n = len < room ? len : room;

	str_add(&a->partial, p, n);
	a->cut += len - n;
}

void
assemble_feed(struct assemble *a, const char *p, size_t len)
{
	while (len > 0) {
		const char *lf = memchr(p, '\n', len);
		size_t n = lf ? (size_t)(lf - p) : len;

		if (!lf) {
			keep(a, p, n);
			a->at += (int64_t)n;
			return;
		}
		a->at += (int64_t)n + 1;
		if (a->partial.len > 0) {
			keep(a, p, n);
			hand_out(a, a->partial.buf, a->partial.len, ENDED_BY_LF);
		} else {
			hand_out(a, p, n, ENDED_BY_LF);
		}
		p += n + 1;
		len -= n + 1;
	}
}

void
assemble_flush(struct assemble *a)
{
	if (a->partial.len > 0)
		hand_out(a, a->partial.buf, a->partial.len, ENDED_BY_STREAM);
}

int64_t
assemble_resume(const struct assemble *a)
{
	return a->start;
}
