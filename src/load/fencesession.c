#include "load/fencesession.h"

#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "load/fencecommand.h"
#include "load/fencekind.h"
#include "load/fenceline.h"
#include "load/shelllines.h"
#include "model/wordlist.h"

enum { CONTINUED_MAX = 100 }; /* lines of one command typed at a prompt */

/* ---- comments -------------------------------------------------------------------------- */

void
fencesession_comment(struct fence *f, const char *line, int number)
{
	const char *text = fenceline_comment_text(line);
	struct fence_piece *p;
	enum fence_piece_kind kind = FENCE_PIECE_COMMENT;
	unsigned flags = fenceline_optional(text) ? FENCE_FLAG_OPTIONAL : 0;

	if (*text == '\0')
		return;
	switch (fenceline_comment(text)) {
	case FENCELINE_TITLE:
		break;
	case FENCELINE_OR:
		kind = FENCE_PIECE_ALTERNATIVE;
		break;
	case FENCELINE_EXPECTED:
		kind = FENCE_PIECE_EXPECTATION;
		break;
	case FENCELINE_OUT_COMMAND:
		kind = FENCE_PIECE_INSTRUCTION;
		flags |= FENCE_FLAG_COMMENTED;
		break;
	case FENCELINE_EDIT:
		kind = FENCE_PIECE_INSTRUCTION;
		break;
	}
	p = fencecommand_add(f, kind, number, number);
	p->flags = flags;
	p->text = mem_strdup(text);
}

/* ---- commands -------------------------------------------------------------------------- */

static void
add_repl(struct fence *f, const char *text, size_t prompt, int first, int last)
{
	struct fence_piece *p = fencecommand_add(f, FENCE_PIECE_REPL, first, last);

	p->written = mem_strdup(text);
	p->text = mem_strdup(text + prompt);
	if (strlen(p->text) > FENCECOMMAND_MAX_BYTES)
		p->flags |= FENCE_FLAG_TOO_LONG;
	else
		danger_scan_sql(p->text, &p->hits);
	for (size_t i = 0; i < p->hits.list.len; i++) {
		if (p->hits.list.at[i].rule->risk > p->risk)
			p->risk = p->hits.list.at[i].rule->risk;
	}
	if (p->risk >= RISK_HARD || strstr(p->text, "dropDatabase(") != NULL ||
		strstr(p->text, ".drop(") != NULL ||
		strncasecmp(p->text, "flush", 5) == 0)
		p->flags |= FENCE_FLAG_DANGEROUS;
}

static struct fence_piece *
add_command(struct fence *f, struct fencecommand *c, char *text_take, const int lines[2])
{
	struct fence_piece *p = fencecommand_add(
		f, FENCE_PIECE_COMMAND, lines[0], lines[1]);

	p->text = text_take;
	fencecommand_read(c, p);
	return p;
}

/* One logical line of a block of commands. */
static void
take_line(struct fence *f, struct fencecommand *c, const char *text,
	const struct shellline *line, int number)
{
	size_t at = line->at + strspn(text + line->at, " \t"), end = line->end, repl;
	int lines[2] = {number, number + line->lines - 1};
	char *own;

	while (end > at && strchr(" \t\n", text[end - 1]) != NULL)
		end--;
	own = mem_strndup(text + at, end - at);
	repl = end - at < FENCEKIND_LINE_BYTES ? fenceline_repl(own) : 0;
	if (line->comment) {
		fencesession_comment(f, own, number);
		mem_free(own);
	} else if (end - at < 32 && fenceline_or(own)) {
		fencecommand_add(f, FENCE_PIECE_ALTERNATIVE, number, number)->text = own;
	} else if (repl > 0) {
		add_repl(f, own, repl, number, lines[1]);
		mem_free(own);
	} else {
		struct fence_piece *p = add_command(f, c, own, lines);

		p->flags |= line->unfinished ? FENCE_FLAG_UNFINISHED : 0;
	}
}

