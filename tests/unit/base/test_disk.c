#include "base/disk.h"

#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static char folder[64], *path;

static int
setup(void **state)
{
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/disk.XXXXXX");
	path = NULL;
	if (!mkdtemp(folder))
		return -1;
	path = file_join(folder, "file");
	return 0;
}

static int
teardown(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	mem_free(path);
	return file_remove_tree(folder, &e) ? 0 : -1;
}

static int
opened(enum disk_open how)
{
	struct err e = ERR_INIT;
	int fd = disk_open(path, how, &e);

	assert_string_equal(e.msg, "");
	return fd;
}

static void
append(int fd, const char *text)
{
	struct err e = ERR_INIT;
	size_t done;

	assert_true(disk_append(fd, text, strlen(text), &done, &e));
	assert_int_equal(done, strlen(text));
}

static void
a_new_file_is_ours_alone_and_must_be_new(void **state)
{
	struct err e = ERR_INIT;
	struct stat st;
	int fd = opened(DISK_CREATE);

	(void)state;
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_int_equal(disk_open(path, DISK_CREATE, &e), -1);
	assert_int_equal(e.sys, EEXIST);
	disk_close(fd);
	disk_close(opened(DISK_EXISTING));
	disk_close(opened(DISK_APPEND));
	assert_true(disk_unlink(path));
	assert_int_equal(disk_open(path, DISK_EXISTING, &e), -1);
	assert_int_equal(e.sys, ENOENT);
	disk_close(opened(DISK_APPEND));
}

static void
no_link_is_written_through(void **state)
{
	struct err e = ERR_INIT;
	char *target = file_join(folder, "target");

	(void)state;
	assert_int_equal(symlink(target, path), 0);
	for (int how = DISK_CREATE; how <= DISK_EXISTING; how++)
		assert_int_equal(disk_open(path, (enum disk_open)how, &e), -1);
	assert_false(file_exists(target));
	mem_free(target);
}

static void
only_regular_files_are_read(void **state)
{
	struct err e = ERR_INIT;
	char *link = file_join(folder, "link");
	int fd;

	(void)state;
	disk_close(opened(DISK_CREATE));
	assert_int_equal(symlink(path, link), 0);
	fd = disk_open_read(link, DISK_FOLLOW, &e);
	assert_true(fd >= 0);
	disk_close(fd);
	assert_int_equal(disk_open_read(link, DISK_NO_LINK, &e), -1);
	assert_int_equal(e.sys, ELOOP);
	assert_true(disk_unlink(path));
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(disk_open_read(path, DISK_NO_LINK, &e), -1); /* and at once */
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(disk_open_read(folder, DISK_FOLLOW, &e), -1);
	assert_int_equal(disk_open_read("/dev/null", DISK_FOLLOW, &e), -1);
	mem_free(link);
}

static void
bytes_go_to_the_end_and_can_be_cut(void **state)
{
	struct err e = ERR_INIT;
	char buf[16];
	int fd = opened(DISK_CREATE);

	(void)state;
	append(fd, "hello ");
	append(fd, "world");
	assert_int_equal(disk_size(fd), 11);
	assert_int_equal(disk_read_at(fd, buf, 5, 6), 5);
	assert_memory_equal(buf, "world", 5);
	assert_true(disk_cut(fd, 6, &e));
	append(fd, "you");
	assert_int_equal(disk_size(fd), 9);
	assert_true(disk_sync(fd, &e));
	disk_close(fd);
	assert_int_equal(disk_size(-1), -1);
}

static void
failures_are_told_with_what_landed(void **state)
{
	struct rlimit old, small = {.rlim_cur = 1000};
	struct err e = ERR_INIT;
	char text[800];
	size_t done;
	int fd = opened(DISK_CREATE);

	(void)state;
	memset(text, 'x', sizeof text);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small.rlim_max = old.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_true(disk_append(fd, text, sizeof text, &done, &e));
	assert_false(disk_append(fd, text, sizeof text, &done, &e));
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	assert_int_equal(done, 200);
	assert_int_equal(e.kind, ERR_IO);
	assert_int_equal(e.sys, EFBIG);
	disk_close(fd);
	fd = open("/dev/full", O_RDWR | O_CLOEXEC);
	assert_false(disk_append(fd, text, sizeof text, &done, &e));
	assert_int_equal(done, 0);
	assert_int_equal(e.sys, ENOSPC);
	disk_close(fd);
	assert_false(disk_sync(-1, &e));
	assert_int_equal(e.sys, EBADF);
	assert_false(disk_cut(-1, 0, &e));
	assert_false(disk_reserve(-1, 0, 1, &e));
}

