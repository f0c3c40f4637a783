#include "load/importblock.h"

#include "page.h"
#include "unit.h"

#include <string.h>

static void
paragraphs_before_the_steps_say_why(void **state)
{
	struct page p;

	(void)state;
	page_read("# T\n\nIntro.\n\n## A\n\nFirst.\n\nSecond.\n\n- [ ] x\n\nAfter it.\n",
		&p);
	assert_string_equal(p.rb->why, "Intro.");
	assert_string_equal(page_step(&p, "A")->why, "First.\n\nSecond.");
	assert_string_equal(page_step(&p, "x")->text, "After it.");
	page_line(&p, 13, "kept", "text of the step before it");
	page_release(&p);
}

static void
a_section_of_words_alone_is_a_step(void **state)
{
	struct page p;

	(void)state;
	page_read("# T\n\n## Note on data\n\nIt is kept. Prune it.\n", &p);
	assert_int_equal(page_step(&p, "It is kept. Prune it.")->kind, STEP_DO);
	page_release(&p);
}

/* Diagnosis and mitigation are what is done; why, meaning and impact are reasons. */
static void
headings_of_an_incident_are_understood(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"# NodeDown\n\n## Meaning\n\nIt is down.\n\n## Impact\n\nNobody pays.\n\n"
		"## Diagnosis\n\nLook at the queue.\n\n## Mitigation\n\nRestart it: `docker restart x`.\n",
		&p);
	assert_string_equal(p.rb->why, "It is down.\n\nImpact: Nobody pays.");
	assert_int_equal(p.rb->steps.list.len, 4);
	assert_non_null(page_step(&p, "Look at the queue."));
	assert_string_equal(page_step(&p, "Restart it: docker restart x.")->text,
		"$ docker restart x");
	page_release(&p);
}

static void
code_under_a_list_belongs_to_the_item_above(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"1. Stop it\n\n```bash\ndocker stop x\n```\n\n2. Start it\n\n```bash\ndocker start x\n```\n",
		&p);
	assert_int_equal(p.rb->steps.list.len, 2);
	assert_string_equal(page_step(&p, "Stop it")->text, "$ docker stop x");
	assert_string_equal(page_step(&p, "Start it")->text, "$ docker start x");
	page_release(&p);
}

static void
what_leads_in_names_what_follows(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## A\n\nConfigure alerts for:\n- [ ] one\n- [ ] two\n\n## B\n\n- [ ] x\n\nWhen to scale:\n- a\n- b\n",
		&p);
	assert_string_equal(page_step(&p, "one")->why, "Configure alerts for:");
	assert_string_equal(page_step(&p, "two")->why, "Configure alerts for:");
	assert_string_equal(page_step(&p, "When to scale")->text, "- a\n- b");
	page_release(&p);
}

static void
quotations_and_alerts_are_read_through(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## A\n\n> [!WARNING]\n> Mind the gap.\n>\n> - [ ] boxed\n\n> ## Inner\n",
		&p);
	assert_string_equal(page_step(&p, "A")->why, "Mind the gap.");
	assert_string_equal(page_step(&p, "boxed")->text, "Inner");
	page_release(&p);
}

static void
html_keeps_its_words(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## A\n\n<details><summary>More</summary>\n\n- [ ] inside\n\n</details>\n\n<br/>\n",
		&p);
	assert_string_equal(page_step(&p, "A")->why, "More");
	assert_non_null(page_step(&p, "inside"));
	page_line(&p, 3, "guessed", "HTML, without its tags");
	page_line(&p, 7, "lost", "HTML");
	page_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paragraphs_before_the_steps_say_why),
		cmocka_unit_test(a_section_of_words_alone_is_a_step),
		cmocka_unit_test(headings_of_an_incident_are_understood),
		cmocka_unit_test(code_under_a_list_belongs_to_the_item_above),
		cmocka_unit_test(what_leads_in_names_what_follows),
		cmocka_unit_test(quotations_and_alerts_are_read_through),
		cmocka_unit_test(html_keeps_its_words),
	};

	return cmocka_run_group_tests_name("importblock", tests, NULL, NULL);
}
