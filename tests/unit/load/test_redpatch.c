/* Edited commands, put back into the text they came from. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "load/redpatch.h"

#define TOP "handrail: 1\ntitle: X\nkind: deploy\nsteps:\n  - {id: tell, do: make it}\n"
#define END ", undo: \"true\", expect: {exit: 0}}\n"

static void
put_back(const char *before, const char *old, const char *new, const char *after)
{
	const struct redpatch_edit edit = {
		.step = "it", .line = 6, .old = old, .new = new};
	struct str text = STR_INIT;
	bool ok;

	str_adds(&text, before);
	ok = redpatch_apply(&text, "x.yaml", NULL, &edit);
	assert_int_equal(ok, after != NULL);
	assert_string_equal(text.buf, after ? after : before);
	str_release(&text);
}

static void
in_every_spelling(void **state)
{
	(void)state;
	put_back(TOP "  - {id: it, run: make it" END, "make it", "make that",
		TOP "  - {id: it, run: make that" END);
	put_back(TOP "  - {id: it, run: \"echo \\\"a\\\"\"" END, "echo \"a\"",
		"echo \"b\\n\"", TOP "  - {id: it, run: \"echo \\\"b\\\\n\\\"\"" END);
	put_back(TOP "  - {id: it, run: 'echo ''a'''" END, "echo 'a'", "echo 'b: c'",
		TOP "  - {id: it, run: 'echo ''b: c'''" END);
	put_back(TOP "  - id: it\n    run: |\n      one\n      two\n    undo: \"true\"\n"
		     "    expect: {exit: 0}\n",
		"one\ntwo\n", "one\nthree # not two\n",
		TOP "  - id: it\n    run: |\n      one\n      three # not two\n"
		    "    undo: \"true\"\n    expect: {exit: 0}\n");
	put_back(TOP "  - id: it\n    run: |\n      one\n      two\n    undo: \"true\"\n"
		     "    expect: {exit: 0}\n",
		"one\ntwo\n", "two\n",
		TOP "  - id: it\n    run: |\n      two\n    undo: \"true\"\n"
		    "    expect: {exit: 0}\n");
}

/* What would not load, or be another command, is left to a person. */
static void
nothing_is_guessed(void **state)
{
	(void)state;
	put_back(TOP "  - {id: it, run: make it" END, "make it", "make: it", NULL);
	put_back(TOP "  - {id: it, run: make it" END, "make it", "make it # now", NULL);
	put_back(TOP "  - {id: it, run: >-\n      make\n      it" END, "make it",
		"make that", NULL);
	put_back(TOP "  - {id: it, run: make it" END, "make it", "make it}", NULL);
}

static void
put_part(enum step_kind kind, const char *before, const char *old, const char *new,
	const char *after)
{
	const struct redpatch_edit edit = {
		.step = "it", .kind = kind, .line = 6, .old = old, .new = new};
	struct str text = STR_INIT;
	bool ok;

	str_adds(&text, before);
	ok = redpatch_apply(&text, "x.yaml", NULL, &edit);
	assert_string_equal(text.buf, after ? after : before);
	assert_int_equal(ok, after != NULL);
	str_release(&text);
}

#define BACK  ", irreversible: it is told, expect: {status: 200}}\n"
#define BLOCK "    irreversible: it is told\n    expect: {status: 200}\n"

static void
parts_of_a_request(void **state)
{
	(void)state;
	/* the words stand before it, too */
	put_part(STEP_HTTP,
		TOP
		"  - {id: it, title: POST it, http: {method: POST, url: \"http://x/\"}" BACK,
		"POST http://x/", "PUT http://x/",
		TOP
		"  - {id: it, title: POST it, http: {method: PUT, url: \"http://x/\"}" BACK);
	put_part(STEP_HTTP,
		TOP "  - id: it\n    title: http://x/\n    http:\n      method: POST\n"
		    "      url: http://x/\n      headers: {A: 'b''c'}\n"
		    "      body: |\n        one\n        two\n" BLOCK,
		"POST http://x/\nA: b'c\n\none\ntwo\n",
		"POST http://y/${run}\nA: b'd\n\none\n2\n",
		TOP "  - id: it\n    title: http://x/\n    http:\n      method: POST\n"
		    "      url: http://y/${run}\n      headers: {A: 'b''d'}\n"
		    "      body: |\n        one\n        2\n" BLOCK);
	/* a method that was not written */
	put_part(STEP_HTTP, TOP "  - {id: it, http: {url: http://x/}" BACK,
		"GET http://x/", "POST http://x/",
		TOP "  - {id: it, http: {method: POST, url: http://x/}" BACK);
	put_part(STEP_HTTP, TOP "  - id: it\n    http:\n      url: http://x/\n" BLOCK,
		"GET http://x/", "POST http://x/",
		TOP
		"  - id: it\n    http:\n      method: POST\n      url: http://x/\n" BLOCK);
	/* one header more is for a person */
	put_part(STEP_HTTP, TOP "  - {id: it, http: {method: POST, url: http://x/}" BACK,
		"POST http://x/", "POST http://x/\nA: b", NULL);
	put_part(STEP_HTTP, TOP "  - {id: it, http: {method: POST, url: http://x/}" BACK,
		"POST http://x/", "POST http://x/\n\nbody", NULL);
}

