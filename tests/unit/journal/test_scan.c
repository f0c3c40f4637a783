#include "journal/scan.h"

#include "records.h"

static char *dir, *path;

static int
setup(void **state)
{
	(void)state;
	dir = records_scratch();
	path = file_join(dir, "journal.jsonl");
	records_example(dir);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	mem_free(path);
	records_gone(dir);
	return 0;
}

static struct scan_result
scan(void)
{
	struct scan_result s;
	struct err e = ERR_INIT;

	if (!scan_journal(path, NULL, NULL, &s, &e))
		fail_msg("%s", e.msg);
	return s;
}

/* The chain alone sees no change of the last line: nothing names it. */
static int64_t
last_line_start(const struct str *text)
{
	const char *at = text->buf + text->len - 1;

	while (at > text->buf && at[-1] != '\n')
		at--;
	return at - text->buf;
}

struct seen {
	int64_t seq;
	size_t bytes;
	struct str hashes;
	int64_t stop_at;
};

static bool
see(void *ctx, const struct line *l, const char *line, size_t len, const char *hash)
{
	struct seen *s = ctx;
	char real[DIGEST_HEX + 1];
	char *whole = mem_printf("%.*s\n", (int)len, line);

	digest_hex(whole, len + 1, real);
	assert_string_equal(real, hash);
	mem_free(whole);
	assert_int_equal(l->seq, s->seq++);
	s->bytes += len + 1;
	str_addf(&s->hashes, "%lld %s\n", (long long)l->seq, hash);
	return l->seq != s->stop_at;
}

static void
the_example_holds_and_its_hashes_are_those_of_heads(void **state)
{
	struct seen seen = {.hashes = STR_INIT, .stop_at = -1};
	struct str heads = records_read(dir, "heads");
	struct scan_result s;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(scan_journal(path, see, &seen, &s, &e));
	assert_int_equal(s.records, RECORD_LINES);
	assert_int_equal(s.fault_line, 0);
	assert_int_equal(s.group_seq, RECORD_LINES - 1);
	assert_int_equal(s.good_bytes, s.size);
	assert_int_equal(s.group_bytes, s.size);
	assert_int_equal(seen.bytes, s.size);
	assert_string_equal(seen.hashes.buf, heads.buf);
	assert_string_equal(s.run, "01KAG3W5Z0B4T7M2Q8XK6N9RDE");
	str_release(&heads);
	str_release(&seen.hashes);
}

static void
the_callback_may_end_it(void **state)
{
	struct seen seen = {.hashes = STR_INIT, .stop_at = 4};
	struct scan_result s;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(scan_journal(path, see, &seen, &s, &e));
	assert_true(s.stopped);
	assert_int_equal(s.records, 5);
	assert_int_equal(s.group_seq, 3); /* record 4 has more */
	assert_true(s.group_bytes < s.good_bytes);
	str_release(&seen.hashes);
}

/* Two bits of every byte: the lowest ones in turn and the one that changes case. */
static void
every_flipped_byte_is_seen_and_its_line_named(void **state)
{
	struct str text = records_read(dir, "journal.jsonl");
	int64_t last = last_line_start(&text), line = 1;
	int fd = open(path, O_WRONLY);

	(void)state;
	assert_true(fd >= 0);
	for (int64_t i = 0; i < last; i++) {
		unsigned char real = (unsigned char)text.buf[i];
		for (int n = 0; n < 2; n++) {
			unsigned char bad = (unsigned char)(real ^
				(n ? 0x20 : 1 << (i % 8 == 5 ? 7 : i % 8)));
			assert_int_equal(pwrite(fd, &bad, 1, i), 1);
			struct scan_result s = scan();
			if (!s.fault_line || s.fault_line < line ||
				s.fault_line > line + 1)
				fail_msg("byte %lld as %02x: line %lld, not %lld (%s)",
					(long long)i, bad, (long long)s.fault_line,
					(long long)line, s.what);
			/* a lost newline makes one bad line of two */
			if (!s.later_lines && s.fault_line < RECORD_LINES - 1)
				fail_msg("byte %lld: nothing stands after it",
					(long long)i);
		}
		assert_int_equal(pwrite(fd, &real, 1, i), 1);
		line += real == '\n';
	}
	assert_int_equal(scan().fault_line, 0);
	close(fd);
	str_release(&text);
}

