#include "journal/relocate.h"

#include <string.h>

#include "base/bug.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "journal/blob.h"
#include "journal/book.h"
#include "journal/scan.h"

enum { COPY_CHUNK = 256 * 1024, NOTE_MAX = 8192, OLD_TORN_MAX = 64 << 20 };

/* The first `bytes` of a file behind the end of another. */
static bool
copy_bytes(const char *from, int to, int64_t bytes, struct err *e)
{
	int fd = disk_open_read(from, DISK_NO_LINK, e);
	char *buf = mem_alloc(COPY_CHUNK);
	bool ok = fd >= 0;
	int64_t at = 0;
	size_t done;

	while (ok && at < bytes) {
		int64_t left = bytes - at;
		ssize_t n = disk_read_at(fd, buf,
			left < COPY_CHUNK ? (size_t)left : (size_t)COPY_CHUNK, at);

		ok = n > 0 || err_set(e, ERR_IO, "%s cannot be read any more", from);
		ok = ok && disk_append(to, buf, (size_t)n, &done, e);
		at += n;
	}
	mem_free(buf);
	disk_close(fd);
	return ok;
}

/* Whoever vouched for these lines over there does so here. */
static bool
vouch_line(
	void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	(void)bytes;
	(void)len;
	str_addf(ctx, "%lld %s\n", (long long)l->seq, hash);
	return true;
}

/* What the old disk gave back must be what was written, up to the head in memory. */
static bool
check_copy(const struct journal *from, const char *path, struct str *heads, struct err *e)
{
	struct scan_result r;

	if (!scan_journal(path, vouch_line, heads, &r, e))
		return false;
	return (r.good_bytes == from->size && strcmp(r.head, from->head) == 0) ||
		err_set(e, ERR_IO, "%s does not give back what was written to it%s%s",
			from->path, r.what[0] ? ": " : "", r.what);
}

static bool
copy_blobs(const char *from, const char *to, struct err *e)
{
	char *blobs = file_join(from, "blobs");
	char **folders = NULL, **names;
	size_t count = 0, n;
	bool ok = !file_is_dir(blobs) || (folders = file_names(blobs, &count, e));

	for (size_t i = 0; ok && i < count; i++) {
		char *dir = file_join(blobs, folders[i]);

		names = strlen(folders[i]) == 2 ? file_names(dir, &n, e) : NULL;
		ok = names || strlen(folders[i]) != 2; /* the other one is .tmp */
		for (size_t k = 0; ok && names && k < n; k++)
			ok = blob_copy(from, names[k], to, e);
		file_names_free(names);
		mem_free(dir);
	}
	file_names_free(folders);
	mem_free(blobs);
	return ok;
}

/* Nothing in the record depends on them. */
static void
copy_torn(const char *from, const char *to)
{
	char *old = file_join(from, "torn"), *new = file_join(to, "torn");
	struct err ignored = ERR_INIT;
	struct str text = STR_INIT;
	size_t count = 0;
	char **names = file_is_dir(old) ? file_names(old, &count, &ignored) : NULL;
	bool ok = names && file_mkdirs(new, 0700, &ignored);

	for (size_t i = 0; ok && i < count; i++) {
		char *a = file_join(old, names[i]), *b = file_join(new, names[i]);

		str_reset(&text);
		ok = file_read(a, OLD_TORN_MAX, &text, &ignored) &&
			file_replace(b, text.buf, text.len, 0600, &ignored);
		mem_free(a);
		mem_free(b);
	}
	file_names_free(names);
	str_release(&text);
	mem_free(old);
	mem_free(new);
}

/* Makes `to` the folder and the descriptors of a book that goes on from `from`. */
static bool
fill(const struct journal *from, const char *runs_dir, struct journal *to, struct err *e)
{
	struct str heads = STR_INIT;
	size_t done;
	bool ok = disk_new_dir(to->dir, 0700, e);

	to->made = ok;
	ok = ok && file_sync_dir(runs_dir, e) && journal_take_lock(to, e);
	to->fd = ok ? disk_open(to->path, DISK_CREATE, e) : -1;
	ok = to->fd >= 0 && copy_bytes(from->path, to->fd, from->size, e) &&
		check_copy(from, to->path, &heads, e) && journal_open_heads(to, 0, e) &&
		disk_append(to->heads_fd, heads.buf, heads.len, &done, e) &&
		copy_blobs(from->dir, to->dir, e);
	to->heads_size = (int64_t)heads.len;
	str_release(&heads);
	to->size = from->size;
	if (ok)
		copy_torn(from->dir, to->dir);
	return ok && journal_reserve(to, JOURNAL_RESERVE, e);
}

static bool
good_place(const char *runs_dir, struct err *e)
{
	return file_mkdirs(runs_dir, 0700, e) && disk_private_dir(runs_dir, e) &&
		disk_safe_above(runs_dir, e);
}

static void
close_all(struct journal *j)
{
	disk_close(j->fd);
	disk_close(j->heads_fd);
	j->fd = j->heads_fd = -1;
}

/* The new place is whole: the book is there from now on. */
static void
adopt(struct journal *j, struct journal *to)
{
	close_all(j);
	if (j->left) { /* the second move: the first place never had a name */
		struct err ignored = ERR_INIT;
		bool gone = file_remove_tree(j->dir, &ignored);

		(void)gone;
		disk_close(j->lock_fd);
		mem_free(j->dir);
	} else {
		j->left = j->dir;
		j->left_lock_fd = j->lock_fd;
	}
	mem_free(j->path);
	j->dir = to->dir;
	j->path = to->path;
	j->fd = to->fd;
	j->heads_fd = to->heads_fd;
	j->lock_fd = to->lock_fd;
	j->heads_size = to->heads_size;
	j->made = j->temporary = true;
	j->poisoned = j->cut_first = false;
	str_reset(&j->owed);
}

bool
relocate_book(struct journal *j, const char *runs_dir, struct err *e)
{
	struct journal to = {
		.fd = -1, .heads_fd = -1, .lock_fd = -1, .con = j->con, .owed = STR_INIT};
	struct err ignored = ERR_INIT;

	BUG_ON(j->in_flight);
	if (j->seq < 0)
		return err_set(e, ERR_STATE, "nothing was written yet: begin elsewhere");
	to.dir = file_join(runs_dir, j->run);
	to.path = file_join(to.dir, "journal.tmp");
	if (good_place(runs_dir, e) && fill(j, runs_dir, &to, e)) {
		adopt(j, &to);
		return true;
	}
	close_all(&to);
	disk_close(to.lock_fd);
	if (to.made && !file_remove_tree(to.dir, &ignored))
		err_ctx(e, "%s is left half done", to.dir);
	mem_free(to.dir);
	mem_free(to.path);
	return err_ctx(e, "move the record to %s", runs_dir);
}

char *
relocate_gone_to(const char *run_dir)
{
	char *note = file_join(run_dir, "moved"), *to = NULL;
	struct str text = STR_INIT;
	struct err ignored = ERR_INIT;

	if (file_exists(note) && file_read(note, NOTE_MAX, &text, &ignored)) {
		str_cut(&text, strcspn(text.buf, "\n"));
		to = str_take(&text);
	}
	str_release(&text);
	mem_free(note);
	return to;
}
