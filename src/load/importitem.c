#include "load/importitem.h"

#include <stdio.h>
#include <string.h>

#include "load/draftexpect.h"
#include "load/importfence.h"
#include "load/importmeta.h"
#include "load/importtext.h"

static const char url_words[] = "url|endpoint|address";
static const char expected_words[] =
	"expected|expect|expected result|expected output|expected response";

/* What is gathered while one item becomes a step. */
struct item {
	struct importing *g;
	int step;
	VEC_OF(int) tasks; /* nested task items: steps of their own */
	VEC_OF(int) ways;  /* nested blocks that give alternatives */
	VEC_OF(int) asked; /* paragraphs that say what a probe asks or expects */
	char *url, *expected;
	int urls;
};

/* ---- lines of the text ------------------------------------------------------------------- */

/* Words with `head` before the first line, the others under them. What looks like one of our
 * own marks is set in. */
static void
add_words(const struct item *it, const char *words, int depth, const char *head)
{
	struct str *out = &draft_at(it->g->d, it->step)->text;
	int under = 2 * depth + (int)strlen(head);

	for (const char *s = words; *s;) {
		size_t len = strcspn(s, "\n");
		bool first = s == words;

		if (out->len)
			str_addc(out, '\n');
		if (first)
			str_addf(out, "%*s%s", 2 * depth, "", head);
		else
			str_addf(out, "%*s", under, "");
		if (!under && len > 1 && strchr("$>|", s[0]) && s[1] == ' ')
			str_addc(out, ' ');
		str_add(out, s, len);
		s += len + (s[len] == '\n');
	}
}

/* As words, but with code still in backticks: the reader of expectations looks for them. */
static char *
ticked(const struct mdnode *n, size_t from)
{
	struct str out = STR_INIT;
	size_t done = from;

	for (size_t i = 0; i < n->spans.len; i++) {
		const struct mdspan *s = &n->spans.at[i];

		if (s->kind != MDSPAN_CODE || s->from < done)
			continue;
		str_add(&out, n->text + done, s->from - done);
		str_addc(&out, '`');
		str_add(&out, n->text + s->from, s->to - s->from);
		str_addc(&out, '`');
		done = s->to;
	}
	str_add(&out, n->text + done, n->len - done);
	return str_take(&out);
}

/* What "URL:" is followed by: the target, where it is a link. */
static char *
url_of(const struct mdnode *n, const char *words, size_t head)
{
	size_t from = importlabel_head(n->text, url_words);

	for (size_t i = 0; i < n->spans.len; i++) {
		const struct mdspan *s = &n->spans.at[i];

		if (s->kind == MDSPAN_LINK && s->from == from && s->href &&
			importtext_is_web(s->href))
			return mem_strdup(s->href);
	}
	return mem_strdup(words + head);
}

/* "URL:" and "Expected:" lines. */
static bool
special(struct item *it, const struct mdnode *n, const char *words)
{
	size_t url = importlabel_head(words, url_words);
	size_t expected = url ? 0 : importlabel_head(words, expected_words);

	if (url && !it->urls++)
		it->url = url_of(n, words, url);
	if (expected && !it->expected) {
		size_t from = importlabel_head(n->text, expected_words);

		it->expected = ticked(n, from);
	}
	return url || expected;
}

static void detail(struct item *it, int node, int depth);

static void
detail_item(struct item *it, int node, int depth, bool ordered)
{
	const struct mdnode *n = importing_node(it->g, node);
	int child = n->first;
	char head[24] = "- ";

	if (n->mark) {
		vec_push(&it->tasks, node);
		return;
	}
	if (ordered)
		snprintf(head, sizeof head, "%d. ", n->level);
	if (child >= 0 && importing_node(it->g, child)->kind == MDTREE_PARAGRAPH) {
		struct pairs *links = &draft_at(it->g->d, it->step)->links;
		const struct mdnode *p = importing_node(it->g, child);
		char *words = importtext_words(it->g, p, 0, links);
		bool known = special(it, p, words);

		add_words(it, words, depth, known ? "" : head);
		importtext_dangers(it->g, p, &draft_at(it->g->d, it->step)->explain);
		if (known)
			vec_push(&it->asked, child);
		importing_mark_block(it->g, child, IMPORT_KEPT, "detail of a step");
		mem_free(words);
		child = p->next;
	}
	for (; child >= 0; child = importing_node(it->g, child)->next)
		detail(it, child, depth + 1);
	importing_mark_block(it->g, node, IMPORT_KEPT, "detail of a step");
}

static void
detail_row(struct item *it, int node, int depth)
{
	struct str line = STR_INIT;

	for (int c = importing_node(it->g, node)->first; c >= 0;
		c = importing_node(it->g, c)->next) {
		char *words = importtext_words(it->g, importing_node(it->g, c), 0, NULL);

		str_addf(&line, "%s%s", line.len ? " | " : "", words);
		importing_mark_block(it->g, c, IMPORT_KEPT, "row of a table, in a step");
		mem_free(words);
	}
	if (line.len)
		add_words(it, line.buf, depth, "");
	str_release(&line);
}

