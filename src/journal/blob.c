#include "journal/blob.h"

#include <stdio.h>
#include <string.h>

#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

enum { BLOB_CHUNK = 64 * 1024 };

static char *
blob_path(const char *run_dir, const char *hex)
{
	return mem_printf("%s/blobs/%.2s/%s", run_dir, hex, hex);
}

static bool
blob_folder(const char *run_dir, const char *hex, struct err *e)
{
	char *dir = mem_printf("%s/blobs/%.2s", run_dir, hex);
	bool ok = file_mkdirs(dir, 0700, e);

	mem_free(dir);
	return ok;
}

/* Moves a finished temporary file to its name and makes the name durable. */
static bool
blob_place(const char *run_dir, const char *tmp, const char *hex, struct err *e)
{
	char *to = blob_path(run_dir, hex), *dir = file_dir(to);
	bool ok = disk_mode(tmp, 0400, e) && disk_rename(tmp, to, e) && file_sync_dir(dir, e);

	mem_free(dir);
	mem_free(to);
	return ok;
}

bool
blob_put(const char *run_dir, const void *p, size_t len, char hex[DIGEST_HEX + 1],
	 struct err *e)
{
	char *tmp = NULL, *to;
	bool ok = false;
	size_t done;
	int fd = -1;

	digest_hex(p, len, hex);
	to = blob_path(run_dir, hex);
	if (file_exists(to)) {
		ok = true;
		goto out;
	}
	tmp = mem_printf("%s/blobs/.tmp", run_dir);
	if (!file_mkdirs(tmp, 0700, e) || !blob_folder(run_dir, hex, e))
		goto out;
	mem_free(tmp);
	tmp = mem_printf("%s/blobs/.tmp/%s", run_dir, hex);
	disk_unlink(tmp); /* of a console that died here */
	fd = disk_open(tmp, DISK_CREATE, e);
	if (fd < 0)
		goto out;
	ok = disk_append(fd, p, len, &done, e) && disk_sync(fd, e) &&
	     blob_place(run_dir, tmp, hex, e);
	if (!ok)
		disk_unlink(tmp);
out:
	disk_close(fd);
	mem_free(tmp);
	mem_free(to);
	return ok || err_ctx(e, "keep a blob");
}

bool
blob_read(const char *run_dir, const char *hex, size_t limit, struct str *out, struct err *e)
{
	char *path = blob_path(run_dir, hex);
	char real[DIGEST_HEX + 1];
	bool ok = file_read(path, limit, out, e);

	if (ok) {
		digest_hex(out->buf, out->len, real);
		if (strcmp(real, hex) != 0)
			ok = err_set(e, ERR_RECORD, "%s: its bytes have another hash", path);
	}
	mem_free(path);
	return ok;
}

bool
blob_check(const char *run_dir, const char *hex, struct err *e)
{
	char *path = blob_path(run_dir, hex);
	char real[DIGEST_HEX + 1], buf[BLOB_CHUNK];
	int64_t at = 0;
	ssize_t n;
	bool ok = false;
	int fd = disk_open_read(path, e);

	if (fd >= 0) {
		struct digest *d = digest_new();
		while ((n = disk_read_at(fd, buf, sizeof buf, at)) > 0) {
			digest_update(d, buf, (size_t)n);
			at += n;
		}
		digest_final_hex(d, real);
		digest_free(d);
		disk_close(fd);
		ok = n == 0 && strcmp(real, hex) == 0;
		if (!ok)
			err_set(e, ERR_RECORD, "blob %.12s: its bytes have another hash", hex);
	} else {
		err_set(e, ERR_RECORD, "blob %.12s is missing", hex);
	}
	mem_free(path);
	return ok;
}

/* ---- spools ------------------------------------------------------------------------- */

struct spool {
	char *run_dir, *path;
	int fd;
	struct digest *digest;
	int64_t bytes, lines;
	struct str head; /* first BLOB_INLINE_MAX bytes */
	struct str tail; /* last BLOB_EXCERPT bytes */
	char why[160];
};

static void
spool_fault(struct spool *s, const struct err *e)
{
	if (!s->why[0])
		snprintf(s->why, sizeof s->why, "%.150s", e->msg);
}

