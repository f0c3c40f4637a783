#include "journal/journal.h"

#include <stdio.h>
#include <string.h>

#include "base/disk.h"
#include "base/file.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "journal/book.h"
#include "journal/examine.h"
#include "journal/relocate.h"

/* A tail beyond this is not what one write of ours left. */
enum { TORN_MAX = 64 << 20 };

char *
journal_runs_dir(struct err *e)
{
	char *state = file_xdg(FILE_XDG_STATE);
	char *runs = file_join(state, "runs");

	if (!file_mkdirs(runs, 0700, e) || !disk_safe_above(state, e) ||
		!disk_private_dir(state, e) || !disk_private_dir(runs, e)) {
		err_ctx(e, "folder of runs");
		mem_free(runs);
		runs = NULL;
	}
	mem_free(state);
	return runs;
}

static struct journal *
journal_blank(const char *dir, const char *id, const struct journal_who *who)
{
	struct journal *j = mem_alloc(sizeof *j);

	j->dir = mem_strdup(dir);
	snprintf(j->run, sizeof j->run, "%.26s", id);
	j->con = mem_strdup(who->con);
	j->who = mem_strdup(who->who);
	j->process = mem_strdup(who->process);
	j->fd = j->heads_fd = j->lock_fd = j->left_lock_fd = -1;
	j->seq = -1;
	j->epoch = 1;
	j->began = clock_mono();
	j->digest = digest_new();
	j->owed = STR_INIT;
	memcpy(j->head, scan_zero_head, sizeof scan_zero_head);
	return j;
}

static bool
journal_say_busy(const struct journal *j, struct err *e)
{
	char con[128];

	if (e->kind == ERR_STATE && journal_is_busy(j->dir, con, sizeof con) && con[0])
		err_set(e, ERR_STATE, "busy: open in another console (%s)", con);
	return false;
}

/* The lock file's text says who, to whom it may interest; the lock itself is what counts,
 * so a full disk does not keep anybody out. */
bool
journal_take_lock(struct journal *j, struct err *e)
{
	char *path = file_join(j->dir, "lock");
	char *text = mem_printf("%s\n%s%s%s\n", j->con, j->process ? j->process : "",
		j->process ? "\n" : "", j->who);
	struct err ignored = ERR_INIT;
	size_t done;
	bool ok;

	j->lock_fd = disk_open(path, DISK_APPEND, e);
	ok = j->lock_fd >= 0 && (disk_lock(j->lock_fd, e) || journal_say_busy(j, e));
	if (ok && disk_cut(j->lock_fd, 0, &ignored) &&
		!disk_append(j->lock_fd, text, strlen(text), &done, &ignored))
		ok = disk_cut(j->lock_fd, 0, e);
	mem_free(text);
	mem_free(path);
	return ok;
}

bool
journal_open_heads(struct journal *j, int64_t good_bytes, struct err *e)
{
	char *path = file_join(j->dir, "heads");

	j->heads_fd = disk_open(path, DISK_APPEND, e);
	j->heads_size = good_bytes;
	mem_free(path);
	/* A torn last line would spoil the next one. */
	return j->heads_fd >= 0 &&
		(disk_size(j->heads_fd) == good_bytes ||
			disk_cut(j->heads_fd, good_bytes, e));
}

static bool
journal_begin(struct journal *j, const char *runs_dir, struct err *e)
{
	if (!disk_private_dir(runs_dir, e) || !disk_new_dir(j->dir, 0700, e))
		return false;
	j->made = true;
	if (!file_sync_dir(runs_dir, e) || !journal_take_lock(j, e))
		return false;
	j->fd = disk_open(j->path, DISK_CREATE, e);
	return j->fd >= 0 && journal_open_heads(j, 0, e) &&
		journal_reserve(j, JOURNAL_RESERVE, e);
}

struct journal *
journal_create(const char *runs_dir, const char *id, const struct journal_who *who,
	struct err *e)
{
	struct journal *j;
	char *dir;

