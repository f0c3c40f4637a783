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

#include "app/library.h"
#include "base/file.h"
#include "base/mem.h"

static const char run_a[] = "01M7XA4KS82XNH0WWH2SGMWRBT";
static const char run_b[] = "01M7XBCR1K4VJ7ZNHRPR5ZWRBT";

struct ground {
	char *dir, *runs, *books;
};

static void
put(const char *dir, const char *name, const char *text)
{
	struct err e = ERR_INIT;
	char *path = file_join(dir, name), *parent = file_dir(path);

	assert_true(file_mkdirs(parent, 0700, &e));
	assert_true(file_replace(path, text, strlen(text), 0600, &e));
	mem_free(parent);
	mem_free(path);
}

static int
ground_up(void **state)
{
	struct ground *g = mem_alloc(sizeof *g);
	struct err e = ERR_INIT;
	char dir[] = "/tmp/library.XXXXXX";

	g->dir = mem_strdup(mkdtemp(dir));
	g->runs = file_join(g->dir, "runs");
	g->books = file_join(g->dir, "books");
	if (!file_mkdirs(g->runs, 0700, &e))
		return -1;
	put(g->books, "web/restart.yaml",
		"handrail: 1\ntitle: Restart it\nkind: maintenance\naliases: [again]\n"
		"steps:\n  - do: Look\n");
	put(g->books, "handrail.yaml", "handrail_project: 1\nname: x\n");
	*state = g;
	return 0;
}

static int
ground_down(void **state)
{
	struct ground *g = *state;
	struct err e = ERR_INIT;
	bool gone = file_remove_tree(g->dir, &e);

	mem_free(g->dir);
	mem_free(g->runs);
	mem_free(g->books);
	mem_free(g);
	return gone ? 0 : -1;
}

static void
scan(const struct ground *g, struct library *l)
{
	const char *const folders[] = {g->books, NULL};

	library_scan(&(struct library_opts){.folders = folders, .runs_dir = g->runs}, l);
}

static void
a_runbook_is_found_by_name_alias_title_and_path(void **state)
{
	static const char *const words[] = {"restart", "again", "Restart it"};
	struct ground *g = *state;
	struct err e = ERR_INIT;
	struct library l;

	scan(g, &l);
	assert_int_equal(l.runbooks.list.len, 1);
	assert_string_equal(l.runbooks.list.at[0].group, "web");
	for (size_t i = 0; i < 3; i++) {
		char *path = library_find_runbook(&l, words[i], &e);
		assert_non_null(path);
		assert_non_null(strstr(path, "web/restart.yaml"));
		mem_free(path);
	}
	assert_null(library_find_runbook(&l, "restrat", &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_non_null(strstr(e.msg, "did you mean restart?"));
	assert_null(library_find_runbook(&l, "./nothing.yaml", &e));
	assert_int_equal(e.kind, ERR_IO);
	library_release(&l);
}

static void
a_run_is_named_by_a_unique_end(void **state)
{
	static const struct {
		const char *word, *says;
	} bad[] = {
		{"RBT", "at least 4"},
		{"WRBT", "several runs"},
		{"ZZZZ", "no run ZZZZ here"},
		{"01M7XA4KS82XNH0WWH2SGMWRBTX", "at least 4"},
		{"", "at least 4"},
	};
	static const char *const good[] = {"GMWRBT", "gmwrbt", run_a};
	struct ground *g = *state;
	struct err e = ERR_INIT;

	put(g->runs, "01M7XA4KS82XNH0WWH2SGMWRBT/journal.jsonl", "x");
	put(g->runs, "01M7XBCR1K4VJ7ZNHRPR5ZWRBT/journal.jsonl", "x");
	put(g->runs, "not-a-run/journal.jsonl", "x");
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		char *dir = library_run_dir(g->runs, good[i], &e);
		assert_non_null(dir);
		assert_string_equal(file_base(dir), run_a);
		mem_free(dir);
	}
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		e = ERR_INIT;
		assert_null(library_run_dir(g->runs, bad[i].word, &e));
		assert_int_equal(e.kind, ERR_INPUT);
		if (!strstr(e.msg, bad[i].says))
			fail_msg("%s: %s", bad[i].word, e.msg);
	}
	assert_null(library_run_dir("/nowhere/at/all", "GMWRBT", &e));
	assert_int_equal(e.kind, ERR_INPUT);
}

static void
a_record_that_does_not_read_is_bad_and_one_that_is_gone_too(void **state)
{
	struct ground *g = *state;
	struct library l;

	put(g->runs, "01M7XA4KS82XNH0WWH2SGMWRBT/journal.jsonl", "not a record\n");
	put(g->runs, "01M7XBCR1K4VJ7ZNHRPR5ZWRBT/heads", "0 abc\n");
	scan(g, &l);
	assert_int_equal(l.runs.list.len, 2);
	assert_string_equal(l.runs.list.at[0].id, run_b); /* newest first */
	for (size_t i = 0; i < 2; i++) {
		assert_string_equal(l.runs.list.at[i].state, "bad");
		assert_non_null(l.runs.list.at[i].fault);
	}
	library_release(&l);
}

static void
a_folder_of_runs_that_cannot_be_listed_is_a_fault(void **state)
{
	struct ground *g = *state;
	struct library l;
	char *file = file_join(g->books, "handrail.yaml");

	library_scan(&(struct library_opts){.runs_dir = file}, &l);
	assert_int_equal(l.fault.kind, ERR_IO);
	library_release(&l);
	mem_free(file);
}

int
main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, ground_up, ground_down)
	static const struct CMUnitTest tests[] = {
		CASE(a_runbook_is_found_by_name_alias_title_and_path),
		CASE(a_run_is_named_by_a_unique_end),
		CASE(a_record_that_does_not_read_is_bad_and_one_that_is_gone_too),
		CASE(a_folder_of_runs_that_cannot_be_listed_is_a_fault),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
