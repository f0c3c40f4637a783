/*
 * What it costs to load a runbook of 10,000 steps, beside what libyaml's bare events of the
 * same bytes cost in the same process: rounds in turn, the order changing, one warm-up.
 *
 *   loadbench              TAP: the table, and the goals
 *   loadbench --anyway     the same on a busy machine
 *   loadbench --write N    the runbook of N steps, to standard output
 *   loadbench --load N     loads it once, for a profiler
 *
 * Processor time is measured: both sides compute in memory and wait for nothing.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <yaml.h>

#include "base/digest.h"
#include "load/load.h"
#include "load/ydoc.h"
#include "model/check.h"

#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { STEPS = 10000, ROUNDS = 15, SPIN_MS = 100, SPIN_WALL_MS = 150 };

/* Goals: times of the bare events; 20,000 steps to 10,000. */
static const double events_goal = 2.0, linear_goal = 2.2;

/* ---- the runbook ----------------------------------------------------------------------- */

static const char head[] =
	"handrail: 1\n"
	"title: Move every shop to the new schema\n"
	"kind: migration\n"
	"owner: platform\n"
	"inputs:\n"
	"  tag: {ask: \"Which version?\", type: version}\n"
	"hosts:\n"
	"  db: {ssh: ni-db1}\n"
	"  web: {ssh: [web1, web2]}\n"
	"probes:\n"
	"  api: {http: \"https://api.example.com/health\", expect: {status: 200}}\n"
	"  disk: {host: db, disk: /var, expect: {used: \"< 90%\"}}\n"
	"roles:\n"
	"  Technical lead: [lea@example.com]\n"
	"steps:\n";

static void
add_run(struct str *out, int i)
{
	str_addf(out,
		"  - run: |\n"
		"      cd /srv/shop/%d\n"
		"      docker exec shop-api-%d alembic -c alembic.ini upgrade head\n"
		"      docker exec shop-api-%d python -m shop.check --tag \"$tag\" --shop %d\n"
		"    title: Migrate the database of shop %d\n"
		"    why: The new version needs the new columns and nothing works without them; it takes longer for the shops with many orders.\n"
		"    host: %s\n"
		"    timeout: 30m\n"
		"    expect: {exit: 0, time: \"< 20m\", output: {contains: done}}\n"
		"    undo: docker exec shop-api-%d alembic -c alembic.ini downgrade -1\n",
		i, i, i, i, i, i % 2 ? "web" : "db", i);
}

static void
add_look(struct str *out, int i)
{
	str_addf(out,
		"  - run: |\n"
		"      docker exec shop-db-%d psql -U shop -d shop -Atc 'select count(*) from "
		"orders where shop = %d'\n"
		"    title: Orders of shop %d are there\n"
		"    why: An empty table here means that the copy was cut short, whatever the copy said, and that the shop must stay closed.\n"
		"    host: db\n"
		"    risk: none\n"
		"    save: {orders_%d: output}\n"
		"    expect: {exit: 0, value: \"> 0\"}\n",
		i, i, i, i);
}

static void
add_others(struct str *out, int i)
{
	switch (i % 10) {
	case 0:
		str_addf(out,
			"  - do: Tell the owner of shop %d that writes stop now, and until when\n"
			"    why: They take orders by telephone meanwhile and want to know for how long, and whom to call when it takes longer than that.\n"
			"    evidence: link\n"
			"    links: {list: \"https://wiki.example.com/shops/%d\"}\n",
			i, i);
		break;
	case 5:
		str_addf(out,
			"  - check: [api, disk]\n"
			"    title: Shop %d answers again\n"
			"    why: The next one may only begin when this one serves its customers; what is wrong here would be wrong in all of them.\n"
			"    within: 2m\n",
			i);
		break;
	default:
		str_addf(out,
			"  - signoff: Technical lead\n"
			"    title: Shop %d is accepted\n"
			"    says: |\n"
			"      I have seen the counts of shop %d and accept them,\n"
			"      with the exceptions that are listed above.\n"
			"    not: runner\n",
			i, i);
	}
}

static void
generate(struct str *out, int steps)
{
	str_adds(out, head);
	for (int i = 0; i < steps; i++) {
		if (i % 10 == 0 || i % 10 == 5 || i % 10 == 9)
			add_others(out, i);
		else if (i % 10 == 4)
			add_look(out, i);
		else
			add_run(out, i);
	}
}

/* ---- the two sides --------------------------------------------------------------------- */

static double
clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
now_ms(void)
{
	return clock_ms(CLOCK_PROCESS_CPUTIME_ID);
}

static double
time_events(const struct str *text)
{
	double start = now_ms();
	bool more = true;
	yaml_parser_t p;
	yaml_event_t ev;

	if (!yaml_parser_initialize(&p))
		abort();
	yaml_parser_set_input_string(&p, (const unsigned char *)text->buf, text->len);
	while (more) {
		if (!yaml_parser_parse(&p, &ev))
			abort();
		more = ev.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&ev);
	}
	yaml_parser_delete(&p);
	return now_ms() - start;
}

