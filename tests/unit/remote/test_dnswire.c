#include "remote/dnswire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

/* A fixed seed: the same mutations every time. */
static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* site.test A: a CNAME, two addresses with names that point backwards. */
static const unsigned char answer[] = {0x12, 0x34, 0x81, 0x80, 0, 1, 0, 3, 0, 0, 0, 0, 4,
	's', 'i', 't', 'e', 4, 't', 'e', 's', 't', 0, 0, 1, 0, 1, 0xc0, 12, 0, 5, 0, 1, 0,
	0, 0, 60, 0, 4, 1, 'x', 0xc0, 17, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0,
	2, 12, 0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 192, 0, 2, 11};

static void
drop(struct strings *s)
{
	for (size_t i = 0; i < s->list.len; i++)
		mem_free(s->list.at[i]);
	vec_free(&s->list);
}

static void
records_of_the_type_come_sorted(void **state)
{
	struct strings got = {0};
	struct err e = ERR_INIT;
	int rcode = -1;

	(void)state;
	if (!dnswire_read(answer, sizeof answer, dnswire_type("A"), &got, &rcode, &e))
		fail_msg("%s", e.msg);
	assert_int_equal(rcode, 0);
	assert_int_equal(got.list.len, 2);
	assert_string_equal(got.list.at[0], "192.0.2.11");
	assert_string_equal(got.list.at[1], "192.0.2.12");
	drop(&got);
	got = (struct strings){0};
	assert_true(dnswire_read(
		answer, sizeof answer, dnswire_type("CNAME"), &got, &rcode, &e));
	assert_int_equal(got.list.len, 1);
	assert_string_equal(got.list.at[0], "x.test");
	drop(&got);
}

static void
types_have_names(void **state)
{
	(void)state;
	assert_int_equal(dnswire_type("CAA"), 257);
	assert_int_equal(dnswire_type("AXFR"), 0);
}

static void
every_cut_is_malformed(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof answer; len++) {
		struct strings got = {0};
		struct err e = ERR_INIT;
		int rcode;

		if (dnswire_read(answer, len, 1, &got, &rcode, &e))
			fail_msg("taken when cut to %zu bytes", len);
		drop(&got);
	}
}

/* Loops of pointers, lengths that lie: read within bounds and to an end. */
static void
mutations_end(void **state)
{
	static const int types[] = {1, 2, 5, 15, 16, 28, 33, 257};
	uint32_t seed = 1;

	(void)state;
	for (int i = 0; i < 50000; i++) {
		unsigned char copy[sizeof answer];
		struct strings got = {0};
		struct err e = ERR_INIT;
		int rcode, type = types[i % 8];

		memcpy(copy, answer, sizeof answer);
		for (uint32_t n = 1 + next_random(&seed) % 6; n > 0; n--)
			copy[next_random(&seed) % sizeof copy] = (unsigned char)
				next_random(&seed);
		copy[46] = copy[62] = (unsigned char)type;
		if (dnswire_read(copy, sizeof copy, type, &got, &rcode, &e))
			assert_true(got.list.len <= 1000);
		drop(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_of_the_type_come_sorted),
		cmocka_unit_test(types_have_names),
		cmocka_unit_test(every_cut_is_malformed),
		cmocka_unit_test(mutations_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
