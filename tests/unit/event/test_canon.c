#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "event/canon.h"

static bool
accepts(const char *text)
{
	struct canon c = {.at = text, .end = text + strlen(text)};

	return canon_object(&c) && c.at == c.end;
}

static void
takes_what_the_writer_writes(void **state)
{
	static const char *const good[] = {
		"{}",
		"{\"a\":1}",
		"{\"a\":-1,\"b\":0,\"sha256\":\"x\"}",
		"{\"a\":9007199254740991,\"b\":-9007199254740991}",
		"{\"a\":[],\"b\":[1,\"x\",null,true,false,{}]}",
		"{\"a\":{\"call/pass word\":1,\"\":2}}",
		"{\"a\":\"\\\" \\\\ \\b\\f\\n\\r\\t \\u0000 \\u001b \\u007f / \xc3\xa9\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!accepts(good[i]))
			fail_msg("refused: %s", good[i]);
}

static void
refuses_every_other_spelling(void **state)
{
	static const char *const bad[] = {
		"",
		"{",
		"[]",
		"1",
		"null",
		"{ }",
		"{}x",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{\"a\": 1}",
		"{\"a\":01}",
		"{\"a\":-0}",
		"{\"a\":+1}",
		"{\"a\":1.0}",
		"{\"a\":1e3}",
		"{\"a\":9007199254740992}",
		"{\"a\":99999999999999999999999}",
		"{\"a\":-}",
		"{\"a\":tru}",
		"{\"a\":True}",
		"{\"a\":nul}",
		"{\"A\":1}",
		"{\"\":1}",
		"{\"a b\":1}",
		"{\"a\":1,\"a\":2}",
		"{\"a\":{\"b\":1,\"b\":1}}",
		"{\"a\":[1,]}",
		"{\"a\":[,1]}",
		"{\"a\":[1 ,2]}",
		"{\"a\":\"\\/\"}",
		"{\"a\":\"\\u0041\"}",
		"{\"a\":\"\\u000a\"}",
		"{\"a\":\"\\u001B\"}",
		"{\"a\":\"\\u007F\"}",
		"{\"a\":\"\\u00e9\"}",
		"{\"a\":\"\\x\"}",
		"{\"a\":\"\\u00",
		"{\"a\":\"\\",
		"{\"a\":\"x",
		"{\"a\":\"\x01\"}",
		"{\"a\":\"\x7f\"}",
		"{\"a\":\"\n\"}",
		"{'a':1}",
		"{a:1}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (accepts(bad[i]))
			fail_msg("accepted: %s", bad[i]);
}

static void
depth_has_a_limit(void **state)
{
	struct str s = STR_INIT;

	(void)state;
	str_adds(&s, "{\"a\":");
	for (int i = 0; i < CANON_DEPTH - 1; i++)
		str_addc(&s, '[');
	for (int i = 0; i < CANON_DEPTH - 1; i++)
		str_addc(&s, ']');
	str_addc(&s, '}');
	assert_true(accepts(s.buf));
	str_reset(&s);
	str_adds(&s, "{\"a\":");
	for (int i = 0; i < 30000; i++)
		str_addc(&s, '[');
	assert_false(accepts(s.buf));
	str_release(&s);
}

static void
says_where_it_is_wrong(void **state)
{
	const char *text = "{\"a\":1,\"a\":2}";
	struct canon c = {.at = text, .end = text + strlen(text)};

	(void)state;
	assert_false(canon_object(&c));
	assert_int_equal(c.at - text, 7);
	assert_string_equal(c.wrong, "a key that is there twice");
}

static void
unescape_gives_the_text_back(void **state)
{
	char *s = canon_unescape("a\\n\\u001b\\\\\\\"", strlen("a\\n\\u001b\\\\\\\""));

	(void)state;
	assert_string_equal(s, "a\n\x1b\\\"");
	mem_free(s);
	assert_null(canon_unescape("\\u0000", 6));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_what_the_writer_writes),
		cmocka_unit_test(refuses_every_other_spelling),
		cmocka_unit_test(depth_has_a_limit),
		cmocka_unit_test(says_where_it_is_wrong),
		cmocka_unit_test(unescape_gives_the_text_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
