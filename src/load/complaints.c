#include "load/complaints.h"

#include <strings.h>

static const struct complaint_row rows[] = {
#define X(id, name, reason, more) {name, reason, more},
	COMPLAINTS(X)
#undef X
};

const struct complaint_row *
complaints_row(enum complaint c)
{
	return &rows[c];
}

const struct complaint_row *
complaints_find(const char *id)
{
	for (size_t i = 0; i < C_COUNT; i++)
		if (strcasecmp(rows[i].id, id) == 0)
			return &rows[i];
	return NULL;
}
