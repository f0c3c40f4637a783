#include "loop/meet.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/disk.h"
#include "base/file.h"
#include "base/mem.h"

#define SHARED_VAR     "HANDRAIL_SHARED_DIR"
#define SHARED_DEFAULT "/run/handrail"

enum { WAITING_MAX = 8, GROUPS_MAX = 1024 };

void
meet_peer_release(struct meet_peer *p)
{
	mem_free(p->user);
	p->user = NULL;
}

/* ---- folders ----------------------------------------------------------------------------- */

char *
meet_private_dir(struct err *e)
{
	char *dir = file_xdg(FILE_XDG_RUNTIME);

	if (!dir) {
		err_set(e, ERR_REFUSED,
			"the runtime folder of this account is somebody else's");
		return NULL;
	}
	if (file_mkdirs(dir, 0700, e) && disk_private_dir(dir, e))
		return dir;
	mem_free(dir);
	return NULL;
}

/* Others than its owner, root and its group may not write there, and none of them may take
 * away what another has made. */
static bool
shared_is_safe(const char *dir, const struct stat *st, struct err *e)
{
	if (!S_ISDIR(st->st_mode))
		return err_set(e, ERR_REFUSED, "%s is not a folder", dir);
	if (st->st_uid != 0 && st->st_uid != geteuid())
		return err_set(e, ERR_REFUSED, "%s belongs to user %ju, not to root", dir,
			(uintmax_t)st->st_uid);
	if (st->st_mode & S_IWOTH)
		return err_set(e, ERR_REFUSED,
			"%s can be written to by everybody: chmod o-w", dir);
	if ((st->st_mode & S_IWGRP) && !(st->st_mode & S_ISVTX))
		return err_set(e, ERR_REFUSED,
			"in %s anybody of its group can replace a socket: chmod +t", dir);
	return true;
}

char *
meet_shared_dir(struct err *e)
{
	const char *given = getenv(SHARED_VAR);
	const char *dir = given && *given ? given : SHARED_DEFAULT;
	struct stat st;

	if (dir[0] != '/') {
		err_set(e, ERR_INPUT, SHARED_VAR "=%s is not a whole path", dir);
		return NULL;
	}
	if (lstat(dir, &st) != 0) {
		if (given && *given)
			err_sys(e, errno, "%s", dir);
		return NULL;
	}
	if (!shared_is_safe(dir, &st, e) || !disk_safe_above(dir, e))
		return NULL;
	return mem_strdup(dir);
}

char *
meet_path(const char *dir, const char *run)
{
	return mem_printf("%s/%s.sock", dir, run);
}

/* ---- who --------------------------------------------------------------------------------- */

static char *
user_name(uid_t uid)
{
	const struct passwd *pw = getpwuid(uid);

	return pw && pw->pw_name[0] ? mem_strdup(pw->pw_name)
				    : mem_printf("uid%ju", (uintmax_t)uid);
}

static bool
peer_of(int fd, struct meet_peer *out)
{
	struct ucred cred;
	socklen_t len = sizeof cred;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) != 0)
		return false;
	*out = (struct meet_peer){.uid = cred.uid, .pid = cred.pid};
	return true;
}

/* The group of the socket's own file decides, as its mode does; asked again of the kernel,
 * because a descriptor can be handed on. */
static bool
in_group_of_socket(int listener, int fd)
{
	struct sockaddr_un addr;
	socklen_t len = sizeof addr;
	struct stat st;
	gid_t groups[GROUPS_MAX];
	struct ucred cred;

	if (getsockname(listener, (struct sockaddr *)&addr, &len) != 0 ||
		lstat(addr.sun_path, &st) != 0)
		return false;
	len = sizeof cred;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == 0 &&
		cred.gid == st.st_gid)
		return true;
	len = sizeof groups;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len) != 0)
		return false;
	for (size_t i = 0; i < len / sizeof groups[0]; i++)
		if (groups[i] == st.st_gid)
			return true;
	return false;
}

