#ifndef VIEW_VIEW_BACK_H
#define VIEW_VIEW_BACK_H

/*
 * The way back: the list of what would be taken back now, and the dialog whose words begin
 * it. Each fills a form; ids of items are these.
 */

#include "run/back.h"
#include "view/form.h"

enum {
	BACK_LIST,
	BACK_ONE,   /* take the marked one back */
	BACK_ALL,   /* go on to the words */
	BACK_LEAVE, /* leave the marked one as it is */
	BACK_END,   /* end the way back half way */
	BACK_CLOSE,
	BACK_WORDS,
	BACK_BEGIN,
	BACK_CANCEL,
};

/* Rows as in the plan. */
void view_back_list(struct form *f, const struct run *r, const struct undo_plan *plan,
	struct now now);
void view_back_list_update(
	struct form *f, const struct run *r, const struct undo_plan *plan);
/* How the words are typed, and what they begin. */
void view_back_words(struct form *f, const struct run *r, const struct undo_plan *plan,
	struct now now);
void view_back_words_update(struct form *f, const struct run *r);
/* "3 to undo, about 1m20s by former runs, 1 stays": for the line mode, too. */
void view_back_sum(const struct undo_plan *plan, struct str *out);

#endif
