#include "load/mdtree.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static const char *const names[] = {"document", "quote", "list", "item", "heading",
	"paragraph", "code", "html", "rule", "table", "row", "cell"};

static void
parse(const char *text, struct mdtree *t)
{
	struct err e = ERR_INIT;

	if (!mdtree_parse(text, strlen(text), 0, t, &e))
		fail_msg("%s", e.msg);
}

/* "heading 1 item 3-4 ..." for the kinds asked for. */
static char *
places(const struct mdtree *t, unsigned kinds)
{
	struct str out = STR_INIT;

	for (int i = mdtree_after(t, 0, 0); i >= 0; i = mdtree_after(t, 0, i)) {
		const struct mdnode *n = &t->nodes.list.at[i];

		if (!(kinds & (1U << n->kind)))
			continue;
		str_addf(&out, "%s%s %d", out.len ? " " : "", names[n->kind], n->line);
		if (n->end > n->line)
			str_addf(&out, "-%d", n->end);
	}
	return str_take(&out);
}

static void
blocks_know_their_lines(void **state)
{
	static const unsigned all = (1U << MDTREE_HEADING) | (1U << MDTREE_ITEM) |
		(1U << MDTREE_CODE) | (1U << MDTREE_RULE) | (1U << MDTREE_PARAGRAPH) |
		(1U << MDTREE_HTML);
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"# A\n\ntext\nmore\n", "heading 1 paragraph 3-4"},
		{"A\n=\n\nB\n---\n", "heading 1-2 heading 4-5"},
		{"```\n\nx\n\n```\n", "code 1-5"},
		{"```\n```\n", "code 1-2"},
		{"```\n\n\n```\n\n***\n", "code 1-4 rule 6"},
		{"```\nopen", "code 1-2"},
		{"    in\n\n    dented\n", "code 1-3"},
		{"- a\n- b\n  more\n", "item 1 paragraph 1 item 2-3 paragraph 2-3"},
		{"-\n  foo\n", "item 1-2 paragraph 2"},
		{"- - - x\n", "item 1 item 1 item 1 paragraph 1"},
		{"-\n- b\n-\n", "item 1 item 2 paragraph 2 item 3"},
		{"- ```\n  c\n  ```\n- d\n", "item 1-3 code 1-3 item 4 paragraph 4"},
		{"- [ ] a\n- [x] b\n", "item 1 paragraph 1 item 2 paragraph 2"},
		{"text\n\n#\n\n## B\n", "paragraph 1 heading 3 heading 5"},
		{"![](i.png)\n\nb\n", "paragraph 1 paragraph 3"},
		{"> - a\n>   ```\n>   x\n>   ```\n", "item 1-4 paragraph 1 code 2-4"},
		{"<!-- a\nb -->\n\nc\n", "html 1-2 paragraph 4"},
		{"a [b\nc](http://x\n\"t\") d\n", "paragraph 1-3"},
		{"***\n---\n___\n", "rule 1 rule 2 rule 3"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mdtree t;
		char *got;

		parse(rows[i].text, &t);
		got = places(&t, all);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s\ngives %s\nnot   %s", rows[i].text, got,
				rows[i].want);
		mem_free(got);
		mdtree_release(&t);
	}
}

static void
every_line_has_an_owner_or_is_blank(void **state)
{
	static const char text[] =
		"T\n=\n\n- a\n\n  b\n-\n\n```sh\nx\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| | |\n"
		"\n[d]: http://x\n\n<div>\n- no\n</div>\n\n> q\n> \n> r\n\n---\n";
	struct mdtree t;

	(void)state;
	parse(text, &t);
	assert_int_equal(t.lines, 28);
	for (int l = 1; l <= t.lines; l++) {
		size_t len;
		const char *s = mdtree_line(&t, l, &len);
		bool blank = strspn(s, " >\n") >= len;

		if (blank != (t.owner[l] < 0))
			fail_msg("line %d `%.*s` is owned by %d", l, (int)len, s,
				t.owner[l]);
	}
	assert_int_equal(t.owner[18], 0); /* a definition belongs to the document */
	mdtree_release(&t);
}