static double
time_load(const struct str *text)
{
	struct diags d = {0};
	double start = now_ms(), took;
	struct runbook *rb = load_runbook_text(
		"bench.yaml", text->buf, text->len, NULL, &d);

	took = now_ms() - start;
	if (rb == NULL || d.warnings > 0) {
		struct str said = STR_INIT;

		diags_print(&d, &said);
		fputs(said.buf, stderr);
		abort();
	}
	runbook_unref(rb);
	diags_release(&d);
	return took;
}

/* ---- rounds ---------------------------------------------------------------------------- */

struct rounds {
	double events[ROUNDS], load[ROUNDS], ratio[ROUNDS];
};

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
median(const double *list)
{
	double sorted[ROUNDS];

	memcpy(sorted, list, sizeof sorted);
	qsort(sorted, ROUNDS, sizeof *sorted, by_size);
	return sorted[ROUNDS / 2];
}

static double
largest(const double *list)
{
	double most = list[0];

	for (int i = 1; i < ROUNDS; i++)
		most = list[i] > most ? list[i] : most;
	return most;
}

static void
measure(const struct str *text, struct rounds *r)
{
	time_events(text);
	time_load(text);
	for (int i = 0; i < ROUNDS; i++) {
		if (i % 2)
			r->load[i] = time_load(text);
		r->events[i] = time_events(text);
		if (i % 2 == 0)
			r->load[i] = time_load(text);
		r->ratio[i] = r->load[i] / r->events[i];
	}
}

static void
print_row(int steps, size_t bytes, const struct rounds *r)
{
	printf("# %6d steps %8zu bytes | events %6.1f ms | load %6.1f ms | "
	       "ratio %.2f, worst %.2f\n",
		steps, bytes, median(r->events), median(r->load), median(r->ratio),
		largest(r->ratio));
}

/* Where the time of a load goes: what a missed goal is explained by. */
static void
print_profile(const struct str *text)
{
	struct diags d = {0};
	char hex[DIGEST_HEX + 1];
	double events = time_events(text), at = now_ms(), tree, digest, checks, whole;
	struct runbook *rb;

	ydoc_free(ydoc_parse("bench.yaml", text->buf, text->len, &d));
	tree = now_ms() - at - events;
	at = now_ms();
	digest_hex(text->buf, text->len, hex);
	digest = now_ms() - at;
	at = now_ms();
	rb = load_runbook_text("bench.yaml", text->buf, text->len, NULL, &d);
	whole = now_ms() - at;
	at = now_ms();
	check_runbook(rb, NULL, &d);
	checks = now_ms() - at;
	printf("# profile: events %.1f, tree %.1f, sha256 %.1f, checks %.1f, "
	       "model and the rest %.1f ms\n",
		events, tree, digest, checks, whole - events - tree - digest - checks);
	runbook_unref(rb);
	diags_release(&d);
}

/* A machine that is busy with something else measures nothing. */
static bool
busy(void)
{
	double cpu = now_ms(), wall = clock_ms(CLOCK_MONOTONIC);

	while (now_ms() - cpu < SPIN_MS)
		;
	return clock_ms(CLOCK_MONOTONIC) - wall > SPIN_WALL_MS;
}

static void
verdict(int number, double got, double goal, const char *what)
{
	printf("%s %d - %s: %.2f, at most %.1f\n", got <= goal ? "ok" : "not ok", number,
		what, got, goal);
}

static void
bench(void)
{
	struct str once = STR_INIT, twice = STR_INIT;
	struct rounds small, large;

	generate(&once, STEPS);
	generate(&twice, 2 * STEPS);
	measure(&once, &small);
	measure(&twice, &large);
	print_row(STEPS, once.len, &small);
	print_row(2 * STEPS, twice.len, &large);
	print_profile(&once);
	puts("1..2");
	verdict(1, median(small.ratio), events_goal, "load to bare events");
	verdict(2, median(large.load) / median(small.load), linear_goal,
		"20,000 steps to 10,000");
	str_release(&once);
	str_release(&twice);
}

int
main(int argc, char **argv)
{
	struct str text = STR_INIT;

	if (argc == 3 && strcmp(argv[1], "--write") == 0) {
		generate(&text, (int)strtol(argv[2], NULL, 10));
		fwrite(text.buf, 1, text.len, stdout);
		str_release(&text);
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "--load") == 0) { /* for a profiler */
		generate(&text, (int)strtol(argv[2], NULL, 10));
		printf("load %.1f ms\n", time_load(&text));
		str_release(&text);
		return 0;
	}
	if (SANITIZED)
		puts("1..0 # SKIP sanitizers measure themselves");
	else if (argc < 2 && busy())
		puts("1..0 # SKIP the machine is busy");
	else
		bench();
	return 0;
}
