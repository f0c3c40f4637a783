#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/bundle.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/tar.h"
#include "base/ulid.h"
#include "loop/rundir.h"

/* A bundle of somebody else's: nothing of it is believed before it was looked at. */

enum { CHUNK = 1 << 16, SUMS_MAX = 64 << 20 };

struct unpacking {
	int fd;
	char root[TAR_NAME];     /* of the first entry, without the slash */
	struct str sums;         /* the list in it, "" before it came */
	struct str is;           /* the same of what came */
	struct strings runbooks; /* hashes of the texts in it */
	struct bundle *out;
};

static bool
read_block(int fd, void *p, size_t len)
{
	for (size_t got = 0; got < len;) {
		ssize_t n = read(fd, (char *)p + got, len - got);

		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return true;
}

bool
bundle_is(const char *path)
{
	char block[TAR_BLOCK];
	int fd = file_size(path) > 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	bool is = fd >= 0 && read_block(fd, block, sizeof block) &&
		memcmp(block + 257, "ustar", 5) == 0;

	if (fd >= 0)
		close(fd);
	return is;
}

/* Below one folder that is named after a run. */
static const char *
inner_name(struct unpacking *u, const struct tar_entry *t, struct err *e)
{
	size_t len = strcspn(t->name, "/");

	if (!u->root[0] && str_starts(t->name, "handrail-") &&
		len == strlen("handrail-") + ULID_LEN)
		snprintf(u->root, sizeof u->root, "%.*s", (int)len, t->name);
	if (!u->root[0] || strncmp(t->name, u->root, len) != 0 || u->root[len] ||
		t->name[len] != '/') {
		err_set(e, ERR_RECORD, "it holds %.100s, which no bundle does", t->name);
		return NULL;
	}
	return t->name + len + 1;
}

/* Data of one entry into a new file; its hash. */
static bool
take_data(struct unpacking *u, const struct tar_entry *t, int to,
	char hex[DIGEST_HEX + 1], struct str *keep, struct err *e)
{
	char *buf = mem_alloc(CHUNK), pad[TAR_BLOCK];
	struct digest *d = digest_new();
	int64_t left = t->size;
	bool ok = true;

	while (ok && left > 0) {
		size_t n = left < CHUNK ? (size_t)left : CHUNK;

		ok = read_block(u->fd, buf, n) ||
			err_set(e, ERR_RECORD, "it is cut off in %.100s", t->name);
		if (!ok)
			break;
		digest_update(d, buf, n);
		if (keep && keep->len < SUMS_MAX)
			str_add(keep, buf, n);
		ok = file_write_all(to, buf, n, e);
		left -= (int64_t)n;
	}
	digest_final_hex(d, hex);
	digest_free(d);
	mem_free(buf);
	return ok &&
		(read_block(u->fd, pad, (size_t)tar_padding(t->size)) ||
			err_set(e, ERR_RECORD, "it is cut off after %.100s", t->name));
}

static bool
take_entry(struct unpacking *u, const struct tar_entry *t, struct err *e)
{
	const char *name = inner_name(u, t, e);
	char *path = name ? file_join(u->out->folder, name) : NULL,
	     *dir = name ? file_dir(path) : NULL;
	bool is_sums = str_eq(name, "SHA256SUMS"), ok = name && file_mkdirs(dir, 0700, e);
	int fd = ok
		? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600)
		: -1;
	char hex[DIGEST_HEX + 1];

	if (ok && fd < 0)
		ok = err_set(e, ERR_RECORD, "it holds %.100s twice", name);
	ok = ok && take_data(u, t, fd, hex, is_sums ? &u->sums : NULL, e);
	if (ok && !is_sums)
		str_addf(&u->is, "%s  %s\n", hex, name);
	if (ok && str_starts(name, "runbooks/"))
		vec_push(&u->runbooks.list, mem_strdup(hex));
	if (fd >= 0)
		close(fd);
	mem_free(dir);
	mem_free(path);
	return ok;
}

/* The texts beside the record are those that it names; the accounts are nobody's proof, but
 * nothing was changed on the way. */
static bool
fits_together(const struct unpacking *u, struct err *e)
{
	bool ok = true;

	if (!u->sums.len || u->sums.len != u->is.len ||
		memcmp(u->sums.buf, u->is.buf, u->is.len) != 0)
		return err_set(
			e, ERR_RECORD, "what it holds is not what its SHA256SUMS says");
	for (size_t i = 0; ok && i < u->runbooks.list.len; i++) {
		const char *hex = u->runbooks.list.at[i];
		char *blob = mem_printf("%s/blobs/%.2s/%s", u->out->record, hex, hex);

		ok = file_exists(blob) ||
			err_set(e, ERR_RECORD,
				"a text of its runbooks is not one that the record keeps");
		mem_free(blob);
	}
	return ok;
}

static bool
take_all(struct unpacking *u, struct err *e)
{
	char block[TAR_BLOCK];
	struct tar_entry t;

	for (;;) {
		if (!read_block(u->fd, block, sizeof block))
			return err_set(e, ERR_RECORD, "it is cut off");
		if (tar_is_end(block))
			break;
		if (!tar_parse(block, &t, e)) {
			e->kind = ERR_RECORD;
			return false;
		}
		if (!take_entry(u, &t, e))
			return false;
	}
	if (!read_block(u->fd, block, sizeof block) || !tar_is_end(block) ||
		read(u->fd, block, 1) != 0)
		return err_set(
			e, ERR_RECORD, "it goes on behind its end, or is cut off there");
	return fits_together(u, e);
}

bool
bundle_open(const char *path, struct bundle *out, struct err *e)
{
	struct unpacking u = {.sums = STR_INIT, .is = STR_INIT, .out = out, .fd = -1};
	bool ok;

	*out = (struct bundle){0};
	out->folder = rundir_new(e);
	if (!out->folder)
		return false;
	out->record = file_join(out->folder, "record");
	u.fd = open(path, O_RDONLY | O_CLOEXEC);
	ok = (u.fd >= 0 || err_set(e, ERR_IO, "%s cannot be read", path)) &&
		take_all(&u, e);
	if (u.fd >= 0)
		close(u.fd);
	for (size_t i = 0; i < u.runbooks.list.len; i++)
		mem_free(u.runbooks.list.at[i]);
	vec_free(&u.runbooks.list);
	str_release(&u.sums);
	str_release(&u.is);
	return ok;
}

void
bundle_close(struct bundle *b)
{
	rundir_free(b->folder);
	mem_free(b->record);
	*b = (struct bundle){0};
}
