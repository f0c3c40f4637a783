#ifndef MODEL_SQLWORDS_H
#define MODEL_SQLWORDS_H

/* What SQL statements destroy, by their words; strings, quoted names, comments and dollar
 * quotes are passed over. Part of danger. */

#include "model/dangerlist.h"

enum sqlwords_at { SQLWORDS_EXACT, SQLWORDS_FIXED };

/* Reports at base + offset, or at base for an inner text whose offsets are lost. */
void sqlwords_scan(
	const char *sql, size_t base, enum sqlwords_at at, struct danger_hits *out);

#endif