static void
detail_leaf(struct item *it, int node, int depth)
{
	const struct mdnode *n = importing_node(it->g, node);
	char *words = importtext_words(it->g, n, 0, &draft_at(it->g->d, it->step)->links);

	if (special(it, n, words))
		vec_push(&it->asked, node);
	add_words(it, words, depth, "");
	importtext_dangers(it->g, n, &draft_at(it->g->d, it->step)->explain);
	importing_mark_block(it->g, node, IMPORT_KEPT, "detail of a step");
	mem_free(words);
}

static void
detail(struct item *it, int node, int depth)
{
	const struct mdnode *n = importing_node(it->g, node);

	switch (n->kind) {
	case MDTREE_PARAGRAPH:
	case MDTREE_HEADING:
	case MDTREE_CELL:
		detail_leaf(it, node, depth);
		break;
	case MDTREE_CODE:
		if (importfence_has_ways(it->g, node))
			vec_push(&it->ways, node);
		else
			importfence_into(it->g, node, it->step);
		break;
	case MDTREE_LIST:
		for (int c = n->first; c >= 0; c = importing_node(it->g, c)->next)
			detail_item(it, c, depth, n->level != 0);
		break;
	case MDTREE_ROW:
		detail_row(it, node, depth);
		break;
	case MDTREE_HTML:
		importtext_html(it->g, node, &draft_at(it->g->d, it->step)->text);
		break;
	case MDTREE_RULE:
		importing_mark_block(it->g, node, IMPORT_KEPT, "layout");
		break;
	case MDTREE_DOCUMENT:
	case MDTREE_QUOTE:
	case MDTREE_TABLE:
	case MDTREE_ITEM:
		for (int c = n->first; c >= 0; c = importing_node(it->g, c)->next)
			detail(it, c, depth);
		importing_mark_block(it->g, node, IMPORT_KEPT, "layout");
		break;
	}
}

/* ---- drafts of probes -------------------------------------------------------------------- */

/* "HTTP 200, ..." under a URL: a probe nobody looks at before it is promoted. */
static void
draft_probe(const struct item *it)
{
	struct importing *g = it->g;
	struct draft_step *s = draft_at(g->d, it->step);
	struct draftexpect x = {0};
	struct draft_probe p = {0};
	struct str expect = STR_INIT;

	if (it->urls != 1 || !importtext_is_web(it->url))
		return;
	if (it->expected)
		draftexpect_read(it->expected, strlen(it->expected), &x);
	if (x.burst) {
		draftexpect_release(&x);
		return;
	}
	if (x.fields.len)
		draftexpect_write(&x, &expect);
	else
		str_adds(&expect, "{status: 200}");
	p.name = draft_probe_name(g->d, s->title);
	p.url = mem_strdup(it->url);
	p.why = mem_printf("Draft from line %d: %s", s->line,
		it->expected ? it->expected : "nothing is said of what to expect");
	str_addf(&s->explain, "- draft: check %s\n", p.name);
	for (size_t i = 0; i < x.words.len; i++)
		importing_note(g, s->line, "probe %s does not look for: %s", p.name,
			x.words.at[i]);
	if (!x.fields.len)
		importing_note(g, s->line, "probe %s: status 200 is a guess", p.name);
	p.expect = str_take(&expect);
	vec_push(&g->d->probes.list, p);
	for (size_t i = 0; i < it->asked.len; i++) {
		importing_unmark_block(g, it->asked.at[i]);
		importing_mark_block(
			g, it->asked.at[i], IMPORT_GUESSED, "draft of a probe");
	}
	draftexpect_release(&x);
}

/* ---- items as steps ---------------------------------------------------------------------- */

/* "Backups (daily):" with the backup below it. */
static void
drop_colon(char *title)
{
	size_t len = strlen(title);

	while (len > 1 && strchr(": ", title[len - 1]))
		title[--len] = '\0';
}

/* "Check service status: docker-compose ps": the command stands below anyway. */
static void
drop_command(char *title, const char *command)
{
	size_t have = strlen(title), len = strlen(command);

	if (have > len + 2 && strcmp(title + have - len, command) == 0 &&
		title[have - len - 1] == ' ' && title[have - len - 2] == ':')
		title[have - len - 2] = '\0';
}