void
fencesession_commands(struct fence *f, const struct fence_in *in)
{
	struct fencecommand c = {.tables = in->tables, .fence = f};
	struct shellline line;
	int number = 1;

	for (size_t at = 0; at < in->len; at = line.next) {
		shelllines_next(in->text, in->len, at, &line);
		if (!line.blank)
			take_line(f, &c, in->text, &line, number);
		number += line.lines;
	}
	fencecommand_release(&c);
}

/* ---- a session ------------------------------------------------------------------------- */

struct session {
	struct fence *f;
	const struct fence_in *in;
	struct fencecommand c;
	enum fenceline_root root;
	size_t at;
	int number; /* of the line at `at` */
};

/* The line at `at` without its newline; the caller frees it. */
static char *
whole_line(struct session *s)
{
	const char *from = s->in->text + s->at;
	const char *lf = memchr(from, '\n', s->in->len - s->at);
	size_t n = lf != NULL ? (size_t)(lf - from) : s->in->len - s->at;

	s->at += n + (lf != NULL);
	s->number++;
	return mem_strndup(from, n);
}

static size_t
prompt_at(const struct session *s, size_t at)
{
	char line[FENCEKIND_LINE_BYTES];

	if (at >= s->in->len)
		return 0;
	fencekind_line(s->in->text, s->in->len, at, line);
	return fenceline_prompt(line, s->root);
}

static bool
unfinished(const struct str *text)
{
	struct shellline line;

	if (text->len == 0)
		return false;
	if (text->buf[text->len - 1] == '\\' &&
		(text->len == 1 || text->buf[text->len - 2] != '\\'))
		return true;
	shelllines_next(text->buf, text->len, 0, &line);
	return line.unfinished || line.end < text->len;
}

/* Behind a prompt: the command, with the lines it goes on in. */
static void
typed(struct session *s, size_t prompt)
{
	int lines[2] = {s->number, s->number};
	char *first = whole_line(s);
	struct str text = STR_INIT;

	str_adds(&text, first + prompt);
	mem_free(first);
	for (int i = 0; i < CONTINUED_MAX && s->at < s->in->len && unfinished(&text) &&
		text.len < FENCECOMMAND_MAX_BYTES && prompt_at(s, s->at) == 0;
		i++) {
		char *more = whole_line(s);

		str_addc(&text, '\n');
		str_adds(&text, str_starts(more, "> ") ? more + 2 : more);
		mem_free(more);
	}
	lines[1] = s->number - 1;
	if (text.buf[0] == '#')
		fencesession_comment(s->f, text.buf, lines[0]);
	else if (text.buf[strspn(text.buf, " \t")] != '\0')
		add_command(s->f, &s->c, mem_strdup(text.buf), lines)
			->flags |= unfinished(&text) ? FENCE_FLAG_UNFINISHED : 0;
	str_release(&text);
}

/* What stands between two prompts was printed. */
static void
printed(struct session *s)
{
	struct str text = STR_INIT;
	int first = s->number, last = s->number;
	char line[FENCEKIND_LINE_BYTES];

	while (s->at < s->in->len && prompt_at(s, s->at) == 0) {
		char *more;

		fencekind_line(s->in->text, s->in->len, s->at, line);
		if (line[0] == '#' || fenceline_repl(line) > 0)
			break;
		more = whole_line(s);
		if (more[strspn(more, " \t")] != '\0')
			last = s->number - 1;
		str_adds(&text, more);
		str_addc(&text, '\n');
		mem_free(more);
	}
	while (text.len > 0 && text.buf[text.len - 1] == '\n')
		str_cut(&text, text.len - 1);
	if (text.buf[strspn(text.buf, " \t\n")] != '\0')
		fencecommand_add(s->f, FENCE_PIECE_OUTPUT, first, last)->text = str_take(
			&text);
	str_release(&text);
}

/* Without any "$ " the "# " of a session is the prompt of root, not a comment. */
static enum fenceline_root
root_prompts(const struct fence_in *in)
{
	char line[FENCEKIND_LINE_BYTES];
	enum fenceline_root root = FENCELINE_NO_ROOT;

	for (size_t at = 0; at < in->len;) {
		at = fencekind_line(in->text, in->len, at, line);
		if (fenceline_prompt(line, FENCELINE_NO_ROOT) > 0)
			return FENCELINE_NO_ROOT;
		if (line[0] == '#' && line[1] == ' ' && fenceline_command(line + 2))
			root = FENCELINE_ROOT;
	}
	return root;
}

