#include "base/vec.h"

#include "unit.h"

struct point {
	int x;
	const char *name;
};

static void
pushed_values_stand_in_order(void **state)
{
	VEC_OF(int) v = {0};

	(void)state;
	for (int i = 0; i < 1000; i++)
		vec_push(&v, i * 3);
	assert_int_equal(v.len, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v.at[i], i * 3);
	vec_free(&v);
	assert_null(v.at);
	assert_int_equal(v.len + v.cap, 0);
}

static void
added_elements_are_zero_and_addressable(void **state)
{
	VEC_OF(struct point) v = {0};

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct point *p = vec_add(&v);
		assert_int_equal(p->x, 0);
		assert_null(p->name);
		p->x = i;
		p->name = "set";
	}
	/* A freed place is zeroed again. */
	vec_remove(&v, 99);
	assert_null(vec_add(&v)->name);
	assert_int_equal(v.at[42].x, 42);
	vec_free(&v);
}

static void
structs_are_pushed_as_they_are_written(void **state)
{
	VEC_OF(struct point) v = {0};

	(void)state;
	vec_push(&v, (struct point){.x = 4, .name = "four"});
	vec_push(&v, (struct point){5, "five"});
	assert_int_equal(v.at[0].x, 4);
	assert_string_equal(v.at[1].name, "five");
	vec_free(&v);
}

static void
removing_closes_the_gap(void **state)
{
	VEC_OF(char) v = {0};

	(void)state;
	for (char c = 'a'; c <= 'e'; c++)
		vec_push(&v, c);
	vec_remove(&v, 4);
	vec_remove(&v, 0);
	vec_remove(&v, 1);
	assert_int_equal(v.len, 2);
	assert_memory_equal(v.at, "bd", 2);
	vec_free(&v);
}

static void
reserving_adds_nothing(void **state)
{
	VEC_OF(long) v = {0};

	(void)state;
	vec_reserve(&v, 50);
	assert_int_equal(v.len, 0);
	assert_true(v.cap >= 50);
	long *before = v.at;
	for (int i = 0; i < 50; i++)
		vec_push(&v, i);
	assert_ptr_equal(v.at, before);
	vec_free(&v);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pushed_values_stand_in_order),
		cmocka_unit_test(added_elements_are_zero_and_addressable),
		cmocka_unit_test(structs_are_pushed_as_they_are_written),
		cmocka_unit_test(removing_closes_the_gap),
		cmocka_unit_test(reserving_adds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
