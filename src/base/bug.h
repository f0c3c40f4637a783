#ifndef BASE_BUG_H
#define BASE_BUG_H

/*
 * A broken invariant of our own: say where, let the hook restore the terminal, abort.
 * Never for anything that comes from outside.
 */

#include <stddef.h>

#define BUG_ON(cond) \
	do { \
		if (cond) \
			bug_die(__FILE__, __LINE__, #cond); \
	} while (0)

_Noreturn void bug_die(const char *file, int line, const char *what);
/* Not a bug of ours, but the same way out: hook, a sentence, exit 70. */
_Noreturn void bug_no_memory(size_t bytes);
/* Called before the message is printed; async-signal-safe code only. */
void bug_set_hook(void (*hook)(void));

#endif
