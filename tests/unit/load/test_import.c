#include "load/import.h"

#include "page.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/digest.h"
#include "base/file.h"
#include "load/load.h"
#include "load/promote.h"
#include "scratch.h"

static void
read_data(const char *name, struct str *out)
{
	const char *root = getenv("SRCDIR");
	char *path = mem_printf("%s/tests/%s", root ? root : ".", name);
	struct err e = ERR_INIT;

	if (!file_read(path, IMPORT_BYTES_MAX, out, &e))
		fail_msg("%s", e.msg);
	mem_free(path);
}

static void
the_page_is_named_and_sealed(void **state)
{
	static const char text[] = "# T\n\n- [ ] x\n";
	char sha[DIGEST_HEX + 1];
	struct page p;

	(void)state;
	page_read(text, &p);
	digest_hex(text, strlen(text), sha);
	assert_string_equal(p.rb->title, "T");
	assert_string_equal(p.rb->source_file, "page.md");
	assert_string_equal(p.rb->source_sha256, sha);
	assert_int_equal(p.rb->kind, RUNBOOK_CHECKLIST);
	assert_int_equal(p.im.steps, 1);
	page_line(&p, 1, "kept", "title");
	page_release(&p);
}

static void
the_kind_is_told_from_the_title_or_stays_a_checklist(void **state)
{
	static const struct {
		const char *text;
		enum runbook_kind kind;
	} rows[] = {
		{"# Production Checklist: deploy", RUNBOOK_CHECKLIST},
		{"# Deploy the API", RUNBOOK_DEPLOY},
		{"# Database restore", RUNBOOK_RESTORE},
		{"# Rollback", RUNBOOK_ROLLBACK},
		{"# KubeNodeDown\n\n## Meaning\n\nx\n\n## Diagnosis\n\nLook.\n",
			RUNBOOK_INCIDENT},
		{"# Something", RUNBOOK_CHECKLIST},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct page p;

		page_read(rows[i].text, &p);
		assert_int_equal(p.rb->kind, rows[i].kind);
		page_release(&p);
	}
}

/* Trap 10: placeholders of all styles become typed inputs. */
static void
placeholders_become_inputs(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## P\n\n```bash\ngunzip -c /b/x_YYYY-MM-DD.sql.gz\ngit checkout <previous-version-tag>\n"
		"curl https://api.yourdomain.com/h\nrestore /b/backup_20231201_020000.archive\n"
		"export OPENAI_API_KEY=sk-...\n```\n\n- `DB=postgres://u:<strong-db-pass>@<host>/d`\n",
		&p);
	page_has(&p, "x_${date}.sql.gz");
	page_has(&p, "date: {ask:");
	page_has(&p, "type: date}");
	page_has(&p, "git checkout ${previous_version_tag}");
	page_has(&p, "https://api.${domain}/h");
	page_has(&p, "backup_${timestamp}.archive");
	page_has(&p, "OPENAI_API_KEY=$openai_api_key");
	page_has(&p, "(secret strong_db_pass)@${host_name}");
	page_lacks(&p, "sk-...");
	page_note(&p, 8, "secret to be filled in: openai_api_key");
	page_release(&p);
}

static void
secrets_are_taken_out(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"- [ ] use mongodb://admin:hunter22@db/x and ghp_0123456789abcdefghijklmnopqrstuvwxyz now\n",
		&p);
	page_lacks(&p, "hunter22");
	page_lacks(&p, "0123456789abcdef");
	page_has(&p, "mongodb://admin:***@db/x");
	page_note(&p, 1, "it was taken out");
	page_release(&p);
}

/* Trap 13. */
static void
different_numbers_for_the_same_are_told(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"- [ ] Health checks: < 100ms\n- [ ] API response times (< 200ms for health checks)\n",
		&p);
	page_note(&p, 1, "different numbers for");
	page_note(&p, 1, "< 200ms in line 2");
	page_release(&p);
}

