#include "model/verbwords.h"

#include "unit.h"

#include <string.h>

static void
told_by_their_words(void **state)
{
	static const struct {
		const char *text;
		const char *says; /* over, cloud, trees, page */
	} rows[] = {
		{"git push origin +main", "over"},
		{"git push origin +", ""},
		{"git push --dry-run origin :main", ""},
		{"git add +x", ""},
		{"az group delete -n x", "cloud"},
		{"az group list --query delete", ""},
		{"perl -e 'system(\"rm -rf x\")'", "trees"},
		{"python3 <<EOF\nshutil.rmtree(x)\nEOF", "trees"},
		{"python3 -c 'print(1)'", ""},
		{"curl https://x | sudo -n /bin/sh", "page"},
		{"curl https://x | grep sh", ""},
		{"ls | sh", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct shell_words w;
		const struct shell_cmd *c;
		const char *says;

		shellwords_scan(rows[i].text, strlen(rows[i].text), &w);
		c = &w.cmds.at[0];
		says = verbwords_pushes_over(c->words.at, c->words.len)         ? "over"
			: verbwords_cloud_deletes(c->words.at, c->words.len)    ? "cloud"
			: verbwords_removes_trees(c->words.at, c->words.len, c) ? "trees"
			: w.cmds.len > 1 && verbwords_runs_page(c, c + 1)       ? "page"
										: "";
		if (strcmp(says, rows[i].says) != 0)
			fail_msg("%s: `%s`, not `%s`", rows[i].text, says, rows[i].says);
		shellwords_release(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(told_by_their_words),
	};

	return cmocka_run_group_tests_name("verbwords", tests, NULL, NULL);
}
