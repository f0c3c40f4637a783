#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/vec.h"

enum { READ_BYTES = 64 * 1024 };

/* ---- reading --------------------------------------------------------------------- */

static const char *
kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "a folder";
	case S_IFIFO:
		return "a pipe";
	case S_IFSOCK:
		return "a socket";
	default:
		return "a device";
	}
}

static bool
check_regular(int fd, const char *path, size_t limit, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return err_sys(e, errno, "cannot read %s", path);
	if (!S_ISREG(st.st_mode)) {
		err_set(e, ERR_IO, "cannot read %s: it is %s", path, kind_of(st.st_mode));
		e->sys = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
		return false;
	}
	if (st.st_size > 0 && (size_t)st.st_size > limit)
		return err_set(e, ERR_LIMIT, "%s has %jd bytes, at most %zu are read",
			path, (intmax_t)st.st_size, limit);
	return true;
}

/* The size that was asked for first proves nothing: the file may grow, /proc says 0. */
static bool
read_to_end(int fd, const char *path, size_t limit, struct str *out, struct err *e)
{
	size_t total = 0;

	for (;;) {
		str_reserve(out, READ_BYTES);
		ssize_t n = read(fd, out->buf + out->len, READ_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, errno, "cannot read %s", path);
		if (n == 0)
			return true;
		total += (size_t)n;
		if (total > limit)
			return err_set(
				e, ERR_LIMIT, "%s is larger than %zu bytes", path, limit);
		out->len += (size_t)n;
		out->buf[out->len] = '\0';
	}
}

