#include "load/promote.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "load/fence.h"
#include "load/load.h"
#include "load/promotescript.h"
#include "load/yamlout.h"
#include "load/ydoc.h"
#include "model/subst.h"

enum { PHRASE_BYTES = 60, NAME_BYTES = 33 };

static const char draft_mark[] = "- draft: check ";
static const char draft_comment[] = "# Drafts: nothing looks at them before";
static const char draft_key[] = "\n    draft: true\n";

struct promoting {
	struct promote *out;
	const char *text;
	const struct ynode *root;
	const struct danger_tables *tables;
	VEC_OF(size_t) line_at; /* from 1 */
	int lines;
	VEC_OF(char *) inputs; /* names the scripts need and nobody declares */
};

/* ---- the lines of the file ----------------------------------------------------------- */

static void
find_lines(struct promoting *p, size_t len)
{
	vec_push(&p->line_at, 0);
	vec_push(&p->line_at, 0);
	for (size_t i = 0; i < len; i++)
		if (p->text[i] == '\n' && i + 1 < len)
			vec_push(&p->line_at, i + 1);
	p->lines = (int)p->line_at.len - 1;
	vec_push(&p->line_at, len);
}

static const char *
line_text(const struct promoting *p, int line, size_t *len)
{
	const char *s = p->text + p->line_at.at[line];

	*len = p->line_at.at[line + 1] - p->line_at.at[line];
	return s;
}

static void
copy_lines(const struct promoting *p, int from, int to)
{
	for (int l = from; l < to; l++) {
		size_t len;
		const char *s = line_text(p, l, &len);

		str_add(&p->out->yaml, s, len);
	}
}

/* Blank lines and comments at the end of a step belong to what comes next. */
static int
without_tail(const struct promoting *p, int from, int to)
{
	while (to - 1 > from) {
		size_t len;
		const char *s = line_text(p, to - 1, &len);
		size_t at = 0;

		while (at < len && strchr(" \t\r\n", s[at]))
			at++;
		if (at < len && s[at] != '#')
			break;
		to--;
	}
	return to;
}

static void
tell(struct promoting *p, const struct ynode *at, bool left, char *what_take)
{
	vec_push(&p->out->items,
		(struct promote_item){
			.line = (int)at->line, .left = left, .what = what_take});
	if (left)
		p->out->left++;
	else
		p->out->promoted++;
}

/* ---- names a script needs ------------------------------------------------------------ */

static bool
is_declared(const struct promoting *p, const char *name)
{
	const struct ynode *inputs = ynode_get(p->root, "inputs");

	if (inputs && inputs->kind == YNODE_MAP && ynode_get(inputs, name))
		return true;
	for (size_t i = 0; i < p->inputs.len; i++)
		if (str_eq(p->inputs.at[i], name))
			return true;
	return false;
}

/* NAME=, `read NAME` and `for NAME` give it a value in the script itself. */
static bool
is_set_in(const char *script, const char *name)
{
	size_t len = strlen(name);

	for (const char *s = script; (s = strstr(s, name)) != NULL; s += len) {
		bool starts = s == script || strchr(" \t\n;&|(", s[-1]) != NULL;

		if (starts &&
			(s[len] == '=' ||
				(s - script >= 4 && strncmp(s - 4, "for ", 4) == 0) ||
				(s - script >= 5 && strncmp(s - 5, "read ", 5) == 0)))
			return true;
	}
	return false;
}

/* $name in small letters is how an import writes a value that is to be asked for. */
static void
note_names(struct promoting *p, const char *script)
{
	for (const char *s = script; (s = strchr(s, '$')) != NULL;) {
		char name[NAME_BYTES];
		size_t len;

		s += 1 + (s[1] == '{');
		len = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
		if (!len || len >= sizeof name || isalpha((unsigned char)s[len]))
			continue;
		memcpy(name, s, len);
		name[len] = '\0';
		if (subst_valid_name(name) && !is_declared(p, name) &&
			!is_set_in(script, name))
			vec_push(&p->inputs, mem_strdup(name));
	}
}

static bool
is_secret(const char *name)
{
	static const char *const parts[] = {
		"pass", "secret", "token", "key", "dsn", "uri", "credential"};

	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
		if (strstr(name, parts[i]))
			return true;
	return false;
}

