#include "model/expect.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

/* ---- building -------------------------------------------------------------------------- */

static struct expect_test *
scalar(enum expect_field field, const char *text)
{
	struct err e = ERR_INIT;
	struct expect_test *t = expect_scalar(text, expect_field_info(field)->how, &e);

	if (t == NULL)
		fail_msg("`%s` is no scalar: %s", text, e.msg);
	return t;
}

static struct expect_test *
texted(enum expect_test_kind kind, const char *text)
{
	struct expect_test *t = expect_test_new(kind);
	struct err e = ERR_INIT;

	t->text = mem_strdup(text);
	if (kind == EXPECT_MATCHES) {
		t->pattern = pattern_new(text, &e);
		assert_non_null(t->pattern);
	}
	return t;
}

/* Takes the parts; NULL ends them. */
static struct expect_test *
composed(enum expect_test_kind kind, ...)
{
	struct expect_test *t = expect_test_new(kind), *part;
	va_list ap;

	va_start(ap, kind);
	while ((part = va_arg(ap, struct expect_test *)) != NULL)
		vec_push(&t->parts, part);
	va_end(ap);
	return t;
}

static struct expect_test *
at(const char *key, struct expect_test *t)
{
	t->key = mem_strdup(key);
	return composed(EXPECT_AT, t, NULL);
}

/* Takes test and facts. */
static enum verdict
judged(enum expect_field field, struct expect_test *t, struct facts *f, char *line,
	size_t size)
{
	struct expect *x = expect_new();
	struct judgement j;
	struct str text = STR_INIT;
	enum verdict v;

	vec_push(&x->rules, (struct expect_rule){.field = field, .test = t});
	expect_judge(x, f, &j);
	v = j.verdict;
	judgement_line(&j, &text);
	if (line != NULL)
		snprintf(line, size, "%s", text.buf);
	str_release(&text);
	judgement_release(&j);
	expect_free(x);
	facts_release(f);
	return v;
}

/* ---- scalars against answers ----------------------------------------------------------- */

enum given { NUMBER, ANSWER, CUT, TEXT, NOTHING };

