#include "model/shellwords.h"

#include <string.h>

#include "base/str.h"

enum {
	DEPTH_MAX = 24, /* of substitutions and subshells; deeper ones are read flat */
	WORDS_FIRST = 8,
	CMDS_FIRST = 4,
};

struct heredoc {
	size_t cmd; /* index in out->cmds, once its command is put there */
	char *end;
	bool strip; /* <<- */
	bool placed;
};

struct scan {
	const char *text;
	size_t len, at;
	int depth;
	struct shell_words *out;
	VEC_OF(struct heredoc) pending; /* bodies begin after the next line end */
};

static void scan_list(struct scan *s, char stop);

static char
peek(const struct scan *s, size_t ahead)
{
	return s->at + ahead < s->len ? s->text[s->at + ahead] : '\0';
}

static void
mark(struct scan *s, size_t from, size_t to, enum shell_byte as)
{
	to = to < s->len ? to : s->len;
	if (from < to)
		memset(s->out->bytes + from, as, to - from);
}

/* What a byte outside quotes does; 0: it is part of a word and nothing else. */
enum byte_class { BLANK = 1, OPERATOR = 2, REDIRECT = 4, QUOTING = 8 };

static const unsigned char classes[256] = {
	[' '] = BLANK,
	['\t'] = BLANK,
	['\r'] = BLANK,
	['\0'] = OPERATOR,
	['\n'] = OPERATOR,
	[';'] = OPERATOR,
	['&'] = OPERATOR,
	['|'] = OPERATOR,
	['('] = OPERATOR,
	[')'] = OPERATOR,
	['<'] = REDIRECT,
	['>'] = REDIRECT,
	['\''] = QUOTING,
	['"'] = QUOTING,
	['$'] = QUOTING,
	['`'] = QUOTING,
	['\\'] = QUOTING,
};

static unsigned
class_of(char c)
{
	return classes[(unsigned char)c];
}

static bool
blank(char c)
{
	return class_of(c) == BLANK;
}

static bool
ends_word(char c)
{
	return (class_of(c) & (BLANK | OPERATOR | REDIRECT)) != 0;
}

/* ---- words ----------------------------------------------------------------------------- */

/* ${…} and $((…)) as written, up to their end. */
static void
copy_braced(struct scan *s, char open, char close, struct str *word)
{
	int nested = 0;

	while (s->at < s->len) {
		char c = s->text[s->at++];

		str_addc(word, c);
		if (c == open)
			nested++;
		else if (c == close && --nested == 0)
			return;
	}
}

/* At `$` or a backtick. Commands inside a substitution join the list of commands. */
static void
scan_expansion(struct scan *s, struct str *word)
{
	bool tick = peek(s, 0) == '`';
	size_t from = s->at;

	if (!tick && peek(s, 1) == '{') {
		str_addc(word, s->text[s->at++]);
		copy_braced(s, '{', '}', word);
		return;
	}
	if (!tick && peek(s, 1) == '(' && peek(s, 2) == '(') {
		str_addc(word, s->text[s->at++]);
		copy_braced(s, '(', ')', word);
		return;
	}
	if ((!tick && peek(s, 1) != '(') || s->depth >= DEPTH_MAX) {
		str_addc(word, s->text[s->at++]);
		return;
	}
	s->at += tick ? 1 : 2;
	s->depth++;
	scan_list(s, tick ? '`' : ')');
	s->depth--;
	str_add(word, s->text + from, s->at - from);
}

static void
scan_single(struct scan *s, struct str *word)
{
	size_t from = s->at++;
	const char *end = memchr(s->text + s->at, '\'', s->len - s->at);
	size_t len = end != NULL ? (size_t)(end - s->text) - s->at : s->len - s->at;

	str_add(word, s->text + s->at, len);
	s->at += len;
	s->at += s->at < s->len;
	mark(s, from, s->at, SHELL_QUOTED);
}

static void
scan_double(struct scan *s, struct str *word)
{
	mark(s, s->at, s->at + 1, SHELL_QUOTED);
	s->at++;
	while (s->at < s->len && s->text[s->at] != '"') {
		size_t past = s->at + strcspn(s->text + s->at, "\"$`\\\n");
		char c = s->text[s->at];

		past = past < s->len ? past : s->len;
		if (past > s->at) {
			mark(s, s->at, past, SHELL_QUOTED);
			str_add(word, s->text + s->at, past - s->at);
			s->at = past;
			continue;
		}
		if (c == '$' || c == '`') {
			scan_expansion(s, word);
			continue;
		}
		mark(s, s->at, s->at + 2, SHELL_QUOTED);
		if (c == '\\' && s->at + 1 < s->len) {
			c = s->text[++s->at];
			if (strchr("\"\\$`\n", c) == NULL)
				str_addc(word, '\\');
		}
		if (c != '\n' || s->text[s->at - 1] != '\\')
			str_addc(word, c);
		s->at++;
	}
	mark(s, s->at, s->at + 1, SHELL_QUOTED);
	s->at += s->at < s->len;
}

