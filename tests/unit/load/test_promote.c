#include "load/promote.h"

#include "page.h"
#include "unit.h"

#include <string.h>

#include "load/load.h"
#include "scratch.h"

struct promoted {
	struct promote p;
	struct runbook *rb;
};

/* Promotes a file; what comes out loads without an error. */
static void
promote_it(const char *text, struct promoted *out)
{
	struct diags d = {0};

	if (!promote_text("x.yaml", text, strlen(text), &out->p, &d)) {
		scratch_errors(&d, 0);
		fail_msg("refused without a word");
	}
	out->rb = load_runbook_text("x.yaml", out->p.yaml.buf, out->p.yaml.len, NULL, &d);
	if (d.errors)
		scratch_say(out->p.yaml.buf);
	scratch_errors(&d, 0);
	diags_release(&d);
}

static void
done(struct promoted *p)
{
	runbook_unref(p->rb);
	promote_release(&p->p);
}

static void
has(const struct promoted *p, const char *text)
{
	if (!strstr(p->p.yaml.buf, text))
		fail_msg("`%s` is not in\n%s", text, p->p.yaml.buf);
}

static const char head[] = "handrail: 1\ntitle: T\n# a remark\nsteps:\n";

static void
a_command_becomes_a_run_step_with_its_risk(void **state)
{
	static const struct {
		const char *command;
		enum risk risk;
	} rows[] = {
		{"docker ps", RISK_NONE},
		{"docker compose ps", RISK_NONE},
		{"docker-compose logs api", RISK_NONE},
		{"curl -fsS https://x.test/h", RISK_NONE},
		{"curl -X POST https://x.test/h", RISK_MODERATE},
		{"ls > /tmp/x", RISK_MODERATE},
		{"date -u +%F", RISK_NONE},
		{"date -d yesterday", RISK_NONE},
		{"date -s 12:00", RISK_MODERATE},
		{"date --set=12:00", RISK_MODERATE},
		{"date 01010101", RISK_MODERATE},
		{"hostname -f", RISK_NONE},
		{"hostname web-2", RISK_MODERATE},
		{"hostname -F /etc/hostname", RISK_MODERATE},
		{"journalctl -u api -n 20 --no-pager", RISK_NONE},
		{"journalctl --vacuum-size=1M", RISK_MODERATE},
		{"journalctl --rotate", RISK_MODERATE},
		{"sort -k2,2 -t: a", RISK_NONE},
		{"sort -o a a", RISK_MODERATE},
		{"sort -uoa a", RISK_MODERATE},
		{"sort a --output=a", RISK_MODERATE},
		{"ls | sort | uniq -c", RISK_NONE},
		{"uniq a", RISK_NONE},
		{"uniq a b", RISK_MODERATE},
		{"git log --oneline -5", RISK_NONE},
		{"git diff --output=x", RISK_MODERATE},
		{"git diff --ext-diff", RISK_MODERATE},
		{"ss -tlnp", RISK_NONE},
		{"ss -K dst 10.0.0.1", RISK_MODERATE},
		{"file -C -m magic", RISK_MODERATE},
		{"docker compose config -o x", RISK_MODERATE},
		{"kubectl get pods -n web -o wide", RISK_NONE},
		{"kubectl get pods --profile-output=x", RISK_MODERATE},
		{"make deploy", RISK_MODERATE},
		{"docker compose restart api", RISK_MODERATE},
		{"find /b -mtime +14 -delete", RISK_HARD},
		{"docker compose down -v", RISK_SEVERE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = mem_printf(
			"%s  - title: Do it\n    do: \"$ %s\"\n", head, rows[i].command);
		struct promoted p;
		const struct step *s;

		promote_it(text, &p);
		s = &p.rb->steps.list.at[0];
		assert_int_equal(s->kind, STEP_RUN);
		assert_string_equal(s->text, rows[i].command);
		assert_string_equal(s->title, "Do it");
		assert_string_equal(s->id, "do-it");
		if (s->risk != rows[i].risk)
			fail_msg("%s has risk %s", rows[i].command, risk_name(s->risk));
		assert_non_null(s->expect);
		assert_int_equal(s->confirm != NULL, rows[i].risk >= RISK_HARD);
		assert_int_equal(s->irreversible != NULL, rows[i].risk > RISK_NONE);
		done(&p);
		mem_free(text);
	}
}

static void
the_way_back_is_a_question_lint_keeps_asking(void **state)
{
	struct promoted p;
	struct diags d = {0};
	bool asked = false;
	struct runbook *rb;

	(void)state;
	promote_it("handrail: 1\ntitle: T\nsteps:\n  - do: \"$ make deploy\"\n", &p);
	rb = load_runbook_text("x.yaml", p.p.yaml.buf, p.p.yaml.len, NULL, &d);
	for (size_t i = 0; i < d.list.len; i++)
		asked = asked || str_eq(d.list.at[i].id, "W-SH-506");
	assert_true(asked);
	runbook_unref(rb);
	diags_release(&d);
	done(&p);
}

static void
other_lines_stay_as_they_are(void **state)
{
	static const char text[] =
		"handrail: 1\n# top\ntitle: T   # beside\n\nsteps:\n"
		"  # of the first\n  - id: mine\n    # why it is\n    why: because\n"
		"    do: |-\n      Read this.\n      # look\n      $ docker ps \\\n      >   -a\n"
		"      | output\n    source: {line: 3, kind: task}   # there\n\n"
		"  # of the second\n  - {do: in a flow}\n  - do: no command\n\nrollback: []\n";
	struct promoted p;

	(void)state;
	promote_it(text, &p);
	assert_string_equal(p.p.yaml.buf,
		"handrail: 1\n# top\ntitle: T   # beside\n\nsteps:\n"
		"  # of the first\n  - title: Read this.\n    run: |-\n      # Read this.\n"
		"      # look\n      docker ps \\\n        -a\n      # | output\n    risk: none\n"
		"    expect: {exit: 0}\n    id: mine\n    # why it is\n    why: because\n"
		"    source: {line: 3, kind: task}   # there\n\n"
		"  # of the second\n  - {do: in a flow}\n  - do: no command\n\nrollback: []\n");
	assert_int_equal(p.p.promoted, 1);
	assert_int_equal(p.p.left, 0);
	done(&p);
}

static void
what_could_not_run_is_left_with_the_reason(void **state)
{
	static const struct {
		const char *command, *says;
	} rows[] = {
		{"docker exec -it db pg_dump x", "E-SH-204"},
		{"docker-compose up", "E-SH-202"},
		{"rclone config", "E-SH-203"},
		{"mysql -psecret1 x", "E-SH-401"},
		{"rm -r /a<U+200B>b", "cannot be seen"},
		{"cat a<0xFF>b", "cannot be seen"},
		{"cat a\xef\xbf\xbd", "cannot be seen"},
		{"echo 'never", "never closed"},
		{"cat <<EOF", "never closed"},
		{"if true; then ls", "never closed"},
		{"ssh web-1", "waits for a person"},
		{"read x", "waits for a person"},
		{"sudo -i", "waits for a person"},
		{"sudo -s", "waits for a person"},
		{"su -", "waits for a person"},
		{"python -m http.server", "waits for a person"},
		{"npm start", "waits for a person"},
		{"npm run dev", "waits for a person"},
		{"yarn dev", "waits for a person"},
		{"nc -l 99", "waits for a person"},
		{"while true; do ls; done", "waits for a person"},
		{"tail -f x; rm -r y", "never ends"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = mem_printf("%s  - do: \"$ %s\"\n", head, rows[i].command);
		struct promoted p;

		promote_it(text, &p);
		assert_string_equal(p.p.yaml.buf, text);
		assert_int_equal(p.p.left, 1);
		assert_int_equal(p.p.items.at[0].line, 5);
		if (!strstr(p.p.items.at[0].what, rows[i].says))
			fail_msg("%s: %s", rows[i].command, p.p.items.at[0].what);
		done(&p);
		mem_free(text);
	}
}

static void
the_phrase_names_the_dangerous_command(void **state)
{
	static const struct {
		const char *command, *confirm;
	} rows[] = {
		{"ls && rm -rf /srv/data && ls", "rm -rf /srv/data"},
		{"rm -rf $${HOME}/x", "rm -rf"},
		{"docker compose down -v", "compose down -v on ${host}"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *text = mem_printf("%s  - title: Tidy up\n    do: \"$ %s\"\n", head,
			rows[i].command);
		struct promoted p;

		promote_it(text, &p);
		assert_string_equal(p.rb->steps.list.at[0].confirm, rows[i].confirm);
		done(&p);
		mem_free(text);
	}
}

/* Trap 7. */
static void
what_never_ends_becomes_a_watch_step(void **state)
{
	struct promoted p;

	(void)state;
	promote_it(
		"handrail: 1\ntitle: T\nsteps:\n  - title: Monitor\n    do: |-\n      $ cd /srv\n"
		"      $ docker compose logs -f\n",
		&p);
	assert_int_equal(p.rb->steps.list.at[0].kind, STEP_WATCH);
	assert_string_equal(
		p.rb->steps.list.at[0].text, "cd /srv && docker compose logs -f");
	done(&p);
}

static void
a_drafted_probe_becomes_a_check(void **state)
{
	struct page page;
	struct promoted p;

	(void)state;
	page_read(
		"## S\n\n1. Health\n   - URL: https://x.test/h\n   - Expected: HTTP 200\n",
		&page);
	assert_true(page.rb->probes.list.at[0].draft);
	promote_it(page.im.yaml.buf, &p);
	assert_false(p.rb->probes.list.at[0].draft);
	assert_int_equal(p.rb->steps.list.at[1].kind, STEP_CHECK);
	assert_string_equal(p.rb->steps.list.at[1].title, "Health");
	assert_int_equal(p.rb->steps.list.at[1].source_line, 3);
	assert_null(p.rb->steps.list.at[1].explain);
	assert_null(strstr(p.p.yaml.buf, "# Drafts:"));
	done(&p);
	page_release(&page);
}

/* What looks like a command's mark on the page is prose. */
static void
prose_is_never_taken_for_a_command(void **state)
{
	static const char *const pages[] = {"## S\n\n- [ ] A step\n\n$ 20 in prose\n",
		"## S\n\n- [ ] A step\n\n  $ 20 in prose\n",
		"## S\n\n- [ ] $ rm -rf /z\n", "## S\n\n1. $ rm -rf /z\n",
		"## S\n\n- [ ] A step\n\n\\\\$ 20 in prose\n",
		"## S\n\n**Note**: $ 20 in prose\n\n$ 30 in prose\n",
		"## S\n\n- [ ] A step\n\n<p>\n$ 20 in prose\n</p>\n",
		"## $ rm -rf /z\n\n- [ ] A step\n",
		"## S\n\n| Step | Action |\n|---|---|\n| $ rm -rf /z | $ rm -rf /z |\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(pages); i++) {
		struct page page;
		struct promoted p;

		page_read(pages[i], &page);
		promote_it(page.im.yaml.buf, &p);
		if (p.p.promoted)
			fail_msg("%s became\n%s", pages[i], p.p.yaml.buf);
		done(&p);
		page_release(&page);
	}
}

static void
prose_beside_a_command_is_as_on_the_page(void **state)
{
	struct page page;
	struct promoted p;

	(void)state;
	page_read(
		"## S\n\n- [ ] A step\n\n  ```sh\n  ls\n  ```\n\n  \\> /etc/x is kept\n\n$ 20 it is\n",
		&page);
	promote_it(page.im.yaml.buf, &p);
	has(&p, "ls\n      # > /etc/x is kept\n");
	has(&p, "# $ 20 it is\n");
	assert_null(strstr(p.p.yaml.buf, "\\"));
	done(&p);
	page_release(&page);
}

static void
what_is_expected_of_a_command_is_expected(void **state)
{
	struct promoted p;

	(void)state;
	promote_it(
		"handrail: 1\ntitle: T\nsteps:\n  - title: H\n    do: |-\n      $ curl -f https://x.test\n"
		"      Expected: {\"status\": \"healthy\", ...}\n",
		&p);
	has(&p, "expect: {exit: 0, json: {/status: healthy}}");
	done(&p);
}

static void
values_to_be_asked_for_become_inputs(void **state)
{
	struct promoted p;

	(void)state;
	promote_it(
		"handrail: 1\ntitle: T\ninputs:\n  domain: {ask: Which?}\n\nsteps:\n"
		"  - do: \"$ adm create $db_password $who ${domain} $${HOME}; for f in 1; do echo $f; done\"\n",
		&p);
	has(&p,
		"  domain: {ask: Which?}\n  db_password: {secret: true, from: ask}\n"
		"  who: {ask: \"What is who?\"}\n\nsteps:\n");
	has(&p, "${domain} ${HOME}; for f");
	assert_int_equal(p.rb->inputs.list.len, 3);
	done(&p);
	promote_it("handrail: 1\ntitle: T\nsteps:\n  - do: \"$ adm $api_token\"\n", &p);
	has(&p, "title: T\ninputs:\n  api_token: {secret: true, from: ask}\n\nsteps:\n");
	done(&p);
}

static void
refuses_what_is_no_runbook(void **state)
{
	struct promote p;
	struct diags d = {0};

	(void)state;
	assert_false(promote_text("x.yaml", "title: 3\n", 9, &p, &d));
	assert_true(d.errors > 0);
	promote_release(&p);
	diags_release(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_becomes_a_run_step_with_its_risk),
		cmocka_unit_test(the_way_back_is_a_question_lint_keeps_asking),
		cmocka_unit_test(other_lines_stay_as_they_are),
		cmocka_unit_test(what_could_not_run_is_left_with_the_reason),
		cmocka_unit_test(the_phrase_names_the_dangerous_command),
		cmocka_unit_test(what_never_ends_becomes_a_watch_step),
		cmocka_unit_test(a_drafted_probe_becomes_a_check),
		cmocka_unit_test(prose_is_never_taken_for_a_command),
		cmocka_unit_test(prose_beside_a_command_is_as_on_the_page),
		cmocka_unit_test(what_is_expected_of_a_command_is_expected),
		cmocka_unit_test(values_to_be_asked_for_become_inputs),
		cmocka_unit_test(refuses_what_is_no_runbook),
	};

	return cmocka_run_group_tests_name("promote", tests, NULL, NULL);
}
