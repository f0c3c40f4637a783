#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/skeleton.h"
#include "load/layout.h"
#include "load/load.h"
#include "model/check.h"

static const struct wall today = {.ms = INT64_C(1795824000000)}; /* 2026-11-28 */

static struct runbook *
loaded(enum runbook_kind kind, const char *title, struct diags *d)
{
	struct str text = STR_INIT;
	struct err e = ERR_INIT;
	struct runbook *rb;

	if (!skeleton_write(kind, title, today, &text, &e))
		fail_msg("%s", e.msg);
	rb = load_runbook_text("x.yaml", text.buf, text.len, NULL, d);
	layout_check("x.yaml", text.buf, text.len, d);
	str_release(&text);
	return rb;
}

static void
each_kind_has_one_that_is_clean(void **state)
{
	(void)state;
	for (int k = 0; k < RUNBOOK_KIND_COUNT; k++) {
		struct diags d = {0};
		struct str said = STR_INIT;
		struct runbook *rb = loaded((enum runbook_kind)k, NULL, &d);

		diags_print(&d, &said);
		if (!rb || d.errors || d.warnings)
			fail_msg("%s: %s", runbook_kind_name((enum runbook_kind)k),
				said.buf);
		assert_int_equal(rb->kind, k);
		assert_true(rb->steps.list.len >= 2);
		assert_non_null(rb->why);
		assert_string_equal(rb->reviewed_last, "2026-11-28");
		check_reach(rb, &d);
		assert_int_equal(d.errors, 0);
		str_release(&said);
		runbook_unref(rb);
		diags_release(&d);
	}
}

static void
they_begin_with_the_line_editors_want(void **state)
{
	static const char line[] = "# yaml-language-server: $schema=";
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	(void)state;
	for (int k = 0; k < RUNBOOK_KIND_COUNT; k++) {
		str_reset(&text);
		assert_true(skeleton_write((enum runbook_kind)k, NULL, today, &text, &e));
		assert_true(str_starts(text.buf, line));
	}
	str_release(&text);
}

static void
any_title_stays_itself(void **state)
{
	static const char *const titles[] = {"Ship it", "a: b # c", "\"quoted\" \\ back",
		"- [ ] x", "> 3", "yes", "1.0", "null", "'single'", "tab\there", "{a}",
		"&a", "*a", "!a", "%a", "@a", "`a`", "\xc3\xa4\xc3\xb6 \xe2\x9c\x93",
		"a ", " a", "#a", "title: x", "${HOME}", "\\u0041"};

	(void)state;
	for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
		struct diags d = {0};
		struct runbook *rb = loaded(RUNBOOK_SMOKE, titles[i], &d);

		if (!rb)
			fail_msg("%s: %s", titles[i], d.list.at[0].msg);
		assert_string_equal(rb->title, titles[i]);
		runbook_unref(rb);
		diags_release(&d);
	}
}

static void
no_title_at_all_is_refused(void **state)
{
	static const char *const titles[] = {"", "  ", "a\nb", "a\033b",
		"a\xe2\x80\xae"
		"b",
		"\xff",
		"a\xe2\x80\xa8"
		"b",
		"a\xc2\x85"};
	char longest[300];

	(void)state;
	memset(longest, 'a', sizeof longest);
	longest[sizeof longest - 1] = '\0';
	for (size_t i = 0; i <= sizeof titles / sizeof titles[0]; i++) {
		struct str text = STR_INIT;
		struct err e = ERR_INIT;
		const char *title = i < sizeof titles / sizeof titles[0] ? titles[i]
									 : longest;

		assert_false(skeleton_write(RUNBOOK_SMOKE, title, today, &text, &e));
		assert_int_equal(e.kind, ERR_INPUT);
		assert_int_equal(text.len, 0);
		str_release(&text);
	}
}

static void
kinds_are_known_by_name(void **state)
{
	enum runbook_kind kind = RUNBOOK_CHECKLIST;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(skeleton_kind("rollback", &kind, &e));
	assert_int_equal(kind, RUNBOOK_ROLLBACK);
	assert_false(skeleton_kind("deplo", &kind, &e));
	assert_non_null(strstr(e.msg, "did you mean deploy?"));
	assert_false(skeleton_kind("xyz", &kind, &e));
	assert_non_null(strstr(e.msg, "checklist, deploy, migration"));
	assert_int_equal(e.kind, ERR_INPUT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_kind_has_one_that_is_clean),
		cmocka_unit_test(they_begin_with_the_line_editors_want),
		cmocka_unit_test(any_title_stays_itself),
		cmocka_unit_test(no_title_at_all_is_refused),
		cmocka_unit_test(kinds_are_known_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
