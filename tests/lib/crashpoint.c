/*
 * Preloaded into the real program by tests/crash: counts the calls that change a file or
 * send something away, and at the n-th kills the process with SIGKILL, or makes it fail.
 * Only the process that was started has it; what that starts is left alone.
 *
 *   CRASH_AT=N      dies in call N; a write lands in part before (CRASH_PART bytes of it)
 *   CRASH_FAIL=WORDS  "fdatasync:EIO:3" fails the third fdatasync on a file below CRASH_UNDER
 *   CRASH_UNDER=DIR only files below it count for CRASH_FAIL
 *   CRASH_CLOCK=FILE  the wall clock is ahead by so many seconds as FILE says
 *   CRASH_LOG=FILE  one line for each call: number, name or "failed", size of the file then,
 *                 its path
 */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { PATH_BYTES = 512 };

static struct {
	pid_t owner;
	long at, part, fail_at, calls, matched;
	int fail_errno, log_fd;
	char fail_call[32], under[PATH_BYTES], clock[PATH_BYTES];
	pthread_mutex_t lock;
} crash = {.log_fd = -1, .lock = PTHREAD_MUTEX_INITIALIZER};

static const struct {
	const char *name;
	int number;
} errnos[] = {{"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EROFS", EROFS}, {"EDQUOT", EDQUOT},
	{"EACCES", EACCES}, {"EFBIG", EFBIG}};

static void
take_fail(const char *text)
{
	char name[32] = "";

	if (!text ||
		sscanf(text, "%31[^:]:%31[^:]:%ld", crash.fail_call, name,
			&crash.fail_at) != 3)
		return;
	for (size_t i = 0; i < sizeof errnos / sizeof *errnos; i++)
		if (strcmp(errnos[i].name, name) == 0)
			crash.fail_errno = errnos[i].number;
}

__attribute__((constructor)) static void
crash_begin(void)
{
	static const char *const names[] = {"CRASH_AT", "CRASH_PART", "CRASH_FAIL",
		"CRASH_UNDER", "CRASH_CLOCK", "CRASH_LOG", "LD_PRELOAD"};
	const char *at = getenv("CRASH_AT"), *part = getenv("CRASH_PART"),
		   *log = getenv("CRASH_LOG"), *under = getenv("CRASH_UNDER"),
		   *clock = getenv("CRASH_CLOCK");

	crash.owner = getpid();
	crash.at = at ? strtol(at, NULL, 10) : 0;
	crash.part = part ? strtol(part, NULL, 10) : 0;
	take_fail(getenv("CRASH_FAIL"));
	snprintf(crash.under, sizeof crash.under, "%s", under ? under : "");
	snprintf(crash.clock, sizeof crash.clock, "%s", clock ? clock : "");
	if (log)
		crash.log_fd = (int)syscall(SYS_openat, AT_FDCWD, log,
			O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		unsetenv(names[i]);
}

static void
path_of(int fd, char path[PATH_BYTES])
{
	char link[40];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_BYTES - 1);
	path[n > 0 ? n : 0] = '\0';
}

static void
note(const char *call, long n, int fd, const char *path)
{
	char line[PATH_BYTES + 80];
	struct stat st = {0};
	int len;

	if (fd >= 0)
		fstat(fd, &st);
	len = snprintf(line, sizeof line, "%ld %s %lld %s\n", n, call,
		(long long)st.st_size, path);
	syscall(SYS_write, crash.log_fd, line, (size_t)len);
}

static void
die(void)
{
	syscall(SYS_kill, crash.owner, SIGKILL);
	for (;;)
		pause();
}

enum verdict { GO_ON, DIE, FAIL };

/* Not called before it is known whether the process may go on; the lock is held until it
 * has died, so that no other thread gets further. No signal is heard meanwhile: its handler
 * may write, and would wait for the lock that its own thread holds. */