	if (!ulid_valid(id)) {
		err_set(e, ERR_INPUT, "%s is not the id of a run", id);
		return NULL;
	}
	dir = file_join(runs_dir, id);
	j = journal_blank(dir, id, who);
	mem_free(dir);
	j->path = file_join(j->dir, "journal.tmp");
	j->temporary = true;
	if (journal_begin(j, runs_dir, e))
		return j;
	err_ctx(e, "start the record");
	journal_free(j);
	return NULL;
}

/* ---- opening ------------------------------------------------------------------------- */

struct replay {
	journal_replay_fn *fn;
	void *ctx;
	int64_t until; /* bytes of complete groups; lines beyond are not replayed */
	int64_t at;
	int64_t epoch;
	bool refused;
};

static bool
replay_line(
	void *ctx, const struct line *l, const char *bytes, size_t len, const char *hash)
{
	struct replay *rp = ctx;
	struct event *ev;

	(void)bytes;
	rp->at += (int64_t)len + 1;
	if (rp->at > rp->until)
		return false;
	if (l->epoch > rp->epoch)
		rp->epoch = l->epoch;
	if (!rp->fn)
		return true;
	ev = line_event(l);
	rp->refused = !rp->fn(rp->ctx, ev, hash);
	event_free(ev);
	return !rp->refused;
}

/* Says in the next batch which bytes were filed away. */
static struct event *
recovered_event(size_t len, const char *hex)
{
	struct str data = STR_INIT;
	struct jsonout jo;
	struct event *ev;

	jsonout_init(&jo, &data);
	jsonout_open(&jo);
	jsonout_kint(&jo, "bytes", (int64_t)len);
	jsonout_kstr(&jo, "sha256", hex);
	jsonout_close(&jo);
	ev = event_new(EVENT_JOURNAL_RECOVERED, NULL, data.buf);
	str_release(&data);
	return ev;
}

/* Files the torn bytes of the journal in `fd` away, in j's folder. */
static bool
journal_file_torn(struct journal *j, int fd, const struct scan_result *s, struct err *e)
{
	size_t len = (size_t)(s->size - s->group_bytes);
	char *dir = file_join(j->dir, "torn"), *path = NULL, *bytes = NULL;
	char hex[DIGEST_HEX + 1];
	bool ok = false;

	if (len > TORN_MAX) {
		err_set(e, ERR_RECORD, "%zu bytes stand after the last whole record",
			len);
		goto out;
	}
	bytes = mem_alloc(len);
	if (disk_read_at(fd, bytes, len, s->group_bytes) != (ssize_t)len) {
		err_set(e, ERR_IO, "cannot read the torn tail of %s", j->path);
		goto out;
	}
	digest_hex(bytes, len, hex);
	path = mem_printf("%s/%lld-%s", dir, (long long)s->group_seq + 1, hex);
	if (!file_mkdirs(dir, 0700, e) || !file_replace(path, bytes, len, 0600, e) ||
		!file_sync_dir(j->dir, e))
		goto out;
	j->recovered = recovered_event(len, hex);
	ok = true;
out:
	mem_free(path);
	mem_free(dir);
	mem_free(bytes);
	return ok;
}

/* What a dead console left half done: nobody waits for it. */
static void
journal_sweep(const struct journal *j)
{
	char *tmp = file_join(j->dir, "blobs/.tmp");
	struct err ignored = ERR_INIT;
	bool gone = file_remove_tree(tmp, &ignored);

	(void)gone; /* else it only takes room */
	mem_free(tmp);
}

static bool
journal_adopt(
	struct journal *j, const struct examined *x, struct replay *rp, struct err *e)
{
	struct scan_result again;

	rp->until = x->scan.group_bytes;
	rp->epoch = 1;
	if (!scan_journal(j->path, replay_line, rp, &again, e))
		return false;
	if (rp->refused)
		return err_set(e, ERR_STATE, "the replay was ended early");
	j->epoch = rp->epoch;
	j->seq = x->scan.group_seq;
	j->size = x->scan.group_bytes;
	memcpy(j->head, x->head, sizeof j->head);
	memcpy(j->run, x->scan.run, sizeof j->run);
	return true;
}

/* Under the lock. The console before us may have died between its write and its sync: what
 * is replayed as a fact must be durable first. */
