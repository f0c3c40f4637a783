#include "load/load.h"

#include "scratch.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"

static const char good[] =
	"handrail: 1\n"
	"title: Restore\n"
	"hosts: {db: {ssh: ni-db1}, web: {ssh: [web1, web2]}}\n"
	"probes: {api: {http: \"http://x/h\", expect: {status: 200, json: {/s: ok}}}}\n"
	"steps:\n"
	"  - do: Tell people\n"
	"  - section: Work\n"
	"  - {run: \"docker stop x\", host: web, expect: {exit: 0}, undo: docker start x}\n"
	"  - {run: \"docker stop x\", host: db, expect: {exit: 0}, undo: docker start x}\n"
	"  - {check: api, within: 2m}\n";

static struct runbook *
load_text(const char *text, struct diags *d)
{
	return load_runbook_text("x.yaml", text, strlen(text), NULL, d);
}

static char *
data_path(const char *name)
{
	const char *root = getenv("SRCDIR");

	return mem_printf("%s/%s", root ? root : ".", name);
}

/* ---- what is made of a good one --------------------------------------------------------------- */

static void
a_good_one_becomes_what_it_says(void **state)
{
	struct diags d = {0};
	struct runbook *rb = load_text(good, &d);
	char one[DIGEST_HEX + 1], other[DIGEST_HEX + 1];

	(void)state;
	scratch_errors(&d, 0);
	assert_non_null(rb);
	assert_string_equal(rb->name, "x");
	assert_int_equal(rb->steps.list.len, 5);
	assert_int_equal(rb->targets.list.len, 3);
	assert_string_equal(rb->targets.list.at[2].id, "web2");
	assert_int_equal(rb->hosts.list.at[1].target_count, 2);
	assert_string_equal(rb->steps.list.at[0].number, "1");
	assert_string_equal(rb->steps.list.at[1].number, "2");
	assert_string_equal(rb->steps.list.at[2].number, "2.1");
	assert_string_equal(rb->steps.list.at[2].id, "docker-stop-x");
	assert_string_equal(rb->steps.list.at[3].id, "docker-stop-x-2");
	assert_int_equal(rb->steps.list.at[3].section, 1);
	assert_string_equal(rb->steps.list.at[4].title, "Check api");
	assert_int_equal(rb->steps.list.at[4].within_ms, 120000);
	step_digest(rb, &rb->steps.list.at[2], one);
	step_digest(rb, &rb->steps.list.at[3], other);
	assert_int_equal(strlen(one), DIGEST_HEX);
	assert_string_not_equal(one, other);
	assert_int_equal(rb->probes.list.at[0].expect->rules.len, 2);
	runbook_unref(rb);
	diags_release(&d);
}

static void
a_request_that_only_asks_is_a_look(void **state)
{
	static const char text[] =
		"handrail: 1\ntitle: t\nkind: deploy\n"
		"inputs: {t: {secret: true, from: {env: T}}}\n"
		"probes: {p: {tcp: \"h:1\", expect: {state: open}}}\n"
		"steps:\n"
		"  - {http: {url: \"http://x/a\", headers: {A: \"${t}\"}}, expect: {status: 200}}\n"
		"  - {http: {method: POST, url: \"http://x\", body: b}, expect: {status: 200}, undo: u}\n"
		"  - {http: {url: \"http://x\"}, risk: moderate, expect: {status: 200}, undo: u}\n"
		"  - {soak: p, for: 1m, abort: p}\n";
	struct diags d = {0};
	struct runbook *rb = load_text(text, &d);

	(void)state;
	scratch_errors(&d, 0);
	assert_int_equal(rb->steps.list.at[0].risk, RISK_NONE);
	assert_int_equal(rb->steps.list.at[1].risk, RISK_MODERATE);
	assert_int_equal(rb->steps.list.at[2].risk, RISK_MODERATE);
	/* with its names: what stands for them is never in the record */
	assert_string_equal(rb->steps.list.at[0].text, "GET http://x/a\nA: ${t}");
	assert_string_equal(rb->steps.list.at[1].text, "POST http://x\n\nb");
	assert_int_equal(rb->steps.list.at[3].aborts.list.len, 1);
	diags_release(&d);
	runbook_unref(rb);
}

