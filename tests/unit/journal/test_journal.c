#include "journal/journal.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/json.h"
#include "journal/blob.h"
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

static bool
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

static void
arm(enum call only, int fail_at, int sys)
{
	faults = (struct faults){
		.armed = true, .only = only, .fail_at = fail_at, .sys = sys};
}

static void
disarm(void)
{
	faults.armed = false;
}

/* ---- a book ---------------------------------------------------------------------------- */

static char *runs, *dir, *path;

static int
setup(void **state)
{
	(void)state;
	runs = records_scratch();
	dir = file_join(runs, RUN_ID);
	path = file_join(dir, "journal.jsonl");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	disarm();
	mem_free(path);
	mem_free(dir);
	records_gone(runs);
	return 0;
}

static struct now
at(int64_t ms)
{
	struct now now = {.wall = {.ms = 1795179600000 + ms}};

	now.mono.ms = clock_mono().ms + ms;
	return now;
}

static struct events
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
static bool
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

static void
note(struct journal *j, int count)
{
	struct err e = ERR_INIT;
	struct events evs = some(count, EVENT_NOTE);

	if (!commit(j, &evs, &e))
		fail_msg("%s", e.msg);
}

static struct journal *
created(void)
{
	struct err e = ERR_INIT;
	struct journal *j = journal_create(runs, RUN_ID, &anna, &e);

	if (!j)
		fail_msg("%s", e.msg);
	return j;
}

static struct journal *
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

static bool
replay(void *ctx, const struct event *ev, const char *hash)
{
	struct replayed *r = ctx;

	r->count++;
	r->seq = ev->seq;
	memcpy(r->head, hash, sizeof r->head);
	str_addf(&r->types, "%s ", ev->type_name);
	return r->count != r->stop_at;
}

static struct journal *
opened(struct replayed *r, struct err *e)
{
	*r = (struct replayed){.types = STR_INIT, .seq = -1};
	*e = ERR_INIT;
	return journal_open(dir, &anna, replay, r, e);
}

/* Opens, expects `count` records, closes. */
static void
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

static void
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

static int64_t
size_of(const char *name)
{
	char *full = file_join(dir, name);
	struct stat st;
	int64_t size = stat(full, &st) == 0 ? (int64_t)st.st_size : -1;

	mem_free(full);
	return size;
}

static void
cut_to(const char *name, int64_t size)
{
	char *full = file_join(dir, name);

	assert_int_equal(truncate(full, (off_t)size), 0);
	mem_free(full);
}

/* ---- making ------------------------------------------------------------------------------ */

static void
nothing_is_there_before_the_first_record(void **state)
{
	struct journal *j = created();
	struct err e = ERR_INIT;
	struct events evs;
	struct stat st;

	(void)state;
	assert_false(file_exists(path));
	assert_int_equal(journal_seq(j), -1);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	evs = some(1, EVENT_RUN_OPEN);
	assert_true(commit(j, &evs, &e));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(size_of("journal.tmp"), -1);
	assert_int_equal(journal_seq(j), 0);
	journal_free(j);
	verified(1);
}

static void
a_run_that_never_began_leaves_nothing(void **state)
{
	char hex[DIGEST_HEX + 1];
	struct err e = ERR_INIT;
	struct journal *j = created();

	(void)state;
	assert_true(blob_put(dir, "x", 1, hex, &e));
	journal_free(j);
	assert_false(file_exists(dir));
}

static void
a_folder_that_is_there_is_not_touched(void **state)
{
	struct err e = ERR_INIT;
	struct journal *j = begun();

	(void)state;
	note(j, 1);
	assert_null(journal_create(runs, RUN_ID, &anna, &e));
	assert_int_equal(e.sys, EEXIST);
	assert_null(journal_create(runs, "../x", &anna, &e));
	assert_int_equal(e.kind, ERR_INPUT);
	journal_free(j);
	verified(2);
	assert_int_equal(chmod(runs, 0777), 0);
	assert_null(journal_create(runs, "01KAG3W5Z0B4T7M2Q8XK6N9RDF", &anna, &e));
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_int_equal(chmod(runs, 0700), 0);
}

