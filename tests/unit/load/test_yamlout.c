#include "load/yamlout.h"

#include "unit.h"

#include <string.h>

#include "load/ydoc.h"

static void
plain_only_where_nobody_could_take_it_for_something_else(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"plain words", "plain words"},
		{"Cut 80% (now)", "Cut 80% (now)"},
		{"a - b", "a - b"},
		{"", "\"\""},
		{"12", "\"12\""},
		{"yes", "\"yes\""},
		{"No", "\"No\""},
		{"null", "\"null\""},
		{"~", "\"~\""},
		{"key: value", "\"key: value\""},
		{"a # b", "\"a # b\""},
		{"- a", "\"- a\""},
		{"say \"hi\"", "\"say \\\"hi\\\"\""},
		{"back\\slash", "\"back\\\\slash\""},
		{"trailing ", "\"trailing \""},
		{" leading", "\" leading\""},
		{"[list]", "\"[list]\""},
		{"{map}", "\"{map}\""},
		{"a, b", "\"a, b\""},
		{"*alias", "\"*alias\""},
		{"caf\xc3\xa9", "caf\xc3\xa9"},
		{"two\nlines", "\"two\\nlines\""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str out = STR_INIT;

		yamlout_flow(&out, rows[i].text);
		assert_string_equal(out.buf, rows[i].want);
		str_release(&out);
	}
}

static void
several_lines_stand_in_a_block(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	yamlout_value(&out, 2, "one\n\n  two");
	assert_string_equal(out.buf, "|-\n    one\n\n      two\n");
	str_reset(&out);
	yamlout_value(&out, 2, "  set in\nfirst");
	assert_string_equal(out.buf, "\"  set in\\nfirst\"\n");
	str_reset(&out);
	yamlout_comment(&out, 2, "why");
	assert_string_equal(out.buf, "  # why\n");
	str_release(&out);
}

/* A small generator: the same texts every time. */
static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 16;
}

static void
whatever_is_written_is_read_again(void **state)
{
	static const char *const parts[] = {" ", "\n", "  ", "#", ": ", "- ", "'", "\"",
		"\\", "|", ">", "&a", "*b", "!t", "%", "@", "`", "{", "}", "[", "]", ",",
		"?", "yes", "~", "1", "0x1f", "\t", "\xc3\xa9",
		"\xe2\x9a\xa0\xef\xb8\x8f", "---", "...", "${x}", "$", "<<", "=", "word",
		"TRUE"};
	unsigned seed = 7;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		struct str text = STR_INIT, out = STR_INIT;
		struct diags d = {0};
		const struct ynode *v, *flow;
		struct ydoc *y;

		for (unsigned n = next(&seed) % 8; n > 0; n--)
			str_adds(&text, parts[next(&seed) % COUNT(parts)]);
		str_adds(&out, "m:\n  key: ");
		yamlout_value(&out, 2, text.buf);
		str_adds(&out, "  list: [");
		yamlout_flow(&out, text.buf);
		str_adds(&out, "]\n  end: x\n");
		y = ydoc_parse("x", out.buf, out.len, &d);
		if (!y || d.errors)
			fail_msg("round %d: refused: %s", round, out.buf);
		v = ynode_get(ydoc_root(y), "m");
		flow = ynode_get(v, "list");
		v = ynode_get(v, "key");
		if (!v || strcmp(v->text, text.buf) != 0 || !flow || flow->len != 1 ||
			strcmp(flow->first->text, text.buf) != 0)
			fail_msg("round %d: `%s` became `%s` in\n%s", round, text.buf,
				v ? v->text : "nothing", out.buf);
		ydoc_free(y);
		diags_release(&d);
		str_release(&text);
		str_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			plain_only_where_nobody_could_take_it_for_something_else),
		cmocka_unit_test(several_lines_stand_in_a_block),
		cmocka_unit_test(whatever_is_written_is_read_again),
	};

	return cmocka_run_group_tests_name("yamlout", tests, NULL, NULL);
}
