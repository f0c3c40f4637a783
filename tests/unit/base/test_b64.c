#include "base/b64.h"

#include "unit.h"

#include <string.h>

static void
published_examples_go_both_ways(void **state)
{
	static const struct {
		const char *plain, *coded;
	} rows[] = {
		{"", ""},
		{"f", "Zg=="},
		{"fo", "Zm8="},
		{"foo", "Zm9v"},
		{"foob", "Zm9vYg=="},
		{"fooba", "Zm9vYmE="},
		{"foobar", "Zm9vYmFy"},
		{"\xff\xfe\xfd", "//79"},
		{"\xfb\xef\xbe", "++++"},
	};
	struct str out = STR_INIT;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		str_reset(&out);
		b64_encode(&out, rows[i].plain, strlen(rows[i].plain));
		assert_string_equal(out.buf, rows[i].coded);
		str_reset(&out);
		assert_true(b64_decode(&out, rows[i].coded, strlen(rows[i].coded)));
		assert_string_equal(out.buf, rows[i].plain);
	}
	str_release(&out);
}

static void
random_bytes_come_back(void **state)
{
	struct dice d = DICE(3);
	struct str coded = STR_INIT, back = STR_INIT;
	char bytes[200];

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t len = dice_roll(&d, sizeof bytes);
		for (size_t i = 0; i < len; i++)
			bytes[i] = (char)dice_roll(&d, 256);
		str_reset(&coded);
		str_reset(&back);
		b64_encode(&coded, bytes, len);
		assert_int_equal(coded.len, (len + 2) / 3 * 4);
		assert_true(b64_decode(&back, coded.buf, coded.len));
		assert_int_equal(back.len, len);
		assert_memory_equal(back.buf, bytes, len);
	}
	str_release(&coded);
	str_release(&back);
}

static void
bad_texts_add_nothing(void **state)
{
	static const char *const bad[] = {"Z", "Zg",
		"Zg=", "Zg===", "====", "=g==", "Z===", "Zh==", "Zm9=", "Zg==Zm9v",
		"Zm9v\n", "Zm 9v", "Zm-v", "Zm_v", "Zm9vYg=!", "\xc3\xbcZZ"};
	struct str out = STR_INIT;

	(void)state;
	str_adds(&out, "before");
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (b64_decode(&out, bad[i], strlen(bad[i])))
			fail_msg("decoded: %s", bad[i]);
		assert_string_equal(out.buf, "before");
	}
	str_release(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_examples_go_both_ways),
		cmocka_unit_test(random_bytes_come_back),
		cmocka_unit_test(bad_texts_add_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