static void
the_page_it_came_from_is_kept_and_changes_no_digest(void **state)
{
	static const char plain[] = "handrail: 1\ntitle: T\nsteps:\n  - do: A\n";
	static const char sourced[] =
		"handrail: 1\ntitle: T\nsource: {file: t.md, sha256: abc}\n"
		"steps:\n  - {do: A, source: {line: 12, kind: task}}\n";
	struct diags d = {0};
	struct runbook *a = load_text(plain, &d), *b = load_text(sourced, &d);
	char one[DIGEST_HEX + 1], other[DIGEST_HEX + 1];

	(void)state;
	scratch_errors(&d, 0);
	assert_null(a->source_file);
	assert_int_equal(a->steps.list.at[0].source_line, 0);
	assert_string_equal(b->source_file, "t.md");
	assert_string_equal(b->source_sha256, "abc");
	assert_int_equal(b->steps.list.at[0].source_line, 12);
	assert_string_equal(b->steps.list.at[0].source_kind, "task");
	step_digest(a, &a->steps.list.at[0], one);
	step_digest(b, &b->steps.list.at[0], other);
	assert_string_equal(one, other);
	runbook_unref(a);
	runbook_unref(b);
	diags_release(&d);
}

static void
the_shipped_one_loads_without_a_word(void **state)
{
	char *path = data_path("runbooks/restore-postgres.yaml");
	struct diags d = {0};
	struct runbook *rb = load_runbook(path, NULL, &d);

	(void)state;
	scratch_errors(&d, 0);
	assert_non_null(rb);
	assert_int_equal(d.list.len, 0);
	assert_int_equal(runbook_risk(rb), RISK_SEVERE);
	int load = runbook_find_step(rb, "load-the-dump");

	assert_int_not_equal(load, NONE);
	assert_string_equal(
		rb->steps.list.at[load].confirm, "restore ni_site on ${host}");
	assert_int_equal(runbook_find_step(rb, rb->steps.list.at[load].number), load);
	runbook_unref(rb);
	diags_release(&d);
	mem_free(path);
}

/* ---- complaints, word for word ------------------------------------------------------------------ */

static void
compare_golden(const char *name)
{
	char *yaml = mem_printf("%s.yaml", name), *txt = mem_printf("%s.txt", name);
	struct str got = STR_INIT, want = STR_INIT;
	struct err e = ERR_INIT;
	struct diags d = {0};

	runbook_unref(load_runbook(yaml, NULL, &d));
	diags_print(&d, &got);
	if (getenv("BLESS"))
		assert_true(file_replace(txt, got.buf, got.len, 0644, &e));
	if (!file_read(txt, 1 << 20, &want, &e))
		fail_msg("%s", e.msg);
	if (strcmp(got.buf, want.buf) != 0)
		scratch_say(got.buf);
	assert_string_equal(got.buf, want.buf);
	str_release(&got);
	str_release(&want);
	diags_release(&d);
	mem_free(yaml);
	mem_free(txt);
}

static void
complaints_are_word_for_word(void **state)
{
	static const char *const names[] = {
		"keys", "names", "expect", "syntax", "yaml", "newer", "cycle", "types"};
	char *dir = data_path("tests/data/lint");

	(void)state;
	assert_int_equal(chdir(dir), 0);
	for (size_t i = 0; i < COUNT(names); i++)
		compare_golden(names[i]);
	mem_free(dir);
}

/* ---- bad files ----------------------------------------------------------------------------------- */

