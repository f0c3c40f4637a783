/*
 * Fifty logs on fifty hosts, followed: `handrail logs -f` beside fifty `ssh HOST tail -F` with
 * the same key exchange. Memory (PSS) of all processes of the client, and processor time of a
 * line at 5,000 lines a second in all. Prints a table, then a line for each goal.
 *
 *   followbench RUNBOOK SSH-CONFIG FOLDER     logs FOLDER/log61 to log110 of hosts h61 to h110
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/family.h"

enum {
	LOGS = 50,
	FIRST = 61,
	TURNS = 50, /* of 100 ms */
	TURN_MS = 100,
	LINES_A_TURN = 10, /* of each log: 5,000 a second */
	SOON_MS = 120 * 1000,
	MEMORY_PERCENT = 20,
	US_A_LINE = 15,
	SPIN_WALL_MS = 150,
};

static double
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e3 + (double)ts.tv_nsec / 1e6;
}

static int goals, missed;

static void
goal(const char *what, double got, double most)
{
	missed += got > most;
	printf("%s %d - %s: %.2f, at most %.2f\n", got <= most ? "ok" : "not ok", ++goals,
		what, got, most);
}

static int logs[LOGS];

static void
open_logs(const char *folder)
{
	for (int i = 0; i < LOGS; i++) {
		char path[512];

		snprintf(path, sizeof path, "%s/log%d", folder, FIRST + i);
		logs[i] = open(path, O_WRONLY | O_APPEND | O_CREAT, 0644);
		if (logs[i] < 0) {
			perror(path);
			exit(99);
		}
	}
}

static void
write_lines(int n)
{
	char text[4096], stamp[32];
	time_t now = time(NULL);
	struct tm tm;
	int len = 0;

	gmtime_r(&now, &tm);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &tm);
	for (int i = 0; i < n; i++)
		len += snprintf(text + len, sizeof text - (size_t)len,
			"%s INFO app.orders [%d] order accepted, payment is pending, "
			"items are reserved\n",
			stamp, i);
	for (int i = 0; i < LOGS; i++) {
		if (write(logs[i], text, (size_t)len) != len)
			exit(99);
	}
}

/* ---- a side: a process, what it prints ---- */

struct side {
	pid_t head;
	int out;
	long lines;
};

static void
take(struct side *s, int ms)
{
	struct pollfd p = {.fd = s->out, .events = POLLIN};
	char text[65536];
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return;
	n = read(s->out, text, sizeof text);
	for (ssize_t i = 0; i < n; i++)
		s->lines += text[i] == '\n';
}

static void
pass(struct side *s, double ms)
{
	double until = now_ms() + ms;

	while (now_ms() < until)
		take(s, 10);
}

/* Until `more` lines came; what was written and did not come is a failure. */
static void
until_lines(struct side *s, long more, const char *what)
{
	double until = now_ms() + SOON_MS;

	while (s->lines < more && now_ms() < until)
		take(s, 100);
	if (s->lines >= more)
		return;
	printf("Bail out! %s: %ld lines of %ld came\n", what, s->lines, more);
	kill(s->head, SIGKILL);
	exit(1);
}

static void
start(struct side *s, char *const argv[])
{
	int ends[2];

	*s = (struct side){.head = -1};
	if (pipe(ends) != 0 || (s->head = fork()) < 0)
		exit(99);
	if (s->head == 0) {
		setpgid(0, 0);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(ends[1]);
	s->out = ends[0];
}

static void
end(struct side *s)
{
	kill(-s->head, SIGTERM);
	waitpid(s->head, NULL, 0);
	close(s->out);
}

struct cost {
	double pss_kib, us_a_line, idle_percent;
	int processes;
};

static struct cost
measure(struct side *s, const char *what)
{
	struct family before, after;
	struct cost cost;
	double begin;
	long had;

	/* The first lines of each log: all of them are followed. */
	do {
		write_lines(1);
		pass(s, 1000);
	} while (s->lines < LOGS);
	pass(s, 3000);
	had = s->lines;
	write_lines(1);
	until_lines(s, had + LOGS, what);
	family_look(s->head, &before);
	cost.pss_kib = family_pss_kib(&before);
	cost.processes = before.processes;
	begin = now_ms();
	pass(s, 5000);
	family_look(s->head, &after);
	cost.idle_percent = (family_cpu_ms(&after) - family_cpu_ms(&before)) /
		(now_ms() - begin) * 100;
	had = s->lines;
	before = after;
	for (int i = 0; i < TURNS; i++) {
		write_lines(LINES_A_TURN);
		pass(s, TURN_MS);
	}
	until_lines(s, had + (long)TURNS * LINES_A_TURN * LOGS, what);
	family_look(s->head, &after);
	cost.us_a_line = (family_cpu_ms(&after) - family_cpu_ms(&before)) * 1e3 /
		(TURNS * LINES_A_TURN * LOGS);
	printf("# %-22s | PSS %6.1f MiB, %3d processes | quiet %5.2f %% of a core | "
	       "%6.1f us a line | after it %.1f MiB\n",
		what, cost.pss_kib / 1024, cost.processes, cost.idle_percent,
		cost.us_a_line, family_pss_kib(&after) / 1024);
	for (int k = 0; k < FAMILY_KINDS; k++) {
		if (after.cpu_ms[k] > 0)
			printf("#   %-20s | PSS %6.1f MiB | %28s | %6.1f us a line\n",
				family_names[k], after.pss_kib[k] / 1024, "",
				(after.cpu_ms[k] - before.cpu_ms[k]) * 1e3 /
					(TURNS * LINES_A_TURN * LOGS));
	}
	fflush(stdout);
	return cost;
}

static bool
machine_is_busy(void)
{
	clock_t from = clock();
	double wall = now_ms();

	while (clock() - from < CLOCKS_PER_SEC / 10)
		;
	return now_ms() - wall > SPIN_WALL_MS;
}

int
main(int argc, char **argv)
{
	char line[1024];
	char *const theirs[] = {(char *)"sh", (char *)"-c", line, NULL};
	struct cost a, b;
	struct side s;

	if (argc != 4) {
		fputs("usage: followbench RUNBOOK SSH-CONFIG FOLDER\n", stderr);
		return 2;
	}
	open_logs(argv[3]);
	{
		char *const ours[] = {getenv("HANDRAIL"), (char *)"logs", (char *)"-f",
			(char *)"--lines", (char *)"0", argv[1], NULL};

		start(&s, ours);
		a = measure(&s, "handrail logs -f");
		end(&s);
	}
	snprintf(line, sizeof line,
		"for n in $(seq %d %d); do "
		"ssh -F '%s' h$n tail -n 0 -F '%s/log'$n </dev/null & done; wait",
		FIRST, FIRST + LOGS - 1, argv[2], argv[3]);
	start(&s, theirs);
	b = measure(&s, "50 x ssh tail -F");
	end(&s);
	goal("memory beside 50 ssh", a.pss_kib / b.pss_kib, MEMORY_PERCENT / 100.0);
	if (machine_is_busy())
		printf("ok %d - us a line # SKIP the machine is busy\n", ++goals);
	else
		goal("us a line at 5,000 a second", a.us_a_line, US_A_LINE);
	printf("1..%d\n", goals);
	return missed > 0;
}
