#include "share/bookwalk.h"

#include <string.h>

#include "base/disk.h"
#include "base/mem.h"

enum { PIECE = 128 * 1024 }; /* more than the longest line */

void
bookwalk_begin(struct bookwalk *w, int64_t next, int64_t offset)
{
	*w = (struct bookwalk){.next = next, .offset = offset, .last_began = -1};
}

static bool
read_piece(const struct bookwalk *w, const char *path, struct str *out, struct err *e)
{
	int fd = disk_open_read(path, DISK_NO_LINK, e);
	ssize_t n;

	str_reset(out);
	if (fd < 0)
		return false;
	str_reserve(out, PIECE);
	n = disk_read_at(fd, out->buf, PIECE, w->offset);
	disk_close(fd);
	if (n < 0)
		return err_set(e, ERR_IO, "%s: cannot be read", path);
	out->buf[n] = '\0';
	out->len = (size_t)n;
	return true;
}

/* Cuts `piece` after its line `most`; lines that stay. */
static int
whole_lines(struct str *piece, int most)
{
	size_t at = 0;
	const char *lf;
	int n = 0;

	while (n < most && (lf = memchr(piece->buf + at, '\n', piece->len - at))) {
		at = (size_t)(lf - piece->buf) + 1;
		n++;
	}
	str_cut(piece, at);
	return n;
}

int
bookwalk_peek(const struct bookwalk *w, const char *path, int64_t last, int most,
	struct str *out, struct err *e)
{
	int64_t left = last - w->next + 1;
	int n;

	str_reset(out);
	if (left <= 0 || !read_piece(w, path, out, e))
		return 0;
	n = whole_lines(out, left < most ? (int)left : most);
	if (n == 0)
		err_set(e, ERR_STATE, "the record ends before its record %lld",
			(long long)w->next);
	return n;
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