static void
what_is_no_file_is_refused(void **state)
{
	static const char *const paths[] = {
		"/", "/dev/zero", "/dev/null/x", "fifo", "missing"};
	char dir[] = "/tmp/handrail-load-XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct diags d = {0};

		assert_null(load_runbook(paths[i], NULL, &d));
		assert_int_equal(d.errors, 1);
		assert_string_equal(d.list.at[0].id, "E-FILE-001");
		diags_release(&d);
	}
	unlink("fifo");
	rmdir(dir);
}

static void
too_many_steps_are_refused_once(void **state)
{
	struct str s = STR_INIT;
	struct diags d = {0};

	(void)state;
	str_adds(&s, "handrail: 1\ntitle: x\nsteps:\n");
	for (int i = 0; i < 100000; i++)
		str_adds(&s, "- do: x\n");
	assert_null(load_text(s.buf, &d));
	assert_int_equal(d.errors, 1);
	assert_string_equal(d.list.at[0].id, "E-STEP-003");
	diags_release(&d);
	str_release(&s);
}

static void
ids_of_other_shapes_are_refused(void **state)
{
	static const char *const ids[] = {
		"a/b", "..", "-a", "A", "a b", "\xc3\xa4", "\"\"", "a.b"};

	(void)state;
	for (size_t i = 0; i <= COUNT(ids); i++) {
		struct str s = STR_INIT;
		struct diags d = {0};

		str_adds(&s, "handrail: 1\ntitle: x\nsteps:\n- do: x\n  id: ");
		if (i < COUNT(ids))
			str_adds(&s, ids[i]);
		else
			for (int n = 0; n < 300; n++)
				str_addc(&s, 'a');
		assert_null(load_text(s.buf, &d));
		assert_int_equal(d.errors, 1);
		diags_release(&d);
		str_release(&s);
	}
}

/* 1 MiB of names: what compares each with each takes minutes. */
static void
many_names_cost_little(void **state)
{
	static const struct {
		const char *head, *each, *tail;
	} shapes[] = {
		{"hosts:\n", "  n%d: {ssh: a}\n", ""},
		{"hosts: {a: {ssh: [x", ", n%d", "]}}\n"},
		{"roles: {x: a", ", n%d: a", "}\n"},
		{"inputs:\n", "  n%d: {ask: x}\n", ""},
		{"probes: {p: {http: \"http://x\", expect: {json: {/x: 1", ", /n%d: 1",
			"}}}}\n"},
		{"links: {x: \"http://x\"", ", n%d: \"http://x\"", "}\n"},
	};
	enum {
		TEXT_BYTES = 1 << 20,
		CPU_SECONDS = 5
	}; /* with sanitizers; 0.1 s without */

	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++) {
		struct str s = STR_INIT;
		struct diags d = {0};
		clock_t start = clock();

		str_addf(&s, "handrail: 1\ntitle: x\n%s", shapes[i].head);
		for (int n = 0; s.len < TEXT_BYTES; n++) {
			char name[80];

			snprintf(name, sizeof name, "%d", n);
			for (const char *p = shapes[i].each; *p; p++)
				if (p[0] == '%' && p[1] == 'd') {
					str_adds(&s, name);
					p++;
				} else {
					str_addc(&s, *p);
				}
		}
		str_addf(&s, "%ssteps: [{do: x}]\n", shapes[i].tail);
		runbook_unref(load_text(s.buf, &d));
		assert_true(clock() - start < CPU_SECONDS * CLOCKS_PER_SEC);
		diags_release(&d);
		str_release(&s);
	}
}

static void
cut_at_any_byte_it_ends_well(void **state)
{
	(void)state;
	for (size_t len = 0; len < sizeof good - 1; len++) {
		struct diags d = {0};
		char *cut = mem_strndup(good, len);
		struct runbook *rb = load_runbook_text("x", cut, len, NULL, &d);

		assert_true(rb || d.errors);
		runbook_unref(rb);
		diags_release(&d);
		mem_free(cut);
	}
}

