#include "app/fetching.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/machine.h"
#include "audit/vouch.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/ulid.h"
#include "journal/blob.h"
#include "journal/scan.h"
#include "share/hexed.h"

enum { PAGE_ROWS = 500, PART_HEX = 2 * 256 * 1024, COMPARED = 64 * 1024 };

static char *
runs_dir(const struct cmd *c, struct err *e)
{
	return c->runs_dir ? mem_strdup(c->runs_dir) : journal_runs_dir(e);
}

/* ---- lines --------------------------------------------------------------------------------- */

struct last {
	int64_t seq, epoch;
};

static bool
look_at(void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	struct last *last = ctx;

	(void)bytes;
	(void)len;
	(void)hash;
	last->seq = l->seq;
	if (l->epoch > last->epoch)
		last->epoch = l->epoch;
	return true;
}

static struct last
last_of(const char *run_dir)
{
	char *path = file_join(run_dir, "journal.jsonl");
	struct last last = {.seq = -1};
	struct scan_result r;
	struct err ignored = ERR_INIT; /* nothing is there then */

	if (!scan_journal(path, look_at, &last, &r, &ignored))
		last = (struct last){.seq = -1};
	mem_free(path);
	return last;
}

int64_t
fetching_epoch(const char *run_dir)
{
	return last_of(run_dir).epoch;
}

int64_t
fetching_last_seq(const char *run_dir)
{
	return last_of(run_dir).seq;
}

static bool
put_page(const struct storing_answer *a, FILE *f, int64_t *seq, char hash[DIGEST_HEX + 1],
	struct err *e)
{
	for (int i = 0; i < a->rows; i++) {
		const char *line = storing_cell(a, i, 1);
		int64_t at;

		if (!storing_number(a, i, 0, &at, e))
			return false;
		if (!line || at != *seq + 1)
			return err_set(e, ERR_RECORD,
				"the store has not got record %lld of the run",
				(long long)*seq + 1);
		fputs(line, f);
		digest_hex(line, strlen(line), hash);
		*seq = at;
	}
	return true;
}

static bool
put_lines(struct storing *s, const char *run, FILE *f, int64_t *seq,
	char hash[DIGEST_HEX + 1], struct err *e)
{
	static const char sql[] =
		"select seq, convert_from(line, 'UTF8') from handrail.record "
		"where run = $1 and seq > $2::bigint order by seq limit 500";
	struct storing_answer a;
	bool ok, more;

	*seq = -1;
	do {
		char after[24];
		const struct pgkeep_value values[] = {
			{run, strlen(run), false}, {after, sizeof after, false}};

		snprintf(after, sizeof after, "%lld", (long long)*seq);
		ok = storing_ask(s, sql, values, 2, &a, e) &&
			put_page(&a, f, seq, hash, e);
		more = ok && a.rows == PAGE_ROWS;
		storing_answer_release(&a);
	} while (more);
	return ok;
}

/* The head that the store has vouches for it here. */
static bool
fetch_journal(
	struct storing *s, const char *run, const char *dir, int64_t *seq, struct err *e)
{
	char *path = file_join(dir, "journal.jsonl"), *heads = file_join(dir, "heads");
	char hash[DIGEST_HEX + 1] = "", *text;
	FILE *f = fopen(path, "wx");
	bool ok = f || err_sys(e, errno, "%s", path);

	ok = ok && put_lines(s, run, f, seq, hash, e);
	if (f && (fflush(f) != 0 || fsync(fileno(f)) != 0) && ok)
		ok = err_sys(e, errno, "%s", path);
	if (f && fclose(f) != 0 && ok)
		ok = err_sys(e, errno, "%s", path);
	if (ok && *seq < 0)
		ok = err_set(e, ERR_STATE, "the store holds nothing of run %s", run);
	text = mem_printf("%lld %s\n", (long long)*seq, hash);
	ok = ok && disk_mode(path, 0600, e) &&
		file_replace(heads, text, strlen(text), 0600, e);
	mem_free(text);
	mem_free(heads);
	mem_free(path);
	return ok;
}

/* ---- files that it names ----------------------------------------------------------------------- */

static bool
fetch_part(struct storing *s, const char *run, const char *sha256, int part,
	struct str *out, struct err *e)
{
	static const char sql[] = "select encode(bytes, 'hex') from handrail.blob "
				  "where run = $1 and sha256 = $2 and part = $3::int";
	char number[16];
	const struct pgkeep_value values[] = {{run, strlen(run), false},
		{sha256, strlen(sha256), false}, {number, sizeof number, false}};
	struct storing_answer a;
	bool ok;

