#include "load/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "load/importblock.h"
#include "load/importcron.h"
#include "load/importing.h"
#include "load/importmeta.h"
#include "load/importtext.h"
#include "load/mdsafe.h"
#include "load/threshold.h"

enum { STEPS_MAX = 20000 };

const char *
import_how_name(enum import_how how)
{
	static const char *const names[] = {
#define X(id, name) name,
		IMPORT_HOWS(X)
#undef X
	};

	return names[how];
}

/* ---- the parts, one after the other ------------------------------------------------------ */

/* What a part is about when its heading says no more than "Why". */
static void
reasons(struct importing *g, struct importoutline *o, int part)
{
	struct importpart *p = &o->parts.at[part];
	struct importpart *up = p->parent >= 0 ? &o->parts.at[p->parent] : NULL;
	struct str words;

	importing_mark_block(g, p->heading, IMPORT_GUESSED, "why");
	mem_free(g->title);
	g->title = NULL;
	g->section = up ? up->section : -1;
	importblock_read(g, p->first, p->end);
	words = g->why;
	g->why = STR_INIT;
	if (words.len && p->role == IMPORTLABEL_IMPACT)
		str_addf(&g->why, "%s: ", importing_node(g, p->heading)->text);
	str_add(&g->why, words.buf, words.len);
	str_release(&words);
	if (g->section >= 0 && g->why.len) {
		struct str *why = &draft_at(g->d, g->section)->why;

		str_addf(why, "%s%s", why->len ? "\n\n" : "", g->why.buf);
		str_reset(&g->why);
	}
	importblock_finish(g, true);
}

/* A heading with nothing under it: what is to be done may be in its words. */
static void
lone_heading(struct importing *g)
{
	const struct mdnode *n = importing_node(g, g->heading);
	char *title = g->title;

	g->title = NULL;
	importing_step(g, STEP_DO, title, n->line, DRAFT_HEADING);
	importing_mark_block(g, g->heading, IMPORT_GUESSED, "a heading alone, as a step");
}

/* Where the words of a heading lead. */
static void
heading_links(struct importing *g, int heading)
{
	const struct mdnode *n = importing_node(g, heading);

	for (size_t i = 0; i < n->spans.len; i++) {
		const struct mdspan *s = &n->spans.at[i];
		char *label;

		if ((s->kind != MDSPAN_LINK && s->kind != MDSPAN_IMAGE) || !s->href ||
			!s->href[0] || s->href[0] == '#')
			continue;
		label = mem_strndup(n->text + s->from, s->to - s->from);
		if (importtext_is_web(s->href) && label[0])
			importmeta_link(g, label, s->href, n->line);
		else if (!str_eq(label, s->href))
			importing_mark(g, n->line, IMPORT_LOST,
				"heading, without where its link leads: %s", s->href);
		mem_free(label);
	}
}

static void
read_part(struct importing *g, struct importoutline *o, int part)
{
	struct importpart *p = &o->parts.at[part];

	g->role = p->role;
	g->heading = p->heading;
	g->section = g->last = -1;
	if (p->heading >= 0)
		heading_links(g, p->heading);
	if (p->heading >= 0 && !p->page &&
		(p->role == IMPORTLABEL_WHY || p->role == IMPORTLABEL_IMPACT)) {
		reasons(g, o, part);
		return;
	}
	mem_free(g->title);
	g->title = NULL;
	if (p->heading < 0 || p->page) {
		g->role = p->page && p->role == IMPORTLABEL_WHY ? IMPORTLABEL_NONE
								: p->role;
		importblock_read(g, p->first, p->end);
		importblock_finish(g, true);
		if (p->heading >= 0)
			importing_mark_block(g, p->heading, IMPORT_KEPT, "title");
		return;
	}
	{
		char *raw = importoutline_title(g->t, o, part);
		struct str title = STR_INIT;

		importtext_fill(g, raw, strlen(raw), PLACEHOLDER_IN_PROSE,
			importing_node(g, p->heading)->line, &title);
		mem_free(raw);
		g->title = str_take(&title);
	}
	if (!g->title[0]) {
		mem_free(g->title);
		g->title = mem_strdup("(no words)");
	}
	g->part_of = importoutline_group(g->t, o, part);
	importblock_read(g, p->first, p->end);
	importblock_finish(g, false);
	if (p->group)
		importing_mark_block(g, p->heading, IMPORT_KEPT,
			"%s of the sections below it",
			p->folded ? "in the titles" : "in the reasons");
	else if (p->empty)
		lone_heading(g);
	mem_free(g->part_of);
	g->part_of = NULL;
	importing_mark_block(
		g, p->heading, IMPORT_KEPT, "heading of what stands below it");
	p->section = g->section;
}

