#ifndef TESTS_UNIT_JOURNAL_BOOK_H
#define TESTS_UNIT_JOURNAL_BOOK_H

/*
 * A book in a scratch folder, written and opened again; and calls of the C library that fail
 * when a test says so. They stand before the real ones in a program that includes this, once.
 */

#include <errno.h>
#include <stdio.h>
#include <sys/syscall.h>

#include "journal/journal.h"
#include "journal/verify.h"
#include "records.h"

#define RUN_ID "01KAG3W5Z0B4T7M2Q8XK6N9RDE"

static const struct journal_who anna = {"jump1/4711/9f3c2e11", "anna@example.com"};

/* ---- faults: these stand before the C library's own ------------------------------------ */

enum call {
	CALL_WRITE,
	CALL_SYNC,
	CALL_CUT,
	CALL_RENAME,
	CALL_DIR_SYNC,
	CALL_RESERVE,
	CALLS
};

static struct faults {
	bool armed;
	int count;      /* calls since it was armed */
	int fail_at;    /* the n-th of them fails (from 1); 0: none */
	int fail_all;   /* and this many after it */
	enum call only; /* of this kind; CALLS: any */
	int sys;        /* errno */
	size_t lands;   /* bytes of a failing write that land */
	char order[64]; /* one letter a call: w s c r d */
} faults;

static inline bool
fault(enum call call)
{
	size_t n = strlen(faults.order);
	int at;

	if (!faults.armed)
		return false;
	if (n + 1 < sizeof faults.order)
		faults.order[n] = "wscrdf"[call];
	if (faults.only != CALLS && faults.only != call)
		return false;
	at = ++faults.count;
	if (!faults.fail_at || at < faults.fail_at ||
		at > faults.fail_at + faults.fail_all)
		return false;
	errno = faults.sys;
	return true;
}

ssize_t
write(int fd, const void *p, size_t len)
{
	if (fault(CALL_WRITE)) {
		size_t part = faults.lands < len ? faults.lands : len;
		faults.lands = 0;
		if (!part)
			return -1;
		/* A short write; the next one gets the error. */
		faults.fail_at++;
		len = part;
	}
	return syscall(SYS_write, fd, p, len);
}

int
fdatasync(int fd)
{
	return fault(CALL_SYNC) ? -1 : (int)syscall(SYS_fdatasync, fd);
}

int
fsync(int fd)
{
	return fault(CALL_DIR_SYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int
ftruncate(int fd, off_t len)
{
	return fault(CALL_CUT) ? -1 : (int)syscall(SYS_ftruncate, fd, len);
}

int
rename(const char *from, const char *to)
{
	return fault(CALL_RENAME) ? -1 : (int)syscall(SYS_rename, from, to);
}

static inline void
arm(enum call only, int fail_at, int sys)
{
	faults = (struct faults){
		.armed = true, .only = only, .fail_at = fail_at, .sys = sys};
}

static inline void
disarm(void)
{
	faults.armed = false;
}

/* ---- a book ---------------------------------------------------------------------------- */

static char *runs, *dir, *path;

static inline int
setup(void **state)
{
	(void)state;
	runs = records_scratch();
	dir = file_join(runs, RUN_ID);
	path = file_join(dir, "journal.jsonl");
	return 0;
}

static inline int
teardown(void **state)
{
	(void)state;
	disarm();
	mem_free(path);
	mem_free(dir);
	records_gone(runs);
	return 0;
}

static inline struct now
at(int64_t ms)
{
	struct now now = {.wall = {.ms = 1795179600000 + ms}};

	now.mono.ms = clock_mono().ms + ms;
	return now;
}

static inline struct events
some(int count, enum event_type type)
{
	struct events evs = {0};

	for (int i = 0; i < count; i++) {
		char *data = mem_printf("{\"text\":\"note %d\"}", i);
		events_add(&evs, event_new(type, i ? "step" : NULL, data));
		mem_free(data);
	}
	return evs;
}

/* One request's events through the whole path. */
static inline bool
commit(struct journal *j, struct events *evs, struct err *e)
{
	struct journal_batch *b = journal_batch_new(j, evs, at(5), NULL, e);
	bool ok;

	if (!b)
		return false;
	ok = journal_commit(j, b, e);
	journal_done(j, b, ok);
	journal_batch_free(b);
	return ok;
}

static inline void
note(struct journal *j, int count)
{
	struct err e = ERR_INIT;
	struct events evs = some(count, EVENT_NOTE);

	if (!commit(j, &evs, &e))
		fail_msg("%s", e.msg);
}

static inline struct journal *
created(void)
{
	struct err e = ERR_INIT;
	struct journal *j = journal_create(runs, RUN_ID, &anna, &e);

	if (!j)
		fail_msg("%s", e.msg);
	return j;
}

static inline struct journal *
begun(void)
{
	struct journal *j = created();
	struct events evs = some(1, EVENT_RUN_OPEN);
	struct err e = ERR_INIT;

	if (!commit(j, &evs, &e))
		fail_msg("%s", e.msg);
	return j;
}

struct replayed {
	int count;
	int64_t seq;
	char head[DIGEST_HEX + 1];
	struct str types;
	int stop_at;
};

static inline bool
replay(void *ctx, const struct event *ev, const char *hash)
{
	struct replayed *r = ctx;

	r->count++;
	r->seq = ev->seq;
	memcpy(r->head, hash, sizeof r->head);
	str_addf(&r->types, "%s ", ev->type_name);
	return r->count != r->stop_at;
}

static inline struct journal *
opened(struct replayed *r, struct err *e)
{
	*r = (struct replayed){.types = STR_INIT, .seq = -1};
	*e = ERR_INIT;
	return journal_open(dir, &anna, replay, r, e);
}

/* Opens, expects `count` records, closes. */
static inline void
holds(int count)
{
	struct replayed r;
	struct err e;
	struct journal *j = opened(&r, &e);

	if (!j)
		fail_msg("%s", e.msg);
	assert_int_equal(r.count, count);
	assert_int_equal(journal_seq(j), count - 1);
	assert_string_equal(journal_head(j), r.head);
	journal_free(j);
	str_release(&r.types);
}

static inline void
verified(int64_t records)
{
	struct verify_report v;
	struct err e = ERR_INIT;

	if (!verify_record(dir, &(struct verify_opts){0}, &v, &e) || !v.ok)
		fail_msg("%s%s", e.msg, v.what);
	assert_int_equal(v.records, records);
	assert_int_equal(v.unvouched, 0);
	verify_release(&v);
}

static inline int64_t
size_of(const char *name)
{
	char *full = file_join(dir, name);
	struct stat st;
	int64_t size = stat(full, &st) == 0 ? (int64_t)st.st_size : -1;

	mem_free(full);
	return size;
}

static inline void
cut_to(const char *name, int64_t size)
{
	char *full = file_join(dir, name);

	assert_int_equal(truncate(full, (off_t)size), 0);
	mem_free(full);
}

/* A record of three groups, the last of three records; returns where that begins. */
static inline int64_t
three_groups(void)
{
	struct journal *j = begun();
	int64_t last;

	note(j, 2);
	last = size_of("journal.jsonl");
	note(j, 3);
	journal_free(j);
	return last;
}

static inline void
forget_heads_from(int64_t seq)
{
	struct str heads = records_read(dir, "heads");
	char *mark = mem_printf("\n%lld ", (long long)seq),
	     *found = strstr(heads.buf, mark);

	assert_non_null(found);
	records_write(dir, "heads", heads.buf, (size_t)(found + 1 - heads.buf));
	mem_free(mark);
	str_release(&heads);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
