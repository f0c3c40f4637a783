#include "load/importfence.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "load/importpiece.h"
#include "load/importtext.h"
#include "load/mdsafe.h"

enum { LABEL_CELLS = 60, NAMES_SHOWN = 3 };

static const char *
what_became(const struct importpiece *b)
{
	return b->f.kind == FENCE_COMMANDS || b->f.kind == FENCE_CONSOLE
		? "commands, as text"
		: "text of a step";
}

/* Fences that are open swallow the rest of the page. */
static void
mark_open(const struct importpiece *b)
{
	size_t len, at = 0;
	const char *last = mdtree_line(b->g->t, b->n->end, &len);

	while (at < len && strchr(" \t>", last[at]))
		at++;
	if (b->n->fenced &&
		(b->n->end == b->n->line || len < at + 3 ||
			(memcmp(last + at, "```", 3) != 0 &&
				memcmp(last + at, "~~~", 3) != 0)))
		importing_mark(b->g, b->n->line, IMPORT_GUESSED,
			"the code block is never closed");
}

void
importfence_into(struct importing *g, int node, int step)
{
	struct importpiece b;

	if (importpiece_open(&b, g, node)) {
		b.step = step;
		importpiece_add_all(&b);
	}
	mark_open(&b);
	importing_mark_block(g, node, IMPORT_KEPT, "%s: %s", fence_kind_name(b.f.kind),
		what_became(&b));
	importpiece_close(&b);
}

/* ---- steps of their own ------------------------------------------------------------------ */

/* Without "3. " before it: steps are numbered anyway. */
static const char *
unnumbered(const char *s)
{
	size_t n = strspn(s, "0123456789");

	return n && (s[n] == '.' || s[n] == ')') && s[n + 1] == ' ' ? s + n + 2 : s;
}

static char *
title_from(const struct importpiece *b, const char *text, int line)
{
	struct str filled = STR_INIT;
	bool whole;
	char *title;

	text = unnumbered(text);
	importtext_fill(
		b->g, text, strcspn(text, "\n"), PLACEHOLDER_IN_PROSE, line, &filled);
	title = importtext_title(
		filled.len && !mdsafe_shows_hidden(filled.buf, filled.len)
			? filled.buf
			: "Do what the page says",
		&whole);
	str_release(&filled);
	return title;
}

/* What was said just before the block: "Use with:" */
static char *
take_lead(struct importing *g)
{
	char *lead = g->lead, *title;
	size_t len;
	bool whole;

	if (!lead)
		return NULL;
	len = strlen(lead);
	while (len && strchr(": ", lead[len - 1]))
		lead[--len] = '\0';
	title = importtext_title(lead, &whole);
	if (whole) {
		mem_free(lead);
		g->lead = NULL;
	}
	return title;
}

/* Names of the first settings: "Set A, B, C and 4 more". */
static char *
settings_title(const struct importpiece *b)
{
	struct str out = STR_INIT;
	size_t n = 0;

	for (size_t i = 0; i < b->f.pieces.len; i++) {
		const struct fence_piece *p = &b->f.pieces.at[i];

		if (p->kind != FENCE_PIECE_SETTING || !p->name)
			continue;
		if (n++ < NAMES_SHOWN)
			str_addf(&out, "%s%s", n > 1 ? ", " : "Set ", p->name);
	}
	if (n > NAMES_SHOWN)
		str_addf(&out, " and %zu more", n - NAMES_SHOWN);
	if (!out.len)
		str_adds(&out, "Set the environment");
	return str_take(&out);
}

static char *
content_title(const struct importpiece *b)
{
	static const char *const titles[FENCE_KIND_COUNT] = {
		[FENCE_FILE] = "Put the file in place",
		[FENCE_CRONTAB] = "Add the cron job",
		[FENCE_SQL] = "Run the SQL",
		[FENCE_CODE] = "Change the code",
		[FENCE_OUTPUT] = "Compare with what is printed",
	};
	char *lead = take_lead(b->g);

	if (lead)
		return lead;
	if (b->f.kind == FENCE_ENV)
		return settings_title(b);
	if (b->f.kind == FENCE_FILE && b->f.path)
		return mem_printf("Write %s", b->f.path);
	if ((b->f.kind == FENCE_FILE || b->f.kind == FENCE_CODE) && b->n->info &&
		b->n->info[0])
		return mem_printf("%s (%.*s)", titles[b->f.kind],
			(int)strcspn(b->n->info, " \t{,"), b->n->info);
	return mem_strdup(
		titles[b->f.kind] ? titles[b->f.kind] : "Do what the page says");
}