/* Past the bytes that are part of a word and nothing else. */
static size_t
plain_bytes(const struct scan *s)
{
	size_t i = s->at;

	while (i < s->len && class_of(s->text[i]) == 0)
		i++;
	return i;
}

/* A word with quotes, expansions or backslashes; `stop` ends it too where that is a
 * backtick. */
static struct shell_word
scan_quoted_word(struct scan *s, char stop)
{
	struct shell_word w = {.offset = s->at, .own = true};
	struct str text = STR_INIT;

	str_reserve(&text, 1);
	while (s->at < s->len) {
		char c = s->text[s->at];
		size_t past = plain_bytes(s);

		if (past > s->at) {
			str_add(&text, s->text + s->at, past - s->at);
			s->at = past;
			continue;
		}
		if (ends_word(c) || (stop == '`' && c == '`'))
			break;
		if (c == '\'') {
			scan_single(s, &text);
			w.quoted = true;
		} else if (c == '"') {
			scan_double(s, &text);
			w.quoted = true;
		} else if (c == '$' || c == '`') {
			scan_expansion(s, &text);
		} else if (c == '\\' && s->at + 1 < s->len) {
			if (s->text[s->at + 1] != '\n')
				str_addc(&text, s->text[s->at + 1]);
			s->at += 2;
		} else {
			str_addc(&text, c);
			s->at++;
		}
	}
	if (s->at == w.offset && s->at < s->len) /* a byte nothing else takes */
		str_addc(&text, s->text[s->at++]);
	w.text = str_take(&text);
	return w;
}

static struct shell_word
scan_word(struct scan *s, char stop)
{
	struct shell_word w = {.offset = s->at};
	size_t past = plain_bytes(s);

	if (past == s->at ||
		(past < s->len && class_of(s->text[past]) == QUOTING &&
			!(stop == '`' && s->text[past] == '`')))
		return scan_quoted_word(s, stop);
	w.text = s->out->copy + s->at;
	s->out->copy[past] = '\0';
	s->at = past;
	return w;
}

static void
drop_word(struct shell_word *w)
{
	if (w->own)
		mem_free(w->text);
}

/* The text on the heap. */
static char *
take_word(struct shell_word *w)
{
	return w->own ? w->text : mem_strdup(w->text);
}

/* ---- commands -------------------------------------------------------------------------- */

static bool
empty(const struct shell_cmd *cmd)
{
	return cmd->words.len == 0 && cmd->written.len == 0;
}

static void
end_cmd(struct scan *s, struct shell_cmd *cmd, enum shell_join next)
{
	if (empty(cmd)) {
		cmd->join = next;
		return;
	}
	for (size_t i = 0; i < s->pending.len; i++) {
		if (!s->pending.at[i].placed) {
			s->pending.at[i].cmd = s->out->cmds.len;
			s->pending.at[i].placed = true;
		}
	}
	cmd->piped = next == SHELL_PIPE;
	vec_reserve(&s->out->cmds, CMDS_FIRST);
	vec_push(&s->out->cmds, *cmd);
	*cmd = (struct shell_cmd){.join = next, .fed = next == SHELL_PIPE};
}

static bool
line_is(const struct scan *s, size_t from, size_t to, const struct heredoc *doc)
{
	while (doc->strip && from < to && s->text[from] == '\t')
		from++;
	return to - from == strlen(doc->end) &&
		memcmp(s->text + from, doc->end, to - from) == 0;
}

/* After a line end: the bodies that were announced on the line. */
static void
take_bodies(struct scan *s)
{
	for (size_t i = 0; i < s->pending.len; i++) {
		struct heredoc *doc = &s->pending.at[i];
		size_t from = s->at, body = s->at;

		while (s->at < s->len) {
			const char *lf = memchr(s->text + s->at, '\n', s->len - s->at);
			size_t end = lf != NULL ? (size_t)(lf - s->text) : s->len;
			bool last = line_is(s, s->at, end, doc);

			body = last ? s->at : end;
			s->at = lf != NULL ? end + 1 : s->len;
			if (last)
				break;
		}
		mark(s, from, s->at, SHELL_HEREDOC);
		if (doc->placed && s->out->cmds.at[doc->cmd].heredoc == NULL) {
			s->out->cmds.at[doc->cmd].heredoc = mem_strndup(
				s->text + from, body - from);
			s->out->cmds.at[doc->cmd].heredoc_offset = from;
		}
		mem_free(doc->end);
	}
	s->pending.len = 0;
}

