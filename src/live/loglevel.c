#include "live/loglevel.h"

#include <string.h>
#include <strings.h>

enum { LOOK_BYTES = 72, WORD_MAX = 11, WORD_MIN = 3 };

const char *
loglevel_name(enum loglevel l)
{
	static const char *const names[] = {
#define X(id, name) name,
		LOGLEVELS(X)
#undef X
	};

	return names[l];
}

/* How a word must stand to be a level: some are too common in sentences, even in capitals. */
enum stands { IN_CAPITALS, SET_APART };

#define WORD(text, level, stands) \
	{ \
		text, sizeof text - 1, LOGLEVEL_##level, stands \
	}
static const struct word {
	const char *text;
	size_t len;
	enum loglevel level;
	enum stands stands;
} words[] = {
	WORD("info", INFO, IN_CAPITALS),
	WORD("error", ERROR, IN_CAPITALS),
	WORD("warn", WARN, IN_CAPITALS),
	WORD("warning", WARN, IN_CAPITALS),
	WORD("debug", DEBUG, IN_CAPITALS),
	WORD("notice", INFO, IN_CAPITALS),
	WORD("err", ERROR, SET_APART),
	WORD("fatal", FATAL, IN_CAPITALS),
	WORD("critical", FATAL, IN_CAPITALS),
	WORD("crit", FATAL, IN_CAPITALS),
	WORD("trace", DEBUG, SET_APART),
	WORD("panic", FATAL, IN_CAPITALS),
	WORD("emerg", FATAL, IN_CAPITALS),
	WORD("emergency", FATAL, IN_CAPITALS),
	WORD("alert", FATAL, SET_APART),
	WORD("severe", ERROR, IN_CAPITALS),
	WORD("log", INFO, SET_APART),
	WORD("statement", INFO, SET_APART),
	WORD("detail", INFO, SET_APART),
	WORD("hint", INFO, SET_APART),
	WORD("inf", INFO, IN_CAPITALS),
	WORD("wrn", WARN, IN_CAPITALS),
	WORD("dbg", DEBUG, IN_CAPITALS),
	WORD("ftl", FATAL, IN_CAPITALS),
	WORD("information", INFO, SET_APART),
	WORD("verbose", DEBUG, IN_CAPITALS),
	WORD("fine", DEBUG, SET_APART),
};

static const struct word *
find_word(const char *word, size_t len)
{
	if (len < WORD_MIN || len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const struct word *w = &words[i];

		/* none of ours holds a NUL: one in a word from outside ends the comparison */
		if (w->len == len && (word[0] | 0x20) == w->text[0] &&
			strncasecmp(w->text, word, len) == 0)
			return w;
	}
	return NULL;
}

bool
loglevel_parse(const char *word, size_t len, enum loglevel *out)
{
	const struct word *w = find_word(word, len);

	if (w)
		*out = w->level;
	return w != NULL;
}

enum loglevel
loglevel_of_syslog(unsigned severity)
{
	static const enum loglevel levels[] = {LOGLEVEL_FATAL, LOGLEVEL_FATAL,
		LOGLEVEL_FATAL, LOGLEVEL_ERROR, LOGLEVEL_WARN, LOGLEVEL_INFO,
		LOGLEVEL_INFO, LOGLEVEL_DEBUG};

	return levels[severity & 7];
}

enum loglevel
loglevel_of_number(long n)
{
	if (n >= 0 && n <= 7)
		return loglevel_of_syslog((unsigned)n);
	return n < 10    ? LOGLEVEL_NONE
		: n < 30 ? LOGLEVEL_DEBUG
		: n < 40 ? LOGLEVEL_INFO
		: n < 50 ? LOGLEVEL_WARN
		: n < 60 ? LOGLEVEL_ERROR
			 : LOGLEVEL_FATAL;
}

static bool
is_letter(char c)
{
	return (unsigned char)((c | 0x20) - 'a') < 26;
}

/* "log", "fine" and "error" are also words of sentences: small letters count only where a
 * program would set them apart. */
static bool
set_apart(const char *text, size_t from, size_t to, size_t len)
{
	char before = from > 0 ? text[from - 1] : ' ';
	char after = to < len ? text[to] : ' ';

	if (after == ':' || (before == '[' && after == ']') ||
		(before == '<' && after == '>') || (before == '|' && after == '|'))
		return true;
	if (before == '"' && after == '"')
		from--; /* level="warn" */
	return from >= 6 && text[from - 1] == '=' &&
		memchr("lLyY", text[from - 2], 4) != NULL;
}

static bool
is_capital(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (word[i] & 0x20)
			return false;
	}
	return true;
}

static bool
joins(char c)
{
	return c == '_' || c == '-' || c == '.' || c == '/';
}

/* A part of a longer name, like LOG_LEVEL or error-page, says nothing. */
static bool
whole_word(const char *text, size_t from, size_t to, size_t len)
{
	return (from == 0 || !joins(text[from - 1])) &&
		(to == len || (!joins(text[to]) && text[to] != '='));
}

static bool
is_level(const char *text, size_t from, size_t to, size_t len, enum loglevel *out)
{
	const struct word *w = find_word(text + from, to - from);

	if (!w || !whole_word(text, from, to, len))
		return false;
	*out = w->level;
	return (w->stands == IN_CAPITALS && is_capital(text + from, to - from)) ||
		set_apart(text, from, to, len);
}

enum loglevel
loglevel_find(const char *text, size_t len)
{
	enum loglevel found;

	for (size_t i = 0; i < len && i < LOOK_BYTES;) {
		size_t from = i;

		while (i < len && is_letter(text[i]))
			i++;
		if (i == from)
			i++;
		else if (is_level(text, from, i, len, &found))
			return found;
	}
	return LOGLEVEL_NONE;
}
