/*
 * A million lines of logs: read, parsed, ordered and ready to be filtered, then filtered,
 * beside lnav and grep -cE on the same file. Both sides in turn, processor time, medians.
 * A line for each goal; a ratio that is missed fails, and the profile of what it is made of
 * stands beside it in any case. wc -l is told too: it says what reading alone costs.
 */

#include <fcntl.h>
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
#include "base/text.h"
#include "live/assemble.h"
#include "live/logparse.h"
#include "live/logs.h"
#include "live/query.h"

enum {
	LINES = 1000 * 1000,
	ROUNDS = 7,
	PIECE = 64 * 1024,    /* what a pipe of a follower gives at once */
	READY_PERCENT = 10,   /* of lnav */
	FILTER_PERCENT = 100, /* of grep -cE */
	MEMORY_PERCENT = 25,  /* of lnav, with the bounds the console has */
};

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

struct cost {
	double ms;
	long kib;   /* at most */
	long count; /* what it printed, -1: nothing */
};

/* Processor time and memory of a program. */
static struct cost
theirs(const char *const *argv)
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
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	close(ends[1]);
	n = read(ends[0], answer, sizeof answer - 1);
	wait4(pid, &status, 0, &u);
	close(ends[0]);
	return (struct cost){
		ms_of(&u), u.ru_maxrss, n > 0 ? strtol(answer, NULL, 10) : -1};
}

static struct logs *
load(const char *path, const struct logs_opts *o)
{
	static char piece[PIECE];
	struct logs *l = logs_new(o);
	struct now now = {.wall = {1763700000000}};
	int fd = open(path, O_RDONLY);
	ssize_t n;

	logs_add(l, LOGS_TEXT, "bench", "local");
	while ((n = read(fd, piece, sizeof piece)) > 0)
		logs_feed(l, 0, piece, (size_t)n, &now);
	close(fd);
	return l;
}

/* With the bounds that the console has, in a process of its own. */
static long
kib_of_ours(const char *path)
{
	struct rusage u;
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		logs_free(load(path, &(struct logs_opts){.max_lines = 0}));
		_exit(0);
	}
	wait4(pid, &status, 0, &u);
	return u.ru_maxrss;
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

/* ---- the profile ---- */

/* How far a line goes in a stage; each goes further than the one before. */
enum stage { STAGE_READ, STAGE_LINES, STAGE_HARMLESS, STAGE_PARSED, STAGE_KEPT, STAGES };

static const char *const stage_names[STAGES] = {[STAGE_READ] = "read",
	[STAGE_LINES] = "split into lines",
	[STAGE_HARMLESS] = "harmless",
	[STAGE_PARSED] = "time and level",
	[STAGE_KEPT] = "placed and kept"};

struct staging {
	enum stage stage;
	struct logtime_memo memo;
	size_t plain, timed;
};

static void
on_line(void *ctx, const struct assemble_line *line)
{
	struct staging *s = ctx;
	struct logtime_ref ref = {{1763700000000}, 0, &s->memo};
	struct logparse p;

	if (s->stage >= STAGE_HARMLESS)
		s->plain += text_is_plain(line->text, line->len);
	if (s->stage < STAGE_PARSED)
		return;
	logparse_line(line->text, line->len, &ref, &p);
	s->timed += p.timed;
}

static double
stage_ms(const char *path, enum stage stage)
{
	static char piece[PIECE];
	struct staging s = {.stage = stage};
	struct assemble a;
	double begin = own_ms();
	int fd = open(path, O_RDONLY);
	ssize_t n;

	assemble_init(&a, on_line, &s);
	while ((n = read(fd, piece, sizeof piece)) > 0) {
		if (stage >= STAGE_LINES)
			assemble_feed(&a, piece, (size_t)n);
	}
	close(fd);
	assemble_release(&a);
	return own_ms() - begin;
}

static void
profile(const char *path, double whole)
{
	double before = 0;

	for (int stage = STAGE_READ; stage < STAGES; stage++) {
		double list[ROUNDS], ms = whole;

		for (int r = 0; r < ROUNDS && stage < STAGE_KEPT; r++)
			list[r] = stage_ms(path, (enum stage)stage);
		if (stage < STAGE_KEPT)
			ms = median(list);
		printf("# %-44s | %6.0f ms\n", stage_names[stage], ms - before);
		before = ms;
	}
}

/* ---- goals ---- */

static int goals, missed;

