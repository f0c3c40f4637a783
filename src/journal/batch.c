#include <string.h>

#include "base/bug.h"
#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"
#include "journal/book.h"

struct batch_row {
	struct event *ev;
	size_t at, len; /* of its line in `bytes`, without LF */
	char hash[DIGEST_HEX + 1];
};

struct journal_batch {
	VEC_OF(struct batch_row) rows;
	struct str bytes;
	struct str heads;
	bool recovers; /* the first row is the journal's own journal.recovered */
};

static bool
line_make(struct journal *j, struct journal_batch *b, struct batch_row *row,
	const char *prev, struct now now, struct err *e)
{
	struct event *ev = row->ev;

	memcpy(ev->run, j->run, sizeof ev->run);
	ev->seq = j->seq + (int64_t)b->rows.len; /* this row is counted already */
	ev->epoch = j->epoch;
	ev->t = now.wall;
	ev->mono = now.mono.ms > j->began.ms ? now.mono.ms - j->began.ms : 0;
	mem_free(ev->con);
	ev->con = mem_strdup(j->con);
	memcpy(ev->prev, prev, sizeof ev->prev);
	row->at = b->bytes.len;
	if (!event_line(ev, &b->bytes, e))
		return false;
	row->len = b->bytes.len - row->at;
	str_addc(&b->bytes, '\n');
	digest_update(j->digest, b->bytes.buf + row->at, row->len + 1);
	digest_final_hex(j->digest, row->hash);
	str_addf(&b->heads, "%lld %s\n", (long long)ev->seq, row->hash);
	return true;
}

/* Owns the event from now on, also when its line cannot be made. */
static bool
batch_add(struct journal *j, struct journal_batch *b, struct event *ev_take,
	const char *who, struct now now, struct err *e)
{
	char prev[DIGEST_HEX + 1];
	struct batch_row *row;

	memcpy(prev, b->rows.len ? b->rows.at[b->rows.len - 1].hash : j->head,
		sizeof prev);
	if (!ev_take->who)
		ev_take->who = mem_strdup(who ? who : j->who);
	row = vec_add(&b->rows);
	row->ev = ev_take;
	return line_make(j, b, row, prev, now, e);
}

/* The recovered tail is told by the batch that reaches the disk. */
static void
keep_recovered(struct journal *j, struct journal_batch *b)
{
	if (!b->recovers)
		return;
	j->recovered = b->rows.at[0].ev;
	b->rows.at[0].ev = NULL;
	b->recovers = false;
}

static bool
batch_fill(struct journal *j, struct journal_batch *b, struct events *take,
	const char *who, struct now now, struct err *e)
{
	int intents = 0;

	/* What moved follows what was durable over there. */
	if (j->recovered && !(j->left && j->temporary)) {
		struct event *ev = j->recovered;

		j->recovered = NULL;
		b->recovers = true;
		if (!batch_add(j, b, ev, NULL, now, e))
			return false;
	}
	for (size_t i = 0; i < take->list.len; i++) {
		struct event *ev = take->list.at[i];

		take->list.at[i] = NULL;
		ev->more = i + 1 < take->list.len;
		intents += ev->type == EVENT_STEP_INTENT;
		if (!batch_add(j, b, ev, who, now, e))
			return false;
	}
	return intents <= 1 ||
		err_set(e, ERR_STATE, "%d intents in one group of records", intents);
}

struct journal_batch *
journal_batch_new(struct journal *j, struct events *take, struct now now, const char *who,
	struct err *e)
{
	struct journal_batch *b;

	BUG_ON(j->in_flight);
	if (j->poisoned) {
		err_set(e, ERR_IO,
			"the record cannot be written any more: a sync failed");
		events_release(take);
		return NULL;
	}
	b = mem_alloc(sizeof *b);
	str_init(&b->bytes);
	str_init(&b->heads);
	j->in_flight = batch_fill(j, b, take, who, now, e);
	events_release(take);
	if (j->in_flight)
		return b;
	keep_recovered(j, b);
	journal_batch_free(b);
	return NULL;
}

