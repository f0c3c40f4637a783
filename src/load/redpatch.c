#include "load/redpatch.h"

#include <string.h>

#include "base/mem.h"
#include "base/vec.h"
#include "load/yamlout.h"
#include "model/acttext.h"

enum { AROUND = 3 };

/* ---- one line of a command, as YAML may have written it ----------------------------------- */

enum spelling { AS_IT_IS, IN_DOUBLE_QUOTES, IN_SINGLE_QUOTES, SPELLINGS };

static void
spell(enum spelling how, const char *line, size_t len, struct str *out)
{
	for (size_t i = 0; i < len; i++) {
		if (how == IN_DOUBLE_QUOTES && (line[i] == '"' || line[i] == '\\'))
			str_addc(out, '\\');
		if (how == IN_SINGLE_QUOTES && line[i] == '\'')
			str_addc(out, '\'');
		str_addc(out, line[i]);
	}
}

static const char *
step_begins(const char *text, int line)
{
	while (--line > 0 && (text = strchr(text, '\n')))
		text++;
	return text;
}

/* Is the step's command now what it should be, and the rest of the file sound? */
static bool
holds(const struct str *text, const char *path, const struct load_opts *o,
	const char *step, const char *command)
{
	struct diags d = {0};
	struct runbook *rb = load_runbook_text(path, text->buf, text->len, o, &d);
	int at = rb ? runbook_find_step(rb, step) : NONE;
	bool ok = at != NONE && str_eq(rb->steps.list.at[at].text, command);

	diags_release(&d);
	if (rb)
		runbook_unref(rb);
	return ok;
}

struct change { /* of one line; new NULL: it goes */
	const char *old, *new;
	size_t old_len, new_len;
};

static bool
change_line(
	struct str *text, const char *from, const struct change *ch, enum spelling how)
{
	struct str old = STR_INIT, made = STR_INIT;
	const char *hit;

	spell(how, ch->old, ch->old_len, &old);
	hit = old.len ? strstr(from, old.buf) : NULL;
	if (hit) {
		const char *end = hit + old.len;

		if (!ch->new) { /* the whole line of the file */
			while (hit > text->buf && hit[-1] != '\n')
				hit--;
			end += strcspn(end, "\n");
			end += *end == '\n';
		}
		str_add(&made, text->buf, (size_t)(hit - text->buf));
		if (ch->new)
			spell(how, ch->new, ch->new_len, &made);
		str_adds(&made, end);
		str_reset(text);
		str_add(text, made.buf, made.len);
	}
	str_release(&made);
	str_release(&old);
	return hit != NULL;
}

static size_t
lines_in(const char *s)
{
	size_t n = 0;

	for (; *s; s += strcspn(s, "\n"), s += *s == '\n')
		n++;
	return n;
}

/* Line by line where both have as many; else the first one that is gone. */
static bool
changes_of(const struct redpatch_edit *e, enum spelling how, struct str *text)
{
	size_t n = lines_in(e->old), m = lines_in(e->new);
	const char *a = e->old, *b = e->new;

	while (*a) {
		struct change ch = {.old = a,
			.new = b,
			.old_len = strcspn(a, "\n"),
			.new_len = strcspn(b, "\n")};
		const char *from = step_begins(text->buf, e->line);
		bool same = ch.old_len == ch.new_len && memcmp(a, b, ch.old_len) == 0;

		if (!same && n != m)
			ch.new = NULL;
		if (!same && (!from || !change_line(text, from, &ch, how)))
			return false;
		a += ch.old_len + (a[ch.old_len] == '\n');
		if (same || n == m)
			b += strcspn(b, "\n") + (b[strcspn(b, "\n")] == '\n');
		else if (n-- < m)
			return false;
	}
	return true;
}

static bool
apply_lines(struct str *text, const char *path, const struct load_opts *o,
	const struct redpatch_edit *edit, const char *holding)
{
	for (int how = AS_IT_IS; how < SPELLINGS; how++) {
		struct str made = STR_INIT;
		bool ok;

		str_add(&made, text->buf, text->len);
		ok = changes_of(edit, (enum spelling)how, &made) &&
			holds(&made, path, o, edit->step, holding);
		if (ok) {
			str_reset(text);
			str_add(text, made.buf, made.len);
		}
		str_release(&made);
		if (ok)
			return true;
	}
	return false;
}

