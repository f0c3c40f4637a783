#include "load/importtable.h"

#include <string.h>

#include "load/importitem.h"
#include "load/importlist.h"
#include "load/importmeta.h"
#include "load/importtext.h"

enum { COLUMNS_MAX = 16 };

/* Heads that make a table one of steps, the best first. */
static const char *const step_heads[] = {"step", "task", "action", "check", "item",
	"procedure", "command", "what", "test", "todo"};

struct table {
	struct importing *g;
	int head; /* row; -1: none */
	int columns;
	char *names[COLUMNS_MAX]; /* of the head */
	int title;                /* column that names the step; -1 */
};

static bool
is_number(const char *s)
{
	return s[0] && s[strspn(s, "0123456789.#) ")] == '\0';
}

static void
read_head(struct table *t, int table)
{
	t->head = importing_node(t->g, table)->first;
	for (int c = t->head >= 0 ? importing_node(t->g, t->head)->first : -1;
		c >= 0 && t->columns < COLUMNS_MAX; c = importing_node(t->g, c)->next)
		t->names[t->columns++] = importtext_words(
			t->g, importing_node(t->g, c), 0, NULL);
	t->title = -1;
	for (size_t i = 0; i < sizeof step_heads / sizeof step_heads[0] && t->title < 0;
		i++)
		for (int c = 0; c < t->columns; c++)
			if (strcasestr(t->names[c], step_heads[i]) == t->names[c]) {
				t->title = c;
				break;
			}
}

/* Cell of a column, or -1. */
static int
cell(const struct table *t, int row, int column)
{
	int c = importing_node(t->g, row)->first;

	for (int i = 0; i < column && c >= 0; i++)
		c = importing_node(t->g, c)->next;
	return c;
}

static char *
words_of(const struct table *t, int node, struct pairs *links)
{
	return node >= 0 ? importtext_words(t->g, importing_node(t->g, node), 0, links)
			 : mem_strdup("");
}

/* "Step | Run the migration": a column of numbers gives no name. */
static int
naming_cell(const struct table *t, int row)
{
	for (int i = 0; i < t->columns; i++) {
		int c = cell(t, row, (t->title + i) % t->columns);
		const struct mdnode *n = c >= 0 ? importing_node(t->g, c) : NULL;

		if (n && n->len && !is_number(n->text))
			return c;
	}
	return cell(t, row, t->title);
}

static void
row_step(const struct table *t, int row)
{
	struct importing *g = t->g;
	const struct mdnode *r = importing_node(g, row);
	int name = naming_cell(t, row), step, column = 0;
	struct pairs links = {0};
	char *words = words_of(t, name, &links), *title, *command;
	struct draft_step *s;
	bool whole;

	if (!words[0]) {
		mem_free(words);
		importing_mark_block(g, row, IMPORT_LOST, "an empty row");
		return;
	}
	title = importtext_title(words, &whole);
	step = importing_step(g, STEP_DO, title, r->line, DRAFT_TABLE);
	s = draft_at(g->d, step);
	s->links = links;
	if (!whole)
		str_adds(&s->text, words);
	for (int c = r->first; c >= 0; c = importing_node(g, c)->next, column++) {
		const struct mdnode *n = importing_node(g, c);

		importtext_dangers(g, n, &s->explain);
		command = importtext_command(g, n);
		if (command)
			str_addf(&s->text, "%s$ %s", s->text.len ? "\n" : "", command);
		mem_free(command);
		mem_free(words);
		words = words_of(t, c, &s->links);
		if (c != name && words[0] && !is_number(words) && column < t->columns)
			str_addf(&s->text, "%s%s: %s", s->text.len ? "\n" : "",
				t->names[column], words);
	}
	mem_free(words);
	importing_mark_block(
		g, row, IMPORT_GUESSED, "row of a table, step \"%s\"", s->title);
}

