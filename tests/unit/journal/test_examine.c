#include "journal/examine.h"

#include "book.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_torn_group_is_filed_away_and_told),
		EACH(a_missing_end_that_heads_names_is_bad),
		EACH(zeros_in_the_last_group_are_torn),
		EACH(a_tail_of_zeros_is_torn),
		EACH(without_heads_a_hole_before_a_record_is_bad),
		EACH(a_whole_group_without_heads_is_synced_and_replayed),
		EACH(a_torn_line_of_heads_is_cut),
		EACH(a_changed_middle_is_bad_and_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