static const struct {
	enum expect_field field;
	const char *want;
	enum given given;
	double number;
	const char *text;
	enum verdict verdict;
} rows[] = {
	/* numbers and units */
	{EXPECT_EXIT, "0", NUMBER, 0, NULL, VERDICT_OK},
	{EXPECT_EXIT, "0", NUMBER, 1, NULL, VERDICT_FAIL},
	{EXPECT_EXIT, "!= 0", NUMBER, 1, NULL, VERDICT_OK},
	{EXPECT_STATUS, "200..299", NUMBER, 300, NULL, VERDICT_FAIL},
	{EXPECT_TIME, "< 200ms", NUMBER, 199.9, NULL, VERDICT_OK},
	{EXPECT_TIME, "< 200ms", NUMBER, 200, NULL, VERDICT_FAIL},
	{EXPECT_TIME, "<= 200ms", NUMBER, 200, NULL, VERDICT_OK},
	{EXPECT_TIME, "< 200", NUMBER, 199, NULL, VERDICT_OK},
	{EXPECT_TIME, "< 2s", NUMBER, 1999, NULL, VERDICT_OK},
	{EXPECT_NEWEST_AGE, "< 26h", NUMBER, 25 * 3600e3, NULL, VERDICT_OK},
	{EXPECT_NEWEST_AGE, "< 26h", NUMBER, 27 * 3600e3, NULL, VERDICT_FAIL},
	{EXPECT_AGE, "< 60", NUMBER, 59e3, NULL, VERDICT_OK}, /* its unit is s */
	{EXPECT_AGE, "< 60", NUMBER, 61e3, NULL, VERDICT_FAIL},
	{EXPECT_DAYS_LEFT, "> 30", NUMBER, 31 * 86400e3, NULL, VERDICT_OK},
	{EXPECT_DAYS_LEFT, "> 30", NUMBER, -86400e3, NULL, VERDICT_FAIL},
	{EXPECT_USED, "< 90%", NUMBER, 85, NULL, VERDICT_OK},
	{EXPECT_USED, "< 90", NUMBER, 91, NULL, VERDICT_FAIL},
	{EXPECT_SIZE, ">= 512 MiB", NUMBER, 536870912, NULL, VERDICT_OK},
	{EXPECT_SIZE, ">= 512MiB", NUMBER, 536870911, NULL, VERDICT_FAIL},
	{EXPECT_SIZE, "1..5 KiB", NUMBER, 2048, NULL, VERDICT_OK},
	{EXPECT_LOAD, "-1..1.5", NUMBER, 1.5, NULL, VERDICT_OK},
	/* number against text, missing, cut: unknown */
	{EXPECT_EXIT, "0", TEXT, 0, "oops", VERDICT_UNKNOWN},
	{EXPECT_EXIT, "0", NOTHING, 0, NULL, VERDICT_UNKNOWN},
	{EXPECT_TIME, "< 2s", TEXT, 0, "12", VERDICT_UNKNOWN},
	{EXPECT_VALUE, "> 0", ANSWER, 0, "many", VERDICT_UNKNOWN},
	{EXPECT_VALUE, "> 0", ANSWER, 0, "", VERDICT_UNKNOWN},
	{EXPECT_VALUE, "> 0", CUT, 0, "5", VERDICT_UNKNOWN},
	{EXPECT_VALUE, "!= 0", CUT, 0, "5", VERDICT_UNKNOWN},
	{EXPECT_OUTPUT, "ok", CUT, 0, "ok", VERDICT_UNKNOWN},
	{EXPECT_OUTPUT, "ok", NOTHING, 0, NULL, VERDICT_UNKNOWN},
	/* value is the answer as one number, else trimmed text */
	{EXPECT_VALUE, "> 0", ANSWER, 0, " 42\n", VERDICT_OK},
	{EXPECT_VALUE, "> 0", ANSWER, 0, "0\n", VERDICT_FAIL},
	{EXPECT_VALUE, "> 0", ANSWER, 0, "1 2\n", VERDICT_UNKNOWN},
	{EXPECT_VALUE, "7", ANSWER, 0, "7\n", VERDICT_OK},
	{EXPECT_VALUE, "7", ANSWER, 0, "7.0\n", VERDICT_OK},
	{EXPECT_VALUE, "7", ANSWER, 0, "seven\n", VERDICT_FAIL},
	{EXPECT_VALUE, "< 90%", ANSWER, 0, "85%\n", VERDICT_OK},
	{EXPECT_VALUE, "< 90", ANSWER, 0, "95%\n", VERDICT_FAIL},
	{EXPECT_VALUE, "< 1 GiB", ANSWER, 0, "512 MiB\n", VERDICT_OK},
	{EXPECT_VALUE, "< 600", ANSWER, 0, "512 MiB\n", VERDICT_UNKNOWN},
	{EXPECT_VALUE, "< 1h", ANSWER, 0, "7200\n", VERDICT_UNKNOWN}, /* s or ms? */
	{EXPECT_VALUE, "< 1h", ANSWER, 0, "7200ms\n", VERDICT_OK},
	{EXPECT_VALUE, "ready", ANSWER, 0, "  ready\r\n", VERDICT_OK},
	/* texts are texts */
	{EXPECT_VALUE, "007", ANSWER, 0, "007\n", VERDICT_OK},
	{EXPECT_VALUE, "007", ANSWER, 0, "7\n", VERDICT_FAIL},
	{EXPECT_VALUE, "no", ANSWER, 0, "no\n", VERDICT_OK},
	{EXPECT_VALUE, "no", ANSWER, 0, "false\n", VERDICT_FAIL},
	{EXPECT_MODE, "0755", TEXT, 0, "0755", VERDICT_OK},
	{EXPECT_MODE, "0755", TEXT, 0, "755", VERDICT_FAIL},
	{EXPECT_OUTPUT, "ok", ANSWER, 0, "ok\n", VERDICT_OK},
	{EXPECT_OUTPUT, "ok", ANSWER, 0, "OK\n", VERDICT_FAIL},
	{EXPECT_OUTPUT, "ok", ANSWER, 0, "ok \n", VERDICT_FAIL},
	{EXPECT_OUTPUT, "1..5", ANSWER, 0, "1..5\n", VERDICT_OK},
	{EXPECT_BODY, "<html>", ANSWER, 0, "<html>", VERDICT_OK},
	{EXPECT_STDERR, "", ANSWER, 0, "", VERDICT_OK},
};

