#include "load/importitem.h"

#include "page.h"
#include "unit.h"

#include <string.h>

static void
task_items_are_steps_and_nested_bullets_their_detail(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"# C\n\n- [ ] All **required** env vars set:\n  - `A=1`\n  - one of:\n    1. `B`\n"
		"    2. `C`\n- [x] Done already\n",
		&p);
	assert_string_equal(page_step(&p, "All required env vars set")->text,
		"- A=1\n- one of:\n  1. B\n  2. C");
	assert_string_equal(page_step(&p, "Done already")->source_kind, "task");
	assert_int_equal(page_step(&p, "Done already")->source_line, 8);
	page_line(&p, 8, "kept", "it is ticked on the page, and starts open here");
	page_line(&p, 6, "kept", "detail");
	page_release(&p);
}

static void
nested_boxes_are_steps_of_their_own(void **state)
{
	struct page p;

	(void)state;
	page_read("- [ ] Backups\n  - [ ] daily\n    - [ ] deep\n  - on disk\n", &p);
	assert_int_equal(p.rb->steps.list.len, 3);
	assert_string_equal(page_step(&p, "Backups")->text, "- on disk");
	assert_string_equal(page_step(&p, "daily")->why, "Part of: Backups");
	assert_string_equal(page_step(&p, "deep")->why, "Part of: daily");
	page_line(&p, 2, "kept", "task, step \"daily\"");
	page_line(&p, 3, "kept", "task, step \"deep\"");
	page_line(&p, 4, "kept", "detail of a step");
	page_release(&p);
	page_read("- Plain\n  - sub\n    - [ ] child one\n  - [ ] child two\n", &p);
	page_line(&p, 1, "guessed", "step \"Plain\"");
	page_line(&p, 3, "kept", "task, step \"child one\"");
	page_line(&p, 4, "kept", "task, step \"child two\"");
	page_release(&p);
}

static void
numbered_items_come_in_order(void **state)
{
	struct page p;

	(void)state;
	page_read("## R\n\n3. Look: `docker ps`\n4. Think\n\n5. Act if needed\n", &p);
	assert_string_equal(p.rb->steps.list.at[1].title, "Look");
	assert_string_equal(p.rb->steps.list.at[1].text, "$ docker ps");
	assert_string_equal(p.rb->steps.list.at[2].title, "Think");
	assert_string_equal(p.rb->steps.list.at[3].title, "Act if needed");
	assert_string_equal(p.rb->steps.list.at[3].source_kind, "ordered");
	page_line(&p, 3, "kept", "ordered");
	page_note(&p, 3, "taken for a command: docker ps");
	page_release(&p);
}

/* Trap 14: URL and Expected are a probe, not a note. */
static void
url_and_expected_are_a_draft_of_a_probe(void **state)
{
	struct page p;
	const struct step *s;

	(void)state;
	page_read(
		"## Smoke\n\n1. **Health Check**\n   - URL: `https://api.x.test/health`\n"
		"   - Expected: HTTP 200, `{\"status\": \"ok\"}`, quietly\n\n"
		"2. **Rate Limiting**\n   - Make 65+ requests\n   - Expected: HTTP 429 after it\n",
		&p);
	s = page_step(&p, "Health Check");
	assert_int_equal(s->kind, STEP_DO);
	assert_string_equal(s->explain, "- draft: check health_check");
	assert_string_equal(s->text,
		"URL: https://api.x.test/health\nExpected: HTTP 200, {\"status\": \"ok\"}, quietly");
	assert_int_equal(p.rb->probes.list.len, 1);
	assert_string_equal(p.rb->probes.list.at[0].subject, "https://api.x.test/health");
	page_has(&p, "expect: {status: 200, json: {/status: ok}}");
	page_has(&p, "why: \"Draft from line 3:");
	page_line(&p, 4, "guessed", "draft of a probe");
	page_line(&p, 9, "kept", "detail of a step");
	page_note(&p, 3, "does not look for: quietly");
	assert_null(page_step(&p, "Rate Limiting")->explain);
	page_release(&p);
}

