#ifndef LOAD_THRESHOLDTOPIC_H
#define LOAD_THRESHOLDTOPIC_H

/*
 * What a number is about, by the words around it: the tables of threshold. Only threshold
 * calls this.
 */

#include <stdbool.h>
#include <stddef.h>

#include "model/expect.h"

/* enum, words of a line that mean it */
#define THRESHOLDTOPIC_WORDS(X) \
	X(CPU, "cpu") \
	X(MEMORY, "memory|mem|ram") \
	X(DISK, "disk") \
	X(ERROR, "error|errors") \
	X(RESPONSE, "response|responses|latency|respond|responds") \
	X(HEALTH, "health|healthz|healthcheck|healthchecks") \
	X(API, "api|endpoint|endpoints") \
	X(DATABASE, "database|db|query|queries|sql|postgres") \
	X(PAGE, "page|frontend") \
	X(CERTIFICATE, "certificate|certificates|cert|certs|tls|ssl") \
	X(BACKUP, "backup|backups|dump|dumps") \
	X(KEEP, "keep|kept|retention|retain|retained|rotation|mtime") \
	X(COVERAGE, "coverage") \
	X(RATE, "rate|rapidly|limit|limits|limiting|minute|throttle") \
	X(OTHER, \
		"log|logs|logging|history|metrics|traces|uploads|sessions|tokens|cache|redis|job|jobs") \
	X(GUNICORN, "gunicorn")

enum thresholdtopic_word {
#define X(id, words) THRESHOLDTOPIC_##id,
	THRESHOLDTOPIC_WORDS(X)
#undef X
		THRESHOLDTOPIC_WORD_COUNT
};

/* A number with what stands around it. */
struct thresholdtopic_in {
	unsigned clause, line;      /* bits of enum thresholdtopic_word */
	const char *before, *after; /* the nearest words, small letters; "" */
	enum expect_family family;
	bool compared; /* < > and the like stand before it */
};

struct thresholdtopic {
	const char *name; /* NULL: of nothing we know */
	double factor;    /* to its base unit, where the number has no unit */
	const char *unit; /* base unit */
};

/* Bit of a word in small letters, 0 if it has none. */
unsigned thresholdtopic_word(const char *word, size_t len);
struct thresholdtopic thresholdtopic_of(const struct thresholdtopic_in *in);
/* Of a setting by its name; name NULL: none of the known ones. */
struct thresholdtopic thresholdtopic_setting(const char *name, size_t len);

#endif
