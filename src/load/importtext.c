#include "load/importtext.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "load/fence.h"

enum { TITLE_CELLS = 72, CLAUSE_MIN = 12, WORD_MIN = 24 };

/* ---- secrets --------------------------------------------------------------------------- */

/* Bytes of a secret the danger rules found at `at`; 0: none that can be told apart. */
static size_t
secret_span(const char *text, size_t at, const char *rule, size_t *from)
{
	const char *s = text + at;
	size_t len;

	*from = at;
	if (str_eq(rule, "E-SH-403")) { /* user:password@ */
		len = strcspn(s, "@\n");
		*from = at + (size_t)(strchr(s, ':') + 1 - s);
		return at + len - *from;
	}
	if (!str_eq(rule, "E-SH-404"))
		return 0;
	if (str_starts(s, "-----BEGIN")) {
		const char *end = strstr(s + 1, "-----END");

		return end ? (size_t)(end - s) + strcspn(end, "\n") : strlen(s);
	}
	for (len = 0; isalnum((unsigned char)s[len]) || strchr("_-.", s[len]); len++)
		if (!s[len])
			break;
	return len;
}

/* What lint still takes for a placeholder when all known ones are inputs: a word in angles
 * keeps its letters, any other becomes an input nobody has a better name for. */
static size_t
settle(struct importing *g, const char *s, int line, struct str *out)
{
	size_t len = 0;

	if (*s == '<') {
		len = strcspn(s, ">");
		str_addf(out, "(%.*s)", (int)len - 1, s + 1);
		return len + (s[len] == '>');
	}
	while (isalnum((unsigned char)s[len]) || (s[len] && strchr("_-.", s[len])))
		len++;
	str_adds(out, "${unfilled}");
	if (draft_add_input(g->d, "unfilled", "What is to be filled in?", INPUT_TEXT))
		importing_note(g, line, "input ${unfilled} for %.*s", (int)len, s);
	return len;
}

/* Secrets, and what else may not stand in a text. */
static void
take_secrets_out(struct importing *g, struct str *text, int line)
{
	struct danger_opts o = {.place = DANGER_IN_DO, .tables = g->tables};
	struct danger_hits hits = {0};
	struct str out = STR_INIT;
	size_t done = 0;

	danger_scan(text->buf, &o, &hits);
	for (size_t i = 0; i < hits.list.len; i++) {
		const struct danger_hit *h = &hits.list.at[i];
		size_t from, len = secret_span(text->buf, h->offset, h->rule->id, &from);

		if (str_eq(h->rule->id, "E-SH-501") && h->offset >= done) {
			str_add(&out, text->buf + done, h->offset - done);
			done = h->offset + settle(g, text->buf + h->offset, line, &out);
			continue;
		}
		if (!len || from < done)
			continue;
		str_add(&out, text->buf + done, from - done);
		str_adds(&out, "***");
		done = from + len;
		importing_note(g, line, "%s; it was taken out", h->rule->msg);
	}
	if (done) {
		str_adds(&out, text->buf + done);
		str_release(text);
		*text = out;
	}
	danger_release(&hits);
}

/* ---- filling in ------------------------------------------------------------------------ */

/* ${ of the page's own is no name of ours. */
static void
add_literal(struct str *out, const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '$' && i + 1 < len && s[i + 1] == '{')
			str_addc(out, '$');
		str_addc(out, s[i]);
	}
}

static void
add_placeholder(struct importing *g, const struct placeholder *p, const char *text,
	enum placeholder_place place, int line, struct str *out)
{
	static const char *const ours[] = {"host", "run", "env", "step", "each"};
	char name[PLACEHOLDER_NAME_BYTES + 8];

	snprintf(name, sizeof name, "%s",
		str_starts(p->name, "export_") ? p->name + strlen("export_") : p->name);
	/* names a runbook gives a meaning of its own */
	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		if (str_eq(name, ours[i]))
			snprintf(name, sizeof name, "%s_name", ours[i]);
	if (p->secret) {
		str_addf(out, place == PLACEHOLDER_IN_COMMAND ? "$%s" : "(secret %s)",
			name);
		importing_note(g, line, "secret to be filled in: %s", name);
		return;
	}
	str_addf(out, "${%s}", name);
	if (draft_add_input(g->d, name, p->question, p->type))
		importing_note(g, line, "input ${%s} for %s: %.*s", name,
			placeholder_style_text(p->style), (int)p->len, text + p->at);
}

void
importtext_fill(struct importing *g, const char *text, size_t len,
	enum placeholder_place place, int line, struct str *out)
{
	struct placeholders found = {0};
	struct str filled = STR_INIT;
	size_t done = 0;

