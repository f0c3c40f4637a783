#include "view/stopwords.h"

#include <string.h>

#include "unit.h"

static void
every_reply_has_its_words(void **state)
{
	static const struct {
		const char *reply, *words;
		bool ended;
	} rows[] = {
		{"cancelled-before-start", "never will", true},
		{"terminated 143", "ended by TERM (exit 143)", true},
		{"terminated", "ended by TERM", true},
		{"killed 137", "ended by KILL (exit 137)", true},
		{"gone", "left to end", true},
		{"already-done 0", "by itself before (exit 0)", true},
		{"aborted", "never begun", true},
		{"unkillable", "still there after KILL", false},
		{"badpid", "nothing was signalled", false},
		{"absent", "asked again", false},
		{"starting", "asked again", false},
		{"noroom", "full, read-only", false},
		{"elsewhere", "another machine", false},
		{"lost-reboot", "restarted", false},
		{"unheard: timed out", "nobody knows whether the host heard it", false},
		{"unheard: timed out", "(timed out)", false},
		{"terminate", "the host says: terminate", false},
		{"", "the host says: ", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct str out = STR_INIT;
		bool ended = stopwords_of(rows[i].reply, &out);

		if (!strstr(out.buf, rows[i].words) || ended != rows[i].ended)
			fail_msg("%s: %s (%d)", rows[i].reply, out.buf, ended);
		str_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_reply_has_its_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