	snprintf(number, sizeof number, "%d", part);
	ok = storing_ask(s, sql, values, 3, &a, e);
	if (ok && !hexed_add(out, storing_cell(&a, 0, 0)))
		ok = err_set(e, ERR_STATE,
			"part %d of the file %.12s… is not in the store", part, sha256);
	storing_answer_release(&a);
	return ok;
}

static bool
fetch_blob(struct storing *s, const char *run, const char *dir, const char *sha256,
	int64_t parts, struct err *e)
{
	char hex[DIGEST_HEX + 1];
	struct str bytes = STR_INIT;
	bool ok = true;

	for (int i = 0; ok && i < parts; i++)
		ok = fetch_part(s, run, sha256, i, &bytes, e);
	digest_hex(bytes.buf, bytes.len, hex);
	if (ok && strcmp(hex, sha256) != 0)
		ok = err_set(e, ERR_RECORD,
			"the file %.12s… of the run has other bytes in the store",
			sha256);
	ok = ok && blob_put(dir, bytes.buf, bytes.len, hex, e);
	str_release(&bytes);
	return ok;
}

static bool
fetch_blobs(struct storing *s, const char *run, const char *dir, struct err *e)
{
	static const char sql[] = "select sha256, max(parts) from handrail.blob "
				  "where run = $1 group by 1";
	struct storing_answer a;
	bool ok = storing_ask(
		s, sql, &(struct pgkeep_value){run, strlen(run), false}, 1, &a, e);

	for (int i = 0; ok && i < a.rows; i++) {
		const char *sha256 = storing_cell(&a, i, 0);
		int64_t parts;

		ok = storing_number(&a, i, 1, &parts, e) &&
			fetch_blob(s, run, dir, sha256, parts, e);
	}
	storing_answer_release(&a);
	return ok;
}

/* ---- all of it -------------------------------------------------------------------------------- */

/* What is larger than the store keeps is missing here: the record says of it what it was. */
static bool
check(struct cmd *c, const char *dir, const char *run, struct err *e)
{
	struct verify_report v;
	struct vouch_report s;
	bool ok;

	if (!vouch_record(c->loop, dir, &(struct verify_opts){.skip_blobs = true}, NULL,
		    &v, &s, e))
		return false;
	ok = v.ok && s.ok && str_eq(v.run, run);
	for (size_t i = 0; !ok && !v.what[0] && i < s.rows.len; i++)
		if (!s.rows.at[i].ok)
			snprintf(v.what, sizeof v.what, "record %lld: %s",
				(long long)s.rows.at[i].seq, s.rows.at[i].why);
	if (!ok)
		err_set(e, ERR_RECORD,
			"what the store holds of run %s does not verify: %s", run,
			v.what[0] ? v.what : "a signature is not good");
	vouch_release(&s);
	verify_release(&v);
	return ok;
}

char *
fetching_record(
	struct cmd *c, struct storing *s, const char *run, int64_t *seq, struct err *e)
{
	char *runs = runs_dir(c, e), *dir = NULL;
	struct err ignored = ERR_INIT;

	if (!runs)
		return NULL;
	dir = mem_printf("%s/.elsewhere-%d/%s", runs, machine_pid(), run);
	mem_free(runs);
	if (file_exists(dir) && !file_remove_tree(dir, &ignored))
		err_init(&ignored);
	if (file_mkdirs(dir, 0700, e) && fetch_journal(s, run, dir, seq, e) &&
		fetch_blobs(s, run, dir, e) && check(c, dir, run, e))
		return dir;
	err_ctx(e, "fetch the record of run %s", run);
	fetching_drop(dir);
	return NULL;
}

void
fetching_drop(char *dir_take)
{
	struct err ignored = ERR_INIT; /* a later one has the same name */
	char *above = dir_take ? file_dir(dir_take) : NULL;

	if (above && !file_remove_tree(above, &ignored))
		err_init(&ignored);
	mem_free(above);
	mem_free(dir_take);
}

/* ---- into its place ---------------------------------------------------------------------------- */