static void
every_dropped_doubled_and_swapped_record_is_seen(void **state)
{
	struct lines l = lines_of(dir);
	size_t len = l.list.len;

	(void)state;
	assert_int_equal(len, RECORD_LINES);
	for (size_t a = 0; a < len; a++) {
		struct lines was = lines_of(dir);
		struct scan_result s;

		char *gone = l.list.at[a];
		vec_remove(&l.list, a);
		lines_write(dir, &l);
		s = scan();
		assert_int_equal(s.fault_line, a + 1 < len ? (int64_t)a + 1 : 0);
		mem_free(gone);
		lines_free(&l);
		l = was;

		vec_push(&l.list, NULL);
		memmove(&l.list.at[a + 1], &l.list.at[a], (len - a) * sizeof *l.list.at);
		l.list.at[a + 1] = mem_strdup(l.list.at[a]);
		lines_write(dir, &l);
		s = scan();
		assert_int_equal(s.fault_line, a + 2);
		assert_true(s.later_lines && s.later_groups);
		mem_free(l.list.at[a + 1]);
		vec_remove(&l.list, a + 1);

		for (size_t b = a + 1; b < len; b++) {
			char *x = l.list.at[a];
			l.list.at[a] = l.list.at[b];
			l.list.at[b] = x;
			lines_write(dir, &l);
			assert_int_equal(scan().fault_line, a + 1);
			l.list.at[b] = l.list.at[a];
			l.list.at[a] = x;
		}
		lines_write(dir, &l);
	}
	lines_free(&l);
}

/* What must be refused although the chain is whole. */
static const struct {
	const char *name;
	size_t line; /* from 0 */
	const char *from, *to, *what;
} spellings[] = {
	{"another version", 2, "\"v\":1", "\"v\":2", "another version"},
	{"a gap", 3, "\"seq\":3", "\"seq\":4", "seq is 4, 3 was due"},
	{"an earlier seq", 3, "\"seq\":3", "\"seq\":2", "seq is 2, 3 was due"},
	{"another run", 4, "6N9RDE", "6N9RDF", "belongs to run"},
	{"another first type", 0, "run.open", "run.close", "not run.open"},
	{"a blank", 2, "\"seq\":2", "\"seq\": 2", "byte"},
	{"a key twice", 9, "\"unit\":\"ms\"", "\"unit\":\"ms\",\"unit\":\"ms\"", "twice"},
	{"a key in upper case", 9, "\"unit\"", "\"Unit\"", "key"},
	{"a fraction", 9, "\"value\":41", "\"value\":41.5", "byte"},
	{"an exponent", 9, "\"value\":41", "\"value\":1e400", "byte"},
	{"2^53+1", 9, "\"value\":41", "\"value\":9007199254740993", "2^53"},
	{"minus zero", 9, "\"value\":41", "\"value\":-0", "spelling"},
	{"a leading zero", 9, "\"value\":41", "\"value\":041", "spelling"},
	{"an escape in upper case", 7, "\\u007f", "\\u007F", "spelling"},
	{"a needless escape", 7, "\\u007f", "\\u0041", "spelling"},
	{"a raw DEL", 7, "\\u007f", "\x7f", "control"},
	{"a raw TAB", 7, "\\u007f", "\t", "control"},
	{"bytes that are not UTF-8", 7, "\\u007f", "\xff", "UTF-8"},
	{"an overlong slash", 7, "\\u007f", "\xc0\xaf", "UTF-8"},
	{"a surrogate", 7, "\\u007f", "\xed\xa0\x80", "UTF-8"},
	{"a NUL in a name", 3, "docker-scan", "docker\\u0000scan", "NUL"},
	{"more that is false", 4, "\"more\":true", "\"more\":false", "byte"},
	{"a day that is none", 2, "2026-11-20T", "2026-11-31T", "time"},
	{"a time without milliseconds", 2, ".274Z", "Z", "byte"},
	{"no data", 2, "\"data\":{", "\"data\":[{", "byte"},
	{"bytes after it", 2, "\"v\":1", "\"v\":1,\"w\":1", "byte"},
	{"a CR", 2, "\"step\":\"tell", "\"step\":\"\r tell", "control"},
};

