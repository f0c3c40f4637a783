#include "load/shelllines.h"

#include "unit.h"

#include <string.h>

#include "base/str.h"

/* A text and the lines of its logical lines: "1-2 3 4!" ; ! is unfinished, # a comment,
 * _ blank. */
struct row {
	const char *text, *want;
};

static void
list(const char *text, struct str *got)
{
	size_t len = strlen(text);
	struct shellline l;
	int number = 1;

	for (size_t at = 0; at < len; at = l.next) {
		shelllines_next(text, len, at, &l);
		assert_true(l.next > at && l.end <= l.next && l.next <= len);
		str_addf(got, "%s%d", at > 0 ? " " : "", number);
		if (l.lines > 1)
			str_addf(got, "-%d", number + l.lines - 1);
		str_addf(got, "%s%s%s", l.unfinished ? "!" : "", l.comment ? "#" : "",
			l.blank ? "_" : "");
		number += l.lines;
	}
}

static void
knows_where_a_command_ends(void **state)
{
	static const struct row rows[] = {
		{"a\nb\n", "1 2"},
		{"a", "1"},
		{"\n\na", "1_ 2_ 3"},
		{"# it's\nb", "1# 2"},
		{"a # it's\nb", "1 2"},
		{"a#'\nb'\nc", "1-2 3"},
		{"a \\\n b\nc", "1-2 3"},
		{"a 'x\ny'\nc", "1-2 3"},
		{"a \"x\n$(b\nc)\"\nd", "1-3 4"},
		{"a |\nb\nc", "1-2 3"},
		{"a &&\n# why\nb\nc", "1-3 4"},
		{"a ||\nb", "1-2"},
		{"a &\nb", "1 2"},
		{"a; b\nc", "1 2"},
		{"cat <<EOF\nit's\nEOF\nb", "1-3 4"},
		{"cat <<'E O'\nx", "1-2!"},
		{"cat <<-EOF\n\tx\n\tEOF\nb", "1-3 4"},
		{"a <<X <<Y\n1\nX\n2\nY\nb", "1-5 6"},
		{"cat <<EOF | b\nx\nEOF\nc", "1-3 4"},
		{"a <<<x\nb", "1 2"},
		{"echo $((1<<2))\nb", "1 2"},
		{"(a\nb)\nc", "1-2 3"},
		{"x=$(a\nb)\nc", "1-2 3"},
		{"if a; then\nb\nelse\nc\nfi\nd", "1-5 6"},
		{"while read x; do\nfor i in 1; do\ny\ndone\ndone\nd", "1-5 6"},
		{"case x in\na) b ;;\nesac\nd", "1-3 4"},
		{"f() {\na\n}\nb", "1-3 4"},
		{"echo if\nb", "1 2"},
		{"echo {a,b} }\nb", "1 2"},
		{"find . -exec x {} \\;\nb", "1 2"},
		{"echo ${a:-\"x y\"}\nb", "1 2"},
		{"a `b\nc`\nd", "1-2 3"},
		{"echo 'x\ny", "1-2!"},
		{"a &&", "1!"},
		{"fi\nb", "1 2"},
		{")\n}\nb", "1 2 3"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str got = STR_INIT;

		list(rows[i].text, &got);
		if (!str_eq(got.buf, rows[i].want))
			fail_msg("`%s`: got [%s], want [%s]", rows[i].text, got.buf,
				rows[i].want);
		str_release(&got);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(knows_where_a_command_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