bool
file_read(const char *path, size_t limit, struct str *out, struct err *e)
{
	size_t start = out->len;
	/* Without O_NONBLOCK the open itself would wait for the writer of a pipe. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return err_sys(e, errno, "cannot read %s", path);
	bool ok = check_regular(fd, path, limit, e) &&
		read_to_end(fd, path, limit, out, e);
	close(fd);
	if (!ok)
		str_cut(out, start);
	return ok;
}

/* ---- writing --------------------------------------------------------------------- */

bool
file_write_all(int fd, const void *p, size_t len, struct err *e)
{
	const char *at = p;

	while (len > 0) {
		ssize_t n = write(fd, at, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_sys(e, errno, "cannot write %zu bytes", len);
		at += n;
		len -= (size_t)n;
	}
	return true;
}

bool
file_sync_dir(const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return err_sys(e, errno, "cannot open the folder %s", path);
	int rc = fsync(fd);
	int sys = errno;
	close(fd);
	/* Some file systems cannot sync a folder, and say so this way. */
	return rc == 0 || sys == EINVAL ||
		err_sys(e, sys, "cannot sync the folder %s", path);
}

/* Gives a file written aside its name. */
typedef bool name_file(const char *aside, const char *path, struct err *e);

struct putting {
	name_file *give_name;
	mode_t mode;
	bool synced;
};

/* Everything on disk under the name aside, or nothing of it left. */
static bool
write_aside(const struct putting *how, const char *aside, int fd, const struct str *text,
	struct err *e)
{
	bool ok = file_write_all(fd, text->buf, text->len, e) || err_ctx(e, "%s", aside);

	if (ok && (fchmod(fd, how->mode) != 0 || (how->synced && fsync(fd) != 0)))
		ok = err_sys(e, errno, "cannot write %s", aside);
	if (close(fd) != 0 && ok)
		ok = err_sys(e, errno, "cannot write %s", aside);
	return ok;
}

static bool
take_place(const char *aside, const char *path, struct err *e)
{
	return rename(aside, path) == 0 || err_sys(e, errno, "cannot write %s", path);
}

/* A link fails where the name is taken; file systems without links have a rename that
 * does. */
static bool
take_free_name(const char *aside, const char *path, struct err *e)
{
	if (link(aside, path) == 0) {
		unlink(aside);
		return true;
	}
	if (errno != EEXIST &&
		renameat2(AT_FDCWD, aside, AT_FDCWD, path, RENAME_NOREPLACE) == 0)
		return true;
	if (errno == EEXIST)
		return err_set(
			e, ERR_REFUSED, "%s is there already; nothing was written", path);
	return err_sys(e, errno, "cannot write %s", path);
}

static bool
put_file(const char *path, const struct str *text, const struct putting *how,
	struct err *e)
{
	char *folder = file_dir(path);
	char *aside = mem_printf("%s/.%s.XXXXXX", folder, file_base(path));
	int fd = mkostemp(aside, O_CLOEXEC);
	bool ok = fd >= 0 || err_sys(e, errno, "cannot write %s", path);

	if (ok) {
		ok = write_aside(how, aside, fd, text, e) &&
			how->give_name(aside, path, e);
		if (!ok)
			unlink(aside);
	}
	ok = ok && (!how->synced || file_sync_dir(folder, e));
	mem_free(aside);
	mem_free(folder);
	return ok;
}

bool
file_replace(const char *path, const void *p, size_t len, mode_t mode, struct err *e)
{
	struct str text = {.buf = (char *)p, .len = len};

	return put_file(path, &text, &(struct putting){take_place, mode, true}, e);
}

bool
file_replace_quick(
	const char *path, const void *p, size_t len, mode_t mode, struct err *e)
{
	struct str text = {.buf = (char *)p, .len = len};

	return put_file(path, &text, &(struct putting){take_place, mode, false}, e);
}

bool
file_create(const char *path, const void *p, size_t len, mode_t mode, struct err *e)
{
	struct str text = {.buf = (char *)p, .len = len};

	return put_file(path, &text, &(struct putting){take_free_name, mode, true}, e);
}

bool
file_mkdirs(const char *path, mode_t mode, struct err *e)
{
	char *part = mem_strdup(path);
	bool ok = true;

	for (char *slash = part; ok && slash != NULL;) {
		slash = strchr(slash + 1, '/');
		if (slash != NULL)
			*slash = '\0';
		if (mkdir(part, mode) != 0 && !file_is_dir(part))
			ok = err_sys(e, errno == EEXIST ? ENOTDIR : errno,
				"cannot make the folder %s", part);
		if (slash != NULL)
			*slash = '/';
	}
	mem_free(part);
	return ok;
}

/* ---- asking ---------------------------------------------------------------------- */

bool
file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

int64_t
file_size(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) ? (int64_t)st.st_size : -1;
}

bool
file_is_dir(const char *path)
{
	int saved = errno;
	struct stat st;
	bool is_dir = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	errno = saved;
	return is_dir;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **
file_names(const char *path, size_t *count, struct err *e)
{
	VEC_OF(char *) names = {0};
	DIR *dir = opendir(path);
	struct dirent *entry;

	*count = 0;
	if (dir == NULL) {
		err_sys(e, errno, "cannot read the folder %s", path);
		return NULL;
	}
	while (errno = 0, (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			vec_push(&names, mem_strdup(entry->d_name));
	}
	int sys = errno;
	closedir(dir);
	size_t len = names.len;
	vec_push(&names, NULL);
	if (sys != 0) {
		file_names_free(names.at);
		err_sys(e, sys, "cannot read the folder %s", path);
		return NULL;
	}
	qsort(names.at, len, sizeof *names.at, by_name);
	*count = len;
	return names.at;
}

void
file_names_free(char **names)
{
	if (names == NULL)
		return;
	for (char **name = names; *name != NULL; name++)
		mem_free(*name);
	mem_free(names);
}

/* ---- removing -------------------------------------------------------------------- */

static bool remove_at(int parent, const char *name, struct err *e);

static bool
remove_members(int fd, struct err *e)
{
	DIR *dir = fdopendir(fd);
	struct dirent *entry;
	bool ok = true;

	if (dir == NULL) {
		close(fd);
		return err_sys(e, ENOMEM, "cannot read a folder");
	}
	while (ok && (entry = readdir(dir)) != NULL) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			ok = remove_at(dirfd(dir), entry->d_name, e);
	}
	closedir(dir);
	return ok;
}

/* Every step goes through an open folder, so that a name swapped for a symbolic link under
 * way leads nowhere. */
static bool
remove_at(int parent, const char *name, struct err *e)
{
	int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0 && errno == ENOENT)
		return true;
	if (fd >= 0 && !remove_members(fd, e))
		return false;
	bool is_dir = fd >= 0;
	if (unlinkat(parent, name, is_dir ? AT_REMOVEDIR : 0) != 0 && errno != ENOENT)
		return err_sys(e, errno, "cannot remove %s", name);
	return true;
}

bool
file_remove_tree(const char *path, struct err *e)
{
	return remove_at(AT_FDCWD, path, e) || err_ctx(e, "%s", path);
}

/* ---- names ----------------------------------------------------------------------- */

char *
file_real(const char *path)
{
	char *real = realpath(path, NULL), *out = mem_strdup(real);

	free(real); /* of the C library */
	return out;
}

char *
file_join(const char *a, const char *b)
{
	size_t len = strlen(a);

	if (b[0] == '/' || len == 0)
		return mem_strdup(b);
	return mem_printf("%s%s%s", a, a[len - 1] == '/' ? "" : "/", b);
}

const char *
file_base(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash != NULL ? slash + 1 : path;
}

char *
file_dir(const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return mem_strdup(".");
	return slash == path ? mem_strdup("/")
			     : mem_strndup(path, (size_t)(slash - path));
}

/* ---- the operator's folders ------------------------------------------------------ */

static const struct {
	const char *variable, *below_home;
} xdg[] = {
	[FILE_XDG_CONFIG] = {"XDG_CONFIG_HOME", ".config"},
	[FILE_XDG_DATA] = {"XDG_DATA_HOME", ".local/share"},
	[FILE_XDG_STATE] = {"XDG_STATE_HOME", ".local/state"},
	[FILE_XDG_CACHE] = {"XDG_CACHE_HOME", ".cache"},
	[FILE_XDG_RUNTIME] = {"XDG_RUNTIME_DIR", NULL},
};

static const char *
absolute_env(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] == '/' ? value : NULL;
}