static void
row_contact(const struct table *t, int row)
{
	const struct mdnode *r = importing_node(t->g, row);
	struct str value = STR_INIT;
	char *label = NULL;

	for (int c = r->first; c >= 0; c = importing_node(t->g, c)->next) {
		char *words = mem_strdup(importing_node(t->g, c)->text);

		if (!label) {
			label = words;
			continue;
		}
		str_addf(&value, "%s%s", value.len && words[0] ? ", " : "", words);
		mem_free(words);
	}
	if (label && label[0])
		importmeta_contact(
			t->g, label, value.len ? value.buf : "TBD", r->line, false);
	mem_free(label);
	str_release(&value);
}

static bool
is_blank(const char *s)
{
	return s[strspn(s, "_-. \t")] == '\0';
}

/* "DBA | Ann | ____": the first column that is no number is the role, unless one is called
 * so. */
static void
row_signoff(const struct table *t, int row)
{
	const struct mdnode *r = importing_node(t->g, row);
	int role = -1, column = 0;
	struct str who = STR_INIT;

	for (int i = 0; i < t->columns && role < 0; i++)
		if (strcasestr(t->names[i], "role"))
			role = cell(t, row, i);
	if (role < 0 || is_blank(importing_node(t->g, role)->text))
		role = naming_cell(t, row);
	if (role < 0 || is_blank(importing_node(t->g, role)->text)) {
		importing_mark_block(t->g, row, IMPORT_LOST, "an empty row");
		return;
	}
	for (int c = r->first; c >= 0; c = importing_node(t->g, c)->next, column++) {
		const char *text = importing_node(t->g, c)->text;

		if (c == role || column >= t->columns || is_blank(text) ||
			is_number(text))
			continue;
		str_addf(&who, "%s%s ", who.len ? ", " : "", t->names[column]);
		importtext_fill(
			t->g, text, strlen(text), PLACEHOLDER_IN_PROSE, r->line, &who);
	}
	importlist_signs(t->g, importing_node(t->g, role)->text, who.buf, r->line);
	importing_mark_block(t->g, row, IMPORT_KEPT, "sign-off");
	str_release(&who);
}

static void
each_row(const struct table *t, int table, void (*take)(const struct table *, int))
{
	for (int r = importing_node(t->g, table)->first; r >= 0;
		r = importing_node(t->g, r)->next)
		if (r != t->head)
			take(t, r);
	importing_mark_block(t->g, table, IMPORT_KEPT, "head of a table");
}

/* A step for a table of something else: named by what was said before it, or its head. */
static int
whole_table(const struct table *t, int table)
{
	struct importing *g = t->g;
	struct str words = STR_INIT;
	char *title;
	bool whole;
	int step;

	if (g->lead) {
		str_adds(&words, g->lead);
		while (words.len && strchr(": ", words.buf[words.len - 1]))
			str_cut(&words, words.len - 1);
		mem_free(g->lead);
		g->lead = NULL;
	} else {
		for (int i = 0; i < t->columns; i++)
			str_addf(&words, "%s%s", i ? ", " : "Table: ", t->names[i]);
	}
	title = importtext_title(words.len ? words.buf : "Table", &whole);
	step = importing_step(
		g, STEP_DO, title, importing_node(g, table)->line, DRAFT_TABLE);
	str_release(&words);
	return step;
}

void
importtable_read(struct importing *g, int table)
{
	struct table t = {.g = g};

	read_head(&t, table);
	if (g->role == IMPORTLABEL_CONTACTS) {
		each_row(&t, table, row_contact);
	} else if (g->role == IMPORTLABEL_SIGNOFF && t.columns > 0) {
		t.title = t.title < 0 ? 0 : t.title;
		each_row(&t, table, row_signoff);
	} else if (t.title >= 0) {
		each_row(&t, table, row_step);
	} else {
		importitem_detail(g, table, whole_table(&t, table), 0);
		importing_mark_block(g, table, IMPORT_KEPT, "table, in a step");
	}
	for (int i = 0; i < t.columns; i++)
		mem_free(t.names[i]);
}
