#ifndef APP_SCENEDRAFT_H
#define APP_SCENEDRAFT_H

/*
 * What a real run printed and measured as the draft of a scenario: its outputs are those of the
 * record, so what the run redacted is redacted. A person makes a story of it.
 */

#include "run/run.h"

/* `run_dir`: where its outputs lie. */
bool scenedraft_write(const struct run *r, const char *run_dir, struct str *out,
	struct err *e) WARN_UNUSED;

#endif
