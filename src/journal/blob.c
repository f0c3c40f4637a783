#include "journal/blob.h"

#include <stdio.h>
#include <string.h>

#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/text.h"

enum { BLOB_CHUNK = 256 * 1024 };

static char *
blob_path(const char *run_dir, const char *hex)
{
	return mem_printf("%s/blobs/%.2s/%s", run_dir, hex, hex);
}

static bool
is_hash(const char *hex)
{
	return strlen(hex) == DIGEST_HEX && strspn(hex, "0123456789abcdef") == DIGEST_HEX;
}

static bool
blob_folder(const char *run_dir, const char *hex, struct err *e)
{
	char *dir = mem_printf("%s/blobs/%.2s", run_dir, hex);
	bool ok = file_mkdirs(dir, 0700, e);

	mem_free(dir);
	return ok;
}

/* The name of a blob is on the disk when each folder on the way to it is. */
static bool
blob_sync_name(const char *run_dir, const char *hex, struct err *e)
{
	char *blobs = file_join(run_dir, "blobs");
	char *dir = mem_printf("%s/%.2s", blobs, hex);
	bool ok = file_sync_dir(dir, e) && file_sync_dir(blobs, e) &&
		file_sync_dir(run_dir, e);

	mem_free(dir);
	mem_free(blobs);
	return ok;
}

/* Moves a finished temporary file to its name and makes the name durable. */
static bool
blob_place(const char *run_dir, const char *tmp, const char *hex, struct err *e)
{
	char *to = blob_path(run_dir, hex);
	bool ok = disk_mode(tmp, 0400, e) && disk_rename(tmp, to, e) &&
		blob_sync_name(run_dir, hex, e);

	mem_free(to);
	return ok;
}

static bool
blob_write(const char *run_dir, const char *hex, const void *p, size_t len, struct err *e)
{
	char *dir = file_join(run_dir, "blobs/.tmp"), *tmp = file_join(dir, hex);
	size_t done;
	int fd = -1;
	bool ok = file_mkdirs(dir, 0700, e) && blob_folder(run_dir, hex, e);

	if (ok) {
		disk_unlink(tmp); /* of a console that died here */
		fd = disk_open(tmp, DISK_CREATE, e);
		ok = fd >= 0 && disk_append(fd, p, len, &done, e) && disk_sync(fd, e) &&
			blob_place(run_dir, tmp, hex, e);
	}
	disk_close(fd);
	if (fd >= 0 && !ok)
		disk_unlink(tmp);
	mem_free(tmp);
	mem_free(dir);
	return ok;
}

bool
blob_put(const char *run_dir, const void *p, size_t len, char hex[DIGEST_HEX + 1],
	struct err *e)
{
	struct err ignored = ERR_INIT;
	bool ok;

	digest_hex(p, len, hex);
	if (blob_check(run_dir, hex, &ignored))
		ok = blob_sync_name(run_dir, hex, e);
	else
		ok = blob_write(run_dir, hex, p, len, e);
	return ok || err_ctx(e, "keep a blob");
}

typedef void blob_chunk_fn(void *ctx, const char *p, size_t len);

/* Hands all bytes on and compares the hash at the end. What is no regular file of ours
 * (a link, a pipe) is as good as missing. */
static bool
blob_each(
	const char *run_dir, const char *hex, blob_chunk_fn *fn, void *ctx, struct err *e)
{
	char real[DIGEST_HEX + 1], *path, *buf;
	struct digest *d;
	int64_t at = 0;
	ssize_t n;
	int fd;

	if (!is_hash(hex))
		return err_set(e, ERR_RECORD, "the name of a blob is no hash");
	path = blob_path(run_dir, hex);
	fd = disk_open_read(path, DISK_NO_LINK, e);
	mem_free(path);
	if (fd < 0)
		return err_set(e, ERR_RECORD, "blob %.12s is missing", hex);
	d = digest_new();
	buf = mem_alloc(BLOB_CHUNK);
	while ((n = disk_read_at(fd, buf, BLOB_CHUNK, at)) > 0) {
		digest_update(d, buf, (size_t)n);
		if (fn)
			fn(ctx, buf, (size_t)n);
		at += n;
	}
	digest_final_hex(d, real);
	digest_free(d);
	mem_free(buf);
	disk_close(fd);
	if (n < 0)
		return err_set(e, ERR_RECORD, "blob %.12s cannot be read", hex);
	return strcmp(real, hex) == 0 ||
		err_set(e, ERR_RECORD, "blob %.12s: its bytes have another hash", hex);
}

