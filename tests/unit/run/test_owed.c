#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "run/owed.h"

#define RUN_A "01K9A0000000000000000000AA"
#define RUN_B "01K9B0000000000000000000BB"
#define RUN_C "01K9C0000000000000000000CC"
#define RUN_D "01K9D0000000000000000000DD"

struct line {
	const char *run, *type, *data;
};

#define OPEN(parent) \
	"{\"runbook\":{\"path\":\"/r/deploy.yaml\"},\"environment\":\"production\"," \
	"\"parent\":" parent "}"
#define OWED(title, due, more) \
	"{\"title\":\"" title "\",\"due\":\"" due "\",\"duty\":\"after/1\"" more "}"
#define EVERY ",\"first\":\"2026-11-02T09:00:00.000Z\",\"every\":\"1w\""

/* Records in the order given; the number of an event is its place in its record. */
static void
read_all(struct owed_book *b, const struct line *lines, size_t count, bool backwards)
{
	const char *ids[] = {RUN_A, RUN_B, RUN_C, RUN_D};

	for (size_t k = 0; k < 4; k++) {
		const char *id = ids[backwards ? 3 - k : k];
		int64_t seq = 0;

		for (size_t i = 0; i < count; i++) {
			struct event *ev;

			if (strcmp(lines[i].run, id) != 0)
				continue;
			ev = event_new(event_find(lines[i].type), NULL, lines[i].data);
			memcpy(ev->run, id, ULID_LEN + 1);
			ev->seq = seq++;
			owed_apply(b, ev);
			event_free(ev);
		}
	}
	owed_settle(b);
}

static void
ends_meet_their_beginnings_in_any_order(void **state)
{
	static const struct line lines[] = {
		{RUN_A, "run.open", OPEN("null")},
		{RUN_A, "obligation.open",
			OWED("Watch it", "2026-11-03T09:00:00.000Z",
				",\"check\":[\"api\",\"db\"]")},
		{RUN_A, "obligation.open",
			OWED("Read", "2026-11-02T09:00:00.000Z", EVERY)},
		{RUN_A, "run.close", "{\"result\":\"ok\"}"},
		{RUN_B, "run.open",
			OPEN("{\"run\":\"" RUN_A "\",\"seq\":2,\"duty\":\"after/1\","
			     "\"root\":\"" RUN_A "\"}")},
		{RUN_B, "obligation.close",
			"{\"of\":2,\"run\":\"" RUN_A "\",\"as\":\"done\"}"},
		{RUN_B, "obligation.open",
			OWED("Read", "2026-11-09T09:00:00.000Z", EVERY)},
		{RUN_B, "run.close", "{\"result\":\"ok\"}"},
		{RUN_C, "run.open",
			OPEN("{\"run\":\"" RUN_A "\",\"seq\":1,\"duty\":\"after/1\","
			     "\"root\":\"" RUN_A "\"}")},
		{RUN_C, "probe.result", "{\"probe\":\"api\",\"verdict\":\"fail\"}"},
	};

	(void)state;
	for (int backwards = 0; backwards < 2; backwards++) {
		struct owed_book b = {0};
		const struct owed *o;

		read_all(&b, lines, sizeof lines / sizeof *lines, backwards);
		assert_int_equal(b.owed.list.len, 3);
		o = &b.owed.list.at[0];
		assert_int_equal(o->state, OWED_CLOSED);
		assert_string_equal(o->as, "done");
		o = &b.owed.list.at[1];
		assert_string_equal(o->title, "Watch it");
		assert_int_equal(o->state, OWED_OPEN);
		assert_int_equal(o->checks.list.len, 2);
		assert_string_equal(o->closer, RUN_C);
		assert_true(o->tried);
		o = &b.owed.list.at[2];
		assert_int_equal(o->state, OWED_OPEN);
		assert_string_equal(o->root, RUN_A);
		assert_string_equal(o->run, RUN_B);
		assert_int_equal(owed_count_due(&b, (struct wall){0}), 0);
		assert_int_equal(owed_count_due(&b, o->due), 2);
		owed_release(&b);
	}
}