static bool
journal_take_over(struct journal *j, struct replay *rp, struct err *e)
{
	struct examined x;

	if (!examine_book(j->dir, j->path, &x, e))
		return false;
	if (x.scan.group_seq < 0)
		return err_set(e, ERR_RECORD, "%s holds no whole record", j->path);
	j->fd = disk_open(j->path, DISK_EXISTING, e);
	if (j->fd < 0 || !journal_open_heads(j, x.heads_bytes, e))
		return false;
	if (x.scan.size > x.scan.group_bytes &&
		(!journal_file_torn(j, j->fd, &x.scan, e) ||
			!disk_cut(j->fd, x.scan.group_bytes, e)))
		return false;
	if (!disk_sync(j->fd, e) || !journal_adopt(j, &x, rp, e))
		return false;
	journal_sweep(j);
	return journal_reserve(j, JOURNAL_RESERVE, e);
}

static bool
journal_is_here(const char *run_dir, const char *path, struct err *e)
{
	char *to = relocate_gone_to(run_dir);
	bool ok = !to ||
		err_set(e, ERR_STATE,
			"this run went on in another folder: handrail resume %s", to);

	mem_free(to);
	return ok &&
		(file_exists(path) ||
			err_set(e, ERR_STATE, "there is no record in %s", run_dir));
}

bool
journal_is_ours(const struct journal *j, struct err *e)
{
	char *lock = file_join(j->dir, "lock");
	bool ok = disk_is_at(j->fd, j->path) &&
		(j->lock_fd < 0 || disk_is_at(j->lock_fd, lock));

	mem_free(lock);
	return ok ||
		err_set(e, ERR_BUSY,
			"another record stands in the place of this one: somebody has taken "
			"the run over");
}

/* The lock of a folder that takes no file cannot be had, and nobody can write there. */
static bool
journal_lock_if_possible(struct journal *j, struct err *e)
{
	struct err why = ERR_INIT;

	if (journal_take_lock(j, &why) || why.kind == ERR_IO)
		return true;
	*e = why;
	return false;
}

static bool
journal_take_elsewhere(
	struct journal *j, struct replay *rp, const char *runs_dir, struct err *e)
{
	struct examined x;
	int old;
	bool ok;

	if (!journal_lock_if_possible(j, e) || !examine_book(j->dir, j->path, &x, e))
		return false;
	if (x.scan.group_seq < 0)
		return err_set(e, ERR_RECORD, "%s holds no whole record", j->path);
	if (!journal_adopt(j, &x, rp, e))
		return false;
	old = disk_open_read(j->path, DISK_NO_LINK, e);
	ok = old >= 0 && relocate_book(j, runs_dir, e) &&
		(x.scan.size == x.scan.group_bytes ||
			journal_file_torn(j, old, &x.scan, e));
	disk_close(old);
	return ok;
}

struct journal *
relocate_open(const char *run_dir, const char *runs_dir, const struct journal_who *who,
	journal_replay_fn *fn, void *ctx, struct err *e)
{
	struct journal *j = journal_blank(run_dir, file_base(run_dir), who);
	struct replay rp = {.fn = fn, .ctx = ctx};

	j->path = file_join(run_dir, "journal.jsonl");
	if (journal_is_here(run_dir, j->path, e) && disk_private_dir(run_dir, e) &&
		journal_take_elsewhere(j, &rp, runs_dir, e))
		return j;
	err_ctx(e, "run %s", file_base(run_dir));
	journal_free(j);
	return NULL;
}

struct journal *
journal_open(const char *run_dir, const struct journal_who *who, journal_replay_fn *fn,
	void *ctx, struct err *e)
{
	struct journal *j = journal_blank(run_dir, file_base(run_dir), who);
	struct replay rp = {.fn = fn, .ctx = ctx};

	j->path = file_join(run_dir, "journal.jsonl");
	if (journal_is_here(run_dir, j->path, e) && disk_private_dir(run_dir, e) &&
		journal_take_lock(j, e) && journal_take_over(j, &rp, e))
		return j;
	err_ctx(e, "run %s", file_base(run_dir));
	journal_free(j);
	return NULL;
}