static const char *
home(void)
{
	const char *value = absolute_env("HOME");

	if (value != NULL)
		return value;
	const struct passwd *pw = getpwuid(geteuid());
	return pw != NULL && pw->pw_dir != NULL && pw->pw_dir[0] == '/' ? pw->pw_dir
									: "/";
}

/* Ours alone: anything else in a folder that all may write to could be a trap. */
static bool
is_private(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
		(st.st_mode & 077) == 0;
}

static char *
runtime_folder(void)
{
	const char *given = absolute_env(xdg[FILE_XDG_RUNTIME].variable);
	struct stat st;

	/* After su or sudo it is another person's. */
	if (given != NULL && stat(given, &st) == 0 && S_ISDIR(st.st_mode) &&
		st.st_uid == geteuid())
		return file_join(given, "handrail");
	const char *tmp = absolute_env("TMPDIR");
	char *path = mem_printf(
		"%s/handrail-%ju", tmp != NULL ? tmp : "/tmp", (uintmax_t)geteuid());
	if ((mkdir(path, 0700) == 0 || errno == EEXIST) && is_private(path))
		return path;
	mem_free(path);
	return NULL;
}

static char *
state_folder(const char *given)
{
	if (given[0] == '/')
		return mem_strdup(given);
	char *here = getcwd(NULL, 0);
	char *path = file_join(here != NULL ? here : "/", given);
	free(here);
	return path;
}

char *
file_xdg(enum file_xdg which)
{
	const char *own = getenv("HANDRAIL_STATE_DIR");

	if (which == FILE_XDG_STATE && own != NULL && own[0] != '\0')
		return state_folder(own);
	if (which == FILE_XDG_RUNTIME)
		return runtime_folder();
	const char *base = absolute_env(xdg[which].variable);
	if (base != NULL)
		return file_join(base, "handrail");
	const char *house = home();
	return mem_printf("%s%s%s/handrail", house, strcmp(house, "/") == 0 ? "" : "/",
		xdg[which].below_home);
}
