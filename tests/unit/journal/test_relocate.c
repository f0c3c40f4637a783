#include "journal/relocate.h"

#include "book.h"
#include "journal/blob.h"

static char *there, *there_dir; /* the other disk, and the run on it */

static int
setup_both(void **state)
{
	setup(state);
	there = file_join(runs, "there");
	there_dir = file_join(there, RUN_ID);
	return 0;
}

static int
teardown_both(void **state)
{
	mem_free(there);
	mem_free(there_dir);
	return teardown(state);
}

/* Two notes, a blob, and then a sync that fails. */
static struct journal *
poisoned(void)
{
	struct err e = ERR_INIT;
	struct journal *j = created();
	char hex[DIGEST_HEX + 1], *data;
	struct events evs = {0};

	assert_true(blob_put(dir, "output", 6, hex, &e));
	data = mem_printf("{\"runbook\":{\"name\":\"x\",\"sha256\":\"%s\"}}", hex);
	events_add(&evs, event_new(EVENT_RUN_OPEN, NULL, data));
	mem_free(data);
	assert_true(commit(j, &evs, &e));
	note(j, 2);
	evs = some(1, EVENT_NOTE);
	arm(CALL_SYNC, 1, EIO);
	assert_false(commit(j, &evs, &e));
	disarm();
	assert_true(journal_poisoned(j));
	return j;
}

static void
tell(struct journal *j, const char *from)
{
	char *data = mem_printf("{\"reason\":\"gone\",\"errno\":5,\"old_path\":\"%s\","
				"\"durable_seq\":%lld}",
		from, (long long)journal_seq(j));
	struct events evs = {0};
	struct err e = ERR_INIT;

	events_add(&evs, event_new(EVENT_JOURNAL_RELOCATED, NULL, data));
	mem_free(data);
	if (!commit(j, &evs, &e))
		fail_msg("%s", e.msg);
}

static int64_t
verified_there(void)
{
	struct verify_report v;
	struct err e = ERR_INIT;
	int64_t n;

	if (!verify_record(there_dir, &(struct verify_opts){0}, &v, &e))
		fail_msg("%s", e.msg);
	if (!v.ok || v.unvouched)
		fail_msg("%s", v.what);
	n = v.records;
	verify_release(&v);
	return n;
}

static void
goes_on_elsewhere(void **state)
{
	struct journal *j = poisoned();
	struct err e = ERR_INIT;
	char *to;

	(void)state;
	if (!relocate_book(j, there, &e))
		fail_msg("%s", e.msg);
	assert_false(journal_poisoned(j));
	assert_string_equal(journal_dir(j), there_dir);
	assert_int_equal(journal_seq(j), 2);
	/* No run before its first record there. */
	to = file_join(there_dir, "journal.jsonl");
	assert_false(file_exists(to));
	assert_null(relocate_gone_to(dir));
	tell(j, dir);
	assert_true(file_exists(to));
	mem_free(to);
	note(j, 1);
	journal_free(j);
	assert_int_equal(verified_there(), 5);
	to = relocate_gone_to(dir);
	assert_string_equal(to, there_dir);
	mem_free(to);
	j = journal_open(dir, &anna, NULL, NULL, &e);
	assert_null(j);
	assert_int_equal(e.kind, ERR_STATE);
	assert_non_null(strstr(e.msg, there_dir));
}

static void
nobody_takes_the_old_one_up_meanwhile(void **state)
{
	struct journal *j = poisoned();
	struct err e = ERR_INIT;

	(void)state;
	assert_true(relocate_book(j, there, &e));
	assert_null(journal_open(dir, &anna, NULL, NULL, &e));
	assert_non_null(strstr(e.msg, "busy"));
	journal_free(j);
	/* It never got a record: what is there goes, and the old one is a run again. */
	assert_false(file_exists(there_dir));
	e = ERR_INIT;
	j = journal_open(dir, &anna, NULL, NULL, &e);
	assert_non_null(j);
	journal_free(j);
}

static void
what_the_disk_gives_back_is_checked(void **state)
{
	struct journal *j = poisoned();
	struct str text = records_read(dir, "journal.jsonl");
	struct err e = ERR_INIT;

	(void)state;
	text.buf[text.len / 2] ^= 1;
	records_write(dir, "journal.jsonl", text.buf, text.len);
	str_release(&text);
	assert_false(relocate_book(j, there, &e));
	assert_non_null(strstr(e.msg, "does not give back"));
	assert_true(journal_poisoned(j));
	assert_string_equal(journal_dir(j), dir);
	assert_false(file_exists(there_dir));
	journal_free(j);
}

