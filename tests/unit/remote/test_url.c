#include "remote/url.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void
parts_are_decoded(void **state)
{
	struct url u = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_true(url_read(&u, "rediss://probe:p%40%3A%2Fw@[2001:db8::1]/3", &e));
	assert_string_equal(u.scheme, "rediss");
	assert_string_equal(u.host, "2001:db8::1");
	assert_string_equal(u.user, "probe");
	assert_string_equal(u.password, "p@:/w");
	assert_string_equal(u.path, "/3");
	assert_int_equal(u.port, 6379);
	url_release(&u);
	assert_true(url_read(&u, "https://site.test:8443/a?b=c", &e));
	assert_int_equal(u.port, 8443);
	assert_null(u.password);
	url_release(&u);
}

static void
redirects_are_followed_to_the_web_alone(void **state)
{
	static const char *const bad[] = {"file:///etc/passwd", "ftp://x/", "redis://x/",
		"http://a b/", "http://\x01/"};
	struct url u = {0};
	struct err e = ERR_INIT;

	(void)state;
	assert_true(url_read(&u, "http://site.test/a/b", &e));
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (url_follow(&u, bad[i], &e))
			fail_msg("followed to %s", bad[i]);
		assert_string_equal(u.text, "http://site.test/a/b");
	}
	assert_true(url_follow(&u, "/c", &e));
	assert_string_equal(u.text, "http://site.test/c");
	assert_true(url_follow(&u, "https://other.test/", &e));
	assert_string_equal(u.host, "other.test");
	assert_int_equal(u.port, 443);
	url_release(&u);
}

static void
others_are_refused(void **state)
{
	static const char *const bad[] = {
		"", "site.test", "gopher://x", "http://", "http://x:0x/"};
	struct url u = {0};

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct err e = ERR_INIT;

		if (url_read(&u, bad[i], &e))
			fail_msg("taken: %s as %s", bad[i], u.text);
	}
	url_release(&u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_decoded),
		cmocka_unit_test(redirects_are_followed_to_the_web_alone),
		cmocka_unit_test(others_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