/* ---- the parts of a request or a copy ----------------------------------------------------- */

enum { TIMES = 8 }; /* so often the same words may stand before */

struct parted {
	struct str *text;
	const char *path;
	const struct load_opts *o;
	const struct redpatch_edit *edit;
};

/* The nth time that `old` stands in the step. */
static bool
change_nth(struct str *text, int line, const struct change *ch, enum spelling how, int n)
{
	const char *from = step_begins(text->buf, line);
	struct str old = STR_INIT;
	bool ok = true;

	spell(how, ch->old, ch->old_len, &old);
	for (; from && old.len && n > 0; n--) {
		from = strstr(from, old.buf);
		from = from ? from + old.len : NULL;
	}
	ok = from && change_line(text, from, ch, how);
	str_release(&old);
	return ok;
}

/* A key that is not there yet, before one that is. */
static bool
put_before(struct str *text, int line, const char *key, const char *words)
{
	const char *hit = step_begins(text->buf, line), *begin;
	struct str made = STR_INIT;

	hit = hit ? strstr(hit, key) : NULL;
	if (!hit)
		return false;
	for (begin = hit; begin > text->buf && begin[-1] != '\n';)
		begin--;
	str_add(&made, text->buf, (size_t)(hit - text->buf));
	str_adds(&made, words);
	if (strspn(begin, " ") == (size_t)(hit - begin))
		str_addf(&made, "\n%.*s", (int)(hit - begin), begin);
	else
		str_adds(&made, ", ");
	str_adds(&made, hit);
	str_reset(text);
	str_add(text, made.buf, made.len);
	str_release(&made);
	return true;
}

static bool
keep_if_holds(const struct parted *p, struct str *made, bool ok, const char *holding)
{
	ok = ok && holds(made, p->path, p->o, p->edit->step, holding);
	if (ok) {
		str_reset(p->text);
		str_add(p->text, made->buf, made->len);
	}
	str_release(made);
	return ok;
}

/* One value; `holding` is the whole step with it. */
static bool
change_value(
	const struct parted *p, const char *old, const char *new, const char *holding)
{
	struct change ch = {
		.old = old, .new = new, .old_len = strlen(old), .new_len = strlen(new)};

	if (strchr(old, '\n') || strchr(new, '\n'))
		return apply_lines(p->text, p->path, p->o,
			&(struct redpatch_edit){.step = p->edit->step,
				.line = p->edit->line,
				.old = old,
				.new = new},
			holding);
	for (int how = AS_IT_IS; how < SPELLINGS; how++)
		for (int n = 0; n < TIMES; n++) {
			struct str made = STR_INIT;

			str_add(&made, p->text->buf, p->text->len);
			if (keep_if_holds(p, &made,
				    change_nth(&made, p->edit->line, &ch,
					    (enum spelling)how, n),
				    holding))
				return true;
		}
	return false;
}

static bool
add_key(const struct parted *p, const char *before, const char *key, const char *value,
	const char *holding)
{
	struct str made = STR_INIT;
	char *words = mem_printf("%s: %s", key, value);
	bool ok;

	str_add(&made, p->text->buf, p->text->len);
	ok = put_before(&made, p->edit->line, before, words);
	mem_free(words);
	return keep_if_holds(p, &made, ok, holding);
}

/* Step by step from the old one to the new one: after each, the file has what it should. */
static bool
request_to(const struct parted *p, struct http_spec *now, const struct http_spec *to)
{
	struct {
		char **now;
		const char *to;
	} rows[3] = {
		{&now->url, to->url}, {&now->method, to->method}, {&now->body, to->body}};
	bool ok = now->headers.list.len == to->headers.list.len;
	size_t fixed = sizeof rows / sizeof rows[0];

	for (size_t i = 0; ok && i < fixed + to->headers.list.len; i++) {
		char **at = i < fixed ? rows[i].now
				      : &now->headers.list.at[i - fixed].value;
		const char *want = i < fixed ? rows[i].to
					     : to->headers.list.at[i - fixed].value;
		char *was = *at, *holding;

		ok = i < fixed ||
			str_eq(now->headers.list.at[i - fixed].key,
				to->headers.list.at[i - fixed].key);
		if (!ok || str_eq(was, want))
			continue;
		*at = want ? mem_strdup(want) : NULL;
		holding = acttext_http(now);
		ok = was && want &&
			(change_value(p, was, want, holding) ||
				(at == &now->method &&
					add_key(p, "url:", "method", want, holding)));
		mem_free(holding);
		mem_free(was);
	}
	return ok;
}

