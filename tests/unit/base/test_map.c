#include "base/map.h"

#include "unit.h"

#include <stdio.h>
#include <string.h>

static void
an_empty_map_has_nothing(void **state)
{
	struct map m;

	(void)state;
	map_init(&m);
	assert_null(map_get(&m, "a"));
	assert_false(map_has(&m, ""));
	assert_null(map_remove(&m, "a"));
	map_release(&m);
}

static void
put_returns_what_it_replaced(void **state)
{
	struct map m;
	int one, two;

	(void)state;
	map_init(&m);
	assert_null(map_put(&m, "k", &one));
	assert_ptr_equal(map_put(&m, "k", &two), &one);
	assert_ptr_equal(map_get(&m, "k"), &two);
	assert_int_equal(m.len, 1);
	map_release(&m);
}

static void
a_null_value_is_a_member_all_the_same(void **state)
{
	struct map m;

	(void)state;
	map_init(&m);
	map_put(&m, "k", NULL);
	assert_true(map_has(&m, "k"));
	assert_null(map_get(&m, "k"));
	map_release(&m);
}

static void
order_is_the_order_of_putting(void **state)
{
	struct map m;
	char key[16];

	(void)state;
	map_init(&m);
	for (int i = 0; i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", i * 7919 % 1000);
		map_put(&m, key, NULL);
	}
	map_put(&m, "k0", &m); /* replacing moves nothing */
	map_remove(&m, "k919");
	assert_int_equal(m.len, 999);
	for (int i = 2; i < 1000; i++) {
		snprintf(key, sizeof key, "k%d", i * 7919 % 1000);
		assert_string_equal(m.at[i - 1].key, key);
	}
	map_release(&m);
}

enum { KEYS = 60 };

/* Against the simplest thing that could be right: an array indexed by key number. */
static void
agrees_with_an_array_whatever_is_done(void **state)
{
	struct dice d = DICE(1);
	struct map m;
	char values[KEYS], *want[KEYS] = {0}, key[16];

	(void)state;
	map_init(&m);
	for (int round = 0; round < 20000; round++) {
		size_t k = dice_roll(&d, KEYS);
		snprintf(key, sizeof key, "%zu", k * k);
		assert_ptr_equal(map_get(&m, key), want[k]);
		if (dice_roll(&d, 2) == 0) {
			assert_ptr_equal(map_remove(&m, key), want[k]);
			want[k] = NULL;
		} else {
			char *value = &values[dice_roll(&d, KEYS)];
			assert_ptr_equal(map_put(&m, key, value), want[k]);
			want[k] = value;
		}
		size_t held = 0;
		for (size_t i = 0; i < KEYS; i++)
			held += want[i] != NULL;
		assert_int_equal(m.len, held);
	}
	map_release(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_map_has_nothing),
		cmocka_unit_test(put_returns_what_it_replaced),
		cmocka_unit_test(a_null_value_is_a_member_all_the_same),
		cmocka_unit_test(order_is_the_order_of_putting),
		cmocka_unit_test(agrees_with_an_array_whatever_is_done),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
