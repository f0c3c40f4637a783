#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/cmdinput.h"
#include "base/file.h"
#include "base/mem.h"
#include "load/load.h"

static const char text[] = "handrail: 1\n"
			   "title: T\n"
			   "kind: deploy\n"
			   "inputs:\n"
			   "  name: {ask: Who, pattern: \"^[a-z]+$\"}\n"
			   "  count: {ask: Many, type: number}\n"
			   "  day: {ask: Day, type: date}\n"
			   "  pw: {secret: true, from: ask}\n"
			   "steps:\n"
			   "  - do: Look ${name} ${count} ${day}\n";

static struct runbook *
runbook(void)
{
	struct diags d = {0};
	struct runbook *rb = load_runbook_text(
		"x.yaml", text, strlen(text), &(struct load_opts){0}, &d);

	if (!rb)
		fail_msg("%s", d.list.at[0].msg);
	diags_release(&d);
	return rb;
}

/* "" when all is well, else what was said. */
static void
give(const char *input, char out[ERR_MSG_BYTES], enum err_kind *kind)
{
	struct runbook *rb = runbook();
	struct args a = {0};
	struct pairs got = {0};
	struct err e = ERR_INIT;

	vec_push(&a.inputs.list, input);
	bool ok = cmdinput_parse(&a, rb, &got, &e);
	assert_int_equal(ok, e.kind == ERR_NONE);
	memcpy(out, e.msg, ERR_MSG_BYTES);
	*kind = e.kind;
	cmdinput_release(&got);
	args_release(&a);
	runbook_unref(rb);
}

static void
a_value_is_checked_before_anything_runs(void **state)
{
	static const struct {
		const char *input, *says;
		enum err_kind kind;
	} rows[] = {
		{"name=anna", "", ERR_NONE},
		{"count=1.5", "", ERR_NONE},
		{"day=2026-11-20", "", ERR_NONE},
		{"name=Anna", "does not match", ERR_INPUT},
		{"name=", "does not match", ERR_INPUT},
		{"count=many", "not a number", ERR_INPUT},
		{"count=1x", "not a number", ERR_INPUT},
		{"day=20.11.2026", "not a date", ERR_INPUT},
		{"day=2026-13-40", "not a date", ERR_INPUT},
		{"nosuch=1", "no input nosuch", ERR_INPUT},
		{"name", "NAME=VALUE", ERR_INPUT},
		{"=x", "NAME=VALUE", ERR_INPUT},
		{"pw=hunter2", "not on a command line", ERR_INPUT},
		{"name=@/nowhere/at/all", "/nowhere/at/all", ERR_IO},
	};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char said[ERR_MSG_BYTES];
		enum err_kind kind;
		give(rows[i].input, said, &kind);
		if (kind != rows[i].kind || !strstr(said, rows[i].says))
			fail_msg("%s: %d \"%s\"", rows[i].input, (int)kind, said);
		assert_null(strstr(said, "hunter2"));
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_is_checked_before_anything_runs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
