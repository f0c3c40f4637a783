#include "bench/family.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROCESSES_MAX = 4096 };

const char *const family_names[FAMILY_KINDS] = {
	[FAMILY_HEAD] = "console",
	[FAMILY_PARENT] = "handrail-ssh",
	[FAMILY_WORKER] = "workers",
	[FAMILY_OTHER] = "others",
};

struct process {
	pid_t pid, parent;
	char name[32];
	double ended_ms; /* of its children that were waited for */
	double own_ms;   /* in ticks of the kernel's clock */
};

static FILE *
open_of(pid_t pid, const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	return fopen(path, "r");
}

typedef void entry_fn(void *ctx, pid_t pid, long entry);

/* Calls each for the entries of a folder of pid, "" for that of all processes. */
static int
entries(pid_t pid, const char *name, entry_fn *each, void *ctx)
{
	char path[64] = "/proc";
	struct dirent *e;
	int n = 0;
	DIR *d;

	if (pid > 0)
		snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
	d = opendir(path);
	while (d && (e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		n++;
		if (each)
			each(ctx, pid, strtol(e->d_name, NULL, 10));
	}
	if (d)
		closedir(d);
	return n;
}

static bool
read_process(pid_t pid, struct process *p)
{
	unsigned long user, system, ended_user, ended_system;
	double tick_ms = 1e3 / (double)sysconf(_SC_CLK_TCK);
	char line[1024] = "", *open, *close;
	FILE *f = open_of(pid, "stat");
	int parent;

	if (!f)
		return false;
	if (!fgets(line, sizeof line, f))
		line[0] = '\0';
	fclose(f);
	open = strchr(line, '(');
	close = strrchr(line, ')');
	if (!open || !close ||
		sscanf(close + 2,
			"%*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu",
			&parent, &user, &system, &ended_user, &ended_system) != 5)
		return false;
	*close = '\0';
	*p = (struct process){.pid = pid,
		.parent = parent,
		.own_ms = (double)(user + system) * tick_ms,
		.ended_ms = (double)(ended_user + ended_system) * tick_ms};
	snprintf(p->name, sizeof p->name, "%s", open + 1);
	return true;
}

/* The schedstat of a thread counts in nanoseconds: that of a worker is below a tick. */
static void
add_thread(void *ctx, pid_t pid, long thread)
{
	unsigned long long ns;
	char name[48];
	FILE *f;

	snprintf(name, sizeof name, "task/%ld/schedstat", thread);
	f = open_of(pid, name);
	if (!f)
		return;
	if (fscanf(f, "%llu", &ns) == 1)
		*(double *)ctx += (double)ns / 1e6;
	fclose(f);
}

static double
pss_kib(pid_t pid)
{
	FILE *f = open_of(pid, "smaps_rollup");
	char line[128];
	double kib = 0;

	while (f && kib == 0 && fgets(line, sizeof line, f)) {
		if (strncmp(line, "Pss:", 4) == 0)
			kib = strtod(line + 4, NULL);
	}
	if (f)
		fclose(f);
	return kib;
}

static enum family_kind
kind_of(const struct process *p, pid_t head)
{
	if (p->pid == head)
		return FAMILY_HEAD;
	if (strcmp(p->name, "handrail-ssh") == 0)
		return FAMILY_PARENT;
	return strcmp(p->name, "handrail-worker") == 0 ? FAMILY_WORKER : FAMILY_OTHER;
}

static void
add(struct family *f, const struct process *p, pid_t head)
{
	enum family_kind k = kind_of(p, head);
	double own_ms = 0;

	entries(p->pid, "task", add_thread, &own_ms);
	f->cpu_ms[k] += own_ms > 0 ? own_ms : p->own_ms;
	f->cpu_ms[FAMILY_OTHER] += p->ended_ms;
	f->pss_kib[k] += pss_kib(p->pid);
	f->fds += entries(p->pid, "fd", NULL, NULL);
	f->processes++;
}

struct all {
	struct process list[PROCESSES_MAX];
	int len;
};

static void
note(void *ctx, pid_t self, long pid)
{
	struct all *a = ctx;

	(void)self;
	if (pid > 0 && a->len < PROCESSES_MAX &&
		read_process((pid_t)pid, &a->list[a->len]))
		a->len++;
}

static bool
is_below(const struct all *a, pid_t pid, pid_t head)
{
	for (int i = 0; i < a->len && pid != head; i++) {
		if (a->list[i].pid == pid) {
			pid = a->list[i].parent;
			i = -1;
		}
	}
	return pid == head;
}

void
family_look(pid_t head, struct family *out)
{
	static struct all all;

	*out = (struct family){.fds = 0};
	all.len = 0;
	entries(0, "", note, &all);
	for (int i = 0; i < all.len; i++) {
		if (is_below(&all, all.list[i].pid, head))
			add(out, &all.list[i], head);
	}
}

static double
sum(const double list[FAMILY_KINDS])
{
	double all = 0;

	for (int i = 0; i < FAMILY_KINDS; i++)
		all += list[i];
	return all;
}

double
family_cpu_ms(const struct family *f)
{
	return sum(f->cpu_ms);
}

double
family_pss_kib(const struct family *f)
{
	return sum(f->pss_kib);
}
