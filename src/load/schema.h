#ifndef LOAD_SCHEMA_H
#define LOAD_SCHEMA_H

/* The table of keys as JSON Schema draft-07, so that editors complete and check. Says
 * nothing that the loader doesn't; the loader says more (names, kinds, danger). */

#include <stdbool.h>

#include "base/str.h"

enum schema_which {
	SCHEMA_RUNBOOK,
	SCHEMA_CONFIG,
	SCHEMA_ANSWERS,
	SCHEMA_THEME,
	SCHEMA_KEYS,
	SCHEMA_SETTINGS,
	SCHEMA_SCENARIO,
	SCHEMA_TEST,
	SCHEMA_COUNT
};

void schema_write(enum schema_which which, struct str *out);
/* "runbook", "config", "answers", "theme", "keys", "settings", "scenario", "test";
 * false if it is none. */
bool schema_parse(const char *name, enum schema_which *out);

#endif