static void
a_url_may_be_the_item_itself_or_a_link(void **state)
{
	struct page p;

	(void)state;
	page_read("- [ ] URL: https://a.test/h\n  - Expected: HTTP 204\n"
		  "- [ ] Health\n  - URL: [the page](https://b.test/h)\n"
		  "- [ ] Two\n  - URL: https://c.test/\n  - URL: https://d.test/\n"
		  "- [ ] None\n  - Expected: a light\n",
		&p);
	assert_int_equal(p.rb->probes.list.len, 2);
	assert_string_equal(p.rb->probes.list.at[0].subject, "https://a.test/h");
	assert_string_equal(p.rb->probes.list.at[1].subject, "https://b.test/h");
	page_has(&p, "expect: {status: 204}");
	page_line(&p, 2, "guessed", "draft of a probe");
	page_line(&p, 4, "guessed", "draft of a probe");
	page_line(&p, 6, "kept", "detail of a step");
	page_line(&p, 9, "kept", "detail of a step");
	page_release(&p);
}

static void
a_url_without_a_word_of_what_to_expect_is_a_guess(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"1. Root\n   - URL: https://x.test/\n2. Root\n   - URL: https://x.test/b\n"
		"3. None\n   - URL: /relative\n",
		&p);
	assert_int_equal(p.rb->probes.list.len, 2);
	assert_string_equal(p.rb->probes.list.at[1].name, "root_2");
	page_note(&p, 1, "status 200 is a guess");
	page_release(&p);
}

static void
bullets_are_steps_only_where_there_are_no_boxes(void **state)
{
	struct page p;

	(void)state;
	page_read("## A\n\n- one\n- two\n", &p);
	assert_int_equal(p.rb->steps.list.len, 3);
	page_line(&p, 3, "guessed", "item, step \"one\"");
	page_release(&p);
	page_read("## Key Metrics\n\n- one\n- two\n\n## B\n\n- [ ] box\n", &p);
	assert_string_equal(page_step(&p, "Key Metrics")->title, "Key Metrics");
	assert_string_equal(p.rb->steps.list.at[1].text, "- one\n- two");
	page_line(&p, 3, "kept", "detail of a step");
	page_release(&p);
}

static void
a_command_in_the_words_is_marked_only_where_it_is_told(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"1. Rollback: `make down` (or `docker-compose down`), cleanup `docker-compose down -v`.\n"
		"2. Sync it (e.g., `gsutil rsync`).\n"
		"3. To look, use `docker ps`.\n"
		"4. `JWT_SECRET` and `proxy_set_header X y;`\n",
		&p);
	page_has(&p, "DANGER W-SH-101");
	assert_null(strstr(p.rb->steps.list.at[0].text, "$ "));
	assert_null(strstr(p.rb->steps.list.at[1].text, "$ "));
	assert_non_null(strstr(p.rb->steps.list.at[2].text, "$ docker ps"));
	assert_null(strstr(p.rb->steps.list.at[3].text, "$ "));
	page_release(&p);
}

static void
prose_never_passes_for_a_command(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"- [ ] Step\n\n  $ rm -rf / is what it must not say\n\n  > quoted\n", &p);
	assert_string_equal(p.rb->steps.list.at[0].text,
		"\\$ rm -rf / is what it must not say\nquoted");
	page_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(task_items_are_steps_and_nested_bullets_their_detail),
		cmocka_unit_test(nested_boxes_are_steps_of_their_own),
		cmocka_unit_test(numbered_items_come_in_order),
		cmocka_unit_test(url_and_expected_are_a_draft_of_a_probe),
		cmocka_unit_test(a_url_may_be_the_item_itself_or_a_link),
		cmocka_unit_test(a_url_without_a_word_of_what_to_expect_is_a_guess),
		cmocka_unit_test(bullets_are_steps_only_where_there_are_no_boxes),
		cmocka_unit_test(a_command_in_the_words_is_marked_only_where_it_is_told),
		cmocka_unit_test(prose_never_passes_for_a_command),
	};

	return cmocka_run_group_tests_name("importitem", tests, NULL, NULL);
}