static void
add_given(struct facts *f, size_t i)
{
	enum expect_field field = rows[i].field == EXPECT_VALUE ? EXPECT_OUTPUT
								: rows[i].field;

	switch (rows[i].given) {
	case NUMBER:
		facts_add_number(f, rows[i].field, rows[i].number);
		break;
	case ANSWER:
	case CUT:
		facts_add_answer(f, field, rows[i].text, strlen(rows[i].text),
			rows[i].given == CUT ? FACTS_CUT : FACTS_WHOLE);
		break;
	case TEXT:
		facts_add_text(
			f, rows[i].field, NULL, rows[i].text, strlen(rows[i].text));
		break;
	case NOTHING:
		break;
	}
}

static void
judges_every_row_of_the_grammar(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct facts f = {0};
		enum verdict v;

		add_given(&f, i);
		v = judged(
			rows[i].field, scalar(rows[i].field, rows[i].want), &f, NULL, 0);
		if (v != rows[i].verdict)
			fail_msg("row %zu: `%s` against `%s` is %s, want %s", i,
				rows[i].want,
				rows[i].text != NULL ? rows[i].text : "a number",
				verdict_name(v), verdict_name(rows[i].verdict));
	}
}

static void
refuses_scalars_that_are_slips(void **state)
{
	static const struct {
		const char *text;
		enum expect_how how;
	} bad[] = {
		{"ok", EXPECT_HOW_NUMBER},
		{"", EXPECT_HOW_NUMBER},
		{"<", EXPECT_HOW_NUMBER},
		{"< 200 apples", EXPECT_HOW_NUMBER},
		{"5..1", EXPECT_HOW_NUMBER},
		{"1..2s..3", EXPECT_HOW_NUMBER},
		{"1ms..2 MiB", EXPECT_HOW_NUMBER},
		{"0x10", EXPECT_HOW_NUMBER},
		{"nan", EXPECT_HOW_NUMBER},
		{"1e999", EXPECT_HOW_NUMBER},
		{"> 10 apples", EXPECT_HOW_DUAL},
		{"= ok", EXPECT_HOW_DUAL},
		{"!= ok", EXPECT_HOW_JSON},
		{"9..2", EXPECT_HOW_JSON},
		{"> 0", EXPECT_HOW_TEXT},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct err e = ERR_INIT;
		struct expect_test *t = expect_scalar(bad[i].text, bad[i].how, &e);

		if (t != NULL)
			fail_msg("`%s` was accepted", bad[i].text);
		assert_int_equal(e.kind, ERR_PARSE);
		assert_true(strlen(e.msg) > 10);
	}
}

/* ---- JSON and maps --------------------------------------------------------------------- */

static const char doc[] =
	"{\"status\":\"ok\",\"count\":7,\"text\":\"7\",\"yes\":true,"
	"\"none\":null,\"list\":[1,2,3],\"empty\":[],"
	"\"rows\":[{\"s\":\"ok\"},{\"s\":\"bad\"}],\"deep\":{\"a\":{\"b\":1.5}}}";

static struct facts
document(void)
{
	struct facts f = {0};

	facts_add_answer(&f, EXPECT_BODY, doc, strlen(doc), FACTS_WHOLE);
	assert_non_null(f.json);
	return f;
}

static enum verdict
pointed(const char *pointer, struct expect_test *t)
{
	struct facts f = document();

	return judged(EXPECT_JSON, at(pointer, t), &f, NULL, 0);
}

