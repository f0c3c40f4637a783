#include "journal/journal.h"

#include <stdio.h>
#include <string.h>

#include "base/bug.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/json.h"
#include "base/jsonout.h"
#include "base/mem.h"
#include "journal/scan.h"

struct journal {
	char run[ULID_LEN + 1];
	char *dir, *path;
	char *con, *who;
	int fd, heads_fd, lock_fd;
	bool temporary;    /* still journal.tmp: the first commit gives it its name */
	int64_t size;      /* durable bytes */
	int64_t seq;       /* last durable */
	int64_t epoch;
	struct mono began; /* `mono` of the envelope counts from here */
	char head[DIGEST_HEX + 1];
	bool poisoned;
	bool in_flight;    /* a batch was made and not taken back */
	bool cut_first;    /* a failed write may have left bytes behind */
	struct event *recovered; /* goes before the next batch */
};

struct batch_row {
	struct event *ev;
	size_t at, len; /* of its line in `bytes`, without LF */
	char hash[DIGEST_HEX + 1];
};

struct journal_batch {
	VEC_OF(struct batch_row) rows;
	struct str bytes;
	struct str heads;
};

static const char zero_head[DIGEST_HEX + 1] =
	"0000000000000000000000000000000000000000000000000000000000000000";

char *
journal_runs_dir(struct err *e)
{
	char *state = file_xdg(FILE_XDG_STATE);
	char *runs = file_join(state, "runs");

	if (!file_mkdirs(runs, 0700, e) || !disk_private_dir(state, e) ||
	    !disk_private_dir(runs, e)) {
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
	j->fd = j->heads_fd = j->lock_fd = -1;
	j->seq = -1;
	j->epoch = 1;
	j->began = clock_mono();
	memcpy(j->head, zero_head, sizeof zero_head);
	return j;
}

/* The lock file's text says who; the lock itself is what counts. */
static bool
journal_take_lock(struct journal *j, struct err *e)
{
	char *path = file_join(j->dir, "lock");
	size_t done;
	bool ok;

	j->lock_fd = disk_open(path, DISK_APPEND, e);
	ok = j->lock_fd >= 0 && disk_lock(j->lock_fd, e) && disk_cut(j->lock_fd, 0, e) &&
	     disk_append(j->lock_fd, j->con, strlen(j->con), &done, e) &&
	     disk_append(j->lock_fd, "\n", 1, &done, e);
	mem_free(path);
	return ok;
}

static bool
journal_open_heads(struct journal *j, struct err *e)
{
	char *path = file_join(j->dir, "heads");

	j->heads_fd = disk_open(path, DISK_APPEND, e);
	mem_free(path);
	return j->heads_fd >= 0;
}

struct journal *
journal_create(const char *runs_dir, const char *id, const struct journal_who *who,
	       struct err *e)
{
	char *dir = file_join(runs_dir, id);
	struct journal *j = journal_blank(dir, id, who);
	bool ok;

	mem_free(dir);
	j->path = file_join(j->dir, "journal.tmp");
	j->temporary = true;
	ok = disk_private_dir(runs_dir, e) && file_mkdirs(j->dir, 0700, e) &&
	     file_sync_dir(runs_dir, e) && journal_take_lock(j, e);
	if (ok) {
		j->fd = disk_open(j->path, DISK_CREATE, e);
		ok = j->fd >= 0 && journal_open_heads(j, e) &&
		     journal_reserve(j, JOURNAL_RESERVE, e);
	}
	if (ok)
		return j;
	err_ctx(e, "start the record");
	journal_free(j);
	return NULL;
}

/* ---- opening ------------------------------------------------------------------------- */

struct replay {
	journal_replay_fn *fn;
	void *ctx;
	int64_t until;  /* bytes of complete groups; lines beyond are not replayed */
	int64_t at;
	int64_t epoch;
};

static bool
replay_line(void *ctx, const struct event *ev, const char *line, size_t len, const char *hash)
{
	struct replay *rp = ctx;

	(void)line;
	rp->at += (int64_t)len + 1;
	if (rp->at > rp->until)
		return false;
	if (ev->epoch > rp->epoch)
		rp->epoch = ev->epoch;
	return !rp->fn || rp->fn(rp->ctx, ev, hash);
}

/* Is what stands after the last complete group nobody's loss? Only if no head names it. */
static bool
tail_is_torn(const struct scan_result *s, const struct scan_heads *h, struct err *e)
{
	if (s->later_lines)
		return err_set(e, ERR_RECORD, "%s; records stand after it", s->what);
	if (h->last_seq > s->group_seq)
		return err_set(e, ERR_RECORD,
			       "record %lld was acknowledged and is missing or damaged (%s)",
			       (long long)h->last_seq,
			       s->what[0] ? s->what : "the file ends before it");
	return true;
}

static bool
heads_agree(const struct scan_heads *h, int64_t seq, const char *hash, struct err *e)
{
	const char *said = scan_heads_of(h, seq);

	if (said && strcmp(said, hash) != 0)
		return err_set(e, ERR_RECORD, "record %lld is not the one that heads vouches for",
			       (long long)seq);
	return true;
}

struct opening {
	const struct scan_heads *heads;
	struct err *e;
	char head[DIGEST_HEX + 1]; /* of the last complete group */
};

static bool
opening_line(void *ctx, const struct event *ev, const char *line, size_t len, const char *hash)
{
	struct opening *o = ctx;

	(void)line;
	(void)len;
	if (!ev->more)
		memcpy(o->head, hash, sizeof o->head);
	return heads_agree(o->heads, ev->seq, hash, o->e);
}

/* Looks at the whole file; what[] of `s` says what is wrong with a tail. */
static bool
journal_examine(const char *dir, const char *path, struct scan_result *s, char *head,
		struct err *e)
{
	struct scan_heads heads;
	struct opening o = {.heads = &heads, .e = e};
	char *heads_path = file_join(dir, "heads");
	bool ok;

	memcpy(o.head, zero_head, sizeof zero_head);
	ok = scan_heads_read(heads_path, &heads, e);
	if (ok) {
		ok = scan_journal(path, opening_line, &o, s, e);
		if (ok && s->stopped)
			ok = false; /* heads_agree has said why */
		else if (ok)
			ok = tail_is_torn(s, &heads, e);
		scan_heads_release(&heads);
	}
	memcpy(head, o.head, sizeof o.head);
	mem_free(heads_path);
	return ok;
}

/* Files the torn bytes away before they are cut off. */
static bool
journal_file_torn(struct journal *j, const struct scan_result *s, struct err *e)
{
	size_t len = (size_t)(s->size - s->group_bytes);
	char *bytes = mem_alloc(len ? len : 1), *dir = file_join(j->dir, "torn"), *path = NULL;
	char hex[DIGEST_HEX + 1];
	struct str data = STR_INIT;
	struct jsonout jo;
	bool ok = false;

	if (disk_read_at(j->fd, bytes, len, s->group_bytes) != (ssize_t)len) {
		err_set(e, ERR_IO, "cannot read the torn tail of %s", j->path);
		goto out;
	}
	digest_hex(bytes, len, hex);
	path = mem_printf("%s/%lld-%s", dir, (long long)s->group_seq + 1, hex);
	if (!file_mkdirs(dir, 0700, e) || !file_replace(path, bytes, len, 0600, e) ||
	    !disk_cut(j->fd, s->group_bytes, e) || !disk_sync(j->fd, e))
		goto out;
	jsonout_init(&jo, &data);
	jsonout_open(&jo);
	jsonout_kint(&jo, "bytes", (int64_t)len);
	jsonout_kstr(&jo, "sha256", hex);
	jsonout_close(&jo);
	j->recovered = event_new(EVENT_JOURNAL_RECOVERED, NULL, data.buf);
	ok = true;
out:
	str_release(&data);
	mem_free(path);
	mem_free(dir);
	mem_free(bytes);
	return ok;
}

static bool
journal_adopt(struct journal *j, const struct scan_result *s, const char *head,
	      const struct replay *how, struct err *e)
{
	struct replay rp = *how;
	struct scan_result again;

	rp.until = s->group_bytes;
	rp.epoch = 1;
	if (!scan_journal(j->path, replay_line, &rp, &again, e))
		return false;
	j->epoch = rp.epoch;
	j->seq = s->group_seq;
	j->size = s->group_bytes;
	memcpy(j->head, head, sizeof j->head);
	memcpy(j->run, s->run, sizeof j->run);
	return true;
}

struct journal *
journal_open(const char *run_dir, const struct journal_who *who, journal_replay_fn *fn,
	     void *ctx, struct err *e)
{
	struct journal *j = journal_blank(run_dir, file_base(run_dir), who);
	struct replay rp = {.fn = fn, .ctx = ctx};
	struct scan_result s;
	char head[DIGEST_HEX + 1];
	bool ok;

	j->path = file_join(run_dir, "journal.jsonl");
	ok = disk_private_dir(run_dir, e) && journal_take_lock(j, e) &&
	     journal_examine(run_dir, j->path, &s, head, e);
	if (ok && s.group_seq < 0)
		ok = err_set(e, ERR_RECORD, "%s holds no whole record", j->path);
	if (ok) {
		j->fd = disk_open(j->path, DISK_EXISTING, e);
		ok = j->fd >= 0 && journal_open_heads(j, e);
	}
	if (ok && s.size > s.group_bytes)
		ok = journal_file_torn(j, &s, e);
	ok = ok && journal_adopt(j, &s, head, &rp, e) && journal_reserve(j, JOURNAL_RESERVE, e);
	if (ok)
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
	struct scan_result s, again;
	char head[DIGEST_HEX + 1];
	bool ok = journal_examine(run_dir, path, &s, head, e);

	if (ok) {
		rp.until = s.group_bytes;
		ok = scan_journal(path, replay_line, &rp, &again, e);
	}
	mem_free(path);
	return ok || err_ctx(e, "run %s", file_base(run_dir));
}

void
journal_free(struct journal *j)
{
	if (!j)
		return;
	disk_close(j->fd);
	disk_close(j->heads_fd);
	disk_close(j->lock_fd);
	event_free(j->recovered);
	mem_free(j->path);
	mem_free(j->dir);
	mem_free(j->con);
	mem_free(j->who);
	mem_free(j);
}

bool
journal_is_busy(const char *run_dir, char *con, size_t len)
{
	char *path = file_join(run_dir, "lock");
	struct err e = ERR_INIT;
	struct str text = STR_INIT;
	int fd = disk_open_read(path, &e);
	bool busy = fd >= 0 && disk_locked_by_other(fd);

	con[0] = '\0';
	if (busy && file_read(path, 4096, &text, &e))
		snprintf(con, len, "%.*s", (int)strcspn(text.buf, "\n"), text.buf);
	str_release(&text);
	disk_close(fd);
	mem_free(path);
	return busy;
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

/* ---- writing ------------------------------------------------------------------------- */

static void
envelope_fill(const struct journal *j, struct event *ev, int64_t seq, const char *prev,
	      struct now now)
{
	memcpy(ev->run, j->run, sizeof ev->run);
	ev->seq = seq;
	ev->epoch = j->epoch;
	ev->t = now.wall;
	ev->mono = now.mono.ms - j->began.ms;
	if (ev->mono < 0)
		ev->mono = 0;
	mem_free(ev->con);
	ev->con = mem_strdup(j->con);
	memcpy(ev->prev, prev, sizeof ev->prev);
}

static bool
batch_add(struct journal *j, struct journal_batch *b, struct event *ev_take, struct now now,
	  struct err *e)
{
	const char *prev = b->rows.len ? b->rows.at[b->rows.len - 1].hash : j->head;
	struct batch_row *row;
	char prev_copy[DIGEST_HEX + 1];

	memcpy(prev_copy, prev, sizeof prev_copy);
	envelope_fill(j, ev_take, j->seq + 1 + (int64_t)b->rows.len, prev_copy, now);
	row = vec_add(&b->rows);
	row->ev = ev_take;
	row->at = b->bytes.len;
	if (!event_line(ev_take, &b->bytes, e))
		return false;
	row->len = b->bytes.len - row->at;
	str_addc(&b->bytes, '\n');
	digest_hex(b->bytes.buf + row->at, row->len + 1, row->hash);
	str_addf(&b->heads, "%lld %s\n", (long long)ev_take->seq, row->hash);
	return true;
}

struct journal_batch *
journal_batch_new(struct journal *j, struct events *take, struct now now, const char *who,
		  struct err *e)
{
	struct journal_batch *b;
	bool ok = true;

	BUG_ON(j->in_flight);
	if (j->poisoned) {
		err_set(e, ERR_IO, "the record cannot be written any more: a sync failed");
		return NULL;
	}
	b = mem_alloc(sizeof *b);
	str_init(&b->bytes);
	str_init(&b->heads);
	if (j->recovered) {
		j->recovered->who = mem_strdup(j->who);
		ok = batch_add(j, b, j->recovered, now, e);
		j->recovered = NULL;
	}
	for (size_t i = 0; i < take->list.len; i++) {
		struct event *ev = take->list.at[i];
		ev->more = i + 1 < take->list.len;
		if (!ev->who)
			ev->who = mem_strdup(who ? who : j->who);
		/* After a failure the rest is only taken over, to be freed. */
		if (ok)
			ok = batch_add(j, b, ev, now, e);
		else
			event_free(ev);
	}
	vec_free(&take->list);
	if (!ok) {
		journal_batch_free(b);
		return NULL;
	}
	j->in_flight = true;
	return b;
}

/* The first batch gives the book its name; only then is there a run. */
static bool
journal_name(struct journal *j, struct err *e)
{
	char *path = file_join(j->dir, "journal.jsonl");
	bool ok = disk_rename(j->path, path, e) && file_sync_dir(j->dir, e);

	if (ok) {
		mem_free(j->path);
		j->path = path;
		j->temporary = false;
	} else {
		mem_free(path);
	}
	return ok;
}

bool
journal_commit(struct journal *j, struct journal_batch *b, struct err *e)
{
	struct err ignored = ERR_INIT;
	size_t done = 0;

	if (j->cut_first && !disk_cut(j->fd, j->size, e))
		return err_ctx(e, "%s", j->path);
	j->cut_first = false;
	if (!disk_append(j->fd, b->bytes.buf, b->bytes.len, &done, e)) {
		j->cut_first = done && !disk_cut(j->fd, j->size, &ignored);
		return err_ctx(e, "%s", j->path);
	}
	if (!disk_sync(j->fd, e)) {
		j->poisoned = true;
		return err_ctx(e, "%s", j->path);
	}
	if (j->temporary && !journal_name(j, e)) {
		j->poisoned = true;
		return false;
	}
	/* Heads vouch later; a lost line only makes a lost tail look torn. */
	if (!disk_append(j->heads_fd, b->heads.buf, b->heads.len, &done, &ignored))
		err_set(e, ERR_NONE, "heads: %s", ignored.msg);
	return true;
}

void
journal_done(struct journal *j, struct journal_batch *b, bool committed)
{
	BUG_ON(!j->in_flight);
	j->in_flight = false;
	if (!committed || !b->rows.len)
		return;
	j->seq += (int64_t)b->rows.len;
	j->size += (int64_t)b->bytes.len;
	memcpy(j->head, b->rows.at[b->rows.len - 1].hash, sizeof j->head);
}

size_t
journal_batch_len(const struct journal_batch *b)
{
	return b->rows.len;
}

const struct event *
journal_batch_event(const struct journal_batch *b, size_t i)
{
	return b->rows.at[i].ev;
}

const char *
journal_batch_hash(const struct journal_batch *b, size_t i)
{
	return b->rows.at[i].hash;
}

const char *
journal_batch_line(const struct journal_batch *b, size_t i, size_t *len)
{
	*len = b->rows.at[i].len;
	return b->bytes.buf + b->rows.at[i].at;
}

void
journal_batch_free(struct journal_batch *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->rows.len; i++)
		event_free(b->rows.at[i].ev);
	vec_free(&b->rows);
	str_release(&b->bytes);
	str_release(&b->heads);
	mem_free(b);
}

bool
journal_reserve(struct journal *j, size_t bytes, struct err *e)
{
	if (!disk_reserve(j->fd, j->size, (int64_t)bytes, e))
		return err_ctx(e, "room for the record");
	return true;
}