/* A step begins: nothing is set and no folder entered in it. */
static void
begin(struct importpiece *b, char *title_take, int line)
{
	b->step = importing_step(b->g, STEP_DO, title_take, line, DRAFT_FENCE);
	b->split = b->fresh = true;
	b->first = line - importpiece_line(b, 0);
	for (size_t i = 0; i < b->f.vars.len; i++)
		b->given[i] = false;
}

/* The file a step without a comment is there for, up to the next comment; NULL: none. */
static const char *
file_written(const struct importpiece *b, size_t from)
{
	for (size_t i = from; i < b->f.pieces.len; i++) {
		const struct fence_piece *p = &b->f.pieces.at[i];

		if (p->kind == FENCE_PIECE_COMMENT)
			break;
		if (p->creates)
			return p->creates;
	}
	return NULL;
}

/* What has no comment over it gives the step its name: the file it writes, or its words.
 * True: the title says all of the piece. */
static bool
begin_with(struct importpiece *b, size_t at)
{
	const struct fence_piece *p = &b->f.pieces.at[at];
	const char *file = file_written(b, at);
	char *title = take_lead(b->g);
	bool all = false;

	if (!title && file && p->kind == FENCE_PIECE_COMMAND)
		title = mem_printf("Write %s", file);
	if (!title && p->kind == FENCE_PIECE_SETTING && p->name && p->value &&
		importpiece_is_secret(p->name, p->value))
		title = mem_printf("Set %s", p->name);
	if (!title) {
		title = title_from(b, p->text, importpiece_line(b, p->first));
		all = p->kind == FENCE_PIECE_INSTRUCTION && !strchr(p->text, '\n') &&
			!strstr(title, "...");
	}
	begin(b, title, importpiece_line(b, p->first));
	return all;
}

/* ---- two ways -------------------------------------------------------------------------- */

static char *
option_label(const struct importpiece *b, const struct fence_piece *p)
{
	struct str label = STR_INIT, filled = STR_INIT;

	importtext_fill(b->g, p->text, strcspn(p->text, "\n"), PLACEHOLDER_IN_COMMAND,
		importpiece_line(b, p->first), &filled);
	text_add_cut(&label, filled.buf, LABEL_CELLS, "...");
	str_release(&filled);
	return str_take(&label);
}

/* The way a piece belongs to: commands have it, a comment or output that of the next. */
static size_t
ways_end(const struct importpiece *b, size_t from, int way)
{
	size_t end = from;

	for (size_t i = from; i < b->f.pieces.len; i++) {
		const struct fence_piece *p = &b->f.pieces.at[i];

		if (p->kind == FENCE_PIECE_COMMAND && p->way != way)
			break;
		if (p->kind == FENCE_PIECE_COMMENT)
			break;
		if (p->way == way)
			end = i + 1;
	}
	return end;
}

/* A choice needs two: another way may be words, or cut off. */
static bool
is_choice(const struct importpiece *b, size_t from)
{
	size_t n = 0;

	for (size_t i = from; i < ways_end(b, from, b->f.pieces.at[from].way); i++)
		n += b->f.pieces.at[i].kind == FENCE_PIECE_COMMAND;
	return n > 1;
}

static void
choice_options(const struct importpiece *b, int choose, size_t from, size_t end)
{
	int n = 0, line = importpiece_line(b, b->f.pieces.at[from].first);

	for (size_t i = from; i < end; i++) {
		const struct fence_piece *p = &b->f.pieces.at[i];
		struct pairs *options = &draft_at(b->g->d, choose)->options;
		char *label;

		if (p->kind != FENCE_PIECE_COMMAND)
			continue;
		label = option_label(b, p);
		if (pairs_get(options, label)) {
			char *other = mem_printf("%s (%d)", label, n + 1);

			mem_free(label);
			label = other;
		}
		vec_push(&options->list,
			(struct pair){.key = label,
				.value = mem_printf("way-%d-%d", line, ++n)});
	}
}

