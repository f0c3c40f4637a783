#include "load/importpiece.h"

#include <ctype.h>
#include <string.h>

#include "load/importtext.h"
#include "load/mdsafe.h"
#include "model/secretwords.h"

bool
importpiece_open(struct importpiece *b, struct importing *g, int node)
{
	const struct mdnode *n = importing_node(g, node);

	*b = (struct importpiece){.g = g, .n = n, .node = node, .step = -1};
	fence_read(&(struct fence_in){.info = n->info,
			   .text = n->text,
			   .len = n->len,
			   .tables = g->tables},
		&b->f);
	b->given = mem_array(b->f.vars.len + 1, sizeof *b->given);
	return b->f.pieces.len > 0;
}

void
importpiece_close(struct importpiece *b)
{
	mem_free(b->given);
	fence_release(&b->f);
}

/* Line of the page. */
int
importpiece_line(const struct importpiece *b, int line)
{
	return b->n->line + (b->n->fenced ? line : line - 1);
}

/* ---- lines of a step's text -------------------------------------------------------------- */

static struct str *
text_of(const struct importpiece *b)
{
	return &draft_at(b->g->d, b->step)->text;
}

static struct str *
explain_of(const struct importpiece *b)
{
	return &draft_at(b->g->d, b->step)->explain;
}

/* Each line with `first` or `rest` before it. */
static void
add_lines(const struct importpiece *b, const char *text, const char *first,
	const char *rest, int line)
{
	enum placeholder_place place = first[0] == '$' ? PLACEHOLDER_IN_COMMAND
						       : PLACEHOLDER_IN_PROSE;
	struct str filled = STR_INIT;
	const char *head = first;

	importtext_fill(b->g, text, strlen(text), place, line, &filled);
	if (!first[0])
		importtext_mark_prose(&filled);
	for (const char *s = filled.buf; *s;) {
		struct str *out = text_of(b);
		size_t len = strcspn(s, "\n"), end = len;

		while (end && strchr(" \t\r", s[end - 1]))
			end--;
		if (out->len)
			str_addc(out, '\n');
		str_adds(out, head);
		for (size_t i = 0; i < end; i++)
			str_addc(out, s[i]);
		while (out->len && out->buf[out->len - 1] == ' ')
			str_cut(out, out->len - 1);
		head = rest;
		s += len + (s[len] == '\n');
	}
	str_release(&filled);
}

/* `text` of a piece as its kind is shown. */
static const struct {
	const char *first, *rest;
} heads[FENCE_PIECE_COUNT] = {
	[FENCE_PIECE_COMMAND] = {"$ ", "> "},
	[FENCE_PIECE_COMMENT] = {"# ", "# "},
	[FENCE_PIECE_INSTRUCTION] = {"", ""},
	[FENCE_PIECE_EXPECTATION] = {"", "  "},
	[FENCE_PIECE_ALTERNATIVE] = {"or:", ""},
	[FENCE_PIECE_OUTPUT] = {"| ", "| "},
	[FENCE_PIECE_REPL] = {"Type: ", "      "},
	[FENCE_PIECE_SETTING] = {"    ", "    "},
	[FENCE_PIECE_CRON] = {"    ", "    "},
	[FENCE_PIECE_STATEMENT] = {"    ", "    "},
	[FENCE_PIECE_CONTENT] = {"    ", "    "},
};

static void
explain_once(const struct importpiece *b, char *say_take)
{
	if (!strstr(explain_of(b)->buf, say_take))
		str_adds(explain_of(b), say_take);
	mem_free(say_take);
}

bool
importpiece_is_secret(const char *name, const char *value)
{
	struct danger_hits hits = {0};
	struct placeholders found = {0};
	struct str set = STR_INIT;
	bool secret;

	str_addf(&set, "%s=%s", name, value);
	secretwords_assignment(&hits, &(struct shell_word){.text = set.buf}, 0);
	placeholder_find(set.buf, set.len, PLACEHOLDER_IN_COMMAND, &found);
	secret = hits.list.len > 0 && found.list.len == 0 && value[0] != '*';
	danger_release(&hits);
	placeholder_release(&found);
	str_release(&set);
	return secret;
}

/* NAME=value without the secret, which does not go on into the runbook; said where it stood.
 * NULL: it is none. Caller frees. */
static char *
without_secret(const struct importpiece *b, const char *name, const char *value,
	enum placeholder_place place, int line)
{
	struct str what = STR_INIT;

	if (!importpiece_is_secret(name, value))
		return NULL;
	str_addf(&what, place == PLACEHOLDER_IN_COMMAND ? "%s=$" : "%s=(secret ", name);
	for (const char *s = name; *s; s++)
		str_addc(&what, (char)tolower((unsigned char)*s));
	str_adds(&what, place == PLACEHOLDER_IN_COMMAND ? "" : ")");
	explain_once(b,
		mem_printf("- DANGER the value of %s stood on the page in clear; "
			   "change it, and ask for it as a secret\n",
			name));
	importing_note(b->g, line,
		"danger: a secret in clear, %s; it was taken out, and should be changed",
		name);
	return str_take(&what);
}

