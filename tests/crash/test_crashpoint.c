/*
 * The preloaded library that the crash tests lean on must not change what a program does
 * before its moment comes. A signal whose handler writes (that of the event loop does) may
 * arrive in the middle of any call that the library counts.
 */

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <unistd.h>

#include <cmocka.h>

enum { WRITES = 50000, STORM_US = 50, PATIENCE_MS = 30000, PATH_BYTES = 2048 };

static const char storm_word[] = "--in-the-storm";

static void
write_too(int sig)
{
	ssize_t ignored = write(STDOUT_FILENO, "s", 1);

	(void)ignored;
	(void)sig;
}

/* In the program with the library: writes, while signals come whose handler writes. */
static int
in_the_storm(void)
{
	struct sigaction sa = {.sa_handler = write_too, .sa_flags = SA_RESTART};
	struct itimerval often = {{0, STORM_US}, {0, STORM_US}};

	sigemptyset(&sa.sa_mask);
	if (sigaction(SIGALRM, &sa, NULL) != 0 ||
		setitimer(ITIMER_REAL, &often, NULL) != 0)
		return 2;
	for (int i = 0; i < WRITES; i++)
		if (write(STDOUT_FILENO, "w", 1) != 1)
			return 3;
	return 0;
}

static void
a_signal_in_the_middle_of_a_call_is_no_deadlock(void **state)
{
	char preload[PATH_BYTES];
	struct pollfd end;
	struct stat st;
	int status = -1;
	pid_t pid;

	(void)state;
	snprintf(preload, sizeof preload, "%s/tests/lib/crashpoint.so",
		getenv("BUILDDIR"));
	if (stat(preload, &st) != 0)
		skip(); /* a sanitized build has none */
	pid = fork();
	if (pid == 0) {
		dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
		setenv("LD_PRELOAD", preload, 1);
		execl("/proc/self/exe", "test_crashpoint", storm_word, (char *)NULL);
		_exit(127);
	}
	end = (struct pollfd){
		.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
	assert_true(end.fd >= 0);
	if (poll(&end, 1, PATIENCE_MS) != 1) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		fail_msg("it stands still");
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	close(end.fd);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_in_the_middle_of_a_call_is_no_deadlock),
	};

	if (argc > 1 && strcmp(argv[1], storm_word) == 0)
		return in_the_storm();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
