#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/mem.h"
#include "event/event.h"

/* tests/unit/event/data/journal.jsonl: a whole record, byte for byte. */
static struct str record = STR_INIT;

static int
read_record(void **state)
{
	struct err e = ERR_INIT;
	char *path = mem_printf(
		"%s/tests/unit/event/data/journal.jsonl", getenv("SRCDIR"));
	bool ok = file_read(path, 1 << 20, &record, &e);

	(void)state;
	mem_free(path);
	return ok ? 0 : -1;
}

static int
drop_record(void **state)
{
	(void)state;
	str_release(&record);
	return 0;
}

/* Calls back for each line without its newline. */
static void
each_line(void (*see)(const char *line, size_t len))
{
	const char *end = record.buf + record.len;

	for (const char *p = record.buf; p < end;) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));

		assert_non_null(lf);
		see(p, (size_t)(lf - p));
		p = lf + 1;
	}
}

static void
round_trip(const char *line, size_t len)
{
	struct err e = ERR_INIT;
	struct str again = STR_INIT;
	struct event *ev = event_parse(line, len, &e);

	assert_string_equal(e.msg, "");
	assert_non_null(ev);
	assert_true(event_line(ev, &again, &e));
	assert_int_equal(again.len, len);
	assert_memory_equal(again.buf, line, len);
	event_free(ev);
	str_release(&again);
}

static void
every_line_of_the_record_is_read_and_written_byte_for_byte(void **state)
{
	(void)state;
	each_line(round_trip);
}

/* A flipped byte is refused, or it is another record whose own bytes are the flipped ones:
 * there is never a second spelling of a record. */
static void
flip(const char *line, size_t len)
{
	char *copy = mem_strndup(line, len);
	struct str again = STR_INIT;

	for (size_t at = 0; at < len; at++) {
		for (int bit = 0; bit < 8; bit++) {
			struct err e = ERR_INIT;
			struct event *ev;

			copy[at] ^= (char)(1 << bit);
			ev = event_parse(copy, len, &e);
			if (ev) {
				str_reset(&again);
				assert_true(event_line(ev, &again, &e));
				assert_int_equal(again.len, len);
				assert_memory_equal(again.buf, copy, len);
				assert_memory_not_equal(again.buf, line, len);
				event_free(ev);
			} else {
				assert_int_equal(e.kind, ERR_RECORD);
			}
			copy[at] ^= (char)(1 << bit);
		}
	}
	mem_free(copy);
	str_release(&again);
}

static void
no_flipped_byte_gives_the_same_record(void **state)
{
	(void)state;
	each_line(flip);
}

static void
cut(const char *line, size_t len)
{
	for (size_t n = 0; n < len; n++) {
		struct err e = ERR_INIT;
		char *copy = mem_strndup(line, n); /* so that a read beyond it is seen */

		assert_null(event_parse(copy, n, &e));
		assert_int_equal(e.kind, ERR_RECORD);
		mem_free(copy);
	}
}

static void
a_cut_record_is_refused_at_every_byte(void **state)
{
	(void)state;
	each_line(cut);
}

static struct event *
sample(void)
{
	struct event *ev = event_new(EVENT_NOTE, NULL, "{\"text\":\"x\"}");

	memcpy(ev->run, "01KAG3W5Z0B4T7M2Q8XK6N9RDE", sizeof ev->run);
	memset(ev->prev, '0', DIGEST_HEX);
	ev->con = mem_strdup("c");
	ev->who = mem_strdup("\x1b[31m\"anna\"");
	return ev;
}

static void
refused_after(const char *from, const char *to, const char *says)
{
	struct err e = ERR_INIT;
	struct str s = STR_INIT, t = STR_INIT;
	struct event *ev = sample();
	char *at;

	assert_true(event_line(ev, &s, &e));
	at = strstr(s.buf, from);
	assert_non_null(at);
	str_add(&t, s.buf, (size_t)(at - s.buf));
	str_adds(&t, to);
	str_adds(&t, at + strlen(from));
	assert_null(event_parse(t.buf, t.len, &e));
	if (!strstr(e.msg, says))
		fail_msg("%s instead of %s", e.msg, says);
	event_free(ev);
	str_release(&s);
	str_release(&t);
}

