#include "base/bug.h"

#include "unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct death {
	int status;
	char said[512];
};

/* What `die` leaves behind, seen from outside: its last words and its wait status. */
static struct death
watch_death(void (*die)(void))
{
	struct death d = {0};
	int pipes[2];
	size_t len = 0;

	assert_int_equal(pipe(pipes), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		signal(SIGABRT, SIG_DFL); /* cmocka's own handler would jump back */
		dup2(pipes[1], STDERR_FILENO);
		close(pipes[0]);
		close(pipes[1]);
		die();
		_exit(0);
	}
	close(pipes[1]);
	for (ssize_t n; (n = read(pipes[0], d.said + len, sizeof d.said - 1 - len)) > 0;)
		len += (size_t)n;
	close(pipes[0]);
	assert_int_equal(waitpid(child, &d.status, 0), child);
	return d;
}

static void
say_restored(void)
{
	if (write(STDERR_FILENO, "restored.", 9) != 9)
		_exit(1);
}

static void
restore_badly(void)
{
	BUG_ON(1 == 1);
}

static void
break_a_promise(void)
{
	bug_set_hook(say_restored);
	BUG_ON(2 > 1);
}

static void
break_it_in_the_hook_too(void)
{
	bug_set_hook(restore_badly);
	BUG_ON(3 > 1);
}

static void
run_out_of_memory(void)
{
	bug_set_hook(say_restored);
	bug_no_memory(77);
}

static void
keep_the_promise(void)
{
	BUG_ON(1 > 2);
}

static void
terminal_is_restored_before_the_message(void **state)
{
	(void)state;
	struct death d = watch_death(break_a_promise);
	assert_true(WIFSIGNALED(d.status));
	assert_int_equal(WTERMSIG(d.status), SIGABRT);
	assert_ptr_equal(strstr(d.said, "restored.handrail: bug at "), d.said);
	assert_non_null(strstr(d.said, "test_bug.c:"));
	assert_non_null(strstr(d.said, ": 2 > 1\n"));
}

static void
a_hook_that_dies_is_not_called_again(void **state)
{
	(void)state;
	struct death d = watch_death(break_it_in_the_hook_too);
	assert_true(WIFSIGNALED(d.status));
	assert_non_null(strstr(d.said, ": 1 == 1\n"));
}

static void
no_memory_exits_70_with_a_sentence(void **state)
{
	(void)state;
	struct death d = watch_death(run_out_of_memory);
	assert_true(WIFEXITED(d.status));
	assert_int_equal(WEXITSTATUS(d.status), 70);
	assert_ptr_equal(
		strstr(d.said, "restored.handrail: out of memory (77 bytes"), d.said);
}

static void
a_kept_promise_costs_nothing(void **state)
{
	(void)state;
	struct death d = watch_death(keep_the_promise);
	assert_int_equal(d.status, 0);
	assert_string_equal(d.said, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terminal_is_restored_before_the_message),
		cmocka_unit_test(a_hook_that_dies_is_not_called_again),
		cmocka_unit_test(no_memory_exits_70_with_a_sentence),
		cmocka_unit_test(a_kept_promise_costs_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
