#include "remote/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wirefacts.h"
#include "remote/fleet.h"
#include "remote/pace.h"

enum { FD_CONTROL = 3, READ_MS = 45 * 1000 };

/* A process has one parent of workers as it has one standard error: it is started before
 * there is anything that could own it. */
static struct {
	char *program; /* NULL: fleet_prepare was not called, or found none */
	pid_t pid;     /* 0: none */
	int fd;
} workers;

/* ---- finding it ---- */

static char *
beside(const char *program)
{
	char *dir = file_dir(program), *path = file_join(dir, "handrail-ssh");

	mem_free(dir);
	if (access(path, X_OK) == 0)
		return path;
	mem_free(path);
	return NULL;
}

static char *
find_program(const char *argv0)
{
	char exe[4096], *path = NULL;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

	if (n > 0) {
		exe[n] = 0;
		path = beside(exe);
	}
	if (!path && argv0 && strchr(argv0, '/'))
		path = beside(argv0);
	if (!path && access(HR_LIBEXECDIR "/handrail-ssh", X_OK) == 0)
		path = mem_strdup(HR_LIBEXECDIR "/handrail-ssh");
	return path;
}

const char *
workers_program(void)
{
	return workers.program;
}

/* ---- starting it ---- */

static int
spawn_program(int control, pid_t *pid)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	char *argv[] = {workers.program, NULL};
	sigset_t none, all;
	int rc;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, control, FD_CONTROL);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	/* A session of its own: Ctrl-C at the terminal is for the console. */
	posix_spawnattr_setflags(&attr,
		POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	rc = posix_spawn(pid, workers.program, &files, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	return rc;
}

static bool
start(struct err *e)
{
	int ends[2], rc;

	if (!workers.program)
		return err_set(e, ERR_STATE, "handrail-ssh was not found");
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
		return err_sys(e, errno, "socketpair for handrail-ssh");
	rc = spawn_program(ends[1], &workers.pid);
	close(ends[1]);
	if (rc != 0) {
		close(ends[0]);
		workers.pid = 0;
		return err_sys(e, rc, "cannot start %s", workers.program);
	}
	workers.fd = ends[0];
	return true;
}

void
workers_end(void)
{
	if (workers.pid == 0)
		return;
	close(workers.fd);
	/* It ends by itself at that; a stopped one must not keep us waiting. */
	kill(workers.pid, SIGKILL);
	waitpid(workers.pid, NULL, 0);
	workers.pid = 0;
}

void
fleet_prepare(const char *argv0)
{
	struct err e = ERR_INIT;

	if (workers.program)
		return;
	workers.program = find_program(argv0);
	if (!start(&e))
		return; /* said by the first link that needs it */
}

/* ---- asking it ---- */

static bool
send_end(int end)
{
	char byte = 'w';
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {0};
	struct iovec iov = {.iov_base = &byte, .iov_len = 1};
	struct msghdr m = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof control,
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	ssize_t n;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof end);
	memcpy(CMSG_DATA(c), &end, sizeof end);
	do {
		n = sendmsg(workers.fd, &m, MSG_NOSIGNAL | MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	return n == 1;
}

int
workers_ask(struct err *e)
{
	int ends[2];
	bool sent;

	if (workers.pid == 0 && !start(e))
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
		err_sys(e, errno, "socketpair for a worker");
		return -1;
	}
	sent = send_end(ends[1]);
	if (!sent) {
		workers_end();
		sent = start(e) && send_end(ends[1]);
	}
	close(ends[1]);
	if (sent)
		return ends[0];
	close(ends[0]);
	if (e->kind == ERR_NONE)
		err_set(e, ERR_STATE, "%s: it starts and ends at once", workers.program);
	return -1;
}

void
workers_hello(const struct transport_opts *o, int64_t connect_ms, struct str *payload)
{
	const struct sshconf *c = o->conf;
	struct str types = STR_INIT;
	struct wirefacts f = {
		.host = c->hostname,
		.user = c->user,
		.family = c->addressfamily,
		.bind = c->bindaddress,
		.agent = c->identityagent,
		.keeper = (char *)o->keeper,
		.methods = c->preferredauth,
		.port = (uint32_t)c->port,
		.connect_ms = (uint32_t)connect_ms,
		.agent_ms = WORKERS_AGENT_MS,
		.read_ms = (uint32_t)pace_ms(READ_MS),
		.flags = (c->identities_only ? WIREFACTS_IDENTITIES_ONLY : 0u) |
			(c->pubkey ? WIREFACTS_PUBKEY : 0u) |
			(c->password ? WIREFACTS_PASSWORD : 0u) |
			(c->kbdinteractive ? WIREFACTS_KBDINT : 0u),
	};

	knownhost_types(o->known, &types);
	f.hostkeys = types.buf;
	for (size_t i = 0; i < c->identityfiles.list.len; i++)
		vec_push(&f.files, (char *)c->identityfiles.list.at[i]);
	wirefacts_add(payload, &f);
	vec_free(&f.files);
	str_release(&types);
}
