#include "load/importtable.h"

#include "page.h"
#include "unit.h"

#include <string.h>

static void
a_table_of_steps_is_steps(void **state)
{
	struct page p;

	(void)state;
	page_read("## Do\n\n| # | Step | Command | Expected |\n|---|---|---|---|\n"
		  "| 1 | Look | `docker ps` | all *up* |\n| 2 | Think | | |\n| | | | |\n",
		&p);
	assert_string_equal(page_step(&p, "Look")->text,
		"$ docker ps\nCommand: docker ps\nExpected: all up");
	assert_string_equal(page_step(&p, "Think")->text, "Think");
	assert_int_equal(page_step(&p, "Look")->source_line, 5);
	assert_int_equal(p.rb->steps.list.len, 3);
	page_line(&p, 4, "kept", "head of a table");
	page_line(&p, 7, "lost", "an empty row");
	page_release(&p);
}

static void
a_table_of_people_is_contacts(void **state)
{
	struct page p;

	(void)state;
	page_read("- [ ] x\n\n## Contacts\n\n| Role | Who | Phone |\n|---|---|---|\n"
		  "| On call | Ann | 0100 |\n| On call | Bob | |\n| Boss | | |\n",
		&p);
	assert_string_equal(pairs_get(&p.rb->contacts, "On call"), "Ann, 0100");
	assert_string_equal(pairs_get(&p.rb->contacts, "On call 2"), "Bob");
	assert_string_equal(pairs_get(&p.rb->contacts, "Boss"), "TBD");
	page_release(&p);
}

static void
a_table_of_signatures_is_sign_offs(void **state)
{
	struct page p;

	(void)state;
	page_read("## Sign-off\n\n| Name | Role | Signature |\n|---|---|---|\n"
		  "| | DBA | ____ |\n| Ann | QA | |\n| | | |\n",
		&p);
	assert_int_equal(p.rb->steps.list.len, 3);
	assert_int_equal(p.rb->inputs.list.len, 0);
	assert_int_equal(page_step(&p, "Sign-off: DBA")->kind, STEP_SIGNOFF);
	assert_string_equal(page_step(&p, "Sign-off: DBA")->says, "DBA approves.");
	assert_string_equal(
		page_step(&p, "Sign-off: QA")->says, "QA approves: Name Ann.");
	page_line(&p, 5, "kept", "sign-off");
	page_line(&p, 7, "lost", "an empty row");
	page_release(&p);
}

static void
any_other_table_is_the_text_of_a_step(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## Limits\n\nWhat is allowed:\n\n| Name | Value |\n|---|---|\n| a\\|b | 3 |\n",
		&p);
	assert_string_equal(
		page_step(&p, "What is allowed")->text, "Name | Value\na|b | 3");
	page_release(&p);
	page_read("| Name | Value |\n|---|---|\n| `a \\| b` | 3 |\n", &p);
	assert_string_equal(
		page_step(&p, "Table: Name, Value")->text, "Name | Value\na | b | 3");
	page_release(&p);
	page_read("| Name | Value |\n|---|---|\n| a | 3 |\n", &p);
	assert_non_null(page_step(&p, "Table: Name, Value"));
	page_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_of_steps_is_steps),
		cmocka_unit_test(a_table_of_people_is_contacts),
		cmocka_unit_test(a_table_of_signatures_is_sign_offs),
		cmocka_unit_test(any_other_table_is_the_text_of_a_step),
	};

	return cmocka_run_group_tests_name("importtable", tests, NULL, NULL);
}
