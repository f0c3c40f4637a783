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

static const struct word {
	const char *text;
	enum loglevel level;
	enum stands stands;
} words[] = {
	{"info", LOGLEVEL_INFO, IN_CAPITALS},
	{"error", LOGLEVEL_ERROR, IN_CAPITALS},
	{"warn", LOGLEVEL_WARN, IN_CAPITALS},
	{"warning", LOGLEVEL_WARN, IN_CAPITALS},
	{"debug", LOGLEVEL_DEBUG, IN_CAPITALS},
	{"notice", LOGLEVEL_INFO, IN_CAPITALS},
	{"err", LOGLEVEL_ERROR, SET_APART},
	{"fatal", LOGLEVEL_FATAL, IN_CAPITALS},
	{"critical", LOGLEVEL_FATAL, IN_CAPITALS},
	{"crit", LOGLEVEL_FATAL, IN_CAPITALS},
	{"trace", LOGLEVEL_DEBUG, SET_APART},
	{"panic", LOGLEVEL_FATAL, IN_CAPITALS},
	{"emerg", LOGLEVEL_FATAL, IN_CAPITALS},
	{"emergency", LOGLEVEL_FATAL, IN_CAPITALS},
	{"alert", LOGLEVEL_FATAL, SET_APART},
	{"severe", LOGLEVEL_ERROR, IN_CAPITALS},
	{"log", LOGLEVEL_INFO, SET_APART},
	{"statement", LOGLEVEL_INFO, SET_APART},
	{"detail", LOGLEVEL_INFO, SET_APART},
	{"hint", LOGLEVEL_INFO, SET_APART},
	{"inf", LOGLEVEL_INFO, IN_CAPITALS},
	{"wrn", LOGLEVEL_WARN, IN_CAPITALS},
	{"dbg", LOGLEVEL_DEBUG, IN_CAPITALS},
	{"ftl", LOGLEVEL_FATAL, IN_CAPITALS},
	{"information", LOGLEVEL_INFO, SET_APART},
	{"verbose", LOGLEVEL_DEBUG, IN_CAPITALS},
	{"fine", LOGLEVEL_DEBUG, SET_APART},
};

static const struct word *
find_word(const char *word, size_t len)
{
	if (len < WORD_MIN || len > WORD_MAX)
		return NULL;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		const char *w = words[i].text;

		/* a word from outside may hold a NUL: both end there for strncasecmp */
		if ((word[0] | 0x20) == w[0] && strncasecmp(w, word, len) == 0 &&
			strlen(w) == len)
			return &words[i];
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
