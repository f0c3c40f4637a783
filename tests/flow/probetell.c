/*
 * Looks at the probes of a runbook and prints a line for each: verdict, leading field with
 * value and unit, message. For the flow tests of the probes, which bring the real things up.
 *
 *   probetell RUNBOOK PROBE...     values of inputs come from variables IN_name
 *
 * After the last look nothing may be left of any: descriptors are counted before and after.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "load/load.h"
#include "loop/loop.h"
#include "probe/probe.h"

struct telling {
	struct probe_env env;
	struct probe_look *look;
};

static const char *
value_of(void *ctx, const char *full_name)
{
	char name[64];

	(void)ctx;
	snprintf(name, sizeof name, "IN_%s", full_name);
	return getenv(name);
}

static void
came(void *ctx, const struct probe_reading *r)
{
	struct telling *t = ctx;

	printf("%s: %s %s=%s%s | %s\n", r->probe->name, verdict_name(r->verdict),
		r->field, r->value, r->unit, r->message);
	if (r->each)
		puts(r->each);
	/* From inside, as the console does it. */
	probe_look_free(t->look);
	t->look = NULL;
}

static size_t
open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	size_t n = 0;

	if (!d)
		return 0;
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

static struct runbook *
load(const char *path)
{
	const char *project = getenv("PROBE_PROJECT");
	struct load_opts o = {.environment = getenv("PROBE_ENV")};
	struct diags d = {0};
	struct project *p = project ? load_project(project, &d) : NULL;
	struct runbook *rb;

	o.project = p;
	rb = load_runbook(path, &o, &d);
	project_free(p);

	for (size_t i = 0; i < d.list.len; i++)
		if (d.list.at[i].level == DIAG_ERROR)
			fprintf(stderr, "%s:%d: %s\n", path, d.list.at[i].line,
				d.list.at[i].msg);
	diags_release(&d);
	return rb;
}

static void
look(struct telling *t, int probe)
{
	t->look = probe_start(&t->env, probe, came, t);
	while (t->look)
		loop_turn(t->env.loop, 1000);
}

int
main(int argc, char **argv)
{
	const char *handrail = getenv("HANDRAIL");
	struct fleet_opts fo = {0};
	struct telling t = {0};
	struct runbook *rb;
	size_t before;
	int bad = 0;

	setvbuf(stdout, NULL, _IOLBF, 0);
	fleet_prepare(handrail ? handrail : argv[0]);
	rb = argc > 1 ? load(argv[1]) : NULL;
	if (!rb)
		return 2;
	fo.loop = loop_new();
	fo.runbook = rb;
	t.env = (struct probe_env){.loop = fo.loop,
		.fleet = fleet_new(&fo),
		.http = http_new(fo.loop),
		.runbook = rb,
		.lookup = value_of};
	before = open_files();
	for (int i = 2; i < argc; i++) {
		int probe = runbook_find_probe(rb, 0, argv[i]);

		if (probe == NONE) {
			fprintf(stderr, "no probe %s\n", argv[i]);
			bad = 2;
			continue;
		}
		look(&t, probe);
	}
	http_free(t.env.http);
	fleet_free(t.env.fleet);
	loop_settle(fo.loop, 2000);
	if (open_files() > before) {
		fprintf(stderr, "%zu descriptors before, %zu after\n", before,
			open_files());
		bad = 3;
	}
	runbook_unref(rb);
	loop_free(fo.loop);
	return bad;
}