/* ---- the whole page ---------------------------------------------------------------------- */

static bool
has_boxes(const struct mdtree *t)
{
	for (size_t i = 0; i < t->nodes.list.len; i++)
		if (t->nodes.list.at[i].mark)
			return true;
	return false;
}

/* From the first heading of the first rank, else from the name of the file. */
static void
find_title(struct importing *g, const struct importoutline *o)
{
	bool front = g->d->title != NULL;

	for (size_t i = 0; !g->d->title && i < o->parts.len; i++)
		if (o->parts.at[i].page) {
			struct str s = STR_INIT;
			char *raw = importoutline_title(g->t, o, (int)i);

			importtext_fill(g, raw, strlen(raw), PLACEHOLDER_IN_PROSE, 1, &s);
			g->d->title = str_take(&s);
			mem_free(raw);
		}
	/* The page has a second name below its front matter. */
	for (size_t i = 0; front && i < o->parts.len; i++) {
		char *raw = o->parts.at[i].page ? importoutline_title(g->t, o, (int)i)
						: NULL;

		if (raw && raw[0] && !str_eq(raw, g->d->title)) {
			vec_push(&g->d->aliases.list, mem_strdup(raw));
			importing_mark_block(g, o->parts.at[i].heading, IMPORT_KEPT,
				"another title, as an alias");
		}
		mem_free(raw);
	}
	if (g->d->title && !g->d->title[strspn(g->d->title, " \t\n")]) {
		mem_free(g->d->title);
		g->d->title = NULL;
	}
	if (!g->d->title) {
		const char *dot = strrchr(g->d->file, '.');

		g->d->title = dot && dot > g->d->file
			? mem_strndup(g->d->file, (size_t)(dot - g->d->file))
			: mem_strdup(g->d->file);
		importing_note(
			g, 1, "no title on the page; the name of the file is taken");
	}
}

/* By the words of the title alone: a wrong guess is worse than "checklist". */
static void
guess_kind(struct draft *d, const struct importoutline *o)
{
	static const struct {
		const char *word;
		enum runbook_kind kind;
	} words[] = {
		{"checklist", RUNBOOK_CHECKLIST},
		{"rollback", RUNBOOK_ROLLBACK},
		{"roll back", RUNBOOK_ROLLBACK},
		{"restore", RUNBOOK_RESTORE},
		{"disaster recovery", RUNBOOK_RESTORE},
		{"migration", RUNBOOK_MIGRATION},
		{"incident", RUNBOOK_INCIDENT},
		{"outage", RUNBOOK_INCIDENT},
		{"alert", RUNBOOK_INCIDENT},
		{"smoke", RUNBOOK_SMOKE},
		{"onboarding", RUNBOOK_ONBOARDING},
		{"maintenance", RUNBOOK_MAINTENANCE},
		{"deploy", RUNBOOK_DEPLOY},
		{"release", RUNBOOK_DEPLOY},
	};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcasestr(d->title, words[i].word)) {
			d->kind = words[i].kind;
			return;
		}
	for (size_t i = 0; i < o->parts.len; i++) /* "Diagnosis", "Mitigation" */
		if (o->parts.at[i].role == IMPORTLABEL_PROSE)
			d->kind = RUNBOOK_INCIDENT;
}

static void
tell_hidden(struct importing *g, const struct mdsafe *m)
{
	for (size_t i = 0; i < m->found.len; i++) {
		const struct mdsafe_find *f = &m->found.at[i];

		if (f->byte)
			importing_note(
				g, f->line, "broken UTF-8, written as <0x%02X>", f->cp);
		else
			importing_note(g, f->line,
				"a character nobody sees, written as <U+%04X>", f->cp);
	}
	if (m->count > m->found.len)
		importing_note(
			g, 1, "and %zu more such characters", m->count - m->found.len);
}

