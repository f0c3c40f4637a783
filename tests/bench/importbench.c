/*
 * What an import costs: a page of 60 KB, and sixteen times as much, each in a process of its
 * own so that its memory can be told. Goals: 60 KB in at most 50 ms, time and memory in
 * proportion. `importbench FILE` reads the page; prints a table as comments and ends with 1
 * when a goal is missed.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "load/import.h"

enum { ROUNDS = 9, TIMES = 16, GOAL_MS = 50 };

struct cost {
	double ms;
	long kb;
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int
by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The middle one of several, in this process. */
static double
measure(const struct str *text)
{
	double ms[ROUNDS];

	for (int i = 0; i < ROUNDS; i++) {
		double start = now_ms();
		struct import im;
		struct err e = ERR_INIT;

		if (!import_page("page.md", text->buf, text->len, &im, &e)) {
			fprintf(stderr, "%s\n", e.msg);
			exit(1);
		}
		import_release(&im);
		ms[i] = now_ms() - start;
	}
	qsort(ms, ROUNDS, sizeof ms[0], by_size);
	return ms[ROUNDS / 2];
}

static bool
in_a_child(const struct str *text, struct cost *out)
{
	struct rusage use;
	int fds[2], status;
	pid_t pid;

	if (pipe(fds) != 0 || (pid = fork()) < 0)
		return false;
	if (pid == 0) {
		double ms = measure(text);

		_exit(write(fds[1], &ms, sizeof ms) == (ssize_t)sizeof ms ? 0 : 1);
	}
	close(fds[1]);
	if (read(fds[0], &out->ms, sizeof out->ms) != (ssize_t)sizeof out->ms)
		out->ms = -1;
	close(fds[0]);
	if (wait4(pid, &status, 0, &use) != pid || status != 0)
		return false;
	out->kb = use.ru_maxrss;
	return out->ms >= 0;
}

int
main(int argc, char **argv)
{
	struct str page = STR_INIT, large = STR_INIT, none = STR_INIT;
	struct cost small, big, empty;
	struct err e = ERR_INIT;
	double times;
	bool good;

	if (argc != 2 || !file_read(argv[1], IMPORT_BYTES_MAX, &page, &e)) {
		fprintf(stderr, "importbench FILE %s\n", e.msg);
		return 1;
	}
	for (int i = 0; i < TIMES; i++)
		str_add(&large, page.buf, page.len);
	if (!in_a_child(&none, &empty) || !in_a_child(&page, &small) ||
		!in_a_child(&large, &big))
		return 1;
	times = big.ms / small.ms;
	printf("# import of %zu KB | %.1f ms | %ld KB of memory\n", page.len / 1024,
		small.ms, small.kb - empty.kb);
	printf("# import of %zu KB | %.1f ms | %ld KB of memory | %.1f times the time\n",
		large.len / 1024, big.ms, big.kb - empty.kb, times);
	printf("%.3f\n", small.ms);
	good = small.ms <= GOAL_MS && times <= TIMES * 2 &&
		(size_t)(big.kb - empty.kb) <= large.len / 1024 * 64;
	str_release(&page);
	str_release(&large);
	return good ? 0 : 1;
}
