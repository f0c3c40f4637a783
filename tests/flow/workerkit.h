#ifndef TESTS_FLOW_WORKERKIT_H
#define TESTS_FLOW_WORKERKIT_H

/* What the flows over libssh2 share: links to hosts of the stack, seen to a state. */

#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>

#include "../unit/remote/linkkit.h"
#include "base/mem.h"
#include "loop/askpass.h"
#include "remote/fleet.h"
#include "remote/workers.h"

static inline void
open_link(struct kit *k, const char *target, int64_t timeout_ms)
{
	struct link_opts o = {
		.target = target,
		.calls = {.on_state = kit_on_state, .on_prompt = kit_on_prompt, .ctx = k},
		.connect_timeout_ms = timeout_ms,
	};

	k->host.via = HOST_SSH;
	k->host.transport = HOST_LIBSSH2;
	k->loop = o.loop = loop_new();
	o.host = &k->host;
	k->link = link_new(&o);
	link_connect(k->link);
}

static inline enum link_state
state_of(struct kit *k)
{
	struct link_status s;

	link_status(k->link, &s);
	return s.state;
}

static inline void
wait_ready(struct kit *k)
{
	struct link_status s;

	KIT_WAIT(k, state_of(k) == LINK_READY || state_of(k) == LINK_FAILED);
	link_status(k->link, &s);
	if (s.state != LINK_READY)
		fail_msg("not ready: %s", s.words);
	assert_string_equal(s.transport, "libssh2");
}

static inline void
wait_fault(struct kit *k, enum link_fault want, const char *words)
{
	struct link_status s;

	KIT_WAIT(k, state_of(k) == LINK_READY || state_of(k) == LINK_FAILED);
	link_status(k->link, &s);
	if (s.state != LINK_FAILED || s.fault != want || !strstr(s.words, words))
		fail_msg("state %s, fault %s, words \"%s\"; wanted %s, \"%s\"",
			link_state_name(s.state), link_fault_name(s.fault), s.words,
			link_fault_name(want), words);
}

static inline void
run_one(struct kit *k, const char *command, const char *input, struct kit_exec *x)
{
	kit_exec_start(k, x, command, input);
	KIT_WAIT(k, x->ends > 0);
	assert_int_equal(x->ends, 1);
}

static inline void
says_hello(struct kit *k)
{
	struct kit_exec x;

	run_one(k, "printf hello", "", &x);
	assert_string_equal(x.out.buf, "hello");
	assert_int_equal(x.end.exit, 0);
	assert_false(x.end.lost);
	kit_exec_release(&x);
}

/* The processes of this PID namespace with this name and a line end; the last one's pid. */
static inline int
count_processes(const char *name, pid_t *last)
{
	DIR *d = opendir("/proc");
	int n = 0;

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));) {
		char path[300];
		char line[64] = "";
		FILE *f;

		snprintf(path, sizeof path, "/proc/%s/comm", e->d_name);
		f = e->d_name[0] >= '1' && e->d_name[0] <= '9' ? fopen(path, "r") : NULL;
		if (f && fgets(line, sizeof line, f) && strcmp(line, name) == 0) {
			n++;
			*last = (pid_t)strtol(e->d_name, NULL, 10);
		}
		if (f)
			fclose(f);
	}
	closedir(d);
	return n;
}

static inline int
count_workers(pid_t *last)
{
	return count_processes("handrail-worker\n", last);
}

static inline void
wait_no_workers(struct kit *k)
{
	pid_t pid;

	KIT_WAIT(k, count_workers(&pid) == 0);
}

/* Once, first thing in main: ourselves as askpass, the stack around us, and the parent of
 * workers. */
static inline void
workerkit_enter(char **argv)
{
	const char *top = getenv("SRCDIR"), *build = getenv("BUILDDIR");
	char *path;
	int argc = 0;

	while (argv[argc])
		argc++;
	if (askpass_wanted())
		exit(askpass_main(argc, argv));
	if (!getenv("HR_STACK_DIR")) {
		path = mem_printf("%s/tests/lib/stack", top ? top : ".");
		execl(path, "stack", "run", "--tap", "--with", "sshd,agent", "--",
			argv[0], (char *)NULL);
		perror(path);
		exit(99);
	}
	path = mem_printf("%s/handrail", build ? build : ".");
	fleet_prepare(path);
	mem_free(path);
}

#endif