struct blob_reading {
	struct str *out;
	size_t limit;
	bool beyond;
};

static void
take_chunk(void *ctx, const char *p, size_t len)
{
	struct blob_reading *r = ctx;

	if (r->out->len + len > r->limit)
		r->beyond = true;
	else if (!r->beyond)
		str_add(r->out, p, len);
}

bool
blob_read(const char *run_dir, const char *hex, size_t limit, struct str *out,
	struct err *e)
{
	size_t start = out->len;
	struct blob_reading r = {.out = out, .limit = start + limit};
	bool ok = blob_each(run_dir, hex, take_chunk, &r, e);

	if (ok && r.beyond)
		ok = err_set(
			e, ERR_LIMIT, "blob %.12s has more than %zu bytes", hex, limit);
	if (!ok)
		str_cut(out, start);
	return ok;
}

bool
blob_check(const char *run_dir, const char *hex, struct err *e)
{
	return blob_each(run_dir, hex, NULL, NULL, e);
}

struct blob_copying {
	int fd;
	bool ok;
	struct err *e;
};

static void
copy_chunk(void *ctx, const char *p, size_t len)
{
	struct blob_copying *c = ctx;
	size_t done;

	c->ok = c->ok && disk_append(c->fd, p, len, &done, c->e);
}

bool
blob_copy(const char *from_dir, const char *hex, const char *to_dir, struct err *e)
{
	char *dir = file_join(to_dir, "blobs/.tmp"), *tmp = file_join(dir, hex);
	struct blob_copying c = {.fd = -1, .ok = true, .e = e};
	bool ok = file_mkdirs(dir, 0700, e) && blob_folder(to_dir, hex, e);

	if (ok) {
		c.fd = disk_open(tmp, DISK_CREATE, e);
		ok = c.fd >= 0 && blob_each(from_dir, hex, copy_chunk, &c, e) && c.ok &&
			disk_sync(c.fd, e) && blob_place(to_dir, tmp, hex, e);
	}
	disk_close(c.fd);
	mem_free(tmp);
	mem_free(dir);
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
	bool keep;       /* as a blob, however short */
	struct redacttally redacted;
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
	redacttally_feed(&s->redacted, p, len);
	spool_keep_tail(s, p, len);
}

void
spool_keep(struct spool *s)
{
	s->keep = true;
}

void
spool_lose(struct spool *s, const char *why)
{
	if (!s->why[0])
		snprintf(s->why, sizeof s->why, "%s", why);
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
		.tail = STR_INIT,
		.redacted = s->redacted};
	s->redacted = (struct redacttally){0};
	digest_final_hex(s->digest, hex);
	if (!s->keep && s->bytes <= BLOB_INLINE_MAX &&
		text_valid_utf8(s->head.buf, s->head.len)) {
		str_add(&out->text, s->head.buf, s->head.len);
		spool_free(s);
		return;
	}
	str_add(&out->head, s->head.buf,
		s->head.len < BLOB_EXCERPT ? s->head.len : BLOB_EXCERPT);
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
	redacttally_release(&s->redacted);
}

void
spool_free(struct spool *s)
{
	if (!s)
		return;
	disk_close(s->fd);
	disk_unlink(s->path);
	digest_free(s->digest);
	redacttally_release(&s->redacted);
	str_release(&s->head);
	str_release(&s->tail);
	mem_free(s->path);
	mem_free(s->run_dir);
	mem_free(s);
}