static void
put_inputs(struct promoting *p)
{
	struct str *out = &p->out->yaml;

	for (size_t i = 0; i < p->inputs.len; i++)
		if (is_secret(p->inputs.at[i]))
			str_addf(out, "  %s: {secret: true, from: ask}\n",
				p->inputs.at[i]);
		else
			str_addf(out, "  %s: {ask: \"What is %s?\"}\n", p->inputs.at[i],
				p->inputs.at[i]);
}

/* ---- one step -------------------------------------------------------------------------- */

struct step_text {
	const struct ynode *map;
	const struct ynode *text, *title, *explain; /* values; title, explain or NULL */
	int end;                                    /* line behind its last one */
	int indent;                                 /* of its keys */
};

static bool
has_key(const struct step_text *s, const char *name)
{
	return ynode_get(s->map, name) != NULL;
}

static char *
title_of(const struct step_text *s)
{
	const char *text = s->title ? s->title->text : s->text->text;
	size_t len = strcspn(text, "\n");

	return mem_strndup(text, len);
}

static void
put_key(struct promoting *p, const struct step_text *s, const char *key,
	const char *value)
{
	str_addf(&p->out->yaml, "%*s%s: ", s->indent, "", key);
	yamlout_value(&p->out->yaml, s->indent, value);
}

static void
put_title(struct promoting *p, const struct step_text *s)
{
	char *title = title_of(s);

	str_addf(&p->out->yaml, "%*s- title: ", s->indent - 2, "");
	yamlout_value(&p->out->yaml, s->indent, title);
	mem_free(title);
}

/* All keys but those that were rewritten, with their comments. */
static void
put_others(struct promoting *p, const struct step_text *s, const char *dropped)
{
	for (const struct ynode *k = s->map->first; k; k = k->next->next) {
		const struct ynode *next = k->next->next;
		int from = (int)k->line, to = next ? (int)next->line : s->end;
		size_t len;
		const char *line;

		if (str_eq(k->text, "do") || str_eq(k->text, "title") ||
			str_eq(k->text, "evidence") || str_eq(k->text, dropped))
			continue;
		line = line_text(p, from, &len);
		if (k == s->map->first) { /* "- key:" */
			str_addf(&p->out->yaml, "%*s", s->indent, "");
			str_add(&p->out->yaml, line + s->indent, len - (size_t)s->indent);
			from++;
		}
		copy_lines(p, from, to);
	}
}

/* As many words of the command as are worth typing, without those to be filled in. */
static char *
dangerous_words(const char *command)
{
	struct str out = STR_INIT;

	for (const char *s = command; *s;) {
		size_t len = strcspn(s, " \t\n");
		bool typed = len && !memchr(s, '$', len) && !memchr(s, '`', len);

		if (typed && out.len && out.len + len > PHRASE_BYTES)
			break;
		if (typed)
			str_addf(&out, "%s%.*s", out.len ? " " : "",
				(int)(len > PHRASE_BYTES ? text_fit(s, PHRASE_BYTES)
							 : len),
				s);
		s += len + (s[len] != '\0');
	}
	return str_take(&out);
}

/* The phrase typed for a risky step: its dangerous command, or what the step is called. */
static void
put_confirm(struct promoting *p, const struct step_text *s, const struct promotescript *x)
{
	char *words = x->danger ? dangerous_words(x->danger) : NULL, *phrase;

	if (!words || !words[0]) {
		char *title = title_of(s);

		mem_free(words);
		words = dangerous_words(title);
		mem_free(title);
	}
	phrase = x->risk == RISK_SEVERE ? mem_printf("%s on ${host}", words)
					: mem_strdup(words);
	put_key(p, s, "confirm", phrase);
	mem_free(phrase);
	mem_free(words);
}

static void
promote_run(struct promoting *p, const struct step_text *s, const struct promotescript *x)
{
	put_title(p, s);
	put_key(p, s, "run", x->script.buf);
	str_addf(&p->out->yaml, "%*srisk: %s\n", s->indent, "", risk_name(x->risk));
	str_addf(&p->out->yaml, "%*sexpect: %s\n", s->indent, "", x->expect.buf);
	if (x->risk >= RISK_HARD)
		put_confirm(p, s, x);
	if (x->risk > RISK_NONE)
		put_key(p, s, "irreversible",
			"TBD: write undo: with the way back, or say here why there is none");
	put_others(p, s, "");
	note_names(p, x->script.buf);
	tell(p, s->map, false, mem_printf("run, risk %s", risk_name(x->risk)));
}