/* Commands that exclude each other: a choice, and a step for each; every way but the first
 * is there only where those before it were passed over. */
static size_t
add_ways(struct importpiece *b, size_t from, const char *title)
{
	const struct fence_piece *first = &b->f.pieces.at[from];
	size_t end = ways_end(b, from, first->way);
	int line = importpiece_line(b, first->first), choose, n = 0;

	choose = importing_step(b->g, STEP_CHOOSE,
		title ? mem_printf("%s: which way?", title) : mem_strdup("Which way?"),
		line, DRAFT_FENCE);
	choice_options(b, choose, from, end);
	for (size_t i = from; i < end; i++) {
		const struct fence_piece *p = &b->f.pieces.at[i];
		const struct pair *o;
		struct draft_step *s;

		if (p->kind != FENCE_PIECE_COMMAND) {
			if (b->step >= 0 && p->kind != FENCE_PIECE_ALTERNATIVE)
				importpiece_add(b, p);
			continue;
		}
		o = &draft_at(b->g->d, choose)->options.list.at[n];
		begin(b, title ? mem_printf("%s: %s", title, o->key) : mem_strdup(o->key),
			importpiece_line(b, p->first));
		s = draft_at(b->g->d, b->step);
		s->id = mem_printf("way-%d-%d", line, ++n);
		for (int k = 1; k < n; k++)
			vec_push(&s->when.list,
				(struct pair){
					.key = mem_printf("step.way-%d-%d", line, k),
					.value = mem_strdup("not-needed")});
		importpiece_add(b, p);
	}
	b->step = -1;
	return end;
}

/* ---- a block of commands ------------------------------------------------------------------- */

static void
add_commands(struct importpiece *b)
{
	char *title = NULL; /* of the comment above, once a step has it */

	for (size_t i = 0; i < b->f.pieces.len;) {
		const struct fence_piece *p = &b->f.pieces.at[i];
		bool command = p->kind == FENCE_PIECE_COMMAND;

		if (p->kind == FENCE_PIECE_COMMENT) {
			const struct fence_piece *next = p + 1;
			bool ways = i + 1 < b->f.pieces.len &&
				next->kind == FENCE_PIECE_COMMAND && next->way &&
				is_choice(b, i + 1);

			mem_free(title);
			title = title_from(b, p->text, importpiece_line(b, p->first));
			b->step = -1;
			if (!ways) {
				begin(b, mem_strdup(title),
					importpiece_line(b, p->first));
				importpiece_propose(b, p);
			}
			i++;
			continue;
		}
		if (command && p->way && is_choice(b, i)) {
			i = add_ways(b, i, title);
			continue;
		}
		/* words of their own after an empty line */
		if (p->kind == FENCE_PIECE_INSTRUCTION && i > 0 &&
			p->first > p[-1].last + 1 && b->step >= 0) {
			mem_free(title);
			title = NULL;
			b->step = -1;
		}
		i++;
		if (b->step < 0 && title)
			begin(b, mem_strdup(title), importpiece_line(b, p->first));
		else if (b->step < 0 && begin_with(b, i - 1))
			continue;
		importpiece_add(b, p);
	}
	mem_free(title);
}

void
importfence_steps(struct importing *g, int node)
{
	struct importpiece b;

	if (!importpiece_open(&b, g, node)) {
		importing_mark_block(g, node, IMPORT_LOST, "an empty code block");
	} else if (importpiece_is_content(b.f.kind)) {
		begin(&b, content_title(&b), b.n->line);
		importpiece_add_all(&b);
	} else {
		add_commands(&b);
	}
	mark_open(&b);
	importing_mark_block(g, node, IMPORT_KEPT, "%s: %s", fence_kind_name(b.f.kind),
		what_became(&b));
	importpiece_close(&b);
}

bool
importfence_has_ways(struct importing *g, int node)
{
	struct importpiece b;
	bool ways = false;

	if (importpiece_open(&b, g, node))
		for (size_t i = 0; i < b.f.pieces.len; i++)
			ways = ways || b.f.pieces.at[i].way != 0;
	importpiece_close(&b);
	return ways;
}
