#ifndef EVENT_LINE_H
#define EVENT_LINE_H

/*
 * A record's line checked to the last byte without copying anything: for whoever looks at
 * many lines and keeps few (the scan of a journal). Everything points into the line.
 */

#include "event/event.h"

struct line_text { /* between its quotes, still escaped */
	const char *at;
	size_t len;
};

struct line {
	const char *run; /* ULID_LEN bytes */
	int64_t seq, epoch, mono;
	struct wall t;
	struct line_text con, who, type, step; /* step.at NULL: null */
	bool more;
	struct line_text data; /* the object with its braces */
	const char *prev;      /* DIGEST_HEX bytes */
};

/* Without its newline. ERR_RECORD says what is wrong and at which byte. */
bool line_scan(
	const char *bytes, size_t len, struct line *out, struct err *e) WARN_UNUSED;
/* The event of its own. */
struct event *line_event(const struct line *l);
/* Words of a-z and _, with single dots between. */
bool line_type_word(const char *s, size_t len);
/* By its name in the table; a word without escapes. */
bool line_is(const struct line *l, enum event_type type);

#endif
