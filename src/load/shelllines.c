#include "load/shelllines.h"

#include <ctype.h>
#include <string.h>

#include "model/wordlist.h"

enum { NESTED_MAX = 64, BODIES_MAX = 8, WORD_MAX_BYTES = 8 };

/* What encloses the byte that is looked at. */
enum inside {
	IN_NOTHING = 0,
	IN_SINGLE = '\'',
	IN_DOUBLE = '"',
	IN_TICK = '`',
	IN_PAREN = '(',
	IN_PARAMETER = '$', /* ${…} */
	IN_BLOCK = 'b',     /* if, for, while, case, { */
};

struct body {
	size_t at, len; /* its closing word in the text, quotes still on it */
	bool strip;
};

struct split {
	const char *text;
	size_t len, at;
	char nested[NESTED_MAX];
	size_t depth;
	size_t beyond; /* opened deeper than is kept */
	struct body bodies[BODIES_MAX];
	size_t body_count;
	bool command; /* a word here would be the name of a command */
	bool word;    /* the byte before belongs to a word */
	bool goes_on; /* the line ends in | && || or a backslash */
	bool lost;    /* a here-document without its end */
};

static char
peek(const struct split *s, size_t ahead)
{
	return s->at + ahead < s->len ? s->text[s->at + ahead] : '\0';
}

static char
top(const struct split *s)
{
	return s->depth > 0 ? s->nested[s->depth - 1] : IN_NOTHING;
}

static void
enter(struct split *s, enum inside what)
{
	if (s->depth < NESTED_MAX)
		s->nested[s->depth++] = (char)what;
	else
		s->beyond++;
}

static void
leave(struct split *s)
{
	if (s->beyond > 0)
		s->beyond--;
	else if (s->depth > 0)
		s->depth--;
}

/* ---- here-documents -------------------------------------------------------------------- */

/* At <<: its closing word is remembered, the body follows after the line. */
static void
announce(struct split *s)
{
	struct body b = {0};

	s->at += 2;
	b.strip = peek(s, 0) == '-';
	s->at += b.strip;
	while (peek(s, 0) == ' ' || peek(s, 0) == '\t')
		s->at++;
	b.at = s->at;
	while (s->at < s->len && strchr(" \t\n;|&<>()", s->text[s->at]) == NULL)
		s->at++;
	b.len = s->at - b.at;
	/* 1<<2 in $(( )) is none */
	if (b.len > 0 && !isdigit((unsigned char)s->text[b.at]) &&
		s->body_count < BODIES_MAX)
		s->bodies[s->body_count++] = b;
}

static bool
quoting(char c)
{
	return c == '\'' || c == '"' || c == '\\';
}

/* The line is the closing word of the body. */
static bool
closes(const struct split *s, const struct body *b, size_t from, size_t to)
{
	size_t k = b->at;

	while (b->strip && from < to && s->text[from] == '\t')
		from++;
	for (; k < b->at + b->len; k++) {
		if (quoting(s->text[k]))
			continue;
		if (from == to || s->text[from] != s->text[k])
			return false;
		from++;
	}
	return from == to;
}

static size_t
line_end(const struct split *s, size_t from)
{
	const char *lf = memchr(s->text + from, '\n', s->len - from);

	return lf != NULL ? (size_t)(lf - s->text) : s->len;
}

/* Behind the newline of the line that announced them. */
static void
pass_bodies(struct split *s)
{
	for (size_t i = 0; i < s->body_count; i++) {
		bool closed = false;

		while (!closed && s->at < s->len) {
			size_t end = line_end(s, s->at);

			closed = closes(s, &s->bodies[i], s->at, end);
			s->at = end < s->len ? end + 1 : end;
		}
		s->lost = s->lost || !closed;
	}
	s->body_count = 0;
}

/* ---- words ----------------------------------------------------------------------------- */

/* At the first byte of a word where a command may begin. */
static void
keyword(struct split *s)
{
	char word[WORD_MAX_BYTES] = "";
	size_t n = 0;

	while (n < sizeof word - 1 && s->at + n < s->len &&
		(isalpha((unsigned char)peek(s, n)) ||
			strchr("{}!", peek(s, n)) != NULL)) {
		word[n] = peek(s, n);
		n++;
	}
	if (n == 0 || (peek(s, n) != '\0' && strchr(" \t\n;&|()", peek(s, n)) == NULL)) {
		s->command = false;
		return;
	}
	if (among(word, "if|for|while|until|case|select|{"))
		enter(s, IN_BLOCK);
	else if (among(word, "fi|done|esac|}") && top(s) == IN_BLOCK)
		leave(s);
	s->command = among(word, "if|while|until|then|do|else|elif|{|!|time");
	s->at += n - 1;
}

