/*
 * A thousand looks at a page over TLS, sixteen at a time: probes of a runbook, each judged,
 * beside a bare libcurl loop and `curl --parallel` with the same authority, in turn. Client
 * processor time, medians of rounds after one to warm up. All keep their connections. One
 * curl process a probe is told for comparison.
 *
 *   probesbench URL CA
 *
 * Prints its table, then a line for each goal; where one is missed its parts stand above.
 */

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "load/load.h"
#include "loop/loop.h"
#include "probe/probe.h"

enum {
	LOOKS = 1000,
	AT_ONCE = 16,
	ROUNDS = 7,
	SINGLES = 20, /* processes of curl */
	BARE_PERCENT = 130,
	PARALLEL_PERCENT = 50,
	SPIN_MS = 100,
	SPIN_WALL_MS = 150,
	US_MOST = 50, /* a thousand a second take 5 % of a core */
};

static double
ms_of(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
		(double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

static void
stop(const char *why, const char *what)
{
	printf("Bail out! %s%s\n", why, what);
	exit(99);
}

/* ---- ours ---- */

struct place { /* of one look that is under way */
	struct ours *all;
	struct probe_look *look;
};

struct ours {
	struct probe_env env;
	struct place places[AT_ONCE];
	int begun, ended;
};

static void
came(void *ctx, const struct probe_reading *r)
{
	struct place *p = ctx;

	if (r->verdict != VERDICT_OK)
		stop("a probe is not good: ", r->message);
	probe_look_free(p->look);
	p->look = NULL;
	p->all->ended++;
}

static void
look_ours(struct ours *o)
{
	o->begun = o->ended = 0;
	while (o->ended < LOOKS) {
		for (int i = 0; i < AT_ONCE && o->begun < LOOKS; i++) {
			struct place *p = &o->places[i];

			if (p->look)
				continue;
			p->all = o;
			p->look = probe_start(&o->env, 0, came, p);
			o->begun++;
		}
		loop_turn(o->env.loop, 1000);
	}
}

/* The requests alone, through remote/http: what is left of a probe is its judgement. */
struct plain {
	struct http *http;
	struct http_opts o;
	struct http_call *calls[AT_ONCE];
	int begun, ended;
};

struct plain_place {
	struct plain *all;
	int i;
};

static void
plain_came(void *ctx, const struct http_end *end)
{
	struct plain_place *p = ctx;

	if (end->status != 200)
		stop("a request failed: ", end->why);
	http_call_free(p->all->calls[p->i]);
	p->all->calls[p->i] = NULL;
	p->all->ended++;
}

static void
ask_plain(struct plain *p, struct loop *loop)
{
	struct plain_place places[AT_ONCE];
	struct err e = ERR_INIT;

	p->begun = p->ended = 0;
	while (p->ended < LOOKS) {
		for (int i = 0; i < AT_ONCE && p->begun < LOOKS; i++) {
			if (p->calls[i])
				continue;
			places[i] = (struct plain_place){p, i};
			p->calls[i] = http_start(
				p->http, &p->o, plain_came, &places[i], &e);
			if (!p->calls[i])
				stop("no request: ", e.msg);
			p->begun++;
		}
		loop_turn(loop, 1000);
	}
}

static struct runbook *
book(const char *url, const char *ca)
{
	char path[] = "/tmp/probesbench-XXXXXX";
	struct load_opts o = {.environment = NULL};
	struct diags d = {0};
	struct runbook *rb;
	int fd = mkstemp(path);

	if (fd < 0)
		stop("no file: ", path);
	dprintf(fd,
		"handrail: 1\ntitle: Probes\nprobes:\n  p: {http: \"%s\", ca: \"%s\","
		" expect: {status: 200}}\nsteps: [{do: nothing}]\n",
		url, ca);
	close(fd);
	rb = load_runbook(path, &o, &d);
	unlink(path);
	diags_release(&d);
	if (!rb)
		stop("the runbook does not load", "");
	return rb;
}

/* ---- bare libcurl ---- */

static size_t
swallow(char *p, size_t size, size_t n, void *ctx)
{
	(void)p;
	(void)ctx;
	return size * n;
}

struct bare {
	CURLM *multi;
	CURL *easy[AT_ONCE];
};

static void
bare_open(struct bare *b, const char *url, const char *ca)
{
	b->multi = curl_multi_init();
	for (int i = 0; i < AT_ONCE; i++) {
		b->easy[i] = curl_easy_init();
		curl_easy_setopt(b->easy[i], CURLOPT_URL, url);
		curl_easy_setopt(b->easy[i], CURLOPT_CAPATH, NULL);
		curl_easy_setopt(b->easy[i], CURLOPT_CAINFO, ca);
		curl_easy_setopt(
			b->easy[i], CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
		curl_easy_setopt(b->easy[i], CURLOPT_WRITEFUNCTION, swallow);
	}
}

static void
look_bare(struct bare *b)
{
	int begun = AT_ONCE, ended = 0, running, left;
	CURLMsg *m;

	for (int i = 0; i < AT_ONCE; i++)
		curl_multi_add_handle(b->multi, b->easy[i]);
	while (ended < LOOKS) {
		curl_multi_perform(b->multi, &running);
		while ((m = curl_multi_info_read(b->multi, &left)) != NULL) {
			CURL *z = m->easy_handle;
			long status = 0;

			curl_easy_getinfo(z, CURLINFO_RESPONSE_CODE, &status);
			if (m->msg != CURLMSG_DONE || status != 200)
				stop("bare libcurl failed", "");
			curl_multi_remove_handle(b->multi, z);
			ended++;
			if (begun < LOOKS) {
				curl_multi_add_handle(b->multi, z);
				begun++;
			}
		}
		if (ended < LOOKS)
			curl_multi_poll(b->multi, NULL, 0, 100, NULL);
	}
}

static void
bare_close(struct bare *b)
{
	for (int i = 0; i < AT_ONCE; i++)
		curl_easy_cleanup(b->easy[i]);
	curl_multi_cleanup(b->multi);
}

/* ---- curl ---- */

static double
run_curl(char *const argv[])
{
	double before = ms_of(RUSAGE_CHILDREN);
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	if (status != 0)
		stop("curl failed", "");
	return ms_of(RUSAGE_CHILDREN) - before;
}

static double
look_parallel(const char *config)
{
	char *const argv[] = {(char *)"curl", (char *)"-sS",
		(char *)"--no-progress-meter", (char *)"--parallel",
		(char *)"--parallel-max", (char *)"16", (char *)"--http1.1",
		(char *)"--config", (char *)(uintptr_t)config, NULL};

	return run_curl(argv);
}

static double
look_singly(const char *url, const char *ca)
{
	char *const argv[] = {(char *)"curl", (char *)"-sS", (char *)"--cacert",
		(char *)(uintptr_t)ca, (char *)"-o", (char *)"/dev/null",
		(char *)(uintptr_t)url, NULL};
	double sum = 0;

	for (int i = 0; i < SINGLES; i++)
		sum += run_curl(argv);
	return sum * LOOKS / SINGLES;
}

static void
write_config(const char *path, const char *url, const char *ca)
{
	FILE *f = fopen(path, "w");

	if (!f)
		stop("cannot write ", path);
	fprintf(f, "cacert = \"%s\"\n", ca);
	for (int i = 0; i < LOOKS; i++)
		fprintf(f, "url = \"%s\"\noutput = \"/dev/null\"\n", url);
	if (fclose(f) != 0)
		stop("cannot write ", path);
}

/* ---- goals ---- */

enum side { OURS, PLAIN, BARE, PARALLEL, SINGLY, SIDES };
static const char *const names[SIDES] = {[OURS] = "handrail, probes that are judged",
	[PLAIN] = "handrail, the requests alone",
	[BARE] = "bare libcurl loop",
	[PARALLEL] = "curl --parallel",
	[SINGLY] = "one curl a probe, new TLS each"};

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static int goals, missed;

static void
goal(const char *what, double got, double most)
{
	missed += got > most;
	printf("%s %d - %s: %.2f, at most %.2f\n", got <= most ? "ok" : "not ok", ++goals,
		what, got, most);
}

struct bench {
	struct ours ours;
	struct plain plain;
	struct bare bare;
	const char *url, *ca, *config;
};

static double
run_side(struct bench *b, enum side s)
{
	double before = ms_of(RUSAGE_SELF);

	switch (s) {
	case OURS:
		look_ours(&b->ours);
		break;
	case PLAIN:
		ask_plain(&b->plain, b->ours.env.loop);
		break;
	case BARE:
		look_bare(&b->bare);
		break;
	case PARALLEL:
		return look_parallel(b->config);
	case SINGLY:
		return look_singly(b->url, b->ca);
	case SIDES:
		break;
	}
	return ms_of(RUSAGE_SELF) - before;
}

/* 100 ms of computing that take 150: only ratios mean something now. */
static bool
machine_is_busy(void)
{
	double cpu = ms_of(RUSAGE_SELF);
	struct mono wall = clock_mono();

	while (ms_of(RUSAGE_SELF) - cpu < SPIN_MS)
		;
	return clock_mono().ms - wall.ms > SPIN_WALL_MS;
}

static void
measure(struct bench *b)
{
	double ms[SIDES][ROUNDS], us[SIDES];
	bool busy = machine_is_busy();

	for (int r = -1; r < ROUNDS; r++) {
		for (int i = 0; i < SIDES; i++) {
			int s = (i + r + SIDES) % SIDES;

			ms[s][r < 0 ? 0 : r] = run_side(b, (enum side)s);
		}
	}
	for (int s = 0; s < SIDES; s++) {
		qsort(ms[s], ROUNDS, sizeof ms[s][0], by_size);
		us[s] = ms[s][ROUNDS / 2] * 1e3 / LOOKS;
		printf("# %-34s | %8.1f us a probe [%.1f..%.1f]\n", names[s], us[s],
			ms[s][0] * 1e3 / LOOKS, ms[s][ROUNDS - 1] * 1e3 / LOOKS);
	}
	goal("probe beside bare libcurl", us[OURS] / us[BARE], BARE_PERCENT / 100.0);
	goal("probe beside curl --parallel", us[OURS] / us[PARALLEL],
		PARALLEL_PERCENT / 100.0);
	if (busy)
		printf("ok %d - us a probe # SKIP the machine is busy\n", ++goals);
	else
		goal("us a probe", us[OURS], US_MOST);
}

int
main(int argc, char **argv)
{
	char config[] = "/tmp/probesbench-curl-XXXXXX";
	struct fleet_opts fo = {0};
	struct bench b = {.config = config};
	struct runbook *rb;

	if (argc != 3) {
		fputs("usage: probesbench URL CA\n", stderr);
		return 2;
	}
	b.url = argv[1];
	b.ca = argv[2];
	close(mkstemp(config));
	write_config(config, b.url, b.ca);
	fleet_prepare(getenv("HANDRAIL") ? getenv("HANDRAIL") : argv[0]);
	rb = book(b.url, b.ca);
	fo.loop = loop_new();
	fo.runbook = rb;
	b.ours.env = (struct probe_env){.loop = fo.loop,
		.fleet = fleet_new(&fo),
		.http = http_new(fo.loop),
		.runbook = rb};
	b.plain.http = http_new(fo.loop);
	b.plain.o = (struct http_opts){.method = "GET", .url = b.url, .ca = b.ca};
	bare_open(&b.bare, b.url, b.ca);
	measure(&b);
	printf("1..%d\n", goals);
	bare_close(&b.bare);
	http_free(b.plain.http);
	http_free(b.ours.env.http);
	fleet_free(b.ours.env.fleet);
	loop_settle(fo.loop, 2000);
	runbook_unref(rb);
	loop_free(fo.loop);
	unlink(config);
	return missed > 0;
}
