#include "model/danger.h"

#include <ctype.h>
#include <string.h>

#include "base/str.h"
#include "base/text.h"
#include "model/dangerlist.h"
#include "model/secretwords.h"
#include "model/shellwords.h"
#include "model/sqlwords.h"
#include "model/verbs.h"

static const struct danger_rule rules[DANGER_COUNT] = {
#define X(key, name, lv, least, what, cause, hint) \
	[DANGER_##key] = {.id = name, \
		.level = DIAG_##lv, \
		.risk = RISK_##least, \
		.msg = what, \
		.reason = cause, \
		.help = hint},
	DANGER_RULES(X)
#undef X
};

const struct danger_rule *
danger_rules(size_t *count)
{
	*count = DANGER_COUNT;
	return rules;
}

void
danger_hit(struct danger_hits *out, enum danger_id id, size_t offset)
{
	size_t i = out->list.len;

	for (size_t k = 0; k < out->list.len; k++) {
		struct danger_hit *old = &out->list.at[k];

		if (old->offset != offset)
			continue;
		/* Whatever destroys also changes: the worse word is enough. */
		if (old->rule == &rules[id] ||
			(id == DANGER_CHANGES && old->rule->risk > RISK_NONE))
			return;
		if (old->rule == &rules[DANGER_CHANGES] && rules[id].risk > RISK_NONE) {
			old->rule = &rules[id];
			return;
		}
	}
	/* Kept in the order of the text. */
	vec_push(&out->list, (struct danger_hit){.rule = &rules[id], .offset = offset});
	for (; i > 0 && out->list.at[i - 1].offset > offset; i--) {
		struct danger_hit later = out->list.at[i - 1];

		out->list.at[i - 1] = out->list.at[i];
		out->list.at[i] = later;
	}
}

void
danger_release(struct danger_hits *h)
{
	vec_free(&h->list);
}

/* ---- placeholders ---------------------------------------------------------------------- */

