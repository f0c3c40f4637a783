#include "share/letter.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/talk.h"
#include "share/hexed.h"

static void
what_is_written_is_read(void **state)
{
	char step[] = "sign", role[] = "Lead", stmt[] = "handrail sign-off v1\nrun: x\n",
	     sig[] = "-----BEGIN\n\"quoted\"\n", key[] = "SHA256:abc",
	     text[] = "no member of a signature";
	struct letter in = {.kind = LETTER_SIGN,
		.step = step,
		.role = role,
		.stmt = stmt,
		.sig = sig,
		.key = key,
		.text = text};
	struct letter out;
	struct err e = ERR_INIT;
	char *body = letter_write(&in);

	(void)state;
	assert_null(strstr(body, "no member"));
	assert_true(letter_read("sign", body, strlen(body), &out, &e));
	assert_int_equal(out.kind, LETTER_SIGN);
	assert_string_equal(out.step, in.step);
	assert_string_equal(out.role, in.role);
	assert_string_equal(out.stmt, in.stmt);
	assert_string_equal(out.sig, in.sig);
	assert_string_equal(out.key, in.key);
	assert_null(out.text);
	letter_release(&out);
	mem_free(body);
}

static void
anything_else_is_refused_in_words(void **state)
{
	static const struct {
		const char *kind, *body, *why;
	} cases[] = {
		{"note", "{\"text\":\"x\"}", NULL},
		{"note", "{\"step\":\"a\",\"text\":\"x\"}", NULL},
		{"hold", "{}", NULL},
		{"go", "{}", NULL},
		{"accept", "{}", NULL},
		{"decline", "{\"step\":\"a\",\"role\":\"b\",\"text\":\"c\"}", NULL},
		{"note", "{}", "has no text"},
		{"note", "{\"text\":1}", "is no text"},
		{"note", "{\"text\":null}", "is no text"},
		{"note", "{\"text\":\"a\\u0000b\"}", "is no text"},
		{"note", "{\"text\":\"x\",\"who\":\"anna\"}", "more in it"},
		{"note", "{\"text\":\"x\",\"text\":\"y\"}", "no JSON"},
		{"note", "[\"x\"]", "no object"},
		{"note", "", "no JSON"},
		{"note", "{\"text\":\"\xff\"}", "no JSON"},
		{"go", "{\"text\":\"x\"}", "more in it"},
		{"sign", "{\"step\":\"a\",\"role\":\"b\",\"stmt\":\"c\",\"sig\":\"d\"}",
			"has no key"},
		{"drop", "{}", "does not know"},
		{"NOTE", "{\"text\":\"x\"}", "does not know"},
		{"", "{}", "does not know"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct letter l;
		struct err e = ERR_INIT;
		bool ok = letter_read(
			cases[i].kind, cases[i].body, strlen(cases[i].body), &l, &e);

		if (ok != !cases[i].why || (!ok && !strstr(e.msg, cases[i].why)))
			fail_msg("%s %s: %s", cases[i].kind, cases[i].body,
				ok ? "read" : e.msg);
		letter_release(&l);
	}
}

static void
what_is_too_long_is_refused(void **state)
{
	struct str text = STR_INIT;
	struct letter l;
	struct err e = ERR_INIT;
	char *body;

	(void)state;
	for (int i = 0; i < TALK_WORDS_MAX; i++)
		str_addc(&text, 'x');
	body = letter_write(&(struct letter){.kind = LETTER_NOTE, .text = text.buf});
	assert_true(letter_read("note", body, strlen(body), &l, &e));
	letter_release(&l);
	mem_free(body);
	str_addc(&text, 'x');
	body = letter_write(&(struct letter){.kind = LETTER_NOTE, .text = text.buf});
	assert_false(letter_read("note", body, strlen(body), &l, &e));
	assert_non_null(strstr(e.msg, "more than 4096 bytes"));
	letter_release(&l);
	mem_free(body);
	str_release(&text);
}

static void
nobody_is_somebody_else(void **state)
{
	static const struct {
		const char *login, *own, *claimed, *is;
	} cases[] = {
		{"ben", "anna", "ben@example.com", "ben@example.com"},
		{"ben", "anna", "ben", "ben"},
		{"ben", "anna", "anna@example.com", "ben@store"},
		{"ben", "anna", "benjamin@example.com", "ben@store"},
		{"ben", "anna", "Ben@example.com", "ben@store"},
		{"ben", "anna", "", "ben@store"},
		{"ben", "anna", NULL, "ben@store"},
		/* they share a login, as they may an account */
		{"team", "team", "ben@example.com", "ben@example.com"},
		{"team", "team", "ben\x1b[2J", "ben^[[2J"},
		{"b\x1b", "anna", "x", "b^[@store"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *is = letter_sender(cases[i].login, cases[i].own, cases[i].claimed);

		assert_string_equal(is, cases[i].is);
		mem_free(is);
	}
}

static void
hex_is_bytes_or_nothing(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	assert_true(hexed_add(&out, "00ff41"));
	assert_int_equal(out.len, 3);
	assert_memory_equal(out.buf,
		"\0\xff"
		"A",
		3);
	assert_true(hexed_add(&out, ""));
	assert_false(hexed_add(&out, NULL));
	assert_false(hexed_add(&out, "4"));
	assert_false(hexed_add(&out, "4g"));
	assert_false(hexed_add(&out, "4A"));
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read),
		cmocka_unit_test(anything_else_is_refused_in_words),
		cmocka_unit_test(what_is_too_long_is_refused),
		cmocka_unit_test(nobody_is_somebody_else),
		cmocka_unit_test(hex_is_bytes_or_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