/* Without its comments and on one line: a pane shows one command. Values are filled into it
 * as into any text, so a literal ${ stays written $${. */
static void
promote_watch(struct promoting *p, const struct step_text *s)
{
	struct str one = STR_INIT;

	for (const char *line = s->text->text; *line;) {
		size_t len = strcspn(line, "\n");

		if (len > 2 && (line[0] == '$' || line[0] == '>') && line[1] == ' ') {
			str_adds(&one, !one.len ? "" : line[0] == '$' ? " && " : " ");
			str_add(&one, line + 2, len - 2);
		}
		line += len + (line[len] == '\n');
	}
	put_title(p, s);
	put_key(p, s, "watch", one.buf);
	put_others(p, s, "");
	str_release(&one);
	tell(p, s->map, false, mem_strdup("watch: it never ends"));
}

/* "- draft: check NAME" of its remarks; NULL: none. Caller frees. */
static char *
draft_probe(const struct promoting *p, const struct step_text *s)
{
	const struct ynode *probes = ynode_get(p->root, "probes");
	const char *at = s->explain ? strstr(s->explain->text, draft_mark) : NULL;
	char *name;

	if (!at)
		return NULL;
	at += sizeof draft_mark - 1;
	name = mem_strndup(at, strcspn(at, "\n"));
	if (probes && probes->kind == YNODE_MAP && ynode_get(probes, name))
		return name;
	mem_free(name);
	return NULL;
}

static void
promote_check(struct promoting *p, const struct step_text *s, const char *probe)
{
	bool only = strncmp(s->explain->text, draft_mark, sizeof draft_mark - 1) == 0 &&
		strcspn(s->explain->text, "\n") + 1 >= s->explain->len;

	put_title(p, s);
	str_addf(&p->out->yaml, "%*scheck: [%s]\n", s->indent, "", probe);
	put_others(p, s, only ? "explain" : "");
	tell(p, s->map, false, mem_printf("check of the probe %s", probe));
}

/* A step of `do` in lines of its own, which is what an import writes. */
static bool
is_plain_step(const struct promoting *p, const struct ynode *map, struct step_text *s)
{
	size_t len;
	const char *line;

	if (map->kind != YNODE_MAP || !map->first || !ynode_get(map, "do") ||
		ynode_get(map, "do")->kind != YNODE_SCALAR)
		return false;
	s->map = map;
	s->text = ynode_get(map, "do");
	s->title = ynode_get(map, "title");
	s->explain = ynode_get(map, "explain");
	s->indent = map->first->col - 1;
	if ((s->title && s->title->kind != YNODE_SCALAR) ||
		(s->explain && s->explain->kind != YNODE_SCALAR))
		return false;
	line = line_text(p, (int)map->first->line, &len);
	for (int i = 0; i < s->indent; i++)
		if (line[i] != (i == s->indent - 2 ? '-' : ' '))
			return false; /* in a flow, or beside something else */
	for (const struct ynode *k = map->first; k->next->next; k = k->next->next)
		if (k->line == k->next->next->line)
			return false;
	return s->indent >= 2;
}

static bool
promote_step(struct promoting *p, struct step_text *s)
{
	struct promotescript x;
	char *probe = draft_probe(p, s);
	bool done = true;

	if (probe) {
		promote_check(p, s, probe);
		mem_free(probe);
		return true;
	}
	if (!promotescript_read(s->text->text, p->tables, &x)) {
		done = false;
	} else if (s->explain &&
		strstr(s->explain->text, fence_proposal_what(FENCE_PROPOSE_BY_HAND))) {
		tell(p, s->map, true,
			mem_strdup(fence_proposal_why(FENCE_PROPOSE_BY_HAND)));
		done = false;
	} else if (has_key(s, "run") || has_key(s, "risk")) {
		done = false;
	} else if (x.endless && !x.refused) {
		promote_watch(p, s);
	} else if (x.refused) {
		tell(p, s->map, true, mem_strdup(x.refused));
		done = false;
	} else {
		promote_run(p, s, &x);
	}
	promotescript_release(&x);
	return done;
}

/* ---- the whole --------------------------------------------------------------------------- */

/* Line behind the last one of a list's item: where the next begins, or the next key. */
static int
end_of(const struct promoting *p, const struct ynode *item, int list_end)
{
	int from = (int)item->line, to = item->next ? (int)item->next->line : list_end;

	return without_tail(p, from, to);
}