static void
the_folder_of_runs_is_private(void **state)
{
	struct err e = ERR_INIT;
	char *state_dir = file_join(runs, "deep/state"), *got;
	struct stat st;

	(void)state;
	setenv("HANDRAIL_STATE_DIR", state_dir, 1);
	got = journal_runs_dir(&e);
	assert_non_null(got);
	assert_int_equal(stat(got, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_int_equal(chmod(state_dir, 0770), 0);
	assert_null(journal_runs_dir(&e));
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_int_equal(chmod(state_dir, 0700), 0);
	assert_int_equal(chmod(runs, 0777), 0);
	assert_null(journal_runs_dir(&e));
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_int_equal(chmod(runs, 0700), 0);
	unsetenv("HANDRAIL_STATE_DIR");
	mem_free(got);
	mem_free(state_dir);
}

/* ---- writing ----------------------------------------------------------------------------- */

static void
one_batch_is_one_write_one_sync_then_heads(void **state)
{
	struct journal *j = begun();

	(void)state;
	arm(CALLS, 0, 0);
	note(j, 5);
	assert_string_equal(faults.order, "wsw");
	disarm();
	assert_int_equal(journal_seq(j), 5);
	journal_free(j);
	verified(6);
}

static void
the_first_batch_is_named_after_its_sync(void **state)
{
	struct journal *j = created();
	struct events evs = some(1, EVENT_RUN_OPEN);
	struct err e = ERR_INIT;

	(void)state;
	arm(CALLS, 0, 0);
	assert_true(commit(j, &evs, &e));
	assert_string_equal(faults.order, "wsrdw");
	disarm();
	journal_free(j);
}

static void
envelopes_are_filled_in_and_groups_marked(void **state)
{
	struct journal *j = begun();
	struct events evs = some(3, EVENT_NOTE);
	struct err e = ERR_INIT;
	struct journal_batch *b;
	struct str text;
	size_t len;

	(void)state;
	journal_set_epoch(j, 7);
	b = journal_batch_new(j, &evs, at(1234), "lea@example.com", &e);
	assert_non_null(b);
	assert_int_equal(evs.list.len, 0);
	assert_int_equal(journal_batch_len(b), 3);
	assert_true(journal_commit(j, b, &e));
	journal_done(j, b, true);
	text = records_read(dir, "journal.jsonl");
	for (size_t i = 0; i < 3; i++) {
		const struct event *ev = journal_batch_event(b, i);
		const char *line = journal_batch_line(b, i, &len);
		char hash[DIGEST_HEX + 1], *whole = mem_printf("%.*s\n", (int)len, line);
		assert_int_equal(ev->seq, i + 1);
		assert_int_equal(ev->epoch, 7);
		assert_true(ev->mono >= 1234);
		assert_string_equal(ev->run, RUN_ID);
		assert_string_equal(ev->con, anna.con);
		assert_string_equal(ev->who, "lea@example.com");
		assert_int_equal(ev->more, i < 2);
		assert_non_null(strstr(text.buf, whole));
		digest_hex(whole, len + 1, hash);
		assert_string_equal(hash, journal_batch_hash(b, i));
		mem_free(whole);
	}
	assert_string_equal(journal_head(j), journal_batch_hash(b, 2));
	assert_int_equal(journal_seq(j), 3);
	journal_batch_free(b);
	journal_free(j);
	str_release(&text);
	verified(4);
}

static void
an_event_too_large_is_told_and_nothing_is_written(void **state)
{
	struct journal *j = begun();
	struct err e = ERR_INIT;
	struct str data = STR_INIT;
	struct events evs = some(2, EVENT_NOTE);

	(void)state;
	str_adds(&data, "{\"text\":\"");
	while (data.len < EVENT_LINE_MAX)
		str_addc(&data, 'x');
	str_adds(&data, "\"}");
	events_add(&evs, event_new(EVENT_STEP_DONE, "load", data.buf));
	events_add(&evs, event_new(EVENT_NOTE, NULL, NULL));
	assert_null(journal_batch_new(j, &evs, at(1), NULL, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_non_null(strstr(e.msg, "step.done"));
	assert_int_equal(evs.list.len, 0);
	/* and the book goes on */
	note(j, 2);
	journal_free(j);
	str_release(&data);
	verified(3);
}

static void
what_is_no_canonical_data_is_refused(void **state)
{
	struct journal *j = begun();
	struct err e = ERR_INIT;
	struct events evs = {0};

	(void)state;
	events_add(&evs, event_new(EVENT_NOTE, NULL, "{\"text\": 1}"));
	assert_null(journal_batch_new(j, &evs, at(1), NULL, &e));
	assert_int_equal(e.kind, ERR_RECORD);
	journal_free(j);
	verified(1);
}

static void
a_group_holds_one_intent(void **state)
{
	struct journal *j = begun();
	struct err e = ERR_INIT;
	struct events evs = some(2, EVENT_STEP_INTENT);

	(void)state;
	assert_null(journal_batch_new(j, &evs, at(1), NULL, &e));
	assert_int_equal(e.kind, ERR_STATE);
	evs = some(1, EVENT_STEP_INTENT);
	assert_true(commit(j, &evs, &e));
	journal_free(j);
	verified(2);
}

/* ---- faults while writing ------------------------------------------------------------------ */

static void
no_room_is_cut_back_and_the_same_batch_goes_again(void **state)
{
	static const size_t lands[] = {0, 1, 100, 250};

	(void)state;
	for (size_t i = 0; i < sizeof lands / sizeof *lands; i++) {
		struct journal *j = begun();
		struct events evs = some(3, EVENT_NOTE);
		struct err e = ERR_INIT;
		struct journal_batch *b = journal_batch_new(j, &evs, at(1), NULL, &e);
		int64_t before = size_of("journal.jsonl");

		assert_non_null(b);
		arm(CALL_WRITE, 1, ENOSPC);
		faults.lands = lands[i];
		assert_false(journal_commit(j, b, &e));
		assert_int_equal(e.kind, ERR_IO);
		assert_int_equal(e.sys, ENOSPC);
		assert_false(journal_poisoned(j));
		assert_int_equal(size_of("journal.jsonl"), before);
		disarm();
		assert_true(journal_commit(j, b, &e));
		journal_done(j, b, true);
		journal_batch_free(b);
		note(j, 1);
		journal_free(j);
		verified(5);
		holds(5);
		assert_true(file_remove_tree(dir, &e));
	}
}

static void
a_cut_that_fails_is_made_up_before_the_next_write(void **state)
{
	struct journal *j = begun();
	struct events evs = some(3, EVENT_NOTE);
	struct err e = ERR_INIT;
	struct journal_batch *b = journal_batch_new(j, &evs, at(1), NULL, &e);
	int64_t before = size_of("journal.jsonl");

	(void)state;
	/* write (short), write, cut: both of the latter fail */
	arm(CALLS, 1, ENOSPC);
	faults.lands = 100;
	faults.fail_all = 1;
	assert_false(journal_commit(j, b, &e));
	assert_int_equal(size_of("journal.jsonl"), before + 100);
	/* again: the cut comes first, and fails first */
	arm(CALL_CUT, 1, EIO);
	assert_false(journal_commit(j, b, &e));
	assert_false(journal_poisoned(j));
	assert_int_equal(size_of("journal.jsonl"), before + 100);
	disarm();
	assert_true(journal_commit(j, b, &e));
	journal_done(j, b, true);
	journal_batch_free(b);
	journal_free(j);
	verified(4);
}

static void
a_failed_sync_poisons_the_book(void **state)
{
	struct journal *j = begun();
	struct events evs = some(2, EVENT_NOTE);
	struct err e = ERR_INIT;
	struct journal_batch *b = journal_batch_new(j, &evs, at(1), NULL, &e);

	(void)state;
	arm(CALL_SYNC, 1, EIO);
	assert_false(journal_commit(j, b, &e));
	assert_int_equal(e.sys, EIO);
	assert_true(journal_poisoned(j));
	/* never synced again, nothing more is written */
	arm(CALLS, 0, 0);
	assert_false(journal_commit(j, b, &e));
	assert_string_equal(faults.order, "");
	disarm();
	journal_done(j, b, false);
	journal_batch_free(b);
	assert_int_equal(journal_seq(j), 0);
	evs = some(1, EVENT_NOTE);
	assert_null(journal_batch_new(j, &evs, at(1), NULL, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(evs.list.len, 0);
	journal_free(j);
	/* heads does not vouch for what was not acknowledged */
	struct str heads = records_read(dir, "heads");
	assert_true(heads.buf[0] == '0' && !strstr(heads.buf, "\n1 "));
	str_release(&heads);
}

static void
a_name_that_cannot_be_given_poisons_and_is_kept(void **state)
{
	(void)state;
	for (enum call call = CALL_RENAME; call <= CALL_DIR_SYNC; call++) {
		struct journal *j = created();
		struct events evs = some(1, EVENT_RUN_OPEN);
		struct err e = ERR_INIT;

		arm(call, 1, EIO);
		assert_false(commit(j, &evs, &e));
		disarm();
		assert_true(journal_poisoned(j));
		journal_free(j);
		assert_true(file_exists(dir));
		assert_true(file_remove_tree(dir, &e));
	}
}

static void
a_file_that_somebody_else_changed_is_not_written_to(void **state)
{
	struct journal *j = begun();
	struct err e = ERR_INIT;
	struct events evs = some(1, EVENT_NOTE);
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);

	(void)state;
	assert_int_equal(write(fd, "x", 1), 1);
	close(fd);
	assert_false(commit(j, &evs, &e));
	assert_int_equal(e.kind, ERR_RECORD);
	assert_true(journal_poisoned(j));
	journal_free(j);
}

static void
heads_that_cannot_be_written_are_made_up_later(void **state)
{
	struct journal *j = begun();
	struct events evs = some(2, EVENT_NOTE);
	struct err e = ERR_INIT;
	int64_t before = size_of("heads");

	(void)state;
	/* write of the journal, then of heads: that one fails half way, and so does the next */
	arm(CALL_WRITE, 2, ENOSPC);
	faults.lands = 30;
	assert_true(commit(j, &evs, &e));
	assert_int_equal(size_of("heads"), before + 30);
	arm(CALL_WRITE, 2, ENOSPC);
	note(j, 1);
	assert_int_equal(size_of("heads"), before);
	disarm();
	note(j, 1);
	journal_free(j);
	verified(5);
}

/* Real limits of the kernel instead of our stand-ins. */
static void
a_file_size_limit_is_no_end(void **state)
{
	struct rlimit old, small;
	struct journal *j = begun();
	struct err e = ERR_INIT;
	struct events evs = some(40, EVENT_NOTE);
	struct journal_batch *b = journal_batch_new(j, &evs, at(1), NULL, &e);
	int64_t before = size_of("journal.jsonl");

	(void)state;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = (rlim_t)before + 1000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_false(journal_commit(j, b, &e));
	assert_int_equal(e.sys, EFBIG);
	assert_int_equal(size_of("journal.jsonl"), before);
	assert_false(journal_poisoned(j));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_true(journal_commit(j, b, &e));
	journal_done(j, b, true);
	journal_batch_free(b);
	journal_free(j);
	verified(41);
}

/* In a mount namespace of its own: 0 passed, 77 not possible here. */
static int
on_a_full_disk(void)
{
	char *small = file_join(runs, "small"), *fill, *book;
	struct err e = ERR_INIT;
	struct journal *j;
	struct events evs;
	struct journal_batch *b;
	char page[4096] = {1};
	bool ok;
	int fd;

	if (mkdir(small, 0700) != 0 || unshare(CLONE_NEWNS) != 0 ||
		mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		mount("tmpfs", small, "tmpfs", 0, "size=256k,mode=700") != 0)
		return 77;
	j = journal_create(small, RUN_ID, &anna, &e);
	evs = some(1, EVENT_RUN_OPEN);
	if (!j || !commit(j, &evs, &e))
		return 1;
	book = file_join(journal_dir(j), "journal.jsonl");
	fill = file_join(small, "fill");
	fd = open(fill, O_WRONLY | O_CREAT, 0600);
	while (write(fd, page, sizeof page) == (ssize_t)sizeof page)
		;
	close(fd);
	/* The reserved room still takes records; then there is no more. */
	if (journal_reserve(j, 1 << 20, &e) || e.sys != ENOSPC)
		return 2;
	for (int n = 0;; n++) {
		evs = some(20, EVENT_NOTE);
		b = journal_batch_new(j, &evs, at(1), NULL, &e);
		ok = journal_commit(j, b, &e);
		if (!ok)
			break;
		journal_done(j, b, true);
		journal_batch_free(b);
		if (n > 1000)
			return 3;
	}
	if (e.sys != ENOSPC || journal_poisoned(j) || journal_seq(j) < 20)
		return 4;
	struct stat st;
	int64_t size = stat(book, &st) == 0 ? st.st_size : -1;
	unlink(fill);
	if (!journal_commit(j, b, &e))
		return 5;
	journal_done(j, b, true);
	journal_batch_free(b);
	if (stat(book, &st) != 0 || st.st_size <= size)
		return 6;
	struct verify_report v;
	if (!verify_record(journal_dir(j), &(struct verify_opts){0}, &v, &e) || !v.ok ||
		v.unvouched || v.records != journal_seq(j) + 1)
		return 7;
	verify_release(&v);
	journal_free(j);
	mem_free(fill);
	mem_free(book);
	mem_free(small);
	return 0;
}

static void
a_full_disk_is_no_end(void **state)
{
	int status;
	pid_t pid = fork();

	(void)state;
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(on_a_full_disk());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- opening again --------------------------------------------------------------------------- */

static void
a_resume_replays_exactly_what_was_written(void **state)
{
	struct journal *j = begun();
	struct replayed r;
	struct err e;
	char head[DIGEST_HEX + 1];

	(void)state;
	journal_set_epoch(j, 3);
	note(j, 3);
	note(j, 1);
	memcpy(head, journal_head(j), sizeof head);
	journal_free(j);
	for (int64_t round = 0; round < 3; round++) {
		j = opened(&r, &e);
		assert_non_null(j);
		assert_int_equal(r.count, 5 + round);
		assert_string_equal(r.head, head);
		assert_string_equal(journal_head(j), head);
		assert_string_equal(journal_run(j), RUN_ID);
		assert_int_equal(journal_epoch(j), 3 + round);
		assert_true(str_starts(r.types.buf, "run.open note note "));
		journal_set_epoch(j, journal_epoch(j) + 1);
		note(j, 1);
		memcpy(head, journal_head(j), sizeof head);
		journal_free(j);
		str_release(&r.types);
	}
	verified(8);
}

static void
reading_needs_no_lock_and_may_end_early(void **state)
{
	struct journal *j = begun();
	struct replayed r = {.types = STR_INIT, .stop_at = 2};
	struct err e = ERR_INIT;

	(void)state;
	note(j, 3);
	assert_true(journal_read(dir, replay, &r, &e));
	assert_int_equal(r.count, 2);
	r.stop_at = 0;
	assert_true(journal_read(dir, replay, &r, &e));
	assert_int_equal(r.count, 6);
	assert_true(journal_read(dir, NULL, NULL, &e));
	journal_free(j);
	r.count = 0;
	r.stop_at = 2;
	assert_null(journal_open(dir, &anna, replay, &r, &e));
	assert_int_equal(e.kind, ERR_STATE);
	assert_false(journal_read("/nowhere", NULL, NULL, &e));
	assert_null(journal_open("/nowhere", &anna, NULL, NULL, &e));
	str_release(&r.types);
}

/* A record of three groups, the last of three records; returns where that begins. */
static int64_t
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

static void
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

/* The whole of dir, as it was. */
static void
restore(const struct str *book, const struct str *heads)
{
	struct err e = ERR_INIT;
	char *torn = file_join(dir, "torn");

	assert_true(file_remove_tree(torn, &e));
	records_write(dir, "journal.jsonl", book->buf, book->len);
	records_write(dir, "heads", heads->buf, heads->len);
	mem_free(torn);
}

static void
torn_bytes_are_filed(const char *bytes, size_t len)
{
	char hex[DIGEST_HEX + 1], *name;
	struct str filed;

	digest_hex(bytes, len, hex);
	name = mem_printf("torn/3-%s", hex);
	filed = records_read(dir, name);
	assert_int_equal(filed.len, len);
	assert_memory_equal(filed.buf, bytes, len);
	str_release(&filed);
	mem_free(name);
}

/* A crash in the last group before anybody was told: any number of its bytes is there. */
static void
a_torn_group_is_filed_away_and_told(void **state)
{
	int64_t last = three_groups();
	struct str book = records_read(dir, "journal.jsonl"), heads;

	(void)state;
	forget_heads_from(3);
	heads = records_read(dir, "heads");
	for (int64_t size = last; size < (int64_t)book.len; size++) {
		struct replayed r;
		struct err e;

		restore(&book, &heads);
		cut_to("journal.jsonl", size);
		struct journal *j = opened(&r, &e);
		if (!j)
			fail_msg("%lld bytes: %s", (long long)size, e.msg);
		assert_int_equal(r.count, 3);
		assert_int_equal(size_of("journal.jsonl"), last);
		note(j, 2);
		journal_free(j);
		str_release(&r.types);
		if (size == last) {
			verified(5);
			continue;
		}
		verified(6);
		torn_bytes_are_filed(book.buf + last, (size_t)(size - last));
		struct str now = records_read(dir, "journal.jsonl");
		assert_non_null(strstr(now.buf + last, "\"journal.recovered\""));
		str_release(&now);
		holds(6);
	}
	str_release(&book);
	str_release(&heads);
}

/* The same bytes missing after heads vouched for them. */
static void
a_missing_end_that_heads_names_is_bad(void **state)
{
	int64_t last = three_groups();
	struct str book = records_read(dir, "journal.jsonl");
	struct str heads = records_read(dir, "heads");

	(void)state;
	for (int64_t size = last; size < (int64_t)book.len; size++) {
		struct replayed r;
		struct err e;

		cut_to("journal.jsonl", size);
		if (opened(&r, &e))
			fail_msg("%lld bytes are accepted", (long long)size);
		assert_int_equal(e.kind, ERR_RECORD);
		assert_int_equal(r.count, 0);
		assert_int_equal(size_of("journal.jsonl"), size); /* not touched */
		assert_false(journal_read(dir, NULL, NULL, &e));
		assert_int_equal(e.kind, ERR_RECORD);
		restore(&book, &heads);
	}
	holds(6);
	str_release(&book);
	str_release(&heads);
}

/* Blocks of the unacknowledged group that never reached the disk read as zeros. */
static void
zeros_in_the_last_group_are_torn(void **state)
{
	int64_t last = three_groups();
	struct str book = records_read(dir, "journal.jsonl"), heads;

	(void)state;
	forget_heads_from(3);
	heads = records_read(dir, "heads");
	for (size_t from = (size_t)last; from < book.len; from += 37) {
		for (size_t len = 1; from + len <= book.len; len = len * 3 + 1) {
			struct str spoilt = STR_INIT;
			struct replayed r;
			struct err e;

			restore(&book, &heads);
			str_add(&spoilt, book.buf, book.len);
			memset(spoilt.buf + from, 0, len);
			records_write(dir, "journal.jsonl", spoilt.buf, spoilt.len);
			struct journal *j = opened(&r, &e);
			if (!j)
				fail_msg("zeros from %zu, %zu bytes: %s", from, len,
					e.msg);
			assert_int_equal(r.count, 3);
			note(j, 1);
			journal_free(j);
			str_release(&r.types);
			str_release(&spoilt);
			verified(5);
		}
	}
	/* the same holes in a group that was acknowledged */
	for (size_t from = 0; from < (size_t)last; from += 41) {
		struct str spoilt = STR_INIT;
		struct replayed r;
		struct err e;

		restore(&book, &heads);
		str_add(&spoilt, book.buf, book.len);
		memset(spoilt.buf + from, 0, 1);
		records_write(dir, "journal.jsonl", spoilt.buf, spoilt.len);
		assert_null(opened(&r, &e));
		assert_int_equal(e.kind, ERR_RECORD);
		str_release(&spoilt);
	}
	str_release(&book);
	str_release(&heads);
}

/* Every way the file may end after a power cut: the tail of a file that had grown. */
static void
a_tail_of_zeros_is_torn(void **state)
{
	struct replayed r;
	struct err e;

	(void)state;
	three_groups();
	cut_to("journal.jsonl", size_of("journal.jsonl") + 70000);
	struct journal *j = opened(&r, &e);
	assert_non_null(j);
	assert_int_equal(r.count, 6);
	note(j, 1);
	journal_free(j);
	str_release(&r.types);
	verified(8);
}

static void
without_heads_a_hole_before_a_record_is_bad(void **state)
{
	int64_t last = three_groups();
	struct str book = records_read(dir, "journal.jsonl");
	struct replayed r;
	struct err e;

	(void)state;
	records_write(dir, "heads", "", 0);
	book.buf[last + 20] = '?';
	records_write(dir, "journal.jsonl", book.buf, book.len);
	assert_null(opened(&r, &e));
	assert_int_equal(e.kind, ERR_RECORD);
	str_release(&book);
}

/* Complete, but nobody was told: it is a fact once it is durable. */
static void
a_whole_group_without_heads_is_synced_and_replayed(void **state)
{
	struct replayed r;
	struct err e;

	(void)state;
	three_groups();
	forget_heads_from(3);
	arm(CALLS, 0, 0);
	struct journal *j = opened(&r, &e);
	assert_non_null(j);
	assert_non_null(strchr(faults.order, 's'));
	disarm();
	assert_int_equal(r.count, 6);
	note(j, 1);
	journal_free(j);
	str_release(&r.types);
	verified(7);
	arm(CALL_SYNC, 1, EIO);
	assert_null(opened(&r, &e));
	assert_int_equal(e.sys, EIO);
	assert_int_equal(r.count, 0);
}

static void
a_torn_line_of_heads_is_cut(void **state)
{
	struct replayed r;
	struct err e;
	int64_t size;

	(void)state;
	three_groups();
	size = size_of("heads");
	struct str heads = records_read(dir, "heads");
	str_adds(&heads, "6 abc");
	records_write(dir, "heads", heads.buf, heads.len);
	struct journal *j = opened(&r, &e);
	assert_non_null(j);
	assert_int_equal(size_of("heads"), size);
	note(j, 1);
	journal_free(j);
	str_release(&r.types);
	str_release(&heads);
	verified(7);
}

static void
the_recovered_record_waits_for_a_batch_that_lands(void **state)
{
	int64_t last = three_groups();
	struct replayed r;
	struct err e;
	struct events evs;

	(void)state;
	forget_heads_from(3);
	cut_to("journal.jsonl", last + 50);
	struct journal *j = opened(&r, &e);
	assert_non_null(j);
	str_release(&r.types);
	/* a batch that cannot be made, one that is given up, one that lands */
	evs = (struct events){0};
	events_add(&evs, event_new(EVENT_NOTE, NULL, "no json"));
	assert_null(journal_batch_new(j, &evs, at(1), NULL, &e));
	evs = some(1, EVENT_NOTE);
	arm(CALL_WRITE, 1, ENOSPC);
	assert_false(commit(j, &evs, &e));
	disarm();
	note(j, 1);
	journal_free(j);
	verified(5);
	j = opened(&r, &e);
	assert_string_equal(r.types.buf, "run.open note note journal.recovered note ");
	journal_free(j);
	str_release(&r.types);
}

/* What an editor or an attacker does is not torn, whatever heads says. */
static void
a_changed_middle_is_bad_and_left_alone(void **state)
{
	struct replayed r;
	struct err e;

	(void)state;
	three_groups();
	struct str book = records_read(dir, "journal.jsonl");
	char *digit = strstr(book.buf, "note 0");
	digit[5] = '7';
	records_write(dir, "journal.jsonl", book.buf, book.len);
	assert_null(opened(&r, &e));
	assert_int_equal(e.kind, ERR_RECORD);
	records_write(dir, "heads", "", 0);
	assert_null(opened(&r, &e));
	assert_int_equal(e.kind, ERR_RECORD);
	struct str now = records_read(dir, "journal.jsonl");
	assert_int_equal(now.len, book.len);
	assert_memory_equal(now.buf, book.buf, book.len);
	str_release(&now);
	str_release(&book);
	records_text(dir, "journal.jsonl", "");
	assert_null(opened(&r, &e));
	assert_int_equal(e.kind, ERR_RECORD);
}

static void
half_written_blobs_are_swept(void **state)
{
	struct replayed r;
	struct err e;

	(void)state;
	three_groups();
	records_text(dir, "blobs/.tmp/out-1-0-1-0", "half");
	struct journal *j = opened(&r, &e);
	assert_non_null(j);
	assert_int_equal(size_of("blobs/.tmp"), -1);
	journal_free(j);
	str_release(&r.types);
}

static void
an_open_folder_is_refused(void **state)
{
	struct replayed r;
	struct err e;

	(void)state;
	three_groups();
	assert_int_equal(chmod(dir, 0770), 0);
	assert_null(opened(&r, &e));
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_true(journal_read(dir, NULL, NULL, &e)); /* looking does no harm */
}

/* ---- two consoles ------------------------------------------------------------------------------ */

/* Opens the run in another process; what it is told comes back as an exit code. */
static int
second_console(void)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct err e = ERR_INIT;
		char con[64];
		struct journal_who bob = {"jump2/1/00000000", "bob@example.com"};
		bool busy = journal_is_busy(dir, con, sizeof con);
		struct journal *j = journal_open(dir, &bob, NULL, NULL, &e);
		if (!j && busy && e.kind == ERR_STATE && strcmp(con, anna.con) == 0 &&
			strstr(e.msg, "busy") && strstr(e.msg, anna.con))
			_exit(1);
		_exit(j && !busy ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
one_console_drives(void **state)
{
	struct journal *j = begun();
	char con[64];

	(void)state;
	note(j, 1);
	assert_int_equal(second_console(), 1);
	note(j, 1);
	journal_free(j);
	assert_int_equal(second_console(), 0);
	assert_false(journal_is_busy(dir, con, sizeof con));
	assert_string_equal(con, "");
	verified(3);
}

/* The kernel gives the lock back when its holder is killed. */
static void
a_killed_console_leaves_no_lock(void **state)
{
	int ready[2], status;
	char byte;
	pid_t pid;

	(void)state;
	journal_free(begun());
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct replayed r;
		struct err e;
		struct journal *j = opened(&r, &e);
		if (j)
			note(j, 1);
		if (write(ready[1], j ? "y" : "n", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	assert_int_equal(second_console(), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(ready[0]);
	close(ready[1]);
	holds(2);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(nothing_is_there_before_the_first_record),
		EACH(a_run_that_never_began_leaves_nothing),
		EACH(a_folder_that_is_there_is_not_touched),
		EACH(the_folder_of_runs_is_private),
		EACH(one_batch_is_one_write_one_sync_then_heads),
		EACH(the_first_batch_is_named_after_its_sync),
		EACH(envelopes_are_filled_in_and_groups_marked),
		EACH(an_event_too_large_is_told_and_nothing_is_written),
		EACH(what_is_no_canonical_data_is_refused),
		EACH(a_group_holds_one_intent),
		EACH(no_room_is_cut_back_and_the_same_batch_goes_again),
		EACH(a_cut_that_fails_is_made_up_before_the_next_write),
		EACH(a_failed_sync_poisons_the_book),
		EACH(a_name_that_cannot_be_given_poisons_and_is_kept),
		EACH(a_file_that_somebody_else_changed_is_not_written_to),
		EACH(heads_that_cannot_be_written_are_made_up_later),
		EACH(a_file_size_limit_is_no_end),
		EACH(a_full_disk_is_no_end),
		EACH(a_resume_replays_exactly_what_was_written),
		EACH(reading_needs_no_lock_and_may_end_early),
		EACH(a_torn_group_is_filed_away_and_told),
		EACH(a_missing_end_that_heads_names_is_bad),
		EACH(zeros_in_the_last_group_are_torn),
		EACH(a_tail_of_zeros_is_torn),
		EACH(without_heads_a_hole_before_a_record_is_bad),
		EACH(a_whole_group_without_heads_is_synced_and_replayed),
		EACH(a_torn_line_of_heads_is_cut),
		EACH(the_recovered_record_waits_for_a_batch_that_lands),
		EACH(a_changed_middle_is_bad_and_left_alone),
		EACH(half_written_blobs_are_swept),
		EACH(an_open_folder_is_refused),
		EACH(one_console_drives),
		EACH(a_killed_console_leaves_no_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