#define JS(text) scalar(EXPECT_JSON, text)

static void
reads_json_by_pointers(void **state)
{
	(void)state;
	assert_int_equal(pointed("/status", JS("ok")), VERDICT_OK);
	assert_int_equal(pointed("/status", JS("fine")), VERDICT_FAIL);
	assert_int_equal(pointed("/missing", JS("ok")), VERDICT_UNKNOWN);
	assert_int_equal(pointed("/count", JS("7")), VERDICT_OK);
	assert_int_equal(pointed("/count", JS("7.0")), VERDICT_OK);
	assert_int_equal(pointed("/count", JS("> 6")), VERDICT_OK);
	assert_int_equal(pointed("/text", JS("> 6")), VERDICT_UNKNOWN);
	assert_int_equal(pointed("/text", JS("7")), VERDICT_OK);
	assert_int_equal(pointed("/yes", JS("true")), VERDICT_OK);
	assert_int_equal(pointed("/none", JS("null")), VERDICT_OK);
	assert_int_equal(pointed("/deep", JS("x")), VERDICT_UNKNOWN);
	assert_int_equal(pointed("/deep/a/b", JS("1..2")), VERDICT_OK);
	assert_int_equal(pointed("/deep/a/b", JS("< 1h")), VERDICT_UNKNOWN);
	assert_int_equal(pointed("/deep", at("/a/b", JS("1.5"))), VERDICT_OK);
	assert_int_equal(pointed("/deep", texted(EXPECT_CONTAINS, "\"b\"")), VERDICT_OK);
}

static void
walks_arrays_with_any_and_all(void **state)
{
	(void)state;
	assert_int_equal(
		pointed("/list", composed(EXPECT_ANY, JS("3"), NULL)), VERDICT_OK);
	assert_int_equal(
		pointed("/list", composed(EXPECT_ANY, JS("4"), NULL)), VERDICT_FAIL);
	assert_int_equal(
		pointed("/list", composed(EXPECT_ALL, JS("> 0"), NULL)), VERDICT_OK);
	assert_int_equal(
		pointed("/list", composed(EXPECT_ALL, JS("> 1"), NULL)), VERDICT_FAIL);
	assert_int_equal(pointed("/empty", composed(EXPECT_ALL, JS("> 1"), NULL)),
		VERDICT_UNKNOWN);
	assert_int_equal(
		pointed("/empty", composed(EXPECT_ANY, JS("> 1"), NULL)), VERDICT_FAIL);
	assert_int_equal(pointed("/status", composed(EXPECT_ALL, JS("ok"), NULL)),
		VERDICT_UNKNOWN);
	assert_int_equal(pointed("/rows", composed(EXPECT_ANY, at("/s", JS("ok")), NULL)),
		VERDICT_OK);
	assert_int_equal(pointed("/rows", composed(EXPECT_ALL, at("/s", JS("ok")), NULL)),
		VERDICT_FAIL);
}

static void
three_values_through_not_and_any_of(void **state)
{
	(void)state;
	assert_int_equal(
		pointed("/status", composed(EXPECT_NOT, JS("bad"), NULL)), VERDICT_OK);
	assert_int_equal(
		pointed("/status", composed(EXPECT_NOT, JS("ok"), NULL)), VERDICT_FAIL);
	assert_int_equal(
		pointed("/gone", composed(EXPECT_NOT, JS("ok"), NULL)), VERDICT_UNKNOWN);
	assert_int_equal(
		pointed("/status", composed(EXPECT_ANY_OF, JS("x"), JS("ok"), NULL)),
		VERDICT_OK);
	assert_int_equal(
		pointed("/status", composed(EXPECT_ANY_OF, JS("> 1"), JS("x"), NULL)),
		VERDICT_UNKNOWN);
	assert_int_equal(
		pointed("/status", composed(EXPECT_ANY_OF, NULL)), VERDICT_UNKNOWN);
	assert_int_equal(pointed("/gone", texted(EXPECT_ABSENT, "true")), VERDICT_OK);
	assert_int_equal(pointed("/gone", texted(EXPECT_ABSENT, "false")), VERDICT_FAIL);
	assert_int_equal(pointed("/none", texted(EXPECT_ABSENT, "true")), VERDICT_FAIL);
	assert_int_equal(
		pointed("/count", expect_test_new(EXPECT_RISING)), VERDICT_UNKNOWN);
	assert_int_equal(
		pointed("/count", expect_test_new(EXPECT_FALLING)), VERDICT_UNKNOWN);
}

