#include "base/redactshape.h"

#include <string.h>

enum {
	KEY_MAX_BYTES = 64 * 1024, /* a key of which no end is seen hides no more */
	KEY_LINE_BYTES = 200,      /* lines of a body have 64 or 76 */
	BARE_BYTES = 6,            /* what is shorter behind password: is prose */
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
	static const struct word s[] = {WORD("_pass"), {0}};
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
	case 's':
		return ends_in_one(p, len, s);
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
	s->quote = p[at];
	/* of \"...\" the backslash ends the value */
	s->plain_quote = p[at] == '\'' || (at > 0 && p[at - 1] == '\\');
	return secret_name(p, len);
}

/* password: hunter2, as in YAML and headers; --password hunter2 */
static bool
word_begins(const char *p, size_t at)
{
	static const struct word between = WORD("-_");
	size_t i = at, dashes = 0;

	if (at == 0 || p[at - 1] == ':')
		return at > 0 && secret_name(p, at - 1);
	if (!secret_name(p, at))
		return false;
	while (i > 0 &&
		(is_word(p[i - 1]) || memchr(between.text, p[i - 1], between.len)))
		i--;
	while (i + dashes < at && p[i + dashes] == '-')
		dashes++;
	return (dashes == 1 || dashes == 2) && (i == 0 || strchr(" \t\n\"'", p[i - 1]));
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
	const char *list = c == '=' ? "dDeEnNsStTyY \t"
		: c == ' '          ? ":rRcCdDeEnNstTyY"
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

bool
redactshape_ends(char a, char b)
{
	/* of password _pwd passphrase token _pass secret _key bearer basic */
	static const char *const ends[] = {
		"rd", "wd", "se", "en", "ss", "et", "ey", "er", "ic"};

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (lower(a) == ends[i][0] && lower(b) == ends[i][1])
			return true;
	return b == ':';
}

/* Behind -----BEGIN ... PRIVATE KEY-----, in one line. */
static bool
key_begins(const char *p, size_t at)
{
	static const struct word begin = WORD("-----BEGIN ");
	size_t i = at + 1;

	if (!ends_exactly(p, at + 1, (struct word)WORD("PRIVATE KEY-----")) &&
		!ends_exactly(p, at + 1, (struct word)WORD("PRIVATE KEY BLOCK-----")))
		return false;
	while (i > begin.len && p[i - 1] != '\n') {
		if (ends_exactly(p, i, begin))
			return true;
		i--;
	}
	return ends_exactly(p, i, begin);
}

static bool
dash_begins(const char *p, size_t at, struct redactshape_state *s)
{
	if (key_begins(p, at))
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
		s->blanks = at > 0 && (p[at - 1] == ' ' || p[at - 1] == '\t');
		return secret_name(p, without_blanks(p, at));
	case '"':
	case '\'':
		s->shape = REDACTSHAPE_PASSWORD;
		return member_begins(p, at, s);
	case ':':
		s->shape = REDACTSHAPE_URL_PASSWORD;
		return url_begins(p, at);
	case ' ':
		if (word_begins(p, at)) {
			s->shape = REDACTSHAPE_PASSWORD;
			s->bare = s->blanks = true;
			s->min = p[at - 1] == ':' ? BARE_BYTES : 1;
			return true;
		}
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
		return is_word(c) || strchr("+/=", c);
	case REDACTSHAPE_JWT:
		return is_word(c) || strchr("-_.=", c);
	case REDACTSHAPE_AWS_KEY:
		return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
	case REDACTSHAPE_TOKEN:
		return is_word(c) || c == '-' || c == '_';
	case REDACTSHAPE_BEARER:
		return is_word(c) || strchr("-._~+/=", c);
	case REDACTSHAPE_URL_PASSWORD:
		return !strchr("/?#,\"'<> \t\r\n", c);
	case REDACTSHAPE_PASSWORD:
		if (s->quote)
			return c != s->quote && c != '\n' &&
				!(c == '\\' && s->plain_quote && s->quote == '"');
		return !strchr(" \t\r\n\"'&;<>\\", c);
	default:
		return false;
	}
}

static bool
is_name(const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_word(p[i]) && p[i] != '_')
			return false;
	return len > 0;
}

