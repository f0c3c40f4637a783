#ifndef PROBE_HOSTSCRIPT_H
#define PROBE_HOSTSCRIPT_H

/*
 * The scripts of sh/ as text, and the strict reader of what they say: every line is a field of
 * the kind with its value, the last one is `end`; anything else makes the whole answer unknown.
 * What a script is told and says stands in sh/README. Pure: no look is made here.
 */

#include "base/str.h"
#include "probe/hostlook.h"

enum hostscript {
	HOSTSCRIPT_FILE,
	HOSTSCRIPT_PORT,
	HOSTSCRIPT_HOST,
	HOSTSCRIPT_CONTAINER,
	HOSTSCRIPT_CRON,
	HOSTSCRIPT_GIT,
	HOSTSCRIPT_CHANGED,
	HOSTSCRIPT_ENV,
	HOSTSCRIPT_LOG,
	HOSTSCRIPT_INSIDE,
	HOSTSCRIPT_BOXES,
	HOSTSCRIPT_COMPOSE,
	HOSTSCRIPT_COUNT
};

#define HOSTSCRIPT_SHELL "sh -u" /* what runs them */

void hostscript_text(enum hostscript which, struct str *out);
/* Fills facts, why, nothing and because. An answer without its end is explained by what
 * came on standard error. */
void hostscript_read(
	enum probe_kind kind, const struct look_end *end, struct hostlook_one *out);

#endif