static void
set_again(struct importpiece *b, const struct fence_var *v)
{
	struct str set = STR_INIT;
	int line = importpiece_line(b, v->line);
	char *clean = without_secret(b, v->name, v->value, PLACEHOLDER_IN_COMMAND, line);

	str_addf(&set, "%s%s", v->exported ? "export " : "", clean ? clean : v->name);
	if (!clean && strpbrk(v->value, "$`"))
		str_addf(&set, "=\"%s\"", v->value);
	else if (!clean) {
		str_addc(&set, '=');
		str_add_shell_quoted(&set, v->value);
	}
	add_lines(b, set.buf, "$ ", "> ", line);
	mem_free(clean);
	str_release(&set);
}

/* $NAME or ${NAME} */
static bool
uses(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *s = text; (s = strchr(s, '$')) != NULL;) {
		s += 1 + (s[1] == '{');
		if (strncmp(s, name, len) == 0 && s[len] != '_' &&
			!isalnum((unsigned char)s[len]))
			return true;
	}
	return false;
}

/* A block is one shell: what a line before this step has set, and the folder it has gone
 * to, is so for this command too. */
static void
carry(struct importpiece *b, const struct fence_piece *p)
{
	for (size_t i = 0; i < p->vars && i < b->f.vars.len; i++) {
		const struct fence_var *v = &b->f.vars.at[i];

		if (v->line >= b->first)
			break; /* as all behind it */
		if (b->given[i] || !uses(p->text, v->name))
			continue;
		b->given[i] = true;
		set_again(b, v);
	}
	if (b->fresh && p->dir && p->dir[0]) {
		char *cd = mem_printf("cd %s", p->dir);

		add_lines(b, cd, "$ ", "> ", importpiece_line(b, p->first));
		mem_free(cd);
	}
	b->fresh = false;
}

/* What holds for the whole page is said once, what a rule has said already not again. */
static bool
said_already(struct importing *g, enum fence_proposal_id id)
{
	unsigned bit = 1U << id;

	switch (id) {
	case FENCE_PROPOSE_COMPOSE:
	case FENCE_PROPOSE_TOOL:
	case FENCE_PROPOSE_MAKE:
	case FENCE_PROPOSE_PIPEFAIL:
		if (g->said & bit)
			return true;
		g->said |= bit;
		return false;
	case FENCE_PROPOSE_DETACH:
	case FENCE_PROPOSE_WATCH:
	case FENCE_PROPOSE_NO_TTY:
	case FENCE_PROPOSE_COMPOSE_T:
	case FENCE_PROPOSE_DECIDE:
		return true;
	default:
		return false;
	}
}

void
importpiece_propose(const struct importpiece *b, const struct fence_piece *p)
{
	for (size_t i = 0; i < p->proposals.len; i++) {
		const struct fence_proposal *o = &p->proposals.at[i];

		bool better = o->id == FENCE_PROPOSE_NO_TTY ||
			o->id == FENCE_PROPOSE_COMPOSE_T || o->id == FENCE_PROPOSE_DETACH;

		if (better && o->text && !strchr(o->text, '\n')) {
			struct str filled = STR_INIT;

			importtext_fill(b->g, o->text, strlen(o->text),
				PLACEHOLDER_IN_COMMAND, importpiece_line(b, p->first),
				&filled);
			explain_once(b, mem_printf("- better: %s\n", filled.buf));
			str_release(&filled);
		}
		if (!said_already(b->g, o->id))
			explain_once(b,
				mem_printf("- %s: %s\n", fence_proposal_what(o->id),
					fence_proposal_why(o->id)));
	}
}

/* A rule has said that the command needs a terminal. */
static bool
says_terminal(const char *explain)
{
	return strstr(explain, "E-SH-203") || strstr(explain, "E-SH-204");
}

static void
tell_flags(const struct importpiece *b, const struct fence_piece *p)
{
	static const enum fence_flag told[] = {FENCE_FLAG_NEEDS_TERMINAL,
		FENCE_FLAG_UNFINISHED, FENCE_FLAG_TOO_LONG, FENCE_FLAG_SECRET,
		FENCE_FLAG_FOLDER_LOST};

	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
		if ((p->flags & (unsigned)told[i]) &&
			!(told[i] == FENCE_FLAG_NEEDS_TERMINAL &&
				says_terminal(explain_of(b)->buf)))
			explain_once(b, mem_printf("- %s\n", fence_flag_text(told[i])));
}

/* A here-document is read as what it is: its own settings and jobs are told of. */
static void
tell_body(const struct importpiece *b, const struct fence_piece *p)
{
	if (!p->creates || mdsafe_shows_hidden(p->text, strlen(p->text)))
		return;
	explain_once(b,
		mem_printf("- writes %s%s%s\n", p->creates, p->content ? ": " : "",
			p->content ? fence_kind_name(p->content->kind) : ""));
	for (size_t i = 0; p->content && i < p->content->pieces.len; i++) {
		const struct fence_piece *in = &p->content->pieces.at[i];

		importtext_hits(b->g, &in->hits,
			importpiece_line(b, p->content_line + in->first - 1),
			explain_of(b));
		importpiece_propose(b, in);
	}
}