	placeholder_find(text, len, place, &found);
	for (size_t i = 0; i < found.list.len; i++) {
		const struct placeholder *p = &found.list.at[i];

		add_literal(&filled, text + done, p->at - done);
		add_placeholder(g, p, text, place, line, &filled);
		done = p->at + p->len;
	}
	add_literal(&filled, text + done, len - done);
	placeholder_release(&found);
	take_secrets_out(g, &filled, line);
	str_add(out, filled.buf, filled.len);
	str_release(&filled);
}

/* ---- words ----------------------------------------------------------------------------- */

bool
importtext_is_web(const char *s)
{
	size_t scheme = str_starts(s, "http://") ? 7 : str_starts(s, "https://") ? 8 : 0;

	return scheme && s[scheme] && !strpbrk(s, " \t\n<>\"");
}

/* "infra/nginx.conf:1" leads to infra/nginx.conf. */
static size_t
target_len(const char *href)
{
	size_t len = strcspn(href, "#?"), end = len;

	while (end && isdigit((unsigned char)href[end - 1]))
		end--;
	if (end && end < len && href[end - 1] == ':')
		len = end - 1;
	while (len > 1 && href[len - 1] == '/')
		len--;
	return len;
}

static void
add_link(struct importing *g, const struct mdnode *n, const struct mdspan *s,
	struct pairs *links, struct str *out)
{
	const char *label = n->text + s->from;
	size_t len = s->to - s->from, target;

	while (len > 1 && label[len - 1] == '/')
		len--;
	if (!s->href || !s->href[0] || s->href[0] == '#')
		return;
	target = target_len(s->href);
	if (importtext_is_web(s->href)) {
		if (len == strlen(s->href) && memcmp(label, s->href, len) == 0)
			return;
		if (links && len) {
			char *key = mem_strndup(label, s->to - s->from);

			for (char *c = key; *c; c++)
				*c = *c == '\n' ? ' ' : *c;
			if (!pairs_get(links, key))
				vec_push(&links->list,
					(struct pair){.key = mem_strdup(key),
						.value = mem_strdup(s->href),
						.line = n->line});
			mem_free(key);
			return;
		}
	} else if (!target || (len == target && memcmp(label, s->href, len) == 0)) {
		return; /* the words are the target */
	}
	str_addf(out, " (");
	importtext_fill(g, s->href, importtext_is_web(s->href) ? strlen(s->href) : target,
		PLACEHOLDER_IN_PROSE, n->line, out);
	str_addc(out, ')');
}

static void
trim_lines(struct str *s)
{
	size_t to = 0;

	for (size_t i = 0; i < s->len; i++) {
		if (s->buf[i] == '\n')
			while (to && strchr(" \t", s->buf[to - 1]))
				to--;
		s->buf[to++] = s->buf[i] == '\t' ? ' ' : s->buf[i];
	}
	while (to && strchr(" \n", s->buf[to - 1]))
		to--;
	if (s->len)
		str_cut(s, to);
}

void
importtext_mark_prose(struct str *s)
{
	struct str out = STR_INIT;

	for (const char *line = s->buf; s->len && *line;) {
		size_t len = strcspn(line, "\n");
		const char *mark = line + strspn(line, "\\");

		if ((mark[0] == '$' || mark[0] == '>') &&
			(mark[1] == ' ' || (mark[0] == '>' && strchr("\n", mark[1]))))
			str_addc(&out, '\\');
		len += line[len] == '\n';
		str_add(&out, line, len);
		line += len;
	}
	str_release(s);
	*s = out;
}

char *
importtext_words(
	struct importing *g, const struct mdnode *n, size_t from, struct pairs *links)
{
	struct str out = STR_INIT;
	size_t done = from;

	/* In one piece where nothing is added: a placeholder may be part code. */
	for (size_t i = 0; i < n->spans.len; i++) {
		const struct mdspan *s = &n->spans.at[i];
		struct str add = STR_INIT;

		if (s->kind == MDSPAN_COMMENT)
			importing_note(g, n->line, "a comment in the text was left out");
		if ((s->kind != MDSPAN_LINK && s->kind != MDSPAN_IMAGE) || s->to < done)
			continue;
		add_link(g, n, s, links, &add);
		if (add.len) {
			importtext_fill(g, n->text + done, s->to - done,
				PLACEHOLDER_IN_PROSE, n->line, &out);
			str_add(&out, add.buf, add.len);
			done = s->to;
		}
		str_release(&add);
	}
	if (done < n->len)
		importtext_fill(g, n->text + done, n->len - done, PLACEHOLDER_IN_PROSE,
			n->line, &out);
	trim_lines(&out);
	importtext_mark_prose(&out);
	return str_take(&out);
}

