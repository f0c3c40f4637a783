#include "worker/confine.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/str.h"
#include "config.h"

enum { FD_UP = 3, FILES_MAX = 32 };
/* 64 MiB for the session (sshcore), its buffers, and the libraries. */
static const rlim_t address_space = 256u << 20;

void
confine_descriptors(int keep)
{
	int null = open("/dev/null", O_RDWR);

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		/* The terminal is the console's; a file or pipe may have our last words. */
		if (isatty(STDERR_FILENO))
			dup2(null, STDERR_FILENO);
	}
	if (keep != FD_UP)
		dup2(keep, FD_UP);
	close_range(FD_UP + 1, ~0u, 0);
}

void
confine_environment(void)
{
	static const char *const kept[] = {"PATH", "HOME", "LD_LIBRARY_PATH",
		"OPENSSL_CONF", "RES_OPTIONS", "LOCALDOMAIN", "ASAN_OPTIONS",
		"UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "HANDRAIL_TEST_LIMITS"};
	enum { COUNT = sizeof kept / sizeof *kept };
	char *value[COUNT];

	for (int i = 0; i < COUNT; i++)
		value[i] = mem_strdup(getenv(kept[i]));
	clearenv();
	for (int i = 0; i < COUNT; i++) {
		if (value[i])
			setenv(kept[i], value[i], 1);
		mem_free(value[i]);
	}
}

void
confine_to_parent(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (parent != 0 && getppid() != parent)
		_exit(0);
}

void
confine_limits(void)
{
	const char *test = getenv("HANDRAIL_TEST_LIMITS");

#ifndef HR_SANITIZED
	if (str_eq(test, "0"))
		return;
	setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
	setrlimit(RLIMIT_AS, &(struct rlimit){address_space, address_space});
	setrlimit(RLIMIT_NOFILE, &(struct rlimit){FILES_MAX, FILES_MAX});
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	prctl(PR_SET_DUMPABLE, 0);
#else
	(void)test;
	(void)address_space;
#endif
}
