/*
 * A million lines of logs: read, parsed, ordered and ready to be filtered, then filtered,
 * beside wc -l and grep -cE on the same file. Both sides in turn, processor time, medians;
 * a filter that counts other lines than grep is a failure.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/base/unit.h"
#include "base/clock.h"
#include "base/pattern.h"
#include "base/stamp.h"
#include "live/logs.h"
#include "live/query.h"

enum { LINES = 1000 * 1000, ROUNDS = 7, PIECE = 1 << 20 };

static const char *const words[] = {"pool", "timeout", "retry", "worker", "task",
	"orders", "items", "cache", "commit", "select", "connection", "refused", "reset",
	"payment"};
/* The literal, the one with a class, the alternation. */
static const char *const patterns[] = {
	"timeout", "orders.* 50[023] ", "refused|reset|payment|cache"};

static const char *
word(struct dice *d)
{
	return words[dice_roll(d, COUNT(words))];
}

/* Half access lines, a quarter JSON, then app lines (some coloured) and traces. */
static void
write_log(const char *path)
{
	FILE *f = fopen(path, "w");
	struct dice d = DICE(7);
	struct wall at = {1763600460000};
	char stamp[STAMP_BYTES];

	if (!f)
		exit(99);
	for (int i = 0; i < LINES; i++) {
		size_t kind = dice_roll(&d, 20);

		at.ms += (int64_t)dice_roll(&d, 3);
		stamp_wall(at, stamp);
		if (kind < 10)
			fprintf(f,
				"10.%zu.0.%zu - - [20/Nov/2025:%.8s +0000] \"GET /api/v1/%s/%zu "
				"HTTP/1.1\" %d %zu \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"\n",
				dice_roll(&d, 256), dice_roll(&d, 256), stamp + 11,
				word(&d), dice_roll(&d, 10000),
				dice_roll(&d, 20) ? 200 : 503, dice_roll(&d, 90000));
		else if (kind < 15)
			fprintf(f,
				"{\"ts\":\"%s\",\"level\":\"%s\",\"logger\":\"app.%s\",\"msg\":\"%s "
				"%s %s größe €12\",\"request_id\":\"%08zx\"}\n",
				stamp, dice_roll(&d, 10) ? "info" : "error", word(&d),
				word(&d), word(&d), word(&d), dice_roll(&d, 1 << 30));
		else if (kind < 19)
			fprintf(f, "%s%s %s app.%s [%zu] %s %s %s %s %s%s\n",
				kind == 18 ? "\x1b[32m" : "", stamp,
				dice_roll(&d, 9) ? "INFO" : "WARNING", word(&d),
				dice_roll(&d, 99), word(&d), word(&d), word(&d), word(&d),
				word(&d), kind == 18 ? "\x1b[0m" : "");
		else
			fprintf(f, "    File \"/srv/app/%s.py\", line %zu, in %s\n",
				word(&d), dice_roll(&d, 999), word(&d));
	}
	if (fclose(f) != 0)
		exit(99);
}

static double
ms_of(const struct rusage *u)
{
	return (double)(u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1e3 +
		(double)(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1e3;
}

static double
own_ms(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return ms_of(&u);
}

/* Processor time of a program; what it counted. */
static double
theirs(const char *const *argv, long *count)
{
	char answer[64] = "";
	struct rusage u;
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	if (pipe(ends) != 0 || (pid = fork()) < 0)
		exit(99);
	if (pid == 0) {
		dup2(ends[1], 1);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ends[1]);
	n = read(ends[0], answer, sizeof answer - 1);
	close(ends[0]);
	wait4(pid, &status, 0, &u);
	*count = n > 0 ? strtol(answer, NULL, 10) : -1;
	return ms_of(&u);
}

static struct logs *
load(const char *path)
{
	static char piece[PIECE];
	struct logs *l = logs_new(
		&(struct logs_opts){.max_lines = 2 * LINES, .max_bytes = 512 << 20});
	struct now now = {.wall = {1763700000000}};
	FILE *f = fopen(path, "r");
	size_t n;

	logs_add(l, LOGS_TEXT, "bench", "local");
	while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
		logs_feed(l, 0, piece, n, &now);
	if (f)
		fclose(f);
	return l;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double
median(double *v)
{
	qsort(v, ROUNDS, sizeof *v, by_size);
	return v[ROUNDS / 2];
}

static void
row(const char *what, double *ours, const char *peer, double *its)
{
	double a = median(ours), b = median(its);

	printf("# %-44s | %6.0f ms [%.0f..%.0f] | %s %6.0f ms | %.2fx\n", what, a,
		ours[0], ours[ROUNDS - 1], peer, b, a / b);
}

static bool
filters(const struct logs *l, const char *path)
{
	bool same = true;

	for (size_t i = 0; i < COUNT(patterns); i++) {
		const char *const argv[] = {"grep", "-cE", patterns[i], path, NULL};
		double ours[ROUNDS], its[ROUNDS];
		struct err e = ERR_INIT;
		struct pattern *p = pattern_new(patterns[i], &e);
		struct query *q = query_new(logs_store(l));
		long count = 0;

		for (int r = 0; r < ROUNDS; r++) {
			double begin = own_ms();

			query_set(q, &(struct query_terms){.patterns = {p}});
			while (query_step(q))
				;
			ours[r] = own_ms() - begin;
			its[r] = theirs(argv, &count);
		}
		row(patterns[i], ours, "grep -cE", its);
		if ((long)query_count(q) != count) {
			printf("not ok - %s: %zu lines, grep has %ld\n", patterns[i],
				query_count(q), count);
			same = false;
		}
		query_free(q);
		pattern_free(p);
	}
	return same;
}

int
main(void)
{
	char path[] = "/tmp/logsbench-XXXXXX";
	const char *const argv[] = {"wc", "-l", path, NULL};
	double ours[ROUNDS], its[ROUNDS];
	struct logs *l = NULL;
	long count = 0;
	int fd = mkstemp(path);
	bool ok;

	if (fd < 0)
		return 99;
	close(fd);
	write_log(path);
	for (int r = 0; r < ROUNDS; r++) {
		double begin = own_ms();

		logs_free(l);
		l = load(path);
		ours[r] = own_ms() - begin;
		its[r] = theirs(argv, &count);
	}
	row("a million lines, ready to be filtered", ours, "wc -l   ", its);
	ok = logstore_end(logs_store(l)) == LINES && count == LINES;
	ok = filters(l, path) && ok;
	printf("%s 1 - the filter finds what grep finds\n1..1\n", ok ? "ok" : "not ok");
	logs_free(l);
	unlink(path);
	return !ok;
}
