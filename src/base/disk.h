#ifndef BASE_DISK_H
#define BASE_DISK_H

/*
 * The few system calls the record stands on, one by one, so that faults can be injected at
 * each of them: append, sync, cut, reserve, lock. Descriptors are CLOEXEC. No call retries
 * a failed sync (a second fdatasync may say 0 for bytes that are gone).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"

enum disk_open {
	DISK_CREATE /* must not exist */,
	DISK_APPEND /* make it if absent */,
	DISK_EXISTING
};

/* -1 and ERR_IO on failure. Append mode, 0600. */
int disk_open(const char *path, enum disk_open how, struct err *e);
/* A regular file and nothing else: a pipe or a device would make the reader wait. */
enum disk_links { DISK_FOLLOW, DISK_NO_LINK };
int disk_open_read(const char *path, enum disk_links links, struct err *e);
/* One write; a short one is continued until an error. *done counts bytes that landed. */
bool disk_append(
	int fd, const void *p, size_t len, size_t *done, struct err *e) WARN_UNUSED;
bool disk_sync(int fd, struct err *e) WARN_UNUSED; /* fdatasync */
bool disk_cut(int fd, int64_t size, struct err *e) WARN_UNUSED;
/* Room beyond the end without changing the size; file systems that cannot say so are
 * taken as they are. */
bool disk_reserve(int fd, int64_t from, int64_t bytes, struct err *e) WARN_UNUSED;
/* Open-file-description lock: gone with the process. ERR_STATE when somebody holds it. */
bool disk_lock(int fd, struct err *e) WARN_UNUSED;
bool disk_locked_by_other(int fd);
/* Whose it is; false: it is not there. */
bool disk_owner(const char *path, uid_t *out) WARN_UNUSED;
/* Does the path still lead to that open file? */
bool disk_is_at(int fd, const char *path);
int64_t disk_size(int fd);
ssize_t disk_read_at(int fd, void *p, size_t len, int64_t offset);
void disk_close(int fd);
bool disk_rename(const char *from, const char *to, struct err *e) WARN_UNUSED;
bool disk_mode(const char *path, mode_t mode, struct err *e) WARN_UNUSED;
bool disk_unlink(const char *path);
/* Makes a folder that must not be there yet. */
bool disk_new_dir(const char *path, mode_t mode, struct err *e) WARN_UNUSED;
/* A real folder of ours (no symlink, our user) that nobody else may write to. */
bool disk_private_dir(const char *path, struct err *e) WARN_UNUSED;
/* Nobody else may rename a folder above `path`: none is writable by others, unless it is
 * sticky as /tmp is. */
bool disk_safe_above(const char *path, struct err *e) WARN_UNUSED;

#endif
