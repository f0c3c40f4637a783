#include "load/draft.h"

#include "unit.h"

#include <string.h>

static void
a_draft_is_written_in_the_order_a_person_reads(void **state)
{
	struct draft d = {.why = STR_INIT};
	struct draft_step *s;
	struct str out = STR_INIT;

	(void)state;
	d.file = mem_strdup("x.md");
	memcpy(d.sha256, "00", 3);
	d.title = mem_strdup("Title: x");
	d.reviewed_last = mem_strdup("2026-01-02");
	d.reviewed_days = 90;
	assert_true(draft_add_input(&d, "tag", "Which?", INPUT_VERSION));
	assert_false(draft_add_input(&d, "tag", "Again?", INPUT_TEXT));
	draft_add(&d, STEP_SECTION, mem_strdup("S"), 3, DRAFT_HEADING);
	draft_add(&d, STEP_DO, mem_strdup("  one\nline "), 4, DRAFT_TASK);
	s = draft_at(&d, draft_add(&d, STEP_DO, mem_strdup("Two"), 5, DRAFT_FENCE));
	str_adds(&s->text, "$ ls\n$ id");
	str_adds(&s->explain, "- a\n- b\n");
	s->evidence = true;
	draft_add(&d, STEP_DO, mem_strdup("  "), 0, DRAFT_TEXT);
	draft_write(&d, &out);
	assert_string_equal(out.buf,
		"handrail: 1\ntitle: \"Title: x\"\nkind: checklist\n"
		"reviewed: {last: \"2026-01-02\", every: 90d}\n"
		"source: {file: x.md, sha256: \"00\"}\n\ninputs:\n"
		"  tag: {ask: \"Which?\", type: version}\n\nsteps:\n"
		"  - section: S\n    source: {line: 3, kind: heading}\n"
		"  - do: one line\n    source: {line: 4, kind: task}\n"
		"  - title: Two\n    do: |-\n      $ ls\n      $ id\n    evidence: text\n"
		"    explain: |-\n      - a\n      - b\n    source: {line: 5, kind: fence}\n"
		"  - do: \"(no words)\"\n");
	str_release(&out);
	draft_release(&d);
}

static void
probes_get_names_of_their_own(void **state)
{
	struct draft d = {.why = STR_INIT};
	static const char *const want[] = {"health_check", "health_check_2", "probe"};
	static const char *const titles[] = {"Health Check!", "health check", "\xc3\xa9"};

	(void)state;
	for (size_t i = 0; i < COUNT(want); i++) {
		struct draft_probe p = {.name = draft_probe_name(&d, titles[i])};

		assert_string_equal(p.name, want[i]);
		vec_push(&d.probes.list, p);
	}
	draft_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_draft_is_written_in_the_order_a_person_reads),
		cmocka_unit_test(probes_get_names_of_their_own),
	};

	return cmocka_run_group_tests_name("draft", tests, NULL, NULL);
}
