/* What is said of a job that runs: nothing while it is heard, never silence otherwise. */

#include "unit.h"

#include <string.h>

#include "view/view_run.h"

static void
says(struct run_follow f, const char *want)
{
	struct str out = STR_INIT;
	bool any = view_run_heard(&f, "web1", &out);

	assert_int_equal(any, *want != 0);
	assert_string_equal(out.buf, want);
	str_release(&out);
}

static void
a_job_that_is_heard_needs_no_words(void **state)
{
	struct str out = STR_INIT;

	(void)state;
	says((struct run_follow){.state = JOB_RUNNING, .silent_ms = 9000}, "");
	says((struct run_follow){.state = JOB_RUNNING, .behind_bytes = 60000}, "");
	assert_false(view_run_heard(NULL, "web1", &out));
	str_release(&out);
}

static void
silence_is_told_with_its_age(void **state)
{
	(void)state;
	says((struct run_follow){.state = JOB_RUNNING, .silent_ms = 20001},
		"web1: last heard 21 s ago");
	says(
		(struct run_follow){
			.state = JOB_RUNNING, .offline = true, .silent_ms = 185000},
		"web1: last heard 3m05s ago; it goes on there, what it prints comes when "
		"it is heard again");
	says((struct run_follow){.offline = true, .silent_ms = -1},
		"web1: not heard of yet; it goes on there, what it prints comes when it "
		"is heard again");
}

static void
what_is_behind_has_a_size(void **state)
{
	(void)state;
	says((struct run_follow){.state = JOB_RUNNING, .behind_bytes = 3250000},
		"web1: 3.0 MiB behind");
	says((struct run_follow){.state = JOB_RUNNING, .behind_bytes = 100000},
		"web1: 97 KiB behind");
	says((struct run_follow){.state = JOB_RUNNING,
		     .offline = true,
		     .silent_ms = 1000,
		     .behind_bytes = 17},
		"web1: last heard 1 s ago; it goes on there, what it prints comes when it "
		"is heard again; 17 bytes behind");
}

/* Every state under way but the ordinary one has its words. */
static void
what_is_not_simply_running_is_named(void **state)
{
	static const enum job_state states[] = {JOB_LAUNCHING, JOB_STARTING, JOB_ORPHAN};

	(void)state;
	for (size_t i = 0; i < COUNT(states); i++) {
		struct str out = STR_INIT;
		struct run_follow f = {.state = states[i]};

		assert_true(view_run_heard(&f, "web1", &out));
		assert_non_null(strstr(out.buf, jobstate_means(states[i])));
		str_release(&out);
	}
}

static void
a_job_is_found_by_step_leg_and_way(void **state)
{
	struct run_follow list[] = {{.step = 2, .leg = 0, .way = WAY_FORWARD},
		{.step = 2, .leg = 1, .way = WAY_BACK}};
	struct run_scene rs = {.follows = list, .follows_len = 2};

	(void)state;
	assert_ptr_equal(view_run_followed(&rs, 2, 1, WAY_BACK), &list[1]);
	assert_ptr_equal(view_run_followed(&rs, 2, 0, WAY_FORWARD), &list[0]);
	assert_null(view_run_followed(&rs, 2, 1, WAY_FORWARD));
	assert_null(view_run_followed(&rs, 1, 0, WAY_FORWARD));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_job_that_is_heard_needs_no_words),
		cmocka_unit_test(silence_is_told_with_its_age),
		cmocka_unit_test(what_is_behind_has_a_size),
		cmocka_unit_test(what_is_not_simply_running_is_named),
		cmocka_unit_test(a_job_is_found_by_step_leg_and_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
