#include "load/importmeta.h"

#include "page.h"
#include "unit.h"

#include <string.h>

static void
front_matter_is_found_only_where_it_is(void **state)
{
	static const struct {
		const char *text;
		int lines;
	} rows[] = {
		{"---\na: b\n---\n", 3},
		{"---\r\na: b\r\n---\r\n", 3},
		{"+++\na = 1\n+++\nx", 3},
		{"---\na: b\n...\n", 3},
		{"---\na: b\n", 0},
		{"---\n\ntext\n\n---\n", 0},
		{"--- \nx: y\n---", 3},
		{"----\na: b\n----\n", 0},
		{"text\n---\n", 0},
		{"", 0},
		{"---", 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (importmeta_front_lines(rows[i].text, strlen(rows[i].text)) !=
			rows[i].lines)
			fail_msg("`%s` has %d lines of front matter", rows[i].text,
				importmeta_front_lines(
					rows[i].text, strlen(rows[i].text)));
}

static void
front_matter_says_who_owns_it_and_when_it_was_read(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"---\ntitle: \"Restart it\"\nowner: platform\nlast_reviewed: 2026-03-01\n"
		"next_review: 2026-05-30\ntags: [db, \"pci\"]\naliases:\n  - bounce\n# note\n"
		"odd_key: 7\nempty:\n---\n# Other\n\n- [ ] x\n",
		&p);
	assert_string_equal(p.rb->title, "Restart it");
	assert_string_equal(p.rb->owner, "platform");
	assert_string_equal(p.rb->reviewed_last, "2026-03-01");
	assert_int_equal(p.rb->reviewed_every_ms, INT64_C(90) * 86400000);
	assert_string_equal(p.rb->aliases.list.at[0], "bounce");
	assert_string_equal(p.rb->tags.list.at[0], "db");
	assert_string_equal(p.rb->tags.list.at[1], "pci");
	assert_string_equal(p.rb->tags.list.at[2], "odd_key: 7");
	page_line(&p, 9, "lost", "comment");
	page_line(&p, 11, "lost", "without a value");
	page_line(&p, 15, "kept", "task");
	page_release(&p);
}

static void
front_matter_may_hold_lists_and_days_that_are_none(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"---\nowner: [platform, web]\nlast_reviewed: 2026-02-30\nlast_updated: 2026-02-28\n"
		"team: \"[Team]\"\ntags: [a, \"b c\"]\nmaintainer: [\"ann\"]\n---\n\n- [ ] x\n",
		&p);
	assert_string_equal(p.rb->owner, "platform, web");
	page_note(&p, 3, "not a date as YYYY-MM-DD: 2026-02-30");
	page_has(&p, "reviewed: {last: \"2026-02-28\"}");
	page_has(&p, "updated 2026-02-30");
	page_line(&p, 5, "lost", "never filled in");
	page_has(&p, "b c");
	page_has(&p, "maintainer: ann");
	page_release(&p);
}

static void
nothing_said_twice_is_gone(void **state)
{
	struct page p;

	(void)state;
	page_read("---\ntitle: Short\ndate: 2024-01-01\nreviewed: 2025-02-03\nowner: a\n"
		  "owner: b\n---\n# The Long One\n\n"
		  "## See [the wiki](https://w.test/x) first\n\n- [ ] x\n\n"
		  "## And [this](../other.md)\n\n- [ ] y\n",
		&p);
	assert_string_equal(p.rb->title, "Short");
	assert_string_equal(p.rb->reviewed_last, "2025-02-03");
	assert_string_equal(p.rb->aliases.list.at[0], "The Long One");
	assert_string_equal(p.rb->tags.list.at[0], "updated 2024-01-01");
	assert_string_equal(p.rb->tags.list.at[1], "owner: b");
	assert_string_equal(pairs_get(&p.rb->links, "the wiki"), "https://w.test/x");
	page_line(&p, 8, "kept", "another title, as an alias");
	page_line(&p, 14, "lost", "without where its link leads: ../other.md");
	page_release(&p);
}

static void
lines_at_the_end_say_the_same(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"# T\n\n- [ ] x\n\n---\n\n**Last Updated:** 2024-12-25  \n**Version:** 1.0.0  \n"
		"**Owner:** The Team\n",
		&p);
	assert_string_equal(p.rb->owner, "The Team");
	assert_string_equal(p.rb->reviewed_last, "2024-12-25");
	assert_string_equal(p.rb->tags.list.at[0], "version 1.0.0");
	page_line(&p, 8, "guessed", "about the page: Version");
	page_release(&p);
}

static void
what_was_never_filled_in_is_lost_and_said(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"# T\n\n- [ ] x\n\n**Last Updated:** [Date]  \n**Next Review:** soon\n\n"
		"Owner: TBD\n",
		&p);
	assert_null(p.rb->reviewed_last);
	assert_null(p.rb->owner);
	page_line(&p, 5, "lost", "Last Updated: never filled in");
	page_note(&p, 6, "no date after the last one");
	page_note(&p, 8, "Owner was never filled in");
	page_release(&p);
}

static void
a_paragraph_of_something_else_is_left_alone(void **state)
{
	struct page p;

	(void)state;
	page_read("# T\n\n**Owner:** me and **this:** that\n\n- [ ] x\n", &p);
	assert_null(p.rb->owner);
	assert_string_equal(p.rb->why, "Owner: me and this: that");
	page_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(front_matter_is_found_only_where_it_is),
		cmocka_unit_test(front_matter_says_who_owns_it_and_when_it_was_read),
		cmocka_unit_test(front_matter_may_hold_lists_and_days_that_are_none),
		cmocka_unit_test(nothing_said_twice_is_gone),
		cmocka_unit_test(lines_at_the_end_say_the_same),
		cmocka_unit_test(what_was_never_filled_in_is_lost_and_said),
		cmocka_unit_test(a_paragraph_of_something_else_is_left_alone),
	};

	return cmocka_run_group_tests_name("importmeta", tests, NULL, NULL);
}