/* ---- the writer --------------------------------------------------------------------------- */

/* After a failed sync nobody knows what is on the disk, and the next sync would not say. */
static bool
book_sync(struct journal *j, struct err *e)
{
	if (disk_sync(j->fd, e))
		return true;
	j->poisoned = true;
	return false;
}

static bool
book_cut(struct journal *j, struct err *e)
{
	if (!disk_cut(j->fd, j->size, e) || !book_sync(j, e))
		return false;
	j->cut_first = false;
	return true;
}

/* The file must end where our last record ended. */
static bool
book_ready(struct journal *j, struct err *e)
{
	if (j->poisoned)
		return err_set(e, ERR_IO, "not written: a sync has failed before");
	if (j->cut_first && !book_cut(j, e))
		return false;
	if (!disk_is_at(j->fd, j->path)) {
		j->poisoned = true;
		return err_set(e, ERR_BUSY,
			"another record stands in the place of this one: somebody has taken "
			"the run over");
	}
	if (disk_size(j->fd) == j->size)
		return true;
	j->poisoned = true;
	return err_set(e, ERR_RECORD, "something else has changed the file");
}

/* Whoever looks for the run in its old folder reads there where it went. A disk that takes
 * nothing does not take that either. */
static void
book_tell_left(struct journal *j)
{
	char *note = file_join(j->left, "moved"), *text = mem_printf("%s\n", j->dir);
	struct err ignored = ERR_INIT;
	bool told = file_replace(note, text, strlen(text), 0600, &ignored);

	(void)told;
	mem_free(text);
	mem_free(note);
	mem_free(j->left);
	j->left = NULL;
}

/* The first batch gives the book its name; only then is there a run. */
static bool
book_name(struct journal *j, struct err *e)
{
	char *path = file_join(j->dir, "journal.jsonl");

	if (!disk_rename(j->path, path, e) || !file_sync_dir(j->dir, e)) {
		mem_free(path);
		j->poisoned = true;
		return false;
	}
	mem_free(j->path);
	j->path = path;
	j->temporary = false;
	if (j->left)
		book_tell_left(j);
	return true;
}

/* Heads vouch afterwards: what they cannot take now they take with the next batch, and
 * until then a lost tail would look torn. */
static void
book_vouch(struct journal *j, const struct str *heads)
{
	struct err ignored = ERR_INIT;
	size_t done = 0;

	str_add(&j->owed, heads->buf, heads->len);
	if (disk_size(j->heads_fd) != j->heads_size &&
		!disk_cut(j->heads_fd, j->heads_size, &ignored))
		return;
	if (!disk_append(j->heads_fd, j->owed.buf, j->owed.len, &done, &ignored))
		return; /* what landed is cut off before the next try */
	j->heads_size += (int64_t)j->owed.len;
	str_reset(&j->owed);
}

bool
journal_commit(struct journal *j, struct journal_batch *b, struct err *e)
{
	struct err ignored = ERR_INIT;
	size_t done = 0;

	if (!book_ready(j, e))
		return err_ctx(e, "%s", j->path);
	if (!disk_append(j->fd, b->bytes.buf, b->bytes.len, &done, e)) {
		j->cut_first = done > 0;
		if (done && !book_cut(j, &ignored) && j->poisoned)
			*e = ignored;
		return err_ctx(e, "%s", j->path);
	}
	if (!book_sync(j, e) || (j->temporary && !book_name(j, e)))
		return err_ctx(e, "%s", j->path);
	book_vouch(j, &b->heads);
	return true;
}

/* ---- back on the loop --------------------------------------------------------------------- */

void
journal_done(struct journal *j, struct journal_batch *b, bool committed)
{
	BUG_ON(!j->in_flight);
	j->in_flight = false;
	if (!committed) {
		keep_recovered(j, b);
		return;
	}
	if (!b->rows.len)
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
