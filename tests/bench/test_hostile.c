/*
 * The price limit of hostile files: 1 MiB is read or refused within half a second of
 * processor time and 64 MiB of memory. Each shape is loaded in a process of its own, whose
 * use the system counts; what an idle one uses is taken off. Sanitizers cost a multiple,
 * and get it.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "load/load.h"

#if defined __SANITIZE_ADDRESS__
#define PRICED_BY_SANITIZER 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define PRICED_BY_SANITIZER 1
#endif
#endif
#ifndef PRICED_BY_SANITIZER
#define PRICED_BY_SANITIZER 0
#endif

enum {
	FILE_BYTES = 1 << 20,
	CPU_MS = PRICED_BY_SANITIZER ? 10000 : 500,
	MEMORY_KIB = (PRICED_BY_SANITIZER ? 16 : 1) * 64 * 1024,
};

/* # in `each` is a number that counts up. */
static const struct shape {
	const char *what, *head, *each, *tail;
} shapes[] = {
	{"nothing but [", "", "[", ""},
	{"nothing but {", "", "{", ""},
	{"nothing but ? ", "", "? ", ""},
	{"nothing but - ", "", "- ", ""},
	{"small lists", "x: [", "[],", "]\n"},
	{"steps that are numbers", "handrail: 1\ntitle: x\nsteps:\n", "- 1\n", ""},
	{"unknown keys", "handrail: 1\ntitle: x\n", "k#: 1\n", "steps: [{do: x}]\n"},
	{"the same key", "handrail: 1\n", "title: x\n", ""},
	{"anchors", "x:\n", "- &a# b\n", ""},
	{"aliases", "a: &a [x]\nx: [", "*a,", "]\n"},
	{"tags", "x:\n", "- !t# b\n", ""},
	{"one long word", "handrail: 1\ntitle: ", "a", "\n"},
	{"one long quoted text", "handrail: 1\ntitle: \"", "\\u0041", "\"\n"},
	{"control characters", "x:\n", "- \"\\x01\"\n", ""},
	{"hosts", "handrail: 1\ntitle: x\nhosts:\n", "  n#: {ssh: a}\n",
		"steps: [{do: x}]\n"},
	{"aliases of a host", "handrail: 1\ntitle: x\nhosts: {a: {ssh: [x", ", n#",
		"]}}\nsteps: [{do: x}]\n"},
	{"inputs", "handrail: 1\ntitle: x\ninputs:\n", "  n#: {ask: x}\n",
		"steps: [{do: x}]\n"},
	{"unknown needs", "handrail: 1\ntitle: x\nsteps: [{do: x, needs: [a", ", n#",
		"]}]\n"},
	{"steps of one title", "handrail: 1\ntitle: x\nsteps:\n", "- do: x\n", ""},
	{"tests",
		"handrail: 1\ntitle: x\nprobes: {p: {http: \"http://x\", expect: {status: [1",
		", #", "]}}}\nsteps: [{check: p}]\n"},
	{"commands", "handrail: 1\ntitle: x\nsteps:\n",
		"- {run: \"docker exec a$(b `c`) psql -c 'drop table x' | sh -c 'rm -rf /'\"}\n",
		""},
	{"open brackets in a command", "handrail: 1\ntitle: x\nsteps:\n- run: |\n",
		"    $($($($($($($($($($($($($($($($($($($($(((((((((((\n", ""},
	{"sign-offs after sign-offs", "handrail: 1\ntitle: x\nsteps:\n",
		"- {signoff: r#, says: x, after: [r0]}\n", ""},
};

enum { SHAPES = sizeof shapes / sizeof shapes[0] };

static void
write_shape(const struct shape *s, struct str *out)
{
	str_adds(out, s->head);
	for (int n = 0; out->len < FILE_BYTES; n++) {
		for (const char *p = s->each; *p != '\0'; p++)
			if (*p == '#')
				str_addf(out, "%d", n);
			else
				str_addc(out, *p);
	}
	str_adds(out, s->tail);
}

/* In a process of its own; NULL: only makes a text of that size. */
static struct rusage
price(const struct shape *s)
{
	pid_t child = fork();
	struct rusage used;
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct str text = STR_INIT;
		struct diags d = {0};
		struct runbook *rb = NULL;

		write_shape(s != NULL ? s : &shapes[0], &text);
		if (s != NULL)
			rb = load_runbook_text(
				"hostile.yaml", text.buf, text.len, NULL, &d);
		_exit(s != NULL && rb == NULL && d.errors == 0); /* one of the two */
	}
	assert_int_equal(wait4(child, &status, 0, &used), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	return used;
}

static long
cpu_ms(const struct rusage *u)
{
	return (u->ru_utime.tv_sec + u->ru_stime.tv_sec) * 1000 +
		(u->ru_utime.tv_usec + u->ru_stime.tv_usec) / 1000;
}

static void
hostile_files_have_a_price_limit(void **state)
{
	struct rusage idle = price(NULL);

	(void)state;
	for (size_t i = 0; i < SHAPES; i++) {
		struct rusage used = price(&shapes[i]);
		long ms = cpu_ms(&used) - cpu_ms(&idle);
		long kib = used.ru_maxrss - idle.ru_maxrss;

		print_message("# %-28s %5ld ms %7ld KiB\n", shapes[i].what, ms, kib);
		assert_true(ms <= CPU_MS);
		assert_true(kib <= MEMORY_KIB);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_files_have_a_price_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
