#include "load/meant.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "load/scalar.h"

enum { WORD_MAX = 64, SLIP_MIN = 4 };

/* Keys whose slip may be mended unseen: they say what something is, or what must hold. */
static const char *const describing[] = {"title", "owner", "reviewed", "contacts",
	"links", "aliases", "tags", "explain", "sample", "evidence", "says", "label",
	"expect", "warn", "every", "steady", "timeout", "within", "pattern"};

/* Quotes that a word processor makes. */
static bool
is_quote(uint32_t cp)
{
	return (cp >= 0x2018 && cp <= 0x201f) || cp == 0xab || cp == 0xbb ||
		cp == 0x2039 || cp == 0x203a;
}

/* Without quotes of that sort at its ends. */
static void
bare(const char *text, struct str *out)
{
	size_t len = strlen(text), last = 0, at = 0;
	uint32_t cp = 0;

	for (size_t n; at < len; at += n) {
		n = text_decode(text + at, len - at, &cp);
		last = at;
	}
	if (len && is_quote(cp))
		len = last;
	at = len ? text_decode(text, len, &cp) : 0;
	if (!len || !is_quote(cp))
		at = 0;
	str_add(out, text + at, len - at);
}

static void
lower(struct str *s)
{
	for (size_t i = 0; i < s->len; i++)
		if (s->buf[i] >= 'A' && s->buf[i] <= 'Z')
			s->buf[i] = (char)(s->buf[i] - 'A' + 'a');
}

int
meant_key(enum key_context ctx, const char *word, uint32_t kinds)
{
	struct str s = STR_INIT;
	const struct key_row *rows;
	size_t count;
	int row;

	if (strlen(word) > WORD_MAX)
		return NONE;
	bare(word, &s);
	lower(&s);
	for (size_t i = 0; i < s.len; i++)
		if (s.buf[i] == '-' || s.buf[i] == ' ')
			s.buf[i] = '_';
	row = strcmp(s.buf, word) == 0 ? NONE : keytable_find(ctx, s.buf, s.len);
	str_release(&s);
	if (row == NONE)
		return NONE;
	rows = keytable_of(ctx, &count);
	return !kinds || !rows[row].kinds || (rows[row].kinds & kinds) ? row : NONE;
}

bool
meant_slip(enum key_context ctx, const char *word, const char *name)
{
	size_t count, near = 0;
	const struct key_row *rows = keytable_of(ctx, &count);
	bool describes = false;

	if (strlen(word) > WORD_MAX || strlen(word) < SLIP_MIN || strlen(name) < SLIP_MIN)
		return false;
	for (size_t i = 0; i < sizeof describing / sizeof describing[0]; i++)
		describes = describes || strcmp(describing[i], name) == 0;
	for (size_t i = 0; i < count; i++)
		near += str_distance(word, rows[i].name) <= 1;
	return describes && near == 1 && str_distance(word, name) == 1;
}

/* YAML 1.1 has more words for true and false. */
static void
truth(struct str *s)
{
	static const struct {
		const char *word, *means;
	} words[] = {{"yes", "true"}, {"on", "true"}, {"no", "false"}, {"off", "false"}};

	lower(s);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(s->buf, words[i].word) == 0) {
			str_reset(s);
			str_adds(s, words[i].means);
			return;
		}
}

static void
without_blanks(struct str *s)
{
	size_t to = 0;

	for (size_t i = 0; i < s->len; i++)
		if (s->buf[i] != ' ')
			s->buf[to++] = s->buf[i];
	str_cut(s, to);
}

/* The word of the list that differs in case alone. */
static void
same_word(struct str *s, const char *words)
{
	for (const char *at = words; *at; at += strspn(at, "|")) {
		size_t n = strcspn(at, "|");

		if (n == s->len && strncasecmp(at, s->buf, n) == 0) {
			str_reset(s);
			str_add(s, at, n);
			return;
		}
		at += n;
	}
}

char *
meant_value(const char *text, const struct key_row *row)
{
	struct str s = STR_INIT;
	struct err e;
	char *found = NULL;

	if (strlen(text) > WORD_MAX ||
		(row->value != KEY_VALUE_WORD && row->value != KEY_VALUE_BOOL &&
			row->value != KEY_VALUE_DURATION))
		return NULL;
	err_init(&e);
	if (scalar_check(text, strlen(text), row, &e))
		return NULL;
	bare(text, &s);
	if (row->value == KEY_VALUE_DURATION)
		without_blanks(&s);
	else if (row->value == KEY_VALUE_WORD)
		same_word(&s, row->words);
	else
		truth(&s);
	err_init(&e);
	if (strcmp(s.buf, text) != 0 && scalar_check(s.buf, s.len, row, &e))
		found = str_take(&s);
	str_release(&s);
	return found;
}