static void
another_spelling_is_refused_although_the_chain_is_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
		struct lines l = lines_of(dir);
		lines_edit(&l, spellings[i].line, spellings[i].from, spellings[i].to);
		lines_publish(dir, &l);
		struct scan_result s = scan();
		if (s.fault_line != (int64_t)spellings[i].line + 1 ||
			!strstr(s.what, spellings[i].what))
			fail_msg("%s: line %lld, %s", spellings[i].name,
				(long long)s.fault_line, s.what);
		lines_free(&l);
		records_example(dir);
	}
}

static void
prev_in_upper_case_is_refused(void **state)
{
	struct lines l = lines_of(dir);
	char *prev = strstr(l.list.at[1], "\"prev\":\"a");

	(void)state;
	assert_non_null(prev);
	prev[8] = 'A';
	lines_write(dir, &l);
	struct scan_result s = scan();
	assert_int_equal(s.fault_line, 2);
	assert_non_null(strstr(s.what, "lower-case"));
	lines_free(&l);
}

static void
lines_of_dos_a_byte_order_mark_and_an_empty_line_are_refused(void **state)
{
	struct str text = records_read(dir, "journal.jsonl"), out = STR_INIT;

	(void)state;
	for (size_t i = 0; i < text.len; i++) {
		if (text.buf[i] == '\n')
			str_addc(&out, '\r');
		str_addc(&out, text.buf[i]);
	}
	records_write(dir, "journal.jsonl", out.buf, out.len);
	assert_int_equal(scan().fault_line, 1);
	str_reset(&out);
	str_adds(&out, "\xef\xbb\xbf");
	str_add(&out, text.buf, text.len);
	records_write(dir, "journal.jsonl", out.buf, out.len);
	assert_int_equal(scan().fault_line, 1);
	str_reset(&out);
	str_add(&out, text.buf, text.len);
	str_addc(&out, '\n');
	records_write(dir, "journal.jsonl", out.buf, out.len);
	assert_int_equal(scan().fault_line, RECORD_LINES + 1);
	str_release(&out);
	str_release(&text);
}

/* A line of `bytes` with its newline, as record 2. */
static void
with_line_of(size_t bytes)
{
	struct lines l = lines_of(dir);
	struct str fill = STR_INIT;
	size_t have = strlen(l.list.at[2]) + 1;

	str_adds(&fill, "\"step\":\"");
	while (fill.len < bytes - have + strlen("\"step\":\""))
		str_addc(&fill, 'x');
	lines_edit(&l, 2, "\"step\":\"", fill.buf);
	assert_int_equal(strlen(l.list.at[2]) + 1, bytes);
	lines_publish(dir, &l);
	str_release(&fill);
	lines_free(&l);
}

static void
a_line_of_65536_bytes_is_the_longest(void **state)
{
	static const size_t too_long[] = {65537, 70000, 1 << 20, 3 << 20};

	(void)state;
	with_line_of(EVENT_LINE_MAX);
	assert_int_equal(scan().fault_line, 0);
	for (size_t i = 0; i < sizeof too_long / sizeof *too_long; i++) {
		records_example(dir);
		with_line_of(too_long[i]);
		struct scan_result s = scan();
		assert_int_equal(s.fault_line, 3);
		assert_non_null(strstr(s.what, "65536"));
		assert_true(s.later_groups);
	}
}

static void
a_type_of_a_later_version_is_kept(void **state)
{
	struct lines l = lines_of(dir);

	(void)state;
	lines_edit(&l, 9, "probe.result", "probe.dream");
	lines_publish(dir, &l);
	assert_int_equal(scan().fault_line, 0);
	assert_int_equal(scan().records, RECORD_LINES);
	lines_free(&l);
}

static void
two_runs_spliced_are_seen(void **state)
{
	struct lines a = lines_of(dir), b = lines_of(dir);

	(void)state;
	for (size_t i = 0; i < b.list.len; i++)
		lines_edit(&b, i, "6N9RDE", "6N9RDF");
	mem_free(lines_chain(&b));
	for (size_t i = 6; i < a.list.len; i++) {
		char *x = a.list.at[i];
		a.list.at[i] = b.list.at[i];
		b.list.at[i] = x;
	}
	lines_write(dir, &a);
	assert_int_equal(scan().fault_line, 7);
	/* ... also when somebody mends the chain */
	lines_publish(dir, &a);
	assert_int_equal(scan().fault_line, 7);
	assert_non_null(strstr(scan().what, "belongs to run"));
	lines_free(&a);
	lines_free(&b);
}

