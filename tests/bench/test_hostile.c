/*
 * The price limit of hostile files: 1 MiB of a runbook is read or refused within half a
 * second of processor time and 64 MiB of memory, 256 KiB of a page to import within a second.
 * Each shape is read in a process of its own, whose use the system counts; what an idle one
 * uses is taken off. Sanitizers cost a multiple, and get it.
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

#include "load/import.h"
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
	PAGE_BYTES = 1 << 18,
	FILE_MS = PRICED_BY_SANITIZER ? 10000 : 500,
	PAGE_MS = PRICED_BY_SANITIZER ? 20000 : 1000,
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
	{"contacts", "handrail: 1\ntitle: x\ncontacts:\n", "  n#: a\n",
		"steps: [{do: x}]\n"},
};

static const struct shape pages[] = {
	{"headings of one rank", "", "# head #\n", ""},
	{"headings of all ranks", "", "# a#\n## b\n### c\n#### d\n", ""},
	{"a heading of many lines", "", "a: b\n", "---\n\n- [ ] x\n"},
	{"boxes", "", "- [ ] the same title\n", ""},
	{"boxes inside of boxes", "", "- ", "[ ] x\n"},
	{"numbers", "", "1. a#\n", ""},
	{"contacts of one name", "## Contacts\n\n", "- On call: a\n", ""},
	{"contacts of two names", "## Contacts\n\n", "- On call: a\n- On call #: a\n",
		""},
	{"links of one name", "- [ ] x ", "[a](https://x.test/#) ", ""},
	{"sign-offs", "## Sign-off\n\n", "- [ ] Role #: yes\n", ""},
	{"sign-offs that come last", "## Sign-off\n\n",
		"- [ ] Lead #: overall approval\n", ""},
	{"limits", "", "- [ ] cpu usage < #%\n", ""},
	{"probes", "",
		"1. **Look**\n   - URL: https://x.test/#\n   - Expected: HTTP 200\n", ""},
	{"a table", "| Step | Command |\n|---|---|\n", "| # | `ls` |\n", ""},
	{"a wide table", "", "|a", "\n"},
	{"quotations", "", ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>a\n", ""},
	{"links that never end", "", "[a](b", ""},
	{"definitions of links", "", "[a#]: b\n", ""},
	{"emphasis", "", "*a **b _c ", ""},
	{"tags", "", "<a ", ""},
	{"comments that never end", "", "<!-- ", ""},
	{"questions", "- [ ] ", "TBD ", ""},
	{"here-documents", "```bash\n", "cat <<A\n", "```\n"},
	{"prompts", "```console\n", "$ a\nb\n", "```\n"},
	{"comments of a script", "```bash\n", "# Do #\ncd a\nls\n", "```\n"},
	{"variables", "```bash\n", "V#=1\necho $V#\n", "```\n"},
	{"variables over steps", "```bash\n", "V#=1\n# Do #\necho $V#\n", "```\n"},
	{"placeholders", "```bash\n", "echo <word-#>\n", "```\n"},
	{"secrets", "```bash\n", "export S#_SECRET=sk-...\n", "```\n"},
	{"two ways", "```bash\n", "a\n# OR\nb\n", "```\n"},
	{"many ways", "```bash\n", "a#\n# OR\n", "b\n```\n"},
	{"crontabs", "```bash\n",
		"tee /etc/cron.d/f# <<'EOF'\n0 3 * * * root a > /b/c\nEOF\n", "```\n"},
};

enum {
	SHAPES = sizeof shapes / sizeof shapes[0],
	PAGES = sizeof pages / sizeof pages[0],
};

static void
write_shape(const struct shape *s, size_t bytes, struct str *out)
{
	str_adds(out, s->head);
	for (int n = 0; out->len < bytes; n++) {
		for (const char *p = s->each; *p != '\0'; p++)
			if (*p == '#')
				str_addf(out, "%d", n);
			else
				str_addc(out, *p);
	}
	str_adds(out, s->tail);
}

/* Both say whether it was read, or refused with a word. */
static bool
read_runbook(const struct str *text)
{
	struct diags d = {0};

	return load_runbook_text("hostile.yaml", text->buf, text->len, NULL, &d) !=
		NULL ||
		d.errors > 0;
}

static bool
read_page(const struct str *text)
{
	struct import im;
	struct err e = ERR_INIT;

	return import_page("hostile.md", text->buf, text->len, &im, &e) || e.msg[0];
}

/* In a process of its own; without `reads` it only makes a text of that size. */
static struct rusage
price(const struct shape *s, size_t bytes, bool (*reads)(const struct str *))
{
	pid_t child = fork();
	struct rusage used;
	int status;

	assert_true(child >= 0);
	if (child == 0) {
		struct str text = STR_INIT;

		write_shape(s, bytes, &text);
		_exit(reads && !reads(&text));
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
holds_the_limit(const struct shape *table, size_t count, size_t bytes, long limit_ms,
	bool (*reads)(const struct str *))
{
	struct rusage idle = price(table, bytes, NULL);
	int over = 0;

	for (size_t i = 0; i < count; i++) {
		struct rusage used = price(&table[i], bytes, reads);
		long ms = cpu_ms(&used) - cpu_ms(&idle);
		long kib = used.ru_maxrss - idle.ru_maxrss;
		bool dear = ms > limit_ms || kib > MEMORY_KIB;

		print_message("# %-28s %5ld ms %7ld KiB%s\n", table[i].what, ms, kib,
			dear ? "  over the limit" : "");
		over += dear;
	}
	assert_int_equal(over, 0);
}

static void
hostile_files_have_a_price_limit(void **state)
{
	(void)state;
	holds_the_limit(shapes, SHAPES, FILE_BYTES, FILE_MS, read_runbook);
}

static void
hostile_pages_have_a_price_limit(void **state)
{
	(void)state;
	holds_the_limit(pages, PAGES, PAGE_BYTES, PAGE_MS, read_page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hostile_files_have_a_price_limit),
		cmocka_unit_test(hostile_pages_have_a_price_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
