#include "base/wirefacts.h"

#include "unit.h"

#include <string.h>

#include "base/mem.h"

static void
facts_arrive_as_sent(void **state)
{
	struct wirefacts f = {
		.host = (char *)"db1.example.com",
		.user = (char *)"ops",
		.hostkeys = (char *)"ssh-ed25519",
		.port = 2222,
		.connect_ms = 15000,
		.flags = WIREFACTS_PUBKEY | WIREFACTS_KBDINT,
	};
	struct wirefacts got;
	struct str payload = STR_INIT;

	(void)state;
	vec_push(&f.files, (char *)"/home/ops/.ssh/id_ed25519");
	vec_push(&f.files, (char *)"/home/ops/.ssh/id_ecdsa");
	wirefacts_add(&payload, &f);
	assert_true(wirefacts_get(&got, payload.buf, payload.len));
	assert_string_equal(got.host, "db1.example.com");
	assert_string_equal(got.user, "ops");
	assert_string_equal(got.agent, ""); /* what is not said is empty, not NULL */
	assert_int_equal(got.port, 2222);
	assert_int_equal(got.connect_ms, 15000);
	assert_int_equal(got.flags, WIREFACTS_PUBKEY | WIREFACTS_KBDINT);
	assert_int_equal(got.files.len, 2);
	assert_string_equal(got.files.at[1], "/home/ops/.ssh/id_ecdsa");
	wirefacts_release(&got);
	vec_free(&f.files);
	str_release(&payload);
}

static void
cut_or_longer_payloads_are_refused(void **state)
{
	struct wirefacts f = {.host = (char *)"h", .user = (char *)"u"}, got;
	struct str payload = STR_INIT;

	(void)state;
	vec_push(&f.files, (char *)"/f");
	wirefacts_add(&payload, &f);
	for (size_t n = 0; n < payload.len; n++)
		assert_false(wirefacts_get(&got, payload.buf, n));
	str_addc(&payload, 'x');
	assert_false(wirefacts_get(&got, payload.buf, payload.len));
	str_cut(&payload, payload.len - 1);
	payload.buf[3]++; /* another proto */
	assert_false(wirefacts_get(&got, payload.buf, payload.len));
	vec_free(&f.files);
	str_release(&payload);
}

static void
absurd_facts_still_fit_a_frame(void **state)
{
	char *path = mem_alloc(4001), *name = mem_alloc(100001);
	struct wirefacts f = {.host = name, .user = (char *)"u"}, got;
	struct str payload = STR_INIT;

	(void)state;
	memset(path, 'p', 4000);
	memset(name, 'n', 100000);
	for (int i = 0; i < 100; i++)
		vec_push(&f.files, path);
	wirefacts_add(&payload, &f);
	assert_true(payload.len <= WIRE_PAYLOAD_MAX);
	assert_true(wirefacts_get(&got, payload.buf, payload.len));
	assert_string_equal(got.host, "");
	assert_in_range(got.files.len, 10, 20);
	wirefacts_release(&got);
	vec_free(&f.files);
	str_release(&payload);
	mem_free(path);
	mem_free(name);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_arrive_as_sent),
		cmocka_unit_test(cut_or_longer_payloads_are_refused),
		cmocka_unit_test(absurd_facts_still_fit_a_frame),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
