/*
 * The book of a run, killed or cut from power at every system call that touches the disk,
 * and again while it is opened after that. A child writes; it dies at its n-th call. Then
 * what was not synced is lost as a power cut may lose it: bytes cut off or read as zeros,
 * names gone whose folder was not synced. What the child was told to be written must be
 * there, the book goes on, and it verifies with its blobs.
 *
 * The calls stand before those of the C library and only pretend to sync.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "../unit/base/unit.h"
#include "../unit/journal/records.h"
#include "base/jsonout.h"
#include "journal/blob.h"
#include "journal/journal.h"
#include "journal/verify.h"

#define RUN_ID "01KAG3W5Z0B4T7M2Q8XK6N9RDE"

enum { NAMES_MAX = 64, PATH_BYTES = 200, COMMITS = 6, ACKS_MAX = 64 };

/* Shared with the child: what it did, as far as a power cut cares. */
static struct disk_state {
	int calls, die_at;       /* 0: never */
	size_t part;             /* of the write it dies in, that many bytes land */
	int64_t synced, written; /* of the journal */
	int64_t heads_bytes;     /* any of them may be lost */
	struct name {
		char path[PATH_BYTES], was[PATH_BYTES]; /* was "": a new folder */
		bool durable;
		bool hollow; /* its bytes were not synced before it got this name */
	} names[NAMES_MAX];
	char last_synced[PATH_BYTES];
	int name_count;
	int64_t acked; /* seq of the last record that was said to be written */
	char hashes[ACKS_MAX][DIGEST_HEX + 1]; /* of the acknowledged ones */
} * disk;

static bool simulated; /* the calls below count */

static bool
dies(void)
{
	return simulated && disk->die_at && ++disk->calls == disk->die_at;
}

static void
die_now(void)
{
	_exit(9);
}

/* The file's name without its folder. */
static const char *
name_of(int fd, char path[PATH_BYTES])
{
	char link[40];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, PATH_BYTES - 1);
	path[n > 0 ? n : 0] = '\0';
	return file_base(path);
}

static bool
is_journal(int fd)
{
	char path[PATH_BYTES];
	const char *name = name_of(fd, path);

	return strcmp(name, "journal.tmp") == 0 || strcmp(name, "journal.jsonl") == 0;
}

ssize_t
write(int fd, const void *p, size_t len)
{
	bool last = dies();
	ssize_t n;

	if (last && disk->part < len)
		len = disk->part;
	n = len || !last ? syscall(SYS_write, fd, p, len) : 0;
	if (simulated && n > 0 && is_journal(fd))
		disk->written += n;
	if (last)
		die_now();
	return n;
}

int
fdatasync(int fd)
{
	if (dies())
		die_now();
	if (!simulated)
		return 0;
	if (is_journal(fd))
		disk->synced = disk->written;
	name_of(fd, disk->last_synced);
	return 0;
}

int
fsync(int fd)
{
	char path[PATH_BYTES];

	if (dies())
		die_now();
	if (!simulated)
		return 0;
	name_of(fd, path);
	for (int i = 0; i < disk->name_count; i++) {
		char *folder = file_dir(disk->names[i].path);
		if (strcmp(folder, path) == 0)
			disk->names[i].durable = true;
		mem_free(folder);
	}
	return 0;
}

int
ftruncate(int fd, off_t len)
{
	if (dies())
		die_now();
	if (simulated && is_journal(fd)) {
		disk->written = len;
		if (disk->synced > len)
			disk->synced = len;
	}
	return (int)syscall(SYS_ftruncate, fd, len);
}

static void
note_name(const char *path, const char *was)
{
	struct name *n = &disk->names[disk->name_count++];

	if (disk->name_count >= NAMES_MAX)
		abort();
	snprintf(n->path, sizeof n->path, "%s", path);
	snprintf(n->was, sizeof n->was, "%s", was);
	n->durable = false;
	n->hollow = was[0] && strcmp(was, disk->last_synced) != 0;
}