static void
code_operator(struct split *s, char c)
{
	if (c == '(') {
		enter(s, IN_PAREN);
	} else if (c == ')') {
		if (top(s) == IN_PAREN)
			leave(s);
	} else if (c == '|' || (c == '&' && peek(s, 1) == '&')) {
		s->goes_on = true;
		s->at += peek(s, 1) == c || (c == '|' && peek(s, 1) == '&');
	}
	s->command = true;
}

static void
comment(struct split *s)
{
	s->at = line_end(s, s->at) - 1;
}

/* One byte of code; `at` is left on the last byte that was taken. */
static void
code_byte(struct split *s)
{
	char c = peek(s, 0);
	bool word = s->word, goes_on = s->goes_on;

	s->word = true;
	s->goes_on = false;
	if (c == '\\') {
		s->goes_on = peek(s, 1) == '\n';
		s->word = !s->goes_on;
		s->at++;
		return;
	}
	if (c == '\'' || c == '"') {
		enter(s, c == '"' ? IN_DOUBLE : IN_SINGLE);
		s->command = false;
	} else if (c == '`') {
		if (top(s) == IN_TICK)
			leave(s);
		else
			enter(s, IN_TICK);
	} else if (c == '$' && (peek(s, 1) == '(' || peek(s, 1) == '{')) {
		enter(s, peek(s, 1) == '(' ? IN_PAREN : IN_PARAMETER);
		s->command = peek(s, 1) == '(';
		s->at++;
	} else if (c == '<' && peek(s, 1) == '<') {
		if (peek(s, 2) == '<') {
			s->at += 2;
		} else {
			announce(s);
			s->at--;
		}
		s->word = false;
	} else if (strchr(" \t\n;&|()<>", c) != NULL && c != '\0') {
		s->word = false;
		if (c == ' ' || c == '\t')
			s->goes_on = goes_on;
		else if (c != '<' && c != '>')
			code_operator(s, c);
	} else if (c == '#' && !word) {
		comment(s);
		s->goes_on = goes_on;
	} else if (!word && s->command) {
		keyword(s);
	}
}

static void
quoted_byte(struct split *s, char in)
{
	char c = peek(s, 0);

	s->word = true;
	s->goes_on = false;
	if (in != IN_SINGLE && c == '\\') {
		s->at++;
	} else if (in == IN_PARAMETER ? c == '}' : c == in) {
		leave(s);
	} else if (in == IN_SINGLE) {
		return;
	} else if (c == '`' || (in == IN_PARAMETER && (c == '"' || c == '\''))) {
		enter(s, c == '`' ? IN_TICK : c == '"' ? IN_DOUBLE : IN_SINGLE);
	} else if (c == '$' && (peek(s, 1) == '(' || peek(s, 1) == '{')) {
		enter(s, peek(s, 1) == '(' ? IN_PAREN : IN_PARAMETER);
		s->command = peek(s, 1) == '(';
		s->at++;
	}
}

/* ---- the line -------------------------------------------------------------------------- */

/* At a newline. True: the logical line ends before it. */
static bool
newline(struct split *s)
{
	bool goes_on = s->goes_on,
	     quoted = strchr("'\"$", top(s)) != NULL && s->depth > 0;

	s->at++;
	if (quoted)
		return false;
	s->word = false;
	if (s->body_count > 0)
		pass_bodies(s);
	s->command = true;
	if (s->depth == 0 && !goes_on)
		return true;
	/* an empty line ends what only an operator holds open */
	if (s->depth == 0 && peek(s, 0) == '\n') {
		s->goes_on = false;
		s->lost = true;
		return true;
	}
	return false;
}

static void
describe(const struct split *s, struct shellline *out)
{
	size_t first = out->at;

	out->next = s->at < s->len ? s->at : s->len;
	out->end = out->next;
	if (out->end > out->at && s->text[out->end - 1] == '\n')
		out->end--;
	while (first < out->end && (s->text[first] == ' ' || s->text[first] == '\t'))
		first++;
	out->blank = first == out->end;
	out->comment = !out->blank && s->text[first] == '#';
	out->lines = 1;
	for (size_t i = out->at; i < out->end; i++)
		out->lines += s->text[i] == '\n';
	out->unfinished = s->depth > 0 || s->lost || s->goes_on || s->body_count > 0;
}

void
shelllines_next(const char *text, size_t len, size_t at, struct shellline *out)
{
	struct split s = {.text = text, .len = len, .at = at, .command = true};
	bool ended = false;

	*out = (struct shellline){.at = at};
	while (!ended && s.at < s.len) {
		char in = top(&s);

		if (s.text[s.at] == '\n') {
			ended = newline(&s);
			continue;
		}
		if (in == IN_SINGLE || in == IN_DOUBLE || in == IN_PARAMETER)
			quoted_byte(&s, in);
		else
			code_byte(&s);
		s.at++;
	}
	describe(&s, out);
}
