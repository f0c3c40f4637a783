#include <string.h>

#include "load/load.h"
#include "unit.h"

static const char whole[] =
	"handrail_project: 1\n"
	"name: desk\n"
	"runbooks: [a, b]\n"
	"allowed_signers: canary-signers\n"
	"environments:\n"
	"  here:\n"
	"    badge: PROD\n"
	"    hosts: {box: {ssh: [a1, a2], job_dir: /srv}}\n"
	"    inputs:\n      part: \"a, b: c\"\n      many: |\n        one\n        two\n"
	"  there: {hosts: {far: {ssh: canary-host}}, inputs: {token: canary-input}}\n"
	"roles: {SRE: [anna@example.com]}\n"
	"may: {arm: {here: [SRE], there: [SRE]}}\n"
	"probes:\n"
	"  up: {host: box, command: 'echo 5', expect: {value: \"> 0\"}, why: it is up}\n"
	"  web: {http: \"http://127.0.0.1:9/\", headers: {X-Token: canary-header},\n"
	"        body: canary-body, expect: {status: 200, header: {X-Other: kept}}}\n"
	"  far: {host: far, command: canary-probe, expect: {value: \"> 0\"}}\n"
	"notify: [{url: \"https://hooks.example.com/canary-hook\"}]\n"
	"store: {redis: \"rediss://:canary-store@cache:6380\"}\n";

static struct project *
shared_with(const char *environment, struct str *out, struct diags *d)
{
	assert_true(load_share("handrail.yaml", whole, strlen(whole), environment, out));
	return load_project_text("handrail.yaml", out->buf, out->len, d);
}

static void
only_what_is_needed_is_shown(void **state)
{
	struct str out = STR_INIT;
	struct diags d = {0};
	struct project *p;

	(void)state;
	p = shared_with("here", &out, &d);
	if (d.list.len)
		print_message("%s\n", d.list.at[0].msg);
	assert_non_null(p);
	assert_null(strstr(out.buf, "canary"));
	assert_string_equal(p->name, "desk");
	assert_int_equal(p->environments.list.len, 2);
	assert_string_equal(p->environments.list.at[0].badge, "PROD");
	assert_int_equal(p->environments.list.at[0].hosts.list.at[0].aliases.list.len, 2);
	assert_string_equal(
		p->environments.list.at[0].inputs.list.at[0].value, "a, b: c");
	assert_string_equal(
		p->environments.list.at[0].inputs.list.at[1].value, "one\ntwo\n");
	assert_int_equal(p->environments.list.at[1].hosts.list.len, 0);
	assert_non_null(project_may_arm(p, "here"));
	assert_null(project_may_arm(p, "there"));
	assert_int_equal(p->probes.list.len, 2);
	assert_string_equal(p->probes.list.at[1].name, "web");
	assert_int_equal(p->notify.list.len, 0);
	assert_int_equal(p->store.list.len, 0);
	project_free(p);
	diags_release(&d);
	str_release(&out);
}

static void
of_no_environment_there_are_the_names(void **state)
{
	struct str out = STR_INIT;
	struct diags d = {0};
	struct project *p;

	(void)state;
	p = shared_with(NULL, &out, &d);
	assert_non_null(p);
	assert_null(strstr(out.buf, "canary"));
	assert_null(strstr(out.buf, "a1"));
	assert_int_equal(p->environments.list.len, 2);
	assert_int_equal(p->probes.list.len, 1);
	project_free(p);
	diags_release(&d);
	str_release(&out);
}

static void
what_is_no_project_is_not_shown(void **state)
{
	static const char *const texts[] = {"", "[1, 2]", "a: [", "canary"};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct str out = STR_INIT;

		assert_false(load_share("x", texts[i], strlen(texts[i]), "here", &out));
		str_release(&out);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_what_is_needed_is_shown),
		cmocka_unit_test(of_no_environment_there_are_the_names),
		cmocka_unit_test(what_is_no_project_is_not_shown),
	};

	return cmocka_run_group_tests_name("load_share", tests, NULL, NULL);
}