static bool
copy_to(const struct parted *p, struct acttext_copy *now, const struct acttext_copy *to)
{
	struct {
		char **now;
		const char *to;
	} rows[] = {{&now->from, to->from}, {&now->to, to->to}, {&now->mode, to->mode}};
	bool ok = true;

	for (size_t i = 0; ok && i < sizeof rows / sizeof rows[0]; i++) {
		char *was = *rows[i].now, *holding;

		if (str_eq(was, rows[i].to))
			continue;
		*rows[i].now = mem_strdup(rows[i].to);
		holding = acttext_copy(now->from, now->to, now->mode);
		ok = change_value(p, was, rows[i].to, holding) ||
			(rows[i].now == &now->mode &&
				add_key(p, "to:", "mode", rows[i].to, holding));
		mem_free(holding);
		mem_free(was);
	}
	return ok;
}

static bool
apply_http(const struct parted *p)
{
	struct http_spec now = {0}, to = {0};
	struct err e = ERR_INIT;
	bool ok = acttext_read_http(p->edit->old, &now, &e) &&
		acttext_read_http(p->edit->new, &to, &e) && request_to(p, &now, &to);

	acttext_release_http(&now);
	acttext_release_http(&to);
	return ok;
}

static bool
apply_copy(const struct parted *p)
{
	struct acttext_copy now = {0}, to = {0};
	struct err e = ERR_INIT;
	bool ok = acttext_read_copy(p->edit->old, &now, &e) &&
		acttext_read_copy(p->edit->new, &to, &e) && copy_to(p, &now, &to);

	acttext_release_copy(&now);
	acttext_release_copy(&to);
	return ok;
}

bool
redpatch_apply(struct str *text, const char *path, const struct load_opts *o,
	const struct redpatch_edit *edit)
{
	struct str made = STR_INIT;
	const struct parted p = {.text = &made, .path = path, .o = o, .edit = edit};
	bool ok;

	str_add(&made, text->buf, text->len);
	ok = edit->kind == STEP_HTTP      ? apply_http(&p)
		: edit->kind == STEP_COPY ? apply_copy(&p)
					  : apply_lines(&made, path, o, edit, edit->new);
	if (ok) {
		str_reset(text);
		str_add(text, made.buf, made.len);
	}
	str_release(&made);
	return ok;
}

/* ---- a step that was added ---------------------------------------------------------------- */

void
redpatch_step_text(const struct redpatch_step *s, int indent, struct str *out)
{
	const struct {
		const char *key, *value;
	} rows[] = {{"title", s->text ? s->title : NULL}, {"host", s->host},
		{"risk", s->risk}, {"confirm", s->confirm}, {"undo", s->undo},
		{"irreversible", s->irreversible}};

	str_addf(out, "%*s- %s: ", indent, "", s->text ? "run" : "do");
	yamlout_value(out, indent + 2, s->text ? s->text : s->title);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (!rows[i].value)
			continue;
		str_addf(out, "%*s%s: ", indent + 2, "", rows[i].key);
		yamlout_value(out, indent + 2, rows[i].value);
	}
	if (s->text)
		str_addf(out, "%*sexpect: {exit: 0}\n", indent + 2, "");
}

static const char *
next_line(const char *line)
{
	line += strcspn(line, "\n");
	return *line ? line + 1 : line;
}

static bool
says_nothing(const char *line)
{
	line += strspn(line, " ");
	return !*line || *line == '\n' || *line == '\r' || *line == '#';
}

/* Behind the item that begins on this line, before what is said of the next. NULL: it is no
 * item of a list over several lines. */
static const char *
behind(const char *item, int *indent)
{
	size_t in = strspn(item, " ");
	const char *end;

	if (item[in] != '-' || item[in + 1] != ' ')
		return NULL;
	*indent = (int)in;
	end = next_line(item);
	for (const char *at = end; *at; at = next_line(at)) {
		if (says_nothing(at))
			continue;
		if (strspn(at, " ") <= in)
			break;
		end = next_line(at);
	}
	return end[-1] == '\n' ? end : NULL;
}