/* What stands for a value and is none: p and len are all of it. */
static bool
is_placeholder(const char *p, size_t len)
{
	static const struct word none[] = {WORD("none"), WORD("null"), WORD("nil"),
		WORD("true"), WORD("false"), WORD("***"), {0}};
	char last = p[len - 1];
	size_t stars = 0;

	if (*p == '$')
		return len > 1 && (strchr("{(", p[1]) || is_name(p + 1, len - 1));
	if ((*p == '{' && last == '}') || (*p == '<' && last == '>') ||
		(*p == '(' && last == ')'))
		return true;
	if (*p == '%')
		return len == 2 || (len > 1 && p[1] == '(');
	while (stars < len && p[stars] == '*')
		stars++;
	if (stars == len ||
		ends_exactly(p, len < 10 ? len : 10, (struct word)WORD("[redacted:")))
		return true;
	for (size_t i = 0; none[i].text; i++)
		if (none[i].len == len && ends_in(p, len, none[i]))
			return true;
	return false;
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
	return s->fixed && !is_placeholder(p, s->fixed) ? REDACTSHAPE_YES
							: REDACTSHAPE_NO;
}

/* Of "token: expired", "--password is wrong" and "--token -x". */
static bool
is_prose(const struct redactshape_state *s, const char *p, size_t len)
{
	size_t i = 0;

	while (i < len &&
		((p[i] >= 'a' && p[i] <= 'z') || (i > 0 && strchr(".,:)", p[i]))))
		i++;
	return i == len || len < s->min || *p == '-';
}

/* A word may be one for something else: it is looked at whole, as far as it is short. */
static enum redactshape_verdict
decide_password(struct redactshape_state *s, const char *p, size_t left, bool ends)
{
	size_t n = 0;

	if (s->blanks && (*p == ' ' || *p == '\t'))
		return REDACTSHAPE_QUOTED;
	if (s->blanks && *p == '=') /* token == x compares */
		return REDACTSHAPE_NO;
	if (!s->quote && (*p == '"' || *p == '\'')) {
		s->quote = *p;
		s->plain_quote = *p == '\'';
		s->bare = false;
		return REDACTSHAPE_QUOTED;
	}
	while (n < left && n < REDACTSHAPE_BACK && of_kind(s, p[n]))
		n++;
	if (n == left && n < REDACTSHAPE_BACK && !ends)
		return REDACTSHAPE_MORE;
	return n > 0 && !is_placeholder(p, n) && !(s->bare && is_prose(s, p, n))
		? REDACTSHAPE_YES
		: REDACTSHAPE_NO;
}

/* Where min bytes of its kind follow; those of a bearer are no plain words. */
static enum redactshape_verdict
decide_token(struct redactshape_state *s, const char *p, size_t left, bool ends)
{
	bool word = s->shape == REDACTSHAPE_BEARER;

	for (size_t i = 0; i < s->min; i++) {
		if (i == left)
			return ends ? REDACTSHAPE_NO : REDACTSHAPE_MORE;
		if (!of_kind(s, p[i]))
			return REDACTSHAPE_NO;
		word = word && ((p[i] >= 'a' && p[i] <= 'z') || strchr("-_.", p[i]));
	}
	return word ? REDACTSHAPE_NO : REDACTSHAPE_YES;
}

/* ---- keys ---- */

static bool
is_header(const char *p, size_t len)
{
	size_t i = 0;

	while (i < len && (is_word(p[i]) || p[i] == '-'))
		i++;
	return i > 0 && i + 1 < len && p[i] == ':' && p[i + 1] == ' ';
}

/* What a line of n bytes is in a key; `whole`: its line end was seen. */
static bool
of_key(struct redactshape_state *s, const char *p, size_t n, bool whole)
{
	static const struct word end = WORD("-----END ");
	size_t i = 0;

	if (n > 0 && p[n - 1] == '\r')
		n--;
	if (n == 0)
		return true;
	if (n >= end.len && memcmp(p, end.text, end.len) == 0) {
		s->last = true;
		return true;
	}
	while (i < n && of_kind(s, p[i]))
		i++;
	if (i == n) {
		s->body = true;
		return whole || n < KEY_LINE_BYTES;
	}
	return !s->body && is_header(p, n);
}

