#include "load/threshold.h"

#include "unit.h"

#include <math.h>
#include <string.h>

#include "base/str.h"

/* Lines of the documents, one text for each document. */
static const struct {
	size_t source;
	int line;
	const char *text;
} lines[] = {
	{0, 7, "gunicorn -k uvicorn.workers.UvicornWorker -w 2 -b 0.0.0.0:8000 --timeout 30 --keep-alive 5 app.main:app"},
	{0, 27, "    proxy_read_timeout 30s;"},
	{0, 39, "  rotate 14"},
	{0, 98, "## Backup rotation (daily, keep 14)"},
	{0, 104,
		"15 3 * * * root find /var/backups/ni_site -name \"ni_site_*.sql.gz\" -mtime +14 -delete"},
	{1, 131, "LOG_LEVEL=INFO"},
	{1, 139, "WORKER_COUNT=4"},
	{1, 141, "TIMEOUT=30"},
	{1, 146, "RATE_LIMIT=100"},
	{1, 239, "- [ ] Error rate > 1%"},
	{1, 240, "- [ ] Response time p95 > 2s"},
	{1, 241, "- [ ] CPU usage > 80%"},
	{1, 242, "- [ ] Memory usage > 85%"},
	{1, 243, "- [ ] Disk usage > 90%"},
	{1, 246, "- [ ] Certificate expiration < 30 days"},
	{1, 259, "RETENTION_DAYS=30"},
	{1, 306, "- CPU usage consistently > 70%"},
	{2, 47, "- `GUNICORN_TIMEOUT`: hard request timeout seconds (default: `60`)"},
	{2, 54,
		"- `WEB_CONCURRENCY=2` (bump to 3\xe2\x80\x93"
		"4 only if CPU/memory allow)"},
	{2, 55, "- `GUNICORN_TIMEOUT=60`"},
	{3, 89, "- [ ] Minimum test coverage: 70%"},
	{3, 100, "- [ ] API response times acceptable (< 200ms for health checks)"},
	{3, 131, "  - `LOG_LEVEL=WARNING` or `ERROR`"},
	{3, 166, "- [ ] Health checks: < 100ms"},
	{3, 167, "- [ ] API endpoints: < 500ms (p95)"},
	{3, 168, "- [ ] Frontend load time: < 3s"},
	{3, 169, "- [ ] Database queries: < 100ms (p95)"},
	{3, 172, "- [ ] CPU usage acceptable (< 70% average)"},
	{3, 188, "- [ ] Backup retention policy set (30 days minimum)"},
	{3, 232, "   - Make 65+ requests rapidly to any endpoint"},
	{3, 314,
		"# RateLimitMiddleware(requests_per_minute=120, requests_per_hour=2000)"},
	{3, 352, "- [ ] Check health endpoints every 5 minutes"},
	{4, 76, "DELETE FROM chat_history WHERE created_at < now() - interval '90 days';"},
	{4, 116, "- Web workers: docker-compose runs `gunicorn ... --workers 4 ...`."},
	{4, 118,
		"- Rate limiting: `RATE_LIMIT_PER_MINUTE=120` per IP/user over a 60s window."},
};

static void
scan(const char *text, size_t source, int line, struct thresholds *out)
{
	threshold_scan(&(struct threshold_text){.text = text,
			       .len = strlen(text),
			       .source = source,
			       .first_line = line},
		out);
}

static void
finds_the_contradictions_of_the_documents(void **state)
{
	static const char want[] =
		"API response time: S1:240 > 2s, S3:167 < 500ms\n"
		"CPU usage: S1:241 > 80%, S1:306 > 70%, S3:172 < 70%\n"
		"backup retention: S0:98 14, S1:259 30, S3:188 30 days\n"
		"health check response time: S3:100 < 200ms, S3:166 < 100ms\n"
		"log level: S1:131 INFO, S3:131 WARNING\n"
		"request timeout: S0:7 30, S1:141 30, S2:47 60\n"
		"requests per minute: S1:146 100, S3:232 65, S3:314 120, "
		"S4:118 120\n"
		"web workers: S0:7 2, S1:139 4, S2:54 2, S4:116 4\n";
	struct thresholds all = {0};
	struct threshold_conflicts conflicts = {0};
	struct str got = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++)
		scan(lines[i].text, lines[i].source, lines[i].line, &all);
	threshold_conflicts(&all, &conflicts);
	for (size_t i = 0; i < conflicts.list.len; i++) {
		const struct threshold_conflict *c = &conflicts.list.at[i];

		str_addf(&got, "%s:", c->topic);
		for (size_t k = 0; k < c->which.len; k++) {
			const struct threshold *t = &all.list.at[c->which.at[k]];

			str_addf(&got, "%s S%zu:%d %s", k > 0 ? "," : "", t->source,
				t->line, t->text);
		}
		str_addc(&got, '\n');
	}
	if (!str_eq(got.buf, want))
		fail_msg("got\n%s\nwant\n%s", got.buf, want);
	str_release(&got);
	threshold_conflicts_release(&conflicts);
	threshold_release(&all);
}

