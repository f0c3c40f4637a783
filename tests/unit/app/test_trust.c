#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/trust.h"
#include "base/file.h"
#include "base/mem.h"
#include "load/load.h"

static struct runbook *
runbook(const char *title)
{
	struct diags d = {0};
	char *text = mem_printf(
		"handrail: 1\ntitle: %s\nkind: deploy\nsteps:\n  - do: Look\n", title);
	struct runbook *rb = load_runbook_text(
		"x.yaml", text, strlen(text), &(struct load_opts){0}, &d);

	assert_non_null(rb);
	diags_release(&d);
	mem_free(text);
	return rb;
}

static int
state_up(void **state)
{
	char dir[] = "/tmp/trust.XXXXXX";

	*state = mem_strdup(mkdtemp(dir));
	return setenv("HANDRAIL_STATE_DIR", *state, 1);
}

static int
state_down(void **state)
{
	struct err e = ERR_INIT;
	bool gone = file_remove_tree(*state, &e);

	mem_free(*state);
	return gone ? 0 : -1;
}

static void
trust_is_of_one_content_only(void **state)
{
	struct runbook *a = runbook("One"), *b = runbook("Two");
	char ha[DIGEST_HEX + 1], hb[DIGEST_HEX + 1], hp[DIGEST_HEX + 1];
	struct err e = ERR_INIT;

	(void)state;
	trust_hash(a, NULL, ha);
	trust_hash(b, NULL, hb);
	trust_hash(a, "0123", hp);
	assert_string_not_equal(ha, hb);
	assert_string_not_equal(ha, hp); /* another project, another meaning */
	assert_false(trust_has(ha));
	assert_true(trust_grant(ha, "x.yaml", &e));
	assert_true(trust_has(ha));
	assert_false(trust_has(hb));
	assert_false(trust_has(hp));
	runbook_unref(a);
	runbook_unref(b);
}

/* A file's name is written beside the hash and must not look like another line. */
static void
a_name_cannot_forge_trust(void **state)
{
	struct runbook *a = runbook("One"), *b = runbook("Two");
	char ha[DIGEST_HEX + 1], hb[DIGEST_HEX + 1];
	struct err e = ERR_INIT;
	char *path;

	(void)state;
	trust_hash(a, NULL, ha);
	trust_hash(b, NULL, hb);
	path = mem_printf("x.yaml\n%s", hb);
	assert_true(trust_grant(ha, path, &e));
	assert_false(trust_has(hb));
	mem_free(path);
	runbook_unref(a);
	runbook_unref(b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			trust_is_of_one_content_only, state_up, state_down),
		cmocka_unit_test_setup_teardown(
			a_name_cannot_forge_trust, state_up, state_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