/* A line of a key is taken or left as a whole. */
static enum redactshape_verdict
takes_line(struct redactshape_state *s, const char *p, size_t left, bool ends)
{
	const char *lf = memchr(p, '\n', left < KEY_LINE_BYTES ? left : KEY_LINE_BYTES);
	size_t n = lf ? (size_t)(lf - p) : left;

	if (s->last || s->taken >= KEY_MAX_BYTES)
		return REDACTSHAPE_NO;
	if (!lf && left < KEY_LINE_BYTES && !ends)
		return REDACTSHAPE_MORE;
	if (!lf && left >= KEY_LINE_BYTES)
		return REDACTSHAPE_NO;
	if (!of_key(s, p, n, lf != NULL))
		return REDACTSHAPE_NO;
	if (s->last)
		while (n > 0 && (p[n - 1] == '\r' || p[n - 1] == ' '))
			n--;
	s->line = n + (lf && !s->last);
	return REDACTSHAPE_YES;
}

/* Behind BEGIN comes a line end, which stays, or in one line all that follows. */
static enum redactshape_verdict
decide_key(struct redactshape_state *s, const char *p, size_t left, bool ends)
{
	if (*p == '\n' || *p == '\r') {
		s->lines = true;
		return REDACTSHAPE_QUOTED;
	}
	return s->lines ? takes_line(s, p, left, ends) : REDACTSHAPE_YES;
}

/* In one line: up to the dashes behind END, or what cannot be in a key. */
static enum redactshape_verdict
takes_flat(struct redactshape_state *s, const char *p, size_t at)
{
	static const struct word dashes = WORD("-----"), end = WORD("-----END ");

	if (s->taken >= KEY_MAX_BYTES || (!of_kind(s, p[at]) && !strchr("\\ -", p[at])))
		return REDACTSHAPE_NO;
	if (s->last && s->taken > end.len && ends_exactly(p, at, dashes) &&
		!ends_exactly(p, at, end) && p[at] != '-')
		return REDACTSHAPE_NO;
	s->last = s->last || (s->taken >= end.len - 1 && ends_exactly(p, at + 1, end));
	return REDACTSHAPE_YES;
}

static enum redactshape_verdict
takes_key(struct redactshape_state *s, const char *p, size_t at, size_t len, bool ends)
{
	enum redactshape_verdict v = REDACTSHAPE_YES;

	if (p[at] == '\0')
		return REDACTSHAPE_NO;
	if (!s->lines)
		v = takes_flat(s, p, at);
	else if (s->line == 0)
		v = takes_line(s, p + at, len - at, ends);
	if (v == REDACTSHAPE_YES && s->line > 0)
		s->line--;
	return v;
}

void
redactshape_key(struct redactshape_state *s)
{
	*s = (struct redactshape_state){.shape = REDACTSHAPE_PRIVATE_KEY, .lines = true};
}

/* ---- the whole ---- */

enum redactshape_verdict
redactshape_decide(struct redactshape_state *s, const char *p, size_t left, bool ends)
{
	if (left == 0)
		return ends ? REDACTSHAPE_NO : REDACTSHAPE_MORE;
	switch (s->shape) {
	case REDACTSHAPE_PRIVATE_KEY:
		return decide_key(s, p, left, ends);
	case REDACTSHAPE_URL_PASSWORD:
		return decide_url(s, p, left, ends);
	case REDACTSHAPE_PASSWORD:
		return decide_password(s, p, left, ends);
	default:
		return decide_token(s, p, left, ends);
	}
}

/* Within "...": a quote behind an odd number of backslashes is of the value. */
static bool
is_escaped(const struct redactshape_state *s, const char *p, size_t at)
{
	size_t n = 0;

	if (s->quote != '"' || s->plain_quote || p[at] != '"')
		return false;
	while (n < at && n < s->taken && p[at - n - 1] == '\\')
		n++;
	return n % 2 == 1;
}

enum redactshape_verdict
redactshape_takes(
	struct redactshape_state *s, const char *p, size_t at, size_t len, bool ends)
{
	enum redactshape_verdict v = REDACTSHAPE_YES;

	if (s->shape == REDACTSHAPE_PRIVATE_KEY)
		v = takes_key(s, p, at, len, ends);
	else if (s->fixed)
		v = s->taken < s->fixed ? REDACTSHAPE_YES : REDACTSHAPE_NO;
	else if (!of_kind(s, p[at]) && !is_escaped(s, p, at))
		v = REDACTSHAPE_NO;
	if (v == REDACTSHAPE_YES)
		s->taken++;
	return v;
}