size_t
importtext_label(const struct mdnode *n, size_t *label_len)
{
	size_t at;

	*label_len = 0;
	for (size_t i = 0; i < n->spans.len; i++) {
		const struct mdspan *s = &n->spans.at[i];

		if (s->kind != MDSPAN_STRONG || s->from != 0)
			continue;
		at = s->to;
		*label_len = s->to;
		while (*label_len && strchr(": ", n->text[*label_len - 1]))
			(*label_len)--;
		at += strspn(n->text + at, " \t");
		if (n->text[at] == ':')
			at++;
		return at + strspn(n->text + at, " \t\n");
	}
	return 0;
}

/* ---- titles ---------------------------------------------------------------------------- */

/* How deep in brackets the text is behind this byte. */
static int
depth_after(int depth, char c)
{
	if (strchr("([{", c))
		return depth + 1;
	return strchr(")]}", c) && depth ? depth - 1 : depth;
}

/* The end of the first sentence, or 0. */
static size_t
sentence(const char *s)
{
	int depth = 0;

	for (size_t i = 0; s[i]; i++) {
		depth = depth_after(depth, s[i]);
		if (s[i] == '\n')
			return i;
		if (!depth && strchr(".;!?", s[i]) && s[i + 1] == ' ' && i > CLAUSE_MIN &&
			!(s[i] == '.' && (s[i - 1] == '.' || s[i - 2] == '.')))
			return i;
	}
	return 0;
}

/* The last place before `len` where a clause ends, or 0. */
static size_t
clause(const char *s, size_t len)
{
	size_t last = 0;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		if (!depth && i >= CLAUSE_MIN &&
			((s[i] == ':' && s[i + 1] == ' ') ||
				(s[i] == ' ' && s[i + 1] == '(')))
			last = i;
		depth = depth_after(depth, s[i]);
	}
	return last;
}

static bool
open_brace(const char *s, size_t len)
{
	const char *brace = NULL;

	for (size_t i = 0; i + 1 < len; i++)
		if (s[i] == '$' && s[i + 1] == '{')
			brace = s + i;
	return brace && !memchr(brace, '}', (size_t)(s + len - brace));
}

char *
importtext_title(const char *words, bool *whole)
{
	size_t line = strcspn(words, "\n"), fits, end;

	*whole = !words[line] && text_cells(words) <= TITLE_CELLS;
	if (*whole)
		return mem_strdup(words);
	fits = text_fit(words, TITLE_CELLS);
	if (fits > line)
		fits = line;
	end = sentence(words);
	if (end && end <= fits)
		return mem_strndup(words, end);
	if (!words[line] || fits < line) {
		end = clause(words, fits);
		if (end)
			return mem_strndup(words, end);
	}
	if (fits == line)
		return mem_strndup(words, line);
	for (end = fits; end > WORD_MIN && words[end] != ' ';)
		end--;
	if (end == WORD_MIN)
		end = fits;
	while (end > 1 && open_brace(words, end))
		end--;
	return mem_printf("%.*s...", (int)end, words);
}

/* ---- commands inside a text ------------------------------------------------------------ */

/* First words that only a command begins with. */
static const char *const heads[] = {"./", "alembic", "ansible", "ansible-playbook", "apt",
	"apt-get", "aws", "az", "bash", "cargo", "cat", "cd", "celery", "certbot", "cp",
	"crontab", "curl", "df", "dig", "docker", "docker-compose", "du", "flask",
	"gcloud", "ggshield", "git", "go", "grep", "gsutil", "gunicorn", "gunzip", "gzip",
	"helm", "journalctl", "kill", "kubectl", "ls", "make", "mkdir", "mongo",
	"mongodump", "mongorestore", "mongosh", "mv", "mysql", "mysqldump", "nginx",
	"node", "npm", "npx", "openssl", "pg_dump", "pg_restore", "pip", "pip3", "pnpm",
	"podman", "poetry", "ps", "psql", "pytest", "python", "python3", "rclone",
	"redis-cli", "rm", "rsync", "scp", "sh", "ssh", "sudo", "systemctl", "tail",
	"tar", "terraform", "top", "trufflehog", "uvicorn", "watch", "wget", "yarn"};

static bool
is_command(const char *s, size_t len)
{
	size_t word = 0;

	while (word < len && !strchr(" \t\n", s[word]))
		word++;
	if (word == len || s[len - 1] == ';' || memmem(s, len, "...", 3))
		return false;
	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
		if (i ? strlen(heads[i]) == word && memcmp(heads[i], s, word) == 0
		      : len > 2 && memcmp(heads[i], s, 2) == 0)
			return true;
	return false;
}