static void
a_newer_run_takes_over_what_comes_again(void **state)
{
	static const struct line lines[] = {
		{RUN_A, "run.open", OPEN("null")},
		{RUN_A, "obligation.open",
			OWED("Read", "2026-11-02T09:00:00.000Z", EVERY)},
		{RUN_A, "obligation.open", OWED("Once", "2026-11-02T09:00:00.000Z", "")},
		{RUN_B, "run.open", OPEN("null")},
		{RUN_B, "obligation.open",
			OWED("Read", "2026-11-09T09:00:00.000Z", EVERY)},
		{RUN_B, "obligation.open", OWED("Once", "2026-11-09T09:00:00.000Z", "")},
		/* the next of the first chain, closed after the second had begun */
		{RUN_C, "run.open",
			OPEN("{\"run\":\"" RUN_A "\",\"seq\":1,\"duty\":\"after/1\","
			     "\"root\":\"" RUN_A "\"}")},
		{RUN_C, "obligation.close",
			"{\"of\":1,\"run\":\"" RUN_A "\",\"as\":\"done\"}"},
		{RUN_C, "obligation.open",
			OWED("Read", "2026-11-16T09:00:00.000Z", EVERY)},
		/* another environment owes for itself */
		{RUN_D, "run.open",
			"{\"runbook\":{\"path\":\"/r/deploy.yaml\"},"
			"\"environment\":\"test\",\"parent\":null}"},
		{RUN_D, "obligation.open",
			OWED("Read", "2026-11-23T09:00:00.000Z", EVERY)},
	};
	static const struct {
		const char *run;
		int64_t seq;
		enum owed_state state;
	} want[] = {
		{RUN_A, 1, OWED_CLOSED},
		{RUN_A, 2, OWED_OPEN},
		{RUN_B, 1, OWED_OPEN},
		{RUN_B, 2, OWED_OPEN},
		{RUN_C, 2, OWED_REPLACED},
		{RUN_D, 1, OWED_OPEN},
	};

	(void)state;
	for (int backwards = 0; backwards < 2; backwards++) {
		struct owed_book b = {0};

		read_all(&b, lines, sizeof lines / sizeof *lines, backwards);
		for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
			const struct owed *o = &b.owed.list.at[i];

			assert_string_equal(o->run, want[i].run);
			assert_int_equal(o->seq, want[i].seq);
			assert_int_equal(o->state, want[i].state);
		}
		owed_release(&b);
	}
}

/* Only what is owed, or was done, stands for an older one. */
static void
a_released_one_takes_over_nothing(void **state)
{
	static const struct {
		const char *as;
		enum owed_state old;
	} rows[] = {{"released", OWED_OPEN}, {"done", OWED_REPLACED}};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *end = mem_printf(
			"{\"of\":1,\"run\":\"" RUN_B "\",\"as\":\"%s\"}", rows[i].as);
		const struct line lines[] = {
			{RUN_A, "run.open", OPEN("null")},
			{RUN_A, "obligation.open",
				OWED("Read", "2026-11-02T09:00:00.000Z", EVERY)},
			{RUN_B, "run.open", OPEN("null")},
			{RUN_B, "obligation.open",
				OWED("Read", "2026-11-09T09:00:00.000Z", EVERY)},
			{RUN_C, "run.open",
				OPEN("{\"run\":\"" RUN_B
				     "\",\"seq\":1,\"duty\":\"after/1\","
				     "\"root\":\"" RUN_B "\"}")},
			{RUN_C, "obligation.close", end},
		};

		for (int backwards = 0; backwards < 2; backwards++) {
			struct owed_book b = {0};

			read_all(&b, lines, sizeof lines / sizeof *lines, backwards);
			assert_int_equal(b.owed.list.at[0].state, rows[i].old);
			assert_int_equal(b.owed.list.at[1].state, OWED_CLOSED);
			owed_release(&b);
		}
		mem_free(end);
	}
}

