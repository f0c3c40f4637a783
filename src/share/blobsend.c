#include "share/blobsend.h"

#include <string.h>

#include "base/disk.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"

static char *
path_of(const char *run_dir, const char *hex)
{
	return mem_printf("%s/blobs/%.2s/%s", run_dir, hex, hex);
}

void
blobsend_names(const char *lines, size_t len, blobsend_name_fn *fn, void *ctx)
{
	static const char prev[] = ",\"prev\":";
	const char *at = lines, *end = lines + len;
	char hex[DIGEST_HEX + 1];

	while ((at = memchr(at, '"', (size_t)(end - at)))) {
		size_t n = 0;

		at++;
		while (at + n < end && strchr("0123456789abcdef", at[n]) && at[n])
			n++;
		if (n != DIGEST_HEX || at + n >= end || at[n] != '"')
			continue;
		if (at - 1 - lines >= (ptrdiff_t)strlen(prev) &&
			memcmp(at - 1 - strlen(prev), prev, strlen(prev)) == 0)
			continue;
		memcpy(hex, at, DIGEST_HEX);
		hex[DIGEST_HEX] = '\0';
		fn(ctx, hex);
	}
}

struct finding {
	struct blobsend *b;
	const char *run_dir;
};

static void
found(void *ctx, const char hex[DIGEST_HEX + 1])
{
	struct finding *f = ctx;
	char *path = path_of(f->run_dir, hex);
	int64_t size = file_size(path);

	if (size >= 0 && size <= BLOBSEND_MOST)
		vec_push(&f->b->names, mem_strdup(hex));
	mem_free(path);
}

void
blobsend_find(struct blobsend *b, const char *run_dir, const char *lines, size_t len)
{
	blobsend_reset(b);
	blobsend_names(lines, len, found, &(struct finding){b, run_dir});
}

static void
drop_first(struct blobsend *b)
{
	mem_free(b->names.at[0]);
	vec_remove(&b->names, 0);
	b->part = 0;
}

static bool
read_part(const char *path, int part, struct str *out)
{
	struct err ignored = ERR_INIT;
	int fd = disk_open_read(path, DISK_NO_LINK, &ignored);
	ssize_t n = -1;

	str_init(out);
	if (fd >= 0) {
		str_reserve(out, BLOBSEND_PART);
		n = disk_read_at(
			fd, out->buf, BLOBSEND_PART, (int64_t)part * BLOBSEND_PART);
		disk_close(fd);
	}
	if (n < 0)
		return false;
	out->buf[n] = '\0';
	out->len = (size_t)n;
	return true;
}

bool
blobsend_next(struct blobsend *b, const char *run_dir, struct blobsend_part *out)
{
	while (b->names.len) {
		char *path = path_of(run_dir, b->names.at[0]);
		int64_t size = file_size(path);
		int parts = size <= 0 ? 1
				      : (int)((size + BLOBSEND_PART - 1) / BLOBSEND_PART);
		bool ok;

		*out = (struct blobsend_part){
			.sha256 = b->names.at[0], .part = b->part, .parts = parts};
		ok = size >= 0 && b->part < parts &&
			read_part(path, b->part, &out->bytes);
		mem_free(path);
		if (ok)
			return true;
		str_release(&out->bytes);
		drop_first(b);
	}
	return false;
}

void
blobsend_passed(struct blobsend *b, const struct blobsend_part *p)
{
	if (p->part + 1 < p->parts)
		b->part = p->part + 1;
	else
		drop_first(b);
}

void
blobsend_reset(struct blobsend *b)
{
	while (b->names.len)
		drop_first(b);
	vec_free(&b->names);
}
