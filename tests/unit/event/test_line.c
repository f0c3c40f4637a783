#include "event/line.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

#define HASH "8c1283c11a75c8093b7e5f299bfe045892c9292b72317992817ed78b110d9a05"
#define HEAD \
	"{\"v\":1,\"run\":\"01KAG3W5Z0B4T7M2Q8XK6N9RDE\",\"seq\":7,\"epoch\":2," \
	"\"t\":\"2026-11-20T13:00:31.411Z\",\"mono\":-3,"

static char *
line_of(const char *con, const char *who, const char *type, const char *step)
{
	return mem_printf(HEAD
		"\"con\":\"%s\",\"who\":\"%s\",\"type\":\"%s\",\"step\":%s,"
		"\"data\":{\"text\":\"x\"},\"prev\":\"" HASH "\"}",
		con, who, type, step);
}

static void
a_line_is_looked_at_in_place(void **state)
{
	char *text = line_of("a/1/b", "anna", "step.done", "\"load\"");
	struct err e = ERR_INIT;
	struct line l;

	(void)state;
	assert_true(line_scan(text, strlen(text), &l, &e));
	assert_memory_equal(l.run, "01KAG3W5Z0B4T7M2Q8XK6N9RDE", ULID_LEN);
	assert_true(l.run > text && l.prev < text + strlen(text));
	assert_int_equal(l.seq, 7);
	assert_int_equal(l.epoch, 2);
	assert_int_equal(l.mono, -3);
	assert_int_equal(l.t.ms % 1000, 411);
	assert_int_equal(l.step.len, 4);
	assert_false(l.more);
	assert_int_equal(l.data.len, strlen("{\"text\":\"x\"}"));
	assert_memory_equal(l.data.at, "{\"text\":\"x\"}", l.data.len);
	assert_memory_equal(l.prev, HASH, DIGEST_HEX);
	assert_true(line_is(&l, EVENT_STEP_DONE));
	assert_false(line_is(&l, EVENT_STEP_OUTPUT));
	mem_free(text);
}

static void
its_event_has_the_texts_without_escapes(void **state)
{
	char *text = line_of("a\\n", "\\\"b\\\\u0000\\u007f", "step.dream", "null");
	struct err e = ERR_INIT;
	struct line l;
	struct event *ev;

	(void)state;
	assert_true(line_scan(text, strlen(text), &l, &e));
	assert_null(l.step.at);
	ev = line_event(&l);
	assert_string_equal(ev->con, "a\n");
	assert_string_equal(ev->who, "\"b\\u0000\x7f"); /* a backslash, then letters */
	assert_int_equal(ev->type, EVENT_UNKNOWN);
	assert_string_equal(ev->type_name, "step.dream");
	assert_null(ev->step);
	assert_string_equal(ev->data, "{\"text\":\"x\"}");
	assert_string_equal(ev->prev, HASH);
	event_free(ev);
	mem_free(text);
}

static void
a_nul_in_a_name_is_refused_wherever_it_stands(void **state)
{
	static const char *const nul[] = {
		"\\u0000", "a\\u0000", "\\\\\\u0000", "\\n\\u0000"};

	(void)state;
	for (size_t i = 0; i < sizeof nul / sizeof *nul; i++) {
		char *step = mem_printf("\"%s\"", nul[i]);
		char *lines[] = {line_of(nul[i], "b", "note", "null"),
			line_of("a", nul[i], "note", "null"),
			line_of("a", "b", "note", step)};
		for (size_t n = 0; n < 3; n++) {
			struct err e = ERR_INIT;
			struct line l;
			assert_false(line_scan(lines[n], strlen(lines[n]), &l, &e));
			assert_int_equal(e.kind, ERR_RECORD);
			assert_non_null(strstr(e.msg, "NUL"));
			mem_free(lines[n]);
		}
		mem_free(step);
	}
}

/* The bytes beyond ASCII are only looked for in strings: everything else is spelt out. */
static void
every_byte_that_is_no_text_is_seen_in_every_place(void **state)
{
	char *text = line_of("a/1/b", "anna", "step.done", "\"load the dump\"");
	size_t len = strlen(text);

	(void)state;
	for (size_t i = 0; i < len; i++) {
		static const unsigned char bad[] = {0x80, 0xc3, 0xff, 0x00, 0x1f, 0x7f};
		char was = text[i];
		for (size_t n = 0; n < sizeof bad; n++) {
			struct err e = ERR_INIT;
			struct line l;
			text[i] = (char)bad[n];
			if (line_scan(text, len, &l, &e))
				fail_msg("byte %zu as %02x", i, bad[n]);
			assert_int_equal(e.kind, ERR_RECORD);
		}
		text[i] = was;
	}
	mem_free(text);
}

/* Strings of all lengths around the words the scan reads, with the bad byte at any place. */
static void
special_bytes_are_found_at_any_offset(void **state)
{
	(void)state;
	for (size_t len = 1; len < 40; len++)
		for (size_t at = 0; at < len; at++) {
			char fill[41];
			struct err e = ERR_INIT;
			struct line l;
			char *text;

			memset(fill, 'a', len);
			fill[len] = '\0';
			text = line_of("a", fill, "note", "null");
			assert_true(line_scan(text, strlen(text), &l, &e));
			assert_int_equal(l.who.len, len);
			mem_free(text);
			fill[at] = '\x01';
			text = line_of("a", fill, "note", "null");
			assert_false(line_scan(text, strlen(text), &l, &e));
			mem_free(text);
			fill[at] = '\xe9'; /* half a letter */
			text = line_of("a", fill, "note", "null");
			assert_false(line_scan(text, strlen(text), &l, &e));
			assert_non_null(strstr(e.msg, "UTF-8"));
			mem_free(text);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_looked_at_in_place),
		cmocka_unit_test(its_event_has_the_texts_without_escapes),
		cmocka_unit_test(a_nul_in_a_name_is_refused_wherever_it_stands),
		cmocka_unit_test(every_byte_that_is_no_text_is_seen_in_every_place),
		cmocka_unit_test(special_bytes_are_found_at_any_offset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
