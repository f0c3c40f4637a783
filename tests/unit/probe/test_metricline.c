#include "probe/metricline.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char page[] =
	"# HELP http_requests_total Requests.\n"
	"http_requests_total{code=\"200\",path=\"/a,b\"} 1027 1395066363000\n"
	"http_requests_total{path=\"/\",code=\"500\"} 3\r\n"
	"up 1\n"
	"nan NaN\n"
	"odd{l=\"a \\\"q\\\" } {\"} 2.5e1\n"
	"cut{l=\"\n"
	"novalue\n";

static void
series_are_found_by_name_and_labels(void **state)
{
	static const struct {
		const char *selector;
		size_t series;
		double value;
	} cases[] = {
		{"up", 1, 1},
		{"http_requests_total", 2, 3},
		{"http_requests_total{code=\"500\"}", 1, 3},
		{"http_requests_total{ code = \"200\" , path=\"/a,b\" }", 1, 1027},
		{"http_requests_total{code=\"404\"}", 0, 0},
		{"odd{l=\"a \\\"q\\\" } {\"}", 1, 25},
		{"u", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct metricline_found f;
		struct err e = ERR_INIT;

		if (!metricline_find(page, strlen(page), cases[i].selector, &f, &e))
			fail_msg("%s: %s", cases[i].selector, e.msg);
		if (f.series != cases[i].series || f.value != cases[i].value)
			fail_msg("%s: %zu series, %g", cases[i].selector, f.series,
				f.value);
		assert_int_equal(f.malformed, 2);
	}
}

static void
bad_selectors_are_refused(void **state)
{
	static const char *const bad[] = {"", "{}", "a{", "a{b}", "a{b=c}", "a{b=\"c}",
		"a b", "a{b=\"c\" d=\"e\"}", "sum(a)"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct metricline_found f;
		struct err e = ERR_INIT;

		if (metricline_find(page, strlen(page), bad[i], &f, &e))
			fail_msg("taken: %s", bad[i]);
		assert_string_not_equal(e.msg, "");
	}
}

static void
another_page_has_no_lines(void **state)
{
	static const char html[] = "<html>\n<body>sign in</body>\n</html>\n";
	struct metricline_found f;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(metricline_find(html, strlen(html), "up", &f, &e));
	assert_int_equal(f.lines, 0);
	assert_int_equal(f.malformed, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(series_are_found_by_name_and_labels),
		cmocka_unit_test(bad_selectors_are_refused),
		cmocka_unit_test(another_page_has_no_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
