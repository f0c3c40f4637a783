#include "base/mem.h"

#include "unit.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
fresh_memory_is_zero(void **state)
{
	(void)state;
	unsigned char *p = mem_alloc(1000);
	int *q = mem_array(250, sizeof *q);
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(p[i], 0);
	assert_memory_equal(p, q, 1000);
	mem_free(p);
	mem_free(q);
}

static void
nothing_is_still_somewhere(void **state)
{
	(void)state;
	void *p[] = {
		mem_alloc(0), mem_array(0, 8), mem_grow(NULL, 0, 8), mem_copy(NULL, 0)};
	for (size_t i = 0; i < COUNT(p); i++) {
		assert_non_null(p[i]);
		mem_free(p[i]);
	}
	mem_free(NULL);
	mem_wipe(NULL, 3);
	mem_wipe_free(NULL, 3);
}

static void
growing_keeps_what_was_there(void **state)
{
	(void)state;
	int *p = mem_grow(NULL, 2, sizeof *p);
	p[0] = 7;
	p[1] = 8;
	p = mem_grow(p, 1000, sizeof *p);
	assert_int_equal(p[0], 7);
	assert_int_equal(p[1], 8);
	mem_free(p);
}

static void
large_pages_are_memory_like_any(void **state)
{
	static const size_t sizes[] = {0, 1, 4096, (3 << 20) + 17, 8 << 20};

	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		unsigned char *before = mem_copy("x", 1), *p = mem_large(sizes[i], 1);

		memset(p, 0x5a, sizes[i]);
		p = mem_grow(p, sizes[i] + 1, 1);
		for (size_t k = 0; k < sizes[i]; k += 4093)
			assert_int_equal(p[k], 0x5a);
		assert_int_equal(before[0], 'x');
		mem_free(p);
		mem_free(before);
	}
}

static void
copies_of_texts(void **state)
{
	(void)state;
	assert_null(mem_strdup(NULL));
	char *a = mem_strdup("abc"), *b = mem_strndup("abcdef", 3),
	     *c = mem_strndup("ab", 9);
	char *d = mem_printf("%s-%d", "x", 12), *e = mem_join("ab", "c"),
	     *f = mem_join("", "");
	assert_string_equal(a, "abc");
	assert_string_equal(b, "abc");
	assert_string_equal(c, "ab");
	assert_string_equal(d, "x-12");
	assert_string_equal(e, "abc");
	assert_string_equal(f, "");
	mem_free(a);
	mem_free(b);
	mem_free(c);
	mem_free(d);
	mem_free(e);
	mem_free(f);
}

static void
wiping_leaves_zeros(void **state)
{
	char secret[] = "correct horse", zeros[sizeof secret] = {0};

	(void)state;
	mem_wipe(secret, sizeof secret);
	assert_memory_equal(secret, zeros, sizeof secret);
}

static void
an_overflowing_size_ends_the_program(void **state)
{
	int status;

	(void)state;
	for (int how = 0; how < 2; how++) {
		pid_t child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			close(STDERR_FILENO);
			/* Read back at run time, so that the compiler does not see it coming. */
			volatile size_t huge = SIZE_MAX / 2;
			void *p = how ? mem_array(huge, 3) : mem_grow(NULL, huge, 3);
			_exit(p != NULL ? 1 : 2);
		}
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 70);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fresh_memory_is_zero),
		cmocka_unit_test(nothing_is_still_somewhere),
		cmocka_unit_test(growing_keeps_what_was_there),
		cmocka_unit_test(large_pages_are_memory_like_any),
		cmocka_unit_test(copies_of_texts),
		cmocka_unit_test(wiping_leaves_zeros),
		cmocka_unit_test(an_overflowing_size_ends_the_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