/* The same relative path in two projects is two runbooks, unless they are one text. */
static void
a_path_alone_is_no_runbook(void **state)
{
	static const struct {
		const char *first, *second;
		enum owed_state state;
	} rows[] = {
		{"{\"runbook\":{\"path\":\"r/w.yaml\",\"sha256\":\"aa\"},\"parent\":null}",
			"{\"runbook\":{\"path\":\"r/w.yaml\",\"sha256\":\"bb\"},\"parent\":null}",
			OWED_OPEN},
		{"{\"runbook\":{\"path\":\"r/w.yaml\",\"sha256\":\"aa\"},\"parent\":null}",
			"{\"runbook\":{\"path\":\"r/w.yaml\",\"sha256\":\"aa\"},\"parent\":null}",
			OWED_REPLACED},
		{"{\"runbook\":{\"path\":\"r/w.yaml\"},\"config\":{\"path\":\"/p/h.yaml\"}}",
			"{\"runbook\":{\"path\":\"r/w.yaml\"},\"config\":{\"path\":\"/p/h.yaml\"}}",
			OWED_REPLACED},
		{"{\"runbook\":{\"path\":\"r/w.yaml\"},\"config\":{\"path\":\"/p/h.yaml\"}}",
			"{\"runbook\":{\"path\":\"r/w.yaml\"},\"config\":{\"path\":\"/q/h.yaml\"}}",
			OWED_OPEN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct line lines[] = {
			{RUN_A, "run.open", rows[i].first},
			{RUN_A, "obligation.open",
				OWED("Read", "2026-11-02T09:00:00.000Z", EVERY)},
			{RUN_B, "run.open", rows[i].second},
			{RUN_B, "obligation.open",
				OWED("Read", "2026-11-09T09:00:00.000Z", EVERY)},
		};
		struct owed_book b = {0};

		read_all(&b, lines, 4, false);
		assert_int_equal(b.owed.list.at[0].state, rows[i].state);
		assert_int_equal(b.owed.list.at[1].state, OWED_OPEN);
		owed_release(&b);
	}
}

static void
strange_data_is_not_believed(void **state)
{
	static const struct line lines[] = {
		{RUN_A, "obligation.open", "{}"},
		{RUN_A, "obligation.close", "{\"of\":\"x\",\"run\":7}"},
		{RUN_A, "run.open", "{\"parent\":{\"duty\":\"a/1\"},\"runbook\":3}"},
		{RUN_B, "run.close", "{}"},
		{RUN_B, "obligation.open", "{\"check\":[1,null],\"due\":\"soon\"}"},
	};
	struct owed_book b = {0};

	(void)state;
	read_all(&b, lines, sizeof lines / sizeof *lines, false);
	assert_int_equal(b.owed.list.len, 2);
	/* without a time it is due at once: nothing that is owed goes by unseen */
	assert_int_equal(owed_count_due(&b, (struct wall){1}), 2);
	owed_release(&b);
}

/* The same weekly look at two domains is owed twice; at the same one to the newer run alone. */
static void
another_domain_is_another_duty(void **state)
{
#define ABOUT(domain) EVERY ",\"about\":\"domain=" domain "\""
	static const struct line lines[] = {
		{RUN_A, "run.open", OPEN("null")},
		{RUN_A, "obligation.open",
			OWED("Look", "2026-11-02T09:00:00.000Z", ABOUT("a.example"))},
		{RUN_B, "run.open", OPEN("null")},
		{RUN_B, "obligation.open",
			OWED("Look", "2026-11-03T09:00:00.000Z", ABOUT("b.example"))},
		{RUN_C, "run.open", OPEN("null")},
		{RUN_C, "obligation.open",
			OWED("Look", "2026-11-04T09:00:00.000Z", ABOUT("a.example"))},
	};

	(void)state;
	for (int backwards = 0; backwards < 2; backwards++) {
		struct owed_book b = {0};

		read_all(&b, lines, sizeof lines / sizeof *lines, backwards);
		assert_int_equal(b.owed.list.len, 3);
		assert_int_equal(b.owed.list.at[0].state, OWED_REPLACED);
		assert_int_equal(b.owed.list.at[1].state, OWED_OPEN);
		assert_int_equal(b.owed.list.at[2].state, OWED_OPEN);
		owed_release(&b);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_meet_their_beginnings_in_any_order),
		cmocka_unit_test(another_domain_is_another_duty),
		cmocka_unit_test(a_newer_run_takes_over_what_comes_again),
		cmocka_unit_test(a_released_one_takes_over_nothing),
		cmocka_unit_test(a_path_alone_is_no_runbook),
		cmocka_unit_test(strange_data_is_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