static void
nothing_measured_is_never_absent_for_certain(void **state)
{
	struct facts none = {0}, cut = {0}, header = {0}, empty = {0};

	(void)state;
	assert_int_equal(judged(EXPECT_JSON, at("/x", texted(EXPECT_ABSENT, "true")),
				 &none, NULL, 0),
		VERDICT_UNKNOWN);
	facts_add_answer(&cut, EXPECT_BODY, doc, 20, FACTS_CUT);
	assert_int_equal(judged(EXPECT_JSON, at("/x", texted(EXPECT_ABSENT, "true")),
				 &cut, NULL, 0),
		VERDICT_UNKNOWN);
	assert_int_equal(judged(EXPECT_HEADER, at("x", texted(EXPECT_ABSENT, "true")),
				 &none, NULL, 0),
		VERDICT_UNKNOWN);
	facts_add_text(&header, EXPECT_HEADER, "Server", "nginx", 5);
	assert_int_equal(judged(EXPECT_HEADER, at("x", texted(EXPECT_ABSENT, "true")),
				 &header, NULL, 0),
		VERDICT_OK);
	facts_add_text(&empty, EXPECT_STDERR, NULL, "", 0);
	assert_int_equal(
		judged(EXPECT_STDERR, texted(EXPECT_ABSENT, "true"), &empty, NULL, 0),
		VERDICT_OK);
}

static void
a_part_may_prove_a_fault_but_never_health(void **state)
{
	static const char log[] = "line\nERROR x\n";
	struct facts f = {0};

	(void)state;
	facts_add_answer(&f, EXPECT_OUTPUT, log, strlen(log), FACTS_CUT);
	assert_int_equal(
		judged(EXPECT_OUTPUT, texted(EXPECT_CONTAINS, "ERROR"), &f, NULL, 0),
		VERDICT_UNKNOWN);
	facts_add_answer(&f, EXPECT_OUTPUT, log, strlen(log), FACTS_CUT);
	assert_int_equal(
		judged(EXPECT_OUTPUT,
			composed(EXPECT_NOT, texted(EXPECT_CONTAINS, "ERROR"), NULL), &f,
			NULL, 0),
		VERDICT_FAIL);
	facts_add_answer(&f, EXPECT_OUTPUT, log, strlen(log), FACTS_CUT);
	assert_int_equal(
		judged(EXPECT_OUTPUT,
			composed(EXPECT_NOT, texted(EXPECT_CONTAINS, "FATAL"), NULL), &f,
			NULL, 0),
		VERDICT_UNKNOWN);
	facts_add_answer(&f, EXPECT_OUTPUT, log, strlen(log), FACTS_CUT);
	assert_int_equal(
		judged(EXPECT_OUTPUT, texted(EXPECT_MATCHES, "^line"), &f, NULL, 0),
		VERDICT_UNKNOWN);
}