bool
journal_read(const char *run_dir, journal_replay_fn *fn, void *ctx, struct err *e)
{
	char *path = file_join(run_dir, "journal.jsonl");
	struct replay rp = {.fn = fn, .ctx = ctx};
	struct examined x;
	struct scan_result again;
	bool ok = examine_book(run_dir, path, &x, e);

	if (ok) {
		rp.until = x.scan.group_bytes;
		ok = scan_journal(path, replay_line, &rp, &again, e);
	}
	mem_free(path);
	return ok || err_ctx(e, "run %s", file_base(run_dir));
}

void
journal_free(struct journal *j)
{
	struct err ignored = ERR_INIT;

	if (!j)
		return;
	/* A run that never had a record never was, unless the disk failed us. */
	if (j->made && j->temporary && !j->poisoned) {
		bool gone = file_remove_tree(j->dir, &ignored);
		(void)gone; /* a folder without a journal is no run */
	}
	disk_close(j->fd);
	disk_close(j->heads_fd);
	disk_close(j->lock_fd);
	disk_close(j->left_lock_fd);
	event_free(j->recovered);
	digest_free(j->digest);
	str_release(&j->owed);
	mem_free(j->left);
	mem_free(j->path);
	mem_free(j->dir);
	mem_free(j->con);
	mem_free(j->who);
	mem_free(j->process);
	mem_free(j);
}

bool
journal_is_busy(const char *run_dir, char *con, size_t len)
{
	char *path = file_join(run_dir, "lock");
	struct err e = ERR_INIT;
	struct str text = STR_INIT;
	int fd = disk_open_read(path, DISK_NO_LINK, &e);
	bool busy = fd >= 0 && disk_locked_by_other(fd);

	con[0] = '\0';
	if (busy && file_read(path, 4096, &text, &e))
		snprintf(con, len, "%.*s", (int)strcspn(text.buf, "\n"), text.buf);
	str_release(&text);
	disk_close(fd);
	mem_free(path);
	return busy;
}

static char *
line_of(const char **at)
{
	size_t len = strcspn(*at, "\n");
	char *line = mem_strndup(*at, len);

	*at += len + ((*at)[len] == '\n');
	return line;
}

bool
journal_holder(const char *run_dir, struct journal_holder *out)
{
	char *path = file_join(run_dir, "lock"), *process, start[64] = "", boot[64] = "";
	char con[256];
	struct err e = ERR_INIT;
	struct str text = STR_INIT;
	const char *at;
	long long pid = 0;
	bool busy = journal_is_busy(run_dir, con, sizeof con);

	memset(out, 0, sizeof *out);
	if (busy && !file_read(path, 4096, &text, &e))
		str_reset(&text);
	at = text.buf;
	out->con = line_of(&at);
	process = line_of(&at);
	if (sscanf(process, "%lld %63s %63s", &pid, start, boot) == 3 && pid > 1)
		out->pid = pid;
	out->start = mem_strdup(start);
	out->boot = mem_strdup(boot);
	out->who = line_of(&at);
	mem_free(process);
	mem_free(path);
	str_release(&text);
	return busy;
}

void
journal_holder_release(struct journal_holder *h)
{
	mem_free(h->con);
	mem_free(h->who);
	mem_free(h->start);
	mem_free(h->boot);
}

int64_t
journal_bytes(const struct journal *j)
{
	return j->size;
}

/* ---- asking -------------------------------------------------------------------------- */

const char *
journal_run(const struct journal *j)
{
	return j->run;
}

const char *
journal_dir(const struct journal *j)
{
	return j->dir;
}

int64_t
journal_seq(const struct journal *j)
{
	return j->seq;
}

const char *
journal_head(const struct journal *j)
{
	return j->head;
}

bool
journal_poisoned(const struct journal *j)
{
	return j->poisoned;
}

int64_t
journal_epoch(const struct journal *j)
{
	return j->epoch;
}

void
journal_set_epoch(struct journal *j, int64_t epoch)
{
	j->epoch = epoch;
}

bool
journal_reserve(struct journal *j, size_t bytes, struct err *e)
{
	if (!disk_reserve(j->fd, j->size, (int64_t)bytes, e))
		return err_ctx(e, "room for the record");
	return true;
}