/* The same thing measured by different numbers on one page. */
static void
tell_conflicts(struct importing *g)
{
	struct thresholds found = {0};
	struct threshold_conflicts c = {0};

	threshold_scan(
		&(struct threshold_text){
			.text = g->t->text, .len = g->t->len, .first_line = 1},
		&found);
	threshold_conflicts(&found, &c);
	for (size_t i = 0; i < c.list.len; i++) {
		const struct threshold_conflict *x = &c.list.at[i];
		struct str say = STR_INIT;

		for (size_t k = 0; k < x->which.len; k++) {
			const struct threshold *t = &found.list.at[x->which.at[k]];

			str_addf(
				&say, "%s%s in line %d", k ? ", " : "", t->text, t->line);
		}
		importing_note(g, found.list.at[x->which.at[0]].line,
			"different numbers for %s: %s", x->topic, say.buf);
		str_release(&say);
	}
	threshold_conflicts_release(&c);
	threshold_release(&found);
}

/* Lines nothing has spoken of: definitions of links, and what no rule foresaw. */
static void
close_account(struct importing *g)
{
	struct import *im = g->im;

	for (size_t i = 0; i < im->lines.len; i++) {
		struct import_line *l = &im->lines.at[i];
		int owner = g->t->owner[i + 1];

		if (!l->what && owner == 0)
			importing_mark(
				g, (int)i + 1, IMPORT_KEPT, "definition of a link");
		else if (!l->what && owner > 0)
			importing_mark(g, (int)i + 1, IMPORT_LOST, "not understood");
		if (l->how == IMPORT_KEPT)
			im->kept++;
		else if (l->how == IMPORT_GUESSED)
			im->guessed++;
		else
			im->lost++;
	}
}

static void
read_page(struct importing *g, int front)
{
	struct importoutline o;

	g->boxes = has_boxes(g->t);
	importmeta_front(g, front);
	importoutline_read(g->t, &o);
	find_title(g, &o);
	guess_kind(g->d, &o);
	for (size_t i = 0; i < o.parts.len; i++)
		read_part(g, &o, (int)i);
	importoutline_release(&o);
	mem_free(g->title);
	str_release(&g->why);
	tell_conflicts(g);
	importcron_tell(g);
	close_account(g);
}

static int
by_line(const void *a, const void *b)
{
	const struct import_note *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

static bool
import_safe(const struct mdsafe *m, struct draft *d, struct import *out, struct err *e)
{
	int front = importmeta_front_lines(m->text.buf, m->text.len);
	struct danger_tables *tables;
	struct mdtree t;
	struct importing g = {
		.t = &t, .d = d, .im = out, .heading = -1, .section = -1, .last = -1};

	if (!mdtree_parse(m->text.buf, m->text.len, front, &t, e))
		return false;
	tables = danger_tables_new();
	g.tables = tables;
	str_init(&g.why);
	for (int i = 0; i < t.lines; i++)
		vec_push(&out->lines, (struct import_line){.how = IMPORT_KEPT});
	tell_hidden(&g, m);
	read_page(&g, front);
	danger_tables_free(tables);
	mdtree_release(&t);
	return true;
}

bool
import_page(
	const char *name, const char *text, size_t len, struct import *out, struct err *e)
{
	struct draft d = {.why = STR_INIT};
	struct mdsafe m;
	bool ok;

	*out = (struct import){.name = mem_strdup(name), .yaml = STR_INIT};
	if (len > IMPORT_BYTES_MAX)
		return err_set(e, ERR_LIMIT, "%s is larger than %d MiB", name,
			IMPORT_BYTES_MAX >> 20);
	mdsafe_read(text, len, &m);
	d.file = mem_strdup(name);
	digest_hex(text, len, d.sha256);
	ok = import_safe(&m, &d, out, e) || err_ctx(e, "%s", name);
	if (ok && d.steps.list.len > STEPS_MAX)
		ok = err_set(e, ERR_LIMIT, "%s: more than %d steps; split the page", name,
			STEPS_MAX);
	if (ok) {
		draft_write(&d, &out->yaml);
		out->steps = (int)d.steps.list.len;
		if (out->notes.len)
			qsort(out->notes.at, out->notes.len, sizeof *out->notes.at,
				by_line);
	}
	draft_release(&d);
	mdsafe_release(&m);
	return ok;
}

void
import_release(struct import *im)
{
	for (size_t i = 0; i < im->lines.len; i++)
		mem_free(im->lines.at[i].what);
	for (size_t i = 0; i < im->notes.len; i++)
		mem_free(im->notes.at[i].text);
	vec_free(&im->lines);
	vec_free(&im->notes);
	str_release(&im->yaml);
	mem_free(im->name);
	*im = (struct import){0};
}