static int
steps_end(const struct promoting *p)
{
	for (const struct ynode *k = p->root->first; k; k = k->next->next)
		if (str_eq(k->text, "steps"))
			return k->next->next ? (int)k->next->next->line : p->lines + 1;
	return p->lines + 1;
}

/* Lines before the steps, where the names that scripts need are declared. Steps come first
 * here: what they need is known only then. */
static void
put_front(struct promoting *p, int end, struct str *front)
{
	const struct ynode *inputs = ynode_get(p->root, "inputs");
	struct str keep = p->out->yaml;
	int to = end;

	p->out->yaml = *front;
	if (inputs && inputs->kind == YNODE_MAP && inputs->first && p->inputs.len) {
		const struct ynode *last = inputs->first;

		while (last->next->next)
			last = last->next->next;
		/* behind its last line: where less is set in */
		for (to = (int)last->line + 1; to < end; to++) {
			size_t len;
			const char *s = line_text(p, to, &len);

			if (len < 3 || s[0] != ' ' || s[1] != ' ' || s[2] != ' ')
				break;
		}
		copy_lines(p, 1, to);
		put_inputs(p);
	} else if (p->inputs.len) {
		copy_lines(p, 1, end);
		str_adds(&p->out->yaml, "inputs:\n");
		put_inputs(p);
		str_addc(&p->out->yaml, '\n');
		to = end;
	} else {
		to = 1;
	}
	copy_lines(p, to, end);
	*front = p->out->yaml;
	p->out->yaml = keep;
}

static void
drop_text(struct str *yaml, size_t from, size_t len)
{
	char *at = yaml->buf + from;

	memmove(at, at + len, yaml->len - from - len + 1);
	str_cut(yaml, yaml->len - len);
}

/* What the import says of its probes, that nothing looks at them, is no longer true. */
static void
drop_draft(struct str *yaml, size_t front)
{
	char *at = strstr(yaml->buf, draft_comment);

	if (at)
		drop_text(yaml, (size_t)(at - yaml->buf), strcspn(at, "\n") + 1);
	while ((at = strstr(yaml->buf, draft_key)) && (size_t)(at - yaml->buf) < front)
		drop_text(yaml, (size_t)(at - yaml->buf), sizeof draft_key - 2);
}

static void
promote_steps(struct promoting *p, const struct ynode *steps)
{
	int end = steps_end(p), first = (int)steps->line, at;
	struct str front = STR_INIT;
	size_t head;

	for (const struct ynode *k = p->root->first; k; k = k->next->next)
		if (k->next == steps)
			first = (int)k->line;
	at = first;
	for (const struct ynode *i = steps->first; i; i = i->next) {
		struct step_text s = {0};

		if (!is_plain_step(p, i, &s))
			continue;
		s.end = end_of(p, i, end);
		copy_lines(p, at, (int)i->line);
		at = promote_step(p, &s) ? s.end : (int)i->line;
	}
	copy_lines(p, at, p->lines + 1);
	put_front(p, first, &front);
	head = front.len;
	str_add(&front, p->out->yaml.buf, p->out->yaml.len);
	str_release(&p->out->yaml);
	p->out->yaml = front;
	if (p->out->promoted)
		drop_draft(&p->out->yaml, head);
}

bool
promote_text(const char *path, const char *text, size_t len, struct promote *out,
	struct diags *d)
{
	struct promoting p = {.out = out, .text = text};
	struct danger_tables *tables;
	const struct ynode *steps;
	struct runbook *rb;
	struct ydoc *y;

	*out = (struct promote){.yaml = STR_INIT};
	rb = load_runbook_text(path, text, len, NULL, d);
	runbook_unref(rb);
	if (!rb)
		return false;
	y = ydoc_parse(path, text, len, d);
	p.root = ydoc_root(y);
	steps = ynode_get(p.root, "steps");
	tables = danger_tables_new();
	p.tables = tables;
	find_lines(&p, len);
	promote_steps(&p, steps);
	for (size_t i = 0; i < p.inputs.len; i++)
		mem_free(p.inputs.at[i]);
	vec_free(&p.inputs);
	vec_free(&p.line_at);
	danger_tables_free(tables);
	ydoc_free(y);
	return true;
}

void
promote_release(struct promote *p)
{
	for (size_t i = 0; i < p->items.len; i++)
		mem_free(p->items.at[i].what);
	vec_free(&p->items);
	str_release(&p->yaml);
}
