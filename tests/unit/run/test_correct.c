/* Corrections of what somebody said: the old stays, and the new names it. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "run/correct.h"

static bool
note(struct world *w, const char *text, const char *of)
{
	return world_ask(w,
		&(struct request){
			.kind = REQ_NOTE, .step = NONE, .text = text, .name = of});
}

static void
the_old_stays_and_the_new_names_it(void **state)
{
	struct world *w = world_restore();
	struct correct_rows rows = {0};
	struct str words = STR_INIT;
	char of[32];

	(void)state;
	correct_list(w->r, &rows);
	assert_int_equal(rows.list.len, 0);
	world_tell(w); /* a mark with a link */
	assert_true(note(w, "all quiet", NULL));
	correct_list(w->r, &rows);
	assert_int_equal(rows.list.len, 2); /* the newest first */
	assert_true(rows.list.at[0].seq > rows.list.at[1].seq);
	assert_true(correct_words(w->r, rows.list.at[0].seq, &words));
	assert_non_null(strstr(words.buf, "note of anna@example.com: all quiet"));
	str_reset(&words);
	assert_true(correct_words(w->r, rows.list.at[1].seq, &words));
	assert_non_null(strstr(words.buf, "mark of anna@example.com: https://"));
	snprintf(of, sizeof of, "%lld", (long long)rows.list.at[0].seq);
	assert_true(note(w, "not quiet at all", of));
	assert_true(world_said(w, "note", "\"text\":\"not quiet at all\",\"of\":"));
	assert_int_equal(w->r->notes.list.len, 2);
	assert_string_equal(w->r->notes.list.at[0].text, "all quiet");
	assert_int_equal(w->r->notes.list.at[0].of, -1);
	assert_int_equal(w->r->notes.list.at[1].of, rows.list.at[0].seq);
	assert_int_equal(w->r->exceptions.list.len, 1);
	assert_non_null(strstr(
		w->r->exceptions.list.at[0].text, " was corrected: not quiet at all"));
	world_same(w);
	str_release(&words);
	correct_release(&rows);
	world_free(w);
}

static void
what_was_measured_is_not_corrected_by_words(void **state)
{
	struct world *w = world_restore();

	(void)state;
	assert_false(note(w, "no", "0")); /* run.open */
	assert_non_null(strstr(w->e.msg, "record 0 is no note, mark or evidence"));
	assert_false(note(w, "no", "999"));
	assert_false(note(w, "no", "x"));
	assert_false(note(w, "no", ""));
	world_free(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_old_stays_and_the_new_names_it),
		cmocka_unit_test(what_was_measured_is_not_corrected_by_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
