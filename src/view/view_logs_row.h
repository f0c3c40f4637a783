#ifndef VIEW_VIEW_LOGS_ROW_H
#define VIEW_VIEW_LOGS_ROW_H

/*
 * One row of the logs: time, host, log, level and message of a line. What the columns hold
 * depends on the width and on what tells the lines apart: one host needs no column, lines
 * of another day say which. Used by view_logs.c alone.
 */

#include "view/view_logs.h"

enum { VIEW_LOGS_WIDE_COLS = 100 };

struct view_logs_row {
	bool wide;       /* milliseconds too */
	bool tight;      /* of a day only hour and minute */
	bool days;       /* not all lines are of today: the date, too */
	bool host, name; /* which of the two tells the sources apart */
	int left;        /* cells of the message that are scrolled away */
	size_t folded;   /* lines the row stands for, when more than one */
};

/* `first` is the oldest line that is drawn. */
struct view_logs_row view_logs_row_how(const struct logs_scene *ls,
	const struct logline *first, struct wall now, struct area a);
void view_logs_row_draw(const struct logs_scene *ls, const struct view_logs_row *how,
	const struct logline *l, struct frame *f, struct area a);

#endif
