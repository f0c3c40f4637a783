#include "remote/sudo.h"

#include <sys/stat.h>

#include "../loop/jail.h"
#include "base/file.h"
#include "linkkit.h"
#include "remote/job.h"

/*
 * sudo as far as we use it, first in PATH: account ops wants "right", account free wants
 * nothing, account none is not allowed. Every password that it read is kept in `tried`.
 */
static const char fake[] =
	"#!/bin/sh\n"
	"ask=1 stdin=0 prompt='Password: ' user=root\n"
	"while :; do case $1 in\n"
	"-n) ask=0 ;; -k|-H) ;; -S) stdin=1 ;; -p) prompt=$2; shift ;; -u) user=$2; shift ;;\n"
	"--) shift; break ;; *) exit 64 ;; esac; shift; done\n"
	"case $user in free) exec \"$@\" ;;\n"
	"none) echo 'Sorry, user me is not allowed to execute it as none.' >&2; exit 1 ;; esac\n"
	"[ $ask = 1 ] || { echo 'sudo: a password is required' >&2; exit 1; }\n"
	"for i in 1 2 3; do printf %s \"$prompt\" >&2; IFS= read -r pw || break\n"
	"echo \"$pw\" >>\"$XDG_STATE_HOME/tried\"\n"
	"[ \"$pw\" != right ] || exec \"$@\"; echo 'Sorry, try again.' >&2; done\n"
	"echo 'sudo: 3 incorrect password attempts' >&2; exit 1\n";

static char *dir;

struct said {
	int n;
	enum sudo_verdict verdict;
	char why[300];
};

static void
on_sudo(void *ctx, enum sudo_verdict verdict, const char *why)
{
	struct said *s = ctx;

	s->n++;
	s->verdict = verdict;
	snprintf(s->why, sizeof s->why, "%s", why);
}

static struct said
ask(const char *as, const char *password)
{
	struct kit k = {0};
	struct said s = {0};
	struct sudo *u;

	kit_open(&k, HOST_LOCAL, "local");
	u = sudo_start(k.link, as, password, on_sudo, &s);
	assert_int_equal(s.n, 0);
	KIT_WAIT(&k, s.n);
	sudo_free(u);
	kit_close(&k);
	return s;
}

static char *
tried(void)
{
	char *path = file_join(dir, "tried");
	struct str text = STR_INIT;
	struct err e = ERR_INIT;

	if (!file_read(path, 1000, &text, &e))
		str_adds(&text, "");
	unlink(path);
	mem_free(path);
	return str_take(&text);
}

static void
password_is_tried_once(void **state)
{
	char *list;

	(void)state;
	mem_free(tried());
	assert_int_equal(ask("ops", "right").verdict, SUDO_FINE);
	assert_int_equal(ask("ops", "wrong").verdict, SUDO_WRONG);
	list = tried();
	assert_string_equal(list, "right\nwrong\n");
	mem_free(list);
	assert_int_equal(ask("free", "any").verdict, SUDO_FINE);
}

static void
refusal_has_the_words_of_sudo(void **state)
{
	struct said s = ask("none", "right");

	(void)state;
	assert_int_equal(s.verdict, SUDO_REFUSED);
	assert_non_null(strstr(s.why, "not allowed"));
}

struct seen {
	struct str out;
	int ends;
	struct job_end end;
};

static void
on_output(void *ctx, const char *p, size_t len)
{
	str_add(&((struct seen *)ctx)->out, p, len);
}

static void
on_end(void *ctx, const struct job_end *end)
{
	struct seen *s = ctx;

	s->ends++;
	s->end = *end;
}

