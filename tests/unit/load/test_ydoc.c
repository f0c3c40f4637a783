#include "load/ydoc.h"

#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/str.h"

/* ---- texts of the corpus of bad input ------------------------------------------------------ */

static void
repeat(struct str *s, const char *text, size_t times)
{
	for (size_t i = 0; i < times; i++)
		str_adds(s, text);
}

static void
many_brackets(struct str *s)
{
	repeat(s, "[", 100000);
}

static void
many_dashes(struct str *s)
{
	repeat(s, "- ", 200000);
}

static void
many_questions(struct str *s)
{
	repeat(s, "? ", 50000);
}

static void
many_maps(struct str *s)
{
	repeat(s, "{a: ", 5000);
}

static void
deep_block(struct str *s)
{
	for (int i = 0; i < 3000; i++) {
		repeat(s, " ", (size_t)i);
		str_adds(s, "a:\n");
	}
}

static void
billion_laughs(struct str *s)
{
	str_adds(s, "a: &a [x, x]\n");
	for (char c = 'b'; c < 'z'; c++)
		str_addf(s, "%c: &%c [*%c, *%c]\n", c, c, c - 1, c - 1);
}

static void
long_comment(struct str *s)
{
	repeat(s, "# nothing\n", 1000000);
}

static void
long_scalar(struct str *s)
{
	str_adds(s, "a: ");
	repeat(s, "xxxxxxxxxx", 1000000);
}

static void
scalar_too_long(struct str *s)
{
	str_adds(s, "a: ");
	repeat(s, "x", YDOC_SCALAR_MAX + 1);
}

static void
scalar_as_long_as_may_be(struct str *s)
{
	str_adds(s, "a: ");
	repeat(s, "x", YDOC_SCALAR_MAX);
}

static void
file_too_large(struct str *s)
{
	str_reserve(s, YDOC_BYTES_MAX + 16);
	repeat(s, "# xxxxxxxxxxxxxx\n", YDOC_BYTES_MAX / 17 + 2);
}

static void
too_many_nodes(struct str *s)
{
	repeat(s, "-\n", YDOC_BYTES_MAX / 2 - 2);
}

static void
long_key(struct str *s)
{
	repeat(s, "k", 1025);
	str_adds(s, ": v\n");
}

static void
many_keys(struct str *s)
{
	for (int i = 0; i < 100000; i++)
		str_addf(s, "k%d: v\n", i);
}

static void
late_twin(struct str *s)
{
	many_keys(s);
	str_adds(s, "k77: v\n");
}

#define TEXT(literal) .text = literal, .len = sizeof literal - 1

