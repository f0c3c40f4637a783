#include "load/mend.h"

#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "load/layout.h"

#define HEAD "handrail: 1\ntitle: x\n"
#define TAIL "steps:\n  - do: x\n"

static void
mend_this(struct mend *m, const char *text)
{
	struct str s = {.buf = (char *)text, .len = strlen(text)};

	mend_text(m, MEND_RUNBOOK, "x.yaml", &s, NULL);
}

/* Mended it reads so, and a second time nothing changes. */
static void
becomes(const char *text, const char *want)
{
	struct mend m, again;

	mend_this(&m, text);
	if (strcmp(m.text.buf, want) != 0)
		fail_msg("%s\nbecame\n%s\nnot\n%s", text, m.text.buf, want);
	assert_int_equal(m.fixed.list.len > 0, strcmp(text, want) != 0);
	mend_this(&again, m.text.buf);
	assert_int_equal(again.fixed.list.len, 0);
	assert_string_equal(again.text.buf, m.text.buf);
	mend_release(&m);
	mend_release(&again);
}

static void
stays(const char *text)
{
	becomes(text, text);
}

static void
keys_and_words_are_written_as_they_should_be(void **state)
{
	(void)state;
	becomes("Handrail: 1\nTITLE: x\n" TAIL, "handrail: 1\ntitle: x\n" TAIL);
	becomes("title: x # mine\n" TAIL, "handrail: 1\ntitle: x # mine\n" TAIL);
	becomes("# first\n\ntitle: x\n" TAIL, "# first\n\nhandrail: 1\ntitle: x\n" TAIL);
	becomes(HEAD "kind: Deploy\nowneer: me\n" TAIL,
		HEAD "kind: deploy\nowner: me\n" TAIL);
	becomes(HEAD "kind: \"Deploy\"\n" TAIL, HEAD "kind: \"deploy\"\n" TAIL);
	becomes(HEAD "steps:\n  - {run: \"ls\", \"Risk\": NONE, expect: {exit: 0}}\n",
		HEAD "steps:\n  - {run: \"ls\", \"risk\": none, expect: {exit: 0}}\n");
	becomes(HEAD "steps:\n  - run: ls\n    timeout: 5 m\n    Undo: x\n    tty: no\n"
		     "    expect: {exit: 0}\n",
		HEAD "steps:\n  - run: ls\n    timeout: 5m\n    undo: x\n    tty: false\n"
		     "    expect: {exit: 0}\n");
}

static void
values_that_yaml_would_misread_get_quotes(void **state)
{
#define PROBE(test) \
	HEAD "probes:\n  a: {command: x, expect: {exit: 0, value: " test "}}\n" TAIL
#define LINES(test) \
	HEAD "probes:\n  a:\n    command: x\n    expect:\n      value: " test "\n" TAIL
	(void)state;
	becomes(PROBE("> 3"), PROBE("\"> 3\""));
	becomes(PROBE(">= 3"), PROBE("\">= 3\""));
	becomes(PROBE("!= 3"), PROBE("\"!= 3\""));
	becomes(LINES("> 3"), LINES("\"> 3\""));
	becomes(LINES(">= 3  # so many"), LINES("\">= 3\"  # so many"));
	becomes(LINES("!= 3"), LINES("\"!= 3\""));
	stays(LINES("< 3"));
	becomes(HEAD "contacts: {a: @anna, b: c}\n" TAIL,
		HEAD "contacts: {a: \"@anna\", b: c}\n" TAIL);
	becomes(HEAD "contacts:\n  a: @anna\n" TAIL,
		HEAD "contacts:\n  a: \"@anna\"\n" TAIL);
	becomes(HEAD "tags:\n  - `a`\n  - %b\n" TAIL,
		HEAD "tags:\n  - \"`a`\"\n  - \"%b\"\n" TAIL);
	becomes(HEAD "probes:\n  a: {host: h, file: *.gz, expect: {age: \"< 1h\"}}\n"
		     "hosts: {h: {local: true}}\n" TAIL,
		HEAD "probes:\n  a: {host: h, file: \"*.gz\", expect: {age: \"< 1h\"}}\n"
		     "hosts: {h: {local: true}}\n" TAIL);
	becomes("handrail: 1\ntitle: Tour: the \"end\"\n" TAIL,
		"handrail: 1\ntitle: 'Tour: the \"end\"'\n" TAIL);
	becomes(HEAD "why: a: b # c\n" TAIL, HEAD "why: \"a: b\" # c\n" TAIL);
	becomes("handrail: 1\ntitle: it's: so\n" TAIL,
		"handrail: 1\ntitle: \"it's: so\"\n" TAIL);
}

