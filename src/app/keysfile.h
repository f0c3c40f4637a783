#ifndef APP_KEYSFILE_H
#define APP_KEYSFILE_H

/* The operator's keys: $XDG_CONFIG_HOME/handrail/keys.yaml over the built-in ones. Used by
 * the console and by `handrail keys`. */

#include "model/diag.h"
#include "view/keymap.h"

/* The path; caller frees. */
char *keysfile_path(void);
/* False: the file has complaints, `out` is the built-in map. */
bool keysfile_read(const char *path, struct keymap *out, struct diags *d);
/* Of the own file; one that is not there has no complaints. */
bool keysfile_own(struct keymap *out, struct diags *d);

#endif
