#include "base/digest.h"

#include "unit.h"

#include <ctype.h>
#include <string.h>

#include "base/mem.h"

/* Examples of FIPS 180-4. */
static const struct {
	const char *text, *hex;
} examples[] = {
	{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void
published_examples_come_out(void **state)
{
	char hex[DIGEST_HEX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(examples); i++) {
		digest_hex(examples[i].text, strlen(examples[i].text), hex);
		assert_string_equal(hex, examples[i].hex);
	}
}

static void
one_context_serves_again_and_again(void **state)
{
	struct digest *d = digest_new();
	char hex[DIGEST_HEX + 1];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < COUNT(examples); i++) {
			for (const char *c = examples[i].text; *c != '\0'; c++)
				digest_update(d, c, 1);
			digest_final_hex(d, hex);
			assert_string_equal(hex, examples[i].hex);
		}
	}
	digest_free(d);
	digest_free(NULL);
}

static void
a_million_bytes_in_odd_pieces(void **state)
{
	struct digest *d = digest_new();
	char *text = mem_alloc(1000000), hex[DIGEST_HEX + 1];

	(void)state;
	memset(text, 'a', 1000000);
	for (size_t at = 0, n = 1; at < 1000000; at += n, n = n * 3 % 4999 + 1) {
		if (n > 1000000 - at)
			n = 1000000 - at;
		digest_update(d, text + at, n);
	}
	digest_final_hex(d, hex);
	assert_string_equal(
		hex, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
	digest_free(d);
	mem_free(text);
}

static void
random_hex_is_hex_and_never_the_same(void **state)
{
	char a[33], b[33], none[1] = "x";

	(void)state;
	digest_random_hex(16, a);
	digest_random_hex(16, b);
	assert_int_equal(strlen(a), 32);
	assert_int_equal(strspn(a, "0123456789abcdef"), 32);
	assert_string_not_equal(a, b);
	digest_random_hex(0, none);
	assert_string_equal(none, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_examples_come_out),
		cmocka_unit_test(one_context_serves_again_and_again),
		cmocka_unit_test(a_million_bytes_in_odd_pieces),
		cmocka_unit_test(random_hex_is_hex_and_never_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
