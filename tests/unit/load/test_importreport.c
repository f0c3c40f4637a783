#include "load/importreport.h"

#include "page.h"
#include "unit.h"

#include <string.h>

#include "base/json.h"

static const char text[] = "# T\n\n<!-- a\nb -->\n\n- bullet\n- [ ] TBD box\n";

static void
people_see_what_is_lost_and_guessed_first(void **state)
{
	struct page p;
	struct str out = STR_INIT;

	(void)state;
	page_read(text, &p);
	importreport_text(&p.im, &out);
	assert_non_null(strstr(out.buf, "page.md:3-4: lost: comment\n"));
	assert_non_null(strstr(out.buf, "page.md:6: guessed: item, step \"bullet\"\n"));
	assert_null(strstr(out.buf, "kept:"));
	assert_non_null(strstr(
		out.buf, "page.md: 7 lines: 4 kept, 1 guessed, 2 lost; 2 steps, "));
	str_release(&out);
	page_release(&p);
}

static void
programs_get_every_line_that_is_not_blank(void **state)
{
	struct page p;
	struct str out = STR_INIT;
	struct jsonout j;
	struct json *doc;
	const struct json_node *items, *first;
	struct err e = ERR_INIT;

	(void)state;
	page_read(text, &p);
	jsonout_init(&j, &out);
	jsonout_open(&j);
	importreport_json(
		&(struct importreport_pages){
			.at = (const struct import *[]){&p.im}, .n = 1},
		&j);
	jsonout_close(&j);
	doc = json_parse(out.buf, out.len, &e);
	assert_non_null(doc);
	assert_int_equal(json_int(json_root(doc), "lines", 0), 7);
	assert_int_equal(json_int(json_root(doc), "lost", 0), 2);
	items = json_get(json_root(doc), "items");
	assert_int_equal(json_len(items), 5);
	first = json_at(items, 0);
	assert_int_equal(json_int(first, "line", 0), 1);
	assert_string_equal(json_str(first, "what", ""), "title");
	assert_string_equal(json_str(first, "how", ""), "kept");
	json_free(doc);
	str_release(&out);
	page_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_see_what_is_lost_and_guessed_first),
		cmocka_unit_test(programs_get_every_line_that_is_not_blank),
	};

	return cmocka_run_group_tests_name("importreport", tests, NULL, NULL);
}
