#ifndef TESTS_BENCH_FAMILY_H
#define TESTS_BENCH_FAMILY_H

/* What a process and all that it started cost, from /proc. */

#include <sys/types.h>

enum family_kind {
	FAMILY_HEAD,
	FAMILY_PARENT,
	FAMILY_WORKER,
	FAMILY_OTHER,
	FAMILY_KINDS
};

struct family {
	double cpu_ms
		[FAMILY_KINDS]; /* user and system; that of the ended stands with who waited */
	double pss_kib[FAMILY_KINDS];
	int fds, processes;
};

extern const char *const family_names[FAMILY_KINDS];

/* `head` and everything below it. */
void family_look(pid_t head, struct family *out);
double family_cpu_ms(const struct family *f);
double family_pss_kib(const struct family *f);

#endif