static struct seen
job(const char *step, const char *as, const char *password)
{
	struct seen seen = {.out = STR_INIT};
	struct job_calls calls = {.on_output = on_output, .on_end = on_end, .ctx = &seen};
	struct job_spec spec = {.run = "01JD0000000000000000000000",
		.step = step,
		.host = "local",
		.attempt = 1,
		.epoch = 1,
		.head = "00",
		.text = "echo ran",
		.as = as,
		.as_password = password};
	struct kit k = {0};
	struct job *j;

	kit_open(&k, HOST_LOCAL, "local");
	j = job_start(k.link, &spec, NULL, &calls);
	KIT_WAIT(&k, seen.ends);
	job_free(j);
	kit_close(&k);
	return seen;
}

static void
job_of_another_account_asks_until_it_is_right(void **state)
{
	struct seen s = job("a", "ops", NULL);

	(void)state;
	assert_int_equal(s.end.state, JOB_REFUSED);
	assert_true(s.end.wants_password);
	str_release(&s.out);
	s = job("a", "ops", "wrong");
	assert_int_equal(s.end.state, JOB_REFUSED);
	assert_true(s.end.wants_password);
	assert_non_null(strstr(s.end.why, "wrong password"));
	str_release(&s.out);
	s = job("a", "ops", "right");
	assert_int_equal(s.end.state, JOB_DONE);
	assert_string_equal(s.out.buf, "ran\n");
	str_release(&s.out);
	s = job("b", "free", "right"); /* the password is no command */
	assert_int_equal(s.end.state, JOB_DONE);
	assert_string_equal(s.out.buf, "ran\n");
	str_release(&s.out);
	s = job("c", "none", NULL);
	assert_int_equal(s.end.state, JOB_REFUSED);
	assert_false(s.end.wants_password);
	assert_non_null(strstr(s.end.why, "sudo not allowed"));
	str_release(&s.out);
}

static void
on_look(void *ctx, const struct look_end *end)
{
	struct seen *s = ctx;

	s->ends++;
	s->end.state = end->known ? JOB_DONE : JOB_UNKNOWN;
	s->end.wants_password = end->wants_password;
	str_add(&s->out, end->out.buf, end->out.len);
}

static void
look_of_another_account_says_what_it_wants(void **state)
{
	struct look_spec spec = {.text = "echo seen", .as = "ops"};
	struct seen s = {.out = STR_INIT};
	struct kit k = {0};
	struct look *l;

	(void)state;
	kit_open(&k, HOST_LOCAL, "local");
	l = look_start(k.link, &spec, NULL, on_look, &s);
	KIT_WAIT(&k, s.ends);
	look_free(l);
	assert_true(s.end.wants_password);
	spec.as_password = "right";
	l = look_start(k.link, &spec, NULL, on_look, &s);
	KIT_WAIT(&k, s.ends == 2);
	look_free(l);
	assert_int_equal(s.end.state, JOB_DONE);
	assert_string_equal(s.out.buf, "seen\n");
	str_release(&s.out);
	kit_close(&k);
}

static int
up(void **state)
{
	static char path[] = "/tmp/hr-test-sudo-XXXXXX";
	char *sudo, *where;
	struct err e = ERR_INIT;

	(void)state;
	dir = mkdtemp(path);
	sudo = file_join(dir, "sudo");
	where = mem_printf("%s:%s", dir, getenv("PATH"));
	if (!file_replace(sudo, fake, strlen(fake), 0700, &e))
		fail_msg("%s", e.msg);
	setenv("PATH", where, 1);
	setenv("XDG_STATE_HOME", dir, 1);
	mem_free(sudo);
	mem_free(where);
	return 0;
}

static int
down(void **state)
{
	struct err e = ERR_INIT;

	(void)state;
	return file_remove_tree(dir, &e) ? 0 : -1;
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(password_is_tried_once),
		cmocka_unit_test(refusal_has_the_words_of_sudo),
		cmocka_unit_test(job_of_another_account_asks_until_it_is_right),
		cmocka_unit_test(look_of_another_account_says_what_it_wants),
	};

	(void)argc;
	jail_enter(argv);
	return cmocka_run_group_tests(tests, up, down);
}