static const struct row {
	const char *name;
	const char *text;
	size_t len;
	void (*make)(struct str *s);
	const char *id; /* of the first complaint; NULL: none */
	int line, col;  /* 0: not looked at */
} rows[] = {
	{"100 kB of [", NULL, 0, many_brackets, "E-YAML-007", 1, 65},
	{"200,000 dashes", NULL, 0, many_dashes, "E-YAML-007", 1, 0},
	{"50,000 question marks", NULL, 0, many_questions, "E-YAML-013", 1, 0},
	{"5,000 maps", NULL, 0, many_maps, "E-YAML-007", 1, 0},
	{"3,000 levels of block", NULL, 0, deep_block, "E-YAML-007", 65, 65},
	{"billion laughs", NULL, 0, billion_laughs, "E-YAML-009", 1, 4},
	{"10 MB of comments", NULL, 0, long_comment, "E-YAML-001", 0, 0},
	{"10 MB scalar", NULL, 0, long_scalar, "E-YAML-008", 1, 4},
	{"64 KiB and one byte", NULL, 0, scalar_too_long, "E-YAML-008", 1, 4},
	{"64 KiB", NULL, 0, scalar_as_long_as_may_be, NULL, 0, 0},
	{"more than 16 MiB", NULL, 0, file_too_large, "E-YAML-006", 0, 0},
	{"16 MiB of nodes", NULL, 0, too_many_nodes, "E-YAML-006", 0, 0},
	{"a key over 1024", NULL, 0, long_key, "E-YAML-002", 0, 0},
	{"100,000 keys", NULL, 0, many_keys, NULL, 0, 0},
	{"a twin among 100,000", NULL, 0, late_twin, "E-YAML-012", 100001, 1},
	{"an alias of itself", TEXT("a: &x [*x]\n"), NULL, "E-YAML-009", 1, 4},
	{"a merge key", TEXT("a: 1\n<<: {b: 2}\n"), NULL, "E-YAML-011", 2, 1},
	{"a quoted merge key", TEXT("'<<': {b: 2}\n"), NULL, NULL, 0, 0},
	{"a key twice", TEXT("a: 1\nb: 2\na: 3\n"), NULL, "E-YAML-012", 3, 1},
	{"a nested key twice", TEXT("x:\n  a: 1\n  a: 3\n"), NULL, "E-YAML-012", 3, 3},
	{"a tag", TEXT("a: !!python/object:os.system ls\n"), NULL, "E-YAML-010", 1, 4},
	{"a binary tag", TEXT("a: !!binary AAAA\n"), NULL, "E-YAML-010", 1, 4},
	{"a list as key", TEXT("? [a, b]\n: c\n"), NULL, "E-YAML-013", 0, 0},
	{"two documents", TEXT("a: 1\n---\nb: 1\n"), NULL, "E-YAML-014", 2, 1},
	{"nothing", TEXT(""), NULL, "E-YAML-001", 0, 0},
	{"only a comment", TEXT("# a\n"), NULL, "E-YAML-001", 0, 0},
	{"NUL", TEXT("a: b\nc: x\0y\n"), NULL, "E-YAML-003", 2, 5},
	{"a raw ESC", TEXT("a: b\nc: x\033[0m\n"), NULL, "E-YAML-003", 2, 5},
	{"a raw C1", TEXT("a: x\xc2\x9by\n"), NULL, "E-YAML-003", 1, 5},
	{"an escaped ESC", TEXT("a: \"x\\x1b]0;t\"\n"), NULL, "E-YAML-005", 1, 4},
	{"an escaped NUL", TEXT("a: \"x\\0y\"\n"), NULL, "E-YAML-005", 1, 4},
	{"a surrogate", TEXT("a: \"\\uD800\"\n"), NULL, "E-YAML-002", 1, 0},
	{"a byte order mark in front",
		TEXT("\xef\xbb\xbf"
		     "a: b\n"),
		NULL, NULL, 0, 0},
	{"a byte order mark inside", TEXT("a: b\xef\xbb\xbf\n"), NULL, "E-YAML-005", 1,
		5},
	{"UTF-16",
		TEXT("\xff\xfe"
		     "a\0:\0 \0b\0"),
		NULL, "E-YAML-003", 1, 1},
	{"invalid UTF-8", TEXT("a: b\nc: \xc3(\n"), NULL, "E-YAML-003", 2, 5},
	{"overlong UTF-8", TEXT("a: \xc0\xaf\n"), NULL, "E-YAML-003", 1, 4},
	{"CRLF", TEXT("a: b\r\nc: d\r\n"), NULL, NULL, 0, 0},
	{"a tab as indentation", TEXT("a:\n\tb: c\n"), NULL, "E-YAML-002", 2, 1},
	{"bidi", TEXT("a: rm \xe2\x80\xae x\n"), NULL, "E-YAML-005", 1, 7},
	{"bidi in a key", TEXT("\"a\xe2\x80\xae\": b\n"), NULL, "E-YAML-005", 1, 3},
	{"bidi in a block", TEXT("a: |\n  one\n  t\xe2\x80\xaewo\n"), NULL, "E-YAML-005",
		3, 4},
	{"zero width", TEXT("a: x\xe2\x80\x8by\n"), NULL, "E-YAML-005", 1, 5},
	{"a tag character", TEXT("a: x\xf3\xa0\x81\x81\n"), NULL, "E-YAML-005", 1, 5},
	{"a line separator", TEXT("a: x\xe2\x80\xa8y\n"), NULL, "E-YAML-004", 1, 5},
	{"NEL", TEXT("a: x\xc2\x85y\n"), NULL, "E-YAML-004", 1, 5},
	{"an open quote", TEXT("a: \"b\n"), NULL, "E-YAML-002", 0, 0},
	{"a colon in a plain value", TEXT("a: b: c\n"), NULL, "E-YAML-002", 1, 5},
};

/* What is wrong about the first complaint; false if nothing is. */
static bool
differs(const struct row *row, const struct diags *d)
{
	const struct diag *first = d->errors ? &d->list.at[0] : NULL;

	if (!row->id && !first)
		return false;
	if (first && row->id && strcmp(first->id, row->id) == 0 &&
		(!row->line || first->line == row->line) &&
		(!row->col || first->col == row->col))
		return false;
	print_message("# %s: %s at %d:%d (%s), not %s at %d:%d\n", row->name,
		first ? first->id : "nothing", first ? first->line : 0,
		first ? first->col : 0, first ? first->msg : "",
		row->id ? row->id : "nothing", row->line, row->col);
	return true;
}

