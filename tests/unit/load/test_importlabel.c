#include "load/importlabel.h"

#include "unit.h"

#include <string.h>

static void
labels_are_known_by_their_words(void **state)
{
	static const struct {
		const char *text;
		enum importlabel want;
	} rows[] = {
		{"Why", IMPORTLABEL_WHY},
		{"why:", IMPORTLABEL_WHY},
		{"2. Impact", IMPORTLABEL_IMPACT},
		{"Acceptance criteria", IMPORTLABEL_ACCEPT},
		{"Acceptance Criteria:", IMPORTLABEL_ACCEPT},
		{"Concrete changes", IMPORTLABEL_STEPS},
		{"Requires", IMPORTLABEL_REQUIRES},
		{"Diagnosis", IMPORTLABEL_PROSE},
		{"\xf0\x9f\x94\xa7 Mitigation", IMPORTLABEL_PROSE},
		{"Emergency Contacts", IMPORTLABEL_CONTACTS},
		{"On\xe2\x80\x91"
		 "call",
			IMPORTLABEL_CONTACTS},
		{"External Dependencies", IMPORTLABEL_LINKS},
		{"Verification Sign-off", IMPORTLABEL_SIGNOFF},
		{"Table of Contents", IMPORTLABEL_CONTENTS},
		{"Expected", IMPORTLABEL_EXPECTED},
		{"Notes:", IMPORTLABEL_NOTE},
		{"Why we deploy", IMPORTLABEL_NONE},
		{"Database", IMPORTLABEL_NONE},
		{"", IMPORTLABEL_NONE},
		{"123", IMPORTLABEL_NONE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (importlabel_of(rows[i].text, strlen(rows[i].text)) != rows[i].want)
			fail_msg("`%s` is %d, not %d", rows[i].text,
				importlabel_of(rows[i].text, strlen(rows[i].text)),
				rows[i].want);
}

static void
a_head_ends_in_its_colon(void **state)
{
	(void)state;
	assert_int_equal(importlabel_head("URL: http://x", "url|endpoint"), 5);
	assert_int_equal(importlabel_head("endpoint:/x", "url|endpoint"), 9);
	assert_int_equal(importlabel_head("URLs: x", "url|endpoint"), 0);
	assert_int_equal(importlabel_head("", "url"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_are_known_by_their_words),
		cmocka_unit_test(a_head_ends_in_its_colon),
	};

	return cmocka_run_group_tests_name("importlabel", tests, NULL, NULL);
}