static void
a_cut_at_any_byte_ends_at_the_last_whole_group(void **state)
{
	struct str text = records_read(dir, "journal.jsonl");
	int64_t lines = 0, line_end = 0, group_end = 0, group_seq = -1;

	(void)state;
	for (size_t len = 1; len <= text.len; len++) {
		const char *start = text.buf + line_end;
		if (text.buf[len - 1] == '\n') {
			if (!memmem(start, len - (size_t)line_end, "\"more\":true", 11)) {
				group_end = (int64_t)len;
				group_seq = lines;
			}
			lines++;
			line_end = (int64_t)len;
		}
		if (truncate(path, (off_t)len) != 0)
			fail();
		struct scan_result s = scan();
		assert_int_equal(s.records, lines);
		assert_int_equal(s.good_bytes, line_end);
		assert_int_equal(s.group_bytes, group_end);
		assert_int_equal(s.group_seq, group_seq);
		assert_int_equal(s.fault_line, (int64_t)len == line_end ? 0 : lines + 1);
		assert_false(s.later_lines);
		records_write(dir, "journal.jsonl", text.buf, text.len);
	}
	str_release(&text);
}

static void
a_tail_of_zeros_is_no_record(void **state)
{
	struct str text = records_read(dir, "journal.jsonl");
	static const size_t zeros[] = {1, 100, 4096, 70000, 2 << 20};

	(void)state;
	for (size_t i = 0; i < sizeof zeros / sizeof *zeros; i++) {
		if (truncate(path, (off_t)(text.len + zeros[i])) != 0)
			fail();
		struct scan_result s = scan();
		assert_int_equal(s.records, RECORD_LINES);
		assert_int_equal(s.fault_line, RECORD_LINES + 1);
		assert_int_equal(s.group_bytes, text.len);
		assert_false(s.later_lines);
	}
	str_release(&text);
}

/* The group of records 4 and 5: what is left of it may be its second half. */
static void
a_hole_in_a_group_is_told_from_a_hole_before_it(void **state)
{
	struct lines l = lines_of(dir);
	struct scan_result s;

	(void)state;
	for (size_t i = 6; i < RECORD_LINES; i++)
		mem_free(l.list.at[i]);
	l.list.len = 6;
	memset(l.list.at[4] + 10, '?', 20);
	lines_write(dir, &l);
	s = scan();
	assert_int_equal(s.group_seq, 3);
	assert_true(s.later_lines);
	assert_false(s.later_groups);
	memset(l.list.at[3] + 10, '?', 20);
	lines_write(dir, &l);
	s = scan();
	assert_int_equal(s.group_seq, 2);
	assert_false(s.later_groups); /* heads must say that record 3 was one */
	lines_free(&l);
	records_example(dir);
	l = lines_of(dir);
	memset(l.list.at[3] + 10, '?', 20);
	lines_write(dir, &l);
	assert_true(scan().later_groups);
	lines_free(&l);
}

static void
what_is_no_file_is_an_error(void **state)
{
	struct scan_result s;
	struct err e = ERR_INIT;
	char *fifo = file_join(dir, "fifo"), *none = file_join(dir, "none");

	(void)state;
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_false(scan_journal(fifo, NULL, NULL, &s, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_false(scan_journal(none, NULL, NULL, &s, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_false(scan_journal(dir, NULL, NULL, &s, &e));
	records_text(dir, "journal.jsonl", "");
	s = scan();
	assert_int_equal(s.records, 0);
	assert_int_equal(s.group_seq, -1);
	assert_string_equal(s.head, scan_zero_head);
	mem_free(fifo);
	mem_free(none);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(the_example_holds_and_its_hashes_are_those_of_heads),
		EACH(the_callback_may_end_it),
		EACH(every_flipped_byte_is_seen_and_its_line_named),
		EACH(every_dropped_doubled_and_swapped_record_is_seen),
		EACH(another_spelling_is_refused_although_the_chain_is_whole),
		EACH(prev_in_upper_case_is_refused),
		EACH(lines_of_dos_a_byte_order_mark_and_an_empty_line_are_refused),
		EACH(a_line_of_65536_bytes_is_the_longest),
		EACH(a_type_of_a_later_version_is_kept),
		EACH(two_runs_spliced_are_seen),
		EACH(a_cut_at_any_byte_ends_at_the_last_whole_group),
		EACH(a_tail_of_zeros_is_no_record),
		EACH(a_hole_in_a_group_is_told_from_a_hole_before_it),
		EACH(what_is_no_file_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
