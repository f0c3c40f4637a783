#ifndef LIVE_LOGSINNER_H
#define LIVE_LOGSINNER_H

/* What logs.c (sources, time) and logs_line.c (what becomes of one line) share. */

#include "base/str.h"
#include "base/vec.h"
#include "live/assemble.h"
#include "live/logs.h"
#include "live/logtime.h"

enum { LOGS_SAMPLES = 16, LOGS_AHEAD_MS = 5 * 60 * 1000, LOGS_MINUTE_MS = 60 * 1000 };

struct logs_feeder {
	struct logs_source told;
	struct logs *logs;
	size_t index;
	char *name, *host, *why;
	struct assemble assemble;
	int zone_min;
	struct logtime_memo memo;
	int64_t ahead_ms;      /* of its clock, as seen from here */
	const struct now *now; /* during a feed */
	/* the last line that was no continuation */
	int64_t head_ms;
	enum loglevel head_level;
	bool head_timed, head_late;
	unsigned key_lines;    /* of a private key that it shows */
	bool in_trace;         /* the last line was indented below it */
	struct str stamp;      /* of the last line, as its source wrote it */
	unsigned stamp_lines;  /* how many had it */
	unsigned skip;         /* of them, to be left out after a resume */
	struct str skip_stamp; /* the stamp they had */
};

struct logs_sample {
	int64_t mono_ms;
	uint64_t end;
};

struct logs {
	struct logs_opts o;
	struct logstore *store;
	struct logs_feeder own; /* of sentences without a source */
	VEC_OF(struct logs_feeder *) sources;
	struct logs_sample samples[LOGS_SAMPLES]; /* oldest first */
	size_t sample_count;
	uint64_t settled;
	int64_t error_minute; /* of the newest bucket */
	unsigned errors[LOGS_MINUTES];
	struct str plain, clean, redacted; /* scratch of one line */
	struct redact_stream *redact; /* a line at a time; NULL: nothing is taken out */
};

/* A whole line of its source (the context) came. */
void logs_line_came(void *feeder, const struct assemble_line *line);
void logs_line_note(struct logs_feeder *s, const char *sentence, const struct now *now);

#endif
