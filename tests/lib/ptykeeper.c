#include "ptykeeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/* NUL and CAN around it: no program under test writes that, no terminal shows it. */
const char ptykeeper_end[] = "\0\030pty-end\030";
const size_t ptykeeper_end_bytes = sizeof(ptykeeper_end) - 1;

enum { STATUS_NO_EXEC = 127 };

static void
tell(int control, enum ptykeeper_kind kind, int value)
{
	struct ptykeeper_news news = {.kind = kind, .value = value};

	if (send(control, &news, sizeof(news), MSG_NOSIGNAL) < 0)
		_exit(1);
}

static _Noreturn void
exec_program(const struct ptykeeper_job *job)
{
	sigset_t none;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	signal(SIGTTOU, SIG_IGN);
	tcsetpgrp(job->tty, getpid());
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (int fd = 0; fd <= 2; fd++)
		dup2(job->tty, fd);
	syscall(SYS_close_range, 3, ~0U, 0);
	if (job->dir && chdir(job->dir)) {
		fprintf(stderr, "%s: %s\r\n", job->dir, strerror(errno));
		_exit(STATUS_NO_EXEC);
	}
	execvpe(job->argv[0], (char *const *)job->argv, job->envp);
	fprintf(stderr, "%s: %s\r\n", job->argv[0], strerror(errno));
	_exit(STATUS_NO_EXEC);
}

static void
say_end(int tty)
{
	size_t done = 0;

	tcflow(tty, TCOON); /* the program may have died with its output held by ^S */
	while (done < ptykeeper_end_bytes) {
		ssize_t n = write(tty, ptykeeper_end + done, ptykeeper_end_bytes - done);

		if (n < 0 && errno != EINTR)
			return; /* hung up: nobody reads any more */
		if (n > 0)
			done += (size_t)n;
	}
}

/* Reports stops and the end; true once the program is gone. */
static bool
reap(const struct ptykeeper_job *job, pid_t pid)
{
	int status;

	while (waitpid(pid, &status, WNOHANG | WUNTRACED) == pid) {
		tcsetpgrp(job->tty, getpid());
		if (WIFSTOPPED(status)) {
			tell(job->control, PTYKEEPER_STOPPED, status);
			continue;
		}
		say_end(job->tty);
		tell(job->control, PTYKEEPER_ENDED, status);
		return true;
	}
	return false;
}

static void
obey(const struct ptykeeper_job *job, pid_t pid, bool *ended)
{
	char order;

	if (read(job->control, &order, 1) != 1) {
		if (!*ended)
			kill(-pid, SIGKILL);
		_exit(0);
	}
	if (order == PTYKEEPER_RESUME && !*ended) {
		tcsetpgrp(job->tty, pid);
		kill(-pid, SIGCONT);
	}
}

static void
take_signal(const struct ptykeeper_job *job, int sigfd, pid_t pid, bool *ended)
{
	struct signalfd_siginfo info;

	if (read(sigfd, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGHUP && !*ended) {
		kill(-pid, SIGHUP);
		kill(-pid, SIGCONT);
	}
	if (!*ended)
		*ended = reap(job, pid);
}

void
ptykeeper_run(const struct ptykeeper_job *job)
{
	sigset_t set;
	bool ended = false;
	pid_t pid;
	int sigfd;

	if (setsid() < 0 || ioctl(job->tty, TIOCSCTTY, 0))
		_exit(1);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigdelset(&set, SIGTTOU);
	sigfd = signalfd(-1, &set, SFD_CLOEXEC);
	pid = fork();
	if (pid < 0 || sigfd < 0)
		_exit(1);
	if (pid == 0)
		exec_program(job);
	setpgid(pid, pid); /* both sides do it: whoever comes first */
	tell(job->control, PTYKEEPER_STARTED, pid);
	for (;;) {
		struct pollfd fds[] = {
			{.fd = sigfd, .events = POLLIN},
			{.fd = job->control, .events = POLLIN},
		};

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			_exit(1);
		if (fds[0].revents)
			take_signal(job, sigfd, pid, &ended);
		if (fds[1].revents)
			obey(job, pid, &ended);
	}
}
