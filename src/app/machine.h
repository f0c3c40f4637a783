#ifndef APP_MACHINE_H
#define APP_MACHINE_H

/* What this machine says of itself, for the record: asked once, never trusted for more
 * than display. Strings are the caller's. */

#include <stdbool.h>
#include <stdint.h>

char *machine_host(void);
char *machine_user(void);
char *machine_boot_id(void); /* "" where the kernel does not say */
char *machine_id(void);
uint32_t machine_uid(void);
int machine_pid(void);
/* When a process began, as the system counts; NULL: there is none, or it is dead and only
 * not yet buried. Caller frees. */
char *machine_started(int64_t pid);
bool machine_is_stopped(int64_t pid); /* as by SIGSTOP */
/* "pid start boot" of this one: what a lock says of its holder. */
char *machine_process(void);

#endif