struct spool *
spool_new(const char *run_dir, const char *name)
{
	struct spool *s = mem_alloc(sizeof *s);
	struct err e = ERR_INIT;
	char *dir = mem_printf("%s/blobs/.tmp", run_dir);

	*s = (struct spool){.fd = -1, .head = STR_INIT, .tail = STR_INIT};
	s->run_dir = mem_strdup(run_dir);
	s->path = mem_printf("%s/out-%s", dir, name);
	s->digest = digest_new();
	if (file_mkdirs(dir, 0700, &e)) {
		disk_unlink(s->path);
		s->fd = disk_open(s->path, DISK_CREATE, &e);
	}
	if (s->fd < 0)
		spool_fault(s, &e);
	mem_free(dir);
	return s;
}

static void
spool_keep_tail(struct spool *s, const char *p, size_t len)
{
	if (len >= BLOB_EXCERPT) {
		str_reset(&s->tail);
		str_add(&s->tail, p + len - BLOB_EXCERPT, BLOB_EXCERPT);
		return;
	}
	if (s->tail.len + len > BLOB_EXCERPT)
		str_drop(&s->tail, s->tail.len + len - BLOB_EXCERPT);
	str_add(&s->tail, p, len);
}

void
spool_add(struct spool *s, const void *p, size_t len)
{
	struct err e = ERR_INIT;
	const char *at = p;
	size_t done;

	if (!s->why[0] && !disk_append(s->fd, p, len, &done, &e))
		spool_fault(s, &e);
	digest_update(s->digest, p, len);
	s->bytes += (int64_t)len;
	for (size_t i = 0; i < len; i++)
		s->lines += at[i] == '\n';
	if (s->head.len < BLOB_INLINE_MAX) {
		size_t room = BLOB_INLINE_MAX - s->head.len;
		str_add(&s->head, p, len < room ? len : room);
	}
	spool_keep_tail(s, p, len);
}

int64_t
spool_bytes(const struct spool *s)
{
	return s->bytes;
}

void
spool_excerpt(const struct spool *s, struct str *out)
{
	if (s->bytes <= BLOB_INLINE_MAX) {
		str_add(out, s->head.buf, s->head.len);
		return;
	}
	str_add(out, s->head.buf, BLOB_EXCERPT);
	str_addf(out, "\n[... %lld bytes in all ...]\n", (long long)s->bytes);
	str_add(out, s->tail.buf, s->tail.len);
}

static bool
spool_place(struct spool *s, const char *hex, struct err *e)
{
	return disk_sync(s->fd, e) && blob_folder(s->run_dir, hex, e) &&
	       blob_place(s->run_dir, s->path, hex, e);
}

void
spool_seal(struct spool *s, struct spool_sealed *out)
{
	struct err e = ERR_INIT;
	char hex[DIGEST_HEX + 1];

	*out = (struct spool_sealed){.bytes = s->bytes,
				     .lines = s->lines,
				     .text = STR_INIT,
				     .head = STR_INIT,
				     .tail = STR_INIT};
	digest_final_hex(s->digest, hex);
	if (s->bytes <= BLOB_INLINE_MAX && text_valid_utf8(s->head.buf, s->head.len)) {
		str_add(&out->text, s->head.buf, s->head.len);
		spool_free(s);
		return;
	}
	str_add(&out->head, s->head.buf, s->head.len < BLOB_EXCERPT ? s->head.len : BLOB_EXCERPT);
	str_add(&out->tail, s->tail.buf, s->tail.len);
	if (!s->why[0] && !spool_place(s, hex, &e))
		spool_fault(s, &e);
	if (s->why[0])
		memcpy(out->why, s->why, sizeof out->why);
	else
		memcpy(out->hex, hex, sizeof out->hex);
	spool_free(s);
}

void
spool_sealed_release(struct spool_sealed *s)
{
	str_release(&s->text);
	str_release(&s->head);
	str_release(&s->tail);
}

void
spool_free(struct spool *s)
{
	if (!s)
		return;
	disk_close(s->fd);
	disk_unlink(s->path);
	digest_free(s->digest);
	str_release(&s->head);
	str_release(&s->tail);
	mem_free(s->path);
	mem_free(s->run_dir);
	mem_free(s);
}