/* Trap 16: no box and no fence, the headings drive. */
static void
a_page_of_headings_is_walked_too(void **state)
{
	struct page p;
	const struct step *s;

	(void)state;
	page_read(
		"# Phase 9\n\nGoal: be safe.\n\n## Checklist (ordered)\n\n### 1) Server\n\n"
		"**Why**: it falls over.\n\n**Concrete changes**\n\n- Add gunicorn\n"
		"  - Update [`a/b.toml`](a/b.toml:1): add it\n\n**Acceptance criteria**\n\n"
		"- `/healthz` responds 200.\n\n**Requires**\n\n- Code review.\n\n---\n\n### 2) Next\n\n- x\n",
		&p);
	assert_string_equal(p.rb->why, "Goal: be safe.");
	s = page_step(&p, "Checklist (ordered): 1) Server");
	assert_int_equal(s->kind, STEP_SECTION);
	assert_string_equal(s->why, "it falls over.");
	assert_string_equal(
		page_step(&p, "Add gunicorn")->text, "- Update a/b.toml: add it");
	s = page_step(&p, "/healthz responds 200.");
	assert_int_equal(s->kind, STEP_DO);
	assert_int_equal(s->evidence, EVIDENCE_TEXT);
	assert_string_equal(
		page_step(&p, "Sign-off: Code reviewer")->says, "Code review.");
	page_line(&p, 16, "guessed", "says what follows: Acceptance criteria");
	page_line(&p, 24, "kept", "layout");
	page_release(&p);
}

/* Trap 17: links with a line, anchors, other hyphens. */
static void
links_and_anchors_leave_no_marks(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"## Contents\n- [A](#a)\n  - [B](#b)\n\n## A\n\n- [ ] See [the conf](infra/nginx.conf:1) and "
		"[`x.md`](x.md:12) and [docs](https://d.test/x) and [A](#a)\n"
		"- [ ] Use S3\xe2\x80\x91"
		"compatible \xe2\x89\x88 3\xe2\x80\x93"
		"4 \xe2\x9a\xa0\xef\xb8\x8f\n",
		&p);
	assert_string_equal(p.rb->steps.list.at[1].title,
		"See the conf (infra/nginx.conf) and x.md and docs and A");
	assert_string_equal(
		pairs_get(&p.rb->steps.list.at[1].links, "docs"), "https://d.test/x");
	page_has(&p,
		"S3\xe2\x80\x91"
		"compatible");
	page_line(&p, 2, "lost", "table of contents");
	page_line(&p, 3, "lost", "table of contents");
	page_release(&p);
}

static void
comments_are_never_imported(void **state)
{
	struct page p;

	(void)state;
	page_read(
		"<!-- secret plan\n- [ ] never\n```\nrm -rf /\n```\n-->\n\n- [ ] real <!-- aside --> one\n",
		&p);
	assert_int_equal(p.rb->steps.list.len, 1);
	assert_string_equal(p.rb->steps.list.at[0].title, "real  one");
	page_lacks(&p, "never");
	page_lacks(&p, "rm -rf");
	page_lacks(&p, "aside");
	page_line(&p, 2, "lost", "comment");
	page_note(&p, 8, "a comment in the text was left out");
	page_release(&p);
}

static void
what_nobody_sees_is_written_out(void **state)
{
	struct page p;

	(void)state;
	page_read("- [ ] rm\xe2\x80\xae -rf and \x1b[31mred &#x202d;\n", &p);
	page_has(&p, "rm<U+202E> -rf and <U+001B>[31mred <U+202D>");
	page_note(&p, 1, "written as <U+202E>");
	page_release(&p);
}

static void
values_of_the_page_are_no_values_of_ours(void **state)
{
	struct page p;

	(void)state;
	page_read("- [ ] echo ${HOME} and $$ {x}\n\n```bash\nls ${DIR}/x\n```\n", &p);
	page_has(&p, "echo $${HOME}");
	page_has(&p, "$ ls $${DIR}/x");
	page_release(&p);
}

static void
a_text_longer_than_a_value_goes_on_in_the_next_step(void **state)
{
	struct str s = STR_INIT;
	struct page p;

	(void)state;
	str_adds(&s, "```\n");
	for (int i = 0; i < 5000; i++)
		str_addf(&s, "/etc/file number %d with some more words in it\n", i);
	str_adds(&s, "```\n");
	page_read(s.buf, &p);
	assert_true(p.rb->steps.list.len > 3);
	page_has(&p, "number 0 with");
	page_has(&p, "number 4999 with");
	assert_int_equal(p.rb->steps.list.at[2].source_line, 2);
	page_release(&p);
	str_release(&s);
}