static void
another_spelling_of_the_envelope_is_refused(void **state)
{
	(void)state;
	refused_after("\"v\":1", "\"v\":2", "another version");
	refused_after("\"seq\":0", "\"seq\":-1", "negative");
	refused_after("\"seq\":0", "\"seq\":00", "another spelling");
	refused_after("\"seq\":0", "\"seq\":0.0", "order or the spelling");
	refused_after("\"seq\":0,", "", "order or the spelling");
	refused_after("\"t\":\"1970-01-01T00:00:00.000Z\"",
		"\"t\":\"1970-02-30T00:00:00.000Z\"", "not a time");
	refused_after("\"t\":\"1970-01-01T00:00:00.000Z\"",
		"\"t\":\"1970-01-01T00:00:00Z\"", "wrong length");
	refused_after("\"con\":\"c\"", "\"con\":\"\\u0000\"", "NUL");
	refused_after("\"con\":\"c\"", "\"con\":\"\\u0063\"", "escape");
	refused_after("\"con\":\"c\"", "\"con\":null", "order or the spelling");
	refused_after("\"type\":\"note\"", "\"type\":\"Note\"", "name of a type");
	refused_after(
		"\"step\":null", "\"step\":null,\"more\":false", "order or the spelling");
	refused_after("{\"text\":\"x\"}", "[]", "order or the spelling");
	refused_after("{\"text\":\"x\"}", "{\"text\":\"x\",\"text\":\"x\"}", "twice");
	refused_after("{\"text\":\"x\"}", "{\"text\":\"\xff\"}", "UTF-8");
	refused_after("0\"}", "0\"} ", "after the record");
	refused_after("\"prev\":\"0", "\"prev\":\"A", "lower-case hex");
}

static void
a_type_of_a_later_version_is_kept_and_shown_raw(void **state)
{
	struct err e = ERR_INIT;
	struct str s = STR_INIT, again = STR_INIT;
	struct event *ev = sample(), *read;

	(void)state;
	ev->type = EVENT_UNKNOWN;
	mem_free(ev->type_name);
	ev->type_name = mem_strdup("moon.phase");
	assert_true(event_line(ev, &s, &e));
	read = event_parse(s.buf, s.len, &e);
	assert_non_null(read);
	assert_int_equal(read->type, EVENT_UNKNOWN);
	assert_string_equal(read->type_name, "moon.phase");
	assert_true(event_line(read, &again, &e));
	assert_string_equal(again.buf, s.buf);
	event_free(read);
	event_free(ev);
	str_release(&s);
	str_release(&again);
}

static void
a_record_has_a_longest_length(void **state)
{
	struct err e = ERR_INIT;
	struct str data = STR_INIT, s = STR_INIT;
	struct event *ev = sample();

	(void)state;
	str_adds(&data, "{\"text\":\"");
	while (data.len < EVENT_LINE_MAX)
		str_addc(&data, 'x');
	str_adds(&data, "\"}");
	mem_free(ev->data);
	ev->data = str_take(&data);
	assert_false(event_line(ev, &s, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_int_equal(s.len, 0);
	/* the longest that fits, newline included, is read again */
	ev->data[EVENT_LINE_MAX - 400] = '\0';
	ev->data[EVENT_LINE_MAX - 401] = '}';
	ev->data[EVENT_LINE_MAX - 402] = '"';
	assert_true(event_line(ev, &s, &e));
	round_trip(s.buf, s.len);
	event_free(ev);
	str_release(&s);
}

static void
data_that_is_not_canonical_is_never_written(void **state)
{
	struct err e = ERR_INIT;
	struct str s = STR_INIT;
	struct event *ev = sample();

	(void)state;
	mem_free(ev->data);
	ev->data = mem_strdup("{\"text\": 1}");
	assert_false(event_line(ev, &s, &e));
	assert_int_equal(e.kind, ERR_RECORD);
	assert_int_equal(s.len, 0);
	event_free(ev);
	str_release(&s);
}

static void
every_type_is_found_by_its_name(void **state)
{
	(void)state;
	for (int i = 0; i < EVENT_UNKNOWN; i++) {
		assert_int_equal(event_find(event_name((enum event_type)i)), i);
		assert_true(event_help((enum event_type)i)[0]);
	}
	assert_int_equal(event_find("step.nothing"), EVENT_UNKNOWN);
	assert_true(event_acting(EVENT_STEP_INTENT));
	assert_false(event_acting(EVENT_STEP_OUTPUT));
	assert_non_null(strstr(event_keys(EVENT_STEP_INTENT), "sha256"));
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			every_line_of_the_record_is_read_and_written_byte_for_byte),
		cmocka_unit_test(no_flipped_byte_gives_the_same_record),
		cmocka_unit_test(a_cut_record_is_refused_at_every_byte),
		cmocka_unit_test(another_spelling_of_the_envelope_is_refused),
		cmocka_unit_test(a_type_of_a_later_version_is_kept_and_shown_raw),
		cmocka_unit_test(a_record_has_a_longest_length),
		cmocka_unit_test(data_that_is_not_canonical_is_never_written),
		cmocka_unit_test(every_type_is_found_by_its_name),
	};

	return cmocka_run_group_tests(tests, read_record, drop_record);
}
