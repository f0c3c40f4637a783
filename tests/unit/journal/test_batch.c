#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "book.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