static void
refuses_what_is_too_large(void **state)
{
	struct str s = STR_INIT;
	struct import im;
	struct err e = ERR_INIT;

	(void)state;
	for (int i = 0; i < 20001; i++)
		str_addf(&s, "- [ ] %d\n", i);
	assert_false(import_page("m.md", s.buf, s.len, &im, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	assert_non_null(strstr(e.msg, "more than 20000 steps"));
	import_release(&im);
	assert_false(import_page("m.md", s.buf, (size_t)IMPORT_BYTES_MAX + 1, &im, &e));
	assert_int_equal(e.kind, ERR_LIMIT);
	import_release(&im);
	str_release(&s);
}

static void
nothing_is_a_runbook_that_says_so(void **state)
{
	static const char *const pages[] = {
		"", "\n\n", "<!-- x -->\n", "# T\n", "---\n---\n", "x"};

	(void)state;
	for (size_t i = 0; i < COUNT(pages); i++) {
		struct page p;

		page_read(pages[i], &p);
		assert_true(p.rb->steps.list.len >= 1);
		page_release(&p);
	}
}

/* ---- bytes at random ------------------------------------------------------------------- */

enum { FUZZ_SECONDS = 5, FUZZ_ROUNDS = 20000, FUZZ_LONG = 24 };

static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

/* A few bytes changed, lines doubled, taken out or set in. */
static void
mutate(const struct str *from, unsigned *seed, struct str *out)
{
	static const char *const parts[] = {"\n", "- ", "- [ ] ", "1. ", "```\n", "> ",
		"# ", "---\n", "|", "<!--", "-->", "<div>", "**", "`", "[x](y)", "\t",
		"    ", "\r\n", "\0", "\xff", "$ ", "${", "\xe2\x80\xae", "&#0;", "TBD",
		"EOF", "<<'EOF'\n", "URL: http://x\n", "Expected: 200\n", "===\n",
		"***\n", "~~~\n", "+++\n", "\\"};
	size_t start = next(seed) % (from->len + 1), len = next(seed) % 3000;

	if (start + len > from->len)
		len = from->len - start;
	str_add(out, from->buf + start, len);
	for (unsigned n = next(seed) % 12; n > 0; n--) {
		size_t at = out->len ? next(seed) % out->len : 0;
		unsigned part = next(seed) % COUNT(parts);
		struct str rest = STR_INIT;

		str_add(&rest, out->buf + at, out->len - at);
		str_cut(out, at);
		str_add(out, parts[part], part == 18 ? 1 : strlen(parts[part]));
		if (next(seed) % 3)
			str_add(out, rest.buf, rest.len);
		str_release(&rest);
	}
}

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* What is promoted loads too. */
static void
promotes(const struct str *yaml)
{
	struct promote p;
	struct diags d = {0};
	struct runbook *rb;

	assert_true(promote_text("x.yaml", yaml->buf, yaml->len, &p, &d));
	rb = load_runbook_text("x.yaml", p.yaml.buf, p.yaml.len, NULL, &d);
	if (d.errors)
		scratch_say(p.yaml.buf);
	scratch_errors(&d, 0);
	runbook_unref(rb);
	promote_release(&p);
	diags_release(&d);
}

/* Whatever the bytes: it comes to an end, the sums agree, every line has a word, and what is
 * written loads without an error. */
static void
any_page_is_accounted_for_and_loads(void **state)
{
	static const char *const names[] = {"seeds/S0.md", "seeds/S1.md", "seeds/S2.md",
		"seeds/S3.md", "seeds/S4.md", "data/import/nasty.md",
		"data/import/hidden.md"};
	struct str from[COUNT(names)];
	int more = getenv("HANDRAIL_LONG") ? FUZZ_LONG : 1;
	double end = seconds() + FUZZ_SECONDS * more;
	unsigned seed = 20261128;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		str_init(&from[i]);
		read_data(names[i], &from[i]);
	}
	for (int round = 0; round < FUZZ_ROUNDS * more && seconds() < end; round++) {
		struct str text = STR_INIT;
		struct page p;

		mutate(&from[next(&seed) % COUNT(names)], &seed, &text);
		page_read_bytes(text.buf, text.len, &p);
		if (round % 8 == 0)
			promotes(&p.im.yaml);
		page_release(&p);
		str_release(&text);
	}
	for (size_t i = 0; i < COUNT(names); i++)
		str_release(&from[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_is_named_and_sealed),
		cmocka_unit_test(the_kind_is_told_from_the_title_or_stays_a_checklist),
		cmocka_unit_test(placeholders_become_inputs),
		cmocka_unit_test(secrets_are_taken_out),
		cmocka_unit_test(different_numbers_for_the_same_are_told),
		cmocka_unit_test(a_page_of_headings_is_walked_too),
		cmocka_unit_test(links_and_anchors_leave_no_marks),
		cmocka_unit_test(comments_are_never_imported),
		cmocka_unit_test(what_nobody_sees_is_written_out),
		cmocka_unit_test(values_of_the_page_are_no_values_of_ours),
		cmocka_unit_test(a_text_longer_than_a_value_goes_on_in_the_next_step),
		cmocka_unit_test(refuses_what_is_too_large),
		cmocka_unit_test(nothing_is_a_runbook_that_says_so),
		cmocka_unit_test(any_page_is_accounted_for_and_loads),
	};

	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
