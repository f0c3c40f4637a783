#include "model/past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/expect.h"

enum { WINDOW = 60000 };

static struct expect *
rising(enum expect_test_kind kind)
{
	struct expect *x = expect_new();
	struct expect_test *t = expect_test_new(kind);

	t->number = WINDOW;
	t->unit = "";
	vec_push(&x->rules, (struct expect_rule){EXPECT_VALUE, t});
	return x;
}

static enum verdict
look(const struct expect *x, struct past *p, int64_t at_ms, double value)
{
	struct facts f = {.past = p, .at_ms = at_ms};
	struct judgement j;
	enum verdict v;

	facts_add_number(&f, EXPECT_VALUE, value);
	expect_judge(x, &f, &j);
	v = j.verdict;
	judgement_release(&j);
	facts_release(&f);
	return v;
}

static void
one_look_has_no_history(void **state)
{
	struct expect *x = rising(EXPECT_RISING);
	struct past *p = past_new();

	(void)state;
	assert_int_equal(look(x, NULL, 0, 1), VERDICT_UNKNOWN);
	assert_int_equal(look(x, p, 0, 1), VERDICT_UNKNOWN);
	assert_int_equal(look(x, p, 10000, 2), VERDICT_UNKNOWN);
	assert_int_equal(look(x, p, 47000, 3), VERDICT_UNKNOWN);
	assert_int_equal(look(x, p, 48000, 3), VERDICT_OK);
	past_free(p);
	expect_free(x);
}

static void
it_is_compared_with_the_beginning_of_the_window(void **state)
{
	struct expect *up = rising(EXPECT_RISING), *down = rising(EXPECT_FALLING);
	struct past *p = past_new(), *q = past_new();
	enum verdict grown = VERDICT_UNKNOWN, fallen = VERDICT_UNKNOWN;

	(void)state;
	for (int i = 0; i <= 30; i++) { /* up to 10, then flat */
		double value = i < 10 ? i : 10;

		grown = look(up, p, (int64_t)i * 10000, value);
		fallen = look(down, q, (int64_t)i * 10000, value);
		if (i == 10) {
			assert_int_equal(grown, VERDICT_OK);
			assert_int_equal(fallen, VERDICT_FAIL);
		}
	}
	assert_int_equal(grown, VERDICT_FAIL); /* it stands still */
	assert_int_equal(fallen, VERDICT_FAIL);
	/* an hour without a look: the window asked for was not seen */
	assert_int_equal(look(up, p, 3900000, 99), VERDICT_UNKNOWN);
	past_free(p);
	past_free(q);
	expect_free(up);
	expect_free(down);
}

static void
many_looks_need_little_room(void **state)
{
	struct expect *x = rising(EXPECT_RISING);
	struct past *p = past_new();

	(void)state;
	for (int i = 0; i < 20000; i++) {
		enum verdict v = look(x, p, (int64_t)i * 10, i);

		assert_int_equal(
			v, i * 10 >= WINDOW / 5 * 4 ? VERDICT_OK : VERDICT_UNKNOWN);
	}
	past_free(p);
	expect_free(x);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_look_has_no_history),
		cmocka_unit_test(it_is_compared_with_the_beginning_of_the_window),
		cmocka_unit_test(many_looks_need_little_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
