#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/showmd.h"
#include "load/load.h"

static char *
shown(const char *text)
{
	struct diags d = {0};
	struct str out = STR_INIT;
	struct runbook *rb = load_runbook_text("x.yaml", text, strlen(text), NULL, &d);

	if (!rb)
		fail_msg("%s", d.list.at[0].msg);
	showmd_write(rb, &out);
	runbook_unref(rb);
	diags_release(&d);
	return str_take(&out);
}

static void
a_runbook_is_a_task_list(void **state)
{
	char *md = shown("handrail: 1\n"
			 "title: Restore it\n"
			 "kind: restore\n"
			 "why: It is broken.\n"
			 "owner: platform\n"
			 "inputs: {dump: {ask: \"Which dump?\", default: a.sql}}\n"
			 "hosts: {db: {ssh: [a, b]}}\n"
			 "probes: {p: {command: \"true\", expect: {exit: 0}}}\n"
			 "steps:\n"
			 "  - do: Tell people\n"
			 "    evidence: link\n"
			 "  - section: Work\n"
			 "  - run: |\n"
			 "      load \"$dump\"\n"
			 "      sync\n"
			 "    title: Load it\n"
			 "    host: db\n"
			 "    risk: severe\n"
			 "    confirm: restore on ${host}\n"
			 "    irreversible: the rest is lost\n"
			 "    expect: {exit: 0}\n"
			 "  - {run: stop, host: db, undo: start, expect: {exit: 0}}\n"
			 "  - {check: p, within: 2m}\n");

	(void)state;
	assert_string_equal(md,
		"# Restore it\n\nIt is broken.\n\n"
		"- Kind: restore\n- Owner: platform\n\n"
		"## Inputs\n\n"
		"- `dump`: Which dump? Default: `a.sql`\n\n"
		"- [ ] **1** Tell people\n"
		"  - Evidence: a link\n\n"
		"## 2 Work\n\n"
		"- [ ] **2.1** Load it (`!!!` severe, on db (a, b))\n\n"
		"  ```sh\n  load \"$dump\"\n  sync\n  ```\n\n"
		"  - Type to confirm: restore on \\${host}\n"
		"  - Expect: `exit 0`\n"
		"  - No way back: the rest is lost\n"
		"- [ ] **2.2** stop (`!` moderate, on db (a, b))\n\n"
		"  ```sh\n  stop\n  ```\n\n"
		"  - Expect: `exit 0`\n"
		"  - Undo:\n\n"
		"    ```sh\n    start\n    ```\n\n"
		"- [ ] **2.3** Check p\n"
		"  - Probe `p`, command `true`: `exit 0`\n"
		"  - Within: 2m00s\n");
	mem_free(md);
}

/* ---- nothing leaves its item --------------------------------------------------------------- */

/* Fences as a reader of Markdown pairs them: an opening one of n ticks ends at n or more. */
static size_t
lines_outside_fences(const char *md, const char *head)
{
	size_t fence = 0, found = 0, len = strlen(head);

	for (const char *line = md; *line; line += strcspn(line, "\n") + 1) {
		const char *at = line + strspn(line, " ");
		size_t ticks = strspn(at, "`");

		if (ticks >= 3 && !fence)
			fence = ticks;
		else if (fence && ticks >= fence && at[ticks] == '\n')
			fence = 0;
		else if (!fence && strncmp(line, head, len) == 0)
			found++;
	}
	assert_int_equal(fence, 0);
	return found;
}