/* A fixed seed: the same mutations every time. */
static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void
mutate(char *text, size_t len, uint32_t *seed)
{
	static const char bytes[] = "{}[]:,-#&*!|>'\"%@` \n\t\0\x1b\x80\xe2?~a0";
	uint32_t times = 1 + next_random(seed) % 6;

	while (times--)
		text[next_random(seed) % len] =
			bytes[next_random(seed) % (sizeof bytes - 1)];
}

static void
mutated_it_is_taken_or_refused(void **state)
{
	uint32_t seed = 20261120;
	char *path = data_path("runbooks/restore-postgres.yaml");
	struct str base = STR_INIT;
	struct err e = ERR_INIT;
	int taken = 0;

	(void)state;
	assert_true(file_read(path, 1 << 20, &base, &e));
	for (int i = 0; i < 1500; i++) {
		struct diags d = {0};
		char *text = mem_copy(base.buf, base.len + 1);
		struct runbook *rb;

		mutate(text, base.len, &seed);
		rb = load_runbook_text("x", text, base.len, NULL, &d);
		assert_true(!!rb == !d.errors);
		taken += rb != NULL;
		runbook_unref(rb);
		diags_release(&d);
		mem_free(text);
	}
	print_message("# %d of 1500 taken\n", taken);
	str_release(&base);
	mem_free(path);
}

/* ---- several files ------------------------------------------------------------------------------- */

static const char project_text[] =
	"handrail_project: 1\n"
	"name: ni_site\n"
	"runbooks: [books]\n"
	"environments:\n"
	"  production: {badge: PROD, hosts: {db: {ssh: ni-db1}}, inputs: {domain: example.com},\n"
	"               windows: [\"Mon-Thu 09:00-17:00 Europe/Berlin\"]}\n"
	"  test: {hosts: {db: {local: true}, sim: {sim: s.yaml}}}\n"
	"roles: {Lead: [lea@example.com]}\n"
	"allowed_signers: ops/allowed_signers\n"
	"may: {arm: {production: [Lead]}}\n"
	"probes: {disk: {host: db, disk: /, expect: {used: \"< 90%\"}}}\n"
	"store: {postgres: {service: handrail}, redis: \"rediss://cache:6380\"}\n";

static void
the_environment_gives_hosts_probes_and_roles(void **state)
{
	struct diags d = {0};
	struct project *p;
	struct load_opts o = {.environment = "production"};
	struct runbook *rb;

	(void)state;
	scratch_put("handrail.yaml", project_text);
	scratch_put("s.yaml",
		"handrail_scenario: 1\ntitle: T\nstate: {it: so}\nsolved: {it: so}\n");
	p = load_project("handrail.yaml", &d);
	scratch_errors(&d, 0);
	assert_non_null(p);
	assert_string_equal(p->name, "ni_site");
	assert_int_equal(p->environments.list.len, 2);
	assert_string_equal(p->environments.list.at[1].badge, "test");
	assert_string_equal(pairs_get(&p->store, "postgres.service"), "handrail");
	scratch_put("x.yaml",
		"handrail: 1\ntitle: X\nsteps:\n- check: disk\n"
		"- {run: \"true\", host: db, risk: none, expect: {exit: 0}}\n"
		"- {signoff: Lead, says: ok}\n"
		"- {run: \"true\", risk: none, expect: {exit: 0}}\n");
	o.project = p;
	rb = load_runbook("x.yaml", &o, &d);
	scratch_errors(&d, 0);
	assert_non_null(rb);
	assert_false(rb->declares_hosts); /* and no run step must name one */
	assert_string_equal(rb->badge, "PROD");
	assert_string_equal(rb->targets.list.at[0].id, "ni-db1");
	assert_int_equal(rb->steps.list.at[1].host, 0);
	assert_int_equal(rb->probes.list.at[0].host, 0);
	assert_string_equal(pairs_get(&rb->env_inputs, "domain"), "example.com");
	assert_int_equal(rb->roles.list.len, 1);
	runbook_unref(rb);
	o.environment = NULL;
	rb = load_runbook("x.yaml", &o, &d);
	assert_non_null(rb);
	assert_int_equal(rb->hosts.list.at[0].target_count, 0);
	runbook_unref(rb);
	o.environment = "nowhere";
	assert_null(load_runbook("x.yaml", &o, &d));
	assert_string_equal(d.list.at[0].id, "E-ENV-001");
	diags_release(&d);
	d = (struct diags){0};
	o.environment = "test";
	scratch_put("y.yaml",
		"handrail: 1\ntitle: Y\nhosts: {db: {ssh: x}}\nroles: {Lead: [me]}\n"
		"environments: production\n"
		"probes: {disk: {command: \"true\", expect: {exit: 0}}}\nsteps:\n- do: x\n");
	assert_null(load_runbook("y.yaml", &o, &d));
	scratch_errors(&d, 4);
	diags_release(&d);
	project_free(p);
}

