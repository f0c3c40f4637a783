#include "base/file.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* Each case has a folder of its own, removed after it. */
static int
make_folder(void **state)
{
	char *folder = mem_strdup("/tmp/handrail-file-XXXXXX");

	*state = folder;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
remove_folder(void **state)
{
	struct err e = ERR_INIT;
	bool gone = file_remove_tree(*state, &e) && !file_exists(*state);

	mem_free(*state);
	return gone ? 0 : -1;
}

static char *
written(const char *folder, const char *name, const char *text)
{
	struct err e = ERR_INIT;
	char *path = file_join(folder, name);

	if (!file_replace(path, text, strlen(text), 0600, &e))
		fail_msg("%s", e.msg);
	return path;
}

static void
what_was_written_is_read(void **state)
{
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	char *path = written(*state, "f", "contents\n");
	char *empty = written(*state, "empty", "");

	str_adds(&out, "before ");
	assert_true(file_read(path, 9, &out, &e));
	assert_string_equal(out.buf, "before contents\n");
	assert_true(file_read(empty, 0, &out, &e));
	assert_string_equal(out.buf, "before contents\n");
	str_release(&out);
	mem_free(path);
	mem_free(empty);
}

static void
the_limit_is_a_limit(void **state)
{
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	char *path = written(*state, "f", "0123456789");

	assert_false(file_read(path, 9, &out, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_non_null(strstr(e.msg, path));
	assert_int_equal(out.len, 0);
	/* A file of the kernel says it is empty and is not. */
	assert_true(file_read("/proc/self/status", 1 << 20, &out, &e));
	assert_true(out.len > 100);
	str_reset(&out);
	assert_false(file_read("/proc/self/status", 100, &out, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(out.len, 0);
	str_release(&out);
	mem_free(path);
}

static void
only_regular_files_are_read(void **state)
{
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	char *pipe_path = file_join(*state, "pipe");

	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	assert_false(file_read(pipe_path, 10, &out, &e));
	assert_non_null(strstr(e.msg, "a pipe"));
	assert_false(file_read(*state, 10, &out, &e));
	assert_int_equal(e.sys, EISDIR);
	assert_non_null(strstr(e.msg, "a folder"));
	assert_false(file_read("/dev/zero", 10, &out, &e));
	assert_non_null(strstr(e.msg, "a device"));
	assert_false(file_read("/nonexistent/x", 10, &out, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(e.sys, ENOENT);
	assert_string_equal(
		e.msg, "cannot read /nonexistent/x: No such file or directory");
	mem_free(pipe_path);
	str_release(&out);
}

static void
replacing_leaves_one_whole_file(void **state)
{
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	struct stat st;
	size_t count;
	char *path = written(*state, "f", "old");

	mode_t saved = umask(077);
	assert_true(file_replace(path, "new", 3, 0644, &e));
	umask(saved);
	assert_true(file_read(path, 10, &out, &e));
	assert_string_equal(out.buf, "new");
	assert_true(file_replace_quick(path, "newer", 5, 0644, &e));
	str_reset(&out);
	assert_true(file_read(path, 10, &out, &e));
	assert_string_equal(out.buf, "newer");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0644);
	char **names = file_names(*state, &count, &e);
	assert_int_equal(count, 1);
	file_names_free(names);
	str_release(&out);
	mem_free(path);
}

static void
a_failed_replace_changes_nothing(void **state)
{
	struct err e = ERR_INIT;
	size_t count;
	char *folder = file_join(*state, "taken"), *inside = file_join(folder, "x");

	assert_true(file_mkdirs(inside, 0700, &e));
	assert_false(file_replace(folder, "new", 3, 0600, &e));
	assert_int_equal(e.kind, ERR_IO);
	assert_non_null(strstr(e.msg, folder));
	char **names = file_names(*state, &count, &e);
	assert_int_equal(count, 1);
	assert_string_equal(names[0], "taken");
	file_names_free(names);
	assert_false(file_replace("/nonexistent/f", "x", 1, 0600, &e));
	assert_int_equal(e.sys, ENOENT);
	mem_free(folder);
	mem_free(inside);
}

static void
creating_never_overwrites(void **state)
{
	struct str out = STR_INIT;
	struct err e = ERR_INIT;
	char *path = file_join(*state, "f");
	char *link = file_join(*state, "link");
	struct stat st;
	size_t count;

	assert_true(file_create(path, "one", 3, 0640, &e));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(st.st_nlink, 1);
	assert_false(file_create(path, "two", 3, 0640, &e));
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_non_null(strstr(e.msg, path));
	assert_true(file_read(path, 10, &out, &e));
	assert_string_equal(out.buf, "one");
	/* also a link that leads nowhere is something */
	assert_int_equal(symlink("/nonexistent/x", link), 0);
	assert_false(file_create(link, "two", 3, 0640, &e));
	assert_false(file_create(*state, "two", 3, 0640, &e));
	assert_int_equal(e.kind, ERR_REFUSED);
	char **names = file_names(*state, &count, &e);
	assert_int_equal(count, 2); /* nothing is left aside */
	file_names_free(names);
	str_release(&out);
	mem_free(path);
	mem_free(link);
}

static void
a_full_disk_is_said(void **state)
{
	struct err e = ERR_INIT;
	int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);

	(void)state;
	if (fd < 0)
		skip();
	assert_false(file_write_all(fd, "x", 1, &e));
	assert_int_equal(e.sys, ENOSPC);
	close(fd);
}

static void
folders_are_made_all_the_way(void **state)
{
	struct err e = ERR_INIT;
	struct stat st;
	char *deep = file_join(*state, "a/b//c/");
	char *file = written(*state, "f", "x"), *below = file_join(file, "d");

	assert_true(file_mkdirs(deep, 0700, &e));
	assert_true(file_is_dir(deep));
	assert_true(file_mkdirs(deep, 0700, &e));
	assert_int_equal(stat(deep, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_true(file_sync_dir(deep, &e));
	assert_false(file_sync_dir("/nonexistent", &e));
	assert_false(file_is_dir(file));
	assert_true(file_exists(file));
	assert_false(file_mkdirs(file, 0700, &e));
	assert_int_equal(e.sys, ENOTDIR);
	assert_false(file_mkdirs(below, 0700, &e));
	assert_true(file_mkdirs("/", 0700, &e));
	mem_free(deep);
	mem_free(file);
	mem_free(below);
}

static void
names_come_sorted(void **state)
{
	static const char *const made[] = {"b", "a", ".hidden", "B", "10", "9"};
	static const char *const want[] = {".hidden", "10", "9", "B", "a", "b"};
	struct err e = ERR_INIT;
	size_t count = 99;

	for (size_t i = 0; i < COUNT(made); i++)
		mem_free(written(*state, made[i], ""));
	char **names = file_names(*state, &count, &e);
	assert_non_null(names);
	assert_int_equal(count, COUNT(want));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(names[i], want[i]);
	assert_null(names[count]);
	file_names_free(names);
	file_names_free(NULL);
	assert_null(file_names("/nonexistent", &count, &e));
	assert_int_equal(count, 0);
	assert_int_equal(e.sys, ENOENT);
}

static void
removing_a_tree_follows_no_links(void **state)
{
	struct err e = ERR_INIT;
	char *keep = written(*state, "kept", "x");
	char *tree = file_join(*state, "tree"), *deep = file_join(tree, "x/y/z");
	char *link_path = file_join(tree, "x/link"),
	     *folder_link = file_join(*state, "top");

	assert_true(file_mkdirs(deep, 0700, &e));
	assert_int_equal(symlink(*state, link_path), 0);
	assert_true(file_remove_tree(tree, &e));
	assert_false(file_exists(tree));
	assert_true(file_exists(keep));
	assert_true(file_remove_tree(tree, &e)); /* gone already: what was wanted */
	assert_int_equal(symlink(*state, folder_link), 0);
	assert_true(file_remove_tree(folder_link, &e));
	assert_true(file_exists(keep));
	assert_false(file_exists(folder_link));
	mem_free(keep);
	mem_free(tree);
	mem_free(deep);
	mem_free(link_path);
	mem_free(folder_link);
}

static void
paths_join_and_come_apart(void **state)
{
	static const struct {
		const char *a, *b, *joined;
	} joins[] = {
		{"a", "b", "a/b"},
		{"a/", "b", "a/b"},
		{"a", "/b", "/b"},
		{"/", "b", "/b"},
		{"", "b", "b"},
		{"a", "", "a/"},
	};
	static const struct {
		const char *path, *folder, *base;
	} parts[] = {
		{"a/b/c", "a/b", "c"},
		{"c", ".", "c"},
		{"/c", "/", "c"},
		{"a/", "a", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(joins); i++) {
		char *joined = file_join(joins[i].a, joins[i].b);
		assert_string_equal(joined, joins[i].joined);
		mem_free(joined);
	}
	for (size_t i = 0; i < COUNT(parts); i++) {
		char *folder = file_dir(parts[i].path);
		assert_string_equal(folder, parts[i].folder);
		assert_string_equal(file_base(parts[i].path), parts[i].base);
		mem_free(folder);
	}
}

static void
check_xdg(enum file_xdg which, const char *want)
{
	char *got = file_xdg(which);

	assert_string_equal(got, want);
	mem_free(got);
}

static void
folders_follow_the_xdg_rules(void **state)
{
	(void)state;
	setenv("HOME", "/home/lea", 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("XDG_DATA_HOME");
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_CACHE_HOME");
	unsetenv("HANDRAIL_STATE_DIR");
	check_xdg(FILE_XDG_CONFIG, "/home/lea/.config/handrail");
	check_xdg(FILE_XDG_DATA, "/home/lea/.local/share/handrail");
	check_xdg(FILE_XDG_STATE, "/home/lea/.local/state/handrail");
	check_xdg(FILE_XDG_CACHE, "/home/lea/.cache/handrail");
	setenv("XDG_CONFIG_HOME", "/etc/x", 1);
	check_xdg(FILE_XDG_CONFIG, "/etc/x/handrail");
	setenv("XDG_CONFIG_HOME", "relative", 1);
	check_xdg(FILE_XDG_CONFIG, "/home/lea/.config/handrail");
	setenv("XDG_STATE_HOME", "/var/s", 1);
	check_xdg(FILE_XDG_STATE, "/var/s/handrail");
	setenv("HANDRAIL_STATE_DIR", "/srv/record", 1);
	check_xdg(FILE_XDG_STATE, "/srv/record");
	check_xdg(FILE_XDG_CONFIG, "/home/lea/.config/handrail");
	unsetenv("HANDRAIL_STATE_DIR");
	setenv("XDG_STATE_HOME", "", 1);
	setenv("HOME", "/", 1);
	check_xdg(FILE_XDG_STATE, "/.local/state/handrail");
}

static void
a_relative_state_folder_is_below_here(void **state)
{
	char *here = getcwd(NULL, 0), *want = file_join(here, "rec");

	(void)state;
	setenv("HANDRAIL_STATE_DIR", "rec", 1);
	check_xdg(FILE_XDG_STATE, want);
	unsetenv("HANDRAIL_STATE_DIR");
	free(here);
	mem_free(want);
}

static void
the_runtime_folder_is_ours_alone(void **state)
{
	char *want = mem_printf("%s/handrail-%u", (char *)*state, (unsigned)geteuid());
	char *given = file_join(*state, "handrail");
	struct stat st;

	setenv("XDG_RUNTIME_DIR", *state, 1);
	check_xdg(FILE_XDG_RUNTIME, given);
	assert_false(file_exists(given));
	setenv("XDG_RUNTIME_DIR", "/nonexistent", 1);
	setenv("TMPDIR", *state, 1);
	for (int again = 0; again < 2; again++) {
		check_xdg(FILE_XDG_RUNTIME, want);
		assert_int_equal(stat(want, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0700);
	}
	/* Open to others, or a link to somewhere: not ours. */
	assert_int_equal(chmod(want, 0755), 0);
	assert_null(file_xdg(FILE_XDG_RUNTIME));
	assert_int_equal(rmdir(want), 0);
	assert_int_equal(symlink(*state, want), 0);
	assert_null(file_xdg(FILE_XDG_RUNTIME));
	unsetenv("TMPDIR");
	mem_free(want);
	mem_free(given);
}

#define IN_A_FOLDER(test) \
	cmocka_unit_test_setup_teardown(test, make_folder, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_A_FOLDER(what_was_written_is_read),
		IN_A_FOLDER(the_limit_is_a_limit),
		IN_A_FOLDER(only_regular_files_are_read),
		IN_A_FOLDER(replacing_leaves_one_whole_file),
		IN_A_FOLDER(a_failed_replace_changes_nothing),
		IN_A_FOLDER(creating_never_overwrites),
		cmocka_unit_test(a_full_disk_is_said),
		IN_A_FOLDER(folders_are_made_all_the_way),
		IN_A_FOLDER(names_come_sorted),
		IN_A_FOLDER(removing_a_tree_follows_no_links),
		cmocka_unit_test(paths_join_and_come_apart),
		cmocka_unit_test(folders_follow_the_xdg_rules),
		cmocka_unit_test(a_relative_state_folder_is_below_here),
		IN_A_FOLDER(the_runtime_folder_is_ours_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