static void
texts_lose_their_marks_and_keep_spans(void **state)
{
	struct mdtree t;
	const struct mdnode *n;

	(void)state;
	parse("**Why**: `a b` &amp; [x](http://y)<br>z  \nw<!-- c -->\n", &t);
	n = &t.nodes.list.at[1];
	assert_string_equal(n->text, "Why: a b & x\nz\nw");
	assert_int_equal(n->spans.len, 4);
	assert_int_equal(n->spans.at[0].kind, MDSPAN_STRONG);
	assert_int_equal(n->spans.at[0].to, 3);
	assert_int_equal(n->spans.at[1].kind, MDSPAN_CODE);
	assert_int_equal(n->spans.at[1].from, 5);
	assert_int_equal(n->spans.at[2].kind, MDSPAN_LINK);
	assert_string_equal(n->spans.at[2].href, "http://y");
	assert_int_equal(n->spans.at[3].kind, MDSPAN_COMMENT);
	mdtree_release(&t);
}

static void
numbers_and_boxes_are_kept(void **state)
{
	struct mdtree t;
	int numbers[3], n = 0;

	(void)state;
	parse("7. a\n7. b\n7. c\n\n- [ ] x\n- [X] y\n- [z] no\n", &t);
	for (int i = mdtree_after(&t, 0, 0); i >= 0; i = mdtree_after(&t, 0, i)) {
		const struct mdnode *node = &t.nodes.list.at[i];

		if (node->kind == MDTREE_ITEM && node->level && n < 3)
			numbers[n++] = node->level;
		if (node->kind == MDTREE_ITEM && node->line == 5)
			assert_int_equal(node->mark, ' ');
		if (node->kind == MDTREE_ITEM && node->line == 6)
			assert_int_equal(node->mark, 'x');
		if (node->kind == MDTREE_ITEM && node->line == 7)
			assert_int_equal(node->mark, 0);
	}
	assert_int_equal(n, 3);
	assert_int_equal(numbers[0], 7);
	assert_int_equal(numbers[2], 9);
	mdtree_release(&t);
}

static void
front_matter_is_passed_over(void **state)
{
	static const char text[] = "---\na: b\n---\n# T\n";
	struct mdtree t;
	struct err e = ERR_INIT;

	(void)state;
	assert_true(mdtree_parse(text, strlen(text), 3, &t, &e));
	assert_int_equal(t.nodes.list.at[1].kind, MDTREE_HEADING);
	assert_int_equal(t.nodes.list.at[1].line, 4);
	assert_int_equal(t.owner[2], -1);
	mdtree_release(&t);
}

static void
refuses_what_is_nested_too_deep(void **state)
{
	struct str s = STR_INIT;
	struct mdtree t;
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; i < 5000; i++)
		str_adds(&s, "> ");
	str_adds(&s, "x\n");
	assert_false(mdtree_parse(s.buf, s.len, 0, &t, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	str_release(&s);
}

static void
an_empty_page_is_a_document(void **state)
{
	struct mdtree t;

	(void)state;
	parse("", &t);
	assert_int_equal(t.lines, 0);
	assert_int_equal(t.nodes.list.len, 1);
	mdtree_release(&t);
	parse("\n\n", &t);
	assert_int_equal(t.lines, 2);
	mdtree_release(&t);
	parse("x", &t);
	assert_int_equal(t.lines, 1);
	mdtree_release(&t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(blocks_know_their_lines),
		cmocka_unit_test(every_line_has_an_owner_or_is_blank),
		cmocka_unit_test(texts_lose_their_marks_and_keep_spans),
		cmocka_unit_test(numbers_and_boxes_are_kept),
		cmocka_unit_test(front_matter_is_passed_over),
		cmocka_unit_test(refuses_what_is_nested_too_deep),
		cmocka_unit_test(an_empty_page_is_a_document),
	};

	return cmocka_run_group_tests_name("mdtree", tests, NULL, NULL);
}