/* What is set in needs words before it: a text does not begin with blanks. */
static void
head_first(const struct importpiece *b, const struct fence_piece *p)
{
	static const char *const words[FENCE_PIECE_COUNT] = {
		[FENCE_PIECE_SETTING] = "Settings:",
		[FENCE_PIECE_CRON] = "Crontab:",
		[FENCE_PIECE_STATEMENT] = "SQL:",
		[FENCE_PIECE_CONTENT] = "Content:",
	};

	if (words[p->kind] && !text_of(b)->len)
		str_adds(text_of(b), words[p->kind]);
}

/* NAME=value that a command below uses is a line of the shell like the others. */
static bool
is_typed(const struct importpiece *b, const struct fence_piece *p)
{
	return p->kind == FENCE_PIECE_COMMAND ||
		(p->kind == FENCE_PIECE_SETTING && b->f.kind == FENCE_COMMANDS &&
			!(p->flags & FENCE_FLAG_UNUSED));
}

/* A setting that is a secret. False: it is none. */
static bool
add_secret(const struct importpiece *b, const struct fence_piece *p, int line)
{
	bool typed = is_typed(b, p);
	char *clean = p->name && p->value
		? without_secret(b, p->name, p->value,
			  typed ? PLACEHOLDER_IN_COMMAND : PLACEHOLDER_IN_PROSE, line)
		: NULL;
	char *exported;

	if (!clean)
		return false;
	exported = mem_printf(
		"%s%s", str_starts(p->text, "export ") ? "export " : "", clean);
	if (!typed)
		head_first(b, p);
	add_lines(b, exported, typed ? "$ " : "    ", typed ? "> " : "    ", line);
	mem_free(exported);
	mem_free(clean);
	return true;
}

void
importpiece_add(struct importpiece *b, const struct fence_piece *p)
{
	int line = importpiece_line(b, p->first);

	if (p->kind == FENCE_PIECE_SETTING && add_secret(b, p, line))
		return;
	if (p->kind == FENCE_PIECE_SETTING && is_typed(b, p)) {
		add_lines(b, p->text, "$ ", "> ", line);
		return;
	}
	head_first(b, p);
	if (p->kind == FENCE_PIECE_COMMAND && b->split)
		carry(b, p);
	if (p->kind == FENCE_PIECE_ALTERNATIVE) {
		add_lines(b, "or:", "", "", line);
		return;
	}
	if (p->kind == FENCE_PIECE_CRON && p->name) {
		char *job = mem_printf("%s %s%s%s", p->name, p->value ? p->value : "",
			p->value ? " " : "", p->text);

		add_lines(b, p->written ? p->written : job, "    ", "    ", line);
		mem_free(job);
	} else {
		add_lines(b, p->text, heads[p->kind].first, heads[p->kind].rest, line);
	}
	importtext_hits(b->g, &p->hits, line, explain_of(b));
	importpiece_propose(b, p);
	tell_flags(b, p);
	tell_body(b, p);
}

/* ---- what is no command ---------------------------------------------------------------- */

/* "File content (yaml), docker-compose.prod.yml:" */
static void
add_caption(const struct importpiece *b)
{
	static const char *const names[FENCE_KIND_COUNT] = {
		[FENCE_FILE] = "File content",
		[FENCE_ENV] = "Settings",
		[FENCE_CRONTAB] = "Crontab",
		[FENCE_SQL] = "SQL",
		[FENCE_CODE] = "Code",
		[FENCE_OUTPUT] = "Printed",
	};
	struct str out = STR_INIT;
	bool tongue = b->f.kind == FENCE_FILE || b->f.kind == FENCE_CODE;

	str_adds(&out, names[b->f.kind]);
	if (b->n->info && b->n->info[0] && tongue)
		str_addf(&out, " (%.*s)", (int)strcspn(b->n->info, " \t{,"), b->n->info);
	if (b->f.path)
		str_addf(&out, ", %s", b->f.path);
	str_adds(&out, ":");
	add_lines(b, out.buf, "", "", b->n->line);
	str_release(&out);
}

bool
importpiece_is_content(enum fence_kind k)
{
	return k == FENCE_FILE || k == FENCE_ENV || k == FENCE_CRONTAB ||
		k == FENCE_SQL || k == FENCE_CODE || k == FENCE_OUTPUT;
}

void
importpiece_add_all(struct importpiece *b)
{
	if (importpiece_is_content(b->f.kind))
		add_caption(b);
	for (size_t i = 0; i < b->f.pieces.len; i++) {
		const struct fence_piece *p = &b->f.pieces.at[i];

		if (p->kind == FENCE_PIECE_COMMENT && importpiece_is_content(b->f.kind)) {
			/* inside a file it is a line of the file */
			add_lines(b, p->written ? p->written : p->text, "    # ",
				"    # ", importpiece_line(b, p->first));
			continue;
		}
		importpiece_add(b, p);
	}
}
