/*
 * Watches the containers of a runbook's hosts as the console does and prints a line whenever
 * something is not as it was, until standard input ends. For tests/flow/boxes.test.
 *
 *   web1 live engine events 2 api=running/healthy db=exited/none | why
 *
 * At the end nothing may be left: descriptors are counted before and after.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/boxing.h"
#include "base/mem.h"
#include "load/load.h"

enum { TURN_MS = 200 };

struct telling {
	struct boxing *g;
	char *said[8];
	bool over;
};

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

static void
tell_host(struct telling *t, size_t host)
{
	const struct boxes_host *h = boxes_host(boxing_boxes(t->g), host);
	enum boxes_state s = boxes_state_now(h, clock_mono());
	struct str line = STR_INIT;

	str_addf(&line, "%s %s %s events %zu", h->name, boxes_state_name(s),
		boxing_way(t->g, host), h->heard);
	for (size_t i = 0; i < h->boxes.list.len; i++) {
		const struct box *b = &h->boxes.list.at[i];

		str_addf(&line, " %s=%s/%s", b->name, box_state_name(b->state),
			box_health_name(b->health));
	}
	str_addf(&line, " | %s", h->why ? h->why : "");
	if (!str_eq(line.buf, t->said[host]))
		puts(line.buf);
	mem_free(t->said[host]);
	t->said[host] = str_take(&line);
}

static void
tell(struct telling *t)
{
	for (size_t i = 0; i < boxes_hosts(boxing_boxes(t->g)) && i < 8; i++)
		tell_host(t, i);
}

static void
on_input(void *ctx, int ready)
{
	struct telling *t = ctx;
	char buf[64];
	ssize_t n = read(0, buf, sizeof buf);

	(void)ready;
	t->over = n == 0;
}

/* What is opened once for all is open after a first look. */
static void
warm_up(const struct fleet_opts *fo)
{
	struct fleet *fleet = fleet_new(fo);
	struct boxing *g = boxing_new(&(struct boxing_opts){
		.loop = fo->loop, .runbook = fo->runbook, .fleet = fleet, .once = true});

	while (!boxing_over(g))
		loop_turn(fo->loop, TURN_MS);
	boxing_free(g);
	fleet_free(fleet);
	loop_settle(fo->loop, TURN_MS);
}

int
main(int argc, char **argv)
{
	const char *handrail = getenv("HANDRAIL");
	struct fleet_opts fo = {0};
	struct telling t = {0};
	struct diags d = {0};
	struct loop_fd *input;
	size_t before, after;

	setvbuf(stdout, NULL, _IOLBF, 0);
	fleet_prepare(handrail ? handrail : argv[0]);
	struct runbook *rb = argc > 1 ? load_runbook(argv[1], &(struct load_opts){0}, &d)
				      : NULL;
	diags_release(&d);
	if (!rb)
		return 2;
	fo.loop = loop_new();
	fo.runbook = rb;
	warm_up(&fo);
	before = open_files();
	struct fleet *fleet = fleet_new(&fo);
	input = loop_fd_new(fo.loop, 0, on_input, &t);
	loop_fd_want(input, LOOP_READ);
	t.g = boxing_new(
		&(struct boxing_opts){.loop = fo.loop, .runbook = rb, .fleet = fleet});
	while (!t.over) {
		loop_turn(fo.loop, TURN_MS);
		tell(&t);
	}
	boxing_free(t.g);
	for (size_t i = 0; i < 8; i++)
		mem_free(t.said[i]);
	loop_fd_free(input);
	fleet_free(fleet);
	loop_settle(fo.loop, TURN_MS);
	after = open_files();
	runbook_unref(rb);
	loop_free(fo.loop);
	if (after > before) {
		printf("%zu descriptors are left open\n", after - before);
		return 1;
	}
	puts("nothing is left");
	return 0;
}