static bool
word_byte(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Fixed words that stand for something. */
static const char *const fills[] = {"YYYY-MM-DD", "YYYYMMDD", "yourdomain.com",
	"your-domain.com", "yourdomain.tld", "production-domain.com", "sk-...", "TBD",
	"CHANGEME", "changeme", "CHANGE_ME", "FIXME", "REPLACE_ME", "your-password",
	"your_password", "your-api-key", "your_api_key", "your-secret", "your-token",
	"XXXX"};

enum { FILLS = sizeof fills / sizeof fills[0] };

/* Said to people, an open question is a gap; in a command it is a mistake. */
static enum danger_id
fill_meaning(const char *word, enum danger_place place)
{
	bool open = str_eq(word, "TBD") || str_eq(word, "FIXME");

	return open && place == DANGER_IN_DO ? DANGER_UNDECIDED : DANGER_PLACEHOLDER;
}

static void
fill_word(
	const char *text, const char *s, enum danger_place place, struct danger_hits *out)
{
	for (size_t k = 0; k < FILLS; k++) {
		/* mktemp /x.XXXXXX is no placeholder */
		if (fills[k][0] == s[0] && fills[k][1] == s[1] &&
			str_starts(s, fills[k]) && !word_byte(s[strlen(fills[k])]) &&
			(s == text || s[-1] != '.' || *s != 'X'))
			danger_hit(
				out, fill_meaning(fills[k], place), (size_t)(s - text));
	}
}

/* What a byte may mean for the scanners that look at every one. */
enum byte_sense {
	BYTE_WORD = 1, /* letter, digit, _ */
	BYTE_DASH = 2,
	BYTE_HIGH = 4,
};

struct danger_tables {
	struct verbindex *verbs;
	unsigned char senses[256];
	/* With which two bytes a placeholder, key or token begins; as secretwords_beginnings. */
	uint64_t pairs[256];
};

/* Placeholders, keys and tokens, where a word begins. Gives all senses of the text. */
static unsigned
scan_words(const char *text, const struct danger_tables *t, enum danger_place place,
	struct danger_hits *out)
{
	unsigned before = 0, all = 0;

	for (const char *s = text; *s != '\0'; s++) {
		unsigned sense = t->senses[(unsigned char)*s];

		if ((t->pairs[(unsigned char)*s] >> (s[1] & 63) & 1) != 0) {
			if ((before & BYTE_DASH) == 0)
				secretwords_key(out, text, s);
			fill_word(text, s, place, out);
		}
		all |= sense;
		before = sense;
		/* all of them begin with a letter: the rest of a word is passed over */
		while ((sense & BYTE_WORD) != 0 &&
			((sense = t->senses[(unsigned char)s[1]]) & BYTE_WORD) != 0) {
			all |= sense;
			s++;
		}
	}
	return all;
}

/* <previous-version-tag>: outside quotes always, inside only with a - or _ in it, which
 * no element of HTML that people grep for has. */
static void
angle_words(const char *text, const char *bytes, struct danger_hits *out)
{
	for (const char *s = text; (s = strchr(s, '<')) != NULL; s++) {
		enum shell_byte kind = bytes != NULL ? (enum shell_byte)bytes[s - text]
						     : SHELL_QUOTED;
		size_t len = 1;
		bool joined = false;

		while (isalnum((unsigned char)s[len]) || s[len] == '-' || s[len] == '_') {
			joined = joined || (len > 1 && (s[len] == '-' || s[len] == '_'));
			len++;
		}
		if (s[len] != '>' || !isalpha((unsigned char)s[1]) ||
			kind == SHELL_COMMENT || (s > text && s[-1] == '<'))
			continue;
		if (joined ||
			(kind == SHELL_CODE && !word_byte(s[len + 1]) &&
				strchr("/$>&", s[len + 1] != '\0' ? s[len + 1] : ' ') ==
					NULL))
			danger_hit(out, DANGER_PLACEHOLDER, (size_t)(s - text));
	}
}

/* ---- characters and lines -------------------------------------------------------------- */

static bool
lookalike(uint32_t cp)
{
	return (cp >= 0x2010 && cp <= 0x201f) || cp == 0x2026 || cp == 0x2032 ||
		cp == 0x2033 || cp == 0x2212 || cp == 0x00a0 || cp == 0x00ad ||
		(cp >= 0x2000 && cp <= 0x200b) || cp == 0x202f || cp == 0x3000 ||
		(cp >= 0xff01 && cp <= 0xff5e);
}

static bool
other_alphabet(uint32_t cp)
{
	return (cp >= 0x0370 && cp <= 0x03ff) || (cp >= 0x0400 && cp <= 0x04ff);
}

/* Outside quotes and comments. A letter of another alphabet counts beside an ASCII one. */
static void
lookalikes(const char *text, const char *bytes, struct danger_hits *out)
{
	size_t len = strlen(text), used;

	for (size_t i = 0; i < len; i += used) {
		uint32_t cp;
		bool beside;

		used = text_decode(text + i, len - i, &cp);
		if (cp < 0x80 || bytes[i] != SHELL_CODE)
			continue;
		beside = (i > 0 && isalpha((unsigned char)text[i - 1])) ||
			isalpha((unsigned char)text[i + used]);
		if (lookalike(cp) || (other_alphabet(cp) && beside))
			danger_hit(out, DANGER_LOOKALIKE, i);
	}
}

/* "# OR", "# or:", "# Alternatively" */
static void
comment_line(const char *line, size_t len, size_t offset, struct danger_hits *out)
{
	static const char *const words[] = {
		"or", "alternatively", "alternative", "either"};
	char word[16] = "";
	size_t n = 0;

	while (len > 0 && (*line == '#' || *line == ' ' || *line == '-')) {
		line++;
		len--;
	}
	while (n < len && n < sizeof word - 1 && isalpha((unsigned char)line[n])) {
		word[n] = (char)tolower((unsigned char)line[n]);
		n++;
	}
	/* "# or so it seemed" is prose: the word must stand alone, or be in capitals. */
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		bool alone = n == len || line[n] == ':' || line[n] == ',' ||
			line[n] == '\r' || (n > 1 && line[1] == 'R');
		if (str_eq(word, words[i]) && alone)
			danger_hit(out, DANGER_ALTERNATIVE, offset);
	}
}

