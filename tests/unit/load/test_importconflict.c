#include "load/importconflict.h"

#include "unit.h"

#include <string.h>

static void
pages_that_disagree_are_named(void **state)
{
	static const char *const names[] = {"a.md", "b.md", "c.md"};
	static const char *const pages[] = {"- [ ] CPU usage > 80%\n",
		"x\r\n- [ ] CPU usage > 70%\n", "LOG_LEVEL=INFO\n"};
	struct thresholds all = {0};
	struct str out = STR_INIT;
	struct jsonout j;

	(void)state;
	for (size_t i = 0; i < COUNT(pages); i++)
		importconflict_scan(pages[i], strlen(pages[i]), i, &all);
	importconflict_text(&all, names, &out);
	assert_string_equal(out.buf,
		"different numbers for CPU usage: > 80% in a.md:1, > 70% in b.md:2\n");
	str_reset(&out);
	jsonout_init(&j, &out);
	jsonout_open(&j);
	importconflict_json(&all, names, &j);
	jsonout_close(&j);
	assert_string_equal(out.buf,
		"{\"conflicts\":[{\"topic\":\"CPU usage\",\"items\":["
		"{\"file\":\"a.md\",\"line\":1,\"text\":\"> 80%\"},"
		"{\"file\":\"b.md\",\"line\":2,\"text\":\"> 70%\"}]}]}");
	str_release(&out);
	threshold_release(&all);
}

static void
a_page_alone_is_not_spoken_of(void **state)
{
	static const char *const names[] = {"a.md"};
	static const char page[] = "- [ ] CPU usage > 80%\n- [ ] CPU usage > 70%\n";
	struct thresholds all = {0};
	struct str out = STR_INIT;

	(void)state;
	importconflict_scan(page, strlen(page), 0, &all);
	importconflict_text(&all, names, &out);
	assert_string_equal(out.buf, "");
	str_release(&out);
	threshold_release(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_that_disagree_are_named),
		cmocka_unit_test(a_page_alone_is_not_spoken_of),
	};

	return cmocka_run_group_tests_name("importconflict", tests, NULL, NULL);
}
