#include "share/bookwalk.h"

#include <string.h>

#include "base/disk.h"
#include "base/mem.h"
#include "event/line.h"

enum {
	PIECE = 128 * 1024, /* more than the longest line */
	PIECE_MAX = 16 << 20,
};

void
bookwalk_begin(struct bookwalk *w, int64_t next, int64_t offset)
{
	*w = (struct bookwalk){.next = next, .offset = offset, .last_began = -1};
}

static bool
read_piece(const struct bookwalk *w, const char *path, size_t bytes, struct str *out,
	struct err *e)
{
	int fd = disk_open_read(path, DISK_NO_LINK, e);
	ssize_t n;

	str_reset(out);
	if (fd < 0)
		return false;
	str_reserve(out, bytes);
	n = disk_read_at(fd, out->buf, bytes, w->offset);
	disk_close(fd);
	if (n < 0)
		return err_set(e, ERR_IO, "%s: cannot be read", path);
	out->buf[n] = '\0';
	out->len = (size_t)n;
	return true;
}

/* Was the line behind this one written together with it? */
static bool
goes_on(const char *line, size_t len)
{
	struct err ignored = ERR_INIT; /* what is no record is nothing that goes on */
	struct line l;

	return line_scan(line, len, &l, &ignored) && l.more;
}

/* Cuts `piece` after its line `most`; lines that stay. */
static int64_t
whole_lines(struct str *piece, int64_t most)
{
	int64_t n = 0;
	size_t at = 0;
	const char *lf;

	while (n < most && (lf = memchr(piece->buf + at, '\n', piece->len - at))) {
		at = (size_t)(lf - piece->buf) + 1;
		n++;
	}
	str_cut(piece, at);
	return n;
}

/* The same after the last group that ends within them, or after the first that does. */
static int64_t
whole_groups(struct str *piece, int64_t most)
{
	int64_t n = 0, kept = 0;
	size_t at = 0, cut = 0;
	const char *lf;

	while ((n < most || !kept) &&
		(lf = memchr(piece->buf + at, '\n', piece->len - at))) {
		size_t len = (size_t)(lf - piece->buf) - at;
		bool more = goes_on(piece->buf + at, len);

		at += len + 1;
		n++;
		if (!more) {
			cut = at;
			kept = n;
		}
	}
	str_cut(piece, cut);
	return kept;
}

static int
peeked(const struct bookwalk *w, int64_t n, int64_t left, struct str *out, struct err *e)
{
	if (n > 0 && n <= left)
		return (int)n;
	str_reset(out);
	err_set(e, ERR_STATE, "the record ends before its record %lld",
		(long long)(w->next + (n > 0 ? left : 0)));
	return 0;
}

int
bookwalk_peek(const struct bookwalk *w, const char *path, int64_t last, int most,
	struct str *out, struct err *e)
{
	int64_t left = last - w->next + 1;

	str_reset(out);
	if (left <= 0 || !read_piece(w, path, PIECE, out, e))
		return 0;
	return peeked(w, whole_lines(out, left < most ? left : most), left, out, e);
}

int
bookwalk_peek_groups(const struct bookwalk *w, const char *path, int64_t last, int most,
	struct str *out, struct err *e)
{
	int64_t left = last - w->next + 1, n = 0;

	str_reset(out);
	if (left <= 0)
		return 0;
	for (size_t bytes = PIECE; n == 0 && bytes <= PIECE_MAX; bytes *= 4) {
		if (!read_piece(w, path, bytes, out, e))
			return 0;
		n = whole_groups(out, left < most ? left : most);
	}
	return peeked(w, n, left, out, e);
}

void
bookwalk_pass(struct bookwalk *w, const struct str *lines)
{
	const char *at = lines->buf, *end = lines->buf + lines->len, *lf;

	while (at < end && (lf = memchr(at, '\n', (size_t)(end - at)))) {
		w->last_began = w->offset;
		w->offset += lf + 1 - at;
		w->next++;
		if (lf + 1 == end)
			digest_hex(at, (size_t)(lf + 1 - at), w->last_hash);
		at = lf + 1;
	}
}

bool
bookwalk_to(struct bookwalk *w, const char *path, int64_t seq, struct err *e)
{
	struct str piece = STR_INIT;
	int n;

	n = bookwalk_peek(w, path, seq, PIECE, &piece, e);
	if (n)
		bookwalk_pass(w, &piece);
	str_release(&piece);
	return n > 0 || w->next > seq;
}