static void
what_a_person_must_say_is_left_alone(void **state)
{
	(void)state;
	stays(HEAD "steps:\n  - rum: ls\n    expect: {exit: 0}\n");
	stays(HEAD "hosts: {db: {ssh: a}}\nsteps:\n  - {run: ls, hots: db, risk: none, "
		   "expect: {exit: 0}}\n");
	stays(HEAD "steps:\n  - {run: ls, risk: sever, expect: {exit: 0}}\n");
	stays(HEAD
		"steps:\n  - {run: echo a | grep b, shell: sh, undo: x, expect: {exit: 0}}\n");
	stays(HEAD
		"steps:\n  - {run: \"echo \xe2\x80\x9cx\xe2\x80\x9d\", undo: x, expect: {exit: 0}}\n");
	stays(HEAD "why: a: b\n  more\n" TAIL); /* where does it end? */
	stays(HEAD "why: {a: b: c}\n" TAIL);    /* a mapping, or a text? */
	stays(HEAD "why: > 3 apples\n  more\n" TAIL);
	stays(HEAD "why: >3\n" TAIL);
	stays(HEAD "why: *name\n" TAIL); /* an alias */
	stays(HEAD "title: y\n" TAIL);   /* which of the two? */
	stays(HEAD "Title: y\n" TAIL);
	stays(HEAD "Title: y\nTITLE: z\n" TAIL);
	stays("a: b\n"); /* no runbook */
	stays("{title: x, steps: [{do: x}]}\n");
	stays("");
	stays("\t");
}

static void
empty_documents_go(void **state)
{
	(void)state;
	becomes("---\n---\n" HEAD TAIL, "---\n" HEAD TAIL);
	becomes("---\n# a\n---\n---\n" HEAD TAIL, "---\n# a\n" HEAD TAIL);
	becomes(HEAD TAIL "---\n", HEAD TAIL);
	becomes(HEAD TAIL "---\n\n# end\n", HEAD TAIL "\n# end\n");
	becomes("---\n" HEAD TAIL "--- \n---", "---\n" HEAD TAIL);
	stays(HEAD TAIL "---\n" HEAD TAIL);
	stays("---\n" HEAD TAIL);
}

static void
layout_is_mended_outside_of_texts(void **state)
{
	(void)state;
	becomes("\xef\xbb\xbf" HEAD TAIL, HEAD TAIL);
	becomes("handrail: 1\r\ntitle: x \r\nsteps:\r\n  - do: x",
		"handrail: 1\ntitle: x\nsteps:\n  - do: x\n");
	becomes("\xef\xbb\xbfTitle: x\r\n" TAIL, "handrail: 1\ntitle: x\n" TAIL);
	becomes(HEAD "why: |\n  a  \n  b\t\n"
		     "owner: me \n" TAIL,
		HEAD "why: |\n  a  \n  b\t\n"
		     "owner: me\n" TAIL);
	stays(HEAD "steps:\n  - do: |\n      a  \n      b");
}

/* A cure that brings as many complaints as it takes is left out, the others are done. */
static void
what_is_no_gain_is_left_out(void **state)
{
	struct mend m;

	(void)state;
	/* risk: Hard is read on as hard, so that its missing phrase is told at once */
	becomes(HEAD "steps:\n  - {run: ls, Risk: Hard, undo: x, expect: {exit: 0}}\n",
		HEAD "steps:\n  - {run: ls, risk: hard, undo: x, expect: {exit: 0}}\n");
	mend_this(&m, HEAD "why: a: b\nowner: c: \"\n" TAIL);
	assert_true(m.fixed.list.len > 0); /* it gets further, up to the open quote */
	mend_release(&m);
}

static void
steps_without_complaint_are_the_same(void **state)
{
	static const char text[] = HEAD
		"Owner: me  \n"
		"hosts: {db: {ssh: a}}\n"
		"probes: {p: {command: \"true\", expect: {exit: 0}, timeout: 5 s}}\n"
		"steps:\n"
		"  - {run: \"a  b\", host: db, undo: c, expect: {exit: 0}}  \n"
		"  - {check: p}\n"
		"  - run: |\n"
		"      d  \n"
		"    host: db\n"
		"    Risk: none\n"
		"    expect: {exit: 0}\n";
	char before[DIGEST_HEX + 1], after[DIGEST_HEX + 1];
	struct runbook *was, *is;
	struct diags d = {0};
	struct mend m;

	(void)state;
	mend_this(&m, text);
	assert_int_equal(m.fixed.list.len, 4);
	was = load_draft_text("x.yaml", text, strlen(text), NULL, &d);
	diags_release(&d);
	is = load_runbook_text("x.yaml", m.text.buf, m.text.len, NULL, &d);
	assert_non_null(is);
	assert_int_equal(d.errors, 0);
	step_digest(was, &was->steps.list.at[0], before);
	step_digest(is, &is->steps.list.at[0], after);
	assert_string_equal(before, after);
	assert_string_equal(is->steps.list.at[2].text, "d  \n");
	runbook_unref(was);
	runbook_unref(is);
	diags_release(&d);
	mend_release(&m);
}