/* Does the longer file begin with all of the shorter one? */
static bool
begins_with(const char *longer, const char *shorter)
{
	struct err ignored = ERR_INIT;
	int a = disk_open_read(longer, DISK_NO_LINK, &ignored);
	int b = disk_open_read(shorter, DISK_NO_LINK, &ignored);
	char *x = mem_alloc(COMPARED), *y = mem_alloc(COMPARED);
	int64_t at = 0;
	ssize_t n = 0;
	bool same = a >= 0 && b >= 0;

	while (same && (n = disk_read_at(b, y, COMPARED, at)) > 0) {
		same = disk_read_at(a, x, (size_t)n, at) == n &&
			memcmp(x, y, (size_t)n) == 0;
		at += n;
	}
	if (a >= 0)
		disk_close(a);
	if (b >= 0)
		disk_close(b);
	mem_free(x);
	mem_free(y);
	return same && n == 0;
}

/* A second name for the old record, before the first one is another file's. */
static bool
keep_fork(const char *dir, const char *old, struct err *e)
{
	char *forked = file_join(dir, "forked"), *name = NULL, stamp[9];
	bool ok = file_mkdirs(forked, 0700, e);

	digest_random_hex(4, stamp);
	name = mem_printf(
		"%s/%lld-%s.jsonl", forked, (long long)fetching_last_seq(dir), stamp);
	if (ok && link(old, name) != 0)
		ok = err_sys(e, errno, "%s", name);
	ok = ok && file_sync_dir(forked, e);
	if (ok)
		fprintf(stderr,
			"handrail: the record here has lines that are not in the store: kept "
			"as %s\n",
			name);
	mem_free(name);
	mem_free(forked);
	return ok;
}

static bool
bring_blobs(const char *from, const char *to, struct err *e)
{
	char *blobs = file_join(from, "blobs");
	size_t count = 0, inner;
	char **shards = file_exists(blobs) ? file_names(blobs, &count, e) : NULL;
	bool ok = true;

	for (size_t i = 0; i < count && ok; i++) {
		char *shard = file_join(blobs, shards[i]);
		char **names = shards[i][0] == '.' ? NULL : file_names(shard, &inner, e);

		for (size_t n = 0; names && n < inner && ok; n++)
			ok = blob_copy(from, names[n], to, e);
		file_names_free(names);
		mem_free(shard);
	}
	file_names_free(shards);
	mem_free(blobs);
	return ok;
}

static bool
bring(const char *from, const char *to, const char *name, struct err *e)
{
	char *a = file_join(from, name), *b = file_join(to, name);
	bool ok = disk_rename(a, b, e);

	mem_free(a);
	mem_free(b);
	return ok;
}

/* Under its lock. Heads of the old record go first: they would call the new one bad. */
static bool
replace(const char *from, const char *to, struct err *e)
{
	char *old = file_join(to, "journal.jsonl"),
	     *new = file_join(from, "journal.jsonl");
	char *heads = file_join(to, "heads"), *cursor = file_join(to, "mirror");
	char *lease = file_join(from, "lease");
	bool ok = bring_blobs(from, to, e) &&
		(begins_with(new, old) || !file_exists(old) || keep_fork(to, old, e));

	if (ok) {
		(void)disk_unlink(cursor);
		(void)disk_unlink(heads);
		ok = bring(from, to, "journal.jsonl", e) && bring(from, to, "heads", e) &&
			(!file_exists(lease) || bring(from, to, "lease", e)) &&
			file_sync_dir(to, e);
	}
	mem_free(lease);
	mem_free(cursor);
	mem_free(heads);
	mem_free(old);
	mem_free(new);
	return ok;
}

static bool
replace_locked(const char *from, const char *to, struct err *e)
{
	char *lock = file_join(to, "lock");
	int fd = disk_open(lock, DISK_APPEND, e);
	bool ok = fd >= 0 && disk_lock(fd, e) && replace(from, to, e);

	if (fd >= 0)
		disk_close(fd);
	mem_free(lock);
	return ok;
}

char *
fetching_install(struct cmd *c, const char *fetched, struct err *e)
{
	char *runs = runs_dir(c, e);
	char *dir = runs ? file_join(runs, file_base(fetched)) : NULL;
	bool ok;

	if (dir && file_exists(dir))
		ok = replace_locked(fetched, dir, e);
	else
		ok = dir && disk_rename(fetched, dir, e) && file_sync_dir(runs, e);
	mem_free(runs);
	if (ok)
		return dir;
	mem_free(dir);
	return NULL;
}
