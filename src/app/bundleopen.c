#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/bundle.h"
#include "base/digest.h"
#include "base/dlog.h"
#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/tar.h"
#include "base/ulid.h"
#include "event/event.h"

/* A bundle of somebody else's: nothing of it is believed before it was looked at. */

enum { CHUNK = 1 << 16, SUMS_MAX = 64 << 20, ENTRIES_MAX = 1 << 18 };

struct unpacking {
	int fd;
	char root[TAR_NAME];     /* of the first entry, without the slash */
	struct str sums;         /* the list in it, "" before it came */
	struct str is;           /* the same of what came */
	struct strings runbooks; /* hashes of the texts in it */
	int entries;
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

/* The first line of the record; NULL: it has none that is one. */
static struct json *
first_record(const struct unpacking *u)
{
	char *path = file_join(u->out->record, "journal.jsonl"),
	     *line = mem_alloc(EVENT_LINE_MAX + 1);
	FILE *f = fopen(path, "re");
	struct json *doc = NULL;
	struct err e = ERR_INIT;

	if (f && fgets(line, EVENT_LINE_MAX, f))
		doc = json_parse(line, strlen(line), &e);
	if (f)
		fclose(f);
	mem_free(line);
	mem_free(path);
	return doc;
}

static bool
has_text(const struct unpacking *u, const char *hex)
{
	for (size_t i = 0; i < u->runbooks.list.len; i++)
		if (str_eq(u->runbooks.list.at[i], hex))
			return true;
	return false;
}

static bool
is_named(const struct json_node *rb, const char *hex)
{
	const struct json_node *calls = json_get(rb, "calls");

	if (str_eq(json_str(rb, "sha256", NULL), hex))
		return true;
	for (size_t i = 0; i < json_len(calls); i++)
		if (str_eq(json_str(json_at(calls, i), "sha256", NULL), hex))
			return true;
	return false;
}

/* The texts are those that run.open names, all of them and no others. */
static bool
are_its_texts(const struct unpacking *u, struct err *e)
{
	struct json *doc = first_record(u);
	const struct json_node *rb = doc
		? json_get(json_get(json_root(doc), "data"), "runbook")
		: NULL;
	const struct json_node *calls = json_get(rb, "calls");
	bool all = has_text(u, json_str(rb, "sha256", "?")), none_else = true;

	for (size_t i = 0; all && i < json_len(calls); i++)
		all = has_text(u, json_str(json_at(calls, i), "sha256", "?"));
	for (size_t i = 0; none_else && i < u->runbooks.list.len; i++)
		none_else = is_named(rb, u->runbooks.list.at[i]);
	json_free(doc);
	if (!none_else)
		return err_set(e, ERR_RECORD,
			"a text of its runbooks is not one that the run walked");
	return all || err_set(e, ERR_RECORD, "a text that the run walked is not in it");
}

/* The record gets the name of its run, as among the runs of a machine. */
static bool
named_after_run(struct unpacking *u, struct err *e)
{
	char *to = file_join(u->out->folder, u->root + strlen("handrail-"));

	if (rename(u->out->record, to) != 0) {
		mem_free(to);
		return err_set(e, ERR_RECORD, "it holds no record");
	}
	mem_free(u->out->record);
	u->out->record = to;
	return true;
}

/* The texts beside the record are those that it names; the accounts are nobody's proof, but
 * nothing was changed on the way. */
static bool
fits_together(struct unpacking *u, struct err *e)
{
	char *blobs;
	bool ok;

	if (!u->sums.len || u->sums.len != u->is.len ||
		memcmp(u->sums.buf, u->is.buf, u->is.len) != 0)
		return err_set(
			e, ERR_RECORD, "what it holds is not what its SHA256SUMS says");
	blobs = file_join(u->out->record, "blobs");
	ok = file_is_dir(blobs) ||
		err_set(e, ERR_RECORD, "it holds no blobs, and each record names some");
	mem_free(blobs);
	return ok && are_its_texts(u, e) && named_after_run(u, e);
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
		if (++u->entries > ENTRIES_MAX)
			return err_set(
				e, ERR_LIMIT, "it holds more than %d files", ENTRIES_MAX);
		if (!take_entry(u, &t, e))
			return false;
	}
	if (!read_block(u->fd, block, sizeof block) || !tar_is_end(block) ||
		read(u->fd, block, 1) != 0)
		return err_set(
			e, ERR_RECORD, "it goes on behind its end, or is cut off there");
	return fits_together(u, e);
}

/* A private one, where there is room for all of it: it is packed as it is. */
static bool
new_folder(const char *path, struct bundle *out, struct err *e)
{
	const char *tmp = getenv("TMPDIR");
	struct statvfs room;

	tmp = tmp && *tmp ? tmp : "/tmp";
	if (statvfs(tmp, &room) == 0 &&
		(uint64_t)file_size(path) > (uint64_t)room.f_bavail * room.f_frsize)
		return err_set(e, ERR_IO,
			"no room below %s to unpack it: set TMPDIR to another folder",
			tmp);
	out->folder = mem_printf("%s/handrail-bundle-XXXXXX", tmp);
	if (mkdtemp(out->folder))
		return true;
	err_sys(e, errno, "%s", out->folder);
	mem_free(out->folder);
	out->folder = NULL;
	return false;
}

/* What was unpacked is somebody's record: it goes with this process, be that killed. */
static void
clean_after(struct bundle *out)
{
	struct err e = ERR_INIT;
	int ends[2];
	char c;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	out->cleaner = fork();
	if (out->cleaner == 0) {
		(void)setsid(); /* a Ctrl-C is not for it */
		close(ends[1]);
		for (int fd = 0; fd <= STDERR_FILENO; fd++)
			close(fd);
		while (read(ends[0], &c, 1) < 0 && errno == EINTR)
			;
		_exit(file_remove_tree(out->folder, &e) ? 0 : 1);
	}
	close(ends[0]);
	if (out->cleaner > 0) {
		out->alive = ends[1];
		return;
	}
	out->cleaner = 0;
	close(ends[1]);
}

bool
bundle_open(const char *path, struct bundle *out, struct err *e)
{
	struct unpacking u = {.sums = STR_INIT, .is = STR_INIT, .out = out, .fd = -1};
	bool ok;

	*out = (struct bundle){.alive = -1};
	if (!new_folder(path, out, e))
		return false;
	clean_after(out);
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
	struct err e = ERR_INIT;

	if (b->cleaner) {
		close(b->alive);
		while (waitpid(b->cleaner, NULL, 0) < 0 && errno == EINTR)
			;
	}
	if (b->folder && file_is_dir(b->folder) && !file_remove_tree(b->folder, &e))
		dlog("bundle", "%s", e.msg);
	mem_free(b->folder);
	mem_free(b->record);
	*b = (struct bundle){.alive = -1};
}