static void
ends_of_a_copy(void **state)
{
	(void)state;
	put_part(STEP_COPY,
		TOP
		"  - {id: it, copy: {from: a.conf, to: /etc/a.conf}, undo: rm /etc/a.conf}\n",
		"from a.conf\nto /etc/a.conf\nmode 0600",
		"from b.conf\nto /etc/b.conf\nmode 0644",
		TOP
		"  - {id: it, copy: {from: b.conf, mode: 0644, to: /etc/b.conf}, undo: rm "
		"/etc/a.conf}\n");
	put_part(STEP_SQL,
		TOP "  - {id: it, sql: \"delete from a where b = 'c'\", service: x" END,
		"delete from a where b = 'c'", "delete from a where b = 'd'",
		NULL); /* sql has no exit: it would not load */
	put_part(STEP_SQL,
		TOP "  - {id: it, sql: \"delete from a where b = 'c'\", service: x, "
		    "irreversible: gone, expect: {value: 1}}\n",
		"delete from a where b = 'c'", "delete from a where b = 'd'",
		TOP "  - {id: it, sql: \"delete from a where b = 'd'\", service: x, "
		    "irreversible: gone, expect: {value: 1}}\n");
}

static void
insert(const char *before, const struct redpatch_step *s, const char *after)
{
	struct str text = STR_INIT;
	bool ok;

	str_adds(&text, before);
	ok = redpatch_insert(&text, "x.yaml", NULL, s);
	assert_string_equal(text.buf, after ? after : before);
	assert_int_equal(ok, after != NULL);
	str_release(&text);
}

static void
a_step_that_was_added(void **state)
{
	static const struct redpatch_step call = {.after = "tell", .title = "Call: them"};
	struct redpatch_step tidy = {
		.title = "Tidy", .text = "one\ntwo", .irreversible = "nothing to keep"};

	(void)state;
	insert(TOP "\n  # about the next\n  - id: last\n    do: that\n", &call,
		TOP
		"  - do: \"Call: them\"\n\n  # about the next\n  - id: last\n    do: that\n");
	insert(TOP "contacts: {on-call: me}\n", &tidy,
		TOP "  - run: |-\n      one\n      two\n    title: Tidy\n"
		    "    irreversible: nothing to keep\n    expect: {exit: 0}\n"
		    "contacts: {on-call: me}\n");
	tidy.host = "nowhere"; /* it would not load */
	insert(TOP, &tidy, NULL);
	insert("handrail: 1\ntitle: X\nkind: deploy\nsteps: [{id: tell, do: it}]\n",
		&call, NULL);
}

static void
a_diff_that_patch_reads(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	redpatch_diff("x", "a\nb\nc\nd\ne\nf\n", "a\nb\nc\nd\nE\nf\n", &out);
	assert_string_equal(
		out.buf, "--- x\n+++ x\n@@ -2,5 +2,5 @@\n b\n c\n d\n-e\n+E\n f\n");
	str_reset(&out);
	redpatch_diff("x", "a\nb", "a\n", &out);
	assert_string_equal(out.buf,
		"--- x\n+++ x\n@@ -1,2 +1,1 @@\n a\n-b\n\\ No newline at end of file\n");
	str_reset(&out);
	redpatch_diff("x", "a\n", "a\n", &out);
	assert_string_equal(out.buf, "");
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_every_spelling),
		cmocka_unit_test(nothing_is_guessed),
		cmocka_unit_test(parts_of_a_request),
		cmocka_unit_test(ends_of_a_copy),
		cmocka_unit_test(a_step_that_was_added),
		cmocka_unit_test(a_diff_that_patch_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
