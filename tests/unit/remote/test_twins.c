/* Names that lead to one machine: told before anything runs, without contacting anybody. */

#include "linkkit.h"

#include "base/mem.h"
#include "remote/twins.h"

static void
told(void *ctx, const char *words)
{
	char **to = ctx;

	assert_null(*to); /* once */
	*to = mem_strdup(words);
}

static char *
told_of(const char *const *names, size_t n)
{
	struct kit k = {.loop = loop_new()};
	char *words = NULL;
	struct twins *t = twins_start(k.loop, names, n, told, &words);

	KIT_WAIT(&k, words);
	twins_free(t);
	loop_free(k.loop);
	return words;
}

static char config[] = "/tmp/twins.XXXXXX";

static void
same_address_port_and_way_is_one_machine(void **state)
{
	static const char *const names[] = {
		"web1", "www", "other-port", "by-jump", "also-jump", "elsewhere", "WEB"};
	char *words = told_of(names, sizeof names / sizeof *names);

	(void)state;
	assert_string_equal(words,
		"web1 and www are one machine (192.0.2.7:22); by-jump and also-jump are "
		"one machine (192.0.2.7:22); web1 and WEB are one machine (192.0.2.7:22)");
	mem_free(words);
}

static void
different_machines_make_no_words(void **state)
{
	static const char *const names[] = {"web1", "elsewhere", "web1"};
	char *words = told_of(names, 3);

	(void)state;
	assert_string_equal(words, ""); /* one name twice is one name */
	mem_free(words);
}

static void
a_name_that_ssh_refuses_is_nobodys_twin(void **state)
{
	static const char *const names[] = {
		"-oProxyCommand=x", "web1", "two words", "www"};
	char *words = told_of(names, 4);

	(void)state;
	assert_string_equal(words, "web1 and www are one machine (192.0.2.7:22)");
	mem_free(words);
}

static void
freed_early_it_says_nothing(void **state)
{
	static const char *const names[] = {"web1", "www"};
	struct kit k = {.loop = loop_new()};
	char *words = NULL;
	struct twins *t = twins_start(k.loop, names, 2, told, &words);

	(void)state;
	loop_turn(k.loop, 0);
	twins_free(t);
	twins_free(NULL);
	loop_turn(k.loop, 0);
	assert_null(words);
	loop_free(k.loop);
}

int
main(void)
{
	static const char text[] =
		"Host web1 www WEB\n\tHostName 192.0.2.7\n"
		"Host other-port\n\tHostName 192.0.2.7\n\tPort 2222\n"
		"Host by-jump also-jump\n\tHostName 192.0.2.7\n\tProxyJump hop\n"
		"Host elsewhere\n\tHostName 192.0.2.8\n";
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_address_port_and_way_is_one_machine),
		cmocka_unit_test(different_machines_make_no_words),
		cmocka_unit_test(a_name_that_ssh_refuses_is_nobodys_twin),
		cmocka_unit_test(freed_early_it_says_nothing),
	};
	int fd = mkstemp(config), failed;

	if (fd < 0 || write(fd, text, sizeof text - 1) != (ssize_t)sizeof text - 1)
		return 99;
	close(fd);
	setenv("HANDRAIL_SSH_CONFIG", config, 1);
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	unlink(config);
	return failed;
}
