#include "load/windowread.h"

#include "base/stamp.h"
#include "load/load.h"
#include "scratch.h"
#include "unit.h"

static struct project *
load(const char *environment, struct diags *d)
{
	char *text = mem_printf("handrail_project: 1\nname: x\nenvironments:\n"
				"  live:\n    badge: P\n%s",
		environment);
	struct project *p = load_project_text("handrail.yaml", text, strlen(text), d);

	mem_free(text);
	return p;
}

static void
windows_and_freezes_have_their_zones(void **state)
{
	static const char text[] =
		"    windows: [\"Mon-Thu 09:00-17:00 Europe/Berlin\", \"Sat 10:00-12:00\"]\n"
		"    freezes:\n"
		"    - {from: \"2026-12-18 17:00\", until: \"2027-01-04 09:00\","
		" zone: Europe/Berlin, why: year's end}\n"
		"    - {from: \"2027-05-01 00:00\", until: \"2027-05-02 00:00\"}\n";
	struct diags d = {0};
	struct project *p = load(text, &d);
	struct load_opts o = {.project = p, .environment = "live"};
	static const char book[] = "handrail: 1\ntitle: X\nsteps:\n- do: x\n";
	const struct windows *w;
	struct runbook *rb;
	char out[STAMP_BYTES];

	(void)state;
	scratch_errors(&d, 0);
	rb = load_runbook_text("x.yaml", book, strlen(book), &o, &d);
	project_free(p); /* the runbook has them of its own */
	w = &rb->windows;
	assert_int_equal(w->windows.len, 2);
	assert_int_equal(w->zones.len, 1);
	assert_string_equal(w->windows.at[0].zone->name, "Europe/Berlin");
	assert_null(w->windows.at[1].zone);
	assert_int_equal(w->freezes.len, 2);
	assert_string_equal(w->freezes.at[0].why, "year's end");
	assert_string_equal(
		stamp_wall_sec(w->freezes.at[0].from, out), "2026-12-18T16:00:00Z");
	assert_string_equal(
		stamp_wall_sec(w->freezes.at[1].until, out), "2027-05-02T00:00:00Z");
	runbook_unref(rb);
	diags_release(&d);
}

static void
what_is_wrong_is_said_with_its_line(void **state)
{
	static const struct {
		const char *text, *id;
		int line, col;
	} rows[] = {
		{"    windows: [\"sometimes\"]\n", "E-KEY-005", 6, 15},
		{"    windows: Mon 09:00-17:00 Europe/Atlantis\n", "E-ZONE-001", 6, 14},
		{"    freezes: [{from: \"2026-12-18 17:00\", until: \"2026-12-18 17:00\"}]\n",
			"E-KEY-005", 6, 49},
		{"    freezes: [{from: \"2026-12-18\", until: \"2026-12-18 17:00\"}]\n",
			"E-KEY-005", 6, 22},
		{"    freezes:\n    - from: \"2026-12-18 17:00\"\n      until: \"2027-12-18 17:00\"\n"
		 "      zone: Mars/Base\n",
			"E-ZONE-001", 9, 13},
		{"    freezes: [{from: \"2026-12-18 17:00\"}]\n", "E-KEY-002", 6, 15},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct diags d = {0};

		assert_null(load(rows[i].text, &d));
		scratch_errors(&d, 1);
		assert_string_equal(d.list.at[0].id, rows[i].id);
		assert_int_equal(d.list.at[0].line, rows[i].line);
		assert_int_equal(d.list.at[0].col, rows[i].col);
		diags_release(&d);
	}
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_and_freezes_have_their_zones),
		cmocka_unit_test(what_is_wrong_is_said_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
