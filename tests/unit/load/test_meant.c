#include "load/meant.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static void
another_way_to_write_a_key_is_known(void **state)
{
	static const struct {
		enum key_context ctx;
		const char *word, *key; /* NULL: none */
	} rows[] = {
		{KEYS_IN_RUNBOOK, "Title", "title"},
		{KEYS_IN_RUNBOOK, "STEPS", "steps"},
		{KEYS_IN_STEP, "kill-after", "kill_after"},
		{KEYS_IN_STEP, "Kill After", "kill_after"},
		{KEYS_IN_STEP, "\xe2\x80\x9crun\xe2\x80\x9d", "run"},
		{KEYS_IN_STEP, "\xe2\x80\x98Undo\xe2\x80\x99", "undo"},
		{KEYS_IN_RUNBOOK, "title", NULL}, /* nothing to mend */
		{KEYS_IN_RUNBOOK, "titel", NULL}, /* a letter is guessed */
		{KEYS_IN_RUNBOOK, "", NULL},
		{KEYS_IN_RUNBOOK, "\xe2\x80\x9c", NULL},
		{KEYS_IN_STEP, "hosts", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t count;
		const struct key_row *keys = keytable_of(rows[i].ctx, &count);
		int row = meant_key(rows[i].ctx, rows[i].word, 0);

		if (rows[i].key) {
			assert_int_not_equal(row, NONE);
			assert_string_equal(keys[row].name, rows[i].key);
		} else {
			assert_int_equal(row, NONE);
		}
	}
}

static void
a_slip_counts_where_nothing_is_decided(void **state)
{
	static const struct {
		enum key_context ctx;
		const char *word, *name;
		bool safe;
	} rows[] = {
		{KEYS_IN_RUNBOOK, "titel", "title", true},
		{KEYS_IN_RUNBOOK, "tilte", "title", true},
		{KEYS_IN_RUNBOOK, "owners", "owner", true},
		{KEYS_IN_STEP, "expct", "expect", true},
		{KEYS_IN_STEP, "timout", "timeout", true},
		{KEYS_IN_RUNBOOK, "ttl", "title", false},    /* two away */
		{KEYS_IN_STEP, "hots", "host", false},       /* where it runs */
		{KEYS_IN_STEP, "rum", "run", false},         /* what runs */
		{KEYS_IN_STEP, "rsk", "risk", false},        /* how it is guarded */
		{KEYS_IN_STEP, "undos", "undo", false},      /* the way back */
		{KEYS_IN_STEP, "shel", "shell", false},      /* who reads the text */
		{KEYS_IN_STEP, "confrim", "confirm", false}, /* what is typed */
		{KEYS_IN_RUNBOOK, "step", "steps", false},
		{KEYS_IN_RUNBOOK, "tag", "tags", false}, /* too short to be sure */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (meant_slip(rows[i].ctx, rows[i].word, rows[i].name) != rows[i].safe)
			fail_msg("%s for %s: %s", rows[i].word, rows[i].name,
				rows[i].safe ? "not taken" : "taken");
}

static void
a_value_is_meant_or_not(void **state)
{
	static const struct {
		enum key_value value;
		const char *words, *text, *meant;
	} rows[] = {
		{KEY_VALUE_WORD, "none|moderate|hard|severe", "Severe", "severe"},
		{KEY_VALUE_WORD, "none|moderate|hard|severe",
			"\xe2\x80\x9chard\xe2\x80\x9d", "hard"},
		{KEY_VALUE_WORD, "none|moderate|hard|severe", "sever", NULL},
		{KEY_VALUE_WORD, "none|moderate|hard|severe", "hard", NULL},
		{KEY_VALUE_WORD, "GET|HEAD", "get", "GET"},
		{KEY_VALUE_BOOL, NULL, "yes", "true"},
		{KEY_VALUE_BOOL, NULL, "Off", "false"},
		{KEY_VALUE_BOOL, NULL, "True", "true"},
		{KEY_VALUE_BOOL, NULL, "1", NULL},
		{KEY_VALUE_BOOL, NULL, "y", NULL},
		{KEY_VALUE_DURATION, NULL, "30 s", "30s"},
		{KEY_VALUE_DURATION, NULL, "30", NULL},
		{KEY_VALUE_DURATION, NULL, "5M", NULL}, /* minutes or months */
		{KEY_VALUE_LINE, NULL, "", NULL},
		{KEY_VALUE_HOST, NULL,
			"\xe2\x80\x9c"
			"db\xe2\x80\x9d",
			NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct key_row row = {
			.value = rows[i].value, .words = rows[i].words, .name = "x"};
		char *got = meant_value(rows[i].text, &row);

		if (!str_eq(got, rows[i].meant))
			fail_msg("%s: got %s, wanted %s", rows[i].text, got ? got : "-",
				rows[i].meant ? rows[i].meant : "-");
		mem_free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_way_to_write_a_key_is_known),
		cmocka_unit_test(a_slip_counts_where_nothing_is_decided),
		cmocka_unit_test(a_value_is_meant_or_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
