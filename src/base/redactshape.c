#include "base/redactshape.h"

#include <string.h>

enum {
	KEY_MAX_BYTES = 16 * 1024, /* a key of which no end is seen hides no more */
};

const char *
redactshape_name(enum redactshape shape)
{
	static const char *const names[] = {
		"",
#define X(id, name) name,
		REDACTSHAPE_LIST(X)
#undef X
	};

	return names[shape];
}

/* ---- looking back ---- */

static bool
is_word(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
}

struct word {
	const char *text; /* in small letters where their case does not matter */
	size_t len;
};

#define WORD(text) \
	{ \
		text, sizeof text - 1 \
	}

/* Whether p[0..len) ends in the word, in any case of its letters. */
static bool
ends_in(const char *p, size_t len, struct word w)
{
	if (w.len > len)
		return false;
	while (w.len > 0 && lower(p[--len]) == w.text[w.len - 1])
		w.len--;
	return w.len == 0;
}

static bool
ends_exactly(const char *p, size_t len, struct word w)
{
	return w.len <= len && memcmp(p + len - w.len, w.text, w.len) == 0;
}

static bool
ends_in_one(const char *p, size_t len, const struct word *list)
{
	for (; list->text; list++)
		if (ends_in(p, len, *list))
			return true;
	return false;
}

/* Names whose value is a secret, wherever they end so. PWD alone is a folder. */
static bool
secret_name(const char *p, size_t len)
{
	static const struct word d[] = {
		WORD("password"), WORD("passwd"), WORD("_pwd"), {0}};
	static const struct word e[] = {WORD("passphrase"), {0}};
	static const struct word n[] = {WORD("token"), {0}};
	static const struct word t[] = {WORD("secret"), {0}};
	static const struct word y[] = {WORD("api_key"), WORD("apikey"), WORD("api-key"),
		WORD("access_key"), WORD("accesskey"), WORD("secret_key"),
		WORD("secretkey"), WORD("private_key"), WORD("auth_key"), {0}};

	switch (len ? lower(p[len - 1]) : 0) {
	case 'd':
		return ends_in_one(p, len, d);
	case 'e':
		return ends_in_one(p, len, e);
	case 'n':
		return ends_in_one(p, len, n);
	case 't':
		return ends_in_one(p, len, t);
	case 'y':
		return ends_in_one(p, len, y);
	default:
		return false;
	}
}

static size_t
without_blanks(const char *p, size_t len)
{
	while (len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\t'))
		len--;
	return len;
}

/* "password": " or password: " or, within JSON that is within JSON, \"password\": \" */
static bool
member_begins(const char *p, size_t at, struct redactshape_state *s)
{
	size_t len = at;

	if (len > 0 && p[len - 1] == '\\')
		len--;
	len = without_blanks(p, len);
	if (len == 0 || p[len - 1] != ':')
		return false;
	len = without_blanks(p, len - 1);
	if (len > 0 && (p[len - 1] == '"' || p[len - 1] == '\''))
		len--;
	if (len > 0 && p[len - 1] == '\\')
		len--;
	s->quote = '"';
	/* of \"...\" the backslash ends the value */
	s->plain_quote = at > 0 && p[at - 1] == '\\';
	return secret_name(p, len);
}

/* The colon behind the user of scheme://user: */
static bool
url_begins(const char *p, size_t at)
{
	static const bool no_user[256] = {['\0'] = true,
		['\t'] = true,
		['\n'] = true,
		['\r'] = true,
		[' '] = true,
		['"'] = true,
		['\''] = true,
		['/'] = true,
		[':'] = true,
		['<'] = true,
		['>'] = true,
		['@'] = true};
	size_t i = at;

	while (i > 0 && !no_user[(unsigned char)p[i - 1]])
		i--;
	return i >= 4 && p[i - 1] == '/' && p[i - 2] == '/' && p[i - 3] == ':' &&
		is_word(p[i - 4]);
}

/* Behind the first letters of a kind of token, which stand at the begin of a word. */
static bool
token_begins(const char *p, size_t at)
{
	static const struct word heads[] = {WORD("ghp_"), WORD("gho_"), WORD("ghu_"),
		WORD("ghs_"), WORD("ghr_"), WORD("github_pat_"), WORD("sk_live_"),
		WORD("rk_live_"), WORD("xoxa-"), WORD("xoxb-"), WORD("xoxp-"),
		WORD("xoxr-"), WORD("xoxs-"), WORD("glpat-")};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		const struct word *w = &heads[i];

		if (at > 1 && p[at] == w->text[w->len - 1] &&
			p[at - 2] == w->text[w->len - 3] && ends_exactly(p, at + 1, *w))
			return at + 1 == w->len || !is_word(p[at - w->len]);
	}
	return false;
}

bool
redactshape_tells(char before, char c)
{
	const char *list = c == '=' ? "dDeEtTnNyY"
		: c == ' '          ? "rRcC"
		: c == '"'          ? ": \t\\"
		: c == '-'          ? "-abprst"
		: c == '_'          ? "eoprstu"
		: c == 'A'          ? "I"
		: c == 'J'          ? "y"
				    : "";

	if (c == ':')
		return !strchr("@\"'<> \t\r\n", before);
	return before && strchr(list, before);
}

static bool
dash_begins(const char *p, size_t at, struct redactshape_state *s)
{
	if (ends_exactly(p, at + 1, (struct word)WORD("PRIVATE KEY-----")) ||
		ends_exactly(p, at + 1, (struct word)WORD("PRIVATE KEY BLOCK-----")))
		s->shape = REDACTSHAPE_PRIVATE_KEY;
	else if (token_begins(p, at))
		s->shape = REDACTSHAPE_TOKEN;
	return s->shape != REDACTSHAPE_NONE;
}