static void
maps_hold_texts_that_may_be_numbers(void **state)
{
	struct facts f = {0};
	char line[200];

	(void)state;
	facts_add_text(&f, EXPECT_HEADER, "Content-Type", "text/html", 9);
	assert_int_equal(judged(EXPECT_HEADER,
				 at("content-type", texted(EXPECT_MATCHES, "^text/")), &f,
				 line, sizeof line),
		VERDICT_OK);
	assert_string_equal(line, "header content-type text/html (matches ^text/)");
	facts_add_text(&f, EXPECT_FIELD, "aof_enabled", "1", 1);
	assert_int_equal(
		judged(EXPECT_FIELD, at("aof_enabled", scalar(EXPECT_FIELD, "1")), &f,
			NULL, 0),
		VERDICT_OK);
	facts_add_text(&f, EXPECT_ROW, "n", "12", 2);
	assert_int_equal(
		judged(EXPECT_ROW, at("n", scalar(EXPECT_ROW, "> 10")), &f, NULL, 0),
		VERDICT_OK);
	facts_add_text(&f, EXPECT_ROW, "n", "many", 4);
	assert_int_equal(
		judged(EXPECT_ROW, at("n", scalar(EXPECT_ROW, "> 10")), &f, NULL, 0),
		VERDICT_UNKNOWN);
}

/* ---- the whole ------------------------------------------------------------------------- */

static void
fail_beats_unknown_and_unknown_beats_ok(void **state)
{
	struct expect *x = expect_new();
	struct facts f = {0};
	struct judgement j;
	struct str line = STR_INIT;

	(void)state;
	vec_push(&x->rules,
		(struct expect_rule){EXPECT_STATUS, scalar(EXPECT_STATUS, "200")});
	vec_push(&x->rules,
		(struct expect_rule){EXPECT_TIME, scalar(EXPECT_TIME, "< 200ms")});
	facts_add_number(&f, EXPECT_STATUS, 200);
	expect_judge(x, &f, &j);
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
	assert_int_equal(j.rows.len, 2);
	assert_string_equal(j.rows.at[1].want, "< 200ms");
	assert_string_equal(j.rows.at[1].got, "-");
	judgement_release(&j);
	facts_add_number(&f, EXPECT_TIME, 43);
	expect_judge(x, &f, &j);
	assert_int_equal(j.verdict, VERDICT_OK);
	judgement_line(&j, &line);
	assert_string_equal(line.buf, "status 200, time 43 ms < 200ms");
	judgement_release(&j);
	facts_release(&f);
	facts_add_number(&f, EXPECT_STATUS, 503);
	expect_judge(x, &f, &j);
	assert_int_equal(j.verdict, VERDICT_FAIL);
	str_reset(&line);
	judgement_line(&j, &line);
	assert_string_equal(
		line.buf, "status 503, want 200; time -, want < 200ms: unknown");
	judgement_release(&j);
	str_reset(&line);
	expect_text(x, &line);
	assert_string_equal(line.buf, "status 200 · time < 200ms");
	str_release(&line);
	facts_release(&f);
	expect_free(x);
}

static void
nothing_expected_proves_nothing(void **state)
{
	struct expect *empty = expect_new();
	struct facts f = {0};
	struct judgement j;

	(void)state;
	facts_add_number(&f, EXPECT_EXIT, 0);
	expect_judge(NULL, &f, &j);
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
	judgement_release(&j);
	expect_judge(empty, &f, &j);
	assert_int_equal(j.verdict, VERDICT_UNKNOWN);
	judgement_release(&j);
	assert_false(expect_can_fail(NULL));
	assert_false(expect_can_fail(empty));
	expect_free(empty);
	facts_release(&f);
}

static void
what_was_got_is_harmless_and_short(void **state)
{
	struct facts f = {0};
	char big[1000], line[600];

	(void)state;
	memset(big, 'x', sizeof big);
	memcpy(big, "\033[2J", 4);
	facts_add_answer(&f, EXPECT_OUTPUT, big, sizeof big, FACTS_WHOLE);
	judged(EXPECT_OUTPUT, scalar(EXPECT_OUTPUT, "y"), &f, line, sizeof line);
	assert_null(strchr(line, '\033'));
	assert_true(strlen(line) < 230);
	assert_non_null(strstr(line, "xxx..., want y"));
}

