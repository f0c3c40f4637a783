#include "remote/engine.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "linkkit.h"

/* An engine's client against a docker of our own making, a shell script on PATH: what it
 * answers, and that what goes wrong is told once. */

struct seen {
	struct kit k;
	struct engine *g;
	struct str answers, events;
	int answered, heard, down;
	bool lost;
	char why[256], dir[64];
	bool free_inside;
};

static void
on_answer(void *ctx, const char *body, size_t len, int64_t took_ms)
{
	struct seen *s = ctx;

	assert_true(took_ms >= 0);
	str_add(&s->answers, body, len);
	s->answered++;
	if (s->free_inside) {
		engine_free(s->g);
		s->g = NULL;
	}
}

static void
on_event(void *ctx, const char *line, size_t len)
{
	struct seen *s = ctx;

	str_add(&s->events, line, len);
	str_addc(&s->events, '|');
	s->heard++;
}

static void
on_down(void *ctx, bool lost, const char *why)
{
	struct seen *s = ctx;

	s->down++;
	s->lost = lost;
	snprintf(s->why, sizeof s->why, "%s", why);
}

static void
open_engine(struct seen *s, const char *docker)
{
	char *path, *search;
	int fd;

	memset(s, 0, sizeof *s);
	s->answers = s->events = STR_INIT;
	snprintf(s->dir, sizeof s->dir, "/tmp/handrail-engine.XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	path = mem_printf("%s/docker", s->dir);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "#!/bin/sh\n", 10), 10);
	assert_int_equal(write(fd, docker, strlen(docker)), (ssize_t)strlen(docker));
	close(fd);
	search = mem_printf("%s:/usr/bin:/bin", s->dir);
	setenv("PATH", search, 1);
	kit_open(&s->k, HOST_LOCAL, "local");
	s->g = engine_new(
		s->k.link, &(struct engine_calls){on_answer, on_event, on_down, s});
	mem_free(path);
	mem_free(search);
}

static void
close_engine(struct seen *s)
{
	char *path = mem_printf("%s/docker", s->dir);

	engine_free(s->g);
	kit_close(&s->k);
	unlink(path);
	rmdir(s->dir);
	mem_free(path);
	str_release(&s->answers);
	str_release(&s->events);
}

/* Answers each request of a connection with its path. */
#define SERVE \
	"while IFS=' ' read -r verb path rest; do\n" \
	"  while IFS= read -r line; do [ \"${#line}\" -gt 1 ] || break; done\n" \
	"  printf 'HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s' \"${#path}\" \"$path\"\n" \
	"done\n"

static void
one_channel_answers_again_and_again(void **state)
{
	struct seen s;

	(void)state;
	open_engine(&s, "[ \"$*\" = 'system dial-stdio' ] || exit 9\n" SERVE);
	for (int i = 0; i < 5; i++) {
		assert_true(engine_ask(s.g, "/list"));
		assert_false(engine_ask(s.g, "/not-yet"));
		KIT_WAIT(&s.k, s.answered == i + 1 || s.down);
	}
	assert_string_equal(s.answers.buf, "/list/list/list/list/list");
	assert_int_equal(s.down, 0);
	close_engine(&s);
}

static void
events_come_line_by_line(void **state)
{
	struct seen s;

	(void)state;
	open_engine(&s,
		"read -r line; case $line in *since=17*) ;; *) exit 9 ;; esac\n"
		"printf 'HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n'\n"
		"printf '5\\r\\n{\"a\":\\r\\n4\\r\\n1}\\n{\\r\\n3\\r\\n2}\\n\\r\\n'\n"
		"cat >/dev/null\n");
	engine_hear(s.g, 17);
	KIT_WAIT(&s.k, s.heard == 2 || s.down);
	assert_string_equal(s.events.buf, "{\"a\":1}|{2}|");
	engine_hear_not(s.g);
	assert_int_equal(s.down, 0);
	close_engine(&s);
}

static void
what_goes_wrong_is_told_once(void **state)
{
	static const struct {
		const char *docker, *why;
	} rows[] = {
		{"echo 'permission denied while trying to connect' >&2; exit 1\n",
			"permission denied while trying to connect"},
		{"exit 0\n", "docker system dial-stdio ended"},
		{"echo 'unknown command: docker system'; cat >/dev/null\n",
			"the answer is no HTTP: no status line"},
		{"printf 'HTTP/1.1 500 no\\r\\nContent-Length: 0\\r\\n\\r\\n'; cat >/dev/null\n",
			"the engine answers 500"},
		{"printf 'HTTP/1.1 200 OK\\r\\nContent-Length: 50\\r\\n\\r\\ncut'\n",
			"docker system dial-stdio ended"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct seen s;

		open_engine(&s, rows[i].docker);
		assert_true(engine_ask(s.g, "/list"));
		KIT_WAIT(&s.k, s.down);
		assert_string_equal(s.why, rows[i].why);
		assert_int_equal(s.answered, 0);
		assert_false(s.lost);
		assert_false(engine_ask(s.g, "/list"));
		loop_settle(s.k.loop, 50);
		assert_int_equal(s.down, 1);
		close_engine(&s);
	}
}

static void
it_may_be_freed_from_inside(void **state)
{
	struct seen s;

	(void)state;
	open_engine(&s, SERVE);
	s.free_inside = true;
	assert_true(engine_ask(s.g, "/list"));
	KIT_WAIT(&s.k, s.answered);
	assert_null(s.g);
	close_engine(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_channel_answers_again_and_again),
		cmocka_unit_test(events_come_line_by_line),
		cmocka_unit_test(what_goes_wrong_is_told_once),
		cmocka_unit_test(it_may_be_freed_from_inside),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