/* Kept readings and records would mix what is pretended with what is so. */
static void
no_environment_is_called_practice(void **state)
{
	struct diags d = {0};

	(void)state;
	scratch_put("handrail.yaml",
		"handrail_project: 1\nname: site\nenvironments:\n  practice: {badge: P}\n");
	assert_null(load_project("handrail.yaml", &d));
	scratch_errors(&d, 1);
	assert_int_equal(d.list.at[0].line, 4);
	diags_release(&d);
}

static void
the_project_is_found_upward(void **state)
{
	struct err e = ERR_INIT;
	char *deep = mem_printf("%s/a/b", scratch), *found, *want;

	(void)state;
	assert_true(file_mkdirs(deep, 0700, &e));
	scratch_put("handrail.yaml", project_text);
	want = mem_printf("%s/handrail.yaml", scratch);
	found = load_find_project(deep);
	assert_string_equal(found, want);
	mem_free(found);
	unlink("handrail.yaml");
	assert_null(load_find_project(deep));
	mem_free(want);
	mem_free(deep);
}

static void
a_summary_says_what_a_list_shows(void **state)
{
	char *path = data_path("runbooks/restore-postgres.yaml");
	struct diags d = {0};
	struct load_summary *s = load_summary(path, &d);

	(void)state;
	assert_non_null(s);
	assert_string_equal(s->title, "Restore the ni_site database");
	assert_int_equal(s->kind, RUNBOOK_RESTORE);
	assert_int_equal(s->risk, RISK_SEVERE);
	assert_in_range(s->steps, 8, 12);
	load_summary_free(s);
	scratch_put("no.yaml", "a: b\n");
	assert_null(load_summary("no.yaml", &d));
	assert_int_equal(d.errors, 1);
	diags_release(&d);
	mem_free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_one_becomes_what_it_says),
		cmocka_unit_test(a_request_that_only_asks_is_a_look),
		cmocka_unit_test(the_page_it_came_from_is_kept_and_changes_no_digest),
		cmocka_unit_test(the_shipped_one_loads_without_a_word),
		cmocka_unit_test(complaints_are_word_for_word),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(too_many_steps_are_refused_once),
		cmocka_unit_test(ids_of_other_shapes_are_refused),
		cmocka_unit_test(many_names_cost_little),
		cmocka_unit_test(cut_at_any_byte_it_ends_well),
		cmocka_unit_test(mutated_it_is_taken_or_refused),
		cmocka_unit_test_setup_teardown(
			the_environment_gives_hosts_probes_and_roles, scratch_enter,
			scratch_leave),
		cmocka_unit_test_setup_teardown(
			no_environment_is_called_practice, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(
			the_project_is_found_upward, scratch_enter, scratch_leave),
		cmocka_unit_test_setup_teardown(
			a_summary_says_what_a_list_shows, scratch_enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