bool
redactshape_begins(const char *p, size_t at, struct redactshape_state *s)
{
	bool yes = false;

	*s = (struct redactshape_state){.min = 1};
	switch (p[at]) {
	case '=':
		s->shape = REDACTSHAPE_PASSWORD;
		return secret_name(p, at);
	case '"':
		s->shape = REDACTSHAPE_PASSWORD;
		return member_begins(p, at, s);
	case ':':
		s->shape = REDACTSHAPE_URL_PASSWORD;
		return url_begins(p, at);
	case ' ':
		s->shape = REDACTSHAPE_BEARER;
		yes = ends_in(p, at, (struct word)WORD("bearer"));
		s->min = yes ? 16 : 8;
		return yes || ends_in(p, at, (struct word)WORD("authorization: basic"));
	case 'A':
		s->shape = REDACTSHAPE_AWS_KEY;
		s->min = 16;
		return (ends_exactly(p, at + 1, (struct word)WORD("AKIA")) ||
			       ends_exactly(p, at + 1, (struct word)WORD("ASIA"))) &&
			(at < 4 || !is_word(p[at - 4]));
	case 'J':
		s->shape = REDACTSHAPE_JWT;
		s->min = 8;
		return at >= 4 && ends_exactly(p, at + 1, (struct word)WORD(".eyJ")) &&
			(is_word(p[at - 4]) || strchr("-_=", p[at - 4]));
	case '_':
		s->shape = REDACTSHAPE_TOKEN;
		s->min = 20;
		return token_begins(p, at);
	case '-':
		yes = dash_begins(p, at, s);
		s->min = s->shape == REDACTSHAPE_TOKEN ? 20 : 1;
		return yes;
	default:
		return false;
	}
}

/* ---- what is hidden ---- */

static bool
of_kind(const struct redactshape_state *s, char c)
{
	if (c == '\0')
		return false;
	switch (s->shape) {
	case REDACTSHAPE_PRIVATE_KEY:
		return is_word(c) || strchr("+/=\\ \r\n\t:,.-", c);
	case REDACTSHAPE_JWT:
		return is_word(c) || strchr("-_.=", c);
	case REDACTSHAPE_AWS_KEY:
		return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	case REDACTSHAPE_TOKEN:
		return is_word(c) || c == '-' || c == '_';
	case REDACTSHAPE_BEARER:
		return is_word(c) || strchr("-._~+/=", c);
	case REDACTSHAPE_URL_PASSWORD:
		return !strchr("/\"'<> \t\r\n", c);
	case REDACTSHAPE_PASSWORD:
		if (s->quote)
			return c != s->quote && c != '\n' &&
				!(c == '\\' && s->plain_quote && s->quote == '"');
		return !strchr(" \t\r\n\"'&;,<>()|", c);
	default:
		return false;
	}
}

/* What stands for a value and is none. */
static bool
placeholder(const struct redactshape_state *s, char c)
{
	return (s->shape == REDACTSHAPE_PASSWORD ||
		       s->shape == REDACTSHAPE_URL_PASSWORD) &&
		strchr("$<*[{%=", c);
}

/* Up to the last @ before what cannot stand in a password. */
static enum redactshape_verdict
decide_url(struct redactshape_state *s, const char *p, size_t left, bool ends)
{
	size_t n = 0;

	s->fixed = 0;
	while (n < left && n < REDACTSHAPE_AHEAD && of_kind(s, p[n])) {
		if (p[n] == '@')
			s->fixed = n;
		n++;
	}
	if (n == left && n < REDACTSHAPE_AHEAD && !ends)
		return REDACTSHAPE_MORE;
	return s->fixed ? REDACTSHAPE_YES : REDACTSHAPE_NO;
}

enum redactshape_verdict
redactshape_decide(struct redactshape_state *s, const char *p, size_t left, bool ends)
{
	if (left == 0)
		return ends ? REDACTSHAPE_NO : REDACTSHAPE_MORE;
	if (*p && placeholder(s, *p))
		return REDACTSHAPE_NO;
	if (s->shape == REDACTSHAPE_URL_PASSWORD)
		return decide_url(s, p, left, ends);
	if (s->shape == REDACTSHAPE_PASSWORD && !s->quote && (*p == '"' || *p == '\'')) {
		s->quote = *p;
		s->plain_quote = *p == '\'';
		return REDACTSHAPE_QUOTED;
	}
	for (size_t i = 0; i < s->min; i++) {
		if (i == left)
			return ends ? REDACTSHAPE_NO : REDACTSHAPE_MORE;
		if (!of_kind(s, p[i]))
			return REDACTSHAPE_NO;
	}
	return REDACTSHAPE_YES;
}

/* Whether p[at] is the last byte of -----END ... KEY----- or KEY BLOCK-----. */
static bool
ends_key(const struct redactshape_state *s, const char *p, size_t at)
{
	return s->taken > 9 && ends_exactly(p, at + 1, (struct word)WORD("-----")) &&
		at >= 5 && (p[at - 5] == 'Y' || p[at - 5] == 'K');
}

bool
redactshape_takes(struct redactshape_state *s, const char *p, size_t at)
{
	if (s->shape == REDACTSHAPE_NONE)
		return false;
	if (s->fixed ? s->taken >= s->fixed : !of_kind(s, p[at])) {
		bool escaped = s->quote == '"' && !s->plain_quote && at > 0 &&
			p[at] == '"' && p[at - 1] == '\\' && s->taken > 0;

		if (!escaped)
			return false;
	}
	if (s->shape == REDACTSHAPE_PRIVATE_KEY &&
		(s->taken >= KEY_MAX_BYTES || ends_key(s, p, at - 1)))
		return false;
	s->taken++;
	return true;
}
