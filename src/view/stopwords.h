#ifndef VIEW_STOPWORDS_H
#define VIEW_STOPWORDS_H

/*
 * What a host replied to a cancel (remote/hr1/cancel.sh), as a sentence that says no more
 * than the host did. For the console's message and the line mode.
 */

#include "base/str.h"

/* "terminated 143" -> "its processes ended by TERM (exit 143)". False: it may still run, or
 * nobody knows. */
bool stopwords_of(const char *reply, struct str *out);

#endif