static void
reserved_room_does_not_change_the_size(void **state)
{
	struct err e = ERR_INIT;
	int fd = opened(DISK_CREATE);

	(void)state;
	append(fd, "x");
	assert_true(disk_reserve(fd, 1, 1 << 16, &e));
	assert_int_equal(disk_size(fd), 1);
	disk_close(fd);
}

/* In another process: does it get the lock? */
static int
other_process(void)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct err e = ERR_INIT;
		int fd = disk_open(path, DISK_APPEND, &e);
		bool seen = disk_locked_by_other(fd);
		bool got = disk_lock(fd, &e);
		_exit(got && !seen ? 0 : !got && seen && e.kind == ERR_STATE ? 1 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
one_holds_the_lock_until_it_closes(void **state)
{
	struct err e = ERR_INIT;
	int fd = opened(DISK_APPEND), second = opened(DISK_APPEND);

	(void)state;
	assert_int_equal(other_process(), 0);
	assert_true(disk_lock(fd, &e));
	assert_true(disk_lock(fd, &e)); /* again is no change */
	assert_false(disk_locked_by_other(fd));
	assert_int_equal(other_process(), 1);
	assert_false(disk_lock(second, &e));
	assert_int_equal(e.kind, ERR_STATE);
	disk_close(second); /* a POSIX lock would be gone now */
	assert_int_equal(other_process(), 1);
	disk_close(fd);
	assert_int_equal(other_process(), 0);
}

static void
a_private_folder_is_real_ours_and_closed_to_others(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	assert_true(disk_new_dir(path, 0700, &e));
	assert_false(disk_new_dir(path, 0700, &e));
	assert_int_equal(e.sys, EEXIST);
	assert_true(disk_private_dir(path, &e));
	assert_true(disk_mode(path, 0755, &e));
	assert_true(disk_private_dir(path, &e));
	assert_true(disk_mode(path, 0770, &e));
	assert_false(disk_private_dir(path, &e));
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_true(disk_mode(path, 0702, &e));
	assert_false(disk_private_dir(path, &e));
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(symlink(folder, path), 0);
	assert_false(disk_private_dir(path, &e));
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_false(disk_private_dir("/nowhere", &e));
	assert_int_equal(e.kind, ERR_IO);
	if (geteuid() == 0) {
		assert_true(disk_unlink(path));
		assert_true(disk_new_dir(path, 0700, &e));
		assert_int_equal(chown(path, 12345, 12345), 0);
		assert_false(disk_private_dir(path, &e));
		assert_int_equal(e.kind, ERR_REFUSED);
	}
}

static void
a_folder_above_that_others_may_change_is_refused(void **state)
{
	struct err e = ERR_INIT;
	char *deep = file_join(path, "a/b/c");

	(void)state;
	assert_true(file_mkdirs(deep, 0700, &e));
	assert_true(disk_safe_above(deep, &e)); /* /tmp is sticky */
	assert_true(disk_mode(path, 0770, &e));
	assert_false(disk_safe_above(deep, &e));
	assert_int_equal(e.kind, ERR_REFUSED);
	assert_non_null(strstr(e.msg, path));
	assert_true(disk_safe_above(path, &e)); /* not above itself */
	assert_true(disk_mode(path, 01777, &e));
	assert_true(disk_safe_above(deep, &e));
	mem_free(deep);
}

static void
rename_and_unlink_say_how_it_went(void **state)
{
	struct err e = ERR_INIT;
	char *to = file_join(folder, "to");

	(void)state;
	assert_false(disk_rename(path, to, &e));
	assert_int_equal(e.sys, ENOENT);
	disk_close(opened(DISK_CREATE));
	assert_true(disk_rename(path, to, &e));
	assert_false(disk_unlink(path));
	assert_true(disk_unlink(to));
	assert_false(disk_mode(to, 0600, &e));
	mem_free(to);
}

#define EACH(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		EACH(a_new_file_is_ours_alone_and_must_be_new),
		EACH(no_link_is_written_through),
		EACH(only_regular_files_are_read),
		EACH(bytes_go_to_the_end_and_can_be_cut),
		EACH(failures_are_told_with_what_landed),
		EACH(reserved_room_does_not_change_the_size),
		EACH(one_holds_the_lock_until_it_closes),
		EACH(a_private_folder_is_real_ours_and_closed_to_others),
		EACH(a_folder_above_that_others_may_change_is_refused),
		EACH(rename_and_unlink_say_how_it_went),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
