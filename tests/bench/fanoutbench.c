/*
 * `true` on fifty hosts at once: Handrail beside clush and parallel-ssh, in turn, in one
 * process against one sshd. Cold: nobody is connected. Hot: everybody is. One warm-up, then
 * rounds with the order turned. Prints its table, then one line for each goal.
 *
 *   fanoutbench              TAP
 *   fanoutbench --anyway     the same on a busy machine
 *   fanoutbench --profile    Handrail's cold side alone, ten times, for a profiler
 */

#include <sys/resource.h>
#include <time.h>

#include "../flow/crowdkit.h"
#include "base/file.h"

#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

enum {
	HOSTS = 50,
	FIRST = 61, /* 127.0.0.61 */
	ROUNDS = 7,
	SPIN_MS = 100,
	SPIN_WALL_MS = 150,
	KIB_MAX = 400,
};

/* ---- clocks ---- */

static double
clock_ms(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double
children_cpu_ms(void)
{
	struct rusage r;

	getrusage(RUSAGE_CHILDREN, &r);
	return (double)(r.ru_utime.tv_sec + r.ru_stime.tv_sec) * 1e3 +
		(double)(r.ru_utime.tv_usec + r.ru_stime.tv_usec) / 1e3;
}

/* Calls fn with the number of each process of ours that has this name. */
static double
each_process(const char *name, double (*fn)(const char *pid))
{
	char **names, path[64];
	struct err e = ERR_INIT;
	double sum = 0;
	size_t count;

	names = file_names("/proc", &count, &e);
	for (size_t i = 0; names && i < count; i++) {
		char line[64] = "";
		FILE *f;

		snprintf(path, sizeof path, "/proc/%.20s/comm", names[i]);
		f = names[i][0] >= '1' && names[i][0] <= '9' ? fopen(path, "r") : NULL;
		if (f && fgets(line, sizeof line, f)) {
			line[strcspn(line, "\n")] = 0;
			sum += strcmp(line, name) == 0 ? fn(names[i]) : 0;
		}
		if (f)
			fclose(f);
	}
	file_names_free(names);
	return sum;
}

static double
one(const char *pid)
{
	(void)pid;
	return 1;
}

/* Processor time so far, to the nanosecond: that of a worker is below a tick. */
static double
ran_ms(const char *pid)
{
	char path[64], line[128];
	FILE *f;
	double ns = 0;

	snprintf(path, sizeof path, "/proc/%s/schedstat", pid);
	f = fopen(path, "r");
	if (f && fgets(line, sizeof line, f))
		ns = strtod(line, NULL);
	if (f)
		fclose(f);
	return ns / 1e6;
}

static double
pss_kib(const char *pid)
{
	char path[64], line[128];
	FILE *f;
	double kib = 0;

	snprintf(path, sizeof path, "/proc/%s/smaps_rollup", pid);
	f = fopen(path, "r");
	while (f && kib == 0 && fgets(line, sizeof line, f)) {
		if (strncmp(line, "Pss:", 4) == 0)
			kib = strtod(line + 4, NULL);
	}
	if (f)
		fclose(f);
	return kib;
}

/* ---- the sides ---- */

struct cost {
	double wall, cpu; /* ms; cpu of the client's processes */
	double console;   /* of that, our own process */
	double connected; /* ms until the last host was */
};

enum side {
	COLD_CLUSH,
	COLD_CLUSH_X,
	COLD_PSSH_X,
	COLD_LIBSSH2,
	COLD_WHOLE,
	COLD_OPENSSH,
	HOT_CLUSH,
	HOT_PSSH,
	HOT_LIBSSH2,
	HOT_OPENSSH,
	SIDES
};

static const char *const side_names[SIDES] = {
	[COLD_CLUSH] = "cold  clush, as shipped",
	[COLD_CLUSH_X] = "cold  clush, x25519",
	[COLD_PSSH_X] = "cold  parallel-ssh, x25519",
	[COLD_LIBSSH2] = "cold  handrail, libssh2",
	[COLD_WHOLE] = "cold  the same, with ssh -G and known hosts",
	[COLD_OPENSSH] = "cold  handrail, system ssh as shipped",
	[HOT_CLUSH] = "hot   clush over ControlMaster",
	[HOT_PSSH] = "hot   parallel-ssh over ControlMaster",
	[HOT_LIBSSH2] = "hot   handrail, libssh2",
	[HOT_OPENSSH] = "hot   handrail, system ssh",
};

struct bench {
	struct loop *loop; /* one for all: whoever is connected must be heard */
	struct cost cost[SIDES][ROUNDS];
	bool has[SIDES];
	double pss;    /* KiB of a worker; 0: cannot be seen */
	double guests; /* sshd processes when nobody of the cold sides is connected */
	struct crowd hot[2]; /* libssh2, openssh: connected all the time */
	double workers_idle;
};

static char *
config_path(const char *name)
{
	return mem_printf("%s/fanout/%s", getenv("HR_STACK_DIR"), name);
}

/* What the cold sides left behind must be gone before the next one is measured. */
static void
wait_quiet(struct bench *b)
{
	while (each_process("sshd", one) > b->guests ||
		each_process("handrail-worker", one) > b->workers_idle)
		loop_turn(b->loop, 20);
}

static double
ours_ms(void)
{
	return clock_ms(CLOCK_PROCESS_CPUTIME_ID) + children_cpu_ms() +
		each_process("handrail-worker", ran_ms) +
		each_process("handrail-ssh", ran_ms) + each_process("ssh", ran_ms);
}

static struct kit *
add_host(struct crowd *c, int i, enum host_transport transport)
{
	static char names[HOSTS][8];

	snprintf(names[i], sizeof names[i], "h%d", FIRST + i);
	return crowd_add(c, names[i], transport);
}

/* Ends when `true` has on all hosts; says when the last of them was connected. */
static double
run_everywhere(struct crowd *c)
{
	struct kit_exec x[HOSTS];
	double begin = clock_ms(CLOCK_MONOTONIC), connected = -1;
	int ended, ready;

	for (int i = 0; i < HOSTS; i++)
		kit_exec_start(&c->k[i], &x[i], "true", "");
	do {
		loop_turn(c->loop, 1000);
		ended = ready = 0;
		for (int i = 0; i < HOSTS; i++) {
			ended += x[i].ends;
			ready += connected < 0 && state_of(&c->k[i]) == LINK_READY;
		}
		if (ready == HOSTS)
			connected = clock_ms(CLOCK_MONOTONIC) - begin;
	} while (ended < HOSTS);
	for (int i = 0; i < HOSTS; i++) {
		if (x[i].end.exit != 0)
			fail_msg("h%d: %s", FIRST + i, x[i].end.why);
		kit_exec_release(&x[i]);
	}
	return connected;
}

static void
look_ahead(struct crowd *c)
{
	struct link_status s;

	for (int i = 0; i < HOSTS; i++)
		link_prepare(c->k[i].link);
	for (int i = 0; i < HOSTS; i++)
		KIT_WAIT(c, (link_status(c->k[i].link, &s), *s.transport));
}

/* Whether ssh -G and ssh-keygen -F were asked before: a session does that when it opens. */
enum knowing { FACTS_KNOWN, FACTS_TO_FIND };

static struct cost
cold(struct bench *b, enum host_transport transport, enum knowing facts)
{
	struct crowd c;
	struct cost cost;
	double cpu, console;

	crowd_open_in(&c, b->loop);
	for (int i = 0; i < HOSTS; i++)
		add_host(&c, i, transport);
	if (facts == FACTS_KNOWN)
		look_ahead(&c);
	cpu = ours_ms();
	console = clock_ms(CLOCK_PROCESS_CPUTIME_ID);
	cost.wall = clock_ms(CLOCK_MONOTONIC);
	cost.connected = run_everywhere(&c);
	cost.wall = clock_ms(CLOCK_MONOTONIC) - cost.wall;
	cost.console = clock_ms(CLOCK_PROCESS_CPUTIME_ID) - console;
	cost.cpu = ours_ms() - cpu;
	crowd_close(&c);
	return cost;
}

static struct cost
hot(struct crowd *c)
{
	struct cost cost = {.cpu = ours_ms(), .wall = clock_ms(CLOCK_MONOTONIC)};

	run_everywhere(c);
	cost.wall = clock_ms(CLOCK_MONOTONIC) - cost.wall;
	cost.cpu = ours_ms() - cost.cpu;
	return cost;
}

/* A peer, as a shell line with its configuration file as $1 and its words in $2. */
static struct cost
peer(struct bench *b, const char *line, const char *config)
{
	char *path = config_path(config);
	const char *argv[] = {"sh", "-c", line, "sh", path, NULL};
	struct loop_child_opts o = {.argv = argv};
	struct loop_capture got;
	struct err e = ERR_INIT;
	struct cost cost = {.cpu = children_cpu_ms(), .wall = clock_ms(CLOCK_MONOTONIC)};

	if (!loop_child_capture(b->loop, &o, 65536, &got, &e))
		fail_msg("%s", e.msg);
	cost.wall = clock_ms(CLOCK_MONOTONIC) - cost.wall;
	cost.cpu = children_cpu_ms() - cost.cpu;
	if (got.end.exit != 0)
		fail_msg("%s: exit %d, %s%s", line, got.end.exit, got.out.buf,
			got.err.buf);
	loop_capture_release(&got);
	mem_free(path);
	return cost;
}

static const char clush[] = "clush -q -f 64 -o \"-F $1\" -w 'h[61-110]' true";
static const char pssh[] =
	"seq -f h%.0f 61 110 >\"$1.hosts\"; parallel-ssh -p 64 -x \"-F $1\" -h \"$1.hosts\" true";

static struct cost
run_side(struct bench *b, enum side s)
{
	switch (s) {
	case COLD_CLUSH:
		return peer(b, clush, "config");
	case COLD_CLUSH_X:
		return peer(b, clush, "x25519");
	case COLD_PSSH_X:
		return peer(b, pssh, "x25519");
	case COLD_LIBSSH2:
		return cold(b, HOST_LIBSSH2, FACTS_KNOWN);
	case COLD_WHOLE:
		return cold(b, HOST_LIBSSH2, FACTS_TO_FIND);
	case COLD_OPENSSH:
		return cold(b, HOST_OPENSSH, FACTS_KNOWN);
	case HOT_CLUSH:
		return peer(b, clush, "hot");
	case HOT_PSSH:
		return peer(b, pssh, "hot");
	case HOT_LIBSSH2:
		return hot(&b->hot[0]);
	case HOT_OPENSSH:
		return hot(&b->hot[1]);
	case SIDES:
		break;
	}
	abort();
}

/* ---- rounds ---- */

static int
by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double
middle(double *list)
{
	qsort(list, ROUNDS, sizeof *list, by_size);
	return list[ROUNDS / 2];
}

static double
wall_of(const struct bench *b, enum side s)
{
	double list[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		list[i] = b->cost[s][i].wall;
	return middle(list);
}

static double
cpu_of(const struct bench *b, enum side s)
{
	double list[ROUNDS];

	for (int i = 0; i < ROUNDS; i++)
		list[i] = b->cost[s][i].cpu;
	return middle(list);
}

static void
print_table(const struct bench *b)
{
	for (int s = 0; s < SIDES; s++) {
		double most = 0, least = 1e9;

		if (!b->has[s]) {
			print_message("# %-44s not installed\n", side_names[s]);
			continue;
		}
		for (int i = 0; i < ROUNDS; i++) {
			double w = b->cost[s][i].wall;

			most = w > most ? w : most;
			least = w < least ? w : least;
		}
		print_message(
			"# %-44s %6.0f ms [%.0f..%.0f] | client cpu %5.1f ms/host\n",
			side_names[s], wall_of(b, s), least, most, cpu_of(b, s) / HOSTS);
	}
	print_message("# of the cold %.1f ms/host the console's own process takes %.1f; "
		      "the last host was connected after %.0f ms of %.0f\n",
		cpu_of(b, COLD_LIBSSH2) / HOSTS,
		b->cost[COLD_LIBSSH2][ROUNDS - 1].console / HOSTS,
		b->cost[COLD_LIBSSH2][ROUNDS - 1].connected,
		b->cost[COLD_LIBSSH2][ROUNDS - 1].wall);
	print_message("# one worker: PSS %.0f KiB\n", b->pss);
}

static struct bench bench;

static void
connect_hot(struct bench *b)
{
	static const enum host_transport transports[] = {HOST_LIBSSH2, HOST_OPENSSH};

	for (int t = 0; t < 2; t++) {
		crowd_open_in(&b->hot[t], b->loop);
		for (int i = 0; i < HOSTS; i++)
			link_connect(add_host(&b->hot[t], i, transports[t])->link);
		KIT_WAIT(&b->hot[t], crowd_settled(&b->hot[t]));
		run_everywhere(&b->hot[t]);
		if (transports[t] == HOST_LIBSSH2)
			b->pss = each_process("handrail-worker", pss_kib) / HOSTS;
	}
	b->guests = each_process("sshd", one);
	b->workers_idle = each_process("handrail-worker", one);
}

static int
measure(void **state)
{
	struct bench *b = &bench;
	char *config = config_path("config");

	(void)state;
	setenv("HANDRAIL_SSH_CONFIG", config, 1);
	mem_free(config);
	b->loop = loop_new();
	connect_hot(b);
	for (int s = 0; s < SIDES; s++)
		b->has[s] = true;
	b->has[COLD_PSSH_X] = b->has[HOT_PSSH] =
		system("command -v parallel-ssh >/dev/null") == 0;
	for (int round = -1; round < ROUNDS; round++) {
		for (int i = 0; i < SIDES; i++) {
			enum side s = (enum side)((i + round + SIDES) % SIDES);
			struct cost cost;

			if (!b->has[s])
				continue;
			wait_quiet(b);
			cost = run_side(b, s);
			if (round >= 0)
				b->cost[s][round] = cost;
		}
	}
	print_table(b);
	return 0;
}

/* ---- goals ---- */

static void
is_at_most(const char *what, double got, double goal)
{
	print_message("# %s: %.2f, at most %.2f\n", what, got, goal);
	if (got > goal)
		fail_msg("%s: %.2f, not at most %.2f", what, got, goal);
}

static void
cold_takes_at_most_six_tenths_of_clush(void **state)
{
	(void)state;
	is_at_most("cold, wall, libssh2 to clush x25519",
		wall_of(&bench, COLD_LIBSSH2) / wall_of(&bench, COLD_CLUSH_X), 0.60);
}

static void
cold_costs_a_quarter_of_its_processor_time(void **state)
{
	(void)state;
	is_at_most("cold, client cpu, libssh2 to clush x25519",
		cpu_of(&bench, COLD_LIBSSH2) / cpu_of(&bench, COLD_CLUSH_X), 0.25);
}

static void
hot_takes_a_quarter_of_clush_over_control_master(void **state)
{
	(void)state;
	is_at_most("hot, wall, libssh2 to clush over ControlMaster",
		wall_of(&bench, HOT_LIBSSH2) / wall_of(&bench, HOT_CLUSH), 0.25);
}

static void
the_system_ssh_stays_near_clush_over_control_master(void **state)
{
	(void)state;
	is_at_most("hot, wall, system ssh to clush over ControlMaster",
		wall_of(&bench, HOT_OPENSSH) / wall_of(&bench, HOT_CLUSH), 1.2);
}

static void
a_worker_is_small(void **state)
{
	(void)state;
	if (bench.pss == 0)
		skip(); /* only root may look at it */
	is_at_most("KiB of a worker (PSS)", bench.pss, KIB_MAX);
}

static bool
busy(void)
{
	double cpu = clock_ms(CLOCK_PROCESS_CPUTIME_ID), wall = clock_ms(CLOCK_MONOTONIC);

	while (clock_ms(CLOCK_PROCESS_CPUTIME_ID) - cpu < SPIN_MS)
		;
	return clock_ms(CLOCK_MONOTONIC) - wall > SPIN_WALL_MS;
}

static int
profile(void)
{
	char *config = config_path("config");

	setenv("HANDRAIL_SSH_CONFIG", config, 1);
	mem_free(config);
	bench.loop = loop_new();
	for (int i = 0; i < 10; i++)
		print_message(
			"# %.0f ms\n", cold(&bench, HOST_LIBSSH2, FACTS_KNOWN).wall);
	return 0;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cold_takes_at_most_six_tenths_of_clush),
		cmocka_unit_test(cold_costs_a_quarter_of_its_processor_time),
		cmocka_unit_test(hot_takes_a_quarter_of_clush_over_control_master),
		cmocka_unit_test(the_system_ssh_stays_near_clush_over_control_master),
		cmocka_unit_test(a_worker_is_small),
	};
	const char *option = argc > 1 ? argv[1] : getenv("HR_FANOUT");
	char *script;
	int failed;

	if (option && !askpass_wanted())
		setenv("HR_FANOUT", option, 1); /* the stack starts us without it */
	if (SANITIZED || (!option && busy())) {
		printf("1..0 # SKIP %s\n",
			SANITIZED ? "sanitizers measure themselves"
				  : "the machine is busy");
		return 0;
	}
	workerkit_enter(argv);
	script = mem_printf("%s/tests/bench/fanout-hosts.sh",
		getenv("SRCDIR") ? getenv("SRCDIR") : ".");
	failed = system(script);
	mem_free(script);
	if (failed)
		return 99;
	if (option && strcmp(option, "--profile") == 0)
		return profile();
	failed = cmocka_run_group_tests(tests, measure, NULL);
	workers_end();
	return failed;
}
