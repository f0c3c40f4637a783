#include "load/importlist.h"

#include "page.h"
#include "unit.h"

#include <string.h>

static void
a_sign_off_list_is_roles_and_overall_comes_last(void **state)
{
	struct page p;
	const struct step *s;

	(void)state;
	page_read(
		"## Verification Sign-off\n\nBefore deploying, these sign off:\n\n"
		"- [ ] **Technical Lead:** Overall approval\n- [ ] **Developer:** Code reviewed\n"
		"- [ ] Security\n\n**Date:** ______\n\n**Approved By:** ____\n",
		&p);
	assert_int_equal(p.rb->steps.list.len, 4);
	s = page_step(&p, "Sign-off: Developer");
	assert_int_equal(s->kind, STEP_SIGNOFF);
	assert_string_equal(s->says, "Code reviewed");
	assert_string_equal(s->source_kind, "task");
	assert_string_equal(
		page_step(&p, "Sign-off: Security")->says, "Security approves.");
	/* it stands first on the page: nobody can have signed before */
	assert_int_equal(page_step(&p, "Sign-off: Technical Lead")->after.list.len, 0);
	page_line(&p, 9, "lost", "Date: never filled in");
	page_release(&p);
	page_read("## Approvals\n\n- Developer: reviewed\n- **Lead**: final word\n", &p);
	s = page_step(&p, "Sign-off: Lead");
	assert_int_equal(s->after.list.len, 1);
	assert_string_equal(s->after.list.at[0], "Developer");
	page_release(&p);
}

static void
a_blank_to_sign_on_is_a_role_and_no_input(void **state)
{
	struct page p;

	(void)state;
	page_read("## Sign-off\n\n- [ ] DBA: ________\n- QA lead: ____ Date: ____\n"
		  "- Ops: ___ Security: ___\n- Signature: ____\n",
		&p);
	assert_int_equal(p.rb->inputs.list.len, 0);
	assert_int_equal(p.rb->steps.list.len, 5);
	assert_string_equal(page_step(&p, "Sign-off: DBA")->says, "DBA approves.");
	assert_string_equal(page_step(&p, "Sign-off: DBA")->source_kind, "task");
	assert_string_equal(
		page_step(&p, "Sign-off: QA lead")->says, "QA lead approves.");
	assert_non_null(page_step(&p, "Sign-off: Ops"));
	assert_non_null(page_step(&p, "Sign-off: Security"));
	page_line(&p, 6, "lost", "the sign-off records it");
	page_release(&p);
}

/* Trap 16: "Requires" lines are review sign-offs. */
static void
required_reviews_are_signed_by_who_reviews(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## A\n\n**Requires**\n\n- Code \xe2\x86\x92 review \xe2\x86\x92 tests.\n"
		"- If CSP is introduced: UI review required.\n- Somebody looks.\n",
		&p);
	assert_int_equal(page_step(&p, "Sign-off: Code reviewer")->kind, STEP_SIGNOFF);
	assert_string_equal(page_step(&p, "Sign-off: UI reviewer")->says,
		"If CSP is introduced: UI review required.");
	assert_non_null(page_step(&p, "Sign-off: Reviewer"));
	page_line(&p, 5, "guessed", "sign-off by Code reviewer");
	page_release(&p);
}

static void
contacts_and_links_go_where_a_runbook_has_them(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"- [ ] box\n\n### Emergency Contacts\n- **Technical Lead:** @lea\n- **On-Call:** TBD\n"
		"\n### External Dependencies\n- **Sentry:** https://sentry.io\n- Host: TBD\n",
		&p);
	assert_string_equal(pairs_get(&p.rb->contacts, "Technical Lead"), "@lea");
	assert_string_equal(pairs_get(&p.rb->contacts, "On-Call"), "TBD");
	assert_string_equal(pairs_get(&p.rb->contacts, "Host"), "TBD");
	assert_string_equal(pairs_get(&p.rb->links, "Sentry"), "https://sentry.io");
	assert_int_equal(p.rb->steps.list.len, 1);
	page_line(&p, 3, "kept", "heading");
	page_note(&p, 5, "nobody has decided yet");
	page_release(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sign_off_list_is_roles_and_overall_comes_last),
		cmocka_unit_test(a_blank_to_sign_on_is_a_role_and_no_input),
		cmocka_unit_test(required_reviews_are_signed_by_who_reviews),
		cmocka_unit_test(contacts_and_links_go_where_a_runbook_has_them),
	};

	return cmocka_run_group_tests_name("importlist", tests, NULL, NULL);
}