static enum verdict
meet(const char *call, int fd, const char *name)
{
	char path[PATH_BYTES] = "";
	enum verdict v = GO_ON;
	int saved = errno;
	sigset_t all, before;

	if (crash.owner != getpid())
		return GO_ON;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_mutex_lock(&crash.lock);
	if (fd >= 0)
		path_of(fd, path);
	else
		snprintf(path, sizeof path, "%s", name);
	crash.calls++;
	if (crash.at == crash.calls)
		v = DIE;
	else if (crash.fail_at && strcmp(call, crash.fail_call) == 0 &&
		strncmp(path, crash.under, strlen(crash.under)) == 0 &&
		++crash.matched >= crash.fail_at)
		v = FAIL;
	if (crash.log_fd >= 0)
		note(v == FAIL ? "failed" : call, crash.calls, fd, path);
	if (v != DIE) {
		pthread_mutex_unlock(&crash.lock);
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	}
	errno = v == FAIL ? crash.fail_errno : saved;
	return v;
}

static long
done(long rc)
{
	return rc; /* syscall(2) has set errno */
}

#define MEET(call, fd, name) \
	switch (meet(call, fd, name)) { \
	case DIE: \
		die(); \
		break; \
	case FAIL: \
		return -1; \
	case GO_ON: \
		break; \
	}

ssize_t
write(int fd, const void *p, size_t len)
{
	switch (meet("write", fd, NULL)) {
	case DIE:
		if (crash.part)
			syscall(SYS_write, fd, p,
				(size_t)crash.part < len ? (size_t)crash.part : len);
		die();
		break;
	case FAIL:
		return -1;
	case GO_ON:
		break;
	}
	return done(syscall(SYS_write, fd, p, len));
}

ssize_t
writev(int fd, const struct iovec *v, int n)
{
	MEET("writev", fd, NULL)
	return done(syscall(SYS_writev, fd, v, n));
}

ssize_t
pwrite(int fd, const void *p, size_t len, off_t at)
{
	MEET("pwrite", fd, NULL)
	return done(syscall(SYS_pwrite64, fd, p, len, at));
}

ssize_t
send(int fd, const void *p, size_t len, int flags)
{
	MEET("send", fd, NULL)
	return done(syscall(SYS_sendto, fd, p, len, flags, NULL, 0));
}

ssize_t
sendmsg(int fd, const struct msghdr *m, int flags)
{
	MEET("sendmsg", fd, NULL)
	return done(syscall(SYS_sendmsg, fd, m, flags));
}

int
fdatasync(int fd)
{
	MEET("fdatasync", fd, NULL)
	return (int)done(syscall(SYS_fdatasync, fd));
}

int
fsync(int fd)
{
	MEET("fsync", fd, NULL)
	return (int)done(syscall(SYS_fsync, fd));
}

int
ftruncate(int fd, off_t len)
{
	MEET("ftruncate", fd, NULL)
	return (int)done(syscall(SYS_ftruncate, fd, len));
}

int
fallocate(int fd, int mode, off_t from, off_t len)
{
	MEET("fallocate", fd, NULL)
	return (int)done(syscall(SYS_fallocate, fd, mode, from, len));
}

int
rename(const char *from, const char *to)
{
	MEET("rename", -1, to)
	return (int)done(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int
unlink(const char *path)
{
	MEET("unlink", -1, path)
	return (int)done(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
}

int
mkdir(const char *path, mode_t mode)
{
	MEET("mkdir", -1, path)
	return (int)done(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
}

/* ---- the clock --------------------------------------------------------------------------- */

static long
clock_ahead_s(void)
{
	char text[32] = "";
	int fd = (int)syscall(SYS_openat, AT_FDCWD, crash.clock, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? syscall(SYS_read, fd, text, sizeof text - 1) : 0;

	if (fd >= 0)
		syscall(SYS_close, fd);
	return n > 0 ? strtol(text, NULL, 10) : 0;
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	int rc = (int)syscall(SYS_clock_gettime, id, ts);

	if (rc == 0 && id == CLOCK_REALTIME && crash.clock[0])
		ts->tv_sec += clock_ahead_s();
	return rc;
}
