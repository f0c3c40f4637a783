#ifndef LIVE_LOGLEVEL_H
#define LIVE_LOGLEVEL_H

/*
 * How bad a line says it is. The words of many programs come down to six levels, ordered;
 * a line that does not say is NONE, which is below all and never taken for "fine".
 */

#include <stdbool.h>
#include <stddef.h>

#define LOGLEVELS(X) \
	X(NONE, "none") \
	X(DEBUG, "debug") \
	X(INFO, "info") \
	X(WARN, "warn") \
	X(ERROR, "error") \
	X(FATAL, "fatal")

enum loglevel {
#define X(id, name) LOGLEVEL_##id,
	LOGLEVELS(X)
#undef X
		LOGLEVEL_COUNT
};

const char *loglevel_name(enum loglevel l);
/* A whole word as programs write it ("WARNING", "err", "crit"), any case. */
bool loglevel_parse(const char *word, size_t len, enum loglevel *out);
/* Severity of syslog, 0 to 7; and the numbers of JSON loggers, 10 to 60. */
enum loglevel loglevel_of_syslog(unsigned severity);
enum loglevel loglevel_of_number(long n);
/* The first word near the beginning that is a level: in capitals, in [brackets], before a
 * colon, or after level=. */
enum loglevel loglevel_find(const char *text, size_t len);

#endif
