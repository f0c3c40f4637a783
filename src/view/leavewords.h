#ifndef VIEW_LEAVEWORDS_H
#define VIEW_LEAVEWORDS_H

/* What becomes of what runs when the console is left, or when it is stopped: a command lives
 * on its host, everything else lives with the console. One place for all who say so. */

#include "run/run.h"

/* A sentence for each sort of thing that runs now. False: nothing does. */
bool leavewords_of(const struct run *r, struct str *out);
/* What stopping this step does. */
const char *leavewords_stop(const struct step *s);

#endif