int
meet_accept(int listener, enum meet_who who, struct meet_peer *out)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return -1;
	if (!peer_of(fd, out)) {
		close(fd);
		return -1;
	}
	if (out->uid == geteuid() || out->uid == 0 ||
		(who == MEET_GROUP && in_group_of_socket(listener, fd))) {
		/* a directory service is only asked for who may come in: it can be slow */
		out->user = user_name(out->uid);
		return fd;
	}
	close(fd);
	return -1;
}

/* ---- sockets ----------------------------------------------------------------------------- */

static bool
address(const char *path, struct sockaddr_un *addr, struct err *e)
{
	*addr = (struct sockaddr_un){.sun_family = AF_UNIX};
	if (strlen(path) >= sizeof addr->sun_path)
		return err_set(e, ERR_LIMIT, "%s is too long for a socket", path);
	memcpy(addr->sun_path, path, strlen(path) + 1);
	return true;
}

static int
dial(const char *path, struct err *e)
{
	struct sockaddr_un addr;
	int fd;

	if (!address(path, &addr, e))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&addr, sizeof addr) == 0)
		return fd;
	if (errno == EACCES || errno == EPERM)
		err_set(e, ERR_REFUSED, "%s: you may not enter: %s", path,
			strerror(errno));
	else
		err_set(e, ERR_STATE, "%s: nobody is there: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* Left behind by a console that died; the lock of its run was free, so nobody else serves
 * it. */
static bool
clear_the_place(const char *path, struct err *e)
{
	struct err dead = ERR_INIT;
	struct stat st;
	int fd;

	if (lstat(path, &st) != 0)
		return true;
	if (!S_ISSOCK(st.st_mode) || st.st_uid != geteuid())
		return err_set(e, ERR_REFUSED, "%s is not a socket of ours", path);
	fd = dial(path, &dead);
	if (fd >= 0) {
		close(fd);
		return err_set(e, ERR_STATE, "%s: another console is there", path);
	}
	return unlink(path) == 0 || err_sys(e, errno, "%s", path);
}

static bool
open_to_group(const char *path, struct err *e)
{
	char *dir = file_dir(path);
	struct stat st;
	bool ok = stat(dir, &st) == 0 && chown(path, (uid_t)-1, st.st_gid) == 0 &&
		chmod(path, 0660) == 0;

	mem_free(dir);
	return ok || err_sys(e, errno, "%s: give it to the folder's group", path);
}

int
meet_listen(const char *path, enum meet_who who, struct err *e)
{
	struct sockaddr_un addr;
	mode_t mask;
	int fd, bound;

	if (!address(path, &addr, e) || !clear_the_place(path, e))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	mask = umask(0177);
	bound = fd < 0 ? -1 : bind(fd, (struct sockaddr *)&addr, sizeof addr);
	umask(mask);
	if (bound != 0 || listen(fd, WAITING_MAX) != 0) {
		err_sys(e, errno, "cannot listen at %s", path);
	} else if (who == MEET_MYSELF || open_to_group(path, e)) {
		return fd;
	} else {
		unlink(path);
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

int
meet_connect(const char *path, struct meet_peer *out, struct err *e)
{
	int fd = dial(path, e);
	struct stat st;

	if (fd < 0)
		return -1;
	/* Who made the file must be who listens: else somebody stands in for the driver. */
	if (!peer_of(fd, out)) {
		err_sys(e, errno, "%s", path);
	} else if (lstat(path, &st) != 0 || st.st_uid != out->uid) {
		err_set(e, ERR_REFUSED, "%s: who listens there is not its owner", path);
	} else {
		out->user = user_name(out->uid);
		return fd;
	}
	close(fd);
	return -1;
}

void
meet_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

void
meet_remove(const char *path)
{
	unlink(path);
}

ssize_t
meet_read(int fd, void *p, size_t len)
{
	ssize_t n = recv(fd, p, len, MSG_DONTWAIT);

	if (n > 0)
		return n;
	return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

ssize_t
meet_write(int fd, const void *p, size_t len)
{
	ssize_t n = send(fd, p, len, MSG_DONTWAIT | MSG_NOSIGNAL);

	if (n >= 0)
		return n;
	return errno == EAGAIN || errno == EINTR ? 0 : -1;
}