struct row {
	const char *text, *topic; /* topic "" : nothing is found */
	double value;
	enum expect_op op;
};

static void
knows_what_a_number_is_about(void **state)
{
	static const struct row rows[] = {
		{"Health checks < 100ms, API endpoints < 500ms",
			"health check response time", 100, EXPECT_LT},
		{"CPU 80%", "CPU usage", 80, EXPECT_EQ},
		{"CPU \xe2\x89\xa4 80 %", "CPU usage", 80, EXPECT_LE},
		{"memory >= 85%", "memory usage", 85, EXPECT_GE},
		{"Disk usage over 90%", "disk usage", 90, EXPECT_GT},
		{"responses under 2 seconds", "API response time", 2000, EXPECT_LT},
		{"keep backups for 2 weeks", "backup retention", 14 * 86400e3, EXPECT_EQ},
		{"RETENTION_DAYS=30", "backup retention", 30 * 86400e3, EXPECT_EQ},
		{"DB_POOL_SIZE=10", "DB_POOL_SIZE", 10, EXPECT_EQ},
		{"`MAX_CONCURRENT_STREAMS` (default 50) caps", "MAX_CONCURRENT_STREAMS",
			50, EXPECT_EQ},
		{"60 requests per minute, rate limit", "requests per minute", 60,
			EXPECT_EQ},
		{"version 1.2.3 of 2024-12-25 at 03:00", "", 0, EXPECT_EQ},
		{"1. Check CPU usage", "", 0, EXPECT_EQ},
		{"retain logs for 90 days, dump daily", "", 0, EXPECT_EQ},
		{"check the API every 5 minutes", "", 0, EXPECT_EQ},
		{"the API job takes 10 minutes", "", 0, EXPECT_EQ},
		{"pool_size=10", "", 0, EXPECT_EQ},
		{"TOKEN=12ab", "", 0, EXPECT_EQ},
		{"http://x:8000/api < 1", "", 0, EXPECT_EQ},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct thresholds t = {0};
		const char *topic;

		scan(rows[i].text, 0, 1, &t);
		topic = t.list.len > 0 ? t.list.at[0].topic : "";
		if (!str_eq(topic, rows[i].topic))
			fail_msg("`%s`: got [%s], want [%s]", rows[i].text, topic,
				rows[i].topic);
		if (t.list.len > 0 &&
			(fabs(t.list.at[0].value - rows[i].value) > 1e-6 ||
				t.list.at[0].op != rows[i].op))
			fail_msg("`%s`: got %g op %d, want %g op %d", rows[i].text,
				t.list.at[0].value, (int)t.list.at[0].op, rows[i].value,
				(int)rows[i].op);
		threshold_release(&t);
	}
}

static void
sees_no_conflict_where_values_agree(void **state)
{
	struct thresholds t = {0};
	struct threshold_conflicts c = {0};

	(void)state;
	scan("CPU > 80%\nCPU usage: 80%\nbackup retention 2 weeks\nBackups: keep 14\n"
	     "LOG_LEVEL=info\nLOG_LEVEL=INFO\nAPI < 500ms\nHealth checks < 100ms\n"
	     "Database queries < 50ms\n",
		0, 1, &t);
	threshold_conflicts(&t, &c);
	if (c.list.len > 0)
		fail_msg("a conflict about %s", c.list.at[0].topic);
	assert_int_equal(t.list.len, 9);
	assert_int_equal(t.list.at[8].line, 9);
	threshold_conflicts_release(&c);
	threshold_release(&t);
}

static void
takes_any_bytes(void **state)
{
	static const char *const units[] = {"CPU > 80% ", "1", "A", "A_B=1 ", ",",
		"`X_YZ` default ", "< ", "\xe2\x89", "backup keep 14 ",
		"9999999999999999999999%", "\n"};
	uint32_t seed = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(units); i++) {
		struct thresholds t = {0};
		struct threshold_conflicts c = {0};
		struct str text = STR_INIT;

		while (text.len < 1000000)
			str_adds(&text, units[i]);
		scan(text.buf, 0, 1, &t);
		threshold_conflicts(&t, &c);
		threshold_conflicts_release(&c);
		threshold_release(&t);
		str_release(&text);
	}
	for (int round = 0; round < 2000; round++) {
		struct thresholds t = {0};
		char bytes[80];

		for (size_t i = 0; i < sizeof bytes; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (seed >> 24) % 3 == 0
				? (char)(seed >> 16)
				: "CPU <80%_=1\n,keep"[(seed >> 16) % 17];
		}
		threshold_scan(
			&(struct threshold_text){.text = bytes, .len = sizeof bytes}, &t);
		for (size_t i = 0; i < t.list.len; i++)
			assert_non_null(t.list.at[i].topic);
		threshold_release(&t);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_contradictions_of_the_documents),
		cmocka_unit_test(knows_what_a_number_is_about),
		cmocka_unit_test(sees_no_conflict_where_values_agree),
		cmocka_unit_test(takes_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