static int
step_of(struct importing *g, const struct mdnode *p, int line, enum draft_source source)
{
	struct pairs links = {0};
	char *words = importtext_words(g, p, 0, &links);
	char *command = g->role == IMPORTLABEL_ACCEPT ? NULL : importtext_command(g, p);
	struct draft_step *s;
	char *title;
	bool whole;
	int step;

	title = importtext_title(words[0] ? words : "(no words)", &whole);
	if (command && whole)
		drop_command(title, command);
	drop_colon(title);
	step = importing_step(g, STEP_DO, title, line, source);
	s = draft_at(g->d, step);
	s->links = links;
	if (!whole)
		str_adds(&s->text, words);
	if (command) {
		str_addf(&s->text, "%s$ %s", s->text.len ? "\n" : "", command);
		importing_note(g, p->line, "taken for a command: %s", command);
	}
	importtext_dangers(g, p, &s->explain);
	if (g->role == IMPORTLABEL_ACCEPT)
		s->evidence = true;
	mem_free(command);
	mem_free(words);
	return step;
}

/* They have lines of their own in the account. */
static void
nested_steps(struct item *it, const char *title)
{
	for (size_t i = 0; i < it->ways.len; i++) {
		importing_unmark_block(it->g, it->ways.at[i]);
		importfence_steps(it->g, it->ways.at[i]);
	}
	for (size_t i = 0; i < it->tasks.len; i++) {
		importing_unmark_block(it->g, it->tasks.at[i]);
		importitem_step(it->g, it->tasks.at[i], false, title);
	}
}

static void
release(struct item *it)
{
	vec_free(&it->tasks);
	vec_free(&it->ways);
	vec_free(&it->asked);
	mem_free(it->url);
	mem_free(it->expected);
}

/* The words of the item itself may say what is asked: "1. URL: https://..." */
static void
own_words(struct item *it, const struct mdnode *p)
{
	char *words = importtext_words(it->g, p, 0, NULL);

	special(it, p, words);
	mem_free(words);
}

void
importitem_step(struct importing *g, int node, bool ordered, const char *part_of)
{
	static const struct mdnode nothing = {.text = (char *)"", .first = -1};
	const struct mdnode *n = importing_node(g, node);
	enum draft_source source = n->mark ? DRAFT_TASK
		: ordered                  ? DRAFT_ORDERED
					   : DRAFT_ITEM;
	struct item it = {.g = g};
	int child = n->first;
	char *title;

	if (child >= 0 && importing_node(g, child)->kind == MDTREE_PARAGRAPH) {
		it.step = step_of(g, importing_node(g, child), n->line, source);
		own_words(&it, importing_node(g, child));
		child = importing_node(g, child)->next;
	} else if (child >= 0 && importing_node(g, child)->kind == MDTREE_CODE &&
		importing_node(g, child)->next < 0) {
		importfence_steps(g, child);
		importing_mark_block(g, node, IMPORT_KEPT, "steps");
		return;
	} else {
		it.step = step_of(g, &nothing, n->line, source);
	}
	title = mem_strdup(draft_at(g->d, it.step)->title);
	if (part_of)
		str_addf(&draft_at(g->d, it.step)->why, "Part of: %s", part_of);
	importing_mark(g, n->line, source == DRAFT_ITEM ? IMPORT_GUESSED : IMPORT_KEPT,
		"%s, step \"%s\"%s", draft_source_name(source), title,
		n->mark == 'x' ? "; it is ticked on the page, and starts open here" : "");
	for (; child >= 0; child = importing_node(g, child)->next)
		detail(&it, child, 0);
	draft_probe(&it);
	importing_mark_block(g, node, source == DRAFT_ITEM ? IMPORT_GUESSED : IMPORT_KEPT,
		"step \"%s\"", title);
	nested_steps(&it, title);
	release(&it);
	mem_free(title);
}

void
importitem_steps(struct importing *g, int list)
{
	const struct mdnode *l = importing_node(g, list);

	char *lead = g->lead ? mem_strdup(g->lead) : NULL;

	mem_free(g->lead);
	g->lead = NULL;
	for (int c = l->first; c >= 0; c = importing_node(g, c)->next) {
		int before = (int)g->d->steps.list.len;

		importitem_step(g, c, l->level != 0, NULL);
		/* What was said before the list holds for every item of it. */
		for (size_t i = (size_t)before; lead && i < g->d->steps.list.len; i++) {
			struct draft_step *s = draft_at(g->d, (int)i);

			if (s->kind != STEP_SECTION && !s->why.len)
				str_adds(&s->why, lead);
		}
	}
	mem_free(lead);
}

void
importitem_detail(struct importing *g, int node, int step, int depth)
{
	struct item it = {.g = g, .step = step};
	char *title = mem_strdup(draft_at(g->d, step)->title);

	detail(&it, node, depth);
	nested_steps(&it, title);
	release(&it);
	mem_free(title);
}

void
importitem_remarks(struct importing *g, int list, char *title_take)
{
	const struct mdnode *l = importing_node(g, list);
	int step = importing_step(g, STEP_DO, title_take, l->line, DRAFT_ITEM);

	importitem_detail(g, list, step, 0);
	importing_mark_block(g, list, IMPORT_GUESSED, "remarks of a step");
}
