#include "view/leavewords.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* A run of one step whose one leg is under way. */
static void
says(enum step_kind kind, enum way way, bool look, const char *has, const char *hasnt)
{
	struct step step = {.kind = kind};
	struct run r = {0};
	struct run_step *rs = vec_add(&r.steps.list);
	struct leg *leg = vec_add(&rs->legs.list);
	struct str out = STR_INIT;

	rs->step = &step;
	leg->way[way].state = LEG_RUNNING;
	leg->way[way].look = look;
	assert_true(leavewords_of(&r, &out));
	assert_non_null(strstr(out.buf, has));
	if (hasnt)
		assert_null(strstr(out.buf, hasnt));
	str_release(&out);
	vec_free(&rs->legs.list);
	vec_free(&r.steps.list);
}

static void
only_what_lives_on_a_host_goes_on(void **state)
{
	(void)state;
	says(STEP_RUN, WAY_FORWARD, false, "goes on", NULL);
	says(STEP_RUN, WAY_FORWARD, true, "A look", "goes on");
	says(STEP_SQL, WAY_FORWARD, false, "not committed", "goes on");
	says(STEP_SQL, WAY_BACK, false, "goes on", "committed");
	says(STEP_SQL, WAY_FORWARD, true, "A look", "committed");
	says(STEP_HTTP, WAY_FORWARD, false, "will not be known", "goes on");
	says(STEP_COPY, WAY_FORWARD, false, "nothing half done", "goes on");
	says(STEP_WATCH, WAY_FORWARD, true, "begins again", "goes on");
}

static void
where_nothing_runs_nothing_is_said(void **state)
{
	struct run r = {0};
	struct str out = STR_INIT;

	(void)state;
	assert_false(leavewords_of(&r, &out));
	assert_int_equal(out.len, 0);
	str_release(&out);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_lives_on_a_host_goes_on),
		cmocka_unit_test(where_nothing_runs_nothing_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
