#ifndef APP_MACHINE_H
#define APP_MACHINE_H

/* What this machine says of itself, for the record: asked once, never trusted for more
 * than display. Strings are the caller's. */

#include <stdint.h>

char *machine_host(void);
char *machine_user(void);
char *machine_boot_id(void); /* "" where the kernel does not say */
char *machine_id(void);
uint32_t machine_uid(void);
int machine_pid(void);

#endif
