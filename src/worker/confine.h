#ifndef WORKER_CONFINE_H
#define WORKER_CONFINE_H

/*
 * What a process that talks to hosts may do less than others: no descriptor but its own,
 * no core file, no ptrace, no new privileges, little memory, and an end when its parent
 * ends. Limits stay off under a sanitizer and with HANDRAIL_TEST_LIMITS=0.
 */

#include <sys/types.h>

void confine_descriptors(int keep); /* `keep` becomes 3; 0 and 1 are /dev/null */
void confine_environment(void);     /* keeps what resolver and libraries need */
/* SIGKILL when it dies. Ends at once if `parent` is our parent no more; 0: not checked,
 * the end of a socket tells it. */
void confine_to_parent(pid_t parent);
void confine_limits(void);

#endif