static void
bad_input_is_refused_where_it_stands(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str s = STR_INIT;
		struct diags d = {0};
		clock_t start;

		if (rows[i].make)
			rows[i].make(&s);
		else
			str_add(&s, rows[i].text, rows[i].len);
		start = clock();
		ydoc_free(ydoc_parse("x.yaml", s.buf, s.len, &d));
		if (clock() - start > CLOCKS_PER_SEC / 10)
			print_message("# %s: %ld ms\n", rows[i].name,
				(long)((clock() - start) * 1000 / CLOCKS_PER_SEC));
		bad += differs(&rows[i], &d);
		diags_release(&d);
		str_release(&s);
	}
	assert_int_equal(bad, 0);
}

/* ---- what is kept --------------------------------------------------------------------------- */

static const char *
value_of(const struct ydoc *y, const char *key)
{
	const struct ynode *n = ynode_get(ydoc_root(y), key);

	assert_non_null(n);
	return n->text;
}

static void
scalars_stay_text(void **state)
{
	static const char text[] =
		"a: no\nb: 1.10\nc: 0755\nd: 12:30\ne: ~\nf: 'x'\ng: |\n  y\n"
		"h:\n";
	struct diags d = {0};
	struct ydoc *y = ydoc_parse("x", text, sizeof text - 1, &d);

	(void)state;
	assert_non_null(y);
	assert_string_equal(value_of(y, "a"), "no");
	assert_string_equal(value_of(y, "b"), "1.10");
	assert_string_equal(value_of(y, "c"), "0755");
	assert_string_equal(value_of(y, "d"), "12:30");
	assert_string_equal(value_of(y, "e"), "~");
	assert_string_equal(value_of(y, "g"), "y\n");
	assert_string_equal(value_of(y, "h"), "");
	assert_int_equal(ynode_get(ydoc_root(y), "a")->style, YNODE_PLAIN);
	assert_int_equal(ynode_get(ydoc_root(y), "f")->style, YNODE_QUOTED);
	assert_int_equal(ynode_get(ydoc_root(y), "g")->style, YNODE_BLOCK);
	ydoc_free(y);
	diags_release(&d);
}

static void
every_node_knows_its_place(void **state)
{
	static const char text[] = "a: 1\nb:\n  - x\n  - {\xc3\xa4: y}\n";
	struct diags d = {0};
	struct ydoc *y = ydoc_parse("x", text, sizeof text - 1, &d);
	const struct ynode *list, *pair;

	(void)state;
	assert_non_null(y);
	list = ynode_get(ydoc_root(y), "b");
	assert_int_equal(list->len, 2);
	assert_int_equal(list->first->line, 3);
	assert_int_equal(list->first->col, 5);
	pair = list->first->next->first;
	assert_int_equal(pair->line, 4);
	assert_int_equal(pair->col, 6);
	assert_int_equal(pair->next->col, 9);
	ydoc_free(y);
	diags_release(&d);
}

static void
all_mistakes_are_said_at_once(void **state)
{
	static const char text[] = "a: &x 1\na: *x\n<<: {}\nb: !t c\nd: \"\\e\"\n";
	struct diags d = {0};
	struct ydoc *y = ydoc_parse("x", text, sizeof text - 1, &d);

	(void)state;
	assert_non_null(y);
	assert_int_equal(d.errors, 6);
	ydoc_free(y);
	diags_release(&d);
}

static void
a_tree_takes_twelve_bytes_a_byte_at_most(void **state)
{
	struct str s = STR_INIT;
	struct diags d = {0};
	struct ydoc *y;

	(void)state;
	for (int i = 0; i < 10000; i++)
		str_addf(&s,
			"- run: docker exec ni_site-api-%d alembic upgrade head\n"
			"  title: Migrate number %d\n  host: db\n  expect: {exit: 0}\n",
			i, i);
	y = ydoc_parse("x", s.buf, s.len, &d);
	assert_non_null(y);
	print_message("# %zu bytes for %zu\n", ydoc_memory(y), s.len);
	assert_true(ydoc_memory(y) <= 12 * s.len);
	ydoc_free(y);
	diags_release(&d);
	str_release(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_input_is_refused_where_it_stands),
		cmocka_unit_test(scalars_stay_text),
		cmocka_unit_test(every_node_knows_its_place),
		cmocka_unit_test(all_mistakes_are_said_at_once),
		cmocka_unit_test(a_tree_takes_twelve_bytes_a_byte_at_most),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
