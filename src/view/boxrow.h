#ifndef VIEW_BOXROW_H
#define VIEW_BOXROW_H

/* One row of the list of containers, its columns as many as the width allows. */

#include "base/stamp.h"
#include "live/boxfacts.h"
#include "view/page.h"

/* The heads of the columns, as a line. */
void boxrow_head(struct page *p);
void boxrow_add(const struct boxes *bs, const struct boxes_host *h, const struct box *b,
	struct now now, struct page *p);
enum style boxrow_style(enum boxfacts_level l);
/* "36s", "26h", "41d"; "-" for what is not known. */
const char *boxrow_age(int64_t ms, char out[STAMP_BYTES]);

#endif
