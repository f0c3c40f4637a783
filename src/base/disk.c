#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

int
disk_open(const char *path, enum disk_open how, struct err *e)
{
	static const int extra[] = {
		[DISK_CREATE] = O_CREAT | O_EXCL,
		[DISK_APPEND] = O_CREAT,
		[DISK_EXISTING] = 0,
	};
	int fd = open(
		path, O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | extra[how], 0600);

	if (fd < 0)
		err_sys(e, errno, "%s", path);
	return fd;
}

int
disk_open_read(const char *path, enum disk_links links, struct err *e)
{
	struct stat st;
	int fd = open(path,
		O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
			(links == DISK_NO_LINK ? O_NOFOLLOW : 0));

	if (fd < 0) {
		err_sys(e, errno, "%s", path);
		return -1;
	}
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	err_set(e, ERR_IO, "%s is not a regular file", path);
	return -1;
}

bool
disk_append(int fd, const void *p, size_t len, size_t *done, struct err *e)
{
	const char *at = p;

	*done = 0;
	while (*done < len) {
		ssize_t n = write(fd, at + *done, len - *done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, errno, "write");
		if (n == 0)
			return err_sys(e, ENOSPC, "write");
		*done += (size_t)n;
	}
	return true;
}

bool
disk_sync(int fd, struct err *e)
{
	if (fdatasync(fd) != 0)
		return err_sys(e, errno, "fdatasync");
	return true;
}

bool
disk_cut(int fd, int64_t size, struct err *e)
{
	if (ftruncate(fd, size) != 0)
		return err_sys(e, errno, "truncate");
	return true;
}

bool
disk_reserve(int fd, int64_t from, int64_t bytes, struct err *e)
{
	int rc;

	do
		rc = fallocate(fd, FALLOC_FL_KEEP_SIZE, from, bytes);
	while (rc != 0 && errno == EINTR);
	if (rc == 0 || errno == EOPNOTSUPP || errno == ENOSYS)
		return true;
	return err_sys(e, errno, "reserve %lld bytes", (long long)bytes);
}

static struct flock
whole_file(void)
{
	return (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET};
}

bool
disk_lock(int fd, struct err *e)
{
	struct flock lock = whole_file();

	if (fcntl(fd, F_OFD_SETLK, &lock) == 0)
		return true;
	if (errno == EACCES || errno == EAGAIN)
		return err_set(e, ERR_STATE, "busy: open in another console");
	return err_sys(e, errno, "lock");
}

bool
disk_locked_by_other(int fd)
{
	struct flock lock = whole_file();

	return fcntl(fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool
disk_owner(const char *path, uid_t *out)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return false;
	*out = st.st_uid;
	return true;
}

bool
disk_is_at(int fd, const char *path)
{
	struct stat here, there;

	return fstat(fd, &here) == 0 && lstat(path, &there) == 0 &&
		here.st_dev == there.st_dev && here.st_ino == there.st_ino;
}

int64_t
disk_size(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 ? (int64_t)st.st_size : -1;
}

ssize_t
disk_read_at(int fd, void *p, size_t len, int64_t offset)
{
	ssize_t n;

	do
		n = pread(fd, p, len, offset);
	while (n < 0 && errno == EINTR);
	return n;
}

void
disk_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

bool
disk_rename(const char *from, const char *to, struct err *e)
{
	if (rename(from, to) != 0)
		return err_sys(e, errno, "rename %s to %s", from, to);
	return true;
}

bool
disk_mode(const char *path, mode_t mode, struct err *e)
{
	if (chmod(path, mode) != 0)
		return err_sys(e, errno, "%s", path);
	return true;
}

bool
disk_unlink(const char *path)
{
	return unlink(path) == 0;
}

bool
disk_new_dir(const char *path, mode_t mode, struct err *e)
{
	if (mkdir(path, mode) != 0)
		return err_sys(e, errno, "cannot make the folder %s", path);
	return true;
}

bool
disk_private_dir(const char *path, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return err_sys(e, errno, "%s", path);
	if (!S_ISDIR(st.st_mode))
		return err_set(e, ERR_REFUSED,
			"%s is not a folder (a link is not followed here)", path);
	if (st.st_uid != geteuid())
		return err_set(e, ERR_REFUSED, "%s belongs to user %u, not to you", path,
			(unsigned)st.st_uid);
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return err_set(
			e, ERR_REFUSED, "others may write to %s: chmod go-w it", path);
	return true;
}

bool
disk_safe_above(const char *path, struct err *e)
{
	char *dir = file_dir(path);
	struct stat st;
	bool ok = true;

	for (;;) {
		if (stat(dir, &st) != 0)
			ok = err_sys(e, errno, "%s", dir);
		else if ((st.st_mode & (S_IWGRP | S_IWOTH)) && !(st.st_mode & S_ISVTX))
			ok = err_set(e, ERR_REFUSED,
				"others may write to %s, which is above %s: chmod go-w "
				"it",
				dir, path);
		if (!ok || strcmp(dir, "/") == 0 || strcmp(dir, ".") == 0)
			break;
		char *up = file_dir(dir);
		mem_free(dir);
		dir = up;
	}
	mem_free(dir);
	return ok;
}