/* At < or >, perhaps with a descriptor number already read as a word. */
static void
scan_redirect(struct scan *s, struct shell_cmd *cmd, char stop)
{
	bool in = peek(s, 0) == '<', doc, strip, here;
	struct shell_word target;

	if (in && peek(s, 1) == '(' && s->depth < DEPTH_MAX) { /* <(process) */
		s->at += 2;
		s->depth++;
		scan_list(s, ')');
		s->depth--;
		return;
	}
	here = in && peek(s, 1) == '<' && peek(s, 2) == '<';
	doc = in && peek(s, 1) == '<' && !here;
	strip = doc && peek(s, 2) == '-';
	while (strchr("<>&|-", peek(s, 0)) != NULL && peek(s, 0) != '\0')
		s->at++;
	while (blank(peek(s, 0)))
		s->at++;
	target = scan_word(s, stop);
	cmd->fed = cmd->fed || in;
	if (here) {
		mem_free(cmd->heredoc);
		cmd->heredoc = take_word(&target);
		cmd->heredoc_offset = target.offset;
	} else if (doc) {
		vec_push(&s->pending,
			(struct heredoc){.end = take_word(&target), .strip = strip});
	} else if (in) {
		drop_word(&target);
	} else {
		vec_push(&cmd->written, target);
	}
}

/* At ; & | ( ) or a line end. */
static void
scan_operator(struct scan *s, struct shell_cmd *cmd)
{
	char c = s->text[s->at++];
	enum shell_join next = SHELL_NEXT;

	if (c == '&' && peek(s, 0) == '&') {
		next = SHELL_AND;
		s->at++;
	} else if (c == '|' && peek(s, 0) == '|') {
		next = SHELL_OR;
		s->at++;
	} else if (c == '|') {
		next = SHELL_PIPE;
		s->at += peek(s, 0) == '&';
	} else if (c == '&' && peek(s, 0) == '>') {
		return; /* &>file: the redirection follows */
	}
	/* A line end after an operator goes on with the same command line. */
	if (c == '\n' && empty(cmd) && cmd->join != SHELL_NEXT)
		next = cmd->join;
	end_cmd(s, cmd, next);
	if (c == '\n')
		take_bodies(s);
	if (c == '(' && s->depth < DEPTH_MAX) {
		s->depth++;
		scan_list(s, ')');
		s->depth--;
	}
}

static void
scan_comment(struct scan *s)
{
	size_t from = s->at;

	while (s->at < s->len && s->text[s->at] != '\n')
		s->at++;
	mark(s, from, s->at, SHELL_COMMENT);
}

static bool
descriptor(const struct scan *s, const struct shell_word *w)
{
	size_t digits = 0;

	if (w->quoted || class_of(peek(s, 0)) != REDIRECT)
		return false;
	while (w->text[digits] >= '0' && w->text[digits] <= '9')
		digits++;
	return digits > 0 && w->text[digits] == '\0';
}

/* Commands up to `stop` (a closing parenthesis or backtick) or the end. */
static void
scan_list(struct scan *s, char stop)
{
	struct shell_cmd cmd = {.join = SHELL_NEXT};

	while (s->at < s->len) {
		char c = s->text[s->at];

		if (stop != '\0' && c == stop) {
			s->at++;
			break;
		}
		if (blank(c)) {
			s->at++;
		} else if (c == '\\' && peek(s, 1) == '\n') {
			s->at += 2;
		} else if (c == '#') {
			scan_comment(s);
		} else if (class_of(c) == OPERATOR && c != '\0') {
			scan_operator(s, &cmd);
		} else if (class_of(c) == REDIRECT) {
			scan_redirect(s, &cmd, stop);
		} else {
			struct shell_word w = scan_word(s, stop);

			if (descriptor(s, &w)) {
				drop_word(&w);
			} else {
				vec_reserve(&cmd.words, WORDS_FIRST);
				vec_push(&cmd.words, w);
			}
		}
	}
	end_cmd(s, &cmd, SHELL_NEXT);
	mem_free(cmd.heredoc);
	vec_free(&cmd.words);
	vec_free(&cmd.written);
}

void
shellwords_scan(const char *text, size_t len, struct shell_words *out)
{
	struct scan s = {.text = text, .len = len, .out = out};

	*out = (struct shell_words){.len = len};
	out->bytes = mem_grow(NULL, 2, len + 1);
	memset(out->bytes, SHELL_CODE, len);
	out->bytes[len] = '\0';
	out->copy = out->bytes + len + 1;
	memcpy(out->copy, text, len);
	out->copy[len] = '\0';
	scan_list(&s, '\0');
	take_bodies(&s); /* announced, but the text ends: empty */
	vec_free(&s.pending);
}

void
shellwords_release(struct shell_words *w)
{
	for (size_t i = 0; i < w->cmds.len; i++) {
		struct shell_cmd *cmd = &w->cmds.at[i];

		for (size_t k = 0; k < cmd->words.len; k++)
			drop_word(&cmd->words.at[k]);
		for (size_t k = 0; k < cmd->written.len; k++)
			drop_word(&cmd->written.at[k]);
		vec_free(&cmd->words);
		vec_free(&cmd->written);
		mem_free(cmd->heredoc);
	}
	vec_free(&w->cmds);
	mem_free(w->bytes); /* the copy too: one allocation */
	w->bytes = w->copy = NULL;
}
