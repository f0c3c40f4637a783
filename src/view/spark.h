#ifndef VIEW_SPARK_H
#define VIEW_SPARK_H

/*
 * A few numbers as one row of bars, newest at the right. No answer is a cross and a time
 * when nobody looked is a gap: neither is a low bar.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum spark_kind { SPARK_NUMBER, SPARK_SILENT, SPARK_PAUSED };

struct spark {
	enum spark_kind kind;
	double number;
};

struct spark_scale {
	int cells;   /* the newest so many */
	double full; /* the number of a full bar */
	bool ascii;
};

void spark_text(const struct spark *at, size_t len, const struct spark_scale *scale,
	struct str *out);

#endif
