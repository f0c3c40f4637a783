#include "load/importoutline.h"

#include "unit.h"

#include <string.h>

/* "title|title|..." of the parts that are no group folded into others. */
static char *
titles(const char *text)
{
	struct mdtree t;
	struct importoutline o;
	struct str out = STR_INIT;
	struct err e = ERR_INIT;

	assert_true(mdtree_parse(text, strlen(text), 0, &t, &e));
	importoutline_read(&t, &o);
	for (size_t i = 0; i < o.parts.len; i++) {
		char *title;

		if (o.parts.at[i].heading < 0 || o.parts.at[i].folded)
			continue;
		title = importoutline_title(&t, &o, (int)i);
		str_addf(&out, "%s%s", out.len ? "|" : "", title);
		mem_free(title);
	}
	importoutline_release(&o);
	mdtree_release(&t);
	return str_take(&out);
}

static void
groups_lend_their_words_where_titles_stay_short(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"# T\n## A\n### B\nx\n### C\ny\n", "T|A: B|A: C"},
		{"# T\n## A\ntext\n### B\nx\n", "T|A|B"},
		{"# T\n## A\n### B\n#### C\nx\n## D\ny\n", "T|A: B: C|D"},
		{"# T\n## A group\n### A heading of its own that is long enough to be no longer short\nx\n",
			"T|A group|A heading of its own that is long enough to be no longer short"},
		{"# T\n## A\n---\n### B:\nx\n", "T|A: B"},
		{"# T\n## A\n**Weekly:**\n- x\n\n**Monthly:**\n- y\n",
			"T|A: Weekly|A: Monthly"},
		{"# T\n## A\n**Why**: x\n\n**Acceptance criteria**\n\n- y\n", "T|A"},
		{"# T\n## A\n**Bold end**\n", "T|A"},
		{"## A\n# B\nx\n", "A|B"},
		{"## Contacts\n### Who\nx\n", "Contacts|Who"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *got = titles(rows[i].text);

		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s\ngives %s", rows[i].text, got);
		mem_free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(groups_lend_their_words_where_titles_stay_short),
	};

	return cmocka_run_group_tests_name("importoutline", tests, NULL, NULL);
}
