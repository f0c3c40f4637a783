#ifndef VIEW_HEALTHWORDS_H
#define VIEW_HEALTHWORDS_H

/*
 * What the health screen, its details and the strip say of one item of the board, as text.
 * A state is a word before it is a colour; a number is never shown for an answer that is
 * bad, old or missing, the sentence is. Pure.
 */

#include "base/stamp.h"
#include "live/board.h"
#include "view/frame.h"

struct healthwords {
	struct board_shown shown;
	enum style style;
	struct str state; /* "OK", "FAIL 1/3" */
	struct str since; /* "3d04h"; "~3d04h" when nobody looked in between; "" */
	struct str now;   /* "43 ms", or what is wrong */
	bool good;        /* `now` is the measured value of a good, fresh answer */
	struct str p50, p95;
	struct str edge;   /* "up 100% 24h" or "limit 100", or "" */
	struct str answer; /* "each 10 s · answered 4 s ago" */
	struct str more;   /* whatever else matters most, or "" */
};
void healthwords_make(const struct board *b, int item, struct now now, bool ascii,
	struct healthwords *out);
void healthwords_release(struct healthwords *w);

/* The newest looks as bars, and how long they span ("5m"). */
void healthwords_spark(const struct board *b, int item, int cells, bool ascii,
	struct str *out, struct str *span);
/* "42 ms" of a number of this item in its base unit. */
void healthwords_number(
	const struct board_shown *s, double number, bool took, struct str *out);
/* "4 s", "2m14s", "5m": whole seconds, and no zeros at the end. */
const char *healthwords_span(int64_t ms, char out[STAMP_BYTES]);
/* "13:29:23Z FAIL 1/3 timeout after 5 s"; with the day when it was another one. */
void healthwords_change(const struct vital_change *ch, struct now now, struct str *out);
/* What the strip says behind name and state: the value, or since when it is bad; "". */
void healthwords_strip(const struct board_shown *s, struct now now, struct str *out);

#endif
