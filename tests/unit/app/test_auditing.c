#include "app/auditing.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"

/*
 * The check is a child of this very program: asked to verify, it answers what stands in the
 * folder's file "answer" and ends with the number in "code".
 */

static char *
slurp(const char *dir, const char *name)
{
	char *path = file_join(dir, name);
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	if (!file_read(path, 1 << 16, &text, &e))
		fprintf(stderr, "%s\n", e.msg);
	mem_free(path);
	return str_take(&text);
}

static int
answer(const char *dir)
{
	char *text = slurp(dir, "answer"), *code = slurp(dir, "code");
	int end = (int)strtol(code, NULL, 10);

	fputs(text, stdout);
	mem_free(text);
	mem_free(code);
	return end;
}

struct bench {
	char dir[64];
	struct loop *loop;
	struct auditing *a;
};

static void
put(const struct bench *b, const char *name, const char *text)
{
	char *path = file_join(b->dir, name), *dir = file_dir(path);
	struct err e = ERR_INIT;
	FILE *f;

	assert_true(file_mkdirs(dir, 0700, &e));
	f = fopen(path, "w"); /* in place: the same file */
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	mem_free(dir);
	mem_free(path);
}

/* Other bytes of the same length, and the time it had before. */
static void
forge(const struct bench *b, const char *name, const char *text)
{
	char *path = file_join(b->dir, name);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_size, strlen(text));
	put(b, name, text);
	assert_int_equal(utimensat(AT_FDCWD, path,
				 (const struct timespec[]){st.st_atim, st.st_mtim}, 0),
		0);
	mem_free(path);
}

static void
told(void *ctx)
{
	(void)ctx;
}

static int
set_up(void **state)
{
	static struct bench b;

	b = (struct bench){0};
	snprintf(b.dir, sizeof b.dir, "/tmp/auditing-XXXXXX");
	if (!mkdtemp(b.dir))
		return -1;
	b.loop = loop_new();
	b.a = auditing_new(b.loop, told, &b);
	put(&b, "journal.jsonl", "{}\n");
	put(&b, "heads", "0 aa\n");
	put(&b, "allowed_signers", "anna ssh-ed25519 AAAA\n");
	put(&b, "blobs/ab/abcd", "bytes");
	put(&b, "code", "0");
	put(&b, "answer",
		"{\"ok\":true,\"records\":1,\"head\":\"aa\",\"signatures\":[],"
		"\"unvouched\":0,\"fault\":null}");
	*state = &b;
	return 0;
}

static int
tear_down(void **state)
{
	struct bench *b = *state;
	struct err e = ERR_INIT;

	auditing_free(b->a);
	loop_free(b->loop);
	return file_remove_tree(b->dir, &e) ? 0 : -1;
}

static const struct audit_check *
checked(struct bench *b)
{
	auditing_forget(b->a, "run");
	auditing_start(b->a, "run", b->dir);
	while (auditing_busy(b->a))
		loop_turn(b->loop, 1000);
	return auditing_of(b->a, "run", b->dir);
}

/* Whatever verification reads: when it is another, nobody knows any more. */
static void
a_verdict_ends_with_the_files_it_is_about(void **state)
{
	static const struct {
		const char *name, *text;
		bool forged;
	} rows[] = {
		{"journal.jsonl", "{ }", true},
		{"journal.jsonl", "{}\n{}\n", false},
		{"heads", "0 ab\n", true},
		{"allowed_signers", "anna ssh-ed25519 AAAB\n", true},
		{"blobs/ab/abcd", "BYTES", true},
		{"blobs/ab/abce", "another", false},
		{"blobs/cd/cdef", "another", false},
	};
	struct bench *b = *state;

	assert_int_equal(checked(b)->verdict, AUDIT_OK);
	assert_int_equal(auditing_of(b->a, "run", b->dir)->verdict, AUDIT_OK);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		enum audit_verdict v;

		(rows[i].forged ? forge : put)(b, rows[i].name, rows[i].text);
		v = auditing_of(b->a, "run", b->dir)->verdict;
		if (v != AUDIT_NOT_YET)
			fail_msg("%s is another, the verdict still %d", rows[i].name, v);
		assert_int_equal(checked(b)->verdict, AUDIT_OK);
	}
}

/* BAD is what was read and found bad: what could not be read is nobody's knowledge. */
static void
what_could_not_be_read_is_not_known(void **state)
{
	static const struct {
		const char *code, *answer;
		enum audit_verdict verdict;
		const char *what;
	} rows[] = {
		{"6",
			"{\"ok\":false,\"records\":5,\"head\":\"aa\",\"signatures\":[],"
			"\"unvouched\":0,\"fault\":{\"line\":6,\"what\":\"prev\"}}",
			AUDIT_BAD, "prev"},
		{"6",
			"{\"ok\":false,\"records\":0,\"head\":null,\"signatures\":[],"
			"\"unvouched\":0,\"fault\":{\"line\":0,\"what\":\"gone\"}}",
			AUDIT_BAD, "gone"},
		{"3",
			"{\"ok\":false,\"records\":0,\"head\":null,\"signatures\":[],"
			"\"unvouched\":0,\"fault\":{\"line\":0,\"what\":\"denied\"}}",
			AUDIT_UNKNOWN, "denied"},
		{"0", "{\"ok\":false}", AUDIT_UNKNOWN, "verify gave no answer"},
		{"0", "", AUDIT_UNKNOWN, "verify gave no answer"},
	};
	struct bench *b = *state;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct audit_check *k;

		put(b, "code", rows[i].code);
		put(b, "answer", rows[i].answer);
		k = checked(b);
		if (k->verdict != rows[i].verdict || strcmp(k->what, rows[i].what) != 0)
			fail_msg("row %zu: %d \"%s\"", i, k->verdict, k->what);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_verdict_ends_with_the_files_it_is_about, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_could_not_be_read_is_not_known, set_up, tear_down),
	};

	if (argc > 1 && strcmp(argv[1], "verify") == 0)
		return answer(argv[argc - 1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
