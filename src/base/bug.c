#include "base/bug.h"

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <unistd.h>

/* One of the two mutable globals of base: a dying program has nobody to be handed it. */
static void (*bug_hook)(void);

void
bug_set_hook(void (*hook)(void))
{
	bug_hook = hook;
}

/* Once only: a hook that itself dies must not come back here for ever. */
static void
restore_terminal(void)
{
	void (*hook)(void) = bug_hook;

	bug_hook = NULL;
	if (hook != NULL)
		hook();
}

_Noreturn void
bug_die(const char *file, int line, const char *what)
{
	restore_terminal();
	dprintf(STDERR_FILENO, "handrail: bug at %s:%d: %s\n", file, line, what);
	abort();
}

_Noreturn void
bug_no_memory(size_t bytes)
{
	restore_terminal();
	dprintf(STDERR_FILENO,
		"handrail: out of memory (%zu bytes wanted); what was recorded is on disk\n",
		bytes);
	_exit(EX_SOFTWARE);
}
