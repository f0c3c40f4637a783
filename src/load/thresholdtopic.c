#include "load/thresholdtopic.h"

#include <string.h>

#include "model/wordlist.h"

#define BIT(id) (1u << THRESHOLDTOPIC_##id)

/* With one of these a clause speaks of something itself, and not of what the line is about. */
static const unsigned subjects = BIT(CPU) | BIT(MEMORY) | BIT(DISK) | BIT(ERROR) |
	BIT(HEALTH) | BIT(API) | BIT(DATABASE) | BIT(PAGE) | BIT(CERTIFICATE) |
	BIT(BACKUP) | BIT(COVERAGE) | BIT(OTHER);

static const double day_ms = 86400e3;

static const struct topic {
	const char *name;
	enum expect_family family;
	unsigned all, none;
	const char *before, *after; /* one of these words stands next to it; NULL: any */
	bool compared;
	double factor;
	const char *unit;
} topics[] = {
	{"health check response time", EXPECT_DURATION, BIT(HEALTH), 0, NULL, NULL, true,
		1, "ms"},
	{"database query time", EXPECT_DURATION, BIT(DATABASE), BIT(API) | BIT(BACKUP),
		NULL, NULL, true, 1, "ms"},
	{"page load time", EXPECT_DURATION, BIT(PAGE), 0, NULL, NULL, true, 1, "ms"},
	{"certificate days left", EXPECT_DURATION, BIT(CERTIFICATE), 0, NULL, NULL, true,
		1, "ms"},
	{"API response time", EXPECT_DURATION, BIT(API), BIT(OTHER), NULL, NULL, true, 1,
		"ms"},
	{"API response time", EXPECT_DURATION, BIT(RESPONSE), BIT(OTHER), NULL, NULL,
		true, 1, "ms"},
	{"backup retention", EXPECT_DURATION, BIT(BACKUP) | BIT(KEEP), BIT(OTHER), NULL,
		NULL, false, 1, "ms"},
	{"backup retention", EXPECT_PLAIN, BIT(BACKUP) | BIT(KEEP), BIT(OTHER),
		"keep|retain|mtime|last|rotate", NULL, false, day_ms, "ms"},
	{"CPU usage", EXPECT_PERCENT, BIT(CPU), 0, NULL, NULL, false, 1, "%"},
	{"memory usage", EXPECT_PERCENT, BIT(MEMORY), 0, NULL, NULL, false, 1, "%"},
	{"disk usage", EXPECT_PERCENT, BIT(DISK), 0, NULL, NULL, false, 1, "%"},
	{"error rate", EXPECT_PERCENT, BIT(ERROR), 0, NULL, NULL, false, 1, "%"},
	{"test coverage", EXPECT_PERCENT, BIT(COVERAGE), 0, NULL, NULL, false, 1, "%"},
	{"requests per minute", EXPECT_PLAIN, BIT(RATE), 0, NULL, "requests|req|per",
		false, 1, ""},
	{"web workers", EXPECT_PLAIN, BIT(GUNICORN), 0, "workers|w", NULL, false, 1, ""},
	{"request timeout", EXPECT_PLAIN, BIT(GUNICORN), 0, "timeout", NULL, false, 1000,
		"ms"},
};

static const struct setting {
	const char *names, *topic;
	double factor;
	const char *unit;
} settings[] = {
	{"WEB_CONCURRENCY|WORKER_COUNT|WORKERS|GUNICORN_WORKERS|WEB_WORKERS",
		"web workers", 1, ""},
	{"TIMEOUT|GUNICORN_TIMEOUT|REQUEST_TIMEOUT|REQUEST_TIMEOUT_SEC",
		"request timeout", 1000, "ms"},
	{"RATE_LIMIT|RATE_LIMIT_PER_MINUTE|requests_per_minute|REQUESTS_PER_MINUTE",
		"requests per minute", 1, ""},
	{"RETENTION_DAYS|BACKUP_RETENTION_DAYS|BACKUP_KEEP_DAYS|BACKUP_RETENTION",
		"backup retention", day_ms, "ms"},
	{"LOG_LEVEL", "log level", 0, ""},
};

unsigned
thresholdtopic_word(const char *word, size_t len)
{
	static const char *const words[THRESHOLDTOPIC_WORD_COUNT] = {
#define X(id, list) [THRESHOLDTOPIC_##id] = list,
		THRESHOLDTOPIC_WORDS(X)
#undef X
	};

	for (unsigned i = 0; i < THRESHOLDTOPIC_WORD_COUNT; i++) {
		if (among_bytes(word, len, words[i]))
			return 1u << i;
	}
	return 0;
}

static const struct topic *
topic_by(const struct thresholdtopic_in *in, unsigned words)
{
	for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
		const struct topic *t = &topics[i];

		if (t->family == in->family && (words & t->all) == t->all &&
			(words & t->none) == 0 && (!t->compared || in->compared) &&
			(t->before == NULL || among(in->before, t->before)) &&
			(t->after == NULL || among(in->after, t->after)))
			return t;
	}
	return NULL;
}

struct thresholdtopic
thresholdtopic_of(const struct thresholdtopic_in *in)
{
	const struct topic *t = NULL;

	if (strcmp(in->before, "every") == 0)
		return (struct thresholdtopic){0};
	t = topic_by(in, in->clause);
	if (t == NULL && (in->clause & subjects) == 0)
		t = topic_by(in, in->line);
	if (t == NULL)
		return (struct thresholdtopic){0};
	return (struct thresholdtopic){
		.name = t->name, .factor = t->factor, .unit = t->unit};
}

struct thresholdtopic
thresholdtopic_setting(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof settings / sizeof settings[0]; i++) {
		if (among_bytes(name, len, settings[i].names))
			return (struct thresholdtopic){.name = settings[i].topic,
				.factor = settings[i].factor,
				.unit = settings[i].unit};
	}
	return (struct thresholdtopic){0};
}