/* The line of the step it stands behind; 0: there is none. */
static int
line_of(const struct runbook *rb, const char *after)
{
	int at = after ? runbook_find_step(rb, after) : NONE, last = 0;

	if (at != NONE)
		return rb->steps.list.at[at].scope ? 0 : rb->steps.list.at[at].line;
	for (size_t i = 0; i < rb->steps.list.len; i++)
		if (!rb->steps.list.at[i].scope &&
			(rb->rollback_first == NONE || (int)i < rb->rollback_first))
			last = rb->steps.list.at[i].line;
	return last;
}

static bool
has_step(const struct runbook *rb, const struct redpatch_step *s)
{
	for (size_t i = 0; i < rb->steps.list.len; i++) {
		const struct step *st = &rb->steps.list.at[i];

		if (str_eq(st->title, s->title) &&
			str_eq(st->text, s->text ? s->text : s->title))
			return true;
	}
	return false;
}

static struct runbook *
load(const struct str *text, const char *path, const struct load_opts *o)
{
	struct diags d = {0};
	struct runbook *rb = load_runbook_text(path, text->buf, text->len, o, &d);

	diags_release(&d);
	return rb;
}

bool
redpatch_insert(struct str *text, const char *path, const struct load_opts *o,
	const struct redpatch_step *s)
{
	struct runbook *before = load(text, path, o), *now = NULL;
	int line = before ? line_of(before, s->after) : 0, indent;
	const char *item = line ? step_begins(text->buf, line) : NULL, *at;
	struct str made = STR_INIT;

	at = item ? behind(item, &indent) : NULL;
	if (at) {
		str_add(&made, text->buf, (size_t)(at - text->buf));
		redpatch_step_text(s, indent, &made);
		str_adds(&made, at);
		now = load(&made, path, o);
	}
	if (now && now->steps.list.len == before->steps.list.len + 1 &&
		has_step(now, s)) {
		str_reset(text);
		str_add(text, made.buf, made.len);
	} else {
		at = NULL;
	}
	if (before)
		runbook_unref(before);
	if (now)
		runbook_unref(now);
	str_release(&made);
	return at != NULL;
}

/* ---- the diff ------------------------------------------------------------------------------- */

struct lines {
	VEC_OF(const char *) at;
};

static size_t
line_len(const char *line)
{
	size_t n = strcspn(line, "\n");

	return n + (line[n] == '\n');
}

static void
split(const char *text, struct lines *out)
{
	for (; *text; text += line_len(text))
		vec_push(&out->at, text);
}

static bool
same_line(const char *a, const char *b)
{
	return line_len(a) == line_len(b) && memcmp(a, b, line_len(a)) == 0;
}

static void
add_line(struct str *out, char mark, const char *line)
{
	str_addc(out, mark);
	str_add(out, line, line_len(line));
	if (!strchr(line, '\n'))
		str_adds(out, "\n\\ No newline at end of file\n");
}

/* From the first line that differs to the last: few lines of one file. */
void
redpatch_diff(const char *name, const char *before, const char *after, struct str *out)
{
	struct lines a = {0}, b = {0};
	size_t head = 0, tail = 0, from, less, more;

	split(before, &a);
	split(after, &b);
	less = a.at.len < b.at.len ? a.at.len : b.at.len;
	while (head < less && same_line(a.at.at[head], b.at.at[head]))
		head++;
	while (tail < less - head &&
		same_line(a.at.at[a.at.len - 1 - tail], b.at.at[b.at.len - 1 - tail]))
		tail++;
	if (head < a.at.len - tail || head < b.at.len - tail) {
		from = head > AROUND ? head - AROUND : 0;
		more = tail > AROUND ? AROUND : tail;
		str_addf(out, "--- %s\n+++ %s\n@@ -%zu,%zu +%zu,%zu @@\n", name, name,
			from + 1, a.at.len - tail + more - from, from + 1,
			b.at.len - tail + more - from);
		for (size_t i = from; i < head; i++)
			add_line(out, ' ', a.at.at[i]);
		for (size_t i = head; i < a.at.len - tail; i++)
			add_line(out, '-', a.at.at[i]);
		for (size_t i = head; i < b.at.len - tail; i++)
			add_line(out, '+', b.at.at[i]);
		for (size_t i = a.at.len - tail; i < a.at.len - tail + more; i++)
			add_line(out, ' ', a.at.at[i]);
	}
	vec_free(&a.at);
	vec_free(&b.at);
}