static void
goal(const char *what, double ratio, int percent)
{
	bool met = ratio * 100 <= percent;

	missed += !met;
	printf("%s %d - %s: %.3f, at most %d.%02d\n", met ? "ok" : "not ok", ++goals,
		what, ratio, percent / 100, percent % 100);
}

static double
row(const char *what, double *ours, const char *peer, double *its)
{
	double a = median(ours), b = median(its);

	printf("# %-44s | %6.0f ms [%.0f..%.0f] | %-8s %6.0f ms [%.0f..%.0f] | %.3fx\n",
		what, a, ours[0], ours[ROUNDS - 1], peer, b, its[0], its[ROUNDS - 1],
		a / b);
	return a / b;
}

static void
filters(const struct logs *l, const char *path)
{
	for (size_t i = 0; i < COUNT(patterns); i++) {
		const char *const argv[] = {"grep", "-cE", patterns[i], path, NULL};
		double ours[ROUNDS], its[ROUNDS];
		struct err e = ERR_INIT;
		struct pattern *p = pattern_new(patterns[i], &e);
		struct query *q = query_new(logs_store(l));
		long count = 0;

		for (int r = 0; r < ROUNDS; r++) {
			double begin = own_ms();
			struct cost grep;

			query_set(q, &(struct query_terms){.patterns = {p}});
			while (query_step(q))
				;
			ours[r] = own_ms() - begin;
			grep = theirs(argv);
			its[r] = grep.ms;
			count = grep.count;
		}
		goal("filter beside grep -cE", row(patterns[i], ours, "grep -cE", its),
			FILTER_PERCENT);
		printf("%s %d - it finds what grep finds: %zu lines, %ld\n",
			(long)query_count(q) == count ? "ok" : "not ok", ++goals,
			query_count(q), count);
		missed += (long)query_count(q) != count;
		query_free(q);
		pattern_free(p);
	}
}

static struct logs *
ready(const char *path, const char *home)
{
	const struct logs_opts all = {.max_lines = 2 * LINES, .max_bytes = 512 << 20};
	const char *const wc[] = {"wc", "-l", path, NULL},
			  *const lnav[] = {
				  "env", home, "lnav", "-n", "-q", "-N", path, NULL};
	double ours[ROUNDS], its[ROUNDS], reading[ROUNDS];
	bool beside = system("command -v lnav >/dev/null") == 0;
	struct logs *l = NULL;
	struct cost of_lnav = {0}, of_wc = {0};
	long kib = kib_of_ours(path);

	for (int r = -1; r < ROUNDS; r++) { /* one to warm up */
		int at = r < 0 ? 0 : r;
		double begin;

		if (beside)
			of_lnav = theirs(lnav);
		logs_free(l);
		begin = own_ms();
		l = load(path, &all);
		ours[at] = own_ms() - begin;
		its[at] = of_lnav.ms;
		of_wc = theirs(wc);
		reading[at] = of_wc.ms;
	}
	row("a million lines, ready to be filtered", ours, "wc -l", reading);
	printf("%s %d - all lines are there: %lld, wc has %ld\n",
		logstore_end(logs_store(l)) == LINES && of_wc.count == LINES ? "ok"
									     : "not ok",
		++goals, (long long)logstore_end(logs_store(l)), of_wc.count);
	missed += logstore_end(logs_store(l)) != LINES;
	profile(path, median(ours));
	if (!beside) {
		printf("ok %d - ready beside lnav # SKIP lnav is not installed\n",
			++goals);
		return l;
	}
	goal("ready beside lnav", row("the same beside lnav", ours, "lnav", its),
		READY_PERCENT);
	printf("# memory with the console's bounds | %ld KiB | lnav %ld KiB\n", kib,
		of_lnav.kib);
	goal("memory beside lnav", (double)kib / (double)of_lnav.kib, MEMORY_PERCENT);
	return l;
}

int
main(void)
{
	char dir[] = "/tmp/logsbench-XXXXXX", path[64], home[64], clean[64];
	struct logs *l;

	if (!mkdtemp(dir))
		return 99;
	snprintf(path, sizeof path, "%s/log", dir);
	snprintf(home, sizeof home, "HOME=%s", dir);
	snprintf(clean, sizeof clean, "rm -rf %s", dir);
	write_log(path);
	l = ready(path, home);
	filters(l, path);
	logs_free(l);
	printf("1..%d\n", goals);
	return system(clean) != 0 || missed > 0;
}
