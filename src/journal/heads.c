#include "journal/heads.h"

#include <string.h>

#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"

enum { HEADS_CHUNK = 64 * 1024, SEQ_DIGITS = 9 };

struct heads {
	int fd;
	struct str in;
	size_t used;      /* of `in` */
	int64_t at, size; /* read so far, to be read */
	int64_t taken;    /* bytes of the lines taken so far */
	int64_t good_bytes;
	int64_t last_seq;
	bool waiting; /* next_* is a line that no record has met yet */
	int64_t next_seq;
	char next_hash[DIGEST_HEX + 1];
};

struct heads *
heads_open(const char *path, struct err *e)
{
	struct heads *h = mem_alloc(sizeof *h);

	h->in = STR_INIT;
	h->fd = -1;
	h->last_seq = -1;
	if (!file_exists(path))
		return h;
	h->fd = disk_open_read(path, DISK_FOLLOW, e);
	if (h->fd >= 0) {
		h->size = disk_size(h->fd);
		return h;
	}
	heads_free(h);
	return NULL;
}

/* "0" or a number without leading zero, blank, 64 lower-case hex digits. */
static bool
take_line(struct heads *h, const char *line, size_t len)
{
	int64_t seq = 0;
	size_t n = 0;

	while (n < len && n < SEQ_DIGITS && line[n] >= '0' && line[n] <= '9')
		seq = seq * 10 + (line[n++] - '0');
	if (!n || (line[0] == '0' && n > 1) || len != n + 1 + DIGEST_HEX ||
		line[n] != ' ')
		return false;
	memcpy(h->next_hash, line + n + 1, DIGEST_HEX);
	if (strspn(h->next_hash, "0123456789abcdef") != DIGEST_HEX || seq <= h->last_seq)
		return false;
	h->next_seq = h->last_seq = seq;
	return true;
}

/* Reads on; false at the end. A longer stretch without a newline is no head: only its end
 * is kept. */
static bool
fill(struct heads *h)
{
	int64_t left = h->size - h->at;
	ssize_t n;

	str_drop(&h->in, h->used);
	h->used = 0;
	if (h->fd < 0 || left <= 0)
		return false;
	if (h->in.len > HEADS_CHUNK) {
		h->taken += (int64_t)(h->in.len - 1);
		str_drop(&h->in, h->in.len - 1);
	}
	str_reserve(&h->in, HEADS_CHUNK);
	n = disk_read_at(h->fd, h->in.buf + h->in.len,
		left < HEADS_CHUNK ? (size_t)left : HEADS_CHUNK, h->at);
	if (n <= 0)
		return false;
	h->in.len += (size_t)n;
	h->in.buf[h->in.len] = '\0';
	h->at += n;
	return true;
}

static bool
next_head(struct heads *h)
{
	for (;;) {
		const char *line = h->in.buf + h->used;
		const char *lf = memchr(line, '\n', h->in.len - h->used);
		if (!lf) {
			if (!fill(h))
				return h->waiting = false;
			continue;
		}
		size_t len = (size_t)(lf - line);
		h->used += len + 1;
		h->taken += (int64_t)len + 1;
		if (take_line(h, line, len)) {
			h->good_bytes = h->taken;
			return h->waiting = true;
		}
	}
}

bool
heads_agree(struct heads *h, int64_t seq, const char *hash)
{
	while (!h->waiting || h->next_seq < seq)
		if (!next_head(h))
			return true;
	return h->next_seq != seq || strcmp(h->next_hash, hash) == 0;
}

int64_t
heads_last(struct heads *h)
{
	while (next_head(h))
		;
	return h->last_seq;
}

int64_t
heads_good_bytes(const struct heads *h)
{
	return h->good_bytes;
}

void
heads_free(struct heads *h)
{
	if (!h)
		return;
	disk_close(h->fd);
	str_release(&h->in);
	mem_free(h);
}
