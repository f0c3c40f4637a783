#include "load/mdentity.h"

#include "unit.h"

#include <string.h>

static void
entities_become_characters_or_stay(void **state)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{"&amp;", "&"},
		{"&lt;", "<"},
		{"&rarr;", "\xe2\x86\x92"},
		{"&nbsp;", " "},
		{"&#36;", "$"},
		{"&#x41;", "A"},
		{"&#X2713;", "\xe2\x9c\x93"},
		{"&#10;", " "},
		{"&#0;", "<U+0000>"},
		{"&#x202e;", "<U+202E>"},
		{"&#x2028;", "<U+2028>"},
		{"&#xd800;", "\xef\xbf\xbd"},
		{"&#x1fffff;", "\xef\xbf\xbd"},
		{"&#99999999999;", "&#99999999999;"},
		{"&#xzz;", "&#xzz;"},
		{"&#;", "&#;"},
		{"&unheard;", "&unheard;"},
		{"&;", "&;"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str out = STR_INIT;

		mdentity_add(&out, rows[i].in, strlen(rows[i].in));
		if (strcmp(out.buf, rows[i].out) != 0)
			fail_msg("%s gives `%s`, not `%s`", rows[i].in, out.buf,
				rows[i].out);
		str_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entities_become_characters_or_stay),
	};

	return cmocka_run_group_tests_name("mdentity", tests, NULL, NULL);
}
