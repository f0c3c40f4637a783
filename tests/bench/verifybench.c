/*
 * Following the chain of a large record with the strict scan, against sha256sum over the
 * same file: at most 1.0 times as long (CONTRACTS part 2, 7). Rounds take turns, processor
 * time is measured, the median of the ratios counts. TAP; without HANDRAIL_LONG a small record, which only shows that
 * the bench works.
 *
 * Usage: verifybench [RECORDS [ROUNDS]]
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/mem.h"
#include "journal/journal.h"
#include "journal/verify.h"

enum { SMALL = 20000, LARGE = 300000, BATCH = 1000, ROUNDS_MAX = 50 };

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* Processor time of us or of our children: the machine may be busy with other things. */
static double
spent(int who)
{
	struct rusage use;

	getrusage(who, &use);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
		(double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static void
die(const char *what, const struct err *e)
{
	printf("Bail out! %s: %s\n", what, e ? e->msg : "");
	exit(1);
}

/* What runs write most: output, outcomes, probe results; in the sizes they have. */
static struct event *
some_event(int i)
{
	static const char *const words[] = {"COPY 18204", "CREATE TABLE", "ALTER TABLE",
		"waiting for the lock", "líne with a letter of two bytes", "done"};
	char data[400];

	switch (i % 4) {
	case 0:
		snprintf(data, sizeof data,
			"{\"host\":\"ni-db1\",\"attempt\":1,\"way\":\"forward\",\"offset\":%d,"
			"\"bytes\":70,\"text\":\"SET\\n%s\\n%s %d\\n\\u001b[31mred\\u001b[0m\"}",
			i * 70, words[i % 6], words[i / 6 % 6], i);
		return event_new(EVENT_STEP_OUTPUT, "load-the-dump", data);
	case 1:
		snprintf(data, sizeof data,
			"{\"probe\":\"api\",\"verdict\":\"ok\",\"field\":\"time\",\"value\":%d,"
			"\"unit\":\"ms\",\"want\":\"< 200ms\",\"before\":{\"verdict\":\"fail\","
			"\"value\":503}}",
			i % 200);
		return event_new(EVENT_PROBE_RESULT, "it-answers-again", data);
	case 2:
		snprintf(data, sizeof data,
			"{\"host\":\"ni-db1\",\"attempt\":1,\"exit\":0,\"took_ms\":%d,"
			"\"verdict\":\"ok\",\"expect\":[{\"field\":\"exit\",\"want\":\"0\","
			"\"got\":\"0\",\"ok\":true}]}",
			i);
		return event_new(EVENT_STEP_DONE, "load-the-dump", data);
	default:
		snprintf(
			data, sizeof data, "{\"text\":\"note %d: %s\"}", i, words[i % 6]);
		return event_new(EVENT_NOTE, NULL, data);
	}
}

static char *
make_record(const char *runs, int records)
{
	static const struct journal_who who = {"jump1/4711/9f3c2e11", "anna@example.com"};
	struct err e = ERR_INIT;
	struct journal *j = journal_create(runs, "01KAG3W5Z0B4T7M2Q8XK6N9RDE", &who, &e);
	char *dir;

	if (!j)
		die("make", &e);
	dir = mem_strdup(journal_dir(j));
	for (int i = 0; i < records;) {
		struct events evs = {0};
		struct journal_batch *b;
		bool ok;

		if (i == 0)
			events_add(&evs, event_new(EVENT_RUN_OPEN, NULL, NULL));
		for (int n = i == 0; n < BATCH && i + n < records; n++)
			events_add(&evs, some_event(i + n));
		i += (int)evs.list.len;
		b = journal_batch_new(j, &evs, clock_now(), NULL, &e);
		ok = b && journal_commit(j, b, &e);
		if (!ok)
			die("write", &e);
		journal_done(j, b, ok);
		journal_batch_free(b);
	}
	journal_free(j);
	return dir;
}

static double
ours(const char *dir, int records)
{
	struct verify_report v;
	struct err e = ERR_INIT;
	double began = spent(RUSAGE_SELF);

	if (!verify_record(dir, &(struct verify_opts){0}, &v, &e))
		die("verify", &e);
	if (!v.ok || v.records != records || v.unvouched)
		die(v.what, NULL);
	verify_release(&v);
	return spent(RUSAGE_SELF) - began;
}

static double
theirs(const char *dir)
{
	char *command = mem_printf("sha256sum '%s/journal.jsonl' >/dev/null", dir);
	double began = spent(RUSAGE_CHILDREN);

	if (system(command) != 0)
		die("sha256sum", NULL);
	mem_free(command);
	return spent(RUSAGE_CHILDREN) - began;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double
median(double *all, int n)
{
	qsort(all, (size_t)n, sizeof *all, by_size);
	return all[n / 2];
}

static void
report(const char *dir, int records, int rounds)
{
	double ratio[ROUNDS_MAX], own[ROUNDS_MAX], sum[ROUNDS_MAX];
	char *path = file_join(dir, "journal.jsonl");
	struct rusage use;
	struct stat st = {0};

	if (stat(path, &st) != 0)
		die(path, NULL);
	ours(dir, records); /* the file is in memory from here on */
	theirs(dir);
	for (int i = 0; i < rounds; i++) {
		own[i] = ours(dir, records);
		sum[i] = theirs(dir);
		ratio[i] = own[i] / sum[i];
	}
	getrusage(RUSAGE_SELF, &use);
	double r = median(ratio, rounds), s = median(own, rounds);
	printf("# %d records, %.1f MB: ours %.3f s (%.0f MB/s, %.0f ns a record), "
	       "sha256sum %.3f s, ratio %.2f [%.2f..%.2f]; peak memory %ld KiB\n",
		records, (double)st.st_size / 1e6, s, (double)st.st_size / 1e6 / s,
		s * 1e9 / records, median(sum, rounds), r, ratio[0], ratio[rounds - 1],
		use.ru_maxrss);
	printf("1..2\n");
	if (SANITIZED || records < LARGE)
		printf("ok 1 # SKIP a ratio wants a large record (HANDRAIL_LONG) and no "
		       "sanitizer\n");
	else
		printf("%s 1 - verify takes at most as long as sha256sum\n",
			r <= 1.0 ? "ok" : "not ok");
	if (SANITIZED)
		printf("ok 2 # SKIP memory is not ours under a sanitizer\n");
	else
		printf("%s 2 - memory does not grow with the record\n",
			use.ru_maxrss < 24 * 1024 ? "ok" : "not ok");
	mem_free(path);
}

int
main(int argc, char **argv)
{
	int records = argc > 1            ? (int)strtol(argv[1], NULL, 10)
		: getenv("HANDRAIL_LONG") ? LARGE
					  : SMALL;
	int rounds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 9;
	const char *tmp = getenv("TMPDIR");
	char *runs = mem_printf("%s/bench.XXXXXX", tmp ? tmp : "/tmp");
	struct err e = ERR_INIT;
	char *dir;

	if (!mkdtemp(runs) || records < 2 || rounds < 1 || rounds > ROUNDS_MAX)
		die(runs, NULL);
	dir = make_record(runs, records);
	report(dir, records, rounds);
	if (!file_remove_tree(runs, &e))
		die("clean", &e);
	mem_free(dir);
	mem_free(runs);
	return 0;
}
