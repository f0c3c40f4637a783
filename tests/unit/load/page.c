#include "page.h"

#include "unit.h"

#include <string.h>

#include "load/load.h"
#include "scratch.h"

static void
must_add_up(const struct page *p, const char *text)
{
	assert_int_equal(p->im.kept + p->im.guessed + p->im.lost, p->im.lines.len);
	for (size_t i = 0; i < p->im.lines.len; i++) {
		const char *what = p->im.lines.at[i].what;

		if (what && strcmp(what, "not understood") == 0)
			fail_msg("line %zu was not understood in\n%s", i + 1, text);
	}
}

void
page_read_bytes(const char *text, size_t len, struct page *p)
{
	struct err e = ERR_INIT;
	struct diags d = {0};

	if (!import_page("page.md", text, len, &p->im, &e))
		fail_msg("%s", e.msg);
	must_add_up(p, text);
	p->rb = load_runbook_text("page.yaml", p->im.yaml.buf, p->im.yaml.len, NULL, &d);
	if (d.errors)
		scratch_say(p->im.yaml.buf);
	scratch_errors(&d, 0);
	assert_non_null(p->rb);
	diags_release(&d);
}

void
page_read(const char *text, struct page *p)
{
	page_read_bytes(text, strlen(text), p);
}

void
page_release(struct page *p)
{
	runbook_unref(p->rb);
	import_release(&p->im);
}

const struct step *
page_step(const struct page *p, const char *title)
{
	for (size_t i = 0; i < p->rb->steps.list.len; i++)
		if (str_eq(p->rb->steps.list.at[i].title, title))
			return &p->rb->steps.list.at[i];
	fail_msg("no step is called `%s` in\n%s", title, p->im.yaml.buf);
	return NULL;
}

void
page_has(const struct page *p, const char *text)
{
	if (!strstr(p->im.yaml.buf, text))
		fail_msg("`%s` is not in\n%s", text, p->im.yaml.buf);
}

void
page_lacks(const struct page *p, const char *text)
{
	if (strstr(p->im.yaml.buf, text))
		fail_msg("`%s` is in\n%s", text, p->im.yaml.buf);
}

void
page_line(const struct page *p, int line, const char *how, const char *words)
{
	const struct import_line *l = &p->im.lines.at[line - 1];

	if (!str_eq(import_how_name(l->how), how) || !l->what || !strstr(l->what, words))
		fail_msg("line %d is %s: %s; not %s: %s", line, import_how_name(l->how),
			l->what ? l->what : "blank", how, words);
}

void
page_note(const struct page *p, int line, const char *words)
{
	struct str all = STR_INIT;

	for (size_t i = 0; i < p->im.notes.len; i++) {
		const struct import_note *n = &p->im.notes.at[i];

		if (n->line == line && strstr(n->text, words)) {
			str_release(&all);
			return;
		}
		str_addf(&all, "%d: %s\n", n->line, n->text);
	}
	fail_msg("no note of line %d says `%s`; there are\n%s", line, words, all.buf);
}