int
rename(const char *from, const char *to)
{
	bool again = access(to, F_OK) == 0; /* then what it replaces has the same bytes */
	int rc;

	if (dies())
		die_now();
	rc = (int)syscall(SYS_rename, from, to);
	if (simulated && rc == 0 && !again)
		note_name(to, from);
	return rc;
}

int
mkdir(const char *path, mode_t mode)
{
	int rc;

	if (simulated && dies())
		die_now();
	rc = (int)syscall(SYS_mkdir, path, mode);
	if (simulated && rc == 0)
		note_name(path, "");
	return rc;
}

/* ---- what the child does ------------------------------------------------------------------ */

static char *runs, *run_dir;
static const struct journal_who anna = {"jump1/4711/9f3c2e11", "anna@example.com"};

static void
commit(struct journal *j, struct events *evs)
{
	struct err e = ERR_INIT;
	struct now now = {.wall = {.ms = 1795179600000}, .mono = clock_mono()};
	struct journal_batch *b = journal_batch_new(j, evs, now, NULL, &e);

	if (!b || !journal_commit(j, b, &e))
		_exit(3);
	/* From here on it counts: whoever waits for it may act. */
	for (size_t i = 0; i < journal_batch_len(b); i++) {
		int64_t seq = journal_batch_event(b, i)->seq;
		memcpy(disk->hashes[seq], journal_batch_hash(b, i), DIGEST_HEX + 1);
		disk->acked = seq;
	}
	journal_done(j, b, true);
	journal_batch_free(b);
}

/* An output too large for a line, and the record that names it. */
static struct event *
event_with_blob(const char *dir, int round)
{
	struct spool *s = spool_new(dir, "1-0-1-0");
	struct spool_sealed z;
	struct str data = STR_INIT, out = STR_INIT;
	struct jsonout j;
	struct event *ev;

	for (int i = 0; i < 600; i++)
		str_addf(&out, "round %d line %d\n", round, i);
	spool_add(s, out.buf, out.len / 2);
	spool_add(s, out.buf + out.len / 2, out.len - out.len / 2);
	str_release(&out);
	spool_seal(s, &z);
	if (!z.hex[0])
		_exit(4);
	jsonout_init(&j, &data);
	jsonout_open(&j);
	jsonout_kstr(&j, "blob", z.hex);
	jsonout_close(&j);
	ev = event_new(EVENT_STEP_DONE, "load", data.buf);
	spool_sealed_release(&z);
	str_release(&data);
	return ev;
}

static void
write_some(struct journal *j, int rounds)
{
	for (int round = 0; round < rounds; round++) {
		struct events evs = {0};

		for (int i = 0; i <= round % 3; i++)
			events_add(&evs, event_new(EVENT_NOTE, NULL, "{\"text\":\"n\"}"));
		if (round % 3 == 1)
			events_add(&evs, event_with_blob(journal_dir(j), round));
		commit(j, &evs);
	}
}

static void
first_console(void)
{
	struct err e = ERR_INIT;
	struct journal *j = journal_create(runs, RUN_ID, &anna, &e);
	struct events evs = {0};
	char hex[DIGEST_HEX + 1];
	struct str data = STR_INIT;

	if (!j || !blob_put(run_dir, "handrail: 1\n", 12, hex, &e))
		_exit(5);
	str_addf(&data, "{\"runbook\":{\"name\":\"x\",\"sha256\":\"%s\"}}", hex);
	events_add(&evs, event_new(EVENT_RUN_OPEN, NULL, data.buf));
	str_release(&data);
	commit(j, &evs);
	write_some(j, COMMITS);
	journal_free(j);
}

/* What is replayed is a fact from then on, whether or not it was acknowledged before. */
static bool
take_as_fact(void *ctx, const struct event *ev, const char *hash)
{
	(void)ctx;
	memcpy(disk->hashes[ev->seq], hash, DIGEST_HEX + 1);
	if (ev->seq > disk->acked)
		disk->acked = ev->seq;
	return true;
}

