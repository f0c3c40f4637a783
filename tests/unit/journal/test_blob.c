#include "journal/blob.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "records.h"

static char *dir;

static int
setup(void **state)
{
	(void)state;
	dir = records_scratch();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	records_gone(dir);
	return 0;
}

static size_t
names_in(const char *name)
{
	char *path = file_join(dir, name);
	struct err e = ERR_INIT;
	size_t count = 0;
	char **names = file_names(path, &count, &e);

	file_names_free(names);
	mem_free(path);
	return count;
}

static char *
path_of(const char *hex)
{
	return mem_printf("%s/blobs/%.2s/%s", dir, hex, hex);
}

static void
bytes_come_back_under_their_hash(void **state)
{
	static const char bytes[] = "some\0bytes\xff\n";
	char hex[DIGEST_HEX + 1], want[DIGEST_HEX + 1], *path;
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	struct stat st;

	(void)state;
	assert_true(blob_put(dir, bytes, sizeof bytes - 1, hex, &e));
	digest_hex(bytes, sizeof bytes - 1, want);
	assert_string_equal(hex, want);
	path = path_of(hex);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0400);
	assert_true(blob_check(dir, hex, &e));
	str_adds(&out, "before:");
	assert_true(blob_read(dir, hex, sizeof bytes - 1, &out, &e));
	assert_int_equal(out.len, 7 + sizeof bytes - 1);
	assert_memory_equal(out.buf + 7, bytes, sizeof bytes - 1);
	assert_false(blob_read(dir, hex, sizeof bytes - 2, &out, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(out.len, 7 + sizeof bytes - 1);
	assert_int_equal(names_in("blobs/.tmp"), 0);
	str_release(&out);
	mem_free(path);
}

static void
the_same_bytes_again_are_no_change(void **state)
{
	char hex[DIGEST_HEX + 1], *path;
	struct err e = ERR_INIT;
	struct stat one, two;

	(void)state;
	assert_true(blob_put(dir, "x", 1, hex, &e));
	path = path_of(hex);
	assert_int_equal(stat(path, &one), 0);
	assert_true(blob_put(dir, "x", 1, hex, &e));
	assert_int_equal(stat(path, &two), 0);
	assert_int_equal(one.st_ino, two.st_ino);
	/* but spoilt ones are put right */
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(truncate(path, 0), 0);
	assert_false(blob_check(dir, hex, &e));
	assert_int_equal(e.kind, ERR_RECORD);
	assert_true(blob_put(dir, "x", 1, hex, &e));
	assert_true(blob_check(dir, hex, &e));
	/* and so is a link, whatever it points to */
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/dev/null", path), 0);
	assert_true(blob_put(dir, "x", 1, hex, &e));
	assert_int_equal(lstat(path, &two), 0);
	assert_true(S_ISREG(two.st_mode));
	mem_free(path);
}

static void
a_name_that_is_no_hash_leads_nowhere(void **state)
{
	struct str out = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	records_text(dir, "secret", "x");
	assert_false(blob_check(dir, "../secret", &e));
	assert_int_equal(e.kind, ERR_RECORD);
	assert_false(blob_read(dir, "", 10, &out, &e));
	assert_int_equal(e.kind, ERR_RECORD);
	str_release(&out);
}

static struct spool_sealed
seal(const char *p, size_t len, size_t piece)
{
	struct spool *s = spool_new(dir, "1-0-1-0");
	struct spool_sealed z;

	for (size_t at = 0; at < len; at += piece)
		spool_add(s, p + at, len - at < piece ? len - at : piece);
	assert_int_equal(spool_bytes(s), len);
	spool_seal(s, &z);
	assert_int_equal(z.bytes, len);
	assert_int_equal(names_in("blobs/.tmp"), 0);
	return z;
}

static void
short_text_is_kept_inline(void **state)
{
	struct spool_sealed z = seal("one\ntwo\n", 8, 3);

	(void)state;
	assert_string_equal(z.text.buf, "one\ntwo\n");
	assert_int_equal(z.lines, 2);
	assert_string_equal(z.hex, "");
	assert_string_equal(z.why, "");
	spool_sealed_release(&z);
	z = seal("", 0, 1);
	assert_int_equal(z.text.len, 0);
	assert_string_equal(z.hex, "");
	assert_string_equal(z.why, "");
	spool_sealed_release(&z);
}

static void
short_bytes_that_are_no_text_become_a_blob(void **state)
{
	struct spool_sealed z = seal("a\xff\n", 3, 1);
	struct err e = ERR_INIT;

	(void)state;
	assert_int_equal(z.text.len, 0);
	assert_int_equal(strlen(z.hex), DIGEST_HEX);
	assert_true(blob_check(dir, z.hex, &e));
	assert_int_equal(z.head.len, 3);
	spool_sealed_release(&z);
}

static void
long_output_becomes_a_blob_with_both_ends(void **state)
{
	static const size_t pieces[] = {1, 7, 1023, 1024, 1025, 65536, 1 << 20};
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; text.len < 300000; i++)
		str_addf(&text, "line %d\n", i);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct spool_sealed z = seal(text.buf, text.len, pieces[i]);
		struct str back = STR_INIT;
		assert_int_equal(z.head.len, BLOB_EXCERPT);
		assert_memory_equal(z.head.buf, text.buf, BLOB_EXCERPT);
		assert_int_equal(z.tail.len, BLOB_EXCERPT);
		assert_memory_equal(
			z.tail.buf, text.buf + text.len - BLOB_EXCERPT, BLOB_EXCERPT);
		assert_true(blob_read(dir, z.hex, 1 << 20, &back, &e));
		assert_int_equal(back.len, text.len);
		assert_memory_equal(back.buf, text.buf, text.len);
		assert_string_equal(z.why, "");
		str_release(&back);
		spool_sealed_release(&z);
	}
	str_release(&text);
}