static void
a_blob_that_is_lost_is_a_fault(void **state)
{
	struct journal *j = poisoned();
	struct err e = ERR_INIT;
	char hex[DIGEST_HEX + 1], *blob;

	(void)state;
	digest_hex("output", 6, hex);
	blob = mem_printf("%s/blobs/%.2s/%s", dir, hex, hex);
	assert_int_equal(chmod(blob, 0600), 0);
	assert_int_equal(truncate(blob, 3), 0);
	assert_false(relocate_book(j, there, &e));
	assert_non_null(strstr(e.msg, "another hash"));
	assert_false(file_exists(there_dir));
	mem_free(blob);
	journal_free(j);
}

/* Each call on the new disk in turn; some need not succeed. */
static void
the_new_disk_may_fail_too(void **state)
{
	struct err e, ignored = ERR_INIT;
	int refused = 0, passed = 0;

	(void)state;
	for (int n = 1, reached = 1; reached >= n - 1; n++) {
		struct journal *j = poisoned();

		e = ERR_INIT;
		arm(CALLS, n, ENOSPC);
		if (relocate_book(j, there, &e)) {
			passed++;
			disarm();
			tell(j, dir);
			assert_int_equal(verified_there(), 4);
		} else {
			refused++;
			disarm();
			assert_int_equal(e.sys, ENOSPC);
			assert_string_equal(journal_dir(j), dir);
			assert_true(journal_poisoned(j));
			assert_false(file_exists(there_dir));
		}
		reached = faults.count;
		journal_free(j);
		assert_true(file_remove_tree(dir, &ignored));
		assert_true(!file_exists(there) || file_remove_tree(there, &ignored));
	}
	print_message("# refused at %d calls, not at %d\n", refused, passed);
	assert_in_range(refused, 8, 60);
}

static void
a_second_move_before_the_first_was_told(void **state)
{
	struct journal *j = poisoned();
	char *third = file_join(runs, "third"), *to;
	struct events evs = some(1, EVENT_NOTE);
	struct err e = ERR_INIT;

	(void)state;
	assert_true(relocate_book(j, there, &e));
	arm(CALL_SYNC, 1, EIO);
	assert_false(commit(j, &evs, &e));
	disarm();
	e = ERR_INIT;
	if (!relocate_book(j, third, &e))
		fail_msg("%s", e.msg);
	assert_false(file_exists(there_dir));
	tell(j, dir);
	to = relocate_gone_to(dir);
	assert_string_equal(to, journal_dir(j));
	mem_free(to);
	mem_free(third);
	journal_free(j);
}

static bool
count(void *ctx, const struct event *ev, const char *hash)
{
	(void)ev;
	(void)hash;
	++*(int *)ctx;
	return true;
}

static void
a_folder_that_takes_nothing_is_left(void **state)
{
	struct journal *j = begun();
	struct err e = ERR_INIT;
	struct str text;
	int seen = 0;

	(void)state;
	note(j, 2);
	journal_free(j);
	text = records_read(dir, "journal.jsonl");
	str_adds(&text, "{\"v\":1,"); /* torn */
	records_write(dir, "journal.jsonl", text.buf, text.len);
	str_release(&text);
	j = relocate_open(dir, there, &anna, count, &seen, &e);
	if (!j)
		fail_msg("%s", e.msg);
	assert_int_equal(seen, 3);
	tell(j, dir); /* before the torn tail is told */
	note(j, 1);
	journal_free(j);
	assert_int_equal(verified_there(), 6);
}

/* A record that says it moved must follow what was durable. */
static void
a_move_that_skips_something_is_refused(void **state)
{
	struct journal *j = poisoned();
	struct verify_report v;
	struct err e = ERR_INIT;
	struct lines l;

	(void)state;
	assert_true(relocate_book(j, there, &e));
	tell(j, dir);
	journal_free(j);
	l = lines_of(there_dir);
	lines_edit(&l, 3, "\"durable_seq\":2", "\"durable_seq\":1");
	lines_publish(there_dir, &l);
	lines_free(&l);
	assert_true(verify_record(there_dir, &(struct verify_opts){0}, &v, &e));
	assert_false(v.ok);
	assert_int_equal(v.fault_line, 4);
	assert_non_null(strstr(v.what, "not after what was durable"));
	verify_release(&v);
}

#undef EACH
#define EACH(t) cmocka_unit_test_setup_teardown(t, setup_both, teardown_both)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(goes_on_elsewhere),
		EACH(nobody_takes_the_old_one_up_meanwhile),
		EACH(what_the_disk_gives_back_is_checked),
		EACH(a_blob_that_is_lost_is_a_fault),
		EACH(the_new_disk_may_fail_too),
		EACH(a_second_move_before_the_first_was_told),
		EACH(a_folder_that_takes_nothing_is_left),
		EACH(a_move_that_skips_something_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