static void
hostile_texts_stay_texts(void **state)
{
	static const char *const texts[] = {"- [ ] fake", "# head", "```", "</details>",
		"<!--", "**x**", "`x` ``y``", "1. x", "1) x", "> x", "|a|b|", "~~x~~",
		"[x](http://y)", "![x](y)", "***", "---", "===", "+ x", "&lt;", "\\",
		"_x_", "$x$", "a_b", "-", "&#60;b&#62;"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		const char *t = texts[i];
		char *yaml = mem_printf(
			"handrail: 1\ntitle: '%s'\nwhy: |\n  a\n  %s\nowner: '%s'\n"
			"inputs: {x: {ask: '%s', choices: ['%s']}}\n"
			"steps:\n  - section: '%s'\n"
			"  - do: |\n      %s\n      %s\n"
			"  - run: |\n      %s\n      %s $x\n    title: '%s'\n"
			"    why: '%s'\n    irreversible: '%s'\n"
			"    expect: {output: {contains: '%s'}}\n"
			"  - choose: '%s'\n    options: [{label: a, says: '%s'}, {label: b}]\n"
			"  - signoff: r\n    says: '%s'\n",
			t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, t, t);
		struct diags d = {0};
		struct runbook *rb = load_draft_text(
			"x.yaml", yaml, strlen(yaml), NULL, &d);
		struct str out = STR_INIT;

		showmd_write(rb, &out);
		assert_int_equal(lines_outside_fences(out.buf, "- [ ] "), 4);
		assert_int_equal(lines_outside_fences(out.buf, "# "), 1);
		assert_int_equal(lines_outside_fences(out.buf, "## "), 2);
		assert_int_equal(lines_outside_fences(out.buf, "<"), 0);
		assert_int_equal(lines_outside_fences(out.buf, "---"), 0);
		assert_int_equal(lines_outside_fences(out.buf, "  ---"), 0);
		assert_int_equal(lines_outside_fences(out.buf, "==="), 0);
		/* of lists there are ours alone */
		assert_int_equal(lines_outside_fences(out.buf, "  - [ ]"), 0);
		assert_int_equal(lines_outside_fences(out.buf, "1."), 0);
		str_release(&out);
		runbook_unref(rb);
		diags_release(&d);
		mem_free(yaml);
	}
}

static void
fences_are_longer_than_what_they_hold(void **state)
{
	char *md = shown("handrail: 1\ntitle: x\nsteps:\n"
			 "  - run: |\n      echo '````'\n      ```\n    title: y\n"
			 "    undo: echo \"`````\"\n    expect: {output: \"``\"}\n");

	(void)state;
	assert_non_null(strstr(md, "\n  `````sh\n  echo '````'\n  ```\n  `````\n"));
	assert_non_null(strstr(md, "\n    ``````sh\n    echo \"`````\"\n    ``````\n"));
	assert_non_null(strstr(md, "- Expect: ``` output `` ```\n"));
	mem_free(md);
}

/* What an import writes: commands behind "$ ", what they print behind "| ". */
static void
a_text_of_several_lines_keeps_them(void **state)
{
	char *md = shown(
		"handrail: 1\ntitle: x\nsteps:\n"
		"  - do: |\n      URL: http://x.test\n      two\n      - one\n"
		"        - in it\n      $ docker ps \\\n      >   -a\n      | NAME\n"
		"      after\n    title: Look\n"
		"  - do: |\n      $ make up\n    title: Up\n"
		"  - {do: one line, title: Short}\n");

	(void)state;
	assert_string_equal(strstr(md, "- [ ] **1**"),
		"- [ ] **1** Look\n\n"
		"  URL: http://x.test\\\n"
		"  two\n\n"
		"  - one\n"
		"    - in it\n\n"
		"  ```sh\n  docker ps \\\n    -a\n  ```\n\n"
		"  ```text\n  NAME\n  ```\n\n"
		"  after\n\n"
		"- [ ] **2** Up\n\n"
		"  ```sh\n  make up\n  ```\n\n"
		"- [ ] **3** Short\n"
		"  - Do: one line\n");
	mem_free(md);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_runbook_is_a_task_list),
		cmocka_unit_test(hostile_texts_stay_texts),
		cmocka_unit_test(a_text_of_several_lines_keeps_them),
		cmocka_unit_test(fences_are_longer_than_what_they_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