static void
a_project_is_mended_too(void **state)
{
	static const char text[] = "handrail_project: 1\nName: x \n";
	struct str s = {.buf = (char *)text, .len = strlen(text)};
	struct mend m;

	(void)state;
	assert_true(mend_text(&m, MEND_PROJECT, "handrail.yaml", &s, NULL));
	assert_string_equal(m.text.buf, "handrail_project: 1\nname: x\n");
	mend_release(&m);
}

/* ---- at random ------------------------------------------------------------------------- */

static uint32_t
next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static size_t
complaints_of(const char *text, size_t len)
{
	struct diags d = {0};
	size_t count;

	runbook_unref(load_runbook_text("x.yaml", text, len, NULL, &d));
	layout_check("x.yaml", text, len, &d);
	count = d.errors + d.warnings;
	diags_release(&d);
	return count;
}

static bool
is_yaml(const char *text, size_t len)
{
	struct diags d = {0};
	bool bad = false;

	runbook_unref(load_runbook_text("x.yaml", text, len, NULL, &d));
	for (size_t i = 0; i < d.list.len; i++)
		bad = bad || str_starts(d.list.at[i].id, "E-YAML-002") ||
			str_starts(d.list.at[i].id, "E-YAML-014");
	diags_release(&d);
	return !bad;
}

/* Damage of the sorts that cures know, and of any other. */
static void
damage(struct str *s, uint32_t *seed)
{
	static const char bytes[] = "{}[]:,-#&*!|>'\"%@` \n\t\r~aT0";
	size_t at = next_random(seed) % s->len;

	switch (next_random(seed) % 5) {
	case 0: /* another case */
		if (s->buf[at] >= 'a' && s->buf[at] <= 'z')
			s->buf[at] = (char)(s->buf[at] - 'a' + 'A');
		break;
	case 1: /* a blank at the end of a line */
		for (; at < s->len && s->buf[at] != '\n'; at++)
			;
		str_addc(s, ' ');
		memmove(s->buf + at + 1, s->buf + at, s->len - at - 1);
		s->buf[at] = ' ';
		break;
	case 2: /* quotes away */
		for (; at < s->len && s->buf[at] != '"'; at++)
			;
		if (at < s->len) {
			memmove(s->buf + at, s->buf + at + 1, s->len - at - 1);
			str_cut(s, s->len - 1);
		}
		break;
	default:
		s->buf[at] = bytes[next_random(seed) % (sizeof bytes - 1)];
		break;
	}
}

static void
damaged_it_is_never_worse_and_done_in_one_go(void **state)
{
	const char *root = getenv("SRCDIR");
	char *path = mem_printf("%s/runbooks/restore-postgres.yaml", root ? root : ".");
	struct str base = STR_INIT;
	struct err e = ERR_INIT;
	uint32_t seed = 20261128;
	int mended = 0;

	(void)state;
	assert_true(file_read(path, 1 << 20, &base, &e));
	for (int i = 0; i < 250; i++) {
		struct str text = STR_INIT;
		struct mend m, again;

		str_add(&text, base.buf, base.len);
		for (uint32_t n = 1 + next_random(&seed) % 4; n; n--)
			damage(&text, &seed);
		mend_text(&m, MEND_RUNBOOK, "x.yaml", &text, NULL);
		mended += m.fixed.list.len > 0;
		if (is_yaml(text.buf, text.len) &&
			complaints_of(m.text.buf, m.text.len) + (m.fixed.list.len > 0) >
				complaints_of(text.buf, text.len))
			fail_msg("round %d is worse:\n%s", i, m.text.buf);
		mend_text(&again, MEND_RUNBOOK, "x.yaml", &m.text, NULL);
		if (again.fixed.list.len)
			fail_msg("round %d changes again: %s", i,
				again.fixed.list.at[0].fix.done);
		mend_release(&m);
		mend_release(&again);
		str_release(&text);
	}
	print_message("# %d of 250 mended\n", mended);
	assert_true(mended > 50);
	str_release(&base);
	mem_free(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_words_are_written_as_they_should_be),
		cmocka_unit_test(values_that_yaml_would_misread_get_quotes),
		cmocka_unit_test(what_a_person_must_say_is_left_alone),
		cmocka_unit_test(empty_documents_go),
		cmocka_unit_test(layout_is_mended_outside_of_texts),
		cmocka_unit_test(what_is_no_gain_is_left_out),
		cmocka_unit_test(steps_without_complaint_are_the_same),
		cmocka_unit_test(a_project_is_mended_too),
		cmocka_unit_test(damaged_it_is_never_worse_and_done_in_one_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