static bool
prompt(const char *line, size_t len)
{
	static const char *const prompts[] = {"$ ", ">>> ", "mysql> ", "sqlite> ",
		"mongo> ", "test> ", "postgres=# ", "postgres=> ", "irb> ", "redis> "};

	for (size_t i = 0; i < sizeof prompts / sizeof prompts[0]; i++) {
		if (prompts[i][0] == line[0] && len > strlen(prompts[i]) &&
			str_starts(line, prompts[i]))
			return true;
	}
	/* "> use admin", but "> /var/log/x" and "> out.txt" empty a file */
	if (len < 4 || line[0] != '>' || line[1] != ' ' ||
		!isalpha((unsigned char)line[2]))
		return false;
	for (size_t i = 2; i < len; i++) {
		if (strchr(" (", line[i]) != NULL)
			return true;
		if (strchr("./$", line[i]) != NULL)
			return line[i] == '.' && memchr(line + i, '(', len - i) != NULL;
	}
	return false;
}

static void
shell_lines(const char *text, const char *bytes, struct danger_hits *out)
{
	bool goes_on = false;

	for (size_t at = 0; text[at] != '\0';) {
		size_t end = (size_t)(strchrnul(text + at, '\n') - text), first = at,
		       last = end;

		while (first < end && (text[first] == ' ' || text[first] == '\t'))
			first++;
		while (last > at && (text[last - 1] == ' ' || text[last - 1] == '\t'))
			last--;
		if (first < end && bytes[first] == SHELL_COMMENT)
			comment_line(text + first, end - first, first, out);
		else if (first < end && bytes[first] == SHELL_CODE && !goes_on &&
			prompt(text + first, end - first))
			danger_hit(out, DANGER_PROMPT, first);
		if (last < end && last > first && text[last - 1] == '\\' &&
			bytes[last - 1] == SHELL_CODE && text[end] == '\n')
			danger_hit(out, DANGER_TRAILING, last - 1);
		goes_on = end > at && text[end - 1] == '\\';
		at = text[end] == '\n' ? end + 1 : end;
	}
}

/* ---- doors ----------------------------------------------------------------------------- */

struct danger_tables *
danger_tables_new(void)
{
	struct danger_tables *t = mem_alloc(sizeof *t);

	t->verbs = verbindex_new();
	secretwords_beginnings(t->pairs);
	for (int c = 0; c < 256; c++)
		t->senses[c] = (unsigned char)((word_byte((char)c) ? BYTE_WORD : 0) |
			(c == '-' ? BYTE_DASH : 0) | (c >= 0x80 ? BYTE_HIGH : 0));
	for (size_t k = 0; k < FILLS; k++)
		t->pairs[(unsigned char)fills[k][0]] |= UINT64_C(1) << (fills[k][1] & 63);
	return t;
}

void
danger_tables_free(struct danger_tables *t)
{
	if (t == NULL)
		return;
	verbindex_free(t->verbs);
	mem_free(t);
}

static void
scan_text(const char *text, const struct danger_opts *o, const struct danger_tables *t,
	struct danger_hits *out)
{
	struct shell_words words;
	unsigned senses;

	secretwords_marks(out, text);
	senses = scan_words(text, t, o->place, out);
	if (o->place == DANGER_IN_DO) { /* prose, not shell */
		angle_words(text, NULL, out);
		return;
	}
	shellwords_scan(text, strlen(text), &words);
	angle_words(text, words.bytes, out);
	if ((senses & BYTE_HIGH) != 0)
		lookalikes(text, words.bytes, out);
	shell_lines(text, words.bytes, out);
	verbs_scan(&words, (struct verbs_scan){.out = out, .opts = o, .index = t->verbs});
	shellwords_release(&words);
}

void
danger_scan(const char *shell_text, const struct danger_opts *o, struct danger_hits *out)
{
	static const struct danger_opts plain = {.place = DANGER_IN_RUN};
	struct danger_tables *own = NULL;

	if (shell_text == NULL)
		return;
	if (o == NULL)
		o = &plain;
	if (o->tables == NULL)
		own = danger_tables_new();
	scan_text(shell_text, o, own != NULL ? own : o->tables, out);
	danger_tables_free(own);
}

void
danger_scan_sql(const char *sql, struct danger_hits *out)
{
	if (sql == NULL)
		return;
	secretwords_marks(out, sql);
	for (const char *s = sql; *s != '\0'; s++)
		if (s == sql || (!word_byte(s[-1]) && s[-1] != '-'))
			secretwords_key(out, sql, s);
	sqlwords_scan(sql, 0, SQLWORDS_EXACT, out);
}
