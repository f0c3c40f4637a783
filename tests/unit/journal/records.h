#ifndef TESTS_UNIT_JOURNAL_RECORDS_H
#define TESTS_UNIT_JOURNAL_RECORDS_H

/*
 * What the tests of a record share: a scratch folder, the example of tests/data/record, its
 * lines, and making a chain whole again after a change, as somebody would who may write
 * everything.
 */

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "event/event.h"

enum { RECORD_LINES = 12, FILE_LIMIT = 64 << 20 };

/* A new folder; records_gone removes it. */
static inline char *
records_scratch(void)
{
	const char *tmp = getenv("TMPDIR");
	char *dir = mem_printf("%s/record.XXXXXX", tmp ? tmp : "/tmp");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static inline void
records_gone(char *dir)
{
	struct err e = ERR_INIT;

	if (!file_remove_tree(dir, &e))
		fail_msg("%s", e.msg);
	mem_free(dir);
}

static inline struct str
records_read(const char *dir, const char *name)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	char *path = file_join(dir, name);

	if (!file_read(path, FILE_LIMIT, &text, &e))
		fail_msg("%s", e.msg);
	mem_free(path);
	return text;
}

static inline void
records_write(const char *dir, const char *name, const void *p, size_t len)
{
	struct err e = ERR_INIT;
	char *path = file_join(dir, name), *folder = file_dir(path);
	int fd;

	if (!file_mkdirs(folder, 0700, &e))
		fail_msg("%s", e.msg);
	/* No sync, and cut after the write: ext4 writes a file out that was emptied. */
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || !file_write_all(fd, p, len, &e) || ftruncate(fd, (off_t)len) != 0)
		fail_msg("cannot write %s", path);
	close(fd);
	mem_free(folder);
	mem_free(path);
}

static inline void
records_text(const char *dir, const char *name, const char *text)
{
	records_write(dir, name, text, strlen(text));
}

static inline char *
records_example_dir(void)
{
	return mem_printf("%s/tests/data/record", getenv("SRCDIR"));
}

/* The example's files, or those of another folder, into dir. */
static inline void
records_copy(const char *from, const char *dir)
{
	static const char *const names[] = {"journal.jsonl", "heads", "allowed_signers"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = file_join(from, names[i]);
		if (file_exists(path)) {
			struct str text = records_read(from, names[i]);
			records_write(dir, names[i], text.buf, text.len);
			str_release(&text);
		}
		mem_free(path);
	}
}

static inline void
records_example(const char *dir)
{
	char *from = records_example_dir();

	records_copy(from, dir);
	mem_free(from);
}

/* Lines without their newlines, as C strings. */
struct lines {
	VEC_OF(char *) list;
};

static inline struct lines
lines_of(const char *dir)
{
	struct str text = records_read(dir, "journal.jsonl");
	struct lines l = {0};

	for (char *at = text.buf, *lf; (lf = strchr(at, '\n')); at = lf + 1)
		vec_push(&l.list, mem_strndup(at, (size_t)(lf - at)));
	str_release(&text);
	return l;
}

static inline void
lines_free(struct lines *l)
{
	for (size_t i = 0; i < l->list.len; i++)
		mem_free(l->list.at[i]);
	vec_free(&l->list);
}

static inline void
lines_write(const char *dir, const struct lines *l)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < l->list.len; i++) {
		str_adds(&text, l->list.at[i]);
		str_addc(&text, '\n');
	}
	records_write(dir, "journal.jsonl", text.buf, text.len);
	str_release(&text);
}

/* Replaces the first `from` in line i (from 0). */
static inline void
lines_edit(struct lines *l, size_t i, const char *from, const char *to)
{
	char *at = strstr(l->list.at[i], from), *out;

	if (!at)
		fail_msg("line %zu has no %s", i + 1, from);
	*at = '\0';
	out = mem_printf("%s%s%s", l->list.at[i], to, at + strlen(from));
	mem_free(l->list.at[i]);
	l->list.at[i] = out;
}

/* Mends every prev and gives the heads that go with it; the caller frees. */
static inline char *
lines_chain(struct lines *l)
{
	struct str heads = STR_INIT, line = STR_INIT;
	char prev[DIGEST_HEX + 1];

	memset(prev, '0', DIGEST_HEX);
	prev[DIGEST_HEX] = '\0';
	for (size_t i = 0; i < l->list.len; i++) {
		char *old = l->list.at[i], *at = old;
		char *mark = NULL;
		while ((at = strstr(at, ",\"prev\":\"")))
			mark = at++;
		assert_non_null(mark);
		str_reset(&line);
		str_add(&line, old, (size_t)(mark - old));
		str_addf(&line, ",\"prev\":\"%s\"}", prev);
		l->list.at[i] = mem_strdup(line.buf);
		mem_free(old);
		str_addc(&line, '\n');
		digest_hex(line.buf, line.len, prev);
		str_addf(&heads, "%zu %s\n", i, prev);
	}
	str_release(&line);
	return str_take(&heads);
}

/* Writes the lines with a whole chain and heads that vouch for it. */
static inline void
lines_publish(const char *dir, struct lines *l)
{
	char *heads = lines_chain(l);

	lines_write(dir, l);
	records_text(dir, "heads", heads);
	mem_free(heads);
}

#endif
