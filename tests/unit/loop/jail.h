#ifndef TESTS_UNIT_LOOP_JAIL_H
#define TESTS_UNIT_LOOP_JAIL_H

/*
 * Runs a test program again inside a PID namespace of its own, so that a wrong signal
 * cannot leave it and nothing it started outlives it. Call first thing in main; returns
 * in the inner program. Where the kernel allows no namespace, the whole program says so
 * as a TAP skip.
 */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void
jail_enter(char **argv)
{
	static const char *const ways[] = {
		"exec unshare --pid --fork --mount-proc --kill-child \"$0\" \"$@\"",
		"exec unshare --user --map-current-user --pid --fork --mount-proc"
		" --kill-child \"$0\" \"$@\"",
	};
	static const char *const tries[] = {
		"unshare --pid --fork --mount-proc true 2>/dev/null",
		"unshare --user --map-current-user --pid --fork --mount-proc true 2>/dev/null",
	};

	if (getenv("TEST_IN_JAIL"))
		return;
	setenv("TEST_IN_JAIL", "1", 1);
	for (int i = 0; i < 2; i++) {
		if (system(tries[i]) != 0)
			continue;
		execl("/bin/sh", "sh", "-c", ways[i], argv[0], argv[1], (char *)NULL);
	}
	puts("1..0 # SKIP no PID namespace here (unshare --pid)");
	exit(0);
}

#endif