static void
an_excerpt_is_whole_or_says_what_it_leaves_out(void **state)
{
	struct spool *s = spool_new(dir, "x");
	struct str out = STR_INIT;
	char fill[BLOB_INLINE_MAX];

	(void)state;
	memset(fill, 'a', sizeof fill);
	spool_add(s, fill, sizeof fill);
	spool_excerpt(s, &out);
	assert_int_equal(out.len, sizeof fill);
	spool_add(s, "the end", 7);
	str_reset(&out);
	spool_excerpt(s, &out);
	assert_non_null(strstr(out.buf, "4103 bytes in all"));
	assert_true(str_ends(&out, "the end"));
	assert_true(out.len < 3 * BLOB_EXCERPT);
	str_release(&out);
	spool_free(s);
	assert_int_equal(names_in("blobs/.tmp"), 0);
}

/* The disk is full half way: the output is counted on, and the reason is said. */
static void
a_lost_blob_is_told_and_stops_nothing(void **state)
{
	struct rlimit old, small = {.rlim_cur = 8192};
	char *text = mem_alloc(100000);
	struct spool_sealed z;

	(void)state;
	memset(text, 'x', 100000);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	z = seal(text, 100000, 1000);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_string_equal(z.hex, "");
	assert_non_null(strstr(z.why, strerror(EFBIG)));
	assert_int_equal(z.head.len, BLOB_EXCERPT);
	assert_int_equal(z.tail.len, BLOB_EXCERPT);
	spool_sealed_release(&z);
	/* no folder to write to */
	char *blobs = file_join(dir, "blobs");
	struct err e = ERR_INIT;
	assert_true(file_remove_tree(blobs, &e));
	records_text(dir, "blobs", "in the way");
	z = seal(text, 100000, 50000);
	assert_string_equal(z.hex, "");
	assert_true(z.why[0]);
	spool_sealed_release(&z);
	/* what fits into the record is in it all the same */
	z = seal(text, 100, 100);
	assert_int_equal(z.text.len, 100);
	spool_sealed_release(&z);
	mem_free(blobs);
	mem_free(text);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(bytes_come_back_under_their_hash),
		EACH(the_same_bytes_again_are_no_change),
		EACH(a_name_that_is_no_hash_leads_nowhere),
		EACH(short_text_is_kept_inline),
		EACH(short_bytes_that_are_no_text_become_a_blob),
		EACH(long_output_becomes_a_blob_with_both_ends),
		EACH(an_excerpt_is_whole_or_says_what_it_leaves_out),
		EACH(a_lost_blob_is_told_and_stops_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
