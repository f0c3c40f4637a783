#ifndef LIVE_JOURNALREC_H
#define LIVE_JOURNALREC_H

/*
 * One line of `journalctl -o json`: when, how bad, what, and the cursor to go on from
 * after a drop. A message that is not UTF-8 comes as a list of bytes and is put together
 * again; nothing in it is made harmless here.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/str.h"
#include "live/loglevel.h"

struct journalrec {
	struct wall at;
	enum loglevel level; /* as the journal has it */
	struct str message;  /* may hold newlines */
	struct str cursor;
};

/* False: the line is no such record; nothing is to be released. */
bool journalrec_read(const char *s, size_t len, struct journalrec *out);
void journalrec_release(struct journalrec *r);

#endif