static void
knows_expectations_that_cannot_fail(void **state)
{
	static const struct {
		enum expect_field field;
		enum expect_test_kind kind;
		const char *text;
		bool can;
	} tests[] = {
		{EXPECT_OUTPUT, EXPECT_MATCHES, ".*", false},
		{EXPECT_OUTPUT, EXPECT_MATCHES, "", false},
		{EXPECT_OUTPUT, EXPECT_MATCHES, "^ok", true},
		{EXPECT_OUTPUT, EXPECT_CONTAINS, "", false},
		{EXPECT_OUTPUT, EXPECT_CONTAINS, "x", true},
		{EXPECT_EXIT, EXPECT_NUMBER, ">= 0", false},
		{EXPECT_EXIT, EXPECT_NUMBER, "0..255", false},
		{EXPECT_EXIT, EXPECT_NUMBER, "0..254", true},
		{EXPECT_EXIT, EXPECT_NUMBER, "0", true},
		{EXPECT_TIME, EXPECT_NUMBER, "> -1", false},
		{EXPECT_VALUE, EXPECT_NUMBER, ">= 0", true},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(tests); i++) {
		struct expect *x = expect_new();
		bool number = tests[i].kind == EXPECT_NUMBER;

		vec_push(&x->rules,
			(struct expect_rule){tests[i].field,
				number ? scalar(tests[i].field, tests[i].text)
				       : texted(tests[i].kind, tests[i].text)});
		if (expect_can_fail(x) != tests[i].can)
			fail_msg("row %zu: `%s`", i, tests[i].text);
		expect_free(x);
	}
}

static void
units_and_members_must_suit_the_field(void **state)
{
	static const struct {
		enum expect_field field;
		const char *text;
		bool fits;
	} tests[] = {
		{EXPECT_TIME, "< 5 MiB", false}, {EXPECT_TIME, "< 5s", true},
		{EXPECT_USED, "< 5s", false}, {EXPECT_USED, "< 90%", true},
		{EXPECT_STATUS, "< 5%", false}, {EXPECT_SIZE, "1..2 MiB", true},
		{EXPECT_PRESENT, "true", false}, /* it is yes or no */
	};
	struct err e = ERR_INIT;
	struct expect_test *t;

	(void)state;
	for (size_t i = 0; i < COUNT(tests); i++) {
		t = scalar(tests[i].field, tests[i].text);
		if (expect_fits(tests[i].field, t, &e) != tests[i].fits)
			fail_msg("row %zu: `%s`", i, tests[i].text);
		expect_test_free(t);
	}
	t = at("x", JS("ok"));
	assert_false(expect_fits(EXPECT_JSON, t, &e)); /* no pointer */
	assert_true(expect_fits(EXPECT_HEADER, t, &e));
	assert_false(expect_fits(EXPECT_OUTPUT, t, &e));
	expect_test_free(t);
}

static void
every_field_is_found_by_its_name(void **state)
{
	enum expect_field f;

	(void)state;
	for (int i = 0; i < EXPECT_FIELD_COUNT; i++) {
		assert_true(expect_field_find(
			expect_field_info((enum expect_field)i)->name, &f));
		assert_int_equal(f, i);
	}
	assert_false(expect_field_find("nope", &f));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_every_row_of_the_grammar),
		cmocka_unit_test(refuses_scalars_that_are_slips),
		cmocka_unit_test(reads_json_by_pointers),
		cmocka_unit_test(walks_arrays_with_any_and_all),
		cmocka_unit_test(three_values_through_not_and_any_of),
		cmocka_unit_test(nothing_measured_is_never_absent_for_certain),
		cmocka_unit_test(a_part_may_prove_a_fault_but_never_health),
		cmocka_unit_test(maps_hold_texts_that_may_be_numbers),
		cmocka_unit_test(fail_beats_unknown_and_unknown_beats_ok),
		cmocka_unit_test(nothing_expected_proves_nothing),
		cmocka_unit_test(what_was_got_is_harmless_and_short),
		cmocka_unit_test(knows_expectations_that_cannot_fail),
		cmocka_unit_test(units_and_members_must_suit_the_field),
		cmocka_unit_test(every_field_is_found_by_its_name),
	};

	return cmocka_run_group_tests_name("expect", tests, NULL, NULL);
}
