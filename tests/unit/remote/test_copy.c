#include "remote/copy.h"

#include <sys/stat.h>
#include <unistd.h>

#include "../loop/jail.h"
#include "linkkit.h"

enum { SIZE = 512 * 1024 };

struct seen {
	struct copy *c;
	int pieces, ends;
	struct copy_end end;
};

static void
on_source(void *ctx, const struct copy_found *f)
{
	struct seen *s = ctx;

	assert_int_equal(f->size, SIZE);
	copy_go(s->c);
}

static void
on_begun(void *ctx, const struct copy_found *stood)
{
	(void)ctx;
	assert_string_equal(stood->sum, "");
}

static void
on_piece(void *ctx, int64_t done, int64_t size)
{
	struct seen *s = ctx;

	(void)done;
	assert_int_equal(size, SIZE);
	s->pieces++;
}

static void
on_end(void *ctx, const struct copy_end *end)
{
	struct seen *s = ctx;

	s->end = *end;
	s->ends++;
}

/* A dd that reads so slowly, before the real one. */
static void
slow_reader(const char *dir, const char *seconds)
{
	struct str path = STR_INIT, sh = STR_INIT;

	str_addf(&path, "%s:%s", dir, getenv("PATH"));
	str_addf(&sh,
		"cat >%s/dd <<'E' && chmod +x %s/dd && dd if=/dev/zero of=%s/from "
		"bs=%d count=1 2>/dev/null\n"
		"#!/bin/sh\ncase $* in *skip=*) timeout %s tail -f /dev/null ;; esac\n"
		"exec /bin/dd \"$@\"\nE\n",
		dir, dir, dir, SIZE, seconds);
	assert_int_equal(system(sh.buf), 0);
	assert_int_equal(setenv("PATH", path.buf, 1), 0);
	str_release(&sh);
	str_release(&path);
}

/* Pieces grow while both ways are quick: one that only the source takes long for would be
 * taken for a stall when it is a large one. */
static void
a_slow_source_gets_small_pieces(void **state)
{
	char dir[] = "/tmp/copy.XXXXXX", from[64], to[64];
	struct kit k = {0};
	struct seen s = {0};
	struct copy_calls calls = {on_source, on_begun, on_piece, on_end, &s};
	struct copy_spec spec = {
		.from_path = from, .to_path = to, .temp = ".aside", .mode = "0600"};
	struct str sh = STR_INIT;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(from, sizeof from, "%s/from", dir);
	snprintf(to, sizeof to, "%s/to", dir);
	slow_reader(dir, "0.2");
	kit_open(&k, HOST_LOCAL, "local");
	spec.from = spec.to = k.link;
	s.c = copy_start(&spec, &calls);
	KIT_WAIT(&k, s.ends);
	assert_string_equal(s.end.why, "");
	assert_int_equal(s.end.result, COPY_PLACED);
	assert_int_equal(s.pieces, 4);
	copy_free(s.c);
	kit_close(&k);
	str_addf(&sh, "cmp %s %s && rm -r %s", from, to, dir);
	assert_int_equal(system(sh.buf), 0);
	str_release(&sh);
}

int
main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_slow_source_gets_small_pieces),
	};

	(void)argc;
	jail_enter(argv);
	setenv("HANDRAIL_TEST_PACE", "10", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