void
fencesession_console(struct fence *f, const struct fence_in *in)
{
	char line[FENCEKIND_LINE_BYTES];
	struct session s = {.f = f,
		.in = in,
		.c = {.tables = in->tables, .fence = f},
		.root = root_prompts(in),
		.number = 1};

	while (s.at < in->len) {
		size_t prompt = prompt_at(&s, s.at), repl;

		fencekind_line(in->text, in->len, s.at, line);
		repl = fenceline_repl(line);
		if (prompt > 0) {
			typed(&s, prompt);
		} else if (line[0] == '#' || repl > 0) {
			char *own = whole_line(&s);

			if (repl > 0)
				add_repl(f, own, repl, s.number - 1, s.number - 1);
			else
				fencesession_comment(f, own, s.number - 1);
			mem_free(own);
		} else {
			printed(&s);
		}
	}
	fencecommand_release(&s.c);
}

/* ---- statements ------------------------------------------------------------------------ */

/* Past a string, quoted name or comment at s[i]; i itself where there is none. */
static size_t
past_quoted(const char *s, size_t len, size_t i)
{
	const char *end = NULL;

	if (s[i] == '\'' || s[i] == '"')
		end = memchr(s + i + 1, s[i], len - i - 1);
	else if (s[i] == '-' && s[i + 1] == '-')
		end = memchr(s + i, '\n', len - i);
	else if (s[i] == '/' && s[i + 1] == '*')
		end = strstr(s + i + 2, "*/");
	else if (s[i] == '$' && s[i + 1] == '$')
		end = strstr(s + i + 2, "$$");
	else
		return i;
	if (end == NULL)
		return len;
	return (size_t)(end - s) +
		(*end == s[i] && s[i] == '$'  ? 2
				: *end == '*' ? 2
					      : 1);
}

static void
add_statement(struct fence *f, const char *text, size_t len, const int lines[2])
{
	struct fence_piece *p = fencecommand_add(
		f, FENCE_PIECE_STATEMENT, lines[0], lines[1]);

	p->text = mem_strndup(text, len);
	if (len > FENCECOMMAND_MAX_BYTES) {
		p->flags |= FENCE_FLAG_TOO_LONG;
		return;
	}
	danger_scan_sql(p->text, &p->hits);
	for (size_t i = 0; i < p->hits.list.len; i++) {
		if (p->hits.list.at[i].rule->risk > p->risk)
			p->risk = p->hits.list.at[i].rule->risk;
	}
	p->flags |= p->risk >= RISK_HARD ? FENCE_FLAG_DANGEROUS : 0;
}

static int
count_lines(const char *text, size_t from, size_t to)
{
	int n = 0;

	for (; from < to; from++)
		n += text[from] == '\n';
	return n;
}

void
fencesession_statements(struct fence *f, const struct fence_in *in)
{
	const char *s = in->text;
	int lines[2] = {1, 1};

	for (size_t at = 0; at < in->len;) {
		size_t from = at + strspn(s + at, " \t\n"), end;

		lines[0] = lines[1] + count_lines(s, at, from);
		if (from >= in->len)
			return;
		at = from;
		if (str_starts(s + from, "--")) {
			struct fence_piece *p = fencecommand_add(
				f, FENCE_PIECE_COMMENT, lines[0], lines[0]);

			at += strcspn(s + at, "\n");
			p->text = mem_strndup(s + from + 2 + strspn(s + from + 2, " -"),
				at - from - 2 - strspn(s + from + 2, " -"));
			lines[1] = lines[0];
			continue;
		}
		while (at < in->len && s[at] != ';') {
			size_t past = past_quoted(s, in->len, at);

			at = past > at ? past : at + 1;
		}
		at += at < in->len;
		for (end = at; end > from && strchr(" \t\n", s[end - 1]) != NULL;)
			end--;
		lines[1] = lines[0] + count_lines(s, from, end);
		add_statement(f, s + from, end - from, lines);
		lines[1] += count_lines(s, end, at);
	}
}
