#include "loop/askpass.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"

static struct loop *loop;

struct scene {
	struct askpass *a;
	struct loop_child *child;
	struct str out, asked;
	int questions, withdrawn, ended;
	enum askpass_kind kind;
	struct loop_child_end end;
	const char *reply; /* NULL: cancel */
	bool hold;         /* do not answer */
};

static void
reply_later(void *ctx)
{
	struct scene *s = ctx;

	askpass_answer(s->a, s->reply);
}

static void
asked(void *ctx, const char *text, enum askpass_kind kind)
{
	struct scene *s = ctx;

	if (!text) {
		s->withdrawn++;
		return;
	}
	s->questions++;
	s->kind = kind;
	str_adds(&s->asked, text);
	str_addc(&s->asked, '|');
	if (!s->hold)
		loop_defer(loop, reply_later, s);
}

static void
out(void *ctx, const char *p, size_t len)
{
	struct scene *s = ctx;

	str_add(&s->out, p, len);
}

static void
ended(void *ctx, const struct loop_child_end *end)
{
	struct scene *s = ctx;

	s->ended++;
	s->end = *end;
}

static void
open_scene(struct scene *s, const char *shell)
{
	const char *argv[] = {"sh", "-c", shell, NULL};
	struct loop_child_calls calls = {.on_out = out, .on_end = ended, .ctx = s};
	struct loop_child_opts o = {.argv = argv};
	struct err e = ERR_INIT;

	loop = loop_new();
	s->out = STR_INIT;
	s->asked = STR_INIT;
	s->a = askpass_new(loop, asked, s, &e);
	assert_non_null(s->a);
	o.env = askpass_env(s->a);
	s->child = loop_child_start(loop, &o, &calls, &e);
	assert_non_null(s->child);
}

static void
close_scene(struct scene *s)
{
	char *folder = strdup(askpass_folder(s->a));

	askpass_free(s->a);
	loop_child_free(s->child);
	assert_int_equal(access(folder, F_OK), -1);
	free(folder);
	str_release(&s->out);
	str_release(&s->asked);
	loop_free(loop);
}

static void
run(struct scene *s)
{
	while (!s->ended)
		loop_turn(loop, 1000);
}

static void
answer_reaches_the_one_who_asked(void **state)
{
	struct scene s = {.reply = "correct horse"};

	(void)state;
	open_scene(&s, "\"$SSH_ASKPASS\" 'Enter passphrase: '");
	run(&s);
	assert_string_equal(s.asked.buf, "Enter passphrase: |");
	assert_int_equal(s.kind, ASKPASS_SECRET);
	assert_string_equal(s.out.buf, "correct horse\n");
	assert_int_equal(s.end.exit, 0);
	close_scene(&s);
}

static void
cancel_is_a_failure_without_output(void **state)
{
	struct scene s = {0};

	(void)state;
	open_scene(&s, "\"$SSH_ASKPASS\" 'Enter passphrase: '");
	run(&s);
	assert_string_equal(s.out.buf, "");
	assert_int_equal(s.end.exit, 1);
	close_scene(&s);
}

static void
questions_come_one_at_a_time(void **state)
{
	struct scene s = {.reply = ""};

	(void)state;
	open_scene(&s, "\"$SSH_ASKPASS\" a & \"$SSH_ASKPASS\" a & wait");
	run(&s);
	assert_string_equal(s.asked.buf, "a|a|");
	assert_string_equal(s.out.buf, "\n\n");
	close_scene(&s);
}

static void
confirmation_says_what_it_is(void **state)
{
	struct scene s = {.reply = "yes"};

	(void)state;
	open_scene(&s, "SSH_ASKPASS_PROMPT=confirm \"$SSH_ASKPASS\" 'Allow?'");
	run(&s);
	assert_int_equal(s.kind, ASKPASS_CONFIRM);
	assert_int_equal(s.end.exit, 0);
	close_scene(&s);
}

static void
one_that_goes_away_withdraws_its_question(void **state)
{
	struct scene s = {.hold = true};

	(void)state;
	open_scene(&s, "\"$SSH_ASKPASS\" 'Enter passphrase: '");
	while (!s.questions)
		loop_turn(loop, 1000);
	loop_child_free(s.child); /* kills it with its group */
	s.child = NULL;
	while (!s.withdrawn)
		loop_turn(loop, 1000);
	askpass_answer(s.a, "too late");
	close_scene(&s);
}

static void
socket_is_private(void **state)
{
	struct scene s = {.reply = "x"};
	struct stat st;

	(void)state;
	open_scene(&s, ":");
	assert_int_equal(stat(askpass_folder(s.a), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	run(&s);
	close_scene(&s);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answer_reaches_the_one_who_asked),
		cmocka_unit_test(cancel_is_a_failure_without_output),
		cmocka_unit_test(questions_come_one_at_a_time),
		cmocka_unit_test(confirmation_says_what_it_is),
		cmocka_unit_test(one_that_goes_away_withdraws_its_question),
		cmocka_unit_test(socket_is_private),
	};

	if (askpass_wanted())
		return askpass_main(argc, argv);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