static void
second_console(void)
{
	struct err e = ERR_INIT;
	struct journal *j = journal_open(run_dir, &anna, take_as_fact, NULL, &e);

	if (!j)
		_exit(6);
	write_some(j, 2);
	journal_free(j);
}

/* 9: it died as it should, 0: it came to its end; anything else is a fault of ours. */
static int
run_child(void (*console)(void), int die_at, size_t part)
{
	int status;
	pid_t pid;

	disk->calls = 0;
	disk->die_at = die_at;
	disk->part = part;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		simulated = true;
		console();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* ---- what the power cut leaves ------------------------------------------------------------- */

enum loss { LOSS_NONE, LOSS_ALL, LOSS_CUT, LOSS_ZEROS, LOSS_KINDS };

static void
zero_some(const char *path, int64_t from, int64_t to, struct dice *d)
{
	FILE *f = fopen(path, "r+");

	assert_non_null(f);
	for (int64_t at = from; at < to; at++)
		if (dice_roll(d, 300) == 0)
			for (size_t n = dice_roll(d, 200); n-- && at < to; at++) {
				assert_int_equal(fseek(f, (long)at, SEEK_SET), 0);
				assert_int_equal(fputc(0, f), 0);
			}
	assert_int_equal(fclose(f), 0);
}

/* Newest first, so that a name goes before its folder. */
static void
lose_names(enum loss how, struct dice *d)
{
	for (int i = disk->name_count; i-- > 0;) {
		struct name *n = &disk->names[i];
		struct err e = ERR_INIT;
		bool lost = !n->durable && how != LOSS_NONE &&
			(how == LOSS_ALL || dice_roll(d, 2));

		if (lost && n->was[0] && strcmp(file_base(n->path), "journal.jsonl") == 0)
			assert_int_equal(syscall(SYS_rename, n->path, n->was), 0);
		else if (lost)
			assert_true(file_remove_tree(n->path, &e));
		else if (n->hollow && how != LOSS_NONE)
			assert_int_equal(truncate(n->path, 0), 0);
	}
	disk->name_count = 0;
}

static void
lose_bytes(enum loss how, struct dice *d)
{
	char *path = file_join(run_dir, "journal.jsonl"), *heads;
	int64_t from = disk->synced, to = disk->written, keep;
	struct stat st;

	if (stat(path, &st) == 0 && how != LOSS_NONE) {
		assert_true(st.st_size >= from);
		keep = how == LOSS_ALL ? from
			: how == LOSS_CUT
			? from + (int64_t)dice_roll(d, (size_t)(to - from) + 1)
			: to;
		assert_int_equal(truncate(path, (off_t)keep), 0);
		if (how == LOSS_ZEROS)
			zero_some(path, from, to, d);
		disk->written = disk->synced = keep;
		heads = file_join(run_dir, "heads");
		if (stat(heads, &st) == 0 && dice_roll(d, 2))
			assert_int_equal(
				truncate(heads,
					(off_t)dice_roll(d, (size_t)st.st_size + 1)),
				0);
		mem_free(heads);
	}
	mem_free(path);
}

static void
power_cut(enum loss how, struct dice *d)
{
	lose_names(how, d);
	if (file_is_dir(run_dir))
		lose_bytes(how, d);
}

/* ---- what must be there ------------------------------------------------------------------- */

struct found {
	int64_t seq;
	bool same;
};

static bool
find(void *ctx, const struct event *ev, const char *hash)
{
	struct found *f = ctx;

	f->seq = ev->seq;
	if (ev->seq <= disk->acked && strcmp(hash, disk->hashes[ev->seq]) != 0)
		f->same = false;
	return true;
}

static void
check(const char *when)
{
	struct found f = {-1, true};
	struct err e = ERR_INIT;
	struct verify_report v;
	char *path = file_join(run_dir, "journal.jsonl");
	bool there = file_exists(path);

	mem_free(path);
	if (!there) {
		if (disk->acked >= 0)
			fail_msg("%s: the run is gone, %lld was acknowledged", when,
				(long long)disk->acked);
		return;
	}
	struct journal *j = journal_open(run_dir, &anna, find, &f, &e);
	if (!j)
		fail_msg("%s: %s", when, e.msg);
	if (f.seq < disk->acked || !f.same)
		fail_msg("%s: record %lld is the last, %lld was acknowledged%s", when,
			(long long)f.seq, (long long)disk->acked,
			f.same ? "" : " and is another");
	write_some(j, 1);
	journal_free(j);
	if (!verify_record(run_dir, &(struct verify_opts){0}, &v, &e))
		fail_msg("%s: %s", when, e.msg);
	if (!v.ok || v.unvouched)
		fail_msg("%s: %s", when, v.what);
	verify_release(&v);
}

static void
fresh(void)
{
	struct err e = ERR_INIT;

	assert_true(file_remove_tree(run_dir, &e));
	memset(disk, 0, sizeof *disk);
	disk->acked = -1;
}

/* One life: dies at call n, loses power, dies again while it is taken up, loses power. */
static int
one_life(int n, int m, unsigned seed)
{
	struct dice d = DICE(seed + 1);
	enum loss how = (enum loss)(seed % LOSS_KINDS);
	char when[100], *path = file_join(run_dir, "journal.jsonl");
	int rc;

	snprintf(when, sizeof when, "call %d, then %d, seed %u", n, m, seed);
	fresh();
	rc = run_child(first_console, n, dice_roll(&d, 500));
	if (rc != 9 && rc != 0)
		fail_msg("%s: the first console ended with %d", when, rc);
	power_cut(how, &d);
	if (m && file_exists(path)) {
		int again = run_child(second_console, m, dice_roll(&d, 500));
		if (again != 9 && again != 0)
			fail_msg("%s: the second console ended with %d", when, again);
		power_cut((enum loss)dice_roll(&d, LOSS_KINDS), &d);
	}
	check(when);
	mem_free(path);
	return rc;
}

static unsigned
rounds(void)
{
	return getenv("HANDRAIL_LONG") ? 200 : 8;
}

static void
killed_or_cut_from_power_at_every_call(void **state)
{
	int n = 0, rc;

	(void)state;
	do {
		n++;
		rc = 9;
		for (unsigned seed = 0; seed < rounds(); seed++)
			rc = one_life(n, 0, seed);
	} while (rc == 9);
	print_message("# died at %d calls, %u ways each\n", n - 1, rounds());
	assert_true(n > 60); /* else the calls are not seen */
}

static void
and_again_while_it_is_taken_up(void **state)
{
	int lives = 0;

	(void)state;
	/* From the first record on; commits with a blob and without. */
	for (int n = 24; n < (getenv("HANDRAIL_LONG") ? 84 : 34); n++)
		for (int m = 1; m < (getenv("HANDRAIL_LONG") ? 30 : 12); m++)
			for (unsigned seed = 0; seed < 8; seed++, lives++)
				one_life(n, m, seed + (unsigned)(n * m) * 8);
	print_message("# %d lives with two deaths\n", lives);
}

static int
setup(void **state)
{
	(void)state;
	/* The disk is played here; a real one would only be slow. */
	if (!getenv("TMPDIR") && access("/dev/shm", W_OK) == 0)
		setenv("TMPDIR", "/dev/shm", 1);
	runs = records_scratch();
	run_dir = file_join(runs, RUN_ID);
	disk = mmap(NULL, sizeof *disk, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return disk == MAP_FAILED ? -1 : 0;
}

static int
teardown(void **state)
{
	(void)state;
	mem_free(run_dir);
	munmap(disk, sizeof *disk);
	records_gone(runs);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			killed_or_cut_from_power_at_every_call, setup, teardown),
		cmocka_unit_test_setup_teardown(
			and_again_while_it_is_taken_up, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
