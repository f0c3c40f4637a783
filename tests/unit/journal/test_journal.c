#include "journal/journal.h"

#include <signal.h>
#include <sys/wait.h>

#include "book.h"
#include "journal/blob.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(nothing_is_there_before_the_first_record),
		EACH(a_run_that_never_began_leaves_nothing),
		EACH(a_folder_that_is_there_is_not_touched),
		EACH(the_folder_of_runs_is_private),
		EACH(a_resume_replays_exactly_what_was_written),
		EACH(reading_needs_no_lock_and_may_end_early),
		EACH(the_recovered_record_waits_for_a_batch_that_lands),
		EACH(half_written_blobs_are_swept),
		EACH(an_open_folder_is_refused),
		EACH(one_console_drives),
		EACH(a_killed_console_leaves_no_lock),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