/* "use `make down`", "Check: `docker ps`", `make up` at the front: it is to be typed. In
 * other places code is spoken of. */
static bool
is_told(const char *text, size_t from)
{
	static const char *const verbs[] = {
		"run", "use", "using", "with", "execute", "type", "via", "command"};
	size_t end = from, word;

	while (end && strchr(" \n(", text[end - 1]))
		end--;
	if (!end || text[end - 1] == ':')
		return true;
	for (word = end; word && isalpha((unsigned char)text[word - 1]);)
		word--;
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strlen(verbs[i]) == end - word &&
			strncasecmp(verbs[i], text + word, end - word) == 0)
			return true;
	return false;
}

char *
importtext_command(struct importing *g, const struct mdnode *n)
{
	const struct mdspan *only = NULL;
	struct str out = STR_INIT;

	for (size_t i = 0; i < n->spans.len; i++) {
		const struct mdspan *s = &n->spans.at[i];

		if (s->kind != MDSPAN_CODE ||
			!is_command(n->text + s->from, s->to - s->from))
			continue;
		if (only)
			return NULL;
		only = s;
	}
	if (!only || !is_told(n->text, only->from))
		return NULL;
	importtext_fill(g, n->text + only->from, only->to - only->from,
		PLACEHOLDER_IN_COMMAND, n->line, &out);
	return str_take(&out);
}

/* ---- dangers --------------------------------------------------------------------------- */

void
importtext_hits(struct importing *g, const struct danger_hits *hits, int line,
	struct str *explain)
{
	for (size_t i = 0; i < hits->list.len; i++) {
		const struct danger_rule *r = hits->list.at[i].rule;
		bool danger = r->risk >= RISK_HARD;
		char *say;

		if (str_eq(r->id, "W-SH-112") || str_eq(r->id, "E-SH-501") ||
			str_eq(r->id, "E-SH-503"))
			continue; /* said of every step, or settled otherwise */
		say = mem_printf("- %s%s: %s%s%s\n", danger ? "DANGER " : "", r->id,
			r->msg, r->help ? "; " : "", r->help ? r->help : "");
		if (!strstr(explain->buf, say)) {
			str_adds(explain, say);
			importing_note(g, line, "%s%s [%s]", danger ? "danger: " : "",
				r->msg, r->id);
		}
		mem_free(say);
	}
}

void
importtext_dangers(struct importing *g, const struct mdnode *n, struct str *explain)
{
	struct danger_opts o = {.place = DANGER_IN_RUN, .tables = g->tables};

	for (size_t i = 0; i < n->spans.len; i++) {
		const struct mdspan *s = &n->spans.at[i];
		struct danger_hits hits = {0};
		char *code;

		if (s->kind != MDSPAN_CODE ||
			!memchr(n->text + s->from, ' ', s->to - s->from))
			continue;
		code = mem_strndup(n->text + s->from, s->to - s->from);
		danger_scan(code, &o, &hits);
		importtext_hits(g, &hits, n->line, explain);
		danger_release(&hits);
		mem_free(code);
	}
}

/* ---- HTML ------------------------------------------------------------------------------ */

/* The words of `text` without its tags, on one line. */
static void
without_tags(const char *text, struct str *out)
{
	bool tag = false;

	for (const char *s = text; *s; s++) {
		if (*s == '<' &&
			(isalpha((unsigned char)s[1]) || s[1] == '/' || s[1] == '!'))
			tag = true;
		if (!tag &&
			!(strchr(" \n\t", *s) &&
				(!out->len || out->buf[out->len - 1] == ' ')))
			str_addc(out, strchr("\n\t", *s) ? ' ' : *s);
		if (*s == '>')
			tag = false;
	}
	while (out->len && out->buf[out->len - 1] == ' ')
		str_cut(out, out->len - 1);
}

void
importtext_html(struct importing *g, int node, struct str *out)
{
	const struct mdnode *n = importing_node(g, node);
	const char *s = n->text + strspn(n->text, " \t\n");
	struct str words = STR_INIT;

	if (str_starts(s, "<!--")) {
		importing_mark_block(g, node, IMPORT_LOST, "comment");
		s = strstr(s, "-->");
		s = s ? s + 3 : "";
	}
	without_tags(s, &words);
	importtext_mark_prose(&words);
	if (words.len) {
		str_addf(out, "%s", out->len ? "\n" : "");
		importtext_fill(
			g, words.buf, words.len, PLACEHOLDER_IN_PROSE, n->line, out);
		importing_mark_block(g, node, IMPORT_GUESSED, "HTML, without its tags");
	} else {
		importing_mark_block(g, node, IMPORT_LOST, "HTML");
	}
	str_release(&words);
}
