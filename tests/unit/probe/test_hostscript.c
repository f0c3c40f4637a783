#include "probe/hostscript.h"

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

static struct hostlook_one *
read_said(enum probe_kind kind, const char *said)
{
	struct hostlook_one *one = mem_alloc(sizeof *one);
	struct look_end end = {.out = STR_INIT, .err = STR_INIT};

	str_adds(&end.out, said);
	str_adds(&end.err, "sh: awk: not found\n");
	hostscript_read(kind, &end, one);
	str_release(&end.out);
	str_release(&end.err);
	return one;
}

static void
drop(struct hostlook_one *one)
{
	facts_release(&one->facts);
	mem_free(one);
}

static void
fields_become_facts_in_base_units(void **state)
{
	struct hostlook_one *one = read_said(PROBE_FILE,
		"count 2\nage 90\nsize 1024\nmode 0640\ntrailer one\ntrailer two words\nend\n");
	const struct fact *f;

	(void)state;
	assert_string_equal(one->why, "");
	f = facts_find(&one->facts, EXPECT_AGE, NULL);
	assert_non_null(f);
	assert_true(f->number == 90000.0);
	f = facts_find(&one->facts, EXPECT_SIZE, NULL);
	assert_non_null(f);
	assert_true(f->number == 1024.0);
	f = facts_find(&one->facts, EXPECT_TRAILER, NULL);
	assert_non_null(f);
	assert_string_equal(f->text, "one\ntwo words");
	assert_null(facts_find(&one->facts, EXPECT_NEWEST_AGE, NULL));
	drop(one);
}

static void
members_have_their_names(void **state)
{
	struct hostlook_one *one = read_said(PROBE_CONTAINER,
		"state running\nlimits memory 64\nlimits cpus 0.5\nend\n");
	const struct fact *f = facts_find(&one->facts, EXPECT_LIMITS, "cpus");

	(void)state;
	assert_non_null(f);
	assert_string_equal(f->text, "0.5");
	drop(one);
}

static void
what_is_not_there_is_known(void **state)
{
	struct hostlook_one *one = read_said(
		PROBE_CONTAINER, "none there is no container x\nend\n");
	const struct fact *f = facts_find(&one->facts, EXPECT_STATE, NULL);

	(void)state;
	assert_string_equal(one->nothing, "there is no container x");
	assert_non_null(f);
	assert_int_equal(f->len, 0);
	assert_null(facts_find(&one->facts, EXPECT_RESTARTS, NULL));
	drop(one);
}

static void
anything_else_is_garbled(void **state)
{
	static const char *const bad[] = {"", "\n", "count 1\n", "count 1",
		"end\ncount 1\n", "end \n x", "count x\nend\n", "count\nend\n",
		"count 1e9\nend\n", "count 0x10\nend\n", "count -1\nend\n",
		"count inf\nend\n", "count 1..2\nend\n", "count .\nend\n",
		"count 1\ncount 2\nend\n", "exit 0\nend\n", "json {}\nend\n",
		"Count 1\nend\n", " count 1\nend\n", "count 1 \nend\n",
		"unknown 1\nend\n", "none\nend\n", "because\nend\n",
		"a-very-long-name-that-is-no-field 1\nend\n", "count 1\nend\nend\n",
		"ok\nend\n", "size 99999999999999999999999999999999999999\nend\n"};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct hostlook_one *one = read_said(PROBE_FILE, bad[i]);

		if (!*one->why)
			fail_msg("taken: \"%s\"", bad[i]);
		drop(one);
	}
}

static void
words_are_made_harmless(void **state)
{
	struct hostlook_one *one = read_said(
		PROBE_FILE, "cannot \033]0;title\007 read\nend\n");

	(void)state;
	assert_null(strchr(one->why, '\033'));
	assert_non_null(strstr(one->why, "read"));
	drop(one);
}

/* Whatever comes, it is read within bounds, and it is never good without its `end`. */
static void
mutations_are_never_good_without_their_end(void **state)
{
	static const char said[] =
		"count 2\nage 90\nsize 1024\nmode 0640\nowner root\ngzip whole\nend\n";
	struct look_end end = {.out = STR_INIT, .err = STR_INIT};
	uint32_t seed = 4711;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[sizeof said];
		size_t len = next_random(&seed) % sizeof said;
		struct hostlook_one one = {0};

		memcpy(text, said, sizeof said);
		for (uint32_t n = next_random(&seed) % 4; n > 0; n--)
			text[next_random(&seed) % sizeof text] = (char)next_random(&seed);
		str_reset(&end.out);
		str_add(&end.out, text, len);
		hostscript_read(PROBE_FILE, &end, &one);
		if (len < 4 || !memmem(text, len, "end", 3))
			assert_string_not_equal(one.why, "");
		facts_release(&one.facts);
	}
	str_release(&end.out);
}

static void
a_missing_end_is_explained_by_the_shell(void **state)
{
	struct hostlook_one *one = read_said(PROBE_FILE, "count 1\n");

	(void)state;
	assert_string_equal(
		one->why, "the look did not come to its end: sh: awk: not found");
	drop(one);
}

static void
every_script_is_whole(void **state)
{
	(void)state;
	for (int i = 0; i < HOSTSCRIPT_COUNT; i++) {
		struct str text = STR_INIT;

		hostscript_text((enum hostscript)i, &text);
		assert_true(str_starts(text.buf, "p_"));
		assert_non_null(strstr(text.buf, "() {\n"));
		assert_null(strstr(text.buf, "#@"));
		/* Its last line calls what its first defines: a cut text runs nothing. */
		assert_true(str_ends(&text, "\n"));
		assert_null(strstr(text.buf, "\n#"));
		str_release(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_become_facts_in_base_units),
		cmocka_unit_test(members_have_their_names),
		cmocka_unit_test(what_is_not_there_is_known),
		cmocka_unit_test(anything_else_is_garbled),
		cmocka_unit_test(words_are_made_harmless),
		cmocka_unit_test(mutations_are_never_good_without_their_end),
		cmocka_unit_test(a_missing_end_is_explained_by_the_shell),
		cmocka_unit_test(every_script_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
