#ifndef BASE_FILE_H
#define BASE_FILE_H

/*
 * Files with their faults named. Paths in messages are as given. Nothing here follows a
 * half-written file into place: replace writes aside, syncs, renames, syncs the folder.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/str.h"

/* Whole regular file, at most `limit` bytes (ERR_LIMIT beyond); refuses directories,
 * fifos and devices. */
bool file_read(
	const char *path, size_t limit, struct str *out, struct err *e) WARN_UNUSED;
bool file_replace(const char *path, const void *p, size_t len, mode_t mode,
	struct err *e) WARN_UNUSED;
/* The same without waiting for the disk: after a power cut the file may be the old one, the
 * new one, or empty. For what whoever reads it can do without. */
bool file_replace_quick(const char *path, const void *p, size_t len, mode_t mode,
	struct err *e) WARN_UNUSED;
/* A file that must not be there yet: written aside and given its name only if nobody else
 * has taken it meanwhile. ERR_REFUSED when it exists, as whatever. */
bool file_create(const char *path, const void *p, size_t len, mode_t mode,
	struct err *e) WARN_UNUSED;
bool file_mkdirs(const char *path, mode_t mode, struct err *e) WARN_UNUSED;
bool file_exists(const char *path);
bool file_is_dir(const char *path);
int64_t file_size(const char *path); /* bytes of a regular file; -1: it is none */
bool file_write_all(int fd, const void *p, size_t len, struct err *e) WARN_UNUSED;
bool file_sync_dir(const char *path, struct err *e) WARN_UNUSED;
/* Removes a tree we made; never follows symlinks. */
bool file_remove_tree(const char *path, struct err *e) WARN_UNUSED;
/* Absolute, without links; NULL: it is not there. Caller frees. */
char *file_real(const char *path);
/* a/b, freshly allocated; b alone when it is absolute. */
char *file_join(const char *a, const char *b);
const char *file_base(const char *path); /* what follows the last slash */
char *file_dir(const char *path);        /* what precedes it, "." or "/"; caller frees */

/* Names in a folder, sorted, without . and ..; NULL-terminated, file_names_free. */
char **file_names(const char *path, size_t *count, struct err *e) WARN_UNUSED;
void file_names_free(char **names);

/* $XDG_…_HOME/handrail or its default; relative values are ignored (XDG base directory
 * specification); HANDRAIL_STATE_DIR overrides the state folder. Caller frees. The folder
 * is not made, with one exception: without $XDG_RUNTIME_DIR the runtime folder is
 * handrail-<uid> in the temporary folder, made 0700; NULL if somebody else's stands
 * there. */
enum file_xdg {
	FILE_XDG_CONFIG,
	FILE_XDG_DATA,
	FILE_XDG_STATE,
	FILE_XDG_CACHE,
	FILE_XDG_RUNTIME
};
char *file_xdg(enum file_xdg which);

#endif
