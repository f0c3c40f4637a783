#include "remote/doorman.h"

#include "linkkit.h"

enum { GUESTS = 60 };

struct guest {
	struct doorman_pass pass;
	int entered;
};

static void
enters(void *ctx)
{
	((struct guest *)ctx)->entered++;
}

static int
inside(const struct guest *g, int n)
{
	int count = 0;

	for (int i = 0; i < n; i++)
		count += g[i].pass.inside;
	return count;
}

static void
turn(struct loop *l)
{
	for (int i = 0; i < 3; i++)
		loop_turn(l, 0);
}

struct scene {
	struct loop *loop;
	struct doorman *doorman;
	struct guest g[GUESTS];
};

/* Guests at `doors` doors in turn. */
static void
open_scene(struct scene *s, int guests, int doors, enum doorman_kind kind)
{
	*s = (struct scene){.loop = loop_new()};
	s->doorman = doorman_new(s->loop);
	for (int i = 0; i < guests; i++) {
		char door[32];

		snprintf(door, sizeof door, "door %d", i % doors);
		doorman_enter(s->doorman, &s->g[i].pass, kind, door, enters, &s->g[i]);
	}
	assert_int_equal(inside(s->g, GUESTS), 0); /* never from inside the call */
	turn(s->loop);
}

static void
close_scene(struct scene *s)
{
	for (int i = 0; i < GUESTS; i++)
		doorman_leave(&s->g[i].pass);
	turn(s->loop);
	doorman_free(s->doorman);
	loop_free(s->loop);
}

static void
so_many_and_no_more_in_order_of_coming(void **state)
{
	static const struct {
		enum doorman_kind kind;
		int most;
	} rows[] = {{DOORMAN_LOOK, 4}, {DOORMAN_LOGIN, 24}, {DOORMAN_SYSTEM, 12}};

	(void)state;
	for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
		struct mono begin = clock_mono();
		struct scene s;

		open_scene(&s, GUESTS, GUESTS, rows[r].kind);
		assert_int_equal(inside(s.g, GUESTS), rows[r].most);
		assert_int_equal(s.g[rows[r].most - 1].entered, 1);
		assert_true(doorman_waits(&s.g[rows[r].most].pass));
		for (int i = 0; i < GUESTS; i++) {
			assert_int_equal(s.g[i].entered, 1);
			doorman_leave(&s.g[i].pass);
			turn(s.loop);
			if (clock_mono().ms - begin.ms <
				1500) /* then they count as slow */
				assert_true(inside(s.g, GUESTS) <= rows[r].most);
		}
		close_scene(&s);
	}
}

static void
a_door_takes_eight_and_others_pass_by(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, 20, 1, DOORMAN_LOGIN);
	assert_int_equal(inside(s.g, 20), 8);
	doorman_enter(
		s.doorman, &s.g[20].pass, DOORMAN_LOGIN, "another", enters, &s.g[20]);
	doorman_enter(s.doorman, &s.g[21].pass, DOORMAN_LOOK, "", enters, &s.g[21]);
	turn(s.loop);
	assert_int_equal(s.g[20].entered, 1);
	assert_int_equal(s.g[21].entered, 1);
	assert_int_equal(s.g[8].entered, 0);
	close_scene(&s);
}

static void
a_door_that_turned_somebody_away_takes_fewer(void **state)
{
	struct scene s;
	int was = 8;

	(void)state;
	open_scene(&s, 40, 2, DOORMAN_LOGIN);
	assert_int_equal(inside(s.g, 40), 16);
	/* Half, half, half, one: of this door alone. */
	for (int i = 0; i < 10; i += 2) {
		doorman_crowded(&s.g[i].pass);
		doorman_leave(&s.g[i].pass);
		turn(s.loop);
	}
	while (was > 1) {
		int first = -1, now = 0;

		for (int i = 0; i < 40; i += 2) {
			first = first < 0 && s.g[i].pass.inside ? i : first;
			now += s.g[i].pass.inside;
		}
		assert_true(now < 8 && first >= 0);
		if (now == 1)
			break;
		doorman_leave(&s.g[first].pass);
		turn(s.loop);
		was = now;
	}
	assert_int_equal(s.g[39].entered, 0);
	for (int i = 1; i < 16; i += 2)
		assert_true(s.g[i].pass.inside);
	close_scene(&s);
}

static void
the_silent_keep_nobody_out(void **state)
{
	struct scene s;

	(void)state;
	open_scene(&s, GUESTS, GUESTS, DOORMAN_LOGIN);
	assert_int_equal(inside(s.g, GUESTS), 24);
	setenv("HANDRAIL_TEST_PACE", "1", 1); /* two seconds are over in twenty ms */
	doorman_leave(&s.g[0].pass);
	KIT_WAIT(&s, s.g[GUESTS - 1].entered);
	unsetenv("HANDRAIL_TEST_PACE");
	assert_int_equal(inside(s.g, GUESTS), GUESTS - 1);
	close_scene(&s);
	/* At one door they still are as many as may be there. */
	open_scene(&s, 20, 1, DOORMAN_LOGIN);
	setenv("HANDRAIL_TEST_PACE", "1", 1);
	for (int i = 0; i < 20; i++)
		loop_turn(s.loop, 5);
	unsetenv("HANDRAIL_TEST_PACE");
	assert_int_equal(inside(s.g, 20), 8);
	close_scene(&s);
}

static void
leaving_without_being_in_is_harmless(void **state)
{
	struct doorman_pass none = {0};
	struct scene s;

	(void)state;
	doorman_leave(&none);
	doorman_crowded(&none);
	assert_false(doorman_waits(&none));
	open_scene(&s, 9, 1, DOORMAN_LOGIN);
	doorman_leave(&s.g[8].pass); /* it waited */
	doorman_leave(&s.g[0].pass);
	turn(s.loop);
	assert_int_equal(s.g[8].entered, 0);
	close_scene(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(so_many_and_no_more_in_order_of_coming),
		cmocka_unit_test(a_door_takes_eight_and_others_pass_by),
		cmocka_unit_test(a_door_that_turned_somebody_away_takes_fewer),
		cmocka_unit_test(the_silent_keep_nobody_out),
		cmocka_unit_test(leaving_without_being_in_is_harmless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
