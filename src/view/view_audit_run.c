#include "view/view_audit.h"

#include <stdio.h>

#include "base/stamp.h"

/* What the marked run stands on. */

static void
check_lines(const struct audit_check *k, struct page *p)
{
	char stamp[STAMP_BYTES];

	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_DIM, "Record   ");
	page_add(p, view_audit_style(k->verdict), view_audit_word(k->verdict));
	if (k->verdict == AUDIT_OK || k->verdict == AUDIT_BAD)
		page_addf(p, STYLE_TEXT, ", %lld records, looked at %s",
			(long long)k->records, stamp_clock(k->at, stamp));
	if (k->what)
		page_text(p, 9, STYLE_FAIL, k->what);
	if (k->verdict == AUDIT_BAD)
		page_text(p, 9, STYLE_TEXT,
			"Copy the folder, change nothing in it; handrail verify says the same "
			"anywhere.");
	if (k->verdict == AUDIT_OK && k->unvouched > 0) {
		char last[80];

		snprintf(last, sizeof last, "record%s not vouched for: %lld, the last",
			k->unvouched == 1 ? "" : "s", (long long)k->unvouched);
		page_text(p, 9, STYLE_WARN, last);
	}
	page_label(p, "Head", k->head);
}

/* A word in a colour, and what it is about under itself. */
static void
row(struct page *p, const char *word, enum style style, const char *text)
{
	page_block(p,
		&(struct page_block){.label = word,
			.label_style = style,
			.style = STYLE_TEXT,
			.indent = 9,
			.id = SCROLL_NOTHING},
		text);
}

static void
signature_lines(const struct audit_check *k, struct page *p)
{
	page_blank(p);
	page_heading(p, "Signatures");
	if (k->verdict != AUDIT_OK && k->verdict != AUDIT_BAD) {
		page_text(p, 2, STYLE_DIM, "not checked yet");
		return;
	}
	for (size_t i = 0; i < k->signatures.len; i++) {
		const struct audit_signature *s = &k->signatures.at[i];
		struct str text = STR_INIT;

		str_addf(&text, "%s as %s, record %lld", s->signer, s->role,
			(long long)s->seq);
		if (!s->ok)
			str_addf(&text, ": it does not hold: %s", s->why);
		else if (s->voided >= 0)
			str_addf(&text, ", void since record %lld", (long long)s->voided);
		row(p,
			!s->ok                  ? "  BAD"
				: s->voided < 0 ? "  holds"
						: "  VOID",
			!s->ok                  ? STYLE_FAIL
				: s->voided < 0 ? STYLE_OK
						: STYLE_WARN,
			text.buf);
		str_release(&text);
	}
	if (!k->signatures.len)
		page_text(p, 2, STYLE_DIM, "nobody signed");
}

static void
exception_lines(const struct run *r, struct page *p)
{
	page_blank(p);
	page_heading(p, "Exceptions");
	for (size_t i = 0; i < r->exceptions.list.len; i++) {
		char seq[24];

		snprintf(seq, sizeof seq, "#%lld ",
			(long long)r->exceptions.list.at[i].seq);
		page_block(p,
			&(struct page_block){.indent = 2,
				.first = seq,
				.style = STYLE_TEXT,
				.id = SCROLL_NOTHING},
			r->exceptions.list.at[i].text);
	}
	if (!r->exceptions.list.len)
		page_text(p, 2, STYLE_DIM, "none");
}

static void
owed_lines(const struct audit_scene *a, struct wall now, struct page *p)
{
	page_blank(p);
	page_heading(p, "Still owed");
	for (size_t i = 0; i < a->owed_len; i++) {
		const struct audit_owed *o = &a->owed[i];
		bool late = o->due.ms <= now.ms;
		struct str text = STR_INIT;
		char when[STAMP_BYTES];

		view_audit_minute(o->due, when);
		str_addf(&text, "%s  %s (%s%s%s)", when, o->title, o->name,
			o->role ? ", " : "", o->role ? o->role : "");
		row(p, late ? "  LATE" : "  due", late ? STYLE_FAIL : STYLE_TEXT,
			text.buf);
		str_release(&text);
	}
	if (!a->owed_len)
		page_text(p, 2, STYLE_DIM, "nothing");
}

void
view_audit_run(const struct audit_scene *a, const struct audit_run *r, struct wall now,
	struct page *p)
{
	char when[STAMP_BYTES];
	struct str line = STR_INIT;

	page_line(p, SCROLL_NOTHING);
	page_add(p, STYLE_TITLE, r->title ? r->title : "?");
	page_label(p, "Run", r->id);
	view_audit_minute(r->opened, when);
	str_addf(&line, "%s by %s", when, r->who ? r->who : "?");
	page_label(p, "Opened", line.buf);
	str_reset(&line);
	if (r->closed.ms)
		view_audit_minute(r->closed, when);
	str_addf(&line, "%s%s%s", r->state, r->closed.ms ? ", closed " : "",
		r->closed.ms ? when : "");
	if (r->open_in)
		str_addf(&line, ", driven by %s", r->open_in);
	page_label(p, "State", line.buf);
	if (a->run) {
		struct run_counts n = run_count(a->run);

		str_reset(&line);
		str_addf(&line, "%d of %d done, %d skipped, %d failed, %d unknown",
			n.done, n.total, n.skipped, n.failed, n.unknown);
		page_label(p, "Steps", line.buf);
	}
	page_blank(p);
	check_lines(r->check, p);
	signature_lines(r->check, p);
	if (a->run)
		exception_lines(a->run, p);
	else if (a->run_fault) {
		page_blank(p);
		page_text(p, 0, STYLE_WARN, a->run_fault);
	}
	owed_lines(a, now, p);
	str_release(&line);
}
