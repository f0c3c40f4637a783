#include "base/dlog.h"

#include "unit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/stamp.h"

static int
make_log(void **state)
{
	char folder[] = "/tmp/handrail-dlog-XXXXXX";

	if (mkdtemp(folder) == NULL)
		return -1;
	*state = file_join(folder, "log");
	return 0;
}

static int
remove_log(void **state)
{
	struct err e = ERR_INIT;
	char *folder = file_dir(*state);
	bool gone = file_remove_tree(folder, &e);

	dlog_close();
	mem_free(folder);
	mem_free(*state);
	return gone ? 0 : -1;
}

static void
off_until_opened(void **state)
{
	(void)state;
	assert_false(dlog_on());
	dlog("test", "into the void %d", 1);
	dlog_close();
}

static void
lines_are_json_and_harmless(void **state)
{
	struct err e = ERR_INIT;
	struct str text = STR_INIT;
	struct stat st;
	struct wall when;

	assert_true(dlog_open(*state, &e));
	assert_true(dlog_on());
	dlog("worker", "host %s said \x1b[2J\n", "db");
	dlog("loop", "%d ms", 17);
	dlog_close();
	assert_false(dlog_on());
	assert_int_equal(stat(*state, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(file_read(*state, 4096, &text, &e));
	char *second = strchr(text.buf, '\n') + 1;
	struct json *j = json_parse(text.buf, (size_t)(second - text.buf), &e);
	assert_non_null(j);
	const struct json_node *n = json_root(j);
	assert_string_equal(json_str(n, "area", ""), "worker");
	assert_string_equal(json_str(n, "text", ""), "host db said ^[[2J^J");
	assert_true(stamp_parse(json_str(n, "t", ""), &when));
	assert_true(json_int(n, "mono", -1) >= 0);
	assert_non_null(strstr(second, "\"area\":\"loop\",\"text\":\"17 ms\"}\n"));
	json_free(j);
	str_release(&text);
}

static void
opening_again_appends(void **state)
{
	struct err e = ERR_INIT;
	struct str text = STR_INIT;

	assert_true(dlog_open(*state, &e));
	dlog("a", "one");
	assert_true(dlog_open(*state, &e));
	dlog("b", "two");
	dlog_close();
	assert_true(file_read(*state, 4096, &text, &e));
	assert_non_null(strstr(text.buf, "one"));
	assert_non_null(strstr(text.buf, "two"));
	str_release(&text);
}

static void
the_terminal_is_refused(void **state)
{
	struct err e = ERR_INIT;
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	(void)state;
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		skip();
	assert_false(dlog_open(ptsname(master), &e));
	assert_int_equal(e.kind, ERR_INPUT);
	assert_false(dlog_on());
	close(master);
	assert_false(dlog_open("/nonexistent/log", &e));
	assert_int_equal(e.kind, ERR_IO);
}

static void
a_log_that_cannot_be_written_is_given_up(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	if (access("/dev/full", W_OK) != 0)
		skip();
	assert_true(dlog_open("/dev/full", &e));
	dlog("a", "lost");
	assert_false(dlog_on());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(off_until_opened),
		cmocka_unit_test_setup_teardown(
			lines_are_json_and_harmless, make_log, remove_log),
		cmocka_unit_test_setup_teardown(
			opening_again_appends, make_log, remove_log),
		cmocka_unit_test(the_terminal_is_refused),
		cmocka_unit_test(a_log_that_cannot_be_written_is_given_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
